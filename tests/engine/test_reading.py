"""What can be read at all: JSON as two programs agree on it; what cannot is named by its place and left out."""

import pytest

from formengine.reading import DEPTH, LARGEST, is_json, read, readable


def deep(levels):
    value = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("value", [None, True, 1, 1.5, "字", [], {}, {"a": [1, {"b": None}]}, deep(DEPTH - 1)])
def test_json_is_json(value):
    assert is_json(value)
    assert readable(value) == (value, [])


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        10**400,
        "\ud800",
        {"\udfff": 1},
        {1: 2},
        (1, 2),
        pytest.param(object(), id="an object"),
        deep(DEPTH + 1),
        [LARGEST * 10],
    ],
    ids=repr,
)
def test_what_no_two_programs_agree_on_is_none(value):
    assert not is_json(value)


def test_texts_are_gathered_while_reading():
    assert read({"a": "甲", "b": ["乙", {"c": "丙"}], "d": 3}) == "甲\n乙\n丙"
    assert read([]) == ""


def test_what_cannot_be_read_is_named_and_the_rest_is_kept():
    kept, faults = readable({"a": "\ud800", "b": [1, float("nan"), 2], "c": {"ok": "字", "\ud800": 1}})
    assert kept == {"b": [1, 2], "c": {"ok": "字"}}
    assert [(fault.keys, fault.code) for fault in faults] == [
        (("a",), "text"),
        (("b", 1), "unreadable"),
        (("c",), "text"),
    ]


def test_what_holds_itself_ends():
    loop: list = []
    loop.append(loop)
    kept, faults = readable({"a": loop, "b": 1})
    assert kept["b"] == 1
    assert faults
    assert not is_json(loop)
