"""Values that the formats accept, made from a seeded generator: synthetic, and of Yongkang (330784) where that fits.

They stand in sample submissions only. E-mail addresses end in a reserved name (RFC 2606), mobile numbers begin with
154, which to our knowledge no carrier has been given; other numbers are drawn at random: that one may exist is chance.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from random import Random

from .check_digits import (
    E_CERTIFICATE_ROOT,
    USCC_ALPHABET,
    citizen_digit,
    e_certificate_digit,
    food_digit,
    organization_digit,
    uscc_digit,
)

COUNTY = "330784"
COUNTY_UNTIL_1992 = "330722"
_DIGITS = "0123456789"


def _text(rng: Random, alphabet: str, length: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(length))


def _digits(rng: Random, length: int) -> str:
    return _text(rng, _DIGITS, length)


def _birth(rng: Random) -> str:
    year, month = rng.randint(1962, 2005), rng.randint(1, 12)
    return f"{year:04d}{month:02d}{rng.randint(1, monthrange(year, month)[1]):02d}"


def _citizen_number(rng: Random, area: str, birth: str) -> str:
    body = f"{area}{birth}{rng.randint(1, 999):03d}"
    return body + citizen_digit(body)


def organization_code(rng: Random) -> str:
    body = "MA2" + _text(rng, USCC_ALPHABET, 5)
    return body + organization_digit(body)


def uscc(rng: Random) -> str:
    body = rng.choice(("91", "92")) + COUNTY + organization_code(rng)
    return body + uscc_digit(body)


def citizen_id(rng: Random) -> str:
    birth = _birth(rng)
    return _citizen_number(rng, COUNTY_UNTIL_1992 if birth < "1992" else COUNTY, birth)


def residence_permit_hmt(rng: Random) -> str:
    return _citizen_number(rng, rng.choice(("810000", "820000", "830000")), _birth(rng))


def passport(rng: Random) -> str:
    return "E" + (_digits(rng, 8) if rng.random() < 0.5 else rng.choice("ABCDEFGHJKLMNP") + _digits(rng, 7))


def hk_macao_permit(rng: Random) -> str:
    return rng.choice("HM") + _digits(rng, 8)


def taiwan_permit(rng: Random) -> str:
    return _digits(rng, 8)


def foreign_permanent_residence(rng: Random) -> str:
    if rng.random() < 0.5:
        return rng.choice(("USA", "GBR", "KOR", "JPN", "DEU")) + "3307" + _birth(rng)[2:] + _digits(rng, 2)
    return _citizen_number(rng, "933" + rng.choice(("840", "826", "410", "392", "276")), _birth(rng))


def military_officer_id(rng: Random) -> str:
    return f"军字第{_digits(rng, 7)}号"


def mobile(rng: Random) -> str:
    return "154" + _digits(rng, 8)


def landline(rng: Random) -> str:
    return "0579-87" + _digits(rng, 6)


def phone(rng: Random) -> str:
    return rng.choice((mobile, landline))(rng)


def postcode(rng: Random) -> str:
    return "3213" + rng.choice(("00", "05", "10", "13"))


def email(rng: Random) -> str:
    return f"{rng.choice(('shop', 'office', 'contact', 'yongkang'))}{rng.randint(1, 9999)}@example.com"


def _food_number(rng: Random, prefix: str) -> str:
    number = prefix + COUNTY + _digits(rng, 15 - len(prefix) - len(COUNTY))
    return number + food_digit(number[2:])


def food_licence_number(rng: Random) -> str:
    return _food_number(rng, "JY" + rng.choice("123"))


def prepackaged_filing_number(rng: Random) -> str:
    return _food_number(rng, "YB" + rng.choice("12"))


def food_production_licence_number(rng: Random) -> str:
    return _food_number(rng, "SC1" + rng.choice(("01", "06", "11", "24")))


def drug_operation_licence_number(rng: Random) -> str:
    return "浙" + rng.choice("CD") + rng.choice("AB") + "5790" + _digits(rng, 5)


def medical_device_filing_number(rng: Random) -> str:
    return f"浙金药监械经营备{rng.randint(2023, 2026)}{_digits(rng, 4)}号"


def tobacco_retail_licence_number(rng: Random) -> str:
    return COUNTY + "1" + _digits(rng, 5)


def seal_code(rng: Random) -> str:
    return COUNTY + _digits(rng, 7)


def e_certificate_identifier(rng: Random) -> str:
    issuer = "11" + COUNTY + "MB" + _text(rng, _DIGITS, 6)
    issuer += organization_digit(issuer[8:])
    parts = ("11100000MB0143028R" + _digits(rng, 3), issuer + uscc_digit(issuer), _digits(rng, 10), "001")
    return f"{E_CERTIFICATE_ROOT}{'.'.join(parts)}.{e_certificate_digit(''.join(parts))}"


def attachment_id(rng: Random) -> str:
    return "att-" + _text(rng, "0123456789abcdef", 16)


def decimal(rng: Random) -> str:
    return f"{rng.randint(0, 9999)}{rng.choice(('', '.5', '.25', '.08'))}"


def iso_date(rng: Random) -> str:
    first, last = date(2020, 1, 1).toordinal(), date(2026, 12, 31).toordinal()
    return date.fromordinal(rng.randint(first, last)).isoformat()
