"""What the room hands on, and how nodes become text with places."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from extractor.criteria.outline.nodes import Range
from extractor.document import Doubt, Found, Span
from extractor.model import Criterion, EligibilityText
from extractor.text import clean_escapes


@dataclass(frozen=True, slots=True)
class Structured:
    """Criteria read from raw texts, with their places.

    `provenance` is keyed by JSON Pointer below the eligibility object; `doubts` have such a path too; `covered` holds the
    spans of all that is in no criterion: markers, headings, preambles, removed repeats.
    """

    inclusion: list[Criterion] = field(default_factory=list)
    exclusion: list[Criterion] = field(default_factory=list)
    text: EligibilityText | None = None
    provenance: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    covered: tuple[Span, ...] = ()


class Places:
    """Turns offsets of `Found.text` into spans of the document."""

    def __init__(self, found: Found) -> None:
        """Index the spans of `found` by where their text starts in it."""
        self.text = found.text
        self.spans = found.spans
        self.starts: list[int] = []
        at = 0
        for span in found.spans:
            self.starts.append(at)
            at += span.end - span.start + 1

    def locate(self, ranges: Iterable[Range]) -> tuple[Span, ...]:
        """The spans of some ranges, the backslashes of Markdown escapes left out."""
        return tuple(span for bounds in ranges for part in self._unescaped(bounds) for span in self._located(part))

    def _located(self, bounds: Range) -> Iterator[Span]:
        start, end = bounds
        place = max(0, bisect_right(self.starts, start) - 1)
        while place < len(self.starts) and self.starts[place] < end:
            at, span = self.starts[place], self.spans[place]
            first, last = max(start, at), min(end, at + span.end - span.start)
            if first < last:
                yield Span(span.start + first - at, span.start + last - at, span.page)
            place += 1

    def _unescaped(self, bounds: Range) -> Iterator[Range]:
        start, end = bounds
        at = self.text.find("\\", start, end)
        while at >= 0:
            if at + 1 < end and len(clean_escapes(self.text[at : at + 2])) == 1:
                if at > start:
                    yield start, at
                start = at + 1
            at = self.text.find("\\", max(start, at) + 1, end)
        if start < end:
            yield start, end

    def others(self, ranges: list[Range]) -> tuple[Span, ...]:
        """The spans of all that stands outside the ranges and is not blank."""
        gaps: list[Range] = []
        at = 0
        for start, end in [*sorted(ranges), (len(self.text), len(self.text))]:
            if self.text[at:start].strip():
                gaps.append((at, start))
            at = max(at, end)
        return tuple(span for gap in gaps for span in self._located(gap))
