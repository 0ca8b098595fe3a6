"""Pairs: one criterion in the languages that have it."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractor.criteria.bilingual.disagreement import find_difference
from extractor.criteria.constraints import read_constraints
from extractor.criteria.constraints.completeness import StatementReading
from extractor.criteria.constraints.stems import NO_SETTING, Setting, read_stem
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
    parent: Pair | None = None
    _found: dict[str, StatementReading] | None = None
    _settings: dict[str, Setting] = field(default_factory=dict)
    _words: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Tell the children what stands above them."""
        for child in self.children:
            child.parent = self

    @property
    def node(self) -> Node:
        """The node that decides the role: the Chinese one where there are two."""
        return next(iter(self.nodes.values()))[0]

    def words(self) -> dict[str, str]:
        """The clean text in each language, made once."""
        if len(self._words) != len(self.nodes):
            self._words = {language: words_of(places.text, node) for language, (node, places) in self.nodes.items()}
        return self._words

    def constraints(self) -> dict[str, list[Constraint]]:
        """The constraints of the texts in the languages that are read."""
        return {language: reading.constraints for language, reading in self.readings().items()}

    def readings(self) -> dict[str, StatementReading]:
        """What the text says in each language that is read, read once."""
        if self._found is None:
            self._found = {
                language: read_constraints(text, language, self.setting(language))
                for language, text in self.words().items()
                if language in READ
            }
        return self._found

    def setting(self, language: str) -> Setting:
        """What the statements above say of this one, in one language."""
        return NO_SETTING if self.parent is None else self.parent.setting_below(language)

    def setting_below(self, language: str) -> Setting:
        """What this statement and those above it say of its children, read once for all of them."""
        known = self._settings.get(language)
        if known is None:
            above = self.setting(language)
            words = self.words().get(language, "")
            known = self._settings[language] = read_stem(words, above) if words else above
        return known

    def is_complete(self, merged: int, *, excluding: bool) -> bool:
        """Whether the constraints say all that the text says, in each language the same; `merged` counts those of both."""
        if self.children:
            return False
        if self.node.role != "CRITERION":
            return False
        readings = self.readings()
        whole = all(reading.stands_for_text(excluding=excluding) and len(reading.constraints) == merged for reading in readings.values())
        if not readings or not whole or len(readings) < 2:
            return bool(readings) and whole
        words = self.words()
        return not find_difference(words["zh"], words["en"], self.constraints())


def unpaired(nodes: list[Node], language: str, places: Places) -> list[Pair]:
    """Twins of a list that has one language."""
    return [Pair({language: (node, places)}, unpaired(node.children, language, places)) for node in nodes]
