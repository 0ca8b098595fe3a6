"""Matches out: JSON Lines, a CSV table, an Excel workbook, an HTML sheet for people. The name of the output decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import IO, Any

Json = dict[str, Any]
Write = Callable[[Iterable[Json], IO[bytes], Sequence[str]], None]
# Ending of the output → the module that writes it; standard output gets lines.
WRITERS = {".jsonl": "lines", ".ndjson": "lines", "-": "lines", ".csv": "tables", ".xlsx": "workbook", ".html": "page"}


def find_writer(output: str) -> Write | None:
    """What writes matches to an output, None for an ending that no writer has."""
    name = next((module for ending, module in WRITERS.items() if output.lower().endswith(ending)), None)
    if name is None:
        return None
    write: Write = import_module(f"extractor.screen.sheets.{name}").write
    return write
