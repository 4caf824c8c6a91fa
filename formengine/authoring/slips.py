"""What an author can get wrong in what templates say of each other: names, code lists, rules, values filled in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..conditions import canonical, parse, paths_of, value_test
from ..errors import ExpressionError, Fault
from ..merging.rules import kinds_of_form, kinds_of_scenario
from ..merging.subjects import concerns, declared_rules, kinds_of_subject
from ..rules.expressions import kind_of_expression
from ..rules.kinds import ANY, BOOL, Kind
from ..templates.library import Library, Scenario, Subject, scenario_suggestions


def slips(library: Library) -> Iterator[Fault]:
    """References between templates, code lists and rules."""
    for element in library.elements.values():
        path = str(library.files.get(f"elements/{element.id.partition('.')[0]}", ""))
        name = element.raw.get("x-codes")
        if name and name not in library.codes:
            yield Fault(path, "codes", f"“{element.id}”引用的代码表“{name}”不存在")
        if "x-sensitivity" not in element.raw:
            yield Fault(path, "sensitivity", f"“{element.id}”没有写 x-sensitivity", severity="warning")
        computed = [*element.derivations, *(s.derivation for s in element.suggestions if s.derivation)]
        for derivation in computed:
            for source in derivation.sources:
                if source not in library.elements and source not in library.lists:
                    yield Fault(path, "element", f"“{element.id}”由“{source}”算出，数据字典里没有它")
        values = [s.value for s in element.suggestions if s.derivation is None]
        yield from _unfit_defaults(library, element.id, values, path)
    for subject in library.subjects.values():
        yield from _subject_rules(library, subject)
    for form in library.forms.values():
        yield from _form_names(library, form.id)
    for scenario in library.scenarios.values():
        path = str(library.files.get(f"forms/{scenario.id}", ""))
        yield from _scenario_names(scenario, path)
        for index, rule in enumerate(scenario.rules):
            yield from _rule_faults(path, f"/x-rules/{index}", rule, kinds_of_scenario(library, scenario))
        for name, given in scenario.raw.get("x-defaults", {}).items():
            yield from _unfit_defaults(library, name, [s.value for s in scenario_suggestions(library, given)], path)
        for name, values in scenario.raw.get("x-samples", {}).items():
            yield from _unfit_defaults(library, name, values, path, "样例")
    for licence in library.licences.values():
        for path_of, prop in licence.yields.items():
            if path_of not in library.elements or prop not in licence.raw.get("properties", {}):
                path = str(library.files.get(f"licences/{licence.id}", ""))
                yield Fault(path, "yields", f"x-yields：“{path_of}”或栏目“{prop}”不存在", "/x-yields")


def _scenario_names(scenario: Scenario, path: str) -> Iterator[Fault]:
    """Facts that nobody asks for in what calls for a form, and an order of forms that are not of the scenario."""
    for kind, listed in (("x-forms", scenario.forms), ("x-optional-forms", scenario.optional_forms)):
        for index, entry in enumerate(listed):
            for read in dict.fromkeys(paths_of(parse(entry.get("when", True)))):
                if read.removeprefix("facts.") not in scenario.facts:
                    text = f"《{entry['form']}》的条件读取“{read}”，引导问题里没有它"
                    yield Fault(path, "facts", text, f"/{kind}/{index}/when")
    for index, edge in enumerate(scenario.raw.get("x-order", ())):
        for side in ("before", "after"):
            if edge.get(side) not in scenario.calls:
                text = f"x-order 里的“{edge.get(side)}”不是本联办事项的表"
                yield Fault(path, "order", text, f"/x-order/{index}/{side}")


def _unfit_defaults(library: Library, name: str, values: list[Any], path: str, what: str = "预填") -> Iterator[Fault]:
    element = library.elements.get(name)
    if element is None:
        yield Fault(path, "element", f"{what}的“{name}”在数据字典里没有")
        return
    for value in values:
        if not value_test(canonical(element.schema))(value):
            yield Fault(path, "default", f"“{name}”{what}的 {canonical(value)} 不合它自己的限制")


def _rule_faults(path: str, where: str, rule: dict[str, Any], kinds: dict[str, Kind]) -> Iterator[Fault]:
    """What is wrong with a rule: it cannot be read, computes with values of the wrong kind, or says no yes or no."""
    try:
        kind = kind_of_expression(rule["rule"], kinds)
    except ExpressionError as error:
        yield Fault(path, "rule", f"规则 {rule['id']}：{error}", f"{where}/rule")
        return
    if kind not in (BOOL, ANY):
        yield Fault(path, "rule", f"规则 {rule['id']} 须得出“是否”，这里得出{kind}", f"{where}/rule")


def _subject_rules(library: Library, subject: Subject) -> Iterator[Fault]:
    """Rules of the dictionary that cannot be used, and columns that are to be unique and do not exist."""
    path = str(library.files.get(f"elements/{subject.id}", ""))
    for how, rule, shared in declared_rules(subject):
        if shared and not concerns(rule, subject):
            continue
        yield from _rule_faults(path, "/x-rules", rule, kinds_of_subject(subject, how))
        if how != "rows" and rule["field"] not in subject.node.get("properties", {}):
            yield Fault(path, "rule", f"规则 {rule['id']} 的 field “{rule['field']}”不是这里的数据元", "/x-rules")
    for name in subject.raw.get("x-unique", ()):
        if name not in subject.node.get("properties", {}):
            yield Fault(path, "unique", f"x-unique 的“{name}”不是这张名单的栏目", "/x-unique")


def _form_names(library: Library, name: str) -> Iterator[Fault]:
    form = library.forms[name]
    path = str(library.files.get(f"departments/{name}", ""))
    if form.licence and form.licence not in library.licences:
        yield Fault(path, "licence", f"x-licence “{form.licence}”不存在", "/x-licence")
    properties = form.raw.get("properties", {})
    for index, rule in enumerate(form.rules):
        where = f"/x-rules/{index}"
        yield from _rule_faults(path, where, rule, kinds_of_form(form))
        if rule.get("field") not in properties:
            yield Fault(path, "rule", f"规则 {rule['id']} 的 field “{rule.get('field')}”不是本表的栏目", where)
