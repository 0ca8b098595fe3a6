"""Rates: a unit with the words of its clause that say how often, and a unit that stands before its number."""

from __future__ import annotations

import re

from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.statement import Statement
from extractor.normalise.quantities import Measure

_RATE = re.compile(
    r"每个?(?:天|日|晚|周|星期|月|年)|[日周月年]均|\b(?:daily|weekly|monthly|annually|(?:each|every|a|per) (?:day|week|month|year))\b",
    re.IGNORECASE,
)
_ahead = re.compile(r"(?:(?:\s[a-z]+){1,3}\s(?:per|each|every|a)\s(?:day|week|month|year)(?![a-z]))?", re.IGNORECASE)
_RATES = (
    (("天", "日", "晚", "日均", "day", "daily"), "/d"),
    (("周", "星期", "周均", "week", "weekly"), "/wk"),
    (("月", "月均", "month", "monthly"), "/mo"),
    (("年", "年均", "year", "annually"), "/a"),
)


def rated(statement: Statement, limit: Limit, floor: int) -> Measure | None:
    """The unit, with the rate that stands in the same clause: 每周…20小时 is h/wk."""
    measure = limit.measure or _unit_ahead(statement, limit, floor)
    if limit.reference or (measure and (measure.dimension.count("/") or measure.ucum in ("%", "{score}"))):
        return measure
    counted = measure is None or not measure.ucum
    rates = _RATE.findall(statement.text, statement.tokens[floor].start, _reach(statement, limit, counted=counted))
    if not rates:
        return measure
    over = next(over for words, over in _RATES if rates[-1].lower().endswith(words))
    return Measure((measure.ucum if measure else "") + over, (measure.dimension if measure else "number") + "/time")


def _reach(statement: Statement, limit: Limit, *, counted: bool) -> int:
    """How far behind the limit its rate may stand: 10 mg daily, 3 migraine attacks per month."""
    daily = statement.get(limit.after, "rate") is not None and statement.close(limit.after)
    end = statement.tokens[limit.after if daily else limit.after - 1].end
    things = _ahead.match(statement.text, end) if counted else None
    return things.end() if things else end


def _unit_ahead(statement: Statement, limit: Limit, floor: int) -> Measure | None:
    """The unit in a bracket behind the variable: BMI（kg/m2）在24～40之间."""
    return next(
        (
            statement.get(at, "unit")
            for at in range(limit.first - 1, floor - 1, -1)
            if statement.get(at, "unit") and statement.mark(at - 1) == "("
        ),
        None,
    )
