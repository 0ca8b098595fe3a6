"""Constraints of both languages merged: equal ones once with both quotes, the others as they stand."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from extractor.criteria.outline.enumerators import ROMAN
from extractor.model import Bound, Constraint, Text
from extractor.normalise.ucum import convert

_FACTORS = {
    "YEAR": ("MONTH", 12.0),
    "MONTH": ("MONTH", 1.0),
    "WEEK": ("DAY", 7.0),
    "DAY": ("DAY", 1.0),
    "HOUR": ("DAY", 1 / 24),
    "a": ("MONTH", 12.0),
    "mo": ("MONTH", 1.0),
    "wk": ("DAY", 7.0),
    "d": ("DAY", 1.0),
    "h": ("DAY", 1 / 24),
}
Factor = tuple[str, float]
"""The unit in which stretches of time compare, and how many of it one of a unit is."""


def _strict(constraint: Constraint) -> tuple[object, ...]:
    """What two constraints must share to be one: kind, bounds, unit, reference, window, values."""
    unit = constraint.unit.ucum if constraint.unit is not UNSET else UNSET
    return (*_loose(constraint), unit, constraint.negated, constraint.exception)


def _loose(constraint: Constraint) -> tuple[object, ...]:
    """The same without what one language may leave unsaid, times in one unit: half a year is six months."""
    window = constraint.window
    span = UNSET if window is UNSET else _time(window.value, _FACTORS.get(str(window.unit)))
    bounds, values = _ordinals(constraint)
    return constraint.kind, bounds, constraint.reference, span, values


def _bare(constraint: Constraint) -> tuple[object, ...]:
    """Kind and plain numbers: one language may leave the unit unsaid."""
    window = constraint.window.value if constraint.window is not UNSET else UNSET
    return constraint.kind, constraint.low, constraint.high, constraint.reference, window


def _ordinals(constraint: Constraint) -> tuple[object, object]:
    """The bounds and values of a constraint, classes in Roman numerals read as numbers: III is 3."""
    values = constraint.values if constraint.values is not UNSET else []
    numbers = [ROMAN.get(value.lower(), 0) for value in values]
    if numbers and all(numbers):
        return ((min(numbers), True), (max(numbers), True)), ()
    factor = _FACTORS.get(str(constraint.unit.ucum)) if constraint.unit is not UNSET else None
    bounds = tuple(
        (_time(bound.value, factor), bound.inclusive) if isinstance(bound, Bound) else UNSET for bound in (constraint.low, constraint.high)
    )
    return bounds, tuple(values)


def _time(value: object, factor: Factor | None) -> object:
    """A stretch of time in months or days, so that units compare; any other value as it is."""
    if factor is None or not isinstance(value, int | float):
        return value
    unit, times = factor
    return unit, round(value * times, 6)


def merge_constraints(found: dict[str, list[Constraint]]) -> list[Constraint]:
    """The constraints of both languages, equal ones once with both quotes; what stands on one side only is kept."""
    lists = list(found.values())
    if len(lists) < 2 or not lists[1]:
        return lists[0] if lists else []
    merged, other = list(lists[0]), list(lists[1])
    for key in (_strict, _loose, _bare):
        open_ = [n for n, constraint in enumerate(merged) if constraint.quote is UNSET or constraint.quote.en is UNSET]
        for n in open_:
            alike = [candidate for candidate in other if key(candidate) == key(merged[n])]
            alike = [candidate for candidate in alike if not _contradicts(candidate, merged[n])]
            pair = next((candidate for candidate in alike if key is not _bare or _one_unit(candidate, merged[n])), None)
            if pair is not None:
                other.remove(pair)
                merged[n] = _joined(merged[n], pair)
    return _enriched(merged, other)


def _enriched(merged: list[Constraint], other: list[Constraint]) -> list[Constraint]:
    """What only one language says, a poorer reading joined to the richer one of the other language that it does not contradict."""
    kept = []
    for second in other:
        fits = [n for n, first in enumerate(merged) if _one_sided(first) and (_is_poorer(first, second) or _is_poorer(second, first))]
        if len(fits) != 1:
            kept.append(second)
            continue
        first = merged[fits[0]]
        merged[fits[0]] = _joined(first, second) if _is_poorer(second, first) else _joined(second, first)
    return merged + kept


def _one_sided(constraint: Constraint) -> bool:
    """Whether a constraint was read in one language only."""
    return constraint.quote is UNSET or constraint.quote.en is UNSET or constraint.quote.zh is UNSET


def _is_poorer(poor: Constraint, rich: Constraint) -> bool:
    """Whether all that one constraint says of its variable, the other says too: the same ends in any unit, no other window or class."""
    if poor.kind != rich.kind or (poor.negated, poor.exception) != (rich.negated, rich.exception) or not _one_variable(poor, rich):
        return False
    stated = [(poor.low, rich.low), (poor.high, rich.high)]
    ends = [_same_end(one, other, poor, rich) for one, other in stated if one is not UNSET]
    fields = ((poor.reference, rich.reference), (poor.values, rich.values), (poor.applies_to, rich.applies_to))
    alike = all(one == other for one, other in fields) and (poor.window is UNSET or poor.window == rich.window)
    return bool(ends) and all(ends) and alike


def _one_variable(first: Constraint, second: Constraint) -> bool:
    """Whether both speak of one variable of the vocabulary, or of the participant's age."""
    if first.variable is UNSET or second.variable is UNSET:
        return first.kind == "AGE" and first.variable is second.variable
    return first.variable.name is not UNSET and first.variable.name == second.variable.name


def _same_end(one: object, other: object, poor: Constraint, rich: Constraint) -> bool:
    """Whether two ends are the same amount: 90 g/L is 9 g/dL."""
    if not isinstance(one, Bound) or not isinstance(other, Bound) or one.inclusive != other.inclusive:
        return False
    units = [each.unit.ucum or "" if each.unit is not UNSET else "" for each in (poor, rich)]
    value = one.value if units[0] == units[1] else convert(one.value, units[0], units[1]) if all(units) else None
    return value is not None and abs(value - other.value) <= _EXACT * max(1.0, abs(other.value))


_EXACT = 1e-6
"""How far two amounts may lie apart by rounding alone."""


def _contradicts(first: Constraint, second: Constraint) -> bool:
    """Whether two constraints with equal numbers name two variables of the vocabulary, or units that make them two amounts."""
    names = [each.variable.name if each.variable is not UNSET else UNSET for each in (first, second)]
    if UNSET not in names and names[0] != names[1]:
        return True
    units = [each.unit.ucum or "" if each.unit is not UNSET and first.kind == "MEASUREMENT" else "" for each in (first, second)]
    ratio = convert(1, *units) if all(units) else None
    return ratio is not None and abs(ratio - 1) > _SAME


_SAME = 0.05
"""How far the ratio of two units may lie from one: a month of 30 days or of 4 weeks is the same month."""


def _one_unit(first: Constraint, second: Constraint) -> bool:
    """Whether at most one of two constraints has a unit."""
    return first.unit is UNSET or second.unit is UNSET


def _joined(first: Constraint, second: Constraint) -> Constraint:
    """One constraint out of two: both quotes, and what only the second says."""
    quotes = [constraint.quote for constraint in (first, second) if constraint.quote is not UNSET]
    quote = Text(**{k: v for q in quotes for k, v in msgspec.structs.asdict(q).items() if v is not UNSET}) if quotes else UNSET
    extra = {
        name: getattr(second, name)
        for name in ("unit", "variable", "applies_to", "window")
        if getattr(first, name) is UNSET and getattr(second, name) is not UNSET
    }
    return msgspec.structs.replace(first, quote=quote, **extra)
