"""What ``check`` tries: everything that can go wrong in some situation goes wrong in one of those that are tried."""

import json
import random
from itertools import combinations, product

import pytest
from tiny import changed, checked, department, library, subject, text, whole
from wide import limited, wide

from formengine import MergeConflict, merge
from formengine.authoring.kept import Kept
from formengine.authoring.situations import Situations, reachable_facts, touched
from formengine.authoring.trials import tried
from formengine.conditions import canonical
from formengine.merging.plan import applicable_forms, make_plan
from formengine.templates.build import library_of
from formengine.templates.library import DepartmentForm, Scenario

YES = {"title": "是否", "description": "决定表", "type": "boolean"}
SHOP = {"shop": subject({"name": text(), "beds": whole(0, 900), "kind": {"type": "string", "enum": ["1", "2"]}})}


def asking(name, path="shop.beds", **limit):
    return department(name, {"x": {"x-element": path, "type": "integer", **limit}}, required=[])


def scenario(forms, whens, facts, subjects=SHOP, **rest):
    entries = [{"form": name, "when": whens[name]} if name in whens else {"form": name} for name in forms]
    typical = {name: (node["oneOf"][0]["const"] if "oneOf" in node else False) for name, node in facts.items()}
    return library(subjects, forms, facts=facts, typical=typical, scenario={"x-forms": entries, **rest})


def errors(made, **more):
    return [fault for fault in checked(made, **more).faults if fault.severity == "error"]


# -- which situations --------------------------------------------------------------------------------------------


def test_every_pair_of_answers_occurs_and_all_optional_forms_at_once_and_none():
    made = wide(12)
    one = made.scenarios["wide"]
    found = reachable_facts(made, one)
    assert len(found) < 40
    for left, right in combinations(one.facts, 2):
        values = [[False, True] if name != "entity_kind" else ["individual", "company"] for name in (left, right)]
        for pair in product(*values):
            assert any((facts[left], facts[right]) == pair for facts in found), (left, right, pair)
    sizes = {sum(form["form"] in applicable_forms(one, facts) for form in one.optional_forms) for facts in found}
    assert {0, 12} <= sizes
    assert found[0] == one.typical_facts
    assert reachable_facts(made, one) == found


def random_scenario(rng):
    """A few forms behind random conditions on a few facts; some of the forms ask for beds, some for the name."""
    kinds = {"title": "身份", "description": "决定", "oneOf": [{"const": c, "title": c} for c in "abc"]}
    facts = {f"q{i}": YES for i in range(rng.randrange(1, 5))} | {"kind": kinds}

    def condition():
        if rng.random() < 0.2:
            return [plain(), plain()]
        return plain()

    def plain():
        names = rng.sample(list(facts), min(len(facts), rng.randrange(1, 4)))
        return {f"facts.{n}": rng.choice("abc") if n == "kind" else rng.random() < 0.6 for n in names}

    forms = {f"f{i}": asking(f"f{i}", rng.choice(["shop.beds", "shop.name"])) for i in range(rng.randrange(2, 7))}
    whens = {name: condition() for name in forms if rng.random() < 0.9}
    return scenario(forms, whens, facts)


@pytest.mark.parametrize("seed", range(60))
def test_every_set_of_forms_that_some_answers_call_together_is_within_one_that_is_tried(seed):
    made = random_scenario(random.Random(seed))
    one = made.scenarios["try"]
    choices = [("a", "b", "c") if name == "kind" else (False, True) for name in one.facts]
    reachable = [set(applicable_forms(one, dict(zip(one.facts, row, strict=True)))) for row in product(*choices)]
    tried_sets = [set(applicable_forms(one, facts)) for facts in reachable_facts(made, one)]
    for path in ("shop.beds", "shop.name"):
        asking_it = {name for name in made.forms if path in touched(made, name)}
        for forms in reachable:
            wanted = forms & asking_it
            assert any(wanted <= others for others in tried_sets), (path, wanted)


@pytest.mark.parametrize("seed", range(60))
def test_check_finds_a_conflict_exactly_where_some_answers_lead_to_one(seed):
    rng = random.Random(seed)
    made = random_scenario(rng)
    one = made.scenarios["try"]
    if rng.random() < 0.5:  # a fact that is settled in merging
        kind = {**one.facts["kind"], "x-element": "shop.kind"}
        one = Scenario("try", {**one.raw, "properties": {**one.facts, "kind": kind}})
    forms = {"base": DepartmentForm("base", asking("base", "shop.rooms"))}
    for name, form in made.forms.items():
        limit = {rng.choice(["minimum", "maximum"]): rng.randrange(100, 800)} if rng.random() < 0.7 else {}
        path = rng.choice(["shop.beds", "shop.rooms"])
        forms[name] = DepartmentForm(name, {**form.raw, **asking(name, path, **limit)})
    one = Scenario("try", {**one.raw, "x-forms": [*one.forms, {"form": "base"}]})
    subjects = {"shop": subject({"beds": whole(0, 900), "rooms": whole(0, 900), "kind": {"enum": ["a", "b", "c"]}})}
    raws = {name: form.raw for name, form in forms.items()}
    made = library(subjects, raws, scenario=one.raw)
    choices = [("a", "b", "c") if name == "kind" else (False, True) for name in one.facts]
    clashing = []
    for row in product(*choices):
        facts = dict(zip(one.facts, row, strict=True))
        try:
            merge(made, "try", facts)
        except MergeConflict:
            clashing.append(facts)
    found = [fault.message for fault in errors(made)]
    assert bool(found) is bool(clashing), (clashing[:2], found)
    for message in found:  # the facts that are named do lead there
        named = json.loads(message.partition("情形 ")[2].partition("：")[0] or "{}")
        assert any(named.items() <= facts.items() for facts in clashing), message


def test_where_there_are_too_many_largest_sets_every_two_forms_are_tried_and_that_is_said():
    """Sixteen forms in a ring, no two neighbours together: 90 largest sets."""
    names = [f"q{i}" for i in range(16)]
    forms = {f"f{i}": asking(f"f{i}") for i in range(16)}
    pairs = {f"f{i}": {f"facts.q{i}": True, f"facts.q{(i + 1) % 16}": False} for i in range(16)}
    made = scenario(forms, pairs, dict.fromkeys(names, YES))
    one = Situations(made, made.scenarios["try"])
    found = [set(applicable_forms(made.scenarios["try"], facts)) for facts in one.tried()]
    for left, right in combinations(range(16), 2):
        meet = (right - left) % 16 not in (1, 15)
        assert any({f"f{left}", f"f{right}"} <= forms for forms in found) is meet, (left, right)
    assert one.in_pairs == {"shop.beds"}
    assert "只两两试过：shop.beds" in checked(made).tried["try"]


def test_numbers_are_tried_on_both_sides_of_every_bound():
    area = {"title": "面积", "description": "决定", "type": "integer", "minimum": 1, "maximum": 900}
    forms = {"f": asking("f"), "g": asking("g", "shop.name")}
    whens = {"f": {"facts.area": {"minimum": 300}}, "g": {"facts.area": {"minimum": 100, "maximum": 200}}}
    made = scenario(forms, whens, {"area": area}, **{"x-typical": {"facts": {"area": 50}}})
    found = {applicable_forms(made.scenarios["try"], facts) for facts in reachable_facts(made, made.scenarios["try"])}
    assert found == {(), ("f",), ("g",)}


# -- conflicts ---------------------------------------------------------------------------------------------------


def test_a_conflict_that_only_one_combination_of_three_answers_meets_is_found_and_the_answers_are_named(
    tmp_path,
):
    made = wide(5, models=("public-place-hygiene", "signboard-setup"))
    raw = {**made.scenarios["wide"].raw}
    entries = [dict(entry) for entry in raw["x-optional-forms"]]
    names = [entry["form"] for entry in entries]
    entries[2]["when"] = {"facts.wants_0": True, "facts.wants_2": True}
    entries[4]["when"] = {"facts.wants_0": True, "facts.wants_4": True, "facts.wants_2": True}
    for index in (1, 3):  # whatever makes the forms many excludes the combination
        entries[index]["when"] = {f"facts.wants_{index}": True, "facts.wants_0": False}
    made = library_of(changed(made.documents, forms={"wide": {**raw, "x-optional-forms": entries}}))
    assert errors(made, results=tmp_path) == []
    code = "pool_disinfection"
    made = limited(limited(made, names[2], code, pattern="^氯"), names[4], code, pattern="^臭氧")
    found = errors(made, results=tmp_path)
    assert [fault.code for fault in found] == ["conflict"], [str(f)[:200] for f in found]
    facts = canonical({"wants_0": True, "wants_2": True, "wants_4": True})
    assert f"情形 {facts}：" in found[0].message
    for index in (2, 4):
        assert made.forms[names[index]].title in found[0].message


def test_three_forms_that_contradict_each_other_only_together_are_found():
    forms = {name: asking(name, "shop.kind") for name in "abc"}
    limits = {"a": ["1", "2"], "b": ["2", "3"], "c": ["1", "3"]}
    subjects = {"shop": subject({"beds": whole(), "kind": {"type": "string", "enum": ["1", "2", "3"]}})}
    for name in forms:
        forms[name]["properties"]["x"] = {"title": "x", "x-element": "shop.kind", "enum": limits[name]}
    facts = dict.fromkeys(("p", "q", "r", "s"), YES)
    whens = {"a": {"facts.p": True}, "b": {"facts.q": True}, "c": {"facts.r": True, "facts.s": False}}
    forms["base"] = asking("base", "shop.beds")
    found = errors(scenario(forms, whens, facts, subjects))
    assert [fault.code for fault in found] == ["conflict"]


def test_a_conflict_on_what_a_licence_yields_is_found_where_the_licence_is_not_of_the_case():
    subjects = {"shop": subject({"number": text(), "name": text()})}
    licence = {
        "title": "证",
        "type": "object",
        "properties": {"no": {"title": "证号", "x-element": {"own": "number"}, "type": "string"}},
        "x-yields": {"shop.number": "no"},
    }
    forms = {
        "first": department("first", {"n": {"type": "string", "x-element": "shop.name"}}, **{"x-licence": "paper"}),
        "a": department("a", {"x": {"type": "string", "x-element": "shop.number", "pattern": "^A"}}),
        "b": department("b", {"x": {"type": "string", "x-element": "shop.number", "pattern": "^B"}}),
    }
    facts = {"holds": YES, "more": YES}
    whens = {"first": {"facts.holds": False}, "b": {"facts.more": True}}
    entries = [{"form": name, "when": whens.get(name, True)} for name in forms]
    order = [{"before": "first", "after": name, "reason": "先照后证"} for name in "ab"]
    made = library(
        subjects,
        forms,
        facts=facts,
        typical={"holds": False, "more": False},
        scenario={"x-forms": entries, "x-order": order},
        licences={"paper": licence},
    )
    found = errors(made)
    assert [fault.code for fault in found] == ["conflict"]
    assert '"more":true' in found[0].message


def test_every_conflict_is_named_at_once():
    subjects = {"shop": subject({"beds": whole(0, 900), "rooms": whole(0, 900)})}
    forms = {}
    for name, limit in (("a", {"maximum": 5}), ("b", {"minimum": 9})):
        codes = {"x": "shop.beds", "y": "shop.rooms"}
        forms[name] = department(
            name, {code: {"x-element": path, "type": "integer", **limit} for code, path in codes.items()}
        )
    found = errors(scenario(forms, {}, {}, subjects))
    assert sorted(word for fault in found for word in ("beds", "rooms") if f"shop.{word}" in fault.message) == [
        "beds",
        "rooms",
    ]


# -- results that are kept ---------------------------------------------------------------------------------------


def told(report):
    return [str(f) for f in report.faults], dict(report.proofs), sorted(report.notes())


def test_what_did_not_change_is_taken_as_it_was_and_what_did_is_not(tmp_path):
    made = wide(2, models=("public-place-hygiene", "signboard-setup"))
    first = checked(made, tmp_path)
    again = checked(made, tmp_path)
    assert first.taken == 0
    assert again.taken > 10
    assert told(again) == told(first)
    name = made.scenarios["wide"].optional_forms[1]["form"]
    node = next(c for c, n in made.forms[name].raw["properties"].items() if n.get("x-element") == "contact.name")
    changed = limited(made, name, node, maxLength=3, minLength=9)
    third = checked(changed, tmp_path)
    assert told(third) == told(checked(changed))
    assert third.failed
    assert 0 < third.taken < again.taken


@pytest.mark.parametrize("junk", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b'{"a": 1}'])
def test_results_that_cannot_be_read_are_worked_out_again(tmp_path, junk):
    made = scenario({"f": asking("f")}, {}, {})
    (tmp_path / "checked.json").write_bytes(junk)
    report = checked(made, tmp_path)
    assert report.taken == 0
    assert checked(made, tmp_path).taken == 1


def test_a_result_of_another_shape_is_worked_out_again(tmp_path):
    made = scenario({"f": asking("f")}, {}, {})
    kept = Kept(tmp_path)
    plan = make_plan(made, made.scenarios["try"], {})
    good = tried(made, plan, kept)
    kept.save()
    for junk in (None, 7, {}, {"found": [{}]}, {"found": 3}, {"proofs": [[1]]}):
        spoiled = Kept(tmp_path)
        spoiled.known = dict.fromkeys(spoiled.known, junk)
        assert tried(made, plan, spoiled) == good


def test_where_nothing_can_be_written_the_check_is_the_same(tmp_path):
    made = scenario({"f": asking("f")}, {}, {})
    (tmp_path / "file").write_text("x")
    assert told(checked(made, tmp_path / "file")) == told(checked(made))


def test_several_scenarios_at_once_give_what_one_after_the_other_gives(tmp_path):
    forms = {"a": asking("a", maximum=5), "b": asking("b", minimum=9), "c": asking("c")}
    made = scenario(forms, {"b": {"facts.p": True}}, {"p": YES})
    raw = made.scenarios["try"].raw
    others = {
        "quiet": {**raw, "$id": "quiet", "x-forms": [{"form": "a"}, {"form": "c"}]},
        "loud": {**raw, "$id": "loud", "x-forms": [{"form": "a"}, {"form": "b"}]},
    }
    made = library_of(changed(made.documents, forms=others))
    alone = checked(made)
    clashing = {fault.path for fault in alone.faults if fault.code == "conflict"}
    assert clashing == {"forms/try.json", "forms/loud.json"}
    assert told(checked(made, tmp_path, workers=2)) == told(alone)
    assert told(checked(made, tmp_path, workers=2)) == told(alone)


def test_what_was_tried_and_what_was_not_is_printed():
    facts = {f"p{index}": YES for index in range(6)}
    forms = {"base": asking("base"), **{name: asking(name) for name in facts}}
    made = scenario(forms, {name: {f"facts.{name}": True} for name in facts}, facts)
    said = " ".join(checked(made).notes())
    assert "情形共 64 种" in said
    assert "没有逐一试的" in said
