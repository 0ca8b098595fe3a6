"""Excel workbooks to a document: the rows of the first sheet that holds a table."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO
from itertools import chain
from typing import NamedTuple
from xml.etree import ElementTree as ET

from extractor.decode.csv import decode_rows
from extractor.document import Document, Format
from extractor.errors import InputTooLarge, UnreadableInput

LARGEST_SHEET = 1 << 29  # bytes unpacked
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BUILT_IN_DAYS = frozenset({"14", "15", "16", "17", "22"})  # number formats of ECMA-376 that show a day
DAY_ZERO = date(1899, 12, 30).toordinal()

_sheet = re.compile(r"xl/worksheets/sheet\d+\.xml")
_literal = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_day = re.compile(r"[dy]", re.IGNORECASE)


class _Strings(NamedTuple):
    """What cells refer to: shared strings by number, and the styles that show a number as a date."""

    shared: list[str]
    dates: frozenset[str]


def decode(data: bytes, name: str) -> Document:
    """The cells of the first sheet that holds a table, as `decode.csv` gives them; days are ISO dates.

    Raises UnreadableInput for a damaged workbook, InputTooLarge for an unreasonably large one.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as book:
            return decode_rows(_table(book), Format.XLSX, name, data)
    except (zipfile.BadZipFile, ET.ParseError, EOFError, NotImplementedError, RuntimeError, ValueError, IndexError) as error:
        raise UnreadableInput(f"the workbook is damaged ({error}): export it again") from None


def _table(book: zipfile.ZipFile) -> list[list[str]]:
    """The rows of the first sheet with more than one."""
    names = sorted((name for name in book.namelist() if _sheet.fullmatch(name)), key=lambda name: (len(name), name))
    if not names:
        raise UnreadableInput("this is no Excel workbook: it holds no sheet")
    strings = _Strings(_shared(book), _date_styles(book))
    rows: list[list[str]] = []
    for name in names:
        rows = [_cells(row, strings) for row in _part(book, name).iter(SHEET + "row")]
        if len(rows) > 1:
            break
    return rows


def _part(book: zipfile.ZipFile, name: str) -> ET.Element:
    if book.getinfo(name).file_size > LARGEST_SHEET:
        raise InputTooLarge(f"a sheet of the workbook is over the limit of {LARGEST_SHEET >> 20} MB: split it first")
    data = book.read(name)
    if b"<!DOCTYPE" in data[:4000]:
        raise UnreadableInput("a sheet of the workbook declares a document type, which is refused as unsafe")
    return ET.fromstring(data)  # noqa: S314 (entity declarations are refused above)


def _shared(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    return [_text(item) for item in _part(book, "xl/sharedStrings.xml").iter(SHEET + "si")]


def _date_styles(book: zipfile.ZipFile) -> frozenset[str]:
    """The numbers of cell styles whose number format shows a day."""
    if "xl/styles.xml" not in book.namelist():
        return frozenset()
    styles = _part(book, "xl/styles.xml")
    formats = {item.get("numFmtId", ""): item.get("formatCode", "") for item in styles.iter(SHEET + "numFmt")}
    days = BUILT_IN_DAYS | {number for number, code in formats.items() if _day.search(_literal.sub("", code))}
    cells = next(styles.iter(SHEET + "cellXfs"), ET.Element("none"))
    return frozenset(str(at) for at, style in enumerate(cells) if style.get("numFmtId") in days)


def _text(item: ET.Element) -> str:
    """The runs of a string, phonetic guides left out."""
    runs = chain(item.findall(SHEET + "t"), item.findall(f"{SHEET}r/{SHEET}t"))
    return "".join(run.text or "" for run in runs).replace("_x000D_", "")


def _cells(row: ET.Element, strings: _Strings) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(SHEET + "c"):
        column = _column(cell.get("r", ""), len(cells))
        cells.extend([""] * (column - len(cells)))
        cells.append(_cell(cell, strings))
    return cells


def _column(reference: str, following: int) -> int:
    """The position of a cell from its name ("AB7" is 27); cells without a name follow one another."""
    letters = reference.rstrip("0123456789")
    number = 0
    for letter in letters[:3]:
        number = number * 26 + ord(letter) - 64
    return number - 1 if letters.isascii() and letters.isupper() and number > following else following


def _cell(cell: ET.Element, strings: _Strings) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(SHEET + "v") or ""
    if kind == "inlineStr":
        return "".join(_text(item) for item in cell.iter(SHEET + "is"))
    if kind == "s" and value:
        return strings.shared[int(value)]
    if kind == "b":
        return {"0": "false", "1": "true"}.get(value, value)
    return _as_day(value) if kind == "n" and cell.get("s") in strings.dates else value


def _as_day(value: str) -> str:
    """The ISO date of a day number; the fraction, a time of day, is left out.

    >>> _as_day("43878"), _as_day("43878.5"), _as_day("soon")
    ('2020-02-17', '2020-02-17', 'soon')
    """
    number = value.partition(".")[0]
    return date.fromordinal(DAY_ZERO + int(number)).isoformat() if number.isdigit() and len(number) <= 6 else value
