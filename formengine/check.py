"""Everything an author can get wrong, found before an applicant does.

Shape (meta-schemas), references between templates, bindings, code lists, rules, every reachable merge (law 7), the
elements that are stricter than a department, the lossy ones, and how many limits of the departments are proved to be
kept by the merged form.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

from .algebra.intersect import intersect
from .algebra.prove import Verdict, covers
from .bindings import Element
from .conditions import TRUE, All, Cond, all_of, canonical, paths_of, value_test
from .deadends import dead_ends
from .errors import Fault, FormEngineError, MergeConflict, TemplateError
from .expressions import ExpressionError, kind_of_expression
from .fields import Expander
from .form import MergedForm
from .join import lossy
from .kinds import ANY, BOOL, Kind
from .library import Library, Scenario, Subject, load_library, located
from .merge import merge
from .model import Field, keys_of
from .plan import applicable_forms
from .rules import kinds_of_form, kinds_of_scenario
from .sample import sample
from .schemas import choices, constraint, is_table
from .shape import KINDS
from .subject_rules import concerns, declared_rules, kinds_of_subject

TRIED_ON, TRIES = "2026-06-01", 6
"""The day for which a submission is tried, and how often it is begun anew."""
FACT_COMBINATIONS = 512
"""At most so many combinations of facts are merged for one scenario; beyond that each fact is varied alone."""


@dataclass
class Report:
    """What ``check`` found: faults, what an author should know, and the count of proofs by verdict.

    ``stricter``: element to the fields whose department takes more; ``lossy``: path to the scenarios whose filings do
    not carry it whole; ``residual``: path to the fields whose limit only the filing tells; ``unknown``: unproved.
    """

    faults: list[Fault] = field(default_factory=list)
    proofs: Counter[str] = field(default_factory=Counter)
    stricter: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    lossy: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    residual: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unknown: set[str] = field(default_factory=set)

    @property
    def failed(self) -> bool:
        """Whether any fault is an error."""
        return any(fault.severity == "error" for fault in self.faults)

    def notes(self) -> Iterator[str]:
        """What an author should know though nothing is wrong, a line each."""
        for name, found in sorted(self.stricter.items()):
            yield f"数据元 {name} 的值域比这些栏目严（各部门共用一个值，取字典的标准）：{'、'.join(sorted(found))}"
        for name, found in sorted(self.lossy.items()):
            yield f"{name} 不能由拆出的表原样还原：{'、'.join(sorted(found))}"
        for name, found in sorted(self.residual.items()):
            yield f"{name} 的限制要拆表后才能判断：{'、'.join(sorted(found))}"
        for detail in sorted(self.unknown):
            yield f"未能证明，由随机样例检验（tests/test_laws.py 的 test_sound）：{detail}"


def check(library: Library) -> Report:
    """Check all templates of a library."""
    report = Report()
    report.faults += _names(library)
    for scenario in library.scenarios.values():
        _check_scenario(library, scenario, report)
    report.faults = [located(fault) for fault in report.faults]
    return report


def check_paths(paths: Iterable[Path]) -> Report:
    """Check the standard templates together with the given files or folders (a file may stand anywhere)."""
    try:
        return check(load_library(*_places(list(paths))))
    except TemplateError as error:
        return Report(faults=error.faults)


def _places(paths: list[Path]) -> tuple[Any, Any]:
    from .library import STANDARD_FORMS, STANDARD_TEMPLATES

    templates = [STANDARD_TEMPLATES]
    forms = STANDARD_FORMS
    for path in paths:
        folder = path if path.is_dir() else path.parent
        if (folder / "forms").is_dir():
            forms = folder / "forms"
        elif folder.name == "forms":
            forms, folder = folder, folder.parent
        templates.append(folder.parent if folder.name in KINDS else folder)
    return templates, forms


# -- names ----------------------------------------------------------------------------------------------------


def _names(library: Library) -> Iterator[Fault]:
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
        for index, rule in enumerate(scenario.rules):
            yield from _rule_faults(path, f"/x-rules/{index}", rule, kinds_of_scenario(library, scenario))
        for name, value in scenario.raw.get("x-defaults", {}).items():
            yield from _unfit_defaults(library, name, [value], path)
    for licence in library.licences.values():
        for path_of, prop in licence.yields.items():
            if path_of not in library.elements or prop not in licence.raw.get("properties", {}):
                path = str(library.files.get(f"licences/{licence.id}", ""))
                yield Fault(path, "yields", f"x-yields：“{path_of}”或栏目“{prop}”不存在", "/x-yields")


def _unfit_defaults(library: Library, name: str, values: list[Any], path: str) -> Iterator[Fault]:
    element = library.elements.get(name)
    if element is None:
        yield Fault(path, "element", f"预填的“{name}”在数据字典里没有")
        return
    for value in values:
        if not value_test(canonical(element.schema))(value):
            yield Fault(path, "default", f"“{name}”预填的 {canonical(value)} 不合它自己的限制")


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


# -- scenarios -------------------------------------------------------------------------------------------------


def reachable_facts(library: Library, scenario: Scenario) -> list[dict[str, Any]]:
    """Every combination of facts (of numbers: the limits); where there are too many, each fact varied alone."""
    options = {name: _fact_values(library, node) for name, node in scenario.facts.items()}
    total = 1
    for values in options.values():
        total *= len(values)
    if total <= FACT_COMBINATIONS:
        return [dict(zip(options, combination, strict=True)) for combination in product(*options.values())]
    typical = scenario.typical_facts
    return [typical, *({**typical, name: value} for name, values in options.items() for value in values)]


def _fact_values(library: Library, node: dict[str, Any]) -> list[Any]:
    listed = [value for value, _ in choices(node, library.codes)]
    if listed:
        return listed
    if node.get("type") == "boolean":
        return [False, True]
    return [node[k] for k in ("minimum", "maximum") if k in node] or list(node.get("examples", [0]))


def _check_scenario(library: Library, scenario: Scenario, report: Report) -> None:
    path = str(library.files.get(f"forms/{scenario.id}", ""))
    for entry in [*scenario.forms, *scenario.optional_forms]:
        if entry["form"] not in library.forms:
            report.faults.append(Fault(path, "form", f"没有部门申请表“{entry['form']}”的模板", "/x-forms"))
            return
    done: set[Any] = set()
    for facts in reachable_facts(library, scenario):
        try:
            form = merge(library, scenario.id, facts)
        except MergeConflict as conflict:
            report.faults.append(Fault(path, "conflict", f"情形 {canonical(facts)}：{conflict}"))
        except TemplateError as error:
            named = any(fault.code == "rule" for fault in report.faults)  # a form's rule, at its own place
            report.faults += [replace(f, path=path) for f in error.faults if not (named and f.code == "rule")]
            return
        except FormEngineError as error:
            report.faults.append(Fault(path, "facts", f"情形 {canonical(facts)}：{error}"))
        except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
            text = f"情形 {canonical(facts)}：模板之间对不上，合不成一张表：{error!r}"
            report.faults.append(Fault(path, "template", text))
            return
        else:
            _check_form(form, report, done, path)
    if not applicable_forms(scenario, scenario.typical_facts):
        report.faults.append(Fault(path, "typical", "典型情形下没有任何表", "/x-typical"))


def _check_form(form: MergedForm, report: Report, done: set[Any], path: str) -> None:
    if form.forms in done:
        return
    done.add(form.forms)
    for name in lossy(form):
        report.lossy[name].add(form.scenario.id)
    for clause in form.clauses:
        if clause.kind == "residual":
            report.residual[clause.path].add(f"{clause.source.form}“{clause.source.label}”")
    report.faults += [replace(f, path=path) for f in _typical_gaps(form)]
    ends = list(dead_ends(form))
    report.faults += [Fault(path, "dead-end", f"情形 {canonical(form.facts)}：{text}", "/x-forms") for text in ends]
    report.faults += [replace(f, path=path) for f in ([] if ends else _untried(form))]
    for name, who in stricter(form):
        report.stricter[name].add(who)
    for verdict, detail in prove_sound(form):
        report.proofs[verdict.name.lower()] += 1
        if verdict is Verdict.REFUTED:
            report.faults.append(Fault(path, "unsound", f"合并后的限制比部门的宽：{detail}"))
        elif verdict is Verdict.UNKNOWN:
            report.unknown.add(detail)


def _untried(form: MergedForm) -> Iterator[Fault]:
    """Where no submission could be made that every department accepts: perhaps nobody can apply."""
    try:
        sample(form, 1, TRIED_ON, attempts=TRIES)
    except (FormEngineError, TypeError, ValueError, KeyError, IndexError, ArithmeticError) as error:
        text = f"情形 {canonical(form.facts)}：没有造出一份合格的申报内容，不能断定有人能办：{str(error)[:300]}"
        yield Fault("", "undecided", text, "/x-forms", severity="warning")


def _typical_gaps(form: MergedForm) -> Iterator[Fault]:
    """Elements that decide what the typical applicant is asked ought to be fixed in the scenario."""
    if form.facts != form.scenario.typical_facts:
        return
    fixed = form.scenario.typical_answers
    for path in fixed:
        if path not in form.fields:
            text = f"典型申请人的“{path}”在这张表里不问"
            yield Fault("", "typical", text, "/x-typical", severity="warning")
    for field_ in form.fields.values():
        if field_.path in fixed or field_.table or field_.kind not in ("element", "guide", "own"):
            continue
        if not (field_.raw.get("x-open") or any(c.kind == "required" and c.guard == TRUE for c in field_.clauses)):
            continue
        decides = any(field_.path in set(paths_of(other.visible)) for other in form.fields.values())
        if decides and field_.visible == TRUE and (field_.choices or field_.schema.get("type") == "boolean"):
            text = f"“{field_.title}”（{field_.path}）决定别的栏目问不问，典型申请人没有写明"
            yield Fault("", "typical", text, "/x-typical", severity="warning")


def stricter(form: MergedForm) -> Iterator[tuple[str, str]]:
    """``(element, department field)`` where the dictionary's limit is narrower than the department's own."""
    for one in form.fields.values():
        if one.path in form.library.elements and not one.table:
            for clause in one.clauses:
                narrower = clause.kind == "value" and clause.source.kind == "form"
                if narrower and covers(one.schema, clause.schema) is Verdict.REFUTED:
                    yield one.path, f"{clause.source.form}“{clause.source.label}”"


def prove_sound(form: MergedForm) -> Iterator[tuple[Verdict, str]]:
    """Law 1 clause by clause: the printed limit of every directly bound field is inside the department's own."""
    for one in form.bound:
        for code, binding in one.bindings.items():
            node = one.form.raw["properties"][code]
            if is_table(node):
                continue
            if not isinstance(binding, Element) or binding.path not in form.fields:
                continue
            field_ = form.fields[binding.path]
            if field_.derivations or field_.table:
                continue
            narrow = _kept(form, one.visible.get(code, TRUE), field_)
            yield covers(binding.wrap(constraint(node)), narrow), f"{one.form.id}.{code} ← {field_.path}"


def _kept(form: MergedForm, shown: Cond, field_: Field) -> Any:
    """What the merged form demands of a field whenever the department sees it (fewer clauses are wider: sound)."""
    seen = all_of([Expander(form.fields).expand(shown), field_.when])
    if seen == TRUE:
        return _printed(form, field_.path)
    members = set(seen.parts if isinstance(seen, All) else (seen,))
    held = [
        c.schema
        for c in field_.clauses
        if c.kind == "value" and set(c.guard.parts if isinstance(c.guard, All) else (c.guard,)) <= members | {TRUE}
    ]
    return intersect(*held) if held else True


def _printed(form: MergedForm, path: str) -> Any:

    node: Any = form.schema
    for key in keys_of(path):
        node = node.get("properties", {}).get(key)
        if node is None:
            return True
    return constraint(node)
