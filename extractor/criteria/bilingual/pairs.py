"""Pairs: one criterion in the languages that have it."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractor.criteria.constraints import find_constraints
from extractor.criteria.outline.nodes import Node
from extractor.criteria.outline.words import words_of
from extractor.criteria.places import Places
from extractor.languages import READ
from extractor.model import Constraint


@dataclass(slots=True, eq=False)
class Pair:
    """One criterion in the languages that have it, each with the text it was read from."""

    nodes: dict[str, tuple[Node, Places]]
    children: list[Pair] = field(default_factory=list)
    _found: dict[str, list[Constraint]] | None = None

    @property
    def node(self) -> Node:
        """The node that decides the role: the Chinese one where there are two."""
        return next(iter(self.nodes.values()))[0]

    def words(self) -> dict[str, str]:
        """The clean text in each language."""
        return {language: words_of(places.text, node) for language, (node, places) in self.nodes.items()}

    def constraints(self) -> dict[str, list[Constraint]]:
        """The constraints of the texts in the languages that are read, read once."""
        if self._found is None:
            self._found = {language: find_constraints(text, language) for language, text in self.words().items() if language in READ}
        return self._found


def unpaired(nodes: list[Node], language: str, places: Places) -> list[Pair]:
    """Twins of a list that has one language."""
    return [Pair({language: (node, places)}, unpaired(node.children, language, places)) for node in nodes]
