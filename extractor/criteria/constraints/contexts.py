"""Words around a limit that tell what it speaks of: whom it concerns, what is done to them, what kind of thing is named.

A rule asks a `Statement` whether words of one category stand at a place; the words are rows of tables/contexts.tsv.
A question is asked a hundred times for one that finds something, so words are looked up by the run of letters or digits, or the
other character, that they begin with: a pattern is made, and tried, only where a text shows such a run.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from extractor.normalise.folding import fold
from extractor.normalise.vocabulary import trie_pattern, word_edge
from extractor.patterns import lazy_pattern
from extractor.tables import read_table

_run = lazy_pattern(r"[a-z]+|\d+|[^\sa-z\d]")
_marks = lazy_pattern(r"[\s,.。;:()/\-、*•·\"”?]*")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_OPENING = " \t\n\r\x0b\x0c\u00a0\u3000("
"""What may stand between words and the place that they lead to: white space and an opening bracket."""


class ContextWords(NamedTuple):
    """Words that stand somewhere in a text: where they begin and end."""

    start: int
    end: int


class ContextVocabulary:
    """The words of some categories."""

    def __init__(self, words: list[str]) -> None:
        """Sort the words by the run they begin with; `tails` holds the last letters or character of each."""
        self._waiting: dict[str, list[str]] = {}
        for word in words:
            self._waiting.setdefault(_head(word), []).append(word)
        self.heads = frozenset(self._waiting)
        self.tails = frozenset(_tail(word) for word in words)
        self._patterns: dict[str, re.Pattern[str]] = {}

    def match(self, folded: str, position: int, end: int) -> int:
        """The end of the longest words that begin at a place and end before `end`; 0 where there are none."""
        run = _run.match(folded, position, end)
        if run is None or run.group() not in self.heads:
            return 0
        found = self._pattern(run.group()).match(folded, position, end)
        return found.end() if found else 0

    def search(self, folded: str, start: int, end: int) -> ContextWords | None:
        """The first words between two places."""
        heads = self.heads
        for run in _run.finditer(folded, start, end):
            if run.group() in heads and (found := self._pattern(run.group()).match(folded, run.start(), end)):
                return ContextWords(*found.span())
        return None

    def search_last(self, folded: str, start: int, position: int) -> int:
        """Where the words begin that end at a place, with nothing between but white space and an opening bracket; -1 for nowhere.

        Of several words that end there the first counts, as long as it begins behind `start`.
        """
        core = len(folded[:position].rstrip(_OPENING))
        if core <= start or _tail(folded[start:core]) not in self.tails:
            return -1
        for run in _run.finditer(folded, start, core):
            if run.group() in self.heads and self._pattern(run.group()).fullmatch(folded, run.start(), core):
                return run.start()
        return -1

    def covers(self, folded: str, start: int, end: int) -> bool:
        """Whether nothing but such words and marks stands between two places."""
        at = _marks.match(folded, start, end).end()  # type: ignore[union-attr]  # it may match nothing
        while at < end:
            behind = self.match(folded, at, end)
            if not behind:
                return False
            at = _marks.match(folded, behind, end).end()  # type: ignore[union-attr]
        return True

    def _pattern(self, head: str) -> re.Pattern[str]:
        """The pattern of all words with one beginning: those in Latin letters do not begin inside another word."""
        made = self._patterns.get(head)
        if made is None:
            edge = r"(?<![a-z\d])" if head[0] in _LETTERS else ""
            made = self._patterns[head] = re.compile(edge + trie_pattern(self._waiting[head], edge=word_edge))
        return made


def split_runs(folded: str) -> frozenset[str]:
    """What words of a text can begin with: its runs of letters or digits, and its other characters.

    >>> sorted(split_runs("for 2 天"))
    ['2', 'for', '天']
    """
    return frozenset(_run.findall(folded))


def _head(word: str) -> str:
    found = _run.match(word)
    return found.group() if found else word[:1]


def _tail(text: str) -> str:
    """The run of letters that a text ends with, or its last character."""
    letters = text[len(text.rstrip(_LETTERS)) :]
    return letters or text[-1:]


@cache
def _rows() -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for category, spellings in read_table("extractor.criteria.constraints", "contexts"):
        rows.setdefault(category, []).extend(fold(spelling) for spelling in spellings.split("|"))
    return rows


@cache
def words_of(category: str) -> frozenset[str]:
    """All words of one category, folded."""
    return frozenset(_rows()[category])


@cache
def read_context(categories: str) -> ContextVocabulary:
    """The words of some categories, divided by blanks."""
    return ContextVocabulary([word for category in categories.split() for word in _rows()[category]])
