"""Criteria text to typed tokens: one pass of one pattern that is put together from named pieces.

Numbers are read with the unit behind them; words of the vocabulary (tables in normalise/tables) become tokens, other
words only leave a gap. Every piece is tried at most once a place and none can backtrack over another: time is linear.
"""

from __future__ import annotations

import re
from typing import Any

from extractor.criteria.tokens import MEANINGS, SPELLINGS, Token
from extractor.normalise.folding import fold
from extractor.normalise.numbers import parse_number
from extractor.normalise.quantities import UNIT, Measure, measure_of, read_number
from extractor.normalise.vocabulary import squeeze, trie_pattern


def _vocabulary(latin: bool) -> str:
    """A trie of the spellings that begin (or do not) with a Latin letter or digit; Latin ends must end a word."""
    names = [name for name in SPELLINGS if (name[0].isascii() and name[0].isalnum()) == latin]
    return trie_pattern(names, whole_words=True)


_CLASSIFIERS = "个個周年月日天岁倍次种级度项处分小时星期位例根支杯代支包条枚片名只"
PIECES = {
    "date": r"(?<!\d)(?:19|20)\d\d\s?(?:年(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?)?|[-./]\d{1,2}[-./]\d{1,2}(?!\d))",
    "version": r"(?<![\d.])\d+\.\d+\.\d+(?:\.\d+)*|(?<![\d:])\d{1,2}:\d{1,2}(?![\d:])|\d+(?:st|nd|rd|th)(?![a-z])",
    "glued": r"(?<![a-z])(?:asa|nyha)(?=(?:i{1,3}|iv|v)(?![a-z]))",
    "vocabulary": rf"(?<![a-z])(?:(?<!\d[.])|(?!\d))(?:{_vocabulary(latin=True)})",
    "number": (
        r"(?:\d+(?:\.\d+)?(?=10(?:9|12)\s?/\s?l)|\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|\d{1,3}(?: \d{3})+(?=\s?(?:/|个|cells|copies))"
        r"|\d{1,3}(?:\.000)+(?=\s?/)|\d+,\d{1,2}(?=\s?(?:×|x|mg|g/|mmol|%|cm|mm|k))|\d{2},\d\d(?![\d,])|\d+(?:\.\d+)?|(?<!\d)\.\d+)(?:\s?(?:[百千万亿](?![/个拷])|(?:million|billion|thousand)(?![a-z])))?"
    ),
    "numeral": rf"(?<!第)(?:[一二两三四五六七八九十]+个半(?=月|小时|年|周)|[一二两三四五六七八九十百千半]+(?=\s?[{_CLASSIFIERS}]))",
    "word": r"[a-z]+(?:['’][a-z]+|-?\d+[a-z\d]*)*",
    "chinese": rf"(?:{_vocabulary(latin=False)})",
    "mark": r"[.,;:()、。\n/+!?\"“”]",
}
_PATTERN = re.compile("|".join(f"(?P<{name}>{piece})" for name, piece in PIECES.items()))
_KINDS = {index: name for name, index in _PATTERN.groupindex.items()}
_MARKS: dict[str, dict[str, Any]] = {mark: {"mark": mark} for mark in '.,;:()、。\n/!?"“”'}
_MARKS["、"] = {"mark": "、", "and": "and"}
_MARKS["+"] = {"suffix": MEANINGS["+"]["suffix"]}
_twice = re.compile(r"\s?\(\s?(\d+(?:\.\d+)?|[a-z]+)\s?\)(?=\s?[a-z%])")
_between = re.compile(r"\s?(?:of\s)?(?:an?\s)?-?\s?")
_inclusion = re.compile(r"\((?:含|包含|包括|inclusive|不含)\)$|\([\d.\s~\-至到]{3,14}\)$")
_marker = re.compile(r"\s*\d{1,2}\.(?=\d+\s?(?:个月|月|天|日|周|小时|级|岁)|\d{2,}\s?年)")
_code = re.compile(r"[a-z](?!\s?uln)(?<!x)")
_plus = re.compile(r"\+\s?")
_lone = re.compile(r"\s(year|month|week)(?![a-z])")
_half = re.compile(r"半(?!数|径|衰)")


def tokenise(text: str) -> list[Token]:
    """The tokens of `text` in order, with offsets into it.

    >>> [sorted(token.meanings)[0] for token in tokenise("PLT ≥ 100×10^9/L")]
    ['var', 'cmp', 'num', 'unit']
    """
    folded = fold(text)
    tokens: list[Token] = []
    marker = _marker.match(folded)
    position, gap = marker.end() if marker else 0, False
    for found in _PATTERN.finditer(folded, position):
        start = found.start()
        if start < position:
            continue
        gap = gap or (start > position and not folded[position:start].isspace())
        kind = _KINDS[found.lastindex or 0]
        if kind in ("word", "date", "version"):
            position, gap = found.end(), True
            continue
        fresh = _read(kind, found, folded, text, gap)
        if fresh:
            tokens += fresh
            position, gap = fresh[-1].end, False
        else:
            position, gap = found.end(), True
    return tokens


def _read(kind: str, found: re.Match[str], folded: str, text: str, gap: bool) -> list[Token]:
    start, end = found.span()
    written = found.group()
    if kind == "mark":
        near = _unit_behind if written == ")" else _unit_inside if written == "(" else None
        return [Token(start, end, gap, _MARKS[written]), *(near(end, folded, text) if near else [])]
    if kind in ("number", "numeral"):
        return _quantity(start, end, gap, folded, text)
    meanings = MEANINGS.get(written) or MEANINGS.get(squeeze(written))
    if not meanings:
        return []
    if "num" in meanings:
        return _quantity(start, end, gap, folded, text)
    token = Token(start, end, gap, meanings)
    lone = _lone.match(folded, end) if "past" in meanings else None
    return [token, *_single(lone, text)] if lone else [token]


def _unit_behind(end: int, folded: str, text: str) -> list[Token]:
    """The unit of a number whose bracket came first: 75（含）周岁."""
    if not _inclusion.search(folded, max(0, end - 16), end):
        return []
    unit = UNIT.match(folded, end)
    measure = measure_of(text[end : unit.end()]) if unit else None
    return [Token(end, unit.end(), False, {"unit": measure, "text": text[end : unit.end()]})] if unit and measure else []


def _unit_inside(end: int, folded: str, text: str) -> list[Token]:
    """The unit of what a bracket follows: BMI（kg/m2）."""
    unit = UNIT.match(folded, end)
    if not unit or folded[unit.end() : unit.end() + 1] != ")":
        return []
    measure = measure_of(text[end : unit.end()])
    return [Token(end, unit.end(), False, {"unit": measure, "text": text[end : unit.end()]})] if measure and measure.ucum else []


def _single(lone: re.Match[str], text: str) -> list[Token]:
    """`past year` names one year without a number."""
    start, end = lone.span(1)
    unit = {"unit": measure_of(text[start:end]), "text": text[start:end]}
    return [Token(start, start, False, {"num": 1, "digits": False}), Token(start, end, False, unit)]


def _quantity(start: int, end: int, gap: bool, folded: str, text: str) -> list[Token]:
    """A number and, right behind it, its unit."""
    written = folded[start:end]
    digits = written[0].isdigit() or written[0] == "."
    twice = _twice.match(folded, end)
    plus = _plus.match(folded, end)
    after = plus or _between.match(folded, twice.end() if twice else end)
    place = after.end() if after else end
    unit = UNIT.match(folded, place)
    measure = measure_of(text[place : unit.end()]) if unit else None
    if unit and measure and _hyphenated(folded, end, place, measure):
        measure = None
    if plus and (measure is None or measure.word != "YEAR"):
        unit = measure = None
    try:
        number = _number(written, measure)
    except ValueError:
        return []
    if measure is None and _code.match(folded, end):
        return []
    tokens = [Token(start, twice.end() if twice and measure else end, gap, {"num": number, "digits": digits})]
    if unit and measure:
        stop = unit.end()
        if measure.word and (half := _half.match(folded, stop)):
            tokens[0] = tokens[0]._replace(meanings={"num": number + 0.5, "digits": digits})
            stop = half.end()
        tokens.append(Token(place, stop, False, {"unit": measure, "text": text[place : unit.end()]}))
        if plus:
            tokens.append(Token(stop, stop, False, _MARKS["+"]))
    return tokens


def _hyphenated(folded: str, end: int, place: int, measure: Measure) -> bool:
    """Whether the hyphen before the unit cannot belong to it: `6-month` is one, `18-kg` is none."""
    return "-" in folded[end:place] and not measure.word


def _number(written: str, measure: Measure | None) -> int | float:
    if "个半" in written:
        return parse_number(written[:-2]) + 0.5
    if "," in written and len(written.rpartition(",")[2]) < 3:
        return parse_number(written.replace(",", "."))
    return read_number(written if written[0] != "." else "0" + written, measure)
