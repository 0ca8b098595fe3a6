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
    if not table.header and not table.rows:
        return ""
    signs = (
        ("its heading stands above no rows", bool(table.header) and not table.rows),
        ("its heading is a row of values", bool(table.header) and _are_values(table.header[-1], table)),
        ("a column of values has no heading", bool(table.header) and _lacks_heading(table)),
        ("a cell holds the values of two", any(_holds_two(cell.text) for cell in _cells(table.rows))),
        ("a cell ends inside a bracket", any(open_brackets(cell.text) for cell in _cells([*table.header, *table.rows]))),
        ("the words below it may be a row", any(_may_be_row(note) for note in table.notes[:1])),
    )
    return next((words for words, shown in signs if shown), "")


def _cells(rows: list[list[Passage]]) -> Iterable[Passage]:
    return (cell for row in rows for cell in row)


def _are_values(head: list[Passage], table: TableDraft) -> bool:
    """Whether a heading is a row like those below it.

    That is so where its first cell is a range as theirs are, or where its others are values: with decimals, or in a table that no
    caption begins. Doses and days as whole numbers head columns too.
    """
    others = [cell.text for cell in head[1:] if cell.text]
    first = [row[0].text for row in table.rows if row and row[0].text]
    if first and all(map(_class.search, [head[0].text, *first])):
        return True
    values = bool(others) and all(map(is_single_value, others))
    return values and (not table.caption.text or any("." in text for text in others))


def _lacks_heading(table: TableDraft) -> bool:
    """Whether a column other than the first holds words, and the heading none above them."""
    headed = {n for row in table.header for n, cell in enumerate(row) if cell.text}
    filled = {n for row in table.rows for n, cell in enumerate(row) if cell.text and n}
    return not filled <= headed


def _holds_two(text: str) -> bool:
    return bool(_two_shares.search(text) or _two_values.search(text))


def _may_be_row(note: Passage) -> bool:
    """Whether a note has no mark, no verb's end and few characters: as a heading of rows that go on elsewhere has."""
    return len(note.text) <= _SHORT and not is_note(note.text) and not _ends.search(note.text)
