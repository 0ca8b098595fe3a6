"""Pairs the items of two lists: by keys first, then by likeness of their words. What a text shares with all others counts little."""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

Key = Callable[[Any], Hashable]
Traits = Counter[str]

CROWD = 4096  # pairs that one trait may propose: a word that most items have tells none apart, and this bounds the work
NUMBER = 0.25  # what a number or sign counts beside a word: it is what changes, and other statements have it too
PART = 0.7  # share of a part's words that the whole must hold, and of the whole's words that the parts must hold together
CONTAINED = 0.5  # likeness of a text that was only added to; a single word in another text is no such thing
LEAST_SHARE = 0.1  # of the whole's words that a part adds; less is a coincidence


@dataclass(slots=True)
class Matching:
    """Which items belong together, by their places; what is in neither of `pairs`, `splits`, `merges` has no partner."""

    pairs: list[tuple[int, int]] = field(default_factory=list)
    splits: list[tuple[int, list[int]]] = field(default_factory=list)
    merges: list[tuple[list[int], int]] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)


def match_keys(old: Sequence[Any], new: Sequence[Any], keys: Sequence[Key]) -> Matching:
    """Pairs items with equal keys, stage by stage; equal items in their order. A key of None pairs nothing."""
    found = Matching(removed=list(range(len(old))), added=list(range(len(new))))
    for key in keys:
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for place in found.added:
            if (value := key(new[place])) is not None:
                waiting[value].append(place)
        taken = [(place, queue.popleft()) for place in found.removed if (queue := waiting.get(key(old[place])))]
        _settle(found, taken)
    found.pairs.sort()
    return found


def match_alike(found: Matching, old: Sequence[Traits], new: Sequence[Traits], least: float) -> None:
    """Adds pairs of items that no key paired and whose likeness is at least `least`: the likest first."""
    weights = _weights([*old, *new])
    proposed = sorted(
        (-likeness, abs(i - j), i, j) for i, j in _proposals(found, old, new) if (likeness := _likeness(old[i], new[j], weights)) >= least
    )
    met_old, met_new, taken = set[int](), set[int](), list[tuple[int, int]]()
    for _, _, i, j in proposed:
        if i not in met_old and j not in met_new:
            met_old.add(i)
            met_new.add(j)
            taken.append((i, j))
    _settle(found, taken)
    found.pairs.sort()


def match_parts(found: Matching, old: Sequence[Traits], new: Sequence[Traits]) -> None:
    """Adds splits and merges among the items that no key paired: the parts' words are the whole's, and together they are all of it."""
    weights = _weights([*old, *new])
    proposals = sorted(_proposals(found, old, new))
    for whole, parts in _wholes(proposals, old, new, weights):
        if whole in found.removed and all(part in found.added for part in parts):
            found.splits.append((whole, parts))
            found.removed.remove(whole)
            found.added = [place for place in found.added if place not in parts]
    for whole, parts in _wholes([(j, i) for i, j in proposals], new, old, weights):
        if whole in found.added and all(part in found.removed for part in parts):
            found.merges.append((parts, whole))
            found.added.remove(whole)
            found.removed = [place for place in found.removed if place not in parts]


def _settle(found: Matching, taken: list[tuple[int, int]]) -> None:
    found.pairs += taken
    gone_old, gone_new = {i for i, _ in taken}, {j for _, j in taken}
    found.removed = [place for place in found.removed if place not in gone_old]
    found.added = [place for place in found.added if place not in gone_new]


def _weights(items: Sequence[Traits]) -> dict[str, float]:
    """What a trait counts: the more items have it, the less; numbers count little."""
    spread = Counter(trait for item in items for trait in item)
    return {trait: math.log(1 + len(items) / count) * (1 if _last_word(trait).isalpha() else NUMBER) for trait, count in spread.items()}


def _last_word(trait: str) -> str:
    """The word of a trait that is marked with its section."""
    return trait.rpartition(" ")[2]


def _proposals(found: Matching, old: Sequence[Traits], new: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    """Pairs without partners that share a trait which is not everybody's."""
    places: dict[str, list[int]] = defaultdict(list)
    for j in found.added:
        for trait in new[j]:
            places[trait].append(j)
    spread = Counter(trait for i in found.removed for trait in old[i])
    for i in found.removed:
        yield from (
            (i, j) for j in dict.fromkeys(j for t in old[i] if len(places.get(t, ())) * spread[t] <= CROWD for j in places.get(t, ()))
        )


def _weight(traits: Traits, weights: dict[str, float]) -> float:
    return sum(count * weights[trait] for trait, count in traits.items())


def _likeness(old: Traits, new: Traits, weights: dict[str, float]) -> float:
    """Dice's coefficient of the weighted traits, 0 to 1; at least CONTAINED where all that the shorter one says is in the longer."""
    total = _weight(old, weights) + _weight(new, weights)
    likeness = 2 * _weight(old & new, weights) / total if total else 0.0
    contained = old <= new or new <= old
    return max(likeness, CONTAINED) if contained and min(len(old), len(new)) > 1 else likeness


def _wholes(
    proposals: list[tuple[int, int]], wholes: Sequence[Traits], parts: Sequence[Traits], weights: dict[str, float]
) -> Iterator[tuple[int, list[int]]]:
    """Wholes that two or more parts make up."""
    by_whole: dict[int, list[int]] = defaultdict(list)
    for whole, part in proposals:
        if _weight(parts[part] & wholes[whole], weights) >= PART * _weight(parts[part], weights):
            by_whole[whole].append(part)
    for whole, candidates in by_whole.items():
        total, rest, chosen = _weight(wholes[whole], weights), wholes[whole], list[int]()
        for part in candidates:
            share = _weight(rest & parts[part], weights)
            if share >= LEAST_SHARE * total:
                chosen.append(part)
                rest = rest - parts[part]
        if len(chosen) > 1 and _weight(rest, weights) <= (1 - PART) * total:
            yield whole, chosen
