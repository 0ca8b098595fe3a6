"""`python -m extractor` is the command `extract`."""

from __future__ import annotations

import gc
import sys

RARELY = 100_000  # new objects between two looks of the collector: the tables live as long as the process, and looking at them costs a tenth of a start


def main() -> int:
    """Runs the command; its exit code. Ctrl-C is told in one sentence from the first import on."""
    gc.set_threshold(RARELY)
    try:
        from extractor.cli import main as run  # noqa: PLC0415 (imports take long enough to be stopped)

        return run()
    except KeyboardInterrupt:
        sys.stderr.write("extract: stopped: nothing is written\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
