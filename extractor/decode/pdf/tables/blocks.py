"""Runs of lines that may be a table: between rules of one length, or lines of several parts that follow one another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from extractor.decode.pdf.lines import Run
from extractor.decode.pdf.tables.parts import Line, find_parts, set_lines
from extractor.decode.pdf.tables.strokes import Stroke
from extractor.decode.pdf.tolerances import (
    BESIDE,
    BESIDE_PARTS,
    CLOSE_LINES,
    FEW_RULES,
    FEWEST_TABULAR,
    INDENTED,
    MOST_HEADING_LINES,
    MOST_WRAPS,
    SHORTEST_TABLE_RULE,
    SMALL_TYPE,
    TALLEST_HEADER,
    TALLEST_ROW,
    WIDE_LINE,
)
from extractor.layout import is_caption
from extractor.patterns import lazy_pattern

_ends_sentence = lazy_pattern(r"[。；！？]$")
_opens_text = lazy_pattern(r"[【〖]|\[[\u4e00-\u9fff]|[●•■◆▪➢]|注\s*\d*\s*[:：]|备注|\d{1,2}[.．、)）]\s?[\u4e00-\u9fff]")
_figure = lazy_pattern(r"图\s*\d|Fig(?:ure|\.)\s*\d", re.IGNORECASE)
_labelled = lazy_pattern(r"[^：:，。]{1,12}[:：]")


@dataclass(slots=True)
class TableBlock:
    """Lines that may be a table, cut into parts; the rules in their reach; whether rules bound them above and below.

    `reach` is how far to the right the text around them goes.
    """

    lines: list[Line]
    strokes: list[Stroke] = field(default_factory=list)
    bounded: bool = False
    reach: float = 0.0

    @property
    def left(self) -> float:
        """The left edge of its words and rules."""
        return min([line[0].left for line in self.lines] + [s.left for s in self.strokes])

    @property
    def right(self) -> float:
        """The right edge of its words and rules."""
        return max([part.right for line in self.lines for part in line] + [s.right for s in self.strokes])

    @property
    def size(self) -> float:
        """The type size of most of its parts."""
        sizes = sorted(part.size for line in self.lines for part in line)
        return sizes[len(sizes) // 2]

    @property
    def tabular(self) -> list[Line]:
        """The lines that have several parts."""
        return [line for line in self.lines if len(line) > 1]


def bounded_blocks(runs: list[Run], strokes: list[Stroke]) -> Iterator[TableBlock]:
    """Blocks between rules of one length: from the first to the last of those that hold lines of several parts between them.

    Where only a heading stands between two rules, the block reaches on below as far as lines have several parts.
    """
    for group in _groups(strokes):
        left, right = group[0].left, group[0].right
        inside = [run for run in runs if left - BESIDE <= run.centre <= right + BESIDE]
        lines = [find_parts(line) for line in set_lines(inside)]
        bands = [_between(lines, a.top, b.top) for a, b in pairwise(group)]
        for first, last in _tabular_bands(bands, left, right):
            own = [line for band in bands[first : last + 1] for line in band]
            if last == first and group[last + 1].top - group[first].top < TALLEST_HEADER:
                own += _grown([line for line in lines if line[0].base > group[last + 1].top], left, right)
            bottom = max(group[last + 1].top, own[-1][0].base)
            within = [
                s for s in strokes if group[first].top - 1 <= s.top <= bottom + 1 and s.left >= left - BESIDE and s.right <= right + BESIDE
            ]
            yield TableBlock(own, within, bounded=True)


def _groups(strokes: list[Stroke]) -> list[list[Stroke]]:
    """Rules that begin and end at the same places, from top to bottom; those too short for a table left out."""
    groups: list[list[Stroke]] = []
    for stroke in strokes:
        same = next((group for group in groups if group[0].matches(stroke)), None)
        if same is None:
            groups.append([stroke])
        else:
            same.append(stroke)
    return [group for group in groups if len(group) > 1 and group[0].right - group[0].left >= SHORTEST_TABLE_RULE]


def _between(lines: list[Line], top: float, bottom: float) -> list[Line]:
    return [line for line in lines if top < line[0].base <= bottom + 1]


def _tabular_bands(bands: list[list[Line]], left: float, right: float) -> Iterator[tuple[int, int]]:
    """The first and last of bands that follow one another and hold lines of several parts, with headings of rows between them.

    Where many rules follow one another they part rows, and the last row may hold one cell only.
    """
    start = end = -1
    for number, band in enumerate([*bands, None]):
        if band is not None and _is_tabular(band, left, right):
            start, end = (number if start < 0 else start), number
        elif start >= 0 and band and end - start > FEW_RULES and _is_group_row(band, right - left):
            end = number
        elif start >= 0 and (band is None or not _is_group_row(band, right - left)):
            yield start, end
            start = -1


def _is_tabular(band: list[Line], left: float, right: float) -> bool:
    """Whether a band has words side by side, and neither a title nor running text at its left edge."""
    return _has_cells_beside(band) and not any(ends_table(line, left, right) for line in band)


def _has_cells_beside(band: list[Line]) -> bool:
    """Whether a line has several parts, or two lines of one stand side by side less than a line apart: cells set in the middle of a row."""
    beside = (b[0].base - a[0].base < BESIDE_PARTS * b[0].size and _are_apart(a[0], b[0]) for a, b in pairwise(band))
    return any(len(line) > 1 for line in band) or any(beside)


def _are_apart(one: Run, other: Run) -> bool:
    """Whether two runs share no place from left to right."""
    return one.right < other.left or other.right < one.left


def _is_group_row(band: list[Line], width: float) -> bool:
    """Whether a band is empty, or a line or two that head the rows below: no title, no note, no sentence."""
    return len(band) <= MOST_WRAPS and all(len(line) == 1 and not _is_text(line, width) for line in band)


def _is_title(line: Line) -> bool:
    return is_caption(line[0].text)


def _is_text(line: Line, width: float) -> bool:
    """Whether a line is running text: a title, what begins with a mark of text, a sentence, or wider than a cell."""
    words = line[0].text.strip()
    return len(line) == 1 and (
        _is_title(line)
        or _opens_text.match(words) is not None
        or _ends_sentence.search(words) is not None
        or line[0].width > WIDE_LINE * width
    )


def ends_table(line: Line, left: float, right: float) -> bool:
    """Whether a line is a title, or running text that begins at the left edge."""
    return _is_title(line) or (_is_text(line, right - left) and line[0].left < left + INDENTED * (right - left))


def _grown(lines: list[Line], left: float, right: float) -> list[Line]:
    """The lines from the first on that go on as a table does, up to the last that has several parts or a cell's next line.

    Those before the first of several parts head a group of rows.
    """
    own = next(_stretches(lines, left, right), [])
    first = next((n for n, line in enumerate(lines) if own and line is own[0]), 0)
    return [*lines[:first], *own] if first <= MOST_WRAPS else []


def _stretches(lines: list[Line], left: float, right: float) -> Iterator[list[Line]]:
    """Lines that no running text and no wide space part, cut to those that a table may take."""
    own: list[Line] = []
    for line in lines:
        ends = ends_table(line, left, right)
        if own and (ends or line[0].base - own[-1][0].base > TALLEST_ROW * line[0].size):
            yield _trimmed(own)
            own = []
        if not ends:
            own.append(line)
        elif not own:
            yield []
    yield _trimmed(own)


def _trimmed(lines: list[Line]) -> list[Line]:
    """Lines from the first to the last that has several parts, with those close by that belong to its heading or its last cells.

    Above: what stands over later columns only; below: a cell's next lines, as light as the last: a bold one is the next heading.
    """
    several = [number for number, line in enumerate(lines) if len(line) > 1]
    if not several:
        return []
    start = several[0]
    indented = min(line[0].left for line in lines) + INDENTED * (
        max(line[-1].right for line in lines) - min(line[0].left for line in lines)
    )
    most = {False: MOST_WRAPS, True: MOST_HEADING_LINES}
    while (
        start
        and several[0] - start < most[lines[start - 1][0].left > indented]
        and _heads(lines[start - 1], lines[start], lines[several[0]])
    ):
        start -= 1
    return lines[start : end_of_cells(lines, several[-1])]


def end_of_cells(lines: list[Line], last: int) -> int:
    """The line behind the cells of line `last`, which has several parts: their next lines stand close, and are as light."""
    light = not all(part.bold for part in lines[last])
    end = last + 1
    while end < len(lines) and end - last <= MOST_WRAPS and _is_close(lines[end - 1], lines[end]) and not (light and lines[end][0].bold):
        end += 1
    return end


def _heads(line: Line, below: Line, first: Line) -> bool:
    """Whether a line of one part above the first of several belongs to the heading: as bold, or over later columns only."""
    bold = line[0].bold and all(part.bold for part in first)
    return _is_close(line, below) and (bold or line[0].left > first[0].right)


def _is_close(above: Line, below: Line) -> bool:
    """Whether two lines stand as near to one another as those of a cell, and the lower is no mark of a note."""
    return below[0].base - above[0].base < CLOSE_LINES * below[0].size and below[0].size > SMALL_TYPE * above[0].size


def free_blocks(runs: list[Run], strokes: list[Stroke]) -> Iterator[TableBlock]:
    """Blocks that no rules bound: lines of several parts that follow one another, no running text between."""
    lines = [find_parts(line) for line in set_lines(runs)]
    if sum(len(line) > 1 for line in lines) < FEWEST_TABULAR:
        return
    left, right = min(line[0].left for line in lines), max(part.right for line in lines for part in line)
    for own in _stretches(lines, left, right):
        if sum(len(line) > 1 for line in own) >= FEWEST_TABULAR and not _are_fields(own) and not _is_figure(lines, own):
            top, bottom = own[0][0].base - 2 * own[0][0].size, own[-1][0].base + own[-1][0].size
            yield TableBlock(own, [stroke for stroke in strokes if top <= stroke.top <= bottom], reach=right)


def _is_figure(lines: list[Line], own: list[Line]) -> bool:
    """Whether the line above a block is the title of a figure: its words are marks of axes and names of curves."""
    first = next(n for n, line in enumerate(lines) if line is own[0])
    return first > 0 and _figure.match(lines[first - 1][0].text.strip()) is not None


def _are_fields(lines: list[Line]) -> bool:
    """Whether most lines are labels with their values, side by side: names, companies, dates."""
    several = [line for line in lines if len(line) > 1]
    return 2 * sum(_labelled.match(line[0].text) is not None for line in several) >= len(several)
