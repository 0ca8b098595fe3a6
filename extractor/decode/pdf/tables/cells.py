"""Cells of a block: which lines of a column belong together.

Between two lines of a column stands one question: is the lower one the next line of the same cell, or another cell? What the print
shows speaks for one or the other and costs who decides against it (`weighing`). One distance for the whole table tells which answer
costs nothing more: lines that stand nearer than it belong together. The distance with the least cost on the whole wins.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from extractor.decode.pdf.tables.blocks import TableBlock
from extractor.decode.pdf.tables.items import TableItem
from extractor.decode.pdf.tables.weighing import COSTS, Weigher, heading_lines
from extractor.decode.pdf.tolerances import CLOSE_LINES, FEW_RULES, SAME_PITCH, WIDER


@dataclass(slots=True)
class TableCell:
    """Lines that belong together, and the columns that they reach over."""

    items: list[TableItem] = field(default_factory=list)

    @property
    def first(self) -> int:
        """Its first column."""
        return min(item.first for item in self.items)

    @property
    def last(self) -> int:
        """Its last column."""
        return max(item.last for item in self.items)

    @property
    def top(self) -> float:
        """The baseline of its first line."""
        return self.items[0].run.base

    @property
    def bottom(self) -> float:
        """The baseline of its last line."""
        return self.items[-1].run.base

    @property
    def text(self) -> str:
        """Its lines, one after the other."""
        return " ".join(item.text for item in self.items)

    @property
    def width(self) -> float:
        """The width of its widest line."""
        return max(item.run.width for item in self.items)

    @property
    def middle(self) -> float:
        """The place from left to right of the middle of its first line."""
        return self.items[0].run.centre

    @property
    def size(self) -> float:
        """The type size of its first line."""
        return self.items[0].run.size


_NEVER = 1e6  # a cost that no other sign outweighs


class _Boundary(NamedTuple):
    """Two lines one above the other, as all columns see them: their distance in ems, and what joining and parting them costs."""

    pitch: float
    join: float
    part: float


def find_cells(
    block: TableBlock, items: list[TableItem], places: list[float], known: Distance | None = None
) -> tuple[list[TableCell], Distance]:
    """The cells of a block, by the cheapest way to read its distances, and the distance that parts them.

    `known` is the distance that parted the first part of a table that goes on.
    """
    edges = [block.left, *places, max(block.right, block.reach)]
    weigher = Weigher(items, [len(line) for line in block.lines], heading_lines(block, items), edges)
    chains = list(_chains(items))
    rules = _row_rules(block)
    ways = [_Way(_ruled(_boundaries(chains, weigher, _Parting(block, edges, _FAR))), 0.0, _Parting(block, edges, _FAR))] if rules else []
    near = _Parting(block, edges, CLOSE_LINES)
    ways.append(_Way(_boundaries(chains, weigher, near), COSTS["rules"] * rules * (rules > FEW_RULES), near))
    choices = [(cost + way.cost, distance, way) for way in ways for cost, distance in _costs(way.boundaries, known)]
    _, distance, way = min(choices, key=lambda choice: choice[0])
    joined = {lines for lines, boundary in way.boundaries.items() if distance.joins(boundary) <= distance.parts(boundary)}
    return [cell for chain in chains for cell in _cells(chain, joined, way.parting)], distance


class _Parting(NamedTuple):
    """What parts two lines of a column whatever else they show: a rule, or more than `most` ems of space."""

    block: TableBlock
    edges: list[float]
    most: float

    def parts(self, above: TableItem, below: TableItem) -> bool:
        """Whether one of them stands between two lines."""
        return self._is_ruled(above, below) or _pitch(above, below) > self.most

    def is_space(self, above: TableItem, below: TableItem) -> bool:
        """Whether no rule parts two lines, but little more space than the most."""
        return not self._is_ruled(above, below) and self.most < _pitch(above, below) < WIDER * self.most

    def _is_ruled(self, above: TableItem, below: TableItem) -> bool:
        left, right = self.edges[above.first], self.edges[above.last + 1]
        return any(above.run.base - 1 < stroke.top < below.run.base and stroke.covers(left, right) for stroke in self.block.strokes)


class _Way(NamedTuple):
    """A way to read a table: its boundaries, what it costs to read it so, what parts its lines in any case."""

    boundaries: dict[tuple[int, int], _Boundary]
    cost: float
    parting: _Parting


_FAR = 1e6  # ems: beyond every page


def _row_rules(block: TableBlock) -> int:
    """How many rules part the rows below the heading: those below the first that runs over the whole table."""
    inner = [s for s in block.strokes if block.lines[0][0].base < s.top < block.lines[-1][0].base]
    first = next((n for n, stroke in enumerate(inner) if stroke.covers(block.left, block.right)), len(inner))
    return len(inner[first + 1 :])


def _boundaries(chains: list[list[TableItem]], weigher: Weigher, parting: _Parting) -> dict[tuple[int, int], _Boundary]:
    """The boundaries between lines that follow one another in some column and that no rule parts.

    Lines that a little more space parts than any cell has between its own tell at what distance rows stand.
    """
    found: dict[tuple[int, int], _Boundary] = {}
    for chain in chains:
        for above, below in pairwise(chain):
            lines = above.line, below.line
            pitch = _pitch(above, below)
            if parting.parts(above, below):
                if parting.is_space(above, below) and lines not in found:
                    found[lines] = _Boundary(pitch, _NEVER, 0.0)
                continue
            if lines not in found:
                found[lines] = _Boundary(pitch, weigher.join_lines(*lines), weigher.part_lines(*lines, pitch))
            old = found[lines] if found[lines].join < _NEVER else _Boundary(pitch, 0.0, 0.0)
            found[lines] = _Boundary(old.pitch, old.join + weigher.join(above, below), old.part + weigher.part(above, below))
    return found


def _pitch(above: TableItem, below: TableItem) -> float:
    """The distance of two baselines, in ems of the larger type."""
    return (below.run.base - above.run.base) / (max(above.run.size, below.run.size) or 1)


def _ruled(boundaries: dict[tuple[int, int], _Boundary]) -> dict[tuple[int, int], _Boundary]:
    """The boundaries of a table whose rows rules part: where none stands, lines belong together."""
    return {lines: boundary._replace(part=boundary.part + COSTS["no rule"]) for lines, boundary in boundaries.items()}


def _chains(items: list[TableItem]) -> Iterator[list[TableItem]]:
    """Items that reach over the same columns, from top to bottom, cut where one over other columns stands between."""
    keys: dict[tuple[int, int], list[TableItem]] = defaultdict(list)
    for item in items:
        keys[item.first, item.last].append(item)
    for (first, last), own in keys.items():
        others = sorted(i.run.base for i in items if (i.first, i.last) != (first, last) and i.first <= last and i.last >= first)
        start = 0
        for end in range(1, len(own) + 1):
            if end == len(own) or bisect_right(others, own[end - 1].run.base) < bisect_left(others, own[end].run.base):
                yield own[start:end]
                start = end


class Distance(NamedTuple):
    """Lines that stand nearer than this belong together, and what it costs to take two lines otherwise."""

    pitch: float
    against: float

    def joins(self, boundary: _Boundary) -> float:
        """What joining two lines costs."""
        return boundary.join + self.against * (boundary.pitch >= self.pitch)

    def parts(self, boundary: _Boundary) -> float:
        """What parting them costs."""
        return boundary.part + self.against * (boundary.pitch < self.pitch)


def _costs(boundaries: dict[tuple[int, int], _Boundary], known: Distance | None) -> Iterator[tuple[float, Distance]]:
    """What the table costs for each distance that could part its lines, or for the one that is known, and that distance."""
    pitches = sorted({boundary.pitch for boundary in boundaries.values()})
    one, two = COSTS["distance"], COSTS["two distances"]
    distances = [Distance((a + b) / 2, two) for a, b in pairwise(pitches) if b - a >= SAME_PITCH]
    all_one = [Distance(0.0, one), *(Distance(p + SAME_PITCH, one) for p in pitches[-1:])]
    for distance in [known] if known is not None and known.against == two else [*all_one, *distances]:
        yield sum(min(distance.joins(b), distance.parts(b)) for b in boundaries.values()), distance


def _cells(chain: list[TableItem], joined: set[tuple[int, int]], parting: _Parting) -> Iterator[TableCell]:
    """The cells of one chain."""
    cell = TableCell([chain[0]])
    for above, below in pairwise(chain):
        if (above.line, below.line) in joined and not parting.parts(above, below):
            cell.items.append(below)
        else:
            yield cell
            cell = TableCell([below])
    yield cell
