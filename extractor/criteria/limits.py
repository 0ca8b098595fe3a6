"""Limits: a number with its comparator, unit and reference, or a range of two, wherever the tokens hold one.

limit      := between | prefixed | range | choice | suffixed | bracketing | reference
prefixed   := comparator amount [joined]            ≥ 18 years; greater than 3 x ULN; > ULN
joined     := (and | , | to) comparator amount      … and ≤ 75 years: the other end of the same range
range      := amount to amount                      18-75 years; 18岁至75岁
between    := "between" amount (and | to) amount    between 18 (inclusive) and 30 (inclusive)
choice     := amount ((, | or) amount)+             0, 1 or 2 (consecutive numbers of a score)
suffixed   := amount suffix                         18 years or older; 3倍以上
bracketing := amount comparator variable            60岁≤年龄[≤89岁]
amount     := [-] number [inclusive] [unit] [times] [reference] | reference [number [times]]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from extractor.criteria.tokens import Sign, Token
from extractor.normalise.folding import fold
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


_BEYOND: list[Mapping[str, Any]] = [{}] * 32


class Line:
    """The tokens of one text with questions that the rules ask.

    `meanings` goes on with empty ones: an index a little before the first or behind the last token means nothing.
    """

    __slots__ = ("kinds", "meanings", "size", "text", "tokens")

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.size = len(tokens)
        said = [token.meanings for token in tokens]
        self.kinds: set[str] = set().union(*said)
        self.meanings: list[Mapping[str, Any]] = said + _BEYOND

    def get(self, index: int, kind: str) -> Any:
        """What token `index` means as `kind`; None where it means nothing of that kind or the line has ended."""
        return self.meanings[index].get(kind)

    def close(self, index: int) -> bool:
        """Whether no unknown word stands between token `index` and the one before."""
        return 0 < index < self.size and not self.tokens[index].gap

    def skip(self, index: int, kind: str = "soft", most: int = 3) -> int:
        """The next index from `index` on that is not of `kind`."""
        while most and self.get(index, kind) is not None and not self.get(index, "reference"):
            index, most = index + 1, most - 1
        return index

    def mark(self, index: int) -> str:
        """The punctuation mark at `index`, or ""."""
        return self.meanings[index].get("mark") or ""

    def plus(self, index: int) -> bool:
        """Whether token `index` is the sign +."""
        return self.get(index, "suffix") is not None and self.text[self.tokens[index].start : self.tokens[index].end] in ("+", "＋")

    def minus(self, index: int) -> bool:
        """Whether token `index` is a dash that can be the sign of a number."""
        return "to" in self.meanings[index] and fold(self.text[self.tokens[index].start]) == "-"

    def closing(self, index: int) -> int:
        """The index behind the bracket that opens at `index`; `index` itself where it stays open within 14 tokens."""
        for at in range(index + 1, min(index + 15, len(self.tokens))):
            if self.mark(at) == ")":
                return at + 1
        return index


def find_limits(line: Line) -> list[Limit]:
    """All limits of the line from left to right; each token belongs to one at most."""
    limits: list[Limit] = []
    index = 0
    while index < line.size:
        for kind in line.meanings[index]:
            rule = _RULES.get(kind)
            if rule and (found := rule(line, index)):
                limits += found
                index = max(index, found[-1].after - 1)
                break
        index += 1
    if len(limits) < 2:
        return limits
    return [_lent(line, limit, after) for limit, after in zip(limits, [*limits[1:], None], strict=False)]


def _lent(line: Line, limit: Limit, after: Limit | None) -> Limit:
    """`under 18 or over 70 years`: the unit of the second end holds for the first."""
    if after is None or limit.measure or limit.reference or not after.measure or not limit.compared:
        return limit
    between = range(limit.after, after.first + 1)
    joined = any(line.get(at, "or") for at in between) and len(between) <= 3
    closed = all(line.close(at) for at in range(limit.after, after.first + 1))
    return replace(limit, measure=after.measure, written=after.written) if joined and closed and after.compared else limit


def _amount(line: Line, index: int) -> Amount | None:
    """amount := [-] number [inclusive] [unit] [times] [reference] | reference [number [times]]."""
    sign = 1
    if "num" in line.meanings[index]:
        pass
    elif line.minus(index) and line.get(index + 1, "num") is not None and _touching(line, index + 1):
        sign, index = -1, index + 1
    elif line.plus(index) and line.get(index + 1, "num") is not None and _touching(line, index + 1):
        index += 1
    number = line.get(index, "num")
    if number is None:
        return _multiple_behind(line, index) if line.get(index, "reference") or line.get(index, "range") else None
    after, inclusive = _inclusion(line, index + 1)
    amount = Amount(sign * number, after, inclusive=inclusive, digits=line.get(index, "digits"))
    measure = line.get(after, "unit")
    if measure is not None and line.close(after):
        after, marked = _inclusion(line, after + 1)
        scaled = whole(float(amount.value * measure.factor)) if measure.factor != 1 else amount.value
        amount = amount._replace(value=scaled, after=after, measure=measure, written=line.get(amount.after, "text"))
        return amount._replace(inclusive=inclusive if marked is None else marked)
    return _multiple_ahead(line, amount)


def _touching(line: Line, index: int) -> bool:
    return line.tokens[index - 1].end == line.tokens[index].start


def _multiple_ahead(line: Line, amount: Amount) -> Amount:
    """number [times] [(…)] reference: 2.5 x ULN, 3倍正常值上限."""
    after = amount.after
    if line.mark(after) == "/" and (below := line.get(after + 1, "num")) and _fraction(line, after):
        amount = amount._replace(value=whole(amount.value / below), after=after + 2)
        after += 2
    times = (line.get(after, "times") is not None or line.mark(after) == "?") and line.close(after)
    after = line.skip(after + 1) if times else line.skip(after, most=1)
    if line.mark(after) == "(" and line.get(line.closing(after), "reference"):
        after = line.closing(after)
    reference = line.get(after, "reference") or (line.get(after, "range") if times else None)
    if reference and line.close(after):
        return amount._replace(reference=reference, after=_synonym(line, after + 1))
    worded = times and line.text[line.tokens[amount.after].start] not in "?？*×xX✕" and line.get(amount.after + 1, "rate") is None
    return amount._replace(after=amount.after + 1, multiple=True) if worded else amount


def _fraction(line: Line, slash: int) -> bool:
    """Whether the slash divides two small numbers that touch it, before a reference: 1/2 ULN."""
    return _touching(line, slash) and _touching(line, slash + 1) and line.get(slash + 1, "num") in (2, 3, 4, 5)


def _multiple_behind(line: Line, index: int) -> Amount | None:
    """reference [of] number [times]: 正常值上限的3倍, ULN × 1.5; a reference alone is once itself."""
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


def _inclusion(line: Line, index: int) -> tuple[int, bool | None]:
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


def _end(sign: Sign, amount: Amount) -> tuple[End | None, End | None]:
    inclusive = sign.inclusive if amount.inclusive is None else amount.inclusive
    end = End(amount.value, inclusive)
    return (end if sign.end in ("low", "both") else None, end if sign.end in ("high", "both") else None)


def _made(first: int, amount: Amount, ends: tuple[End | None, End | None], **more: Any) -> Limit:
    return Limit(first, amount.after, *ends, amount.measure, amount.written, amount.reference, digits=amount.digits, **more)


_FULL_MARKS = (10, 30, 100)


def _prefixed(line: Line, index: int) -> list[Limit]:
    """Comparator amount [suffix], then the other end or other values of the same variable."""
    sign: Sign = line.get(index, "cmp")
    if line.get(index, "suffix") and line.get(index - 1, "num") is not None and line.get(index + 1, "num") is None:
        return []
    at = _past_bracket(line, line.skip(index + 1, most=2))
    at = at + 1 if sign.end == "both" and line.get(at, "cmp") else at
    if line.get(index + 1, "cmp") and line.close(index + 1):
        return []
    at = _past_event(line, _past_scale(line, at))
    amount = _amount(line, at)
    if amount is None or amount.multiple or not (line.close(at) or _counted(line, index, at, amount)):
        return []
    if amount.reference and line.text[line.tokens[amount.after - 1].end :][:3].lstrip()[:1] in ("+", "＋"):
        return []
    if sign.end == "both" and (ranged := _range(line, at) or _choice(line, at)):
        return [replace(limit, first=index) for limit in ranged]
    pair = _pressure_pair(line, at, sign)
    if pair:
        return [replace(limit, first=index) for limit in pair]
    if line.mark(amount.after) == "/" and line.get(amount.after + 1, "num") is not None:
        if line.get(amount.after + 1, "num") not in _FULL_MARKS or amount.value > line.get(amount.after + 1, "num"):
            return []
        amount = amount._replace(after=amount.after + 2)
    after = _past_suffix(line, amount.after)
    after, marked = _inclusion(line, after)
    amount = amount._replace(after=after, inclusive=amount.inclusive if marked is None else marked)
    return _joined(line, _made(index, amount, _end(sign, amount), compared=sign.end != "both"))


def _past_bracket(line: Line, index: int) -> int:
    """Past a remark between comparator and amount: ≤（相同年龄段的）正常值上限."""
    behind = line.closing(index) if line.mark(index) == "(" else index
    return behind if behind > index and (line.get(behind, "reference") or line.get(behind, "range")) else index


def _past_scale(line: Line, index: int) -> int:
    """Past the scale between comparator and grade: ≥CTCAE 2级, ＞ NYHA（…）II级."""
    at = index
    kinds = _NAMED if _least(line, index) else ("SCORE", "AGE")
    while at < index + 4 and ((subject := line.get(at, "var")) and subject.kind in kinds or (at > index and line.mark(at) in ("(", ")"))):
        at += 1
    at = line.skip(at, most=2) if at > index else index
    return at if line.get(at, "num") is not None else index


_NAMED = ("SCORE", "AGE", "DURATION", "MEASUREMENT")


def _least(line: Line, index: int) -> bool:
    """Whether the comparator before `index` may stand before the variable: a minimum life expectancy of 12 weeks."""
    token = line.tokens[index - 1]
    return line.text[token.start : token.end].lower().startswith(("min", "max", "最"))


def _past_event(line: Line, index: int) -> int:
    """Past a word of the vocabulary between comparator and count: 至少发作过1次."""
    return index + 1 if line.get(index, "anchor") and line.get(index + 1, "num") is not None and not line.get(index, "soft") else index


def _counted(line: Line, index: int, at: int, amount: Amount) -> bool:
    """Whether a few words stand between comparator and a count of events: 至少急性发作过1次."""
    if amount.measure is None or amount.measure.ucum or at >= len(line.tokens):
        return False
    between = line.text[line.tokens[index].end : line.tokens[at].start]
    return len(between) <= 8 and not between.isascii() and not any(mark in between for mark in ",，;；。、（(")


def _past_suffix(line: Line, index: int) -> int:
    """A trailing 以上 after a comparator adds nothing: ＞40次以上."""
    return (
        index + 1
        if line.get(index, "suffix") and line.close(index) and not line.get(index, "cmp") and not line.get(index, "inside")
        else index
    )


def _joined(line: Line, limit: Limit) -> list[Limit]:
    """The other end of the range, where it follows: ≥18 且 ≤75, > 5.5 but ≤ 10.0."""
    at = limit.after
    marks = 0
    while marks < 3 and _joint(line, at):
        at, marks = at + 1, marks + 1
    sign = line.get(at, "cmp")
    if not sign or not line.close(at) or sign.end == "both" or line.get(at, "or"):
        return [limit]
    amount = _amount(line, line.skip(at + 1, most=1))
    if amount is None or amount.multiple:
        return [limit]
    low, high = _end(sign, amount)
    merged = replace(limit, after=_past_suffix(line, amount.after), low=limit.low or low, high=limit.high or high)
    fits = _same_scale(limit, amount) and (limit.low is None) != (low is None) and _ordered(merged)
    return [_with_unit(merged, amount)] if fits else [limit]


def _joint(line: Line, index: int) -> bool:
    """Whether token `index` may stand between the two ends of a range."""
    small = line.get(index, "and") or line.mark(index) == "," or line.get(index, "soft") or line.get(index, "to")
    return bool(small) and line.close(index) and not line.get(index, "cmp")


def _same_scale(limit: Limit, amount: Amount) -> bool:
    if limit.reference != amount.reference:
        return False
    return not (limit.measure and amount.measure) or limit.measure.ucum == amount.measure.ucum


def _ordered(limit: Limit) -> bool:
    return bool(limit.low and limit.high and limit.low.value <= limit.high.value)


def _with_unit(limit: Limit, amount: Amount) -> Limit:
    return limit if limit.measure or not amount.measure else replace(limit, measure=amount.measure, written=amount.written)


def _pressure_pair(line: Line, index: int, sign: Sign) -> list[Limit]:
    """150/90 mmHg: systolic and diastolic, two limits."""
    first, second = line.get(index, "num"), line.get(index + 2, "num")
    if first is None or second is None or line.mark(index + 1) != "/":
        return []
    amount = _amount(line, index + 2)
    if not amount or not (60 <= first <= 260 and 30 <= second < first):
        return []
    if amount.measure and amount.measure.dimension != "pressure":
        return []
    upper = amount._replace(value=first)
    return [_made(index, each, _end(sign, each)) for each in (upper, amount)]


def _range(line: Line, index: int) -> list[Limit]:
    """Amount to amount; with two units (3月～3岁) two limits of the same words."""
    first = _amount(line, index)
    if first is None or first.multiple or (not line.get(first.after, "to") and not _lost_mark(line, first)):
        return []
    at = first.after + bool(line.get(first.after, "to"))
    at = line.skip(at, most=1)
    ceiling = line.get(at, "cmp")
    second = _amount(line, at + 1 if ceiling else at)
    if second is None or not line.close(first.after) or not line.close(at):
        return []
    return _spanned(line, index, first, second, ceiling)


def _lost_mark(line: Line, first: Amount) -> bool:
    """Two ages side by side whose dash was lost: 35岁65岁."""
    ages = [line.get(at, "unit") for at in (first.after - 1, first.after + 1)]
    return (
        all(age and age.dimension == "age" for age in ages) and _touching(line, first.after)
        if first.after + 1 < len(line.tokens)
        else False
    )


def _spanned(line: Line, index: int, first: Amount, second: Amount, ceiling: Sign | None = None) -> list[Limit]:
    """The range of two amounts, each end inclusive unless its words say otherwise."""
    if _scale_width(line, index, first, second) or (ceiling and ceiling.end != "high") or (line.get(second.after, "cmp") and not second.measure and line.close(second.after)):
        return []
    after, marked = _inclusion(line, line.skip(second.after, "end", 2))
    low_in, high_in = (amount.inclusive if amount.inclusive is not None else marked for amount in (first, second))
    high_in = ceiling.inclusive if ceiling and high_in is None else high_in
    low, high = End(first.value, low_in is not False), End(second.value, high_in is not False)
    limit = Limit(
        index, after, low, high, second.measure or first.measure, second.written or first.written, second.reference or first.reference
    )
    if line.mark(index - 1) == "(" and line.mark(after) == ")" and (outside := line.get(after + 1, "unit")) and not limit.measure:
        return [replace(limit, after=after + 2, measure=outside, written=line.get(after + 1, "text"))]
    if first.measure and second.measure and first.measure.ucum != second.measure.ucum:
        lower = replace(limit, high=None, measure=first.measure, written=first.written)
        return [lower, replace(limit, low=None)]
    if low.value > high.value:
        return [replace(limit, low=high, high=low)] if high.value < 0 else []
    return [limit]


def _scale_width(line: Line, index: int, first: Amount, second: Amount) -> bool:
    """Whether 0 to 10 or 100 only tells how wide a scale is: (> 3 on a 0-10 scale), VAS（0-10分）≥4."""
    if first.value not in (0, 1) or second.value not in _FULL_MARKS or index == 0:
        return False
    end, start = line.tokens[second.after - 1].end, line.tokens[index].start
    behind = line.text[end : end + 40]
    before = line.text[max(0, start - 8) : start].lower()
    return (before.endswith(("a ", "the ")) and "scale" in behind) or (line.mark(index - 1) == "(" and line.get(second.after + 1, "cmp") is not None)


def _between(line: Line, index: int) -> list[Limit]:
    """Between amount and amount."""
    at = line.skip(index + 1, most=4)
    at = at + 1 if line.get(at, "var") and line.close(at) else at
    at = line.skip(at, most=3)
    first = _amount(line, at)
    if first is None or first.multiple or not line.close(at):
        return []
    joint = first.after
    joint += line.minus(joint) and line.get(joint + 1, "and") is not None
    if not (line.get(joint, "and") or line.get(joint, "to") or line.mark(joint) == ",") or not line.close(joint):
        return []
    second = _amount(line, line.skip(joint + 1, most=2))
    if second is None or second.multiple or first.value > second.value:
        return []
    spanned = _spanned(line, index, first, second)
    return spanned if line.get(index, "between") != "在" or _closed(line, spanned) else []


def _closed(line: Line, limits: list[Limit]) -> bool:
    """在 opens a range only where 之间 or 范围 closes it or a dash joins it."""
    return bool(limits) and bool(
        line.get(limits[-1].after - 1, "end") or any(line.get(at, "to") for at in range(limits[0].first, limits[-1].after))
    )


def _choice(line: Line, index: int) -> list[Limit]:
    """Consecutive whole numbers in a row, the last after "or": 0, 1 or 2."""
    amounts = [_amount(line, index)]
    at = amounts[0].after if amounts[0] else index
    conjunction = False
    while amounts[-1] and (joint := _choice_joint(line, at)) and line.get(joint, "num") is not None and len(amounts) < 8:
        conjunction = conjunction or any(line.get(here, "or") or line.get(here, "and") for here in range(at, joint))
        amounts.append(_amount(line, joint))
        at = amounts[-1].after if amounts[-1] else joint
    values = [amount.value for amount in amounts if amount]
    scales = {amount.measure.ucum for amount in amounts if amount and amount.measure}
    if len(values) < 2 or len(scales) > 1 or not conjunction or any(b - a != 1 for a, b in zip(values, values[1:], strict=False)):
        return []
    last = amounts[-1]
    if last is None:
        return []
    return [_made(index, last, (End(values[0], inclusive=True), End(values[-1], inclusive=True)), compared=False)]


def _choice_joint(line: Line, index: int) -> int:
    """The index behind `,`, `or`, `, or`; 0 where there is none."""
    at = index
    while at < index + 2 and line.close(at) and (line.get(at, "or") or line.get(at, "and") or line.mark(at) in (",", "/")):
        at += 1
    return at if at > index else 0


def _ceiling(line: Line, index: int) -> list[Limit]:
    """`至18岁` behind words for birth: the upper end alone."""
    if "num" not in line.meanings[index + 1]:
        return []
    amount = _amount(line, index + 1)
    if line.minus(index) or amount is None or amount.measure is None or amount.measure.dimension != "age" or not line.close(index + 1):
        return _numbered(line, index)
    return [_made(index, amount, (None, End(amount.value, amount.inclusive is not False)))]


def _numbered(line: Line, index: int) -> list[Limit]:
    """The rules that begin with an amount; a bare one is a limit without comparator."""
    amount = _amount(line, index)
    if amount is None:
        return []
    behind = line.meanings[amount.after]
    return (
        ("num" in behind or "to" in behind) and _range(line, index)
        or "cmp" in behind and _bracketing(line, index, amount)
        or _suffixed(line, index, amount)
        or ("mark" in behind or "or" in behind or "and" in behind) and _choice(line, index)
        or _alone(line, index, amount)
    )


def _suffixed(line: Line, index: int, amount: Amount) -> list[Limit]:
    """Amount suffix: 18 years or older, 3倍以上, 80 % or more."""
    at = line.skip(amount.after, most=1)
    sign = line.get(at, "suffix")
    if not sign or not line.close(at) or (line.get(at, "inside") and amount.measure and amount.measure.word):
        return []
    if line.get(at, "cmp") and line.get(at + 1, "num") is not None:
        return []
    if line.plus(at) and not (amount.value >= 12 and (not amount.measure or amount.measure.word == "YEAR")):
        return []
    after, marked = _inclusion(line, at + 1)
    amount = amount._replace(after=after, inclusive=amount.inclusive if marked is None else marked, multiple=False)
    return _joined(line, _made(index, amount, _end(sign, amount), suffixed=True))


_FLIPPED = {"low": "high", "high": "low", "both": "both"}


def _bracketing(line: Line, index: int, amount: Amount) -> list[Limit]:
    """Amount comparator variable [comparator amount]: the first comparator is read from the variable's side."""
    sign = line.get(amount.after, "cmp")
    at = line.skip(amount.after + 1, most=1)
    if not sign or not line.close(amount.after):
        return []
    if line.get(at, "cmp") and not line.close(at):
        return _around_words(line, index, amount, at)
    if not line.get(at, "var") or not line.close(at):
        return []
    turned = Sign(_FLIPPED[sign.end], sign.inclusive)
    limit = _made(index, amount._replace(after=at + 1), _end(turned, amount))
    behind = line.skip(at + 1)
    joined = _joined(line, replace(limit, after=behind))
    return joined if joined[0].low and joined[0].high else [limit]


def _around_words(line: Line, index: int, amount: Amount, second: int) -> list[Limit]:
    """Amount comparator words comparator amount: 145 mmHg ≤ msSBP ≤ 190 mmHg."""
    first: Sign = line.get(amount.after, "cmp")
    sign: Sign = line.get(second, "cmp")
    other = _amount(line, second + 1)
    words = line.text[line.tokens[amount.after].end : line.tokens[second].start]
    if other is None or sign.end != first.end or sign.end == "both" or len(words) > 30 or any(mark in words for mark in ",;，；。("):
        return []
    low, _ = _end(Sign("low", first.inclusive), amount)
    high, _ = _end(Sign("low", sign.inclusive), other)
    ends = (low, high) if sign.end == "high" else (high, low)
    return [_with_unit(_made(index, other, ends), amount)] if low and high else []


def _alone(line: Line, index: int, amount: Amount) -> list[Limit]:
    next_is = (line.get(amount.after, "cmp") and not line.get(amount.after, "or")) or (line.get(amount.after, "to") and line.get(amount.after + 1, "num") is not None)
    if amount.multiple or (next_is and line.close(amount.after) and not line.get(amount.after, "suffix")):
        return []
    pair = _pressure_pair(line, index, Sign("both", inclusive=True))
    if pair and pair[0].measure:
        return [replace(limit, compared=False) for limit in pair]
    both = (End(amount.value, inclusive=True), End(amount.value, inclusive=True))
    return [_made(index, amount, both, compared=False)]


def _plus_minus(line: Line, index: int) -> list[Limit]:
    """±5 %: from -5 to 5."""
    amount = _amount(line, index + 1)
    if amount is None:
        return []
    after = amount.after + bool(line.get(amount.after, "inside"))
    ends = (End(-amount.value, inclusive=True), End(amount.value, inclusive=True))
    return [_made(index, amount._replace(after=after), ends)]


def _within(line: Line, index: int) -> list[Limit]:
    """`Within 1.5 × ULN` is at most that; stretches of time are left to the windows."""
    at = line.skip(index + 1, most=1)
    amount = _amount(line, at)
    if amount is None or not line.close(at) or not (amount.reference or (amount.measure and amount.measure.ucum == "%")):
        return []
    words = line.text[line.tokens[index].start : line.tokens[index].end].lower()
    return [_made(index, amount, (None, End(amount.value, inclusive=True)))] if words == "within" else []


def _referenced(line: Line, index: int) -> list[Limit]:
    """Reference number times [suffix]: 正常值上限的三倍以上; 正常上限以内."""
    amount = _amount(line, index)
    if amount is None or not amount.reference:
        return []
    inner = next((line.get(at, "cmp") for at in range(index, amount.after) if line.get(at, "cmp")), None)
    suffix = line.get(amount.after, "suffix") if line.close(amount.after) and not line.plus(amount.after) else None
    sign = inner or suffix
    if not sign:
        return []
    return [_made(index, amount._replace(after=amount.after + bool(suffix)), _end(sign, amount))]


_RULES = {
    "between": _between,
    "cmp": _prefixed,
    "plusminus": _plus_minus,
    "within": _within,
    "num": _numbered,
    "to": _ceiling,
    "reference": _referenced,
    "range": _referenced,
}
