"""Texts are brought to one writing; what cannot be printed is refused by name, and whatever is accepted prints."""

from __future__ import annotations

import copy
import importlib.util
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import formengine
from formengine.formats import normalise, one_writing, unprintable
from formengine.formats.characters import PRINTED
from formengine.pdf import render_filing
from formengine.pdf.fonts import clean

ROOT = Path(__file__).parent.parent.parent.parent
TODAY = "2026-11-23"
ANY_TEXT = st.text(st.characters(codec=None), max_size=30)


def test_the_table_of_characters_is_what_the_fonts_print():
    spec = importlib.util.spec_from_file_location("characters", ROOT / "scripts" / "characters.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert (ROOT / "formengine/formats/characters.py").read_text("utf-8") == script.table()
    assert "4e00-" in PRINTED


@pytest.mark.parametrize("dot", "·•‧∙⋅・･")
def test_the_many_middle_dots_of_a_name_are_one(dot):
    assert one_writing(f"阿依古丽{dot}买买提") == "阿依古丽·买买提"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("⼈⽬⻝⾃⽉", "人目食自月"),
        ("e\u0301", "é"),
        ("\ufa19社", "神社"),
        ("12‐3‑4‒5–6−7－8", "12-3-4-5-6-7-8"),
        ("\u202d13800138000\u202c", "13800138000"),
        ("永\u200b康\ufeff市\u00ad", "永康市"),
        ("赟\ufe00", "赟"),
        ("永康\u00a0市\u2003店", "永康 市 店"),
        ("第一行\u2028第二行", "第一行\n第二行"),
        ("ＡＢＣ　１２３，“店”——…", "ＡＢＣ　１２３，“店”——…"),
        ("a\x00b\x07c", "abc"),
    ],
)
def test_a_text_is_brought_to_one_writing(typed, meant):
    assert one_writing(typed) == meant


@given(ANY_TEXT)
def test_one_writing_is_reached_at_once(text):
    once = one_writing(text)
    assert one_writing(once) == once


@given(ANY_TEXT)
@example("赟喆䶮𬎆①㎡❤\t\r\n")
def test_what_is_not_refused_can_be_printed(text):
    if not unprintable(text):
        clean(text)


@pytest.mark.parametrize("character", "😀☎\u202e\u200d\ue000\U0010fffd\u0378\ud800ᠮ\u3164\x01")
def test_what_no_form_can_hold_is_refused_by_name(merged, character):
    form = merged("catering", entity_kind="individual")
    answers = copy.deepcopy(formengine.sample(form, 1, TODAY))
    answers["entity"]["name"] += character
    answers["staff"][0]["name"] = f"示例{character}"
    found = {i.pointer: i for i in formengine.validate(form, answers, TODAY)}
    name = found["/entity/name"]
    assert f"U+{ord(character):04X}" in name.message or name.code == "text"
    assert {d["form"] for d in name.departments} >= {"food-business-licence", "individual-business-registration"}
    assert found["/staff/0/name"].code in ("characters", "text")


def test_rare_characters_of_names_are_taken_and_printed(merged):
    form = merged("catering", entity_kind="individual")
    answers = copy.deepcopy(formengine.sample(form, 1, TODAY))
    answers["operator"]["name"] = "应𬎆䶮㛃赟"
    assert formengine.validate(form, answers, TODAY) == []
    for name, filing in formengine.split(form, answers).items():
        assert render_filing(form.library.forms[name].raw, filing.values).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "typed", ["３３０７２２１９７６０６０２５８６５", "\u202d330722197606025865\u202c", " 330722197606025865"]
)
def test_identifiers_are_folded_further(typed):
    assert normalise("citizen-id", typed) == "330722197606025865"
