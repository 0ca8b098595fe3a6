"""Changes of a variable, which are variables of their own: a fall of the pressure by 20 mmHg is no pressure of 20 mmHg.

change := variable [since] (changed | fallen | risen)           收缩压较基线下降≥20 mmHg; weight loss > 5 %
        | moving variable                                       a decrease in platelets of at least 30 %
        | limit moving variable                                 a greater than 18 % increase in FEV1
Words of a rise or a fall speak of the change only before a least value that no multiple of a normal one is: "thrombocytopenia
< 50", "ALT increased > 3 x ULN" and "decreased to < 50" tell the value. "Raised" tells the change only where it says since when.
"""

from __future__ import annotations

from msgspec.structs import replace

from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.phrases import GENERIC, Named
from extractor.criteria.constraints.statement import Statement

_KINDS = frozenset({"MEASUREMENT", "SCORE"})
_NEAR = 40
"""Characters between words of a change and the number that tells how large it is."""
_LONGEST = 30
"""Characters of the words of a change before a variable."""


def find_change(statement: Statement, named: Named, limit: Limit) -> Named | None:
    """The change that the words behind a variable make of it."""
    if named.subject.kind not in _KINDS:
        return None
    place = statement.leads("since", named.end) or named.end
    end = statement.leads("changed", place)
    if not end and _is_least(limit):
        compared = place > named.end or _is_share(named, limit)
        end = statement.leads("fallen risen raised" if compared else "fallen risen", place)
        end = end if _runs_on(statement, end, limit) else 0
    return _as_change(named, named.start, end) if end else None


def find_moving(statement: Statement, named: Named, limit: Limit) -> Named | None:
    """The change that the words before a variable make of it."""
    if named.subject.kind not in _KINDS or not _is_least(limit):
        return None
    start = statement.trailing("moving", named.start, _LONGEST)
    return _as_change(named, start, named.end) if start < named.start and _runs_on(statement, named.end, limit) else None


def is_moved_behind(statement: Statement, named: Named, limit: Limit) -> bool:
    """Whether words right behind a limit say that it is of a change, which no run of words names: platelets > 30 % decrease."""
    measured = named.subject.kind in _KINDS and limit.measure is not None
    return measured and _is_least(limit) and statement.leads("fallen risen", statement.tokens[limit.after - 1].end) > 0


def goes_on_moving(statement: Statement, named: Named, before: Named) -> bool:
    """Whether a variable goes on with a list of changes: a decrease in systolic pressure of 20 or diastolic pressure of 10."""
    moving = statement.leads("moving", before.start) > 0
    at = statement.token_at(named.start)
    return moving and not {"or", "and"}.isdisjoint(statement.meanings[at - 1]) and not statement.tokens[at].gap


def find_moving_behind(statement: Statement, limit: Limit) -> Named | None:
    """The change behind a limit: 12 % improvement in FEV1."""
    place = statement.tokens[limit.after - 1].end
    end = statement.leads("moving", place) if _is_least(limit) else 0
    at = statement.token_at(end) if end else statement.size
    subject = statement.get(at, "var")
    if not subject or subject.kind not in _KINDS or statement.tokens[at].start - end > _NEAR:
        return None
    start = end - len(statement.text[place:end].lstrip())
    return _as_change(Named(subject, start, statement.tokens[at].end), start, statement.tokens[at].end)


def _as_change(named: Named, start: int, end: int) -> Named:
    return Named(replace(GENERIC, kind=named.subject.kind), start, end)


def _is_share(named: Named, limit: Limit) -> bool:
    """Whether a share is limited of what is not measured in shares: PSA升高≥25%."""
    dimensions = named.subject.dimensions
    return limit.measure is not None and limit.measure.ucum == "%" and bool(dimensions) and "fraction" not in dimensions


def _is_least(limit: Limit) -> bool:
    """Whether a limit is a least value, and none of how many times a normal one."""
    return limit.low is not None and limit.high is None and not limit.reference


def _runs_on(statement: Statement, end: int, limit: Limit) -> bool:
    """Whether the limit follows a place in the same clause, not in brackets and not as the value that is arrived at."""
    start = statement.tokens[limit.first].start
    if not end or statement.get(limit.after, "grade"):
        return False
    marked = any(statement.mark(at) for at in range(statement.token_at(end), limit.first))
    return end <= start <= end + _NEAR and not marked and not statement.leads("arrived", end) and not statement.trails("arrived", start)
