"""Telephone numbers as people write them, brought to the one way in which they are kept.

Kept are ``13800138000``, ``0579-87101234``, ``0579-87101234-801`` (extension), ``4008123456``, ``95588`` and, for
numbers from elsewhere, ``+85261234567``. Source: 工业和信息化部 电信网编号计划; ITU-T E.164.
"""

from __future__ import annotations

import re

MOBILE = "1[3-9][0-9]{9}"
AREA = "(?:010|02[0-9]|0[3-9][0-9]{2})"
LANDLINE = f"(?:{AREA}-?)?[2-9][0-9]{{6,7}}(?:-[0-9]{{1,6}})?"
TOLL_FREE = "(?:400|800)-?[0-9]{3}-?[0-9]{4}"
SERVICE = "9[56][0-9]{3,4}"
"""Short numbers of companies: 95588, 96128."""
ABROAD = r"\+(?:[1-79][0-9]{7,14}|8[0-57-9][0-9]{6,13})"
"""A number outside the mainland, with the code of its country or region; China's own +86 is left out."""

_EXTENSION = re.compile(r"(.*?)(?:转分机|转接|转|轉|分机|ext\.?|[x#])[:\s.]*([0-9]{1,6})", re.IGNORECASE)
_HOME = re.compile(r"(?:\+|00)86|86(?=1[3-9][0-9]{9}$)")
_SPLIT = re.compile(f"({AREA})-?([2-9][0-9]{{6,7}})(?:-([0-9]{{1,6}}))?")
_WHOLE = re.compile(f"{MOBILE}|(?:400|800)[0-9]{{7}}|{SERVICE}|{ABROAD}")
_LOCAL = re.compile("([2-9][0-9]{6,7})(?:-([0-9]{1,6}))?")


def rewritten(text: str) -> str:
    """The number in the way it is kept; what is none is returned as it was."""
    found = _EXTENSION.fullmatch(text.strip())
    body, extension = (found[1], found[2]) if found else (text, "")
    body = re.sub(r"(?<=86)\s*\(0\)\s*", "0", body.replace("—", "-"))
    number = re.sub(r"[\s.·/_]|(?<=\))-", "", body).replace("(", "").replace(")", "-").strip("-")
    number = re.sub("-+", "-", re.sub("^00(?=[1-9])", "+", number))
    home = _HOME.match(number.replace("-", ""))
    if home:
        number = re.sub(r"^(?:\+|00)?86-?", "", number)
        number = number if _WHOLE.fullmatch(number.replace("-", "")) or number.startswith("0") else f"0{number}"
    kept = _kept(number, extension)
    return text if kept is None else kept


def _kept(number: str, extension: str) -> str | None:
    digits = number.replace("-", "")
    if _WHOLE.fullmatch(digits) and not extension:
        return digits
    split = _SPLIT.fullmatch(number) or _SPLIT.fullmatch(_joined(number))
    if split and not (extension and split[3]):
        return "-".join(part for part in (split[1], split[2], extension or split[3]) if part)
    local = _LOCAL.fullmatch(number) or _LOCAL.fullmatch(digits)
    if local and not (extension and local[2]):
        return "-".join(part for part in (local[1], extension or local[2]) if part)
    return None


def _joined(number: str) -> str:
    """A number whose digits are grouped with hyphens: only the first, after the area code, means something."""
    area, _, rest = number.partition("-")
    return f"{area}-{rest.replace('-', '')}"
