"""Grids whose rules part columns but no rows: down and at the ends, or below the heading only. Their rows are read by the words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from extractor.decode.pdf.characters import Glyph
from extractor.decode.pdf.drawings import Rule
from extractor.decode.pdf.lines import Run, split_runs
from extractor.decode.pdf.tables import Drawn, OpenTable, take_bounded
from extractor.decode.pdf.tables.lattices import Lattice
from extractor.decode.pdf.tables.parts import set_lines
from extractor.decode.pdf.tolerances import FEWEST_TABULAR, MIDDLE_OF_TYPE, RULES_TOUCH


def read_unparted(grid: Lattice, glyphs: Iterable[Glyph], rules: list[Rule], drawn: Drawn) -> OpenTable | None:
    """The rows of a grid whose last one is taller than all above it and holds several lines; None where its words show no more rows.

    `glyphs` are the characters inside; none of its runs reaches over one of the page's `rules`.
    """
    rows = len(grid.ys) - 1
    if grid.ys[-1] - grid.ys[-2] <= grid.ys[-2] - grid.ys[0]:
        return None
    runs = _runs(glyphs, [rule for rule in rules if rule.left == rule.right and grid.xs[0] < rule.left < grid.xs[-1]])
    if sum(len(line) > 1 for line in set_lines(run for run in runs if run.base > grid.ys[-2])) < FEWEST_TABULAR:
        return None
    found, rest = take_bounded(runs, _inside(grid, drawn))
    if len(found) != 1 or rest or len(found[0].lattice.ys) - 1 <= rows:
        return None
    return found[0] if _has_columns(found[0].lattice, grid) else None


def _runs(glyphs: Iterable[Glyph], down: list[Rule]) -> list[Run]:
    """The runs of characters that stand between the same rules; a cell over several columns has none within it."""
    fields: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        middle, height = (glyph.left + glyph.right) / 2, glyph.base - MIDDLE_OF_TYPE * glyph.style.size
        fields[sum(rule.left < middle and rule.top < height < rule.bottom for rule in down)].append(glyph)
    return [run for own in fields.values() for run in split_runs(own)]


def _inside(grid: Lattice, drawn: Drawn) -> Drawn:
    """The rules across a grid, each in pieces that meet where rules go down."""
    left, top, right, bottom = grid.box
    inner = grid.xs[1:-1]
    strokes = [
        stroke._replace(joints=tuple(x for x in inner if stroke.left < x < stroke.right))
        for stroke in drawn.strokes
        if stroke.lies_in(left, right) and top - RULES_TOUCH <= stroke.top <= bottom + RULES_TOUCH
    ]
    return Drawn(strokes, drawn.shades)


def _has_columns(table: Lattice, grid: Lattice) -> bool:
    """Whether a table has as many columns as its rules part."""
    return len(table.xs) == len(grid.xs)
