"""The days of the Gregorian calendar as a pattern, leap years included."""

from __future__ import annotations

from collections.abc import Iterable

_LEAP = "(?:0[48]|[2468][048]|[13579][26])"
_ANY_YEAR = "[0-9]{2}"


def dates(centuries: Iterable[int], separator: str) -> str:
    """A pattern of the dates ``YYYY<separator>MM<separator>DD`` of these centuries (19: the years 1900 to 1999)."""
    known = sorted(centuries)
    years = _years(known, _ANY_YEAR)
    long, short = "(?:0[1-9]|[12][0-9]|3[01])", "(?:0[1-9]|[12][0-9]|30)"
    months = (
        f"(?:0[13578]|1[02]){separator}{long}",
        f"(?:0[469]|11){separator}{short}",
        f"02{separator}(?:0[1-9]|1[0-9]|2[0-8])",
    )
    leap = f"(?:{_years(known, _LEAP)}|{_years([c for c in known if c % 4 == 0 and c], '00')})"
    return f"(?:{years}{separator}(?:{'|'.join(months)})|{leap}{separator}02{separator}29)"


def _years(centuries: list[int], rest: str) -> str:
    """The years of some centuries; of the first, the year 0 is no year."""
    if centuries == list(range(100)) and rest == _ANY_YEAR:
        return "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"
    if centuries == list(range(100)):
        return f"[0-9]{{2}}{rest}"
    if centuries == list(range(4, 100, 4)):
        return f"(?:0[48]|[2468][048]|[13579][26]){rest}"
    return f"(?:{'|'.join(f'{c:02d}' for c in centuries)}){rest}"
