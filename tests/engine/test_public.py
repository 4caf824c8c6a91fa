"""What ``import formengine`` gives, and nothing else."""

import formengine

PUBLIC = {
    "load_library", "merge", "validate", "split", "join", "sample", "intersect",
    "Library", "MergedForm", "Filing", "Scenario", "DepartmentForm", "DataElement", "Licence", "Issue",
    "FormEngineError", "TemplateError", "MergeConflict", "UnknownScenario",
}  # fmt: skip


def test_the_public_names_are_exactly_those_promised():
    assert set(formengine.__all__) == PUBLIC
    for name in PUBLIC:
        assert getattr(formengine, name).__module__.startswith("formengine")


def test_nothing_but_modules_leaks_beside_the_public_names():
    import types

    leaked = {
        name
        for name, value in vars(formengine).items()
        if not name.startswith("_") and name not in PUBLIC and not isinstance(value, types.ModuleType)
    }
    assert leaked <= {"annotations"}


def test_every_public_name_says_what_it_is():
    for name in PUBLIC:
        assert getattr(formengine, name).__doc__
