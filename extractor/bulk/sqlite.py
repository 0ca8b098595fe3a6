"""The tables and views of a dataset as one SQLite file: lists as JSON, truth as 0 and 1, what a column means beside it in the schema."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from extractor.bulk.database import ask, rows_of
from extractor.bulk.store import TEMPORARY, Store
from extractor.write import to_json
from extractor.write.dataset.columns import columns_of, meanings_of
from extractor.write.dataset.views import sqlite_statements

TYPES = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "list": "TEXT"}
AT_A_TIME = 4096  # rows that are held between the two databases
KEYS = ("record_key", "record_id", "trial_id", "input_id")  # columns that queries join by


def write_sqlite(store: Store, target: Path, *, alike: bool) -> None:
    """Makes the file from the parts, whole or not at all. `alike`: all parts have the same columns."""
    temporary = store.folder / TEMPORARY / "out.sqlite"

    def write(base: Any) -> None:
        temporary.unlink(missing_ok=True)
        base.execute("SET preserve_insertion_order=true")
        with closing(sqlite3.connect(temporary, isolation_level=None)) as out:
            out.execute("PRAGMA journal_mode=OFF")
            out.execute("PRAGMA synchronous=OFF")
            out.execute("BEGIN")
            for table in store.tables():
                _copy_table(base, out, store.folder, table, alike=alike)
            for statement in sqlite_statements():
                out.execute(statement)
            out.execute("COMMIT")

    ask(store.folder, write)
    temporary.replace(target)


def _copy_table(base: Any, out: sqlite3.Connection, folder: Path, table: str, *, alike: bool) -> None:
    columns, meanings = columns_of(table), meanings_of(table)
    lines = [f'  "{column.name}" {TYPES[column.type]}' for column in columns]
    told = [f"{line}{',' if at < len(lines) else ''} -- {meanings[columns[at - 1].name]}" for at, line in enumerate(lines, 1)]
    out.execute(f"CREATE TABLE {table} (\n" + "\n".join(told) + "\n)")
    names = ", ".join(f'"{column.name}"' for column in columns)
    found = base.execute(f"SELECT {names} FROM {rows_of(folder, table, alike=alike)}")  # noqa: S608 (names of ours)
    lists = [at for at, column in enumerate(columns) if column.type == "list"]
    marks = ", ".join("?" * len(columns))
    while rows := found.fetchmany(AT_A_TIME):
        out.executemany(f"INSERT INTO {table} VALUES ({marks})", (_plain(row, lists) for row in rows))  # noqa: S608
    for key in KEYS:
        if any(column.name == key for column in columns):
            out.execute(f"CREATE INDEX {table}_{key} ON {table} ({key})")


def _plain(row: tuple[Any, ...], lists: list[int]) -> tuple[Any, ...]:
    if not lists:
        return row
    cells = list(row)
    for at in lists:
        cells[at] = None if cells[at] is None else to_json(cells[at]).decode()
    return tuple(cells)
