"""``make run``: one sample of each scenario, from the merged form to filings, their PDFs and the licences.

Writes everything under ``build/`` and says what it did, with figures that it counted itself.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from formengine import load_library, merge, sample, split, validate  # noqa: E402
from formengine.__main__ import filing_files  # noqa: E402
from formengine.count import counts  # noqa: E402
from formengine.form import MergedForm  # noqa: E402
from formengine.issue import demo_issue, licence_values  # noqa: E402
from formengine.pdf import render_licence  # noqa: E402


def main() -> int:
    """Run the demonstration; returns the exit code."""
    library = load_library()
    today = date.today().isoformat()
    for scenario in library.scenarios:
        figures = counts(library, scenario)
        form = merge(library, scenario)
        folder = ROOT / "build" / scenario
        folder.mkdir(parents=True, exist_ok=True)
        print(f"\n■ {figures['title']}")
        before, asked = figures["fields_before"], figures["asked_typical"]
        print(f"  {len(form.forms)} 张表合成 1 张：{before} 栏 → 典型申请人填 {asked} 项")
        print(f"  材料 {figures['materials_before']} → {figures['materials_after']} 份；", end="")
        print(f"法定合计 {figures['days_legal']} → 承诺 {figures['days_promised']} 个工作日")
        carry(form, folder, today)
    print(f"\n全部文件在 {ROOT / 'build'}")
    return 0


def carry(form: MergedForm, folder: Path, today: str) -> None:
    """Sample, judge, split, issue, and split again with what was issued."""
    answers = sample(form, 1, today)
    issues = validate(form, answers, today)
    write(folder / "一张表.schema.json", form.schema)
    write(folder / "申报内容.json", answers)
    print(f"  样例申报内容（示例人员，非真实）：检查出 {len(issues)} 处问题")
    issued = demo_issue(form, answers, today)
    files = filing_files(form, answers, issued.elements)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    waiting = sum(len(f.pending) for f in split(form, answers).values())
    print(f"  拆成 {len(form.forms)} 份部门申请表（JSON 和 PDF）；其中 {waiting} 个值待证照核发，核发后全部补齐")
    for licence in issued.licences:
        template = form.library.licences[licence]
        values = licence_values(form, template, answers, issued)
        (folder / f"证照-{template.title}.pdf").write_bytes(render_licence(template.raw, values))
    print(f"  证照 {len(issued.licences)} 张：" + "、".join(form.library.licences[x].title for x in issued.licences))
    print(f"  → {folder.relative_to(ROOT)}/")


def write(path: Path, value: Any) -> None:
    """One JSON file, readable."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
