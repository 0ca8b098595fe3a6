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

from extractor.decode.pdf.tables.blocks import Block
from extractor.decode.pdf.tables.items import Item
from extractor.decode.pdf.tables.weighing import COSTS, Weigher, heading_lines
from extractor.decode.pdf.tolerances import CLOSE_LINES, FEW_RULES, SAME_PITCH


@dataclass(slots=True)
class TableCell:
    """Lines that belong together, and the columns that they reach over."""

    items: list[Item] = field(default_factory=list)

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
    def width(self) -> float:
        """The width of its widest line."""
        return max(item.run.width for item in self.items)

    @property
    def size(self) -> float:
        """The type size of its first line."""
        return self.items[0].run.size


_NEVER = 1e6  # a cost that no other sign outweighs


class _Boundary(NamedTuple):
    """Two lines of a column, one above the other: their distance in ems, and what joining and parting them costs."""

    above: Item
    below: Item
    pitch: float
    join: float
    part: float


def find_cells(block: Block, items: list[Item], places: list[float]) -> list[TableCell]:
    """The cells of a block, by the cheapest way to read its distances."""
    weigher = Weigher(items, [len(line) for line in block.lines], heading_lines(block, items))
    edges = [block.left, *places, block.right]
    chains = [[_boundary(a, b, weigher, block, edges) for a, b in pairwise(chain)] for chain in _chains(items)]
    inner = sum(block.lines[0][0].base < s.top < block.lines[-1][0].base for s in block.strokes)
    ways = [(_ruled(chains), 0.0)] if inner else []
    ways.append((chains, COSTS["rules"] * (inner > FEW_RULES)))
    choices = [(cost + rate, distance, way) for way, rate in ways for cost, distance in _costs(way)]
    _, distance, way = min(choices, key=lambda choice: choice[0])
    cells = [cell for chain in way for cell in _joined(chain, distance)]
    chained = {id(item) for cell in cells for item in cell.items}
    return cells + [TableCell([item]) for item in items if id(item) not in chained]


def _ruled(chains: list[list[_Boundary]]) -> list[list[_Boundary]]:
    """The boundaries of a table whose rows rules part: where none stands, lines belong together."""
    extra = COSTS["no rule"]
    return [[b if b.join >= _NEVER else b._replace(part=b.part + extra) for b in chain] for chain in chains]


def _boundary(above: Item, below: Item, weigher: Weigher, block: Block, edges: list[float]) -> _Boundary:
    """What stands between two lines; a rule, or more space than any leading leaves, parts them whatever else they show."""
    pitch = (below.run.base - above.run.base) / max(above.run.size, below.run.size)
    left, right = edges[above.first], edges[above.last + 1]
    ruled = any(above.run.base - 1 < stroke.top < below.run.base and stroke.covers(left, right) for stroke in block.strokes)
    if ruled or pitch > CLOSE_LINES:
        return _Boundary(above, below, pitch, _NEVER, 0.0)
    return _Boundary(above, below, pitch, weigher.join(above, below), weigher.part(above, below))


def _chains(items: list[Item]) -> Iterator[list[Item]]:
    """Items that reach over the same columns, from top to bottom, cut where one over other columns stands between."""
    keys: dict[tuple[int, int], list[Item]] = defaultdict(list)
    for item in items:
        keys[item.first, item.last].append(item)
    for (first, last), own in keys.items():
        others = sorted(i.run.base for i in items if (i.first, i.last) != (first, last) and i.first <= last and i.last >= first)
        start = 0
        for end in range(1, len(own) + 1):
            if end == len(own) or bisect_right(others, own[end - 1].run.base) < bisect_left(others, own[end].run.base):
                yield own[start:end]
                start = end


class _Distance(NamedTuple):
    """Lines that stand nearer than this belong together, and what it costs to take two lines otherwise."""

    pitch: float
    against: float

    def joins(self, boundary: _Boundary) -> float:
        """What joining two lines costs."""
        return boundary.join + self.against * (boundary.pitch >= self.pitch)

    def parts(self, boundary: _Boundary) -> float:
        """What parting them costs."""
        return boundary.part + self.against * (boundary.pitch < self.pitch)


def _costs(chains: list[list[_Boundary]]) -> Iterator[tuple[float, _Distance]]:
    """What the table costs for each distance that could part its lines, and that distance."""
    boundaries = [boundary for chain in chains for boundary in chain]
    pitches = sorted({round(b.pitch / SAME_PITCH) * SAME_PITCH for b in boundaries if b.join < _NEVER})
    one, two = COSTS["distance"], COSTS["two distances"]
    distances = [_Distance((a + b) / 2, two) for a, b in pairwise(pitches)]
    for distance in [_Distance(0.0, one), *distances, *(_Distance(p + SAME_PITCH, one) for p in pitches[-1:])]:
        yield sum(min(distance.joins(b), distance.parts(b)) for b in boundaries), distance


def _joined(chain: list[_Boundary], distance: _Distance) -> Iterator[TableCell]:
    """The cells of one chain."""
    cell = TableCell([chain[0].above]) if chain else TableCell()
    for boundary in chain:
        if distance.joins(boundary) <= distance.parts(boundary):
            cell.items.append(boundary.below)
        else:
            yield cell
            cell = TableCell([boundary.below])
    if cell.items:
        yield cell
