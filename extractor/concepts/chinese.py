"""Chinese mentions without a trained model: names by their endings, cut to the left by words that no name holds.

A name ends in one of the endings of tables/zh_heads.tsv (…病, …炎, …单抗, …切除术) and reaches left over Chinese
characters, Latin letters and digits to the nearest boundary word (tables/zh_boundaries.tsv) or sign; the words of
tables/zh_kept.tsv hold such a word without being cut. Made for precision: what has no known ending is not found.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from extractor.concepts.mention import KINDS, Kind, Region
from extractor.patterns import lazy_pattern
from extractor.tables import read_table

_LONGEST = 14  # characters of a name
_run = lazy_pattern(r"[A-Za-z0-9\u4e00-\u9fffαβγκ+\-]+")


class Ending(NamedTuple):
    """One ending: the kind it makes, how far left it reaches (see the head of the table), the characters that may not follow it."""

    kind: Kind
    reach: str
    not_before: str


@cache
def heads() -> dict[str, Ending]:
    """The endings of tables/zh_heads.tsv."""
    kinds = {str(kind): kind for kind in KINDS}
    return {word: Ending(kinds[kind], reach, not_before) for word, kind, reach, not_before in read_table("extractor.concepts", "zh_heads")}


@cache
def _head_pattern() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _longest_first(heads()))))


@cache
def _boundary_pattern() -> re.Pattern[str]:
    kept = _longest_first(row[0] for row in read_table("extractor.concepts", "zh_kept"))
    cuts = _longest_first(row[0] for row in read_table("extractor.concepts", "zh_boundaries"))
    return re.compile(f"(?:{'|'.join(kept)})|(?P<cut>{'|'.join(cuts)})")


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


def find_regions(text: str) -> list[Region]:
    """The mentions of a Chinese text, in order, none inside another.

    >>> [text_region[:2] for text_region in find_regions("既往有严重的类风湿性关节炎")]
    [(6, 13)]
    """
    found = [region for run in _run.finditer(text) for region in _of_run(run.group(), run.start())]
    return [region for at, region in enumerate(found) if not any(_holds(other, region) for other in found[at + 1 : at + 4])]


def _of_run(run: str, offset: int) -> Iterator[Region]:
    cuts = [match.end() for match in _boundary_pattern().finditer(run) if match.group("cut")]
    for match in _head_pattern().finditer(run):
        head = heads()[match.group()]
        before = bisect_right(cuts, match.start())
        start = match.start() if head.reach == "alone" else cuts[before - 1] if before else 0
        if _is_name(run, start, match, head):
            yield Region(offset + start, offset + match.end(), head.kind)


def _is_name(run: str, start: int, match: re.Match[str], head: Ending) -> bool:
    follows = run[match.end() : match.end() + 1]
    if match.end() - start > _LONGEST or (follows and follows in head.not_before):
        return False
    return head.reach in ("any", "alone") or (head.reach == "more" and start < match.start())


def _holds(outer: Region, inner: Region) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
