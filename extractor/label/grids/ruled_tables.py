"""Tables that the layout of a PDF shows: cells come from the decoder, header and notes are told apart here."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from extractor.label.grids.table_draft import TableDraft, find_caption, paragraph_end, split_note_rows, split_notes
from extractor.label.text.lines import PrintedLine, display_width
from extractor.label.text.passages import EMPTY, Passage, join_lines, join_words
from extractor.layout import Cell
from extractor.patterns import lazy_pattern

_head_cell = lazy_pattern(r"[（(]\s*[%％]\s*[)）]|[nN]\s*[=＝(（]|[%％]$|^[%％]|级|例数|发生率|频率|分级")
_table_title = lazy_pattern(r"(?:表|数据|结果|总结|汇总)$")
_plain_value = lazy_pattern(r"[<>≤≥＜＞]?\s?\d[\d.,]{0,9}\s?[%％]?(?:\s?[（(]\s?[<>≤≥＜＞]?\d[\d.,]{0,9}\s?[%％]?\s?[)）])?")
_STACKED = 3
"""Lines of a cell that are whole values, and more than a value with its share and its interval takes."""
_SMALL = 0.93  # of the commonest type size: notes are set at least half a point smaller
_REMARK = 40  # columns, 20 Chinese characters: a unit or a size of groups; a longer line is text


def find_grid_table(lines: list[PrintedLine], start: int) -> tuple[TableDraft, int] | None:
    """The table that begins at line `start`, its caption included, and the line behind its notes."""
    body, caption, number = start, EMPTY, ""
    if lines[start].grid < 0:
        found = find_caption(lines, start)
        end = _past_remark(lines, start + found.length) if found and found.kind == "表" else _title_end(lines, start)
        if end == start or end >= len(lines) or lines[end].grid < 0:
            return None
        body = end
        caption = found.title if found else join_lines(line.passage for line in lines[start:end])
        number = found.number if found else ""
    return _table(lines, start, body, caption, number)


def _past_remark(lines: list[PrintedLine], end: int) -> int:
    """The line behind a short remark (the unit, say) that stands between a caption and its table."""
    short = end + 1 < len(lines) and lines[end].grid < 0 <= lines[end + 1].grid and display_width(lines[end].text) <= _REMARK
    return end + 1 if short else end


def _title_end(lines: list[PrintedLine], start: int) -> int:
    """The line behind an unnumbered title that stands right above a table, else `start`."""
    end = paragraph_end(lines, start)
    text = "".join(line.text for line in lines[start:end])
    above = end < len(lines) and lines[end].grid >= 0 and display_width(text) <= 80
    return end if above and _table_title.search(text.rstrip()) and "。" not in text else start


def _table(lines: list[PrintedLine], start: int, body: int, caption: Passage, number: str) -> tuple[TableDraft, int]:
    end = _grid_end(lines, body)
    rows = _rows(lines[body:end])
    top = _header_height(lines[body:end], alone=not _goes_on(lines, end, []))
    header = _spread(_rows(lines[body:end], headings=True)[:top], header=True)
    while _goes_on(lines, end, rows[:top]):
        behind = _grid_end(lines, end)
        more = _rows(lines[end:behind])
        repeated = _texts(more[:top]) == _texts(rows[:top])
        _extend(rows, more[top if repeated else 0 :], lines[end])
        end = behind
    notes, behind = _notes(lines, end)
    if _holds_rows_unparted(lines[body:end]):
        return TableDraft(number, caption, [], [], notes, lines[start:behind], certain=False), behind
    own, within = split_note_rows(_spread(rows[top:], header=False))
    return TableDraft(number, caption, header, own, [*within, *notes], lines[start:behind]), behind


def _holds_rows_unparted(lines: list[PrintedLine]) -> bool:
    """Whether two cells side by side each hold a column of values: rows that no rule parts, and that the decoder could not tell."""
    values: Counter[tuple[int, int, int]] = Counter()
    others: set[tuple[int, int, int]] = set()
    for line in lines:
        if line.place is None:
            continue
        cell = line.grid, line.place.row, line.place.column
        if _plain_value.fullmatch(line.text.strip()):
            values[cell] += 1
        else:
            others.add(cell)
    full = Counter((grid, row) for (grid, row, column), count in values.items() if count >= _STACKED and (grid, row, column) not in others)
    return any(count > 1 for count in full.values())


def _grid_end(lines: list[PrintedLine], start: int) -> int:
    end = start
    while end < len(lines) and lines[end].grid == lines[start].grid:
        end += 1
    return end


def _goes_on(lines: list[PrintedLine], end: int, header: list[_Row]) -> bool:
    """Whether the grid that begins at `end` goes on with the one before it, nothing between.

    The layout says so; or it stands on the next page and is as wide; or it repeats the heading.
    """
    if not 0 <= end < len(lines) or lines[end].grid < 0:
        return False
    if _continues(lines[end]):
        return True
    more = lines[end : _grid_end(lines, end)]
    same = _width(more) == _width([line for line in lines[:end] if line.grid == lines[end - 1].grid])
    repeats = _texts(_rows(more)[: len(header)]) == _texts(header) != []
    return same and (lines[end].page == lines[end - 1].page + 1 or repeats)


def _continues(line: PrintedLine) -> bool:
    """Whether the layout says that the table of a line goes on with the one before it."""
    return line.table is not None and line.table.continues != ""


def _width(lines: list[PrintedLine]) -> int:
    return max((line.place.column + line.place.columns for line in lines if line.place), default=0)


class _Row(NamedTuple):
    """A row of a grid: its cells from left to right, (cell, text); how many columns the grid has."""

    cells: list[tuple[Cell, Passage]]
    columns: int


def _rows(lines: list[PrintedLine], *, headings: bool = False) -> list[_Row]:
    """The rows of one grid that hold text; each cell in the row where it begins. Lines of `headings` are broken by hand, and go on."""
    held: dict[tuple[int, int], list[PrintedLine]] = {}
    for line in lines:
        if line.place:
            held.setdefault((line.place.row, line.place.column), []).append(line)
    rows: dict[int, list[tuple[Cell, Passage]]] = {}
    for (row, _), own in sorted(held.items()):
        rows.setdefault(row, []).append((own[0].place, join_lines(line.passage for line in own) if headings else _joined(own)))  # type: ignore[arg-type]
    columns = _width(lines)
    return [_Row(cells, columns) for _, cells in sorted(rows.items())]


def _joined(lines: list[PrintedLine]) -> Passage:
    """The text of a cell: wrapped lines joined, paragraphs parted by a blank."""
    groups: list[list[Passage]] = [[]]
    for line in lines:
        groups[-1].append(line.passage)
        if line.closed:
            groups.append([])
    return join_words([join_lines(group) for group in groups if group])


def _texts(rows: list[_Row]) -> list[list[str]]:
    """The words of rows, blanks aside: a line may wrap otherwise on the next page."""
    return [["".join(passage.text.split()) for _, passage in row.cells] for row in rows]


def _header_height(lines: list[PrintedLine], *, alone: bool) -> int:
    """How many rows are header, as the print shows it; else by what the cells span and say.

    That is what the first cell spans, a row below an arm over several columns, rows of mere headings. A table that stands `alone` keeps one row at least; one that goes on may have its body elsewhere.
    """
    rows = _rows(lines)
    most = max(1, len(rows) - alone)
    if lines[0].table is not None and 0 < lines[0].table.head <= most:
        return lines[0].table.head
    if 0 < (bold := _bold_rows(lines, rows)) <= most:
        return bold
    height = max([1 + _is_spread(rows[0]), *(cell.rows for cell, _ in rows[0].cells if cell.column == 0)])
    while height < len(rows) - 1 and all(cell.column > 0 and _head_cell.search(text.text) for cell, text in rows[height].cells):
        height += 1
    return min(height, most)


def _is_spread(row: _Row) -> bool:
    """Whether a row has cells over several columns, none of them over all."""
    columns = [cell.columns for cell, _ in row.cells]
    return max(columns) > 1 and row.columns not in columns


def _bold_rows(lines: list[PrintedLine], rows: list[_Row]) -> int:
    """How many rows at the top are bold; none where all rows are, and not a row of one cell: it heads the rows below."""
    plain = {line.place.row for line in lines if line.place and not line.bold}
    bold = next((n for n, row in enumerate(rows) if any(cell.row in plain for cell, _ in row.cells)), 0)
    while bold and len(rows[bold - 1].cells) == 1:
        bold -= 1
    return bold


def _extend(rows: list[_Row], more: list[_Row], first: PrintedLine) -> None:
    """Adds the rows of the next page.

    The first goes on with the last row where the layout says so, or where only its last cell holds words; one that begins with empty cells takes its first cells over.
    """
    cut = first.table is not None and first.table.continues == "row"
    for number, row in enumerate(more):
        lead = row.cells[0][0].column
        if number == 0 and rows and (cut or 0 < lead == row.columns - 1):
            rows[-1] = _merged(rows[-1], row)
        elif number == 0 and rows and lead > 0 and first.table is not None and first.table.ruled:
            head = [(cell._replace(rows=1), text) for cell, text in rows[-1].cells if cell.column < lead]
            rows.append(_Row([*head, *row.cells], row.columns))
        else:
            rows.append(row)


def _merged(row: _Row, rest: _Row) -> _Row:
    """A row that a page end cut in two, as one."""
    below = {cell.column: text for cell, text in rest.cells}
    cells = [(cell, join_lines([text, below.pop(cell.column)]) if cell.column in below else text) for cell, text in row.cells]
    new = [(cell, text) for cell, text in rest.cells if cell.column in below]
    return _Row(sorted([*cells, *new], key=lambda item: item[0].column), row.columns)


def _spread(rows: list[_Row], *, header: bool) -> list[list[Passage]]:
    """Rows of as many cells as there are columns.

    In a header a cell over several rows or columns is repeated; elsewhere it stands once, since print without rules does not show how far it reaches.
    """
    columns = max((row.columns for row in rows), default=0)
    out: list[list[Passage]] = []
    carried: dict[int, tuple[int, Passage]] = {}
    for row in rows:
        cells = [EMPTY] * columns
        for column, (left, text) in list(carried.items()):
            cells[column] = text
            carried[column] = (left - 1, text)
        for cell, text in row.cells:
            for column in range(cell.column, cell.column + (cell.columns if header else 1)):
                cells[column] = text
                carried[column] = (cell.rows - 1 if header else 0, text)
        carried = {column: entry for column, entry in carried.items() if entry[0] > 0}
        out.append(cells)
    return out


def _notes(lines: list[PrintedLine], start: int) -> tuple[list[Passage], int]:
    """The notes under a table: by their marks and words, or by type smaller than that of the text."""
    sizes = Counter(round(line.size, 1) for line in lines if line.grid < 0 and line.size)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    return split_notes(lines, start, lambda line: 0 < line.size < _SMALL * body)
