"""How fast datasets are filled, as ratios measured side by side: absolute times drift on shared machines.

    python benchmarks/bulk.py [--count 3000] [--rounds 3]

overhead   time to fill a dataset with one worker, against merely extracting the same documents in one process
scaling    time with one worker, against time with two; and how much of the processor time is not the workers', which bounds it
memory     peak of all processes together (proportional set size) for ten times the records, against that for one time
links      time for a million identifiers, against that for a hundred thousand
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import bulk_dump
import pyarrow as pa
import pyarrow.parquet as pq

from extractor import ExtractError, extract, to_json
from extractor.bulk.links import write_links
from extractor.inputs import each_unit, read_unit


def main() -> None:
    """Prints every ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        bulk_dump.write_dump(root / "dump", args.count)
        bulk_dump.write_dump(root / "tenth", args.count // 10)
        _print_times(root, args.count, args.rounds)
        _print_memory(root)
        _print_links(root)


def _print_times(root: Path, count: int, rounds: int) -> None:
    bare, one, two = [], [], []
    for at in range(rounds):
        bare.append(_bare(root / "dump"))
        one.append(_fill(root / "dump", root / f"one{at}", 1))
        two.append(_fill(root / "dump", root / f"two{at}", 2))
    rate = count / statistics.median(seconds for seconds, _ in two)
    print(f"{count} documents, {rounds} rounds; {rate:.0f} a second with two workers")
    print(f"overhead: {_ratio([seconds for seconds, _ in one], bare)} times as long as bare extraction")
    print(f"scaling: {_ratio([seconds for seconds, _ in one], [seconds for seconds, _ in two])} times as fast with two workers as with one")
    share = statistics.median(share for _, share in two)
    print(f"scaling: {share:.1%} of the processor time is not the workers': at most {2 / (1 + share / (1 - share)):.2f} times on two cores")


def _ratio(first: list[float], second: list[float]) -> str:
    return f"{statistics.median(a / b for a, b in zip(first, second, strict=True)):.2f}"


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


PROGRAM = """
import resource, sys
from extractor.cli import main
main(sys.argv[1:])
own, theirs = (sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(own / (own + theirs))
"""


def _fill(folder: Path, target: Path, workers: int) -> tuple[float, float]:
    """(seconds, share of the processor time that is not the workers') of a whole run."""
    begun = time.perf_counter()
    call = [sys.executable, "-c", PROGRAM, *bulk_dump.places_of(folder), "-o", f"{target}/", "--workers", str(workers), "-q"]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    return time.perf_counter() - begun, float(done.stdout)


def _print_memory(root: Path) -> None:
    small, large = _peak(root / "tenth", root / "m1"), _peak(root / "dump", root / "m2")
    print(f"memory: {large / small:.2f} times the peak for ten times the records ({small >> 20} MiB, {large >> 20} MiB, two workers)")


def _peak(folder: Path, target: Path) -> int:
    """The most bytes that a run and its workers hold together."""
    call = [sys.executable, "-m", "extractor", *bulk_dump.places_of(folder), "-o", f"{target}/", "--workers", "2", "-q"]
    process = subprocess.Popen(call, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(_held, _tree(process.pid))))
        time.sleep(0.1)
    return peak


def _tree(number: int) -> Iterator[int]:
    yield number
    try:
        children = Path(f"/proc/{number}/task/{number}/children").read_text("ascii").split()
    except OSError:
        return
    for child in children:
        yield from _tree(int(child))


def _held(number: int) -> int:
    try:
        lines = Path(f"/proc/{number}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:")), 0)


def _print_links(root: Path) -> None:
    times = [_link(root / f"links{count}", count) for count in (100_000, 1_000_000)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"links: {times[1] / times[0]:.1f} times as long for ten times the identifiers ({times[1]:.1f} s for a million, peak {peak} MiB)")


def _link(folder: Path, count: int) -> float:
    """Seconds to tie a third of the identifiers, numbers of one registry, to as many records of another that name one each."""
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
    begun = time.perf_counter()
    write_links(folder, folder / "links.parquet")
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
