"""Values and records of fixed fields: a value that is judged as one, and the fields of a record one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import UNSET

from extractor.compare.couple import Couple, Difference, Spot, fields_of
from extractor.compare.values import judge
from extractor.compare.words import Verdict
from extractor.model import Text

Walk = Callable[[Couple, Spot, Spot, str], Iterator[Difference]]  # compares two values of whatever type, under a path without positions

OTHER_LANGUAGE = "no language that both have"
NAMED_FIRST = ("interventions", "tables", "indications")  # lists that others refer to: their pairs are known before


def compare_struct(
    couple: Couple, old: Spot, new: Spot, name: str, walk: Walk, *, leave_out: tuple[str, ...] = ()
) -> Iterator[Difference]:
    """What differs between the fields of two values, one of which may be absent."""
    present = old.value if old else new.value
    for field, attribute in sorted(fields_of(type(present)), key=lambda names: names[0] not in NAMED_FIRST):
        if field in leave_out:
            continue
        yield from walk(couple, old.at(field, attribute), new.at(field, attribute), f"{name}/{field}" if name else field)


def compare_whole(couple: Couple, old: Spot, new: Spot, name: str) -> Iterator[Difference]:
    """The difference between two values that are judged as one."""
    if not old or not new:
        yield Difference(name, "ADDED" if new else "REMOVED", (old,) if old else (), (new,) if new else ())
        return
    verdict = judge(old.value, new.value)
    if verdict is Verdict.UNKNOWN:
        couple.skip(name, OTHER_LANGUAGE)
    elif verdict is not Verdict.SAME:
        tags = tags_of(old.value, new.value, verdict)
        yield Difference(name, "REWORDED" if isinstance(old.value, Text) else "CHANGED", (old,), (new,), tags=tags)


def tags_of(old: Any, new: Any, verdict: Verdict) -> frozenset[str]:
    """What the table of severities may ask of two values."""
    tags = {verdict.name.lower()} if verdict in (Verdict.FINER, Verdict.WORDING) else set[str]()
    if (getattr(old, "type", UNSET), getattr(new, "type", UNSET)) == ("ESTIMATED", "ACTUAL"):
        amounts = [getattr(value, "count", getattr(value, "value", None)) for value in (old, new)]
        tags.add("only_type" if amounts[0] == amounts[1] else "became_actual")
    return frozenset(tags)
