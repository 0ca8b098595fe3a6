"""A dump of 100,000 fictional records, killed ten times at random moments: does it end as a run that nobody disturbed?

    python benchmarks/bulk_kills.py FOLDER [--count 100000] [--kills 10] [--workers 2]

Prints the account of both runs, and whether every table is the same, byte for byte.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import bulk_dump

TIMED = {"inputs"}  # its rows hold seconds


def main() -> int:
    """Runs the comparison; 0 where both datasets are the same and the account is exact."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    made = bulk_dump.write_dump(args.folder / "dump", args.count)
    print(f"dump: {made.documents:,} documents, {made.broken:,} broken on purpose", flush=True)
    calm, seconds = _run(args, "calm")
    print(f"undisturbed, {seconds:.0f} s: {calm}", flush=True)
    _kill(args, seconds)
    killed, _ = _run(args, "killed")
    print(f"killed {args.kills} times, last run: {killed}", flush=True)
    differing = _differing(args.folder)
    exact = calm.startswith(f"{made.documents:,} in = {made.documents - made.broken:,} written + 0 unchanged + {made.broken:,} quarantined")
    print(f"account {'exact' if exact else 'WRONG'}; tables that differ: {', '.join(sorted(differing)) or 'none'}")
    return int(bool(differing) or not exact)


def _call(args: argparse.Namespace, name: str) -> list[str]:
    places = bulk_dump.places_of(args.folder / "dump")
    return [sys.executable, "-m", "extractor", *places, "-o", f"{args.folder / name}/", "--workers", str(args.workers)]


def _run(args: argparse.Namespace, name: str) -> tuple[str, float]:
    begun = time.monotonic()
    done = subprocess.run(_call(args, name), stderr=subprocess.PIPE, text=True, check=False)
    return done.stderr.splitlines()[-1].removeprefix("extract: "), time.monotonic() - begun


def _kill(args: argparse.Namespace, seconds: float) -> None:
    """Starts and kills, at moments that are spread over about as long as a whole run takes."""
    dice = random.Random(3)  # noqa: S311 (a test's dice)
    for _ in range(args.kills):
        process = subprocess.Popen(_call(args, "killed"), stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(0.02, 0.16) * seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()


def _differing(folder: Path) -> set[str]:
    files = {file.relative_to(folder / "calm") for file in (folder / "calm").rglob("*.parquet")}
    other = {file.relative_to(folder / "killed") for file in (folder / "killed").rglob("*.parquet")}
    same = {file for file in files & other if (folder / "calm" / file).read_bytes() == (folder / "killed" / file).read_bytes()}
    return {file.parts[0] for file in (files | other) - same} - TIMED


if __name__ == "__main__":
    raise SystemExit(main())
