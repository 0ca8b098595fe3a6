"""The book in which every leaf of a label enters the places it was read from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from extractor.document import Document, Doubt, Found, Span, Unmapped
from extractor.label.text.passages import Passage, is_cjk
from extractor.layout import PageLayout, TextLine
from extractor.model import Text


class Ledger:
    """Provenance, doubts, unmapped texts and furniture of one label while it is being read."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.provenance: dict[str, tuple[Span, ...]] = {}
        self.doubts: list[Doubt] = []
        self.unmapped: list[Unmapped] = []
        self.furniture: list[Span] = []
        self._lines = document.layout.lines if isinstance(document.layout, PageLayout) else []
        self._starts = [line.start for line in self._lines]

    def prose(self, pointer: str, passage: Passage) -> Text:
        """A language map of a part of the label's text, entered at `pointer`: always zh."""
        self.enter(f"{pointer}/zh", passage)
        return Text(zh=passage.text)

    def text(self, pointer: str, passage: Passage) -> Text:
        """A language map of the passage, entered at `pointer`: zh, or en where it holds no Chinese character."""
        language = "zh" if any(map(is_cjk, passage.text)) else "en"
        self.enter(f"{pointer}/{language}", passage)
        return Text(**{language: passage.text})

    def word(self, pointer: str, passage: Passage) -> str:
        """The passage's bare text, entered at `pointer`."""
        self.enter(pointer, passage)
        return passage.text

    def enter(self, pointer: str, *passages: Passage) -> None:
        """Enters where a value was read."""
        spans = tuple(span for passage in passages for span in self.spans(passage))
        if spans:
            self.provenance[pointer] = self.provenance.get(pointer, ()) + spans

    def doubt(self, code: str, path: str, message: str, quote: str = "") -> None:
        """Adds a finding in the making; `path` is a JSON Pointer."""
        self.doubts.append(Doubt(code, path, message, quote))

    def leave(self, label: str, passage: Passage) -> None:
        """Keeps a text that no field takes."""
        self.unmapped.append(Unmapped(label, Found(passage.text, tuple(self.spans(passage)))))

    def dress(self, passages: Iterable[Passage]) -> None:
        """Counts passages as furniture: headings, marks, advice lines."""
        self.furniture += (span for passage in passages for span in self.spans(passage))

    def spans(self, passage: Passage) -> list[Span]:
        """The runs of the document that a passage was made of, one for each printed line."""
        return [self._placed(start, end) for start, end in self._runs(passage)]

    def _runs(self, passage: Passage) -> Iterator[tuple[int, int]]:
        """Runs that go on over white space alone, a line feed excepted."""
        text, start, end = self.document.text, -1, -1
        for place in passage.places:
            if place < 0:
                continue
            between = text[end:place] if 0 <= end <= place else "\n"
            if start >= 0 and "\n" not in between and not between.strip():
                end = place + 1
                continue
            if start >= 0:
                yield start, end
            start, end = place, place + 1
        if start >= 0:
            yield start, end

    def _placed(self, start: int, end: int) -> Span:
        if not self._starts:
            return Span(start, end)
        line = self._lines[max(0, bisect_right(self._starts, start) - 1)]
        return Span(start, end, line.page, _box(line, start, end))


def _box(line: TextLine, start: int, end: int) -> tuple[float, float, float, float]:
    left, top, right, bottom = line.box
    first, last = start - line.start, end - line.start
    if 0 <= first < last < len(line.edges):
        left, right = line.edges[first], line.edges[last]
    return round(left, 1), round(top, 1), round(right, 1), round(bottom, 1)
