"""Adverse reactions by frequency class: tables whose columns are classes (十分常见, 常见, 偶见 …) and whose cells list terms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from extractor.label.grids.table_draft import TableDraft
from extractor.label.ledger import Ledger
from extractor.label.text.passages import Passage
from extractor.model import AdverseReaction, Coded
from extractor.patterns import lazy_pattern
from extractor.tables import read_table

_FEWEST_CLASSES = 2
"""Columns headed by a class: one alone may be a column of words on how often something was seen."""
_bracketed = lazy_pattern(r"[（(≥>＜<].*")
_listed = lazy_pattern(r"[、，,；;\n](?![^（(]{0,60}[)）])")
_ends_list = lazy_pattern(r"[。.]$")
_stands_apart = lazy_pattern(r"[\u4e00-\u9fff）)]\s+[\u4e00-\u9fff]")
_nothing = lazy_pattern(r"[-–—/／]*|无|未见")


@cache
def _codes() -> dict[str, str]:
    return {words: code for words, code in read_table("extractor.label.fields", "frequencies")}  # noqa: C416 - rows of two, for mypy


def frequency_code(words: str) -> str:
    """The code of a frequency class, "" where the words name none; what brackets give as its limits is left out.

    >>> frequency_code("十分常见（≥1/10）"), frequency_code("罕见"), frequency_code("常见不良反应")
    ('VERY_COMMON', 'RARE', '')
    """
    return _codes().get("".join(_bracketed.sub("", words).split()).strip(":："), "")


def class_columns(table: TableDraft) -> dict[int, Passage]:
    """The columns of a table that a frequency class heads, with its words; none where fewer than two are."""
    heads = table.header[-1] if table.header else []
    found = {column: head for column, head in enumerate(heads) if column and frequency_code(head.text)}
    return found if len(found) >= _FEWEST_CLASSES else {}


def read_classes(identity: str, table: TableDraft, first: int, ledger: Ledger) -> list[AdverseReaction]:
    """One entry for each term of a table by classes, the first being number `first` of the record; a finding where terms run together."""
    found: list[AdverseReaction] = []
    for organ, head, cell in _cells(table):
        if not organ.text or _stands_apart.search(cell.text):
            ledger.doubt("table.uncertain", "/label/adverse_reactions", "the terms of this cell could not be told apart", cell.text)
            continue
        for term in cell.cut(0, len(_ends_list.sub("", cell.text))).parts(_listed):
            pointer = f"/label/adverse_reactions/{first + len(found)}"
            code = Coded(code=frequency_code(head.text), text=ledger.text(f"{pointer}/frequency/text", head))
            words: dict[str, Any] = {"term": ledger.text(f"{pointer}/term", term)}
            if organ.text:
                words["system_organ_class"] = ledger.text(f"{pointer}/system_organ_class", organ)
            found.append(AdverseReaction(table=identity, frequency=code, **words))
    return found


def _cells(table: TableDraft) -> Iterator[tuple[Passage, Passage, Passage]]:
    """The organ class, the frequency class and the words of each cell that lists terms."""
    columns = class_columns(table)
    for row in table.rows:
        for column, head in columns.items():
            if column < len(row) and row[column].text != row[0].text and not _nothing.fullmatch(row[column].text):
                yield row[0], head, row[column]
