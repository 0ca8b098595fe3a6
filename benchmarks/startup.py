"""How long `extract` takes on a small text page, start to end, against `python -c 'import pdfplumber'`.

usage: python benchmarks/startup.py [--rounds 15] [--most 1.5]

Processes are started in turn (ours, other, ours, other, …) with compiled bytecode, as after an installation; the median of the
round ratios is printed. Exit code 1 over `--most`.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "samples" / "chictr" / "colitis_copied.txt"
OURS = [sys.executable, "-m", "extractor", str(PAGE), "-q"]
OTHER = [sys.executable, "-c", "import pdfplumber"]


def timed(command: list[str], bytecode: str) -> float:
    """Wall seconds of one process that keeps its bytecode in the folder `bytecode`."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=kept | {"PYTHONPYCACHEPREFIX": bytecode}, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> int:
    """Prints both medians and their ratio; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--most", type=float, default=1.5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as bytecode:
        timed(OURS, bytecode), timed(OTHER, bytecode)  # warm-up
        rounds = [(timed(OURS, bytecode), timed(OTHER, bytecode)) for _ in range(args.rounds)]
    ratio = statistics.median(ours / other for ours, other in rounds)
    ours, other = (statistics.median(column) * 1e3 for column in zip(*rounds, strict=True))
    print(f"extract {ours:.0f} ms, import pdfplumber {other:.0f} ms, ratio {ratio:.2f} (limit {args.most})")
    return int(ratio > args.most)


if __name__ == "__main__":
    raise SystemExit(main())
