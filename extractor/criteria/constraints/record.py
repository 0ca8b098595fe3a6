"""Readings written as constraints of the record: names, bounds, units, windows, flags, the words they were read from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from msgspec import UNSET, Struct

from extractor.criteria.constraints.candidates import Candidate
from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.limits.definitions import is_bracket_denied
from extractor.criteria.constraints.negation import Denial, DeniedStretch
from extractor.criteria.constraints.phrases import Named
from extractor.criteria.constraints.statement import Statement
from extractor.model import Bound, Code, Constraint, Text, Unit, Variable, Window
from extractor.patterns import lazy_pattern

_joint = lazy_pattern(r"(?:or|and|but)\s+", re.IGNORECASE)
_stop = lazy_pattern(r"[;；。\n]")
_SHARED = 2048  # parts of each kind that are kept to be used again: below a megabyte


class Scopes(Struct, frozen=True, gc=False):
    """What a statement denies and what it carves out, its limits, and where the words end that say whose they are, in order.

    `excepted`: a stem above it carves out all of it.
    """

    denial: Denial
    exceptions: list[DeniedStretch]
    excepted: bool = False
    whoms: tuple[int, ...] = ()
    limits: Sequence[Candidate] = ()

    def excepts(self, candidate: Candidate) -> bool:
        """Whether a candidate is carved out."""
        event = candidate.kind == "WINDOW"
        return self.excepted or any(stretch.holds(candidate.first, candidate.after, event=event) for stretch in self.exceptions)


def make_constraints(statement: Statement, candidate: Candidate, scopes: Scopes, language: str) -> list[tuple[int, Constraint]]:
    """One constraint for each variable of the candidate, with the place where it begins; none where nobody knows what a bracket denies."""
    inside = is_bracket_denied(statement, candidate, scopes.limits, scopes.denial)
    if inside is None:
        return []
    start, end = _extent(statement, candidate)
    made: dict[str, Any] = {"kind": candidate.kind, "quote": _quote(language, statement.text[start:end])}
    if inside or _denied(statement, candidate, scopes) != _lies_outside(statement, candidate):
        made["negated"] = True
    if scopes.excepts(candidate):
        made["exception"] = True
    if candidate.whom:
        made["applies_to"] = Text(**{language: statement.text[slice(*candidate.whom)]})
    if candidate.values:
        made["values"] = candidate.values
    if candidate.limit and candidate.kind != "WINDOW":
        _add_limit(made, candidate.limit, candidate)
    if candidate.window:
        length, timing = candidate.window, candidate.window.timing
        made["window"] = _window(timing.relation, length.value, length.word, timing.anchor)
    place = statement.tokens[candidate.first].start
    named = [subject for subject in candidate.subjects if subject.end > subject.start]
    return [(place, Constraint(variable=_variable(statement, subject), **made)) for subject in named] or [(place, Constraint(**made))]


def _denied(statement: Statement, candidate: Candidate, scopes: Scopes) -> bool:
    denial = scopes.denial
    if candidate.kind == "WINDOW" or (candidate.window and not candidate.limit):
        lasting = candidate.window is not None and candidate.window.timing.relation == "FOR"
        return denial.of_event(candidate.first, candidate.after, lasting=lasting)
    begin = min((named.start for named in candidate.subjects), default=len(statement.text))
    whose = statement.token_at(_behind_whom(statement, candidate, scopes, begin))
    return denial.of_limit(candidate.first, min(candidate.first, statement.token_at(begin)), whose)


def _lies_outside(statement: Statement, candidate: Candidate) -> bool:
    """Whether words before a range say that the values lie outside of it: outside the range of 3.5 to 5.5 mmol/L."""
    limit = candidate.limit
    if limit is None or limit.low is None or limit.high is None:
        return False
    return statement.trails("out_of_range", statement.tokens[candidate.first].start, _LONGEST_OUTSIDE)


_LONGEST_OUTSIDE = 40
"""Characters of the words that say so."""


def _behind_whom(statement: Statement, candidate: Candidate, scopes: Scopes, begin: int) -> int:
    """Where the words end that say whose a limit is, if they stand before a place, others right before it; 0 where none do.

    A limit may have its variable from the one before it: 无肝转移者ALT≤2.5×ULN，有肝转移者≤5×ULN.
    """
    own = candidate.whom[1] if candidate.whom and candidate.whom[1] <= begin else 0
    at = bisect_right(scopes.whoms, begin)
    near = scopes.whoms[at - 1] if at else 0
    beside = begin - near <= _NEAR and not statement.text[near:begin].strip(_BESIDE)
    return max(own, near if beside else 0)


_NEAR = 8
"""Characters between people and the variable of their limit."""
_BESIDE = " :：的,，"
"""What may stand between people and the variable of their limit."""


def _extent(statement: Statement, candidate: Candidate) -> tuple[int, int]:
    """The quote: from the variable, where it stands in the same clause, to the end of the limit and its window."""
    first, end = statement.tokens[candidate.first].start, statement.tokens[candidate.after - 1].end
    start = first
    for named in candidate.subjects:
        if first - named.start <= 80:
            start = min(start, named.start)
            end = max(end, named.end) if named.end - end <= 40 else end
    if start < first and _stop.search(statement.text, start, first):
        start = first
    if start == first and (joint := _joint.match(statement.text, start)):
        start = joint.end()
    return start, end


def _add_limit(made: dict[str, Any], limit: Limit, candidate: Candidate) -> None:
    if limit.low:
        made["low"] = _bound(limit.low.value, limit.low.inclusive)
    if limit.high:
        made["high"] = _bound(limit.high.value, limit.high.inclusive)
    measure = candidate.measure or limit.measure
    if limit.reference:
        made["reference"] = limit.reference
    elif measure and measure.ucum:
        made["unit"] = _unit(measure.ucum, limit.written)


def _variable(statement: Statement, named: Named) -> Variable:
    subject = named.subject
    text = statement.text[named.start : named.end].strip()
    return _named(subject.name, text, subject.loinc)


# Equal parts of constraints are one object, as they are frozen and many: a long list says "years" and "≥ 18" over and over.
@lru_cache(_SHARED)
def _quote(language: str, words: str) -> Text:
    return Text(**{language: words})


@lru_cache(_SHARED, typed=True)
def _bound(value: float, inclusive: bool) -> Bound:  # noqa: FBT001 (keywords cost the cache time)
    return Bound(value=value, inclusive=inclusive)


@lru_cache(_SHARED)
def _unit(ucum: str, words: str) -> Unit:
    return Unit(ucum=ucum, text=words or UNSET)


@lru_cache(_SHARED, typed=True)
def _window(relation: Any, value: Any, unit: Any, anchor: Any) -> Window:
    return Window(relation=relation, value=value, unit=unit, anchor=anchor or UNSET)


@lru_cache(_SHARED)
def _named(name: str, words: str, loinc: str) -> Variable:
    return Variable(name=name or UNSET, text=words, codes=_codes(loinc))


@lru_cache(maxsize=1024)
def _codes(loinc: str) -> Any:
    return [Code(system="LOINC", code=loinc)] if loinc else UNSET
