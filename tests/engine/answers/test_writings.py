"""What people write in many ways is brought to one before it is judged; what has no other writing stays."""

import pytest
from tiny import department, library, rows, subject, text

import formengine
from formengine.answers.writings import in_one_writing

CODE = {"type": "string", "pattern": "^[A-Z]{2}[0-9]{2}$", "examples": ["AB12"]}
PHONE = {"type": "string", "format": "phone"}
SUBJECTS = {"shop": subject({"name": text(), "phone": PHONE}), "staff": rows({"phone": PHONE})}
FORM = department(
    "a",
    {
        "mc": {"x-element": "shop.name", "type": "string"},
        "dh": {"x-element": "shop.phone", "type": "string"},
        "bh": {"title": "编号", "x-element": {"own": "answer"}, **CODE},
        "t": {
            "type": "array",
            "x-element": {"rows": {"list": "staff"}},
            "items": {"properties": {"d": {"title": "电话", "x-element": "staff.phone"}}},
        },
    },
)


@pytest.fixture(scope="module")
def form():
    return formengine.merge(library(SUBJECTS, {"a": FORM}), "try")


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        ({"shop": {"phone": "（0579）87101234"}}, {"shop": {"phone": "0579-87101234"}}),
        ({"shop": {"name": "（0579）店"}}, {"shop": {"name": "（0579）店"}}),
        ({"own": {"a": {"bh": " ａb12 "}}}, {"own": {"a": {"bh": "AB12"}}}),
        ({"own": {"a": {"bh": "nothing"}}}, {"own": {"a": {"bh": "nothing"}}}),
        ({"staff": [{"id": "x", "phone": "138 0013 8000"}]}, {"staff": [{"id": "x", "phone": "13800138000"}]}),
        ({"shop": {"phone": 7}, "facts": True}, {"shop": {"phone": 7}, "facts": True}),
        ([1], [1]),
        ({"shop": {"phone": {1}}}, {"shop": {"phone": {1}}}),
    ],
)
def test_a_text_is_brought_to_the_writing_of_its_field(form, answers, wanted):
    assert in_one_writing(form, answers) == wanted
