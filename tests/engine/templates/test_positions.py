"""An author is sent to the line and column where a value stands."""

import json
import random

import pytest

from formengine.paths import keys_in
from formengine.templates.positions import positions, repeated

TEXT = """{
  "a": 1,
  "b~/c": [true, {"d": "}\\"]"}],
\t"": null
}"""


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ("", (1, 1)),
        ("/a", (2, 8)),
        ("/b~0~1c", (3, 11)),
        ("/b~0~1c/0", (3, 12)),
        ("/b~0~1c/1", (3, 18)),
        ("/b~0~1c/1/d", (3, 24)),
        ("/", (4, 6)),
    ],
)
def test_every_value_has_a_line_and_a_column(where, place):
    assert positions(TEXT)[where] == place


def nested(dice, depth=0):
    kind = dice.choice(["text", "number", "list", "object"] if depth < 4 else ["text", "number"])
    if kind == "text":
        return "".join(dice.choice('ab"\\{}[],:~/\n中 ') for _ in range(dice.randrange(6)))
    if kind == "number":
        return dice.choice([0, -1, 1.5, 1e300, True, None])
    inner = [nested(dice, depth + 1) for _ in range(dice.randrange(4))]
    return inner if kind == "list" else {nested_key(dice): value for value in inner}


def nested_key(dice):
    return "".join(dice.choice('a"~/\\中') for _ in range(3))


def value_at_pointer(data, where):
    for key in keys_in(where):
        data = data[int(key)] if isinstance(data, list) else data[key]
    return data


@pytest.mark.parametrize("seed", range(20))
def test_what_stands_there_is_the_value_that_the_pointer_names(seed):
    dice = random.Random(seed)
    data = nested(dice)
    text = json.dumps(data, ensure_ascii=bool(seed % 2), indent=dice.choice([None, 0, 3]))
    lines = text.split("\n")
    for where, (line, column) in positions(text).items():
        rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        assert json.JSONDecoder().raw_decode(rest)[0] == value_at_pointer(data, where)


def test_a_key_that_stands_twice_is_found_where_it_stands_again():
    text = '{"a": {"b": 1, "c": {"b": 2},\n "b": 3}, "d": [{"e": 1, "e": 2}], "a": 4}'
    assert repeated(text) == [("/a/b", 2, 2), ("/d/0/e", 2, 26), ("/a", 2, 36)]
    assert repeated('{"a": 1, "b": {"a": 2}}') == []
