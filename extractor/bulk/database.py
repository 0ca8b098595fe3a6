"""DuckDB over the tables of a dataset: within bounded memory, beyond which it goes to the dataset's temporary folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from extractor.write.tables import columns_of

MEMORY = "128MB"
TYPES = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "list": "VARCHAR[]"}


def connect(folder: Path) -> Any:
    """A database in memory that goes to the temporary folder of the dataset in `folder` where its memory ends."""
    import duckdb  # noqa: PLC0415 (an extra)

    (folder / "_tmp").mkdir(exist_ok=True)
    base = duckdb.connect(":memory:")
    base.execute(f"SET memory_limit='{MEMORY}'")
    base.execute(f"SET temp_directory='{quoted(folder / '_tmp' / 'spill')}'")
    base.execute("SET threads=2")
    base.execute("SET preserve_insertion_order=false")
    base.execute("SET parquet_metadata_cache=true")
    return base


def quoted(path: Path | str) -> str:
    """A path as it stands inside quotes in SQL.

    >>> quoted("it's")
    "it''s"
    """
    return str(path).replace("'", "''")


def parts_of(folder: Path, table: str) -> str:
    """What SQL reads a table of the dataset in `folder` from."""
    return f"read_parquet('{quoted(folder / table / '*.parquet')}', union_by_name=true)"


def copy_out(base: Any, query: str, target: Path) -> int:
    """Writes what a query finds to a Parquet file; how many rows."""
    return int(base.execute(f"COPY ({query}) TO '{quoted(target)}' (FORMAT parquet, COMPRESSION zstd)").fetchone()[0])


def write_inputs(folder: Path, lines: Path, target: Path) -> None:
    """Writes the table of inputs of the dataset in `folder` from JSON lines."""
    columns = ", ".join(f"'{column.name}': '{TYPES[column.type]}'" for column in columns_of("inputs"))
    with connect(folder) as base:
        source = f"read_json('{quoted(lines)}', format='newline_delimited', columns={{{columns}}})"
        copy_out(base, f"SELECT * FROM {source} ORDER BY address", target)  # noqa: S608 (names of ours)


def write_none(folder: Path, table: str, target: Path) -> None:
    """Writes a table without rows."""
    columns = ", ".join(f'NULL::{TYPES[column.type]} AS "{column.name}"' for column in columns_of(table))
    with connect(folder) as base:
        copy_out(base, f"SELECT {columns} WHERE false", target)
