"""Limits with two ends, or two limits in one run of tokens.

range    := amount to amount                      18-75 years; 18岁至75岁
between  := "between" amount (and | to) amount    between 18 (inclusive) and 30 (inclusive)
choice   := amount ((, | or) amount)+             0, 1 or 2 (consecutive numbers of a score)
joined   := limit (and | , | to) comparator amount   … and ≤ 75 years: the other end of the same range
pressure := number / number [unit]                150/90 mmHg: systolic and diastolic
"""

from __future__ import annotations

from itertools import pairwise

from msgspec.structs import replace

from extractor.criteria.constraints.limits.amounts import (
    NO_ENDS,
    Amount,
    End,
    Ends,
    Limit,
    ends_of,
    make_limit,
    read_amount,
    read_inclusion,
    touching,
)
from extractor.criteria.constraints.limits.range_ends import read_range_ends
from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.vocabulary import Sign
from extractor.normalise.quantities import UnitMeaning

FULL_MARKS = (10, 30, 100)
"""How far the usual scales reach: 4/10, 26/30."""


def pressure_pair(statement: Statement, index: int, sign: Sign) -> list[Limit]:
    """150/90 mmHg: systolic and diastolic, two limits."""
    if statement.mark(index + 1) != "/":
        return []
    first, second = statement.get(index, "num"), statement.get(index + 2, "num")
    if first is None or second is None:
        return []
    amount = read_amount(statement, index + 2)
    if not amount or not (60 <= first <= 260 and 30 <= second < first):
        return []
    if amount.measure and amount.measure.dimension != "pressure":
        return []
    upper = replace(amount, value=first)
    return [make_limit(index, each, ends_of(sign, each)) for each in (upper, amount)]


def read_range(statement: Statement, index: int) -> list[Limit]:
    """Amount to amount; with two units (3月～3岁) two limits of the same words."""
    first = read_amount(statement, index)
    if first is None or first.multiple:
        return []
    graded = statement.get(first.after, "grade") is not None and statement.get(first.after + 1, "to") is not None and not first.measure
    joint = first.after + (graded and statement.close(first.after))
    joined = statement.get(joint, "to") is not None or _damaged_mark(statement, joint)
    if not joined and not _lost_mark(statement, first):
        return []
    at = joint + joined
    at = statement.skip(at, most=1)
    ceiling = statement.get(at, "cmp")
    at += _doubled(statement, at) and first.value >= 0
    second = read_amount(statement, at + 1 if ceiling else at)
    if second is None or not statement.close(first.after) or not statement.close(at):
        return []
    return _spanned(statement, index, first, second, ceiling)


def _doubled(statement: Statement, index: int) -> bool:
    """Whether token `index` is the second half of a dash: 40--55."""
    return statement.minus(index) and touching(statement, index) and statement.get(index - 1, "to") is not None


def _damaged_mark(statement: Statement, index: int) -> bool:
    """Whether a question mark between two numbers that it touches stands for a dash: 19?25kg/m2."""
    return statement.mark(index) == "?" and touching(statement, index) and touching(statement, index + 1)


def _lost_mark(statement: Statement, first: Amount) -> bool:
    """Two ages side by side whose dash was lost: 35岁65岁."""
    ages = [statement.get(at, "unit") for at in (first.after - 1, first.after + 1)]
    return (
        all(age and age.dimension == "age" for age in ages) and touching(statement, first.after)
        if first.after + 1 < len(statement.tokens)
        else False
    )


def _spanned(statement: Statement, index: int, first: Amount, second: Amount, ceiling: Sign | None = None) -> list[Limit]:
    """The range of two amounts, each end inclusive unless its words say otherwise."""
    if _scale_width(statement, index, first, second) or _no_range(statement, second, ceiling):
        return []
    after, low, high = _ends(statement, _in_days(first, second), second, ceiling)
    measure, written = second.measure or first.measure, second.written or first.written
    limit = Limit(index, after, low, high, measure, written, second.reference or first.reference)
    if measure is None and statement.mark(index - 1) == "(" and statement.mark(after) == ")":
        limit = _unit_outside(statement, limit)
    if first.measure and second.measure and first.measure.ucum != second.measure.ucum:
        return [replace(limit, high=None, measure=_alike(first.measure, second.measure), written=first.written), replace(limit, low=None)]
    return [limit] if low.value <= high.value else [replace(limit, low=high, high=low)] if high.value < 0 else []


def _ends(statement: Statement, first: Amount, second: Amount, ceiling: Sign | None) -> tuple[int, End, End]:
    """(the token behind, lower end, upper end) of a range, with what the words behind it say of its ends, of both or of each."""
    behind = statement.skip(second.after, "end", 2)
    bracket = statement.opening(second.after - 1)  # of the bracket that the second amount took with it
    named = read_range_ends(statement, bracket if bracket < second.after - 1 else behind, first.value, second.value)
    if named:
        return named.after, End(first.value, named.low is not False), End(second.value, named.high is not False)
    after, marked = read_inclusion(statement, behind)
    low = End(first.value, _includes(own=first.inclusive, other=marked))
    return after, low, End(second.value, _includes(own=second.inclusive, other=ceiling.inclusive if ceiling else marked))


def _in_days(first: Amount, second: Amount) -> Amount:
    """The first of two amounts in days, where it is in weeks and the second in weeks and days: 28周至34周+6天, 28-34+6周."""
    if _ucum(first) not in ("wk", "") or _ucum(second) != "d" or not any(sign in second.written for sign in ("+", "周", "w")):
        return first
    return replace(first, value=7 * first.value, measure=second.measure, written=second.written)


def _ucum(amount: Amount) -> str:
    return amount.measure.ucum if amount.measure else ""


def _alike(first: UnitMeaning, second: UnitMeaning) -> UnitMeaning:
    """The first unit of a range; in `6个月至3岁` both are ages."""
    aged = second.dimension == "age" and first.dimension == "time"
    return replace(first, dimension="age") if aged else first


def _no_range(statement: Statement, second: Amount, ceiling: Sign | None) -> bool:
    """Whether the second number begins a comparison of its own: NRS 0-10 ≥ 4."""
    if ceiling and ceiling.end != "high":
        return True
    return statement.get(second.after, "cmp") is not None and not second.measure and statement.close(second.after)


def _includes(*, own: bool | None, other: bool | None) -> bool:
    """Whether an end belongs to its range: what its own words say, else those of the whole, else yes."""
    return own if own is not None else other is not False


def _unit_outside(statement: Statement, limit: Limit) -> Limit:
    """The range with the unit behind its bracket: (100-450)×10⁹/L."""
    outside = statement.get(limit.after + 1, "unit")
    return replace(limit, after=limit.after + 2, measure=outside, written=statement.get(limit.after + 1, "text")) if outside else limit


def _scale_width(statement: Statement, index: int, first: Amount, second: Amount) -> bool:
    """Whether 0 to 10 or 100 only tells how wide a scale is: (> 3 on a 0-10 scale), VAS（0-10分）≥4."""
    if first.value not in (0, 1) or index == 0:
        return False
    end, start = statement.tokens[second.after - 1].end, statement.tokens[index].start
    behind = statement.text[end : end + 40]
    before = statement.text[max(0, start - 8) : start].lower()
    full = second.value in FULL_MARKS and statement.mark(index - 1) == "(" and statement.mark(second.after) == ")"
    return full or (before.endswith(("a ", "the ")) and "scale" in behind)


def read_between(statement: Statement, index: int) -> list[Limit]:
    """Between amount and amount."""
    at = statement.skip(index + 1, most=4)
    at = at + 1 if statement.get(at, "var") and statement.close(at) else at
    at = statement.skip(at, most=3)
    first = read_amount(statement, at)
    joint = _between_joint(statement, first.after) if first and not first.multiple and statement.close(at) else 0
    second = read_amount(statement, statement.skip(joint + 1, most=2)) if joint else None
    if first is None or second is None or second.multiple or _descends(first, second):
        return []
    spanned = _spanned(statement, index, first, second)
    return spanned if statement.get(index, "between") != "在" or _closed(statement, spanned) else []


def _descends(first: Amount, second: Amount) -> bool:
    """Whether the second number is the smaller one on the same scale; of negative numbers (T-scores) that is usual."""
    scales = {amount.measure.ucum for amount in (first, second) if amount.measure}
    return first.value > second.value >= 0 and len(scales) < 2


def _between_joint(statement: Statement, index: int) -> int:
    """Where and, to or a comma stands between the two amounts (`18- and 65`); 0 where none does."""
    joint = index + (statement.minus(index) and statement.get(index + 1, "and") is not None)
    joined = not _JOINTS.isdisjoint(statement.meanings[joint]) or statement.mark(joint) == "," or _damaged_mark(statement, joint)
    return joint if joined and statement.close(joint) else 0


_JOINTS = frozenset({"and", "to"})


def _closed(statement: Statement, limits: list[Limit]) -> bool:
    """在 opens a range only where 之间 or 范围 closes it or a dash joins it."""
    return bool(limits) and bool(
        statement.get(limits[-1].after - 1, "end") or any(statement.get(at, "to") for at in range(limits[0].first, limits[-1].after))
    )


def read_choice(statement: Statement, index: int) -> list[Limit]:
    """Consecutive whole numbers in a row, the last after "or": 0, 1 or 2."""
    amounts, conjunction = _row(statement, index)
    scales = {amount.measure.ucum for amount in amounts if amount.measure}
    steps = {second.value - first.value for first, second in pairwise(amounts)}
    if steps != {1} or len(scales) > 1 or not conjunction:
        return []
    ends = (End(amounts[0].value, inclusive=True), End(amounts[-1].value, inclusive=True))
    return [make_limit(index, amounts[-1], ends, compared=False)]


def _row(statement: Statement, index: int) -> tuple[list[Amount], bool]:
    """Up to eight amounts in a row, and whether "or" or "and" stands between some; none where one does not follow the one before it."""
    amounts: list[Amount] = []
    conjunction = False
    at = index
    while at and statement.get(at, "num") is not None and (amount := read_amount(statement, at)) and len(amounts) < 8:
        if amounts and amount.value - amounts[-1].value != 1:
            return [], False
        amounts.append(amount)
        at = _choice_joint(statement, amount.after)
        conjunction = conjunction or any(statement.get(here, "or") or statement.get(here, "and") for here in range(amount.after, at))
    return amounts, conjunction


def _choice_joint(statement: Statement, index: int) -> int:
    """The index behind `,`, `or`, `, or` (behind the word for grades: 3度或4度); 0 where there is none."""
    index = index + 1 if statement.get(index, "grade") and statement.close(index) and "or" in statement.meanings[index + 1] else index
    at = index
    while (
        at < index + 2 and statement.close(at) and (statement.get(at, "or") or statement.get(at, "and") or statement.mark(at) in (",", "/"))
    ):
        at += 1
    return at if at > index else 0


def read_plus_minus(statement: Statement, index: int) -> list[Limit]:
    """±5 %: from -5 to 5; a tolerance of a time or of the number before it (28 ± 7 days) is no limit."""
    amount = read_amount(statement, index + 1)
    if amount is None:
        return []
    after = amount.after + bool(statement.get(amount.after, "inside"))
    ends: Ends = (End(-amount.value, inclusive=True), End(amount.value, inclusive=True))
    return [make_limit(index, replace(amount, after=after), NO_ENDS if _is_tolerance(statement, index, amount) else ends)]


def _is_tolerance(statement: Statement, index: int, amount: Amount) -> bool:
    """Whether ± at `index` gives the tolerance of a time, or of the number before it."""
    if index and not {"num", "unit"}.isdisjoint(statement.meanings[index - 1]):
        return True
    return amount.measure is not None and amount.measure.word != "" and statement.get(index - 1, "within") is None


def read_ceiling(statement: Statement, index: int) -> list[Limit]:
    """`至18岁` behind words for birth: the upper end alone."""
    amount = read_amount(statement, index + 1)
    if (
        statement.minus(index)
        or amount is None
        or amount.measure is None
        or amount.measure.dimension != "age"
        or not statement.close(index + 1)
    ):
        return []
    return [make_limit(index, amount, (None, End(amount.value, amount.inclusive is not False)))]


def read_sign(statement: Statement, index: int) -> tuple[Sign, int] | None:
    """The comparator at `index` and the token behind it, where it is written more than once: greater than (>) or equal to, 大于（≥）.

    None where two contradict each other.
    """
    sign: Sign = statement.get(index, "cmp")
    at = index + 1
    for _ in range(_MOST_SIGNS):
        if _REPEATING.isdisjoint(statement.meanings[at]):
            return sign, at
        opened = at + (statement.mark(at) in ("(", ","))
        opened += statement.mark(at) == "(" and statement.get(opened, "inclusive") is not None
        second: Sign | None = statement.get(opened, "cmp")
        closed = opened + 1 + (statement.mark(opened + 1) == ")" if statement.mark(at) == "(" else 0)
        whole = statement.mark(at) != "(" or statement.mark(closed - 1) == ")"
        if second is None or not whole or not statement.close(at) or (statement.mark(at) == "," and second.end != "both"):
            return sign, at
        if "both" not in (sign.end, second.end) and sign.end != second.end:
            return None
        sign = second if sign.end in ("both", second.end) else replace(sign, inclusive=True)
        at = closed + (statement.mark(closed) == "," and statement.mark(at) == ",")
    return sign, at


_REPEATING = frozenset({"cmp", "mark"})
"""With what a comparator that is written again begins: itself, a bracket or a comma."""
_MOST_SIGNS = 3
"""How often one comparator is written: in words, as a sign, and "or equal to"."""


def _past_conversion(statement: Statement, index: int) -> int:
    """Past a bracket that only gives the number in another unit: 2.0 mmol/L (8.0 mg/dL)."""
    converted = statement.mark(index) == "(" and "num" in statement.meanings[index + 1] and "unit" in statement.meanings[index + 2]
    return index + 4 if converted and statement.mark(index + 3) == ")" else index


def read_other_end(statement: Statement, limit: Limit) -> list[Limit]:
    """The other end of the range, where it follows: ≥18 且 ≤75, > 5.5 but ≤ 10.0."""
    at = _past_conversion(statement, limit.after)
    marks = 0
    while marks < 3 and _joint(statement, at):
        at, marks = at + 1, marks + 1
    if not statement.get(at, "cmp") or not statement.close(at) or statement.get(at, "or"):
        return [limit]
    said = read_sign(statement, at)
    if said is None or said[0].end == "both":
        return [limit]
    sign, behind = said
    amount = read_amount(statement, statement.skip(behind, most=1))
    if amount is None or amount.multiple:
        return [limit]
    low, high = ends_of(sign, amount)
    merged = replace(limit, after=past_suffix(statement, amount.after), low=limit.low or low, high=limit.high or high)
    fits = _same_scale(limit, amount) and (limit.low is None) != (low is None) and _ordered(merged)
    return [with_unit(merged, amount)] if fits else [limit]


def _joint(statement: Statement, index: int) -> bool:
    """Whether token `index` may stand between the two ends of a range."""
    meanings = statement.meanings[index]
    if "cmp" in meanings or not statement.close(index):
        return False
    return statement.mark(index) == "," or not _BETWEEN_ENDS.isdisjoint(meanings)


_BETWEEN_ENDS = frozenset({"and", "soft", "to"})
"""Meanings of small words between the two ends of a range."""


def _same_scale(limit: Limit, amount: Amount) -> bool:
    if limit.reference != amount.reference:
        return False
    return not (limit.measure and amount.measure) or limit.measure.ucum == amount.measure.ucum


def _ordered(limit: Limit) -> bool:
    return bool(limit.low and limit.high and limit.low.value <= limit.high.value)


def with_unit(limit: Limit, amount: Amount) -> Limit:
    """The limit with the amount's unit where it has none of its own."""
    return limit if limit.measure or not amount.measure else replace(limit, measure=amount.measure, written=amount.written)


def past_suffix(statement: Statement, index: int) -> int:
    """A trailing 以上 after a comparator adds nothing: ＞40次以上."""
    return (
        index + 1
        if statement.get(index, "suffix")
        and statement.close(index)
        and not statement.get(index, "cmp")
        and not statement.get(index, "inside")
        else index
    )
