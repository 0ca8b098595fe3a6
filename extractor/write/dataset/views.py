"""The views of a dataset, written once for DuckDB and SQLite: one record a trial, and the tables of AACT under their own names.

tables/views.tsv declares them. In DuckDB all but trials_latest stand in the schema ctgov, as in AACT itself; SQLite has no schemas.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from extractor.patterns import lazy_pattern
from extractor.tables import read_table

OWN = "trials_latest"
SCHEMA = "ctgov"
_call = lazy_pattern(r"\b(day|years|once)\(")


class TableView(NamedTuple):
    """A view: its name, what it reads, its columns as (name, expression, meaning), and what it is."""

    name: str
    source: str
    columns: tuple[tuple[str, str, str], ...]
    meaning: str


@cache
def views() -> tuple[TableView, ...]:
    """Every view, in the order in which one may read another."""
    rows = [row[:4] for row in read_table("extractor.write.dataset", "views")]
    heads = [(view, expression, meaning) for view, column, expression, meaning in rows if column == "FROM"]
    return tuple(
        TableView(name, source, tuple((c, e, m) for view, c, e, m in rows if view == name and c != "FROM"), meaning)
        for name, source, meaning in heads
    )


def duckdb_statements() -> list[str]:
    """What makes the views in DuckDB, with their comments; the tables they read stand in the schema main."""
    made = [f"CREATE SCHEMA {SCHEMA}"]
    for view in views():
        place = f"main.{view.name}" if view.name == OWN else f"{SCHEMA}.{view.name}"
        made += [_create(view, place, _in_duckdb), f"COMMENT ON VIEW {place} IS {_text(view.meaning)}"]
        made += [f'COMMENT ON COLUMN {place}."{column}" IS {_text(meaning)}' for column, _, meaning in view.columns if column != "*"]
    return made


def sqlite_statements() -> list[str]:
    """What makes the views in SQLite."""
    names = {view: view.name if view.name == OWN else f"{SCHEMA}_{view.name}" for view in views()}
    return [_create(view, name, _in_sqlite).replace("main.", "") for view, name in names.items()]


def _create(view: TableView, place: str, dialect: Dialect) -> str:
    columns = ", ".join("t.*" if name == "*" else f'{_written(expression, dialect)} AS "{name}"' for name, expression, _ in view.columns)
    return f"CREATE VIEW {place} AS SELECT {columns} FROM {_written(view.source, dialect)}"  # noqa: S608 (expressions of ours)


def _text(meaning: str) -> str:
    return "'" + meaning.replace("'", "''") + "'"


Dialect = Callable[[str, list[str]], str]


def _written(expression: str, dialect: Dialect) -> str:
    """An expression with its own functions replaced.

    >>> _written("day(t.start_date)", _in_sqlite)
    "CASE length(t.start_date) WHEN 4 THEN NULL WHEN 7 THEN date(t.start_date || '-01', '+1 month', '-1 day') ELSE date(substr(t.start_date, 1, 10)) END"
    """
    found = _call.search(expression)
    if not found:
        return expression
    end, parts = _arguments(expression, found.end())
    return (
        expression[: found.start()] + dialect(found[1], [_written(part, dialect) for part in parts]) + _written(expression[end:], dialect)
    )


def _arguments(expression: str, start: int) -> tuple[int, list[str]]:
    """Where a call ends, and its arguments."""
    depth, parts = 1, [""]
    for at, sign in enumerate(expression[start:], start):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return at + 1, [part.strip() for part in parts]
        if sign == "," and depth == 1:
            parts.append("")
        else:
            parts[-1] += sign
    raise ValueError(f"a call does not end: {expression}")


def _in_duckdb(name: str, arguments: list[str]) -> str:
    if name == "day":
        (date,) = arguments
        last = f"last_day(CAST({date} || '-01' AS DATE))"
        return f"CASE length({date}) WHEN 4 THEN NULL WHEN 7 THEN {last} ELSE TRY_CAST(substr({date}, 1, 10) AS DATE) END"
    return _in_both(name, arguments)


def _in_sqlite(name: str, arguments: list[str]) -> str:
    if name == "day":
        (date,) = arguments
        last = f"date({date} || '-01', '+1 month', '-1 day')"
        return f"CASE length({date}) WHEN 4 THEN NULL WHEN 7 THEN {last} ELSE date(substr({date}, 1, 10)) END"
    return _in_both(name, arguments)


def _in_both(name: str, arguments: list[str]) -> str:
    """years(x): an age with its unit in words; once(h, x): a text under its heading, nothing where there is none."""
    if name == "years":
        (age,) = arguments
        unit = f"upper(substr({age}_unit, 1, 1)) || lower(substr({age}_unit, 2)) || CASE WHEN {age} = 1 THEN '' ELSE 's' END"
        number = f"CASE WHEN {age} = CAST({age} AS BIGINT) THEN CAST(CAST({age} AS BIGINT) AS VARCHAR) ELSE CAST({age} AS VARCHAR) END"
        return f"{number} || ' ' || {unit}"
    heading, text = arguments
    return f"coalesce({heading} || '\n\n' || {text} || '\n\n', '')"
