"""Matches as rows of tables: one a patient and trial, one a criterion, one a question; and the CSV file of criteria."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from extractor.screen.questions import told

Json = dict[str, Any]
BOM = "\ufeff"  # without it Excel takes a CSV file for one of the system's own character set
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet run a cell, after OWASP's list
MATCHES = ("patient", "rank", "trial", "title", "status", "verdict", "for", "against", "open")
CRITERIA = ("patient", "rank", "trial", "title", "status", "verdict", "section", "criterion", "state", "speaks")


def write(rows: Iterable[Json], stream: IO[bytes], languages: Sequence[str]) -> None:
    """One row a criterion, as UTF-8 with its byte order mark; a cell that a spreadsheet would run as a formula gets a leading quote."""
    text = io.TextIOWrapper(stream, "utf-8", newline="", write_through=True)
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow(criterion_header(languages))
    for row in rows:
        writer.writerows([inert(cell) for cell in cells] for cells in criterion_rows(row, languages))
    text.detach()


def inert(cell: Any) -> Any:
    """A cell that no spreadsheet runs as a formula.

    >>> inert("=1+1"), inert("18 years")
    ("'=1+1", '18 years')
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def criterion_header(languages: Sequence[str]) -> list[str]:
    """The columns of a row a criterion."""
    return [*CRITERIA, *(f"text_{language}" for language in languages), "evidence", *(f"ask_{language}" for language in languages)]


def criterion_rows(row: Json, languages: Sequence[str]) -> Iterator[list[Any]]:
    """The criteria of a match."""
    title = " / ".join(dict.fromkeys(told(row["title"], language) for language in languages if row["title"]))
    head = [row["patient"], row["rank"], row["trial"], title, row["status"].get("code", ""), row["verdict"]]
    for item in row["criteria"]:
        said = [item["section"], item["id"], item["state"], item["speaks"]]
        texts = [whole_text(item, language) for language in languages]
        yield [*head, *said, *texts, shown_evidence(item), *(asked(item, language) for language in languages)]


def match_row(row: Json, languages: Sequence[str]) -> list[Any]:
    """A match without its criteria."""
    title = " / ".join(dict.fromkeys(told(row["title"], language) for language in languages if row["title"]))
    counts = [row["for"], row["against"], row["open"]]
    return [row["patient"], row["rank"], row["trial"], title, row["status"].get("code", ""), row["verdict"], *counts]


def whole_text(item: Json, language: str) -> str:
    """The words of a criterion and of all below it, one a line; "" where it is in another language only."""
    text = item["text"].get(language, "")
    return "\n".join(filter(None, (text, *(f"– {line}" for child in item.get("children", ()) for line in _lines(child, language)))))


def _lines(child: Json, language: str) -> Iterator[str]:
    text = whole_text(child, language)
    yield from text.split("\n") if text else ()


def asked(item: Json, language: str) -> str:
    """The questions of an open criterion, one a line."""
    return "\n".join(question["text"][language] for question in item.get("ask", ()))


def shown_evidence(item: Json) -> str:
    """What decided a criterion: the words, and the patient's value.

    >>> shown_evidence({"evidence": [{"constraint": "Age >= 18", "state": "MET", "patient": {"age": 54, "unit": "a"}}]})
    'Age >= 18: 54 years'
    """
    return "\n".join(filter(None, (_shown(piece) for piece in item["evidence"])))


def _shown(piece: Json) -> str:
    found = piece.get("patient", piece.get("trial"))
    values = found if isinstance(found, list) else [found] if found else []
    return f"{piece['constraint']}: {'; '.join(map(shown_value, values))}" if values else str(piece["constraint"])


def shown_value(value: Json) -> str:
    """A patient's value in a line.

    >>> shown_value({"name": "platelets", "value": 120, "unit": "10*9/L", "date": "2026-03-10", "given": "PLT"})
    'platelets (PLT) 120 10*9/L, 2026-03-10'
    """
    if "age" in value:
        return f"{value['age']} {TIME_WORDS.get(value['unit'], value['unit'])}"
    named = " ".join(filter(None, (str(value.get("name", "")).replace("_", " "), f"({value['given']})" if "given" in value else "")))
    number = " ".join(str(value[key]) for key in ("value", "unit") if key in value)
    limits = "; ".join(f"{key.replace('_', ' ')} {value[key]:g}" for key in ("upper_limit", "lower_limit") if key in value)
    dates = " – ".join(value[key] for key in ("start", "end") if key in value) or str(value.get("date", ""))
    rest = {key: item for key, item in value.items() if key not in KNOWN}
    others = ", ".join(f"{key.replace('_', ' ')}: {told(item, 'en') if isinstance(item, dict) else item}" for key, item in rest.items())
    return ", ".join(filter(None, (" ".join(filter(None, (named, number))), limits, dates, others)))


TIME_WORDS = {"a": "years", "mo": "months", "wk": "weeks", "d": "days"}
KNOWN = frozenset({"name", "given", "value", "unit", "upper_limit", "lower_limit", "start", "end", "date"})
