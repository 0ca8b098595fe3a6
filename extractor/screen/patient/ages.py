"""Ages in completed units of time, as the least and the greatest that what is known allows."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import NamedTuple

from extractor.screen.patient.days import Days

MEAN_DAYS = {"a": 365.2425, "mo": 30.436875, "wk": 7.0, "d": 1.0}  # of the Gregorian calendar
UNEVEN = 2.0  # days by which single months and years differ from the mean, either way
EXACT = {("a", "mo"): 12, ("wk", "d"): 7}  # how many of the second make the first


class AgeRange(NamedTuple):
    """An age in completed units: at least `low`, at most `high`."""

    low: int
    high: int


def age_from_birth(born: Days, today: date, unit: str) -> AgeRange:
    """The age on `today` of somebody who was born on one of `born`.

    >>> age_from_birth(Days(date(1970, 5, 1), date(1970, 5, 1)), date(2026, 3, 20), "a")
    AgeRange(low=55, high=55)
    >>> age_from_birth(Days(date(1970, 1, 1), date(1970, 12, 31)), date(2026, 3, 20), "a")
    AgeRange(low=55, high=56)
    """
    return AgeRange(_completed(born.last, today, unit), _completed(born.first, today, unit))


def _completed(born: date, today: date, unit: str) -> int:
    if unit in ("wk", "d"):
        return (today - born) // timedelta(days=int(MEAN_DAYS[unit]))
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    return months if unit == "mo" else months // 12


def age_from_number(value: float, unit: str, target: str) -> AgeRange:
    """An age that was stated as a number, in another unit.

    A whole number is a completed age: 2 years are 24 to 35 months.

    >>> age_from_number(2, "a", "mo"), age_from_number(30, "mo", "a"), age_from_number(54.5, "a", "a")
    (AgeRange(low=24, high=35), AgeRange(low=2, high=2), AgeRange(low=54, high=54))
    """
    whole = float(value).is_integer()
    end = value + 1 if whole else value
    if unit == target:
        return AgeRange(math.floor(value), math.floor(value))
    if (unit, target) in EXACT:
        times = EXACT[unit, target]
        return AgeRange(math.floor(value * times), max(math.ceil(end * times) - 1, math.floor(value * times)))
    if (target, unit) in EXACT:
        return AgeRange(math.floor(value / EXACT[target, unit]), math.floor(value / EXACT[target, unit]))
    days = MEAN_DAYS[unit]
    return AgeRange(math.floor((value * days - UNEVEN) / MEAN_DAYS[target]), math.floor((end * days + UNEVEN) / MEAN_DAYS[target]))
