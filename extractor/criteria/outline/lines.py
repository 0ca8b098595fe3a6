"""A text as lines: where each stands, how far it is indented, what marker opens it."""

from __future__ import annotations

from msgspec import Struct

from extractor.criteria.outline.enumerators import Marker, find_marker, may_mark
from extractor.criteria.outline.nodes import Range
from extractor.patterns import lazy_pattern

_PLAIN_BULLETS = frozenset("-*•")
_MOST_MARKERS = 3  # "- • 1.", "1. - "
_bold = lazy_pattern(r"\*\*\s?((?!\s)[^*\n]+?)\s?\*\*")  # a whole line in bold: no item of a bullet


class OutlineLine(Struct, frozen=True, gc=False):
    """A printed line that holds something. Offsets point into the whole text.

    `mark` is where the marker stands (or the text, where there is none), `start` and `end` bound the text after it.
    `indent` and `content` are the columns of the two; `gap` says that an empty line goes before.
    """

    mark: int
    start: int
    end: int
    indent: int
    content: int
    gap: bool
    marker: Marker | None

    @property
    def length(self) -> int:
        """Columns from the marker to the end."""
        return self.end - self.mark


def split_lines(text: str, start: int = 0, end: int | None = None) -> list[OutlineLine]:
    r"""The lines of a text, empty ones and Markdown comments left out.

    >>> [(line.start, line.end, line.indent) for line in split_lines("a\n\n  - b")]
    [(0, 1, 0), (7, 8, 2)]
    """
    found: list[OutlineLine] = []
    gap = False
    at = start
    for raw in text[start:end].split("\n"):
        body = raw.strip()
        if body and body != "<!-- -->":
            indent = len(raw) - len(raw.lstrip())
            offset = at + indent
            if "\t" in raw:
                indent = len(raw[:indent].expandtabs(4))
            sign = body[0]
            if sign in _PLAIN_BULLETS and body[1:2] == " " and not may_mark(rest := body[1:].lstrip()):
                start = offset + len(body) - len(rest)
                found.append(
                    OutlineLine(
                        offset, start, offset + len(body), indent, indent + start - offset, gap, Marker("b" + sign, 0, "", offset + 1)
                    )
                )
            elif may_mark(body):
                found.append(read_line(text, (offset, offset + len(body)), indent, gap=gap))
            else:
                found.append(OutlineLine(offset, offset, offset + len(body), indent, indent, gap, None))
            gap = False
        elif not body:
            gap = True
        at += len(raw) + 1
    return found


def read_line(text: str, span: Range, indent: int, *, gap: bool) -> OutlineLine:
    """The line that covers `span`, its marker read; "* 1. x" takes the inner marker, at its own column."""
    start, end = span
    bold = _bold.fullmatch(text, start, end)
    if bold:
        return OutlineLine(start, *bold.span(1), indent, indent, gap, None)
    marker = find_marker(text, start, end)
    if marker is None:
        return OutlineLine(start, start, end, indent, indent, gap, None)
    place, stop = start, marker.end
    for _ in range(_MOST_MARKERS):
        at = _skip_blanks(text, stop, end)
        inner = find_marker(text, at, end) if at < end else None
        if inner is None or (marker.value and (inner.value or not text[inner.end : inner.end + 1].isspace())):
            break
        stop = inner.end
        if not marker.value:
            place, marker = at, inner
    indent += place - start
    body = _skip_blanks(text, stop, end)
    return OutlineLine(start, body, end, indent, indent + body - place, gap, marker)


def _skip_blanks(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at
