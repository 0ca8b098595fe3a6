"""Alternatives of the patterns of this room, from `tables/phrases.tsv`, where each kind is told."""

from __future__ import annotations

from extractor.tables import read_table


def alternatives(kind: str) -> str:
    """The alternatives of a kind, joined for a pattern.

    >>> alternatives("side_both").count("|exclusion")
    1
    """
    rows = read_table("extractor.criteria.outline", "phrases")
    bars = "|".join(words for row, words in rows if row == "bars")
    return "|".join(words.replace("{bars}", bars) for row, words in rows if row == kind)
