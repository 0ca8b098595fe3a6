"""ChiCTR's export cells that hold a value for every group: "Experimental group:30;Control group:30;", its signs not escaped.

A group's size ends its part, so sizes can be split safely; the treatments of the same groups are then cut at the groups' labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from extractor.patterns import lazy_pattern
from extractor.sources.readers.reading import Leaf, TreeReading

LONGEST = 20_000  # characters of a cell that is taken apart

_size = lazy_pattern(r"\s*(?P<label>[^;\s](?:[^;:：]|[:：](?!\s*\d+\s*(?:;|$))|;(?!\s*$))*?)\s*[:：]\s*(?P<size>\d+)\s*(?:;|$)")
_diagnostic = lazy_pattern(
    r"\s*(?:Gold Standard|Reference Standard)[^:]*:(?P<standard>.*?);\s*Index test[^:]*:(?P<index>.*?);?\s*", re.IGNORECASE | re.DOTALL
)
_population = lazy_pattern(r"\s*Target condition\s*:", re.IGNORECASE)


class Group(NamedTuple):
    """A group of participants: where its label and its size stand in the cell."""

    label: tuple[int, int]
    size: tuple[int, int]


def split_groups(text: str) -> list[Group]:
    """The groups of a cell of sizes; none where the cell is not made of labels and sizes only.

    >>> cell = "Group A: low; dose:30;Group B:30;"
    >>> [(cell[slice(*group.label)], cell[slice(*group.size)]) for group in split_groups(cell)]
    [('Group A: low; dose', '30'), ('Group B', '30')]
    """
    groups, at = [], 0
    while at < len(text.rstrip()) and len(text) <= LONGEST:
        match = _size.match(text, at)
        if match is None:
            return []
        groups.append(Group(match.span("label"), match.span("size")))
        at = match.end()
    return groups


def split_treatments(text: str, labels: list[str]) -> Iterator[tuple[int, int]]:
    """(start, end) of the text of every label, in their order; nothing where a label is missing.

    >>> cell = "A:aspirin; daily;B:none;"
    >>> [cell[start:end] for start, end in split_treatments(cell, ["A", "B"])]
    ['aspirin; daily', 'none']
    """
    heads, at = [], 0
    for label in labels:
        words = r"\s+".join(map(re.escape, label.split()))
        match = re.compile(rf"(?:^|;)\s*{words}\s*[:：]").search(text, max(0, at - 1))
        if match is None:
            return
        heads.append(match)
        at = match.end()
    for head, end in zip(heads, [*(later.start() for later in heads[1:]), len(text)], strict=True):
        yield head.end(), head.end() + len(text[head.end() : end].rstrip("; \t\n"))


def read_groups(reading: TreeReading, sizes: Leaf, treatments: Leaf) -> None:
    """Arms, their sizes and their interventions; what cannot be taken apart is kept whole."""
    groups = [] if _population.match(sizes.text) else split_groups(sizes.text)
    if not groups:
        _read_whole(reading, sizes, treatments)
        return
    reading.furnish(sizes)
    for number, group in enumerate(groups, 1):
        reading.add(f"arms/{number}/label", sizes.part(*group.label))
        reading.add(f"arms/{number}/size", sizes.part(*group.size))
    texts = list(split_treatments(treatments.text, [sizes.text[slice(*group.label)] for group in groups]))
    if not texts:
        _read_whole(reading, Leaf("", 0), treatments)
    for number, (start, end) in enumerate(texts, 1):
        reading.furnish(treatments)
        reading.add(f"interventions/{number}/name", treatments.part(start, end))
        reading.draft.codes[f"arms/{number}/interventions/0"] = f"#{number}"


def _read_whole(reading: TreeReading, sizes: Leaf, treatments: Leaf) -> None:
    if sizes.text.strip().isdigit():
        reading.add("enrollment/count", sizes)
    else:
        reading.keep("Target size", sizes)
    match = _diagnostic.fullmatch(treatments.text) if len(treatments.text) <= LONGEST else None
    if match is None:
        reading.add("interventions/1/name", treatments)
        return
    reading.furnish(treatments)
    reading.keep("Gold Standard", treatments.part(*match.span("standard")))
    reading.add("interventions/1/name", treatments.part(*match.span("index")))
    reading.draft.codes["interventions/1/type"] = "DIAGNOSTIC_TEST"
