"""Where a value stands: paths, places, pointers, and reading and writing answers by them."""

import pytest

from formengine.paths import (
    MISSING,
    Place,
    drop,
    holders,
    keys_in,
    keys_of,
    name_of,
    pointer,
    put,
    subject_of,
    value_at,
)

ANSWERS = {"shop": {"name": "店"}, "own": {"a": {"x.y": 1}}, "staff": [{"n": "甲"}], "facts": {"area": None}}


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("shop.name", ("shop", "name")),
        ("shop.place.town", ("shop", "place.town")),
        ("own.form-a.code", ("own", "form-a", "code")),
        ("own.form-a.co.de", ("own", "form-a", "co.de")),
        ("staff", ("staff",)),
    ],
)
def test_a_path_leads_by_its_keys(path, keys):
    assert keys_of(path) == keys


def test_a_path_names_its_subject_and_what_of_it():
    assert (subject_of("staff.name"), name_of("staff.name")) == ("staff", "name")
    assert (subject_of("staff"), name_of("staff")) == ("staff", "")


@pytest.mark.parametrize(
    ("path", "value"),
    [("shop.name", "店"), ("own.a.x.y", 1), ("facts.area", None), ("shop.none", MISSING), ("shop.name.x", MISSING)],
)
def test_a_value_is_read_where_its_path_says(path, value):
    assert value_at(ANSWERS, path) is value


@pytest.mark.parametrize("junk", [None, 3, "x", [], [{}]])
def test_nothing_stands_in_what_is_no_object(junk):
    assert value_at(junk, "shop.name") is MISSING
    assert value_at({"shop": junk}, "shop.name") is MISSING


def test_what_is_put_is_read_again_and_what_is_in_the_way_makes_room():
    answers = {"shop": 3}
    put(answers, "shop.name", "店")
    put(answers, "own.a.b", True)
    assert answers == {"shop": {"name": "店"}, "own": {"a": {"b": True}}}
    put(answers, "own.a.b", MISSING)
    assert answers == {"shop": {"name": "店"}}


def test_what_is_dropped_takes_the_objects_that_held_nothing_else_with_it():
    answers = {"own": {"a": {"b": 1}, "c": {"d": 2}}, "shop": {"name": "店", "area": 3}, "staff": []}
    for path in ("own.a.b", "shop.area", "shop.none", "none.at.all", "staff"):
        drop(answers, path)
    assert answers == {"own": {"c": {"d": 2}}, "shop": {"name": "店"}}


@pytest.mark.parametrize(
    ("place", "where"),
    [
        (Place(""), ""),
        (Place("shop.name"), "/shop/name"),
        (Place("staff"), "/staff"),
        (Place("staff.name", 2), "/staff/2/name"),
        (Place("staff.home", 0, ("town",)), "/staff/0/home/town"),
        (Place("own.a.b/c~d"), "/own/a/b~1c~0d"),
    ],
)
def test_a_place_has_a_pointer(place, where):
    assert place.pointer == where


def test_a_value_is_put_in_its_row_and_nowhere_else():
    answers = {"staff": [{"n": "甲"}, 3]}
    for row, value in ((0, "乙"), (1, "丙"), (9, "丁")):
        Place("staff.n", row).put(answers, value)
    Place("shop.name").put(answers, "店")
    assert answers == {"staff": [{"n": "乙"}, 3], "shop": {"name": "店"}}


@pytest.mark.parametrize("keys", [["a"], ["a/b", "~", "~1"], ["", "0"], []])
def test_a_pointer_gives_its_keys_back(keys):
    assert keys_in(pointer(*keys)) == keys


def test_the_holders_of_a_value_are_named_from_the_nearest():
    assert list(holders("/a/0/b")) == ["/a/0", "/a"]
    assert list(holders("/a")) == list(holders("")) == []
