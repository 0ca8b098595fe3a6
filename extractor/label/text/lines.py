"""The printed lines of a label, with what the layout says about paragraphs: from a text copy, a page, or a PDF."""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from extractor.document import Block, Document, Format
from extractor.label.outline.headings import leading_heading
from extractor.label.text.passages import Passage, passage_at
from extractor.layout import Cell, Grid, PageLayout, TextLine
from extractor.patterns import lazy_pattern
from extractor.text import count_in

_line_end = lazy_pattern(r"\n|<br\s{0,2}/?>", re.IGNORECASE)
_digits = lazy_pattern(r"\d+")
_page_line = lazy_pattern(
    r"[-–—\s]*第\s*\d{1,4}\s*页(?:[，,/\s]*共\s*\d{1,4}\s*页)?[-–—\s]*|[-–—]\s*\d{1,4}\s*[-–—]|(?i:page)\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?"
)
_page_words = lazy_pattern(r"^[^。；]{4,60}(?:说明书|版本|页|V\d)[^。；]{0,30}$")
_FEWEST_PAGES = 3  # pages: a line that repeats twice, or two numbers that count, may be chance
_latin_end = lazy_pattern(r"[A-Za-z] $")
_terminal = tuple("。：:；;！？!?.")
_MIXED = (0.1, 0.98)  # shares of lines with a blank at their end: outside of them the blanks are chance, or on every line
_WIDE = 0.85  # of a full line's width: wrapped lines fall short of it by a word at most
_FULL = 0.8  # of a line's width; wrapped lines are fuller
_NARROWEST = 28  # columns, 14 Chinese characters: no leaflet is wrapped narrower, lists are
_MOSTLY = 0.55  # of the lines without a blank are full if they are wrapped; the others end paragraphs whose blank was lost
_FEW = 12  # lines: of fewer the share says nothing, and the blanks are believed


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One printed line.

    `closed`: the layout says that a paragraph (or a cell) ends here. `gap`: empty lines before it; 0 is a line that
    stands tight under the one before. `size` in points, `left`, `right` and `top` in points from the page's corner; where the
    document has no layout 0, but `left` 1 for a line that begins with a blank. `grid` is the number of the table that holds it (-1: none),
    `place` its cell there, `table` the table where a layout draws it. `indent`: points from its column's margin. `running`: a page number, or a running line of the pages that a
    copy was made of.
    """

    passage: Passage
    closed: bool = True
    gap: int = 1
    page: int = 0
    size: float = 0.0
    bold: bool = False
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    place: Cell | None = None
    grid: int = -1
    table: Grid | None = None
    running: bool = False
    indent: float = 0.0

    @property
    def text(self) -> str:
        """The line's cleaned text."""
        return self.passage.text


def display_width(text: str) -> int:
    """Columns that a text takes up: two for a full-width character.

    >>> display_width("ab中")
    4
    """
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def label_lines(document: Document) -> list[PrintedLine]:
    """The printed lines of a document in reading order."""
    if isinstance(document.layout, PageLayout):
        cells = {(n, cell.row, cell.column): (cell, grid) for n, grid in enumerate(document.layout.grids) for cell in grid.cells}
        return [_placed(document, line, *cells.get((line.grid, line.row, line.column), (None, None))) for line in document.layout.lines]
    if document.format is Format.TEXT:
        return _copied(document.text)
    places = _table_places(document.blocks)
    return [line for n, block in enumerate(document.blocks) if (line := _block_line(document, block, places.get(n))).text]


def _placed(document: Document, line: TextLine, cell: Cell | None, table: Grid | None) -> PrintedLine:
    left, top, right, _ = line.box
    passage = passage_at(document.text, line.start, line.end)
    return PrintedLine(
        passage, line.closed, 1, line.page, line.size, line.bold, left, right, top, cell, line.grid, table, indent=line.indent
    )


def _block_line(document: Document, block: Block, place: Cell | None) -> PrintedLine:
    passage = passage_at(document.text, block.span.start, block.span.end)
    return PrintedLine(passage, place=place, grid=block.table - 1 if place else -1)


def _table_places(blocks: list[Block]) -> dict[int, Cell]:
    """The cells that blocks of a page stand in, by number of the block: only tables of data, not those a page is laid out with."""
    tables: dict[int, dict[int, list[int]]] = {}
    numbers: dict[int, list[int]] = {}
    for n, block in enumerate(blocks):
        if block.table and block.cell:
            cells = tables.setdefault(block.table, {}).setdefault(block.row, [])
            cells += [block.cell] if block.cell not in cells else []
            numbers.setdefault(block.table, []).append(n)
    places: dict[int, Cell] = {}
    for table, rows in tables.items():
        if sum(len(cells) > 1 for cells in rows.values()) > 1 and not any(leading_heading(blocks[n].text) for n in numbers[table]):
            order = {row: at for at, row in enumerate(sorted(rows))}
            places |= {n: _cell(blocks[n], order, rows) for n in numbers[table]}
    return places


def _cell(block: Block, order: dict[int, int], rows: dict[int, list[int]]) -> Cell:
    return Cell(order[block.row], rows[block.row].index(block.cell), 1, 1, ())


def _copied(text: str) -> list[PrintedLine]:
    ends = [m.span() for m in _line_end.finditer(text)]
    raw = [(a, b) for (_, a), (b, _) in pairwise([(0, 0), *ends, (len(text), len(text))])]
    printed = [(a, b) for a, b in raw if text[a:b].strip()]
    ended = [text.startswith("<", b) for _, b in printed]
    closed = [end or mark for end, mark in zip(_paragraph_ends([text[a:b] for a, b in printed]), ended, strict=True)]
    running = _running([text[a:b].strip() for a, b in printed])
    return [
        PrintedLine(passage_at(text, a, b), closed=end, gap=gap, left=float(text[a] == " "), running=n in running)
        for n, ((a, b), end, gap) in enumerate(zip(printed, closed, _gaps(text, printed), strict=True))
    ]


def _running(lines: list[str]) -> set[int]:
    """The numbers of lines that are page numbers (`第 3 页`, or bare ones that count from 1) or repeat as running lines do."""
    folded = Counter(_digits.sub("#", line) for line in lines if _page_words.search(line))
    found = {n for n, line in enumerate(lines) if _page_line.fullmatch(line) or folded[_digits.sub("#", line)] >= _FEWEST_PAGES}
    counted: list[int] = []
    for n, line in enumerate(lines):
        if line.isdecimal() and count_in(line) == len(counted) + 1:
            counted.append(n)
    return found | set(counted) if len(counted) >= _FEWEST_PAGES else found


def _gaps(text: str, printed: list[tuple[int, int]]) -> Iterator[int]:
    last = 0
    for start, end in printed:
        yield max(0, text.count("\n", last, start) - 1) if last else 1
        last = end


def _paragraph_ends(lines: list[str]) -> list[bool]:
    """Which lines end a paragraph: by blanks at line ends where a copy has both kinds, else by width where it is wrapped."""
    tailed = [line.endswith((" ", "\u00a0", "\u3000")) for line in lines]
    widths = [display_width(line.strip()) for line in lines]
    if lines and _MIXED[0] < sum(tailed) / len(lines) < _MIXED[1] and _tails_tell(tailed, widths):
        return _tail_ends(lines, tailed, widths)
    return _width_ends(lines, widths) if lines else []


def _tails_tell(tailed: list[bool], widths: list[int]) -> bool:
    """Whether lines without a blank at their end are wrapped ones: then most of them are about equally full."""
    open_widths = sorted(w for w, tail in zip(widths, tailed, strict=True) if not tail)
    usual = open_widths[int(len(open_widths) * 0.9)]
    return len(open_widths) < _FEW or sum(w >= _WIDE * usual for w in open_widths) >= _MOSTLY * len(open_widths)


def _tail_ends(lines: list[str], tailed: list[bool], widths: list[int]) -> list[bool]:
    """A blank ends a paragraph, unless the line is full and ends in a Latin word: then the wrap fell on a real blank."""
    usual = statistics.median(w for w, tail in zip(widths, tailed, strict=True) if not tail)
    return [tail and not (w >= usual - 2 and _latin_end.search(line)) for line, tail, w in zip(lines, tailed, widths, strict=True)]


def _width_ends(lines: list[str], widths: list[int]) -> list[bool]:
    """Where many lines are about equally full the text is wrapped, and a full line without end punctuation goes on."""
    full = sorted(widths)[int(len(widths) * 0.75)]
    wrapped = full >= _NARROWEST and sum(w >= _WIDE * full for w in widths) >= 0.3 * len(lines) and max(widths) < 1.4 * full
    return [not wrapped or w < _FULL * full or line.rstrip().endswith(_terminal) for w, line in zip(widths, lines, strict=True)]
