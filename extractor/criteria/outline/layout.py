"""How a text is set: wrapped or not, indented or not, and the levels that the widths of its lines betray.

Legacy ClinicalTrials.gov text was filled to 99 columns; the words of a top-level item began at column 13, five more for each level. Copies
that dropped the blanks still break at 86, 81, 76 … characters (one less in the registry's own files), and so tell the level of every
wrapped item.
"""

from __future__ import annotations

from itertools import pairwise

from msgspec import Struct

from extractor.criteria.outline.lines import OutlineLine
from extractor.criteria.outline.nodes import Node
from extractor.patterns import lazy_pattern

WIDTHS = ((86, 81, 76, 71, 66), (85, 80, 75, 70, 65))
_WIDEST_WRAP = 130  # columns: nobody fills a text wider
_NARROWEST_WRAP = 50  # columns: narrower texts are lists of short lines
SLACK = 16  # columns that a filled line may be short of the edge: a long word did not fit
_FEWEST_WRAPPED = 3  # wrapped items from which on widths are believed
_WIDE = 0.65  # share of items with an empty line before them that makes it the rule

_first_word = lazy_pattern(r"\S+")


class Layout(Struct, frozen=True, gc=False):
    """How a text is set: right edge of wrapped lines (0: not wrapped), empty lines between items, no indentation, widths of levels."""

    width: int
    gapped: bool
    flat: bool
    widths: tuple[int, ...] = ()


def find_layout(text: str, lines: list[OutlineLine]) -> Layout:
    """The layout of a text, read from its lines."""
    edges = [line.indent + line.end - line.mark for line in lines]
    widest = max(edges, default=0)
    marked = [line for line in lines if line.marker]
    gaps = sum(line.gap for line in marked)
    after = [edge for edge, line in zip(edges, lines[1:], strict=False) if not line.gap and not line.marker and text[line.start].islower()]
    full = sum(edge > widest - SLACK for edge in after)
    # A text was wrapped where most lines that go on in lower case follow a full one.
    width = widest if _NARROWEST_WRAP < widest <= _WIDEST_WRAP and full > 1 and full * 5 > len(after) * 2 else 0
    gapped = len(marked) > 2 and gaps >= _WIDE * len(marked)
    flat = len({line.indent for line in marked}) <= 1
    return Layout(width, gapped, flat, _find_widths(lines) if flat and width and not gapped else ())


def _find_widths(lines: list[OutlineLine]) -> tuple[int, ...]:
    """The widths that a text is set in: the wider ones, unless its wrapped lines never reach them."""
    lengths = {line.end - line.start for line, after in pairwise(lines) if after.marker is None and not after.gap}
    return next((widths for widths in WIDTHS if widths[0] in lengths), WIDTHS[0])


def is_sized(text: str, nodes: list[Node], widths: tuple[int, ...]) -> bool:
    """Whether the items of a list break at the widths of their levels."""
    levels = [possible_levels(text, *node.ranges[0], widths) for node in nodes if not node.plain and "\n" in text[slice(*node.ranges[0])]]
    return len(levels) >= _FEWEST_WRAPPED and levels.count(()) * 4 <= len(levels)


def possible_levels(text: str, start: int, end: int, widths: tuple[int, ...]) -> tuple[int, ...]:
    """The levels at which an item's lines would break as they do."""
    if not widths:
        return ()
    rows = text[start:end].split("\n")
    if len(rows) < 2:
        return tuple(level for level, width in enumerate(widths) if end - start <= width)
    least = max(len(row.strip()) for row in rows[:-1])
    most = min(len(row.strip()) + len((_first_word.search(following) or [""])[0]) for row, following in pairwise(rows))
    return tuple(level for level, width in enumerate(widths) if least <= width <= most)
