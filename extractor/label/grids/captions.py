"""Captions that stand below their tables: put above them, so that all later readers meet one order."""

from __future__ import annotations

from extractor.label.grids.table_draft import Caption, find_caption
from extractor.label.text.lines import PrintedLine


def lift_captions(lines: list[PrintedLine]) -> list[PrintedLine]:
    """The lines with the captions of tables above them, also in a label that prints them below.

    It does if more of its captions have a table right above and none right below than the other way round.
    """
    places = [(n, n + caption.length) for n in range(len(lines)) if _may_begin(lines, n) and (caption := _caption(lines, n))]
    above = [place for place in places if _is_table(lines, place[0] - 1)]
    below = [place for place in places if _is_table(lines, place[1])]
    if len(set(above) - set(below)) <= len(set(below) - set(above)):
        return lines
    ordered = list(lines)
    for start, end in above:
        first = _first(lines, start - 1)
        ordered[first:end] = [*lines[start:end], *lines[first:start]]
    return ordered


def _may_begin(lines: list[PrintedLine], number: int) -> bool:
    return lines[number].grid < 0 and (number == 0 or lines[number - 1].closed or lines[number - 1].grid >= 0)


def _caption(lines: list[PrintedLine], number: int) -> Caption | None:
    caption = find_caption(lines, number)
    return caption if caption is not None and caption.kind == "表" else None


def _is_table(lines: list[PrintedLine], number: int) -> bool:
    return 0 <= number < len(lines) and lines[number].grid >= 0


def _first(lines: list[PrintedLine], last: int) -> int:
    """The first line of the table that ends with a line, with the parts before it that it goes on with."""
    while last > 0 and lines[last - 1].grid >= 0 and (lines[last - 1].grid == lines[last].grid or _continues(lines[last])):
        last -= 1
    return last


def _continues(line: PrintedLine) -> bool:
    return line.table is not None and bool(line.table.continues)
