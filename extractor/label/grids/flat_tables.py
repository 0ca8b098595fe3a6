"""Tables in a text copy: what is certain of their rows, after the cues that copying leaves.

A line feed ends a cell or wraps one (`Line.closed`), cells of one line share a row, values stand at the end of it.
"""

from __future__ import annotations

from collections import Counter

from extractor.label.grids.cells import has_interval, is_interval, open_brackets, split_cells, split_values
from extractor.label.grids.flat_header import count_sizes, header_cells, header_end, header_rows
from extractor.label.grids.table_draft import TableDraft, find_caption, is_note, is_worded_note, split_notes
from extractor.label.text.lines import PrintedLine
from extractor.label.text.passages import EMPTY, Passage, join_lines
from extractor.patterns import lazy_pattern

_goes_on = lazy_pattern(r"[（(\[［]|[Nn]\s*[（(]")
_LONGEST = 400  # lines that a table may have, so that a missed end does not swallow the section
_INDENTED = 1.0  # `Line.left` of a copied line that begins with a blank: its first cell is empty
_AHEAD = 4  # lines: the short one and three behind it, enough to meet a row that does not wrap
_SHORT = 16  # characters: names of groups of rows are shorter, sentences longer


def find_flat_table(lines: list[PrintedLine], start: int) -> tuple[TableDraft, int] | None:
    """The table whose caption begins at line `start`, and the line behind it."""
    caption = find_caption(lines, start)
    if caption is None or caption.kind != "表":
        return None
    body = start + caption.length
    end = _limit(lines, body)
    table, used = _values_table(lines[body:end]) or _words_table(lines[body:end]) or (TableDraft(certain=False), 0)
    table.notes, end = split_notes(lines, body + used)
    table.number, table.caption, table.lines = caption.number, caption.title, lines[start:end]
    return table, end


def _limit(lines: list[PrintedLine], start: int) -> int:
    """The line that a table from `start` on cannot reach: the next caption, or a table that the layout shows."""
    for i in range(start, min(len(lines), start + _LONGEST)):
        if lines[i].grid >= 0 or find_caption(lines, i) is not None:
            return i
    return min(len(lines), start + _LONGEST)


class _ValueRows:
    """Rows of a label and values, gathered line by line."""

    def __init__(self) -> None:
        self.rows: list[tuple[list[Passage], list[Passage]]] = []
        self.ends: list[int] = []
        self.wrapped = False

    def add(self, line: PrintedLine, number: int, columns: int) -> None:
        """Takes the next line, number `number` of the body."""
        label, values = split_values(line.passage)
        extra = max(0, len(values) - columns)
        label = label if not extra else line.passage.cut(0, line.text.rfind(values[extra].text))
        if not label.text and self.rows:
            self._extend(values[extra:])
        else:
            self._begin(label, values[extra:])
        self.wrapped = not line.closed
        self.ends[-1] = number + 1

    def _begin(self, label: Passage, values: list[Passage]) -> None:
        goes_on = self.rows and not self.rows[-1][1] and (self.wrapped or _goes_on.match(label.text))
        if not goes_on:
            self.rows.append(([], []))
            self.ends.append(0)
        self.rows[-1][0].append(label)
        self.rows[-1][1].extend(values)

    def _extend(self, values: list[Passage]) -> None:
        kept = self.rows[-1][1]
        for value in values:
            if is_interval(value.text) and kept and not has_interval(kept[-1].text):
                kept[-1] = join_lines([kept[-1], value])
            else:
                kept.append(value)


def _values_table(lines: list[PrintedLine]) -> tuple[TableDraft, int] | None:
    """A table whose rows are a label and values, or None."""
    first, columns = _first_values(lines)
    if columns < 2 or first == len(lines):
        return None
    top = header_end(lines, first)
    rows, used = _read_rows(lines, top, columns)
    header = header_rows(header_cells(lines[:top]), columns + 1)
    fits = all(len(values) in (0, 1, columns) for _, values in rows)
    if not any(values for _, values in rows):
        return None
    cells = [_padded([join_lines(label), *values], columns + 1) for label, values in rows]
    return TableDraft(header=header, rows=cells, certain=bool(header) and fits), used


def _first_values(lines: list[PrintedLine]) -> tuple[int, int]:
    """The first line with values, and how many columns of values there are (0: it is no such table)."""
    split = [split_values(line.passage) for line in lines]
    first = next((i for i, row in enumerate(split) if len(row.values) > 1 or (row.values and not row.label.text)), len(lines))
    several = Counter(len(row.values) for row in split[first : first + 60] if len(row.values) > 1)
    return first, several.most_common(1)[0][0] if several else count_sizes(lines[:first])


def _padded(row: list[Passage], columns: int) -> list[Passage]:
    return row + [EMPTY] * (columns - len(row))


def _read_rows(lines: list[PrintedLine], top: int, columns: int) -> tuple[list[tuple[list[Passage], list[Passage]]], int]:
    """The rows from line `top` on, and the line behind the last that holds values."""
    gathered = _ValueRows()
    for number in range(top, len(lines)):
        line = lines[number]
        values = split_values(line.passage).values
        if not gathered.wrapped and not values and (_is_prose(lines, number) or (gathered.rows and is_note(line.text))):
            break
        if gathered.rows and values and not gathered.wrapped and is_worded_note(line.text):
            break
        gathered.add(line, number, columns)
    while gathered.rows and not gathered.rows[-1][1]:
        gathered.rows.pop()
        gathered.ends.pop()
    return gathered.rows, gathered.ends[-1] if gathered.ends else top


def _is_prose(lines: list[PrintedLine], start: int) -> bool:
    """Whether a paragraph of sentences begins at a line."""
    text = lines[start].text
    for line in lines[start + 1 : start + 4]:
        if lines[start].closed or "。" in text:
            break
        text += line.text
        start += 1
    return "。" in text


def _words_table(lines: list[PrintedLine]) -> tuple[TableDraft, int] | None:
    """A table of words: its header line tells the number of columns."""
    if not lines:
        return None
    header = split_cells(lines[0].passage)
    if lines[0].left == _INDENTED and not lines[0].size:
        header.insert(0, EMPTY)
    if len(header) < 2:
        return None
    rows: list[_WordRow] = []
    used, wrapped = 1, not lines[0].closed
    for number, line in enumerate(lines[1:], 1):
        if not wrapped and _ends(rows, lines, number, len(header)):
            break
        _place(rows, lines, number, len(header), wrapped=wrapped)
        used, wrapped = number + 1, not line.closed
    cells = _aligned([[join_lines(cell) for cell in row] for row in rows], len(header))
    whole = [row for row in cells if len(row) == len(header)]
    return (TableDraft(header=[header], rows=whole, certain=len(whole) == len(cells)), used) if whole else None


_WordRow = list[list[Passage]]


def _aligned(rows: list[list[Passage]], columns: int) -> list[list[Passage]]:
    """Rows that lack their first cell, because it spans several rows, get an empty one: the next cell stands in its column elsewhere."""
    second = {row[1].text for row in rows if len(row) == columns}
    return [[EMPTY, *row] if len(row) == columns - 1 and row[0].text in second else row for row in rows]


def _ends(rows: list[_WordRow], lines: list[PrintedLine], number: int, columns: int) -> bool:
    """Whether the table is over before a line: one cell that is a sentence, a note, or followed by no more rows."""
    complete = not rows or len(rows[-1]) >= columns
    if complete and rows and _open_cell(rows[-1]) is not None:
        return False
    alone = len(split_cells(lines[number].passage)) == 1
    if alone and _is_prose(lines, number):
        return True
    return alone and complete and (is_note(lines[number].text) or not (_row_follows(lines, number) or _rows_follow(lines, number)))


def _row_follows(lines: list[PrintedLine], number: int) -> bool:
    """Whether a line that is one cell can begin a row: another cell stands tight behind it."""
    end = number
    while end < len(lines) - 1 and not lines[end].closed:
        end += 1
    return end + 1 < len(lines) and lines[end + 1].gap == 0 and lines[end + 1].gap != lines[number].gap


def _rows_follow(lines: list[PrintedLine], number: int) -> bool:
    """Whether a short line is followed at once by a row of several cells."""
    ahead = lines[number : number + _AHEAD]
    if any(len(line.text) > _SHORT or "。" in line.text for line in ahead[:1]):
        return False
    return any(len(split_cells(line.passage)) > 1 and "。" not in line.text for line in ahead[1:])


def _open_cell(row: _WordRow) -> int | None:
    return next((i for i, cell in enumerate(row[:-1]) if open_brackets("".join(p.text for p in cell))), None)


def _place(rows: list[_WordRow], lines: list[PrintedLine], number: int, columns: int, *, wrapped: bool) -> None:
    """Puts the cells of a line where they belong: on with a wrapped or cut cell, into an open row, or into a new one."""
    parts = split_cells(lines[number].passage)
    complete = not rows or len(rows[-1]) >= columns
    if wrapped and rows:
        rows[-1][-1].append(parts.pop(0))
    elif rows and complete and (cut := _open_cell(rows[-1])) is not None:
        rows[-1][cut].append(parts.pop(0))
    elif rows and complete and len(parts) == 1 and not _row_follows(lines, number):
        rows[-1][-1].append(parts.pop(0))
    elif complete or len(parts) > 1:
        rows.append([])
    if parts and len(rows[-1]) >= columns:
        rows.append([])
    for part in parts:
        rows[-1].append([part])
