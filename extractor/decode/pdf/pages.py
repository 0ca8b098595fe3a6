"""What a page holds once it is read: lines in reading order with their places, and the tables that some of them stand in."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field, replace
from itertools import pairwise

from extractor.decode.pdf.lines import Printed, line_text
from extractor.decode.pdf.tables.lattices import Lattice
from extractor.decode.pdf.tolerances import ASCENT, DESCENT, ROOM_SLACK
from extractor.layout import Box
from extractor.patterns import lazy_pattern

_CLOSING = "，。、；：？！）】》」』”’%％,.;:?!)\\]"
_unbroken = lazy_pattern(rf"[（【《「“‘(\[]{{0,4}}(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[{_CLOSING}]*")


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page: its text, the edges of its characters, its box, its type; the table, row and column it stands in.

    `runs` are the parts of the text that wide gaps set apart; `room` is how far its paragraph could reach to the right.
    """

    text: str
    edges: array[float]
    box: Box
    size: float
    font: str
    bold: bool
    runs: tuple[tuple[int, int], ...]
    room: float = 0.0
    grid: int = -1
    cell: int = -1
    closed: bool = True
    column: int = 0


@dataclass(slots=True)
class PageText:
    """What a page holds: its size, lines in reading order, tables, and how many characters no font names."""

    width: float
    height: float
    lines: list[PageLine] = field(default_factory=list)
    grids: list[Lattice] = field(default_factory=list)
    unnamed: int = 0


def page_line(line: Printed, *, column: int = 0, grid: int = -1, cell: int = -1, room: float = 0.0) -> PageLine:
    """A printed line with its text and box."""
    text, edges, runs = line_text(line)
    styles = [glyph.style for run in line.runs for glyph in run.glyphs]
    style = max(set(styles), key=styles.count)
    box = (line.left, line.base - line.size * ASCENT, line.right, line.base + line.size * DESCENT)
    bold = sum(s.bold for s in styles) * 2 > len(styles)
    return PageLine(text, array("f", edges), box, line.size, style.font, bold, tuple(runs), room, grid, cell, column=column)


def close_lines(lines: list[PageLine]) -> list[PageLine]:
    """A cell's lines, marked as ended where the next one's first word would have fitted."""
    return [*(replace(a, closed=not_wrapped(a, b)) for a, b in pairwise(lines)), *lines[-1:]]


def not_wrapped(line: PageLine, following: PageLine) -> bool:
    """Whether the first word of the next line would have fitted on this one: then the line was ended on purpose."""
    return line.room - line.box[2] > _first_word(following) + ROOM_SLACK * line.size


def _first_word(line: PageLine) -> float:
    """The width of what may not be parted at a line's start: a Latin word, or a character with the closing signs behind it."""
    match = _unbroken.match(line.text)
    end = match.end() if match else 1
    return line.edges[end] - line.edges[0] if end < len(line.edges) else line.box[2] - line.box[0]
