"""Denials and carve-outs with the stretch of text they reach.

denial    := negation … limit, within one clause                未使用; no history of … within 6 months
exception := (除 | unless | except …) … end of clause | … (除外 | 可入组) back to its start
"""

from __future__ import annotations

import re
from typing import NamedTuple

from extractor.criteria.constraints.candidates import Candidate
from extractor.criteria.constraints.statement import Statement

_clause_end = re.compile(r"[;；。\n]|[)）]")
_clause_start = re.compile(r"[;；。\n(（,，]")
_BEHIND = frozenset(
    {
        "除外",
        "例外",
        "可入组",
        "可以入组",
        "可纳入",
        "可允许",
        "允许",
        "可以纳入",
        "可接受",
        "可被纳入",
        "不受限制",
        "不受此限",
        "无需排除",
        "不在此限",
        "可参加",
        "可入选",
    }
)


_NARROW = frozenset({"other than", "apart from", "aside from"})


_REACH = 200
"""How many characters before 除外 its clause may begin."""


class Scopes(NamedTuple):
    """Stretches of text under an exception."""

    exceptions: tuple[tuple[int, int], ...]

    def excepts(self, start: int, end: int) -> bool:
        """Whether the text from `start` to `end` lies in a carve-out."""
        return any(low <= start and end <= high for low, high in self.exceptions)


def denies(statement: Statement, candidate: Candidate) -> bool:
    """Whether the clause denies what the candidate says: a denial right before it or, for windows, behind it."""
    if "negation" not in statement.kinds:
        return False
    if candidate.kind == "WINDOW" or (candidate.window and not candidate.limit):
        return _denied_behind(statement, candidate.after) or _denied_before(statement, candidate.first)
    first = candidate.first
    begin = min((named.start for named in candidate.subjects), default=statement.tokens[first].start)
    while first > 0 and statement.tokens[first - 1].start >= begin:
        first -= 1
    within = any(statement.get(at, "negation") and not statement.get(at, "cmp") for at in range(first, candidate.first))
    return within or _denied_before(statement, first, reach=2)


def find_scopes(statement: Statement) -> Scopes:
    """The exceptions of a statement."""
    if "exception" not in statement.kinds:
        return Scopes(())
    return Scopes(tuple(_stretch(statement, index) for index in range(len(statement.tokens)) if statement.get(index, "exception")))


def _stretch(statement: Statement, index: int) -> tuple[int, int]:
    """From the word to the end of its clause, or back to the clause's start for 除外 and 可入组."""
    token = statement.tokens[index]
    word = statement.text[token.start : token.end]
    if word in _BEHIND and not (
        word == "除外" and statement.text[token.end : token.end + 1] not in ("", "。", "；", ";", ",", "，", ")", "）", "、", " ")
    ):
        low = max(0, token.start - _REACH)
        starts = [found.end() for found in _clause_start.finditer(statement.text, low, token.start)]
        return (starts[-1] if starts else low), token.end
    if word.lower() in _NARROW:
        return token.end, token.end + 30
    found = _clause_end.search(statement.text, token.end)
    return token.end, found.start() if found else len(statement.text)


def _denied_behind(statement: Statement, index: int) -> bool:
    """未 within the words that follow a window, before the clause ends or another limit begins."""
    for at in range(index, min(index + 4, len(statement.tokens))):
        if statement.mark(at) in (",", ";", "。", ".", "(", ")", "\n") or statement.get(at, "num") is not None:
            return False
        if statement.get(at, "negation"):
            return statement.tokens[at].start - statement.tokens[index - 1].end <= 24
    return False


def _denied_before(statement: Statement, index: int, reach: int = 5) -> bool:
    """A denial in the words before, in the same clause."""
    for at in range(index - 1, max(-1, index - 1 - reach), -1):
        if statement.mark(at) in (",", ";", "。", ".", "\n", "(") or statement.get(at, "num") is not None:
            return False
        if statement.get(at, "negation"):
            return True
    return False
