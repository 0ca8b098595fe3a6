"""Levels of items whose indentation is lost but whose line breaks are not.

Legacy ClinicalTrials.gov text was filled to 99 columns; the words of a top-level item began at column 13, five more for each level. Copies
that dropped the blanks still break at 86, 81, 76 … characters, and so tell the level of every wrapped item.
"""

from __future__ import annotations

from extractor.criteria.items import wrap_width
from extractor.criteria.nodes import Node
from extractor.criteria.stems import is_stem

WIDTHS = (86, 81, 76, 71, 66)
_STEP = 5


def assign_levels(text: str, nodes: list[Node]) -> bool:
    """Set the columns of all items from the widths of their lines; whether the text is set that way at all."""
    levels = [_level(text, node) for node in nodes]
    wrapped = [level for level in levels if level is not None]
    if len(wrapped) < 4 or sum(level < 0 for level in wrapped) * 4 > len(wrapped):
        return False
    known = [level if level is not None and 0 <= level < len(WIDTHS) else None for level in levels]
    for node, level in zip(nodes, _filled(text, nodes, known), strict=True):
        node.indent = level * _STEP
        node.content = node.indent + 2
    return True


def _level(text: str, node: Node) -> int | None:
    """The one level whose width fits all lines of an item; None where it stands on one line or several fit, -1 where none does."""
    if node.plain:
        return None
    start, end = node.ranges[0]
    least, most = wrap_width(text, start, end)
    if not least:
        return None
    fits = [level for level, width in enumerate(WIDTHS) if least <= width <= most]
    return fits[0] if len(fits) == 1 else -1 if not fits else len(WIDTHS)


def _filled(text: str, nodes: list[Node], known: list[int | None]) -> list[int]:
    """The levels with gaps closed: by the next of a count, under a stem, else as the item before."""
    filled: list[int] = []
    for place, node in enumerate(nodes):
        level = known[place]
        if level is None:
            level = _of_count(nodes, known, place) if node.value else None
        if level is None:
            level = _of_neighbour(text, nodes, filled, place)
        filled.append(level)
    return filled


def _of_count(nodes: list[Node], known: list[int | None], place: int) -> int | None:
    """The level of the next numbers of the same count, as far as they go on without a break."""
    value, family = nodes[place].value, nodes[place].family
    for node, level in zip(nodes[place + 1 :], known[place + 1 :], strict=True):
        if node.family != family:
            continue
        if node.value != value + 1:
            return None
        if level is not None:
            return level
        value = node.value
    return None


def _of_neighbour(text: str, nodes: list[Node], filled: list[int], place: int) -> int:
    """One deeper than a stem or another kind of marker, else as the item before."""
    if place == 0 or nodes[place].plain or nodes[place - 1].plain:
        return 0
    before, node = nodes[place - 1], nodes[place]
    if node.family == before.family and node.value != 1:
        return filled[-1] + is_stem(text[before.start : before.end])
    earlier = next((n for n in range(place - 1, -1, -1) if nodes[n].family == node.family and nodes[n].value == max(0, node.value - 1)), None)
    if node.value > 1 and earlier is not None:
        return filled[earlier]
    return filled[-1] + 1
