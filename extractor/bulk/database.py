"""DuckDB over the tables of a dataset: within bounded memory, beyond which it goes to the dataset's temporary folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from extractor.bulk.state import told_damage
from extractor.write.dataset.columns import columns_of

MEMORY = 96  # MB
MOST_MEMORY = 1 << 14
ROWS = 16384  # in a row group
Answer = TypeVar("Answer")
TYPES = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "list": "VARCHAR[]"}


def ask(folder: Path, work: Callable[[Any], Answer]) -> Answer:
    """What `work` finds or makes with a database in memory, which goes to the temporary folder of the dataset where its memory ends.

    Where that is not enough, `work` is done anew with twice as much. Raises DatasetDamaged where DuckDB cannot read or write a file.
    """
    import duckdb  # noqa: PLC0415 (an extra)

    memory = MEMORY
    while True:
        try:
            with told_damage(folder, duckdb.IOException, duckdb.InvalidInputException), _connect(duckdb, folder, memory) as base:
                return work(base)
        except duckdb.OutOfMemoryException:
            memory *= 2
            if memory > MOST_MEMORY:
                raise


def _connect(duckdb: Any, folder: Path, memory: int) -> Any:
    (folder / "_tmp").mkdir(exist_ok=True)
    base = duckdb.connect(":memory:")
    base.execute(f"SET memory_limit='{memory}MB'")
    base.execute(f"SET temp_directory='{quoted(folder / '_tmp' / 'spill')}'")
    base.execute("SET threads=2")
    base.execute("SET preserve_insertion_order=false")
    base.execute("SET enable_external_file_cache=false")
    base.execute("SET enable_progress_bar=false")  # which it draws on standard output where it takes the session for a person's
    return base


def quoted(path: Path | str) -> str:
    """A path as it stands inside quotes in SQL.

    >>> quoted("it's")
    "it''s"
    """
    return str(path).replace("'", "''")


def parts_of(folder: Path, table: str, *, alike: bool = False) -> str:
    """What SQL reads a table of the dataset in `folder` from.

    Parts that an older version wrote may lack columns. Where all are known to be `alike` only one is open at a time.
    """
    return f"read_parquet('{quoted(folder / table / '*.parquet')}', union_by_name={str(not alike).lower()})"


def rows_of(folder: Path, table: str, *, alike: bool = False, beside: Path | None = None) -> str:
    """The same, also of a table that no part holds: it has no rows then. `beside`: the folder, where SQL is to name its files from within."""
    if any(((beside or folder) / table).glob("*.parquet")):
        return parts_of(folder, table, alike=alike)
    columns = ", ".join(f'NULL::{TYPES[column.type]} AS "{column.name}"' for column in columns_of(table))
    return f"(SELECT {columns} WHERE false)"


def copy_out(base: Any, query: str, target: Path) -> int:
    """Writes what a query finds to a Parquet file, some thousand rows at a time; how many rows."""
    told = f"COPY ({query}) TO '{quoted(target)}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS})"
    return int(base.execute(told).fetchone()[0])


def write_inputs(folder: Path, lines: Path, target: Path) -> None:
    """Writes the table of inputs of the dataset in `folder` from JSON lines, in their order."""
    columns = ", ".join(f"'{column.name}': '{TYPES[column.type]}'" for column in columns_of("inputs"))

    def write(base: Any) -> None:
        base.execute("SET threads=1")  # more would hold as many lines ready
        base.execute("SET preserve_insertion_order=true")
        copy_out(base, f"SELECT * FROM read_json('{quoted(lines)}', format='newline_delimited', columns={{{columns}}})", target)  # noqa: S608 (names of ours)

    ask(folder, write)


def write_none(folder: Path, table: str, target: Path) -> None:
    """Writes a table without rows."""
    ask(folder, lambda base: copy_out(base, f"SELECT * FROM {rows_of(folder, table)}", target))  # noqa: S608 (names of ours)
