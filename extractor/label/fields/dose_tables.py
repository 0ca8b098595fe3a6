"""Tables of doses (by weight, age, renal function, indication): rows whose doses and schedules are sure, and those that are not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

from extractor.label.fields.doses import Dose, find_doses, pattern_of
from extractor.label.grids.doubts import table_doubt
from extractor.label.grids.table_draft import TableDraft
from extractor.label.text.passages import EMPTY, Passage, join_paragraphs, join_words
from extractor.patterns import lazy_pattern

_head_unit = lazy_pattern(
    r"[（(]\s*(?P<unit>(?:mg|μg|µg|g|IU|U|ml|mL|毫克|克|毫升|片|粒|袋|丸|支|瓶)(?:\s?[/／]\s?(?:kg|m2|m²|㎡))?)(?:\s?[/／]\s?次)?\s*[)）]\s*$"
)
_bare_number = lazy_pattern(r"\d[\d.]{0,9}(?:\s?[~～–-]\s?\d[\d.]{0,9})?")
_times = lazy_pattern(r"[一二两三四五六\d]\s?次?")
_mark = lazy_pattern(r"[*†‡§#¶※\u1d2c-\u1d6a\u1d9c-\u1dbf\u2070-\u2079\u00b9\u00b2\u00b3]+$|\s[a-m]$|(?<=[\u4e00-\u9fff\d）)])[a-m]$")
_no_dose = lazy_pattern(r"[-–—/]{1,4}|(?:尚?无数据|数据不足|资料有限|建议)?[，,、]?\s?(?:不推荐|禁|避免|不建议|不宜|不得)[^\d]{0,8}|不适用")
_rest = lazy_pattern(r"[，,；;。\s]*(?:疗程[^\n]{0,20})?")
_NAMES_OTHERS = lazy_pattern(r"药物|药品|合并|联合|联用|减量|剂量水平|毒性|不良反应|滴定|递增|停药|输注|速率|滴速|配制|稀释|溶解")

_GIVEN_WITH = lazy_pattern(r"联合|联用|合用|合并用")


class TableRegimen(NamedTuple):
    """A dose of a table: the words that tell it and whom it is for, what stands above and beside it, its schedule."""

    dose: Dose
    words: Passage
    quote: Passage
    schedule: Passage


@dataclass(slots=True)
class DoseRows:
    """What a table of doses gives: its regimens, and the words of each row that is not sure."""

    regimens: list[TableRegimen] = field(default_factory=list)
    unread: list[Passage] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a table: whom a row is for, doses, each with the column that gives how often (-1: its own cells do), others."""

    stub: list[int]
    doses: dict[int, int]
    aside: list[int]


def read_dose_table(table: TableDraft, indications: str) -> DoseRows | None:
    """The regimens of a table, None where its heading does not say surely what its columns are.

    Every column must be known by its heading: whom a row is for, a dose, how often, a length of treatment, an indication of the label.
    `indications` is their text.
    """
    columns = _columns(table, indications) if _is_sure(table) else None
    if columns is None:
        return None
    found = DoseRows()
    if not _shows_reach(table):
        return None
    stub: list[Passage] = [EMPTY] * len(columns.stub)
    for row in table.rows:
        stub = _carried(stub, [row[c] for c in columns.stub])
        regimens = _read_row(table, columns, row, stub)
        if regimens is None:
            found.unread.append(join_words([cell for cell in (*stub, *(row[c] for c in range(len(columns.stub), len(row)))) if cell.text]))
        found.regimens += regimens or []
    return found


def _is_sure(table: TableDraft) -> bool:
    """Whether a table is read as printed, and is about the doses of this product alone."""
    return table.certain and bool(table.header) and not table_doubt(table) and not _NAMES_OTHERS.search(_words(table))


def _shows_reach(table: TableDraft) -> bool:
    """Whether it is sure how far down each first cell reaches.

    Rules show it; else a first cell for several rows may stand at their head or at their foot: at the head where the last row has none.
    """
    drawn = [line.table.ruled for line in table.lines if line.table is not None]
    filled = [bool(row[0].text) for row in table.rows]
    return all(filled) or (bool(drawn) and all(drawn)) or (filled[0] and not filled[-1])


def _words(table: TableDraft) -> str:
    """The heading and the first column."""
    return " ".join([*(cell.text for row in table.header for cell in row), *(row[0].text for row in table.rows)])


def _heads(table: TableDraft, column: int) -> list[Passage]:
    """The heading cells of a column from top to bottom, each once."""
    cells = [row[column] for row in table.header if column < len(row) and row[column].text]
    return [cell for n, cell in enumerate(cells) if not n or cell.text != cells[n - 1].text]


def _columns(table: TableDraft, indications: str) -> _Columns | None:
    """The columns by their headings; None where one is not known."""
    kinds = [_kind(table, c, indications) for c in range(len(table.header[-1]))]
    stub = list(takewhile(lambda c: kinds[c] == "stub", range(len(kinds))))
    rest = kinds[len(stub) :]
    if not stub or not {"dose", "own dose"}.intersection(rest) or not {"dose", "own dose", "often", "aside"}.issuperset(rest):
        return None
    often = [c for c, kind in enumerate(kinds) if kind == "often"]
    pairs = {c: _often_of(table, c, often) for c, kind in enumerate(kinds) if kind in ("dose", "own dose")}
    return _Columns(stub, pairs, [c for c, kind in enumerate(kinds) if kind == "aside"]) if _are_told_apart(table, kinds, pairs) else None


def _kind(table: TableDraft, column: int, indications: str) -> str:
    """What a column is by its heading: own doses are those of a phase or an indication, that tell how often in their cells."""
    heads = _heads(table, column)
    leaf = "".join(heads[-1].text.split()) if heads else ""
    own = _is(leaf, "column_phase") or _shares_words(heads, indications)
    kinds = (
        ("stub", _is(leaf, "column_stub") and not _holds_doses(table, column)),
        ("often", _is(leaf, "column_often")),
        ("aside", _is(leaf, "column_aside")),
        ("own dose", own),
        ("dose", _is(leaf, "column_dose")),
    )
    return next((kind for kind, shown in kinds if shown), "")


def _are_told_apart(table: TableDraft, kinds: list[str], pairs: dict[int, int]) -> bool:
    """Whether each column of times belongs to a dose, and no two doses under one heading may be one in two units."""
    above = [(_upper(table, c), often) for c, often in pairs.items() if kinds[c] == "dose"]
    times = {c for c, kind in enumerate(kinds) if kind == "often"}
    return times <= set(pairs.values()) and len(set(above)) == len(above)


def _upper(table: TableDraft, column: int) -> str:
    """The heading cells above the last of a column: two doses under one heading may be one dose in two units."""
    return " ".join(cell.text for cell in _heads(table, column)[:-1])


def _holds_doses(table: TableDraft, column: int) -> bool:
    return _is(_heads(table, column)[-1].text, "column_dose") or any(any(find_doses(row[column].text)) for row in table.rows)


def _is(leaf: str, role: str) -> bool:
    return pattern_of(role).search(leaf) is not None


def _shares_words(heads: list[Passage], indications: str) -> bool:
    """Whether a heading is made of words of the indications: two Chinese characters in a row, or a Latin word.

    Never where those name other drugs that the product is given with.
    """
    if _GIVEN_WITH.search(indications):
        return False
    words = re.findall(r"[\u4e00-\u9fff]{2,}|[A-Za-z]{2,}", heads[-1].text) if heads else []
    return bool(words) and all(any(word[n : n + 2] in indications for n in range(len(word) - 1)) for word in words)


def _often_of(table: TableDraft, column: int, often: list[int]) -> int:
    """The column that says how often a dose is taken: the next to its right under the same heading, or the only one; -1 where none is."""
    same = [c for c in often if c > column and len(table.header) > 1 and table.header[0][c].text == table.header[0][column].text]
    if same:
        return same[0]
    return often[0] if len(often) == 1 else -1


def _carried(stub: list[Passage], own: list[Passage]) -> list[Passage]:
    """Whom a row is for: an empty first cell says what the one above it does, as long as a cell behind it says something."""
    filled = next((n for n, cell in enumerate(own) if cell.text), len(own))
    return [*stub[:filled], *own[filled:]] if filled < len(own) else own


def _read_row(table: TableDraft, columns: _Columns, row: list[Passage], stub: list[Passage]) -> list[TableRegimen] | None:
    """The regimens of a row, None where one of its cells is not sure."""
    if not stub[0].text or any(_mark.search(cell.text) for cell in (*stub, *row)):
        return None
    regimens: list[TableRegimen] = []
    denied = False
    for column, often in columns.doses.items():
        cell = row[column]
        if _no_dose.fullmatch(cell.text) or (denied and not cell.text):
            denied = True
            continue
        found = _read_cell(table, column, cell, row[often] if often >= 0 else None, often)
        if found is None:
            return None
        dose, schedule = found
        beside = [(c, row[c]) for c in (column, *([often] if often >= 0 else []), *columns.aside)]
        quote = join_paragraphs([*_pairs(table, list(zip(columns.stub, stub, strict=True))), *_pairs(table, beside)])
        regimens.append(TableRegimen(dose, cell, quote, schedule))
    return regimens


def _pairs(table: TableDraft, cells: list[tuple[int, Passage]]) -> Iterator[Passage]:
    """Each cell behind the headings of its column."""
    for column, cell in cells:
        if cell.text:
            yield join_words([*_heads(table, column), cell])


def _read_cell(table: TableDraft, column: int, cell: Passage, often: Passage | None, number: int) -> tuple[Dose, Passage] | None:
    """The dose of a cell and its schedule: in the cell itself, or in the cell of the column that tells how often."""
    head = _heads(table, column)[-1].text
    unit = _head_unit.search(head)
    text = f"{cell.text}{unit['unit']}" if unit and _bare_number.fullmatch(cell.text) else cell.text
    doses = list(find_doses(text))
    if len(doses) != 1 or doses[0].start:
        return None
    rest = text[doses[0].end :].strip(" ，,")
    if often is None:
        match = pattern_of("schedule").fullmatch(rest)
        return (doses[0], cell.cut(len(cell.text) - len(rest))) if match else None
    schedule = None if rest else _read_often(_heads(table, number), often)
    return (doses[0], schedule) if schedule else None


def _read_often(heads: list[Passage], cell: Passage) -> Passage | None:
    """How often, from a cell that says so, or one that counts times under a heading that says of what."""
    if _times.fullmatch(cell.text) and pattern_of("column_times").search(heads[-1].text):
        return join_words([heads[-1], cell])
    match = pattern_of("schedule").match(cell.text)
    return cell.group(match) if match and _rest.fullmatch(cell.text[match.end() :]) else None
