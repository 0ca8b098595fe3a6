"""What speaks for and against taking two lines of a column as one cell: each sign with what it costs to decide against it."""

from __future__ import annotations

from extractor.decode.pdf.tables.blocks import TableBlock
from extractor.decode.pdf.tables.items import CLOSING, OPENING, TableItem, find_room, first_word, is_alike, is_value, value_columns
from extractor.decode.pdf.tolerances import FEW_GROUPS, FULL_SHARE, LEADING, NEAR_FULL, NEARER_ROW

# In one unit, a wrong cell.
COSTS = {
    # join two lines although …
    "fits": 2.0,  # the first word below would have fitted on the line above: nobody breaks a line there
    "fits in a heading": 0.2,  # … but headings are broken by hand, and before brackets
    "values": 3.0,  # both are whole values
    "alike": 3.0,  # both say the same but for their numbers: 15 mg once a day, 20 mg once a day
    "weight": 1.5,  # one is bold, the other is not
    "line of its own": 1.0,  # the line below is as full of cells as the line above
    "next row": 1.5,  # the line below stands nearer to the fuller line below itself: a cell of that row, set in its middle
    # part two lines although …
    "full": 0.8,  # the first word below had no room above
    "open": 3.0,  # a bracket is open, or a mark stands where none may begin or end a cell
    "interval": 2.0,  # a bracket stands under a value, or in a heading: its interval, its size, its unit
    "fewer cells": 0.7,  # the line below has fewer cells than the line above
    "near": 0.5,  # they stand no farther apart than leading sets the lines of a paragraph
    "no rule": 2.0,  # rules part the other rows and none stands here
    # either, although …
    "distance": 1.2,  # other lines of the table that stand as far apart are taken otherwise
    "two distances": 2.5,  # … and the table has both wider and narrower distances
    # read the table as one whose rows no rules part, although …
    "rules": 0.5,  # it has several rules below its heading: for each of them
}
_never_first = tuple("，。、；：,;:%％）)]］】〕》”")
_never_last = tuple("，、,（([［【〔《“+＋≥≤<>＜＞=＝/／")


class Weigher:
    """Weighs lines of one table that stand one above the other: column by column, and as whole lines."""

    def __init__(self, items: list[TableItem], filled: list[int], heading: int, edges: list[float]) -> None:
        """`filled` is how many parts each line has, `heading` how many lines are the heading, `edges` are those of the columns."""
        self.room = find_room(items)
        self.values = value_columns(items)
        self.filled = filled
        self.heading = heading
        self.edges = edges
        self.bases = _bases(items)
        self.alone = {item.line for item in items if item.first == 0 and filled[item.line] == 1}
        self.groups = len({line for line in self.alone if line - 1 not in self.alone and line >= heading})

    def join(self, above: TableItem, below: TableItem) -> float:
        """What it costs to take two items of a column as lines of one cell."""
        heading = below.line < self.heading
        signs = {
            "fits in a heading" if heading or below.text[:1] in OPENING else "fits": self._fits(above, below),
            "weight": above.run.bold != below.run.bold,
        }
        return sum(COSTS[sign] * shown for sign, shown in signs.items()) + (0.0 if heading else self._join_rows(above, below))

    def _join_rows(self, above: TableItem, below: TableItem) -> float:
        """What it costs below the heading: where both are whole values, are alike, or the lower one stands in the next row."""
        signs = {
            "values": above.first in self.values and is_value(above.text) and is_value(below.text),
            "alike": is_alike(above.text, below.text),
            "next row": below.first and self._belongs_below(above.line, below.line),
        }
        return sum(COSTS[sign] for sign, shown in signs.items() if shown)

    def part(self, above: TableItem, below: TableItem) -> float:
        """What it costs to take them as two cells."""
        cost = 0.0 if self._fits(above, below) else COSTS["full"] * self._fullness(above, below)
        if _is_open(above.text, below.text):
            cost += COSTS["open"]
        elif below.text[:1] in OPENING and (above.first in self.values or below.line < self.heading):
            cost += COSTS["interval"]
        return cost

    def join_lines(self, above: int, below: int) -> float:
        """What it costs to take a line as going on with another, whatever their words are."""
        return COSTS["line of its own"] * (below >= self.heading and self.filled[below] >= max(2, self.filled[above]))

    def part_lines(self, above: int, below: int, pitch: float) -> float:
        """What it costs to take them as lines of two rows; `pitch` is their distance in ems."""
        fewer = self.filled[below] < self.filled[above] and not (below in self.alone and self.groups > FEW_GROUPS)
        return COSTS["fewer cells"] * fewer + COSTS["near"] * (pitch < LEADING)

    def _belongs_below(self, above: int, below: int) -> bool:
        """Whether a line stands nearer to the next line with more cells than to the line above."""
        following = next((n for n in range(below + 1, len(self.filled)) if self.filled[n] > self.filled[below]), below)
        if following not in self.bases:
            return False
        return 0 < self.bases[following] - self.bases[below] < NEARER_ROW * (self.bases[below] - self.bases[above])

    def _fits(self, above: TableItem, below: TableItem) -> bool:
        """Whether the first word of the lower line would have had room on the upper one, as far as other lines of the column reach."""
        return above.run.width + first_word(below.run) < self.room.get(above.columns, 0.0)

    def _share(self, above: TableItem, below: TableItem) -> float:
        """The share of the column that the upper line takes with the first word of the lower one."""
        width = self.edges[above.last + 1] - self.edges[above.first]
        return (above.run.width + first_word(below.run)) / max(width, 1.0)

    def _fullness(self, above: TableItem, below: TableItem) -> float:
        """How much it says that the first word did not fit: nothing in a short line or one that fills half of its column, at most 1."""
        share = self._share(above, below)
        least, full = FULL_SHARE
        return min(1.0, above.run.width / (NEAR_FULL * above.run.size)) * min(1.0, max(0.0, (share - least) / (full - least)))


def heading_lines(block: TableBlock, items: list[TableItem]) -> int:
    """How many lines at the top are a heading: above the first rule across, or bold, or above the first value."""
    first, last = block.lines[0][0].base, block.lines[-1][0].base
    inner = [s.top for s in block.strokes if first < s.top < last and s.reaches(block.left, block.right)]
    if inner:
        return sum(line[0].base < inner[0] for line in block.lines)
    bold = next((n for n, line in enumerate(block.lines) if not all(part.bold for part in line)), 0)
    values = value_columns(items)
    return bold or min((item.line for item in items if item.first in values and is_value(item.text)), default=1)


def _bases(items: list[TableItem]) -> dict[int, float]:
    """The baseline of each line."""
    bases: dict[int, float] = {}
    for item in items:
        bases.setdefault(item.line, item.run.base)
    return bases


def _is_open(above: str, below: str) -> bool:
    """Whether a bracket is open between two lines, or a mark stands where none may begin or end a cell."""
    return below.startswith(_never_first) or above.endswith(_never_last) or _depth(above) > 0


def _depth(text: str) -> int:
    """How many brackets are open at the end of a text."""
    depth = 0
    for character in text:
        depth = depth + 1 if character in OPENING else max(0, depth - 1) if character in CLOSING else depth
    return depth
