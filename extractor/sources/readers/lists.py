"""Lists that a register keeps in one text: "1. …", "2. …" on lines of their own."""

from __future__ import annotations

import re

from extractor.patterns import lazy_pattern
from extractor.sources.readers.paths import Handler
from extractor.sources.readers.reading import Leaf, TreeReading

_number = lazy_pattern(r"^[^\S\n]*(\d{1,2})[.)](?=\s)[^\S\n]*", re.MULTILINE)


def split_numbered(text: str) -> list[tuple[int, int]]:
    r"""(start, end) of every item of a text that is a numbered list from its first word on; none where it is not.

    Words before "1." may say something of all items, so such a text is no list.

    >>> text = "1. Pain at week 4\n2. Sleep\n   as before"
    >>> [text[start:end] for start, end in split_numbered(text)]
    ['Pain at week 4', 'Sleep\n   as before']
    >>> split_numbered("At week 4:\n1. Pain\n2. Sleep"), split_numbered("1. Pain"), split_numbered("1. Pain\n3. Sleep")
    ([], [], [])
    """
    marks = list(_number.finditer(text))
    counted = [int(mark[1]) for mark in marks] == list(range(1, len(marks) + 1))
    if len(marks) < 2 or not counted or text[: marks[0].start()].strip():
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return [(mark.end(), mark.end() + len(text[mark.end() : end].rstrip())) for mark, end in zip(marks, ends, strict=True)]


def outcomes(level: str) -> Handler:
    """A handler of a text on the outcomes of one level: each item of a numbered list is an outcome, another text is one.

    Texts that say the same in several languages share their outcomes where they list as many.
    """

    def handler(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
        spans = split_numbered(leaf.text) or [(0, len(leaf.text))]
        places = reading.lists.get(level, []) if reading.language else []
        if len(places) != len(spans):
            places = [reading.open(f"{prefix}outcomes/+ level={level}") for _ in spans]
            reading.lists.setdefault(level, places)
        for place, (start, end) in zip(places, spans, strict=True):
            reading.add(f"{place}/measure", leaf.part(start, end))
        reading.furnish(leaf)

    return handler
