"""Limits that cannot be met together are refused with both names and a value that one side takes."""

import pytest
from tiny import TODAY, department, library, rows, subject, text, whole

from formengine import MergeConflict, merge, validate

SHOP = {
    "shop": subject({"name": text(), "area": {"type": "number", "x-sample": [1, 9]}, "kind": {"enum": ["1", "2", "3"]}})
}


def two(left, right, subjects=None, **rest):
    forms = {"a": department("a", {"x": left}, **rest), "b": department("b", {"y": right}, **rest)}
    return library(subjects or SHOP, forms)


@pytest.mark.parametrize(
    ("path", "left", "right"),
    [
        ("shop.area", {"type": "number", "minimum": 10}, {"type": "number", "maximum": 5}),
        ("shop.area", {"type": "number", "exclusiveMinimum": 5}, {"type": "number", "maximum": 5}),
        ("shop.kind", {"enum": ["1"]}, {"enum": ["2", "3"]}),
        ("shop.name", {"type": "string", "pattern": "^A"}, {"type": "string", "pattern": "^B"}),
        ("shop.name", {"type": "string", "minLength": 9}, {"type": "string", "maxLength": 3}),
        ("shop.name", {"type": "string", "format": "uscc"}, {"type": "string", "maxLength": 5, "format": "uscc"}),
    ],
)
@pytest.mark.parametrize("required", [True, False])
def test_limits_that_exclude_each_other_are_refused(path, left, right, required):
    if left.get("format") == "uscc":
        left = {**left, "minLength": 18}
    rest = {} if required else {"required": []}
    with pytest.raises(MergeConflict) as caught:
        merge(two({"x-element": path, **left}, {"x-element": path, **right}, **rest), "try")
    conflict = caught.value
    assert any("a表" in party for party in conflict.parties)
    assert any("b表" in party for party in conflict.parties)
    assert conflict.pointer == "/" + path.replace(".", "/")


def test_the_witness_is_taken_by_one_side_and_refused_by_the_other():
    with pytest.raises(MergeConflict) as caught:
        merge(
            two(
                {"x-element": "shop.area", "type": "number", "minimum": 10},
                {"x-element": "shop.area", "type": "number", "maximum": 5},
            ),
            "try",
        )
    conflict = caught.value
    assert conflict.has_witness
    assert (conflict.witness >= 10) != (conflict.witness <= 5)


def test_a_conflict_in_a_column_is_refused_too():
    subjects = {"staff": rows({"name": text(), "age": whole(0, 200)})}
    table = {"type": "array", "x-element": {"rows": {"list": "staff"}}}

    def with_limit(limit):
        return {
            **table,
            "items": {
                "type": "object",
                "properties": {"nl": {"title": "年龄", "x-element": "staff.age", "type": "integer", **limit}},
            },
        }

    with pytest.raises(MergeConflict, match="a表"):
        merge(two(with_limit({"minimum": 60}), with_limit({"maximum": 16}), subjects), "try")


def test_a_table_that_must_be_longer_than_another_allows_is_refused():
    subjects = {"staff": rows({"name": text()})}
    items = {"type": "object", "properties": {"xm": {"title": "姓名", "x-element": "staff.name", "type": "string"}}}
    table = {"type": "array", "x-element": {"rows": {"list": "staff"}}, "items": items}
    with pytest.raises(MergeConflict, match="至少要 3 行"):
        merge(two({**table, "minItems": 3}, {**table, "maxItems": 2}, subjects), "try")


def test_a_conflict_under_a_shared_condition_is_refused_and_under_opposite_ones_is_not():
    def conditional(kind, limit):
        return {
            "properties": {
                "k": {"title": "k", "x-element": "shop.kind", "enum": ["1", "2", "3"]},
                "m": {"title": "m", "x-element": "shop.area", "type": "number"},
            },
            "required": ["k"],
            "allOf": [
                {"if": {"properties": {"k": {"const": kind}}, "required": ["k"]}, "then": {"properties": {"m": limit}}}
            ],
        }

    def lib(left, right):
        forms = {n: {**department(n, {}), **conditional(*c)} for n, c in (("a", left), ("b", right))}
        return library(SHOP, forms)

    with pytest.raises(MergeConflict):
        merge(lib(("1", {"minimum": 10}), ("1", {"maximum": 5})), "try")
    assert merge(lib(("1", {"minimum": 10}), ("2", {"maximum": 5})), "try").fields


def test_limits_that_only_touch_are_merged():
    form = merge(
        two(
            {"x-element": "shop.area", "type": "number", "minimum": 5},
            {"x-element": "shop.area", "type": "number", "maximum": 5},
        ),
        "try",
    )
    shop = form.schema["properties"]["shop"]["properties"]["area"]
    assert shop.get("const", shop.get("minimum")) == 5


MONEY = {"type": "string", "format": "decimal", "x-sample": [1, 9]}
WORLD = {
    "shop": subject(
        {
            "name": text(),
            "street": text(minLength=6),
            "phone": {"type": "string", "minLength": 1, "maxLength": 30, "examples": ["13800138000"]},
            "yuan": {"type": "number", "x-sample": [1, 90000]},
            "money": MONEY,
            "area": {"type": "number", "x-sample": [1, 999]},
            "floors": whole(0, 99),
            "kind": {"type": "string", "enum": ["1", "2", "3"]},
            "number": {"type": "string", "minLength": 1, "maxLength": 30, "x-kind": "id-number"},
            "sex": {
                "type": "string",
                "enum": ["1", "2", "3"],
                "x-derive": [{"function": "sex_of_citizen_id", "from": ["shop.number"]}],
            },
            "staff_count": {"type": "integer", "x-derive": [{"function": "count", "from": ["staff"]}]},
        }
    ),
    "staff": rows({"name": text(), "post": {"type": "string", "enum": ["a", "b", "c"]}, "age": whole(0, 200)}),
}
NUMBER, STRING = {"type": "number"}, {"type": "string"}
WAN = {"unit": {"element": "shop.yuan", "multiply": "0.0001", "decimals": 4}}
MONEY_WAN = {"unit": {"element": "shop.money", "multiply": "0.0001", "decimals": 4}}
MONEY_YUAN = {"unit": {"element": "shop.money", "multiply": "1"}}
LINE = {"join": {"parts": ["shop.name", "shop.street"], "separator": " "}}
COUNT = {"derive": {"function": "count", "from": ["staff"]}}
ROW = {
    "type": "object",
    "properties": {
        "n": {"title": "n", "x-element": "staff.name", **STRING},
        "p": {"title": "p", "x-element": "staff.post", **STRING},
    },
}


def table(where=None, **limits):
    """A table of the staff, or of those that the condition selects."""
    spec = {"list": "staff", **({"where": where} if where else {})}
    return {"type": "array", "x-element": {"rows": spec}, "items": ROW, **limits}


def bound(path, **limits):
    return {"x-element": path, **limits}


def pair(left, right):
    """Two forms with these fields, each with its own further words (rules, conditions)."""
    made = {}
    for name, (properties, rest) in (("a", left), ("b", right)):
        made[name] = department(name, properties, **{"required": list(properties), **rest})
    return library(WORLD, made)


def plain(left, right):
    return pair(({"x": left}, {}), ({"y": right}, {}))


EMPTY = {
    "formats": (bound("shop.phone", **STRING, format="mobile"), bound("shop.phone", **STRING, format="landline")),
    "format and length": (bound("shop.phone", **STRING, format="mobile"), bound("shop.phone", **STRING, maxLength=8)),
    "format and pattern": (bound("shop.name", **STRING, format="date"), bound("shop.name", **STRING, pattern="^A")),
    "format and list": (bound("shop.name", **STRING, format="uscc"), bound("shop.name", enum=["甲", "乙"])),
    "unit and value": (bound(WAN, **NUMBER, minimum=10), bound("shop.yuan", **NUMBER, maximum=50_000)),
    "units of money": (bound(MONEY_WAN, **NUMBER, minimum=10), bound(MONEY_YUAN, **NUMBER, maximum=50_000)),
    "rounded unit": (
        bound({"unit": {"element": "shop.area", "decimals": 0, "as": "integer"}}, type="integer", minimum=11),
        bound("shop.area", **NUMBER, exclusiveMaximum=10.5),
    ),
    "line and part": (bound(LINE, **STRING, maxLength=6), bound("shop.street", **STRING)),
    "line and line": (bound(LINE, **STRING, maxLength=20), bound(LINE, **STRING, minLength=30)),
    "count and count": (bound(COUNT, type="integer", minimum=5), bound(COUNT, type="integer", maximum=3)),
    "count and rows": (bound(COUNT, type="integer", minimum=5), table(maxItems=3)),
    "computed element": (
        bound("shop.staff_count", type="integer", minimum=5),
        bound("shop.staff_count", type="integer", maximum=3),
    ),
    "computed code": (bound("shop.sex", enum=["3"]), bound("shop.number", **STRING)),
    "rows": (table(minItems=3), table(maxItems=2)),
    "selected rows": (table({"staff.post": "a"}, minItems=3), table(maxItems=2)),
    "wider selection": (table({"staff.post": "a"}, minItems=3), table({"staff.post": ["a", "b"]}, maxItems=2)),
    "no such row": (
        table({"staff.post": "c"}, minItems=1),
        {**table(), "items": {**ROW, "properties": {"p": {"title": "p", "x-element": "staff.post", "enum": ["a"]}}}},
    ),
}


@pytest.mark.parametrize("name", EMPTY)
def test_limits_written_in_different_ways_that_no_value_meets_are_refused_with_a_witness(name):
    with pytest.raises(MergeConflict) as caught:
        merge(plain(*EMPTY[name]), "try")
    assert "a表" in str(caught.value)
    assert caught.value.has_witness


OPEN = {
    "formats": (bound("shop.phone", **STRING, format="mobile"), bound("shop.phone", **STRING, format="phone")),
    "format and length": (bound("shop.phone", **STRING, format="mobile"), bound("shop.phone", **STRING, maxLength=11)),
    "unit and value": (bound(WAN, **NUMBER, minimum=5), bound("shop.yuan", **NUMBER, maximum=50_000)),
    "units of money": (bound(MONEY_WAN, **NUMBER, minimum=5), bound(MONEY_YUAN, **NUMBER, maximum=50_000)),
    "rounded unit": (
        bound({"unit": {"element": "shop.area", "decimals": 0, "as": "integer"}}, type="integer", minimum=11),
        bound("shop.area", **NUMBER, maximum=10.5),
    ),
    "line and part": (bound(LINE, **STRING, maxLength=8), bound("shop.street", **STRING)),
    "line and line": (bound(LINE, **STRING, maxLength=20), bound(LINE, **STRING, minLength=20)),
    "count and rows": (bound(COUNT, type="integer", minimum=3), table(maxItems=3)),
    "computed code": (bound("shop.sex", enum=["2", "3"]), bound("shop.number", **STRING)),
    "selected rows": (table({"staff.post": "a"}, minItems=2), table(maxItems=2)),
    "other selection": (table({"staff.post": "a"}, minItems=3), table({"staff.post": "b"}, maxItems=2)),
}


@pytest.mark.parametrize("name", OPEN)
def test_limits_that_some_value_meets_are_merged_and_a_sample_meets_them(name):
    form = merge(plain(*OPEN[name]), "try")
    assert form.fields


def test_a_limit_in_another_unit_stands_in_the_printed_schema():
    form = merge(plain(bound(WAN, **NUMBER, minimum=10), bound("shop.yuan", **NUMBER)), "try")
    assert not [c for c in form.clauses if c.kind == "residual"]
    for yuan, taken in ((100_000, True), (99_999.5, True), (99_999.4, False)):
        assert (validate(form, {"shop": {"yuan": yuan}}, TODAY) == []) is taken
        assert form.validator.is_valid({"shop": {"yuan": yuan}}) is taken


def conditional(when, limit):
    """A field m under a condition on another."""
    code = next(iter(when))
    properties = {
        "area": bound("shop.area", **NUMBER),
        "k": bound("shop.kind", enum=["1", "2", "3"]),
        "m": bound("shop.floors", type="integer"),
    }
    rule = {"if": {"properties": when, "required": [code]}, "then": {"properties": {"m": limit}}}
    return properties, {"allOf": [rule], "required": ["area", "k"]}


@pytest.mark.parametrize(
    ("left", "right", "clash"),
    [
        ({"area": {"minimum": 300}}, {"area": {"exclusiveMaximum": 300}}, False),
        ({"area": {"minimum": 300}}, {"area": {"maximum": 300}}, True),
        ({"area": {"minimum": 300}}, {"area": {"minimum": 200}}, True),
        ({"area": {"minimum": 300}}, {"k": {"const": "1"}}, True),
        ({"k": {"enum": ["1", "2"]}}, {"k": {"const": "3"}}, False),
        ({"k": {"enum": ["1", "2"]}}, {"k": {"not": {"enum": ["1", "2"]}}}, False),
        ({"k": {"pattern": "^[12]$"}}, {"k": {"const": "3"}}, False),
        ({"k": {"pattern": "^[12]$"}}, {"k": {"const": "2"}}, True),
    ],
)
def test_conditions_that_exclude_each_other_are_told_apart(left, right, clash):
    made = pair(conditional(left, {"minimum": 10}), conditional(right, {"maximum": 5}))
    if clash:
        with pytest.raises(MergeConflict):
            merge(made, "try")
    else:
        assert merge(made, "try").fields


def ruled(text_of_rule):
    properties = {"m": bound("shop.floors", type="integer")}
    rule = {"id": "r", "rule": text_of_rule, "message": "不合规则", "basis": "", "field": "m"}
    return properties, {"x-rules": [rule]}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (ruled("m >= 10"), ruled("m <= 5")),
        (ruled("m > 5 && true"), ruled("5 >= m")),
        (ruled("m == 7"), ({"m": bound("shop.floors", type="integer", maximum=5)}, {})),
    ],
)
def test_simple_rules_that_exclude_each_other_are_refused(left, right):
    with pytest.raises(MergeConflict, match="a表"):
        merge(pair(left, right), "try")


def test_what_one_form_demands_and_another_forbids_is_refused():
    named = {"n": {**bound("shop.name"), **STRING}}
    demands = (named, {"required": [], "anyOf": [{"required": ["n"]}]})
    forbids = (named, {"required": [], "not": {"required": ["n"]}})
    with pytest.raises(MergeConflict, match="不能同时满足"):
        merge(pair(demands, forbids), "try")
    assert merge(pair(demands, (named, {"required": []})), "try").fields


def test_a_form_that_takes_nothing_at_all_is_refused_and_one_that_takes_some_values_is_not():
    def made(**rest):
        return library(SHOP, {"a": department("a", {"x": {"x-element": "shop.area", "type": "number"}}, **rest)})

    with pytest.raises(MergeConflict, match="a表"):
        merge(made(allOf=[False]), "try")
    three = {"if": {"properties": {"x": {"const": 3}}, "required": ["x"]}, "then": False}
    form = merge(made(**three), "try")
    assert validate(form, {"shop": {"area": 4}}, TODAY) == []
    assert validate(form, {"shop": {"area": 3}}, TODAY) != []
