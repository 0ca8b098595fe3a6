"""A patient's number beside a limit: in the limit's unit, or as a multiple of the laboratory's own limit."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from extractor.normalise.ucum import Measure, convert, parse_unit
from extractor.screen.patient.chart import PatientValue, names_of
from extractor.screen.patient.names import HERE, VARIABLES, needs_unit, variables
from extractor.screen.rules.verdicts import MET, NOT_MET, UNKNOWN, Verdict, unknown
from extractor.tables import read_table

Json = dict[str, Any]
# Share by which a number may be off after a conversion through a molar mass or a regression: laboratories round both ways.
ROUNDED = 0.01
# Share by which months and years differ from each other in days.
UNEVEN = 0.04
TIMES = frozenset({"a", "mo", "wk", "d", "h", "min"})


class PatientAmount(NamedTuple):
    """A number in the limit's unit, and the share by which it may be off."""

    number: float
    slack: float = 0.0


def compare(constraint: Json, value: PatientValue) -> Verdict:
    """The verdict of a limit on one value; open where the value cannot be had in the limit's unit, or lies too near for a conversion."""
    if value.number is None:
        return unknown("VALUE", names_of(value.called), value.shown())
    reference = constraint.get("reference")
    amount = _multiple(reference, value) if reference else _converted(constraint, value)
    if amount is None:
        return unknown("LIMIT" if reference else "UNIT", _asked(constraint, value), value.shown())
    states = {is_within(amount.number * (1 + share), constraint) for share in (-amount.slack, 0.0, amount.slack)}
    if len(states) > 1:
        return unknown("NEAR", names_of(value.called), value.shown())
    return Verdict(states.pop(), value.shown())


def _asked(constraint: Json, value: PatientValue) -> dict[str, str]:
    """What to ask for: the laboratory's limit, or the value in the unit of the criterion."""
    names = names_of(value.called)
    if "reference" in constraint:
        return names
    unit = constraint.get("unit", {})
    units = " / ".join(each or "—" for each in (value.unit, unit.get("text", unit.get("ucum", ""))))
    return {language: f"{words} ({units})" for language, words in names.items()}


def _multiple(reference: str, value: PatientValue) -> PatientAmount | None:
    limit = {"ULN": value.upper_limit, "LLN": value.lower_limit}.get(reference)
    return PatientAmount(round(value.number / limit, 9)) if limit and value.number is not None else None


def _converted(constraint: Json, value: PatientValue) -> PatientAmount | None:
    """The number in the constraint's unit, None where no conversion is sure."""
    unit = constraint.get("unit", {}).get("ucum", "")
    number = value.number or 0.0
    units = {unit, value.unit} - {"{score}"}  # a score is a bare number
    if len(units - {""}) == 0:
        return None if needs_unit(value.name) else PatientAmount(number)
    if len(units) == 1:
        return PatientAmount(number)
    return _as_time(number, value.unit, unit) if units <= TIMES else _by_table(number, value, unit) or _by_units(number, value, unit)


def _by_units(number: float, value: PatientValue, unit: str) -> PatientAmount | None:
    """Through the units alone where both measure the same thing, else through the analyte's molar mass."""
    one, two = _measure(value.unit), _measure(unit)
    if one is None or two is None:
        return None
    if one.dimension != two.dimension:
        return _through_mass(number, value.name, one, two)
    mixed = "mol" in value.unit + unit and not one.dimension  # mmol/mol and % of one analyte are different scales
    found = None if mixed else convert(number, value.unit, unit)
    return None if found is None else PatientAmount(found)


def _as_time(number: float, unit: str, target: str) -> PatientAmount | None:
    found = convert(number, unit, target)
    uneven = {unit, target} & {"a", "mo"} and {unit, target} != {"a", "mo"}
    return None if found is None else PatientAmount(found, UNEVEN if uneven else 0.0)


@cache
def _conversions() -> dict[tuple[str, str, str], tuple[float, float, float]]:
    rows = read_table(HERE, "conversions")
    return {(name, one, two): (float(factor), float(offset), float(slack)) for name, one, two, factor, offset, slack, *_ in rows}


def _by_table(number: float, value: PatientValue, unit: str) -> PatientAmount | None:
    """A conversion that the table gives for this variable, or for every variable of its dimension ("*catalytic/volume")."""
    row = variables().get(value.name)
    names = (value.name, *(f"*{dimension}" for dimension in (row.dimensions if row else ())))
    for name in names:
        if (name, value.unit, unit) in _conversions():
            factor, offset, slack = _conversions()[name, value.unit, unit]
            return PatientAmount(round(number * factor + offset, 9), slack)
    return None


@cache
def _masses() -> dict[str, float]:
    return {name: float(mass) for name, mass in read_table(VARIABLES, "molar_masses")}


def _through_mass(number: float, name: str, one: Measure, two: Measure) -> PatientAmount | None:
    """Mass to amount of substance or back, by the analyte's molar mass."""
    mass = _masses().get(name)
    plain = number * one.factor / two.factor
    if mass and _swapped(one, "mass", "amount") == two.dimension:
        return PatientAmount(round(plain / mass, 9), ROUNDED)
    if mass and _swapped(one, "amount", "mass") == two.dimension:
        return PatientAmount(round(plain * mass, 9), ROUNDED)
    return None


def _swapped(measure: Measure, one: str, other: str) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((other if name == one else name, power) for name, power in measure.dimension))


def _measure(unit: str) -> Measure | None:
    try:
        return parse_unit(unit)
    except ValueError:
        return None


def is_within(value: float, constraint: Json) -> str:
    """MET where a number lies between the constraint's ends, UNKNOWN where it has none."""
    ends = [end for end in ("low", "high") if end in constraint]
    if not ends:
        return UNKNOWN
    return MET if all(_passes(value, end, constraint[end]) for end in ends) else NOT_MET


def _passes(value: float, end: str, bound: Json) -> bool:
    if value == bound["value"]:
        return bool(bound["inclusive"])
    return bool(value > bound["value"]) if end == "low" else bool(value < bound["value"])
