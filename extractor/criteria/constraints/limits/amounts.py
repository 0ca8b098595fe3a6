"""Amounts: a number with what belongs to it.

amount := [-] number [inclusive] [unit] [times] [reference] | reference [number [times]]
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.vocabulary import Sign
from extractor.normalise.numbers import whole
from extractor.normalise.quantities import UnitMeaning


class Amount(Struct, frozen=True, gc=False):
    """A number as read: where it ends (`after`, a token's index) and what belongs to it."""

    value: int | float
    after: int
    measure: UnitMeaning | None = None
    written: str = ""
    reference: str = ""
    inclusive: bool | None = None
    digits: bool = True
    multiple: bool = False
    most: int | float | None = None
    """The larger end of an approximate number (两三个月); `value` is then the smaller."""


class End(Struct, frozen=True, gc=False):
    """One end of a range."""

    value: int | float
    inclusive: bool


Ends = tuple[End | None, End | None]
"""The lower and the upper end of a range; None where it is open."""
_INCLUDING = frozenset({"inclusive", "exclusive"})
"""Meanings that tell whether a number itself belongs."""
NO_ENDS: Ends = (None, None)
"""The ends of numbers that are read and say nothing that a constraint can hold."""


class Limit(Struct, frozen=True, gc=False):
    """What one stretch of tokens (first to before `after`) says about some variable."""

    first: int
    after: int
    low: End | None
    high: End | None
    measure: UnitMeaning | None
    written: str = ""
    reference: str = ""
    compared: bool = True
    digits: bool = True
    suffixed: bool = False

    @property
    def ucum(self) -> str:
        """The code of its unit, "" for none."""
        return self.measure.ucum if self.measure else ""

    @property
    def around_zero(self) -> bool:
        """Whether it is a difference to both sides: ± 5."""
        return self.low is not None and self.high is not None and self.low.value == -self.high.value

    @property
    def word(self) -> str:
        """The record's word of its unit of time, "" for none."""
        return self.measure.word if self.measure else ""

    @property
    def dimension(self) -> str:
        """What its unit measures, "" without one."""
        return self.measure.dimension if self.measure else ""

    @property
    def endless(self) -> bool:
        """Whether it has neither end."""
        return self.low is None and self.high is None

    @property
    def ranged(self) -> bool:
        """Whether it has both ends."""
        return self.low is not None and self.high is not None

    @property
    def scaled(self) -> bool:
        """Whether it has a unit or a reference."""
        return self.measure is not None or self.reference != ""


def read_amount(statement: Statement, index: int) -> Amount | None:
    """Amount := [-] number [inclusive] [unit] [times] [reference] | reference [number [times]]."""
    sign = 1
    said = statement.meanings[index]
    number = said.get("num")
    if number is None:
        sign, index = _signed(statement, index)
        said = statement.meanings[index]
        number = said.get("num")
    if number is None:
        return _multiple_behind(statement, index) if said.get("reference") or said.get("range") else None
    after, inclusive = read_inclusion(statement, index + 1)
    amount = Amount(sign * number, after, inclusive=inclusive, digits=bool(said.get("digits")), most=said.get("most"))
    measure = statement.meanings[after].get("unit")
    if measure is not None and sign < 0 and measure.word:
        return None  # no time is negative: -1.5 d is a lens
    if measure is not None and statement.close(after):
        after, marked = read_inclusion(statement, after + 1)
        scaled = whole(float(amount.value * measure.factor)) if measure.factor != 1 else amount.value
        inclusive = inclusive if marked is None else marked
        written = statement.get(amount.after, "text")
        return Amount(scaled, after, measure, written, inclusive=inclusive, digits=amount.digits, most=amount.most)
    return _multiple_ahead(statement, amount)


def _signed(statement: Statement, index: int) -> tuple[int, int]:
    """The sign of the number at `index` (1 or -1), and where its digits stand."""
    if "num" in statement.meanings[index] or "num" not in statement.meanings[index + 1]:
        return 1, index
    if statement.minus(index) and touching(statement, index + 1):
        return -1, index + 1
    return 1, index + (statement.plus(index) and statement.close(index + 1))


def touching(statement: Statement, index: int) -> bool:
    """Whether token `index` begins where the one before ends."""
    return 0 < index < statement.size and statement.tokens[index - 1].end == statement.tokens[index].start


def _multiple_ahead(statement: Statement, amount: Amount) -> Amount:
    """Number [times] [(…)] reference: 2.5 x ULN, 3倍正常值上限."""
    amount = _divided(statement, amount)
    sign = amount.after
    times = _multiplies(statement, sign)
    after = _behind_remark(statement, statement.skip(sign + 1) if times else statement.skip(sign, most=1))
    multiplied = times or _is_twice(statement, amount)
    reference = statement.get(after, "reference") or (statement.get(after, "range") if multiplied else None)
    if reference and statement.close(after):
        return replace(amount, reference=reference, after=_synonym(statement, after + 1))
    if not times:
        return amount
    if _counts(statement, sign):
        return replace(amount, after=sign + 1)
    return replace(amount, after=sign + 1, multiple=True) if _worded(statement, sign) else amount


def _divided(statement: Statement, amount: Amount) -> Amount:
    """The amount with the small number that divides it: 1/2 ULN."""
    if statement.mark(amount.after) != "/" or not _fraction(statement, amount.after):
        return amount
    return replace(amount, value=whole(amount.value / statement.get(amount.after + 1, "num")), after=amount.after + 2)


def _multiplies(statement: Statement, index: int) -> bool:
    """Whether token `index` multiplies the number before it."""
    return statement.close(index) and statement.times(index) and _beside(statement, index)


def _behind_remark(statement: Statement, index: int) -> int:
    """Past a bracket between a number and its reference."""
    closing = statement.closing(index) if statement.mark(index) == "(" else index
    return closing if statement.get(closing, "reference") else index


def _is_twice(statement: Statement, amount: Amount) -> bool:
    """Whether the number is a word that multiplies."""
    token = statement.tokens[amount.after - 1]
    return statement.folded[token.start : token.end] in ("twice", "double", "triple", "thrice")


def _beside(statement: Statement, index: int) -> bool:
    """Whether only blanks and marks stand before token `index`: in "> 4 at the time of …" nothing is multiplied."""
    return not any(map(str.isalpha, statement.text[statement.tokens[index - 1].end : statement.tokens[index].start]))


def _worded(statement: Statement, sign: int) -> bool:
    """Whether a word for times, not a mere sign, makes the number a multiple of something unsaid."""
    return statement.text[statement.tokens[sign].start] not in "?？*×xX✕" and statement.get(sign + 1, "rate") is None


def _counts(statement: Statement, sign: int) -> bool:
    """Whether `times` counts how often something happened: ≥ 2 times in the past year, no laboratory's variable before it."""
    token = statement.tokens[sign]
    if not statement.close(sign) or statement.folded[token.start : token.end] not in ("times", "time"):
        return False
    if not _ends_there(statement, sign) and {"past", "within", "before"}.isdisjoint(statement.meanings[sign + 1]):
        return False
    named = (statement.get(at, "var") for at in range(max(0, sign - _NAMED_NEAR), sign))
    return not any(subject.dimensions for subject in named if subject is not None)


def _ends_there(statement: Statement, index: int) -> bool:
    """Whether a clause ends right behind token `index`."""
    if statement.words(statement.tokens[index].end, index + 1).strip():
        return False
    return index + 1 >= statement.size or statement.mark(index + 1) in (",", ";", ".", ")")


_NAMED_NEAR = 8
"""Tokens before a multiple in which the variable stands that it is one of."""


def _fraction(statement: Statement, slash: int) -> bool:
    """Whether the slash divides two small numbers that touch it, before a reference: 1/2 ULN."""
    return touching(statement, slash) and touching(statement, slash + 1) and statement.get(slash + 1, "num") in (2, 3, 4, 5)


def _multiple_behind(statement: Statement, index: int) -> Amount | None:
    """Reference [of] number [times]: 正常值上限的3倍, ULN × 1.5; a reference alone is once itself."""
    strong = statement.get(index, "reference")
    reference = strong or statement.get(index, "range")
    after = _synonym(statement, index + 1)
    ahead = statement.skip(after)
    ahead = ahead + 1 if statement.get(ahead, "times") is not None else ahead
    ahead = ahead + 1 if statement.get(ahead, "cmp") else ahead
    number = statement.get(ahead, "num")
    if number is not None and statement.close(ahead) and statement.get(ahead + 1, "unit") is None:
        behind = ahead + 1
        if statement.mark(behind) == "/" and (below := statement.get(behind + 1, "num")) and _fraction(statement, behind):
            return Amount(whole(number / below), behind + 2, reference=reference)
        if statement.get(behind, "times") is not None or ahead != after:
            return Amount(number, behind + (statement.get(behind, "times") is not None), reference=reference)
    return Amount(1, after, reference=reference) if strong and not _adds(statement, ahead) else None


def _adds(statement: Statement, index: int) -> bool:
    """Whether seconds stand behind a reference, which they are added to: 超过正常上限4秒."""
    unit = statement.get(index + 1, "unit")
    return "num" in statement.meanings[index] and unit is not None and unit.dimension == "interval"


def _synonym(statement: Statement, index: int) -> int:
    """Past a bracket that only repeats the reference: 正常值上限（ULN）."""
    if statement.mark(index) == "(" and statement.get(index + 1, "reference") and statement.mark(index + 2) == ")":
        return index + 3
    return index


def read_inclusion(statement: Statement, index: int) -> tuple[int, bool | None]:
    """(index behind, whether the number itself belongs) for `(inclusive)`, `（含）`, `（包括18岁）`, `, inclusive`."""
    meanings = statement.meanings[index]
    bracket = meanings.get("mark") == "("
    if not bracket and _INCLUDING.isdisjoint(meanings):
        return index, None
    at = index + bracket
    says = {"inclusive": True, "exclusive": False}
    kind = next((kind for kind in ("exclusive", "inclusive") if statement.get(at, kind)), None)
    if kind is None or not statement.close(at):
        return index, None
    if not bracket:
        return (index + 1, says[kind]) if statement.get(at, kind) == kind and _plain(statement, at) else (index, None)
    behind = statement.closing(index)
    if behind == index:
        return index, None
    short = statement.tokens[behind - 1].end - statement.tokens[index].start <= 24
    return (behind, says[kind]) if short else (index, None)


def _plain(statement: Statement, index: int) -> bool:
    """Whether the word alone says inclusive or exclusive; `including` without a bracket begins an example."""
    token = statement.tokens[index]
    return statement.text[token.start : token.end].lower() in ("inclusive", "exclusive", "含")


def ends_of(sign: Sign, amount: Amount) -> Ends:
    """The lower and the upper end that a comparator sets; words in brackets win over it.

    Of an approximate number the smaller is a least, the larger a most.
    """
    inclusive = sign.inclusive if amount.inclusive is None else amount.inclusive
    low, high = End(amount.value, inclusive), End(amount.value if amount.most is None else amount.most, inclusive)
    return (low if sign.end in ("low", "both") else None, high if sign.end in ("high", "both") else None)


def make_limit(first: int, amount: Amount, ends: Ends, **more: Any) -> Limit:
    """A limit from token `first` to the end of its amount."""
    return Limit(first, amount.after, *ends, amount.measure, amount.written, amount.reference, digits=amount.digits, **more)
