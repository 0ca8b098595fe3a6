"""Verdicts and how they combine. An unknown never becomes a yes or a no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

MET, NOT_MET, UNKNOWN = "MET", "NOT_MET", "UNKNOWN"
NOT_APPLICABLE = "NOT_APPLICABLE"  # the limit is for other people: it speaks neither for nor against
OPPOSITE = {MET: NOT_MET, NOT_MET: MET, UNKNOWN: UNKNOWN, NOT_APPLICABLE: NOT_APPLICABLE}
Json = dict[str, Any]


class OpenQuestion(NamedTuple):
    """What must be known to decide: a reason of tables/reasons.tsv, and what it is about, in both languages."""

    reason: str
    what: tuple[tuple[str, str], ...] = ()


class Verdict(NamedTuple):
    """What was decided, the patient's value that it rests on, and what to ask where it is open."""

    state: str
    evidence: Any = None
    ask: OpenQuestion | None = None


def unknown(reason: str, what: dict[str, str] | None = None, evidence: Any = None) -> Verdict:
    """An open verdict with its question."""
    return Verdict(UNKNOWN, evidence, OpenQuestion(reason, tuple((what or {}).items())))


def combine_all(states: Sequence[str]) -> str:
    """MET where all are."""
    return NOT_MET if NOT_MET in states else UNKNOWN if UNKNOWN in states else MET


def combine_any(states: Sequence[str]) -> str:
    """MET where one is."""
    return MET if MET in states else UNKNOWN if UNKNOWN in states else NOT_MET


def combine_agreed(states: Sequence[str]) -> str:
    """What all say, where they all say the same: right however the words join them."""
    return states[0] if len(set(states)) == 1 else UNKNOWN


def combine_at_least(states: Sequence[str], count: int) -> str:
    """MET where at least `count` are."""
    met = states.count(MET)
    if met >= count:
        return MET
    return NOT_MET if met + states.count(UNKNOWN) < count else UNKNOWN


COMBINED: dict[str, Callable[[Sequence[str]], str]] = {"ALL": combine_all, "ANY": combine_any}


def combine(joined: str, states: Sequence[str], at_least: int = 1) -> str:
    """The state of several; `joined` is ALL, ANY, AT_LEAST, or "" where the words leave it open. What is not applicable does not count.

    >>> combine("ANY", ["NOT_MET", "UNKNOWN"]), combine("", ["MET", "MET"]), combine("ALL", ["NOT_APPLICABLE"])
    ('UNKNOWN', 'MET', 'NOT_APPLICABLE')
    """
    counted = [state for state in states if state != NOT_APPLICABLE]
    if not counted:
        return NOT_APPLICABLE if states else UNKNOWN
    if joined == "AT_LEAST":
        return combine_at_least(counted, at_least) if len(counted) == len(states) else combine_agreed(counted)
    return COMBINED.get(joined, combine_agreed)(counted)
