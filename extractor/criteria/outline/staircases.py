"""Trees whose shape the converter got wrong: staircases straightened, children printed beside their stem put under it."""

from __future__ import annotations

import re

from extractor.criteria.outline.lead_ins import ends_in_link, is_stem
from extractor.criteria.outline.nodes import Node

_lower = re.compile(r"[a-z]").match
_titled = re.compile(r"\w+(?: \w+){0,2}: \S").match
_compared = re.compile(r"[<>≥≤]").search


def straighten(text: str, nodes: list[Node]) -> list[Node]:
    """The same statements as a tree that their words allow."""
    flat: list[Node] = []
    waiting = nodes[::-1]
    while waiting:
        node = waiting.pop()
        flat.append(node)
        if node.children and _is_step(text, node):
            waiting.extend(reversed(node.children))
            node.children = []
        else:
            node.children = straighten(text, node.children)
    return _adopt(text, flat)


def _is_step(text: str, node: Node) -> bool:
    """Whether an item with children is one step of a staircase: a whole statement above one bullet, or a doubled bullet.

    ClinicalTrials.gov turns an author's lines ①②③ into ever deeper lists of one item each, and some circled numbers stay inside.
    """
    first = node.children[0]
    if node.plain or not first.bullet or is_stem(text[node.start : node.end]):
        return False
    if node.doubled and node.bullet:
        return True
    if any(child.family[:1] != "c" for child in node.children[1:]):
        return False
    return text[node.end - 1] in ";；" and (node.bullet or node.family[:1] == "c")


def _adopt(text: str, nodes: list[Node]) -> list[Node]:
    """Items linked by "or" or "and" that follow a stem without children belong to it."""
    kept: list[Node] = []
    place = 0
    while place < len(nodes):
        node = nodes[place]
        kept.append(node)
        place += 1
        if (
            node.children
            or node.plain
            or not is_stem(text[node.start : node.end])
            or place == len(nodes)
            or nodes[place].family != node.family
        ):
            continue
        count = _linked(text, nodes, place) or _alike(text, node, nodes, place)
        if count:
            node.children = nodes[place : place + count]
            place += count
    return kept


def _alike(text: str, stem: Node, nodes: list[Node], place: int) -> int:
    """How many items from `place` differ from the stem and are like each other: in lower case, all "Mild: …", all with a comparator."""
    if not stem.bullet:
        return 0
    for test in (_lower, _titled, _compared):
        count = 0
        while (
            place + count < len(nodes)
            and not nodes[place + count].children
            and test(text[nodes[place + count].start : nodes[place + count].end])
        ):
            count += 1
        if count > 1 and not test(text[stem.start : stem.end]):
            return count
    return 0


def _linked(text: str, nodes: list[Node], place: int) -> int:
    """How many items from `place` hang together: all but the last end in a link word."""
    count = 0
    while place + count < len(nodes) and ends_in_link(text[nodes[place + count].start : nodes[place + count].end]):
        count += 1
    return count + 1 if count and place + count < len(nodes) else 0
