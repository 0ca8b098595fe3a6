"""What a dataset becomes at the end of a run, by the suffix of OUT: JSON lines, one DuckDB or SQLite file, or the folder itself."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from extractor.bulk.database import TYPES, ask, parts_of, quoted
from extractor.bulk.sqlite import write_sqlite
from extractor.bulk.store import Store
from extractor.write.dataset.columns import columns_of, declared, meanings_of
from extractor.write.dataset.views import duckdb_statements
from extractor.write.dataset_names import is_lines, is_sqlite


def write_output(store: Store, output: str, *, alike: bool) -> None:
    """Makes the file that `output` names from the parts; a folder is its own output. `alike`: all parts have the same columns."""
    if is_lines(output):
        _write_lines(store, Path(output))
    elif is_sqlite(output):
        write_sqlite(store, Path(output), alike=alike)
    elif output.endswith(".duckdb"):
        _write_database(store, Path(output), alike=alike)


def _write_lines(store: Store, target: Path) -> None:
    temporary = store.folder / "_tmp" / "out"
    with temporary.open("wb") as file:
        with _packed(file, target.suffix) as write:
            for line in store.each_line():
                write(line)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(target)


@contextmanager
def _packed(file: IO[bytes], suffix: str) -> Iterator[Callable[[bytes], object]]:
    """What writes to a file in the packing of its suffix; no clock goes in."""
    if suffix == ".gz":
        with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
            yield packed.write
    elif suffix == ".zst":
        import zstandard  # noqa: PLC0415 (an extra)

        with zstandard.ZstdCompressor().stream_writer(file, closefd=False) as stream:
            yield stream.write
    else:
        yield file.write


def _write_database(store: Store, target: Path, *, alike: bool) -> None:
    temporary = store.folder / "_tmp" / "out.duckdb"

    def write(base: Any) -> None:
        temporary.unlink(missing_ok=True)
        base.execute("SET preserve_insertion_order=true")
        base.execute(f"ATTACH '{quoted(temporary)}' AS out")
        for table in store.tables():
            _copy_table(base, store, table, alike=alike)
        base.execute("USE out")
        for statement in duckdb_statements():
            base.execute(statement)
        base.execute("USE memory")
        base.execute("DETACH out")

    ask(store.folder, write)
    temporary.replace(target)


def _copy_table(base: Any, store: Store, table: str, *, alike: bool) -> None:
    columns = ", ".join(f'"{column.name}" {TYPES[column.type]}' for column in columns_of(table))
    base.execute(f"CREATE TABLE out.{table} ({columns})")
    for line in declared():
        if line.table == table and line.type == "table":
            base.execute(f"COMMENT ON TABLE out.{table} IS '{quoted(line.meaning)}'")
    for name, meaning in meanings_of(table).items():
        base.execute(f"COMMENT ON COLUMN out.{table}.\"{name}\" IS '{quoted(meaning)}'")
    if any((store.folder / table).glob("*.parquet")):
        base.execute(f"INSERT INTO out.{table} BY NAME SELECT * FROM {parts_of(store.folder, table, alike=alike)}")  # noqa: S608 (names of ours)
