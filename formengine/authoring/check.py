"""Everything an author can get wrong, found before an applicant does.

Shape (meta-schemas), references between templates, bindings, code lists, rules (``slips``); for each scenario every
situation that has to be tried (``situations``): conflicts (law 7), dead ends, the elements that are stricter than a
department, the lossy ones, and how many limits of the departments are proved to be kept (``trials``, ``soundness``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import Any

from ..conditions import canonical
from ..errors import Fault, FormEngineError, TemplateError
from ..merging.plan import applicable_forms, make_plan, plan_key
from ..templates.build import build
from ..templates.documents import KINDS, STANDARD_FORMS, STANDARD_TEMPLATES, Documents, read_documents
from ..templates.library import Library, Scenario
from ..templates.shape import shape_faults
from .kept import Kept
from .situations import Situations
from .slips import slips
from .trials import Gathered, Trial, tried


@dataclass
class Report:
    """What ``check`` found: faults, what an author should know, and the count of proofs by verdict.

    ``stricter``: element to the fields whose department takes more; ``lossy``: path to the scenarios whose filings do
    not carry it whole; ``residual``: path to the fields whose limit only the filing tells; ``unknown``: unproved;
    ``tried``: scenario to what was tried of it and what was not; ``taken``: so many results were kept from before.
    """

    faults: list[Fault] = field(default_factory=list)
    proofs: Counter[str] = field(default_factory=Counter)
    tried: dict[str, str] = field(default_factory=dict)
    taken: int = 0
    stricter: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    lossy: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    residual: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unknown: set[str] = field(default_factory=set)

    _proved: set[tuple[str, str]] = field(default_factory=set)

    def add(self, outcome: Outcome, *, clean: bool) -> None:
        """Add what came out of a scenario; what kept it from being merged only where the templates were ``clean``: no
        slip is named that might be the cause."""
        self.faults += [*(outcome.slips if clean else ()), *outcome.faults]
        for trial in outcome.trials:
            self.faults += [replace(fault, path=outcome.path) for fault in self._take(outcome.scenario, trial)]
        if outcome.tried:
            self.tried[outcome.scenario] = outcome.tried

    def _take(self, scenario: str, trial: Trial) -> Iterator[Fault]:
        """Add what a trial says; gives what it refutes. One proof counts once, wherever it was asked for."""
        for name in trial.lossy:
            self.lossy[name].add(scenario)
        for name, who in trial.residual:
            self.residual[name].add(who)
        for name, who in trial.stricter:
            self.stricter[name].add(who)
        for key, verdict, what in trial.proofs:
            if (key, what) in self._proved:
                continue
            self._proved.add((key, what))
            self.proofs[verdict] += 1
            if verdict == "unknown":
                self.unknown.add(what)
            elif verdict == "refuted":
                yield Fault("", "unsound", f"合并后的限制比部门的宽：{what}")

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
        for name, text in sorted(self.tried.items()):
            yield f"{name}：{text}"
        for detail in sorted(self.unknown):
            yield f"未能证明，由随机样例检验（tests/laws/test_laws.py 的 test_sound）：{detail}"


def check(documents: Documents, results: Path | None = None, workers: int = 1) -> Report:
    """Check a set of templates, from files or from memory.

    Their shape first; where that is not good nothing in them is interpreted. ``results`` is the folder where results
    are kept for the next time; with ``workers`` several scenarios are looked at at once, each by a process of its own.
    """
    report, kept = Report(faults=list(shape_faults(documents))), Kept(results)
    if not report.faults:
        library = build(documents)
        report.faults += slips(library)
        spoiled = {fault.path for fault in report.faults if fault.severity == "error"}
        names = [name for name in library.scenarios if f"forms/{name}" not in spoiled]
        for outcome in _outcomes(library, names, kept, workers):
            report.add(outcome, clean=not spoiled)
        kept.save()
        report.taken = kept.taken
    report.faults = [documents.placed(fault) for fault in dict.fromkeys(report.faults)]
    return report


def check_paths(paths: Iterable[Path], results: Path | None = None, workers: int = 1) -> Report:
    """Check the standard templates together with the given files or folders (a file may stand anywhere)."""
    return check(read_documents(*_places(list(paths))), results, workers)


def _places(paths: list[Path]) -> tuple[list[Path], Path]:
    templates, forms = [STANDARD_TEMPLATES], STANDARD_FORMS
    for path in paths:
        folder = path if path.is_dir() else path.parent
        if (folder / "forms").is_dir():
            forms = folder / "forms"
        elif folder.name == "forms":
            forms, folder = folder, folder.parent
        templates.append(folder.parent if folder.name in KINDS else folder)
    return templates, forms


# -- scenarios -------------------------------------------------------------------------------------------------


@dataclass
class Outcome:
    """What came out of one scenario: its faults, what kept it from being merged (``slips``), what each situation said,
    and what was tried at all."""

    scenario: str
    path: str
    slips: list[Fault] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    tried: str = ""


def _outcomes(library: Library, names: list[str], kept: Kept, workers: int) -> Iterator[Outcome]:
    """The outcome of these scenarios, in order."""
    if workers < 2 or len(names) < 2 or "fork" not in get_all_start_methods():
        yield from (_outcome(library, library.scenarios[name], kept) for name in names)
        return
    _at_work[:] = [library, kept]  # what a process that is forked off has before it
    try:
        with ProcessPoolExecutor(min(workers, len(names)), get_context("fork")) as pool:
            for outcome, used, taken in pool.map(_apart, names):
                kept.used.update(used)
                kept.taken += taken
                yield outcome
    finally:
        _at_work.clear()


_at_work: list[Any] = []


def _apart(name: str) -> tuple[Outcome, dict[str, Any], int]:
    """One scenario in a process of its own, with the results it used, and how many of them were kept before."""
    library, kept = _at_work
    kept.used, kept.taken = {}, 0
    return _outcome(library, library.scenarios[name], kept), kept.used, kept.taken


def _outcome(library: Library, scenario: Scenario, kept: Kept) -> Outcome:
    out = Outcome(scenario.id, f"forms/{scenario.id}")
    gathered = Gathered(library, scenario)
    try:
        _try_situations(library, scenario, kept, out, gathered)
    except TemplateError as error:
        out.slips += [fault if fault.path else replace(fault, path=out.path) for fault in error.faults]
    else:
        if not applicable_forms(scenario, scenario.typical_facts):
            out.faults.append(Fault(out.path, "typical", "典型情形下没有任何表", "/x-typical"))
    out.faults += gathered.faults(out.path)
    return out


def _try_situations(library: Library, scenario: Scenario, kept: Kept, out: Outcome, gathered: Gathered) -> None:
    situations, done = Situations(library, scenario), set[Any]()
    for facts in situations.tried():
        try:
            key = plan_key(library, scenario, facts)
            if key in done and facts != scenario.typical_facts:
                continue
            done.add(key)
            trial = tried(library, make_plan(library, scenario, facts), kept)
        except TemplateError:
            raise
        except FormEngineError as error:
            out.faults.append(Fault(out.path, "facts", f"情形 {canonical(facts)}：{error}"))
        else:
            gathered.add(trial.found, facts)
            out.trials.append(trial)
    out.tried = _scope_of_trial(situations, len(done))


def _scope_of_trial(situations: Situations, forms: int) -> str:
    """What was tried of a scenario, and what was not."""
    text = f"情形共 {situations.number} 种，合成 {forms} 张不同的表逐一试过"
    if situations.number > forms:
        text += "（每两问的每种搭配、可选的表全有与全无、每个数据元会碰到一起的最多的表）"
        text += "；没有逐一试的：由三问以上共同决定的显示条件"
    if situations.in_pairs:
        text += f"；这些数据元涉及的表只两两试过：{'、'.join(sorted(situations.in_pairs))}"
    if situations.gave_up:
        text += f"；有 {situations.gave_up} 组表没有找到（也没有排除）会碰到一起的情形"
    return text
