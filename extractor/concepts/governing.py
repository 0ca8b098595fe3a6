"""Which window of time governs which mention: "major surgery within 4 weeks", 6个月内发生过心肌梗死."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from msgspec import UNSET

from extractor.concepts.mention import Region
from extractor.model import Constraint, Window
from extractor.patterns import lazy_pattern
from extractor.text import has_ideograph

_cut = lazy_pattern(r"[;；。:：\n]|\.(?!\d)|[,，](?!\d{3})|[(（)）]")
_joined = lazy_pattern(r"\s*(?:or|and)\b", re.IGNORECASE)
_LISTED = ","


class WindowStretch(NamedTuple):
    """A window and the characters of the text that state it."""

    start: int
    end: int
    window: Window


class Segment(NamedTuple):
    """Characters between two cuts of a line, and the sign before them."""

    start: int
    end: int
    before: str


class WindowPlace(NamedTuple):
    """A window in its text."""

    text: str
    stretch: WindowStretch

    @property
    def chinese(self) -> bool:
        """Whether its words are Chinese."""
        return has_ideograph(self.text[self.stretch.start : self.stretch.end])


def windows_of(text: str, constraints: Iterable[Constraint], language: str) -> Iterator[WindowStretch]:
    """The bare windows that the grammar found in the text, with their places."""
    at = 0
    for constraint in constraints:
        quote = getattr(constraint.quote, language, UNSET) if constraint.quote is not UNSET else UNSET
        if constraint.kind == "WINDOW" and constraint.window is not UNSET and isinstance(quote, str):
            start = text.find(quote, at)
            start = text.find(quote) if start < 0 else start
            if start >= 0:
                at = start + len(quote)
                yield WindowStretch(start, at, constraint.window)


def govern(text: str, regions: Sequence[Region], stretches: Iterable[WindowStretch]) -> list[Window | None]:
    """For each region its window: the nearest of those that govern it.

    A window governs the mentions of its own segment on the side where its language puts them (English before it, Chinese
    behind it; the other side where that one has none), and, where a list ends in it ("A, B, or C within 6 months"),
    those of the list; if its segment has none, those of the next one, else of the one before.
    """
    segments = list(_segments(text))
    found: dict[int, WindowStretch] = {}
    for stretch in stretches:
        home = next((n for n, segment in enumerate(segments) if segment.start <= stretch.start < segment.end), None)
        for at in _governed(segments, home, regions, WindowPlace(text, stretch)) if home is not None else ():
            found[at] = min(found.get(at, stretch), stretch, key=partial(_distance, regions[at]))
    return [found[at].window if at in found else None for at in range(len(regions))]


def _distance(region: Region, stretch: WindowStretch) -> int:
    return max(region.start - stretch.end, stretch.start - region.end, 0)


def _segments(text: str) -> Iterator[Segment]:
    start, before = 0, ""
    for cut in _cut.finditer(text):
        yield Segment(start, cut.start(), before)
        start, before = cut.end(), cut.group()
    yield Segment(start, len(text), before)


def _governed(segments: list[Segment], home: int, regions: Sequence[Region], place: WindowPlace) -> list[int]:
    for near in (home, home + 1, home - 1):
        if 0 <= near < len(segments) and (inside := _inside(segments[near], regions)):
            if near != home:
                return inside
            side = _preferred(inside, regions, place)
            return side if place.chinese else [*_listed(segments, home, regions, place.text), *side]
    return []


def _preferred(inside: list[int], regions: Sequence[Region], place: WindowPlace) -> list[int]:
    before = [at for at in inside if regions[at].start < place.stretch.start]
    behind = [at for at in inside if at not in before]
    return (behind or before) if place.chinese else (before or behind)


def _listed(segments: list[Segment], home: int, regions: Sequence[Region], text: str) -> list[int]:
    """Mentions of the list that ends in the segment: "A, B, or C"."""
    found: list[int] = []
    if not _joined.match(text, segments[home].start):
        return found
    for near in range(home, 0, -1):
        earlier = _inside(segments[near - 1], regions)
        if segments[near].before != _LISTED or not earlier:
            break
        found += earlier
    return found


def _inside(segment: Segment, regions: Sequence[Region]) -> list[int]:
    return [at for at, region in enumerate(regions) if segment.start <= region.start < segment.end]
