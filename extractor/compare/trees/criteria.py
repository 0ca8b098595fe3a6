"""Two trees of criteria: which statement is which, whatever its number; added, removed, split, merged, moved and reworded ones.

The order inside a list means nothing and is not reported. Both sections of a trial are compared together, so that a statement
that moved from one to the other is found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import UNSET

from extractor.compare.couple import Couple, Difference, Kind, Spot
from extractor.compare.explaining import said_by
from extractor.compare.fields import OTHER_LANGUAGE, tags_of
from extractor.compare.lists.items import plain
from extractor.compare.lists.matching import Matching, match_alike, match_keys, match_parts
from extractor.compare.trees.constraints import OPENS, compare_constraints, judge_constraint, quotes_of, subject_of, turns_round
from extractor.compare.values import LANGUAGES, judge_texts
from extractor.compare.wording.words import Relation, bare_words, printed_words, traits
from extractor.model import Criterion

ALIKE = 0.5  # least likeness of two statements that are one reworded; read off the pairs of fictional and archived versions
JUDGED = ("TIGHTENED", "LOOSENED", "CHANGED")  # what is told of a limit that both versions have
COMBINES = {"ANY": 0, "AT_LEAST": 1, "ALL": 2}  # how many of the children a lead-in asks for, from few to many


class PlacedCriterion(NamedTuple):
    """A criterion at its place: its section, the place of its lead-in in the list of nodes (-1: none), the texts above it."""

    spot: Spot
    section: str
    above: int
    stems: tuple[tuple[str, ...], ...]

    @property
    def criterion(self) -> Criterion:
        """The criterion itself."""
        found: Criterion = self.spot.value
        return found


class CriteriaList(NamedTuple):
    """A list of criteria: its path without positions, its last name, both trees."""

    name: str
    key: str
    old: Spot
    new: Spot


def compare_criteria(couple: Couple, sections: list[CriteriaList]) -> Iterator[Difference]:
    """What differs between the trees of all sections of one trial or label."""
    if all(section.old.value == section.new.value for section in sections):
        return
    names = {section.key: section.name for section in sections}
    old = [node for section in sections for node in _flatten(section.old, section.key)]
    new = [node for section in sections for node in _flatten(section.new, section.key)]
    if old and new and not _share_language(old, new):
        couple.skip(sections[0].name.rpartition("/")[0] or sections[0].name, OTHER_LANGUAGE)
        yield from _compare_limits(old, new, names)
        return
    found = _match(old, new, couple)
    partners = dict(found.pairs)
    for i, j in found.pairs:
        couple.partners[old[i].criterion.id] = new[j].criterion.id
        yield from _compare_node(old[i], new[j], names, partners)
    yield from _without_partners(found, old, new, names)


def _flatten(tree: Spot, section: str) -> list[PlacedCriterion]:
    nodes: list[PlacedCriterion] = []
    stack: list[tuple[Spot, int, tuple[tuple[str, ...], ...]]] = [(spot, -1, ()) for spot in reversed(tree.items())]
    while stack:
        spot, above, stems = stack.pop()
        nodes.append(PlacedCriterion(spot, section, above, stems))
        place, below = len(nodes) - 1, (*stems, printed_words(plain(spot.value.text)))
        stack += [(child, place, below) for child in reversed(spot.at("children").items())]
    return nodes


def _share_language(old: list[PlacedCriterion], new: list[PlacedCriterion]) -> bool:
    return any(
        any(getattr(node.criterion.text, language) is not UNSET for node in old)
        and any(getattr(node.criterion.text, language) is not UNSET for node in new)
        for language in LANGUAGES
    )


def _match(old: list[PlacedCriterion], new: list[PlacedCriterion], couple: Couple) -> Matching:
    """Same words under the same lead-in, same words, same words around limits, then likeness; parts are looked for before likeness."""
    keys = [
        key
        for language in ("", *LANGUAGES)
        for key in (
            lambda node, language=language: _with(_words(node, language), node.section, node.stems),
            lambda node, language=language: _with(_words(node, language), node.section),
        )
    ]
    found = match_keys(old, new, [*keys, lambda node: _words(node, ""), _frame])
    one, two = [_traits(node) for node in old], [_traits(node) for node in new]
    if couple.basis == "VERSIONS":
        match_parts(found, one, two)
    match_alike(found, one, two, ALIKE)
    return found


def _with(words: object, *more: object) -> object:
    return None if words is None else (words, *more)


def _words(node: PlacedCriterion, language: str) -> object:
    texts = [getattr(node.criterion.text, name) for name in ((language,) if language else LANGUAGES)]
    return tuple(None if text is UNSET else printed_words(text) for text in texts) if any(text is not UNSET for text in texts) else None


def _frame(node: PlacedCriterion) -> object:
    """What a statement limits and its words around the limits: one whose amounts differ is the same statement."""
    names = [spot.value.variable.name for spot in node.spot.at("constraints").items() if spot.value.variable is not UNSET]
    if not names or UNSET in names:
        return None
    texts = [(language, getattr(node.criterion.text, language)) for language in LANGUAGES]
    rest = [_without(text, quotes_of([node.spot], language)) for language, text in texts if text is not UNSET]
    return node.section, tuple(names), tuple(rest)


def _traits(node: PlacedCriterion) -> Counter[str]:
    """A statement's words, marked with its section: one that moved between the sections is recognised by its exact words only."""
    total: Counter[str] = Counter()
    for language in LANGUAGES:
        text = getattr(node.criterion.text, language)
        if text is not UNSET:
            total.update({f"{node.section} {trait}": count for trait, count in traits(text).items()})
    total.update(f"{node.section} {subject_of(spot.value)}" for spot in node.spot.at("constraints").items())
    return total


def _compare_node(old: PlacedCriterion, new: PlacedCriterion, names: dict[str, str], partners: dict[int, int]) -> Iterator[Difference]:
    name, item = names[new.section], plain(new.criterion.text)
    if old.section != new.section:
        yield Difference(name, "MOVED", (old.spot,), (new.spot,), item, frozenset({"other_section"}))
    elif not _same_place(old, new, partners):
        yield Difference(name, "MOVED", (old.spot,), (new.spot,), item)
    yield from _compare_combination(old, new, name, item)
    verdict = judge_texts(old.criterion.text, new.criterion.text)
    if verdict not in (Relation.SAME, Relation.UNKNOWN):
        yield from (found._replace(item=found.item or item) for found in _compare_words(old, new, name, verdict))


def _compare_words(old: PlacedCriterion, new: PlacedCriterion, name: str, verdict: Relation) -> Iterator[Difference]:
    """The limits that differ; and the words, unless they are those of limits that both versions have."""
    doubtful = any(turns_round(" ".join(words)) for words in (*old.stems, *new.stems))
    found = [] if verdict is Relation.WORDING else list(compare_constraints(old.spot, new.spot, new.section, doubtful=doubtful))
    yield from (each._replace(field=f"{name}/constraints") for each in found)
    framed = _explain(old.spot, new.spot)
    if found and framed and all(each.kind in JUDGED for each in found):
        return
    tags = tags_of(old.criterion.text, new.criterion.text, verdict)
    if framed and not found and _limit_words(old.spot) == _limit_words(new.spot):
        tags = frozenset({"wording"})
    yield Difference(name, "REWORDED", (old.spot.at("text"),), (new.spot.at("text"),), tags=tags)


def _same_place(old: PlacedCriterion, new: PlacedCriterion, partners: dict[int, int]) -> bool:
    """Whether both stand under no lead-in, or under lead-ins that are a pair."""
    return old.above == new.above == -1 or partners.get(old.above, -2) == new.above


def _compare_combination(old: PlacedCriterion, new: PlacedCriterion, name: str, item: str) -> Iterator[Difference]:
    """ANY of the children where it was ALL, or another number of them."""
    one, two = _asked(old.criterion), _asked(new.criterion)
    if one == two or one is None or two is None:
        return
    kind: Kind = "CHANGED"
    if not any(turns_round(" ".join(words)) for words in (*old.stems, *new.stems)):
        opens = OPENS[new.section] * (1 if two < one else -1)
        kind = "LOOSENED" if opens > 0 else "TIGHTENED"
    yield Difference(f"{name}/combine", kind, (old.spot.at("combine"),), (new.spot.at("combine"),), item)


def _asked(criterion: Criterion) -> tuple[int, int] | None:
    """How many of its children a lead-in asks for, from few to many; None where it does not say."""
    if criterion.combine is UNSET:
        return None
    return COMBINES[criterion.combine], 0 if criterion.at_least is UNSET else criterion.at_least


def _explain(old: Spot, new: Spot) -> bool:
    """Whether nothing but the words of the constraints differs."""
    for language in LANGUAGES:
        texts = [getattr(spot.value.text, language) for spot in (old, new)]
        if UNSET in texts:
            continue
        rest = [_without(text, quotes_of([spot], language)) for text, spot in zip(texts, (old, new), strict=True)]
        if Counter(rest[0]) != Counter(rest[1]):
            return False
    return True


def _limit_words(criterion: Spot) -> Counter[str]:
    """The words of limits but for amounts and units: where these are the same and the values too, only the writing differs."""
    words: Counter[str] = Counter()
    for spot in criterion.at("constraints").items():
        unit = spot.value.unit.text if spot.value.unit is not UNSET and spot.value.unit.text is not UNSET else ""
        words.update(word for text in said_by(spot.value) for word in bare_words(text.replace(unit, " ")) if word.isalpha())
    return words


def _without(text: str, quotes: list[str]) -> tuple[str, ...]:
    for quote in quotes:
        text = text.replace(quote, " ", 1)
    return bare_words(text)


def _without_partners(
    found: Matching, old: list[PlacedCriterion], new: list[PlacedCriterion], names: dict[str, str]
) -> Iterator[Difference]:
    for i, parts in found.splits:
        yield Difference(names[old[i].section], "SPLIT", (old[i].spot,), tuple(new[j].spot for j in parts), plain(old[i].criterion.text))
    for parts, j in found.merges:
        yield Difference(names[new[j].section], "MERGED", tuple(old[i].spot for i in parts), (new[j].spot,), plain(new[j].criterion.text))
    gone, come = set(found.removed), set(found.added)
    for i in found.removed:
        if old[i].above not in gone:
            yield Difference(names[old[i].section], "REMOVED", (old[i].spot,), (), plain(old[i].criterion.text))
    for j in found.added:
        if new[j].above not in come:
            yield Difference(names[new[j].section], "ADDED", (), (new[j].spot,), plain(new[j].criterion.text))


def _compare_limits(old: list[PlacedCriterion], new: list[PlacedCriterion], names: dict[str, str]) -> Iterator[Difference]:
    """Without a common language: limits on what each register limits just once in a section, compared by value."""
    one, two = _limits(old), _limits(new)
    for key in one:
        if key in two and (kind := judge_constraint(one[key].value, two[key].value, key[0], unsure=True)):
            yield Difference(f"{names[key[0]]}/constraints", kind, (one[key],), (two[key],), subject_of(two[key].value))


def _limits(nodes: list[PlacedCriterion]) -> dict[tuple[str, str, str], Spot]:
    found: dict[tuple[str, str, str], list[Spot]] = {}
    for node in nodes:
        for spot in node.spot.at("constraints").items():
            variable = spot.value.variable
            if variable is not UNSET and variable.name is not UNSET:
                found.setdefault((node.section, spot.value.kind, variable.name), []).append(spot)
    return {key: spots[0] for key, spots in found.items() if len(spots) == 1}
