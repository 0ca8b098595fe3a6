"""Rows of a block: cells that stand beside one another; a cell beside several rows spans them."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from extractor.decode.pdf.tables.cells import TableCell
from extractor.decode.pdf.tables.strokes import Stroke
from extractor.decode.pdf.tolerances import BESIDE_ROW, CENTRED, CENTRED_LABEL, FEWEST_TO_SPAN


@dataclass(slots=True)
class PrintedRow:
    """A row: its cells by first column, and the baselines of its first and last line."""

    cells: dict[int, TableCell] = field(default_factory=dict)
    top: float = 0.0
    bottom: float = 0.0

    def take(self, cell: TableCell) -> None:
        """Adds a cell."""
        self.cells[cell.first] = cell
        self.top, self.bottom = min(self.top, cell.top), max(self.bottom, cell.bottom)

    def overlaps(self, cell: TableCell) -> bool:
        """Whether a cell stands beside the row."""
        reach = BESIDE_ROW * cell.size
        return self.top <= cell.bottom + reach and self.bottom >= cell.top - reach


@dataclass(slots=True)
class Placed:
    """A cell in its place: first row and column, how many of each it spans."""

    row: int
    column: int
    rows: int
    columns: int
    cell: TableCell


class Wide(NamedTuple):
    """A cell beside several rows: they lie between two heights."""

    cell: TableCell
    top: float
    bottom: float


def find_rows(cells: list[TableCell], strokes: list[Stroke], edges: list[float], heading: int) -> tuple[list[PrintedRow], list[Wide]]:
    """The rows of a block from top to bottom, and the cells that stand beside several of them; `heading` lines are the heading."""
    labels = _centred_labels(cells, heading)
    cells = [cell for cell in cells if not any(cell is label.cell for label in labels)]
    ruled = [cell for cell in cells if _spans_rules(cell, cells, strokes, edges)]
    held = {id(cell) for cell in ruled}
    rows: list[PrintedRow] = []
    spanning: list[Wide] = []
    for group in _groups([cell for cell in cells if id(cell) not in held] or cells):
        own, wide = _split(group)
        spanning += wide
        rows += own
    for cell in ruled:
        top, bottom = _band(cell, strokes, edges)
        beside = [row for row in rows if top < row.top and row.bottom < bottom]
        if len(beside) > 1:
            spanning.append(Wide(cell, top, bottom))
        elif beside:
            beside[0].take(cell)
        else:
            rows.append(_row([cell]))
    return sorted(rows, key=lambda row: row.top), [*spanning, *labels]


def _centred_labels(cells: list[TableCell], heading: int) -> list[Wide]:
    """First cells that stand in the middle of groups of rows, each with its group; none where they do not all fit.

    The groups follow one another and leave no row out: so the middle of the first tells its last row, and that where the next begins.
    """
    body = [cell for cell in cells if cell.items[0].line >= heading]
    labels = sorted((cell for cell in body if cell.first == cell.last == 0), key=lambda cell: cell.top)
    groups = _groups([cell for cell in body if cell.first > 0])
    rows = [(min(cell.top for cell in group), max(cell.bottom for cell in group)) for group in groups]
    if not labels or len(labels) >= len(rows) or labels[0].top <= rows[0][1] + BESIDE_ROW * labels[0].size:
        return []  # a label beside the first row may be set at the top of its rows as well
    found: list[Wide] = []
    start = 0
    for label in labels:
        middle, reach = (label.top + label.bottom) / 2, CENTRED_LABEL * label.size
        end = next((n for n in range(start, len(rows)) if abs((rows[start][0] + rows[n][1]) / 2 - middle) <= reach), -1)
        if end < 0:
            return []
        found.append(Wide(label, rows[start][0] - 1, rows[end][1] + 1))
        start = end + 1
    return found if start == len(rows) else []


def _band(cell: TableCell, strokes: list[Stroke], edges: list[float]) -> tuple[float, float]:
    """The rules over a cell's columns next above and below it."""
    left, right = edges[cell.first], edges[cell.last + 1]
    tops = [stroke.top for stroke in strokes if stroke.covers(left, right)]
    return max((t for t in tops if t < cell.top), default=-_FAR), min((t for t in tops if t > cell.bottom), default=_FAR)


_FAR = 1e6  # points: beyond every page


def _spans_rules(cell: TableCell, cells: list[TableCell], strokes: list[Stroke], edges: list[float]) -> bool:
    """Whether a cell stands alone between two rules of its column, and rules of other columns part the rows beside it."""
    top, bottom = _band(cell, strokes, edges)
    beside = any(top < stroke.top < bottom for stroke in strokes)
    return beside and not any(_shares_columns(other, cell) and top < other.bottom and other.top < bottom for other in cells)


def _shares_columns(other: TableCell, cell: TableCell) -> bool:
    return other is not cell and other.first <= cell.last and cell.first <= other.last


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


def _split(group: list[TableCell]) -> tuple[list[PrintedRow], list[Wide]]:
    """A group of overlapping cells as one row, or as several beside cells that span them.

    It is several rows if no fewer columns hold several cells than hold one, or if only the first of two columns holds one.
    """
    columns: dict[int, list[TableCell]] = defaultdict(list)
    for cell in group:
        for column in range(cell.first, cell.last + 1):
            columns[column].append(cell)
    several = [own for own in columns.values() if len(own) > 1]
    single = [own[0] for own in columns.values() if len(own) == 1]
    if not several:
        return [_row(group)], []
    if len(several) >= len(single) or (len(columns) == 2 and len(columns[min(columns)]) == 1):
        rest = list({id(cell): cell for own in several for cell in own}.values())
        single = [cell for cell in {id(cell): cell for cell in single}.values() if cell not in rest]
        parts = _groups(rest)
        if len(parts) > 1:
            rows = [row for part in parts for row in _split(part)[0]]
            return rows, [wide for cell in single if (wide := _beside(cell, rows)) is not None]
    firsts: dict[int, list[TableCell]] = defaultdict(list)
    for cell in group:
        firsts[cell.first].append(cell)
    return [_row([_merged(own) for own in firsts.values()])], []


def _beside(cell: TableCell, rows: list[PrintedRow]) -> Wide | None:
    """A cell that stands beside some rows: None where that is one, which then takes it."""
    reach = BESIDE_ROW * cell.size
    beside = [row for row in rows if row.overlaps(cell)] or [rows[_nearest(rows, cell)]]
    if len(beside) == 1 and cell.first not in beside[0].cells:
        beside[0].take(cell)
        return None
    return Wide(cell, cell.top - reach, cell.bottom + reach)


def _nearest(rows: list[PrintedRow], cell: TableCell) -> int:
    return min(range(len(rows)), key=lambda n: abs(rows[n].top - cell.top))


def _merged(cells: list[TableCell]) -> TableCell:
    """Cells of one column as one, from top to bottom."""
    return TableCell([item for cell in sorted(cells, key=lambda cell: cell.top) for item in cell.items])


def _row(cells: Iterable[TableCell]) -> PrintedRow:
    own = {cell.first: cell for cell in cells}
    return PrintedRow(own, min(c.top for c in own.values()), max(c.bottom for c in own.values()))


def _stands_at(cell: TableCell, middle: float) -> bool:
    """Whether each line of a cell has its middle there."""
    return all(abs(item.run.centre - middle) < CENTRED * item.run.size for item in cell.items)


def widen_cells(rows: list[PrintedRow], edges: list[float]) -> None:
    """Lets the only cell beside the first of a row span all later columns, where it stands in their middle and other rows fill them."""
    columns = len(edges) - 1
    others = [len(row.cells) for row in rows if len(row.cells) > 2] or [0]
    if columns < FEWEST_TO_SPAN or statistics.median(others) < columns:
        return
    full = [row for row in rows if len(row.cells) == columns]
    middles = [(edges[1] + edges[-1]) / 2, *((row.cells[1].middle + row.cells[columns - 1].middle) / 2 for row in full[-1:])]
    for row in rows:
        if len(row.cells) == 2 and 0 in row.cells:
            (cell,) = (own for first, own in row.cells.items() if first)
            if cell.width < edges[-1] - edges[1] and any(_stands_at(cell, middle) for middle in middles):
                cell.items = [item._replace(first=1, last=columns - 1) for item in cell.items]
                row.cells = {0: row.cells[0], 1: cell}


def place_cells(rows: list[PrintedRow], spanning: list[Wide]) -> list[Placed]:
    """All cells in their places."""
    placed: list[Placed] = []
    for number, row in enumerate(rows):
        placed += (Placed(number, cell.first, 1, cell.last - cell.first + 1, cell) for cell in row.cells.values())
    for cell, top, bottom in spanning:
        beside = [n for n, row in enumerate(rows) if row.bottom >= top and row.top <= bottom] or [_nearest(rows, cell)]
        placed.append(Placed(beside[0], cell.first, beside[-1] - beside[0] + 1, cell.last - cell.first + 1, cell))
    return placed
