"""The tables of a dataset: which columns, of which types, read from where in a record. tables/columns.tsv declares them.

A column of type `text` stands for two, name_en and name_zh; `texts` for two lists of strings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from operator import attrgetter
from typing import Any, NamedTuple

from msgspec import UNSET

from extractor.model import Record
from extractor.tables import read_table
from extractor.write.dataset.rows import EACH

LANGUAGES = ("en", "zh")
KEYS = ("record_key", "record_id")  # lead every table of records
Shape = Callable[[Any], Any]


class Column(NamedTuple):
    """A column: `type` is string, integer, number, boolean or list (of strings); `path` leads to it from a row's subject.

    `shape` makes the cell of what stands there, where it is not the cell itself.
    """

    name: str
    type: str
    path: str
    shape: Shape | None = None


class Declared(NamedTuple):
    """A line of tables/columns.tsv."""

    table: str
    column: str
    type: str
    path: str
    meaning: str


@cache
def declared() -> tuple[Declared, ...]:
    """Every line of tables/columns.tsv after its head; a table's own line comes first and has the type "table"."""
    return tuple(Declared(*cells) for cells in read_table("extractor.write.dataset", "columns"))


@cache
def columns_of(table: str) -> tuple[Column, ...]:
    """The columns of a table, keys first where it is one of records."""
    keys = [Column(key, "string", "") for key in KEYS] if table in EACH else []
    lines = [line for line in declared() if line.table == table and line.type != "table"]
    return (*keys, *(column for line in lines for column in _columns(line)))


FINISHED = ("inputs", "links", "latest")  # tables that are made of the whole dataset when a run ends
COMPARED = ("versions", "changes")  # the same, only made when asked for


def all_tables() -> list[str]:
    """Every table that each dataset has: those of records, then those that are made at the end of a run."""
    return [*table_names(), *FINISHED]


@cache
def meanings_of(table: str) -> dict[str, str]:
    """What each column of a table means."""
    keys = {
        "record_key": "stands for one record; joins the tables",
        "record_id": "registry number of the record; several records can have it",
    }
    lines = [line for line in declared() if line.table == table and line.type != "table"]
    return {
        **({key: keys[key] for key in KEYS} if table in EACH else {}),
        **{column.name: line.meaning for line in lines for column in _columns(line)},
    }


def table_names() -> list[str]:
    """The tables that are filled from records, in the order of their declaration."""
    return [line.table for line in declared() if line.type == "table" and line.table in EACH]


def _columns(line: Declared) -> Iterator[Column]:
    if line.type == "text":
        yield from (Column(f"{line.column}_{language}", "string", f"{line.path}.{language}") for language in LANGUAGES)
    elif line.type == "texts":
        yield from (Column(f"{line.column}_{language}", "list", line.path, partial(_texts, attrgetter(language))) for language in LANGUAGES)
    else:
        yield Column(line.column, line.type, line.path)


def _texts(get: Shape, items: Iterable[Any]) -> list[str] | None:
    return [text for item in items if (text := get(item)) is not UNSET] or None


class _Reader:
    """Reads the cells of a row: an attribute on the way to several of them is followed once, and no further where it is absent."""

    def __init__(self, wanted: Iterable[tuple[int, Sequence[str], Shape | None]]) -> None:
        """`wanted` are (place in the row, names of the attributes that lead there, shape)."""
        below: dict[str, list[tuple[int, Sequence[str], Shape | None]]] = {}
        for place, (name, *rest), shape in wanted:
            below.setdefault(name, []).append((place, rest, shape))
        self._get = attrgetter(*below) if len(below) > 1 else _one(*below)
        self._cells = [(at, place, shape) for at, items in enumerate(below.values()) for place, rest, shape in items if not rest]
        deeper = ((at, [item for item in items if item[1]]) for at, items in enumerate(below.values()))
        self._readers = [(at, _Reader(items)) for at, items in deeper if items]

    def fill(self, row: list[Any], subject: Any) -> None:
        """Puts what the subject holds into its row."""
        values = self._get(subject)
        for at, place, shape in self._cells:
            value = values[at]
            if value is not UNSET and value is not None:
                row[place] = shape(value) if shape else value
        for at, reader in self._readers:
            value = values[at]
            if value is not UNSET and value is not None:
                reader.fill(row, value)


def _one(name: str) -> Callable[[Any], tuple[Any]]:
    get = attrgetter(name)
    return lambda subject: (get(subject),)


@cache
def _reader(table: str) -> _Reader:
    return _Reader([(at, column.path.split("."), column.shape) for at, column in enumerate(columns_of(table)) if column.path])


class Rows:
    """Rows gathered table by table: `rows["trials"][3]` are the cells of its fourth row, None where there is nothing.

    `tables` are those wanted, all where none is named.
    """

    def __init__(self, tables: Sequence[str] = ()) -> None:
        self._tables = tuple(tables) or _record_tables()
        self.rows: dict[str, list[list[Any]]] = {}

    def add(self, key: str, record: Record, line: bytes) -> None:
        """Adds what every table holds of a record; `line` is its JSON."""
        keys = [key, record.id]
        for table in self._tables:
            reader, blank = _reader(table), [None] * (len(columns_of(table)) - len(keys))
            for subject in EACH[table](record, line):
                row = keys + blank
                reader.fill(row, subject)
                self.rows.setdefault(table, []).append(row)

    def take(self, table: str) -> list[tuple[Any, ...]]:
        """The columns of a table, which is empty from then on."""
        return list(zip(*self.rows.pop(table), strict=True))


@cache
def _record_tables() -> tuple[str, ...]:
    return tuple(table_names())
