"""The tables of a dataset: which columns, of which types, read from where in a record. tables.tsv declares them.

A column of type `text` stands for two, name_en and name_zh; `texts` for two lists of strings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from msgspec import UNSET

from extractor.model import Record
from extractor.write.tables_rows import EACH

LANGUAGES = ("en", "zh")
KEYS = ("record_key", "record_id")  # lead every table of records
Getter = Callable[[Any], Any]


class Column(NamedTuple):
    """A column: `type` is string, integer, number, boolean or list (of strings); `get` reads it from a row's subject."""

    name: str
    type: str
    get: Getter


class Declared(NamedTuple):
    """A line of tables.tsv."""

    table: str
    column: str
    type: str
    path: str
    meaning: str


@cache
def declared() -> tuple[Declared, ...]:
    """Every line of tables.tsv after its head; a table's own line comes first and has the type "table"."""
    lines = files("extractor.write").joinpath("tables.tsv").read_text("utf-8").splitlines()[1:]
    return tuple(Declared(*line.split("\t")) for line in lines)


@cache
def columns_of(table: str) -> tuple[Column, ...]:
    """The columns of a table, keys first where it is one of records."""
    keys = [Column(key, "string", _getter(key)) for key in KEYS] if table in EACH else []
    lines = [line for line in declared() if line.table == table and line.type != "table"]
    return (*keys, *(column for line in lines for column in _columns(line)))


def table_names() -> list[str]:
    """The tables that are filled from records, in the order of their declaration."""
    return [line.table for line in declared() if line.type == "table" and line.table in EACH]


def _columns(line: Declared) -> Iterator[Column]:
    if line.type == "text":
        yield from (Column(f"{line.column}_{language}", "string", _getter(f"{line.path}.{language}")) for language in LANGUAGES)
    elif line.type == "texts":
        yield from (Column(f"{line.column}_{language}", "list", _list_getter(line.path, language)) for language in LANGUAGES)
    else:
        yield Column(line.column, line.type, _getter(line.path))


def _getter(path: str) -> Getter:
    """What follows attributes down a path: None where one of them is absent."""
    names = path.split(".")

    def get(value: Any) -> Any:
        for name in names:
            value = getattr(value, name)
            if value is UNSET or value is None:
                return None
        return value

    return get


def _list_getter(path: str, language: str) -> Getter:
    get = _getter(path)

    def get_list(value: Any) -> list[str] | None:
        found = [text for item in get(value) or () if (text := getattr(item, language)) is not UNSET]
        return found or None

    return get_list


class Rows:
    """Rows gathered column by column, table by table: `columns["trials"][3]` are the values of the fourth column."""

    def __init__(self) -> None:
        self.columns: dict[str, list[list[Any]]] = {}

    def add(self, key: str, record: Record, line: bytes) -> None:
        """Adds what every table holds of a record; `line` is its JSON."""
        keys = (key, record.id)
        for table in table_names():
            columns = columns_of(table)
            for subject in EACH[table](record, line):
                values = self.columns.setdefault(table, [[] for _ in columns])
                for column, cells in zip(columns[2:], values[2:], strict=True):
                    cells.append(column.get(subject))
                for cells, cell in zip(values, keys, strict=False):
                    cells.append(cell)

    def take(self, table: str) -> list[list[Any]]:
        """The columns of a table, which is empty from then on."""
        return self.columns.pop(table)
