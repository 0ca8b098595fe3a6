"""Levels of items whose indentation is lost.

Legacy ClinicalTrials.gov text was filled to 99 columns; the words of a top-level item began at column 13, five more for each level. Copies
that dropped the blanks still break at 86, 81, 76 … characters (one less in the registry's own files), and so tell the level of every
wrapped item. What stands on one line, and every item of a copy that is not wrapped at all, is placed where the counting, the stems, the
links and the likeness of neighbours together cost least (one best path for each level, item by item). The costs were set by hand and tried
on 480 records of ClinicalTrials.gov, read once with their indentation and once without.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from extractor.criteria.outline.items import wrap_width
from extractor.criteria.outline.lead_ins import ends_in_colon, ends_in_link, is_stem
from extractor.criteria.outline.lines import Line
from extractor.criteria.outline.nodes import Node

WIDTHS = ((86, 81, 76, 71, 66), (85, 80, 75, 70, 65))
_STEP = 5
_DEEPEST = 5
_SHALLOW = 3
_FAR = 10**9
_titled = re.compile(r"\w+(?: \w+){0,2}: \S")
_compared = re.compile(r"[<>≥≤]")
_label = re.compile(r"(Part|Phase|Arm|Cohort|Group|Stage|Stratum|Step)\b[^.\n]{0,30}:$")


class _Facts(NamedTuple):
    """What placing an item needs to know of it."""

    family: str
    value: int
    possible: tuple[int, ...]
    stem: bool
    link: bool
    end: str
    form: int
    label: str
    first: str


class _Costs(NamedTuple):
    """Prices of what is less likely."""

    under_item: float = 1.5  # a child of an item that announces nothing
    under_sentence: float = 2.4  # … that ends like a sentence
    barren: float = 2.0  # a stem without children
    leave: float = 0.8  # a list that ends
    short: float = 0.4  # … for each item under a stem that is missing to four
    link: float = 2.0  # … after "or"
    stay: float = 0.2  # one more item under a stem
    linger: float = 2.4  # one more item under what announces nothing
    sign: float = 1.2  # another bullet beside an item
    other_sign: float = 0.3  # share of the price of a child whose marker is of another kind
    form: float = 0.5  # lower case beside upper case, a comparator beside none
    echo: float = 1.5  # a child that begins like its stem
    first: float = 1.0  # gain of the same first word


_COSTS = _Costs()


class _Path(NamedTuple):
    """The cheapest way to put the items so far so that the last one stands at the end of `open_`.

    `sizes` counts the items of each open list; `linked` says that its last but one ends in "and" or "or".
    """

    cost: float
    open_: tuple[int, ...]
    sizes: tuple[int, ...]
    linked: tuple[bool, ...]
    before: _Path | None


def find_widths(lines: list[Line]) -> tuple[int, ...]:
    """The widths that a text is set in: the wider ones, unless its wrapped lines never reach them."""
    lengths = {line.end - line.start for line, after in pairwise(lines) if after.marker is None and not after.gap}
    return next((widths for widths in WIDTHS if widths[0] in lengths), WIDTHS[0])


def assign_levels(text: str, nodes: list[Node], widths: tuple[int, ...]) -> bool:
    """Set the columns of all items from the widths of their lines; whether the text is set that way at all."""
    bounds = [wrap_width(text, *node.ranges[0]) for node in nodes]
    wrapped = [bound for node, bound in zip(nodes, bounds, strict=True) if bound[0] and not node.plain]
    if len(wrapped) < 3 or sum(not _possible(bound, widths) for bound in wrapped) * 4 > len(wrapped):
        return False
    facts = [_facts(text, node, bound, widths) for node, bound in zip(nodes, bounds, strict=True)]
    for node, level in zip(nodes, _best_levels(facts), strict=True):
        node.indent = level * _STEP
        node.content = node.indent + 2
    return True


def infer_levels(text: str, nodes: list[Node]) -> None:
    """Set the columns of items that all stand at one and have one bullet, where a stem among them announces others."""
    if len({node.family for node in nodes if not node.plain}) != 1 or not any(
        ends_in_colon(text[node.start : node.end]) for node in nodes if node.bullet
    ):
        return
    facts = [_facts(text, node, (1, _FAR), (_FAR,) * _SHALLOW) for node in nodes]
    for node, level in zip(nodes, _best_levels(facts), strict=True):
        node.indent += level * _STEP
        node.content += level * _STEP


def _possible(bound: tuple[int, int], widths: tuple[int, ...]) -> tuple[int, ...]:
    """The levels whose width lies between the bounds."""
    least, most = bound
    return tuple(level for level, width in enumerate(widths) if least <= width <= most)


def _facts(text: str, node: Node, bound: tuple[int, int], widths: tuple[int, ...]) -> _Facts:
    start, end = node.ranges[0]
    possible = _possible(bound if bound[0] else (end - start, widths[0]), widths)
    words = text[start:end]
    first = words.split(None, 1)[0] if words else ""
    return _Facts(
        node.family, node.value, possible, is_stem(words), ends_in_link(words), words[-1:], _form_of(words), _label_of(words), first
    )


def _form_of(words: str) -> int:
    """How an item is made, a bit each: in lower case, "Mild: …", with a comparator. Items of one list are mostly made alike."""
    return words[:1].islower() + 2 * (_titled.match(words) is not None) + 4 * (_compared.search(words) is not None)


def _label_of(words: str) -> str:
    """The word that names a part of the study: "Part" of "Part 2:"; "" for other items."""
    found = _label.match(words)
    return found[1] if found else ""


def _best_levels(facts: list[_Facts]) -> list[int]:
    """The level of each item on the cheapest path; plain lines stand on top and close all lists."""
    paths = {0: _Path(0.0, (), (), (), None)}
    for place, fact in enumerate(facts):
        if not fact.family:
            cheapest = min(paths.values(), key=lambda path: path.cost)
            paths = {0: _Path(cheapest.cost, (), (), (), cheapest)}
        else:
            paths = _extended(paths, facts, place)
    return _levels_of(min(paths.values(), key=lambda path: path.cost), facts)


def _extended(paths: dict[int, _Path], facts: list[_Facts], place: int) -> dict[int, _Path]:
    """The cheapest path to each level that the item can have; to any level, where none of those can be reached."""
    found: dict[int, _Path] = {}
    possible = facts[place].possible
    for levels in (possible, range(_DEEPEST)):
        for path in paths.values():
            for level in levels:
                if level > len(path.open_):
                    break
                cost = path.cost + _cost(facts, path, place, level)
                if level not in found or cost < found[level].cost:
                    found[level] = _stepped(path, facts, place, level, cost)
        if found:
            break
    return found


def _stepped(path: _Path, facts: list[_Facts], place: int, level: int, cost: float) -> _Path:
    """The path with one more item at a level."""
    beside = level < len(path.open_)
    size = path.sizes[level] + 1 if beside else 1
    linked = beside and facts[path.open_[level]].link
    return _Path(cost, (*path.open_[:level], place), (*path.sizes[:level], size), (*path.linked[:level], linked), path)


def _cost(facts: list[_Facts], path: _Path, place: int, level: int) -> float:
    """What it costs to put an item at a level below the open ones: the less likely, the more."""
    open_ = path.open_
    if not open_:
        return 0.0
    fact, last = facts[place], facts[open_[-1]]
    if level == len(open_):
        reopened = (
            not fact.value
            and not last.stem
            and any(facts[place].family == fact.family for place in open_[:-1])
            and last.family != fact.family
        )
        return _cost_of_child(fact, last) + 4.0 * reopened
    cost = _cost_of_sibling(fact, facts[open_[level]]) + _COSTS.barren * last.stem
    if level < len(open_) - 1:
        short = max(0, 4 - path.sizes[-1]) if facts[open_[-2]].stem else 0
        return cost + _COSTS.leave + _COSTS.short * short + _COSTS.link * last.link
    cost += _COSTS.link * (path.linked[level] and not last.link)
    if not level:
        return cost
    parent = facts[open_[level - 1]]
    counted = parent.stem or parent.family != fact.family or fact.value > 0
    return cost + (_COSTS.stay if counted else _COSTS.linger)


def _cost_of_child(fact: _Facts, parent: _Facts) -> float:
    if fact.label and fact.label == parent.label:
        return 4.0
    cost = 0.0 if parent.stem else _COSTS.under_sentence if parent.end in ".;" else _COSTS.under_item
    if fact.value > 1:
        return cost + 3.0
    cost += _COSTS.echo * (fact.first == parent.first and fact.family == parent.family)
    if fact.family != parent.family:
        return 4.0 if parent.family.startswith(fact.family) and not parent.stem else cost * _COSTS.other_sign
    return cost + 1.0 * (fact.value == 1 and parent.value < 2)


def _cost_of_sibling(fact: _Facts, sibling: _Facts) -> float:
    if fact.value or sibling.value:
        return 0.0 if fact.family == sibling.family and fact.value == sibling.value + 1 else 3.0
    cost = (
        _COSTS.sign * (fact.family != sibling.family)
        + _COSTS.form * (fact.form ^ sibling.form).bit_count()
        - _COSTS.first * (fact.first == sibling.first)
    )
    return cost + (-2.0 if fact.label and fact.label == sibling.label else 0.8 if sibling.label else 0.0)


def _levels_of(path: _Path | None, facts: list[_Facts]) -> list[int]:
    levels: list[int] = []
    while path is not None and len(levels) < len(facts):
        levels.append(max(0, len(path.open_) - 1))
        path = path.before
    return levels[::-1]
