"""Tables that rules draw on a page: rules that touch form a table, their crossings its cells, missing sides merge cells."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from extractor.decode.pdf.characters import Glyph
from extractor.decode.pdf.drawings import Rule
from extractor.decode.pdf.tolerances import FEW_RULES, MOST_RULES, RULES_TOUCH, SAME_ENDS, SAME_RULE, SHORTEST_STROKE

RuleGroup = tuple[list[Rule], list[Rule]]
"""Rules that touch one another: those across, those down."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """The lines of one table: the places of its columns and rows, and for each unit cell the cell it belongs to.

    `ruled`: rules draw its columns; `head` is the number of rows that the print shows as its heading (0: it does not show it);
    `continues`: it goes on with the table before, or with its last row.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: tuple[tuple[int, ...], ...]
    spans: tuple[tuple[int, int, int, int], ...]
    ruled: bool = True
    head: int = 0
    continues: Literal["", "table", "row"] = ""

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def cell_at(self, x: float, y: float) -> int | None:
        """The number of the cell that holds a point, or None outside."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1:
            return self.owner[row][column]
        return None


def find_lattices(rules: list[Rule]) -> list[Lattice]:
    """The tables of a page from top to bottom; a single box is none, nor are rules across without one down between them."""
    across = _joined([r for r in rules if r.top == r.bottom], horizontal=True)
    down = _joined([r for r in rules if r.left == r.right and r.top != r.bottom], horizontal=False)
    if len(across) * len(down) > MOST_RULES**2:
        return []
    lattices = [lattice for group in _groups(across, down) if not _ends_early(group, across, down) and (lattice := _lattice(group))]
    return sorted(lattices, key=lambda lattice: (lattice.ys[0], lattice.xs[0]))


def _joined(rules: list[Rule], *, horizontal: bool) -> list[Rule]:
    """Rules on one line that touch or overlap, as one; what stays shorter than 8 points is dropped."""
    out: list[Rule] = []
    ordered = sorted(rules, key=lambda r: r.top if horizontal else r.left)
    places = [rule.top if horizontal else rule.left for rule in ordered]
    start = 0
    for end in range(1, len(ordered) + 1):
        if end == len(ordered) or places[end] - places[start] > SAME_RULE:
            out += _pieces(ordered[start:end], horizontal=horizontal)
            start = end
    return [r for r in out if max(r.right - r.left, r.bottom - r.top) >= SHORTEST_STROKE]


def _pieces(rules: list[Rule], *, horizontal: bool) -> list[Rule]:
    """Rules on one line, those that touch or overlap as one. Tables that follow one another have theirs apart."""
    out: list[Rule] = []
    for rule in sorted(rules, key=lambda r: r.left if horizontal else r.top):
        last = out[-1] if out else None
        if last and horizontal and rule.left <= last.right + RULES_TOUCH:
            out[-1] = last._replace(right=max(last.right, rule.right))
        elif last and not horizontal and rule.top <= last.bottom + RULES_TOUCH:
            out[-1] = last._replace(bottom=max(last.bottom, rule.bottom))
        else:
            out.append(rule)
    return out


def _groups(across: list[Rule], down: list[Rule]) -> list[RuleGroup]:
    """Rules that cross or touch one another, group by group."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, a in enumerate(across):
        for j, d in enumerate(down, len(across)):
            if a.left - RULES_TOUCH <= d.left <= a.right + RULES_TOUCH and d.top - RULES_TOUCH <= a.top <= d.bottom + RULES_TOUCH:
                parent[root(i)] = root(j)
    groups: dict[int, RuleGroup] = {}
    for i, rule in enumerate([*across, *down]):
        groups.setdefault(root(i), ([], []))[i >= len(across)].append(rule)
    return list(groups.values())


def _ends_early(group: RuleGroup, across: list[Rule], down: list[Rule]) -> bool:
    """Whether rules that part columns hang from a table's head and end at a row over all columns: more follow, above its last rule or the page's end."""
    own, hanging = group
    heights = _clustered(rule.top for rule in own)
    if not hanging or not 0 < len(heights) <= FEW_RULES:
        return False
    end, first = max(rule.bottom for rule in hanging), own[0]
    last = next((r.top for r in across if r.top > end + RULES_TOUCH and _ends_as(r, first)), math.inf)
    places = [rule.left for rule in hanging]
    more = (r for r in down if end < r.top and r.top + RULES_TOUCH < last)
    return any(min(abs(rule.left - place) for place in places) <= SAME_RULE for rule in more)


def _ends_as(rule: Rule, other: Rule) -> bool:
    """Whether two rules across begin and end at the same places."""
    return abs(rule.left - other.left) < SAME_ENDS and abs(rule.right - other.right) < SAME_ENDS


def _clustered(values: Iterable[float]) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > SAME_RULE:
            out.append(value)
    return out


def _lattice(group: RuleGroup) -> Lattice | None:
    across, down = group
    if len(across) < 2 or not down:
        return None
    xs = _clustered([*(r.left for r in down), min(r.left for r in across), max(r.right for r in across)])
    ys = _clustered([*(r.top for r in across), min(r.top for r in down), max(r.bottom for r in down)])
    if len(xs) < 3 or len(ys) < 2:
        return None
    owner, spans = _cells(xs, ys, across, down)
    return Lattice(tuple(xs), tuple(ys), owner, spans) if len(spans) > 1 else None


def _cells(
    xs: list[float], ys: list[float], across: list[Rule], down: list[Rule]
) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, int, int, int], ...]]:
    """Which cell each unit belongs to, and (row, column, rows, columns) of each cell: grown right, then down, to the next side."""
    right = _sides(down, xs, ys, vertical=True)
    below = _sides(across, xs, ys, vertical=False)
    rows, columns = len(ys) - 1, len(xs) - 1
    owner = [[-1] * columns for _ in range(rows)]
    spans: list[tuple[int, int, int, int]] = []
    for row in range(rows):
        for column in range(columns):
            if owner[row][column] >= 0:
                continue
            width = 1
            while column + width < columns and owner[row][column + width] < 0 and (row, column + width) not in right:
                width += 1
            height = 1
            while row + height < rows and not any((row + height, c) in below for c in range(column, column + width)):
                height += 1
            for r in range(row, row + height):
                owner[r][column : column + width] = [len(spans)] * width
            spans.append((row, column, height, width))
    return tuple(map(tuple, owner)), tuple(spans)


def _sides(rules: list[Rule], xs: list[float], ys: list[float], *, vertical: bool) -> set[tuple[int, int]]:
    """The unit cells (row, column) that have a side on their left (`vertical`) or above them."""
    sides: set[tuple[int, int]] = set()
    for rule in rules:
        if vertical:
            column = _nearest(xs, rule.left)
            sides |= {
                (r, column) for r in range(len(ys) - 1) if rule.top - RULES_TOUCH < (ys[r] + ys[r + 1]) / 2 < rule.bottom + RULES_TOUCH
            }
        else:
            row = _nearest(ys, rule.top)
            sides |= {(row, c) for c in range(len(xs) - 1) if rule.left - RULES_TOUCH < (xs[c] + xs[c + 1]) / 2 < rule.right + RULES_TOUCH}
    return sides


def _nearest(values: list[float], value: float) -> int:
    return min(range(len(values)), key=lambda i: abs(values[i] - value))


def split_glyphs(glyphs: list[Glyph], lattices: list[Lattice]) -> tuple[list[Glyph], dict[tuple[int, int], list[Glyph]]]:
    """Characters outside all tables, and those of each cell (table, cell)."""
    outside: list[Glyph] = []
    inside: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        x, y = (glyph.left + glyph.right) / 2, glyph.base - 0.3 * glyph.style.size
        for number, lattice in enumerate(lattices):
            cell = lattice.cell_at(x, y)
            if cell is not None:
                inside.setdefault((number, cell), []).append(glyph)
                break
        else:
            outside.append(glyph)
    return outside, inside
