"""What a bracket behind denied words says: no hypertension (SBP > 140 mmHg) denies the limit, no transfusion (Hb ≥ 9 g/dL) does not."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from extractor.criteria.constraints.candidates import Candidate
from extractor.criteria.constraints.limits.qualities import is_ill
from extractor.criteria.constraints.negation import Denial
from extractor.criteria.constraints.statement import Statement

_LONGEST = 24
"""Tokens of a bracket before a limit in it."""
_VALUES = frozenset({"MEASUREMENT", "SCORE"})


def is_bracket_denied(statement: Statement, candidate: Candidate, limits: Sequence[Candidate], denial: Denial) -> bool | None:
    """Whether a limit in a bracket defines an illness that the words before the bracket deny; None where that cannot be known.

    The values of an illness define it, so what denies it denies them; normal values go with its absence. What is denied to be enough
    (no adequate renal function) is the illness itself. `limits` are those of the statement. A limit whose ill side nobody knows
    is like the others of its bracket; alone it is normal where it has an upper end (no depression (score < 41)), as in the few real
    texts that have one, and else cannot be known.
    """
    if not denial.may_deny or candidate.kind not in _VALUES:
        return False
    opening = _opening(statement, candidate)
    denying = denial.nearest_to(opening) if opening > 0 else -1
    if denying < 0 or not _denies_noun(statement, denying):
        return False
    others = [other for other in _neighbours(candidate, limits) if _opening(statement, other) == opening]
    ill = next((side for side in map(_is_ill, (candidate, *others)) if side is not None), None)
    if ill is None:
        return False if candidate.limit and candidate.limit.high else None
    return _turned(ill) if _says_enough(statement, denying, opening) else ill


def _turned(ill: bool) -> bool | None:  # noqa: FBT001 (the side is what is asked)
    """What the denial of enough makes of a limit: the values of an illness stand, with normal ones nobody knows what is meant."""
    return False if ill else None


def _says_enough(statement: Statement, denying: int, opening: int) -> bool:
    """Whether the words between a denial and its bracket say that something is as it should be."""
    enough = statement.mentions("sufficing", statement.tokens[denying].end, statement.tokens[opening].start)
    return enough is not None and not statement.trails("wanting", enough.start)


def _neighbours(candidate: Candidate, limits: Sequence[Candidate]) -> Sequence[Candidate]:
    """The limits that may stand in one bracket with another; they come in the order of the text."""
    first = bisect_left(limits, candidate.first - _LONGEST, key=_first)
    return limits[first : bisect_left(limits, candidate.first + _LONGEST, key=_first)]


def _first(candidate: Candidate) -> int:
    return candidate.first


def _is_ill(candidate: Candidate) -> bool | None:
    return is_ill(candidate.subjects[-1].subject.name, candidate.limit) if candidate.limit and candidate.subjects else None


def _denies_noun(statement: Statement, index: int) -> bool:
    """Whether token `index` denies that there is something (no, without), not that something is done (not receiving, cannot)."""
    token = statement.tokens[index]
    return statement.leads("lacking", token.start, token.end) == token.end


def _opening(statement: Statement, candidate: Candidate) -> int:
    """The token that opens the bracket around the variable of a limit; -1 where none does."""
    if not candidate.subjects or candidate.limit is None:
        return -1
    index = statement.token_at(min(named.start for named in candidate.subjects))
    at = index - 1
    while at >= max(0, index - _LONGEST):
        if statement.mark(at) == "(":
            return at
        at = statement.opening(at) - 1
    return -1
