"""The counts that a dataset's pictures show, each by one query."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from extractor.bulk.database import ask, rows_of
from extractor.write.summary import Chart, render


class Question(NamedTuple):
    """A picture: its title, what it says below, the table asked, the query, and how it is drawn."""

    title: str
    note: str
    table: str
    query: str
    shape: str = "bars"


TOP = "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 12"
# What every picture asks; "{t}" is the table, "{top}" the order.
QUESTIONS: tuple[Question, ...] = (
    Question("Year of registration", "trials", "trials", "SELECT year, count(*) FROM {t} WHERE year BETWEEN 1980 AND 2100 GROUP BY 1 ORDER BY 1", "columns"),
    Question("Source and form", "records", "records", "SELECT source || ' · ' || format, count(*) FROM {t} {top}"),
    Question("Recruitment status", "trials", "trials", "SELECT overall_status, count(*) FROM {t} WHERE overall_status IS NOT NULL {top}"),
    Question("Phase", "trials", "trials", "SELECT phase, count(*) FROM {t} WHERE phase IS NOT NULL {top}"),
    Question("Country of the sites", "sites", "locations", "SELECT country_code, count(*) FROM {t} WHERE country_code IS NOT NULL {top}"),
    Question("Conditions", "trials", "conditions", "SELECT coalesce(name_en, name_zh), count(DISTINCT record_key) FROM {t} {top}"),
    Question("What criteria limit", "constraints by kind", "constraints", "SELECT kind, count(*) FROM {t} {top}"),
    Question(
        "Measured variables", "constraints by variable", "constraints", "SELECT variable, count(*) FROM {t} WHERE kind IN ('MEASUREMENT', 'SCORE') AND variable IS NOT NULL {top}"
    ),
    Question("Top-level criteria a trial", "trials", "criteria", "SELECT CASE WHEN n >= 40 THEN 40 ELSE n END, count(*) FROM (SELECT record_key, count(*) FILTER (depth = 0) AS n FROM {t} GROUP BY 1) GROUP BY 1 ORDER BY 1", "columns"),
    Question("Findings", "findings by code", "findings", "SELECT code, count(*) FROM {t} {top}"),
    Question("Coverage", "records by per cent of their content that is accounted for", "records", "SELECT CAST(floor(coverage * 100) AS BIGINT), count(*) FROM {t} GROUP BY 1 ORDER BY 1", "columns"),
    Question("Inputs", "inputs by state", "inputs", "SELECT state, count(*) FROM {t} {top}"),
    Question("In quarantine", "inputs by reason, numbers left out", "inputs", "SELECT regexp_replace(error, '[0-9]+', '…', 'g'), count(*) FROM {t} WHERE state = 'quarantined' {top}", "sentences"),
    Question("Ties between registries", "links by type and rule", "links", "SELECT type || ' · ' || rule, count(*) FROM {t} {top}"),
)  # fmt: skip
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
        charts = [Chart(item.title, item.note, item.shape, tables.answer(item)) for item in QUESTIONS]
        return render([figure for figure in figures if figure[1]], [chart for chart in charts if chart.rows])

    return ask(folder, draw)


class _Tables:
    """The tables of a dataset, to be asked; one that has no part answers nothing."""

    def __init__(self, base: Any, folder: Path, *, alike: bool) -> None:
        self._base, self._folder, self._alike = base, folder, alike

    def count(self, table: str) -> int:
        """How many rows it has."""
        found = self._rows(table, "SELECT count(*) FROM {t}")
        return int(found[0][0]) if found else 0

    def answer(self, question: Question) -> list[tuple[str, int]]:
        """What a picture shows: label and number."""
        return [(str(label), int(count)) for label, count in self._rows(question.table, question.query) if label is not None]

    def _rows(self, table: str, query: str) -> list[tuple[Any, ...]]:
        if not any((self._folder / table).glob("*.parquet")):
            return []
        rows: list[tuple[Any, ...]] = self._base.execute(query.format(t=self._source(table), top=TOP)).fetchall()
        return rows

    def _source(self, table: str) -> str:
        """What a question is asked of: all rows of a table, or those of the records that stand for a trial."""
        own = rows_of(self._folder, table, alike=self._alike)
        return LATEST.format(t=own, latest=rows_of(self._folder, "latest")) if table in OF_TRIALS else own
