"""What ``import formengine`` gives, and nothing else."""

import re
from pathlib import Path

import formengine

ROOT = Path(__file__).parent.parent.parent

PUBLIC = {
    "load_library", "merge", "validate", "split", "join", "sample", "intersect",
    "Library", "MergedForm", "Filing", "Scenario", "DepartmentForm", "DataElement", "Licence", "Issue",
    "FormEngineError", "TemplateError", "MergeConflict", "UnknownScenario",
}  # fmt: skip


SHOWING = {
    "Cells", "Examination", "Field", "MISSING", "Place", "Resolved", "Row", "Scope", "acts", "canonical", "examine",
    "explain", "fact_problems", "in_writing", "keys_in", "keys_of", "name_of", "named", "number_asked", "one_writing",
    "plan_key", "put", "questions", "said", "say", "subject_of", "unpack_library", "unprintable", "value_at",
}  # fmt: skip
"""For whoever shows a form and keeps its answers."""


def test_the_public_names_are_exactly_those_promised_and_those_for_whoever_shows_a_form():
    assert set(formengine.__all__) == PUBLIC | SHOWING
    for name in formengine.__all__:
        given = getattr(formengine, name)
        assert name == "MISSING" or given.__module__.startswith("formengine")


def test_what_is_behind_the_door_is_used_by_the_website_or_promised():
    website = "".join(path.read_text("utf-8") for path in [*(ROOT / "web").rglob("*.py"), ROOT / "app.py"])
    assert [name for name in SHOWING if not re.search(rf"\b{name}\b", website)] == []


def test_nothing_but_modules_leaks_beside_the_public_names():
    import types

    leaked = {
        name
        for name, value in vars(formengine).items()
        if not name.startswith("_") and name not in PUBLIC | SHOWING and not isinstance(value, types.ModuleType)
    }
    assert leaked <= {"annotations"}


def test_every_public_name_says_what_it_is():
    for name in PUBLIC:
        assert getattr(formengine, name).__doc__
