"""Excel workbooks to a document: the rows of the first sheet that holds a table.

Sheets are read as a stream and rows hold only the cells that are there, so that neither a long way to the last column nor what a small
file unpacks to costs memory. (python-calamine and openpyxl fill every row up to the last column of the sheet.)
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date
from io import BytesIO
from typing import NamedTuple
from xml.etree import ElementTree as ET

from extractor.decode.csv import decode_rows
from extractor.document import Document, Format
from extractor.errors import InputTooLarge, UnreadableInput
from extractor.limits import Bomb
from extractor.patterns import lazy_pattern

LARGEST_PART = 1 << 28  # bytes unpacked; some million cells
CHUNK = 1 << 16  # bytes unpacked at a time
MOST_COLUMNS = 16_384  # Excel has no more (ECMA-376: column XFD)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BUILT_IN_DAYS = frozenset({"14", "15", "16", "17", "22"})  # number formats of ECMA-376 that show a day
DAY_ZERO = date(1899, 12, 30).toordinal()

_sheet = lazy_pattern(r"xl/worksheets/sheet\d{1,9}\.xml")
_literal = lazy_pattern(r'"[^"]*+"|\[[^\]]*+\]|\\.')
_day = lazy_pattern(r"[dy]", re.IGNORECASE)
_damage = (
    *(zipfile.BadZipFile, zlib.error, struct.error, ET.ParseError, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, IndexError, KeyError, OverflowError),
)

Row = dict[int, str]


class _Strings(NamedTuple):
    """What cells refer to: shared strings by number, and the styles that show a number as a date."""

    shared: list[str]
    dates: frozenset[str]


def decode(data: bytes, name: str) -> Document:
    """The cells of the first sheet that holds a table, as `decode.csv` gives them; days are ISO dates.

    Raises UnreadableInput for a damaged workbook, InputTooLarge for an unreasonably large one.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return decode_rows(_table(_Book(archive, len(data))), Format.XLSX, name, data)
    except UnreadableInput:
        raise
    except _damage as error:
        raise UnreadableInput(f"the workbook is damaged ({_first_line(error)}): export it again") from None


def _first_line(error: Exception) -> str:
    return ascii(str(error).partition("\n")[0][:100])[1:-1] or type(error).__name__


class _Book:
    """The parts of a workbook, read one after another; all of them together are held to the limits of packed data."""

    def __init__(self, archive: zipfile.ZipFile, packed: int) -> None:
        self._archive = archive
        self._bomb = Bomb()
        self._bomb.packed = packed
        self.names = archive.namelist()

    def read(self, name: str, target: _Target) -> None:
        """Hands a part to what takes its elements in."""
        parser = ET.XMLParser(target=target)  # noqa: S314 (a document type, without which there are no entities, is refused)
        size = 0
        with self._archive.open(name) as part:
            while data := part.read(CHUNK):
                size += len(self._bomb.check(data))
                if size > LARGEST_PART:
                    raise InputTooLarge(f"a part of the workbook is over the limit of {LARGEST_PART >> 20} MB: split it first")
                parser.feed(data)
        parser.close()


class _Target:
    """Takes the elements of a part as they come; `text` gathers the characters of the innermost one that holds any."""

    def __init__(self) -> None:
        self.text: list[str] = []

    def doctype(self, *_: object) -> None:
        """Refuses a document type."""
        raise UnreadableInput("a part of the workbook declares a document type, which is refused as unsafe")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """The start of an element."""

    def data(self, text: str) -> None:
        """Characters."""
        self.text.append(text)

    def end(self, tag: str) -> None:
        """The end of an element."""

    def taken(self) -> str:
        """The characters gathered, which begin anew."""
        text = "".join(self.text)
        self.text.clear()
        return text


class _Runs(_Target):
    """The runs of strings, phonetic guides left out; `string` is the one that is open."""

    def __init__(self) -> None:
        super().__init__()
        self.string: list[str] = []
        self._phonetic = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """The start of an element: characters that count come in runs only."""
        del attributes
        self._phonetic |= tag == SHEET + "rPh"
        if tag == SHEET + "t":
            self.text.clear()

    def end(self, tag: str) -> None:
        """The end of an element."""
        if tag == SHEET + "rPh":
            self._phonetic = False
        elif tag == SHEET + "t" and not self._phonetic:
            self.string.append(self.taken())

    def whole(self) -> str:
        """The string, and the next begins."""
        text = "".join(self.string).replace("_x000D_", "")
        self.string.clear()
        return text


class _Shared(_Runs):
    """The shared strings, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []

    def end(self, tag: str) -> None:
        """The end of an element: a string is whole with its item."""
        super().end(tag)
        if tag == SHEET + "si":
            self.strings.append(self.whole())


class _Styles(_Target):
    """The styles of cells: number formats by number, and the number of each style's."""

    def __init__(self) -> None:
        super().__init__()
        self._formats: dict[str, str] = {}
        self._cells: list[str] = []
        self._in_cells = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A number format, or a style."""
        if tag == SHEET + "numFmt":
            self._formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == SHEET + "cellXfs":
            self._in_cells = True
        elif tag == SHEET + "xf" and self._in_cells:
            self._cells.append(attributes.get("numFmtId", ""))

    def end(self, tag: str) -> None:
        """The end of the styles of cells; other styles follow."""
        self._in_cells &= tag != SHEET + "cellXfs"

    def dates(self) -> frozenset[str]:
        """The numbers of styles whose number format shows a day."""
        days = BUILT_IN_DAYS | {number for number, code in self._formats.items() if _day.search(_literal.sub("", code))}
        return frozenset(str(at) for at, number in enumerate(self._cells) if number in days)


class _Rows(_Runs):
    """The rows of a sheet."""

    def __init__(self, strings: _Strings) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self._strings = strings
        self._row: Row = {}
        self._last = -1  # column
        self._cell: dict[str, str] = {}
        self._value = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """The start of a row, a cell or a value."""
        super().start(tag, attributes)
        if tag == SHEET + "row":
            self._row, self._last = {}, -1
            self.rows.append(self._row)
        elif tag == SHEET + "c":
            self._cell, self._value = attributes, ""
            self.string.clear()
        elif tag == SHEET + "v":
            self.text.clear()

    def end(self, tag: str) -> None:
        """The end of a cell or a value."""
        super().end(tag)
        if tag == SHEET + "v":
            self._value = self.taken()
        elif tag == SHEET + "c":
            self._last = _column(self._cell.get("r", ""), self._last + 1)
            text = _words(self._cell, self._value, self.whole(), self._strings)
            if text and not text.isspace():
                self._row[self._last] = text


def _table(book: _Book) -> list[Row]:
    """The rows of the first sheet with more than one."""
    names = sorted((name for name in book.names if _sheet.fullmatch(name)), key=lambda name: (len(name), name))
    if not names:
        raise UnreadableInput("this is no Excel workbook: it holds no sheet")
    shared, styles = _Shared(), _Styles()
    parts: Iterable[tuple[str, _Target]] = (("xl/sharedStrings.xml", shared), ("xl/styles.xml", styles))
    for name, target in parts:
        if name in book.names:
            book.read(name, target)
    strings = _Strings(shared.strings, styles.dates())
    rows: list[Row] = []
    for name in names:
        sheet = _Rows(strings)
        book.read(name, sheet)
        rows = sheet.rows
        if len(rows) > 1:
            break
    return rows


def _column(reference: str, following: int) -> int:
    """The position of a cell from its name ("AB7" is 27); cells without a name follow one another.

    Raises InputTooLarge beyond the last column that there is.
    """
    letters = reference.rstrip("0123456789")
    number = 0
    for letter in letters[:4]:
        number = number * 26 + ord(letter) - 64
    found = number - 1 if letters.isascii() and letters.isupper() and number > following else following
    if found >= MOST_COLUMNS:
        raise InputTooLarge(f"the workbook names a cell beyond its {MOST_COLUMNS:,} columns: export it again")
    return found


def _words(cell: dict[str, str], value: str, inline: str, strings: _Strings) -> str:
    """What a cell shows."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return inline
    if kind == "s" and value:
        return strings.shared[_whole(value)]
    if kind == "b":
        return {"0": "false", "1": "true"}.get(value, value)
    return _as_day(value) if kind == "n" and cell.get("s") in strings.dates else value


def _whole(value: str) -> int:
    """The number of a shared string.

    Raises ValueError for what is none.
    """
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise ValueError("a cell refers to a string that is not there")
    return int(value)


def _as_day(value: str) -> str:
    """The ISO date of a day number; the fraction, a time of day, is left out.

    >>> _as_day("43878"), _as_day("43878.5"), _as_day("soon")
    ('2020-02-17', '2020-02-17', 'soon')
    """
    number = value.partition(".")[0]
    good = number.isascii() and number.isdigit() and len(number) <= 6
    return date.fromordinal(DAY_ZERO + int(number)).isoformat() if good else value
