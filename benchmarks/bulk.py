"""How fast datasets are filled, as ratios measured side by side: absolute times drift on shared machines.

    python benchmarks/bulk.py [--count 20000] [--rounds 3] [--only scaling memory links]

overhead   time to fill a dataset with one worker, against merely extracting the same documents in one process
scaling    time with one worker, against time with two, start and end of the run included; beside it what the machine gives two
           processes that only count, in the same minute; and how much of the processor time is not the workers', which bounds it
memory     peak of all processes together (proportional set size) for five times `--count` records, against that for half of it
links      time for a million identifiers, against that for a hundred thousand
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import bulk_dump
import pyarrow as pa
import pyarrow.parquet as pq

from extractor import ExtractError, extract, to_json
from extractor.inputs import each_unit, read_unit


def main() -> None:
    """Prints every ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=("scaling", "memory", "links"), default=("scaling", "memory", "links"))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        bulk_dump.write_dump(root / "dump", args.count)
        if "scaling" in args.only:
            _print_times(root, args.count, args.rounds)
        if "memory" in args.only:
            _print_memory(root, args.count // 2)
        if "links" in args.only:
            _print_links(root)


def _print_times(root: Path, count: int, rounds: int) -> None:
    machine, bare, one, two = [], [], [], []
    for at in range(rounds):
        machine.append(2 * _spin(1) / _spin(2))
        bare.append(_bare(root / "dump"))
        one.append(_fill(root / "dump", root / f"one{at}", 1))
        two.append(_fill(root / "dump", root / f"two{at}", 2))
    gained = [first.seconds / second.seconds for first, second in zip(one, two, strict=True)]
    share = statistics.median(run.share for run in two)
    print(f"{count} documents, {rounds} rounds; {count / statistics.median(run.seconds for run in two):.0f} a second with two workers")
    print(f"overhead: {_spread(run.seconds / alone for run, alone in zip(one, bare, strict=True))} times as long as bare extraction")
    print(f"scaling: {_spread(gained)} times as fast with two workers as with one")
    print(f"scaling: {_spread(machine)} is what this machine gave two processes that only count")
    print(f"scaling: {share:.1%} of the processor time is not the workers': at most {2 * (1 - share):.2f} times on two cores")


def _spread(values: Iterable[float]) -> str:
    ratios = sorted(values)
    return f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"


def _spin(processes: int) -> float:
    """Seconds that so many processes need to count, side by side."""
    begun = time.perf_counter()
    running = [subprocess.Popen([sys.executable, "-c", "for _ in range(60_000_000): pass"]) for _ in range(processes)]
    for process in running:
        process.wait()
    return time.perf_counter() - begun


def _bare(folder: Path) -> float:
    """Seconds to extract everything in this process, writing nothing."""
    begun = time.perf_counter()
    for unit in each_unit(bulk_dump.places_of(folder)):
        for piece in read_unit(unit):
            try:
                for record in extract(piece.data, piece.name):
                    to_json(record)
            except ExtractError:
                continue
    return time.perf_counter() - begun


class Run(NamedTuple):
    """A whole run as it was seen from outside: seconds, the share of processor time that is not the workers', the most bytes held."""

    seconds: float
    share: float
    peak: int


def _fill(folder: Path, target: Path, workers: int, every: float = 0.25) -> Run:
    """Fills a dataset, with a look at the processes of the run every so many seconds."""
    begun = time.perf_counter()
    call = [sys.executable, "-m", "extractor", *bulk_dump.places_of(folder), "-o", f"{target}/", "--workers", str(workers), "-q"]
    process = subprocess.Popen(call, stderr=subprocess.DEVNULL)
    spent: dict[int, float] = {}
    peak = 0
    while process.poll() is None:
        numbers = list(_tree(process.pid))
        spent.update((number, seconds) for number in numbers if (seconds := _spent(number)))
        if every < 0.2:  # memory is asked for, which costs more than it should beside a clock
            peak = max(peak, sum(map(_held, numbers)))
        time.sleep(every)
    theirs = sum(sorted(spent.values())[-workers:])
    return Run(time.perf_counter() - begun, 1 - theirs / sum(spent.values()), peak)


def _tree(number: int) -> Iterator[int]:
    yield number
    try:
        children = Path(f"/proc/{number}/task/{number}/children").read_text("ascii").split()
    except OSError:
        return
    for child in children:
        yield from _tree(int(child))


def _spent(number: int) -> float:
    """Seconds of processor time of a process so far; 0 where it is gone."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _held(number: int) -> int:
    """Bytes that a process holds, pages that it shares counted in part; 0 where it is gone."""
    try:
        lines = Path(f"/proc/{number}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:")), 0)


def _print_memory(root: Path, count: int) -> None:
    small, large = (_peak(root, number) for number in (count, 10 * count))
    told = f"{small >> 20} MiB for {count:,}, {large >> 20} MiB for {10 * count:,}, two workers"
    print(f"memory: {large / small:.2f} times the peak for ten times the records ({told})")


def _peak(root: Path, count: int) -> int:
    bulk_dump.write_dump(root / f"dump{count}", count)
    return _fill(root / f"dump{count}", root / f"memory{count}", 2, 0.1).peak


def _print_links(root: Path) -> None:
    (small, _), (large, peak) = (_link(root / f"links{count}", count) for count in (100_000, 1_000_000))
    print(f"links: {large / small:.1f} times as long for ten times the identifiers ({large:.1f} s and {peak >> 10} MiB for a million)")


LINK = """
import re, sys, time
from pathlib import Path
from extractor.bulk.links import write_links
begun = time.perf_counter()
write_links(Path(sys.argv[1]), Path(sys.argv[1]) / "links.parquet")
print(time.perf_counter() - begun, re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def _link(folder: Path, count: int) -> tuple[float, int]:
    """(seconds, most KiB held) to tie a third of the identifiers, numbers of one registry, to as many records of another that name one."""
    dice = random.Random(1)  # noqa: S311 (a test's dice)
    (folder / "identifiers").mkdir(parents=True)
    third = count // 3
    own = [(f"{at:016x}", f"NCT{at:08d}", f"NCT{at:08d}", "NCT", True) for at in range(third)]
    named = [(f"{third + at:016x}", f"CHICTR{at:010d}", f"CHICTR{at:010d}", "CHICTR", True) for at in range(third)]
    named += [(f"{third + at:016x}", f"CHICTR{at:010d}", f"NCT{dice.randrange(third):08d}", "NCT", False) for at in range(third)]
    columns = zip(*(own + named), strict=True)
    names = ("record_key", "record_id", "registered", "registry", "is_primary")
    table = pa.table(dict(zip(names, map(list, columns), strict=True)))
    pq.write_table(table.append_column("trial_number", pa.array([0] * table.num_rows)), folder / "identifiers" / "part-000001.parquet")
    done = subprocess.run([sys.executable, "-c", LINK, str(folder)], capture_output=True, text=True, check=True)
    seconds, peak = done.stdout.split()
    return float(seconds), int(peak)


if __name__ == "__main__":
    main()
