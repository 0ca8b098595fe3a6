"""ClinicalTrials.gov without nesting: fields of the earlier API as keys or columns (StudyFieldsResponse, its CSV, tables made of it).

A field that stands once for every item of a list is a list of its own here, and items that lack it leave no gap. So a field goes
to its items only where it has as many values as the longest field of its list; a shorter one is kept as unmapped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from extractor.sources.ctgov import full
from extractor.sources.readers.fields import NEXT
from extractor.sources.readers.paths import Each, Handler
from extractor.sources.readers.reading import Leaf, TreeReading
from extractor.sources.readers.rows import fold_column, furnish_between, parts, pieces

JOINT = r"\|"  # what the API's CSV joins the values of a list with
NEVER = r"(?!)"  # the separator of values that stand apart already


class Spread(NamedTuple):
    """A list of the record whose items the API spreads over fields: its target, and the field of every folded key."""

    target: str
    fields: dict[str, str]


def table(joint: str) -> dict[str, Any]:
    """The rows of all fields by folded name; `joint` separates the values of a list in one cell."""
    rows = {fold_column(key): _row(target, joint) for key, target in _single(full.TABLE)}
    return rows | {key: _gathered(key, joint) for spread in SPREADS for key in spread.fields}


def settle(reading: TreeReading) -> None:
    """Makes items of the gathered fields, when the whole record has been walked."""
    for target, fields in SPREADS:
        numbers = {key: reading.counts.get(key, 0) for key in fields}
        longest = max(numbers.values())
        whole = {key: field for key, field in fields.items() if numbers[key] == longest}
        for number in range(longest):
            place = reading.open(target)
            for key, field in whole.items():
                reading.add(f"{place}/{field}", reading.cells[f"{key}#{number}"])
        short = [f"{key}#{number}" for key in fields if key not in whole for number in range(numbers[key])]
        for name in short:
            reading.keep(name.partition("#")[0], reading.cells[name])


def _single(rows: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(key, target) of every field outside of lists of objects."""
    for key, spec in rows.items():
        if isinstance(spec, Mapping):
            yield from _single(spec)
        elif isinstance(spec, str):
            yield key, spec


def _spreads(rows: Mapping[str, Any]) -> Iterator[Spread]:
    for spec in rows.values():
        if isinstance(spec, Each):
            yield Spread(
                spec.target, {fold_column(key): field for key, field in spec.table.items() if isinstance(field, str) and field[0].isalpha()}
            )
        elif isinstance(spec, Mapping):
            yield from _spreads(spec)


def _row(target: str, joint: str) -> Any:
    return parts(target, joint) if NEXT in target.split(maxsplit=1)[0] else target


def _gathered(key: str, joint: str) -> Handler:
    separator = re.compile(joint)

    def handler(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
        del prefix
        found = list(pieces(leaf, separator))
        for part in found:
            number = reading.counts.get(key, 0)
            reading.counts[key] = number + 1
            reading.cells[f"{key}#{number}"] = part
        furnish_between(reading, leaf, found)

    return handler


SPREADS = tuple(_spreads(full.TABLE))
