"""Which part of a line a denial ("no history of", 无) or a carve-out ("other than", 除…外) speaks of.

The cues are those of the constraint grammar, in both languages: its tokens, and its carve-outs. How far they reach
over mentions was tried on Chia: an English denial covers two content words behind it, a carve-out five, and both end
with the clause. In Chinese a cue covers the rest of its clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from extractor.criteria.constraints.lexer import tokenise
from extractor.criteria.constraints.negation import DeniedStretch, find_exceptions
from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.vocabulary import Token
from extractor.patterns import lazy_pattern
from extractor.text import has_ideograph

_DENIAL_REACH, _CARVE_OUT_REACH = 2, 5  # content words of English
_FARTHEST = 200  # characters that a clause is followed

# Words behind a cue that denies no mention: "not limited to", "not eligible".
_DISARMING = tuple(
    r"limited only restricted eligible willing able agree\w* suitable fit sure controlled due related associated caused"
    r" normali\w+ well adequately more less later longer greater fewer earlier sooner one other".split()
)
_disarmed = lazy_pattern(rf"\s*(?:(?:{'|'.join(_DISARMING)})\b|[控知治愈缓成论法经需]|得到控)")  # 未控制, 无法
_either = lazy_pattern(r"(?:\bor|/or|或)\s*$")  # "with or without"
# Denials of an ability or a will, not of the mention: "cannot tolerate chemotherapy", 不能耐受化疗.
_UNABLE = frozenset({"cannot", "不", "不能", "不可", "不得", "不在", "不符合", "不愿", "不愿意", "不同意", "未能"})
_NO_CARVE_OUT = ("however", *(f"{verb}除" for verb in "排切清消去解根扫剔摘祛"))  # 切除, 清除: 除 is part of another word
_stop = lazy_pattern(
    r"[;:；：。\n()（）\[\]【】]|\.(?!\d)|\b(?:but|unless|except\w*|other than|although|however|who|which|if|because|due to|despite|until|while"
    r"|requiring|that)\b",
    re.IGNORECASE,
)
_chinese_stop = lazy_pattern(r"[,，;；:：。\n()（）\[\]【】]|且|但")
_outside = lazy_pattern(r"以外|之外|外(?=[的还,，;；。、)）\s]|$)")
_word = lazy_pattern(r"\S+")
# Words that an English cue reaches through without counting them: "no known history of".
_FILLERS = frozenset(
    "a an any the of history evidence known prior previous significant clinically active current signs sign or other major serious relevant"
    " clinical presence documented apparent having have has had been be taking take taken received receive receiving treated with treatment"
    " using use uses to in allergy concurrent concomitant underlying severe uncontrolled evident women diagnosis".split()
)


class Scope(NamedTuple):
    """Characters `start` to `end` that a cue speaks of: a carve-out or a denial."""

    start: int
    end: int
    carve_out: bool


def find_scopes(text: str) -> list[Scope]:
    """The scopes of a line: denials, then carve-outs.

    >>> find_scopes("no history of stroke")
    [Scope(start=2, end=20, carve_out=False)]
    """
    tokens = tokenise(text)
    return [*_denials(text, tokens), *_carve_outs(text, tokens)]


def _denials(text: str, tokens: list[Token]) -> Iterator[Scope]:
    for token in tokens:
        if "negation" in token.meanings and _denies(text, token):
            chinese = has_ideograph(text[token.start : token.end])
            yield Scope(token.end, _clause_end(text, token.end) if chinese else _reach(text, token.end, _DENIAL_REACH), carve_out=False)


def _denies(text: str, token: Token) -> bool:
    if text[token.start : token.end].lower() in _UNABLE or _disarmed.match(text, token.end):
        return False
    return _either.search(text[max(0, token.start - 8) : token.start]) is None


def _carve_outs(text: str, tokens: list[Token]) -> Iterator[Scope]:
    statement = Statement(text, tokens)
    for stretch in find_exceptions(statement):
        start, end = _characters(statement, stretch)
        cue = text[max(0, start - 8) : start].lower()
        if not cue.endswith(_NO_CARVE_OUT):
            yield Scope(start, min(end, _carved(text, cue, start, end)), carve_out=True)


def _characters(statement: Statement, stretch: DeniedStretch) -> tuple[int, int]:
    """From the cue, or the clause's start, to what ends the stretch."""
    start = statement.tokens[stretch.first - 1].end if stretch.first else 0
    return start, statement.tokens[stretch.after].start if stretch.after < statement.size else len(statement.text)


def _carved(text: str, cue: str, start: int, end: int) -> int:
    """Where a carve-out that runs to `end` stops taking mentions: after a few English words, or where 除… closes with 外."""
    if cue[-1:].isascii() and cue[-1:].isalpha():
        return _reach(text, start, _CARVE_OUT_REACH)
    closing = _outside.search(text, start, end) if cue.endswith(("除", "除了")) else None
    return closing.start() if closing else end


def _reach(text: str, start: int, most: int) -> int:
    """Where `most` content words behind `start` end, or the clause."""
    stop = _stop.search(text, start + 1, start + _FARTHEST)
    end = stop.start() if stop else min(len(text), start + _FARTHEST)
    content = (word for word in _word.finditer(text, start, end) if word.group().lower().strip(",") not in _FILLERS)
    beyond = next((word for number, word in enumerate(content) if number == most), None)
    return beyond.start() if beyond else end


def _clause_end(text: str, start: int) -> int:
    stop = _chinese_stop.search(text, start, start + _FARTHEST)
    return stop.start() if stop else min(len(text), start + _FARTHEST)
