"""What a comparison returns: changes with both places, versions with their dates, histories of trials. The contract is docs/compare.md."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from extractor.compare.couple import Basis, Kind
from extractor.compare.weighing import Severity
from extractor.model import Model, Place

FORMAT: Literal["extract-compare-1"] = "extract-compare-1"


class Evidence(Model, frozen=True, kw_only=True):
    """What one document says: where in its record, the value, the value as a line for people, and where in the document."""

    pointers: list[str]
    value: Any
    text: str
    places: list[Place] | UnsetType = UNSET


class Change(Model, frozen=True, kw_only=True):
    """One difference. `field` is the path without positions, `item` names what it is about, `rule` the row that gave the severity."""

    field: str
    kind: Kind
    severity: Severity
    rule: str
    item: str | UnsetType = UNSET
    message: str
    old: Evidence | UnsetType = UNSET
    new: Evidence | UnsetType = UNSET


class NotCompared(Model, frozen=True, kw_only=True):
    """A field that both have and that cannot be compared, with the reason."""

    field: str
    reason: str


class Comparison(Model, frozen=True, kw_only=True):
    """Two versions, forms or registers: `old` and `new` are places in the list of versions.

    Between forms and registers, what only one of them has is no change: it stands in `only_old` and `only_new`.
    """

    basis: Basis
    old: int
    new: int
    changes: list[Change] = msgspec.field(default_factory=list)
    only_old: list[Change] = msgspec.field(default_factory=list)
    only_new: list[Change] = msgspec.field(default_factory=list)
    not_compared: list[NotCompared] = msgspec.field(default_factory=list)


class Version(Model, frozen=True, kw_only=True):
    """One document of a trial or label. `date_from` says which field, or the file's name, gives its date."""

    id: str
    source: str
    format: str
    file: str
    sha256: str
    version: str | UnsetType = UNSET
    date: str | UnsetType = UNSET
    date_from: str | UnsetType = UNSET
    start: str | UnsetType = UNSET
    primary_completion: str | UnsetType = UNSET


class Remark(Model, frozen=True, kw_only=True):
    """What is seen of a trial as a whole: `version` is the place of the version that shows it."""

    rule: str
    severity: Severity
    version: int
    message: str


class History(Model, frozen=True, kw_only=True):
    """All versions of one trial or label in the order of their dates, and what differs between them."""

    id: str
    kind: Literal["trial", "label"]
    versions: list[Version]
    comparisons: list[Comparison] = msgspec.field(default_factory=list)
    remarks: list[Remark] = msgspec.field(default_factory=list)


class Report(Model, frozen=True, kw_only=True):
    """What `extract compare` writes as JSON."""

    format: Literal["extract-compare-1"]
    histories: list[History]
