"""One page read: tables found, columns put one after the other, what goes on from the page before recognised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from extractor.decode.pdf.characters import Glyph, PrintedPage, Style
from extractor.decode.pdf.lines import Run, join_runs, split_runs
from extractor.decode.pdf.pages import PageLine, PageText, close_lines, page_line
from extractor.decode.pdf.reading_order import Slot, order_runs
from extractor.decode.pdf.tables import Drawn, OpenTable, take_bounded, take_continued, take_free
from extractor.decode.pdf.tables.continued import Carry
from extractor.decode.pdf.tables.lattices import Lattice, find_lattices, split_glyphs
from extractor.decode.pdf.tables.parts import Line, set_lines
from extractor.decode.pdf.tables.strokes import Stroke, join_strokes
from extractor.decode.pdf.tables.unparted import read_unparted
from extractor.decode.pdf.tolerances import CELL_PADDING, PAGE_EDGE, ROOM_SLACK, RUNNING_ZONE, SET_APART
from extractor.layout import is_caption

_LAST_ROW_LINES = 4
"""Lines at the head of a page that may be the last row of a table; a row of more stands out by its own height."""


_FEWEST_CELLS = 4
"""Words side by side in a row that tell it from a running line: that has a title, a version and a page number at most."""


class Before(NamedTuple):
    """What a page hands on to the next: where its columns part, the left edge of the last one, and the table that ended it."""

    gutters: Sequence[float] = ()
    left: float = 0.0
    carry: Carry | None = None


class _Table(NamedTuple):
    """A table of a page: its lattice, what writes its lines, the run that holds its place, and what may go on on the next page."""

    grid: Lattice
    write: Callable[[int], list[PageLine]]
    slot: Slot
    carry: Carry | None = None

    @property
    def top(self) -> float:
        """Where it begins."""
        return self.grid.ys[0]

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.grid.ys[-1]


def read_lines(page: PrintedPage, before: Before) -> tuple[PageText, Before]:
    """The lines of a page in reading order, its tables cell by cell, after a page that left `before`; and what it leaves itself."""
    grids = find_lattices(page.rules)
    outside, inside = split_glyphs(page.glyphs, grids)
    drawn = Drawn([s for s in join_strokes(page.rules) if not any(_lies_in(s, grid) for grid in grids)], page.shades)
    bounded, runs = take_bounded(split_runs(outside), drawn)
    tables = [_ruled(grid, order, inside, page) for order, grid in enumerate(grids)]
    tables += map(_open, bounded)
    parts, gutters = order_runs([*runs, *(table.slot for table in tables)], page.width, before.gutters)
    reader = _PartReader(page, drawn, before, _running(runs, page.height, before.carry, drawn))
    for column, part in parts:
        reader.read(column, part, [table for table in tables if any(run is table.slot for run in part)])
    text = reader.text
    text.lines = _edges_last(text.lines, page.height)
    return text, Before(gutters, reader.left, reader.carry)


def _open(table: OpenTable) -> _Table:
    return _Table(table.lattice, partial(_open_lines, table), _slot(table.lattice), table.carry)


def _ruled(grid: Lattice, order: int, inside: dict[tuple[int, int], list[Glyph]], page: PrintedPage) -> _Table:
    """A table that rules draw: its cells by its rules, or its rows by its words where rules part columns only."""
    own = {id(glyph) for cell in range(len(grid.spans)) for glyph in inside.get((order, cell), [])}
    unparted = read_unparted(
        grid, [glyph for glyph in page.glyphs if id(glyph) in own], page.rules, Drawn(join_strokes(page.rules), page.shades)
    )
    if unparted is not None:
        return _open(unparted)
    return _Table(grid, partial(_ruled_lines, grid, order, inside), _slot(grid))


def _slot(grid: Lattice) -> Slot:
    left, top, right, bottom = grid.box
    return Slot([Glyph("", left, right, top, Style("", 1.0, bold=False, turns=0))], top, 1.0, right, bottom)


def _lies_in(stroke: Stroke, grid: Lattice) -> bool:
    left, top, right, bottom = grid.box
    across = left - CELL_PADDING <= stroke.left and stroke.right <= right + CELL_PADDING
    return across and top - CELL_PADDING <= stroke.top <= bottom + CELL_PADDING


def _closing(carry: Carry, drawn: Drawn) -> float:
    """How far down the rule stands that closes the table from the page before, 0 where none does."""
    rule = carry.closing_rule(drawn.strokes)
    return rule.top if rule else 0.0


def _running(runs: list[Run], height: float, carry: Carry | None, drawn: Drawn) -> set[int]:
    """The ids of runs that stand at the page's edges and apart from its text: what repeats there is known only later.

    Lines at the head that a rule ends as the rest of the table before are none, nor one that fills all columns of that table.
    """
    lines = set_lines(runs)
    found: list[Line] = []
    for ordered, edge in ((lines, 0.0), (lines[::-1], height)):
        inside = [
            n for n, (a, b) in enumerate(pairwise(ordered)) if _stands_apart(a[0], b[0]) and abs(a[0].base - edge) < RUNNING_ZONE * height
        ]
        found += ordered[: inside[-1] + 1] if inside else []
    rest = _rest_of_table(lines, carry, drawn)
    return {id(run) for line in found if not is_caption(line[0].text) and id(line) not in rest for run in line}


def _rest_of_table(lines: list[Line], carry: Carry | None, drawn: Drawn) -> set[int]:
    """The ids of lines at a page's head that go on with the table before: above the rule that closes it, or as many cells as columns."""
    if carry is None:
        return set()
    closing, columns = _closing(carry, drawn), max(_FEWEST_CELLS, len(carry.edges) - 1)
    return {id(line) for line in lines[:_LAST_ROW_LINES] if len(line) >= columns or (len(line) > 1 and line[0].base < closing)}


def _stands_apart(line: Run, following: Run) -> bool:
    return abs(following.base - line.base) > SET_APART * max(line.size, following.size)


class _PartReader:
    """Reads the parts of a page in order, and knows what table the last one ended with."""

    def __init__(self, page: PrintedPage, drawn: Drawn, before: Before, running: set[int]) -> None:
        """`running` are the ids of runs at the page's edges that stand apart from its text."""
        self.drawn = drawn
        self.text = PageText(page.width, page.height, unnamed=page.unnamed)
        self.left, self.carry = before.left, before.carry
        self.running = running

    def read(self, column: int, part: list[Run], tables: list[_Table]) -> None:
        """The lines of one part, in which `tables` were found before."""
        words = [run for run in part if not isinstance(run, Slot)]
        left = min((run.left for run in part), default=0.0)
        more, words = self._continued(words, left, tables)
        free, words = take_free(words, self.drawn)
        lines = [page_line(line, column=column) for line in join_runs(words)]
        found = sorted([*more, *map(_open, free)], key=lambda table: table.top)
        for table in found:
            self._insert(lines, table, column)
        self.text.lines += lines
        words = [run for run in words if id(run) not in self.running]
        if found or words:
            self.left, self.carry = left, self._left_open(found, words)

    def _continued(self, words: list[Run], left: float, tables: list[_Table]) -> tuple[list[_Table], list[Run]]:
        """The tables of the part, the first marked if it goes on with the table before; and the runs outside of them."""
        if self.carry is None or not (words or tables):
            return tables, words
        tables = sorted(tables, key=lambda table: table.top)
        ways = (self.carry, self.carry.moved(left - self.left))
        top = tables[0].top if tables else self.text.height
        above = [run for run in words if run.base < top and id(run) not in self.running]
        for carry in ways:
            found, rest = take_continued(above, self.drawn, carry)
            if found:
                left_over = {id(run) for run in rest}
                more = [_open(found[0]), *self._joined(tables, rest, (carry,))]
                return more, [run for run in words if run.base >= top or id(run) in self.running or id(run) in left_over]
        return self._joined(tables, above, ways), words

    def _joined(self, tables: list[_Table], above: list[Run], ways: Sequence[Carry]) -> list[_Table]:
        """The tables, the first marked as going on with the one before: it stands in the same columns and nothing before it."""
        if not tables or tables[0].carry is None or above:
            return tables
        first = tables[0]
        if not any(carry.matches(first.grid.xs) for carry in ways):
            return tables
        return [first._replace(grid=replace(first.grid, continues="table")), *tables[1:]]

    def _left_open(self, found: list[_Table], words: list[Run]) -> Carry | None:
        """The table that the part ends with, nothing but running lines below it."""
        if not found:
            return None
        last = max(found, key=lambda table: table.bottom)
        return None if any(last.bottom < run.base for run in words) else last.carry

    def _insert(self, lines: list[PageLine], table: _Table, column: int) -> None:
        """Puts a table's lines behind the line next above it, or before the one next below it: whichever is nearer."""
        left, top, right, bottom = table.grid.box
        beside = [(i, line.box) for i, line in enumerate(lines) if line.box[0] < right and line.box[2] > left]
        above = max(((box[3], i) for i, box in beside if box[3] <= top + CELL_PADDING), default=None)
        below = min(((box[1], i) for i, box in beside if box[1] > bottom - CELL_PADDING), default=None)
        place = below[1] if below else len(lines)
        if above and (below is None or top - above[0] <= below[0] - bottom):
            place = above[1] + 1
        while _is_inside(lines, place):
            place += 1
        lines[place:place] = [replace(line, column=column) for line in table.write(len(self.text.grids))]
        self.text.grids.append(table.grid)


def _is_inside(lines: list[PageLine], place: int) -> bool:
    """Whether a place stands between two lines of one table."""
    return 0 < place < len(lines) and lines[place].grid == lines[place - 1].grid >= 0


def _open_lines(table: OpenTable, number: int) -> list[PageLine]:
    """The lines of a table without rules down; a cell's lines may be as wide as the widest of its column."""
    lines: list[PageLine] = []
    for cell, (printed, width) in enumerate(zip(table.cells, table.widths, strict=True)):
        own = [page_line(line, grid=number, cell=cell, room=line.left + width + ROOM_SLACK * line.size) for line in printed]
        lines += close_lines(own)
    return lines


def _ruled_lines(grid: Lattice, order: int, inside: dict[tuple[int, int], list[Glyph]], number: int) -> list[PageLine]:
    """The lines of a table that rules draw, cell by cell."""
    return [line for cell in range(len(grid.spans)) for line in _cell_lines(grid, number, cell, inside.get((order, cell), []))]


def _cell_lines(grid: Lattice, number: int, cell: int, glyphs: list[Glyph]) -> list[PageLine]:
    printed = join_runs(sorted(split_runs(glyphs), key=lambda run: (round(run.base), run.left)))
    _, column, _, columns = grid.spans[cell]
    width = grid.xs[column + columns] - grid.xs[column] - 2 * CELL_PADDING
    return close_lines([page_line(line, grid=number, cell=cell, room=line.left + width) for line in printed])


def _edges_last(lines: list[PageLine], height: float) -> list[PageLine]:
    """A running head that the stream has last goes first, a running foot that it has first goes last; the rest stays."""
    zones = [(line.box[1] > (1 - PAGE_EDGE) * height) - (line.box[3] < PAGE_EDGE * height) for line in lines]
    body = [at for at, zone in enumerate(zones) if not zone]
    first, last = (body[0], body[-1]) if body else (0, len(lines))
    places = [-1 if at > last and zone < 0 else 1 if at < first and zone > 0 else 0 for at, zone in enumerate(zones)]
    return [line for place in (-1, 0, 1) for line, own in zip(lines, places, strict=True) if own == place]
