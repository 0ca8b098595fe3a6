"""Tables with rules across but none down, and the columns that their words stand in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from extractor.decode.pdf_glyphs import Rule
from extractor.decode.pdf_grids import Lattice
from extractor.decode.pdf_lines import Printed, Run, join_runs
from extractor.layout import Box

_LONG = 120.0
_SAME_END = 8.0
_FEWEST_RULES = 3
_LINE = 3.0
_GAP = 4.0
_WIDE = 0.55


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table without rules down: its lattice, and the printed lines of each cell."""

    lattice: Lattice
    cells: list[list[Printed]]


def find_open_tables(runs: list[Run], rules: list[Rule], taken: list[Box]) -> tuple[list[OpenTable], list[Run]]:
    """The tables between rules across of one length, and the runs that stand outside them."""
    tables: list[OpenTable] = []
    for group in _rule_groups(rules, taken):
        inside = [
            r
            for r in runs
            if group[0].top < r.base < group[-1].top + 1 and r.centre > group[0].left - _LINE and r.centre < group[0].right + _LINE
        ]
        table = _table(inside, group)
        if table is not None:
            tables.append(table)
            held = {id(run) for run in inside}
            runs = [r for r in runs if id(r) not in held]
    return tables, runs


def _rule_groups(rules: list[Rule], taken: list[Box]) -> list[list[Rule]]:
    """Runs of long rules across with the same ends, outside ruled tables, from top to bottom."""
    across = _unbroken([r for r in rules if r.top == r.bottom and not any(_inside(r, box) for box in taken)])
    groups: list[list[Rule]] = []
    for rule in across:
        if rule.right - rule.left < _LONG:
            continue
        last = groups[-1][-1] if groups else None
        if last and abs(rule.left - last.left) < _SAME_END and abs(rule.right - last.right) < _SAME_END:
            if rule.top - last.top > _LINE:
                groups[-1].append(rule)
        else:
            groups.append([rule])
    return [group for group in groups if len(group) >= _FEWEST_RULES]


def _inside(rule: Rule, box: Box) -> bool:
    return box[0] - _LINE <= rule.left and rule.right <= box[2] + _LINE and box[1] - _LINE <= rule.top <= box[3] + _LINE


def _unbroken(rules: list[Rule]) -> list[Rule]:
    out: list[Rule] = []
    for rule in sorted(rules, key=lambda r: (round(r.top), r.left)):
        if out and abs(out[-1].top - rule.top) < _LINE and rule.left <= out[-1].right + _GAP:
            out[-1] = out[-1]._replace(right=max(out[-1].right, rule.right))
        else:
            out.append(rule)
    return out


def _table(runs: list[Run], rules: list[Rule]) -> OpenTable | None:
    head = rules[1].top
    body = [r for r in runs if r.base > head]
    columns = _columns(body, rules[0].right - rules[0].left)
    if len(columns) < 2:
        return None
    rows = _rows([r for r in runs if r.base <= head], columns, merge=True) + _rows(body, columns, merge=False)
    return _latticed(rows, columns, rules) if len(rows) > 1 else None


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
    """Rows of cells (first column, last column) → runs. A line that only goes on with full cells above is no row of its own."""
    rows: list[_Row] = []
    last: dict[int, Run] = {}
    for line in _baselines(runs):
        spans = [(_span(run, columns), run) for run in line]
        goes_on = bool(rows) and all(_continues(last.get(span[0]), run, columns[span[1]]) for span, run in spans)
        if rows and (goes_on or (merge and _same_heads(rows[-1], spans))):
            for span, run in spans:
                rows[-1].setdefault(_home(rows[-1], span), []).append(run)
        else:
            row: _Row = defaultdict(list)
            for span, run in spans:
                row[span].append(run)
            rows.append(dict(row))
            last = {}
        last |= {span[0]: run for span, run in spans}
    return rows


def _home(row: _Row, span: tuple[int, int]) -> tuple[int, int]:
    return next((own for own in row if own[0] <= span[0] <= own[1]), span)


def _same_heads(row: _Row, spans: list[tuple[tuple[int, int], Run]]) -> bool:
    """Whether a header line stands close under the same cells as the line above: (N=152) under an arm."""
    below = max((r.base for runs in row.values() for r in runs), default=0.0)
    close = all(run.base - below < 1.7 * run.size for _, run in spans)
    return close and all(any(own[0] <= span[0] and span[1] <= own[1] for own in row) for span, _ in spans)


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
