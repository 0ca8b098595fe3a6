"""Tables of one database, a file each, joined to a document a study: the pipe-delimited files of an AACT download.

AACT gives every table of ClinicalTrials.gov as a file of its own, whose rows name their study in `nct_id` and stand in no order that
the files share. So the rows go through a database of SQLite that lives in a temporary file without a name, and memory stays small.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

from extractor.containers.streams import Stream
from extractor.decode.charset import decode_bytes
from extractor.errors import ExtractError, UnreadableInput
from extractor.split import rows

if TYPE_CHECKING:
    import sqlite3

MAIN = "studies"  # the table with a row a study
KEY = "nct_id"
MAX_TABLES = 1 << 34  # bytes of all tables: twice a whole download of 2025, unpacked
HEAD = 1 << 16  # bytes in which a table's first row ends
LEAST = 2  # tables that are joined: one alone is read as it is
MARK = "AACT"  # the one key of the documents that come out
SCHEMA = "CREATE TABLE cells (study TEXT, place INTEGER, row TEXT)"

_header = re.compile(rb'(?:\xef\xbb\xbf)?(?:"?\w+"?\|)*"?nct_id"?(?:\|"?\w+"?)*\r?(?:\n|$)')


class Table(NamedTuple):
    """A table by its name ("studies"), and its bytes."""

    name: str
    stream: Stream


class Joined(NamedTuple):
    """A study's document by its number from 1, or what is wrong with a row (`number` 0) of the table `table`."""

    table: str
    number: int
    data: bytes | ExtractError


def is_table(head: bytes) -> bool:
    r"""Whether a file's first bytes are those of a table whose rows name their studies.

    >>> is_table(b"id|nct_id|name\n1|NCT00000000|Cough\n"), is_table(b"id|qualifier\n")
    (True, False)
    """
    first = head.partition(b"\n")[0]
    return b"|" in first and _header.match(first) is not None


def join_tables(tables: Iterable[Table]) -> Iterator[Joined]:
    """A document of JSON for every study of the table `studies`, in its order, with the rows that name it, table by table.

    Rows that are damaged or name no study of that table come out as faults.
    Raises UnreadableInput where a table breaks off, or where there is no room for a copy of the rows on disk.
    """
    import sqlite3  # noqa: PLC0415 (only needed here)

    with closing(sqlite3.connect("", isolation_level=None)) as base:
        base.execute(SCHEMA)
        names: list[str] = []
        try:
            base.execute("BEGIN")
            for table in tables:
                yield from _load(base, table, len(names))
                names.append(table.name)
            base.execute("CREATE INDEX studies ON cells (study, place)")
            yield from _documents(base, names)
            yield from _strays(base, names)
        except sqlite3.Error as error:
            raise UnreadableInput(
                f"the tables are too large to be joined here ({error}): make room where temporary files are kept, or name fewer tables"
            ) from None


def _load(base: sqlite3.Connection, table: Table, place: int) -> Iterator[Joined]:
    """Copies the rows of a table; what cannot be read of them comes out."""
    head = table.stream.peek(HEAD)
    split = rows.find_split(head, f"{table.name}.psv")
    try:
        if b"\n" not in head:
            raise UnreadableInput(rows.CUT_OFF)
        for piece in split(table.stream.chunks()) if split else ():
            row = _row(piece)
            if row is None and not piece.endswith(b"\n"):
                raise UnreadableInput(rows.CUT_OFF)
            if row is None:
                yield Joined(table.name, 0, UnreadableInput("a row has more or fewer cells than the table has columns: export it again"))
            else:
                base.execute("INSERT INTO cells VALUES (?, ?, ?)", (row[KEY], place, json.dumps(row, ensure_ascii=False)))
    except ExtractError as error:
        raise UnreadableInput(f"no study is read, as all would lack rows of the table {table.name}: {error}") from None


def _row(piece: bytes) -> dict[str, str] | None:
    """The filled cells of one row below its header; None where it is damaged or names no study."""
    try:
        found = list(csv.reader(StringIO(decode_bytes(piece), newline=""), delimiter="|", strict=True))
    except csv.Error:
        return None
    lines = [line for line in found if line]
    if [len(line) for line in lines] != [len(lines[0])] * 2:  # the header and the row
        return None
    row = {name.lstrip("\ufeff"): cell for name, cell in zip(*lines, strict=True) if cell and not cell.isspace()}
    return row if KEY in row else None


def _documents(base: sqlite3.Connection, names: list[str]) -> Iterator[Joined]:
    main = names.index(MAIN)
    studies = base.execute("SELECT study FROM cells WHERE place = ? GROUP BY study ORDER BY min(rowid)", (main,))
    for number, (study,) in enumerate(studies, 1):
        found: dict[str, list[str]] = {MAIN: []}
        for place, row in base.execute("SELECT place, row FROM cells WHERE study = ? ORDER BY place, rowid", (study,)):
            found.setdefault(names[place], []).append(row)
        tables = ", ".join(f"{json.dumps(name)}: [{', '.join(lines)}]" for name, lines in found.items())
        yield Joined(MAIN, number, f'{{"{MARK}": {{{tables}}}}}'.encode())


def _strays(base: sqlite3.Connection, names: list[str]) -> Iterator[Joined]:
    """What is said of rows whose study the table of studies lacks, once a table."""
    query = "SELECT place, count(*), min(study) FROM cells WHERE study NOT IN (SELECT study FROM cells WHERE place = ?) GROUP BY place ORDER BY 1"
    for place, count, study in base.execute(query, (names.index(MAIN),)).fetchall():
        yield Joined(names[place], 0, UnreadableInput(f"{count} of its rows belong to studies that {MAIN} does not hold, such as {study}"))


__all__ = ["HEAD", "LEAST", "MAIN", "MAX_TABLES", "Joined", "Table", "is_table", "join_tables"]
