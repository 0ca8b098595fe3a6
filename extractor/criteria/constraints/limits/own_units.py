"""Units that the variable of a limit completes: what is collected over a day, counted in a volume, or a temperature."""

from __future__ import annotations

import re

from msgspec.structs import replace

from extractor.criteria.constraints.phrases import Named
from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.vocabulary import Subject
from extractor.normalise.quantities import UnitMeaning
from extractor.patterns import lazy_pattern

_A_DAY = lazy_pattern(r"24\s?-?(?:h|小时)", re.IGNORECASE)
_GATHERED = frozenset({"mass", "amount", "volume"})
"""Dimensions of what is excreted; over a day they are rates."""
_VOLUMES = frozenset({"mm3", "uL"})
"""Volumes that cells are counted in, and nothing is donated in."""


def unit_of(statement: Statement, measure: UnitMeaning | None, named: Named) -> UnitMeaning | None:
    """The unit of a limit on a variable; what is printed, unless the variable says that a part of it was left out."""
    if measure is None or not measure.ucum:
        return measure
    if measure.dimension in _GATHERED and _A_DAY.match(statement.text, named.start):
        return replace(measure, ucum=f"{measure.ucum}/(24.h)", dimension=f"{measure.dimension}/time")
    return _completed(measure, named.subject)


def _completed(measure: UnitMeaning, subject: Subject) -> UnitMeaning:
    """A unit with what the variable says that was left out of it."""
    if subject.name == "alcohol_intake" and re.fullmatch(r"U(?:/(?:d|wk))?", measure.ucum):
        return replace(measure, ucum=measure.ucum[1:])  # units of alcohol are a count, no enzyme's units
    if measure.ucum in _VOLUMES and "number/volume" in subject.dimensions:
        return replace(measure, ucum=f"/{measure.ucum}", dimension="number/volume")  # platelets ≥ 75,000 mm3: the slash was lost
    if measure.ucum == "deg" and "temperature" in subject.dimensions:
        return replace(measure, ucum="Cel", dimension="temperature")
    return measure
