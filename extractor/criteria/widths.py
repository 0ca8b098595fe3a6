"""Levels of items whose indentation is lost but whose line breaks are not.

Legacy ClinicalTrials.gov text was filled to 99 columns; the words of a top-level item began at column 13, five more for each level. Copies
that dropped the blanks still break at 86, 81, 76 … characters, and so tell the level of every wrapped item.
"""

from __future__ import annotations

import re

from extractor.criteria.items import wrap_width
from extractor.criteria.nodes import Node
from extractor.criteria.stems import is_stem

WIDTHS = (86, 81, 76, 71, 66)
_STEP = 5
_REACH = 200
_label = re.compile(r"(Part|Phase|Arm|Cohort|Group|Stage|Stratum|Step)\b[^.]{0,30}:$", re.MULTILINE)


def assign_levels(text: str, nodes: list[Node]) -> bool:
    """Set the columns of all items from the widths of their lines; whether the text is set that way at all."""
    possible = [_levels(text, node) for node in nodes]
    wrapped = [levels for levels in possible if levels is not None]
    if len(wrapped) < 4 or sum(not levels for levels in wrapped) * 4 > len(wrapped):
        return False
    for node, level in zip(nodes, _Levels(text, nodes, possible).read(), strict=True):
        node.indent = level * _STEP
        node.content = node.indent + 2
    return True


def _levels(text: str, node: Node) -> tuple[int, ...] | None:
    """The levels whose width fits all lines of an item; None where it stands on one line."""
    if node.plain:
        return None
    start, end = node.ranges[0]
    least, most = wrap_width(text, start, end)
    if not least:
        return None
    return tuple(level for level, width in enumerate(WIDTHS) if least <= width <= most)


class _Levels:
    """Closes the gaps: by the count, by what a stem announces, else as the item before."""

    def __init__(self, text: str, nodes: list[Node], possible: list[tuple[int, ...] | None]) -> None:
        self.text = text
        self.nodes = nodes
        self.possible = possible
        self.filled: list[int] = []

    def read(self) -> list[int]:
        """The level of every item."""
        for place, node in enumerate(self.nodes):
            fits = self.possible[place]
            if fits and len(fits) == 1:
                self.filled.append(fits[0])
                continue
            level = self._of_count(place) if node.value > 1 else self._of_neighbour(place)
            self.filled.append(level if not fits or level in fits else min(fits, key=lambda fit: abs(fit - level)))
        return self.filled

    def _of_count(self, place: int) -> int:
        """The level of the open count that the number goes on with; of several, that of the numbers to come."""
        node = self.nodes[place]
        open_: list[int] = []
        least = len(WIDTHS)
        for earlier in range(place - 1, max(-1, place - _REACH), -1):
            level = self.filled[earlier]
            if level < least and self.nodes[earlier].family == node.family and self.nodes[earlier].value == node.value - 1:
                open_.append(level)
            least = min(least, level)
        if len(open_) > 1:
            return self._ahead(place, open_)
        return open_[0] if open_ else self._of_neighbour(place)

    def _ahead(self, place: int, open_: list[int]) -> int:
        value, family = self.nodes[place].value, self.nodes[place].family
        for node, fits in zip(self.nodes[place + 1 : place + _REACH], self.possible[place + 1 : place + _REACH], strict=True):
            if node.family == family and node.value != value + 1:
                break
            if node.family == family:
                value = node.value
                if fits and len(fits) == 1 and fits[0] in open_:
                    return fits[0]
        return open_[0]

    def _of_neighbour(self, place: int) -> int:
        if place == 0 or self.nodes[place].plain or self.nodes[place - 1].plain:
            return 0
        node, before = self.nodes[place], self.nodes[place - 1]
        label = _label.match(self.text, node.start, node.end)
        for earlier in range(place - 1, max(-1, place - _REACH), -1) if label or node.family != before.family else ():
            same = self.nodes[earlier].family == node.family
            if (
                same
                and label
                and self.text.startswith(label.group(1), self.nodes[earlier].start)
                and is_stem(self._words(self.nodes[earlier]))
            ):
                return self.filled[earlier]
            if same and node.bullet and not label:
                return self.filled[earlier]
        deeper = is_stem(self._words(before)) or node.family != before.family or node.value == 1
        return self.filled[-1] + deeper

    def _words(self, node: Node) -> str:
        return self.text[node.start : node.end]
