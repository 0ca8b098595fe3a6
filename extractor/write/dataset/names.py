"""Which outputs are datasets, by their names, and where their parts stand."""

from __future__ import annotations

import os
import re
from pathlib import Path

LOCK = "_lock"  # the first file in the folder of a dataset, which marks it as one
STATE = "_state.sqlite"

_suffix = re.compile(r"\.(?:jsonl(?:\.gz|\.zst)?|duckdb)$")


def is_dataset(output: str) -> bool:
    """Whether an output is a dataset: a folder, JSON lines or a DuckDB file.

    >>> [is_dataset(output) for output in ("all.jsonl.gz", "trials.duckdb", "trials/", "page.json", "-")]
    [True, True, True, False, False]
    """
    return bool(_suffix.search(output)) or output.endswith(("/", os.sep)) or Path(output).is_dir()


def is_lines(output: str) -> bool:
    """Whether only JSON lines are wanted of a dataset.

    >>> is_lines("all.jsonl.zst"), is_lines("trials/")
    (True, False)
    """
    return bool(_suffix.search(output)) and not output.endswith(".duckdb")


def folder_of(output: str) -> Path:
    """Where the parts of a dataset stand: in the folder itself, or in one beside the file.

    >>> folder_of("trials.duckdb").name, folder_of("trials/").name
    ('trials.duckdb.parts', 'trials')
    """
    return Path(f"{output}.parts") if _suffix.search(output) else Path(output)
