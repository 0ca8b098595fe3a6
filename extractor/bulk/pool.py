"""Worker processes: a batch a task, results in order, a document that kills its worker or gets stuck given up after one retry."""

from __future__ import annotations

import ctypes
import multiprocessing as mp
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from multiprocessing.connection import Connection, wait
from typing import Any

from extractor.bulk.batches import Batch, BatchResult, Plan, run_batch
from extractor.limits import tell_of_life

WINDOW = 6  # tasks a worker beyond the one that must be committed next
POLL = 0.5  # seconds between looks at the workers' clocks
PRELOAD = "extractor.bulk.preload"
STARTS = 3  # times that a worker may die before it has done anything

Task = tuple[int, Batch]  # a batch and its number


class WorkersFail(RuntimeError):
    """Workers die before they reach a document."""


def _context() -> Any:
    """How workers are started: forked from a process that has loaded all they need, where the system can."""
    if "forkserver" not in mp.get_all_start_methods():
        return mp.get_context("spawn")
    context = mp.get_context("forkserver")
    context.set_forkserver_preload([PRELOAD])
    return context


def _work(pipe: Connection, clock: Any, plan: Plan) -> None:
    """A worker's life: a batch in, its result out, until the pipe closes or the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    threading.Thread(target=_follow, daemon=True).start()
    import_module(PRELOAD)  # of use where workers are not forked from a process that has done it

    def watch(unit: int, piece: int) -> None:
        clock[:] = (unit, piece, time.monotonic())

    def stay() -> None:
        clock[2] = time.monotonic()  # a process of its own, with limits of its own, is at the document

    tell_of_life(stay)
    while (task := _next_task(pipe)) is not None:
        number, batch = task
        pipe.send((number, run_batch(batch, plan, watch)))
        task = batch = None  # type: ignore[assignment] # their memory goes back before the next
        _release()


def _next_task(pipe: Connection) -> Task | None:
    """What the parent sends next; None once it is gone."""
    try:
        task: Task = pipe.recv()
    except (EOFError, OSError):
        return None
    return task


def _release() -> None:
    """Gives the memory of the last batch back to the system, where the C library can."""
    trim = _library_call("malloc_trim")
    if trim is not None:
        trim(0)


@cache
def _library_call(name: str) -> Any:
    try:
        return getattr(ctypes.CDLL(None), name, None)
    except (OSError, TypeError):
        return None


def _follow() -> None:
    """Ends a worker whose parent is gone, however busy it is."""
    parent = mp.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class _Worker:
    """A process, and the task that it is at."""

    def __init__(self, context: Any, plan: Plan) -> None:
        self.task: Task | None = None
        self.clock = context.Array("d", (-1, 0, 0), lock=False)
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, self.clock, plan), daemon=True)
        try:
            self.process.start()
        except (EOFError, ConnectionError) as error:
            raise WorkersFail("the process that starts workers has ended: try again, with fewer --workers or more free memory") from error
        theirs.close()

    def give(self, task: Task) -> None:
        """Hands a task over; a worker that has died is found out later."""
        self.task = task
        with suppress(OSError):
            self.pipe.send(task)

    def stuck(self, limit: float) -> bool:
        """Whether the worker has been at one document for longer than `limit` seconds."""
        unit, _, since = self.clock
        return bool(unit >= 0 and 0 < since < time.monotonic() - limit)

    def end(self) -> None:
        """Ends the process."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Pool:
    """Runs batches in worker processes and gives their results in the order of the batches."""

    def __init__(self, plan: Plan, workers: int) -> None:
        self._plan = plan
        self._context = _context()
        self._count = workers
        self._workers: list[_Worker] = []
        self._ready: deque[Task] = deque()  # cut, and wait for a worker
        self._suspects: dict[tuple[int, int, int], int] = {}
        self._barren = 0  # deaths of workers that had not begun a document
        self._done: dict[int, BatchResult] = {}

    def run(self, batches: Iterable[Batch]) -> Iterator[BatchResult]:
        """The results of the batches, in their order. The workers stay for further runs, until `close`.

        Raises WorkersFail where workers cannot be kept alive.
        """
        source = enumerate(batches)
        following, wanted, ended = 0, 0, False
        self._workers = self._workers or [_Worker(self._context, self._plan) for _ in range(self._count)]
        while not ended or wanted < following:
            cut = not ended and len(self._ready) < self._count and following - wanted < self._count * WINDOW
            self._wait(0 if cut or wanted in self._done else POLL)
            self._hand_out()
            if cut:
                task = next(source, None)
                ended = task is None
                if task is not None:
                    self._ready.append(task)
                    following += 1
            elif wanted in self._done:
                yield self._done.pop(wanted)
                wanted += 1
        self._suspects.clear()

    def close(self) -> None:
        """Ends the workers, whatever they are at."""
        for worker in self._workers:
            worker.end()
        self._workers = []

    def _hand_out(self) -> None:
        """Gives what is ready to workers that have nothing to do."""
        for worker in self._workers:
            if self._ready and worker.task is None:
                worker.give(self._ready.popleft())

    def _wait(self, seconds: float) -> None:
        """Takes results in once something has happened, and buries workers that died or are stuck."""
        ready = wait([worker.pipe for worker in self._workers], seconds)
        for worker in list(self._workers):
            if worker.pipe in ready:
                self._take(worker)
            elif worker.stuck(self._plan.limit):
                self._bury(worker, f"it took longer than {self._plan.limit:g} seconds, twice")

    def _take(self, worker: _Worker) -> None:
        try:
            number, result = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(5)
            self._bury(worker, f"it ended the process that read it, twice (exit code {worker.process.exitcode})")
            return
        worker.task = None
        self._barren = 0
        self._done[number] = result
        _release()

    def _bury(self, worker: _Worker, reason: str) -> None:
        """Puts a new worker in a lost one's place; the document it was at is suspect, and given up the second time."""
        unit, piece = int(worker.clock[0]), int(worker.clock[1])
        worker.end()
        if worker.task and unit >= 0:
            number, batch = worker.task
            times = self._suspects[number, unit, piece] = self._suspects.get((number, unit, piece), 0) + 1
            if times > 1:
                batch.refused[unit, piece] = reason
        else:
            self._barren += 1
        if self._barren > STARTS:
            raise WorkersFail("worker processes end before they read anything: try --workers 1, and free some memory")
        if worker.task:
            self._ready.appendleft(worker.task)
        self._workers[self._workers.index(worker)] = _Worker(self._context, self._plan)
