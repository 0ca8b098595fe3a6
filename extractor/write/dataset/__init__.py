"""Rows to parts of a dataset: Parquet files in memory, or JSON lines led by their keys.

A part is made wherever its documents are read, and is written where the dataset stands.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any, Protocol

from extractor.model import Record
from extractor.write.dataset.columns import Column, Rows, columns_of
from extractor.write.dataset_names import KEY_LENGTH

GROUP = 1 << 22  # bytes of JSON after which the rows of all tables are packed, so that memory does not grow with a batch
LINES = 1 << 20  # the same for the table that holds the JSON itself
LEVEL = 3  # of zstd: its own default, where Arrow's is 1
LARGEST = 2**63 - 1
RECORDS, WHOLE = "records", "json"  # the table of JSON, and its column: values never repeat, a dictionary would only hold them twice


class RecordSink(Protocol):
    """What takes records and gives files."""

    def add(self, key: str, record: Record, line: bytes) -> None:
        """Takes a record with its key and its JSON."""

    def close(self) -> dict[str, bytes]:
        """The part's files by table; none where no record was added."""


def schema_of(table: str) -> Any:
    """The Arrow schema of a table."""
    import pyarrow as pa  # noqa: PLC0415 (an extra)

    return pa.schema([(column.name, _types()[column.type]) for column in columns_of(table)])


def _types() -> dict[str, Any]:
    import pyarrow as pa  # noqa: PLC0415

    plain = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
    return {**plain, "list": pa.list_(pa.string())}


class ParquetPart:
    """Every table as one Parquet file, compressed with zstd. Records are packed as they come, so that memory stays flat.

    `tables` are those wanted, all where none is named.
    """

    def __init__(self, tables: Sequence[str] = ()) -> None:
        self._rows = Rows(tables)
        self._files: dict[str, tuple[Any, Any]] = {}
        self._held = self._lines = 0  # bytes of JSON since all tables were packed, since the records were

    def add(self, key: str, record: Record, line: bytes) -> None:
        """Takes a record with its key and its JSON."""
        self._rows.add(key, record, line)
        self._held += len(line)
        self._lines += len(line)
        if self._held >= GROUP:
            self._pack_all()
        elif self._lines >= LINES and RECORDS in self._rows.rows:
            self._pack(RECORDS)
            self._lines = 0

    def close(self) -> dict[str, bytes]:
        """The part's files by table; none where no record was added."""
        self._pack_all()
        files: dict[str, bytes] = {}
        for table, (sink, writer) in self._files.items():
            writer.close()
            files[table] = sink.getvalue().to_pybytes()
        self._files.clear()
        return files

    def _pack_all(self) -> None:
        for table in list(self._rows.rows):
            self._pack(table)
        self._held = self._lines = 0

    def _pack(self, table: str) -> None:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        if table not in self._files:
            sink = pa.BufferOutputStream()
            repeating = [column.name for column in columns_of(table) if column.name != WHOLE]
            options = {"compression": "zstd", "compression_level": LEVEL, "use_dictionary": repeating}
            self._files[table] = sink, pq.ParquetWriter(sink, schema_of(table), **options)
        values = self._rows.take(table)
        arrays = [_array(cells, column) for cells, column in zip(values, columns_of(table), strict=True)]
        self._files[table][1].write_table(pa.Table.from_arrays(arrays, schema=schema_of(table)))


def _array(cells: Sequence[Any], column: Column) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    kind = _types()[column.type]
    try:
        return pa.array(cells, kind)
    except (OverflowError, pa.ArrowInvalid):
        return pa.array([_bounded(cell, column.type) for cell in cells], kind)


def _bounded(value: Any, kind: str) -> Any:
    """A number that its column can hold; one that is too large is left out (the record's JSON has it)."""
    if kind == "number" and value is not None:
        return float(value) if abs(value) < 1e300 else None
    return None if kind == "integer" and value is not None and abs(value) > LARGEST else value


class LinesPart:
    """Records alone, one a line: the key, a blank, the JSON; packed with gzip."""

    def __init__(self) -> None:
        self._machine = zlib.compressobj(1, zlib.DEFLATED, 31)
        self._parts: list[bytes] = []

    def add(self, key: str, record: Record, line: bytes) -> None:  # noqa: ARG002 (the record is in its line)
        """Takes a record with its key and its JSON."""
        self._parts.append(self._machine.compress(key.encode() + b" " + line + b"\n"))

    def close(self) -> dict[str, bytes]:
        """The part's file; none where no record was added."""
        return {"records": b"".join((*self._parts, self._machine.flush()))} if self._parts else {}


def empty_file(table: str) -> bytes:
    """A table's Parquet file without rows."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    sink = pa.BufferOutputStream()
    pq.write_table(schema_of(table).empty_table(), sink)
    return bytes(sink.getvalue().to_pybytes())


__all__ = ["KEY_LENGTH", "LinesPart", "ParquetPart", "RecordSink", "empty_file", "schema_of"]
