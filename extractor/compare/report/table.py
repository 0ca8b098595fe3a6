"""One row a change: the columns of CSV files and of the table of changes of a dataset."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from msgspec import UNSET, UnsetType

from extractor.compare.changes import Change, Comparison, Evidence, History, Version
from extractor.compare.dating import is_after
from extractor.compare.weighing import SEVERITIES

COLUMNS = (
    "trial_id basis old_file old_date new_file new_date side field kind severity rule item old new old_pointers new_pointers after_start"
    " after_completion message"
).split()
SIDES = {"changes": "both", "only_old": "old", "only_new": "new"}

Keys = Mapping[tuple[str, str], str]  # hash and id of a record → its key in a dataset


def change_rows(history: History, keys: Keys = MappingProxyType({})) -> Iterator[dict[str, Any]]:
    """Every change of a history, and what only one side has, as a row; None where there is nothing."""
    for comparison in history.comparisons:
        versions = history.versions[comparison.old], history.versions[comparison.new]
        named = {f"{side}_key": _key(version, keys) for side, version in zip(("old", "new"), versions, strict=True)}
        for side, change in each_change(comparison):
            yield _row(history, *versions, side, change) | named | {"basis": comparison.basis}


def _key(version: Version, keys: Keys) -> str | None:
    return keys.get((version.sha256, version.id))


def version_rows(history: History, keys: Keys = MappingProxyType({})) -> Iterator[dict[str, Any]]:
    """Every version of a history of versions as a row, with the changes since the one before by severity."""
    if any(comparison.basis == "REGISTERS" for comparison in history.comparisons):
        return
    by_version = {comparison.new: comparison for comparison in history.comparisons}
    numbers = version_numbers(history)
    for place, version in enumerate(history.versions):
        comparison = by_version.get(place)
        yield {
            "trial_id": history.id,
            "version_number": numbers[place],
            "record_key": _key(version, keys),
            "record_id": version.id,
            **{name: _present(getattr(version, name)) for name in ("source", "format", "file", "date", "date_from")},
            "start_date": _present(version.start),
            "primary_completion_date": _present(version.primary_completion),
            "basis": comparison.basis if comparison else None,
            **_counts(comparison),
            "retrospective": any(remark.rule == "registered.after_start" and remark.version <= place for remark in history.remarks),
        }


def version_numbers(history: History) -> list[int]:
    """The number of the version that each document is of, from 1: forms of one version share it."""
    chiefs = {comparison.new: comparison.old for comparison in history.comparisons if comparison.basis == "FORMS"}
    order = {place: number for number, place in enumerate((p for p in range(len(history.versions)) if p not in chiefs), 1)}
    return [order[chiefs.get(place, place)] for place in range(len(history.versions))]


def _counts(comparison: Comparison | None) -> dict[str, int | None]:
    """How many changes of each severity, None for the first version."""
    counts = Counter(change.severity for change in comparison.changes) if comparison else None
    return {f"{severity.lower()}_changes": None if counts is None else counts[severity] for severity in SEVERITIES}


def each_change(comparison: Comparison) -> Iterator[tuple[str, Change]]:
    """(side, change): "both" for what differs, "old" and "new" for what only one of them has."""
    for name, side in SIDES.items():
        yield from ((side, change) for change in getattr(comparison, name))


def _row(history: History, old: Version, new: Version, side: str, change: Change) -> dict[str, Any]:
    limits = {name: _present(getattr(new, name)) or _present(getattr(old, name)) for name in ("start", "primary_completion")}
    return {
        "trial_id": history.id,
        **_facts(old, "old", change.old),
        **_facts(new, "new", change.new),
        "side": side,
        "field": change.field,
        "kind": change.kind,
        "severity": change.severity,
        "rule": change.rule,
        "item": _present(change.item),
        "after_start": _is_after(_present(new.date), limits["start"]),
        "after_completion": _is_after(_present(new.date), limits["primary_completion"]),
        "message": change.message,
    }


def _facts(version: Version, side: str, evidence: Evidence | UnsetType) -> dict[str, Any]:
    """What one side says, and of which document."""
    facts = {f"{side}_file": version.file, f"{side}_date": _present(version.date)}
    if evidence is UNSET:
        return facts | {side: None, f"{side}_pointers": None}
    return facts | {side: evidence.text, f"{side}_pointers": " ".join(evidence.pointers)}


def _is_after(date: str | None, limit: str | None) -> bool | None:
    """Whether the date lies after the limit, None where either is not known."""
    return is_after(date, limit) if date and limit else None


def _present(value: Any) -> str | None:
    return None if value is UNSET else str(value)


def csv_rows(histories: Sequence[History], _: Mapping[str, str]) -> str:
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
