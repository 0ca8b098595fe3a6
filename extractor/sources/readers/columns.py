"""Tables with a header row: which cell of a row stands under which heading, in saved pages and in copied text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from extractor.document import Block, Document
from extractor.text import fold_label

Row = dict[str, list[Block]]
NUMBERED = frozenset({"序号", "no.", "#"})  # folded headings of columns that count rows


def split_rows(document: Document, blocks: list[Block], headings: Iterable[str]) -> list[Row]:
    """The rows of a table: folded heading → blocks of the cell; empty where the blocks cannot be laid out.

    `headings` are all words that may stand in the header row, folded or not.
    """
    known = {fold_label(words) for words in headings}
    width = next((n for n, block in enumerate(blocks) if fold_label(block.text) not in known), len(blocks))
    header, cells = blocks[:width], blocks[width:]
    if not header or not cells:
        return []
    names = [fold_label(block.text) for block in header]
    return _rows_by_cell(header, cells, names) if header[0].cell else _rows_by_line(document, cells, names)


def _rows_by_cell(header: list[Block], cells: list[Block], names: list[str]) -> list[Row]:
    """Saved pages: cells are numbered on, so that empty ones keep their place; a row that spans columns is left out."""
    first, width = header[0].cell, header[-1].cell - header[0].cell + 1
    rows: dict[int, Row] = {}
    regular = width == len(names)
    for block in cells:
        row = rows.setdefault(block.row, {})
        column = (block.cell - first) % width if regular else len(row)
        if column < len(names):
            row.setdefault(names[column], []).append(block)
    return list(rows.values())


def _rows_by_line(document: Document, cells: list[Block], names: list[str]) -> list[Row]:
    """Copied text: cells are set apart by tabs, or stand one a line."""
    separators = ["", *(document.text[one.span.end : two.span.start] for one, two in pairwise(cells))]
    if not any("\t" in separator for separator in separators):
        return _rows_in_turn(cells, names)
    rows: list[Row] = [{}]
    column = 0
    for block, before in zip(cells, separators, strict=True):
        if before and "\t" not in before and _begins_row(block, rows, names, column):
            rows.append({})
            column = 0
        column = min(column + before.count("\t"), len(names) - 1)
        rows[-1].setdefault(names[column], []).append(block)
    return rows


def _begins_row(block: Block, rows: list[Row], names: list[str], column: int) -> bool:
    """Whether a line begins a row: it counts on where rows are numbered, else it follows a last cell."""
    if names[0] in NUMBERED:
        return fold_label(block.text) == str(len(rows) + 1)
    return column == len(names) - 1


def _rows_in_turn(cells: list[Block], names: list[str]) -> list[Row]:
    if len(cells) % len(names):
        return []
    starts = range(0, len(cells), len(names))
    return [{name: [block] for name, block in zip(names, cells[start : start + len(names)], strict=True)} for start in starts]
