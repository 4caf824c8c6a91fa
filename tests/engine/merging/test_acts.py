"""One tick or one signature makes several departments' own answers; what the law keeps apart stands apart."""

from tiny import department, library, subject, text

import formengine
from formengine import acts


def own(kind, **more):
    node = {"type": "boolean", "const": True} if kind in ("declaration", "consent") else {"type": "string"}
    return {**node, "x-element": {"own": kind}, **more}


def acts_of(*forms):
    made = {name: department(name, {"n": {"x-element": "shop.name", "type": "string"}, **p}) for name, p in forms}
    form = formengine.merge(library({"shop": subject({"name": text()})}, made), "try")
    return [(act.kind, act.paths) for act in acts(form)]


def test_declarations_of_all_departments_are_one_act_and_signatures_another():
    found = acts_of(
        ("a", {"s": own("signature"), "d": own("declaration")}), ("b", {"d": own("declaration"), "s": own("signature")})
    )
    assert found == [("declaration", ("own.a.d", "own.b.d")), ("signature", ("own.a.s", "own.b.s"))]


def test_a_named_act_stands_apart_from_the_rest():
    found = acts_of(
        ("a", {"s": own("signature"), "w": own("signature", **{"x-act": "witness"})}), ("b", {"s": own("signature")})
    )
    assert sorted(found) == [("signature", ("own.a.s", "own.b.s")), ("signature", ("own.a.w",))]


def test_every_consent_is_an_act_of_its_own():
    found = acts_of(("a", {"c": own("consent"), "e": own("consent")}), ("b", {"c": own("consent")}))
    assert sorted(paths for _, paths in found) == [("own.a.c",), ("own.a.e",), ("own.b.c",)]


def test_what_is_filled_in_is_no_act_and_kinds_come_in_their_order():
    found = acts_of(
        (
            "a",
            {"z": own("seal"), "s": own("signature"), "c": own("consent"), "d": own("declaration"), "o": own("answer")},
        )
    )
    assert [kind for kind, _ in found] == ["declaration", "consent", "signature", "seal"]
