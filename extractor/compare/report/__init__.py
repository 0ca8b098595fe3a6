"""Histories for readers: JSON, rows of CSV, Markdown, and one self-contained page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from extractor.compare.changes import FORMAT, History, Report
from extractor.compare.report.markdown import markdown
from extractor.compare.report.page import page
from extractor.compare.report.table import csv_rows
from extractor.write import to_json

Texts = Mapping[str, str]  # SHA-256 of a document → its decoded text
Writer = Callable[[Sequence[History], Texts], bytes]


def _json(histories: Sequence[History], texts: Texts) -> bytes:
    del texts
    return to_json(Report(format=FORMAT, histories=list(histories)), indent=2) + b"\n"


# Ending of the output's name → what writes it, and whether it shows passages of the documents.
WRITERS: dict[str, Writer] = {
    ".json": _json,
    ".md": lambda histories, texts: markdown(histories).encode(),
    ".csv": lambda histories, texts: csv_rows(histories).encode(),
    ".html": lambda histories, texts: page(histories, texts).encode(),
}
NEEDS_TEXTS = frozenset({".html"})
