"""Tables that the layout of a PDF shows: cells come from the decoder, the header and the notes are told apart here."""

from __future__ import annotations

from extractor.label.lines import Line
from extractor.label.table_draft import TableDraft


def find_grid_table(lines: list[Line], start: int) -> tuple[TableDraft, int] | None:
    """The table that begins at line `start`, caption included, and the line behind it and its notes."""
    if lines[start].grid < 0:
        return None
    return None
