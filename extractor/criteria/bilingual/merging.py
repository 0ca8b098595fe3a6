"""Constraints of both languages merged: equal ones once with both quotes, the others as they stand."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from extractor.criteria.outline.enumerators import ROMAN
from extractor.model import Bound, Constraint, Text

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
            pair = next((candidate for candidate in alike if key is not _bare or _one_unit(candidate, merged[n])), None)
            if pair is not None:
                other.remove(pair)
                merged[n] = _joined(merged[n], pair)
    return merged + other


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
