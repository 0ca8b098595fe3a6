"""Where a value goes: the one notation that every table of a source is written in.

A target is one of

    "titles/public"                        a field of the record, as `extractor.model` names it, below /trial
    "arms/+/label"                         a field of the next item of a list; what one row, group or match enters shares its item
    "sponsors/+/name role=LEAD"            the same, with codes for fields beside it, which no words of the source state
    f"sponsors/{LAST}/name role=FUNDER"    a field of the item that stands behind all others
    FURNITURE                              boilerplate: a button, a heading, a value that the registry derives from others
    UNMAPPED                               kept in the record under its label, for want of a field
    "?Postcode"                            the same, under a label of ours
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

FURNITURE = "-"
UNMAPPED = "?"
NEXT = "+"
LAST = "9000"  # a position behind those of any list; the record closes the gap


class FieldTarget(NamedTuple):
    """A row's target: the path of the field, the path of the item that holds it, and codes for fields below that item."""

    path: str
    item: str
    codes: tuple[tuple[str, str], ...]


@lru_cache(maxsize=4096)
def parse_target(target: str) -> FieldTarget:
    """The parts of a target, "+" still in place of positions.

    >>> parse_target("sponsors/+/name role=LEAD")
    FieldTarget(path='sponsors/+/name', item='sponsors/+', codes=(('role', 'LEAD'),))
    >>> parse_target("identifiers/0/value primary=true").item
    'identifiers/0'
    """
    path, *pairs = target.split()
    name, opened, _ = path.partition("/" + NEXT)
    item = name + opened if opened else path.rpartition("/")[0]
    codes = tuple((field, code) for field, _, code in (pair.partition("=") for pair in pairs))
    return FieldTarget(path, item, codes)


def is_kept(target: str) -> bool:
    """True if the target says that the value is kept without a field: UNMAPPED, or "?" and a label."""
    return target.startswith(UNMAPPED)
