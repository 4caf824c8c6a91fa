"""The laws of the engine, tried with generated submissions in every situation that ``check`` tries."""

import copy
import json
import random
from dataclasses import replace

import pytest
from cases import BROAD, DEEP, LIBRARY, SCENARIOS, TODAY, drawn, merged, name, plain, seeds, submission

import formengine
from formengine.answers.join import lossy
from formengine.answers.resolve import Resolved
from formengine.evaluate import compile_condition
from formengine.paths import put, value_at
from formengine.templates.library import Scenario

every_case = pytest.mark.parametrize(("scenario", "facts"), DEEP, ids=[f"{s}-{name(f)}" for s, f in DEEP])


def dumped(filing):
    return json.dumps(filing.values, ensure_ascii=False, sort_keys=True)


@every_case
def test_sound_what_the_merged_form_accepts_every_department_accepts(scenario, facts):
    form = merged(scenario, facts)
    for seed in seeds(scenario, facts):
        answers = submission(scenario, facts, seed)
        assert formengine.validate(form, answers, TODAY) == []
        for form_id, filing in formengine.split(form, answers).items():
            open_codes = {p["code"] for p in filing.pending}
            for error in plain(form_id).iter_errors(filing.values):
                assert error.validator == "required", f"{seed} {form_id}: {error.message}"
                missing = {c for c in error.validator_value if c not in error.instance}
                assert missing <= open_codes, f"{seed} {form_id}: {error.message}"


@every_case
def test_sound_once_the_licences_are_issued_nothing_is_missing(scenario, facts):
    from formengine.authoring.demo import demo_issue

    form = merged(scenario, facts)
    answers = submission(scenario, facts, 1)
    issued = demo_issue(form, answers, TODAY).elements
    for form_id, filing in formengine.split(form, answers, issued=issued).items():
        assert filing.pending == ()
        assert list(plain(form_id).iter_errors(filing.values)) == []


@every_case
def test_complete_what_is_refused_names_who_refuses(scenario, facts):
    """Answers with something taken out or spoiled are refused by the form exactly when a department refuses."""
    form = merged(scenario, facts)
    rng = random.Random(scenario)
    for seed in seeds(scenario, facts):
        answers = copy.deepcopy(submission(scenario, facts, seed))
        for _ in range(3):
            spoil(form, answers, rng)
        issues = formengine.validate(form, answers, TODAY)
        for issue in issues:
            assert issue.departments, f"{seed}: {issue}"
            assert issue.message
        if not issues:
            for form_id, filing in formengine.split(form, answers).items():
                open_codes = {p["code"] for p in filing.pending}
                left = [e for e in plain(form_id).iter_errors(filing.values) if e.validator != "required"]
                assert not left, f"{seed} {form_id} {left}"
                assert open_codes or list(plain(form_id).iter_errors(filing.values)) == []


def spoil(form, answers, rng):
    """Take one answer out, or put something odd in its place."""
    path = rng.choice([p for p, f in form.fields.items() if f.asked and not f.table and f.kind != "material"])
    value = rng.choice(["", "x" * 5000, -1, 10**9, True, [], {}, None, "１３８００１３８０００"])
    if rng.random() < 0.5:
        put(answers, path, value)
    elif value_at(answers, path) is not None and isinstance(answers.get(path.split(".")[0]), dict):
        answers[path.split(".")[0]].pop(path.split(".", 1)[1], None)


@every_case
def test_the_printed_schema_judges_as_the_engine_does(scenario, facts):
    """A stock validator with the printed schema, and ``validate``, agree but for rules and what only a filing tells."""
    form = merged(scenario, facts)
    rng = random.Random(str(facts))
    for seed in seeds(scenario, facts):
        answers = copy.deepcopy(submission(scenario, facts, seed))
        assert form.validator.is_valid(answers)
        spoil(form, answers, rng)
        beyond = ("rule:", "residual")
        issues = [i for i in formengine.validate(form, answers, TODAY) if not i.code.startswith(beyond)]
        verdict = form.validator.is_valid(answers)
        assert verdict is (not issues), (
            f"{seed}: {issues[:2]} {[e.message for e in form.validator.iter_errors(answers)][:2]}"
        )


@every_case
def test_asked_once_no_element_is_asked_twice_and_computed_ones_not_at_all(scenario, facts):
    form = merged(scenario, facts)
    asked = [path for path, field in form.fields.items() if field.asked]
    assert len(asked) == len(set(asked))
    resolved = Resolved(form, submission(scenario, facts, 1))
    for path, field in form.fields.items():
        scopes = resolved.stored.get(field.table, []) if field.table else [resolved.stored]
        for scope in scopes:
            computed = any(compile_condition(reach)(scope) for reach, _ in field.derivations)
            assert not (computed and compile_condition(field.visible)(scope)), path


@every_case
def test_need_to_know_an_answer_that_a_department_does_not_use_leaves_its_filing_alone(scenario, facts):
    form = merged(scenario, facts)
    answers = submission(scenario, facts, 2)
    before = {k: dumped(f) for k, f in formengine.split(form, answers).items()}
    broad = (scenario, facts) in BROAD
    for path, field in form.fields.items():
        if not field.asked or field.table or field.kind not in ("element", "own") or value_at(answers, path) is None:
            continue
        if broad and not drawn(f"{scenario}{facts}{path}", 4):  # in breadth one in four, others elsewhere
            continue
        changed = copy.deepcopy(answers)
        put(changed, path, "改过的内容")
        after = formengine.split(form, changed)
        for form_id in set(form.forms) - field.consumers:
            assert dumped(after[form_id]) == before[form_id], f"{path} → {form_id}"


@every_case
def test_need_to_know_a_filing_holds_only_that_forms_fields_and_rows(scenario, facts):
    form = merged(scenario, facts)
    answers = submission(scenario, facts, 3)
    ids = {row["id"] for rows in answers.values() if isinstance(rows, list) for row in rows}
    for form_id, filing in formengine.split(form, answers).items():
        assert set(filing.values) <= set(LIBRARY.forms[form_id].raw["properties"])
        for code, rows in filing.values.items():
            columns = LIBRARY.forms[form_id].raw["properties"][code].get("items", {}).get("properties")
            if columns:
                assert all(set(row) <= set(columns) for row in rows)
                assert set(filing.rows[code]) <= ids
                assert "id" not in columns


@every_case
def test_lossless_the_filings_give_the_submission_again(scenario, facts):
    form = merged(scenario, facts)
    omitted = set(lossy(form))
    for seed in seeds(scenario, facts):
        answers = submission(scenario, facts, seed)
        stored = Resolved(form, answers).stored
        joined = formengine.join(form, formengine.split(form, answers))
        assert joined.get("facts", {}) == dict(facts)
        for path, field in form.fields.items():
            if field.kind not in ("element", "own") or field.table or path not in stored:
                continue
            if path not in omitted and visible_somewhere(form, path, stored):
                assert value_at(joined, path) == stored[path], f"{seed} {path}"
        assert_nothing_invented(joined, answers)


def visible_somewhere(form, path, stored):
    """Whether some filing carries the value for these answers."""
    from formengine.conditions import TRUE

    for one in form.bound:
        for code, binding in one.bindings.items():
            shown = one.visible.get(code, TRUE)
            if binding.lossless and path in binding.needs() and compile_condition(shown)(stored):
                return True
    return False


def assert_nothing_invented(joined, answers):
    for subject, value in joined.items():
        if isinstance(value, list):
            known = {row["id"]: row for row in answers[subject]}
            for row in value:
                assert row.items() <= known[row["id"]].items()
        elif subject == "own":
            for form_id, inner in value.items():
                assert inner.items() <= answers["own"][form_id].items()
        else:
            assert value.items() <= answers[subject].items(), subject


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_same_in_same_out_and_order_changes_the_layout_only(scenario):
    library = formengine.load_library()
    first = formengine.merge(library, scenario)
    assert formengine.merge(library, scenario).fingerprint == first.fingerprint
    answers = formengine.sample(first, 1, TODAY)
    rng = random.Random(1)
    for _ in range(3):
        raw = copy.deepcopy(library.scenarios[scenario].raw)
        rng.shuffle(raw["x-forms"])
        shuffled = replace(library, scenarios={scenario: Scenario(scenario, raw)})
        other = formengine.merge(shuffled, scenario)
        assert other.fingerprint_meaning == first.fingerprint_meaning
        assert formengine.validate(other, answers, TODAY) == []
        ours, theirs = formengine.split(first, answers), formengine.split(other, answers)
        assert {k: dumped(f) for k, f in ours.items()} == {k: dumped(f) for k, f in theirs.items()}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_printed_schema_is_a_valid_schema_with_every_limit_in_it(scenario):
    import jsonschema

    form = formengine.merge(LIBRARY, scenario)
    jsonschema.Draft202012Validator.check_schema(form.schema)
    assert form.schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@every_case
def test_hidden_answers_are_no_part_of_the_submission(scenario, facts):
    """Rubbish behind a hidden branch, or of the other kind of applicant, changes neither verdict nor filings."""
    form = merged(scenario, facts)
    answers = submission(scenario, facts, 0)
    stored = Resolved(form, answers).stored
    noisy = copy.deepcopy(answers)
    noisy["nonsense"] = {"x": 1}
    noisy.setdefault("operator" if dict(facts)["entity_kind"] == "company" else "legal_rep", {})["name"] = 7
    for path, field in form.fields.items():
        asked = field.asked and not field.table and field.kind == "element" and path not in stored
        if asked and not compile_condition(field.visible)(stored):
            put(noisy, path, ["藏着的"])
    assert formengine.validate(form, noisy, TODAY) == []
    assert form.validator.is_valid(noisy)
    before, after = formengine.split(form, answers), formengine.split(form, noisy)
    assert {k: dumped(f) for k, f in before.items()} == {k: dumped(f) for k, f in after.items()}


EVERY_LAW = [
    test_sound_what_the_merged_form_accepts_every_department_accepts,
    test_sound_once_the_licences_are_issued_nothing_is_missing,
    test_complete_what_is_refused_names_who_refuses,
    test_the_printed_schema_judges_as_the_engine_does,
    test_asked_once_no_element_is_asked_twice_and_computed_ones_not_at_all,
    test_need_to_know_an_answer_that_a_department_does_not_use_leaves_its_filing_alone,
    test_need_to_know_a_filing_holds_only_that_forms_fields_and_rows,
    test_lossless_the_filings_give_the_submission_again,
    test_hidden_answers_are_no_part_of_the_submission,
]


def test_no_law_is_left_out_in_breadth():
    marked = [one for one in list(globals().values()) if getattr(one, "pytestmark", None)]
    deep = [one for one in marked if any(mark.args[1:2] == (DEEP,) for mark in one.pytestmark)]
    assert deep == EVERY_LAW


if BROAD:  # in the long run every scenario is tried in depth

    @pytest.mark.parametrize(("scenario", "facts"), BROAD, ids=[f"{s}-{name(f)}" for s, f in BROAD])
    def test_every_law_holds_in_breadth(scenario, facts):
        for law in EVERY_LAW:
            law(scenario, facts)
