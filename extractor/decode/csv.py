"""Delimited tables (comma, tab, semicolon, pipe) and Excel workbooks to a document: one row is one item of the tree."""

from __future__ import annotations

import csv
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from io import BytesIO, StringIO
from itertools import chain
from xml.etree import ElementTree as ET

from extractor.decode.charset import decode_bytes
from extractor.document import Document, Format
from extractor.errors import InputTooLarge, UnreadableInput
from extractor.tree import Element, Tree

DELIMITERS = ",\t;|"
LONGEST_CELL = 1 << 24  # characters
LONGEST_NAME = 80  # characters of a column's name
LARGEST_SHEET = 1 << 29  # bytes unpacked
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

_quoted = re.compile(r'"(?:[^"]|"")*+"')
_value = re.compile(r"https?://|^\d[\d./:-]*$|^(?:NCT\d{8}|ChiCTR)")


def decode(data: bytes, name: str) -> Document:
    """The cells of a table, one a line; its rows are `Element`s of (column, cell) pairs.

    Without a header row the columns are named by their positions from "0".
    Raises UnreadableInput for a damaged table or workbook, InputTooLarge for an unreasonably large one.
    """
    workbook = data.startswith(b"PK")
    rows = [row for row in (_sheet(data) if workbook else _lines(decode_bytes(data))) if any(map(str.strip, row))]
    if not rows:
        raise UnreadableInput("the table has no rows")
    names = _names(rows[0])
    body = rows if names is None else rows[1:]
    text, tree = Tree.of([_pairs(row, names or ()) for row in body], tidy=True)
    return Document(Format.XLSX if workbook else Format.CSV, name, data, text, tree=tree)


def _lines(text: str) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(StringIO(text.replace("\x00", ""), newline=""), delimiter=_delimiter(text))
    try:
        yield from reader
    except csv.Error as error:
        raise UnreadableInput(f"the table is damaged at line {reader.line_num} ({error}): export it again") from None


def _delimiter(text: str) -> str:
    """The sign that stands most often in the first line, quoted cells left out."""
    first = next((line for line in _quoted.sub("", text[:20_000]).splitlines() if line.strip()), "")
    counts = Counter(character for character in first if character in DELIMITERS)
    return max(DELIMITERS, key=lambda sign: counts[sign])


def _names(row: list[str]) -> list[str] | None:
    """The column names, None where the first row is a record already: names are short, all different and no values."""
    names = [cell.strip().lstrip("\ufeff") for cell in row]
    filled = [name for name in names if name]
    good = len(filled) >= len(names) - 1 and len(set(filled)) == len(filled)
    return names if good and not any(len(name) > LONGEST_NAME or _value.search(name) for name in filled) else None


def _pairs(row: list[str], names: list[str] | tuple[()]) -> Element:
    numbers = (str(number) for number in range(len(names), len(row)))
    return Element((name, cell) for name, cell in zip(chain(names, numbers), row, strict=False) if cell and not cell.isspace())


def _sheet(data: bytes) -> Iterator[list[str]]:
    """The rows of a workbook's first sheet."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as book:
            names = sorted((n for n in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", n)), key=lambda n: (len(n), n))
            if not names:
                raise UnreadableInput("this is no Excel workbook: it holds no sheet")
            shared = _shared(book) if "xl/sharedStrings.xml" in book.namelist() else []
            yield from (_cells(row, shared) for row in _part(book, names[0]).iter(SHEET + "row"))
    except (zipfile.BadZipFile, ET.ParseError, EOFError, NotImplementedError, RuntimeError, ValueError, IndexError) as error:
        raise UnreadableInput(f"the workbook is damaged ({error}): export it again") from None


def _part(book: zipfile.ZipFile, name: str) -> ET.Element:
    if book.getinfo(name).file_size > LARGEST_SHEET:
        raise InputTooLarge(f"a sheet of the workbook is over the limit of {LARGEST_SHEET >> 20} MB: split it first")
    data = book.read(name)
    if b"<!DOCTYPE" in data[:4000]:
        raise UnreadableInput("a sheet of the workbook declares a document type, which is refused as unsafe")
    return ET.fromstring(data)  # noqa: S314 (entity declarations are refused above)


def _shared(book: zipfile.ZipFile) -> list[str]:
    return [_text(item) for item in _part(book, "xl/sharedStrings.xml").iter(SHEET + "si")]


def _text(item: ET.Element) -> str:
    """The runs of a string, phonetic guides left out."""
    runs = chain(item.findall(SHEET + "t"), item.findall(f"{SHEET}r/{SHEET}t"))
    return "".join(run.text or "" for run in runs).replace("_x000D_", "")


def _cells(row: ET.Element, shared: list[str]) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(SHEET + "c"):
        column = _column(cell.get("r", ""), len(cells))
        cells.extend([""] * (column - len(cells)))
        cells.append(_cell(cell, shared))
    return cells


def _column(reference: str, following: int) -> int:
    """The position of a cell from its name ("AB7" is 27); cells without a name follow one another."""
    letters = reference.rstrip("0123456789")
    number = 0
    for letter in letters[:3]:
        number = number * 26 + ord(letter) - 64
    return number - 1 if letters.isascii() and letters.isupper() and number > following else following


def _cell(cell: ET.Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(_text(item) for item in cell.iter(SHEET + "is"))
    value = cell.findtext(SHEET + "v") or ""
    if cell.get("t") == "s" and value:
        return shared[int(value)]
    return {"0": "false", "1": "true"}.get(value, value) if cell.get("t") == "b" else value
