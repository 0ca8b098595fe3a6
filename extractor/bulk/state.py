"""What a dataset knows of its inputs, in one SQLite file beside it: it survives `kill -9` at any moment.

A part's files are put in place first, then one transaction makes the part and its inputs known. Files that no transaction
knows are dropped when the next run begins.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from extractor.bulk.batches import DocumentResult, Known

SCHEMA = """
CREATE TABLE IF NOT EXISTS inputs (address TEXT PRIMARY KEY, input_id TEXT, state TEXT, sha256 TEXT, bytes INTEGER, seconds REAL,
  records INTEGER, error TEXT, fingerprint TEXT, part INTEGER, run INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS parts (part INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS superseded (part INTEGER, input_id TEXT, PRIMARY KEY (part, input_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (run INTEGER PRIMARY KEY, begun REAL, ended REAL, changed INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS finished (run INTEGER PRIMARY KEY);
"""
UPSERT = """
INSERT INTO inputs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET state = excluded.state,
  sha256 = excluded.sha256, bytes = excluded.bytes, seconds = excluded.seconds, records = excluded.records, error = excluded.error,
  fingerprint = excluded.fingerprint, part = excluded.part, run = excluded.run
"""
VANISHED = "CASE WHEN run < (SELECT max(run) FROM runs WHERE ended IS NOT NULL) THEN 'vanished' ELSE state END"


class DatasetDamaged(RuntimeError):
    """What earlier runs left of a dataset cannot be read, or cannot be written any more."""


@contextmanager
def told_damage(place: Path, *faults: type[Exception]) -> Iterator[None]:
    """Says of a library's `faults` in its block that the dataset at `place` is damaged.

    Raises DatasetDamaged.
    """
    try:
        yield
    except faults as error:
        first = str(error).strip().partition("\n")[0]
        raise DatasetDamaged(
            f"{place}: the dataset cannot be read or written ({first}): see to the disk, or delete it and begin anew"
        ) from error


class Totals(NamedTuple):
    """How many inputs the dataset holds by state, and how many records."""

    written: int
    quarantined: int
    vanished: int
    records: int


class DatasetState:
    """The dataset's memory. `run` is the number of the present run, `fingerprint` that of its plan."""

    def __init__(self, path: Path, fingerprint: str) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=NORMAL")
        self._base.executescript(SCHEMA)
        self.fingerprint = fingerprint
        self._last = int(self._ask("SELECT coalesce(max(run), 0) FROM runs WHERE ended IS NOT NULL"))
        self.run = int(self._base.execute("INSERT INTO runs (begun) VALUES (?) RETURNING run", (time.time(),)).fetchone()[0])
        self.next_part = 1 + int(self._ask("SELECT coalesce(max(part), 0) FROM parts"))

    def close(self) -> None:
        """Closes the file."""
        self._base.close()

    def known(self, address: str) -> tuple[dict[str, Known], bool]:
        """What is known of a unit's documents under this plan, and whether this run has met the unit already."""
        rows = self._base.execute(
            "SELECT address, sha256, state, error, fingerprint, run FROM inputs WHERE address = ?1"
            " UNION ALL SELECT address, sha256, state, error, fingerprint, run FROM inputs WHERE address > ?1 || '#' AND address < ?1 || '$'",
            (address,),
        ).fetchall()
        found = {row[0]: Known(row[1], row[2], row[3]) for row in rows if row[4] == self.fingerprint}
        return found, any(row[5] == self.run for row in rows)

    def commit(self, outcomes: Iterable[DocumentResult], part: int | None) -> None:
        """Makes a batch's outcomes known, all at once, with the part that its records are in."""
        with self._transaction():
            changes = sum([self._enter(outcome, part) for outcome in outcomes])
            if part is not None:
                self._base.execute("INSERT INTO parts VALUES (?)", (part,))
                self.next_part = part + 1
            if changes:
                self._mark_changed()

    def _enter(self, outcome: DocumentResult, part: int | None) -> bool:
        """Whether an outcome tells anything that the table of inputs does not say yet."""
        if not outcome.same:
            self._replace(outcome, part)
            return True
        update = "UPDATE inputs SET run = ?1 WHERE address = ?2"
        if self._base.execute(f"{update} AND run = ?3", (self.run, outcome.address, self._last)).rowcount:
            return False
        self._base.execute(update, (self.run, outcome.address))  # it had vanished
        return True

    def _replace(self, outcome: DocumentResult, part: int | None) -> None:
        own = part if outcome.records else None
        before = self._base.execute("SELECT part FROM inputs WHERE address = ?", (outcome.address,)).fetchone()
        if before and before[0] is not None:
            self._base.execute("INSERT OR IGNORE INTO superseded VALUES (?, ?)", (before[0], outcome.input_id))
        self._base.execute(UPSERT, (*outcome[:8], self.fingerprint, own, self.run))

    def _ask(self, query: str, *values: object) -> Any:
        """The one value that a query finds; None where it finds none."""
        return (self._base.execute(query, values).fetchone() or (None,))[0]

    def _transaction(self) -> sqlite3.Connection:
        """The connection as a context that commits or rolls back."""
        self._base.execute("BEGIN IMMEDIATE")
        return self._base

    def _mark_changed(self) -> None:
        self._base.execute("UPDATE runs SET changed = 1 WHERE run = ?", (self.run,))

    def parts(self) -> set[int]:
        """The parts that belong to the dataset."""
        return {row[0] for row in self._base.execute("SELECT part FROM parts")}

    def forget_parts(self, parts: Iterable[int]) -> None:
        """Says that parts are gone: their inputs are read again."""
        with self._transaction():
            for part in parts:
                self._base.execute("DELETE FROM inputs WHERE part = ?", (part,))

    def alike(self) -> bool:
        """Whether all parts were written by one version, so that their tables have the same columns."""
        return not self._ask("SELECT 1 FROM inputs WHERE part IS NOT NULL AND fingerprint <> ? LIMIT 1", self.fingerprint)

    def superseded(self) -> dict[int, set[str]]:
        """Inputs whose rows in a part are no longer theirs, by part."""
        found: dict[int, set[str]] = {}
        for part, input_id in self._base.execute("SELECT part, input_id FROM superseded ORDER BY part"):
            found.setdefault(part, set()).add(input_id)
        return found

    def forget_superseded(self, part: int) -> None:
        """Says that a part holds no rows any more that are not its inputs' own."""
        self._base.execute("DELETE FROM superseded WHERE part = ?", (part,))

    def end(self) -> bool:
        """Ends the run: inputs that it has not met count as vanished. Whether anything changed since a run was finished."""
        with self._transaction():
            if self._ask("SELECT 1 FROM inputs WHERE run < ? AND run >= ? LIMIT 1", self.run, self._last):
                self._mark_changed()
            self._base.execute("UPDATE runs SET ended = ? WHERE run = ?", (time.time(), self.run))
        return bool(self._ask("SELECT max(changed) FROM runs WHERE run > (SELECT coalesce(max(run), -1) FROM finished)"))

    def finish(self) -> None:
        """Says that all that is made of the whole dataset has been made of it as it is now."""
        self._base.execute("INSERT OR IGNORE INTO finished VALUES (?)", (self.run,))

    def totals(self) -> Totals:
        """The dataset's counts, over all runs."""
        counts = dict(self._base.execute(f"SELECT {VANISHED} AS state, count(*) FROM inputs GROUP BY 1"))  # noqa: S608 (a constant)
        records = self._ask("SELECT coalesce(sum(records), 0) FROM inputs WHERE part IS NOT NULL")
        return Totals(counts.get("written", 0), counts.get("quarantined", 0), counts.get("vanished", 0), records)

    def each_input(self, size: int) -> Iterator[list[tuple[object, ...]]]:
        """The rows of the table of inputs by address, `size` at a time."""
        cursor = self._base.execute(
            f"SELECT address, input_id, {VANISHED}, sha256, bytes, seconds, records, nullif(error, ''), run FROM inputs ORDER BY address"  # noqa: S608
        )
        while rows := cursor.fetchmany(size):
            yield rows
