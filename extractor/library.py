"""What a Python program asks for: the records of a document by its bytes or its place, and records as the table of a data frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from extractor import pipeline
from extractor.errors import ExtractError
from extractor.inputs import find_inputs
from extractor.model import Record
from extractor.pipeline import Options
from extractor.write import to_json
from extractor.write.dataset.columns import Column, Rows, columns_of, table_names

DEFAULTS = Options()
FRAMES = ("pandas", "polars")  # in the order in which they are looked for


def extract(source: bytes | str | Path, name: str = "", options: Options = DEFAULTS) -> Iterator[Record]:
    """Every record of a document, in order: of its bytes, or of a file, folder, archive or pattern by its place.

    `name` is what bytes are called: it tells a table from a text, and stands in the record. Raises ExtractError for a document
    that gives no record, with the place in front of its sentence.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        return pipeline.extract(bytes(source), name, options)
    place = str(source)
    if "\n" in place:
        raise ExtractError("a text is read as bytes, a str names a file: pass text.encode()")
    return _of_place(place, options)


def _of_place(place: str, options: Options) -> Iterator[Record]:
    for item in find_inputs([place]):
        try:
            yield from pipeline.extract(item.read(), item.name, options)
        except ExtractError as error:
            raise type(error)(error.named(item.shown)) from error


def frame(records: Iterable[Record] | Record, table: str = "trials", library: str = "") -> Any:
    """One table of docs/tables.md over some records, as a data frame of pandas or polars, the first that is installed.

    Absent values are missing values of their column's type, never "". Raises ValueError for a table that is none, and ImportError
    where neither library is installed.
    """
    if table not in table_names():
        raise ValueError(f"there is no table {table!r}: choose one of {', '.join(table_names())}")
    chosen = library or next((name for name in FRAMES if find_spec(name)), "")
    if chosen not in FRAMES:
        raise ImportError("a data frame needs pandas or polars: pip install pandas")
    rows = Rows([table])
    for number, record in enumerate([records] if isinstance(records, Record) else records, 1):
        rows.add(str(number), record, to_json(record) if table == "records" else b"")
    columns = columns_of(table)
    cells = rows.take(table) if table in rows.rows else [()] * len(columns)
    make = _pandas if chosen == "pandas" else _polars
    return make(columns, [list(column) for column in cells])


def _pandas(columns: Iterable[Column], cells: list[list[Any]]) -> Any:
    pandas = import_module("pandas")
    kinds = {"string": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean", "list": "object"}
    return pandas.DataFrame({column.name: pandas.array(values, dtype=kinds[column.type]) if column.type != "list" else values
                             for column, values in zip(columns, cells, strict=True)})  # fmt: skip


def _polars(columns: Iterable[Column], cells: list[list[Any]]) -> Any:
    polars = import_module("polars")
    kinds = {"string": polars.String, "integer": polars.Int64, "number": polars.Float64, "boolean": polars.Boolean,
             "list": polars.List(polars.String)}  # fmt: skip
    schema = {column.name: kinds[column.type] for column in columns}
    return polars.DataFrame(dict(zip(schema, cells, strict=True)), schema=schema)
