"""Histories for readers: JSON, rows of CSV, Markdown, and one self-contained page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from extractor.compare.changes import FORMAT, History, Report
from extractor.compare.report.markdown import markdown
from extractor.compare.report.page import page
from extractor.compare.report.table import csv_rows
from extractor.write import to_json

Texts = Mapping[str, str]  # SHA-256 of a document → its decoded text
Writer = Callable[[Sequence[History], Texts], str]


def as_json(histories: Sequence[History], _: Texts) -> str:
    """All histories as indented JSON."""
    return to_json(Report(format=FORMAT, histories=list(histories)), indent=2).decode() + "\n"


# Ending of the output's name → what writes it.
WRITERS: dict[str, Writer] = {".json": as_json, ".md": markdown, ".csv": csv_rows, ".html": page}
NEEDS_TEXTS = frozenset({".html"})  # which of them show passages of the documents
