"""The tokens of one text with the questions that the rules ask of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extractor.criteria.constraints.vocabulary import Token

_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d\u207b"
_BEYOND: list[Mapping[str, Any]] = [{}] * 32


class Statement:
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
        """What token `index` means as `kind`; None where it means nothing of that kind or the statement has ended."""
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
        return "to" in self.meanings[index] and self.text[self.tokens[index].start] in _DASHES

    def times(self, index: int) -> bool:
        """Whether token `index` multiplies: x, times, 倍, or a question mark where × was lost."""
        return "times" in self.meanings[index] or self.mark(index) == "?"

    def closing(self, index: int) -> int:
        """The index behind the bracket that opens at `index`; `index` itself where it stays open within 14 tokens."""
        for at in range(index + 1, min(index + 15, len(self.tokens))):
            if self.mark(at) == ")":
                return at + 1
        return index
