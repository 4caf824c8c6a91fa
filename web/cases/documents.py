"""What leaves the house: a filing as JSON and PDF, and zips with a manifest."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from formengine.pdf import File, MissingGlyphs, render_filing
from web.store.models import Attachment, Filing

from .attachments import ENDINGS, SIGNATURE
from .desk import Bundle, materials_of


def filing_json(filing: Filing) -> bytes:
    """The filing's values, exactly what the department's schema describes."""
    return (json.dumps(filing.values, ensure_ascii=False, indent=1) + "\n").encode()


def filing_pdf(bundle: Bundle) -> bytes:
    """The department's own form, filled in, with what was signed and uploaded.

    A character that no font has (kept before such were refused) is printed as its number: the rest of the form is not
    held back for it.
    """
    filing = bundle.filing
    files = {one.id: _printed(one) for one in bundle.files}
    materials = materials_of(bundle.form).items()
    named = ((title, [files[one.id] for one in bundle.files if one.path == path]) for path, title in materials)
    handed_in = [(title, found) for title, found in named if found]
    pending = [p["code"] for p in filing.pending]
    render = partial(render_filing, bundle.form.raw, pending=pending, files=files, materials=handed_in)
    try:
        return render(filing.values)
    except MissingGlyphs as odd:
        return render(_numbered(filing.values, odd.characters))


def _numbered(value: object, odd: Collection[str]) -> Any:
    """A value with these characters replaced by their numbers."""
    if isinstance(value, str):
        return "".join(f"〔U+{ord(c):04X}〕" if c in odd else c for c in value)
    if isinstance(value, dict):
        return {key: _numbered(inner, odd) for key, inner in value.items()}
    return [_numbered(inner, odd) for inner in value] if isinstance(value, list) else value


def _printed(one: Attachment) -> File:
    if one.media_type != SIGNATURE:
        return File(one.name, one.media_type, one.content)
    told = json.loads(one.content)
    moment = datetime.fromisoformat(told["signed_at"])
    return File(one.name, "signature", note=f"{moment:%Y-%m-%d %H:%M} 输入姓名签署")


def filings_zip(bundles: Iterable[Bundle], number_of: dict[int, str]) -> bytes:
    """Filings of one or more cases, JSON and PDF each, uploaded files, and ``manifest.json`` with every sha-256.

    ``number_of`` maps case ids to case numbers: each case has its folder.
    """
    made: dict[str, bytes] = {}
    cases: dict[str, Any] = {}
    for bundle in bundles:
        filing, folder = bundle.filing, number_of[bundle.filing.case_id]
        made[f"{folder}/{filing.form}.json"] = filing_json(filing)
        made[f"{folder}/{filing.form}.pdf"] = filing_pdf(bundle)
        made.update({f"{folder}/attachments/{stored_name(one)}": one.content for one in bundle.files})
        cases.setdefault(folder, {})[filing.form] = {
            "title": bundle.form.title,
            "pending": filing.pending,
            "rows": filing.rows,
            "computed": filing.computed,
            "attachments": {stored_name(one): one.name for one in bundle.files},
        }
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(made.items())}
    made["manifest.json"] = (
        json.dumps({"cases": cases, "files": hashes}, ensure_ascii=False, indent=1) + "\n"
    ).encode()
    return _zip(made)


def stored_name(one: Attachment) -> str:
    """What a file is called in a zip: its id, as the values name it, and the ending of its kind."""
    return one.id + ENDINGS.get(one.media_type, ".json")


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)  # no time of making: same in, same out
            info.external_attr = 0o644 << 16
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
