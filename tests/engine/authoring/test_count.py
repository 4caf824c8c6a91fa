"""What is asked on paper and here is counted by one measure on both sides."""

from pathlib import Path

import pytest
from tiny import department, library, rows, subject, text, whole

import formengine
from formengine.authoring.count import COUNTING_DAY, counts, inputs, number_asked, paper_fields, typical_answers

PLACE = {"town": {"title": "镇", **text()}, "no": {"title": "号", **text()}}
FORMS = Path(__file__).parents[3] / "forms"
SHOP = subject(
    {
        "name": text(),
        "note": text(),
        "open": text(**{"x-open": True}),
        "sign": text(**{"x-default": [{"function": "copy", "from": ["shop.name"]}]}),
        "copy": text(**{"x-derive": [{"function": "copy", "from": ["shop.name"]}]}),
        "place": {"type": "object", "x-kind": "address", "properties": PLACE},
    }
)
STAFF = rows({"name": text(), "age": whole(18, 60)})
SIGN = {"type": "string", "format": "attachment-id", "x-element": {"own": "signature"}}


def shop(*names):
    found = {name: {"x-element": f"shop.{name}"} for name in names if name != "place"}
    if "place" in names:
        found["place"] = {"type": "string", "x-element": {"join": {"address": "shop.place"}}}
    return found


def one(properties, required, **more):
    subjects = {"shop": SHOP, "staff": STAFF}
    forms = {"a": department("a", properties, required=required), **more}
    return library(subjects, forms)


def figures(made):
    return counts(made, "try")


def test_what_two_departments_want_is_asked_once():
    other = department("b", shop("name"))
    found = figures(one(shop("name"), ["name"], b=other))
    assert (found["fields_before"], found["paper_typical"], found["asked_typical"], found["asked_full"]) == (2, 2, 1, 1)
    assert found["departments"] == ["a-bureau", "b-bureau"]


def test_a_signature_for_all_is_one_input():
    signed = {**shop("name"), "s": SIGN}
    found = figures(one(signed, ["name", "s"], b=department("b", {"s": SIGN})))
    assert (found["fields_before"], found["paper_typical"], found["asked_typical"], found["asked_full"]) == (3, 3, 2, 2)


@pytest.mark.parametrize(
    ("names", "required", "full", "typical"),
    [
        (("name", "note"), ["name"], 2, 1),
        (("name", "open"), ["name"], 2, 2),
        (("name", "copy"), ["name", "copy"], 1, 1),
        (("name", "sign"), ["name", "sign"], 2, 1),
        (("place",), ["place"], 1, 1),
    ],
)
def test_what_is_optional_computed_or_suggested_is_counted_for_what_it_is(names, required, full, typical):
    found = figures(one(shop(*names), required))
    assert (found["asked_full"], found["asked_typical"]) == (full, typical)
    assert found["fields_before"] == len(names)


def test_a_table_counts_its_columns():
    cells = {name: {"title": name, "x-element": f"staff.{name}"} for name in ("name", "age")}
    inside = {"properties": cells, "required": ["name"]}
    table = {"type": "array", "minItems": 1, "x-element": {"rows": {"list": "staff"}}, "items": inside}
    found = figures(one({"t": table}, ["t"]))
    assert (found["fields_before"], found["asked_full"], found["asked_typical"]) == (2, 2, 1)


def test_what_the_office_fills_in_and_what_is_fixed_is_counted_apart():
    properties = {**shop("name"), "o": {"type": "string", "x-element": {"office": "受理意见"}}}
    properties["c"] = {"type": "string", "x-element": {"constant": "甲"}}
    found = figures(one(properties, ["name", "c"]))
    assert (found["fields_before"], found["office_fields"], found["constant_fields"]) == (2, 1, 1)
    assert found["asked_full"] == 1


def test_materials_of_several_departments_are_uploaded_once():
    lease = [{"id": "lease", "title": "租约"}]
    forms = {name: department(name, shop("name"), **{"x-materials": lease}) for name in ("a", "b")}
    found = figures(library({"shop": SHOP}, forms))
    assert (found["materials_before"], found["materials_after"]) == (2, 1)
    assert (found["days_legal"], found["days_promised"]) == (10, 5)


def test_who_comes_again_is_not_asked_what_was_filed_before():
    forms = {
        "licence": department("licence", shop("name", "note"), required=["name", "note"]),
        "permit": department("permit", shop("name", "open"), required=["name", "open"]),
    }
    entries = [{"form": "licence", "when": {"facts.held": False}}, {"form": "permit"}]

    def returning(**typical):
        scenario = {"x-forms": entries, "x-typical": {"facts": {"held": False}, **typical}}
        facts = {"held": {"type": "boolean"}}
        return figures(library({"shop": SHOP}, forms, facts=facts, scenario=scenario))

    found = returning(returning={"held": True})
    assert (found["asked_typical"], found["asked_returning"]) == (4, 2)  # the question, and what only the permit asks
    assert returning()["asked_returning"] == 4


def test_every_input_that_can_be_shown_is_an_input():
    form = formengine.merge(one(shop("name", "copy", "place"), ["name"]), "try")
    assert [field.path for field in inputs(form)] == ["shop.name", "shop.place"]
    assert number_asked(form, typical_answers(form)) == 1


@pytest.mark.parametrize("scenario", sorted(path.stem for path in FORMS.glob("*.json")))
def test_what_the_typical_applicant_answers_leaves_no_figure_to_chance(real, scenario):
    known = real.scenario(scenario)
    for facts in (known.typical_facts, known.returning_facts):
        form = formengine.merge(real, scenario, facts)
        more = {"answers": known.typical_answers, "optional": 0.0, "suggested": True}
        found = [formengine.sample(form, seed, COUNTING_DAY, **more) for seed in range(1, 7)]
        assert len({number_asked(form, answers) for answers in found}) == 1
        assert len({len(list(paper_fields(form, answers))) for answers in found}) == 1
