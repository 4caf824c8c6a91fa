"""Codes that open a case, and the numbers of cases."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from datetime import date

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from web.store.models import Sequence

CODE_CHARACTERS = 20
"""Base32 characters of a code: 100 bits, above the 80 that guessing needs."""
_FOLD = str.maketrans("01", "OI")


def code_of(secret: str, nonce: str) -> str:
    """The code of the case begun with ``nonce``, the same each time: ``ABCD-EFGH-IJKL-MNOP-QRST``."""
    digest = hmac.digest(secret.encode(), b"case-code\0" + nonce.encode(), hashlib.sha256)
    text = base64.b32encode(digest).decode()[:CODE_CHARACTERS]
    return "-".join(text[i : i + 4] for i in range(0, CODE_CHARACTERS, 4))


def plain_code(typed: str) -> str:
    """A code as typed by a person: full-width, lower case, blanks and hyphens do not matter, nor 0 for O, 1 for I."""
    text = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", typed[:200]).upper())
    return text.translate(_FOLD)


def begin_key(nonce: str) -> str:
    """What the store keeps of the page a case was begun on."""
    return hashlib.sha256(f"begin\0{nonce}".encode()).hexdigest()


def next_number(session: Session, today: date) -> str:
    """The next case number of the day: ``YK20261123000001``; no number is given out twice."""
    prefix = f"YK{today:%Y%m%d}"
    return f"{prefix}{_next(session, f'case/{prefix}'):06d}"


def _next(session: Session, name: str) -> int:
    raised = update(Sequence).where(Sequence.name == name).values(last=Sequence.last + 1).returning(Sequence.last)
    found = session.execute(raised).scalar_one_or_none()
    if found is not None:
        return found
    try:
        with session.begin_nested():
            session.add(Sequence(name=name, last=1))
        return 1
    except IntegrityError:  # somebody else was first today
        return session.execute(raised).scalar_one()
