"""One page as lines in reading order: outside tables by stream or by columns, inside tables cell by cell."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise

from extractor.decode.pdf.characters import Glyph, Page, Style
from extractor.decode.pdf.lines import Printed, Run, join_runs, line_text, split_runs
from extractor.decode.pdf.reading_order import order_runs
from extractor.decode.pdf.tables import Drawn, OpenTable, take_bounded, take_free
from extractor.decode.pdf.tables.lattices import Lattice, find_lattices, split_glyphs
from extractor.decode.pdf.tables.strokes import Stroke, join_strokes
from extractor.layout import Box

_CLOSING = "，。、；：？！）】》」』”’%％,.;:?!)\\]"
_unbroken = re.compile(rf"(?:[（【《「“‘(\[]*[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[{_CLOSING}]*")
_PADDING = 4.0
_SLACK = 0.9
_EDGE = 0.07


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
    """What a page holds: lines in reading order, tables, its size, characters that no font names."""

    width: float
    height: float
    lines: list[PageLine] = field(default_factory=list)
    grids: list[Lattice] = field(default_factory=list)
    unnamed: int = 0
    gutters: Sequence[float] = ()


def read_lines(page: Page, gutters: Sequence[float] = ()) -> PageText:
    """The lines of a page in reading order, its tables cell by cell; `gutters` are those of the page before."""
    grids = find_lattices(page.rules)
    outside, inside = split_glyphs(page.glyphs, grids)
    drawn = Drawn([s for s in join_strokes(page.rules) if not any(_lies_in(s, grid) for grid in grids)], page.shades)
    bounded, runs = take_bounded(split_runs(outside), drawn)
    text = PageText(page.width, page.height, unnamed=page.unnamed)
    tables = [(grid, partial(_ruled_lines, grid, order, inside)) for order, grid in enumerate(grids)]
    tables += [(table.lattice, partial(_open_lines, table)) for table in bounded]
    slots = [_slot(grid) for grid, _ in tables]
    parts, text.gutters = order_runs([*runs, *slots], page.width, gutters)
    for column, part in parts:
        free, rest = take_free([run for run in part if run.glyphs[0].char], drawn)
        lines = [page_line(line, column=column) for line in join_runs(rest)]
        own = [table for table, slot in zip(tables, slots, strict=True) if any(run is slot for run in part)]
        for grid, write in [*own, *((table.lattice, partial(_open_lines, table)) for table in free)]:
            _insert(lines, grid, [replace(line, column=column) for line in write(len(text.grids))])
            text.grids.append(grid)
        text.lines += lines
    text.lines = _edges_last(text.lines, page.height)
    return text


def _slot(grid: Lattice) -> Run:
    """A run without words that holds a table's place among the lines of a page."""
    left, top, right, _ = grid.box
    return Run([Glyph("", left, right, top, Style("", 1.0, bold=False, turns=0))], top, 1.0, right)


def _lies_in(stroke: Stroke, grid: Lattice) -> bool:
    left, top, right, bottom = grid.box
    return left - _PADDING <= stroke.left and stroke.right <= right + _PADDING and top - _PADDING <= stroke.top <= bottom + _PADDING


def _open_lines(table: OpenTable, number: int) -> list[PageLine]:
    """The lines of a table without rules down; a cell's lines may be as wide as the widest of its column."""
    lines: list[PageLine] = []
    for cell, (printed, width) in enumerate(zip(table.cells, table.widths, strict=True)):
        own = [page_line(line, grid=number, cell=cell, room=line.left + width + _SLACK * line.size) for line in printed]
        lines += _closed(own)
    return lines


def page_line(line: Printed, *, column: int = 0, grid: int = -1, cell: int = -1, room: float = 0.0) -> PageLine:
    """A printed line with its text and box."""
    text, edges, runs = line_text(line)
    styles = [glyph.style for run in line.runs for glyph in run.glyphs]
    style = max(set(styles), key=styles.count)
    box = (line.left, line.base - line.size * 0.9, line.right, line.base + line.size * 0.25)
    bold = sum(s.bold for s in styles) * 2 > len(styles)
    return PageLine(text, array("f", edges), box, line.size, style.font, bold, tuple(runs), room, grid, cell, column=column)


def _ruled_lines(grid: Lattice, order: int, inside: dict[tuple[int, int], list[Glyph]], number: int) -> list[PageLine]:
    """The lines of a table that rules draw, cell by cell."""
    return [line for cell in range(len(grid.spans)) for line in _cell_lines(grid, number, cell, inside.get((order, cell), []))]


def _cell_lines(grid: Lattice, number: int, cell: int, glyphs: list[Glyph]) -> list[PageLine]:
    printed = join_runs(sorted(split_runs(glyphs), key=lambda run: (round(run.base), run.left)))
    _, column, _, columns = grid.spans[cell]
    width = grid.xs[column + columns] - grid.xs[column] - 2 * _PADDING
    return _closed([page_line(line, grid=number, cell=cell, room=line.left + width) for line in printed])


def _closed(lines: list[PageLine]) -> list[PageLine]:
    """A cell's lines, marked as ended where the next one's first word would have fitted."""
    return [*(replace(a, closed=not_wrapped(a, b)) for a, b in pairwise(lines)), *lines[-1:]]


def not_wrapped(line: PageLine, following: PageLine) -> bool:
    """Whether the first word of the next line would have fitted on this one: then the line was ended on purpose."""
    return line.room - line.box[2] > _first_word(following) + _SLACK * line.size


def _first_word(line: PageLine) -> float:
    """The width of what may not be parted at a line's start: a Latin word, or a character with the closing signs behind it."""
    match = _unbroken.match(line.text)
    end = match.end() if match else 1
    return line.edges[end] - line.edges[0] if end < len(line.edges) else line.box[2] - line.box[0]


def _edges_last(lines: list[PageLine], height: float) -> list[PageLine]:
    """A running head that the stream has last goes first, a running foot that it has first goes last; the rest stays."""
    zones = [(line.box[1] > (1 - _EDGE) * height) - (line.box[3] < _EDGE * height) for line in lines]
    body = [at for at, zone in enumerate(zones) if not zone]
    first, last = (body[0], body[-1]) if body else (0, len(lines))
    places = [-1 if at > last and zone < 0 else 1 if at < first and zone > 0 else 0 for at, zone in enumerate(zones)]
    return [line for place in (-1, 0, 1) for line, own in zip(lines, places, strict=True) if own == place]


def _insert(lines: list[PageLine], grid: Lattice, own: list[PageLine]) -> None:
    """Puts a table's lines behind the line next above it, or before the one next below it: whichever is nearer."""
    left, top, right, bottom = grid.box
    beside = [(i, line.box) for i, line in enumerate(lines) if line.box[0] < right and line.box[2] > left]
    above = max(((box[3], i) for i, box in beside if box[3] <= top + _PADDING), default=None)
    below = min(((box[1], i) for i, box in beside if box[1] > bottom - _PADDING), default=None)
    place = below[1] if below else len(lines)
    if above and (below is None or top - above[0] <= below[0] - bottom):
        place = above[1] + 1
    lines[place:place] = own
