"""The registry of outputs: what the ending of a name stands for. tables/outputs.tsv holds the rows; help, lists and docs read them here.

A folder whose name is, or ends in, a certain word may have a row of its own ("word/"); "/" stands for every other folder.
"""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from extractor.patterns import lazy_pattern
from extractor.tables import read_table

STDOUT = "-"
FOLDER = "/"
DATASET, RECORDS, TABLE, WORKBOOK, PAGE, REVIEWS = "dataset", "records", "table", "workbook", "page", "reviews"
IN_TARGETS = {".xml": "ictrp"}  # endings that only a target writes, and the one to name

_last_word = lazy_pattern(r"[-_.]")


class Output(NamedTuple):
    """A kind of output: the ending of its name, what writes it, the libraries it needs, what it is and who reads it."""

    ending: str
    way: str
    needs: tuple[str, ...]
    what: str
    reader: str

    def missing(self) -> list[str]:
        """The libraries it needs that are not installed."""
        return [name for name in self.needs if find_spec(name) is None]


@cache
def outputs() -> tuple[Output, ...]:
    """Every kind of output, in the order of the table."""
    return tuple(Output(ending, way, tuple(needs.split()), what, reader) for ending, way, needs, what, reader in read_table("extractor.write", "outputs"))  # fmt: skip


def find_output(name: str) -> Output | None:
    """The kind of output that a name stands for, None where its ending says nothing.

    A device or pipe that is there takes records, as standard output does.

    >>> [found.way if (found := find_output(name)) else None for name in ("a.json", "all.jsonl.gz", "out/", "a.docx", "-")]
    ['records', 'dataset', 'dataset', None, 'records']
    >>> [found.way for name in ("review/", "trials/my-review/", "preview/") if (found := find_output(name))]
    ['reviews', 'reviews', 'dataset']
    """
    ending = _ending(name, Path(name))
    return next((kind for kind in outputs() if kind.ending == ending), None)


def _ending(name: str, place: Path) -> str:
    if name.endswith((FOLDER, os.sep)) or place.is_dir():
        own = f"{_last_word.split(place.name.lower())[-1]}{FOLDER}"
        return own if any(kind.ending == own for kind in outputs()) else FOLDER
    if name == STDOUT or (place.exists() and not place.is_file()):
        return STDOUT
    ending = max((kind.ending for kind in outputs() if place.name.lower().endswith(kind.ending)), key=len, default="")
    return "" if place.name.lower() == ending else ending  # ".json" is a hidden file without an ending


def endings() -> str:
    """The endings of files, for a sentence."""
    return ", ".join(kind.ending for kind in outputs() if kind.ending.startswith("."))


def explain_ending(name: str) -> str:
    """What to do with a name whose ending says nothing, as the end of a sentence.

    >>> explain_ending("out")
    'write out/ for a folder of tables, or end the name in .json'
    >>> explain_ending("trials.xml")
    'XML is the form of a target: give --to ictrp'
    """
    ending = Path(name).suffix.lower()
    if ending in IN_TARGETS:
        return f"XML is the form of a target: give --to {IN_TARGETS[ending]}"
    if not ending:
        return f"write {name}/ for a folder of tables, or end the name in .json"
    return f"end the name in one of {endings()}; extract --list-formats says what they are"
