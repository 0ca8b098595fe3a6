"""The columns of a block: blank strips that gaps of many lines share, and places where the pieces of its rules meet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from extractor.decode.pdf.lines import Run
from extractor.decode.pdf.tables.blocks import TableBlock
from extractor.decode.pdf.tables.parts import Line, cut_at
from extractor.decode.pdf.tolerances import (
    BESIDE_PARTS,
    CENTRED,
    FEWEST_TABULAR,
    JOINT_REACH,
    NARROW_STRIP,
    PROJECTED_STRIP,
)


@dataclass(slots=True)
class _Strip:
    """A blank strip down the block: its edges, as far as the gaps seen so far leave them.

    `projected`: no line has words on both its sides, since cells of a row are set in the middle; but no word reaches into it.
    """

    left: float
    right: float
    projected: bool = False

    def meets(self, left: float, right: float) -> float:
        """How much of a gap lies in the strip."""
        return min(self.right, right) - max(self.left, left)

    def crossed(self, part: Run) -> bool:
        """Whether a part runs over the strip."""
        return part.left < self.left and part.right > self.right

    @property
    def middle(self) -> float:
        """Where the strip parts two columns."""
        return (self.left + self.right) / 2


def find_columns(block: TableBlock) -> list[float]:
    """The places that part the block's columns, from left to right; its lines are cut there where a part runs over one."""
    joints = _joints(block)
    block.lines = [[piece for part in line for piece in cut_at(part, joints)] for line in block.lines]
    found = _strips(block)
    found = sorted([*found, *_projected(block, found)], key=lambda strip: strip.left)
    strips = _filled([strip for strip in found if _holds(strip, found, block)], block)
    drawn = [_Strip(joint - 1, joint + 1) for joint in joints]
    drawn = [strip for strip in drawn if _is_free(strip, [*found, *drawn], block)]
    strips = [s for s in strips if not any(s.left - JOINT_REACH <= d.middle <= s.right + JOINT_REACH for d in drawn)]
    if strips:
        _narrow(strips, block)
    places = sorted(strip.middle for strip in (*strips, *drawn))
    block.lines = [[piece for part in line for piece in cut_at(part, places)] for line in block.lines]
    return places


def _joints(block: TableBlock) -> list[float]:
    """The inner places where pieces of at least two rules meet."""
    places = Counter(round(joint) for stroke in block.strokes for joint in stroke.joints)
    near = {place: sum(places[place + step] for step in (-1, 0, 1)) for place in places}
    kept: list[float] = []
    for place in sorted(near):
        inner = block.left + JOINT_REACH < place < block.right - JOINT_REACH
        if near[place] > 1 and inner and (not kept or place - kept[-1] > JOINT_REACH):
            kept.append(float(place))
    return kept


def _strips(block: TableBlock) -> list[_Strip]:
    """Strips from the gaps of the lines, those of most parts first: a gap that meets one narrows it, one that meets none is new."""
    least = NARROW_STRIP * block.size
    strips: list[_Strip] = []
    for line in sorted(block.tabular, key=len, reverse=True):
        for a, b in pairwise(line):
            met = [strip for strip in strips if strip.meets(a.right, b.left) >= least]
            if not met and b.left - a.right >= least:
                strips.append(_Strip(a.right, b.left))
            elif len(met) == 1:
                met[0].left, met[0].right = max(met[0].left, a.right), min(met[0].right, b.left)
    return sorted(strips, key=lambda strip: strip.left)


def _projected(block: TableBlock, known: list[_Strip]) -> list[_Strip]:
    """Strips that no words reach into and no gap of a line has shown: those between columns whose lines never stand on one height."""
    first = min(known, key=lambda strip: strip.left, default=None)
    if first is None:
        return []
    parts = sorted((p for line in block.lines for p in line if len(line) > 1 or p.left > first.left), key=lambda p: p.left)
    strips: list[_Strip] = []
    reach = block.right
    for number, part in enumerate(parts):
        gap = part.left - reach if number else 0.0
        new = gap >= PROJECTED_STRIP * block.size and not any(strip.meets(reach, part.left) > 0 for strip in known)
        if new and _stand_beside(*_columns_at(parts, number, known)):
            strips.append(_Strip(reach, part.left, projected=True))
        reach = part.right if not number else max(reach, part.right)
    return strips


def _columns_at(parts: list[Run], number: int, known: list[_Strip]) -> tuple[list[Run], list[Run]]:
    """The parts left of a place as far as the last strip, and those right of it as far as the next."""
    place = parts[number].left
    start = max((strip.left for strip in known if strip.left < place), default=0.0)
    end = min((strip.right for strip in known if strip.right > place), default=parts[-1].left + 1)
    return [part for part in parts[:number] if part.left > start], [part for part in parts[number:] if part.left < end]


def _stand_beside(lefts: list[Run], rights: list[Run]) -> bool:
    """Whether several words of one side stand less than a line higher or lower than some of the other: cells of one row."""
    beside = [right for right in rights if any(abs(left.base - right.base) < BESIDE_PARTS * right.size for left in lefts)]
    return len({right.base for right in beside}) >= FEWEST_TABULAR


def _narrow(strips: list[_Strip], block: TableBlock) -> None:
    """Narrows the strips by what reaches into them: words that hang over their column's edge still belong to it.

    A line that begins at the left edge and stands alone may be the heading of a group of rows: where it runs across, it tells nothing.
    """
    parts = [part for line in block.lines for part in line]
    for strip in strips:
        for part in parts:
            if part.left < strip.left < part.right < strip.right - NARROW_STRIP * part.size:
                strip.left = part.right
            elif strip.left + NARROW_STRIP * part.size < part.left < strip.right < part.right:
                strip.right = part.left


def _holds(strip: _Strip, strips: list[_Strip], block: TableBlock) -> bool:
    """Whether more lines leave the strip free between words than run across it, cells that are centred over columns aside."""
    free = sum(_parts(line, strip) for line in block.tabular) or FEWEST_TABULAR * strip.projected
    if free < FEWEST_TABULAR:
        free += sum(_parts([*above, *below], strip) for above, below in pairwise(block.lines) if _is_beside(above, below))
    across = sum(any(strip.crossed(part) and not _is_centred(part, strips, block) for part in line) for line in block.tabular)
    return free >= FEWEST_TABULAR and free > across


def _is_beside(above: Line, below: Line) -> bool:
    """Whether two lines stand less than a line apart, the left one first or last: cells of one row, set in its middle."""
    return below[0].base - above[0].base < BESIDE_PARTS * below[0].size


def _is_free(strip: _Strip, strips: list[_Strip], block: TableBlock) -> bool:
    """Whether few lines run across a place where pieces of rules meet."""
    across = sum(any(strip.crossed(part) and not _is_centred(part, strips, block) for part in line) for line in block.tabular)
    return across * 4 <= len(block.tabular)


def _parts(line: Line, strip: _Strip) -> bool:
    """Whether a line has words on both sides of a strip and none in it."""
    middle = strip.middle
    line = sorted(line, key=lambda part: part.left)
    return line[0].right <= middle and line[-1].left >= middle and not any(part.left < middle < part.right for part in line)


def _is_centred(part: Run, strips: list[_Strip], block: TableBlock) -> bool:
    """Whether a part is a cell over several columns: it stands in the middle of those that it reaches into."""
    left = max([strip.middle for strip in strips if strip.middle <= part.left], default=block.left)
    right = min([strip.middle for strip in strips if strip.middle >= part.right], default=block.right)
    return abs(part.centre - (left + right) / 2) < CENTRED * part.size


def _filled(strips: list[_Strip], block: TableBlock) -> list[_Strip]:
    """The strips without those that would part off a column in which next to no line has words."""
    kept: list[_Strip] = []
    for strip in strips:
        start = kept[-1].middle if kept else block.left - 1
        if _held(start, strip.middle, block) >= FEWEST_TABULAR:
            kept.append(strip)
    while kept and _held(kept[-1].middle, block.right + 1, block) < FEWEST_TABULAR:
        kept.pop()
    return kept


def _held(left: float, right: float, block: TableBlock) -> int:
    """How many lines have words between two places."""
    return sum(any(part.left >= left - 1 and part.centre < right for part in line) for line in block.lines)
