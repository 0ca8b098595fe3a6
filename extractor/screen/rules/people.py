"""Limits of age and sex against the patient."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from extractor.screen.patient.ages import AgeRange
from extractor.screen.patient.chart import Chart
from extractor.screen.rules.amounts import is_within
from extractor.screen.rules.verdicts import MET, NOT_MET, UNKNOWN, Verdict, combine_agreed, unknown

Json = dict[str, Any]
AGE_UNITS = ("a", "mo", "wk", "d")
NEARLY_ONE = 1 - 1e-9  # a completed age of 17 is any age from 17 to nearly 18


def judge_age(limits: Json, unit: str, chart: Chart) -> Verdict:
    """The verdict on limits of age (`low`, `high`) in a unit of completed time."""
    age = chart.age(unit) if unit in AGE_UNITS else None
    if age is None:
        return unknown("AGE")
    evidence = {"age": age.low if age.low == age.high else f"{age.low}–{age.high}", "unit": unit}
    state = combine_agreed([is_within(end, limits) for end in _possible(age, limits)])
    return unknown("AGE", None, evidence) if state == UNKNOWN else Verdict(state, evidence)


def _possible(age: AgeRange, limits: Json) -> Iterable[float]:
    """Numbers that stand for every age in the range: completed ones, and beside a limit with a fraction what lies between."""
    bounds = [limits[end]["value"] for end in ("low", "high") if end in limits]
    inner = [number for bound in bounds for number in (bound - 1, bound, bound + 1) if age.low < number < age.high]
    whole = all(float(bound).is_integer() for bound in bounds)
    return [age.low, *inner, age.high if whole else age.high + NEARLY_ONE]


def judge_sex(values: Iterable[str], chart: Chart) -> Verdict:
    """The verdict on the sexes that may take part."""
    if "ALL" in values:
        return Verdict(MET, {"sex": "ALL"})
    if not chart.sex or not values:
        return unknown("SEX")
    return Verdict(MET if chart.sex in values else NOT_MET, {"sex": chart.sex})
