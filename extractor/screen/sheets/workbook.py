"""Matches as an Excel workbook: matches, criteria, questions, and what of the patients' files was not understood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import IO, Any

from extractor.screen.questions import checklist
from extractor.screen.sheets.tables import MATCHES, criterion_header, criterion_rows, match_row

Json = dict[str, Any]
CLOCK = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # the same matches give the same bytes
LONGEST = 32_767  # characters that a cell of Excel holds
WIDTHS = {
    "title": 40,
    "text_en": 60,
    "text_zh": 60,
    "evidence": 40,
    "ask_en": 40,
    "ask_zh": 40,
    "question": 60,
    "trials": 40,
    "problem": 40,
}
WIDTH = 14  # of any other column, in characters
COLOURS = {"ELIGIBLE": "#d7ecd9", "EXCLUDED": "#f3d6d3", "FOR": "#d7ecd9", "AGAINST": "#f3d6d3", "OPEN": "#fbf0cf", "UNKNOWN": "#fbf0cf"}


def write(rows: Iterable[Json], stream: IO[bytes], languages: Sequence[str]) -> None:
    """The workbook. Needs xlsxwriter."""
    import xlsxwriter  # noqa: PLC0415 (an extra)

    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"created": CLOCK})
    formats = {word: book.add_format({"bg_color": colour, "valign": "top"}) for word, colour in COLOURS.items()}
    sheets = _Sheets(book, formats)
    by_patient: dict[str, list[Json]] = {}
    for row in rows:
        by_patient.setdefault(row["patient"], []).append(row)
        sheets.add("matches", MATCHES, [match_row(row, languages)])
        sheets.add("criteria", criterion_header(languages), criterion_rows(row, languages))
    for patient, matches in by_patient.items():
        sheets.add("to ask", _asking(languages), (_question(patient, item, languages) for item in checklist(matches)))
        told = ([patient, *(str(d.get(key, "")) for key in _DOUBT), ", ".join(d.get("nearest", ()))] for d in matches[0]["not_understood"])
        sheets.add("not understood", ("patient", *_DOUBT, "nearest"), told)
    book.close()


_DOUBT = ("place", "given", "problem")


def _asking(languages: Sequence[str]) -> list[str]:
    return ["patient", *(f"ask_{language}" for language in languages), "waiting", "trials"]


def _question(patient: str, item: Json, languages: Sequence[str]) -> list[Any]:
    return [patient, *(item["text"][language] for language in languages), len(item["trials"]), ", ".join(item["trials"])]


class _Sheets:
    """The sheets of a workbook, each begun when its first rows come."""

    def __init__(self, book: Any, formats: Json) -> None:
        self._book, self._formats = book, formats
        self._bold = book.add_format({"bold": True})
        self._plain = book.add_format({"text_wrap": True, "valign": "top"})
        self._sheets: dict[str, Any] = {}
        self._rows: dict[str, int] = {}

    def add(self, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Writes rows below those that the sheet has."""
        sheet = self._sheets.get(name) or self._begin(name, header)
        for row in rows:
            self._rows[name] += 1
            for at, cell in enumerate(row):
                self._write(sheet, self._rows[name], at, cell)

    def _write(self, sheet: Any, row: int, column: int, cell: Any) -> None:
        if isinstance(cell, str):
            told = cell if len(cell) <= LONGEST else f"{cell[: LONGEST - 1]}…"
            sheet.write_string(row, column, told, self._formats.get(cell, self._plain))
        else:
            sheet.write(row, column, cell, self._plain)

    def _begin(self, name: str, header: Sequence[str]) -> Any:
        sheet = self._sheets[name] = self._book.add_worksheet(name)
        self._rows[name] = 0
        for at, title in enumerate(header):
            sheet.write_string(0, at, title, self._bold)
            sheet.set_column(at, at, WIDTHS.get(title, WIDTH))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, 0, len(header) - 1)
        return sheet
