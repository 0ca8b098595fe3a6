"""Structured age limits: one field each, or one line for both."""

from __future__ import annotations

import re
from typing import NamedTuple

from extractor.text import LONGEST_NUMBER

UNITS = {
    "year": "YEAR",
    "years": "YEAR",
    "yr": "YEAR",
    "yrs": "YEAR",
    "y": "YEAR",
    "岁": "YEAR",
    "周岁": "YEAR",
    "month": "MONTH",
    "months": "MONTH",
    "mo": "MONTH",
    "m": "MONTH",
    "月": "MONTH",
    "个月": "MONTH",
    "月龄": "MONTH",
    "week": "WEEK",
    "weeks": "WEEK",
    "w": "WEEK",
    "周": "WEEK",
    "day": "DAY",
    "days": "DAY",
    "d": "DAY",
    "天": "DAY",
    "日": "DAY",
    "hour": "HOUR",
    "hours": "HOUR",
    "h": "HOUR",
    "小时": "HOUR",
    "minute": "MINUTE",
    "minutes": "MINUTE",
    "分钟": "MINUTE",
}
NO_LIMIT = frozenset(
    {
        "n/a",
        "na",
        "none",
        "no limit",
        "not applicable",
        "no age limit",
        "no maximum age",
        "no minimum age",
        "nd",
        "?",
        "??",
        "/",
        "无",
        "不限",
        "无限制",
        "-",
        "0 years and 999 years",
    }
)
OLDEST = 150  # a larger number of years is a registry's way to say "no limit" (999 Years)

_unit = "|".join(sorted(UNITS, key=len, reverse=True))
_age = re.compile(rf"(?:[<>≤≥=]\s*)?(?P<value>\d+(?:\.\d+)?)\s*(?:-?\s*(?P<unit>{_unit})(?:s?\s*old)?\b|(?P<bare>\+)?)", re.IGNORECASE)
_line = re.compile(
    rf"(?P<low>\d+(?:\.\d+)?(?:\s*(?:{_unit}))?)(?:\s*old)?\s*(?:-|–|—|~|～|to|至|到|through)\s*(?P<high>\d+(?:\.\d+)?\s*(?:{_unit})?)"
    rf"|(?:up to|under|younger than|≤|<|至多)\s*(?P<most>\d+(?:\.\d+)?\s*(?:{_unit})?)"
    rf"|(?P<least>\d+(?:\.\d+)?\s*\+?\s*(?:{_unit})?)",
    re.IGNORECASE,
)


class AgeLine(NamedTuple):
    """Where the two limits of a line stand: (start, end) or None."""

    low: tuple[int, int] | None
    high: tuple[int, int] | None


def parse_age(text: str, unit: str = "YEAR") -> tuple[int | float, str] | None:
    """(value, unit) of one age limit, None where the words say that there is none. `unit` stands in for a missing one.

    Raises ValueError where the text is neither.

    >>> parse_age("18 Years"), parse_age("6 Months"), parse_age("N/A"), parse_age("18 岁 years")
    ((18, 'YEAR'), (6, 'MONTH'), None, (18, 'YEAR'))
    """
    words = " ".join(text.split())
    if words.casefold() in NO_LIMIT:
        return None
    match = _age.search(words)
    if match is None or len(match["value"]) > LONGEST_NUMBER:
        raise ValueError(f"no age: {text[:40]!r}")
    number = float(match["value"])
    found = UNITS.get((match["unit"] or "").casefold(), unit)
    if found == "YEAR" and number > OLDEST:
        return None
    return (int(number) if number.is_integer() else number), found


def split_ages(text: str) -> AgeLine:
    """The parts of a line such as "18 Years to 75 Years", "18+ years old", "up to 17 Years".

    >>> line = "45 to 85 years old"
    >>> [line[a:b] for a, b in split_ages(line)]
    ['45', '85 years']
    """
    match = _line.search(text)
    if match is None:
        return AgeLine(None, None)
    spans = {name: match.span(name) for name, found in match.groupdict().items() if found}
    return AgeLine(spans.get("low") or spans.get("least"), spans.get("high") or spans.get("most"))


def age_unit(text: str) -> str:
    """The first unit that the text names, as the record spells it; "YEAR" where it names none."""
    match = re.search(rf"(?:{_unit})\b|[岁月周天日]", text, re.IGNORECASE)
    return UNITS.get(match.group().casefold(), "YEAR") if match else "YEAR"
