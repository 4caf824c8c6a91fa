"""What can be read off a rule without computing it."""

import pytest

from formengine.errors import ExpressionError
from formengine.rules.parsing import bare, columns_in, comparisons_of, parse, variables


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("area > 0.0", [("area", {"exclusiveMinimum": 0})]),
        ("area >= 1.5", [("area", {"minimum": 1.5})]),
        ("area < 10 && area <= 9", [("area", {"exclusiveMaximum": 10}), ("area", {"maximum": 9})]),
        ("10 > area", [("area", {"exclusiveMaximum": 10})]),
        ("10 <= area", [("area", {"minimum": 10})]),
        ("area == 3", [("area", {"const": 3})]),
        ("(area) > (0) && (beds > 2 && true)", [("area", {"exclusiveMinimum": 0}), ("beds", {"exclusiveMinimum": 2})]),
        ("area > 0 || beds > 0", []),
        ("!(area > 0)", []),
        ("area > beds", []),
        ("name == 'a'", []),
        ("area + 1 > 2", []),
        ("area != 3", []),
        ("a ? area > 1 : area > 2", []),
    ],
)
def test_what_a_rule_demands_of_its_variables_alone(text, wanted):
    assert comparisons_of(text) == wanted


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a.b + c > size(d)", {"a", "c", "d"}),
        ("rows.all(r, r.w > limit)", {"rows", "limit"}),
        ("rows.filter(r, r.w > 0).map(r, r.n) == names", {"rows", "names"}),
        ("rows.all(r, r.inner.exists(s, s == r.w && s > t))", {"rows", "t"}),
        ("rows.all(r, r > 0) && r > 0", {"rows", "r"}),
        ("[a, b][0] == 'c'", {"a", "b"}),
        ("true", set()),
    ],
)
def test_the_names_that_a_rule_reads(text, names):
    assert variables(text) == names


@pytest.mark.parametrize(
    ("text", "telling", "wanted"),
    [
        ("r.w > 0 && r.n == 'a'", False, {"w", "n"}),
        ("r.w > r.v || s.u > 1", False, {"w", "v"}),
        ("r.w > 0 && r.n == 'a'", True, {"w"}),
        ("r.n == 'a' || r.v", True, set()),
    ],
)
def test_the_columns_that_the_test_of_a_row_reads(text, telling, wanted):
    assert set(columns_in(parse(text), "r", telling)) == wanted


@pytest.mark.parametrize("text", ["a >", "", "a = b", "rows.all(r.x, r > 0) +", "a ? b"])
def test_what_is_no_expression_is_refused_with_its_place(text):
    with pytest.raises(ExpressionError, match=r"不是合法的 CEL 表达式.*行.*列"):
        parse(text)


@pytest.mark.parametrize("text", [None, 5, "a" * 10_001])
def test_what_is_no_text_or_too_long_is_refused(text):
    with pytest.raises(ExpressionError, match="一万字"):
        parse(text)


def test_the_first_item_of_a_macro_is_a_name():
    for text in ("rows.all(r.x, true)", "rows.map(1, true)", "rows.filter([r], true)"):
        with pytest.raises(ExpressionError, match="变量名"):
            variables(text)


def test_a_node_is_freed_of_what_only_holds_it():
    assert bare(parse("((a))")).data == "ident"
    assert bare(parse("a + b")).data == "addition"
    assert bare("text") == "text"
