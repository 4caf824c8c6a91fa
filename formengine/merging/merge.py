"""Merging: the department forms of a scenario become one form in which every data element is asked once.

1. facts decide which forms apply, which values are fixed and which a licence of the case will yield (``plan``);
2. each form is bound and taken apart into clauses on elements (``clauses.bind_form``);
3. what the bindings read, and what decides about it, becomes the fields (``fields``);
4. clauses about computed elements are worked back to what is asked (``demands``);
5. limits that cannot be met together are refused (``conflicts``); the rest is printed as JSON Schema (``assemble``).
"""

from __future__ import annotations

from dataclasses import replace

from ..binding.bindings import BindingError
from ..binding.bound import bind_form
from ..errors import Fault, TemplateError
from ..rules.compiled import rules_of_form
from ..rules.expressions import ExpressionError
from ..templates.library import Library
from .assemble import assemble
from .conflicts import refuse_conflicts
from .demands import Settler, all_clauses
from .fields import Fields, in_order
from .form import MergedForm
from .plan import Plan
from .standing_alone import beyond_schema, with_patterns


def _compile(form: MergedForm) -> None:
    """Compile the rules, so that one that cannot be used is known now."""
    try:
        rules_of_form(form)
    except ExpressionError as error:
        raise TemplateError([Fault("", "rule", str(error))]) from error


def build(library: Library, plan: Plan) -> MergedForm:
    """Merge the forms of a plan."""
    form = joined(library, plan)
    refuse_conflicts(form)
    return printed(form)


def joined(library: Library, plan: Plan) -> MergedForm:
    """The fields and clauses of a plan's forms together, whatever contradicts what: nothing is printed yet."""
    try:
        bound = [bind_form(library.forms[name], plan.env(library, name)) for name in plan.forms]
        fields = Fields(library, plan, bound).collect()
        clauses = Settler(library, fields, plan.known).settle(list(all_clauses(library, plan, bound, fields)))
    except BindingError as error:
        raise TemplateError([replace(error.fault, message=str(error))]) from error
    for clause in clauses:
        if clause.path in fields:
            fields[clause.path].clauses.append(clause)
    form = MergedForm(library=library, plan=plan, bound=bound, fields=in_order(fields), clauses=clauses)
    _compile(form)
    return form


def printed(form: MergedForm) -> MergedForm:
    """The form with its JSON Schema."""
    form.judged = assemble(form)
    form.schema = {**with_patterns(form.judged), "x-beyond-schema": beyond_schema(form)}
    return form
