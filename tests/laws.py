"""``make laws``: the laws in depth, scenario by scenario; what passed and did not change since is not tried again.

``SEEDS`` says how many generated submissions each scenario gets, ``ONLY`` which scenarios (parted by commas; a scenario
that is named is tried even if nothing changed). Each scenario's result and time are printed as they come.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from formengine.authoring.kept import digest  # noqa: E402

TESTS = ["tests/laws/test_laws.py", "tests/laws/test_one_mistake.py"]
PASSED = ROOT / "build" / "laws.json"


def state(scenario: str, seeds: str) -> str:
    """What the result rests on: the engine, all templates but other scenarios, the tests, the seeds."""
    folders = [ROOT / "formengine" / "templates_std", HERE]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in (".json", ".py")]
    return digest(seeds, *(path.read_text("utf-8") for path in [*files, ROOT / "forms" / f"{scenario}.json"]))


def passed() -> dict[str, str]:
    """The states that passed, by scenario."""
    try:
        found = json.loads(PASSED.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def main() -> int:
    """Try what has to be tried; exit 1 where a law does not hold."""
    try:
        from cases import ONLY, SCENARIOS
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    seeds, failed = os.environ.get("SEEDS", "200"), []
    for scenario in SCENARIOS:
        now = state(scenario, seeds)
        if not ONLY and passed().get(scenario) == now:
            print(f"== {scenario}：已经通过，此后没有变", flush=True)
            continue
        begun = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", "-m", "long or not long", *TESTS]
        code = subprocess.run(command, cwd=ROOT, env={**os.environ, "SEEDS": seeds, "ONLY": scenario}).returncode
        print(f"== {scenario}：{'通过' if code == 0 else '没有通过'}，{time.monotonic() - begun:.0f} 秒", flush=True)
        if code:
            failed.append(scenario)
            continue
        PASSED.parent.mkdir(exist_ok=True)
        PASSED.write_text(json.dumps({**passed(), scenario: now}, indent=1), "utf-8")
    if failed:
        print(f"没有通过：{'、'.join(failed)}（make laws ONLY={','.join(failed)} 只再试这些）", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
