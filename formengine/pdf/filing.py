"""A filing as a plain print of its department's form: every label, every option, every value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from ..templates.schemas import choices, inline_local, is_table
from ..words import NO, YES, said
from .canvas import to_pdf
from .files import File, picture_of
from .flow import Flow, Piece
from .fonts import clean, legible

NO_FILES: Mapping[str, File] = MappingProxyType({})
ATTACHMENT = "attachment-id"
MANY_OPTIONS = 30
"""A list of choices longer than this prints only what was chosen."""


def render_filing(
    form: dict[str, Any],
    values: dict[str, Any],
    *,
    pending: Iterable[str] = (),
    files: Mapping[str, File] = NO_FILES,
    materials: Iterable[tuple[str, Sequence[File]]] = (),
) -> bytes:
    """The department form ``form`` (its JSON Schema) filled with ``values``, in the department's codes, as A4 PDF.

    ``pending`` names properties whose value a licence is still to yield; ``files`` are what stands behind the ids of
    attachments in the values, ``materials`` what was handed in with the form: ``(title, files)``. Pictures and
    signatures are shown, other files named; an id is never printed. Raises ``MissingGlyphs``.
    """
    flow = Flow(str(form.get("title", "")))
    flow.heading()
    department = form.get("x-department", {}).get("title", "")
    basis = "；".join(form.get("x-basis", ()))
    flow.note(f"受理部门：{department}" + (f"　依据：{basis}" if basis else ""))
    section = None
    waiting = set(pending)
    for code, node in inline_local(form).get("properties", {}).items():
        if node.get("x-section") != section and node.get("x-section"):
            section = node["x-section"]
            flow.section(section)
        _field(flow, code, node, values, waiting, files)
    handed_in = [(title, list(found)) for title, found in materials]
    if any(found for _, found in handed_in):
        flow.section("随申请提交的材料")
        for title, found in handed_in:
            _named(flow, title, found)
    return to_pdf(flow.finish(), flow.title)


def _field(
    flow: Flow,
    code: str,
    node: dict[str, Any],
    values: dict[str, Any],
    waiting: set[str],
    files: Mapping[str, File],
) -> None:
    label = str(node.get("title", code))
    if is_table(node):
        _table(flow, label, node, values.get(code) or [], files)
        return
    if _is_file(node):
        _attached(flow, label, node, _ids(values.get(code)), files)
        return
    if code in waiting and code not in values:
        flow.field(label, [Piece("（待核发）")])
        return
    flow.field(label, list(pieces(node, values.get(code))), note=_note(node))


def _is_file(node: dict[str, Any]) -> bool:
    items = node.get("items")
    return node.get("format") == ATTACHMENT or (isinstance(items, dict) and items.get("format") == ATTACHMENT)


def _ids(value: object) -> list[str]:
    return [str(one) for one in (value if isinstance(value, list) else [value]) if one]


def _attached(flow: Flow, label: str, node: dict[str, Any], ids: list[str], files: Mapping[str, File]) -> None:
    """A field that holds files, or a signature."""
    found = [files[one] for one in ids if one in files]
    binding = node.get("x-element")
    signed = isinstance(binding, dict) and binding.get("own") == "signature"
    if signed and found:
        for one in found:
            flow.signature(label, one.name, one.note)
    elif found:
        _named(flow, label, found)
    else:
        flow.field(label, [Piece(_untold(len(ids), signed))])


def _untold(count: int, signed: bool) -> str:
    """What is printed where the files themselves are not at hand."""
    return ("（已签署）" if signed else f"（附件 {count} 个，另附）") if count else ""


def _named(flow: Flow, label: str, found: Sequence[File]) -> None:
    """Files by their names, pictures under them."""
    flow.field(label, [Piece("、".join(legible(one.name) for one in found))])
    for one in found:
        picture = picture_of(one)
        if picture is not None:
            flow.picture(one.name, picture)


def _note(node: dict[str, Any]) -> str:
    """A declaration is printed with its whole text."""
    binding = node.get("x-element")
    declared = isinstance(binding, dict) and binding.get("own") in ("declaration", "consent")
    return str(node.get("description", "")) if declared else ""


def pieces(node: dict[str, Any], value: object) -> Iterator[Piece]:
    """A value as pieces of a line: options with their boxes, or text; blank where there is none."""
    options = choices(node)
    if node.get("type") == "boolean":
        yield Piece(YES, value is True)
        yield Piece(NO, value is False)
    elif options:
        chosen = value if isinstance(value, list) else [value]
        listed = [o for o in options if o[0] in chosen] if len(options) > MANY_OPTIONS else options
        for code, title in listed:
            yield Piece(clean(title), any(_same(code, v) for v in chosen))
    else:
        unit = str(node.get("x-unit", ""))
        text = shown(node, value)
        yield Piece(text + (f" {unit}" if unit and text else unit))


def _same(left: object, right: object) -> bool:
    return bool(left == right) and isinstance(left, bool) == isinstance(right, bool)


def shown(node: dict[str, Any], value: object) -> str:
    """A value as text: chosen titles, an address as one line, numbers without exponent or trailing zeros."""
    titles = {code: title for code, title in choices(node) if isinstance(code, str)}
    return clean(said(value, titles))


def _table(flow: Flow, label: str, node: dict[str, Any], rows: list[dict[str, Any]], files: Mapping[str, File]) -> None:
    columns = node["items"]["properties"]
    flow.field(label, [Piece(f"共 {len(rows)} 行" if rows else "无")])
    if not rows:
        return
    header = [_header(code, part) for code, part in columns.items()]
    flow.table(header, [[_cell(part, row.get(code), files) for code, part in columns.items()] for row in rows])
    for index, row in enumerate(rows, 1):
        for code in (code for code, part in columns.items() if _is_file(part)):
            for one in (files[id_] for id_ in _ids(row.get(code)) if id_ in files):
                picture = picture_of(one)
                if picture is not None:
                    flow.picture(f"第 {index} 行：{one.name}", picture)


def _cell(node: dict[str, Any], value: object, files: Mapping[str, File]) -> str:
    if not _is_file(node):
        return shown(node, value)
    ids = _ids(value)
    return "、".join(legible(files[one].name) for one in ids if one in files) or _untold(len(ids), False)


def _header(code: str, node: dict[str, Any]) -> str:
    unit = node.get("x-unit")
    return str(node.get("title", code)) + (f"（{unit}）" if unit else "")
