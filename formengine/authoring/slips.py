"""What an author can get wrong in what templates say of each other: names, code lists, rules, facts, values given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from ..algebra.jsonvalue import words_of
from ..conditions import canonical, parse, paths_of
from ..errors import ExpressionError, Fault
from ..evaluate import value_test
from ..merging.plan import fact_problems
from ..merging.rules import kinds_of_form, kinds_of_scenario
from ..merging.subjects import concerns, declared_rules, kinds_of_subject
from ..paths import name_of, pointer, subject_of
from ..rules.expressions import kind_of_expression
from ..rules.kinds import ANY, BOOL, Kind
from ..templates.build import scenario_suggestions
from ..templates.library import DataElement, DepartmentForm, Library, Licence, Scenario, Subject, entries_at

OPEN_TO_FACTS = ("elements", "departments", "licences")
"""The kinds of documents whose conditions may read facts of any scenario."""


def slips(library: Library) -> Iterator[Fault]:
    """Every name that leads nowhere, and every value that does not fit what it is named for."""
    for element in library.elements.values():
        yield from _element(library, element)
    for subject in library.subjects.values():
        yield from _subject(subject)
    for form in library.forms.values():
        yield from _form(library, form)
    for scenario in library.scenarios.values():
        yield from _scenario(library, scenario)
    for licence in library.licences.values():
        yield from _licence(library, licence)
    yield from _misspelt_facts(library)


def _misspelt_facts(library: Library) -> Iterator[Fault]:
    """Facts that conditions of the dictionary, the forms and the licences read, that no scenario asks for, and that
    look like one that some scenario does: a fact of a scenario that is not among these is none."""
    asked = sorted({f"facts.{name}" for scenario in library.scenarios.values() for name in scenario.facts})
    for document in library.documents:
        for where, key, _ in entries_at(document.data) if document.kind in OPEN_TO_FACTS else ():
            near = get_close_matches(key, asked, 1, 0.8) if key.startswith("facts.") and key not in asked else ()
            for other in near:
                text = f"条件读取“{key}”，没有哪个联办事项的引导问题问它，是不是“{other}”？"
                yield Fault(document.key, "facts", text, where, severity="warning")


# -- the data dictionary ---------------------------------------------------------------------------------------


def _element(library: Library, element: DataElement) -> Iterator[Fault]:
    key = f"elements/{subject_of(element.id)}"
    where = library.subjects[subject_of(element.id)].where(name_of(element.id))
    name = element.raw.get("x-codes")
    if name and name not in library.codes:
        yield Fault(key, "codes", f"“{element.id}”引用的代码表“{name}”不存在", f"{where}/x-codes")
    if "x-sensitivity" not in element.raw:
        yield Fault(key, "sensitivity", f"“{element.id}”没有写 x-sensitivity", where, severity="warning")
    suggested = [("x-default", one.derivation) for one in element.suggestions if one.derivation]
    for word, derivation in [*(("x-derive", one) for one in element.derivations), *suggested]:
        for source in derivation.sources:
            if not _is_known(library, source) and not source.startswith("facts."):
                text = f"“{element.id}”由“{source}”算出，数据字典里没有它"
                yield Fault(key, "element", text, f"{where}/{word}")
    values = [one.value for one in element.suggestions if one.derivation is None]
    yield from _unfit(library, element.id, values, key, f"{where}/x-default")
    text = _wrong_sample(element)
    if text:
        yield Fault(key, "sample", f"“{element.id}”的 x-sample {text}", f"{where}/x-sample")


def _wrong_sample(element: DataElement) -> str:
    """What is wrong with how an element is sampled; empty where nothing is."""
    given, schema = element.raw.get("x-sample", []), words_of(element.schema)
    if element.choices:
        known = [value for value, _ in element.choices]
        odd = "、".join(canonical(value) for value in given if value not in known)
        return f"里的 {odd} 不是它的选项" if odd else ""
    dated = schema.get("format") == "date"
    if not given or not (dated or schema.get("format") == "decimal" or schema.get("type") in ("number", "integer")):
        return ""
    kinds = int if dated else int | float
    plain = all(isinstance(value, kinds) and not isinstance(value, bool) for value in given)
    if len(given) == 2 and plain and given[0] <= given[1]:
        return ""
    return "须是 [低, 高]：离今天几天，整数" if dated else "须是 [低, 高] 两个数"


def _is_known(library: Library, path: str) -> bool:
    return path in library.elements or path in library.lists


def _subject(subject: Subject) -> Iterator[Fault]:
    """Rules of the dictionary that cannot be used, and columns that are to be unique and do not exist."""
    key, attributes = f"elements/{subject.id}", subject.node.get("properties", {})
    for one in declared_rules(subject):
        if one.shared and not concerns(one.rule, subject):
            continue
        yield from _rule(key, one.where, one.rule, kinds_of_subject(subject, one.how))
        if one.how != "rows" and one.rule["field"] not in attributes:
            text = f"规则 {one.rule['id']} 的 field “{one.rule['field']}”不是这里的数据元"
            yield Fault(key, "rule", text, f"{one.where}/field")
    for index, name in enumerate(subject.raw.get("x-unique", ())):
        if name not in attributes:
            yield Fault(key, "unique", f"x-unique 的“{name}”不是这张名单的栏目", f"/x-unique/{index}")


def _unfit(
    library: Library, name: str, values: Iterable[Any], key: str, where: str, what: str = "预填"
) -> Iterator[Fault]:
    """Values given for an element that its own limits do not take."""
    element = library.elements.get(name)
    if element is None:
        yield Fault(key, "element", f"{what}的“{name}”在数据字典里没有", where)
        return
    for value in values:
        if not value_test(canonical(element.schema))(value):
            yield Fault(key, "default", f"“{name}”{what}的 {canonical(value)} 不合它自己的限制", where)


# -- forms and licences ----------------------------------------------------------------------------------------


def _form(library: Library, form: DepartmentForm) -> Iterator[Fault]:
    key, properties = f"departments/{form.id}", form.raw["properties"]
    if form.licence and form.licence not in library.licences:
        yield Fault(key, "licence", f"x-licence “{form.licence}”不存在", "/x-licence")
    for index, rule in enumerate(form.rules):
        yield from _rule(key, f"/x-rules/{index}", rule, kinds_of_form(form))
        if rule["field"] not in properties:
            text = f"规则 {rule['id']} 的 field “{rule['field']}”不是本表的栏目"
            yield Fault(key, "rule", text, f"/x-rules/{index}/field")


def _licence(library: Library, licence: Licence) -> Iterator[Fault]:
    for path, prop in licence.yields.items():
        if path not in library.elements or prop not in licence.raw["properties"]:
            text = f"x-yields：“{path}”或栏目“{prop}”不存在"
            yield Fault(f"licences/{licence.id}", "yields", text, "/x-yields" + pointer(path))


def _rule(key: str, where: str, rule: dict[str, Any], kinds: dict[str, Kind]) -> Iterator[Fault]:
    """What is wrong with a rule: it cannot be read, computes with values of the wrong kind, or says no yes or no."""
    try:
        kind = kind_of_expression(rule["rule"], kinds)
    except ExpressionError as error:
        yield Fault(key, "rule", f"规则 {rule['id']}：{error}", f"{where}/rule")
        return
    if kind not in (BOOL, ANY):
        yield Fault(key, "rule", f"规则 {rule['id']} 须得出“是否”，这里得出{kind}", f"{where}/rule")


# -- scenarios -------------------------------------------------------------------------------------------------


def _scenario(library: Library, scenario: Scenario) -> Iterator[Fault]:
    key = f"forms/{scenario.id}"
    yield from _calls(library, scenario, key)
    yield from _facts(library, scenario, key)
    for index, rule in enumerate(scenario.rules):
        yield from _rule(key, f"/x-rules/{index}", rule, kinds_of_scenario(library, scenario))
    for name, given in scenario.raw.get("x-defaults", {}).items():
        values = [one.value for one in scenario_suggestions(library, given)]
        yield from _unfit(library, name, values, key, "/x-defaults" + pointer(name))
    for name, values in scenario.raw.get("x-samples", {}).items():
        yield from _unfit(library, name, values, key, "/x-samples" + pointer(name), "样例")
    for name, value in scenario.constants.items():
        if name not in library.elements:
            yield from _unfit(library, name, [value], key, "/x-constants" + pointer(name), "固定")


def _calls(library: Library, scenario: Scenario, key: str) -> Iterator[Fault]:
    """Forms that nobody has, facts that nobody asks for in what calls for a form, an order of forms not of it."""
    for kind, listed in (("x-forms", scenario.forms), ("x-optional-forms", scenario.optional_forms)):
        for index, entry in enumerate(listed):
            if entry["form"] not in library.forms:
                text = f"没有部门申请表“{entry['form']}”的模板"
                yield Fault(key, "form", text, f"/{kind}/{index}/form")
            for read in dict.fromkeys(paths_of(parse(entry.get("when", True)))):
                if read.removeprefix("facts.") not in scenario.facts:
                    text = f"《{entry['form']}》的条件读取“{read}”，引导问题里没有它"
                    yield Fault(key, "facts", text, f"/{kind}/{index}/when")
    known = all(name in library.forms for name in scenario.calls)  # a form misspelt is misspelt once
    for index, edge in enumerate(scenario.raw["x-order"] if known else ()):
        for side in ("before", "after"):
            if edge[side] not in scenario.calls:
                text = f"x-order 里的“{edge[side]}”不是本联办事项的表"
                yield Fault(key, "order", text, f"/x-order/{index}/{side}")


def _facts(library: Library, scenario: Scenario, key: str) -> Iterator[Fault]:
    """Facts bound to elements that are not there, required ones that are none, typical ones that nobody can have."""
    for name, node in scenario.facts.items():
        if "x-element" in node and node["x-element"] not in library.elements:
            where = pointer("properties", name, "x-element")
            yield Fault(key, "element", f"数据字典里没有“{node['x-element']}”", where)
        if node.get("x-codes") and node["x-codes"] not in library.codes:
            where = pointer("properties", name, "x-codes")
            yield Fault(key, "codes", f"代码表“{node['x-codes']}”不存在", where)
    unknown = [name for name in scenario.raw["required"] if name not in scenario.facts]
    for name in unknown:
        yield Fault(key, "facts", f"required 里的“{name}”不是引导问题", "/required")
    if unknown:
        return
    for where, text in fact_problems(library, scenario, scenario.typical_facts):
        yield Fault(key, "typical", f"典型情形：{text}", "/x-typical" + where)
    again = scenario.raw["x-typical"].get("returning", {})
    for where, text in fact_problems(library, scenario, scenario.returning_facts):
        if (name := where.removeprefix("/facts/")) in again:
            yield Fault(key, "typical", f"再次办理：{text}", "/x-typical" + pointer("returning", name))
