"""Measures on evaluation data that stands beside the checkout: a change may raise them, never lower them.

tests/floors.json holds the figures. `pytest tests/test_floors.py --raise-floors` writes higher ones, and never lower ones.
"""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from typing import NamedTuple

import pytest
from documents import ROOT, SHARED, needs_shared

FLOORS = ROOT / "tests" / "floors.json"


class Measure(NamedTuple):
    """A scoring script with its arguments below ../shared, and where its figures stand in what it prints."""

    script: str
    arguments: tuple[str, ...]
    figures: str


TREES = (
    r"items P [\d.]+ R [\d.]+ F1 (?P<items>[\d.]+)  parents (?P<parents>[\d.]+)  combine (?P<combine>[\d.]+)  exact (?P<exact>[\d.]+)\s*\Z"
)
MEASURES = {
    "pages": Measure("records.py", ("gold/pages", "corpus"), r"(?P<percent>[\d.]+)%\s+\d+/\s*\d+\s+all\s*\Z"),
    "labels": Measure("records.py", ("gold/label", "corpus"), r"(?P<percent>[\d.]+)%\s+\d+/\s*\d+\s+all\s*\Z"),
    "english trees": Measure("trees.py", ("gold/en_trees.jsonl",), TREES),
    "duplicated lists": Measure("trees.py", ("gold/duplicates.jsonl",), TREES),
    "chinese constraints": Measure(
        "constraints.py", ("zh", "gold/zh_constraints.jsonl"), r"all\s+texts.* F1 (?P<f1>[\d.]+)  exact (?P<exact>[\d.]+)"
    ),
    "english bounds": Measure(
        "constraints.py",
        ("lct", "gold/lct_bounds.jsonl"),
        r"age  .* F1 (?P<age>[\d.]+)\n.*\n\s*observation  .* F1 (?P<observation>[\d.]+)\n.*\n\s*window  .* F1 (?P<window>[\d.]+)",
    ),
    "pages traced": Measure(
        "trace.py",
        ("corpus/pages", "corpus/chictr", "corpus/cde"),
        r"invented (?P<invented>\d+)  without provenance (?P<untraced>\d+)  unstable (?P<unstable>\d+)  coverage mean (?P<coverage>[\d.]+)",
    ),
}
WORDS = frozenset({"zh", "lct"})  # arguments that are no path
ERRORS = frozenset({"invented", "untraced", "unstable"})  # fewer is better


def measured(name: str) -> dict[str, float]:
    """The figures of one measure, as its script prints them."""
    script, arguments, figures = MEASURES[name]
    places = [str(SHARED / part) if part not in WORDS else part for part in arguments]
    missing = [part for part in arguments if part not in WORDS and not (SHARED / part).exists()]
    if missing:
        pytest.skip(f"no evaluation data: {missing[0]}")
    done = subprocess.run(
        [sys.executable, str(SHARED / "eval" / script), *places],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(figures, done.stdout)
    assert found, f"{script} printed no figures: {done.stdout[-500:]}{done.stderr[-500:]}"
    return {figure: float(value) for figure, value in found.groupdict().items()}


def floors() -> dict[str, dict[str, float]]:
    held: dict[str, dict[str, float]] = json.loads(FLOORS.read_text("utf-8"))
    return held


def is_held(figure: str, value: float, floor: float) -> bool:
    return value <= floor if figure in ERRORS else value >= floor


@needs_shared
@pytest.mark.parametrize("name", MEASURES)
def test_floor(name: str, request: pytest.FixtureRequest) -> None:
    have, held = measured(name), floors().get(name, {})
    short = {figure: (have[figure], floor) for figure, floor in held.items() if not is_held(figure, have[figure], floor)}
    assert not short, f"{name} fell below its floor (have, floor): {short}"
    if request.config.getoption("--raise-floors"):
        best = {figure: value if figure in ERRORS else math.floor(value * 1000) / 1000 for figure, value in have.items()}
        FLOORS.write_text(json.dumps(floors() | {name: held | best}, indent=2) + "\n", "utf-8")


def test_every_floor_belongs_to_a_measure() -> None:
    assert set(floors()) == set(MEASURES)


def test_what_is_held() -> None:
    assert is_held("items", 0.99, 0.99)
    assert not is_held("items", 0.98, 0.99)
    assert is_held("invented", 0, 0)
    assert not is_held("invented", 1, 0)
