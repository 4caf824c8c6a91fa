"""Patterns are ECMA-262 with the flag u, judged by one engine in linear time; what is outside is named."""

import json
import random
import subprocess

import pytest
from tiny import TODAY, department, library, subject

import formengine
from formengine.errors import PatternError
from formengine.formats import FORMATS
from formengine.judges import compiled, compiled_to_refuse, matches
from formengine.patterns import fault, for_engine

TAKEN = [
    r"\p{Script=Han}", r"\p{sc=Han}", r"\p{L}", r"\P{gc=Lu}", "(?<y>a)", r"\u{20000}", r"\uD840\uDC00", r"\u4e00-",
    "^([0-9A-Z]+-?)+$", r"\d", r"\w", r"[^\s]", r"\cA", "[^]", "[]", r"\/", r"\x41", "[a&&b]", "[[a]", "[~~]", "[+--]",
    ".", "^.$", "a|b|", "(?:)", "()", r"[#\-]", "a-b", r"[a\]b]", r"\0", r"[\b]", "a*?", "[-a]", "[a-]", r"[\w-]",
    "^.*(企业|公司).*$", r"^[^0-9<>{}\[\]\\|]+$", "𠀀+", "[𠀀-𠀅]", "$a", "a^b", "(?:^a|b)$", "a{2}", "a{2,}?", "^a$",
]  # fmt: skip
REFUSED = [
    r"a\Z", "(a", "a)", "[a", r"[\d-x]", r"\-", "a{,3}", "(?i)a", "a++", "[[a]b]", r"\h", r"\A", "(?P<n>a)", r"\e",
    "^*",
    "a{2,1}", "[b-a]", r"\p{Han}", r"\p{sc=Foo}", "{", "}", "]", r"\q", r"\_", "\\",
]  # fmt: skip
BEYOND = [
    "(?=a)b",
    "(?!a)b",
    "(?<!a)b",
    "(?<=a)b",
    r"(a)\1",
    r"(?<n>a)\k<n>",
    r"\b",
    "(?:a{1000}){1000}",
    r"\uDC00\uD840",
]
VALUES = [
    "a", "A", "b", "", "中", "𠀀", "𠀃", "\n", "\r", "a\n", "&", "-", "a-b", "[", "]", "a]", "~", "+", ",", "1", "１",
    "\u3000", "\ufeff", "\u0085", "AB", "\x08", "\0", "\x01", "企业A", "_", "/", "aa", "b]", "{", "\u2028", "é",
]  # fmt: skip


@pytest.mark.parametrize("pattern", TAKEN)
def test_a_pattern_of_ecma_262_is_judged(pattern):
    assert fault(pattern) == ""


@pytest.mark.parametrize("pattern", [*REFUSED, *BEYOND])
def test_a_pattern_outside_is_named_in_chinese(pattern):
    with pytest.raises(PatternError, match=r"[一-鿿]"):
        for_engine(pattern)


@pytest.mark.parametrize("depth", [10, 5000])
def test_a_pattern_of_any_size_gets_an_answer(depth):
    assert fault("(" * depth + "a" + ")" * depth) == "" or depth > 100


def test_a_javascript_engine_agrees_on_every_pattern_and_value(node):
    program = """
      const [patterns, values] = JSON.parse(require("fs").readFileSync(0, "utf8"));
      console.log(JSON.stringify(patterns.map(p => {
        try { const r = new RegExp(p, "u"); return values.map(v => r.test(v)); } catch (e) { return null; }
      })));"""
    patterns = TAKEN + REFUSED
    done = subprocess.run(
        [node, "-e", program], input=json.dumps([patterns, VALUES]), capture_output=True, text=True, timeout=60
    )
    for pattern, theirs in zip(patterns, json.loads(done.stdout), strict=True):
        ours = None if fault(pattern) else [matches(pattern, value) for value in VALUES]
        assert ours == theirs, pattern


def test_the_judge_and_who_explains_read_a_line_end_alike():
    assert not matches("^a$", "a\n")
    assert matches("^.$", "\u0085")
    assert not matches("^.$", "\u2028")


def form_with(pattern):
    node = {"type": "string", "minLength": 1, "maxLength": 40, "pattern": pattern, "examples": ["AB"]}
    forms = {"f": department("f", {"code": {"type": "string", "x-element": "s.code"}})}
    return formengine.merge(library({"s": subject({"code": node})}, forms), "try")


def test_a_pattern_that_backtracks_is_answered_and_explained_at_once():
    form = form_with("^([0-9A-Z]+-?)+$")
    assert [i.code for i in formengine.validate(form, {"s": {"code": "A" * 38 + "_"}}, TODAY)] == ["pattern"]


@pytest.mark.parametrize("pattern", ["(a", r"a\Z", "(?=a)b"])
def test_a_template_with_another_pattern_is_not_merged(pattern):
    with pytest.raises(formengine.TemplateError) as found:
        form_with(pattern)
    assert [f.code for f in found.value.faults] == ["pattern"]
    assert pattern in str(found.value)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_judge_that_only_refuses_gives_the_verdicts_of_the_one_that_explains(name):
    rng = random.Random(name)
    values = [FORMATS[name].generate(rng) for _ in range(40)]
    for value in list(values):
        at = rng.randrange(len(value))
        values += [
            value[:at] + rng.choice("0A9Zx-/中 ") + value[at + 1 :],
            value + rng.choice("0A\n "),
            value[1:],
            5,
            None,
        ]
    for schema in (
        {"format": name},
        {"format": name, "pattern": "[0-9]", "type": "string"},
        {"not": {"format": name}},
        {"properties": {"format": {"format": name}}, "anyOf": [{"format": name}, {"maxLength": 3}]},
    ):
        explains, refuses = compiled(schema), compiled_to_refuse(schema)
        assert [explains.is_valid(v) for v in values] == [refuses.is_valid(v) for v in values]
        assert [explains.is_valid({"format": v}) for v in values] == [refuses.is_valid({"format": v}) for v in values]
