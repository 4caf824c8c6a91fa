"""The engine of 证照联办: departments' forms become one form, and its answers become their filings again."""

from __future__ import annotations

from .algebra.intersect import intersect
from .errors import FormEngineError, MergeConflict, TemplateError, UnknownScenario
from .form import MergedForm
from .join import join
from .library import DataElement, DepartmentForm, Library, Licence, Scenario, load_library
from .merge import merge
from .model import Filing, Issue
from .sample import sample
from .split import split
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
