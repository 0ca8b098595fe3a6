"""Bullets that an encoding lost: a registry's export prints a question mark for every ①, • or tick that its character set lacks.

A question mark before a number or a grade may be a lost "≥" instead, and one behind a question is one: neither is a bullet.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from operator import attrgetter

from msgspec.structs import replace

from extractor.criteria.outline.enumerators import Marker
from extractor.criteria.outline.lines import OutlineLine
from extractor.patterns import lazy_pattern

_lost = lazy_pattern(
    r"(?:(?<=[;；。：])\s?|(?<=[.:,)])\s{1,2}|^[ \t]{0,40})(?P<mark>[?？])(?=\s?[^\W\d_])(?!\s?(?:[Gg]rade|ULN|LLN|[xX×]\s|[级度倍]))",
    re.MULTILINE,
)
LOST = frozenset("?？")
_FEWEST = 2
"""Question marks from which on they are bullets: one alone may be any lost sign."""


def find_lost_bullets(text: str, lines: list[OutlineLine]) -> list[tuple[int, Marker]]:
    """The question marks of a text that stand where its items begin, as markers with their places; none for a single one.

    In a line that a bullet opens they are more of its kind: the first sign was kept, the others were lost.

    >>> [place for place, _ in find_lost_bullets("? age over 18; ? able to walk; ? 5 days of fever", [])]
    [0, 15]
    >>> find_lost_bullets("Can you walk? Are you well?", []), find_lost_bullets("? age over 18; fever", [])
    ([], [])
    """
    if "?" not in text and "？" not in text:
        return []
    places = [found.start("mark") for found in _lost.finditer(text)]
    if len(places) < _FEWEST:
        return []
    return [(at, Marker(_family_at(at, lines), 0, "", at + 1)) for at in places]


def _family_at(place: int, lines: list[OutlineLine]) -> str:
    """The family of the bullet that opens the line of a place, else that of lost ones."""
    at = bisect_right(lines, place, key=attrgetter("mark")) - 1
    marker = lines[at].marker if at >= 0 else None
    return marker.family if marker and marker.kind == "b" else "b?"


def mark_lost_bullets(text: str, lines: list[OutlineLine], lost: list[tuple[int, Marker]]) -> list[OutlineLine]:
    """The lines, those that begin with a lost bullet with its marker."""
    markers = dict(lost)
    return [_marked(text, line, markers[line.start]) if line.marker is None and line.start in markers else line for line in lines]


def _marked(text: str, line: OutlineLine, marker: Marker) -> OutlineLine:
    words = text[marker.end : line.end]
    start = marker.end + len(words) - len(words.lstrip())
    return replace(line, start=start, content=line.indent + start - line.mark, marker=marker)
