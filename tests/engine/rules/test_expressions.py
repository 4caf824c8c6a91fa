"""Rules mean what CEL says, on exact decimals; an absent operand makes a rule, or one element, not apply.

The cases follow the CEL language definition, section by section (https://github.com/google/cel-spec, doc/langdef.md).
"""

import pytest

from formengine.errors import ExpressionError
from formengine.rules.expressions import compile_expression, kind_of_expression
from formengine.rules.kinds import ANY, BOOL, INTEGER, NUMBER, TEXT, brought_to, kind_of, list_of, record
from formengine.rules.operations import NotApplicable
from formengine.rules.parsing import variables


def run(text, /, **values):
    """What the expression gives; None where it does not apply."""
    try:
        return compile_expression(text)({name: brought_to(value, ANY) for name, value in values.items()})
    except NotApplicable:
        return None


def cases(*found):
    return pytest.mark.parametrize(("text", "values", "wanted"), found, ids=[f[0] for f in found])


ROWS = [{"n": "a", "w": 5}, {"n": "b"}, {"n": "c", "w": 90}]


@cases(
    ("1 == 1.0", {}, True),
    ("1u == 1", {}, True),
    ("0x1F == 31", {}, True),
    ("1.5e3 == 1500", {}, True),
    ("-1 < 0", {}, True),
    ("true && !false", {}, True),
    ("'a' == \"a\"", {}, True),
    ("'''a'b''' == \"a'b\"", {}, True),
    (r"'\n' == '\x0a' && '\u4e2d' == '中' && '\U00020000' == '𠀀' && '\101' == 'A'", {}, True),
    (r"r'\d' == '\\d'", {}, True),
    (r"'\'\"\?\`' == \"'\\\"?`\"".replace(r"\"'\\\"?`\"", '"\'\\"?`"'), {}, True),
    ("[1, 2][1] == 2", {}, True),
    ("[] == []", {}, True),
)
def test_literals_are_read_as_cel_reads_them(text, values, wanted):
    assert run(text, **values) is wanted


@cases(
    ("a + b <= c", {"a": 0.1, "b": 0.2, "c": 0.3}, True),
    ("a == 19.99", {"a": 19.99}, True),
    ("2 * a <= 5.0", {"a": 2.5}, True),
    ("7.0 / 2.0 == 3.5", {}, True),
    ("7 % 3 == 1", {}, True),
    ("-7 % 3 == -1", {}, True),
    ("a % 2 == 1", {"a": 1.5}, None),
    ("a / b > 1", {"a": 1, "b": 0}, None),
    ("a % b > 1", {"a": 1, "b": 0}, None),
    ("a * a - a * a == 0", {"a": 1e300}, True),
    ("-a < 0", {"a": 3}, True),
    ("--a == a", {"a": 3}, True),
    ("a-1 == 2", {"a": 3}, True),
    ("'a' + 'b' == 'ab'", {}, True),
    ("[1] + [2] == [1, 2]", {}, True),
    ("1 + 2 * 3 == 7", {}, True),
    ("(1 + 2) * 3 == 9", {}, True),
    ("10 - 4 - 3 == 3", {}, True),
)
def test_arithmetic_is_exact(text, values, wanted):
    assert run(text, **values) is wanted


@cases(
    ("a < b", {"a": "ab", "b": "b"}, True),
    ("a <= b && a >= b", {"a": 2, "b": 2.0}, True),
    ("false < true", {}, True),
    ("a != b", {"a": [1], "b": [1.0]}, False),
    ("a == b", {"a": True, "b": 1}, False),
    ("a == b", {"a": [True], "b": [1]}, False),
    ("a == b", {"a": {"x": 1}, "b": {"x": 1.0}}, True),
    ("a == b", {"a": {"x": 1}, "b": {"y": 1}}, False),
    ("a == b", {"a": {"x": 1}, "b": {"x": True}}, False),
    ("a == b", {"a": [1], "b": [1, 2]}, False),
    ("a in [1, 2]", {"a": 2.0}, True),
    ("a in ['1', '2']", {"a": "3"}, False),
    ("a in b", {"a": "x", "b": []}, False),
    ("a in b", {"a": "x", "b": "xyz"}, None),
    ("a < b", {"a": 1, "b": "x"}, None),
)
def test_comparing_goes_by_kind(text, values, wanted):
    assert run(text, **values) is wanted


@cases(
    ("a && b", {"a": False}, False),
    ("a && b", {"b": False}, False),
    ("a && b", {"a": True}, None),
    ("a && b", {"b": True}, None),
    ("a || b", {"a": True}, True),
    ("a || b", {"b": True}, True),
    ("a || b", {"a": False}, None),
    ("a || b", {}, None),
    ("!a", {}, None),
    ("!a", {"a": "x"}, None),
    ("a && b", {"a": "x", "b": False}, False),
    ("a && b", {"a": "x", "b": True}, None),
    ("a ? b : c", {"a": True, "b": True}, True),
    ("a ? b : c", {"a": False, "b": True}, None),
    ("a ? b : c", {"b": True, "c": True}, None),
    ("a ? b : c", {"a": 1, "b": True, "c": True}, None),
    ("k == '1' ? a <= 50 : true", {"k": "2"}, True),
    ("a ? b : c ? b : true", {"a": False, "c": False}, True),
)
def test_logic_takes_what_is_decided_and_lets_absence_through(text, values, wanted):
    assert run(text, **values) is wanted


@cases(
    ("t.all(r, r.w <= 60)", {"t": ROWS}, False),
    ("t.all(r, r.w <= 90)", {"t": ROWS}, True),
    ("t.all(r, r.w <= 60)", {"t": [{"w": 90}, {}]}, False),
    ("t.all(r, r.w <= 60)", {"t": [{}, {"w": 90}]}, False),
    ("t.all(r, r.w <= 60)", {"t": [{}, {}]}, True),
    ("t.all(r, r.w <= 60)", {"t": []}, True),
    ("t.all(r, r.w <= 60)", {}, None),
    ("t.all(r, r.w <= c)", {"t": ROWS}, True),
    ("t.exists(r, r.w > 60)", {"t": ROWS}, True),
    ("t.exists(r, r.w > 90)", {"t": ROWS}, False),
    ("t.exists(r, r.w > 1)", {"t": []}, False),
    ("t.exists_one(r, r.w > 60)", {"t": ROWS}, True),
    ("t.exists_one(r, r.w > 1)", {"t": ROWS}, False),
    ("t.exists_one(r, r.p == true)", {"t": [{"p": True}, {}]}, True),
    ("t.map(r, r.w) == [5, 90]", {"t": ROWS}, True),
    ("t.map(r, r.w > 10, r.n) == ['c']", {"t": ROWS}, True),
    ("t.filter(r, r.w > 10).size() == 1", {"t": ROWS}, True),
    ("t.filter(r, r.w > 0)[0].n == 'a'", {"t": ROWS}, True),
    ("t.all(r, u.exists(s, s == r))", {"t": [1, 2], "u": [2, 1]}, True),
    ("t.all(t, t > 0)", {"t": [1]}, True),
    ("sum(t.map(r, r.w)) == 95", {"t": ROWS}, True),
    ("count(t) == 3 && size(t) == 3 && t.size() == 3", {"t": ROWS}, True),
    ("sum([]) == 0", {}, True),
    ("sum(t) > 1", {"t": ["x"]}, None),
)
def test_macros_leave_out_the_elements_they_do_not_apply_to(text, values, wanted):
    assert run(text, **values) is wanted


@cases(
    ("has(r.x)", {"r": {}}, False),
    ("has(r.x) && r.x == 1", {"r": {"x": 1}}, True),
    ("has(a)", {}, False),
    ("has(r.x) || a > 1", {"r": {}, "a": 2}, True),
    ("has(r.x.y)", {}, False),
    ("t[0] == 1", {"t": [1]}, True),
    ("t[1] == 1", {"t": [1]}, None),
    ("t[-1] == 1", {"t": [1]}, None),
    ("t[0.5] == 1", {"t": [1]}, None),
    ("r.x == 1", {"r": {}}, None),
    ("a.size() == 1", {"a": "𠀀"}, True),
    ("a.contains('b') && a.startsWith('a') && a.endsWith('c')", {"a": "abc"}, True),
    ("a.matches('b+')", {"a": "abbc"}, True),
    ("a.matches('^([0-9A-Z]+-?)+$')", {"a": "A" * 60 + "_"}, False),
    ("a.matches('^a$')", {"a": "a\n"}, False),
    ("int('12') + int(3.9) == 15", {}, True),
    ("int(a) == 1", {"a": "x"}, None),
    ("int(-1.9) == -1", {}, True),
    ("double('1.5') == 1.5", {}, True),
    ("double(a) > 0", {"a": "Infinity"}, None),
    ("string(1.50) == '1.5' && string(100.0) == '100' && string(true) == 'true'", {}, True),
    ("d.substring(0, 4) == '2026' && d.substring(8) == '23'", {"d": "2026-11-23"}, True),
    ("d.substring(0, 40) == d", {"d": "2026"}, None),
    ("age(b, d) >= 18", {"b": "2008-11-24", "d": "2026-11-23"}, False),
    ("age(b, d) >= 18", {"b": "2008-11-23", "d": "2026-11-23"}, True),
    ("age(b, d) >= 18", {"b": "2008-13-23", "d": "2026-11-23"}, None),
)
def test_functions_and_fields(text, values, wanted):
    assert run(text, **values) is wanted


KINDS = {
    "a": NUMBER,
    "c": kind_of({"type": "string", "format": "decimal"}),
    "s": TEXT,
    "b": BOOL,
    "tags": list_of(TEXT),
    "t": list_of(record({"w": kind_of({"type": "string", "format": "decimal"}), "n": TEXT})),
    "today": TEXT,
}


@pytest.mark.parametrize(
    "text",
    [
        "a <=", "__import__('os')", "open('x')", "a.b.c(", "s.format(1)", "a = 1", "", "a == null", "b'x' == s",
        "{'a': 1}.a == 1", "T{a: 1} == 1", ".a == 1", "a === 1", "a and b", "'x", "1 2", "type(a) == int",
        "timestamp(s) > timestamp(s)", "duration('1s') > duration('2s')", "dyn(a) == 1", "a ~ 1", "x" * 20_000,
        "(" * 400 + "a" + ")" * 400, r"s == '\q'", r"s == '\ud800'",
    ],
)  # fmt: skip
def test_what_is_no_expression_of_ours_is_refused(text):
    with pytest.raises(ExpressionError):
        compile_expression(text, KINDS)


@pytest.mark.parametrize(
    "text",
    [
        "c == '100.00'", "a < s", "a + s == s", "s * 2 > 1", "'x' in c", "'x' in a", "a in tags", "a && b",
        "!a", "-s < 0",
        "age(s) > 1", "age(s, s, s) > 1", "age(a, s) > 1", "sum(tags) > 1", "sum(a) > 1", "count(a) > 1", "size(a) > 1",
        "t.all(r, r.w)", "t.all(r, r.missing > 1)", "t.all(r)", "t.all(1, true)", "a.all(r, true)",
        "t.map(r, r.n, r.w)",
        "s.matches(s)", "s.matches('(?=a)')", "s.matches('(')", "s.contains(a)", "a.contains('x')", "s.substring('a')",
        "has(1)", "has(a + 1)", "has()", "nothing > 1", "b ? a : s", "a ? a : a", "[1, 'x'] == []", "t < t",
        "t == tags",
        "7 / 2 > 3", "size(t) / 2 > 1", "s[0] == 'x'", "tags['x'] == 'x'", "tags.w == 1", "int(b) == 1",
        "s.size(1) > 1",
    ],
)  # fmt: skip
def test_what_has_the_wrong_kind_is_refused_when_it_is_compiled(text):
    with pytest.raises(ExpressionError, match=r"[一-鿿]"):
        compile_expression(text, KINDS)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a <= 1 && c == 100.00", BOOL),
        ("sum(t.map(r, r.w)) == c", BOOL),
        ("t.all(r, r.w <= 10.0)", BOOL),
        ("a + 1", NUMBER),
        ("count(t) + 1", INTEGER),
        ("s + 'x'", TEXT),
        ("t.map(r, r.n)", list_of(TEXT)),
        ("b ? a : c", NUMBER),
        ("a / 2 > 1", BOOL),
        ("today > s", BOOL),
    ],
)
def test_the_kind_of_an_expression_is_known(text, kind):
    assert kind_of_expression(text, KINDS) == kind


def test_decimal_texts_are_numbers_wherever_the_schema_says_so():
    rows = {"type": "array", "items": {"type": "object", "properties": {"w": {"type": "string", "format": "decimal"}}}}
    kinds = {"t": kind_of(rows), "c": kind_of({"type": "string", "format": "decimal"})}
    rule = compile_expression("sum(t.map(r, r.w)) == c && t.all(r, r.w <= 10.0)", kinds)
    values = {"t": [{"w": "9.5"}, {"w": "0.50"}], "c": "10"}
    assert rule({name: brought_to(value, kinds[name]) for name, value in values.items()}) is True
    values["t"][0]["w"] = "10.5"
    assert rule({name: brought_to(value, kinds[name]) for name, value in values.items()}) is False


def test_the_operands_of_an_expression_are_known():
    assert variables("sum(t.map(r, r.x)) <= a && has(b.c)") == {"t", "a", "b"}
