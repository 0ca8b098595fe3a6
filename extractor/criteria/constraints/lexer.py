"""Criteria text to typed tokens in one pass.

A plain pattern cuts words, digits and single signs; the head of each is looked up, and only a head that begins a longer
spelling tries the pattern of its continuations. Numbers are read with the unit behind them; words outside the vocabulary
only leave a gap. Nothing is tried twice at one place and no pattern can backtrack over another: time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from extractor.criteria.constraints.vocabulary import GLUED, HEADS, MARKS, MEANINGS, SMALL, Head, Token
from extractor.normalise.folding import fold
from extractor.normalise.numbers import WORDS, parse_number
from extractor.normalise.quantities import Measure, match_unit, measure_of, read_number
from extractor.normalise.vocabulary import squeeze

_CLASSIFIERS = "个個周年月日天岁倍次种级度项处分小时星期位例根支杯代支包条枚片名只"
_NUMERALS = "一二两三四五六七八九十百千半"
_SIGNS = "".join(re.escape(head) for head in {*HEADS, *MARKS, *_NUMERALS} if not (head.isascii() and head.isalnum()))
_scan = re.compile(rf"\s?([a-z]+|\d+|[{_SIGNS}])(?:(?<=[a-z])(?=[-\d'’])())?")
_skipped = re.compile(
    r"(?:19|20)\d\d\s?(?:年(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?)?|[-./]\d{1,2}[-./]\d{1,2}(?!\d))"  # dates
    r"|\d+\.\d+\.\d+(?:\.\d+)*"  # versions
    r"|\d{1,2}:\d{1,2}(?![\d:])|\d+(?:st|nd|rd|th)(?![a-z])"  # clock times, proportions, ordinals
)
_number = re.compile(
    r"(?:10\s?\^\s?\d{1,2}(?!\s?/)|\d+(?:\.\d+)?(?=10(?:9|12)\s?/\s?l)|\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d{1,3}(?: \d{3})+(?=\s?(?:/|个|cells|copies))"
    r"|\d{1,3}(?:\.000)+(?=\s?/)|\d+,\d{1,2}(?=\s?(?:×|x|mg|g/|mmol|%|cm|mm|k))|\d{2},\d\d(?![\d,])|\d+(?:\.\d+)?)"
    r"(?:\s?(?:[百千万亿](?![/个拷])|(?:million|billion|thousand)(?![a-z])))?"
)
_numeral = re.compile(rf"[一二两三四五六七八九十]{{1,4}}个半(?=月|小时|年|周)|[{_NUMERALS}]{{1,8}}(?=\s?[{_CLASSIFIERS}])")
_tail = re.compile(r"(?:['’][a-z]+|-?\d+[a-z\d]*)*")
_twice = re.compile(rf"\s?\(\s?(?:\d+(?:\.\d+)?|{'|'.join(word for word in WORDS if word.isascii())})\s?\)(?=\s?[a-z%])")
_between = re.compile(r"\s?(?:of\s)?(?:an?\s)?-?\s?")
_half = re.compile(r"半(?!数|径|衰)")
_inclusion = re.compile(r"\((?:含|包含|包括|inclusive|exclusive|不含)\)$|\([\d.\s~\-至到]{3,14}\)$")
_marker = re.compile(r"\s*\d{1,2}\.(?=\d+\s?(?:个月|月|天|日|周|小时|级|岁)|\d{2,}\s?年)")
_code = re.compile(r"[a-z](?!\s?uln)(?<!x)")
_plus = re.compile(r"\+\s?")
_raised = re.compile(r"(10)\s?\^?\s?((?<=\^)\d{1,2}|(?<=\^\s)\d{1,2}|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})")
_lone = re.compile(r"\s(year|month|week)(?![a-z])")


_PLURAL = frozenset({"num", "past", "roman", "letter", "none"})
"""Meanings that may make more than one token, or none."""
_CODED = frozenset({"roman", "letter"})
"""Meanings that a digit behind makes part of a code: V0, B12."""
_BLANKS = frozenset(" -\n")
_LONGEST = 18
"""Characters of a number; a longer run of digits is an identifier."""


def tokenise(text: str) -> list[Token]:
    """The tokens of `text` in order, with offsets into it.

    >>> [next(iter(token.meanings)) for token in tokenise("PLT ≥ 100×10^9/L")]
    ['var', 'cmp', 'num', 'unit']
    """
    folded = fold(text)
    tokens: list[Token] = []
    position, gap = _behind_marker(folded), False
    for found in _scan.finditer(folded, position):
        end = found.end()
        if end <= position:
            continue
        head = found[1]
        known = HEADS.get(head)
        if known is None and found.lastindex == 1 and "a" <= head < "{":
            position, gap = end, True
            continue
        if not gap and found.start() > position:
            gap = not folded[position : found.start()].isspace()
        start = end - len(head)
        meanings, end = _meanings(known, start, end, folded) if known else (None, end)
        if meanings is SMALL:
            position = end
            continue
        if meanings and _PLURAL.isdisjoint(meanings):
            tokens.append(Token(start, end, gap, meanings))
            position, gap = end, False
            continue
        fresh, position = _tokens(meanings, start, end, folded, text)
        tokens += [fresh[0]._replace(gap=True), *fresh[1:]] if gap and fresh else fresh
        gap = not fresh
    return tokens


def _behind_marker(folded: str) -> int:
    """Where the text begins behind a list number that is glued to its first quantity: `5.6个月内` is item 5."""
    marker = _marker.match(folded)
    return marker.end() if marker else 0


def _tokens(meanings: Mapping[str, Any] | None, start: int, end: int, folded: str, text: str) -> tuple[list[Token], int]:
    """The tokens that begin at `start` (none for unknown words) and where reading goes on."""
    if not meanings:
        return _unknown(start, end, folded, text)
    if "none" in meanings:
        return [], end
    if "num" in meanings:
        return _ended(_quantity(start, end, folded, text), end)
    if folded[end : end + 1].isdigit() and not _CODED.isdisjoint(meanings):
        return [], _tail.match(folded, end).end()  # type: ignore[union-attr]
    token = Token(start, end, gap=False, meanings=meanings)
    if "past" in meanings and (lone := _lone.match(folded, end)):
        return [token, *_single(lone, text)], lone.end()
    return [token], end


def _meanings(known: Head, start: int, end: int, folded: str) -> tuple[Mapping[str, Any] | None, int]:
    """What the longest spelling at `start` means, and where it ends."""
    if known.longer is None:
        return known.meanings, end
    place = end + (folded[end : end + 1] in _BLANKS)
    ahead = folded[place : place + 2]
    if ahead in known.starts or ahead[:1] in known.starts or ahead[:1] in _BLANKS:
        longer = known.longer(folded, end)
        if longer and longer.end() > end:
            return MEANINGS.get(squeeze(folded[start : longer.end()])), longer.end()
    return known.meanings, end


def _unknown(start: int, end: int, folded: str, text: str) -> tuple[list[Token], int]:
    """A number, a mark, a glued pair (ASAIII), or a word that the vocabulary does not hold."""
    head = folded[start:end]
    if head[0].isdecimal():
        return _numeric(start, end, folded, text)
    if head in MARKS:
        return _ended(_mark(head, start, end, folded, text), end)
    if head[0] in _NUMERALS:
        numeral = _numeral.match(folded, start)
        known = numeral is not None and folded[start - 1 : start] != "第"
        return _ended(_quantity(start, numeral.end(), folded, text) if numeral and known else [], end)
    if pair := GLUED.get(head):
        middle = start + len(pair)
        return [
            Token(start, middle, gap=False, meanings=MEANINGS[pair]),
            Token(middle, end, gap=False, meanings=MEANINGS[folded[middle:end]]),
        ], end
    tail = _tail.match(folded, end) if head.isascii() else None
    return [], tail.end() if tail else end


def _numeric(start: int, end: int, folded: str, text: str) -> tuple[list[Token], int]:
    skipped = _skipped.match(folded, start)
    if skipped:
        return [], skipped.end()
    found = _number.match(folded, start)
    stop = found.end() if found else end
    begin = (
        start - 1
        if folded[start - 1 : start] == "." and not folded[start - 2 : start - 1].isdigit() and _after_sign(folded, start)
        else start
    )
    return _ended(_quantity(begin, stop, folded, text), stop)


def _ended(tokens: list[Token], end: int) -> tuple[list[Token], int]:
    """The tokens with the place where reading goes on: behind the last, or `end`."""
    return tokens, max(end, tokens[-1].end) if tokens else end


def _after_sign(folded: str, start: int) -> bool:
    """Whether the point before a digit is a decimal point: < .5."""
    return start > 1 and folded[start - 2 : start - 1] in " <>=≤≥("


def _mark(mark: str, start: int, end: int, folded: str, text: str) -> list[Token]:
    near = _unit_behind if mark == ")" else _unit_inside if mark == "(" else None
    return [Token(start, end, gap=False, meanings=MARKS[mark]), *(near(end, folded, text) if near else [])]


def _unit_behind(end: int, folded: str, text: str) -> list[Token]:
    """The unit of a number whose bracket came first: 75（含）周岁, (4-10)×10⁹/L."""
    place = end + (folded[end : end + 1] == " ")
    unit = match_unit(folded, place) if _inclusion.search(folded, max(0, end - 16), end) else place
    return _unit(place, unit, text) if unit > place else []


def _unit_inside(end: int, folded: str, text: str) -> list[Token]:
    """The unit of what a bracket follows: BMI（kg/m2）."""
    unit = match_unit(folded, end)
    return _unit(end, unit, text) if unit > end and folded[unit : unit + 1] == ")" else []


def _unit(start: int, end: int, text: str) -> list[Token]:
    measure = measure_of(text[start:end])
    return [Token(start, end, gap=False, meanings={"unit": measure, "text": text[start:end]})] if measure and measure.ucum else []


def _single(lone: re.Match[str], text: str) -> list[Token]:
    """`past year` names one year without a number."""
    start, end = lone.span(1)
    unit = {"unit": measure_of(text[start:end]), "text": text[start:end]}
    return [Token(start, start, gap=False, meanings={"num": 1, "digits": False}), Token(start, end, gap=False, meanings=unit)]


def _quantity(start: int, end: int, folded: str, text: str) -> list[Token]:
    """A number and, right behind it, its unit."""
    plus = _plus.match(folded, end)
    twice = _twice.match(folded, end)
    after = plus or _between.match(folded, twice.end() if twice else end)
    place = after.end() if after else end
    unit = match_unit(folded, place)
    measure = _measure(text[place:unit], plus=plus is not None, dashed="-" in folded[end:place]) if unit > place else None
    raised = _raised.fullmatch(text, start, end)
    number = int(raised[1]) ** int(fold(raised[2])) if raised else _value(folded[start:end], measure)
    if number is None or (measure is None and _code.match(folded, end)):
        return []
    said = {"num": number, "digits": folded[start] in "0123456789."}
    if measure is None:
        return [Token(start, end, gap=False, meanings=said)]
    first = Token(start, twice.end() if twice else end, gap=False, meanings=said)
    return _measured(first, place, unit, measure, (folded, text, plus is not None))


def _measure(written: str, *, plus: bool, dashed: bool) -> Measure | None:
    """What the unit means; only years follow a plus sign (18+ years), only times and pack years a hyphen (6-month)."""
    measure = measure_of(written)
    if measure and ((plus and measure.word != "YEAR") or (dashed and not measure.word and measure.dimension != "exposure")):
        return None
    return measure


def _measured(first: Token, place: int, end: int, measure: Measure, around: tuple[str, str, bool]) -> list[Token]:
    """The number's token and the unit's; `一年半` is one and a half, `18+ years` has its suffix behind the unit."""
    folded, text, plus = around
    stop = end
    if measure.word and (half := _half.match(folded, stop)):
        first = first._replace(meanings={**first.meanings, "num": first.meanings["num"] + 0.5})
        stop = half.end()
    tokens = [first, Token(place, stop, gap=False, meanings={"unit": measure, "text": text[place:end]})]
    return [*tokens, Token(stop, stop, gap=False, meanings=MARKS["+"])] if plus else tokens


def _value(written: str, measure: Measure | None) -> int | float | None:
    if len(written) > _LONGEST:
        return None
    if written.isdecimal():
        return int(written)
    if "个半" in written:
        return parse_number(written[:-2]) + 0.5
    if "," in written and len(written.rpartition(",")[2]) < 3:
        written = written.replace(",", ".")
    try:
        return read_number(written if written[0] != "." else "0" + written, measure)
    except ValueError:
        return None
