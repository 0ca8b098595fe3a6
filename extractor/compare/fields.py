"""Values and records of fixed fields: a value that is judged as one, and the fields of a record one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import UNSET

from extractor.compare.couple import Couple, Difference, Kind, Spot, fields_of
from extractor.compare.values import LANGUAGES, UCUM_OF, judge
from extractor.compare.wording.words import Relation, words_apart
from extractor.model import Age, Coded, Text
from extractor.normalise.ucum import convert

Walk = Callable[[Couple, Spot, Spot, str], Iterator[Difference]]  # compares two values of whatever type, under a path without positions

OTHER_LANGUAGE = "no language that both have"
NAMED_FIRST = ("interventions", "tables", "indications")  # lists that others refer to: their pairs are known before


def compare_struct(couple: Couple, old: Spot, new: Spot, name: str, walk: Walk) -> Iterator[Difference]:
    """What differs between the fields of two values, one of which may be absent."""
    present = old.value if old else new.value
    for field, attribute in sorted(fields_of(type(present)), key=lambda names: names[0] not in NAMED_FIRST):
        yield from walk(couple, old.at(field, attribute), new.at(field, attribute), f"{name}/{field}" if name else field)


def compare_whole(couple: Couple, old: Spot, new: Spot, name: str) -> Iterator[Difference]:
    """The difference between two values that are judged as one."""
    if not old or not new:
        yield Difference(name, "ADDED" if new else "REMOVED", (old,) if old else (), (new,) if new else ())
        return
    verdict = judge(old.value, new.value)
    if verdict is Relation.UNKNOWN:
        couple.skip(name, OTHER_LANGUAGE)
    elif verdict is not Relation.SAME:
        tags = tags_of(old.value, new.value, verdict)
        yield Difference(name, _kind_of(name, old.value, new.value), (old,), (new,), tags=tags)


def _kind_of(name: str, old: Any, new: Any) -> Kind:
    if isinstance(old, Text):
        return "REWORDED"
    way = _WAYS.get(name.rpartition("eligibility/")[2])
    opened = way(old, new) if way and "eligibility/" in name else 0
    return "LOOSENED" if opened > 0 else "TIGHTENED" if opened < 0 else "CHANGED"


def _rise(old: Age, new: Age) -> int:
    """1 where the newer age is higher, -1 where it is lower."""
    converted = convert(float(new.value), UCUM_OF[new.unit], UCUM_OF[old.unit])
    return 0 if converted is None else (converted > old.value) - (converted < old.value)


def _more_sexes(old: Coded, new: Coded) -> int:
    return (new.code == "ALL") - (old.code == "ALL")


# Limits of eligibility that are fields: whether more (1) or fewer (-1) people may take part.
_WAYS: dict[str, Callable[[Any, Any], int]] = {
    "minimum_age": lambda old, new: -_rise(old, new),
    "maximum_age": _rise,
    "sex": _more_sexes,
    "healthy_volunteers": lambda old, new: new - old,
}


def tags_of(old: Any, new: Any, verdict: Relation) -> frozenset[str]:
    """What the table of severities may ask of two values."""
    tags = {verdict.name.lower()} if verdict in (Relation.FINER, Relation.WORDING) else set[str]()
    if (getattr(old, "type", UNSET), getattr(new, "type", UNSET)) == ("ESTIMATED", "ACTUAL"):
        amounts = [getattr(value, "count", getattr(value, "value", None)) for value in (old, new)]
        tags |= {"only_type"} if amounts[0] == amounts[1] else set()
    return frozenset(tags) | number_tags(old, new)


def number_tags(old: Any, new: Any) -> frozenset[str]:
    """The tag "numbers" for texts that do not hold the same numbers."""
    if isinstance(old, Text) and isinstance(new, Text):
        for language in LANGUAGES:
            texts = getattr(old, language), getattr(new, language)
            if UNSET not in texts and any(word[0].isdigit() for side in words_apart(*texts) for word in side):
                return frozenset({"numbers"})
    return frozenset()
