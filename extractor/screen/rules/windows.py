"""Whether a day lies in a window of time: yes, no, or not to be said, since a month has no fixed length and a date may be a year."""

from __future__ import annotations

import math
from calendar import monthrange
from datetime import date, timedelta
from typing import Any, NamedTuple

from extractor.screen.patient.chart import Chart
from extractor.screen.patient.days import Days

Json = dict[str, Any]
MONTHS = {"MONTH": 1, "YEAR": 12}
WHOLE_DAYS = {"DAY": 1, "WEEK": 7}
# Days of a month and a year, shortest and longest, as protocols count them: by the calendar, as 30 or as 31 days.
UNEVEN = {"MONTH": (30, 31), "YEAR": (365, 366)}
LONGEST_AGO = 150  # years; what lies further back is no date of a patient


class Length(NamedTuple):
    """How many days a length of time has, at least and at most."""

    short: int
    long: int


def length_before(day: date, value: float, unit: str) -> Length | None:
    """The length of a window that ends on `day`; None where it has no length in days.

    >>> length_before(date(2026, 3, 31), 1, "MONTH"), length_before(date(2026, 3, 31), 2, "WEEK"), length_before(date(2026, 3, 31), 24, "HOUR")
    (Length(short=30, long=31), Length(short=14, long=14), Length(short=0, long=2))
    """
    if unit in WHOLE_DAYS:
        exact = value * WHOLE_DAYS[unit]
        return Length(math.floor(exact), math.ceil(exact))
    if unit == "HOUR":  # a date does not say the hour
        return Length(math.ceil(value / 24) - 1, math.floor(value / 24) + 1)
    if unit not in MONTHS or value * MONTHS[unit] > LONGEST_AGO * 12:
        return None
    low, high = UNEVEN[unit]
    calendar = (day - _months_before(day, math.floor(value * MONTHS[unit]))).days
    whole = float(value * MONTHS[unit]).is_integer()
    shortest = min(calendar, math.floor(value * low)) if whole else math.floor(value * low)
    return Length(shortest, max(calendar, math.ceil(value * high)))


def _months_before(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def find_anchor(window: Json, chart: Chart) -> date | None:
    """The day that a window is counted from; the day of screening where the words name none. None where it is not known."""
    anchor = window.get("anchor", "SCREENING")
    found = chart.events.get(anchor)
    if found is not None:
        return found.first if found.exact else None
    return chart.as_of if anchor in ("SCREENING", "NOW") else None


def is_placed(window: Json, days: Days | None, chart: Chart) -> bool | None:
    """Whether a date lies in the window; None where that cannot be said surely, and always for how long something lasted (FOR)."""
    anchor = find_anchor(window, chart)
    if days is None or anchor is None or "value" not in window:
        return None
    length = length_before(anchor, window["value"], window.get("unit", ""))
    rule = RELATIONS.get(window["relation"])
    return rule(anchor, length, days) if rule and length else None


def _within(anchor: date, length: Length, days: Days) -> bool | None:
    """A day after the anchor is not decided: the words may look back only, or both ways."""
    if days.last > anchor:
        return None
    if days.first >= anchor - timedelta(length.short):
        return True
    return False if days.last < anchor - timedelta(length.long) else None


def _before(anchor: date, length: Length, days: Days) -> bool | None:
    """At least that long before the anchor."""
    if days.last <= anchor - timedelta(length.long):
        return True
    return False if anchor - timedelta(length.short) < days.first and days.last <= anchor else None


def _after(anchor: date, length: Length, days: Days) -> bool | None:
    """At least that long after the anchor."""
    if days.first >= anchor + timedelta(length.long):
        return True
    return False if anchor <= days.first and days.last < anchor + timedelta(length.short) else None


RELATIONS = {"WITHIN": _within, "BEFORE": _before, "AFTER": _after}
