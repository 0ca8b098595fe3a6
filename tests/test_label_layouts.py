"""One fictional label in many layouts gives one record: pages, places and findings aside."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from fictional_label import label
from label_press import Layout, print_label

import extractor

PLAIN = Layout()
LAYOUTS = {
    "three lines": Layout(rules="three"),
    "a rule at every row": Layout(rules="rows", across="left", down="top"),
    "dotted rules": Layout(rules="dotted", down="foot"),
    "no rules": Layout(rules="none", across="left"),
    "rules down and at the ends": Layout(rules="open"),
    "captions below": Layout(rules="three", below=True),
    "two columns": Layout(columns=2, size=8, table_size=6.5, margin=42, rules="three"),
    "three columns on a landscape page": Layout(columns=3, landscape=True, size=7, table_size=5.5, margin=36, rules="rows"),
    "running lines and headings that repeat": Layout(rules="grid", repeats=True, running=True, numbers="第 {} 页"),
}
FIELDS = ("names", "indications", "dosing", "tables", "adverse_reactions", "trials", "sections")


@cache
def read(layout: Layout) -> Any:
    (record,) = extractor.extract(print_label(label(), layout), "label.pdf")
    return bare(json.loads(extractor.to_json(record))["label"])


def bare(value: Any) -> Any:
    """A value without the pages that it was read from."""
    if isinstance(value, dict):
        return {key: bare(item) for key, item in value.items() if key not in ("pages", "page")}
    return [bare(item) for item in value] if isinstance(value, list) else value


# Known failures, each a kind of its own.
NOT_YET = {
    ("a rule at every row", "tables"): "a heading of three rows that is set at the top of its cells is read as four",
    ("a rule at every row", "adverse_reactions"): "its grades follow the heading",
    ("no rules", "tables"): "lines of cells that begin at one height in a row without rules are read as rows",
    ("no rules", "adverse_reactions"): "its arms follow the heading",
    ("two columns", "sections"): "a blank is put between a Chinese character and a number where a line was broken",
}
CASES = [
    pytest.param(name, field, marks=[pytest.mark.xfail(strict=True, reason=NOT_YET[name, field])] if (name, field) in NOT_YET else [])
    for name in LAYOUTS
    for field in FIELDS
]


@pytest.mark.parametrize(("name", "field"), CASES)
def test_a_layout_changes_nothing(name: str, field: str) -> None:
    assert read(LAYOUTS[name]).get(field) == read(PLAIN).get(field)
