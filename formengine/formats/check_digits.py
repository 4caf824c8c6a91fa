"""Check digits and embedded dates of Chinese identifiers: five small algorithms, each with its standard.

The functions take text whose shape is already known to be right (ASCII digits and upper-case letters, right length);
``formengine.formats`` looks at the shape first. Where python-stdnum is right and quick it does the arithmetic:
``stdnum.cn.ric`` for the digit of GB 11643 and ``stdnum.iso7064`` for GB/T 17710. Two of its validators are not used:

* ``stdnum.cn.uscc`` cleans its input (so lower case and hyphens pass), demands digits in positions 1-2 (which GB 32100
  does not: Y1...), and never looks at the check digit of the organization code within;
* ``stdnum.cn.ric.validate`` looks the birthplace up in a table and refuses codes that a county had before it was
  renamed; people born in 永康县 (330722, until 1992) keep theirs.
"""

from __future__ import annotations

from datetime import date

from stdnum.cn import ric
from stdnum.iso7064 import mod_11_10, mod_37_36

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUES = {char: value for value, char in enumerate(USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
E_CERTIFICATE_ROOT = "1.2.156.3005.2."


def uscc_digit(body: str) -> str:
    """Position 18 of a unified social credit code, from the 17 before it (GB 32100-2015)."""
    total = sum(_USCC_VALUES[char] * weight for char, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def organization_digit(body: str) -> str:
    """Position 9 of an organization code, from the 8 before it (GB 11714-1997)."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, _ORGANIZATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def citizen_digit(body: str) -> str:
    """Position 18 of a citizen identity number, from the 17 before it (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return ric.calc_check_digit(body + "0")


def food_digit(body: str) -> str:
    """The last digit of a food licence or record number, from its 13 other digits (GB/T 17710-1999 MOD 11,10)."""
    return mod_11_10.calc_check_digit(body)


def e_certificate_digit(body: str) -> str:
    """The check character of an electronic certificate identifier (GB/T 17710-1999 MOD 37,36).

    ``body`` is licence type, issuer, serial number and version run together, without the root code and the dots.
    """
    return mod_37_36.calc_check_digit(body)


def is_real_date(digits: str) -> bool:
    """Whether eight digits (YYYYMMDD) are a date of the calendar."""
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


def uscc_holds(text: str) -> bool:
    """Whether position 18 of a unified social credit code agrees with the rest."""
    return uscc_digit(text[:17]) == text[17]


def organization_holds(text: str) -> bool:
    """Whether position 9 of an organization code agrees with the rest."""
    return organization_digit(text[:8]) == text[8]


def uscc_organization_holds(text: str) -> bool:
    """Whether the organization code within a unified social credit code (positions 9-17) holds."""
    return organization_holds(text[8:17])


def citizen_holds(text: str) -> bool:
    """Whether position 18 of a citizen identity number agrees with the rest."""
    return citizen_digit(text[:17]) == text[17]


def citizen_birth_is_real(text: str) -> bool:
    """Whether positions 7-14 are a date of the 19th, 20th or 21st century."""
    return text[6:8] in ("18", "19", "20") and is_real_date(text[6:14])


def has_digit(text: str) -> bool:
    """Whether there is a digit in the text."""
    return any("0" <= char <= "9" for char in text)


def food_holds(text: str) -> bool:
    """Whether the last digit of JY/YB/SC and 14 digits agrees with the rest."""
    return food_digit(text[2:-1]) == text[-1]


def e_certificate_holds(text: str) -> bool:
    """Whether the last character of a whole identifier, root code and dots included, agrees with the rest."""
    return e_certificate_digit(text.removeprefix(E_CERTIFICATE_ROOT)[:-2].replace(".", "")) == text[-1]
