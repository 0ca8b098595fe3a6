"""The tables of changes and versions of a dataset.

Records of one source and number are compared in the order of their dates, those that links tie together across registers. One
trial is in memory at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from extractor.bulk.database import ROWS, ask, parts_of, quoted
from extractor.compare import History, compare_registers, compare_versions
from extractor.compare.report.table import change_rows, version_rows
from extractor.compare.versions import number_in_name
from extractor.languages import to_model
from extractor.model import Record
from extractor.write.dataset import schema_of

FETCHED = 64  # records in memory besides those of the trial in hand

# The key of versions: source and own number; of what states none the number in its file's name, which Python reads.
OWN = """CREATE TABLE keyed AS SELECT r.record_key, r.kind, r.source, r.file, coalesce(n.own, r.record_id) AS own, n.own IS NULL AS unnumbered
   FROM {records} r LEFT JOIN (SELECT record_key, min(registered) AS own FROM {identifiers}
     WHERE trial_number = 0 AND is_primary AND registered IS NOT NULL GROUP BY record_key) n ON n.record_key = r.record_key"""
GROUPS = """CREATE TABLE grouped AS SELECT record_key, dense_rank() OVER (ORDER BY kind, source, own) AS number, 'VERSIONS' AS way
   FROM keyed QUALIFY count(*) OVER (PARTITION BY kind, source, own) > 1"""
LINKED = "SELECT record_key, linked_key FROM '{links}' WHERE type = 'SAME_TRIAL' ORDER BY 1, 2"
FETCH = """SELECT g.way, g.number, g.record_key, r.json FROM grouped g JOIN {records} r ON r.record_key = g.record_key
   ORDER BY g.way, g.number, g.record_key"""


class Keyed(NamedTuple):
    """A record with its key in the dataset."""

    key: str
    record: Record


def write_comparisons(folder: Path, targets: dict[str, Path], *, alike: bool) -> None:
    """Writes both tables of the dataset in `folder` to `targets`; `alike` says that all parts have the same columns."""
    place = folder / "_tmp" / "compare.duckdb"

    def write(base: Any) -> None:
        place.unlink(missing_ok=True)
        base.execute(f"ATTACH '{quoted(place)}' AS work")
        base.execute("USE work")
        base.execute("SET preserve_insertion_order=true")
        tables = {name: parts_of(folder, name, alike=alike) for name in ("records", "identifiers")}
        base.execute(OWN.format(**tables))
        _number_by_name(base)
        base.execute(GROUPS)
        _group_links(base, folder)
        _write_rows(_each_history(base.execute(FETCH.format(**tables))), targets)

    ask(folder, write)
    place.unlink()


def _number_by_name(base: Any) -> None:
    """Gives trials without a number of their own the one in their file's name."""
    rows = base.execute("SELECT record_key, file FROM keyed WHERE unnumbered AND kind = 'trial'").fetchall()
    named = {key: number for key, file in rows if (number := number_in_name(file))}
    _register(base, "named", record_key=list(named), number=list(named.values()))
    base.execute("UPDATE keyed SET own = named.number FROM named WHERE keyed.record_key = named.record_key")


def _register(base: Any, name: str, **columns: list[Any]) -> None:
    """Makes columns a table of the database; one statement a row would take it a minute for a registry's dump."""
    import pyarrow as pa  # noqa: PLC0415 (an extra)

    types = {str: pa.string(), int: pa.int64()}
    base.register(name, pa.table({key: pa.array(cells, types[type(cells[0]) if cells else str]) for key, cells in columns.items()}))


def _group_links(base: Any, folder: Path) -> None:
    """Adds the groups of records that links call one trial."""
    heads: dict[str, str] = {}

    def head(key: str) -> str:
        while heads.setdefault(key, key) != key:
            heads[key] = heads[heads[key]]
            key = heads[key]
        return key

    for one, two in base.execute(LINKED.format(links=quoted(folder / "links" / "links.parquet"))).fetchall():
        first, second = sorted((head(one), head(two)))
        heads[second] = first
    numbers = {key: at for at, key in enumerate(sorted({head(key) for key in heads}))}
    _register(base, "linked", record_key=list(heads), number=[numbers[head(key)] for key in heads])
    base.execute("INSERT INTO grouped SELECT record_key, CAST(number AS BIGINT), 'REGISTERS' FROM linked")


def _each_history(found: Any) -> Iterator[tuple[History, dict[tuple[str, str], str]]]:
    """Every history with the keys of its records by hash and id."""
    for (way, _), rows in groupby(_each_row(found), key=lambda row: row[:2]):
        group = [Keyed(key, to_model(msgspec.json.decode(line), Record)) for _, _, key, line in rows]
        keys = {(item.record.source.sha256, item.record.id): item.key for item in reversed(group)}
        records = [item.record for item in group]
        histories = [compare_versions(records)] if way == "VERSIONS" else compare_registers(records)
        yield from ((history, keys) for history in histories)


def _each_row(found: Any) -> Iterator[Sequence[Any]]:
    while rows := found.fetchmany(FETCHED):
        yield from rows


def _write_rows(histories: Iterator[tuple[History, dict[tuple[str, str], str]]], targets: dict[str, Path]) -> None:
    import pyarrow as pa  # noqa: PLC0415 (an extra)
    import pyarrow.parquet as pq  # noqa: PLC0415

    writers = {table: pq.ParquetWriter(targets[table], schema_of(table), compression="zstd") for table in targets}
    waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for history, keys in histories:
        waiting["versions"] += version_rows(history, keys)
        waiting["changes"] += change_rows(history, keys)
        for table in targets:
            if len(waiting[table]) >= ROWS:
                writers[table].write_table(pa.Table.from_pylist(waiting.pop(table), schema=schema_of(table)))
    for table, writer in writers.items():
        writer.write_table(pa.Table.from_pylist(waiting[table], schema=schema_of(table)))
        writer.close()
