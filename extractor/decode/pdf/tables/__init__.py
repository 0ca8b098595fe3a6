"""Tables of a PDF page, found by where their words stand; rules are evidence where there are any.

Grids of rules across and down give their cells themselves (`lattices`). All other tables are read in one way: lines that may be a
table (`blocks`), the strips that their gaps share (`columns`), the lines of a cell (`cells`), cells beside one another (`rows`), the
heading (`headings`), and at last one score that says whether it is a table at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from extractor.decode.pdf.drawings import Shade
from extractor.decode.pdf.lines import Printed, Run, join_runs
from extractor.decode.pdf.tables.blocks import TableBlock, bounded_blocks, free_blocks
from extractor.decode.pdf.tables.cells import Distance, TableCell, find_cells
from extractor.decode.pdf.tables.columns import find_columns
from extractor.decode.pdf.tables.continued import Carry, continued_block, how_it_continues
from extractor.decode.pdf.tables.headings import heading_rows, settle_headings, span_columns
from extractor.decode.pdf.tables.items import TableItem, find_room, place_items, unite_headings
from extractor.decode.pdf.tables.lattices import Lattice
from extractor.decode.pdf.tables.rows import Placed, PrintedRow, Wide, find_rows, place_cells, widen_cells
from extractor.decode.pdf.tables.score import is_table
from extractor.decode.pdf.tables.strokes import Stroke
from extractor.decode.pdf.tables.weighing import heading_lines
from extractor.decode.pdf.tolerances import FORM_SHARE

LABEL_ENDS = frozenset(":：")


class Drawn(NamedTuple):
    """What a page draws that tables lean on: rules across, from top to bottom, and shaded ground."""

    strokes: list[Stroke]
    shades: list[Shade]


@dataclass(slots=True)
class OpenTable:
    """A table without rules down: its lattice, the printed lines of each cell, how wide the lines of each may be; what may go on."""

    lattice: Lattice
    cells: list[list[Printed]]
    widths: list[float]
    carry: Carry


def take_bounded(runs: list[Run], drawn: Drawn) -> tuple[list[OpenTable], list[Run]]:
    """The tables between rules of one length, and the runs outside of them."""
    return _take(bounded_blocks(runs, drawn.strokes), runs, drawn)


def take_free(runs: list[Run], drawn: Drawn) -> tuple[list[OpenTable], list[Run]]:
    """The tables that no rules bound, and the runs outside of them.

    A form is none: a browser prints it field by field, and that order is the one to read it in.
    """
    return _take((block for block in free_blocks(runs, drawn.strokes) if not _is_form(block)), runs, drawn)


def _is_form(block: TableBlock) -> bool:
    """Whether so many words end in a colon that they are labels of fields."""
    ends = [part.glyphs[-1].char.strip()[-1:] for line in block.lines for part in line]
    return sum(end in LABEL_ENDS for end in ends if end) > FORM_SHARE * len(ends)


def take_continued(runs: list[Run], drawn: Drawn, carry: Carry) -> tuple[list[OpenTable], list[Run]]:
    """The rest of the table that the column before ended with, and the runs outside of it."""
    block = continued_block(runs, carry)
    if block is None:
        return [], runs
    first, last = block.lines[0][0], block.lines[-1][0]
    block.strokes = [
        s
        for s in drawn.strokes
        if first.base - 2 * first.size < s.top < last.base + last.size and s.lies_in(carry.edges[0], carry.edges[-1])
    ]
    table = _read(block, drawn, _lay_out(block, list(carry.edges[1:-1]), carry.distance))
    table.lattice = replace(table.lattice, head=0, continues=how_it_continues(carry, block))
    return [table], _outside(runs, [block])


def _take(blocks: Iterable[TableBlock], runs: list[Run], drawn: Drawn) -> tuple[list[OpenTable], list[Run]]:
    tables: list[OpenTable] = []
    taken: list[TableBlock] = []
    for block in blocks:
        places = find_columns(block)
        if not places or _overlap(block, taken):
            continue
        found = _lay_out(block, places)
        if is_table(block, found.rows, found.edges):
            tables.append(_read(block, drawn, found))
            taken.append(block)
    return tables, _outside(runs, taken)


def _overlap(block: TableBlock, taken: list[TableBlock]) -> bool:
    """Whether a block shares words with one that was taken."""
    held = {id(run.glyphs[0]) for other in taken for line in other.lines for run in line}
    return any(id(run.glyphs[0]) in held for line in block.lines for run in line)


def _outside(runs: list[Run], blocks: list[TableBlock]) -> list[Run]:
    """The runs without those whose first character stands in one of the blocks."""
    held = {id(part.glyphs[0]) for block in blocks for line in block.lines for part in line}
    return [run for run in runs if id(run.glyphs[0]) not in held] if held else runs


class _Layout(NamedTuple):
    """A block's parts in its columns, its rows, the cells that span several, the edges of its columns, what parts its rows."""

    items: list[TableItem]
    rows: list[PrintedRow]
    spanning: list[Wide]
    edges: list[float]
    distance: Distance


def _lay_out(block: TableBlock, places: list[float], known: Distance | None = None) -> _Layout:
    """The rows of a block in the columns that `places` part; `known` is the distance that parted rows of its first part."""
    items = place_items(block.lines, places)
    heading = heading_lines(block, items)
    items = unite_headings(items, heading, block.strokes)
    edges = [block.left, *places, block.right]
    cells, distance = find_cells(block, items, places, known)
    return _Layout(items, *find_rows(cells, block.strokes, edges, heading), edges, distance)


def _read(block: TableBlock, drawn: Drawn, found: _Layout) -> OpenTable:
    """A block as a table."""
    items, rows, spanning, edges, distance = found
    widen_cells(rows, edges)
    placed = place_cells(rows, spanning)
    head = heading_rows(block, rows, drawn.shades, edges)
    span_columns(placed, head, edges, block.strokes)
    rows = rows[head - settled :] if (settled := settle_headings(placed, head)) < head else rows
    lattice, cells = _lattice(block, rows, placed, edges, settled)
    widths = [find_room(items).get((column, column + columns - 1), 0.0) for _, column, _, columns in lattice.spans]
    last = [item for cell in rows[-1].cells.values() for item in cell.items]
    carry = Carry(
        tuple(edges), items, last, [len(line) for line in block.lines], heading_lines(block, items), distance, unclosed=_is_unclosed(block)
    )
    return OpenTable(lattice, cells, widths, carry)


def _is_unclosed(block: TableBlock) -> bool:
    return bool(block.strokes) and max(s.top for s in block.strokes) < block.lines[-1][0].base


def _lattice(
    block: TableBlock, rows: list[PrintedRow], placed: list[Placed], edges: list[float], head: int
) -> tuple[Lattice, list[list[Printed]]]:
    """The cells of a table as a lattice, and the printed lines of each; places without words are empty cells."""
    columns = len(edges) - 1
    spans: list[tuple[int, int, int, int]] = []
    cells: list[list[Printed]] = []
    owner = [[-1] * columns for _ in rows]
    for cell in sorted(placed, key=lambda c: (c.row, c.column)):
        for row in range(cell.row, cell.row + cell.rows):
            owner[row][cell.column : cell.column + cell.columns] = [len(spans)] * cell.columns
        spans.append((cell.row, cell.column, cell.rows, cell.columns))
        cells.append(_printed(cell.cell))
    for row, owners in enumerate(owner):
        for column in [n for n, number in enumerate(owners) if number < 0]:
            owners[column] = len(spans)
            spans.append((row, column, 1, 1))
            cells.append([])
    ys = (_top(block, rows[0]), *((a.bottom + b.top - block.size) / 2 for a, b in pairwise(rows)), _foot(block, rows[-1]))
    return Lattice(tuple(edges), ys, tuple(map(tuple, owner)), tuple(spans), ruled=False, head=head), cells


def _printed(cell: TableCell) -> list[Printed]:
    """The lines of a cell; parts of one line that stand in several of its columns are one line."""
    return join_runs(item.run for item in sorted(cell.items, key=lambda item: (item.line, item.run.left)))


def _top(block: TableBlock, first: PrintedRow) -> float:
    return min([first.top - block.size, *(s.top for s in block.strokes)])


def _foot(block: TableBlock, last: PrintedRow) -> float:
    return max([last.bottom + block.size / 2, *(s.top for s in block.strokes)])
