"""Reading order of a page: the order of its stream, unless blank gutters part it into columns of prose."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from msgspec.structs import replace

from extractor.decode.pdf.lines import Run
from extractor.decode.pdf.tolerances import TABLE_LINE

Part = tuple[int, list[Run]]
_BIN = 2  # points, the step in which blank strips are looked for: finer than any gutter
_CROSSING = 0.06  # of the lines may run across a gutter: titles and boxes over the whole page
_CROSSING_SCAN = 0.16  # as _CROSSING, of a scan's lines: its engine joins some lines of two columns
_FEWEST_ROWS = 12  # lines on a page: a few lines leave blank strips by chance
_SHARE = 0.3  # of the page's rows have a line in a column of prose; the last column may end early
_FILL = 0.8  # of a column's width: a line of wrapped prose reaches about as far
_FULL_SHARE = 0.2  # of a column's lines are full in prose; cells of a table hardly ever are
_FEW_FULL = 0.06  # of them where the stream has column after column: tables take most of such a column, and none is printed so
_CHARACTERS = 12  # of a full line: a narrow column of numbers is filled with fewer
_GUTTER_BINS = 3  # steps of _BIN, 6 points: wider than a blank between words, narrower than any gutter of a leaflet
_NARROWEST = 0.17  # of the printed width: leaves room for five columns, the most that leaflets have
_STARTING = 0.12  # of a scan's lines begin at the left edge of a column; fewer do so by chance
_OVERLAP = 9.0  # points that a scan's line may reach over a gutter: boxes of the engine are loose by about a character
_CLEAR = 2.0  # points that a printed line may reach over a gutter: its boxes are exact but for hanging signs
_NEAR = 5  # characters or type sizes around a gutter, within which a heading's bracket shows where the column begins
_MOST_JUMPS = 3  # up the page, by over a quarter of it: four columns need three
_MOST_TURNS = 2
"""How often a stream may turn to another column beside going from each to the next: a running head and a page number."""
_FEWEST_LINES = 4
"""Lines of a column that is not full: a label ends with at least a company's name, address, telephone and number."""


@dataclass(slots=True)
class Slot(Run):
    """A run without words that holds the place of a table among the runs of a page; `bottom` is where the table ends."""

    bottom: float = 0.0


def _lines_of(slot: Slot) -> list[Run]:
    """A table as lines of text, that fill its column as far as it reaches."""
    count = max(1, int((slot.bottom - slot.base) / TABLE_LINE))
    glyphs = slot.glyphs * _CHARACTERS
    return [Run(glyphs, slot.base + number * TABLE_LINE, slot.size, slot.right) for number in range(count)]


def order_runs(runs: list[Run], width: float, before: Sequence[float] = (), *, sort: bool = False) -> tuple[list[Part], list[float]]:
    """Runs in reading order, in parts: (number of the column, runs), and the gutters between the columns.

    One part where the page has one column. `before` are the gutters of the page before, that a page with little text shares;
    `sort`: the order of the runs means nothing.
    """
    lines = [line for run in runs for line in (_lines_of(run) if isinstance(run, Slot) else [run])]
    gutters = find_gutters(lines, width) or _shared(runs, before)
    if sort:
        gutters = gutters or _find_starts(runs)
        runs = _cut_runs(runs, gutters)
    if not gutters:
        return [(0, _by_place(runs) if sort or _jumps(runs) else runs)], []
    margin = _OVERLAP if sort else _CLEAR
    parts = [part for band in _bands(runs, lambda run: _crosses_all(run, gutters, margin)) for part in _band_parts(*band, gutters, margin)]
    return parts, gutters


def _shared(runs: list[Run], before: Sequence[float]) -> list[float]:
    """The gutters of the page before, if words of this page fill at least two columns from the left and next to none runs across."""
    free = [sum(_crosses(run, gutter, _CLEAR) for run in runs) <= _CROSSING * len(runs) for gutter in before]
    filled = {_number(run, list(before)) for run in runs}
    return list(before) if all(free) and len(filled) > 1 and filled == set(range(len(filled))) else []


def _band_parts(band: list[Run], whole: list[Run], gutters: list[float], margin: float) -> list[tuple[int, list[Run]]]:
    """A band between lines over the whole page, column by column, and the line that ends it."""
    parts: list[tuple[int, list[Run]]] = []
    for group in _groups(band, gutters, margin):
        for piece, crossing in _bands(group, lambda run: _crosses_any(run, gutters, margin)):
            parts += [*_columns(piece, gutters), (0, crossing)]
    return [part for part in [*parts, (0, whole)] if part[1]]


def _crosses_all(run: Run, gutters: list[float], margin: float) -> bool:
    return all(_crosses(run, gutter, margin) for gutter in gutters)


def _crosses_any(run: Run, gutters: list[float], margin: float) -> bool:
    return any(_crosses(run, gutter, margin) for gutter in gutters)


def _crosses(run: Run, gutter: float, margin: float) -> bool:
    return run.left < gutter - margin and run.right > gutter + margin


def _number(run: Run, gutters: list[float]) -> int:
    return sum(run.centre > gutter for gutter in gutters)


def _columns(runs: list[Run], gutters: list[float]) -> list[tuple[int, list[Run]]]:
    columns: dict[int, list[Run]] = defaultdict(list)
    for run in runs:
        columns[_number(run, gutters)].append(run)
    return [(n, _by_place(columns[n])) for n in sorted(columns)]


def _groups(runs: list[Run], gutters: list[float], margin: float) -> list[list[Run]]:
    """Columns that lines run across together, from left to right: a box over two columns does not cut the third."""
    joined = {n for n, gutter in enumerate(gutters) if any(_crosses(run, gutter, margin) for run in runs)}
    groups: dict[int, list[Run]] = defaultdict(list)
    for run in runs:
        first = _number(run, gutters)
        while first and first - 1 in joined:
            first -= 1
        groups[first].append(run)
    return [groups[n] for n in sorted(groups)]


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
    rows: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for run in runs:
        rows[round(run.base / 3)].append((int(run.left // _BIN), int(run.right // _BIN) + 1))
    if len(rows) < _FEWEST_ROWS:
        return []
    covered = _count_covering(rows.values())
    left = min(r.left for r in runs)
    right = max(width - left, *(r.right for r in runs))  # the last column may be short and its lines too
    free = [at for at in range(int(left // _BIN) + 1, int(right // _BIN)) if covered.get(at, 0) <= _CROSSING * len(rows)]
    gutters = _apart([s for s in _strips(free) if s[1] - s[0] + 1 >= _GUTTER_BINS], left, right)
    return gutters if gutters and width and _are_prose(runs, gutters, len(rows)) else []


def _count_covering(rows: Iterable[list[tuple[int, int]]]) -> dict[int, int]:
    """How many rows print something in each bin; each row is the bins of its runs (from, to before)."""
    steps: Counter[int] = Counter()
    for row in rows:
        end = min(row)[0]
        for first, after in sorted(row):
            begin = max(first, end)
            if after > begin:
                steps[begin] += 1
                steps[after] -= 1
                end = after
    if not steps:
        return {}
    bins = range(min(steps), max(steps) + 1)
    return dict(zip(bins, accumulate(steps[at] for at in bins), strict=True))


def _find_starts(runs: list[Run]) -> list[float]:
    """Where columns begin that touch one another, as in scans: many lines start there and next to none runs across."""
    if len(runs) < _FEWEST_ROWS:
        return []
    left, right = min(r.left for r in runs), max(r.right for r in runs)
    least = _NARROWEST * (right - left)
    starts = {float(round(r.left)) for r in runs if left + least <= r.left <= right - least}
    found = sorted((-begin, start) for start in starts if (begin := _beginning(runs, start)) >= _STARTING * len(runs))
    kept: list[float] = []
    for _, place in found:
        if all(abs(place - other) >= least for other in kept):
            kept.append(place)
    return sorted(kept)


def _beginning(runs: list[Run], start: float) -> int:
    """How many runs begin at a place, 0 where too many run across it."""
    across = sum(_crosses(run, start, _OVERLAP) for run in runs)
    return sum(start - 3 <= run.left <= start + 12 for run in runs) if across <= _CROSSING_SCAN * len(runs) else 0


def _cut_runs(runs: list[Run], gutters: list[float]) -> list[Run]:
    """Runs that a scan's engine drew over two columns, cut at the gutter; not those above the columns."""
    starts = sorted(r.base for r in runs if any(abs(r.left - g) < _OVERLAP for g in gutters))
    top = starts[len(starts) // 20] - 1 if starts else 0.0
    out: list[Run] = []
    for run in runs:
        over = [g for g in gutters if run.left < g - _OVERLAP and run.right > g + _OVERLAP and run.base > top]
        out += _cut(run, over) if over else [run]
    return out


def _cut(run: Run, gutters: list[float]) -> list[Run]:
    """The run in parts; a heading's bracket near a gutter begins the part behind it."""
    parts = [Run(base=run.base, size=run.size)]
    rest = list(gutters)
    for n, glyph in enumerate(run.glyphs):
        if rest and glyph.char in "【[" and abs(glyph.left - rest[0]) < _NEAR * run.size:
            begins = True
        else:
            bracket = any(g.char in "【[" for g in run.glyphs[n : n + _NEAR])
            begins = bool(rest) and (glyph.left + glyph.right) / 2 > rest[0] and not bracket
        if begins:
            gutter = rest.pop(0)
            parts[-1].right = min(parts[-1].right, gutter)
            parts.append(Run(base=run.base, size=run.size))
            glyph = replace(glyph, left=max(glyph.left, gutter), right=max(glyph.right, gutter))  # noqa: PLW2901
        parts[-1].add(glyph)
    return [part for part in parts if part.glyphs]


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
    """Whether the columns are those of a leaflet, not of a table.

    Each is filled with lines of text; or one holds some, and the stream has the columns one after the other: tables are printed row by row.
    """
    columns: dict[int, list[Run]] = defaultdict(list)
    order: list[int] = []
    for run in runs:
        if not any(run.left < gutter < run.right for gutter in gutters):
            columns[_number(run, gutters)].append(run)
            if run.glyphs[0].char:  # a table's place tells nothing of the stream
                order.append(_number(run, gutters))
    if len(columns) <= len(gutters):
        return False
    turns = sum(a != b for a, b in pairwise(order))
    apart = turns <= len(gutters) + _MOST_TURNS and all(len(column) >= _FEWEST_LINES for column in columns.values())
    filled = [_is_filled(column, rows, _FEW_FULL if apart else _FULL_SHARE) for column in columns.values()]
    return all(filled) or (any(filled) and apart)


def _is_filled(column: list[Run], rows: int, share: float) -> bool:
    """Whether a column has lines on enough of the page's `rows`, and a `share` of its own are full."""
    width = max(r.right for r in column) - min(r.left for r in column)
    full = sum(r.right - r.left >= _FILL * width and len(r.glyphs) >= _CHARACTERS for r in column)
    own = len({round(r.base / 3) for r in column})
    return len(column) >= _SHARE * rows and full >= share * own


def _bands(runs: list[Run], parts: Callable[[Run], bool]) -> list[tuple[list[Run], list[Run]]]:
    """Runs cut at the lines that part them: (those above, the parting line), the last with none."""
    parting = sorted((r for r in runs if parts(r)), key=lambda r: r.base)
    held = {id(r) for r in parting}
    rest = [r for r in runs if id(r) not in held]
    bands: list[tuple[list[Run], list[Run]]] = []
    for run in parting:
        bands.append(([r for r in rest if r.base < run.base - 1], [run]))
        rest = [r for r in rest if r.base >= run.base - 1]
    return [*bands, (rest, [])]
