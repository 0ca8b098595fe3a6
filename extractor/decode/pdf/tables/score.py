"""Whether a block is a table: one score over what its print shows."""

from __future__ import annotations

from extractor.decode.pdf.tables.blocks import TableBlock
from extractor.decode.pdf.tables.cells import TableCell
from extractor.decode.pdf.tables.items import is_value
from extractor.decode.pdf.tables.rows import PrintedRow

# Signs for a table, each with its weight, and the weight that makes one.
_WEIGHTS = {
    "bounded": 3.0,  # rules of one length above and below
    "values": 2.0,  # a column of numbers
    "heading": 1.5,  # a first row in bold, or one rule under it
    "columns": 1.0,  # each column beyond the second
    "rows": 1.0,  # at least three rows with several cells
    "aligned": 1.0,  # the words of most columns begin, centre or end at one place
    "askew": -3.0,  # those of most columns do not
    "prose": -4.0,  # the columns are full of long lines, as those of a page are
    "marks": -3.0,  # the first column holds nothing but marks of a list
}
_LEAST = 2.5
"""A bounded block needs no more than one sign against the doubt; a free one needs numbers, a heading, or several columns in line."""
_IN_LINE = 2.0  # points
_LONG_LINE = 16.0  # ems


def is_table(block: TableBlock, rows: list[PrintedRow], edges: list[float]) -> bool:
    """Whether the signs for a table outweigh those against it."""
    full = [row for row in rows if len(row.cells) > 1]
    if len(rows) < 2 or not full:
        return False
    columns = [[row.cells[n] for row in rows if n in row.cells and row.cells[n].last == n] for n in range(len(edges) - 1)]
    aligned = sum(_in_line(cells) for cells in columns) / len(columns)
    signs = {
        "bounded": block.bounded,
        "values": any(_are_values(cells) for cells in columns[1:]),
        "heading": _has_heading(rows[0], full[-1]),
        "columns": len(edges) - 3,
        "rows": len(full) > 2,
        "aligned": aligned >= 0.75,
        "askew": aligned < 0.5,
        "prose": sum(_is_prose(cells) for cells in columns) > 1 and not block.bounded,
        "marks": all(map(_is_mark, columns[0])),
    }
    return sum(_WEIGHTS[sign] * shown for sign, shown in signs.items()) >= _LEAST


def _has_heading(first: PrintedRow, last: PrintedRow) -> bool:
    """Whether the first row has several cells, all bold, and the last is not as bold."""
    return len(first.cells) > 1 and all(map(_bold, first.cells.values())) and not all(map(_bold, last.cells.values()))


def _is_mark(cell: TableCell) -> bool:
    """Whether a cell holds no more than a mark of a list: 1. or a dot."""
    glyphs = cell.items[0].run.glyphs
    return len(glyphs) <= 3 and not glyphs[0].char.isalpha()


def _bold(cell: TableCell) -> bool:
    return all(item.run.bold for item in cell.items)


def _are_values(cells: list[TableCell]) -> bool:
    """Whether most cells below the first are values."""
    texts = [cell.items[0].run.text for cell in cells[1:]]
    return len(texts) > 1 and 2 * sum(map(is_value, texts)) > len(texts)


def _in_line(cells: list[TableCell]) -> bool:
    """Whether most lines of a column begin, centre or end at one place."""
    runs = [cell.items[0].run for cell in cells]
    if len(runs) < 2:
        return True
    for places in ([run.left for run in runs], [run.centre for run in runs], [run.right for run in runs]):
        middle = sorted(places)[len(places) // 2]
        if sum(abs(place - middle) <= _IN_LINE for place in places) >= 0.6 * len(places):
            return True
    return False


def _is_prose(cells: list[TableCell]) -> bool:
    lines = [item.run for cell in cells for item in cell.items]
    return sum(run.width > _LONG_LINE * run.size for run in lines) > 0.6 * len(lines)
