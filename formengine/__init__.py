"""The engine of 证照联办: departments' forms become one form, and its answers become their filings again.

This is the engine's door. The first names are what scripts and departments' systems rely on; the others are for whoever
shows a form and keeps its answers (the website, an interface beside it). Nothing behind the door is anybody's.
"""

from __future__ import annotations

from .algebra.intersect import intersect
from .answers.examine import Examination, examine
from .answers.join import join
from .answers.resolve import Resolved
from .answers.split import split
from .answers.writings import in_writing
from .authoring.count import number_asked
from .authoring.describe import explain, say
from .authoring.sample import sample
from .conditions import canonical
from .errors import FormEngineError, MergeConflict, TemplateError, UnknownScenario
from .formats import named, one_writing, unprintable
from .merge import merge
from .merging.acts import acts
from .merging.field import Field
from .merging.fields import questions
from .merging.form import MergedForm
from .merging.plan import fact_problems, plan_key
from .model import Filing, Issue
from .paths import MISSING, Place, keys_in, keys_of, name_of, put, subject_of, value_at
from .rows import Cells, Row, Scope
from .templates.build import load_library, unpack_library
from .templates.library import DataElement, DepartmentForm, Library, Licence, Scenario
from .validate import validate
from .words import said

__all__ = [
    "MISSING",
    "Cells",
    "DataElement",
    "DepartmentForm",
    "Examination",
    "Field",
    "Filing",
    "FormEngineError",
    "Issue",
    "Library",
    "Licence",
    "MergeConflict",
    "MergedForm",
    "Place",
    "Resolved",
    "Row",
    "Scenario",
    "Scope",
    "TemplateError",
    "UnknownScenario",
    "acts",
    "canonical",
    "examine",
    "explain",
    "fact_problems",
    "in_writing",
    "intersect",
    "join",
    "keys_in",
    "keys_of",
    "load_library",
    "merge",
    "name_of",
    "named",
    "number_asked",
    "one_writing",
    "plan_key",
    "put",
    "questions",
    "said",
    "sample",
    "say",
    "split",
    "subject_of",
    "unpack_library",
    "unprintable",
    "validate",
    "value_at",
]
