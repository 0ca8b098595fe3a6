"""Signs that a table was not read as it is printed: its heading is a row of values, or a cell holds what two cells should."""

from __future__ import annotations

from collections.abc import Iterable

from extractor.label.grids.cells import is_single_value, open_brackets
from extractor.label.grids.table_draft import TableDraft, is_note
from extractor.label.text.passages import Passage
from extractor.patterns import lazy_pattern

_two_shares = lazy_pattern(r"\d\s?[%％]?\s?[)）]\s*[(（]\s?[<>≤≥]?\d[\d.]*\s?[%％]?\s?[)）]\s*$")
_two_values = lazy_pattern(r"^[<>≤≥＜＞]?\d[\d.,]*[%％]?\s+[<>≤≥＜＞]?\d[\d.,]*[%％]?(?:\s+[<>≤≥＜＞]?\d[\d.,]*[%％]?)*$")
_class = lazy_pattern(r"^[<>≤≥＜＞]|\d\s?[~～–-]\s?[<>≤≥＜＞]?\d")
_ends = lazy_pattern(r"[。；;：:.）)]$")
_SHORT = 14  # characters: a heading of a group of rows is about as long at most, a note without a mark is a sentence


def table_doubt(table: TableDraft) -> str:
    """What speaks against a table as read, "" where nothing does; nothing but its words is read from one with a doubt."""
    return next((words for words, shown in _DOUBTS if shown(table)), "")


def _cells(rows: list[list[Passage]]) -> Iterable[Passage]:
    return (cell for row in rows for cell in row)


def _stands_alone(table: TableDraft) -> bool:
    return bool(table.header) and not table.rows


def _is_row_of_ranges(table: TableDraft) -> bool:
    """Whether the first cell of the heading is a range as those below it are."""
    first = [row[0].text for row in (*table.header[-1:], *table.rows) if row and row[0].text]
    return len(first) > 1 and len(table.header) > 0 and all(map(_class.search, first))


def _is_row_of_values(table: TableDraft) -> bool:
    """Whether the heading is values: with decimals, or in a table that no caption begins. Doses and days head columns too."""
    others = [cell.text for row in table.header[-1:] for cell in row[1:] if cell.text]
    if not others or not all(map(is_single_value, others)):
        return False
    return not table.caption.text or any("." in text for text in others)


def _lacks_heading(table: TableDraft) -> bool:
    """Whether a column other than the first holds words, and the heading none above them."""
    headed = {n for row in table.header for n, cell in enumerate(row) if cell.text}
    filled = {n for row in table.rows for n, cell in enumerate(row) if cell.text and n}
    return bool(table.header) and not filled <= headed


def _holds_two_values(table: TableDraft) -> bool:
    return any(_holds_two(cell.text) for cell in _cells(table.rows))


def _is_cut(table: TableDraft) -> bool:
    return any(open_brackets(cell.text) for cell in _cells([*table.header, *table.rows]))


def _has_row_for_note(table: TableDraft) -> bool:
    return any(_may_be_row(note) for note in table.notes[:1])


def _holds_two(text: str) -> bool:
    return bool(_two_shares.search(text) or _two_values.search(text))


def _may_be_row(note: Passage) -> bool:
    """Whether a note has no mark, no verb's end and few characters: as a heading of rows that go on elsewhere has."""
    return len(note.text) <= _SHORT and not is_note(note.text) and not _ends.search(note.text)


_DOUBTS = (
    ("its heading stands above no rows", _stands_alone),
    ("its heading is a row of values", _is_row_of_ranges),
    ("its heading is a row of values", _is_row_of_values),
    ("a column of values has no heading", _lacks_heading),
    ("a cell holds the values of two", _holds_two_values),
    ("a cell ends inside a bracket", _is_cut),
    ("the words below it may be a row", _has_row_for_note),
)
