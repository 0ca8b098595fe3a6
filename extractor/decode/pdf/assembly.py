"""Lines of all pages to one document: furniture dropped, paragraph ends found, tables numbered, blocks with their boxes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest

from extractor.decode.pdf.pages import PageLine, PageText, not_wrapped
from extractor.decode.pdf.running_lines import column_rights, mark_furniture
from extractor.document import Block, Document, Span
from extractor.layout import Box, Cell, Grid, PageLayout, TextLine, is_caption

_TERMINAL = tuple("。：:；;！？!?")
_INDENT = 1.4  # of the type size: a paragraph begins two characters in, an uneven margin is less than one
_OTHER_SIZE = 0.12  # of the line's type size: more than bold drawing adds (3 %), about one point of type
_DRAWN_HEAVIER = 1.02  # outlines drawn round letters make them about 3 % larger
_SHORT = 0.6  # of the line above: sub-headings are of a few words


@dataclass(frozen=True, slots=True)
class _Row:
    """A kept line: its page, the number of that page's first table, the line."""

    page: int
    first_grid: int
    line: PageLine

    @property
    def grid(self) -> int:
        """The number of its table in the document, -1 outside."""
        return self.first_grid + self.line.grid if self.line.grid >= 0 else -1


def assemble(document: Document, pages: list[PageText]) -> Document:
    """The document with its text, blocks and layout filled in."""
    layout: PageLayout = document.layout
    rows = _kept(pages, layout)
    document.text = "\n".join(row.line.text for row in rows)
    margins = _margins([row.line for row in rows])
    closed = _closures([row.line for row in rows], column_rights(pages), margins)
    start = 0
    for row, ends in zip(rows, closed, strict=True):
        indent = row.line.box[0] - margins.get(row.line.column, row.line.box[0])
        layout.lines.append(_text_line(row, start, pages, closed=ends)._replace(indent=indent))
        start += len(row.line.text) + 1
    _fill_grids(layout, pages, rows)
    document.blocks = list(_blocks(document.text, layout, rows))
    return document


def _kept(pages: list[PageText], layout: PageLayout) -> list[_Row]:
    rows: list[_Row] = []
    for number, (page, dropped) in enumerate(zip(pages, mark_furniture(pages), strict=True), 1):
        layout.pages.append((page.width, page.height))
        rows += (_Row(number, len(layout.grids), line) for n, line in enumerate(page.lines) if n not in dropped)
        layout.grids += (
            Grid(number, grid.box, len(grid.ys) - 1, len(grid.xs) - 1, (), head=grid.head, continues=grid.continues) for grid in page.grids
        )
    return rows


def _text_line(row: _Row, start: int, pages: list[PageText], *, closed: bool) -> TextLine:
    line = row.line
    place = pages[row.page - 1].grids[line.grid].spans[line.cell][:2] if line.grid >= 0 else (0, 0)
    return TextLine(
        start, start + len(line.text), row.page, line.box, line.size, line.font, line.bold, closed, line.edges, row.grid, *place
    )


def _closures(lines: list[PageLine], rights: dict[int, float], margins: dict[int, float]) -> list[bool]:
    """Which lines end a paragraph."""
    ends = []
    for line, following in zip_longest(lines, lines[1:]):
        if line.grid >= 0:
            ends.append(line.closed)
        elif following is None or following.grid >= 0 or abs(line.size - following.size) > _OTHER_SIZE * line.size:
            ends.append(True)
        else:
            placed = replace(line, room=rights[line.column])
            indented = following.box[0] - margins[following.column] > _INDENT * following.size
            begins = indented or _is_bolder(line, following)
            ends.append(
                not_wrapped(placed, following) or (begins and line.text.endswith(_TERMINAL)) or _is_last_of_caption(line, following)
            )
    return ends


def _is_bolder(line: PageLine, following: PageLine) -> bool:
    """Whether the next line is short and set in heavier type: a heading; type without a bold cut is drawn heavier, and grows by that."""
    heavier = following.bold > line.bold or following.size > _DRAWN_HEAVIER * line.size
    return heavier and following.box[2] - following.box[0] < _SHORT * (line.box[2] - line.box[0]) and not following.text.endswith(_TERMINAL)


def _is_last_of_caption(line: PageLine, following: PageLine) -> bool:
    """Whether a caption ends its column: no caption goes on in the next one."""
    return is_caption(line.text) and following.box[1] < line.box[1]


def _margins(lines: list[PageLine]) -> dict[int, float]:
    """The left edge that most lines of each column have."""
    lefts: dict[int, Counter[int]] = defaultdict(Counter)
    for line in lines:
        if line.grid < 0:
            lefts[line.column][round(line.box[0])] += 1
    return {column: float(count.most_common(1)[0][0]) for column, count in lefts.items()}


def _fill_grids(layout: PageLayout, pages: list[PageText], rows: list[_Row]) -> None:
    """Gives every table its cells with the numbers of their lines."""
    held: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row.grid >= 0:
            held[row.grid, row.line.cell].append(number)
    number = 0
    for page in pages:
        for lattice in page.grids:
            cells = tuple(Cell(*span, tuple(held[number, cell])) for cell, span in enumerate(lattice.spans))
            grid = layout.grids[number]
            layout.grids[number] = replace(grid, cells=cells, ruled=lattice.ruled)
            number += 1


def _blocks(text: str, layout: PageLayout, rows: list[_Row]) -> Iterator[Block]:
    """One block a cell, one for each part of a line that a wide gap sets apart, else one a line."""
    numbered = enumerate(zip(rows, layout.lines, strict=True))
    cells = 0
    for (grid, cell), group in groupby(
        numbered, key=lambda item: (item[1][0].grid, item[1][0].line.cell if item[1][0].grid >= 0 else -item[0] - 1)
    ):
        members = [line for _, (_, line) in group]
        if grid >= 0:
            cells += 1
            span = Span(members[0].start, members[-1].end, members[0].page, _around([line.box for line in members]))
            yield Block(text[span.start : span.end], span, cell=cells, table=grid + 1, row=members[0].row + 1)
        else:
            yield from _parts(text, members[0], rows[-cell - 1].line)


def _parts(text: str, line: TextLine, printed: PageLine) -> Iterator[Block]:
    left, top, right, bottom = line.box
    for start, end in printed.runs:
        box = (line.edges[start], top, line.edges[end] if end < line.end - line.start else right, bottom)
        span = Span(line.start + start, line.start + end, line.page, box if len(printed.runs) > 1 else (left, top, right, bottom))
        yield Block(text[span.start : span.end], span)


def _around(boxes: list[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
