"""Pairs written as criteria, with the places of their texts."""

from __future__ import annotations

from msgspec import UNSET

from extractor.criteria.bilingual.merging import merge_constraints
from extractor.criteria.bilingual.pairs import Pair
from extractor.criteria.constraints.unit_doubts import find_unit_doubts
from extractor.criteria.outline.headings import EXCLUSION, find_bar
from extractor.criteria.outline.nodes import Node, Range, Unsure
from extractor.criteria.outline.words import clean_block, ranges_of
from extractor.criteria.places import Places
from extractor.document import Doubt, Span
from extractor.languages import text_of
from extractor.model import Constraint, Criterion

_LAST_WORDS = 40  # characters behind "are not eligible" with which a statement may still end: for this study
_LONGEST_QUOTE = 200  # characters of the words of a finding
_PLAIN = Node([(0, 0)], 0)


class Writer:
    """Makes criteria out of pairs and notes where each text stands."""

    def __init__(self, *, traced: bool = True) -> None:
        """Start with nothing noted; `traced` says whether places and doubts are to be noted at all."""
        self.traced = traced
        self.provenance: dict[str, tuple[Span, ...]] = {}
        self.doubts: list[Doubt] = []
        self.used: dict[int, tuple[Places, list[Range]]] = {}

    def criteria(self, pairs: list[Pair], prefix: str, pointer: str) -> list[Criterion]:
        """The criteria of a list whose JSON Pointer is `pointer`; `prefix` is "I" or "I4."."""
        return [self._criterion(pair, f"{prefix}{n + 1}", f"{pointer}/{n}") for n, pair in enumerate(pairs)]

    def _criterion(self, pair: Pair, ident: str, pointer: str) -> Criterion:
        words = pair.words()
        constraints = merge_constraints(pair.constraints())
        if self.traced:
            self._note(pair, pointer, constrained=bool(constraints))
            self._doubt(pair, constraints, pointer)
        children = self.criteria(pair.children, f"{ident}.", f"{pointer}/children")
        nodes = [node for node, _ in pair.nodes.values()]
        combined = next((node for node in nodes if node.combine and children), None) or _PLAIN
        return Criterion(
            id=ident,
            number=next((node.number for node in nodes if node.number), UNSET),
            text=text_of(words),
            role=pair.node.role,  # type: ignore[arg-type]
            combine=combined.combine or UNSET,  # type: ignore[arg-type]
            at_least=combined.at_least or UNSET,
            constraints=constraints or UNSET,
            complete=pair.is_complete(len(constraints), excluding=not ident.startswith("I")),
            children=children or UNSET,
        )

    def _doubt(self, pair: Pair, constraints: list[Constraint], pointer: str) -> None:
        """Tell what a reader should know of a criterion: units that disagree, words that turn its constraints round."""
        words = pair.words()
        if constraints:
            self.doubts += [doubt._replace(path=pointer) for text in words.values() for doubt in find_unit_doubts(text)]
        self.doubts += [tell_unsure(node.unsure, places, pointer) for node, places in pair.nodes.values() if node.unsure]
        if pair.node.role == "CRITERION":
            self.doubts += _bars(words, constraints, pointer)

    def _note(self, pair: Pair, pointer: str, *, constrained: bool) -> None:
        """Keep the places of a criterion's texts; its constraints stand somewhere in them."""
        own: tuple[Span, ...] = ()
        for language, (node, places) in pair.nodes.items():
            located, ranges = places.locate(node.ranges), ranges_of(places.text, node)
            spans = self.provenance[f"{pointer}/text/{language}"] = located if ranges == node.ranges else places.locate(ranges)
            own += located
            self.used.setdefault(id(places), (places, []))[1].extend(node.ranges)
        if constrained:
            self.provenance[f"{pointer}/constraints"] = spans if spans == own else own  # one tuple where both are the same: they are many


def tell_unsure(unsure: Unsure, places: Places, pointer: str) -> Doubt:
    """That another tree of a list fits almost as well as the one that was chosen."""
    message = f"another way to divide or nest the list fits almost as well: {unsure.message}"
    return Doubt("criteria.uncertain", pointer, message, clean_block(places.text[unsure.start : unsure.end])[:_LONGEST_QUOTE])


def _bars(words: dict[str, str], constraints: list[Constraint], pointer: str) -> list[Doubt]:
    """That a criterion says for itself who is excluded, where that turns its constraints round: in an exclusion criterion, what is negated by its last words."""
    excluding = pointer.startswith(f"/{EXCLUSION}")
    if excluding and not any(constraint.negated is True for constraint in constraints):
        return []
    for text in words.values():
        found = find_bar(text)
        if found and not (excluding and len(text) - found[1] > _LAST_WORDS):
            message = "an exclusion criterion says again" if excluding else "an inclusion criterion says"
            quote = text[slice(*found)]
            return [Doubt("criteria.excludes_itself", pointer, f"{message} who is excluded: read its constraints by its words", quote)]
    return []
