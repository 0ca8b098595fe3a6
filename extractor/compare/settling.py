"""Differences to changes: weighed, shown, with their places in both documents; what only one side has is set apart."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from extractor.compare.changes import Change, Comparison, Evidence, NotCompared
from extractor.compare.couple import Couple, Difference, Positions, Spot, fields_of
from extractor.compare.showing import show
from extractor.compare.weighing import SEVERITIES, weigh
from extractor.model import Label, Place, Record, Trial

LONGEST = 160  # characters of a value in a message; the evidence has all of it
AGREEING = frozenset({"finer", "wording", "only_type"})  # between forms and registers these are no contradiction
LAYOUT = frozenset({"MOVED", "SPLIT", "MERGED"})  # nor is how a form or register divides its lists


def settle(couple: Couple, differences: Sequence[Difference], places: Positions = (0, 1)) -> Comparison:
    """The comparison of a couple; `places` are those of its records in the list of versions."""
    finders = PlaceFinder(couple.old), PlaceFinder(couple.new)
    lists: dict[str, list[Change]] = {"changes": [], "only_old": [], "only_new": []}
    mutual = _mutual(differences) if couple.sets_apart and couple.basis != "REGISTERS" else frozenset[str]()
    for found in sorted(differences, key=_order):
        target = "changes" if found.field in mutual or _is_of_both_lists(couple, found) else _list_of(couple, found)
        if target:
            change = _change(couple, found, *finders)
            lists[target].append(change if target == "changes" else _apart(change))
    not_compared = [NotCompared(field=item.field, reason=item.reason) for item in couple.uncompared]
    return Comparison(basis=couple.basis, old=places[0], new=places[1], **lists, not_compared=not_compared)


def _mutual(differences: Sequence[Difference]) -> frozenset[str]:
    """Lists of which each side has items that the other lacks: a form that prints a list prints all of it."""
    kinds = {kind: {found.field for found in differences if found.kind == kind} for kind in ("ADDED", "REMOVED")}
    return frozenset((kinds["ADDED"] & kinds["REMOVED"]) - {"unmapped"})


def _is_of_both_lists(couple: Couple, found: Difference) -> bool:
    """Whether the other version prints the list too that an item came into or went out of, though in another form."""
    if couple.basis != "VERSIONS" or found.field == "unmapped" or found.kind not in ("ADDED", "REMOVED"):
        return False
    (spot,) = (*found.old, *found.new)
    names = spot.pointer.split("/")[1:]
    first = next((at for at, name in enumerate(names) if name.isdigit()), 0)  # the list that stands highest, which needs no pairing
    return bool(first) and bool(_value_at(couple.new if found.kind == "REMOVED" else couple.old, names[:first]))


def _value_at(record: Record, names: list[str]) -> Any:
    """The value that a path of fields leads to, UNSET where there is none."""
    value: Any = record
    for name in names:
        value = getattr(value, name, UNSET)
    return value


_RANKS = {name: rank for kind in (Label, Trial) for rank, (name, _) in enumerate(fields_of(kind))}


def _order(found: Difference) -> int:
    """The order of the record's fields; within one the differences stay as they were found."""
    return _RANKS.get(found.field.partition("/")[0], len(_RANKS))


def _list_of(couple: Couple, found: Difference) -> str:
    """Which list takes the difference, "" where both sides agree."""
    if couple.sets_apart and found.kind in ("ADDED", "REMOVED"):
        return "only_new" if found.kind == "ADDED" else "only_old"
    if couple.basis == "VERSIONS":
        return "changes"
    agrees = found.tags & AGREEING or (found.kind in LAYOUT and "other_section" not in found.tags)
    return "" if agrees else "changes"


def _change(couple: Couple, found: Difference, before: PlaceFinder, after: PlaceFinder) -> Change:
    rule = weigh(couple, found)
    old, new = _evidence(found.old, before), _evidence(found.new, after)
    told = " → ".join(_shortened(side.text) for side in (old, new) if side is not None)
    return Change(
        field=found.field,
        kind=found.kind,
        severity=rule.severity,
        rule=rule.rule,
        item=" ".join(found.item.split()) or UNSET,
        message=f"{rule.says}: {told}" if told else rule.says,
        old=UNSET if old is None else old,
        new=UNSET if new is None else new,
    )


def _apart(change: Change) -> Change:
    """A value that only one form or register has: no change, whatever it would weigh as one."""
    told = next((side.text for side in (change.old, change.new) if side is not UNSET), "")
    severity = min(change.severity, "MATERIAL", key=SEVERITIES[::-1].index)
    return msgspec.structs.replace(
        change, kind="ONLY", rule="only", severity=severity, message=f"only one of the two has it: {_shortened(told)}"
    )


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def _evidence(spots: tuple[Spot, ...], finder: PlaceFinder) -> Evidence | None:
    if not spots:
        return None
    values = [msgspec.to_builtins(spot.value) for spot in spots]
    return Evidence(
        pointers=[spot.pointer for spot in spots],
        value=values[0] if len(values) == 1 else values,
        text=" ‖ ".join(spot.shown or show(spot.value) for spot in spots),
        places=[place for spot in spots for place in finder.find(spot.pointer)] or UNSET,
    )


class PlaceFinder:
    """Where the values of a record stand in its document."""

    def __init__(self, record: Record) -> None:
        self._places: dict[str, list[Place]] = {} if record.provenance is UNSET else record.provenance
        self._pointers = sorted(self._places)

    def find(self, pointer: str) -> list[Place]:
        """The places of a value: its own, else those of all that is below it, else those of what holds it.

        What the layout says of an item of a list, such as an outcome's level, has the places of the item.
        """
        own = self._places.get(pointer) or self._below(pointer)
        while not own and pointer:
            pointer = pointer.rpartition("/")[0]
            own = self._places.get(pointer) or (self._below(pointer) if pointer.rpartition("/")[2].isdigit() else [])
        return own

    def _below(self, pointer: str) -> list[Place]:
        first = bisect_left(self._pointers, f"{pointer}/")
        last = bisect_left(self._pointers, f"{pointer}0", first)  # "0" follows "/" in the order of characters
        return _distinct([place for name in self._pointers[first:last] for place in self._places[name]])


def _distinct(places: list[Place]) -> list[Place]:
    """The places in order, those inside others left out."""
    kept: list[Place] = []
    for place in sorted(places, key=lambda place: (place.start, -place.end)):
        if not kept or place.end > kept[-1].end:
            kept.append(place)
    return kept
