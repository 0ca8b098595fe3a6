"""Limits: a number with its comparator, unit and reference, or a range of two, wherever the tokens hold one.

limit      := between | prefixed | range | choice | suffixed | bracketing | reference
prefixed   := comparator amount [joined]            ≥ 18 years; greater than 3 x ULN; > ULN
suffixed   := amount suffix                         18 years or older; 3倍以上
bracketing := amount comparator variable            60岁≤年龄[≤89岁]
"""

from __future__ import annotations

from msgspec.structs import replace

from extractor.criteria.constraints.limits.amounts import NO_ENDS, Amount, Limit, ends_of, make_limit, read_amount, read_inclusion, touching
from extractor.criteria.constraints.limits.ranges import (
    FULL_MARKS,
    past_suffix,
    pressure_pair,
    read_between,
    read_ceiling,
    read_choice,
    read_other_end,
    read_plus_minus,
    read_range,
    read_sign,
    with_unit,
)
from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.vocabulary import Sign


def find_limits(statement: Statement) -> list[Limit]:
    """All limits of the statement from left to right; each token belongs to one at most."""
    limits: list[Limit] = []
    index = 0
    while index < statement.size:
        for kind in statement.meanings[index]:
            rule = _RULES.get(kind)
            if rule and (found := rule(statement, index)):
                limits += found
                index = max(index, found[-1].after - 1)
                break
        index += 1
    if len(limits) < 2:
        return limits
    return [_lent(statement, limit, after) for limit, after in zip(limits, [*limits[1:], None], strict=False)]


def _lent(statement: Statement, limit: Limit, after: Limit | None) -> Limit:
    """`under 18 or over 70 years`: the unit of the second end holds for the first."""
    if after is None or limit.measure or limit.reference or not after.measure or not limit.compared:
        return limit
    between = range(limit.after, after.first + 1)
    joined = any(statement.get(at, "or") or statement.get(at, "and") for at in between) and len(between) <= 3
    closed = all(statement.close(at) and "var" not in statement.meanings[at] for at in range(limit.after, after.first + 1))
    return replace(limit, measure=after.measure, written=after.written) if joined and closed and after.compared else limit


def _prefixed(statement: Statement, index: int) -> list[Limit]:
    """Comparator amount [suffix], then the other end or other values of the same variable."""
    said = _comparator(statement, index)
    if said is None:
        return []
    sign, behind = said
    at = _amount_place(statement, behind)
    amount = read_amount(statement, at) if at else None
    if amount is None or not _sound(statement, behind - 1, at, amount):
        return []
    if several := _crosses(statement, at, amount) or _several(statement, at, sign):
        return [replace(limit, first=index) for limit in several]
    if ranged := _compared_range(statement, index, at, sign):
        return [replace(limit, first=index) for limit in ranged]
    amount = _out_of(statement, amount)
    if amount is None:
        return []
    after, marked = read_inclusion(statement, past_suffix(statement, amount.after))
    amount = replace(amount, after=after, inclusive=amount.inclusive if marked is None else marked)
    return read_other_end(statement, make_limit(index, amount, ends_of(sign, amount), compared=sign.end != "both"))


def _crosses(statement: Statement, at: int, amount: Amount) -> list[Limit]:
    """A limit without ends for a number that counts crosses of a test strip: ≥ 2+; nothing that can be measured."""
    counts = amount.measure is None and amount.value <= _MOST_CROSSES
    crossed = counts and statement.plus(amount.after) and touching(statement, amount.after)
    return [make_limit(at, replace(amount, after=amount.after + 1), NO_ENDS)] if crossed else []


_MOST_CROSSES = 4
"""Test strips and slides are read from + to ++++."""


def _comparator(statement: Statement, index: int) -> tuple[Sign, int] | None:
    """A comparator and the token behind it: written twice (greater than or equal to (>=), 大于等于（≥）) it is one.

    None where it has no amount (18 years or older) or where two contradict each other.
    """
    sign: Sign = statement.get(index, "cmp")
    if "suffix" in statement.meanings[index] and "num" in statement.meanings[index - 1] and "num" not in statement.meanings[index + 1]:
        return None
    return None if _contradicted(statement, index, sign) else read_sign(statement, index)


def _contradicted(statement: Statement, index: int, sign: Sign) -> bool:
    """Whether a comparator that points the other way stands right before, without an amount of its own: less than or greater than 90."""
    if index == 0 or not statement.close(index):
        return False
    before = index - 1
    if "cmp" not in statement.meanings[before]:
        if "or" not in statement.meanings[before] or not statement.close(before):
            return False
        before -= 1
    other: Sign | None = None if "suffix" in statement.meanings[before] else statement.get(before, "cmp")
    return other is not None and {other.end, sign.end} == {"low", "high"}


def _amount_place(statement: Statement, at: int) -> int:
    """Where the amount of a comparator begins, remarks and scales skipped."""
    if "num" in statement.meanings[at]:
        return at
    if statement.get(at, "for") and statement.is_chinese(at) and "num" in statement.meanings[at + 1]:
        return at + 1  # 达到连续5年
    if whole := _past_whole(statement, at):
        return whole
    return past_event(statement, past_scale(statement, past_bracket(statement, statement.skip(at, most=2))))


def _past_whole(statement: Statement, at: int) -> int:
    """The share behind the same variable's own value (体重下降超过原体重的5%); 0 where none stands there."""
    named, own = statement.get(at - 2, "var"), statement.get(at, "var")
    if named is None or own is None or named.name != own.name:
        return 0
    between = statement.text[statement.tokens[at - 1].end : statement.tokens[at].start].strip()
    share = at + 1 + (statement.get(at + 1, "soft") is not None)
    per_cent = statement.get(share + 1, "unit")
    if not (between == "" or between.endswith(("原", "原来", "基线", "原有", "基础"))) or per_cent is None or per_cent.ucum != "%":
        return 0
    return share if statement.close(share) and statement.get(share, "num") is not None else 0


def _compared_range(statement: Statement, index: int, at: int, sign: Sign) -> list[Limit]:
    """A range under a comparator: an age (≥ 18-75 years) keeps both ends; of any other number the end that leaves more people in counts.

    Nothing is read of `beyond 18-55`.
    """
    ranged = read_range(statement, at)
    if len(ranged) != 1 or not ranged[0].ranged or sign.end == "both":
        return []
    if any("cmp" in statement.meanings[here] for here in range(at, ranged[0].after)):
        return []  # ≥ 40 to ≤ 80: the other end has a comparator of its own
    limit = ranged[0]
    if _outside(statement, index) or (_is_word(statement, index, "over") and limit.word and not _of_age(statement, index, limit)):
        return [replace(limit, low=None, high=None)]
    if sign.end == "low" and _of_age(statement, index, limit):
        return [replace(limit, low=replace(limit.low, inclusive=sign.inclusive))] if limit.low else []
    low, high = (replace(end, inclusive=sign.inclusive) if end else None for end in (limit.low, limit.high))
    return [replace(limit, low=low, high=None) if sign.end == "low" else replace(limit, low=None, high=high)]


def _of_age(statement: Statement, index: int, limit: Limit) -> bool:
    named = (statement.get(at, "var") for at in range(max(0, index - 3), index))
    aged = any(subject is not None and subject.kind == "AGE" for subject in named)
    return limit.dimension == "age" or (aged and limit.word != "")


def _outside(statement: Statement, index: int) -> bool:
    return _is_word(statement, index, "beyond", "超出")


def _is_word(statement: Statement, index: int, *words: str) -> bool:
    token = statement.tokens[index]
    return statement.folded[token.start : token.end] in words


def _sound(statement: Statement, index: int, at: int, amount: Amount) -> bool:
    """Whether the amount belongs to the comparator: nothing unknown between, no `ULN + 4 s`, no bare `2 times`."""
    if amount.multiple or not (statement.close(at) or counted(statement, index, at, amount)):
        return False
    end = statement.tokens[amount.after - 1].end
    words = statement.folded[statement.tokens[index].start : statement.tokens[at].start]
    if words == "over the " or (words in ("over a ", "over an ") and statement.get(at, "digits")):
        return False  # over the 6 months, over a 12-week period: a stretch of time
    return not amount.reference or statement.text[end : end + 3].lstrip()[:1] not in ("+", "＋")


def _several(statement: Statement, at: int, sign: Sign) -> list[Limit]:
    """Range or choice after an equals sign; two pressures."""
    if sign.end == "both" and (ranged := read_range(statement, at) or read_choice(statement, at)):
        return ranged
    return pressure_pair(statement, at, sign)


def _out_of(statement: Statement, amount: Amount) -> Amount | None:
    """The amount with the full mark of its scale passed (4/10); None for other fractions (20/200)."""
    full = statement.get(amount.after + 1, "num") if statement.mark(amount.after) == "/" else None
    if full is None:
        return amount
    return replace(amount, after=amount.after + 2) if full in FULL_MARKS and amount.value <= full else None


def past_bracket(statement: Statement, index: int) -> int:
    """Past a remark between comparator and amount: ≤（相同年龄段的）正常值上限."""
    behind = statement.closing(index) if statement.mark(index) == "(" else index
    return behind if behind > index and (statement.get(behind, "reference") or statement.get(behind, "range")) else index


def past_scale(statement: Statement, index: int) -> int:
    """Past the scale between comparator and grade: ≥CTCAE 2级, ＞ NYHA（…）II级."""
    kinds = _NAMED if least(statement, index) else ("SCORE", "AGE")
    at = _past_edition(statement, index)
    while at < index + 4 and (_of_kind(statement, at, kinds) or (at > index and statement.mark(at) in ("(", ")"))):
        at += 1
    at = statement.skip(at, most=2) if at > index else index
    return at if statement.get(at, "num") is not None else index


def _past_edition(statement: Statement, index: int) -> int:
    """Past a scale with its edition between comparator and grade (> CTCAE v 4.0 grade 2); `index` where none stands there."""
    scale = statement.get(index, "var")
    if scale is None or scale.name != "ctcae":
        return index
    for at in range(index + 1, index + _EDITION):
        if statement.get(at, "grade") and statement.get(at + 1, "num") is not None:
            return at + 1
    return index


_EDITION = 7
"""Tokens in which the edition of a scale and the word for its grades stand."""


def _of_kind(statement: Statement, index: int, kinds: tuple[str, ...]) -> bool:
    subject = statement.get(index, "var")
    return subject is not None and subject.kind in kinds


_NAMED = ("SCORE", "AGE", "DURATION", "MEASUREMENT")


def least(statement: Statement, index: int) -> bool:
    """Whether the comparator before `index` may stand before the variable: a minimum life expectancy of 12 weeks."""
    token = statement.tokens[index - 1]
    return statement.text[token.start : token.end].lower().startswith(("min", "max", "最"))


def past_event(statement: Statement, index: int) -> int:
    """Past a word of the vocabulary between comparator and count: 至少发作过1次."""
    return (
        index + 1
        if statement.get(index, "anchor") and statement.get(index + 1, "num") is not None and not statement.get(index, "soft")
        else index
    )


def counted(statement: Statement, index: int, at: int, amount: Amount) -> bool:
    """Whether a few words stand between comparator and a count of events: 至少急性发作过1次."""
    if amount.measure is None or amount.measure.ucum or at >= len(statement.tokens):
        return False
    between = statement.text[statement.tokens[index].end : statement.tokens[at].start]
    return len(between) <= 8 and not between.isascii() and not any(mark in between for mark in ",，;；。、（(")


def _numbered(statement: Statement, index: int) -> list[Limit]:
    """The rules that begin with an amount; a bare one is a limit without comparator."""
    amount = read_amount(statement, index)
    if amount is None:
        return []
    joined = not {"or", "to"}.isdisjoint(statement.meanings[amount.after + 1])
    behind = amount.after + (statement.get(amount.after, "grade") is not None and joined)
    for kinds, rule in _BEHIND:
        if kinds.isdisjoint(statement.meanings[behind]):
            continue
        if found := rule(statement, index, amount):
            return found
    return _suffixed(statement, index, amount) or _alone(statement, index, amount)


def _ranged(statement: Statement, index: int, _: Amount) -> list[Limit]:
    return read_range(statement, index)


def _chosen(statement: Statement, index: int, amount: Amount) -> list[Limit]:
    return _suffixed(statement, index, amount) or read_choice(statement, index)


def _dashed(statement: Statement, index: int) -> list[Limit]:
    """A dash or `to` in front: the upper end alone, or a negative number."""
    if "num" not in statement.meanings[index + 1]:
        return []
    return read_ceiling(statement, index) or (_numbered(statement, index) if statement.minus(index) else [])


def _suffixed(statement: Statement, index: int, amount: Amount) -> list[Limit]:
    """Amount suffix: 18 years or older, 3倍以上, 80 % or more."""
    at = statement.skip(amount.after, "grade", 1)
    sign = statement.get(at, "suffix")
    if not sign or not statement.close(at) or (statement.get(at, "inside") and amount.measure and amount.measure.word):
        return []
    if statement.get(at, "cmp") and statement.get(at + 1, "num") is not None:
        return []
    if statement.plus(at) and not (amount.value >= 12 and (not amount.measure or amount.measure.word == "YEAR")):
        return []
    after, marked = read_inclusion(statement, at + 1)
    amount = replace(amount, after=after, inclusive=amount.inclusive if marked is None else marked, multiple=False)
    return read_other_end(statement, _both_suffixed(statement, make_limit(index, amount, ends_of(sign, amount), suffixed=True)))


def _both_suffixed(statement: Statement, limit: Limit) -> Limit:
    """Both ends with their words behind them: 20周岁以上，60周岁以下."""
    at = limit.after + (statement.mark(limit.after) == "," or statement.get(limit.after, "and") is not None)
    amount = read_amount(statement, at) if statement.close(at) else None
    sign = (
        statement.get(amount.after, "suffix")
        if amount and statement.close(amount.after) and not statement.get(amount.after, "or")
        else None
    )
    if amount is None or sign is None or amount.measure != limit.measure or limit.measure is None:
        return limit
    low, high = ends_of(sign, amount)
    merged = replace(limit, after=amount.after + 1, low=limit.low or low, high=limit.high or high)
    ordered = merged.low and merged.high and merged.low.value < merged.high.value and (limit.low is None) != (low is None)
    return merged if ordered else limit


_FLIPPED = {"low": "high", "high": "low", "both": "both"}


def _bracketing(statement: Statement, index: int, amount: Amount) -> list[Limit]:
    """Amount comparator variable [comparator amount]: the first comparator is read from the variable's side."""
    sign = statement.get(amount.after, "cmp")
    at = statement.skip(amount.after + 1, most=1)
    if not sign or not statement.close(amount.after):
        return []
    if around := _around_words(statement, index, amount):
        return around
    if not statement.get(at, "var") or not statement.close(at):
        return []
    turned = Sign(_FLIPPED[sign.end], sign.inclusive)
    limit = make_limit(index, replace(amount, after=at + 1), ends_of(turned, amount))
    if sign.end == "both" and statement.get(statement.skip(at + 1), "cmp"):
        return [replace(_past_other(statement, limit), low=None, high=None)]
    behind = statement.skip(at + 1)
    joined = read_other_end(statement, replace(limit, after=behind))
    return joined if joined[0].low and joined[0].high else [limit]


def _past_other(statement: Statement, limit: Limit) -> Limit:
    """The limit with the comparison behind its variable: of 25 = BMI < 40 a sign was lost, so that neither end is sure."""
    behind = statement.skip(limit.after) + 1
    other = read_amount(statement, behind)
    return replace(limit, after=other.after if other else behind)


_AROUND, _AROUND_TOKENS = 30, 4
"""How much may stand between two comparators that take words between them: characters and tokens."""


def _around_words(statement: Statement, index: int, amount: Amount) -> list[Limit]:
    """Amount comparator words comparator amount: 145 mmHg ≤ msSBP ≤ 190 mmHg."""
    first: Sign = statement.get(amount.after, "cmp")
    second = next((at for at in range(amount.after + 1, amount.after + _AROUND_TOKENS) if statement.get(at, "cmp")), 0)
    between = range(amount.after + 1, second)
    if not second or any(statement.mark(at) or "num" in statement.meanings[at] for at in between):
        return []
    gapped = any(statement.tokens[at].gap for at in (*between, second))
    sign: Sign = statement.get(second, "cmp")
    other = read_amount(statement, second + 1)
    far = statement.tokens[second].start - statement.tokens[amount.after].end > _AROUND
    if other is None or sign.end != first.end or sign.end == "both" or far or not gapped:
        return []
    low, _ = ends_of(Sign("low", first.inclusive), amount)
    high, _ = ends_of(Sign("low", sign.inclusive), other)
    ends = (low, high) if sign.end == "high" else (high, low)
    return [with_unit(make_limit(index, other, ends), amount)] if low and high else []


def _alone(statement: Statement, index: int, amount: Amount) -> list[Limit]:
    next_is = (statement.get(amount.after, "cmp") and not statement.get(amount.after, "or")) or (
        statement.get(amount.after, "to") and statement.get(amount.after + 1, "num") is not None
    )
    if amount.multiple or (next_is and statement.close(amount.after) and not statement.get(amount.after, "suffix")):
        return []
    pair = pressure_pair(statement, index, Sign("both", inclusive=True))
    behind = pair[0].after if pair else 0
    if pair and (suffix := statement.get(behind, "suffix")) and statement.close(behind):
        return [replace(limit, after=behind + 1, suffixed=True) for limit in pressure_pair(statement, index, suffix)]
    if pair and pair[0].measure:
        return [replace(limit, compared=False) for limit in pair]
    return [make_limit(index, amount, ends_of(Sign("both", inclusive=True), amount), compared=amount.most is not None)]


def _within(statement: Statement, index: int) -> list[Limit]:
    """`Within 1.5 × ULN` is at most that; stretches of time are left to the windows."""
    at = statement.skip(index + 1, most=1)
    amount = read_amount(statement, at)
    if amount is None or not statement.close(at):
        return []
    if not amount.reference and not (amount.measure and amount.measure.ucum == "%"):
        return []
    words = statement.text[statement.tokens[index].start : statement.tokens[index].end].lower()
    return [make_limit(index, amount, ends_of(Sign("high", inclusive=True), amount))] if words == "within" else []


def _referenced(statement: Statement, index: int) -> list[Limit]:
    """Reference number times [suffix]: 正常值上限的三倍以上; 正常上限以内."""
    amount = read_amount(statement, index)
    if amount is None or not amount.reference:
        return []
    inner = next((statement.get(at, "cmp") for at in range(index, amount.after) if statement.get(at, "cmp")), None)
    suffix = statement.get(amount.after, "suffix") if statement.close(amount.after) and not statement.plus(amount.after) else None
    sign = inner or suffix
    if not sign:
        return []
    return [make_limit(index, replace(amount, after=amount.after + bool(suffix)), ends_of(sign, amount))]


_BEHIND = (
    (frozenset({"num", "to"}), _ranged),
    (frozenset({"cmp"}), _bracketing),
    (frozenset({"mark", "or", "and"}), _chosen),
)
_RULES = {
    "between": read_between,
    "cmp": _prefixed,
    "plusminus": read_plus_minus,
    "within": _within,
    "num": _numbered,
    "to": _dashed,
    "reference": _referenced,
    "range": _referenced,
}
