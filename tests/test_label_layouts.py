"""One fictional label in many layouts gives one record: pages, places and findings aside."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from fictional_label import label
from label_press import Layout, print_label

import extractor
from extractor.label.grids.ruled_tables import find_grid_table
from extractor.label.grids.table_draft import TableDraft
from extractor.label.text.lines import PrintedLine
from extractor.label.text.passages import passage_at
from extractor.layout import Cell

PLAIN = Layout()
LAYOUTS = {
    "three lines": Layout(rules="three"),
    "a rule at every row": Layout(rules="rows", across="left", down="top"),
    "dotted rules": Layout(rules="dotted", down="foot"),
    "no rules": Layout(rules="none", across="left"),
    "rules down and at the ends": Layout(rules="open"),
    "a rule under the head": Layout(rules="head"),
    "rules down but at rows over all columns": Layout(rules="columns", across="left"),
    "the head on grey ground": Layout(rules="none", ground="head"),
    "every other row on grey ground": Layout(rules="none", ground="zebra", across="left", down="top"),
    "the head as light as the rows": Layout(rules="three", bold=False),
    "two columns without rules": Layout(columns=2, size=8, table_size=6.5, margin=42, rules="none", across="left", down="top"),
    "two columns with dotted rules": Layout(columns=2, size=8, table_size=6, margin=42, rules="dotted", repeats=True),
    "four columns on a wide page": Layout(columns=4, landscape=True, size=5.5, table_size=4.2, margin=24, gutter=14, rules="three"),
    "headings without brackets": Layout(headings="{}"),
    "headings in other brackets": Layout(headings="〖{}〗", rules="three"),
    "captions below": Layout(rules="three", below=True),
    "two columns": Layout(columns=2, size=8, table_size=6.5, margin=42, rules="three"),
    "three columns on a landscape page": Layout(columns=3, landscape=True, size=7, table_size=5.5, margin=36, rules="rows"),
    "values and headings at the right": Layout(rules="dotted", across="right"),
    "tight rows, the head repeated": Layout(
        rules="dotted", table_leading=1.15, padding=1.0, down="top", leading=1.9, repeats=True, bold=False
    ),
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
_PARTED = "a heading that a column end parts from its body is read as a table of its own"
_BLANK = "a blank is put between a Chinese character and a number or sign where a line was broken"
_ONE_ROW = "one row under a repeated heading, set in the middle, does not show the first column"
_AT_RIGHT = "a cell over several columns whose words are set to the right is taken for one of the last of them"
_CUT_NAME = "a name that is broken behind a bracket, over three columns, is read as two cells (a finding, and nothing is read from it)"
NOT_YET = {
    **dict.fromkeys((("values and headings at the right", field) for field in ("tables", "adverse_reactions")), _AT_RIGHT),
    **dict.fromkeys((("tight rows, the head repeated", field) for field in ("tables", "adverse_reactions")), _CUT_NAME),
    **dict.fromkeys((("captions below", field) for field in ("tables", "adverse_reactions", "sections", "dosing")), _PARTED),
    **dict.fromkeys((("two columns", field) for field in ("tables", "adverse_reactions", "sections")), _PARTED),
    **dict.fromkeys((("four columns on a wide page", field) for field in ("tables", "adverse_reactions", "sections")), _PARTED),
    **dict.fromkeys((("two columns without rules", field) for field in ("tables", "sections")), _BLANK),
    **dict.fromkeys((("two columns with dotted rules", field) for field in ("tables", "adverse_reactions", "sections")), _ONE_ROW),
}
CASES = [
    pytest.param(name, field, marks=[pytest.mark.xfail(strict=True, reason=NOT_YET[name, field])] if (name, field) in NOT_YET else [])
    for name in LAYOUTS
    for field in FIELDS
]


@pytest.mark.parametrize(("name", "field"), CASES)
def test_a_layout_changes_nothing(name: str, field: str) -> None:
    assert read(LAYOUTS[name]).get(field) == read(PLAIN).get(field)


def test_values_that_no_rule_parts_are_kept_as_words() -> None:
    """Two cells with a column of values each: which belong together is not printed, and no cells are better than wrong ones."""
    cells = [Cell(0, 0, 1, 1, (0,)), Cell(0, 1, 1, 1, (1, 2, 3)), Cell(0, 2, 1, 1, (4, 5, 6))]
    texts = [(0, "感染"), (1, "31"), (1, "<1"), (1, "5 (2.4%)"), (2, "22"), (2, "9"), (2, "0")]
    lines = [PrintedLine(passage_at(text, 0, len(text)), grid=1, place=cells[cell]) for cell, text in texts]
    draft, _ = find_grid_table(lines, 0) or (TableDraft(), 0)
    assert (draft.rows, draft.certain) == ([], False)
    draft, _ = find_grid_table([*lines[:2], *lines[4:]], 0) or (TableDraft(), 0)
    assert draft.certain
