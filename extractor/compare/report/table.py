"""One row a change: the columns of CSV files and of the table of changes of a dataset."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import UNSET

from extractor.compare.changes import Change, Comparison, History, Version
from extractor.compare.dating import is_after

COLUMNS = (
    "trial_id basis old_file old_date new_file new_date side field kind severity rule item old new old_pointers new_pointers after_start"
    " after_completion message"
).split()
SIDES = {"changes": "both", "only_old": "old", "only_new": "new"}


def change_rows(history: History) -> Iterator[dict[str, Any]]:
    """Every change of a history, and what only one side has, as a row of COLUMNS; None where there is nothing."""
    for comparison in history.comparisons:
        old, new = history.versions[comparison.old], history.versions[comparison.new]
        for side, change in each_change(comparison):
            yield _row(history, (old, new), side, change) | {"basis": comparison.basis}


def each_change(comparison: Comparison) -> Iterator[tuple[str, Change]]:
    """(side, change): "both" for what differs, "old" and "new" for what only one of them has."""
    for name, side in SIDES.items():
        yield from ((side, change) for change in getattr(comparison, name))


def _row(history: History, versions: tuple[Version, Version], side: str, change: Change) -> dict[str, Any]:
    old, new = versions
    start, completion = (_present(getattr(new, name)) or _present(getattr(old, name)) for name in ("start", "primary_completion"))
    dated = _present(new.date)
    return {
        "trial_id": history.id,
        "old_file": old.file,
        "old_date": _present(old.date) or None,
        "new_file": new.file,
        "new_date": dated or None,
        "side": side,
        "field": change.field,
        "kind": change.kind,
        "severity": change.severity,
        "rule": change.rule,
        "item": _present(change.item) or None,
        "old": None if change.old is UNSET else change.old.text,
        "new": None if change.new is UNSET else change.new.text,
        "old_pointers": None if change.old is UNSET else " ".join(change.old.pointers),
        "new_pointers": None if change.new is UNSET else " ".join(change.new.pointers),
        "after_start": is_after(dated, start) if dated and start else None,
        "after_completion": is_after(dated, completion) if dated and completion else None,
        "message": change.message,
    }


def _present(value: Any) -> str:
    return "" if value is UNSET else str(value)


def csv_rows(histories: Sequence[History]) -> str:
    """All rows as CSV; a cell that a spreadsheet would run as a formula gets a leading quote."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for history in histories:
        table.writerows([_cell(row[name]) for name in COLUMNS] for row in change_rows(history))
    return out.getvalue()


def _cell(value: Any) -> str:
    text = {None: "", True: "true", False: "false"}.get(value, value) if not isinstance(value, str) else value
    return f"'{text}" if str(text)[:1] in ("=", "+", "-", "@", "\t", "\r") else str(text)
