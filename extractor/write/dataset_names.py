"""Which outputs are datasets, by their names, where their parts stand, and the id of an input."""

from __future__ import annotations

import hashlib
from pathlib import Path

from extractor.write.outputs import DATASET, FOLDER, find_output

LOCK = "_lock"  # the first file in the folder of a dataset, which marks it as one
STATE = "_state.sqlite"
LINES = ".jsonl"
SQLITE = (".sqlite", ".db")
KEY_LENGTH = 16  # hexadecimal digits of an input's id, with which every record_key starts: 64 bits


def is_dataset(output: str) -> bool:
    """Whether an output is a dataset: a folder, JSON lines, a DuckDB or SQLite file.

    >>> [is_dataset(output) for output in ("all.jsonl.gz", "trials.duckdb", "trials/", "page.json", "-")]
    [True, True, True, False, False]
    """
    found = find_output(output)
    return found is not None and found.way == DATASET


def is_lines(output: str) -> bool:
    """Whether only JSON lines are wanted of a dataset.

    >>> is_lines("all.jsonl.zst"), is_lines("trials/")
    (True, False)
    """
    found = find_output(output)
    return found is not None and found.way == DATASET and found.ending.startswith(LINES)


def is_sqlite(output: str) -> bool:
    """Whether a dataset is to become a SQLite file.

    >>> is_sqlite("trials.db"), is_sqlite("trials.duckdb")
    (True, False)
    """
    found = find_output(output)
    return found is not None and found.ending in SQLITE


def folder_of(output: str) -> Path:
    """Where the parts of a dataset stand: in the folder itself, or in one beside the file.

    >>> folder_of("trials.duckdb").name, folder_of("trials/").name
    ('trials.duckdb.parts', 'trials')
    """
    found = find_output(output)
    return Path(output) if found is None or found.ending == FOLDER else Path(f"{output}.parts")


def id_of(address: str) -> str:
    """The id of the input at an address: 16 hexadecimal digits."""
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:KEY_LENGTH]
