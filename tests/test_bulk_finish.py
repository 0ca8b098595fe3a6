"""A run that is killed at every step of its finish, with inputs left for the next, ends as runs that nobody disturbed."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from documents import ROOT, SAMPLES

pytest.importorskip("pyarrow", reason="needs the extra [bulk]")
duckdb = pytest.importorskip("duckdb", reason="needs the extra [bulk]")

FIRST = [str(SAMPLES / "ctgov" / "wraps_20110503.html"), str(SAMPLES / "isrctn" / "bath.xml")]
ALL = [*FIRST, str(SAMPLES / "ctgov" / "wraps_20120117.html"), str(SAMPLES / "drks" / "tea.json"), str(SAMPLES / "broken" / "cut.json")]
STEPS = 60  # more than a finish has: a run that is still killed then never gets on
LEAST = 3  # kills without which the test has met nothing of the finish
STRIDE = 3  # steps: every run takes a second or two
# The command, ended at step N of its finish: before something is made durable, put under its name, or told to the state.
KILLED = """
import os, pathlib, signal, sys
from extractor import bulk, cli

left = int(sys.argv[1])

def counted(step):
    def run(*given, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return step(*given, **named)
    return run

finish = bulk._finish

def finishing(*given, **named):
    os.fsync, pathlib.Path.replace = counted(os.fsync), counted(pathlib.Path.replace)
    bulk.DatasetState.finish = counted(bulk.DatasetState.finish)
    finish(*given, **named)

bulk._finish = finishing
sys.exit(cli.main(sys.argv[2:]))
"""


def finished(target: Path, places: list[str], step: int = 0) -> int:
    """The exit code of a run, killed at a step of its finish, which is told by a negative one."""
    call = [sys.executable, "-c", KILLED, str(step), *places, "-o", f"{target}/", "--compare", "--workers", "1", "-q"]
    return subprocess.run(call, cwd=ROOT, capture_output=True, check=False).returncode


def killed_again_and_again(target: Path, places: list[str], first: int) -> int:
    """Runs until none is killed any more, each `STRIDE` steps further than the one before; how many were killed."""
    codes = []
    while not codes or codes[-1] == -signal.SIGKILL:
        codes.append(finished(target, places, first + STRIDE * len(codes)))
        assert len(codes) < STEPS
    return len(codes) - 1


def files(dataset: Path) -> dict[str, bytes]:
    """A dataset's files but for those that hold times."""
    kept = (file for file in sorted(dataset.rglob("*")) if file.suffix in {".parquet", ".sql", ".html"} and file.parent.name != "inputs")
    return {str(file.relative_to(dataset)): file.read_bytes() for file in kept}


def states(dataset: Path) -> list[tuple[object, ...]]:
    return duckdb.sql(f"SELECT address, state, sha256, records, error FROM '{dataset}/inputs/inputs.parquet' ORDER BY 1").fetchall()


@pytest.mark.slow
def test_killed_at_every_step_of_its_finish_it_ends_the_same(tmp_path: Path) -> None:
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    assert [finished(calm, FIRST), finished(calm, ALL)] == [0, 1]
    assert killed_again_and_again(killed, FIRST, 1) > LEAST
    assert finished(killed, ALL, 1) == -signal.SIGKILL  # the next run has more inputs, and never ends either
    assert killed_again_and_again(killed, ALL, 2) > LEAST
    assert files(killed) == files(calm)
    assert states(killed) == states(calm)
