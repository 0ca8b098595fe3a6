"""What the room hands on, and how nodes become text with places."""

from __future__ import annotations

import html
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from extractor.criteria.outline.nodes import Range
from extractor.document import Doubt, Found, Span
from extractor.model import Criterion, EligibilityText
from extractor.patterns import lazy_pattern
from extractor.text import clean_escapes

_MOST_DEPTHS = 4  # times that an export may have coded an entity again: &amp;amp;lt;
_entity = lazy_pattern(r"\\?&(?:amp;){0,4}(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,8}\d{0,2});")
_feed = lazy_pattern(r"~(?=~|\s*(?:[-*•]\s|\(?\d{1,2}[.)]\s|[A-Z]))")  # a tilde where a line would begin
_of_feeds = lazy_pattern(r"~(?!\s?\d+(?![\d.)]))|(?<![\d\s(])~")  # not the one of "18~70" or "~ 5 mg"
_FEWEST_FEEDS = 2  # tildes before the start of an item from which on they are no sign of the author's


@dataclass(frozen=True, slots=True)
class PlacedCriteria:
    """Criteria read from raw texts, with their places.

    `provenance` is keyed by JSON Pointer below the eligibility object; `doubts` have such a path too; `covered` holds the
    spans of all that is in no criterion: markers, headings, preambles, removed repeats; `unmapped` the prose round the lists.
    """

    inclusion: list[Criterion] = field(default_factory=list)
    exclusion: list[Criterion] = field(default_factory=list)
    text: EligibilityText | None = None
    provenance: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    covered: tuple[Span, ...] = ()
    unmapped: list[Found] = field(default_factory=list)


class Places:
    """A raw text made readable, and the way back from its offsets to spans of the document.

    Entities of any depth are decoded, and the tildes that the flat files of AACT print for line feeds become such. `raw` is
    `Found.text` as it stands.
    """

    def __init__(self, found: Found) -> None:
        """Index the spans of `found` by where their text starts in it."""
        self.raw = found.text
        self.spans = found.spans
        self.starts: list[int] = []
        at = 0
        for span in found.spans:
            self.starts.append(at)
            at += span.end - span.start + 1
        self.moved: list[tuple[int, int]] = []
        self.text = self._decoded(found.text) if "&" in found.text else found.text
        if "~" in self.text and "\n" not in self.text:
            self.text = _with_feeds(self.text)
        self._whole: tuple[int, int, int] | None = None
        if len(found.spans) == 1 and not self.moved and "\\" not in self.text:
            (span,) = found.spans
            self._whole = span.start, span.end - span.start, span.page

    def _decoded(self, raw: str) -> str:
        """The text with its entities decoded; notes where offsets begin to differ."""
        pieces: list[str] = []
        at = length = 0
        for found in _entity.finditer(raw):
            sign = _unescape(found.group())
            if sign == found.group():
                continue
            pieces += [raw[at : found.start()], sign]
            length += found.start() - at + len(sign)
            at = found.end()
            self.moved.append((length, at))
        return "".join([*pieces, raw[at:]]) if pieces else raw

    def locate(self, ranges: Iterable[Range]) -> tuple[Span, ...]:
        """The spans of some ranges, the backslashes of Markdown escapes left out."""
        if self._whole is not None:
            begin, length, page = self._whole
            cut = ((max(start, 0), min(end, length)) for start, end in ranges)
            return tuple(Span(begin + start, begin + end, page) for start, end in cut if start < end)
        return tuple(span for bounds in ranges for part in self._unescaped(bounds) for span in self._located(part))

    def cut(self, bounds: Range) -> Found:
        """A part of the text as it stands in the document."""
        start, end = self._back(bounds)
        spans = tuple(self._located(bounds))
        return Found(self.raw[start:end], spans)

    def _back(self, bounds: Range) -> Range:
        """The range of the raw text that a range of the readable one stands for."""
        if not self.moved:
            return bounds
        start, end = bounds
        first = bisect_right(self.moved, (start, len(self.raw))) - 1
        last = bisect_right(self.moved, (end, len(self.raw))) - 1
        return (
            self.moved[first][1] + start - self.moved[first][0] if first >= 0 else start,
            self.moved[last][1] + end - self.moved[last][0] if last >= 0 else end,
        )

    def _located(self, bounds: Range) -> Iterator[Span]:
        start, end = self._back(bounds)
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


def _unescape(entity: str) -> str:
    """An entity decoded until it stays; a backslash that Markdown put before it goes."""
    sign = entity.removeprefix("\\")
    for _ in range(_MOST_DEPTHS):
        decoded = html.unescape(sign)
        if decoded == sign:
            break
        sign = decoded
    return entity if sign == entity.removeprefix("\\") else sign


def _with_feeds(text: str) -> str:
    """The text of one line with line feeds for its tildes, where they stand for those: before markers, headings and other tildes."""
    if len(_feed.findall(text)) < _FEWEST_FEEDS:
        return text
    return _of_feeds.sub("\n", text)
