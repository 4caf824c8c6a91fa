"""The command line: ``python -m formengine <verb>``. Results on stdout, messages on stderr.

Exit 0 done, 1 the input is at fault, 2 wrong use. The only place that reads the clock (``--today`` sets it) and the
one place where the engine meets the PDF room.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from . import load_library, merge, sample, split, validate
from .algebra.intersect import intersect
from .answers.writings import in_one_writing
from .authoring.check import check, check_paths
from .authoring.count import counts
from .authoring.describe import explain
from .errors import FormEngineError, MergeConflict, TemplateError
from .folder import replace_folder, write_bytes
from .judges import compiled
from .merging.form import MergedForm
from .merging.plan import fact_problems
from .model import Issue
from .templates.documents import STANDARD_FORMS, STANDARD_TEMPLATES, read_documents
from .templates.library import Library

MAX_INPUT = 32 * 1024 * 1024
"""The largest input file or stream that is read, in bytes."""


class InputError(Exception):
    """The input is at fault; the text is one Chinese line."""


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except MergeConflict as conflict:
        return _fail(f"不能合并：{conflict}")
    except TemplateError as error:
        return _fail("\n".join(str(fault) for fault in error.faults))
    except (FormEngineError, InputError) as error:
        return _fail(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _fail(f"读写文件失败：{error.strerror or error}（{error.filename or ''}）")


def _fail(message: str) -> int:
    print(message.encode("utf-8", "replace").decode("utf-8"), file=sys.stderr)
    return 1


# -- input and output ------------------------------------------------------------------------------------------


def read_json(name: str) -> Any:
    """The JSON in a file, or on stdin for ``-``; raises ``InputError`` for anything that is not JSON."""
    try:
        raw = _read_bytes(name)
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except FileNotFoundError:
        raise InputError(f"没有文件 {name}") from None
    except UnicodeDecodeError:
        raise InputError(f"{name} 不是 UTF-8 编码的文字") from None
    except json.JSONDecodeError as error:
        raise InputError(f"{name} 第 {error.lineno} 行第 {error.colno} 列不是合法的 JSON：{error.msg}") from None
    except (RecursionError, ValueError) as error:
        raise InputError(f"{name} 读不出来：{error}") from None


def _read_bytes(name: str) -> bytes:
    if name == "-":
        raw = sys.stdin.buffer.read(MAX_INPUT + 1)
    else:
        with open(name, "rb") as stream:
            raw = stream.read(MAX_INPUT + 1)
    if len(raw) > MAX_INPUT:
        raise InputError(f"{name} 超过 {MAX_INPUT // 1024 // 1024} MB，不予处理")
    return raw


def _no_constant(name: str) -> Any:
    raise ValueError(f"JSON 里不能有 {name}")


def write_json(value: object, target: str | None) -> None:
    """Print JSON, or write it to a file in one step."""
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    if target is None or target == "-":
        sys.stdout.write(text)
    else:
        write_bytes(Path(target), text.encode("utf-8"))


def _folders(options: argparse.Namespace) -> tuple[list[Path], Path]:
    """The folders of templates, and that of the scenarios."""
    templates = [STANDARD_TEMPLATES, *(Path(t) for t in options.templates or ())]
    return templates, Path(options.forms) if options.forms else STANDARD_FORMS


def _library(options: argparse.Namespace) -> Library:
    return load_library(*_folders(options))


def _form(options: argparse.Namespace, library: Library, answers: object = None) -> MergedForm:
    """The merged form for the facts given, for those in the answers, or for the typical ones."""
    facts = read_json(options.facts) if getattr(options, "facts", None) else None
    if isinstance(facts, dict) and set(facts) == {"facts"}:
        facts = facts["facts"]
    if facts is None and isinstance(answers, dict) and "facts" in answers:
        facts = answers["facts"]
    return merge(library, options.scenario, facts)


# -- verbs -----------------------------------------------------------------------------------------------------


def _list(options: argparse.Namespace) -> int:
    library = _library(options)
    found = [counts(library, scenario) for scenario in library.scenarios]
    if options.json:
        write_json(found, None)
        return 0
    for row in found:
        print(f"{row['id']}  {row['title']}")
        print(f"  {len(row['forms'])} 张表：" + "、".join(library.forms[f].title for f in row["forms"]))
        print(
            f"  原来 {row['fields_before']} 栏（典型申请人必填 {row['paper_typical']} 栏）→ 典型申请人只填 "
            f"{row['asked_typical']} 项，占 {row['asked_typical'] / row['fields_before']:.0%}；"
            f"全部展开 {row['asked_full']} 项；再次办理 {row['asked_returning']} 项"
        )
        print(
            f"  材料 {row['materials_before']} → {row['materials_after']} 份；法定合计 {row['days_legal']} 个工作日"
            f" → 承诺 {row['days_promised']} 个工作日"
        )
    return 0


def _explain(options: argparse.Namespace) -> int:
    form = _form(options, _library(options))
    if options.element is not None and options.element not in form.fields:
        raise InputError(f"“{form.scenario.title}”在这些情形下不涉及数据元“{options.element}”")
    for line in explain(form, options.element):
        print(line)
    return 0


def _merge(options: argparse.Namespace) -> int:
    write_json(_form(options, _library(options)).schema, options.output)
    return 0


def _sample(options: argparse.Namespace) -> int:
    form = _form(options, _library(options))
    write_json(sample(form, options.seed, options.today), options.output)
    return 0


def _judge(
    options: argparse.Namespace, library: Library, answers: object
) -> tuple[MergedForm | None, Any, list[Issue]]:
    """The form that the answers are for, the answers in one writing, and all their mistakes; no form where the facts
    themselves are wrong."""
    scenario = library.scenario(options.scenario)
    facts = answers.get("facts") if isinstance(answers, dict) else None
    problems = [] if facts is None else fact_problems(library, scenario, facts)
    if problems:
        return (
            None,
            answers,
            [Issue(where, where.strip("/").replace("/", "."), "facts", text, ()) for where, text in problems],
        )
    form = _form(options, library, answers)
    answers = in_one_writing(form, answers)
    return form, answers, validate(form, answers, options.today)


def _validate(options: argparse.Namespace) -> int:
    _, _, issues = _judge(options, _library(options), read_json(options.data))
    write_json([issue.as_json() for issue in issues], None)
    return 1 if issues else 0


def _split(options: argparse.Namespace) -> int:
    form, answers, issues = _judge(options, _library(options), read_json(options.data))
    if issues or form is None:
        write_json([issue.as_json() for issue in issues], None)
        return _fail(f"申报内容有 {len(issues)} 处问题，没有拆表")
    issued = read_json(options.issued) if options.issued else None
    files = filing_files(form, answers, issued)
    folder = Path(options.output)
    replace_folder(folder, files)
    print(f"{len(files)} 个文件已写入 {folder}", file=sys.stderr)
    return 0


def filing_files(form: MergedForm, answers: Any, issued: Any = None) -> dict[str, bytes]:
    """``<form-id>.json`` and ``<form-id>.pdf`` of every filing and ``manifest.json``, as bytes by file name."""
    from .pdf import render_filing  # fonts take their time: whoever prints nothing does not wait for them

    files: dict[str, bytes] = {}
    manifest: dict[str, Any] = {
        "scenario": form.scenario.id,
        "fingerprint": form.fingerprint,
        "fingerprint_meaning": form.fingerprint_meaning,
        "filings": {},
    }
    for name, filing in split(form, answers, issued).items():
        text = json.dumps(filing.values, ensure_ascii=False, indent=1) + "\n"
        raw = form.library.forms[name].raw
        made = {f"{name}.json": text.encode("utf-8")}
        made[f"{name}.pdf"] = render_filing(raw, filing.values, pending=[p["code"] for p in filing.pending])
        manifest["filings"][name] = {
            "files": {file: hashlib.sha256(data).hexdigest() for file, data in made.items()},
            "pending": [dict(p) for p in filing.pending],
            "rows": {code: list(ids) for code, ids in filing.rows.items()},
            "computed": sorted(filing.computed),
        }
        files.update(made)
    files["manifest.json"] = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    return files


def _licence(options: argparse.Namespace) -> int:
    from .pdf import render_licence  # as above

    library = _library(options)
    if options.licence not in library.licences:
        raise InputError(f"没有证照“{options.licence}”；现有：{'、'.join(sorted(library.licences))}")
    licence = library.licences[options.licence]
    values = read_json(options.data)
    errors = [f"{'/'.join(map(str, e.instance_path))} {e.message}" for e in compiled(licence.raw).iter_errors(values)]
    if errors:
        raise InputError(f"{licence.title}的数据有误：" + "；".join(errors[:10]))
    write_bytes(Path(options.output), render_licence(licence.raw, values, duplicate=options.duplicate))
    return 0


def _check(options: argparse.Namespace) -> int:
    paths = [Path(p) for p in options.paths]
    for path in paths:
        if not path.exists():
            raise InputError(f"没有文件或文件夹 {path}")
    begun, results = time.perf_counter(), Path(__file__).parent.parent / "build"
    workers = min(4, os.cpu_count() or 1)  # each holds all templates: more of them cost memory, not time
    whole = _folders(options)
    report = check_paths(paths, results, workers) if paths else check(read_documents(*whole), results, workers)
    for fault in report.faults:
        print(fault)
    for note in report.notes():
        print(f"说明：{note}")
    done = report.proofs
    print(f"逐条证明：成立 {done['proved']}，不成立 {done['refuted']}，未能判定 {done['unknown']}")
    spent = time.perf_counter() - begun
    print(f"用时 {spent:.1f} 秒" + (f"，其中 {report.taken} 项结果未变，沿用上次的" if report.taken else ""))
    return 1 if report.failed else 0


def _intersect(options: argparse.Namespace) -> int:
    schemas = [read_json(name) for name in options.schemas]
    for name, schema in zip(options.schemas, schemas, strict=True):
        if not isinstance(schema, dict | bool):
            raise InputError(f"{name} 不是 JSON Schema：须是对象、true 或 false")
    write_json(intersect(*schemas), options.output)
    return 0


# -- arguments -------------------------------------------------------------------------------------------------


def _today(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是 YYYY-MM-DD 的日期") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m formengine", description="证照联办：多张部门申请表合成一张，再拆回各部门。"
    )
    parser.add_argument("--templates", action="append", metavar="DIR", help="另加一个模板文件夹（可多次）")
    parser.add_argument("--forms", metavar="DIR", help="联办事项文件夹，默认 forms/")
    parser.add_argument("--today", type=_today, default=date.today().isoformat(), help="以哪一天为今天（YYYY-MM-DD）")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="动词")
    _add(verbs, "list", _list, "列出联办事项和各项数字").add_argument("--json", action="store_true", help="输出 JSON")
    one = _scenario(_add(verbs, "explain", _explain, "谁要什么、叫什么、什么限制、为什么"))
    one.add_argument("--element", metavar="ID", help="只看一个数据元")
    _output(_scenario(_add(verbs, "merge", _merge, "输出合并后的表（JSON Schema）")))
    one = _output(_scenario(_add(verbs, "sample", _sample, "造一份完整、合格的申报内容")))
    one.add_argument("--seed", type=int, default=1, help="种子，同一种子结果相同")
    _data(_scenario(_add(verbs, "validate", _validate, "检查申报内容，输出问题清单")))
    one = _data(_scenario(_add(verbs, "split", _split, "拆成各部门的申请表（JSON 和 PDF）")))
    one.add_argument("--issued", metavar="FILE", help="已核发的值：{数据元: 值}")
    one.add_argument("-o", "--output", required=True, metavar="DIR", help="写到哪个文件夹")
    one = _add(verbs, "licence", _licence, "打印一张证照")
    one.add_argument("licence", help="证照编号")
    one.add_argument("data", help="要打印的值（JSON 文件，- 为标准输入）")
    one.add_argument("--duplicate", action="store_true", help="打印副本")
    one.add_argument("-o", "--output", required=True, metavar="F.pdf", help="写到哪个文件")
    one = _add(verbs, "check", _check, "检查模板")
    one.add_argument("paths", nargs="*", help="另外的模板文件或文件夹")
    one = _output(_add(verbs, "intersect", _intersect, "求几个 JSON Schema 的交集"))
    one.add_argument("schemas", nargs="+", metavar="SCHEMA")
    return parser


def _add(verbs: Any, name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text)
    one.set_defaults(run=run)
    one.add_argument("--today", type=_today, default=argparse.SUPPRESS, help="以哪一天为今天（YYYY-MM-DD）")
    return one


def _scenario(one: argparse.ArgumentParser) -> argparse.ArgumentParser:
    one.add_argument("scenario", help="联办事项编号")
    one.add_argument("--facts", metavar="F", help="情形（JSON 文件，- 为标准输入）")
    return one


def _data(one: argparse.ArgumentParser) -> argparse.ArgumentParser:
    one.add_argument("data", help="申报内容（JSON 文件，- 为标准输入）")
    return one


def _output(one: argparse.ArgumentParser) -> argparse.ArgumentParser:
    one.add_argument("-o", "--output", metavar="F", help="写到文件，不写则输出")
    return one


if __name__ == "__main__":
    sys.exit(main())
