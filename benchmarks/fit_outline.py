"""Fit the costs of `extractor/criteria/outline/tables/costs.tsv` to lists whose trees are known.

usage: python benchmarks/fit_outline.py LISTS.jsonl [...] [--only NAME ...] [--rounds N]

Each line of a file: {"text", "expect": {"inclusion": [Criterion], "exclusion": [Criterion]}}, as the evaluation data beside the
checkout prints well-formed lists again in the broken ways of real registries (`../shared/eval/reprint.py`): nobody has to annotate
them. Every cost in turn is tried smaller and greater; a change that reads more items at their place is kept. The same files give the
same costs. Nothing is written: what should change in the table is printed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from extractor.criteria import outline
from extractor.criteria.outline import choice
from extractor.criteria.outline.choice.costs import Costs, read_costs
from extractor.criteria.outline.nodes import Node
from extractor.criteria.outline.words import words_of
from extractor.text import clean_escapes

STEPS = (0.5, 0.75, 1.25, 1.5)  # times a cost: wide enough to leave a plateau
SIDES = ("inclusion", "exclusion")


class Case(NamedTuple):
    """A text and the places of its items: side, words, words of the parent."""

    text: str
    items: frozenset[tuple[str, str, str]]


def main() -> None:
    """Read the files, go through the costs, print what got better."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--only", nargs="*", default=Costs._fields, help="the costs to try")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    cases = [case for file in options.files for case in _read(file)]
    costs = read_costs()
    best = _score(cases, costs)
    print(f"{len(cases)} lists, shipped costs: {best[0]} whole trees, {best[1]} items at their place")
    for _ in range(options.rounds):
        for name in options.only:
            costs, best = _try(cases, costs, best, name)


def _try(cases: list[Case], costs: Costs, best: tuple[int, int], name: str) -> tuple[Costs, tuple[int, int]]:
    """The costs with the best value of one of them, and their score."""
    shipped = getattr(costs, name)
    for step in STEPS:
        tried = costs._replace(**{name: round(shipped * step, 2)})
        score = _score(cases, tried)
        if score > best:
            print(f"{name}\t{shipped} → {getattr(tried, name)}\t{score[0]} whole trees, {score[1]} items")
            costs, best = tried, score
    return costs, best


def _score(cases: list[Case], costs: Costs) -> tuple[int, int]:
    """Whole trees that are right, and items at their place less those that are not there."""
    whole = items = 0
    with patch.object(choice, "read_costs", return_value=costs):
        for case in cases:
            read = outline.read_outline(case.text)
            got = {item for side in SIDES for item in _places(case.text, side, read.side(side), "")}
            whole += got == case.items
            items += 2 * len(got & case.items) - len(got)
    return whole, items


def _places(text: str, side: str, nodes: list[Node], parent: str) -> Iterator[tuple[str, str, str]]:
    for node in nodes:
        words = _folded(words_of(text, node))
        yield side, words, parent
        yield from _places(text, side, node.children, words)


def _read(file: Path) -> Iterator[Case]:
    """The cases of a file; those whose gold allows two readings are left out."""
    for line in file.read_text("utf-8").splitlines():
        case = json.loads(line)
        if '"$' not in line:
            items = [item for side in SIDES for item in _expected(side, case["expect"].get(side, []), "")]
            yield Case(case["text"], frozenset(items))


def _expected(side: str, criteria: list[dict[str, Any]], parent: str) -> Iterator[tuple[str, str, str]]:
    for criterion in criteria:
        words = _folded(criterion["text"])
        yield side, words, parent
        yield from _expected(side, criterion.get("children", []), words)


def _folded(words: str) -> str:
    """The letters and digits of a text: blanks and end marks tell nothing of the tree."""
    return "".join(filter(str.isalnum, clean_escapes(words))).casefold()


if __name__ == "__main__":
    main()
