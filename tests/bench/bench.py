"""``make bench``: ratios against a peer in the same run, printed and written to ``build/bench.json``.

The judgement of a valid submission is measured against plain jsonschema judging the merged schema alone, with the same
verdict; a page of the form against an empty page of the same site. Times are the best of several rounds, because
machines are noisy.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from timeit import timeit

import jsonschema
from cryptography.fernet import Fernet
from flask import Flask, render_template

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import app as application  # noqa: E402
import formengine  # noqa: E402
from formengine.answers.examine import judge  # noqa: E402
from formengine.formats import python_checker  # noqa: E402
from web.demo import demo_file  # noqa: E402
from web.services import services_of  # noqa: E402
from web.settings import Settings  # noqa: E402

TODAY = "2026-11-23"
LIMITS = {
    "page_sign-off": 20.0,
    "check_": 4.0,
    "bad_rows": 15.0,
    "judgement_without_rules": 0.25,
    "judgement_with_rules": 0.40,
    "page_": 10.0,
}
"""The highest ratio to the peer, so that a busy machine passes and work done twice on the dearest page does not.
Measured: judgement 0.09 to 0.15, pages 3 to 8.5, the signing page 13.5 (it also works out what each signature covers);
on a quiet machine an empty page costs 0.42 ms. Ten times as many bad rows cost 9 to 11 times as much; twice as many
optional forms may cost the check four times as much: no worse than quadratic."""


def mean(work: Callable[[], object], least: float) -> float:
    """The mean time of one call in milliseconds, over calls that take ``least`` seconds together."""
    count, spent = 0, 0.0
    while spent < least:
        start = time.perf_counter()
        work()
        spent += time.perf_counter() - start
        count += 1
    return spent / count * 1000


def best_of_two(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """The best times of two works done in turns, so that a busy moment of the machine meets both."""
    times = [(mean(one, 0.01), mean(other, 0.004)) for _ in range(40)]
    return min(a for a, _ in times), min(b for _, b in times)


def measure(scenario: str) -> dict[str, dict[str, object]]:
    """Both ratios for a valid submission of the scenario's typical applicant."""
    form = formengine.merge(formengine.load_library(), scenario)
    answers = formengine.sample(form, 1, TODAY)
    peer = jsonschema.Draft202012Validator(form.schema, format_checker=python_checker())
    assert judge(form, answers)
    assert formengine.validate(form, answers, TODAY) == []
    assert peer.is_valid(answers)
    spoiled = {**answers, "entity": {}}
    assert not judge(form, spoiled)
    assert not peer.is_valid(spoiled)
    found = {}
    for name, work in (
        ("judgement_without_rules", lambda: judge(form, answers)),
        ("judgement_with_rules", lambda: formengine.validate(form, answers, TODAY)),
    ):
        ours, other = best_of_two(work, lambda: list(peer.iter_errors(answers)))
        row = {"ratio": ours / other, "ours": ours, "other": other, "other_name": "jsonschema", "unit": "ms"}
        found[f"{scenario}_{name}"] = row
    return found


def measure_rows() -> dict[str, dict[str, object]]:
    """A table of bad rows beside one a tenth as long: all mistakes are named, in time linear in the input."""
    form = formengine.merge(formengine.load_library(), "catering")
    answers = formengine.sample(form, 1, TODAY)
    long, short = ({**answers, "sign_items": [{"id": f"x{i}"} for i in range(count)]} for count in (2000, 200))
    assert len(formengine.validate(form, long, TODAY)) > 2000

    def rows(given: dict[str, object], times: int) -> float:
        """Milliseconds for one judgement; no garbage is collected meanwhile."""
        return timeit(lambda: formengine.validate(form, given, TODAY), number=times) / times * 1000

    ours, other = map(min, zip(*[(rows(long, 1), rows(short, 10)) for _ in range(6)], strict=True))
    row = {"ratio": ours / other, "ours": ours, "other": other, "other_name": "a tenth of the rows", "unit": "ms"}
    return {"bad_rows": row}


def measure_check() -> dict[str, dict[str, object]]:
    """``check`` of a scenario of five forms with twice as many optional ones, each behind a question of its own: every
    time in a process of its own, so that nothing is known before."""
    found = {}
    times = {options: _in_a_new_process(options) for options in (3, 6, 12)}
    for options in (6, 12):
        ours, other = times[options], times[options // 2]
        row = {"ratio": ours / other, "ours": ours, "other": other, "other_name": "half as many", "unit": "s"}
        found[f"check_{options}_optional_forms"] = row
    return found


def _in_a_new_process(options: int) -> float:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(check_time, options).result()


def check_time(options: int) -> float:
    """How many seconds the check of the wide scenario takes."""
    from wide import wide

    from formengine.authoring.check import check

    library = wide(options)
    start = time.perf_counter()
    report = check(library.documents)
    assert not report.failed, [str(fault) for fault in report.faults]
    return time.perf_counter() - start


def measure_pages() -> dict[str, dict[str, object]]:
    """What a page of a filled catering form costs beside an empty page of the same site, section by section."""
    with tempfile.TemporaryDirectory() as folder:
        keys = (Fernet.generate_key().decode(),)
        settings = Settings("bench-only-" * 4, keys, f"sqlite:///{folder}/x.sqlite3", secure_cookies=False)
        application.prepare(settings)
        site = application.create_app(settings)
        application.settle()
        site.add_url_rule("/empty", "empty", lambda: render_template("base.html"))
        return _pages(site)


def _pages(site: Flask) -> dict[str, dict[str, object]]:
    client, drafts = site.test_client(), services_of(site).drafts
    form = formengine.merge(services_of(site).catalogue.library, "catering")
    now = services_of(site).clock()
    code = drafts.begin("catering", form.facts, "bench", now)
    drafts.replace(code, formengine.sample(form, 1, TODAY), now, demo_file)
    with client.session_transaction() as session:
        session["drafts"] = {"catering": code.replace("-", "")}
    found = {}
    served = services_of(site).catalogue.serve("catering", form.facts)
    sections = [section.id for section in services_of(site).sheet(served).sections]
    pages = {name: f"/apply/catering/{name}" for name in sections}
    pages["notice"] = "/scenarios/hotel?entity_kind=company&holds_licence=no&serves_food=yes&discharges_sewage=yes"
    for name, address in pages.items():
        assert client.get(address).status_code == 200
        ours, empty = best_of_two(lambda address=address: client.get(address), lambda: client.get("/empty"))
        row = {"ratio": ours / empty, "ours": ours, "other": empty, "other_name": "an empty page", "unit": "ms"}
        found[f"page_{name}"] = row
    return found


def main() -> int:
    """Print the ratios; exit 1 where one is over its limit."""
    rows = {**measure("catering"), **measure("hotel"), **measure_rows(), **measure_check(), **measure_pages()}
    over = []
    for name, row in rows.items():
        limit = next(limit for key, limit in LIMITS.items() if key in name)
        print(f"{name}: {row['ratio']:.3f} ({row['ours']:.2f} / {row['other']:.2f} {row['unit']}, at most {limit:.2f})")
        if row["ratio"] > limit:
            over.append(name)
    target = ROOT / "build"
    target.mkdir(exist_ok=True)
    (target / "bench.json").write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
