"""Limits that are told by what is better or worse: of a Karnofsky index the higher number is better, of ECOG the lower."""

from __future__ import annotations

from functools import cache

from msgspec.structs import replace

from extractor.criteria.constraints.candidates import Candidate
from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.statement import Statement
from extractor.patterns import lazy_pattern
from extractor.tables import read_table

_QUALITY = lazy_pattern(r"better|worse|milder|severe|更[差好佳]|[差好优劣]于")


def orient(statement: Statement, candidate: Candidate) -> Candidate | None:
    """The candidate with the end that "or worse", "better than" mean for its variable; None where nobody can know it."""
    limit = candidate.limit
    if limit is None or limit.first >= limit.after:
        return candidate
    words = statement.text[statement.tokens[limit.first].start : statement.tokens[limit.after - 1].end]
    if not _QUALITY.search(words.lower()):
        return candidate
    more = _better().get(candidate.subjects[-1].subject.name if candidate.subjects else "")
    if more == "more" and "logmar" not in statement.folded:
        candidate.limit = _turned(limit)
        return candidate
    return candidate if more or _is_grade(statement, limit) else None


def is_ill(name: str, limit: Limit) -> bool | None:
    """Whether the values that a limit holds are those of an illness: SBP > 140; None where both ends or nothing known of the variable.

    Normal values are not: SBP ≤ 140, haemoglobin ≥ 9 g/dL.
    """
    better = _better().get(name)
    if better is None or (limit.low is None) == (limit.high is None):
        return None
    return (limit.high is not None) == (better == "more")


def _turned(limit: Limit) -> Limit:
    """A limit with its ends changed over, where it has one."""
    return limit if limit.low and limit.high else replace(limit, low=limit.high, high=limit.low)


def _is_grade(statement: Statement, limit: Limit) -> bool:
    """Whether the word for grades stands beside or in a limit: grade 3 or worse."""
    return any(statement.get(at, "grade") for at in range(limit.first - 1, limit.after + 1))


@cache
def _better() -> dict[str, str]:
    """Where "better" points, by the name of a variable."""
    rows = read_table("extractor.criteria.constraints", "qualities")
    return {name: better for better, names in rows for name in names.split("|")}
