"""ClinicalTrials.gov API v2, `resultsSection`: reported outcome measures → results, one a group and measurement.

Only numbers become results ("NA", "<0.01" stay with the rest); estimates of analyses, such as hazard ratios, are results without
an arm. What no result takes (populations, denominators, p values) is kept as unmapped, by key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from extractor.patterns import lazy_pattern
from extractor.sources.readers.reading import Leaf, TreeReading

LIST = "results"
ESTIMATE = ("paramType", "paramValue", "ciLowerLimit", "ciUpperLimit")  # of an analysis

_number = lazy_pattern(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,30})(?:\.\d{1,30})?")


class _Known(NamedTuple):
    """How many arms have a label, and how many outcomes a level and measure, in the protocol of the same record."""

    arms: Counter[str]
    outcomes: Counter[tuple[str, str]]


class _Shared(NamedTuple):
    """What the results of one outcome measure have in common, and the starts of the leaves that they took."""

    known: _Known
    measure: Leaf
    outcome: tuple[Leaf, ...]
    unit: Leaf | None
    taken: set[int]


def read_measures(reading: TreeReading, module: dict[str, Any], prefix: str, label: str) -> None:
    """Reads the module of outcome measures: their results, then what is left of each."""
    del prefix
    known = _known(reading)
    for key, value in module.items():
        place = f"{label}.{key}"
        for item in value if type(value) is list else (value,):
            located = reading.located(item)
            if type(located) is dict:
                _read_measure(reading, known, located, place)
            else:
                _keep_rest(reading, located, place, frozenset())


def _known(reading: TreeReading) -> _Known:
    arms: Counter[str] = Counter()
    outcomes: Counter[tuple[str, str]] = Counter()
    for path, _, found in reading.entries:
        if path.startswith("arms/") and path.endswith("/label"):
            arms[found.text.casefold()] += 1
        elif path.startswith("outcomes/") and path.endswith("/measure"):
            level = reading.draft.codes.get(path.removesuffix("measure") + "level", "")
            outcomes[level, found.text.casefold()] += 1
    return _Known(arms, outcomes)


def _read_measure(reading: TreeReading, known: _Known, measure: dict[str, Any], label: str) -> None:
    shared = _shared(known, measure)
    if shared:
        groups = {group["id"].text: group for group in _objects(measure.get("groups")) if _leaf(group, "id")}
        words = _leaves(measure, "paramType", "dispersionType")
        for titles, measurement in _measurements(measure):
            _read_measurement(reading, shared, words, (groups, titles, measurement))
        for analysis in _objects(measure.get("analyses")):
            _read_estimate(reading, shared, analysis)
    for key, item in measure.items():
        _keep_rest(reading, item, f"{label}.{key}", shared.taken if shared else frozenset())


def _keep_rest(reading: TreeReading, item: Any, label: str, taken: AbstractSet[int]) -> None:
    for leaf in _flat(item):
        if leaf.start not in taken:
            reading.keep(label, leaf)


def _flat(item: Any) -> Iterator[Leaf]:
    if type(item) is Leaf:
        yield item
    elif item:
        for below in item.values() if type(item) is dict else item:
            yield from _flat(below)


def _shared(known: _Known, measure: dict[str, Any]) -> _Shared | None:
    title, level = _leaf(measure, "title"), _leaf(measure, "type")
    if title is None:
        return None
    outcome = (level, title) if level and known.outcomes[level.text, title.text.casefold()] == 1 else ()
    return _Shared(known, title, outcome, _leaf(measure, "unitOfMeasure"), set())


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if type(item) is dict] if type(value) is list else []


def _leaf(place: dict[str, Any], key: str) -> Leaf | None:
    """The leaf at a key; None where there is none, or no words in it."""
    found = place.get(key)
    return found if type(found) is Leaf and found.text.strip() else None


def _leaves(place: dict[str, Any], *keys: str) -> tuple[Leaf, ...]:
    return tuple(filter(None, (_leaf(place, key) for key in keys)))


def _measurements(measure: dict[str, Any]) -> Iterator[tuple[tuple[Leaf, ...], dict[str, Any]]]:
    """Every measurement with the titles of its class and its category."""
    for row in _objects(measure.get("classes")):
        for category in _objects(row.get("categories")):
            titles = _leaves(row, "title") + _leaves(category, "title")
            for measurement in _objects(category.get("measurements")):
                yield titles, measurement


def _read_measurement(reading: TreeReading, shared: _Shared, words: tuple[Leaf, ...], cell: tuple[Any, ...]) -> None:
    groups, titles, measurement = cell
    value, number = _leaf(measurement, "value"), _leaf(measurement, "groupId")
    group = groups.get(number.text) if number else None
    if value is None or number is None or group is None or not _number.fullmatch(value.text):
        return
    place = _open(reading, shared, words, value)
    title = _leaf(group, "title")
    arm = title is not None and shared.known.arms[title.text.casefold()] == 1
    if title and arm:
        reading.add(f"{place}/arm", title)
    limits = _add_limits(reading, place, measurement, ("lowerLimit", "upperLimit"))
    shown = (*(() if arm or title is None else (title,)), *titles, value, *_leaves(measurement, "spread"))
    reading.add_joined(f"{place}/text", shown)
    shared.taken.update(leaf.start for leaf in (*shown, *filter(None, (title,)), *limits))
    _furnish(reading, shared, (number, group["id"]))


def _read_estimate(reading: TreeReading, shared: _Shared, analysis: dict[str, Any]) -> None:
    """The estimate of an analysis: a result that compares groups."""
    words, value, *_ = (_leaf(analysis, key) for key in ESTIMATE)
    if words is None or value is None or not _number.fullmatch(value.text):
        return
    place = _open(reading, shared._replace(unit=None), (words,), value)
    limits = _add_limits(reading, place, analysis, ESTIMATE[2:])
    reading.add(f"{place}/text", value)
    shared.taken.update(leaf.start for leaf in (value, *limits))


def _open(reading: TreeReading, shared: _Shared, words: tuple[Leaf, ...], value: Leaf) -> str:
    """A new result with its measure, outcome, statistic, value and unit."""
    place = reading.next(LIST)
    reading.add(f"{place}/measure", shared.measure)
    reading.add_joined(f"{place}/outcome", shared.outcome)
    reading.add_joined(f"{place}/statistic", words)
    reading.add(f"{place}/value/value", value)
    if shared.unit:
        reading.add(f"{place}/value/unit", shared.unit)
    shared.taken.update(leaf.start for leaf in (shared.measure, *shared.outcome, *filter(None, (shared.unit,)), *words))
    return place


def _add_limits(reading: TreeReading, place: str, measurement: dict[str, Any], keys: tuple[str, ...]) -> tuple[Leaf, ...]:
    """Keeps both ends of a range, where they are numbers."""
    ends = [(name, leaf) for name, key in zip(("low", "high"), keys, strict=True) if (leaf := _leaf(measurement, key))]
    kept = [(name, leaf) for name, leaf in ends if _number.fullmatch(leaf.text)]
    for name, leaf in kept:
        reading.add(f"{place}/{name}", leaf)
    return tuple(leaf for _, leaf in kept)


def _furnish(reading: TreeReading, shared: _Shared, leaves: Iterable[Leaf]) -> None:
    """The file's own numbers of groups, which only join its parts."""
    for leaf in leaves:
        if leaf.start not in shared.taken:
            shared.taken.add(leaf.start)
            reading.furnish(leaf)
