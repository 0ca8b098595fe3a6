"""A press for labels: one text in many layouts (columns, rules of tables, captions, alignment), on the sheets of `pdf_printing`.

A label is a list of blocks; a `Layout` says how they are set. Run as a script it writes the PDFs under samples/nmpa/styles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from pdf_printing import HEIGHT, WIDTH, Sheet, advance, press

_units = re.compile(r"[（【《“]*[\u2e80-\uffef][，。、；：！？）】》”％]*|[^\s\u2e80-\uffef]+|\s+")


class Block(NamedTuple):
    """A paragraph (`kind` text, item, heading, sub, title, day), or a table."""

    kind: str
    text: str = ""
    table: Table | None = None


class Table(NamedTuple):
    """A table: LEFT in place of a cell lengthens the one before it, ABOVE the one above it; `widths` are shares of the column."""

    caption: str
    header: list[list[str]]
    rows: list[list[str]]
    widths: list[float]
    notes: tuple[str, ...] = ()


LEFT, ABOVE = "←", "↑"


@dataclass(frozen=True)
class Layout:
    """How a label is set: the page, its columns, its type, and its tables."""

    columns: int = 1
    landscape: bool = False
    size: float = 10.5
    leading: float = 1.5
    margin: float = 72.0
    gutter: float = 18.0
    rules: str = "grid"  # grid, three, head, rows, dotted, none, open (rules down and at the ends only), columns (open but for group rows)
    below: bool = False
    across: str = "middle"  # left, middle, right; words of the first column begin at its left
    ground: str = ""  # head, zebra: what stands on grey ground
    down: str = "middle"  # top, middle, foot
    padding: float = 3.0
    table_size: float = 9.0
    table_leading: float = 1.3
    bold: bool = True
    repeats: bool = False
    running: bool = False
    numbers: str = ""
    indent: float = 2.0
    headings: str = "【{}】"


@dataclass
class Press:
    """Sets blocks into the columns of sheets, one after the other."""

    layout: Layout
    sheets: list[Sheet] = field(default_factory=list)
    column: int = -1
    y: float = 0.0

    @property
    def page(self) -> tuple[float, float]:
        """Width and height of the sheets."""
        return (HEIGHT, WIDTH) if self.layout.landscape else (WIDTH, HEIGHT)

    @property
    def width(self) -> float:
        """The width of a column."""
        layout = self.layout
        return (self.page[0] - 2 * layout.margin - (layout.columns - 1) * layout.gutter) / layout.columns

    @property
    def left(self) -> float:
        """The left edge of the column in hand."""
        return self.layout.margin + self.column * (self.width + self.layout.gutter)

    @property
    def foot(self) -> float:
        """Where columns end."""
        return self.page[1] - self.layout.margin

    def turn(self) -> None:
        """Goes on in the next column, or on the next sheet."""
        self.column += 1
        if not self.sheets or self.column == self.layout.columns:
            self.sheets.append(Sheet(*self.page))
            self.column = 0
        self.y = self.layout.margin

    def write(self, words: str, left: float, size: float, leading: float, *, bold: bool = False) -> None:
        """One line at `left` of the column."""
        if not self.sheets or self.y + size * leading > self.foot:
            self.turn()
        self.y += size * leading
        self.sheets[-1].text(self.left + left, self.y, words, size, bold=bold)

    def paragraph(self, text: str, *, first: float = 0.0, left: float = 0.0, bold: bool = False, size: float = 0.0) -> None:
        """A paragraph, its first line indented by `first` ems."""
        size = size or self.layout.size
        for number, line in enumerate(wrap(text, self.width - left, size, first * size)):
            self.write(line, left + (first * size if number == 0 else 0), size, self.layout.leading, bold=bold)

    def block(self, block: Block) -> None:
        """One block."""
        layout = self.layout
        if block.table is not None:
            self.table(block.table)
        elif block.kind == "title":
            for line in wrap(block.text, self.width, 1.4 * layout.size):
                self.write(
                    line, max(0.0, (self.width - measure(line, 1.4 * layout.size)) / 2), 1.4 * layout.size, layout.leading, bold=True
                )
        elif block.kind in ("heading", "sub"):
            self.paragraph(block.text if block.kind == "sub" else layout.headings.format(block.text[1:-1]), bold=True)
        else:
            self.paragraph(block.text, first=layout.indent if block.kind == "text" else 0.0)

    def caption(self, words: str) -> None:
        """A table's caption in the middle of the column."""
        size = self.layout.table_size
        for line in wrap(words, self.width, size):
            self.write(line, (self.width - measure(line, size)) / 2, size, self.layout.leading, bold=self.layout.bold)

    def table(self, table: Table) -> None:
        """A table with its caption and notes; it may go on in the next column, between two rows."""
        layout = self.layout
        grid = Grid(table, layout, self.width)
        head = grid.height(0, len(table.header))
        first = grid.height(len(table.header), len(table.header) + 1)
        if not layout.below and self.y + 3 * layout.table_size * layout.leading + head + first > self.foot:
            self.turn()
        if not layout.below:
            self.caption(table.caption)
        self.y += 4
        start, end = 0, 0
        while end < len(grid.cells):
            while end < len(grid.cells) and (end == start or self.y + grid.height(start, end + 1) <= self.foot):
                end += 1
            grid.draw(self, start, end)
            self.y += grid.height(start, end)
            start = end
            if end < len(grid.cells):
                self.turn()
                if layout.repeats:
                    grid.draw(self, 0, len(table.header))
                    self.y += head
        if layout.below:
            self.y += 2
            self.caption(table.caption)
        for note in table.notes:
            self.paragraph(note, size=layout.table_size - 0.5)
        self.y += layout.size * 0.5

    def finish(self) -> bytes:
        """The PDF, with running lines and page numbers."""
        for number, sheet in enumerate(self.sheets, 1):
            if self.layout.running:
                sheet.text(self.layout.margin, 36, "演示替尼片说明书", 8)
                sheet.text(self.page[0] - self.layout.margin - 60, 36, "版本号：V2.0", 8)
            if self.layout.numbers:
                words = self.layout.numbers.format(number, len(self.sheets))
                sheet.text((self.page[0] - measure(words, 8)) / 2, self.page[1] - 28, words, 8)
        return press(self.sheets)


class Cell(NamedTuple):
    """A cell as set: its place, its spans, its lines."""

    row: int
    column: int
    rows: int
    columns: int
    lines: list[str]


class Grid:
    """A table's cells and the heights of its rows."""

    def __init__(self, table: Table, layout: Layout, width: float) -> None:
        self.layout = layout
        self.head = len(table.header)
        self.cells = [*table.header, *table.rows]
        total = sum(table.widths)
        self.widths = [width * share / total for share in table.widths]
        self.placed = [self._cell(r, c) for r, row in enumerate(self.cells) for c, text in enumerate(row) if text not in (LEFT, ABOVE)]
        line = layout.table_size * layout.table_leading
        self.heights = [
            max((len(cell.lines) for cell in self.placed if cell.row == row and cell.rows == 1), default=1) * line + 2 * layout.padding
            for row in range(len(self.cells))
        ]

    def _cell(self, row: int, column: int) -> Cell:
        columns = 1
        while column + columns < len(self.widths) and self.cells[row][column + columns] == LEFT:
            columns += 1
        rows = 1
        while row + rows < len(self.cells) and self.cells[row + rows][column] == ABOVE:
            rows += 1
        room = sum(self.widths[column : column + columns]) - 8
        lines = [line for part in self.cells[row][column].split("\n") for line in wrap(part, room, self.layout.table_size)]
        return Cell(row, column, rows, columns, lines)

    def height(self, start: int, end: int) -> float:
        """The height of some rows."""
        return sum(self.heights[start:end])

    def draw(self, to: Press, start: int, end: int) -> None:
        """Prints some rows from the press's place on."""
        for cell in self.placed:
            if start <= cell.row < end:
                self._print(to, cell, to.y + self.height(start, cell.row), min(cell.rows, end - cell.row))
        self._rule(to, start, end)

    def _print(self, to: Press, cell: Cell, top: float, rows: int) -> None:
        layout = self.layout
        line = layout.table_size * layout.table_leading
        free = self.height(cell.row, cell.row + rows) - len(cell.lines) * line
        top += {"top": layout.padding, "middle": free / 2, "foot": free - layout.padding}[layout.down]
        left = to.left + sum(self.widths[: cell.column]) + 4
        room = sum(self.widths[cell.column : cell.column + cell.columns]) - 8
        centred = layout.across == "middle" and (cell.column or cell.row < self.head)
        for number, words in enumerate(cell.lines):
            free = room - measure(words, layout.table_size)
            shift = free / 2 if centred else free * (layout.across == "right" and cell.column > 0)
            bold = layout.bold and cell.row < self.head
            to.sheets[-1].text(left + shift, top + (number + 0.85) * line, words, layout.table_size, bold=bold)

    def _rule(self, to: Press, start: int, end: int) -> None:
        rules, top, sheet = self.layout.rules, to.y, to.sheets[-1]
        bottom, left, right = top + self.height(start, end), to.left, to.left + sum(self.widths)
        self._ground(sheet, start, end, (left, top, right))
        if rules == "none":
            return
        if rules in ("three", "head", "columns"):
            last = end == len(self.cells)
            tops = [*([top] if start == 0 else []), *([bottom] if last else [])] if rules != "head" else []
            tops += [top + self.height(start, self.head)] if start < self.head < end or end == self.head else []
            for y in tops:
                sheet.rule(left, y, right, y)
            if rules == "columns":
                self._part(sheet, start, end, (left, top))
            return
        for cell in self.placed:
            if start <= cell.row < end:
                self._border(sheet, cell, start, end, (left, top))
        if rules in ("rows", "dotted"):
            sheet.rule(left, bottom, right, bottom, dotted=rules == "dotted")
        else:
            sheet.rule(left, bottom, right, bottom)
            sheet.rule(right, top, right, bottom)

    def _ground(self, sheet: Sheet, start: int, end: int, box: tuple[float, float, float]) -> None:
        """Grey ground under the heading, or under every other row."""
        left, top, right = box
        for row in range(start, end):
            if (self.layout.ground, row < self.head) == ("head", True) or (self.layout.ground == "zebra" and (row - self.head) % 2):
                sheet.ground(left, top + self.height(start, row), right, top + self.height(start, row + 1))

    def _part(self, sheet: Sheet, start: int, end: int, corner: tuple[float, float]) -> None:
        """Rules down between the columns, none in rows over all of them."""
        for cell in self.placed:
            if start <= cell.row < end and cell.column:
                x, y = corner[0] + sum(self.widths[: cell.column]), corner[1] + self.height(start, cell.row)
                sheet.rule(x, y, x, y + self.height(cell.row, min(end, cell.row + cell.rows)))

    def _border(self, sheet: Sheet, cell: Cell, start: int, end: int, corner: tuple[float, float]) -> None:
        """The upper side of a cell, and where rules run down its left side."""
        x = corner[0] + sum(self.widths[: cell.column])
        y = corner[1] + self.height(start, cell.row)
        right = x + sum(self.widths[cell.column : cell.column + cell.columns])
        bottom = y + self.height(cell.row, min(end, cell.row + cell.rows))
        rules = self.layout.rules
        if rules != "open" or cell.row in (start, self.head):
            sheet.rule(x, y, right, y, dotted=rules == "dotted")
        if rules in ("grid", "open"):
            sheet.rule(x, y, x, bottom)


def measure(words: str, size: float) -> float:
    """The width of a line."""
    return sum(advance(c, size) for c in words)


def wrap(text: str, room: float, size: float, first: float = 0.0) -> list[str]:
    """The lines of a paragraph: Latin words whole, no closing mark at a line's start; `first` is the first line's indent."""
    lines, line, free = [], "", room - first
    for unit in _units.findall(text):
        if line and measure(line + unit.rstrip(), size) > free:
            lines.append(line.rstrip())
            line, free = "", room
        line += unit if line else unit.lstrip()
    return [*lines, line.rstrip()]


def print_label(blocks: list[Block], layout: Layout) -> bytes:
    """The label as a PDF."""
    sheets = Press(layout)
    for block in blocks:
        sheets.block(block)
    return sheets.finish()
