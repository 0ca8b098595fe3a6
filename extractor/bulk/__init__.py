"""Many inputs to one dataset: nothing lost, nothing doubled, whatever happens in between.

account = run(["dump.zip", "pages/"], "trials/", Job(workers=4))
account.read == account.written + account.unchanged + account.quarantined
"""

from __future__ import annotations

import os
import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from extractor.bulk import outputs, progress
from extractor.bulk.batches import Batch, BatchResult, Known, Plan, cut_batches
from extractor.bulk.pool import Pool, WorkersFail
from extractor.bulk.state import DatasetDamaged, DatasetState, Totals, told_damage
from extractor.bulk.store import PICTURES, DatasetInUse, Store
from extractor.bulk.summary import summary_page
from extractor.inputs import InputUnit, each_unit
from extractor.write.dataset.columns import COMPARED
from extractor.write.dataset_names import STATE, folder_of

Results = Generator[BatchResult, None, None]
Engine = Callable[[Plan, Iterable[Batch]], Results]


SHOWN = 10  # reasons of quarantine that an account names


@dataclass(frozen=True, slots=True)
class Job:
    """How a run goes: what is read how, by how many workers (0: one a core), by which engine (none: this machine's).

    `compare` also makes the tables of changes and versions.
    """

    plan: Plan = field(default_factory=Plan)
    workers: int = 0
    engine: Engine | None = None
    quiet: bool = True
    compare: bool = False


class Account(NamedTuple):
    """What came of a run: its inputs by state, the records it wrote, and the dataset's totals over all runs.

    `read` = `written` + `unchanged` + `quarantined`.
    """

    read: int
    written: int
    unchanged: int
    quarantined: int
    records: int
    reasons: tuple[tuple[str, str], ...]
    totals: Totals

    def line(self) -> str:
        """The account in one line."""
        counts = Counter(written=self.written, unchanged=self.unchanged, quarantined=self.quarantined)
        kept = f"the dataset holds {self.totals.records:,} records of {self.totals.written + self.totals.vanished:,} inputs"
        gone = f", {self.totals.vanished:,} of them vanished" if self.totals.vanished else ""
        return f"{progress.counts_line(counts)}; {kept}{gone}"


def run(places: Sequence[str], output: str, job: Job = Job()) -> Account:
    """Reads everything that the places name into the dataset `output`; the account is exact.

    Raises DatasetInUse where another run writes there, DatasetDamaged where earlier runs' files cannot be read, OSError where it
    cannot be written.
    """
    store = Store(folder_of(output), lines=job.plan.lines)
    with (
        store.locked(),
        told_damage(store.folder, sqlite3.Error),
        closing(DatasetState(store.folder / STATE, job.plan.fingerprint())) as state,
    ):
        state.forget_parts(store.clear(state.parts()))
        known = _UnderWay(state)
        with progress.choose(places, quiet=job.quiet) as shown, closing(_each_result(known.each(places), job)) as results:
            counts, records, reasons = _read_all(known.settled(results), store, state, shown)
        store.settle(state)
        if state.end() or not _is_complete(store, output, job):
            _finish(store, state, output, job)
            state.finish()
        written, unchanged, quarantined = (counts[name] for name in progress.STATES)
        return Account(counts.total(), written, unchanged, quarantined, records, tuple(reasons), state.totals())


def _is_complete(store: Store, output: str, job: Job) -> bool:
    """Whether what is made at the end of a run is there from an earlier one."""
    if job.compare and not all((store.folder / table).is_dir() for table in COMPARED):
        return False
    return Path(output).is_file() or (Path(output).is_dir() and (store.folder / PICTURES).exists())


def _each_result(batches: Iterable[Batch], job: Job) -> Results:
    if job.engine:
        return job.engine(job.plan, batches)
    return _run_here(Pool(job.plan, job.workers or _cores()), batches)


def _cores() -> int:
    """The cores that this process may use, which can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _run_here(pool: Pool, batches: Iterable[Batch]) -> Results:
    """The pool's results; its workers end with them."""
    with closing(pool):
        yield from pool.run(batches)


class _UnderWay:
    """Units between their cutting and their commitment: with what is known of them, and with addresses of their own."""

    def __init__(self, state: DatasetState) -> None:
        self._state = state
        self._batches: deque[list[str]] = deque()
        self._addresses: set[str] = set()  # of those batches: later units must not have them

    def each(self, places: Sequence[str]) -> Iterator[Batch]:
        """Every batch with what earlier runs found at its addresses."""
        for units in cut_batches(each_unit(places)):
            known: dict[str, Known] = {}
            batch = Batch([self._prepared(unit, known) for unit in units], known)
            self._batches.append([unit.address for unit in batch.units])
            yield batch

    def settled(self, results: Iterable[BatchResult]) -> Iterator[BatchResult]:
        """The results, each of which is committed when the next is asked for: the state knows its addresses from then on."""
        for result in results:
            yield result
            self._addresses.difference_update(self._batches.popleft())

    def _prepared(self, unit: InputUnit, known: dict[str, Known]) -> InputUnit:
        """The unit; where an archive holds a name twice, the later one is told apart by "~2"."""
        number, address = 1, unit.address
        while True:
            found, met = self._state.known(address)
            if not met and address not in self._addresses:
                break
            number += 1
            address = f"{unit.address}~{number}"
        known.update(found)
        self._addresses.add(address)
        return unit if number == 1 else unit._replace(address=address)


def _read_all(
    results: Iterator[BatchResult], store: Store, state: DatasetState, shown: progress.Progress
) -> tuple[Counter[str], int, list[tuple[str, str]]]:
    """Commits every batch; the counts by state, the records written, the first reasons of quarantine."""
    counts: Counter[str] = Counter()
    reasons: list[tuple[str, str]] = []
    records = 0
    for result in results:
        part = state.next_part if result.files else None
        if part is not None:
            store.put(part, result.files)
        state.commit(result.outcomes, part)
        counts.update(outcome.state for outcome in result.outcomes)
        records += sum(outcome.records for outcome in result.outcomes)
        reasons += [(outcome.address, outcome.error) for outcome in result.outcomes if outcome.state == "quarantined"][
            : SHOWN - len(reasons)
        ]
        shown.show(result, counts)
    return counts, records, reasons


def _finish(store: Store, state: DatasetState, output: str, job: Job) -> None:
    """Writes what is made of the whole dataset: the inputs, the links, what changed, the pictures, the one file."""
    alike = state.alike()
    store.drop_comparisons()
    if job.plan.lines:
        store.write_input_lines(state)
    else:
        store.write_inputs(state)
        store.write_links(alike=alike)
        store.write_latest(alike=alike)
        if job.compare:
            store.write_comparisons(alike=alike)
        store.write_views()
        store.write(store.folder / PICTURES, lambda file: file.write(summary_page(store.folder, alike=alike)))
    outputs.write_output(store, output, alike=alike)


__all__ = ["Account", "Batch", "BatchResult", "DatasetDamaged", "DatasetInUse", "Job", "Plan", "WorkersFail", "run"]
