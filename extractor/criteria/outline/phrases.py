"""Alternatives of the patterns of this room, from `tables/phrases.tsv`, where each kind is told."""

from __future__ import annotations

from extractor.tables import read_table


def alternatives(kind: str) -> str:
    """The alternatives of a kind, joined for a pattern.

    >>> alternatives("side_both").count("|exclusion")
    1
    """
    return "|".join(words for row, words in read_table("extractor.criteria.outline", "phrases") if row == kind)
