"""Two lists of one page, Chinese and English, as one: dynamic programming over markers, numbers, units and Latin words."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from extractor.criteria.bilingual.disagreement import find_numbers
from extractor.criteria.bilingual.pairs import Pair, unpaired
from extractor.criteria.outline.nodes import Node
from extractor.criteria.outline.words import words_of
from extractor.criteria.places import Places
from extractor.patterns import lazy_pattern
from extractor.tables import read_table

_latin = lazy_pattern(r"[A-Za-z][A-Za-z\d]+")
_SKIP = -0.4  # for an item without partner: cheaper than a pair of two different ones, about -1
_JOIN = -1.3  # for two items beside one: the two must share far more together than one alone
_MOST = 60_000  # pairs of items to compare, about 245 items a side: longer lists are paired in order, since time grows with the product
Passed = tuple[int, int]
"""How many items of each side a way has passed: Chinese, English."""


class Side(NamedTuple):
    """One language's list and its text."""

    language: str
    nodes: list[Node]
    places: Places


class _Marks(NamedTuple):
    """What an item can be recognised by in the other language."""

    value: int
    numbers: frozenset[float]
    words: frozenset[str]
    anchors: frozenset[int]
    parent: bool
    length: int


def align(zh: Side, en: Side) -> list[Pair]:
    """One list: pairs, and what stands in one language only, in the order of the page."""
    if not zh.nodes or not en.nodes:
        return unpaired(zh.nodes, zh.language, zh.places) + unpaired(en.nodes, en.language, en.places)
    steps = _find_steps(zh, en)
    pairs: list[Pair] = []
    a = b = 0
    for down, right in steps:
        pairs.append(_pair(zh._replace(nodes=zh.nodes[a : a + down]), en._replace(nodes=en.nodes[b : b + right])))
        a, b = a + down, b + right
    return pairs


def attach(pairs: list[Pair], side: Side) -> list[Pair]:
    """A third language beside pairs: item by item where it has as many as they, else behind them."""
    if len(side.nodes) != len(pairs):
        return pairs + unpaired(side.nodes, side.language, side.places)
    for pair, node in zip(pairs, side.nodes, strict=True):
        pair.nodes[side.language] = (node, side.places)
        pair.children = attach(pair.children, side._replace(nodes=node.children))
    return pairs


def _find_steps(zh: Side, en: Side) -> list[tuple[int, int]]:
    """How many items of each side go together: one to one where both count alike, else the cheapest way."""
    down, right = len(zh.nodes), len(en.nodes)
    counted_alike = down == right and all(a.value == b.value > 0 for a, b in zip(zh.nodes, en.nodes, strict=True))
    if counted_alike or down * right > _MOST:
        return _steps(down, right)
    return _best_steps([_marks(zh, node) for node in zh.nodes], [_marks(en, node) for node in en.nodes])


@cache
def _landmarks() -> dict[str, list[re.Pattern[str]]]:
    """Words that stand for each other: a row of tables/landmarks.tsv is a Chinese pattern and an English one.

    The rows are the commonest subjects of criteria in both languages; they only help to pair items that share no number.
    """
    rows = read_table("extractor.criteria.bilingual", "landmarks")
    return {"zh": [re.compile(zh) for zh, _ in rows], "en": [re.compile(en, re.IGNORECASE) for _, en in rows]}


def _marks(side: Side, node: Node) -> _Marks:
    words = words_of(side.places.text, node)
    latin = frozenset(word.lower() for word in _latin.findall(words))
    length = len(words) * 3 if side.language == "zh" else len(words)
    anchors = frozenset(row for row, pattern in enumerate(_landmarks().get(side.language, [])) if pattern.search(words))
    return _Marks(max(0, node.value), frozenset(find_numbers(words)), latin, anchors, bool(node.children), length)


def _steps(down: int, right: int) -> list[tuple[int, int]]:
    """One to one, as far as both go: for lists too long to compare."""
    both = min(down, right)
    return [(1, 1)] * both + [(1, 0)] * (down - both) + [(0, 1)] * (right - both)


def _best_steps(zh: list[_Marks], en: list[_Marks]) -> list[tuple[int, int]]:
    """The cheapest way through both lists: pairs, items of one side, two of one side for one of the other."""
    best: list[list[tuple[float, tuple[int, int]]]] = [[(float("-inf"), (0, 0))] * (len(en) + 1) for _ in range(len(zh) + 1)]
    best[0][0] = (0.0, (0, 0))
    for a in range(len(zh) + 1):
        for b in range(len(en) + 1):
            if a or b:
                best[a][b] = max(_moves(best, zh, en, (a, b)), key=lambda move: move[0])
    steps = []
    a, b = len(zh), len(en)
    while a or b:
        down, right = best[a][b][1]
        steps.append((down, right))
        a, b = a - down, b - right
    return steps[::-1]


def _moves(
    best: list[list[tuple[float, tuple[int, int]]]], zh: list[_Marks], en: list[_Marks], at: Passed
) -> list[tuple[float, tuple[int, int]]]:
    """Every last step to a place, with what the whole way is then worth."""
    a, b = at
    moves: list[tuple[float, tuple[int, int]]] = []
    if a and b:
        moves.append((best[a - 1][b - 1][0] + _likeness(zh[a - 1], en[b - 1]), (1, 1)))
    if a:
        moves.append((best[a - 1][b][0] + _SKIP, (1, 0)))
    if b:
        moves.append((best[a][b - 1][0] + _SKIP, (0, 1)))
    if a > 1 and b:
        moves.append((best[a - 2][b - 1][0] + _likeness(_both(zh[a - 2], zh[a - 1]), en[b - 1]) + _JOIN, (2, 1)))
    if a and b > 1:
        moves.append((best[a - 1][b - 2][0] + _likeness(zh[a - 1], _both(en[b - 2], en[b - 1])) + _JOIN, (1, 2)))
    return moves


def _both(first: _Marks, second: _Marks) -> _Marks:
    return _Marks(
        first.value,
        first.numbers | second.numbers,
        first.words | second.words,
        first.anchors | second.anchors,
        first.parent or second.parent,
        first.length + second.length,
    )


def _likeness(zh: _Marks, en: _Marks) -> float:
    """How much two items look like one: from about -1 (two different ones) to 5."""
    worth = 0.2 if zh.parent == en.parent else -0.3
    worth += 1.2 if zh.value and zh.value == en.value else -0.3 if zh.value and en.value else 0.0
    if zh.numbers or en.numbers:
        worth += 2.0 * len(zh.numbers & en.numbers) / max(1, len(zh.numbers), len(en.numbers)) - 0.5
    shared = zh.words & en.words
    if zh.words:
        worth += 1.5 * len(shared) / len(zh.words) - 0.4
    if zh.anchors and en.anchors:
        worth += 2.0 * len(zh.anchors & en.anchors) / max(len(zh.anchors), len(en.anchors)) - 0.5
    short, long = sorted((zh.length, en.length))
    return worth + 0.5 * short / max(1, long)


def _pair(zh: Side, en: Side) -> Pair:
    """One pair out of one or two items of each side; items that two share are joined."""
    sides = [side for side in (zh, en) if side.nodes]
    nodes = {side.language: (_merged(side.nodes), side.places) for side in sides}
    if len(sides) == 1:
        children = unpaired(next(iter(nodes.values()))[0].children, sides[0].language, sides[0].places)
        return Pair(nodes, children)
    first, second = (Side(side.language, nodes[side.language][0].children, side.places) for side in sides)
    return Pair(nodes, align(first, second))


def _merged(nodes: list[Node]) -> Node:
    head = nodes[0]
    for node in nodes[1:]:
        head.ranges = head.ranges + node.ranges
        head.children = head.children + node.children
        head.combine = head.combine or node.combine
        head.text = ""
    return head
