"""A dataset on disk: its parts put in place and taken away again, its inputs and links written when a run ends.

records/part-000001.parquet …    a folder a table, a file a part
inputs/inputs.parquet            every input with its state
links/links.parquet              the same trial in several registries
latest/latest.parquet            which record stands for a trial
views.sql                        the tables and views for a session of DuckDB
versions/, changes/              what changed from version to version, where that was asked for
index.html                       the dataset in pictures
_state.sqlite                    what later runs need to know
"""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from extractor.bulk.state import DatasetState, told_damage
from extractor.write import to_json
from extractor.write.dataset import KEY_LENGTH
from extractor.write.dataset.columns import COMPARED, all_tables, columns_of, table_names
from extractor.write.dataset.views import duckdb_statements
from extractor.write.dataset_names import LOCK

TEMPORARY = "_tmp"
PICTURES = "index.html"
VIEWS = "views.sql"
VIEWS_HEAD = (
    "-- duckdb -init views.sql, in this folder; elsewhere SET file_search_path = '<this folder>' first\nSET preserve_insertion_order = true"
)
ROWS = 8192  # of the table of inputs, held at a time


class DatasetInUse(RuntimeError):
    """Another run writes the dataset."""


class Store:
    """The folder of a dataset; `suffix` is that of its parts."""

    def __init__(self, folder: Path, *, lines: bool) -> None:
        self.folder = folder
        self.suffix = ".jsonl.gz" if lines else ".parquet"
        self._temporary = folder / TEMPORARY

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the folder against other runs; the lock ends with the process, however it ends.

        Raises DatasetInUse.
        """
        import fcntl  # noqa: PLC0415 (not on every system, and only needed here)

        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK).open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise DatasetInUse(f"{self.folder}: another run is writing here: wait for it, or end it") from None
            yield

    def clear(self, parts: set[int]) -> set[int]:
        """Drops what an earlier run left unfinished: temporary files, and parts that the state does not know.

        Returns the parts that the state knows and that are not there any more.
        """
        shutil.rmtree(self._temporary, ignore_errors=True)
        self._temporary.mkdir()
        for table in table_names():
            for file in (self.folder / table).glob(f"part-{'[0-9]' * 6}*{self.suffix}"):
                if int(file.name[5:11]) not in parts:
                    file.unlink()
        return {part for part in parts if not self.place("records", part).exists()}

    def place(self, table: str, part: int) -> Path:
        """Where a table's file of a part stands."""
        return self.folder / table / f"part-{part:06d}{self.suffix}"

    def put(self, part: int, files: dict[str, bytes]) -> None:
        """Writes the files of a part, each whole or not at all."""
        for table, data in files.items():
            self.write(self.place(table, part), lambda file, data=data: file.write(data))  # type: ignore[misc]

    def write(self, target: Path, fill: Callable[[IO[bytes]], object]) -> None:
        """Writes a file whole or not at all: `fill` is given the open file."""
        target.parent.mkdir(exist_ok=True)
        temporary = self._temporary / f"{target.parent.name}-{target.name}"
        with temporary.open("wb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
        _sync(target.parent)

    def settle(self, state: DatasetState) -> None:
        """Takes the rows of inputs that have changed since out of the parts that hold them."""
        for part, inputs in state.superseded().items():
            for table in table_names():
                if self.place(table, part).exists():
                    self._rewrite(self.place(table, part), inputs)
            state.forget_superseded(part)

    def _rewrite(self, file: Path, inputs: set[str]) -> None:
        rewrite = _without_rows if self.suffix == ".parquet" else _without_lines
        with told_damage(file, ValueError, OSError, EOFError):
            kept = rewrite(file, inputs)
        if kept is None:
            file.unlink()
        else:
            self.write(file, lambda target: target.write(kept))

    def write_inputs(self, state: DatasetState) -> None:
        """Writes the table of inputs."""
        from extractor.bulk.database import write_inputs  # noqa: PLC0415 (needs an extra)

        lines = self._temporary / "inputs.jsonl"
        self._write_input_lines(state, lines)
        self._put_in_place("inputs", lambda target: write_inputs(self.folder, lines, target))
        lines.unlink()

    def write_input_lines(self, state: DatasetState) -> None:
        """Writes the inputs as JSON lines, beside records that are JSON lines."""
        self._write_input_lines(state, self.folder / "inputs.jsonl")

    def _write_input_lines(self, state: DatasetState, target: Path) -> None:
        names = [column.name for column in columns_of("inputs")]

        def fill(file: IO[bytes]) -> None:
            for rows in state.each_input(ROWS):
                file.writelines(to_json(dict(zip(names, row, strict=True))) + b"\n" for row in rows)

        self.write(target, fill)

    def write_links(self, *, alike: bool) -> None:
        """Writes the table of links. `alike` says that all parts have the same columns."""
        from extractor.bulk.database import write_none  # noqa: PLC0415 (needs an extra)
        from extractor.bulk.links import write_links  # noqa: PLC0415

        if any((self.folder / "identifiers").glob("part-*.parquet")):
            self._put_in_place("links", lambda target: write_links(self.folder, target, alike=alike))
        else:
            self._put_in_place("links", lambda target: write_none(self.folder, "links", target))

    def write_latest(self, *, alike: bool) -> None:
        """Writes the table of latest records. `alike` says that all parts have the same columns."""
        from extractor.bulk.latest import write_latest  # noqa: PLC0415 (needs an extra)

        self._put_in_place("latest", lambda target: write_latest(self.folder, target, alike=alike))

    def write_views(self) -> None:
        """Writes what makes the tables and views of the folder in a session of DuckDB."""
        from extractor.bulk.database import rows_of  # noqa: PLC0415 (needs an extra)

        sources = {table: rows_of(Path(), table, beside=self.folder) for table in self.tables()}
        tables = [f"CREATE OR REPLACE VIEW main.{table} AS FROM {source}" for table, source in sources.items()]
        text = ";\n".join([VIEWS_HEAD, *tables, *duckdb_statements()]) + ";\n"
        self.write(self.folder / VIEWS, lambda file: file.write(text.encode()))

    def tables(self) -> list[str]:
        """Every table of this dataset, those of comparisons where they were asked for."""
        return [*all_tables(), *(table for table in COMPARED if (self.folder / table).is_dir())]

    def write_comparisons(self, *, alike: bool) -> None:
        """Writes the tables of changes and versions. `alike` says that all parts have the same columns."""
        from extractor.bulk.comparisons import write_comparisons  # noqa: PLC0415 (needs an extra, and is only done when asked for)
        from extractor.bulk.database import write_none  # noqa: PLC0415

        if any((self.folder / "identifiers").glob("part-*.parquet")):
            made = {table: self._temporary / f"{table}.made.parquet" for table in COMPARED}
            write_comparisons(self.folder, made, alike=alike)
            for table, file in made.items():
                self._put_in_place(table, file.replace)
        else:
            for table in COMPARED:
                self._put_in_place(table, lambda target, table=table: write_none(self.folder, table, target))  # type: ignore[misc]

    def drop_comparisons(self) -> None:
        """Takes away tables of changes and versions that an earlier run wrote: they would not be those of the dataset any more."""
        for table in COMPARED:
            shutil.rmtree(self.folder / table, ignore_errors=True)

    def _put_in_place(self, table: str, fill: Callable[[Path], object]) -> None:
        """A table of one file, whole or not at all: `fill` is given a path to write to."""
        target, temporary = self.folder / table / f"{table}.parquet", self._temporary / f"{table}.parquet"
        fill(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        target.parent.mkdir(exist_ok=True)
        temporary.replace(target)
        _sync(target.parent)

    def each_line(self) -> Iterator[bytes]:
        """The records of a dataset of JSON lines, in the order of its parts, with their line ends."""
        for file in sorted((self.folder / "records").glob(f"part-{'[0-9]' * 6}*{self.suffix}")):
            yield from (line.partition(b" ")[2] for line in each_packed_line(file))


def _sync(folder: Path) -> None:
    """Sees to it that the names in a folder survive a power cut, before anything is said of the files."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def each_packed_line(file: Path) -> Iterator[bytes]:
    """The lines of a gzip file, with their line ends."""
    import gzip  # noqa: PLC0415

    with gzip.open(file) as lines:
        yield from lines


def _without_lines(file: Path, inputs: set[str]) -> bytes | None:
    """A part of JSON lines without those of some inputs; None where none is left."""
    machine = zlib.compressobj(1, zlib.DEFLATED, 31)
    kept = [machine.compress(line) for line in each_packed_line(file) if line[:KEY_LENGTH].decode() not in inputs]
    return b"".join((*kept, machine.flush())) if kept else None


def _without_rows(file: Path, inputs: set[str]) -> bytes | None:
    """A Parquet file without the rows of some inputs; None where none is left."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    table = pq.read_table(file)
    own = pc.utf8_slice_codeunits(table["record_key"], 0, KEY_LENGTH)
    kept = table.filter(pc.invert(pc.is_in(own, pa.array(sorted(inputs)))))
    sink = pa.BufferOutputStream()
    pq.write_table(kept, sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes()) if kept.num_rows else None
