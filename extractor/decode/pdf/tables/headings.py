"""The heading of a table: how many of its rows it takes, and which of its cells stand over several columns."""

from __future__ import annotations

from extractor.decode.pdf.drawings import Shade
from extractor.decode.pdf.tables.cells import TableCell
from extractor.decode.pdf.tables.rows import Placed, Row
from extractor.decode.pdf.tables.strokes import Stroke
from extractor.decode.pdf.tolerances import MOST_HEADING_ROWS


def heading_rows(rows: list[Row], strokes: list[Stroke], shades: list[Shade], edges: list[float]) -> int:
    """How many rows at the top are the heading, 0 where the print does not show it.

    They are those above the only rule across the table, else those on shaded ground, else those in bold type.
    """
    left, right = edges[0], edges[-1]
    most = min(MOST_HEADING_ROWS, len(rows) - 1)
    across = [sum(row.bottom < s.top for row in rows) for s in strokes if s.covers(left, right) and rows[0].bottom < s.top < rows[-1].top]
    if len(set(across)) == 1 and across[0] <= most:
        return across[0]
    shaded = _leading([any(_covers(shade, row, left, right) for shade in shades) for row in rows])
    if 0 < shaded <= most:
        return shaded
    bold = _leading([len(row.cells) > 1 and all(_is_bold(cell) for cell in row.cells.values()) for row in rows])
    return bold if bold <= most else 0


def _leading(marks: list[bool]) -> int:
    return next((n for n, mark in enumerate(marks) if not mark), len(marks))


def _covers(shade: Shade, row: Row, left: float, right: float) -> bool:
    reach = min(shade.right, right) - max(shade.left, left)
    return shade.top < row.bottom < shade.bottom and reach > 0


def _is_bold(cell: TableCell) -> bool:
    return all(item.run.bold for item in cell.items)


def span_columns(placed: list[Placed], head: int, edges: list[float]) -> None:
    """Lets heading cells span the columns beside them that have no cell of their own there, but one in the row below."""
    columns = len(edges) - 1
    for row in range(head - 1):
        own = sorted((c for c in placed if c.row == row), key=lambda c: c.column)
        taken = {n for c in placed if c.row <= row < c.row + c.rows for n in range(c.column, c.column + c.columns)}
        below = {n for c in placed if c.row == row + 1 for n in range(c.column, c.column + c.columns)}
        free = [n for n in range(columns) if n not in taken and n in below]
        for column in free:
            _adopt(column, own, edges, below)


def _adopt(column: int, own: list[Placed], edges: list[float], below: set[int]) -> None:
    """Gives a column without a cell to the neighbour whose words then stand nearer to the middle of its columns, else to the left one."""
    del below
    left = next((c for c in reversed(own) if c.column + c.columns == column), None)
    right = next((c for c in own if c.column == column + 1), None)
    gains = [(gain, order, c) for order, c in enumerate((left, right)) if c is not None and (gain := _gain(c, column, edges)) is not None]
    if not gains:
        return
    _, _, best = max(gains, key=lambda g: (g[0], -g[1]))
    if best is left:
        best.columns += 1
    else:
        best.column, best.columns = column, best.columns + 1


def _gain(cell: Placed, column: int, edges: list[float]) -> float | None:
    """How much nearer to the middle of its columns a cell's words stand with one column more; None for a cell that heads the rows."""
    if cell.column == 0:
        return None
    centre = sum(item.run.centre for item in cell.cell.items) / len(cell.cell.items)
    first, last = min(cell.column, column), max(cell.column + cell.columns, column + 1)
    now = abs(centre - (edges[cell.column] + edges[cell.column + cell.columns]) / 2)
    return now - abs(centre - (edges[first] + edges[last]) / 2)
