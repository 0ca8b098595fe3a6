"""Which ends belong to a range, as a bracket behind it says of each: （含18岁，不含65岁）, (18 included, 65 excluded)."""

from __future__ import annotations

from typing import NamedTuple

from extractor.criteria.constraints.statement import Statement

_SAYS = {"exclusive": False, "inclusive": True}


class RangeEnds(NamedTuple):
    """The token behind the bracket, and whether the lower and the upper end belong to the range; None where it does not say."""

    after: int
    low: bool | None
    high: bool | None


def read_range_ends(statement: Statement, index: int, low: float, high: float) -> RangeEnds | None:
    """What the bracket that token `index` opens says of the ends `low` and `high`; None where it names no end, or another number."""
    closing = statement.closing(index) if statement.mark(index) == "(" else index
    if closing == index:
        return None
    said = _said(statement, range(index + 1, closing - 1))
    if not said or not {low, high}.issuperset(said):
        return None
    return RangeEnds(closing, said.get(low), said.get(high))


def _said(statement: Statement, tokens: range) -> dict[float, bool]:
    """Whether each number of a bracket belongs: a word for it stands before its numbers, or behind them where a number comes first."""
    said: dict[float, bool] = {}
    waiting: list[float] = []
    says: bool | None = None
    for at in tokens:
        word = None if "and" in statement.meanings[at] else next((kind for kind in _SAYS if statement.get(at, kind)), None)
        number = statement.get(at, "num")
        if word is not None:
            says = _SAYS[word]
            said.update(dict.fromkeys(waiting, says))
            says, waiting = (None if waiting else says), []
        elif number is not None and says is None:
            waiting.append(number)
        elif number is not None:
            said[number] = bool(says)
    return {} if waiting else said
