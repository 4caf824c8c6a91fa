"""Law 1: a limit that the merged form does not keep is refuted, however it came to be wider."""

from dataclasses import replace

import pytest
from tiny import department, library, subject, text, whole

from formengine.authoring.prove import proofs, too_wide
from formengine.conditions import TRUE, atom
from formengine.merging.merge import joined, printed
from formengine.merging.plan import make_plan

SHOP = {
    "shop": subject(
        {
            "name": text(),
            "day": {"type": "string", "minLength": 1, "maxLength": 30},
            "kind": {"type": "string", "enum": ["1", "2", "3"]},
            "beds": whole(0, 900),
        }
    )
}
FORM = department(
    "f",
    {
        "n": {"type": "string", "x-element": "shop.name", "pattern": "^[0-9]{3}$", "maxLength": 9},
        "d": {"type": "string", "x-element": "shop.day", "format": "date"},
        "k": {"x-element": "shop.kind", "enum": ["1", "2"]},
        "b": {"type": "integer", "x-element": "shop.beds", "maximum": 20},
    },
    required=["k"],
    allOf=[
        {"if": {"properties": {"k": {"const": "1"}}, "required": ["k"]}, "then": {"properties": {"b": {"minimum": 5}}}}
    ],
)
PLANTED = {
    "pattern": ("shop.name", {"type": "string", "pattern": "^[0-9]{3,4}$", "maxLength": 9}),
    "length": ("shop.name", {"type": "string", "maxLength": 10}),
    "format": ("shop.day", {"type": "string", "maxLength": 10}),
    "option": ("shop.kind", {"enum": ["1", "2", "3"]}),
    "range": ("shop.beds", {"type": "integer", "maximum": 21}),
}


def merged():
    made = library(SHOP, {"f": FORM})
    return joined(made, make_plan(made, made.scenarios["try"], {}))


def verdicts(form):
    return {one.what: one.verdict() for one in proofs(form)}


def planted(form, path, change):
    """The form with what its department says of one field changed."""
    field = form.fields[path]
    field.clauses[:] = [change(c) if c.source.form and c.kind == "value" else c for c in field.clauses]
    form.clauses[:] = [change(c) if c.source.form and c.path == path and c.kind == "value" else c for c in form.clauses]
    return form


def test_what_is_kept_is_proved():
    form = printed(merged())
    assert set(verdicts(form).values()) == {"proved"}
    assert list(too_wide(form)) == []


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_wider_limit_is_refuted(name):
    path, schema = PLANTED[name]
    form = planted(merged(), path, lambda clause: replace(clause, schema=schema))
    assert [what for what, verdict in verdicts(form).items() if verdict == "refuted"] == [
        next(what for what in verdicts(form) if what.endswith(path))
    ]
    assert [what.rpartition(" ")[2] for what in too_wide(printed(form))] == [path]


def test_a_planted_condition_under_which_a_limit_no_longer_holds_is_refuted():
    sometimes = atom("shop.name", {"const": "100"})
    form = planted(merged(), "shop.beds", lambda clause: replace(clause, guard=sometimes))
    assert [what for what, verdict in verdicts(form).items() if verdict == "refuted"] == ["f.b ← shop.beds"]


def test_a_limit_that_another_form_keeps_by_chance_is_no_proof():
    """Without the other form the limit would be gone, so the other form's clauses are no part of the proof."""
    other = department("g", {"b": {"type": "integer", "x-element": "shop.beds", "maximum": 10}})
    made = library(SHOP, {"f": FORM, "g": other})
    form = joined(made, make_plan(made, made.scenarios["try"], {}))
    form.fields["shop.beds"].clauses[:] = [c for c in form.fields["shop.beds"].clauses if c.source.form != "f"]
    assert verdicts(form)["f.b ← shop.beds"] == "refuted"


def test_a_limit_under_a_condition_is_proved_under_that_condition_and_refuted_where_it_is_wider():
    assert [one.verdict() for one in proofs(merged()) if one.what.startswith("f.b")] == ["proved", "proved"]
    conditional = planted(merged(), "shop.beds", lambda c: replace(c, schema={"minimum": 4}) if c.guard != TRUE else c)
    assert sorted(one.verdict() for one in proofs(conditional) if one.what.startswith("f.b")) == ["proved", "refuted"]
