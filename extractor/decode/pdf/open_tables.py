"""Tables with rules across but none down, and the columns that their words stand in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from extractor.decode.pdf.drawings import Rule
from extractor.decode.pdf.lines import Printed, Run, join_runs
from extractor.decode.pdf.ruled_tables import Lattice
from extractor.layout import Box

_LONG = 120.0
_OPENING = "（([［"
_SAME_END = 8.0
_TALLEST_HEADER = 90.0
_SEVERAL = 0.4
_PAGE = 1e6
_FOOT = 1.09
_TOP = 40.0
_CELL_GAP = 0.8
_SMALL_GAP = 0.3
_LINE = 3.0
_GAP = 4.0
_WIDE = 0.55


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table without rules down: its lattice, and the printed lines of each cell."""

    lattice: Lattice
    cells: list[list[Printed]]


class Carry(NamedTuple):
    """A table that ran to the foot of a page: its columns and its ends."""

    columns: list[tuple[float, float]]
    rule: Rule


class Found(NamedTuple):
    """The open tables of a page, the runs outside them, and the table that the next page may go on with."""

    tables: list[OpenTable]
    runs: list[Run]
    carry: Carry | None


def find_open_tables(runs: list[Run], rules: list[Rule], taken: list[Box], carry: Carry | None) -> Found:
    """The tables between rules across of one length.

    The first rule and the next hold the header; the body reaches to the third, or as far as lines have several parts: to the
    foot of the page it is a table that may go on.
    """
    across = [r for r in _unbroken(rules) if r.right - r.left >= _LONG and not any(_inside(r, box) for box in taken)]
    found = Found([], runs, None)
    if carry is not None and (first := _continued(runs, across, carry)):
        found = Found([first[0]], _outside(runs, first[1]), None)
    number = 0
    while number < len(across) - 1:
        more = _begin(found.runs, across[number : number + 3])
        if more is not None:
            found = Found([*found.tables, *more.tables], more.runs, more.carry)
            number += 1
        number += 1
    return found


def _begin(runs: list[Run], rules: list[Rule]) -> Found | None:
    """The table whose header stands between the first two rules, or None."""
    top, head, third = rules[0], rules[1], rules[2] if len(rules) > 2 else None
    if not _same_ends(top, head) or head.top - top.top >= _TALLEST_HEADER or not _is_tabular(_within(runs, top, head.top)):
        return None
    bottom = _bottom(runs, head, third)
    inside = _within(runs, top, bottom)
    table = _table(inside, [top, head, head._replace(top=bottom, bottom=bottom)]) if bottom else None
    if table is None:
        return None
    rest = _outside(runs, inside)
    at_foot = (third is None or bottom < third.top) and not any(bottom < r.base < _FOOT * bottom for r in rest)
    return Found([table[0]], rest, Carry(table[1], head) if at_foot else None)


def _outside(runs: list[Run], inside: list[Run]) -> list[Run]:
    held = {id(run) for run in inside}
    return [r for r in runs if id(r) not in held]


def _continued(runs: list[Run], across: list[Rule], carry: Carry) -> tuple[OpenTable, list[Run]] | None:
    """The rest of the last page's table: what stands above the first rule of the same length, in the same columns."""
    last = next((r for r in across if _same_ends(r, carry.rule)), None)
    inside = _within(runs, carry.rule._replace(top=0.0, bottom=0.0), last.top) if last else []
    inside = [r for r in inside if r.base > _TOP]
    if last is None or not _is_tabular(inside):
        return None
    rows = _rows(_parted(inside, carry.columns), carry.columns, merge=False)
    first = carry.rule._replace(top=min(r.base - r.size for r in inside))
    return _latticed(rows, carry.columns, [first, last]), inside


def _same_ends(rule: Rule, other: Rule) -> bool:
    return abs(rule.left - other.left) < _SAME_END and abs(rule.right - other.right) < _SAME_END


def _within(runs: list[Run], top: Rule, bottom: float) -> list[Run]:
    return [r for r in runs if top.top < r.base < bottom + 1 and top.left - _LINE < r.centre < top.right + _LINE]


def _bottom(runs: list[Run], head: Rule, third: Rule | None) -> float:
    """Where the body under a header ends; 0 where what stands there is no table."""
    if third is not None and _same_ends(head, third) and _is_tabular(_within(runs, head, third.top)):
        return third.top
    end = 0.0
    for line in _baselines(_within(runs, head, _PAGE)):
        if len(line) < 2 and (not end or line[0].base - end > 2 * line[0].size):
            break
        end = line[0].base + 0.3 * line[0].size if len(line) > 1 else end
    return end


def _is_tabular(runs: list[Run]) -> bool:
    lines = _baselines(runs)
    return bool(lines) and sum(len(line) > 1 for line in lines) >= _SEVERAL * len(lines)


def _inside(rule: Rule, box: Box) -> bool:
    return box[0] - _LINE <= rule.left and rule.right <= box[2] + _LINE and box[1] - _LINE <= rule.top <= box[3] + _LINE


def _unbroken(rules: list[Rule]) -> list[Rule]:
    out: list[Rule] = []
    for rule in sorted((r for r in rules if r.top == r.bottom), key=lambda r: (round(r.top), r.left)):
        if out and abs(out[-1].top - rule.top) < _LINE and rule.left <= out[-1].right + _GAP:
            out[-1] = out[-1]._replace(right=max(out[-1].right, rule.right))
        else:
            out.append(rule)
    return out


def _table(runs: list[Run], rules: list[Rule]) -> tuple[OpenTable, list[tuple[float, float]]] | None:
    head = rules[1].top
    runs = [part for run in runs for part in _apart(run, _CELL_GAP)]
    columns = _columns([r for r in runs if r.base > head], rules[0].right - rules[0].left)
    if len(columns) < 2:
        return None
    runs = _parted(runs, columns)
    rows = _rows([r for r in runs if r.base <= head], columns, merge=True) + _rows([r for r in runs if r.base > head], columns, merge=False)
    return (_latticed(rows, columns, rules), columns) if len(rows) > 1 else None


def _apart(run: Run, gap: float) -> list[Run]:
    """A run cut at its gaps of at least `gap` ems."""
    parts: list[Run] = []
    last = run.left
    for glyph in run.glyphs:
        if glyph.char.isspace():
            continue
        if not parts or glyph.left - last >= gap * run.size:
            parts.append(Run(base=run.base, size=run.size, right=glyph.right))
        parts[-1].add(glyph)
        last = glyph.right
    return parts if len(parts) > 1 else [run]


def _parted(runs: list[Run], columns: list[tuple[float, float]]) -> list[Run]:
    """Runs that reach over a blank strip between columns, cut there where they leave a little room."""
    out: list[Run] = []
    for run in runs:
        first, last = _span(run, columns)
        parts = _apart(run, _SMALL_GAP) if first != last else [run]
        spans = [_span(part, columns) for part in parts]
        cut = len(parts) > 1 and all(a == b for a, b in spans) and len({a for a, _ in spans}) == last - first + 1
        out += parts if cut else [run]
    return out


def _columns(runs: list[Run], width: float) -> list[tuple[float, float]]:
    """The strips of the page that the words of the body fill, those of rows that span left aside."""
    strips: list[tuple[float, float]] = []
    for left, right in sorted((r.left, r.right) for r in runs if r.right - r.left < _WIDE * width):
        if strips and left <= strips[-1][1] + _GAP:
            strips[-1] = (strips[-1][0], max(right, strips[-1][1]))
        else:
            strips.append((left, right))
    return strips


def _span(run: Run, columns: list[tuple[float, float]]) -> tuple[int, int]:
    """The first and last column that a run reaches over."""
    hit = [n for n, (left, right) in enumerate(columns) if run.left < right + 1 and run.right > left - 1]
    if not hit:
        nearest = min(range(len(columns)), key=lambda n: abs(sum(columns[n]) / 2 - run.centre))
        return nearest, nearest
    return hit[0], hit[-1]


_Row = dict[tuple[int, int], list[Run]]


def _rows(runs: list[Run], columns: list[tuple[float, float]], *, merge: bool) -> list[_Row]:
    """Rows of cells (first column, last column) → runs. A line that only goes on with the row above is no row of its own."""
    rows: list[_Row] = []
    values = set() if merge else _value_columns(runs, columns)
    last: dict[int, Run] = {}
    for line in _baselines(runs):
        spans = [(_span(run, columns), run) for run in line]
        goes_on = rows and (
            _is_full(last, spans, columns, values) or (merge and _same_heads(rows[-1], spans)) or _lacks_values(rows[-1], spans, values)
        )
        if goes_on:
            _extend(rows[-1], spans)
        else:
            _append(rows, spans)
            last = {}
        last |= {span[0]: run for span, run in spans}
    return rows


_Spans = list[tuple[tuple[int, int], Run]]


def _is_full(last: dict[int, Run], spans: _Spans, columns: list[tuple[float, float]], values: set[int]) -> bool:
    """Whether every part of a line goes on with the one above it, and none is a value of its own."""
    if any(span[0] in values and run.glyphs[0].char not in _OPENING for span, run in spans):
        return False
    return all(_continues(last.get(span[0]), run, columns[span[1]]) for span, run in spans)


def _extend(row: _Row, spans: _Spans) -> None:
    for span, run in spans:
        row.setdefault(_home(row, span), []).append(run)


def _append(rows: list[_Row], spans: _Spans) -> None:
    """A new row; a first cell in brackets that others follow belongs to the label of the row above."""
    rows.append({})
    for span, run in spans:
        back = len(rows) > 1 and span == (0, 0) and len(spans) > 1 and run.glyphs[0].char in _OPENING
        rows[-2 if back else -1].setdefault(span, []).append(run)


def _value_columns(runs: list[Run], columns: list[tuple[float, float]]) -> set[int]:
    """The columns most of whose cells are numbers."""
    counts: dict[int, list[bool]] = defaultdict(list)
    for run in runs:
        counts[_span(run, columns)[0]].append(run.glyphs[0].char in "0123456789<>≤≥-—[(（" or run.glyphs[0].char == "N")
    return {column for column, cells in counts.items() if column and sum(cells) * 5 >= len(cells) * 3}


def _lacks_values(row: _Row, spans: list[tuple[tuple[int, int], Run]], values: set[int]) -> bool:
    """Whether a line goes on with a row of values: it has none itself, and more than a label or a label in brackets."""
    filled = any(span[0] in values for span in row)
    own = any(span[0] in values for span, _ in spans)
    return filled and not own and (len(spans) > 1 or spans[0][1].glyphs[0].char in _OPENING)


def _home(row: _Row, span: tuple[int, int]) -> tuple[int, int]:
    return next((own for own in row if own[0] <= span[0] <= own[1]), span)


def _same_heads(row: _Row, spans: list[tuple[tuple[int, int], Run]]) -> bool:
    """Whether a header line goes on with cells of the line above: it stands in the same ones, or close under an arm."""
    if all(span in row for span, _ in spans):
        return True
    below = max((r.base for runs in row.values() for r in runs), default=0.0)
    one = len(spans) < len(row) and all(run.base - below < 1.7 * run.size for _, run in spans)
    return one and all(any(own[0] <= span[0] and span[1] <= own[1] for own in row) for span, _ in spans)


def _continues(above: Run | None, run: Run, column: tuple[float, float]) -> bool:
    """Whether a run goes on with the one above it in its column: that one had no room for one more character."""
    if above is None or run.base - above.base > 1.8 * run.size:
        return False
    return column[1] - above.right < 1.2 * run.size


def _baselines(runs: list[Run]) -> list[list[Run]]:
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (round(r.base), r.left)):
        if lines and abs(run.base - lines[-1][0].base) < _LINE:
            lines[-1].append(run)
        else:
            lines.append([run])
    return lines


def _latticed(rows: list[_Row], columns: list[tuple[float, float]], rules: list[Rule]) -> OpenTable:
    edges = [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]
    xs = (min(rules[0].left, columns[0][0]), *edges, max(rules[0].right, columns[-1][1]))
    rows = [row for row in rows if row]
    tops = [min(r.base - r.size for runs in row.values() for r in runs) for row in rows]
    ys = (rules[0].top, *tops[1:], rules[-1].top)
    spans: list[tuple[int, int, int, int]] = []
    cells: list[list[Printed]] = []
    owner: list[list[int]] = []
    for number, row in enumerate(rows):
        owner.append([0] * len(columns))
        column = 0
        while column < len(columns):
            span = next((s for s in row if s[0] == column), (column, column))
            owner[-1][column : span[1] + 1] = [len(spans)] * (span[1] + 1 - column)
            spans.append((number, column, 1, span[1] + 1 - column))
            cells.append(join_runs(row.get(span, [])))
            column = span[1] + 1
    return OpenTable(Lattice(tuple(xs), tuple(ys), tuple(map(tuple, owner)), tuple(spans), ruled=False), cells)
