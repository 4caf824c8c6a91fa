"""Facts that call for the same forms share one merged form; what the form asks of them stands in its schema."""

import threading

import pytest
from tiny import TODAY, department, library, subject, text, whole

import formengine
from formengine.answers.join import lossy
from formengine.merging.plan import plan_key
from web.cases.catalogue import KEPT_FORMS, Catalogue

WORLD = {
    "shop": subject(
        {
            "name": text(),
            "area": {"type": "number", "x-sample": [1, 5000]},
            "plan": text(**{"x-when": {"shop.area": {"minimum": 1000}}}),
            "kind": {"type": "string", "enum": ["new", "old"]},
        }
    )
}
AREA = {
    "title": "建筑面积",
    "description": "决定消防",
    "type": "number",
    "minimum": 1,
    "maximum": 9000,
    "x-element": "shop.area",
}
YES = {"title": "是否", "description": "决定表", "type": "boolean"}


def shop(**scenario):
    """A scenario with the floor area as a fact: fire applies from 300 on, a record below."""
    forms = {
        "base": department("base", {"n": {"type": "string", "x-element": "shop.name"}}),
        "fire": department(
            "fire",
            {
                "a": {"type": "number", "x-element": "shop.area", "maximum": 5000},
                "p": {"type": "string", "x-element": "shop.plan"},
                "n": {"type": "string", "x-element": "shop.name"},
            },
            required=["a", "n"],
            allOf=[
                {
                    "if": {"properties": {"a": {"minimum": 1000}}, "required": ["a"]},
                    "then": {"required": ["p"]},
                    "else": {"properties": {"p": False}},
                }
            ],
        ),
        "record": department("record", {"a": {"type": "number", "x-element": "shop.area"}}),
    }
    entries = [
        {"form": "base"},
        {"form": "fire", "when": {"facts.area": {"minimum": 300}}},
        {"form": "record", "when": {"facts.area": {"exclusiveMaximum": 300}}},
    ]
    rest = {"x-forms": entries, **scenario}
    return library(WORLD, forms, facts={"area": AREA}, typical={"area": 86}, scenario=rest)


def answers(area, **more):
    return {"facts": {"area": area}, "shop": {"name": "甲", **more}}


def test_numbers_that_call_for_the_same_forms_share_one_form():
    catalogue = Catalogue(shop())
    small = catalogue.serve("try", {"area": 86})
    assert catalogue.serve("try", {"area": 87}) is small
    assert catalogue.serve("try", {"area": 299.99}) is small
    large = catalogue.serve("try", {"area": 300})
    assert large is not small
    assert (small.form.forms, large.form.forms) == (("base", "record"), ("base", "fire"))
    one, other = (formengine.merge(shop(), "try", {"area": area}) for area in (86, 87))
    assert one.fingerprint == other.fingerprint


def test_a_shared_form_takes_every_number_that_leads_to_it_and_no_other():
    form = formengine.merge(shop(), "try", {"area": 86})
    for area, taken in ((86, True), (1, True), (299.5, True), (300, False), (0, False)):
        issues = formengine.validate(form, answers(area), TODAY)
        assert (issues == []) is taken, (area, issues)
        assert form.validator.is_valid(answers(area)) is taken
        assert all(issue.pointer == "/facts/area" for issue in issues)
    assert [i.code for i in formengine.validate(form, answers(300), TODAY)] == ["facts"]


def test_what_departments_demand_of_the_number_is_demanded_of_the_answer():
    form = formengine.merge(shop(), "try", {"area": 400})
    assert formengine.validate(form, answers(400), TODAY) == []
    for area, more, pointer in ((5001, {"plan": "图"}, "/facts/area"), (1200, {}, "/shop/plan")):
        issues = formengine.validate(form, answers(area, **more), TODAY)
        assert [i.pointer for i in issues] == [pointer]
        assert [d["form"] for i in issues for d in i.departments] == ["fire"]
        assert not form.validator.is_valid(answers(area, **more))
    assert formengine.validate(form, answers(1200, plan="图"), TODAY) == []
    assert [one.form for one in form.fields["facts.area"].sources] == ["fire"]


def test_filings_carry_the_number_and_give_it_back():
    form = formengine.merge(shop(), "try", {"area": 400})
    filings = formengine.split(form, answers(1200, plan="图"))
    assert filings["fire"].values == {"a": 1200, "p": "图", "n": "甲"}
    assert formengine.join(form, filings) == answers(1200, plan="图")
    assert "facts.area" not in lossy(form)


def test_a_sample_of_a_shared_form_has_the_facts_it_was_merged_for():
    form = formengine.merge(shop(), "try", {"area": 4000})
    made = formengine.sample(form, 1, TODAY)
    assert made["facts"] == {"area": 4000}
    assert made["shop"]["plan"]


def either():
    forms = {name: department(name, {"n": {"type": "string", "x-element": "shop.name"}}) for name in ("base", "food")}
    entries = [{"form": "base"}, {"form": "food", "when": [{"facts.eats": True}, {"facts.drinks": True}]}]
    facts = {"eats": YES, "drinks": YES}
    return library(WORLD, forms, facts=facts, typical={"eats": False, "drinks": False}, scenario={"x-forms": entries})


def test_different_answers_that_call_for_the_same_form_share_it_and_are_not_guessed_back():
    made = either()
    scenario = made.scenario("try")
    keys = {
        (eats, drinks): plan_key(made, scenario, {"eats": eats, "drinks": drinks})
        for eats in (True, False)
        for drinks in (True, False)
    }
    assert len({keys[pair] for pair in keys if any(pair)}) == 1
    assert keys[False, False] != keys[True, False]
    form = formengine.merge(made, "try", {"eats": True, "drinks": False})
    for eats, drinks in keys:
        given = {"facts": {"eats": eats, "drinks": drinks}, "shop": {"name": "甲"}}
        good = eats or drinks
        assert (formengine.validate(form, given, TODAY) == []) is good
        assert form.validator.is_valid(given) is good
    given = {"facts": {"eats": False, "drinks": True}, "shop": {"name": "甲"}}
    joined = formengine.join(form, formengine.split(form, given))
    assert joined == {"shop": {"name": "甲"}}
    assert {"facts.eats", "facts.drinks"} <= set(lossy(form))
    none = formengine.merge(made, "try", {"eats": False, "drinks": False})
    assert none.facts_known == {"eats": False, "drinks": False}
    assert not formengine.validate(none, {"facts": none.facts, "shop": {"name": "甲"}}, TODAY)
    assert formengine.validate(none, given, TODAY)[0].code == "facts"


def test_a_fact_that_is_optional_may_be_left_out():
    facts = {"area": {**AREA}, "eats": YES}
    forms = {"base": department("base", {"a": {"type": "number", "x-element": "shop.area"}}, required=[])}
    rest = {"required": ["eats"], "x-forms": [{"form": "base"}]}
    made = library(WORLD, forms, facts=facts, typical={"eats": True}, scenario=rest)
    form = formengine.merge(made, "try", {"eats": True})
    assert formengine.validate(form, {"facts": {"eats": True}, "shop": {"area": 7}}, TODAY) == []
    assert formengine.split(form, {"facts": {"eats": True, "area": 8}})["base"].values == {"a": 8}
    assert formengine.split(form, {"facts": {"eats": True}, "shop": {"area": 7}})["base"].values == {"a": 7}


def test_what_the_catalogue_keeps_is_bounded_whatever_is_typed():
    catalogue = Catalogue(shop())
    for area in range(1, 400):
        catalogue.serve("try", {"area": area})
    assert len(catalogue._served) == 2
    facts = {f"q{i}": YES for i in range(8)}
    forms = {f"f{i}": department(f"f{i}", {"n": {"type": "string", "x-element": "shop.name"}}) for i in range(8)}
    entries = [{"form": f"f{i}", "when": {f"facts.q{i}": True}} for i in range(8)]
    many = library(WORLD, forms, facts=facts, typical=dict.fromkeys(facts, True), scenario={"x-forms": entries})
    catalogue = Catalogue(many)
    for number in range(KEPT_FORMS + 20):
        catalogue.serve("try", {f"q{i}": bool(number >> i & 1) for i in range(8)})
    assert len(catalogue._served) == KEPT_FORMS
    assert not catalogue._making


def test_a_form_that_several_want_at_once_is_merged_once(monkeypatch):
    import web.cases.catalogue as room

    made, gate = [], threading.Barrier(4)

    def slowly(*given):
        made.append(given)
        return formengine.merge(*given)

    monkeypatch.setattr(room, "merge", slowly)
    catalogue, found = Catalogue(shop()), []

    def ask():
        gate.wait()
        found.append(catalogue.serve("try", {"area": 86}))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert all(one is found[0] for one in found)


@pytest.mark.parametrize("facts", [{"area": "x"}, {"area": -1}, {}, {"area": 86, "y": 1}, []])
def test_facts_that_the_scenario_does_not_take_are_refused_and_kept_nowhere(facts):
    catalogue = Catalogue(shop())
    with pytest.raises(formengine.FormEngineError):
        catalogue.serve("try", facts)
    assert not catalogue._served
    assert not catalogue._making


def test_whole_numbers_as_facts_bind_whole_numbers():
    node = {"title": "床位", "description": "几张", **whole(1, 500), "x-element": "shop.beds"}
    world = {"shop": subject({"beds": whole(1, 900)})}
    form_ = department("f", {"b": {"type": "integer", "x-element": "shop.beds", "maximum": 100}})
    made = library(world, {"f": form_}, facts={"beds": node}, typical={"beds": 10})
    form = formengine.merge(made, "try", {"beds": 20})
    assert formengine.validate(form, {"facts": {"beds": 99}}, TODAY) == []
    assert [i.pointer for i in formengine.validate(form, {"facts": {"beds": 101}}, TODAY)] == ["/facts/beds"]


def test_a_rule_about_the_number_is_named_at_the_question():
    rule = {"id": "even", "rule": "a != 13.0", "message": "不能是 13", "basis": "", "field": "a"}
    form_ = department("f", {"a": {"type": "number", "x-element": "shop.area"}}, **{"x-rules": [rule]})
    made = library(WORLD, {"f": form_}, facts={"area": AREA}, typical={"area": 10})
    form = formengine.merge(made, "try", {"area": 10})
    issues = formengine.validate(form, {"facts": {"area": 13}}, TODAY)
    assert [(i.pointer, i.code, [d["form"] for d in i.departments]) for i in issues] == [
        ("/facts/area", "rule:even", ["f"])
    ]
