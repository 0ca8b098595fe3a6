"""Two records side by side: values at their places, what has been found to belong together, and the differences met on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET

from extractor.model import Record
from extractor.tables import read_table

Basis = Literal["VERSIONS", "FORMS", "REGISTERS"]
Kind = Literal["ADDED", "REMOVED", "CHANGED", "REWORDED", "MOVED", "SPLIT", "MERGED", "TIGHTENED", "LOOSENED", "ONLY"]
Positions = tuple[int, int]
"""Where two compared records stand in a list of versions, counted from 0: the old one, the new one."""


class Spot(NamedTuple):
    """A value of a record at its JSON Pointer; the value of what is absent is UNSET. `shown` stands for ids that tell a reader nothing."""

    pointer: str
    value: Any
    shown: str = ""

    def __bool__(self) -> bool:
        """Whether there is a value."""
        return self.value is not UNSET

    def at(self, name: str, attribute: str = "") -> Spot:
        """A field of the value, absent where the value itself is."""
        found = UNSET if self.value is UNSET else getattr(self.value, attribute or name)
        return Spot(f"{self.pointer}/{name}", found)

    def items(self) -> list[Spot]:
        """The items of a list, none of an absent one."""
        return [] if self.value is UNSET else [Spot(f"{self.pointer}/{at}", item) for at, item in enumerate(self.value)]


class Difference(NamedTuple):
    """What differs, before it is weighed: `tags` say what the table of severities asks for, `item` names what it is about."""

    field: str
    kind: Kind
    old: tuple[Spot, ...] = ()
    new: tuple[Spot, ...] = ()
    item: str = ""
    tags: frozenset[str] = frozenset()


class Uncompared(NamedTuple):
    """A field that both records have and that cannot be compared, and why."""

    field: str
    reason: str


@dataclass(slots=True)
class Couple:
    """Two records and how they relate: versions of one registration, forms of one version, or registers of one trial."""

    old: Record
    new: Record
    basis: Basis
    partners: dict[str, str] = field(default_factory=dict)  # id of the old record → id of the new one: arm-1, int-2, IND1, t3
    uncompared: list[Uncompared] = field(default_factory=list)

    @property
    def sets_apart(self) -> bool:
        """Whether what one of them lacks is no change: another form may not show it, another register may not ask for it."""
        return self.basis != "VERSIONS" or self.old.source.format != self.new.source.format

    def roots(self) -> tuple[Spot, Spot]:
        """The trials or labels."""
        return _root(self.old), _root(self.new)

    def skip(self, name: str, reason: str) -> None:
        """Notes that a field cannot be compared, once."""
        if Uncompared(name, reason) not in self.uncompared:
            self.uncompared.append(Uncompared(name, reason))


def _root(record: Record) -> Spot:
    return Spot(f"/{record.kind}", getattr(record, record.kind))


_FIELDS: dict[Any, tuple[tuple[str, str], ...]] = {}  # by declared type


def fields_of(kind: Any) -> tuple[tuple[str, str], ...]:
    """(name in JSON, attribute) of every field of a declared type, in its order."""
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple((item.encode_name, item.name) for item in msgspec.structs.fields(kind))
    return _FIELDS[kind]


@cache
def treatments() -> dict[str, str]:
    """tables/fields.tsv: path of a field → how it is treated."""
    return {cells[0]: cells[1] for cells in read_table("extractor.compare", "fields")}


def treatment_of(name: str) -> str:
    """How a field is treated, "" as others are; a study inside a label has the fields of a trial."""
    return treatments().get(name.removeprefix("trials/"), "")
