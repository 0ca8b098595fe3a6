"""Amounts: a number with what belongs to it.

amount := [-] number [inclusive] [unit] [times] [reference] | reference [number [times]]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from extractor.criteria.constraints.statement import Line
from extractor.criteria.constraints.vocabulary import Sign
from extractor.normalise.numbers import whole
from extractor.normalise.quantities import Measure


class Amount(NamedTuple):
    """A number as read: where it ends (`after`, a token's index) and what belongs to it."""

    value: int | float
    after: int
    measure: Measure | None = None
    written: str = ""
    reference: str = ""
    inclusive: bool | None = None
    digits: bool = True
    multiple: bool = False


@dataclass(slots=True, frozen=True)
class End:
    """One end of a range."""

    value: int | float
    inclusive: bool


@dataclass(slots=True, frozen=True)
class Limit:
    """What one stretch of tokens (first to before `after`) says about some variable."""

    first: int
    after: int
    low: End | None
    high: End | None
    measure: Measure | None
    written: str = ""
    reference: str = ""
    compared: bool = True
    digits: bool = True
    suffixed: bool = False


def read_amount(line: Line, index: int) -> Amount | None:
    """Amount := [-] number [inclusive] [unit] [times] [reference] | reference [number [times]]."""
    sign = 1
    if "num" in line.meanings[index]:
        pass
    elif line.minus(index) and line.get(index + 1, "num") is not None and touching(line, index + 1):
        sign, index = -1, index + 1
    elif line.plus(index) and line.get(index + 1, "num") is not None and touching(line, index + 1):
        index += 1
    number = line.get(index, "num")
    if number is None:
        return _multiple_behind(line, index) if line.get(index, "reference") or line.get(index, "range") else None
    after, inclusive = read_inclusion(line, index + 1)
    amount = Amount(sign * number, after, inclusive=inclusive, digits=line.get(index, "digits"))
    measure = line.get(after, "unit")
    if measure is not None and line.close(after):
        after, marked = read_inclusion(line, after + 1)
        scaled = whole(float(amount.value * measure.factor)) if measure.factor != 1 else amount.value
        amount = amount._replace(value=scaled, after=after, measure=measure, written=line.get(amount.after, "text"))
        return amount._replace(inclusive=inclusive if marked is None else marked)
    return _multiple_ahead(line, amount)


def touching(line: Line, index: int) -> bool:
    """Whether token `index` begins where the one before ends."""
    return 0 < index < line.size and line.tokens[index - 1].end == line.tokens[index].start


def _multiple_ahead(line: Line, amount: Amount) -> Amount:
    """Number [times] [(…)] reference: 2.5 x ULN, 3倍正常值上限."""
    if line.mark(amount.after) == "/" and _fraction(line, amount.after):
        amount = amount._replace(value=whole(amount.value / line.get(amount.after + 1, "num")), after=amount.after + 2)
    sign = amount.after
    times = line.close(sign) and line.times(sign)
    after = line.skip(sign + 1) if times else line.skip(sign, most=1)
    if line.mark(after) == "(" and line.get(line.closing(after), "reference"):
        after = line.closing(after)
    reference = line.get(after, "reference") or (line.get(after, "range") if times else None)
    if reference and line.close(after):
        return amount._replace(reference=reference, after=_synonym(line, after + 1))
    return amount._replace(after=sign + 1, multiple=True) if times and _worded(line, sign) else amount


def _worded(line: Line, sign: int) -> bool:
    """Whether a word for times, not a mere sign, makes the number a multiple of something unsaid."""
    return line.text[line.tokens[sign].start] not in "?？*×xX✕" and line.get(sign + 1, "rate") is None


def _fraction(line: Line, slash: int) -> bool:
    """Whether the slash divides two small numbers that touch it, before a reference: 1/2 ULN."""
    return touching(line, slash) and touching(line, slash + 1) and line.get(slash + 1, "num") in (2, 3, 4, 5)


def _multiple_behind(line: Line, index: int) -> Amount | None:
    """Reference [of] number [times]: 正常值上限的3倍, ULN × 1.5; a reference alone is once itself."""
    strong = line.get(index, "reference")
    reference = strong or line.get(index, "range")
    after = _synonym(line, index + 1)
    ahead = line.skip(after)
    ahead = ahead + 1 if line.get(ahead, "times") is not None else ahead
    ahead = ahead + 1 if line.get(ahead, "cmp") else ahead
    number = line.get(ahead, "num")
    if number is not None and line.close(ahead) and line.get(ahead + 1, "unit") is None:
        behind = ahead + 1
        if line.mark(behind) == "/" and (below := line.get(behind + 1, "num")) and _fraction(line, behind):
            return Amount(whole(number / below), behind + 2, reference=reference)
        if line.get(behind, "times") is not None or ahead != after:
            return Amount(number, behind + (line.get(behind, "times") is not None), reference=reference)
    return Amount(1, after, reference=reference) if strong else None


def _synonym(line: Line, index: int) -> int:
    """Past a bracket that only repeats the reference: 正常值上限（ULN）."""
    if line.mark(index) == "(" and line.get(index + 1, "reference") and line.mark(index + 2) == ")":
        return index + 3
    return index


def read_inclusion(line: Line, index: int) -> tuple[int, bool | None]:
    """(index behind, whether the number itself belongs) for `(inclusive)`, `（含）`, `（包括18岁）`, `, inclusive`."""
    meanings = line.meanings[index]
    bracket = meanings.get("mark") == "("
    if not bracket and "inclusive" not in meanings and "exclusive" not in meanings:
        return index, None
    at = index + bracket
    says = {"inclusive": True, "exclusive": False}
    kind = next((kind for kind in ("exclusive", "inclusive") if line.get(at, kind)), None)
    if kind is None or not line.close(at):
        return index, None
    if not bracket:
        return (index + 1, says[kind]) if line.get(at, kind) == kind and _plain(line, at) else (index, None)
    behind = line.closing(index)
    short = line.tokens[behind - 1].end - line.tokens[index].start <= 24 and behind > index
    return (behind, says[kind]) if short else (index, None)


def _plain(line: Line, index: int) -> bool:
    """Whether the word alone says inclusive or exclusive; `including` without a bracket begins an example."""
    token = line.tokens[index]
    return line.text[token.start : token.end].lower() in ("inclusive", "exclusive", "含")


def ends_of(sign: Sign, amount: Amount) -> tuple[End | None, End | None]:
    """The lower and the upper end that a comparator sets; words in brackets win over it."""
    inclusive = sign.inclusive if amount.inclusive is None else amount.inclusive
    end = End(amount.value, inclusive)
    return (end if sign.end in ("low", "both") else None, end if sign.end in ("high", "both") else None)


def make_limit(first: int, amount: Amount, ends: tuple[End | None, End | None], **more: Any) -> Limit:
    """A limit from token `first` to the end of its amount."""
    return Limit(first, amount.after, *ends, amount.measure, amount.written, amount.reference, digits=amount.digits, **more)
