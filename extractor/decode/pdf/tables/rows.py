"""Rows of a block: cells that stand beside one another; a cell beside several rows spans them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from extractor.decode.pdf.tables.cells import TableCell
from extractor.decode.pdf.tables.strokes import Stroke
from extractor.decode.pdf.tolerances import BESIDE_ROW


@dataclass(slots=True)
class Row:
    """A row: its cells by first column, and the baselines of its first and last line."""

    cells: dict[int, TableCell] = field(default_factory=dict)
    top: float = 0.0
    bottom: float = 0.0


@dataclass(slots=True)
class Placed:
    """A cell in its place: first row and column, how many of each it spans."""

    row: int
    column: int
    rows: int
    columns: int
    cell: TableCell


def find_rows(cells: list[TableCell]) -> tuple[list[Row], list[TableCell]]:
    """The rows of a block from top to bottom, and the cells that stand beside several of them."""
    rows: list[Row] = []
    spanning: list[TableCell] = []
    for group in _groups(cells):
        own, wide = _split(group)
        spanning += wide
        rows += own
    return rows, spanning


def _groups(cells: list[TableCell]) -> list[list[TableCell]]:
    """Cells whose lines overlap in height, directly or by way of others."""
    groups: list[list[TableCell]] = []
    bottom = 0.0
    for cell in sorted(cells, key=lambda c: (c.top, c.first)):
        if groups and cell.top <= bottom + BESIDE_ROW * cell.size:
            groups[-1].append(cell)
            bottom = max(bottom, cell.bottom)
        else:
            groups.append([cell])
            bottom = cell.bottom
    return groups


def _split(group: list[TableCell]) -> tuple[list[Row], list[TableCell]]:
    """A group of overlapping cells as one row, or as several beside cells that span them.

    It is several rows if more columns hold several cells than hold one.
    """
    columns: dict[int, list[TableCell]] = defaultdict(list)
    for cell in group:
        columns[cell.first].append(cell)
    several = [own for own in columns.values() if len(own) > 1]
    single = [own[0] for own in columns.values() if len(own) == 1]
    if not several:
        return [_row(group)], []
    if len(several) >= len(single) or (len(columns) == 2 and len(columns[min(columns)]) == 1):
        rest = [cell for own in several for cell in own]
        parts = _groups(rest)
        if len(parts) > 1:
            rows = [row for part in parts for row in _split(part)[0]]
            wide = []
            for cell in single:
                beside = [row for row in rows if row.top <= cell.bottom + BESIDE_ROW * cell.size and row.bottom >= cell.top - BESIDE_ROW * cell.size]
                if len(beside) == 1 and cell.first not in beside[0].cells:
                    beside[0].cells[cell.first] = cell
                elif beside:
                    wide.append(cell)
            return rows, wide
    return [_row([_merged(own) for own in columns.values()])], []


def _merged(cells: list[TableCell]) -> TableCell:
    return TableCell([item for cell in cells for item in cell.items])


def _row(cells: Iterable[TableCell]) -> Row:
    own = {cell.first: cell for cell in cells}
    return Row(own, min(c.top for c in own.values()), max(c.bottom for c in own.values()))


def span_rows(rows: list[Row], spanning: list[TableCell], strokes: list[Stroke], edges: list[float]) -> list[Placed]:
    """All cells in their places: one that spans rows stands in its first; one in a ruled table reaches to the next rule of its column."""
    placed: list[Placed] = []
    for number, row in enumerate(rows):
        placed += (Placed(number, cell.first, 1, cell.last - cell.first + 1, cell) for cell in row.cells.values())
    for cell in spanning:
        beside = [n for n, row in enumerate(rows) if row.bottom >= cell.top - BESIDE_ROW * cell.size and row.top <= cell.bottom + BESIDE_ROW * cell.size]
        placed.append(Placed(beside[0], cell.first, len(beside), cell.last - cell.first + 1, cell))
    gaps = _ruled_gaps(rows, strokes)
    for cell in placed:
        _stretch(cell, placed, gaps, edges)
    return placed


def _ruled_gaps(rows: list[Row], strokes: list[Stroke]) -> list[list[Stroke]]:
    """The rules between each row and the next."""
    return [[s for s in strokes if a.bottom - 1 < s.top < b.top] for a, b in zip(rows, rows[1:], strict=False)]


def _stretch(cell: Placed, placed: list[Placed], gaps: list[list[Stroke]], edges: list[float]) -> None:
    """Lets a cell span the empty places above and below it as far as a rule runs beside them and none through them."""
    left, right = edges[cell.column], edges[cell.column + cell.columns]
    taken = {n for other in placed if other is not cell and other.column < cell.column + cell.columns and other.column + other.columns > cell.column for n in range(other.row, other.row + other.rows)}

    def is_open(gap: int) -> bool:
        return bool(gaps[gap]) and not any(stroke.covers(left, right) for stroke in gaps[gap])

    while cell.row + cell.rows <= len(gaps) and is_open(cell.row + cell.rows - 1) and cell.row + cell.rows not in taken:
        cell.rows += 1
    while cell.row > 0 and is_open(cell.row - 1) and cell.row - 1 not in taken:
        cell.row, cell.rows = cell.row - 1, cell.rows + 1
