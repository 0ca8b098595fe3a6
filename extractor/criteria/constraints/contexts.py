"""Words around a limit that tell what it speaks of: whom it concerns, what is done to them, what kind of thing is named.

A rule asks a `Statement` whether words of one category stand at a place; the words are rows of tables/contexts.tsv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from extractor.normalise.folding import fold
from extractor.normalise.vocabulary import trie_pattern, word_edge
from extractor.tables import read_table

Where = Literal["anywhere", "at", "before", "whole"]
"""Where the words of a category must stand."""
_FORMS: dict[Where, str] = {
    "anywhere": "{}",
    "at": r"\s*{}",
    "before": r"{}[\s(]*\Z",
    "whole": r"[\s,.。;:()/\-、*•·\"”?]*(?:{}[\s,.。;:()/\-、*•·\"”?]*)*\Z",
}


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
def context_pattern(categories: str, where: Where) -> re.Pattern[str]:
    """The pattern of all words of some categories (divided by blanks) at a place: anywhere, right at, right before, or nothing else."""
    words = [word for category in categories.split() for word in _rows()[category]]
    return re.compile(_FORMS[where].format(f"(?:{'|'.join(_sides(words))})"))


@cache
def trace_pattern(categories: str) -> re.Pattern[str]:
    """What every text has that `context_pattern` finds something in: their spellings, inside other words too."""
    return re.compile(trie_pattern(word for category in categories.split() for word in _rows()[category]))


def _sides(words: list[str]) -> Iterator[str]:
    """Words that begin with a Latin letter do not begin inside another word; Chinese ones may."""
    latin = [word for word in words if word[0].isascii() and word[0].isalpha()]
    if latin:
        yield r"(?<![a-z\d])" + trie_pattern(latin, edge=word_edge)
    if others := [word for word in words if word not in set(latin)]:
        yield trie_pattern(others, edge=word_edge)
