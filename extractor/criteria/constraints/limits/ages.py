"""Ages that only say whose other limits are: of several that exclude each other, of people who are counted, of nearly everybody."""

from __future__ import annotations

from extractor.criteria.constraints.candidates import Candidate
from extractor.criteria.constraints.statement import Statement

_ADULT = 18
"""The usual least age of participants: an age of theirs, none that a limit is only for."""
_LONGEST = 30
"""Characters of a bracket before the age in it."""


def is_usual(age: Candidate) -> bool:
    """Whether an age is one that all participants have, as lists of criteria begin: 18-75 years, at least 18 years."""
    limit = age.limit
    if limit is None or limit.low is None:
        return limit is None
    return limit.high is not None or limit.low.value <= _ADULT


def is_aside(statement: Statement, age: Candidate, ages: list[Candidate], start: int) -> bool:
    """Whether an age, its words from `start`, is alone in a bracket and excludes another: Lansky (≤ 16 years) or Karnofsky (> 16 years)."""
    opened = max(statement.text.rfind(mark, max(0, start - _LONGEST), start) for mark in "(（")
    if opened < 0 or statement.mark(age.after) != ")":
        return False
    alone = statement.is_only("people neutral_age regarding for_people concerned", opened + 1, start)
    return alone and any(exclude_each_other(age, other) for other in ages)


def exclude_each_other(one: Candidate, other: Candidate) -> bool:
    """Whether nobody can have both ages: 18-75 years and > 75 years."""
    return other.kind == "AGE" and (_ends_before(one, other) or _ends_before(other, one))


def _ends_before(younger: Candidate, older: Candidate) -> bool:
    """Whether the first age ends where the second has not begun, both in one unit."""
    most = younger.limit.high if younger.limit else None
    least = older.limit.low if older.limit else None
    if most is None or least is None or _unit(younger) != _unit(older):
        return False
    return most.value < least.value + (not (most.inclusive and least.inclusive)) * _LEAST


_LEAST = 1e-9
"""What makes an end that does not belong to an age lie beyond it."""


def _unit(age: Candidate) -> str:
    return age.limit.ucum if age.limit else ""
