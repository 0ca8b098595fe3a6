"""Results of a trial from its efficacy table: estimates with intervals for each arm, ratios and p values for both."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from extractor.label.fields.reactions import ReactionArm, clean_mark, read_arm
from extractor.label.grids.table_draft import TableDraft
from extractor.label.ledger import Ledger
from extractor.label.text.passages import EMPTY, Passage, join_lines
from extractor.model import Quantity, Result, Unit
from extractor.patterns import lazy_pattern
from extractor.text import LONGEST_NUMBER

_interval_row = lazy_pattern(
    r"^[\[［（(]?\s*\d{2}\s*[%％]?\s*(?:精确)?\s*(?:CI|可信区间|置信区间)\s*[\]］)）]?\s*[a-m\u1d2c-\u1dbf]*$", re.IGNORECASE
)
_both_arms = lazy_pattern(r"风险比|比值比|危险比|率比|差值|差异|HR\b|OR\b|RR\b|[Pp]\s*值|[Pp]-value", re.IGNORECASE)
_p_value = lazy_pattern(r"[Pp]\s*[-－]?\s*(?:值|value)|^P$", re.IGNORECASE)
_units = (
    (lazy_pattern(r"[（(]\s*(?:个?月|months?)\s*[)）]"), "mo", "月"),
    (lazy_pattern(r"[（(]\s*(?:年|years?)\s*[)）]"), "a", "年"),
    (lazy_pattern(r"[（(]\s*(?:周|weeks?)\s*[)）]"), "wk", "周"),
    (lazy_pattern(r"[（(]\s*(?:天|日|days?)\s*[)）]"), "d", "天"),
)
_share_label = lazy_pattern(r"[%％](?!\s*(?:精确)?\s*(?:CI|可信|置信))")
_endless = lazy_pattern(rf"(?:\d,?){{{LONGEST_NUMBER + 1}}}")  # digits, with thousands marks too, that no measure has
_number = r"-?\d[\d,]*(?:\.\d+)?"
_value = lazy_pattern(
    rf"^\s*(?P<sign>[<>≤≥＜＞])?\s*(?P<x>{_number})(?:\s*[/／]\s*\d+(?=\s*[（(]))?\s*(?P<percent>[%％])?(?:\s*[（(]\s*(?P<share>{_number})\s*[%％]?\s*[)）])?"
)
_no_value = lazy_pattern(r"NR|NC|NE|NA|-|—|–|未达到|不适用")
_interval = lazy_pattern(
    rf"[\[［（(]\s*(?P<low>{_number}|NR|NC|NE)\s*[%％]?\s*(?:[~～,，;；–—-]|至|to)\s*(?P<high>{_number}|NR|NC|NE)\s*[%％]?\s*[\]］)）]"
)


@dataclass(slots=True)
class _Row:
    """A row with its endpoint: the label, the values by column, an interval row merged in."""

    group: Passage
    label: Passage
    values: list[Passage] = field(default_factory=list)


def read_results(table: TableDraft, sizes: list[int], pointer: str, first: int, ledger: Ledger) -> list[Result]:
    """The results of one table; `sizes` are those of the trial's arms, `first` is the number of the first result."""
    if not _gives_results(table, sizes):
        return []
    arms = _arm_ids(table, sizes) if sizes else []
    compared = _comparisons(table)
    cells = [(_compared(row, cell, compared), arm, cell) for row in _rows(table) for arm, cell in _armed(row, arms)]
    return [_result(row, cell, arm, f"{pointer}/{n}", ledger) for n, (row, arm, cell) in enumerate(cells, first)]


def _compared(row: _Row, cell: Passage, compared: list[Passage]) -> _Row:
    """The row as it reads for a cell in a column that compares the arms: the column's header names the statistic of the row's endpoint."""
    column = next((n for n, value in enumerate(row.values) if value is cell), -1)
    if not 0 <= column < len(compared) or not compared[column].text or row.group.text:
        return row
    return replace(row, group=row.label, label=compared[column])


def _armed(row: _Row, arms: list[str]) -> list[tuple[str, Passage]]:
    """The values of a row with their arms; a value for both arms stands once, with none."""
    ratio = _both_arms.search(row.label.text) is not None
    filled = [(column, cell) for column, cell in enumerate(row.values) if cell.text]
    if len(filled) == 1 or (ratio and len({cell.text for _, cell in filled}) == 1):
        alone = len(arms) == 1 and not ratio
        return [(arms[0] if alone else "", filled[0][1])]
    return [(arms[column] if column < len(arms) else "", cell) for column, cell in filled]


def _gives_results(table: TableDraft, sizes: list[int]) -> bool:
    """Whether the columns of a table are arms: most cells of each are values, and there are as many as the trial has arms."""
    arms = header_arms(table)
    named = any(arm.size for arm in arms) or not sizes or len(arms) == len(sizes)
    return bool(arms) and named and all(_holds_values(table, column) for column in range(1, len(arms) + 1))


def _holds_values(table: TableDraft, column: int) -> bool:
    cells = [row[column].text for row in table.rows if column < len(row) and row[column].text]
    values = sum(bool(_value.match(text) or _interval.match(text) or _no_value.match(text)) for text in cells)
    return values * 2 > len(cells) or not cells


def _rows(table: TableDraft) -> list[_Row]:
    """Rows with values, under the last row without any; a row of intervals goes to the row above."""
    rows: list[_Row] = []
    group = EMPTY
    for cells in table.rows:
        values = cells[1:]
        if not any(v.text for v in values) or len({c.text for c in cells}) == 1:
            group = clean_mark(cells[0])
        elif rows and _interval_row.match(cells[0].text) and len(rows[-1].values) == len(values):
            merged = [join_lines([a, b]) for a, b in zip(rows[-1].values, values, strict=True)]
            rows[-1] = replace(rows[-1], values=merged)
        else:
            rows.append(_Row(group, clean_mark(cells[0]), list(values)))
    return rows


def header_arms(table: TableDraft) -> list[ReactionArm]:
    """The arms that a table's header names, one for each column of values."""
    return [read_arm(cell) for cell in table.header[0][1:]] if table.header else []


def _arm_ids(table: TableDraft, sizes: list[int]) -> list[str]:
    """The id of the arm that each value column stands for: by size, else by order."""
    arms = header_arms(table)
    own = [n for n, comparison in enumerate(_comparisons(table)) if not comparison.text]
    by_size = [sizes.index(arms[n].size) if arms[n].size in sizes else -1 for n in own]
    if -1 in by_size or len(set(by_size)) < len(by_size):
        by_size = list(range(len(own)))
    ids = {n: f"arm-{number + 1}" for n, number in zip(own, by_size, strict=True) if number < len(sizes)}
    return [ids.get(n, "") for n in range(len(arms))]


def _comparisons(table: TableDraft) -> list[Passage]:
    """For each column of values the statistic that its header names where it compares the arms: a ratio, a difference, p; else EMPTY."""
    return [cell if _both_arms.search(cell.text) else EMPTY for cell in table.header[0][1:]] if table.header else []


def _result(row: _Row, cell: Passage, arm: str, pointer: str, ledger: Ledger) -> Result:
    measure = row.group if row.group.text else row.label
    fields: dict[str, Any] = {"measure": ledger.text(f"{pointer}/measure", measure)}
    if row.group.text:
        fields["statistic"] = ledger.text(f"{pointer}/statistic", row.label)
    if arm:
        fields["arm"] = arm
    fields |= parse_result(cell.text, row.label.text)
    fields["text"] = ledger.text(f"{pointer}/text", cell)
    return Result(**fields)


def parse_result(cell: str, label: str) -> dict[str, Any]:
    """Value, count and interval of a cell, its unit from the row's label; only what stands there as a number.

    >>> parse_result("93 (60.4) [0.5220~0.6817]", "缓解者 n(%)")
    {'value': Quantity(value=60.4, unit=Unit(ucum='%', text='%')), 'count': 93, 'low': 0.522, 'high': 0.6817}
    >>> parse_result("141/168 (83.9)", "清除者 n/N(%)")
    {'value': Quantity(value=83.9, unit=Unit(ucum='%', text='%')), 'count': 141}
    """
    fields: dict[str, Any] = {}
    if _endless.search(cell):
        return fields
    match = _value.match(cell)
    if match and not (match["sign"] and _p_value.search(label)):
        fields |= _estimate(match, label)
    if bounds := _interval.search(cell):
        fields |= {end: _as_number(bounds[end]) for end in ("low", "high") if bounds[end][0] != "N"}
    return fields


def _estimate(match: re.Match[str], label: str) -> dict[str, Any]:
    number = _as_number(match["x"])
    if match["share"]:
        share = Quantity(value=_as_number(match["share"]), unit=Unit(ucum="%", text="%"))
        return {"value": share} | ({"count": number} if isinstance(number, int) else {})
    if match["percent"] or (_share_label.search(label) and not _both_arms.search(label)):
        return {"value": Quantity(value=number, unit=Unit(ucum="%", text="%"))}
    unit = next(((ucum, text) for pattern, ucum, text in _units if pattern.search(label)), None)
    return {"value": Quantity(value=number, unit=Unit(ucum=unit[0], text=unit[1])) if unit else Quantity(value=number)}


def _as_number(text: str) -> int | float:
    value = float(text.replace(",", ""))
    return int(value) if value == int(value) and "." not in text else value
