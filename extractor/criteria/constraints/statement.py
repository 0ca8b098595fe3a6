"""The tokens of one text with the questions that the rules ask of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

from extractor.criteria.constraints.contexts import ContextWords, read_context, split_runs
from extractor.criteria.constraints.vocabulary import Token
from extractor.normalise.folding import fold
from extractor.text import has_ideograph

_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d\u207b"
_BEYOND: list[Mapping[str, Any]] = [{}] * 32


class Statement:
    """The tokens of one text with questions that the rules ask.

    `meanings` goes on with empty ones: an index a little before the first or behind the last token means nothing.
    """

    __slots__ = ("_ends", "_runs", "folded", "kinds", "meanings", "size", "text", "tokens")

    def __init__(self, text: str, tokens: list[Token], folded: str = "") -> None:
        """Take the tokens of a text; `folded` is the text as `fold` makes it, where that is known."""
        self.text = text
        self.folded = folded or fold(text)
        """The text in lower case and narrow signs, at the same offsets."""
        self._runs: frozenset[str] = frozenset()
        self._ends: list[int] = []
        self.tokens = tokens
        self.size = len(tokens)
        said = [token.meanings for token in tokens]
        self.kinds: set[str] = set().union(*said)
        self.meanings: list[Mapping[str, Any]] = said + _BEYOND

    @property
    def runs(self) -> frozenset[str]:
        """The runs of letters or digits and the other characters of the folded text."""
        self._runs = self._runs or split_runs(self.folded)
        return self._runs

    def get(self, index: int, kind: str) -> Any:
        """What token `index` means as `kind`; None where it means nothing of that kind or the statement has ended."""
        return self.meanings[index].get(kind)

    def close(self, index: int) -> bool:
        """Whether no unknown word stands between token `index` and the one before."""
        return 0 < index < self.size and not self.tokens[index].gap

    def skip(self, index: int, kind: str = "soft", most: int = 3) -> int:
        """The next index from `index` on that is not of `kind`."""
        while most and (meanings := self.meanings[index]).get(kind) is not None and not meanings.get("reference"):
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
        return "to" in self.meanings[index] and self.text[self.tokens[index].start] in _DASHES

    def is_sign(self, index: int) -> bool:
        """Whether token `index` is a comparator written as a sign or in Chinese, no English word."""
        if "cmp" not in self.meanings[index]:
            return False
        first = self.text[self.tokens[index].start]
        return not (first.isascii() and first.isalpha())

    def times(self, index: int) -> bool:
        """Whether token `index` multiplies: x, times, 倍, or a question mark where × was lost."""
        return "times" in self.meanings[index] or self.mark(index) == "?"

    def closing(self, index: int) -> int:
        """The index behind the bracket that opens at `index`; `index` itself where it stays open within 14 tokens."""
        for at in range(index + 1, min(index + 15, len(self.tokens))):
            if self.mark(at) == ")":
                return at + 1
        return index

    def opening(self, index: int) -> int:
        """The index of the bracket that the one at `index` closes; `index` itself for any other token, and where none opens it."""
        if self.meanings[index].get("mark") != ")":
            return index
        depth = 0
        for at in range(index, max(-1, index - 40), -1):
            depth += (self.mark(at) == ")") - (self.mark(at) == "(")
            if not depth:
                return at
        return index

    def ends_sentence(self, index: int) -> bool:
        """Whether the mark at `index` ends a sentence: a full stop before a blank and a capital letter or bracket, or a Chinese one."""
        mark = self.mark(index)
        if mark not in (".", "!", "?"):
            return mark == "。"
        end = self.tokens[index].end
        behind = self.text[end + 1 : end + 2]
        return self.text[end : end + 1].isspace() and (behind.isupper() or behind in ("(", "（", "[") or has_ideograph(behind))

    def is_chinese(self, index: int) -> bool:
        """Whether token `index` is Chinese, or a mark behind Chinese words."""
        token = self.tokens[index]
        return has_ideograph(self.text[max(0, token.start - 1) : token.end])

    def words(self, start: int, index: int) -> str:
        """The text from a place to token `index`, or to the end of the statement."""
        return self.text[start : self.tokens[index].start if index < self.size else len(self.text)]

    def token_at(self, position: int) -> int:
        """The index of the first token that ends behind a place of the text."""
        self._ends = self._ends or [token.end for token in self.tokens]
        return bisect_right(self._ends, position)

    def may_mention(self, categories: str) -> bool:
        """Whether words of some categories can stand anywhere in the text: where not, nobody needs to ask for a place."""
        return not read_context(categories).heads.isdisjoint(self.runs)

    def mentions(self, categories: str, start: int, end: int) -> ContextWords | None:
        """The first words of some categories (tables/contexts.tsv) between two places of the text."""
        context = read_context(categories)
        return None if context.heads.isdisjoint(self.runs) else context.search(self.folded, max(0, start), end)

    def leads(self, categories: str, position: int, end: int | None = None) -> int:
        """The end of words of some categories that stand right behind a place; 0 where there are none."""
        folded, end = self.folded, len(self.text) if end is None else end
        while position < end and folded[position].isspace():
            position += 1
        return read_context(categories).match(folded, position, end)

    def trails(self, categories: str, position: int, reach: int = 24) -> bool:
        """Whether words of some categories stand right before a place."""
        return read_context(categories).search_last(self.folded, max(0, position - reach), position) >= 0

    def trailing(self, categories: str, position: int, reach: int = 24) -> int:
        """Where words of some categories begin that stand right before a place; the place itself where there are none."""
        found = read_context(categories).search_last(self.folded, max(0, position - reach), position)
        return found if found >= 0 else position

    def is_only(self, categories: str, start: int, end: int) -> bool:
        """Whether nothing but words of some categories and marks stands between two places of the text."""
        return read_context(categories).covers(self.folded, start, end)

    def is_only_outside(self, categories: str, spans: Iterable[tuple[int, int]]) -> bool:
        """Whether nothing but words of some categories and marks stands outside of stretches of the text."""
        place = 0
        for start, end in sorted(spans):
            if start > place and not self.is_only(categories, place, start):
                return False
            place = max(place, end)
        return self.is_only(categories, place, len(self.text))
