"""A licence says what was answered, by its own codes, and what was decided of it."""

from tiny import department, library, subject, text, whole

import formengine
from formengine.answers.licence import Issuance, licence_values

KIND = {"oneOf": [{"const": "1", "title": "大"}, {"const": "2", "title": "小"}]}
PAPER = {
    "title": "证",
    "properties": {
        "no": {"title": "证号", "x-element": {"own": "number"}, "type": "string"},
        "name": {"title": "名称", "x-element": "shop.name", "type": "string"},
        "kind": {
            "title": "类型",
            "x-element": {"map": {"element": "shop.kind", "codes": {"1": "大", "2": "小"}}},
            "type": "string",
        },
        "seats": {"title": "座位", "x-element": "shop.seats", "type": "integer"},
    },
    "x-yields": {"shop.code": "no"},
}


def test_answers_decisions_and_nothing_else_stand_on_it():
    forms = {
        "a": department(
            "a",
            {code: {"x-element": f"shop.{code}"} for code in ("name", "kind", "seats")},
            required=["name"],
            **{"x-licence": "paper"},
        )
    }
    subjects = {"shop": subject({"name": text(), "kind": KIND, "seats": whole(), "code": text()})}
    made = library(subjects, forms, licences={"paper": PAPER})
    form, paper = formengine.merge(made, "try"), made.licences["paper"]
    answers = {"shop": {"name": "店", "kind": "2"}}
    assert licence_values(form, paper, answers, Issuance()) == {"name": "店", "kind": "小"}
    decided = Issuance(own={"paper": {"no": "A1"}, "other": {"no": "B2"}}, elements={"shop.seats": 8})
    assert licence_values(form, paper, answers, decided) == {"no": "A1", "name": "店", "kind": "小", "seats": 8}
