"""Tables of criteria: in every row a number, a tab or a line feed, and the lines of one criterion. The rows are the items, whatever their lines look like."""

from __future__ import annotations

import re
from itertools import pairwise

from extractor.criteria.outline.enumerators import Marker
from extractor.criteria.outline.items import Layout
from extractor.criteria.outline.lead_ins import ends_in_colon, is_stem
from extractor.criteria.outline.lines import Line
from extractor.criteria.outline.nesting import Builder
from extractor.criteria.outline.nodes import Node

_number = re.compile(r"(\d{1,2})(?:\t|$)", re.MULTILINE)  # a copy may give the number a line of its own
_lost_bullet = re.compile(r"[？?]\s*(?=\S)")


def read_rows(text: str, lines: list[Line], candidates: list[tuple[int, Marker]]) -> list[Node]:
    r"""The items of a numbered table, none where the lines are no such table: its first line is row 1, and a second follows.

    Lines inside a row are parts of a stem, notes, else statements of their own. `candidates` are the enumerators of the text (`find_inline`).

    >>> from extractor.criteria.outline.lines import split_lines
    >>> rows = "1\tage;\n2\tall of:\nALT normal;\nAST normal;\n3\tconsent"
    >>> [(node.number, len(node.children)) for node in read_rows(rows, split_lines(rows), [])]
    [('1', 0), ('2', 2), ('3', 0)]
    """
    starts = _find_starts(text, lines)
    if len(starts) < 2 or starts[0] != 0:
        return []
    nodes: list[Node] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        nodes += _read_row(text, lines[start:end], candidates)
    return nodes


def _find_starts(text: str, lines: list[Line]) -> list[int]:
    """The places of the lines that count the rows from 1 on."""
    starts: list[int] = []
    for place, line in enumerate(lines):
        found = _number.match(text, line.mark, line.end)
        if found and int(found[1]) == len(starts) + 1 and (found.end() < line.end or _has_words_below(text, lines, place)):
            starts.append(place)
    return starts


def find_twins(text: str, lines: list[Line]) -> list[Line]:
    """The lines that print a row of a table again, number and all, right behind it."""
    return [
        line
        for before, line in pairwise(lines)
        if _number.match(text, line.mark, line.end) and text[line.mark : line.end] == text[before.mark : before.end]
    ]


def _has_words_below(text: str, lines: list[Line], place: int) -> bool:
    """Whether the line below a number that stands alone is no such number itself."""
    below = lines[place + 1] if place + 1 < len(lines) else None
    found = below and _number.match(text, below.mark, below.end)
    return below is not None and not found


def _read_row(text: str, lines: list[Line], candidates: list[tuple[int, Marker]]) -> list[Node]:
    first = lines[0]
    number = _number.match(text, first.mark, first.end)
    start, digits = (number.end(), number[1]) if number else (first.start, "0")
    mark = first.mark
    if start == first.end and len(lines) > 1:
        lines = lines[1:]
        first = lines[0]
        start = first.start
    row = Node([(start, first.end)], mark, "row", int(digits), digits)
    layout = Layout(0, gapped=False, flat=True)
    row, *beside = Builder(text, layout, candidates).build([row])
    row.children += beside
    inner = Builder(text, layout, candidates).build([_read_line(text, line) for line in lines[1:]])
    words = text[start : first.end]
    if inner and (ends_in_colon(words) or is_stem(words)):
        row.children += inner
        return [row]
    row.children += [node for node in inner if node.role == "NOTE"]
    return [row, *(node for node in inner if node.role != "NOTE")]


def _read_line(text: str, line: Line) -> Node:
    """A line inside a row; a question mark before its words is what became of a bullet."""
    marker = line.marker
    lost = _lost_bullet.match(text, line.start, line.end)
    if marker is None and lost:
        return Node([(lost.end(), line.end)], line.mark, "b？", indent=1, content=2)
    if marker is None:
        return Node([(line.start, line.end)], line.mark)
    return Node([(line.start, line.end)], line.mark, marker.family, marker.value, marker.number, line.indent, line.content)
