"""Tables of records in one file for people: a CSV or Parquet file of one table, an Excel workbook of a sheet a table."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import IO, Any

from extractor.model import Record
from extractor.write import to_json
from extractor.write.dataset import ParquetPart, empty_file
from extractor.write.dataset.columns import Rows, columns_of, table_names
from extractor.write.exports.files import BOM

Keyed = Iterable[tuple[str, Record]]  # records with their keys
LONGEST = 32_767  # characters that a cell of Excel holds
MOST_ROWS = 1_048_576  # rows that a sheet of Excel holds, its header among them
WIDTH = 24  # of a column, in characters: several columns stay in sight
CLOCK = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # a workbook names its time of making; the same records give the same bytes
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet run a cell of a CSV file, after OWASP's list
WHOLE_RECORD = "json"  # the column that no sheet can hold
NO_ROWS = "{}: these records have no row of this table"


class SheetFull(ValueError):
    """A sheet has no place for another row."""


def write_csv(records: Keyed, table: str, stream: IO[bytes]) -> list[str]:
    """One table as CSV in UTF-8 with its byte order mark; says where it has no rows. Lists are joined by " | "."""
    text = io.TextIOWrapper(stream, "utf-8", newline="", write_through=True)
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow([column.name for column in columns_of(table)])
    count = 0
    for row in _rows(records, table):
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in map(_flat, row)])
        count += 1
    text.detach()
    return [] if count else [NO_ROWS.format(table)]


def inert(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula gets a leading quote.

    >>> inert("=1+1"), inert("18 years")
    ("'=1+1", '18 years')
    """
    return f"'{cell}" if cell[:1] in FORMULA_STARTS else cell


def _flat(cell: Any) -> Any:
    if isinstance(cell, list):
        return " | ".join(cell)
    return str(cell).lower() if isinstance(cell, bool) else cell


def _rows(records: Keyed, table: str) -> Iterator[tuple[Any, ...]]:
    rows = Rows([table])
    for key, record in records:
        rows.add(key, record, to_json(record) if table == "records" else b"")
        if table in rows.rows:
            yield from zip(*rows.take(table), strict=True)


def write_parquet(records: Keyed, table: str, stream: IO[bytes]) -> list[str]:
    """One table as Parquet; says where it has no rows. Needs pyarrow."""
    part = ParquetPart([table])
    for key, record in records:
        part.add(key, record, to_json(record))
    file = part.close().get(table)
    stream.write(file or empty_file(table))
    return [] if file else [NO_ROWS.format(table)]


def write_workbook(records: Keyed, tables: Sequence[str], stream: IO[bytes]) -> list[str]:
    """Tables as sheets of an Excel workbook, those without rows left out; says what had to be cut. Needs xlsxwriter.

    Raises SheetFull where a table has more rows than Excel holds.
    """
    import xlsxwriter  # noqa: PLC0415 (an extra)

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"created": CLOCK})
    sheets = _Sheets(book)
    wanted = tuple(tables) or tuple(table_names())
    rows = Rows(wanted)
    for key, record in records:
        rows.add(key, record, to_json(record))
        for table in list(rows.rows):
            sheets.add(table, zip(*rows.take(table), strict=True))
    sheets.close(wanted)
    return sheets.told()


class _Sheets:
    """The sheets of a workbook, each begun when its first row comes."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True})
        self._sheets: dict[str, Any] = {}
        self._rows: Counter[str] = Counter()
        self._cut = 0

    def add(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Writes rows below those that the sheet has."""
        sheet = self._sheet(table)
        left_out = [at for at, column in enumerate(columns_of(table)) if column.name == WHOLE_RECORD]
        for row in rows:
            self._rows[table] += 1
            if self._rows[table] >= MOST_ROWS:
                raise SheetFull(f"{table} has more rows than a sheet of Excel holds ({MOST_ROWS:,}): write .duckdb, .sqlite or .csv")
            for at, cell in enumerate(row):
                if cell is not None and at not in left_out:
                    self._write(sheet, self._rows[table], at, _flat(cell) if isinstance(cell, list) else cell)

    def _write(self, sheet: Any, row: int, column: int, cell: Any) -> None:
        if isinstance(cell, str):
            self._cut += len(cell) > LONGEST
            sheet.write_string(row, column, cell if len(cell) <= LONGEST else f"{cell[: LONGEST - 1]}…")
        else:
            sheet.write(row, column, cell)

    def _sheet(self, table: str) -> Any:
        if table not in self._sheets:
            sheet = self._sheets[table] = self._book.add_worksheet(table)
            columns = columns_of(table)
            for at, column in enumerate(columns):
                sheet.write_string(0, at, column.name, self._bold)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(columns) - 1, WIDTH)
        return self._sheets[table]

    def close(self, order: Sequence[str]) -> None:
        """Puts the sheets in order and ends the workbook."""
        for table in () if self._sheets else order[:1]:
            self._sheet(table)
        self._book.worksheets_objs.sort(key=lambda sheet: order.index(sheet.get_name()))
        self._book.worksheets_objs[0].activate()
        self._book.close()

    def told(self) -> list[str]:
        """How many cells were cut, in a sentence."""
        told = f"cells cut at the {LONGEST:,} characters that Excel holds: {self._cut:,}; write .duckdb or .sqlite for the whole"
        return [told] if self._cut else []
