"""Uploaded materials and signatures: what is taken, and under which id it stands in the answers."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from web.store.models import Attachment, Case

from .errors import BadUpload

LIMIT_BYTES = 10 * 1024 * 1024
KINDS = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
"""How a file begins, and what it then is; nothing else is taken."""
SIGNATURE = "application/vnd.signature+json"


@dataclass(frozen=True)
class Upload:
    """A file as it came in."""

    name: str
    data: bytes


@dataclass(frozen=True)
class TypedName:
    """A signature made by typing one's name."""

    name: str


def keep(session: Session, case: Case, path: str, given: Upload | TypedName, now: datetime) -> str:
    """Store a file or a signature (under the name that signed); returns its id. Raises ``BadUpload``."""
    if isinstance(given, TypedName):
        text = {"signed_by": given.name, "signed_at": now.isoformat(), "how": "typed"}
        return _add(session, case, path, given.name, SIGNATURE, json.dumps(text, ensure_ascii=False).encode(), now)
    return _add(session, case, path, given.name[-120:] or "文件", kind_of(given), given.data, now)


def kind_of(given: Upload) -> str:
    """The media type by the file's own first bytes; raises ``BadUpload``."""
    if not given.data:
        raise BadUpload(f"“{given.name}”是空文件，请重新选择")
    if len(given.data) > LIMIT_BYTES:
        raise BadUpload(f"“{given.name}”超过 10 MB，请压缩后再传")
    for head, kind in KINDS.items():
        if given.data.startswith(head):
            return kind
    raise BadUpload(f"“{given.name}”不是 PDF、JPG 或 PNG，请转换后再传")


def _add(session: Session, case: Case, path: str, name: str, kind: str, data: bytes, now: datetime) -> str:
    made = Attachment(
        id=f"att-{secrets.token_hex(16)}",
        case_id=case.id,
        path=path,
        name=name,
        media_type=kind,
        size=len(data),
        content=data,
        created_at=now,
    )
    session.add(made)
    return made.id
