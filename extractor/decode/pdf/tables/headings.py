"""The heading of a table: how many of its rows it takes, and which of its cells stand over several columns."""

from __future__ import annotations

from itertools import takewhile

from extractor.decode.pdf.drawings import Shade
from extractor.decode.pdf.tables.blocks import TableBlock
from extractor.decode.pdf.tables.cells import TableCell
from extractor.decode.pdf.tables.items import is_size, is_value, value_columns
from extractor.decode.pdf.tables.rows import Placed, PrintedRow
from extractor.decode.pdf.tables.strokes import Stroke
from extractor.decode.pdf.tolerances import BESIDE_PARTS, BESIDE_ROW, CLOSE_LINES, MOST_HEADING_ROWS, NEARER


def heading_rows(block: TableBlock, rows: list[PrintedRow], shades: list[Shade], edges: list[float]) -> int:
    """How many rows at the top are the heading, 0 where nothing shows it.

    They are those above the only rule across the table, else those on shaded ground, else those in bold type, else those above the
    first row of values.
    """
    left, right = edges[0], edges[-1]
    strokes = [s for s in block.strokes if s.covers(left, right) and rows[0].bottom < s.top < rows[-1].top]
    across = {sum(row.bottom < s.top for row in rows) for s in strokes}
    shaded = _leading([any(_covers(shade, row, left, right) for shade in shades) for row in rows])
    bold = _leading([all(_is_bold(cell) for cell in row.cells.values()) for row in rows])
    signs = (across.pop() if len(across) == 1 else 0, shaded, _without_groups(rows, bold), _without_groups(rows, _above_values(rows)))
    return next((sign for sign in signs if 0 < sign <= min(MOST_HEADING_ROWS, len(rows) - 1)), 0)


def _without_groups(rows: list[PrintedRow], count: int) -> int:
    """A number of rows without the last of them that hold a first cell only: those head the rows below."""
    while count and set(rows[count - 1].cells) == {0}:
        count -= 1
    return count


def _above_values(rows: list[PrintedRow]) -> int:
    """How many rows stand above the first with a value in a column of values; 0 where no column is one."""
    items = [item for row in rows for cell in row.cells.values() for item in cell.items]
    values = value_columns(items)
    marks = [not any(cell.first in values and is_value(cell.text) for cell in row.cells.values()) for row in rows]
    return _leading(marks) if values else 0


def _leading(marks: list[bool]) -> int:
    return next((n for n, mark in enumerate(marks) if not mark), len(marks))


def _covers(shade: Shade, row: PrintedRow, left: float, right: float) -> bool:
    reach = min(shade.right, right) - max(shade.left, left)
    return shade.top < row.bottom < shade.bottom and reach > 0


def _is_bold(cell: TableCell) -> bool:
    return all(item.run.bold for item in cell.items)


def span_columns(placed: list[Placed], head: int, edges: list[float], strokes: list[Stroke]) -> None:
    """Lets heading cells span the columns beside them that have no cell of their own there, but one below.

    A rule under the cell shows it, or words that stand in the middle of several columns. Else an only cell takes all columns to its
    right, and several take theirs if each then has as many.
    """
    groups = _repeated(placed, head)
    for row in reversed(range(head - 1)):
        own = sorted((c for c in placed if c.row == row and c.column), key=lambda c: c.column)
        below = [range(c.column, c.column + c.columns) for c in placed if row < c.row < head and c.columns > 1]
        for cell in own:
            free = _free(placed, cell, head)
            first, last = _ruled(cell, free, edges, strokes) or _middle(cell, free, [*below, *_over_others(cell, groups)], edges)
            cell.column, cell.columns = first, last - first
        _share(own, [_free(placed, cell, head) for cell in own])
    for row in range(head - 1) if groups else ():
        _snap(placed, row, head, groups)


def _repeated(placed: list[Placed], head: int) -> list[range]:
    """Groups of columns under which the last row of the heading repeats its words: the grades of each arm, [] where it does not."""
    last: dict[int, Placed] = {}
    for cell in sorted((c for c in placed if c.row < head and c.columns == 1 and c.column), key=lambda c: c.row):
        last[cell.column] = cell
    words = [last[column].cell.text if column in last else "" for column in range(1, max(last, default=0) + 1)]
    for size in range(2, len(words) // 2 + 1):
        end = next((n for n in range(size, len(words)) if words[n] != words[n - size]), len(words)) // size * size
        if end >= 2 * size and all(words[:end]) and len(set(words[:size])) == size:
            return [range(start + 1, start + 1 + size) for start in range(0, end, size)]
    return []


def _snap(placed: list[Placed], row: int, head: int, groups: list[range]) -> None:
    """Lets cells of a row take the whole of each group that they stand over, where nothing else stands there."""
    own = sorted((c for c in placed if c.row == row and c.column), key=lambda c: c.column)
    for cell in own:
        columns = range(cell.column, cell.column + cell.columns)
        free = _free(placed, cell, head) | set(columns)
        over = [group for group in groups if not set(columns).isdisjoint(group)]
        if over and free.issuperset(range(over[0].start, over[-1].stop)):
            over += _further([c for c in placed if row < c.row < head - 1], cell, groups[groups.index(over[0]) :][len(over) - 1 :], free)
            cell.column, cell.columns = over[0].start, over[-1].stop - over[0].start


def _further(lower: list[Placed], cell: Placed, groups: list[range], free: set[int]) -> list[range]:
    """The groups behind the last of some that a cell takes too: it begins where the head below it does, and theirs stand beside that."""
    below = next((c for c in lower if c.column == cell.column), None)
    if below is None or abs(_left(below) - _left(cell)) >= NEARER * cell.cell.size:
        return []
    heads = {c.column for c in lower if abs(c.cell.top - below.cell.top) < BESIDE_ROW * below.cell.size}
    return list(takewhile(lambda group: group.start in heads and free.issuperset(group), groups[1:]))


def _left(cell: Placed) -> float:
    """Where a cell's first line begins."""
    return cell.cell.items[0].run.left


def _ruled(cell: Placed, free: set[int], edges: list[float], strokes: list[Stroke]) -> tuple[int, int] | None:
    """The columns that a rule right below a cell runs over, where they are several and free: None where no rule tells."""
    bottom, reach = cell.cell.bottom, CLOSE_LINES * cell.cell.size
    for stroke in strokes:
        if not bottom < stroke.top < bottom + reach or stroke.reaches(edges[0], edges[-1]):
            continue
        columns = [n for n in range(1, len(edges) - 1) if stroke.left < (edges[n] + edges[n + 1]) / 2 < stroke.right]
        own = set(range(cell.column, cell.column + cell.columns))
        if len(columns) > 1 and own <= set(columns) <= free | own:
            return columns[0], columns[-1] + 1
    return None


def _middle(cell: Placed, free: set[int], below: list[range], edges: list[float]) -> tuple[int, int]:
    """The columns, with free ones on either side, in whose middle a cell's words stand; its own where that is no nearer.

    Columns `below` that belong together are not cut.
    """
    start, end = cell.column, cell.column + cell.columns
    lefts, rights = [start], [end]
    while lefts[-1] - 1 in free:
        lefts.append(lefts[-1] - 1)
    while rights[-1] in free:
        rights.append(rights[-1] + 1)
    ways = [(first, last) for first in lefts for last in rights if not any(_cuts(group, first, last) for group in below)]
    best = min(ways, key=lambda way: _off(cell, way[0], way[1], edges), default=(start, end))
    gain = _off(cell, start, end, edges) - _off(cell, best[0], best[1], edges)
    return best if gain > NEARER * cell.cell.size or (start, end) not in ways else (start, end)


def _over_others(cell: Placed, groups: list[range]) -> list[range]:
    """The groups that a cell's columns may not cut: all but one that it stands in itself, which its words may not fill."""
    return [group for group in groups if not (group.start <= cell.column and cell.column + cell.columns <= group.stop)]


def _cuts(group: range, first: int, last: int) -> bool:
    """Whether some columns hold a part only of those that belong together."""
    return any(group.start < edge < group.stop for edge in (first, last))


def settle_headings(placed: list[Placed], head: int) -> int:
    """How many rows the heading has when each cell stands as high as cells stand under its columns.

    So a cell that heads its columns alone spans the whole heading, whether it is set at the top, in the middle or at the foot, and
    arms stand in one row though one of them takes more lines.
    """
    _take_sizes(placed, head)
    cells = sorted((c for c in placed if c.row < head), key=lambda c: (c.row, c.column))
    below = [0] * len(cells)
    for number in reversed(range(len(cells))):
        lower = [below[n] + 1 for n in range(number + 1, len(cells)) if _is_over(cells[number], cells[n])]
        below[number] = max(lower, default=0)
    height = max(below, default=-1) + 1
    ends = [height - count for count in below]
    starts = [max((ends[n] for n in range(number) if _is_over(cells[n], cell)), default=0) for number, cell in enumerate(cells)]
    own = {id(cell) for cell in cells}
    for cell, start, end in zip(cells, starts, ends, strict=True):
        cell.row, cell.rows = start, end - start
    for cell in placed:
        if id(cell) not in own:
            cell.row -= head - height
    return height


def _is_over(cell: Placed, other: Placed) -> bool:
    """Whether a heading cell stands in a row above another, over one of its columns."""
    share = cell.column < other.column + other.columns and other.column < cell.column + cell.columns
    return share and cell.row < other.row


def _has_columns_of(upper: Placed, cell: Placed) -> bool:
    """Whether a cell has all columns of another."""
    return upper.column <= cell.column and cell.column + cell.columns <= upper.column + upper.columns


def _take_sizes(placed: list[Placed], head: int) -> None:
    """Puts the size of an arm, where it stands as a cell of its own, into the cell of the arm above it."""
    for cell in [c for c in placed if 0 < c.row < head and is_size(c.cell.items[0].text)]:
        above = [c for c in placed if c.row < cell.row and _heads(c, cell.column, head)]
        upper = max(above, key=lambda c: c.row, default=None)
        if upper is not None and _has_columns_of(upper, cell):
            upper.cell.items += cell.cell.items
            placed.remove(cell)


def _heads(cell: Placed, column: int, head: int) -> bool:
    return cell.row < head and cell.column <= column < cell.column + cell.columns


def _free(placed: list[Placed], cell: Placed, head: int) -> set[int]:
    """The columns without a cell in a heading cell's row that have one below it in the heading, the first column left out.

    One that stands less than a line below, or beside none of those below the cell itself, is set in the middle of several rows.
    """
    taken = {n for c in placed if c.row <= cell.row < c.row + c.rows for n in range(c.column, c.column + c.columns)}
    below = [c for c in placed if cell.row < c.row < head and c.cell.top > cell.cell.bottom + BESIDE_PARTS * cell.cell.size]
    own = [c for c in below if c.column < cell.column + cell.columns and cell.column < c.column + c.columns]
    lower = [c for c in below if any(_stand_beside(c, other) for other in own)]
    return {n for c in lower for n in range(c.column, c.column + c.columns)} - taken - {0}


def _stand_beside(one: Placed, other: Placed) -> bool:
    """Whether two cells share a height."""
    reach = BESIDE_ROW * one.cell.size
    return one.cell.top <= other.cell.bottom + reach and other.cell.top <= one.cell.bottom + reach


def _off(cell: Placed, first: int, last: int, edges: list[float]) -> float:
    """How far a cell's words stand from the middle of some columns."""
    centre = sum(item.run.centre for item in cell.cell.items) / len(cell.cell.items)
    return abs(centre - (edges[first] + edges[last]) / 2)


def _share(own: list[Placed], free: list[set[int]]) -> None:
    """Gives each cell the free columns to its right, if all then span equally many; none that spans several by its words."""
    if any(cell.columns > 1 for cell in own):
        return
    spans = []
    for cell, columns in zip(own, free, strict=True):
        end = cell.column + cell.columns
        while end in columns:
            end += 1
        spans.append(end - cell.column)
    if len(set(spans)) == 1:
        for cell, span in zip(own, spans, strict=True):
            cell.columns = span
