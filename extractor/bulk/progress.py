"""How far a run has come: a bar with rate, remaining time and counts on a terminal, a line a minute elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any, Protocol, Self

from extractor.bulk.batches import BatchResult
from extractor.inputs.places import each_file

EVERY = 60.0  # seconds between two lines
STATES = ("written", "unchanged", "quarantined")


class Progress(Protocol):
    """What is told how far a run has come."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def show(self, result: BatchResult, counts: Counter[str]) -> None:
        """Takes a finished batch and the counts by state so far."""


class Silent:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def show(self, result: BatchResult, counts: Counter[str]) -> None:
        """Takes a finished batch and the counts by state so far."""


class Lines(Silent):
    """A line on standard error a minute."""

    def __init__(self) -> None:
        self._begun = self._told = time.monotonic()

    def show(self, result: BatchResult, counts: Counter[str]) -> None:  # noqa: ARG002 (the counts say it all)
        """Takes a finished batch and the counts by state so far."""
        now = time.monotonic()
        if now - self._told >= EVERY:
            self._told = now
            rate = counts.total() / (now - self._begun)
            print(f"extract: {time.strftime('%H:%M')} {counts_line(counts)}; {rate:.0f} a second", file=sys.stderr, flush=True)  # noqa: T201


class Bar:
    """A bar over the bytes of all files; how many there are is found out meanwhile."""

    def __init__(self, places: Iterable[str]) -> None:
        from rich import progress  # noqa: PLC0415 (an extra, and only on a terminal)
        from rich.console import Console  # noqa: PLC0415

        columns = (progress.BarColumn(bar_width=12), progress.TaskProgressColumn(), progress.TextColumn("{task.fields[told]}"))
        times = (progress.TimeRemainingColumn(), progress.TextColumn("left"))
        self._bar: Any = progress.Progress(*columns, *times, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("", total=None, told="")
        self._begun = time.monotonic()
        threading.Thread(target=self._measure, args=(tuple(places),), daemon=True).start()

    def _measure(self, places: tuple[str, ...]) -> None:
        self._bar.update(self._task, total=sum(file.size for file in each_file(places)) or None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, result: BatchResult, counts: Counter[str]) -> None:
        """Takes a finished batch and the counts by state so far."""
        rate = counts.total() / max(1e-9, time.monotonic() - self._begun)
        told = " ".join(f"{counts[state]} {state}" for state in STATES)  # short: 80 columns hold it all
        self._bar.update(self._task, advance=result.weight, told=f"{told} {rate:.0f}/s")


def counts_line(counts: Counter[str]) -> str:
    """The counts in words.

    >>> counts_line(Counter(written=2, quarantined=1))
    '3 in = 2 written + 0 unchanged + 1 quarantined'
    """
    return f"{counts.total():,} in = " + " + ".join(f"{counts[state]:,} {state}" for state in STATES)


def choose(places: Iterable[str], *, quiet: bool) -> Progress:
    """A bar on a terminal that can show one, lines elsewhere."""
    if quiet:
        return Silent()
    try:
        return Bar(places) if sys.stderr.isatty() else Lines()
    except ImportError:
        return Lines()
