"""How the time of reading grows with repeated fragments: at n, 2n and 4n characters, for every way that text takes.

usage: python benchmarks/growth.py [--size 12500] [--only WORD] [--show 20]

Time is that of the processor. Linear work doubles with the length, quadratic work takes four times as long; a row is printed where the
last doubling took more than three times as long and the longest text more than a tenth of a second. Exit code 1 where there is such a
row. It is no test, since time is measured; tests/test_robustness.py holds what it has found.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fragments import FRAGMENTS, ways  # noqa: E402 (tests are no package)

from extractor.errors import ExtractError  # noqa: E402

STEEP = 3.0  # times as long for twice the text; 2 is linear, 4 quadratic
LEAST = 0.1  # seconds; below, other costs hide the growth


def timed(read: Callable[[str], object], text: str) -> float:
    """Seconds of the processor."""
    begun = time.process_time()
    with contextlib.suppress(ExtractError):
        read(text)
    return time.process_time() - begun


def steep(size: int, only: str) -> Iterator[tuple[str, str, list[float]]]:
    """(way, fragment, seconds at n, 2n, 4n) for each that grows faster than the text."""
    for name, read in ways():
        if only in name:
            timed(read, "warm")
            for fragment in FRAGMENTS:
                seconds = [timed(read, fragment * (size // len(fragment)))]
                for step in (2, 4):
                    seconds.append(timed(read, fragment * (step * size // len(fragment))))
                    if seconds[-1] > 20 * LEAST * step:
                        break
                if seconds[-1] > LEAST and seconds[-1] > STEEP * seconds[-2]:
                    yield name, fragment, seconds


def main() -> int:
    """Runs the command; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=12_500)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    found = 0
    for name, fragment, seconds in steep(args.size, args.only):
        found += 1
        print(f"{name:24} {fragment!r:24} " + " ".join(f"{value:6.2f}" for value in seconds), flush=True)
    return int(found > 0)


if __name__ == "__main__":
    raise SystemExit(main())
