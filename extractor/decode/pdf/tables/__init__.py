"""Tables of a PDF page, found by where their words stand; rules are evidence where there are any.

Grids of rules across and down give their cells themselves (`lattices`). All other tables are read in one way: lines that may be a
table (`blocks`), the strips that their gaps share (`columns`), the lines of a cell (`cells`), cells beside one another (`rows`), the
heading (`headings`), and at last one score that says whether it is a table at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from extractor.decode.pdf.drawings import Shade
from extractor.decode.pdf.lines import Printed, Run, join_runs
from extractor.decode.pdf.tables.blocks import Block, bounded_blocks, free_blocks
from extractor.decode.pdf.tables.cells import TableCell, find_cells, place_items
from extractor.decode.pdf.tables.columns import find_columns
from extractor.decode.pdf.tables.headings import heading_rows, span_columns
from extractor.decode.pdf.tables.lattices import Lattice
from extractor.decode.pdf.tables.rows import Placed, Row, find_rows, span_rows
from extractor.decode.pdf.tables.score import is_table
from extractor.decode.pdf.tables.strokes import Stroke


class Drawn(NamedTuple):
    """What a page draws that tables lean on: rules across, from top to bottom, and shaded ground."""

    strokes: list[Stroke]
    shades: list[Shade]


@dataclass(slots=True)
class OpenTable:
    """A table without rules down: its lattice, the printed lines of each cell, and how wide the lines of each may be."""

    lattice: Lattice
    cells: list[list[Printed]]
    widths: list[float]


def take_bounded(runs: list[Run], drawn: Drawn) -> tuple[list[OpenTable], list[Run]]:
    """The tables between rules of one length, and the runs outside of them."""
    return _take(bounded_blocks(runs, drawn.strokes), runs, drawn)


def take_free(runs: list[Run], drawn: Drawn) -> tuple[list[OpenTable], list[Run]]:
    """The tables that no rules bound, and the runs outside of them."""
    return _take(free_blocks(runs, drawn.strokes), runs, drawn)


def _take(blocks: Iterable[Block], runs: list[Run], drawn: Drawn) -> tuple[list[OpenTable], list[Run]]:
    held = {id(glyph): number for number, run in enumerate(runs) for glyph in run.glyphs}
    tables: list[OpenTable] = []
    taken: set[int] = set()
    for block in blocks:
        own = {held[id(glyph)] for line in block.lines for run in line for glyph in run.glyphs if id(glyph) in held}
        if not own & taken and (table := read_block(block, drawn.shades)) is not None:
            tables.append(table)
            taken |= own
    return tables, [run for number, run in enumerate(runs) if number not in taken] if taken else runs


def read_block(block: Block, shades: list[Shade]) -> OpenTable | None:
    """The table that a block holds, None where it holds none."""
    places = find_columns(block)
    if not places:
        return None
    edges = [block.left, *places, block.right]
    items = place_items(block, places)
    rows, spanning = find_rows(find_cells(block, items, places))
    if not is_table(block, rows, edges):
        return None
    placed = span_rows(rows, spanning, block.strokes, edges)
    head = heading_rows(rows, block.strokes, shades, edges)
    span_columns(placed, head, edges)
    return _open_table(block, rows, placed, edges, head)


def _open_table(block: Block, rows: list[Row], placed: list[Placed], edges: list[float], head: int) -> OpenTable:
    columns = len(edges) - 1
    spans: list[tuple[int, int, int, int]] = []
    cells: list[list[Printed]] = []
    widths: list[float] = []
    owner = [[-1] * columns for _ in rows]
    for cell in sorted(placed, key=lambda c: (c.row, c.column)):
        for row in range(cell.row, cell.row + cell.rows):
            owner[row][cell.column : cell.column + cell.columns] = [len(spans)] * cell.columns
        spans.append((cell.row, cell.column, cell.rows, cell.columns))
        cells.append(_printed(cell.cell))
        widths.append(max((c.cell.width for c in placed if (c.column, c.columns) == (cell.column, cell.columns)), default=0.0))
    for row, owners in enumerate(owner):
        for column, number in enumerate(owners):
            if number < 0:
                owners[column] = len(spans)
                spans.append((row, column, 1, 1))
                cells.append([])
                widths.append(0.0)
    ys = (_top(block, rows[0]), *((a.bottom + b.top - block.size) / 2 for a, b in zip(rows, rows[1:], strict=False)), _foot(block, rows[-1]))
    lattice = Lattice(tuple(edges), ys, tuple(map(tuple, owner)), tuple(spans), ruled=False, head=head)
    return OpenTable(lattice, cells, widths)


def _printed(cell: TableCell) -> list[Printed]:
    """The lines of a cell; parts of one line that stand in several of its columns are one line."""
    return join_runs(item.run for item in sorted(cell.items, key=lambda item: (item.line, item.run.left)))


def _top(block: Block, first: Row) -> float:
    return min([first.top - block.size, *(s.top for s in block.strokes)])


def _foot(block: Block, last: Row) -> float:
    return max([last.bottom + block.size / 2, *(s.top for s in block.strokes)])
