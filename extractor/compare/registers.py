"""One trial in several registers: linked by registered numbers only, as the table of links of a dataset links them.

A registry gives a trial one number. So a number ties no records of one registry to each other, no record that names several
numbers of that registry, and none where several trials of a registry name it: those are parents, extensions and parts of a programme.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from msgspec import UNSET

from extractor.model import Identifier, Record
from extractor.write.dataset.numbers import registered_number

CROWD = 20  # records: a number that more of them name is a shared grant or a mistake


class NumberedRecord(NamedTuple):
    """The registered numbers of a record: its own with its registry, and all with theirs."""

    own: str
    registry: str
    numbers: dict[str, str]


def numbers_of(record: Record) -> NumberedRecord:
    """The registered numbers that a trial states."""
    numbers: dict[str, str] = {}
    own = ""
    for item in _identifiers(record):
        number, registry = registered_number(item.value, item.scheme)
        if number is not None:
            numbers[number] = registry or ""
            own = own or (number if item.primary else "")
    return NumberedRecord(own, numbers.get(own, ""), numbers)


def _identifiers(record: Record) -> Sequence[Identifier]:
    return [] if record.trial is UNSET or record.trial.identifiers is UNSET else record.trial.identifiers


def linked_pairs(records: Sequence[Record]) -> Iterator[tuple[int, int, str]]:
    """(place, place, number that links) of every two records of different sources that are one trial, each pair once."""
    named = [numbers_of(record) for record in records]
    holders: dict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(named):
        for number in item.numbers:
            holders[number].append(place)
    met: set[tuple[int, int]] = set()
    for number, places in holders.items():
        if not 1 < len(places) <= CROWD:
            continue
        trials = Counter(registry for registry, _ in {(named[place].registry, named[place].own or place) for place in places})
        for one, two in combinations(places, 2):
            apart = records[one].source.name != records[two].source.name
            if apart and (one, two) not in met and _are_one(number, named[one], named[two], trials):
                met.add((one, two))
                yield one, two, number


def _are_one(number: str, one: NumberedRecord, other: NumberedRecord, trials: Counter[str]) -> bool:
    """Whether a number that both state makes them one trial."""
    if one.own and one.own == other.own:
        return True
    if one.registry == other.registry:
        return False
    return all(item.own == number or (trials[item.registry] == 1 and not _names_several(number, item)) for item in (one, other))


def _names_several(number: str, item: NumberedRecord) -> bool:
    """Whether a record names other numbers of the registry of this one."""
    return sum(registry == item.numbers[number] and other != item.own for other, registry in item.numbers.items()) > 1
