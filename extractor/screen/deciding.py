"""One constraint against one patient: MET, NOT_MET or UNKNOWN, with the value that decided it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from msgspec import UNSET

from extractor.normalise.ucum import convert
from extractor.screen.patients import Patient

MET, NOT_MET, UNKNOWN = "MET", "NOT_MET", "UNKNOWN"
OPPOSITE = {MET: NOT_MET, NOT_MET: MET, UNKNOWN: UNKNOWN}
DAYS = {"DAY": 1.0, "WEEK": 7.0, "MONTH": 365.25 / 12, "YEAR": 365.25, "HOUR": 1 / 24}
YEARS = {"a": 1.0, "mo": 1 / 12, "wk": 7 / 365.25, "d": 1 / 365.25}
FLAGS = {"pregnancy": "pregnant", "lactation": "lactating"}
Json = dict[str, Any]


class Verdict(NamedTuple):
    """What was decided, and the patient's value that it rests on."""

    state: str
    evidence: Any = None


def decide(constraint: Json, patient: Patient) -> Verdict:
    """The verdict on one constraint, as written; a denied limit is turned round, an exception decides nothing."""
    if constraint.get("exception") or constraint.get("applies_to"):
        return Verdict(UNKNOWN)
    rule = RULES.get(constraint["kind"])
    verdict = rule(constraint, patient) if rule else Verdict(UNKNOWN)
    return verdict._replace(state=OPPOSITE[verdict.state]) if constraint.get("negated") else verdict


def _age(constraint: Json, patient: Patient) -> Verdict:
    scale = YEARS.get(constraint.get("unit", {}).get("ucum", ""))
    years = patient.years()
    if scale is None or years is None:
        return Verdict(UNKNOWN)
    return Verdict(_within(years / scale, constraint), {"age": round(years, 2), "unit": "a"})


def _sex(constraint: Json, patient: Patient) -> Verdict:
    values = constraint.get("values", ())
    if "ALL" in values:
        return Verdict(MET, {"sex": "ALL"})
    if patient.sex is UNSET or not values:
        return Verdict(UNKNOWN)
    return Verdict(MET if patient.sex in values else NOT_MET, {"sex": patient.sex})


def _pregnancy(constraint: Json, patient: Patient) -> Verdict:
    """The flag that the variable names: pregnant or lactating; a man is neither."""
    flag = FLAGS.get(constraint.get("variable", {}).get("name", ""))
    state = patient.flags.get(flag) if flag else None
    if state is None and flag and patient.sex == "MALE":
        return Verdict(NOT_MET, {"sex": "MALE"})
    return Verdict(UNKNOWN) if state is None else Verdict(MET if state else NOT_MET, {flag: state})


def _measurement(constraint: Json, patient: Patient) -> Verdict:
    """The latest value that lies in the constraint's window decides; without a date it cannot lie in one."""
    found = sorted((o for o in patient.observations if _same(constraint, o.name, o.loinc)), key=lambda o: o.date, reverse=True)
    for seen in found:
        placed = _placed(constraint, seen.date, patient)
        if placed is None:
            return Verdict(UNKNOWN)
        value = _comparable(constraint, seen) if placed else None
        if value is not None:
            evidence = {"name": seen.name, "value": seen.value, "unit": seen.unit, "date": seen.date}
            return Verdict(_within(value, constraint), evidence)
    return Verdict(UNKNOWN)


def _score(constraint: Json, patient: Patient) -> Verdict:
    for seen in sorted((s for s in patient.scores if _same(constraint, s.name, "")), key=lambda s: s.date, reverse=True):
        if _placed(constraint, seen.date, patient) is not True:
            return Verdict(UNKNOWN)
        evidence = {"name": seen.name, "value": seen.grade or seen.value, "date": seen.date}
        if constraint.get("values") and seen.grade:
            return Verdict(MET if seen.grade in constraint["values"] else NOT_MET, evidence)
        if seen.value is not UNSET and ("low" in constraint or "high" in constraint):
            return Verdict(_within(seen.value, constraint), evidence)
    return Verdict(UNKNOWN)


RULES: dict[str, Callable[[Json, Patient], Verdict]] = {
    "AGE": _age,
    "SEX": _sex,
    "PREGNANCY": _pregnancy,
    "MEASUREMENT": _measurement,
    "SCORE": _score,
}


def _same(constraint: Json, name: str, loinc: str) -> bool:
    """Whether a patient's value is of the constraint's variable: by code, or by our name for it."""
    variable = constraint.get("variable", {})
    codes = {c["code"] for c in variable.get("codes", ()) if c["system"] == "LOINC"}
    return bool(loinc and loinc in codes) or bool(variable.get("name") and variable["name"].casefold() == name.casefold())


def _comparable(constraint: Json, seen: Any) -> float | None:
    """The value in the constraint's unit, or as a multiple of the laboratory's limit; None where neither can be had."""
    limits = {"ULN": seen.upper_limit, "LLN": seen.lower_limit}
    reference = constraint.get("reference")
    if reference:
        limit = limits.get(reference, UNSET)
        return seen.value / limit if limit is not UNSET and limit else None
    unit = constraint.get("unit", {}).get("ucum", "")
    return convert(seen.value, seen.unit, unit)


def _within(value: float, constraint: Json) -> str:
    low, high = constraint.get("low"), constraint.get("high")
    if not low and not high:
        return UNKNOWN
    above = not low or value > low["value"] or (low["inclusive"] and value == low["value"])
    below = not high or value < high["value"] or (high["inclusive"] and value == high["value"])
    return MET if above and below else NOT_MET


def _placed(constraint: Json, day: str, patient: Patient) -> bool | None:
    """Whether a dated value lies in the constraint's window; None where a date or the anchor is not known."""
    window = constraint.get("window")
    if not window:
        return True
    anchor = patient.events.get(
        window.get("anchor", ""), patient.as_of if window.get("anchor", "SCREENING") in ("SCREENING", "NOW") else ""
    )
    if window["relation"] != "WITHIN" or window.get("unit") not in DAYS or not day or not anchor or "value" not in window:
        return None
    end = date.fromisoformat(anchor)
    return end - timedelta(days=window["value"] * DAYS[window["unit"]]) <= date.fromisoformat(day) <= end
