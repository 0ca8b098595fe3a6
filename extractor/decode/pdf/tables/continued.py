"""Tables that go on in the next column or on the next page, in the columns that are known from before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from extractor.decode.pdf.lines import Run
from extractor.decode.pdf.tables.blocks import TableBlock, end_of_cells, ends_table
from extractor.decode.pdf.tables.cells import Distance
from extractor.decode.pdf.tables.items import TableItem, place_items
from extractor.decode.pdf.tables.parts import Line, cut_at, find_parts, set_lines
from extractor.decode.pdf.tables.strokes import Stroke
from extractor.decode.pdf.tables.weighing import Weigher
from extractor.decode.pdf.tolerances import CLOSE_LINES, SAME_COLUMNS, SAME_ENDS, TALLEST_ROW

Continues = Literal["", "table", "row"]


@dataclass(frozen=True, slots=True)
class Carry:
    """A table that ended with its column or page: the edges of its columns, its words in their places, those of its last row.

    `unclosed` tells that rules bound it above and none stands below its last line.
    """

    edges: tuple[float, ...]
    items: list[TableItem]
    last: list[TableItem]
    filled: list[int]
    heading: int
    distance: Distance
    unclosed: bool = False

    def moved(self, distance: float) -> Carry:
        """The same table some way to the right, in another column of the page."""
        return replace(self, edges=tuple(edge + distance for edge in self.edges))

    def closing_rule(self, strokes: Iterable[Stroke]) -> Stroke | None:
        """The first rule of the table's width, where the table still waits for the rule that closes it."""
        left, right = self.edges[0], self.edges[-1]
        return next((s for s in strokes if self.unclosed and abs(s.left - left) < SAME_ENDS and abs(s.right - right) < SAME_ENDS), None)

    def matches(self, edges: tuple[float, ...]) -> bool:
        """Whether another table has its columns at the same places."""
        return len(edges) == len(self.edges) and all(abs(a - b) < SAME_COLUMNS for a, b in zip(edges, self.edges, strict=True))


def continued_block(runs: list[Run], carry: Carry) -> TableBlock | None:
    """The lines at the head of a column that go on with the table before."""
    places = list(carry.edges[1:-1])
    left, right = carry.edges[0], carry.edges[-1]
    own: list[Line] = []
    for raw in set_lines(runs):
        parts = find_parts(raw)
        line = [piece for part in parts for piece in cut_at(part, places)]
        far = own and line[0].base - own[-1][0].base > TALLEST_ROW * line[0].size
        if not far and _fits(line, places, left, right) and not ends_table(parts, left, right):
            own.append(line)
        else:
            break
    last = max((n for n, line in enumerate(own) if len(line) > 1), default=-1)
    return TableBlock(own[: end_of_cells(own, last)]) if last >= 0 else None


def _fits(line: Line, places: list[float], left: float, right: float) -> bool:
    """Whether a line's parts stand in columns of the table, one each; a line of one part may reach over several."""
    if line[0].left <= left - SAME_COLUMNS or not (line[-1].right < right + SAME_COLUMNS or line[-1].left > places[-1]):
        return False  # the widest words of the last column may come only now
    items = place_items([line], places)
    return len(line) == 1 or len({item.first for item in items}) == len(items) > sum(i.first != i.last for i in items)


def how_it_continues(carry: Carry, block: TableBlock) -> Continues:
    """Whether the first row of the rest goes on with the last row before, or begins another."""
    last = {item.columns: item for item in sorted(carry.last, key=lambda item: item.line)}
    rest = [item._replace(line=len(carry.filled)) for item in place_items(block.lines[:1], list(carry.edges[1:-1]))]
    weigher = Weigher(carry.items, [*carry.filled, len(rest)], carry.heading, list(carry.edges))
    pairs = [(last[item.columns], item) for item in rest if item.columns in last]
    above, below = max((item.line for item in carry.last), default=0), len(carry.filled)
    join = weigher.join_lines(above, below) + sum(weigher.join(*pair) for pair in pairs)
    part = weigher.part_lines(above, below, CLOSE_LINES) + sum(weigher.part(*pair) for pair in pairs)
    return "row" if pairs and join < part else "table"
