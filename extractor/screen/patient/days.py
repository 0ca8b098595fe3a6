"""Dates as people write them: the first and the last day that one can mean."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import NamedTuple

from extractor.normalise.dates import parse_date
from extractor.patterns import lazy_pattern

_iso = lazy_pattern(r"\d{4}(?:-\d{2}(?:-\d{2})?)?(?=$|T)")
_either_order = lazy_pattern(r"(\d{1,2})[./-](\d{1,2})[./-]\d{4}")


class Days(NamedTuple):
    """A date: one day, or the first and last of a month or year."""

    first: date
    last: date

    @property
    def exact(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last

    def __str__(self) -> str:
        return self.first.isoformat() if self.exact else f"{self.first.isoformat()} to {self.last.isoformat()}"


def parse_days(text: str) -> Days:
    """The days that a date can mean.

    Raises ValueError where it is no date, or where day and month could be changed for each other.

    >>> str(parse_days("2026-03-10T08:00:00+08:00")), str(parse_days("2026年3月10日")), str(parse_days("2024-02"))
    ('2026-03-10', '2026-03-10', '2024-02-01 to 2024-02-29')
    """
    text = text.strip()
    match = _either_order.match(text)
    if match and int(match[1]) != int(match[2]) and max(int(match[1]), int(match[2])) <= 12:
        raise ValueError(f"day and month of {text!r} could be either: write it as YYYY-MM-DD")
    iso = _iso.match(text)
    parts = [int(part) for part in (iso.group() if iso else parse_date(text).partition("T")[0]).split("-")]
    first = date(*(*parts, 1, 1)[:3])
    months = (first.month, first.month) if len(parts) > 1 else (1, 12)
    last = first if len(parts) == 3 else date(first.year, months[1], monthrange(first.year, months[1])[1])
    return Days(first, last)
