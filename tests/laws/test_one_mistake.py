"""One mistake in a good submission gives one issue at its place; whatever follows from it says so."""

import copy
import re

from cases import BROAD, THOROUGH, TODAY, WIDEST, drawn, merged, params, submission

import formengine
from formengine.answers.resolve import Resolved
from formengine.authoring.count import required_here
from formengine.conditions import TRUE
from formengine.evaluate import compile_condition
from formengine.paths import keys_of, name_of, pointer

every_case = params(WIDEST)
SEEDS_HERE = range(4) if THOROUGH else range(2, 3)
CHINESE = re.compile(r"[一-鿿]")


def places(form, answers):
    """Every answer that stands: ``(field, scope, keys)``; keys lead to it in the answers."""
    resolved = Resolved(form, answers)
    stored = resolved.stored
    for path, field in form.fields.items():
        if not field.asked:
            continue
        if field.table:
            for row in resolved.rows.get(field.table, []):
                if path in row.stored.columns:
                    yield field, row.stored, (field.table, row.index, name_of(path))
        elif path in stored:
            yield field, stored, keys_of(path)


def at(answers, keys):
    for key in keys:
        answers = answers[key]
    return answers


def without(answers, keys):
    changed = copy.deepcopy(answers)
    del at(changed, keys[:-1])[keys[-1]]
    return changed


def changed_to(answers, keys, value):
    changed = copy.deepcopy(answers)
    at(changed, keys[:-1])[keys[-1]] = value
    return changed


def assert_one_issue(form, answers, keys, field, what):
    issues = formengine.validate(form, answers, TODAY)
    where = pointer(*keys)
    here = [i for i in issues if i.pointer == where or i.pointer.startswith(where + "/")]
    assert len(here) == 1, f"{what} {where}: {[(i.pointer, i.code, i.because) for i in issues]}"
    issue = here[0]
    assert issue.because is None, f"{what} {where}: {issue}"
    assert issue.departments, f"{what} {where}: {issue}"
    for department in issue.departments:
        assert department["form"] in form.forms
        assert department["department"]
        assert department["label"]
    assert CHINESE.search(issue.message)
    assert "{" not in issue.message
    assert issue.element == field.path
    for other in issues:
        if other is not issue:
            assert other.because is not None, f"{what} {where}: {(other.pointer, other.code, other.message)}"
            assert other.because == issue.pointer, f"{what} {where}: {other}"


@every_case
def test_any_one_required_answer_taken_out_is_named_once(scenario, facts):
    form = merged(scenario, facts)
    for seed in SEEDS_HERE:
        answers = submission(scenario, facts, seed)
        for field, scope, keys in places(form, answers):
            if field.kind != "list" and required_here(field, scope):
                assert_one_issue(form, without(answers, keys), keys, field, f"{seed} required")


CHECK_DIGITS = ("citizen-id", "uscc", "residence-permit-hmt", "food-licence-number")


@every_case
def test_any_one_check_digit_broken_is_named_once_and_says_why(scenario, facts):
    form = merged(scenario, facts)
    broken = 0
    for seed in SEEDS_HERE:
        answers = submission(scenario, facts, seed)
        for field, scope, keys in places(form, answers):
            formats = {
                c.schema.get("format")
                for c in field.clauses
                if c.kind == "value" and isinstance(c.schema, dict) and compile_condition(c.guard)(scope)
            }
            value = at(answers, keys)
            if not formats & set(CHECK_DIGITS) or not isinstance(value, str):
                continue
            last = "1" if value[-1] != "1" else "2"
            broken += 1
            assert_one_issue(form, changed_to(answers, keys, value[:-1] + last), keys, field, f"{seed} digit")
    assert broken


def beyond(schema, value):
    """Values that step over one limit of a schema, each with the keyword's name."""
    if not isinstance(schema, dict):
        return
    if isinstance(value, str):
        if "maxLength" in schema and not set(schema) & {"pattern", "format", "enum"}:
            yield "maxLength", "长" * (schema["maxLength"] + 1)
        if schema.get("minLength", 0) > 1:
            yield "minLength", "短" * (schema["minLength"] - 1)
        if "enum" in schema:
            yield "enum", "没有的选项"
        if "format" in schema:
            yield "format", "！"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if "maximum" in schema:
            yield "maximum", schema["maximum"] + 1
        if "minimum" in schema:
            yield "minimum", schema["minimum"] - 1
    elif isinstance(value, list) and "maxItems" in schema:
        yield "maxItems", [*value, *value] * (schema["maxItems"] + 1)
    elif isinstance(value, bool) and schema.get("const") is True:
        yield "const", False


@every_case
def test_any_one_limit_exceeded_is_named_once(scenario, facts):
    """One limit in two, in breadth one in four; in the long run every one."""
    form = merged(scenario, facts)
    share = 1 if THOROUGH else 4 if (scenario, facts) in BROAD else 2
    for seed in SEEDS_HERE:
        answers = submission(scenario, facts, seed)
        for field, scope, keys in places(form, answers):
            if field.kind == "list":
                continue
            for clause in field.clauses:
                if clause.kind != "value" or not compile_condition(clause.guard)(scope):
                    continue
                for keyword, value in beyond(clause.schema, at(answers, keys)):
                    if drawn(f"{scenario} {pointer(*keys)} {keyword}", share):
                        assert_one_issue(form, changed_to(answers, keys, value), keys, field, f"{seed} {keyword}")


@every_case
def test_a_table_longer_than_any_department_takes_is_named_at_the_table(scenario, facts):
    form = merged(scenario, facts)
    answers = submission(scenario, facts, 2)
    for path, field in form.fields.items():
        rows = answers.get(path)
        if field.kind != "list" or not rows:
            continue
        limits = [
            c.maximum
            for c in form.clauses
            if c.kind == "rows" and c.path == path and c.maximum and c.where == TRUE and c.guard == TRUE
        ]
        if limits:
            many = [{**rows[0], "id": f"n{i}"} for i in range(min(limits) + 1)]
            issues = formengine.validate(form, {**answers, path: many}, TODAY)
            assert [i for i in issues if i.pointer == f"/{path}" and i.code in ("max_rows", "maxItems")]
