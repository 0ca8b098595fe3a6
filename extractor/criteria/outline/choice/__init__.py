"""The tree of a list: every place where an item may begin is a candidate, every way to put it has a cost, and the cheapest tree is chosen.

    find_candidates → choose → plant
What a cost is paid for stands in `tables/costs.tsv`; nothing else decides.
"""

from __future__ import annotations

from msgspec.structs import replace

from extractor.criteria.outline.choice.beam import JOIN, Move, choose
from extractor.criteria.outline.choice.candidates import Finder, ItemCandidate
from extractor.criteria.outline.choice.costs import read_costs
from extractor.criteria.outline.choice.inner_marks import STRONG_SIGN
from extractor.criteria.outline.choice.paragraphs import Paragraphs
from extractor.criteria.outline.choice.prices import Prices
from extractor.criteria.outline.enumerators import Marker
from extractor.criteria.outline.layout import Layout, is_sized
from extractor.criteria.outline.nodes import Node

__all__ = ["STRONG_SIGN", "choose_tree"]


def choose_tree(text: str, nodes: list[Node], inline: list[tuple[int, Marker]], layout: Layout, *, runs_on: bool = False) -> list[Node]:
    """The top-level nodes of a list, their children in place; `inline` are the markers inside the lines of the whole text."""
    costs = read_costs()
    sized = bool(layout.widths) and is_sized(text, nodes, layout.widths)
    if not sized:
        layout = replace(layout, widths=())
    candidates = Finder(text, inline, layout, costs).find(nodes, runs_on=runs_on)
    flat = layout.flat and len({node.indent for node in nodes if not node.plain}) <= 1
    prices = Prices(costs, flat=flat, sized=sized)
    return _plant(candidates, choose(candidates, prices, Paragraphs(text, candidates, prices)))


def _plant(candidates: list[ItemCandidate], moves: list[Move]) -> list[Node]:
    """The tree that the moves say."""
    top: list[Node] = []
    path: list[Node] = []
    for candidate, move in zip(candidates, moves, strict=True):
        node = candidate.node
        if move.depth == JOIN:
            _join(path[-1], node)
            continue
        del path[move.depth :]
        (path[-1].children if path else top).append(node)
        path.append(node)
        if move.reading:
            node.family, node.value = move.reading.family, move.reading.value
        else:
            node.role = move.role
    return top


def _join(node: Node, rest: Node) -> None:
    """Let a node's words go on with those of another; what cut them off (a marker that is none) goes with them."""
    node.extend(rest.end)
    node.text = ""
