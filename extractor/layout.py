"""What a decoder knows about places on a page beyond the text: positioned lines, and the tables that rules draw.

`Document.layout` holds a `PageLayout` for a PDF. Coordinates are points from the page's top left corner.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from extractor.patterns import lazy_pattern

Box = tuple[float, float, float, float]


_caption = lazy_pattern(
    r"(?:续|附)?\s*表\s*(?:\d{1,3}(?:[-.]\d{1,2})?|[一二三四五六七八九十]{1,3})(?:\s*[：:.．、]|\s*$|\s+|(?=[^\d\s和与及、，,]))|Table\s+\d{1,3}\b"
)


def is_caption(text: str) -> bool:
    """Whether a line begins as the title of a numbered table does.

    >>> is_caption("表 4：疗效结果"), is_caption("续表1"), is_caption("表1和表2所示")
    (True, True, False)
    """
    return _caption.match(text.strip()) is not None


class TextLine(NamedTuple):
    """A printed line, or the part of one that stands in a table cell.

    `start` and `end` point into `Document.text`; `box` is (left, top, right, bottom); `size` is the font size in points,
    `font` its name; `closed` says that a paragraph ends with the line; `edges` are the left edges of its characters and
    the right edge of the last, one more than characters. `grid` is the number of the table in `PageLayout.grids` that
    holds the line (-1: none), `row` and `column` its place there. `indent` is how far it begins to the right of most lines of its
    column of the page, in points.
    """

    start: int
    end: int
    page: int
    box: Box
    size: float
    font: str
    bold: bool
    closed: bool
    edges: array[float]
    grid: int = -1
    row: int = 0
    column: int = 0
    indent: float = 0.0


class Cell(NamedTuple):
    """A table cell: its first row and column, how many of each it spans, and its lines as numbers in `PageLayout.lines`."""

    row: int
    column: int
    rows: int
    columns: int
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table drawn with rules on one page, or aligned without them (`ruled` false).

    `head` is the number of rows that the print shows as its heading (0: it does not show it); `continues` says that it goes on with
    the table before, or even with the last row of that.
    """

    page: int
    box: Box
    rows: int
    columns: int
    cells: tuple[Cell, ...]
    ruled: bool = True
    head: int = 0
    continues: Literal["", "table", "row"] = ""


@dataclass(slots=True)
class PageLayout:
    """All positioned lines of a document in reading order, the tables found, and the size of each page.

    `unread` are the pages (from 1) that hold no text, `garbled` those whose fonts do not name their characters; `confidence`
    is how sure optical character recognition was, from 0 to 1, for the pages it read.
    """

    lines: list[TextLine] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    pages: list[tuple[float, float]] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    garbled: list[int] = field(default_factory=list)
    confidence: dict[int, float] = field(default_factory=dict)
