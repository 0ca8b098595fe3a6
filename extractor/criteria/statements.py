"""Readings written as constraints of the record: names, bounds, units, windows, flags, the words they were read from."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from msgspec import UNSET

from extractor.criteria.limits import Limit, Line
from extractor.criteria.readings import Reading
from extractor.criteria.scope import Scopes, denies
from extractor.criteria.subjects import Named
from extractor.model import Bound, Code, Constraint, Text, Unit, Variable, Window

_joint = re.compile(r"(?:or|and|but)\s+", re.IGNORECASE)
_stop = re.compile(r"[;；。\n]")


def make_constraints(line: Line, reading: Reading, scopes: Scopes, language: str) -> list[tuple[int, Constraint]]:
    """One constraint for each variable of the reading, with the place where it begins."""
    start, end = _extent(line, reading)
    made: dict[str, Any] = {"kind": reading.kind, "quote": Text(**{language: line.text[start:end]})}
    if denies(line, reading):
        made["negated"] = True
    if scopes.excepts(start, end):
        made["exception"] = True
    if reading.applies:
        made["applies_to"] = Text(**{language: line.text[reading.applies[0] : reading.applies[1]]})
    if reading.values:
        made["values"] = reading.values
    if reading.limit and reading.kind != "WINDOW":
        _add_limit(made, reading.limit, reading)
    if reading.window:
        timing, value, word = reading.window
        made["window"] = Window(relation=timing.relation, value=value, unit=word, anchor=timing.anchor or UNSET)  # type: ignore[arg-type]
    place = line.tokens[reading.first].start
    named = [subject for subject in reading.subjects if subject.end > subject.start]
    return [(place, Constraint(variable=_variable(line, subject), **made)) for subject in named] or [(place, Constraint(**made))]


def _extent(line: Line, reading: Reading) -> tuple[int, int]:
    """The quote: from the variable, where it stands in the same clause, to the end of the limit and its window."""
    first, end = line.tokens[reading.first].start, line.tokens[reading.after - 1].end
    start = first
    for named in reading.subjects:
        if first - named.start <= 80:
            start = min(start, named.start)
            end = max(end, named.end) if named.end - end <= 40 else end
    if start < first and _stop.search(line.text, start, first):
        start = first
    if start == first and (joint := _joint.match(line.text, start)):
        start = joint.end()
    return start, end


def _add_limit(made: dict[str, Any], limit: Limit, reading: Reading) -> None:
    if limit.low:
        made["low"] = Bound(value=limit.low.value, inclusive=limit.low.inclusive)
    if limit.high:
        made["high"] = Bound(value=limit.high.value, inclusive=limit.high.inclusive)
    measure = reading.measure or limit.measure
    if limit.reference:
        made["reference"] = limit.reference
    elif measure and measure.ucum:
        made["unit"] = Unit(ucum=measure.ucum, text=limit.written or UNSET)


def _variable(line: Line, named: Named) -> Variable:
    subject = named.subject
    text = line.text[named.start : named.end].strip()
    return Variable(name=subject.name or UNSET, text=text, codes=_codes(subject.loinc))


@lru_cache(maxsize=1024)
def _codes(loinc: str) -> Any:
    return [Code(system="LOINC", code=loinc)] if loinc else UNSET
