"""What a dataset knows of its inputs, in one SQLite file beside it: it survives `kill -9` at any moment.

A part's files are put in place first, then one transaction makes the part and its inputs known. Files that no transaction
knows are dropped when the next run begins.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from extractor.bulk.batches import Known, Outcome

SCHEMA = """
CREATE TABLE IF NOT EXISTS inputs (address TEXT PRIMARY KEY, input_id TEXT, state TEXT, sha256 TEXT, bytes INTEGER, seconds REAL,
  records INTEGER, error TEXT, fingerprint TEXT, part INTEGER, run INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS parts (part INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS superseded (part INTEGER, input_id TEXT, PRIMARY KEY (part, input_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (run INTEGER PRIMARY KEY, begun REAL, ended REAL, changed INTEGER DEFAULT 0);
"""
UPSERT = """
INSERT INTO inputs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET state = excluded.state,
  sha256 = excluded.sha256, bytes = excluded.bytes, seconds = excluded.seconds, records = excluded.records, error = excluded.error,
  fingerprint = excluded.fingerprint, part = excluded.part, run = excluded.run
"""
VANISHED = "CASE WHEN run < (SELECT max(run) FROM runs WHERE ended IS NOT NULL) THEN 'vanished' ELSE state END"


class Totals(NamedTuple):
    """How many inputs the dataset holds by state, and how many records."""

    written: int
    quarantined: int
    vanished: int
    records: int


class State:
    """The dataset's memory. `run` is the number of the present run, `fingerprint` that of its plan."""

    def __init__(self, path: Path, fingerprint: str) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=NORMAL")
        self._base.executescript(SCHEMA)
        self.fingerprint = fingerprint
        self.run = int(self._base.execute("INSERT INTO runs (begun) VALUES (?) RETURNING run", (time.time(),)).fetchone()[0])
        self.next_part = 1 + int(self._base.execute("SELECT coalesce(max(part), 0) FROM parts").fetchone()[0])

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

    def commit(self, outcomes: Iterable[Outcome], part: int | None) -> None:
        """Makes a batch's outcomes known, all at once, with the part that its records are in."""
        with self._transaction():
            for outcome in outcomes:
                if outcome.same:
                    self._base.execute("UPDATE inputs SET run = ? WHERE address = ?", (self.run, outcome.address))
                else:
                    self._replace(outcome, part)
            if part is not None:
                self._base.execute("INSERT INTO parts VALUES (?)", (part,))
                self.next_part = part + 1
                self._mark_changed()

    def _replace(self, outcome: Outcome, part: int | None) -> None:
        own = part if outcome.records else None
        before = self._base.execute("SELECT part FROM inputs WHERE address = ?", (outcome.address,)).fetchone()
        if before and before[0] is not None:
            self._base.execute("INSERT OR IGNORE INTO superseded VALUES (?, ?)", (before[0], outcome.input_id))
        self._base.execute(UPSERT, (*outcome[:8], self.fingerprint, own, self.run))

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
        """Ends the run: inputs that it has not met count as vanished. Whether anything changed since the last whole run."""
        with self._transaction():
            last = self._base.execute("SELECT coalesce(max(run), 0) FROM runs WHERE ended IS NOT NULL").fetchone()[0]
            self._base.execute("UPDATE runs SET ended = ? WHERE run = ?", (time.time(), self.run))
        return bool(self._base.execute("SELECT max(changed) FROM runs WHERE run > ?", (last,)).fetchone()[0]) or last == 0

    def totals(self) -> Totals:
        """The dataset's counts, over all runs."""
        counts = dict(self._base.execute(f"SELECT {VANISHED} AS state, count(*) FROM inputs GROUP BY 1"))  # noqa: S608 (a constant)
        records = self._base.execute("SELECT coalesce(sum(records), 0) FROM inputs WHERE part IS NOT NULL").fetchone()[0]
        return Totals(counts.get("written", 0), counts.get("quarantined", 0), counts.get("vanished", 0), records)

    def each_input(self, size: int) -> Iterator[list[tuple[object, ...]]]:
        """The rows of the table of inputs by address, `size` at a time."""
        cursor = self._base.execute(
            f"SELECT address, input_id, {VANISHED}, sha256, bytes, seconds, records, nullif(error, ''), run FROM inputs ORDER BY address"  # noqa: S608
        )
        while rows := cursor.fetchmany(size):
            yield rows
