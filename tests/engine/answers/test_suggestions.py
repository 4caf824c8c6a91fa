"""Values filled in for the applicant, who can change them; and acts that make several departments' own answers."""

import pytest
import tiny
from tiny import checked, department, library, subject

import formengine
from formengine.answers.resolve import Resolved, completed
from formengine.authoring import count
from formengine.merging.acts import acts
from formengine.paths import Place


def shop(**more):
    """A form that asks for water, sewage and signs; sewage and copies are suggested."""
    subjects = {
        "shop": tiny.subject(
            {
                "water": tiny.whole(),
                "sewage": tiny.whole(**{"x-default": [{"function": "scale", "from": ["shop.water"], "factor": "0.8"}]}),
                "copies": tiny.whole(1, 9, **{"x-default": [{"value": 1}], **more}),
                "name": tiny.text(),
            }
        ),
        "signs": tiny.rows(
            {
                "text": tiny.text(**{"x-default": [{"function": "copy", "from": ["shop.name"]}]}),
                "width": tiny.whole(1, 9),
            }
        ),
    }
    columns = {
        c: {"title": c, "type": t, "x-element": f"signs.{c}"} for c, t in (("text", "string"), ("width", "integer"))
    }
    signs = {
        "type": "array",
        "x-element": {"rows": {"list": "signs"}},
        "minItems": 1,
        "items": {"type": "object", "properties": columns, "required": ["text", "width"]},
    }
    plain = {c: {"type": "integer", "x-element": f"shop.{c}"} for c in ("water", "sewage", "copies")}
    form = tiny.department("a", {**plain, "name": {"type": "string", "x-element": "shop.name"}, "signs": signs})
    return tiny.library(subjects, {"a": form})


def test_what_is_not_answered_takes_the_suggestion_and_what_is_answered_stays():
    form = formengine.merge(shop(), "try")
    given = {
        "shop": {"water": 10, "name": "甲"},
        "signs": [{"id": "1", "width": 2}, {"id": "2", "width": 3, "text": "乙"}],
    }
    full = completed(form, given)
    assert full["shop"] == {"water": 10, "sewage": 8, "copies": 1, "name": "甲"}
    assert [row["text"] for row in full["signs"]] == ["甲", "乙"]
    assert given["shop"] == {"water": 10, "name": "甲"}
    assert completed(form, {**given, "shop": {**given["shop"], "sewage": 5, "copies": 2}})["shop"]["sewage"] == 5
    assert completed(form, full) == full
    resolved = Resolved(form, given, suggest=True)
    assert set(resolved.given) == {Place("shop.sewage"), Place("shop.copies"), Place("signs.text", 0)}


def test_nothing_is_suggested_where_its_source_is_missing_and_the_engine_never_fills_in_by_itself():
    form = formengine.merge(shop(), "try")
    assert "sewage" not in completed(form, {"shop": {}})["shop"]
    assert {i.pointer for i in formengine.validate(form, {"shop": {"water": 10}}, tiny.TODAY)} >= {
        "/shop/copies",
        "/shop/sewage",
    }


@pytest.mark.parametrize(
    "answers", [{}, {"shop": []}, {"signs": {}}, {"signs": [1, None, "x"]}, {"shop": {"water": "x"}}]
)
def test_answers_of_any_shape_can_be_completed(answers):
    form = formengine.merge(shop(), "try")
    completed(form, answers)


def test_a_suggestion_left_as_it_is_counts_as_not_asked_and_a_changed_one_as_asked():
    form = formengine.merge(shop(), "try")
    answers = completed(form, {"shop": {"water": 10, "name": "甲"}, "signs": [{"id": "1", "width": 2}]})
    assert {f.path for f in count.asked(form, answers)} == {"shop.water", "shop.name", "signs.width"}
    answers["shop"]["copies"] = 2
    answers["signs"].append({"id": "2", "text": "乙", "width": 2})
    assert {f.path for f in count.asked(form, answers)} == {
        "shop.water",
        "shop.copies",
        "shop.name",
        "signs.text",
        "signs.width",
    }


def test_the_printed_schema_says_what_is_suggested_and_demands_the_same():
    form = formengine.merge(shop(), "try")
    assert form.schema["properties"]["shop"]["properties"]["copies"]["default"] == 1
    bare = formengine.merge(shop(**{"x-default": [{"value": 2}]}), "try")
    assert bare.fingerprint != form.fingerprint
    assert bare.fingerprint_meaning == form.fingerprint_meaning


def test_a_suggestion_that_its_own_limits_refuse_is_the_authors_fault():
    report = checked(shop(**{"x-default": [{"value": 99}]}))
    assert any(fault.code == "default" for fault in report.faults)


def signed(*forms):
    """Departments that each want a declaration and a signature; ``x-act`` by form."""
    made = {}
    for name, act in forms:
        own = {"declares": {"type": "boolean", "const": True, "x-element": {"own": "declaration"}, "description": name}}
        own["signs"] = {"type": "string", "format": "attachment-id", "x-element": {"own": "signature"}}
        for node in own.values():
            node.update({"x-act": act} if act else {})
        made[name] = tiny.department(name, {"name": {"type": "string", "x-element": "shop.name"}, **own})
    return tiny.library({"shop": tiny.subject({"name": tiny.text()})}, made)


def test_one_act_makes_the_declarations_of_all_departments_but_those_kept_apart():
    form = formengine.merge(signed(("a", None), ("b", None), ("c", "alone")), "try")
    made = {(act.kind, act.id): set(act.paths) for act in acts(form)}
    assert made == {
        ("declaration", "declare"): {"own.a.declares", "own.b.declares"},
        ("declaration", "alone"): {"own.c.declares"},
        ("signature", "sign"): {"own.a.signs", "own.b.signs"},
        ("signature", "alone"): {"own.c.signs"},
    }
    answers = formengine.sample(form, 1, tiny.TODAY)
    assert len(count.asked(form, answers)) == 7
    assert count.number_asked(form, answers) == 5
    filings = formengine.split(form, answers)
    assert all(set(filings[name].values) == {"name", "declares", "signs"} for name in "abc")


def test_what_a_scenario_fills_in_may_depend_on_the_facts():
    world = {"shop": subject({"kinds": {"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 1}})}
    form = department("f", {"k": {"type": "array", "items": {"enum": ["a", "b"]}, "x-element": "shop.kinds"}})
    cases = [{"when": {"facts.more": True}, "value": ["a", "b"]}, {"value": ["a"]}]
    facts = {"more": {"title": "更多", "description": "为何", "type": "boolean"}}
    rest = {"x-defaults": {"shop.kinds": cases}}
    made = library(world, {"f": form}, facts=facts, typical={"more": False}, scenario=rest)
    for more, kinds in ((True, ["a", "b"]), (False, ["a"])):
        merged = formengine.merge(made, "try", {"more": more})
        assert completed(merged, {"facts": {"more": more}})["shop"] == {"kinds": kinds}
    wrong = {"x-defaults": {"shop.kinds": [{"value": ["c"]}]}}
    bad = library(world, {"f": form}, facts=facts, typical={"more": False}, scenario=wrong)
    assert [f.code for f in checked(bad).faults if f.severity == "error"] == ["default"]
