"""Mentions in a record: constraints of the kinds CONDITION, MEDICATION and PROCEDURE on the criteria that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import msgspec
from msgspec import UNSET

from extractor.concepts.find import find_regions, mentions_of
from extractor.concepts.mention import Mention, Region
from extractor.model import Constraint, Criterion, Text, Variable

_DEEPEST = 50  # levels of children that are entered
Language = Literal["zh", "en"]
_LANGUAGES: tuple[Language, ...] = ("zh", "en")


class CriterionText(NamedTuple):
    """The text of one criterion in one language."""

    criterion: Criterion
    language: Language
    text: str


def add_concepts(criteria: list[Criterion]) -> list[Criterion]:
    """The same trees with the mentions of each criterion's own text appended to its constraints, Chinese before English.

    All texts go through the model together. A constraint's quote and `variable.text` are the words of the mention;
    `negated` is denial only, `exception` a carve-out, as in every constraint.
    """
    passages = [passage for criterion in criteria for passage in _passages(criterion, 0)]
    regions = find_regions([passage.text for passage in passages])
    found: dict[int, list[Constraint]] = {}
    for passage, of_text in zip(passages, regions, strict=True):
        found.setdefault(id(passage.criterion), []).extend(_constraints(passage, of_text))
    return [_extended(criterion, found, 0) for criterion in criteria]


def _passages(criterion: Criterion, depth: int) -> Iterator[CriterionText]:
    for language in _LANGUAGES:
        text = getattr(criterion.text, language)
        if isinstance(text, str):
            yield CriterionText(criterion, language, text)
    for child in _children(criterion, depth):
        yield from _passages(child, depth + 1)


def _children(criterion: Criterion, depth: int) -> Iterable[Criterion]:
    return criterion.children if criterion.children is not UNSET and depth < _DEEPEST else ()


def _extended(criterion: Criterion, found: dict[int, list[Constraint]], depth: int) -> Criterion:
    present = criterion.constraints if criterion.constraints is not UNSET else []
    constraints = [*present, *found.get(id(criterion), [])]
    children = [_extended(child, found, depth + 1) for child in _children(criterion, depth)]
    return msgspec.structs.replace(criterion, constraints=constraints or UNSET, children=children or criterion.children)


def _constraints(passage: CriterionText, regions: list[Region]) -> Iterator[Constraint]:
    known = passage.criterion.constraints
    for mention in mentions_of(passage.text, regions, known if known is not UNSET else [], passage.language):
        yield _constraint(mention, passage.language)


def _constraint(mention: Mention, language: Language) -> Constraint:
    return Constraint(
        kind=mention.kind,
        variable=Variable(text=mention.text),
        window=mention.window,
        negated=mention.negated and not mention.exception,
        exception=mention.exception,
        quote=Text(**{language: mention.text}),
    )
