"""Records in the formats that other tools read: one module a target, tables/targets.tsv says which there are.

Every module has `export(record, language) -> Exported`, over the plain JSON of a record, so that documents and JSON
files of ours go the same way. What a target cannot hold is named in `left_out`, never dropped in silence.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

from extractor.tables import read_table

FOLDER = "/"


class Target(NamedTuple):
    """A format of another tool: what a file of it ends in, the kinds of record it holds, how several go into one file, what it is."""

    name: str
    endings: tuple[str, ...]
    holds: tuple[str, ...]
    several: str
    what: str
    reader: str


TARGETS: dict[str, Target] = {
    name: Target(name, tuple(endings.split()), tuple(holds.split()), several, what, reader)
    for name, endings, holds, several, what, reader in read_table("extractor.write.exports", "targets")
}


class Exported(NamedTuple):
    """What a target reads (JSON value, or text for XML, CSV, RIS and Markdown), and the pointers of what it cannot hold."""

    value: Any
    left_out: list[str]


class WrongKind(ValueError):
    """The record is of a kind that the target does not hold."""


def export(record: dict[str, Any], target: str, language: str = "en") -> Exported:
    """The record in a target's format; `language` is preferred where a text has two.

    Raises ValueError for a target that is none, WrongKind for a record that the target cannot hold at all.
    """
    if target not in TARGETS:
        raise ValueError(f"there is no target {target!r}: choose one of {', '.join(TARGETS)}")
    kinds = TARGETS[target].holds
    if record.get("kind") not in kinds:
        raise WrongKind(f"{target} holds {' and '.join(f'{kind}s' for kind in kinds)}; this record is a {record.get('kind')}")
    done: Exported = import_module(f"extractor.write.exports.{target.replace('-', '_')}").export(record, language)
    return done
