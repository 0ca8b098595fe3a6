"""The tokens of criteria text and the vocabulary they are looked up in.

One spelling may mean several things ("治疗" is a treatment and an anchor): a token carries all its meanings, and the
grammar asks for the one that fits the place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from extractor.normalise.folding import fold
from extractor.normalise.numbers import WORDS
from extractor.normalise.vocabulary import rows, squeeze


class Token(NamedTuple):
    """A run of the text with what it may mean: kind -> value. `gap`: unknown words stand between it and the token before."""

    start: int
    end: int
    gap: bool
    meanings: Mapping[str, Any]


class Sign(NamedTuple):
    """A comparator: which end of a range it sets and whether the number itself belongs."""

    end: str
    inclusive: bool


class Subject(NamedTuple):
    """A row of tables/variables.tsv."""

    name: str
    kind: str
    dimensions: frozenset[str]
    loinc: str


SIGNS = {
    ">=": Sign("low", inclusive=True),
    ">": Sign("low", inclusive=False),
    "<=": Sign("high", inclusive=True),
    "<": Sign("high", inclusive=False),
    "=": Sign("both", inclusive=True),
}


def _entries() -> Iterator[tuple[str, str, Any]]:
    """(spelling, kind, value) of every table that the lexer knows."""
    for language, place, sign, spellings in rows("comparators"):
        for spelling in spellings.split("|"):
            yield spelling, "cmp" if place == "before" else "suffix", SIGNS[sign]
            if language == "en" and place == "before":
                yield from _joined(spelling, SIGNS[sign])
    for anchor, spellings in rows("anchors"):
        for spelling in spellings.split("|"):
            yield spelling, "anchor", anchor
    for kind, value, spellings in rows("cues"):
        for spelling in spellings.split("|"):
            yield spelling, kind, value
    for name, kind, dimension, loinc, chinese, english in rows("variables"):
        subject = Subject(name, kind, frozenset(filter(None, dimension.split("|"))), loinc)
        for spelling in f"{chinese}|{english}".split("|"):
            yield spelling, "var", subject
    for word, value in WORDS.items():
        if word.isascii():
            yield word, "num", value


def _joined(spelling: str, sign: Sign) -> Iterator[tuple[str, str, Any]]:
    """`or less than 2` begins a limit, where `or less` alone would end one."""
    for word in ("or", "and", "but"):
        yield f"{word} {spelling}", "cmp", sign
        yield f"{word} {spelling}", "or" if word == "or" else "and", word


def _lexicon() -> tuple[dict[str, dict[str, Any]], set[str]]:
    """Meanings by squeezed spelling, and the spellings as the trie wants them."""
    meanings: dict[str, dict[str, Any]] = {}
    spellings = set()
    for spelling, kind, value in _entries():
        folded = fold(spelling).strip() or spelling
        if folded:
            spellings.add(folded)
            meanings.setdefault(squeeze(folded), {}).setdefault(kind, value)
    return meanings, spellings


MEANINGS, SPELLINGS = _lexicon()
