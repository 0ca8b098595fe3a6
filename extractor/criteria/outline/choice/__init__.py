"""The tree of a list: every place where an item may begin is a candidate, every way to put it has a cost, and the cheapest tree is chosen.

    find_candidates → choose → plant
What a cost is paid for stands in `tables/costs.tsv`; nothing else decides.
"""

from __future__ import annotations

from msgspec.structs import replace

from extractor.criteria.outline.choice.beam import JOIN, Choice, Move, choose
from extractor.criteria.outline.choice.candidates import Finder, ItemCandidate
from extractor.criteria.outline.choice.columns import find_slip
from extractor.criteria.outline.choice.costs import read_costs
from extractor.criteria.outline.choice.inner_marks import STRONG_SIGN
from extractor.criteria.outline.choice.paragraphs import Paragraphs
from extractor.criteria.outline.choice.prices import Prices
from extractor.criteria.outline.enumerators import Marker
from extractor.criteria.outline.layout import Layout, is_sized
from extractor.criteria.outline.nodes import Node, Unsure

__all__ = ["STRONG_SIGN", "choose_tree"]


def choose_tree(text: str, nodes: list[Node], inline: list[tuple[int, Marker]], layout: Layout, *, runs_on: bool = False) -> list[Node]:
    """The top-level nodes of a list, their children in place; `inline` are the markers inside the lines of the whole text."""
    costs = read_costs()
    sized = bool(layout.widths) and is_sized(text, nodes, layout.widths)
    if not sized:
        layout = replace(layout, widths=())
    candidates = Finder(text, inline, layout, costs).find(nodes, runs_on=runs_on)
    slip = find_slip(text, nodes)
    for candidate in candidates:
        candidate.slip = candidate.node is slip
    flat = layout.flat and len({node.indent for node in nodes if not node.plain}) <= 1
    prices = Prices(costs, flat=flat, sized=sized)
    choice = choose(candidates, prices, Paragraphs(text, candidates, prices))
    return _plant(candidates, choice)


def _plant(candidates: list[ItemCandidate], choice: Choice) -> list[Node]:
    """The tree that the moves say; where another one fits almost as well, the item tells it."""
    top: list[Node] = []
    path: list[Node] = []
    rival = choice.rival
    for place, (candidate, move) in enumerate(zip(candidates, choice.moves, strict=True)):
        node = candidate.node
        if move.depth == JOIN:
            _join(path[-1], node)
        else:
            del path[move.depth :]
            (path[-1].children if path else top).append(node)
            path.append(node)
            _read(node, move)
        if rival and rival.place == place:
            path[-1].unsure = Unsure(_tell(move, rival.move), node.start, node.end)
    return top


def _read(node: Node, move: Move) -> None:
    if move.reading:
        node.family, node.value = move.reading.family, move.reading.value
    else:
        node.role = move.role


def _tell(move: Move, other: Move) -> str:
    """What else a candidate may be."""
    if move.depth == JOIN:
        return "an item of its own may begin here"
    if other.depth == JOIN:
        return "it may be the rest of the item before"
    if move.role != other.role and "PROSE" in (move.role, other.role):
        return "it may be a criterion" if move.role == "PROSE" else "it may be no criterion but prose round the lists"
    return "it may belong to a higher level of the list" if other.depth < move.depth else "it may belong to a deeper level of the list"


def _join(node: Node, rest: Node) -> None:
    """Let a node's words go on with those of another; what cut them off (a marker that is none) goes with them."""
    node.extend(rest.end)
    node.text = ""
