"""Flat records: rows of a table, or objects whose values are all leaves, read by the folded names of their columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any

from extractor.document import Document
from extractor.patterns import lazy_pattern
from extractor.sources.readers.fields import parse_target
from extractor.sources.readers.paths import Handler, Predicate, ReadyTable, find_records
from extractor.sources.readers.reading import Leaf, TreeReading
from extractor.text import count_in
from extractor.tree import Element

_start = attrgetter("start")
_sign = lazy_pattern(r"[^a-z0-9]+")


def fold_column(name: str) -> str:
    """A column's name without case, blanks and signs: "Study Title", "study_title" and "studyTitle" are one.

    >>> fold_column("Sponsor/Collaborators"), fold_column("web_address")
    ('sponsorcollaborators', 'webaddress')
    """
    return _sign.sub("", name.lower())


def columns(record: Any) -> set[str]:
    """The folded names of a record's columns; none where it is no flat record."""
    if isinstance(record, dict):
        return {fold_column(name) for name in record}
    return {fold_column(name) for name, _ in record} if isinstance(record, Element) else set()


def pieces(leaf: Leaf, separator: re.Pattern[str]) -> Iterator[Leaf]:
    """The parts of a leaf between separators, blanks and empty parts left out."""
    start = 0
    for match in separator.finditer(leaf.text):
        part = leaf.part(start, match.start())
        start = match.end()
        if part.text:
            yield part
    rest = leaf.part(start, len(leaf.text))
    if rest.text:
        yield rest


def pieces_between(leaf: Leaf, parts: Iterable[Leaf]) -> Iterator[Leaf]:
    """What stands between the parts of a leaf, blanks left out."""
    at = 0
    for part in sorted(parts, key=_start):
        rest = leaf.part(at, max(at, part.start - leaf.start))
        at = max(at, part.start - leaf.start + len(part.text))
        if rest.text:
            yield rest
    rest = leaf.part(at, len(leaf.text))
    if rest.text:
        yield rest


def furnish_between(reading: TreeReading, leaf: Leaf, parts: Iterable[Leaf]) -> None:
    """Notes what stands between the parts of a leaf as known and of no use; the parts must show themselves what they say."""
    for rest in pieces_between(leaf, parts):
        reading.furnish(rest)


def parts(target: str, separator: str) -> Handler:
    """A handler that makes every part of a cell one item of a list: `parts("conditions/+/name", "|")`."""
    pattern = re.compile(separator)
    path, item, codes = parse_target(target)
    name, tail = item.removesuffix("/+"), path.removeprefix(item)

    def handler(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
        found = list(pieces(leaf, pattern))
        for part in found:
            place = reading.next(prefix + name)
            reading.add(place + tail, part)
            reading.draft.codes.update({f"{place}/{field}": code for field, code in codes})
        furnish_between(reading, leaf, found)

    return handler


def read_rows(
    document: Document, source: str, is_record: Predicate, section: Callable[[Element], ReadyTable], names: tuple[str, ...] = ()
) -> Iterator[TreeReading]:
    """For every flat record a reading that has walked it, its cells by folded column in `cells`; who asks finishes the draft.

    `names` stand in for the positions of a table without a header.
    """
    cursor = 0
    for record, skipped in find_records("", document.tree.root, is_record):
        reading = TreeReading(document, source, cursor)
        reading.pass_over(skipped)
        printed = _named(record, names)
        row = Element((fold_column(name), value) for name, value in printed)
        _note_cells(reading, row)
        section(row).take(reading, row, "")
        cursor = reading.cursor
        reading.labels = {fold_column(name): name for name, _ in printed}
        yield reading


def _named(record: Any, names: tuple[str, ...]) -> list[tuple[str, Any]]:
    pairs = list(record.items() if isinstance(record, dict) else record)
    if not names:
        return pairs
    return [(names[at] if (at := count_in(name, len(names))) < len(names) else name, value) for name, value in pairs]


def _note_cells(reading: TreeReading, row: Element) -> None:
    """Looks the single leaves of a row up by column; the walk starts anew afterwards."""
    start = reading.cursor
    for name, value in row:
        if isinstance(value, dict | list):
            reading.skip(value)
        elif value is not None and value != "":
            reading.cells[name] = reading.leaf()
    reading.cursor = start
