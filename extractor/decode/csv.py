"""Delimited tables (comma, tab, semicolon, pipe) to a document: one row is one item of the tree."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import Self

from extractor.decode.charset import decode_bytes
from extractor.document import Document, Format
from extractor.errors import UnreadableInput
from extractor.patterns import lazy_pattern
from extractor.tree import Element, Tree

DELIMITERS = ",\t;|"
LONGEST_CELL = 1 << 24  # characters
LONGEST_NAME = 80  # characters of a column's name

_quoted = lazy_pattern(r'"(?:[^"]|"")*+"')
_value = lazy_pattern(r"https?://|^\d[\d./:-]*$|^(?:NCT\d{8}|ChiCTR)")


def decode(data: bytes, name: str) -> Document:
    """The cells of a table, one a line; its rows are `Element`s of (column, cell) pairs.

    Without a header row the columns are named by their positions from "0".
    Raises UnreadableInput for a damaged table.
    """
    return decode_rows(map(_cells, _lines(decode_bytes(data))), Format.CSV, name, data)


def decode_rows(rows: Iterable[Mapping[int, str]], kind: Format, name: str, data: bytes) -> Document:
    """The document that rows of cells make; a row has its filled cells by their columns from 0.

    Raises UnreadableInput where no cell is filled.
    """
    filled = [row for row in rows if row]
    if not filled:
        raise UnreadableInput("the table has no rows")
    names = _names(filled[0])
    body = filled if names is None else filled[1:]
    text, tree = Tree.of([_pairs(row, names or {}) for row in body], tidy=True)
    return Document(kind, name, data, text, tree=tree)


def _lines(text: str) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    source = _Counted(text.replace("\x00", ""))
    reader = csv.reader(source, delimiter=_delimiter(text))
    width = 0
    try:
        for row in reader:
            width = width or len(row)
            if source.ended or (source.breaks_off and len(row) < width):
                raise UnreadableInput(
                    f"the table breaks off in its last row, or a quotation mark before line {reader.line_num} is never closed: export it again"
                )
            yield row
    except csv.Error as error:
        raise UnreadableInput(f"the table is damaged at line {reader.line_num} ({error}): export it again") from None


class _Counted:
    """Lines for a reader, which would take a cell that the end of the table cuts off for a whole one.

    `ended`: it has asked for more than there are; `breaks_off`: the line that it was given last has no end.
    """

    def __init__(self, text: str) -> None:
        self._lines = StringIO(text, newline="")
        self.ended = self.breaks_off = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._lines.readline()
        if not line:
            self.ended = True
            raise StopIteration
        self.breaks_off = not line.endswith(("\n", "\r"))
        return line


def _delimiter(text: str) -> str:
    """The sign that stands most often in the first line, quoted cells left out."""
    first = next((line for line in _quoted.sub("", text[:20_000]).splitlines() if line.strip()), "")
    counts = Counter(character for character in first if character in DELIMITERS)
    return max(DELIMITERS, key=lambda sign: counts[sign])


def _cells(row: list[str]) -> dict[int, str]:
    """The filled cells of a row by their columns."""
    return {at: cell for at, cell in enumerate(row) if cell and not cell.isspace()}


def _names(row: Mapping[int, str]) -> dict[int, str] | None:
    """The column names, None where the first row is a record already: names are short, all different and no values."""
    names = {at: cell.strip().lstrip("\ufeff") for at, cell in row.items()}
    filled = [name for name in names.values() if name]
    good = len(filled) >= max(names) and len(set(filled)) == len(filled)
    return names if good and not any(len(name) > LONGEST_NAME or _value.search(name) for name in filled) else None


def _pairs(row: Mapping[int, str], names: Mapping[int, str]) -> Element:
    """The cells of a row with the names of their columns; beyond the last name those are their positions."""
    last = max(names, default=-1)
    return Element((names.get(at, "" if at < last else str(at)), cell) for at, cell in row.items())
