"""Rates: a unit with the words of its clause that say how often, and a unit that stands before its number."""

from __future__ import annotations

from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.statement import Statement
from extractor.normalise.quantities import UnitMeaning

_RATES = {"each_day": "/d", "each_week": "/wk", "each_month": "/mo", "each_year": "/a"}
_ALL_RATES = " ".join(_RATES)
_COUNTED = 40
"""Characters behind a count or a dose in which its rate may stand: 3 migraine attacks per month; 12 mg of prednisone or equivalent a day."""
_TAKEN = frozenset({"mass", "mass/mass"})
"""Dimensions of what is taken, also where the drug stands between the dose and its rate."""


def rated(statement: Statement, limit: Limit, floor: int) -> UnitMeaning | None:
    """The unit, with the rate that stands in the same clause: 每周…20小时 is h/wk."""
    measure = limit.measure or _unit_ahead(statement, limit, floor)
    if limit.reference or (measure and (measure.dimension.count("/") or measure.ucum in ("%", "{score}"))):
        return measure
    if not statement.may_mention(_ALL_RATES):
        return measure
    counted = measure is None or not measure.ucum or measure.dimension in _TAKEN
    over = _rate_before(statement, limit, floor) or _rate_behind(statement, limit, counted=counted)
    if not over:
        return measure
    return UnitMeaning((measure.ucum if measure else "") + over, (measure.dimension if measure else "number") + "/time")


def _rate_before(statement: Statement, limit: Limit, floor: int) -> str:
    """The rate named last before the number."""
    start, end = statement.tokens[floor].start, statement.tokens[limit.first].start
    places = {over: _last(statement, words, start, end) for words, over in _RATES.items()}
    over = max(places, key=lambda name: places[name])
    return over if places[over] >= 0 else ""


def _last(statement: Statement, category: str, start: int, end: int) -> int:
    found = -1
    while more := statement.mentions(category, start, end):
        found, start = more.start, more.end
    return found


def _rate_behind(statement: Statement, limit: Limit, *, counted: bool) -> str:
    """The rate right behind the unit (10 mg daily), or behind what is counted (3 migraine attacks per month)."""
    end = statement.tokens[limit.after - 1].end
    for words, over in _RATES.items():
        if statement.leads(words, end):
            return over
    stop = next((statement.tokens[at].start for at in range(limit.after, statement.size) if _ends(statement, at)), len(statement.text))
    stop = min(stop, end + _COUNTED) if counted else end
    return next((over for words, over in _RATES.items() if statement.mentions(words, end, stop)), "")


def _ends(statement: Statement, index: int) -> bool:
    """Whether what is counted ends at token `index`; what it is of and words for an equivalent drug do not end it."""
    start = statement.tokens[index].start
    if statement.leads("equivalent of_things", start) or (statement.mark(index) == "(" and statement.leads("equivalent", start + 1)):
        return False
    if statement.mark(index) == ")" and statement.trails("equivalent", start):
        return False
    return not {"mark", "num", "cmp", "within", "past", "for", "or", "and", "before", "after"}.isdisjoint(statement.meanings[index])


def _unit_ahead(statement: Statement, limit: Limit, floor: int) -> UnitMeaning | None:
    """The unit in a bracket behind the variable: BMI（kg/m2）在24～40之间."""
    return next(
        (
            statement.get(at, "unit")
            for at in range(limit.first - 1, floor - 1, -1)
            if statement.get(at, "unit") and statement.mark(at - 1) == "("
        ),
        None,
    )
