"""The engine of 证照联办: departments' forms become one form, and its answers become their filings again."""

from __future__ import annotations

from .algebra.intersect import intersect
from .answers.join import join
from .answers.split import split
from .authoring.sample import sample
from .errors import FormEngineError, MergeConflict, TemplateError, UnknownScenario
from .merge import merge
from .merging.form import MergedForm
from .model import Filing, Issue
from .templates.build import load_library
from .templates.library import DataElement, DepartmentForm, Library, Licence, Scenario
from .validate import validate

__all__ = [
    "DataElement",
    "DepartmentForm",
    "Filing",
    "FormEngineError",
    "Issue",
    "Library",
    "Licence",
    "MergeConflict",
    "MergedForm",
    "Scenario",
    "TemplateError",
    "UnknownScenario",
    "intersect",
    "join",
    "load_library",
    "merge",
    "sample",
    "split",
    "validate",
]
