"""What spoiled documents come to: records, a sentence, or what must not be: another exception, a dead process, more than two seconds.

usage: python benchmarks/fuzz.py [--seed 1] [--count 1000] [--first 0] [--workers N] [--show 20] [--one NUMBER]

Mutants are those of tests/mutations.py, all forms alike. Every escape and every slow one is printed with its number, so that
`--seed S --one N` brings it back (its bytes go to the file mutant-S-N). Time is that of the processor, taken for 100 kB: a longer
document may take in proportion. Exit code 1 where anything escaped or was slow.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing as mp
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from mutations import Mutant, mutant  # noqa: E402 (tests are no package)

import extractor  # noqa: E402

SLOW = 2.0  # seconds for 100 kB
PER = 100_000  # bytes
CHUNK = 50  # mutants a process is given at a time


class Outcome(NamedTuple):
    """What became of a mutant; `told` is a sentence or a traceback's last line."""

    number: int
    kind: str
    told: str
    seconds: float
    size: int
    origin: str


def _checked(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of a record, in which nothing is null: an infinite number would be."""
    if any(value is None for _, value in pairs):
        raise ValueError(f"null in a record: {pairs!r}"[:200])
    return dict(pairs)


def attempt(made: Mutant) -> tuple[str, str]:
    """("records" | "refused" | "escaped", what is said)."""
    try:
        for record in extractor.extract(made.data, made.name):
            json.loads(extractor.to_json(record).decode("utf-8"), object_pairs_hook=_checked)
    except extractor.ExtractError as error:
        sentence = str(error)
        good = bool(sentence) and "\n" not in sentence and len(sentence) < 400  # as tests/test_robustness.py asks
        return ("refused" if good else "escaped"), sentence
    except Exception as error:  # noqa: BLE001 (this is what is looked for)
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return "escaped", f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}: {str(error)[:120]}"
    return "records", ""


def run_one(number: int, seed: int) -> Outcome:
    """One mutant, made and read."""
    made = mutant(seed, number)
    begun = time.process_time()
    kind, told = attempt(made)
    seconds = time.process_time() - begun
    return Outcome(number, kind, told, seconds, len(made.data), made.origin)


def run_all(seed: int, numbers: range, workers: int) -> Iterator[Outcome]:
    """All outcomes, in their order."""
    with mp.Pool(workers, maxtasksperchild=100) as pool:
        yield from pool.imap(partial(run_one, seed=seed), numbers, chunksize=CHUNK)


def is_slow(outcome: Outcome) -> bool:
    """Whether a mutant took longer than its size allows."""
    return outcome.seconds > SLOW * max(1.0, outcome.size / PER)


def main() -> int:
    """Runs the command; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--show", type=int, default=20)
    parser.add_argument("--one", type=int, default=-1)
    args = parser.parse_args()
    if args.one >= 0:
        made = mutant(args.seed, args.one)
        Path(f"mutant-{args.seed}-{args.one}").write_bytes(made.data)
        print(made.origin, made.name, *run_one(args.one, args.seed), sep="\n")
        return 0
    kinds: Counter[str] = Counter()
    escapes: Counter[str] = Counter()
    slowest: list[Outcome] = []
    shown = 0
    for outcome in run_all(args.seed, range(args.first, args.first + args.count), args.workers):
        kinds[outcome.kind] += 1
        slow = is_slow(outcome)
        kinds["slow"] += slow
        slowest = sorted((*slowest, outcome), key=lambda item: -item.seconds)[:5]
        if outcome.kind == "escaped":
            escapes[outcome.told] += 1
        if (slow or (outcome.kind == "escaped" and escapes[outcome.told] == 1)) and shown < args.show:
            shown += 1
            print(f"{'slow' if slow else 'escaped'} {outcome.seconds:.1f} s {outcome.size} B  {outcome.origin}  {outcome.told}", flush=True)
    total = sum(kinds[kind] for kind in ("records", "refused", "escaped"))
    print(
        f"{total:,} mutants (seed {args.seed}): "
        + ", ".join(f"{kinds[kind]:,} {kind}" for kind in ("records", "refused", "escaped", "slow"))
    )
    print(
        f"records of {kinds['records'] / max(1, total):.0%}; slowest: "
        + "; ".join(f"{item.seconds:.2f} s ({item.origin[:60]})" for item in slowest[:3])
    )
    for told, count in escapes.most_common(40):
        print(f"  {count} x {told}")
    return int(kinds["escaped"] + kinds["slow"] > 0)


if __name__ == "__main__":
    raise SystemExit(main())
