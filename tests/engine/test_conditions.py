"""Conditions: read from the short form, simplified by what is known, taken apart around a list."""

import random

import pytest

from formengine.conditions import (
    FALSE,
    TRUE,
    All,
    AnyOf,
    Atom,
    Has,
    Not,
    all_of,
    any_of,
    assume,
    atom,
    atoms_of,
    canonical,
    has_rows,
    negate,
    parse,
    parts_of,
    paths_of,
    plain_paths,
    present,
    rewrite,
    split_guard,
    units_of,
)
from formengine.errors import MixedConditionError
from formengine.evaluate import compile_condition
from formengine.rows import Cells

COMPANY = parse({"entity.kind": "company"})
PERSON = parse({"entity.kind": "person"})
LARGE = atom("shop.area", {"type": "number", "minimum": 300})


@pytest.mark.parametrize(
    ("short", "found"),
    [
        (True, TRUE),
        (False, FALSE),
        ({}, TRUE),
        ({"a.b": "x"}, Atom("a.b", '{"const":"x"}')),
        ({"a.b": ["x", "y"]}, Atom("a.b", '{"enum":["x","y"]}')),
        ({"a.b": {"minimum": 2}}, Atom("a.b", '{"minimum":2}')),
        ({"a.b": False}, Atom("a.b", '{"const":false}')),
        ({"a.b": 1, "c.d": 2}, All((Atom("a.b", '{"const":1}'), Atom("c.d", '{"const":2}')))),
        ([{"a.b": 1}, {"c.d": 2}], AnyOf((Atom("a.b", '{"const":1}'), Atom("c.d", '{"const":2}')))),
    ],
)
def test_the_short_form_is_read(short, found):
    assert parse(short) == found


def test_what_is_said_twice_counts_once_and_what_is_sure_is_left_out():
    assert all_of([COMPANY, TRUE, COMPANY]) == COMPANY
    assert any_of([COMPANY, FALSE, COMPANY]) == COMPANY
    assert all_of([]) == TRUE
    assert any_of([]) == FALSE


@pytest.mark.parametrize("cond", [COMPANY, Has("staff", TRUE), LARGE])
def test_a_condition_and_its_opposite_exclude_each_other_and_leave_nothing_out(cond):
    assert all_of([cond, negate(cond)]) == FALSE
    assert any_of([cond, negate(cond)]) == TRUE


@pytest.mark.parametrize("cond", [COMPANY, Has("staff", TRUE), All((COMPANY, LARGE)), AnyOf((COMPANY, LARGE))])
def test_the_opposite_of_the_opposite_is_the_condition_itself(cond):
    assert negate(negate(cond)) == cond


def test_two_values_of_one_thing_exclude_each_other():
    assert all_of([COMPANY, PERSON]) == FALSE
    assert all_of([COMPANY, negate(PERSON)]) == COMPANY
    assert all_of([present("entity.kind"), COMPANY]) == COMPANY


def test_ranges_of_numbers_are_told_apart():
    small = atom("shop.area", {"type": "number", "exclusiveMaximum": 300})
    larger = atom("shop.area", {"type": "number", "minimum": 500})
    assert all_of([LARGE, small]) == FALSE
    assert assume(LARGE, [larger]) == TRUE
    assert assume(larger, [LARGE]) == larger


def test_what_is_known_decides():
    either = AnyOf((COMPANY, LARGE))
    assert assume(either, [COMPANY]) == TRUE
    assert assume(either, [PERSON]) == LARGE
    assert assume(Not(COMPANY), [COMPANY]) == FALSE


def test_the_parts_and_units_of_a_condition():
    both = all_of([COMPANY, negate(AnyOf((LARGE, present("shop.plan"))))])
    assert set(units_of(both)) == {COMPANY, Not(LARGE), Not(present("shop.plan"))}
    assert parts_of(COMPANY) == (COMPANY,)
    assert len(parts_of(both)) == 2


def test_every_path_is_found_those_about_rows_too():
    rows = Has("staff", All((present("staff.name"), COMPANY)))
    whole = All((rows, LARGE))
    assert set(paths_of(whole)) == {"staff", "staff.name", "entity.kind", "shop.area"}
    assert set(plain_paths(whole)) == {"shop.area"}
    assert {one.path for one in atoms_of(whole)} == {"staff.name", "entity.kind", "shop.area"}
    assert has_rows(Not(whole))
    assert not has_rows(LARGE)


def test_atoms_are_replaced_and_the_rest_simplified():
    def company_alone(node):
        return TRUE if node == COMPANY else node

    assert rewrite(All((COMPANY, LARGE)), company_alone) == LARGE
    assert rewrite(Has("staff", COMPANY), lambda node: FALSE) == FALSE


COOKS = parse({"staff.cooks": True})


@pytest.mark.parametrize(
    ("cond", "pairs"),
    [
        (COOKS, [(TRUE, COOKS)]),
        (COMPANY, [(COMPANY, TRUE)]),
        (all_of([COOKS, COMPANY]), [(COMPANY, COOKS)]),
        (any_of([COOKS, COMPANY]), [(TRUE, COOKS), (COMPANY, TRUE)]),
        (negate(all_of([COOKS, COMPANY])), [(TRUE, negate(COOKS)), (negate(COMPANY), TRUE)]),
        (negate(any_of([COOKS, COMPANY])), [(negate(COMPANY), negate(COOKS))]),
        (Has("staff", COOKS), [(Has("staff", COOKS), TRUE)]),
        (negate(Has("staff", COOKS)), [(negate(Has("staff", COOKS)), TRUE)]),
        (all_of([COOKS, negate(Has("staff", COOKS))]), [(negate(Has("staff", COOKS)), COOKS)]),
    ],
)
def test_a_guard_is_parted_into_what_is_about_the_row_and_what_is_not(cond, pairs):
    assert list(split_guard(cond, "staff")) == pairs


def test_without_a_list_there_is_nothing_to_part():
    assert list(split_guard(COOKS, "")) == [(COOKS, TRUE)]


def random_condition(rng, depth=3):
    leaves = [COMPANY, PERSON, LARGE, COOKS, parse({"staff.age": {"type": "number", "minimum": 18}})]
    if depth == 0 or rng.random() < 0.3:
        found = rng.choice([*leaves, Has("staff", COOKS)])
        return negate(found) if rng.random() < 0.4 else found
    made = [random_condition(rng, depth - 1) for _ in range(rng.randrange(2, 4))]
    return rng.choice([all_of, any_of])(made)


def random_row(rng):
    around = {"entity.kind": rng.choice(["company", "person"]), "shop.area": rng.choice([10, 300, 500])}
    if rng.random() < 0.2:
        del around["shop.area"]
    rows = []
    for place in range(rng.randrange(1, 3)):
        row = Cells(around, "staff", place)
        row.columns["staff.cooks"] = rng.random() < 0.5
        if rng.random() < 0.8:
            row.columns["staff.age"] = rng.choice([17, 18, 60])
        rows.append(row)
    around["staff"] = rows
    return rows[0]


@pytest.mark.parametrize("seed", range(60))
def test_simplifying_and_parting_change_no_verdict(seed):
    rng = random.Random(seed)
    cond = random_condition(rng)
    try:
        pairs = list(split_guard(cond, "staff"))
    except MixedConditionError:
        pairs = []
    for _ in range(20):
        row = random_row(rng)
        verdict = compile_condition(cond)(row)
        assert compile_condition(negate(cond))(row) is not verdict
        if pairs:
            parted = any(compile_condition(o)(row.around) and compile_condition(i)(row) for o, i in pairs)
            assert parted is verdict


def test_equal_values_have_one_text_whatever_the_order_of_their_keys():
    assert canonical({"b": 1, "a": [True, None]}) == canonical({"a": [True, None], "b": 1})
    assert canonical("字") == '"字"'
