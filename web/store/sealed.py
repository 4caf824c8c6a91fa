"""Sealed columns: personal values reach the database only encrypted; they are found again by keyed hash.

Encryption is Fernet (AES-128-CBC with HMAC-SHA256) with rotation: the first key seals, any key opens. The search hash
is HMAC-SHA256 under a key of its own, derived from the last (oldest) data key, so that adding a key in front breaks
no search.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import LargeBinary
from sqlalchemy.types import TypeDecorator

from .errors import StoreKeyError


class Vault:
    """Seals and opens bytes; ``keys`` are Fernet keys (32 bytes, URL-safe base64), newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise StoreKeyError("没有数据密钥")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise StoreKeyError("数据密钥须是 32 字节的 URL-safe base64（用 make key 生成）") from error
        self._search = hmac.digest(keys[-1].encode(), b"search", "sha256")

    def seal(self, data: bytes) -> bytes:
        """Encrypt."""
        return self._fernet.encrypt(data)

    def open(self, token: bytes) -> bytes:
        """Decrypt; raises ``StoreKeyError`` if no key fits or the bytes were changed."""
        try:
            return self._fernet.decrypt(token)
        except InvalidToken as error:
            raise StoreKeyError("数据密钥不对，或者数据被改动过") from error

    def digest(self, kind: str, text: str) -> str:
        """Keyed hash (64 hex digits) of a search value; ``kind`` keeps a name from meeting a number."""
        return hmac.new(self._search, f"{kind}\0{normal(text)}".encode(), hashlib.sha256).hexdigest()

    def mark(self, data: bytes) -> str:
        """Keyed hash (64 hex digits) of bytes exactly as they are: two marks are alike where the bytes are."""
        return hmac.new(self._search, b"mark\0" + data, hashlib.sha256).hexdigest()


def normal(text: str) -> str:
    """A search value as everybody types it: NFKC, no blanks, hyphens or middle dots of any kind, upper case."""
    return re.sub(r"[\s\-‐-―−·•‧∙⋅・]", "", unicodedata.normalize("NFKC", text)).upper()


class Sealed(TypeDecorator[Any]):
    """A column that holds only ciphertext. The vault is the one its engine was opened with."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> bytes | None:
        return None if value is None else dialect.vault.seal(self.to_bytes(value))

    def process_result_value(self, value: Any, dialect: Any) -> object:
        return None if value is None else self.from_bytes(dialect.vault.open(bytes(value)))

    def to_bytes(self, value: Any) -> bytes:
        """The plain bytes of a value."""
        return bytes(value)

    def from_bytes(self, data: bytes) -> object:
        """The value of plain bytes."""
        return data


class SealedText(Sealed):
    """Sealed text."""

    cache_ok = True

    def to_bytes(self, value: str) -> bytes:
        return value.encode("utf-8", "surrogatepass")

    def from_bytes(self, data: bytes) -> str:
        return data.decode("utf-8", "surrogatepass")


class SealedJSON(Sealed):
    """Sealed JSON. Values are replaced, never changed in place."""

    cache_ok = True

    def to_bytes(self, value: object) -> bytes:
        return json.dumps(value, separators=(",", ":")).encode("ascii")

    def from_bytes(self, data: bytes) -> object:
        return json.loads(data)
