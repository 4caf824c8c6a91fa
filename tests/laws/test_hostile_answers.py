"""Answers that nobody types: each gets its issues, at their places, and never a traceback or silence."""

import copy

import pytest
from cases import CASES, TODAY, merged, name, submission
from tiny import department, library, rows, subject, text, whole

import formengine
from formengine.judges import failures_of

CATERING = next(case for case in CASES if case[0] == "catering")


@pytest.fixture
def form():
    return merged(*CATERING)


@pytest.fixture
def answers():
    return copy.deepcopy(submission(*CATERING, 2))


def codes(issues, below=""):
    return {i.code for i in issues if i.pointer == below or i.pointer.startswith(below + "/")}


def judged(form, answers):
    """The issues; looked at as a person would who gets them: sentences in Chinese, places that are JSON."""
    issues = formengine.validate(form, answers, TODAY)
    for issue in issues:
        assert "{" not in issue.message
        issue.pointer.encode()
    return issues


def test_half_a_character_in_a_key_hides_nothing_else(form, answers):
    answers["premises"]["address"] = {"\ud800": "x"}
    answers["own"], answers["staff"] = {}, []
    issues = judged(form, answers)
    assert "text" in codes(issues, "/premises/address")
    assert "required" in codes(issues, "/premises/address")
    assert len([i for i in issues if i.pointer.startswith("/own/")]) > 3
    assert codes(issues, "/staff") == {"min_rows"}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("\ud800", "text"),
        ({"\udfff": 1}, "text"),
        (float("nan"), "unreadable"),
        (float("inf"), "unreadable"),
        (10**5000, "unreadable"),
        ({1: "a"}, "unreadable"),
        (("a",), "unreadable"),
        ({"a"}, "unreadable"),
        (object(), "unreadable"),
        (b"a", "unreadable"),
    ],
    ids=lambda v: v if isinstance(v, str) and v.isascii() else type(v).__name__,
)
@pytest.mark.parametrize("place", [("entity", "name"), ("staff", 0, "name"), ("nobody", "knows"), ("facts", "odd")])
def test_what_no_json_holds_is_named_at_its_place(form, answers, place, value, code):
    node = answers
    for key in place[:-1]:
        node = node[key] if isinstance(node, list) else node.setdefault(key, {})
    node[place[-1]] = value
    where = "/" + "/".join(map(str, place))
    assert code in codes(judged(form, answers), where)
    with pytest.raises(formengine.FormEngineError, match="读不了"):
        formengine.split(form, answers)


def test_depth_without_end_is_named(form, answers):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    answers["entity"]["name"] = deep
    assert "unreadable" in codes(judged(form, answers), "/entity/name")
    around = answers["entity"]["around"] = {}
    around["again"] = around
    assert judged(form, answers)


@pytest.mark.parametrize("whole", [None, [], "x", 3, float("nan"), "\ud800"], ids=repr)
def test_answers_that_are_no_object_are_one_issue(form, whole):
    assert [i.code for i in judged(form, whole)] == ["type"]


@pytest.mark.parametrize(
    ("subject", "column"), [("food", "items_catering"), ("drainage", "kinds"), ("food", "tags"), ("fire", "facilities")]
)
@pytest.mark.parametrize("odd", [[["x"]], [{}], [None], [1], [True], {}, 3, [[[]]], "x"])
def test_an_odd_choice_is_refused_where_it_stands(form, answers, subject, column, odd):
    answers.setdefault(subject, {})[column] = odd
    visible = formengine.split(form, answers)
    assert visible
    assert codes(judged(form, answers), f"/{subject}/{column}")


@pytest.mark.parametrize(
    "number", [1e30, 10**30, 10**300, -(10**300), 1e-300, 9.99e307, "1" * 300], ids=lambda v: str(v)[:8]
)
def test_a_number_of_any_size_gets_a_limit(form, answers, number):
    answers["sign_items"][0]["length_m"] = number
    assert codes(judged(form, answers), "/sign_items/0")
    formengine.split(form, answers)


def test_a_line_end_behind_a_value_is_refused(form, answers):
    row = next(r for r in answers["staff"] if "health_cert_no" in r)
    row["health_cert_no"] += "\n"
    index = answers["staff"].index(row)
    assert codes(judged(form, answers), f"/staff/{index}/health_cert_no") == {"pattern"}


@pytest.mark.parametrize("count", [50, 2000])
def test_every_bad_row_is_named_however_many(form, answers, count):
    answers["sign_items"] = [{"id": f"x{i}"} for i in range(count)]
    issues = judged(form, answers)
    assert len({i.pointer.split("/")[2] for i in issues if i.pointer.startswith("/sign_items/")}) == count
    assert all(i.because is None for i in issues if i.code == "required" and i.pointer.startswith("/sign_items/"))


LISTED = library(
    {"s": subject({"kind": {"type": "string", "enum": ["a", "b"]}}), "t": rows({"n": text(), "k": whole()})},
    {
        "f": department(
            "f",
            {
                "kind": {"x-element": "s.kind", "enum": ["a", "b"]},
                "t": {
                    "type": "array",
                    "x-element": {"rows": {"list": "t"}},
                    "maxItems": 2,
                    "items": {
                        "type": "object",
                        "properties": {"n": {"title": "n", "type": "string", "x-element": "t.n"}},
                        "required": ["n"],
                    },
                },
            },
            required=["kind"],
            allOf=[
                {
                    "if": {"properties": {"kind": {"const": "a"}}, "required": ["kind"]},
                    "then": {"required": ["t"]},
                    "else": {"properties": {"t": False}},
                }
            ],
        )
    },
)


@pytest.mark.parametrize("left", [[{"n": 5}, 3, {}], 7, [{"n": "甲"}] * 9, [{"id": 3}], "x", {}])
def test_a_hidden_list_is_no_part_of_the_submission(left):
    form = formengine.merge(LISTED, "try")
    assert judged(form, {"s": {"kind": "b"}, "t": left}) == []
    assert formengine.split(form, {"s": {"kind": "b"}, "t": left})["f"].values == {"kind": "b"}
    assert judged(form, {"s": {"kind": "a"}, "t": left})


def test_a_refusal_that_nobody_can_explain_is_an_issue_of_its_own(monkeypatch):
    form = formengine.merge(LISTED, "try")
    answers = {"s": {"kind": "a"}, "t": [{"n": "甲"}]}
    assert judged(form, answers) == []

    class Refusing:
        def is_valid(self, value):
            return False

        def iter_errors(self, value):
            return iter(())

    form.__dict__["department_validators"] = {"f": Refusing()}
    assert [i.code for i in judged(form, answers)] == ["unexplained_form"]
    del form.__dict__["department_validators"]
    form.__dict__["validator"] = Refusing()
    assert [i.code for i in judged(form, answers)] == ["unexplained"]
    assert list(failures_of(Refusing(), {})) == []


def test_a_tables_own_definitions_are_read():
    node = {
        "type": "array",
        "x-element": {"rows": {"list": "t"}},
        "items": {
            "type": "object",
            "properties": {"n": {"title": "n", "x-element": "t.n", "$ref": "#/$defs/short"}},
            "required": ["n"],
        },
    }
    made = department("f", {"t": node}, **{"$defs": {"short": {"$ref": "#/$defs/less"}, "less": {"maxLength": 2}}})
    form = formengine.merge(library({"t": rows({"n": text()})}, {"f": made}), "try")
    assert judged(form, {"t": [{"n": "甲乙"}]}) == []
    assert [(i.pointer, i.code) for i in judged(form, {"t": [{"n": "甲乙丙"}]})] == [("/t/0/n", "maxLength")]


@pytest.mark.parametrize("target", ["#/$defs/a", "#/$defs/none", "other.json#/x", "https://example.com/x"])
def test_a_reference_that_leads_nowhere_is_named(target):
    made = department("f", {"n": {"x-element": "s.n", "$ref": target}}, **{"$defs": {"a": {"$ref": "#/$defs/a"}}})
    with pytest.raises(formengine.TemplateError, match="引用"):
        library({"s": subject({"n": text()})}, {"f": made})


@pytest.mark.parametrize("case", CASES[::5], ids=lambda case: f"{case[0]}-{name(case[1])}")
def test_an_acceptance_is_one_of_every_judge(case):
    form, answers = merged(*case), submission(*case, 1)
    assert formengine.validate(form, answers, TODAY) == []
    assert form.validator.is_valid(answers)
    for form_id, filing in formengine.split(form, answers).items():
        assert form.department_validators[form_id].is_valid(filing.values)


def test_of_very_many_unreadable_places_the_first_are_named(form, answers):
    answers["staff"] = [{"id": "\ud800", "name": float("nan")} for _ in range(5000)]
    issues = judged(form, answers)
    assert 500 < len(issues) < 5000
    assert {"text", "unreadable"} <= {i.code for i in issues}


def test_what_leads_back_to_itself_gets_an_answer(form, answers):
    loop = {"a": {}, "b": {}}
    loop["a"]["x"] = loop["a"]["y"] = loop["b"]["z"] = loop
    answers["entity"]["name"] = loop
    assert judged(form, answers)
    with pytest.raises(formengine.FormEngineError):
        formengine.split(form, answers)
