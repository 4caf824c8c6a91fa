"""What leaves the house: a filing as JSON and PDF, and zips with a manifest."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

from formengine import Library
from formengine.pdf import render_filing
from web.store.models import Attachment, Filing


def filing_json(filing: Filing) -> bytes:
    """The filing's values, exactly what the department's schema describes."""
    return (json.dumps(filing.values, ensure_ascii=False, indent=1) + "\n").encode()


def filing_pdf(library: Library, filing: Filing) -> bytes:
    """The department's own form, filled in."""
    template = library.forms[filing.form].raw
    return render_filing(template, filing.values, pending=[p["code"] for p in filing.pending])


def filings_zip(
    library: Library, filings: Iterable[Filing], number_of: dict[int, str], files: Iterable[Attachment] = ()
) -> bytes:
    """Filings of one or more cases, JSON and PDF each, uploaded files, and ``manifest.json`` with every sha-256.

    ``number_of`` maps case ids to case numbers: each case has its folder.
    """
    made: dict[str, bytes] = {}
    manifest: dict[str, Any] = {}
    for filing in filings:
        folder = number_of[filing.case_id]
        made[f"{folder}/{filing.form}.json"] = filing_json(filing)
        made[f"{folder}/{filing.form}.pdf"] = filing_pdf(library, filing)
        manifest.setdefault(folder, {})[filing.form] = {
            "title": library.forms[filing.form].title,
            "pending": filing.pending,
            "rows": filing.rows,
            "computed": filing.computed,
        }
    for one in files:
        ending = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}.get(one.media_type, "json")
        made[f"{number_of[one.case_id]}/attachments/{one.id}.{ending}"] = one.content
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(made.items())}
    manifest = {"cases": manifest, "files": hashes}
    made["manifest.json"] = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
    return _zip(made)


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)  # no time of making: same in, same out
            info.external_attr = 0o644 << 16
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
