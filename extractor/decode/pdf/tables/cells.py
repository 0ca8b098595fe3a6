"""Cells of a block: which lines of a column belong together.

Between two lines of a column stands one question: is the lower one the next line of the same cell, or another cell? What the
print shows speaks for one or the other and costs who decides against it (`_COSTS`). One distance for the whole table tells which
answer costs nothing more: lines that stand nearer than it belong together. The distance with the least cost on the whole wins.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from extractor.decode.pdf.lines import Run
from extractor.decode.pdf.tables.blocks import Block
from extractor.decode.pdf.tables.strokes import Stroke
from extractor.decode.pdf.tolerances import CLOSE_LINES, FEW_RULES, HANGING, LEADING, MOST_VALUES, NEAR_FULL, SAME_PITCH, VALUE_SHARE

# What it costs to decide against a sign, in one unit: a wrong cell.
_COSTS = {
    # join two lines although …
    "fits": 2.0,  # the first word below would have fitted on the line above: nobody breaks a line there
    "fits in a heading": 0.2,  # … but headings are broken by hand
    "values": 3.0,  # both are whole values
    "weight": 1.5,  # one is bold, the other is not
    "line of its own": 1.0,  # the line below is as full of cells as the line above
    # part two lines although …
    "full": 0.8,  # the first word below had no room above
    "open": 3.0,  # a bracket is open, or a mark stands where none may begin or end a cell
    "interval": 2.0,  # a bracket under a value: its interval
    "fewer cells": 0.7,  # the line below has fewer cells than the line above
    "no rule": 2.0,  # rules part the other rows and none stands here
    "near": 0.5,  # they stand no farther apart than leading sets the lines of a paragraph
    # either, although …
    "distance": 1.2,  # other lines of the table that stand as far apart are taken otherwise
    "two distances": 2.5,  # … and the table has both wider and narrower distances
    # read the table as one whose rows no rules part, although …
    "rules": 2.0,  # it has several rules below its heading
}
_value = re.compile(r"[<>≤≥＜＞~±+＋−–-]{0,2}\s?\d[\d.,]*|NR\b|NC\b|NE\b|N/?A\b|ND\b|[-–—]{1,4}$")
_size = re.compile(r"[（(]?\s*[Nn]\s*[=＝]")
_OPENING, _CLOSING = "（([［【〔《“", "）)]］】〕》”"
_never_first = tuple("，。、；：,;:%％）)]］】〕》”")
_never_last = tuple("，、,（([［【〔《“+＋≥≤<>＜＞=＝/／")
_unit = re.compile(r"[\u2e80-\uffef][，。、；：！？）】》」』”’％]*|[^\s\u2e80-\uffef]+")


class Item(NamedTuple):
    """A part of a line in its place: the columns that it reaches over, the number of its line."""

    run: Run
    first: int
    last: int
    line: int


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


class _Boundary(NamedTuple):
    """Two lines of a column, one above the other: their distance in ems, and what joining and parting them costs."""

    above: Item
    below: Item
    pitch: float
    join: float
    part: float


def place_items(block: Block, places: list[float]) -> list[Item]:
    """The parts of the block's lines in their columns."""
    return [Item(run, *_columns(run, places), number) for number, line in enumerate(block.lines) for run in line]


def _columns(run: Run, places: list[float]) -> tuple[int, int]:
    """The first and last column that a part reaches over; what hangs over an edge a little does not count."""
    hang = min(HANGING * run.size, 0.25 * run.width)
    first, last = bisect_right(places, run.left + hang), bisect_left(places, run.right - hang)
    return (first, last) if first <= last else (bisect_right(places, run.centre),) * 2


def find_cells(block: Block, items: list[Item], places: list[float]) -> list[TableCell]:
    """The cells of a block, by the cheapest way to read its distances."""
    weigher = _Weigher(block, items, places)
    chains = [weigher.boundaries(chain) for chain in _chains(items)]
    ways = [weigher.ruled(chains), chains] if weigher.inner else [chains]
    rates = [0.0, _COSTS["rules"] * (len(weigher.inner) > FEW_RULES)]
    choices = [(cost + rate, distance, way) for way, rate in zip(ways, rates, strict=False) for cost, distance in _costs(way)]
    _, distance, way = min(choices, key=lambda choice: choice[0])
    cells = [cell for chain in way for cell in _joined(chain, distance)]
    chained = {id(item) for cell in cells for item in cell.items}
    return cells + [TableCell([item]) for item in items if id(item) not in chained]


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
    one, two = _COSTS["distance"], _COSTS["two distances"]
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


_NEVER = 1e6  # a cost that no other sign outweighs


class _Weigher:
    """Weighs the boundaries of one block."""

    def __init__(self, block: Block, items: list[Item], places: list[float]) -> None:
        self.places = [block.left, *places, block.right]
        self.strokes = block.strokes
        self.room = _room(items)
        self.values = value_columns(items)
        self.filled = [len(line) for line in block.lines]
        self.heading = _heading_lines(block, items, self.values)
        self.inner = [s for s in block.strokes if block.lines[0][0].base < s.top < block.lines[-1][0].base]

    def boundaries(self, chain: list[Item]) -> list[_Boundary]:
        """The boundaries between the items of a chain."""
        return [self._boundary(a, b) for a, b in pairwise(chain)]

    def ruled(self, chains: list[list[_Boundary]]) -> list[list[_Boundary]]:
        """The same, if rules part all rows below the heading: where none stands, lines belong together."""
        extra = _COSTS["no rule"]
        return [[b if b.join >= _NEVER else b._replace(part=b.part + extra) for b in chain] for chain in chains]

    def _boundary(self, above: Item, below: Item) -> _Boundary:
        size = max(above.run.size, below.run.size)
        pitch = (below.run.base - above.run.base) / size
        if pitch > CLOSE_LINES:
            return _Boundary(above, below, pitch, _NEVER, 0.0)
        if any(self._parts(stroke, above, below) for stroke in self.strokes):
            return _Boundary(above, below, pitch, _NEVER, 0.0)
        return _Boundary(above, below, pitch, self._join(above, below), self._part(above, below))

    def _parts(self, stroke: Stroke, above: Item, below: Item) -> bool:
        """Whether a rule runs between two lines over most of their columns."""
        return above.run.base - 1 < stroke.top < below.run.base and stroke.covers(self.places[above.first], self.places[above.last + 1])

    def _join(self, above: Item, below: Item) -> float:
        cost = 0.0
        heading = below.line < self.heading
        if self._fits(above, below):
            cost += _COSTS["fits in a heading" if heading else "fits"]
        if above.first in self.values and not heading and is_value(above.run.text) and is_value(below.run.text):
            cost += _COSTS["values"]
        if above.run.bold != below.run.bold:
            cost += _COSTS["weight"]
        if not heading and self.filled[below.line] >= max(2, self.filled[above.line]):
            cost += _COSTS["line of its own"]
        return cost

    def _part(self, above: Item, below: Item) -> float:
        cost = 0.0
        upper, lower = above.run.text.strip(), below.run.text.strip()
        if not self._fits(above, below):
            cost += _COSTS["full"] * min(1.0, above.run.width / (NEAR_FULL * above.run.size))
        if lower.startswith(_never_first) or upper.endswith(_never_last) or _depth(upper) > 0:
            cost += _COSTS["open"]
        elif lower[:1] in _OPENING and (above.first in self.values or _size.match(lower)):
            cost += _COSTS["interval"]
        if self.filled[below.line] < self.filled[above.line]:
            cost += _COSTS["fewer cells"]
        if below.run.base - above.run.base < LEADING * above.run.size:
            cost += _COSTS["near"]
        return cost

    def _fits(self, above: Item, below: Item) -> bool:
        """Whether the first word of the lower line would have had room on the upper one, as far as other lines of the column reach."""
        return above.run.width + first_word(below.run) < self.room[above.first, above.last]


def _room(items: list[Item]) -> dict[tuple[int, int], float]:
    """How wide the widest line is over each set of columns."""
    room: dict[tuple[int, int], float] = defaultdict(float)
    for item in items:
        key = item.first, item.last
        room[key] = max(room[key], item.run.width)
    return room


def first_word(run: Run) -> float:
    """The width of what may not be parted at the start of a run: a Chinese character with its closing marks, or a Latin word."""
    glyphs = run.glyphs
    match = _unit.match("".join(glyph.char[:1] for glyph in glyphs))
    end = match.end() if match else 1
    return glyphs[end - 1].right - glyphs[0].left


def is_value(text: str) -> bool:
    """Whether a text is a number, with or without its share and interval, or a word for none.

    >>> is_value("24 (0.22)"), is_value("NR"), is_value("20 mg 每日一次"), is_value("(0.67~0.97)")
    (True, True, False, False)
    """
    text = text.strip()
    match = _value.match(text)
    return match is not None and sum(c.isdigit() or c in " .,()（）[]［］~～%％±/-–−" for c in text) >= VALUE_SHARE * len(text)


def value_columns(items: list[Item]) -> set[int]:
    """The columns, the first left out, most of whose cells are values."""
    counts: dict[int, list[bool]] = defaultdict(list)
    for item in items:
        text = item.run.text.strip()
        if item.first == item.last and item.first and text[:1] not in _OPENING and not _size.match(text):
            counts[item.first].append(is_value(text))
    return {column for column, cells in counts.items() if sum(cells) >= MOST_VALUES * len(cells)}


def _heading_lines(block: Block, items: list[Item], values: set[int]) -> int:
    """How many lines at the top are a heading: above the first rule across, or bold, or above the first value."""
    below = block.lines[0][0].base
    inner = [s.top for s in block.strokes if s.top > below and s.covers(block.left, block.right)]
    if inner:
        return sum(line[0].base < inner[0] for line in block.lines)
    bold = next((n for n, line in enumerate(block.lines) if not all(part.bold for part in line)), 0)
    if bold:
        return bold
    return min((item.line for item in items if item.first in values and is_value(item.run.text)), default=1)


def _depth(text: str) -> int:
    """How many brackets are open at the end of a text."""
    depth = 0
    for character in text:
        depth = depth + 1 if character in _OPENING else max(0, depth - 1) if character in _CLOSING else depth
    return depth
