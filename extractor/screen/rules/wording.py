"""Words that change nothing where they stand, by a table; what is left of a text without them."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from extractor.normalise.folding import fold
from extractor.patterns import lazy_pattern
from extractor.screen.patient.names import HERE
from extractor.tables import read_table

_word = lazy_pattern(r"[a-z][a-z\-']*|\d+(?:\.\d+)?|[\u3400-\u9fff]+|[≥≤<>=%±]")


class Words(NamedTuple):
    """Words of one kind in both languages: English as they stand, Chinese as a pattern that takes the longest."""

    english: frozenset[str]
    chinese: re.Pattern[str]


@cache
def words_of(uses: tuple[str, ...], table: str = "neutral") -> Words:
    """The words of some kinds in a table of words."""
    rows = [row for row in read_table(HERE, table) if row[0] in uses]
    chinese = sorted({word for row in rows for word in row[2].split("|") if word}, key=len, reverse=True)
    return Words(frozenset(word for row in rows for word in row[1].split("|")), re.compile("|".join(map(re.escape, chinese))))


def left_over(text: str, *uses: str, table: str = "neutral") -> list[str]:
    """The words of a text that are of none of the kinds, numbers and comparators among them.

    >>> left_over("Patients must have diabetes", "limit"), left_over("患者要求", "limit")
    (['diabetes'], [])
    """
    words = words_of(uses, table)
    return [word for word in _word.findall(words.chinese.sub(" ", fold(text))) if word not in words.english]


def holds(text: str, use: str) -> bool:
    """Whether a text holds a word of a kind.

    >>> holds("history of asthma", "ever"), holds("既往哮喘", "ever"), holds("asthma", "ever")
    (True, True, False)
    """
    words = words_of((use,))
    folded = fold(text)
    return words.chinese.search(folded) is not None or not words.english.isdisjoint(_word.findall(folded))
