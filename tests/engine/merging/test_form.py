"""What a merged form tells whoever shows it: fields, what decides, what rests on what, and its two fingerprints."""

import pytest
from tiny import one_form, rows, subject, text, whole

import formengine
from formengine.rows import Cells

SHOP = subject({"name": text(), "kind": {"enum": ["big", "small"]}, "area": whole(), "size": whole(), "tel": text()})
STAFF = rows({"name": text(), "cooks": {"type": "boolean"}, "age": whole(0, 99)})


def table(*columns, **more):
    properties = {column: {"title": column, "x-element": f"staff.{column}"} for column in columns}
    return {"type": "array", "x-element": {"rows": {"list": "staff", **more}}, "items": {"properties": properties}}


def merged(properties, subjects=None, **rest):
    return one_form(subjects or {"shop": SHOP, "staff": STAFF}, properties, **rest)


IF_BIG = {"properties": {"k": {"const": "big"}}, "required": ["k"]}


def test_what_the_schema_says_of_a_field_is_found_by_its_path():
    form = merged({"n": {"x-element": "shop.name", "type": "string", "maxLength": 7}, "t": table("name")})
    assert form.printed("shop.name")["maxLength"] == 7
    assert form.printed("staff.name")["type"] == "string"
    assert form.printed("staff")["items"]["properties"].keys() == {"id", "name"}
    with pytest.raises(KeyError):
        form.printed("shop.tel")


def test_what_decides_is_known_with_the_texts_it_is_compared_with():
    properties = {"k": {"x-element": "shop.kind"}, "m": {"x-element": "shop.area", "type": "integer"}}
    form = merged(properties, required=["k"], **{"if": IF_BIG, "then": {"required": ["m"]}})
    assert "big" in form.deciders["shop.kind"]
    assert "small" not in form.deciders["shop.kind"]
    assert "shop.area" not in form.deciders


def test_the_columns_that_decide_who_gets_a_row_are_known():
    assert merged({"t": table("name")}).steering == frozenset()
    assert merged({"t": table("name", where={"staff.cooks": True})}).steering == {"staff.cooks"}


def test_where_one_of_several_is_wanted_all_of_them_are_told():
    properties = {"n": {"x-element": "shop.name", "type": "string"}, "p": {"x-element": "shop.tel", "type": "string"}}
    form = merged(properties, required=[], anyOf=[{"required": ["n"]}, {"required": ["p"]}])
    ((applies, paths),) = form.either("shop.tel")
    assert set(paths) == {"shop.name", "shop.tel"}
    assert applies({})
    assert list(form.either("shop.area")) if "shop.area" in form.fields else True
    without = merged(properties, required=["n"])
    assert list(without.either("shop.name")) == []


def test_where_one_of_several_is_wanted_under_a_condition_it_is_told_when():
    properties = {
        "k": {"x-element": "shop.kind"},
        "n": {"x-element": "shop.name", "type": "string"},
        "p": {"x-element": "shop.tel", "type": "string"},
    }
    wanted = {"if": IF_BIG, "then": {"anyOf": [{"required": ["n"]}, {"required": ["p"]}]}}
    ((applies, _),) = merged(properties, required=["k"], **wanted).either("shop.name")
    assert applies({"shop.kind": "big"})
    assert not applies({"shop.kind": "small"})


def test_what_rests_on_a_subject_is_found_however_far_back():
    copied = subject({"sum": {"type": "integer", "x-derive": [{"function": "copy", "from": ["shop.area"]}]}})
    form = merged(
        {
            "s": {"x-element": "total.sum", "type": "integer"},
            "n": {"x-element": "staff_name.n", "type": "string"},
            "t": table("name", "age"),
        },
        {"shop": SHOP, "staff": STAFF, "total": copied, "staff_name": subject({"n": text()})},
    )
    assert form.resting_on("shop") == {"a": {"s"}}
    assert form.resting_on("staff") == {"a": {"t/name", "t/age"}}
    assert form.resting_on("nobody") == {"a": frozenset()}


def test_titles_change_the_layout_and_limits_change_the_meaning():
    def of(**more):
        return merged({"n": {"x-element": "shop.name", "type": "string", **more}})

    plain, titled, limited = of(), merged_with_title("字号"), of(maxLength=9)
    assert plain.fingerprint == of().fingerprint
    assert plain.fingerprint != titled.fingerprint
    assert plain.fingerprint_meaning == titled.fingerprint_meaning
    assert plain.fingerprint_meaning != limited.fingerprint_meaning


def merged_with_title(title):
    shop = {**SHOP, "properties": {**SHOP["properties"], "name": {**SHOP["properties"]["name"], "title": title}}}
    return merged({"n": {"x-element": "shop.name", "type": "string"}}, {"shop": shop})


def test_what_has_no_order_has_none_in_the_meaning_and_an_element_called_title_is_no_annotation():
    def meaning(kinds, attribute):
        shop = subject({"kind": {"enum": kinds}, attribute: text()})
        properties = {"k": {"x-element": "shop.kind"}, "n": {"x-element": f"shop.{attribute}", "type": "string"}}
        return merged(properties, {"shop": shop}).fingerprint_meaning

    assert meaning(["big", "small"], "title") == meaning(["small", "big"], "title")
    assert meaning(["big", "small"], "title") != meaning(["big", "small"], "description")


def test_what_no_json_schema_says_is_listed_with_who_says_it():
    shop = subject({"code": {"type": "string", "format": "uscc"}, "wan": {"type": "string", "format": "decimal"}})
    yuan = {"unit": {"element": "shop.wan", "multiply": "10000", "as": "integer"}}
    form = merged(
        {"c": {"x-element": "shop.code", "type": "string"}, "y": {"x-element": yuan, "type": "integer", "maximum": 9}},
        {"shop": shop},
    )
    told = {(one["code"], one["element"]) for one in form.schema["x-beyond-schema"]}
    assert told == {("characters", ""), ("format", "shop.code"), ("residual", "shop.wan")}


def test_a_check_digit_of_one_of_several_formats_is_listed_under_the_word_that_refuses_it():
    number = {"type": "string", "anyOf": [{"format": "uscc"}, {"pattern": "^[0-9]{3}$"}]}
    form = merged({"c": {"x-element": "shop.code", "type": "string"}}, {"shop": subject({"code": number})})
    (issue,) = formengine.validate(form, {"shop": {"code": "91330106MA2H0A1B20"}}, "2026-11-27")
    told = {(one["code"], one["element"]) for one in form.schema["x-beyond-schema"]}
    assert (issue.code, issue.element) == ("anyOf", "shop.code")
    assert told == {("characters", ""), ("anyOf", "shop.code")}


def test_a_field_knows_who_gets_its_value_when_it_is_asked_and_whether_it_is_needed():
    properties = {"k": {"x-element": "shop.kind"}, "m": {"x-element": "shop.area", "type": "integer"}}
    rule = {"if": IF_BIG, "then": {"required": ["m"]}, "else": {"properties": {"m": False}}}
    form = merged(properties, required=["k"], **rule)
    kind, area = form.fields["shop.kind"], form.fields["shop.area"]
    assert kind.always
    assert kind.consumers == {"a"}
    assert [one.form for one in kind.sources] == ["a"]
    assert area.reads == {"shop.kind"}
    assert [area.shown({"shop.kind": k}) for k in ("big", "small")] == [True, False]
    assert [area.needed({"shop.kind": k}) for k in ("big", "small")] == [True, False]
    assert kind.needed({})


def test_a_field_of_a_row_is_asked_row_by_row():
    form = merged({"t": table("name", where={"staff.cooks": True})})
    name, answers = form.fields["staff.name"], {}
    row = Cells(answers, "staff")
    row.columns["staff.cooks"] = True
    assert name.shown(row)
    assert not name.shown(Cells(answers, "staff"))
    assert form.fields["staff.cooks"].kind == "guide"


def test_a_computed_field_names_what_it_is_computed_from_now():
    cases = [
        {"when": {"shop.kind": "big"}, "function": "copy", "from": ["shop.area"]},
        {"function": "copy", "from": ["shop.size"]},
    ]
    made = subject({"x": {"type": "integer", "x-derive": cases}})
    form = merged({"x": {"x-element": "out.x", "type": "integer"}}, {"shop": SHOP, "out": made})
    one = form.fields["out.x"]
    assert one.computed
    assert not one.asked
    assert one.origins == ("shop.area", "shop.size")
    assert one.sources_now({"shop.kind": "big"}) == ("shop.area",)
    assert one.sources_now({"shop.kind": "small"}) == ("shop.size",)


def test_every_field_comes_after_what_decides_about_it():
    properties = {
        "a": {"x-element": "shop.area", "type": "integer"},
        "n": {"x-element": "shop.name", "type": "string"},
        "k": {"x-element": "shop.kind"},
    }
    only = {"if": {"properties": {"n": {"const": "甲"}}, "required": ["n"]}, "else": {"properties": {"a": False}}}
    first = {"if": IF_BIG, "else": {"properties": {"n": False}}}
    order = list(merged(properties, required=["k"], allOf=[only, first]).fields)
    assert order.index("shop.kind") < order.index("shop.name") < order.index("shop.area")
