"""Reading order of a page: the order of its stream, unless blank gutters part it into columns of prose."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from extractor.decode.pdf_lines import Run

_BIN = 2
_CROSSING = 0.06
_FEWEST_ROWS = 12
_SHARE = 0.3
_FILL = 0.8
_FULL_SHARE = 0.2
_CHARACTERS = 12
_GUTTER_BINS = 3
_NARROWEST = 0.17
_MOST_JUMPS = 3


def order_runs(runs: list[Run], width: float) -> list[tuple[int, list[Run]]]:
    """Runs in reading order, in parts: (number of the column, runs). One part where the page has one column."""
    gutters = find_gutters(runs, width)
    if not gutters:
        return [(0, _by_place(runs) if _jumps(runs) else runs)]
    parts: list[tuple[int, list[Run]]] = []
    for band, crossing in _bands(runs, gutters):
        columns: dict[int, list[Run]] = defaultdict(list)
        for run in band:
            columns[sum(run.centre > gutter for gutter in gutters)].append(run)
        parts += [(n, _by_place(columns[n])) for n in sorted(columns)]
        if crossing:
            parts.append((0, crossing))
    return parts


def _by_place(runs: list[Run]) -> list[Run]:
    """From top to bottom, on one baseline from left to right."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: r.base):
        if rows and abs(run.base - rows[-1][0].base) <= 0.45 * max(run.size, rows[-1][0].size):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [run for row in rows for run in sorted(row, key=lambda r: r.left)]


def _jumps(runs: list[Run]) -> bool:
    """Whether a stream jumps far up the page more often than columns could make it."""
    if not runs:
        return False
    height = max(r.base for r in runs) - min(r.base for r in runs)
    return sum(a.base - b.base > 0.25 * height for a, b in pairwise(runs)) > _MOST_JUMPS


def find_gutters(runs: list[Run], width: float) -> list[float]:
    """The middles of the blank strips that part columns of prose."""
    rows = {round(run.base / 3) for run in runs}
    if len(rows) < _FEWEST_ROWS:
        return []
    covered: dict[int, set[int]] = defaultdict(set)
    for run in runs:
        for at in range(int(run.left // _BIN), int(run.right // _BIN) + 1):
            covered[at].add(round(run.base / 3))
    left, right = min(r.left for r in runs), max(r.right for r in runs)
    free = [at for at in range(int(left // _BIN) + 1, int(right // _BIN)) if len(covered[at]) <= _CROSSING * len(rows)]
    gutters = _apart([s for s in _strips(free) if s[1] - s[0] + 1 >= _GUTTER_BINS], left, right)
    return gutters if gutters and width and _are_prose(runs, gutters, len(rows)) else []


def _apart(strips: list[tuple[int, int]], left: float, right: float) -> list[float]:
    """The middles of the widest strips that leave columns of a readable width between them and to the edges."""
    least = _NARROWEST * (right - left)
    kept: list[float] = []
    for first, last in sorted(strips, key=lambda s: s[0] - s[1]):
        middle = _BIN * (first + last + 1) / 2
        if all(abs(middle - other) >= least for other in (left, right, *kept)):
            kept.append(middle)
    return sorted(kept)


def _strips(bins: list[int]) -> list[tuple[int, int]]:
    strips: list[tuple[int, int]] = []
    for at in bins:
        if strips and at == strips[-1][1] + 1:
            strips[-1] = (strips[-1][0], at)
        else:
            strips.append((at, at))
    return strips


def _are_prose(runs: list[Run], gutters: list[float], rows: int) -> bool:
    """Whether each column is filled with lines of text, as those of a leaflet are and those of a table are not."""
    columns: dict[int, list[Run]] = defaultdict(list)
    for run in runs:
        if not any(run.left < gutter < run.right for gutter in gutters):
            columns[sum(run.centre > gutter for gutter in gutters)].append(run)
    return len(columns) == len(gutters) + 1 and all(_is_filled(column, rows) for column in columns.values())


def _is_filled(column: list[Run], rows: int) -> bool:
    width = max(r.right for r in column) - min(r.left for r in column)
    full = sum(r.right - r.left >= _FILL * width and len(r.glyphs) >= _CHARACTERS for r in column)
    return len(column) >= _SHARE * rows and full >= _FULL_SHARE * len(column)


def _bands(runs: list[Run], gutters: list[float]) -> list[tuple[list[Run], list[Run]]]:
    """The page cut at the lines that cross a gutter: (runs above in columns, the crossing line's runs)."""
    crossing = sorted((r for r in runs if any(r.left < g - 2 and r.right > g + 2 for g in gutters)), key=lambda r: r.base)
    rest = [r for r in runs if not any(r is c for c in crossing)]
    bands: list[tuple[list[Run], list[Run]]] = []
    for run in crossing:
        above = [r for r in rest if r.base < run.base - 1]
        rest = [r for r in rest if r.base >= run.base - 1]
        bands.append((above, [run]))
    return [*bands, (rest, [])]
