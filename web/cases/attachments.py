"""Uploaded materials and signatures: what is taken, and under which id it stands in the answers."""

from __future__ import annotations

import json
import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from formengine import named, unprintable
from web.store.models import Attachment, Case

from .errors import BadUpload
from .given import TypedName, Upload

LIMIT_BYTES = 10 * 1024 * 1024
KINDS = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
"""How a file begins, and what it then is; nothing else is taken."""
BOM, BLANK = b"\xef\xbb\xbf", b"\0\t\n\f\r "
"""What some programs write before a PDF begins."""
ENDINGS = {"application/pdf": ".pdf", "application/json": ".json", "image/jpeg": ".jpg", "image/png": ".png"}
"""How the names of files of a kind end."""
SIGNATURE = "application/vnd.signature+json"


def sent_as(one: Attachment) -> str:
    """The media type under which a file leaves the house: a signature is JSON."""
    return "application/json" if one.media_type == SIGNATURE else one.media_type


def keep(session: Session, case: Case, path: str, given: Upload, now: datetime) -> str:
    """Store a file; returns its id. Raises ``BadUpload``."""
    return _add(session, case, path, given.name[-120:] or "文件", kind_of(given), given.data, now)


def sign(session: Session, case: Case, path: str, given: TypedName, now: datetime, covers: str | None) -> str:
    """Store a signature, under the name that signed, with the mark of what it covers; returns its id.

    Raises ``BadUpload`` for a name that cannot be printed.
    """
    odd = unprintable(given.name)
    if odd:
        raise BadUpload(f"签名里的{named(odd)}印不到申请表上，请重新输入")
    text = {"signed_by": given.name, "signed_at": now.isoformat(), "how": "typed"}
    data = json.dumps(text, ensure_ascii=False).encode()
    return _add(session, case, path, given.name, SIGNATURE, data, now, covers)


def kind_of(given: Upload) -> str:
    """The media type by the file's own first bytes; raises ``BadUpload``."""
    if not given.data:
        raise BadUpload(f"“{given.name}”是空文件，请重新选择")
    if len(given.data) > LIMIT_BYTES:
        raise BadUpload(f"“{given.name}”超过 10 MB，请压缩后再传")
    start = given.data[:1024]
    for head, kind in KINDS.items():
        if start.startswith(head):
            return kind
    if start.removeprefix(BOM).lstrip(BLANK).startswith(b"%PDF-"):  # readers open these, so they are PDFs
        return "application/pdf"
    raise BadUpload(f"“{given.name}”不是 PDF、JPG 或 PNG，请转换后再传")


def _add(
    session: Session,
    case: Case,
    path: str,
    name: str,
    kind: str,
    data: bytes,
    now: datetime,
    covers: str | None = None,
) -> str:
    made = Attachment(
        id=f"att-{secrets.token_hex(16)}",
        case_id=case.id,
        path=path,
        name=name,
        media_type=kind,
        size=len(data),
        content=data,
        covers=covers,
        created_at=now,
    )
    session.add(made)
    return made.id
