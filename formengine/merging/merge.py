"""Merging: the department forms of a scenario become one form in which every data element is asked once.

1. facts decide which forms apply, which values are fixed and which a licence of the case will yield (``plan``);
2. each form is bound and taken apart into clauses on elements (``binding.bind_form``);
3. what the bindings read, and what decides about it, becomes the fields (``fields``);
4. clauses about computed elements are worked back to what is asked (``demands``);
5. limits that cannot be met together are refused (``conflicts``); the rest is printed as JSON Schema (``assemble``).
"""

from __future__ import annotations

from ..binding.bound import bind_form
from ..templates.library import Library
from .assemble import assemble
from .conflicts import refuse_conflicts
from .demands import Settler, all_clauses
from .fields import Fields, in_order
from .form import MergedForm
from .plan import Plan
from .rules import department_rules, scenario_rules
from .standing_alone import beyond_schema, with_patterns
from .subjects import subject_rules


def build(library: Library, plan: Plan) -> MergedForm:
    """Merge the forms of a plan."""
    form = joined(library, plan)
    refuse_conflicts(form)
    return printed(form)


def joined(library: Library, plan: Plan) -> MergedForm:
    """The fields and clauses of a plan's forms together, whatever contradicts what: nothing is printed yet."""
    bound = [bind_form(library.forms[name], plan.env(library, name)) for name in plan.forms]
    fields = Fields(library, plan, bound).collect()
    clauses = Settler(library, fields, plan.known).settle(list(all_clauses(library, plan, bound, fields)))
    for clause in clauses:
        if clause.path in fields:
            fields[clause.path].clauses.append(clause)
    rules = (
        *(rule for one in bound for rule in department_rules(one)),
        *scenario_rules(library, plan.scenario, fields),
        *subject_rules(library, fields),
    )
    return MergedForm(library, plan, bound, in_order(fields), clauses, rules)


def printed(form: MergedForm) -> MergedForm:
    """The form with its JSON Schema."""
    form.judged = assemble(form)
    form.schema = {**with_patterns(form.judged), "x-beyond-schema": beyond_schema(form)}
    return form
