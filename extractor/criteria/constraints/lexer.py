"""Criteria text to typed tokens in one pass.

A plain pattern cuts words, digits and single signs; the head of each is looked up, and only a head that begins a longer
spelling tries the pattern of its continuations. Numbers are read with the unit behind them; words outside the vocabulary
only leave a gap. Nothing is tried twice at one place and no pattern can backtrack over another: time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from extractor.criteria.constraints.figures import NUMERALS, FigurePlace, read_figure
from extractor.criteria.constraints.vocabulary import GLUED, HEADS, MARKS, MEANINGS, SMALL, UNMADE, Head, Token, make_head
from extractor.normalise.folding import fold
from extractor.normalise.quantities import match_unit, measure_of
from extractor.normalise.vocabulary import squeeze
from extractor.patterns import lazy_pattern

_SIGNS = "".join(re.escape(head) for head in sorted({*HEADS, *MARKS, *NUMERALS}) if not (head.isascii() and head.isalnum()))
_scan = lazy_pattern(rf"\s?([a-z]+|\d+|[{_SIGNS}])(?:(?<=[a-z])(?=[-\d'’])())?")
_tail = lazy_pattern(r"(?:['’][a-z]+|-?\d+[a-z\d]*)*")
_inclusion = lazy_pattern(r"\((?:不?含|不?包含|不?包括)[^()]{0,8}\)$|\((?:inclusive|exclusive)\)$|\([\d.\s~\-至到]{3,14}\)$")
_marker = lazy_pattern(r"\s*\d{1,2}\.(?=\d+\s?(?:个月|月|天|日|周|小时|级|岁)|\d{2,}\s?年|\s\d{2}\s?(?:years|岁|周岁|to|-|~|至)[^a-z.])")
_lone = lazy_pattern(r"\s(year|month|week)(?![a-z])")
_article = lazy_pattern(
    r"\san?\s(year|month|week|day|hour)(?![a-z])|\sthe\s(year|month|week|day)(?=\s(?:before|prior|preceding|previous|leading))"
)
_points = lazy_pattern(r"\d{1,2}(?![\d.])")
_PLURAL = frozenset({"num", "past", "within", "for", "cmp", "roman", "letter", "none"})
"""Meanings that may make more than one token, or none."""
_ARTICLED = frozenset({"cmp", "within", "for"})
"""Meanings behind which an article stands for one: within a week."""
_CODED = frozenset({"roman", "letter"})
"""Meanings that a digit behind makes part of a code: V0, B12."""
_numbered_name = lazy_pattern(r"(?<=[a-z])-\d{1,2}(?![\d.%a-z]|\s?[-~至到/])")
"""The number at the end of a scale's name: GDS-15, HDS-17."""
_BLANKS = frozenset(" -\n")
_NEAR = 6
"""How many tokens back the variable may stand that explains a composed value (Gleason 3+4, Child-Pugh B7)."""


class _Source(Struct, frozen=True, gc=False):
    """A text, its folded form and the tokens read from it so far."""

    text: str
    folded: str
    tokens: list[Token]

    @property
    def variable(self) -> str:
        """The name of the variable that was named last."""
        return next((token.meanings["var"].name for token in self.tokens[: -_NEAR - 1 : -1] if "var" in token.meanings), "")


def tokenise(text: str, folded: str = "") -> list[Token]:
    """The tokens of `text` in order, with offsets into it; `folded` is the text as `fold` makes it, where that is known.

    >>> [next(iter(token.meanings)) for token in tokenise("PLT ≥ 100×10^9/L")]
    ['var', 'cmp', 'num', 'unit']
    """
    return _read(_Source(text, folded or fold(text), []))


def _read(source: _Source) -> list[Token]:
    folded, tokens = source.folded, source.tokens
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
            end = _past_number(meanings, folded, end)
            tokens.append(Token(start, end, gap, meanings))
            position, gap = end, False
            continue
        fresh, position = _tokens(meanings, start, end, source)
        tokens += _behind_gap(fresh) if gap else fresh
        gap = not fresh
    return tokens


def _behind_gap(fresh: list[Token]) -> list[Token]:
    """Tokens of which the first, where there is one, stands behind unknown words."""
    return [Token(token.start, token.end, gap=True, meanings=token.meanings) for token in fresh[:1]] + fresh[1:]


def _past_number(meanings: Mapping[str, Any], folded: str, end: int) -> int:
    """Where a name ends with the number that a dash glues to it: GDS-15."""
    if folded[end : end + 1] != "-" or "var" not in meanings:
        return end
    numbered = _numbered_name.match(folded, end)
    return numbered.end() if numbered else end


def _behind_marker(folded: str) -> int:
    """Where the text begins behind a list number that is glued to its first quantity: `5.6个月内` is item 5."""
    marker = _marker.match(folded)
    return marker.end() if marker else 0


def _tokens(meanings: Mapping[str, Any] | None, start: int, end: int, source: _Source) -> tuple[list[Token], int]:
    """The tokens that begin at `start` (none for unknown words) and where reading goes on."""
    if not meanings:
        return _unknown(start, end, source)
    if "none" in meanings:
        return [], end
    if "num" in meanings:
        return read_figure(FigurePlace(source.text, source.folded, start, end, source.variable))
    if not _CODED.isdisjoint(meanings) and source.folded[end : end + 1].isdigit():
        return _coded(meanings, start, end, source)
    token = Token(start, end, gap=False, meanings=meanings)
    alone = _lone if "past" in meanings else None if _ARTICLED.isdisjoint(meanings) else _article
    if alone and (lone := alone.match(source.folded, end)):
        return [token, *_single(lone, source.text)], lone.end()
    return [token], end


def _meanings(known: Head, start: int, end: int, folded: str) -> tuple[Mapping[str, Any] | None, int]:
    """What the longest spelling at `start` means, and where it ends."""
    if known is UNMADE:
        known = make_head(folded[start:end])
    if known.longer is None:
        return known.meanings, end
    place = end + (folded[end : end + 1] in _BLANKS)
    ahead = folded[place : place + 2]
    if ahead in known.starts or ahead[:1] in known.starts or ahead[:1] in _BLANKS:
        longer = known.longer(folded, end)
        if longer and longer.end() > end:
            return MEANINGS.get(squeeze(folded[start : longer.end()])), longer.end()
    return known.meanings, end


def _unknown(start: int, end: int, source: _Source) -> tuple[list[Token], int]:
    """A number, a mark, a glued pair (ASAIII), or a word that the vocabulary does not hold."""
    folded = source.folded
    head = folded[start:end]
    if head[0].isdecimal() or head[0] in NUMERALS:
        return read_figure(FigurePlace(source.text, folded, start, end, source.variable))
    if head in MARKS:
        tokens = _mark(head, start, end, source)
        return tokens, max(end, tokens[-1].end)
    if pair := GLUED.get(head):
        middle = start + len(pair)
        return [
            Token(start, middle, gap=False, meanings=MEANINGS[pair]),
            Token(middle, end, gap=False, meanings=MEANINGS[folded[middle:end]]),
        ], end
    tail = _tail.match(folded, end) if head.isascii() else None
    return [], tail.end() if tail else end


def _coded(meanings: Mapping[str, Any], start: int, end: int, source: _Source) -> tuple[list[Token], int]:
    """A letter with a digit behind is a code and says nothing, but in Child-Pugh B7 it is the class with its points."""
    points = _points.match(source.folded, end)
    if "letter" in meanings and points and source.variable == "child_pugh":
        graded = {"letter": meanings["letter"] + points.group()}
        return [Token(start, points.end(), gap=False, meanings=graded)], points.end()
    tail = _tail.match(source.folded, end)
    return [], tail.end() if tail else end


def _mark(mark: str, start: int, end: int, source: _Source) -> list[Token]:
    near = _unit_behind if mark == ")" else _unit_inside if mark == "(" else None
    return [Token(start, end, gap=False, meanings=MARKS[mark]), *(near(end, source) if near else [])]


def _unit_behind(end: int, source: _Source) -> list[Token]:
    """The unit of a number whose bracket came first: 75（含）周岁, (4-10)×10⁹/L."""
    if not _inclusion.search(source.folded, max(0, end - 16), end):
        return []
    place = end + (source.folded[end : end + 1] == " ")
    return _unit(place, match_unit(source.folded, place), source.text)


def _unit_inside(end: int, source: _Source) -> list[Token]:
    """The unit of what a bracket follows: BMI（kg/m2）."""
    behind = match_unit(source.folded, end)
    return _unit(end, behind, source.text) if source.folded[behind : behind + 1] == ")" else []


def _unit(start: int, end: int, text: str) -> list[Token]:
    measure = measure_of(text[start:end]) if end > start else None
    return [Token(start, end, gap=False, meanings={"unit": measure, "text": text[start:end]})] if measure and measure.ucum else []


def _single(lone: re.Match[str], text: str) -> list[Token]:
    """`past year`, `within a week` name one of the unit without a number."""
    start, end = lone.span(lone.lastindex or 1)
    unit = {"unit": measure_of(text[start:end]), "text": text[start:end]}
    return [Token(start, start, gap=False, meanings={"num": 1, "digits": False}), Token(start, end, gap=False, meanings=unit)]
