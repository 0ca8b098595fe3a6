"""Dates of registries to ISO 8601, with the precision that the source has."""

from __future__ import annotations

import re
from datetime import date

from extractor.caches import cached_when_short
from extractor.patterns import lazy_pattern

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_month = "|".join(sorted(MONTHS, key=len, reverse=True))
_time = r"(?:[T\s]+(?P<time>\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?Z?)?"
# Each row: a form met in a registry, most telling first. Named groups year, month, day, time.
FORMS: tuple[re.Pattern[str], ...] = tuple(
    lazy_pattern(pattern + r"\W*", re.IGNORECASE)
    for pattern in (
        rf"(?P<year>\d{{4}})\s?[-/._年]\s?(?P<month>\d{{1,2}})\s?[-/._月]\s?(?P<day>\d{{1,2}})\s?日?{_time}",
        r"(?P<year>\d{4})\s?[-/._年]\s?(?P<month>\d{1,2})\s?月?",
        r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})",
        rf"(?P<month>{_month})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_time}",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?P<month>{_month})\.?,?[\s-]+(?P<year>\d{{4}}){_time}",
        rf"(?P<month>{_month})\.?,?\s+(?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})[./-](?P<month>\d{{1,2}})[./-](?P<year>\d{{4}}){_time}",
        r"(?P<year>(?:19|20)\d{2})年?",
    )
)


@cached_when_short(4096)
def parse_date(text: str) -> str:
    """The ISO 8601 form of one date; midnight is dropped.

    Two numbers before a year are day and month, in that order, unless only the other order is a date.

    Raises ValueError where the text is no date or the calendar has no such day.

    >>> parse_date("2026-04-29 16:18:13"), parse_date("2026/4/9 00:00:00"), parse_date("April 2004"), parse_date("March 1, 2021")
    ('2026-04-29T16:18:13', '2026-04-09', '2004-04', '2021-03-01')
    """
    match = next((m for m in (form.fullmatch(text.strip()) for form in FORMS) if m), None)
    if match is None:
        raise ValueError(f"no date: {text!r}")
    parts = match.groupdict()
    year, month, day = int(parts["year"]), _month_number(parts.get("month")), int(parts.get("day") or 0)
    if month > 12 >= day > 0 and match.start("day") < match.start("year"):
        month, day = day, month
    date(year, month or 1, day or 1)  # raises ValueError
    time = _time_of_day(parts.get("time"))
    if (day and not month) or (time and not day):
        raise ValueError(f"a day without its month, or an hour without its day: {text!r}")
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part)]) + time


def _month_number(words: str | None) -> int:
    return 0 if not words else int(words) if words.isdigit() else MONTHS[words.casefold()]


def _time_of_day(words: str | None) -> str:
    if not words or not words.strip("0:"):
        return ""
    return "T" + ":".join(part.zfill(2) for part in words.split(":"))
