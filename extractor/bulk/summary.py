"""The counts that a dataset's pictures show, each by one query."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from extractor.bulk.database import ask, parts_of, rows_of
from extractor.patterns import lazy_pattern
from extractor.write.summary import NamedRecords, Picture, Title, render


class PictureQuestion(NamedTuple):
    """A picture: its title, what it says below, the table asked, the query, and how it is drawn."""

    title: str
    note: str
    table: str
    query: str
    shape: str = "bars"


TOP = "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 12"
# What every picture asks; "{t}" is the table, "{top}" the order.
QUESTIONS: tuple[PictureQuestion, ...] = (
    PictureQuestion("Year of registration", "trials", "trials", "SELECT year, count(*) FROM {t} WHERE year BETWEEN 1980 AND 2100 GROUP BY 1 ORDER BY 1", "columns"),
    PictureQuestion("Source and form", "records", "records", "SELECT source || ' · ' || format, count(*) FROM {t} {top}"),
    PictureQuestion("Recruitment status", "trials", "trials", "SELECT overall_status, count(*) FROM {t} WHERE overall_status IS NOT NULL {top}"),
    PictureQuestion("Phase", "trials", "trials", "SELECT phase, count(*) FROM {t} WHERE phase IS NOT NULL {top}"),
    PictureQuestion("Country of the sites", "sites", "locations", "SELECT country_code, count(*) FROM {t} WHERE country_code IS NOT NULL {top}"),
    PictureQuestion("Conditions", "trials", "conditions", "SELECT coalesce(name_en, name_zh), count(DISTINCT record_key) FROM {t} {top}"),
    PictureQuestion("What criteria limit", "constraints by kind", "constraints", "SELECT kind, count(*) FROM {t} {top}"),
    PictureQuestion(
        "Measured variables", "constraints by variable", "constraints", "SELECT variable, count(*) FROM {t} WHERE kind IN ('MEASUREMENT', 'SCORE') AND variable IS NOT NULL {top}"
    ),
    PictureQuestion("Top-level criteria a trial", "trials", "criteria", "SELECT CASE WHEN n >= 40 THEN 40 ELSE n END, count(*) FROM (SELECT record_key, count(*) FILTER (depth = 0) AS n FROM {t} GROUP BY 1) GROUP BY 1 ORDER BY 1", "columns"),
    PictureQuestion("Findings", "findings by code", "findings", "SELECT code, count(*) FROM {t} {top}"),
    PictureQuestion("Coverage", "records by per cent of their content that is accounted for", "records", "SELECT CAST(floor(coverage * 100) AS BIGINT), count(*) FROM {t} GROUP BY 1 ORDER BY 1", "columns"),
    PictureQuestion("Inputs", "inputs by state", "inputs", "SELECT state, count(*) FROM {t} {top}"),
    PictureQuestion("In quarantine", "inputs by reason, numbers left out", "inputs", "SELECT regexp_replace(error, '[0-9]+', '…', 'g'), count(*) FROM {t} WHERE state = 'quarantined' {top}", "sentences"),
    PictureQuestion("Ties between registries", "links by type and rule", "links", "SELECT type || ' · ' || rule, count(*) FROM {t} {top}"),
)  # fmt: skip
# What finds the rows behind one bar or column of a picture, by its title; "{label}" is the bar's. A picture without one leads nowhere.
BEHIND = {
    "Year of registration": "year = {label}",
    "Source and form": "source || ' · ' || format = '{label}'",
    "Recruitment status": "overall_status = '{label}'",
    "Phase": "phase = '{label}'",
    "Country of the sites": "country_code = '{label}'",
    "Conditions": "coalesce(name_en, name_zh) = '{label}'",
    "What criteria limit": "kind = '{label}'",
    "Measured variables": "variable = '{label}'",
    "Findings": "code = '{label}'",
    "Coverage": "floor(coverage * 100) = {label}",
    "Inputs": "state = '{label}'",
    "In quarantine": "regexp_replace(error, '[0-9]+', '…', 'g') = '{label}'",
    "Ties between registries": "type || ' · ' || rule = '{label}'",
}
NAMED = 300  # records that the page names
NAMES = """SELECT r.record_id, coalesce(t.title, l.title), r.source, r.sha256, r.file FROM {t} r
LEFT JOIN ({trials}) t ON t.record_key = r.record_key LEFT JOIN ({labels}) l ON l.record_key = r.record_key ORDER BY 1, 4 LIMIT {most}"""
REVIEW = "review/index.html"  # of the review pages beside the tables
_entries = lazy_pattern(r'<script type="application/json" id="entries">(.*?)</script>', re.DOTALL)
FIGURES = ("records", "trials", "labels", "criteria", "constraints", "links")
OF_TRIALS = (
    "trials",
    "locations",
    "conditions",
)  # asked of one record a trial: versions, copies and twins count once, withdrawn trials never
LATEST = "(SELECT * FROM {t} WHERE trial_number = 0 AND record_key IN (SELECT record_key FROM {latest} WHERE NOT registration_withdrawn))"


def summary_page(folder: Path, *, alike: bool = False) -> bytes:
    """A page of pictures of the dataset in a folder: one file that needs nothing else. `alike`: all parts have the same columns."""

    def draw(base: Any) -> bytes:
        tables = _Tables(base, folder, alike=alike)
        figures = [(table, tables.count(table)) for table in FIGURES]
        charts = [Picture(item.title, item.note, item.shape, tables.answer(item), _behind(item)) for item in QUESTIONS]
        return render([figure for figure in figures if figure[1]], [chart for chart in charts if chart.rows], tables.titles())

    return ask(folder, draw)


def _behind(question: PictureQuestion) -> str:
    found = BEHIND.get(question.title)
    return f"SELECT * FROM '{question.table}/*.parquet' WHERE {found}" if found else ""  # noqa: S608 (shown to a person, never run)


def _pages(folder: Path) -> dict[tuple[str, str], str]:
    """(number, SHA-256) and (number, file) of a record → its review page, where review pages stand beside the tables."""
    place = folder / REVIEW
    match = _entries.search(place.read_text("utf-8")) if place.is_file() else None
    entries = json.loads(match[1]) if match else []
    return {(entry["identity"]["id"], entry["identity"][key]): f"review/{entry['page']}" for key in ("file", "sha256") for entry in entries}


def _page(pages: dict[tuple[str, str], str], record: str, digest: str, file: str) -> str:
    """The review page of a record: by its bytes, or where it was cut out of a file of many, by that file."""
    return pages.get((record, digest)) or pages.get((record, file.rpartition("#")[0]), "")


class _Tables:
    """The tables of a dataset, to be asked; one that has no part answers nothing."""

    def __init__(self, base: Any, folder: Path, *, alike: bool) -> None:
        self._base, self._folder, self._alike = base, folder, alike

    def count(self, table: str) -> int:
        """How many rows it has."""
        found = self._rows(table, "SELECT count(*) FROM {t}")
        return int(found[0][0]) if found else 0

    def answer(self, question: PictureQuestion) -> list[tuple[str, int]]:
        """What a picture shows: label and number."""
        return [(str(label), int(count)) for label, count in self._rows(question.table, question.query) if label is not None]

    def titles(self) -> NamedRecords:
        """The first records by name, each with its review page."""
        pages = _pages(self._folder)
        parts = {
            "trials": self._titled(
                "trials", "coalesce(brief_title_en, brief_title_zh, official_title_en, official_title_zh)", "trial_number = 0"
            ),
            "labels": self._titled("labels", "coalesce(generic_name_en, generic_name_zh)", "true"),
        }
        rows = self._rows(
            "records", NAMES.replace("{most}", str(NAMED)).replace("{trials}", parts["trials"]).replace("{labels}", parts["labels"])
        )
        found = [Title(record, title or "", source, _page(pages, record, digest, file)) for record, title, source, digest, file in rows]
        return NamedRecords(found, self.count("records"), REVIEW if pages else "")

    def _titled(self, table: str, title: str, condition: str) -> str:
        """SQL for the titles of a table, which may have no part."""
        if not any((self._folder / table).glob("*.parquet")):
            return "SELECT NULL::VARCHAR AS record_key, NULL::VARCHAR AS title WHERE false"
        return f"SELECT record_key, {title} AS title FROM {parts_of(self._folder, table, alike=self._alike)} WHERE {condition}"  # noqa: S608

    def _rows(self, table: str, query: str) -> list[tuple[Any, ...]]:
        if not any((self._folder / table).glob("*.parquet")):
            return []
        rows: list[tuple[Any, ...]] = self._base.execute(query.format(t=self._source(table), top=TOP)).fetchall()
        return rows

    def _source(self, table: str) -> str:
        """What a question is asked of: all rows of a table, or those of the records that stand for a trial."""
        own = rows_of(self._folder, table, alike=self._alike)
        return LATEST.format(t=own, latest=rows_of(self._folder, "latest")) if table in OF_TRIALS else own
