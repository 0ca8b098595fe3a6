"""Nodes of one or two languages to criteria with their provenance."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import UNSET

from extractor.criteria.grammar import find_constraints
from extractor.criteria.nodes import Node
from extractor.criteria.structured import Places, make_text, words_of
from extractor.document import Span
from extractor.model import Constraint, Criterion, Text


@dataclass(slots=True, eq=False)
class Twin:
    """One criterion in the languages that have it."""

    nodes: dict[str, Node]
    children: list[Twin] = field(default_factory=list)

    @property
    def node(self) -> Node:
        """The node that decides number, role and combination: the Chinese one where there are two."""
        return next(iter(self.nodes.values()))


def single(nodes: list[Node], language: str) -> list[Twin]:
    """Twins of a list that has one language."""
    return [Twin({language: node}, single(node.children, language)) for node in nodes]


class Emitter:
    """Makes criteria out of twins and notes where each text stands."""

    def __init__(self, places: dict[str, Places]) -> None:
        """`places` has the text of each language."""
        self.places = places
        self.provenance: dict[str, tuple[Span, ...]] = {}

    def criteria(self, twins: list[Twin], prefix: str, pointer: str) -> list[Criterion]:
        """The criteria of a list whose JSON Pointer is `pointer`; `prefix` is "I" or "I4."."""
        return [self._criterion(twin, f"{prefix}{n + 1}", f"{pointer}/{n}") for n, twin in enumerate(twins)]

    def _criterion(self, twin: Twin, ident: str, pointer: str) -> Criterion:
        words = {language: words_of(self.places[language].text, node) for language, node in twin.nodes.items()}
        for language, node in twin.nodes.items():
            self.provenance[f"{pointer}/text/{language}"] = self.places[language].spans(node.ranges)
        numbers = [node.number for node in twin.nodes.values() if node.number]
        combined = next((node for node in twin.nodes.values() if node.combine), twin.node)
        constraints = merge_constraints({language: find_constraints(text, language) for language, text in words.items()})
        children = self.criteria(twin.children, f"{ident}.", f"{pointer}/children")
        return Criterion(
            id=ident,
            number=numbers[0] if numbers else UNSET,
            text=Text(**words),
            role=twin.node.role,  # type: ignore[arg-type]
            combine=(children and combined.combine) or UNSET,  # type: ignore[arg-type]
            at_least=(children and combined.at_least) or UNSET,
            constraints=constraints or UNSET,
            children=children or UNSET,
        )


def merge_constraints(found: dict[str, list[Constraint]]) -> list[Constraint]:
    """The constraints of both languages, equal ones once with both quotes."""
    lists = list(found.values())
    return lists[0] if lists else []


__all__ = ["Emitter", "Twin", "make_text", "merge_constraints", "single"]
