"""Sections of two labels: paired by their keys or headings, then paragraph by paragraph. Order and numbering are not compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import UNSET, UnsetType

from extractor.compare.couple import Couple, Difference, Spot
from extractor.compare.fields import tags_of
from extractor.compare.lists.items import traits_of
from extractor.compare.lists.matching import match_alike, match_keys, match_parts
from extractor.compare.values import LANGUAGES, judge_texts
from extractor.compare.wording.words import Relation, printed_words
from extractor.model import Section, Text

OTHER = "other"  # the key of a section that is told by its heading only
ALIKE_SECTIONS = 0.6  # least likeness of two sections whose headings differ
ALIKE_PARAGRAPHS = 0.4  # and of two paragraphs of one section: there are few, and boilerplate counts little


class SectionPlace(NamedTuple):
    """A section at its place: what tells its top section from others, and its headings from the top."""

    spot: Spot
    chapter: tuple[str, ...]
    headings: tuple[str, ...]

    @property
    def key(self) -> str:
        """The key of the top section."""
        return self.chapter[0]

    @property
    def section(self) -> Section:
        """The section itself."""
        found: Section = self.spot.value
        return found

    @property
    def title(self) -> str:
        """The headings as a reader sees them."""
        return " › ".join(filter(None, self.headings))


def compare_sections(couple: Couple, old: Spot, new: Spot, name: str) -> Iterator[Difference]:
    """What differs between the sections of two labels; how one divides the same words into paragraphs is no difference."""
    same = _chapters(old, new)
    before, after = ([part for part in _flatten(side) if part.chapter not in same] for side in (old, new))
    found = match_keys(before, after, [lambda part: (part.chapter, *_folded(part.headings[1:])), lambda part: (part.chapter, _last(part))])
    one, two = [_traits(part) for part in before], [_traits(part) for part in after]
    match_alike(found, one, two, ALIKE_SECTIONS)
    for i, j in found.pairs:
        yield from _compare_paragraphs(couple, before[i], after[j], name)
    for place in _tops(found.removed, before):
        yield Difference(f"{name}/{before[place].key}", "REMOVED", (before[place].spot,), (), before[place].title)
    for place in _tops(found.added, after):
        yield Difference(f"{name}/{after[place].key}", "ADDED", (), (after[place].spot,), after[place].title)


def _chapters(old: Spot, new: Spot) -> frozenset[tuple[str, ...]]:
    """The top sections that stand once on either side and hold the same words in one order, whatever their paragraphs."""
    sides = [Counter(_chapter(spot.value) for spot in side.items()) for side in (old, new)]
    texts = [{_chapter(spot.value): spot.value.text for spot in side.items()} for side in (old, new)]
    once = [chapter for chapter in texts[0] if sides[0][chapter] == sides[1][chapter] == 1]
    return frozenset(chapter for chapter in once if _say_the_same(texts[0][chapter], texts[1][chapter]))


def _say_the_same(old: Text | UnsetType, new: Text | UnsetType) -> bool:
    return old == new or (old is not UNSET and new is not UNSET and judge_texts(old, new) is Relation.SAME)


def _chapter(section: Section) -> tuple[str, ...]:
    """What tells a top section from others: its key, or its heading where the key says nothing."""
    key = OTHER if section.key is UNSET else section.key
    return (key, *printed_words(section.heading)) if key == OTHER and section.heading is not UNSET else (key,)


def _last(part: SectionPlace) -> tuple[str, ...]:
    return printed_words(part.headings[-1])


def _tops(places: list[int], parts: list[SectionPlace]) -> list[int]:
    """Those that do not stand inside another of them."""
    pointers = {parts[place].spot.pointer for place in places}
    return [place for place in places if parts[place].spot.pointer.rpartition("/children/")[0] not in pointers]


def _flatten(sections: Spot) -> list[SectionPlace]:
    parts: list[SectionPlace] = []
    stack: list[tuple[Spot, tuple[str, ...], tuple[str, ...]]] = [(spot, _chapter(spot.value), ()) for spot in reversed(sections.items())]
    while stack:
        spot, chapter, headings = stack.pop()
        heading = "" if spot.value.heading is UNSET else spot.value.heading
        parts.append(SectionPlace(spot, chapter, (*headings, heading)))
        stack += [(child, chapter, parts[-1].headings) for child in reversed(spot.at("children").items())]
    return parts


def _folded(headings: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(printed_words(heading) for heading in headings)


def _traits(part: SectionPlace) -> Counter[str]:
    """The words of a section, marked with the top section that it stands in: it is no other's."""
    return Counter({f"{part.key} {trait}": count for trait, count in traits_of(part.section, ("text",)).items()})


def paragraphs_of(part: Spot) -> list[Spot]:
    """The paragraphs and list items of a section, without those of the sections in it."""
    found: list[Spot] = []
    for block in part.at("blocks").items():
        found += [spot for spot in (block.at("text"), *block.at("items").items()) if spot]
    if not found and not part.at("children") and part.at("text"):
        found.append(part.at("text"))
    return found


def _compare_paragraphs(couple: Couple, old: SectionPlace, new: SectionPlace, name: str) -> Iterator[Difference]:
    if old.section == new.section:
        return
    before, after = paragraphs_of(old.spot), paragraphs_of(new.spot)
    one, two = [spot.value for spot in before], [spot.value for spot in after]
    found = match_keys(one, two, [_words])
    traits = [traits_of(text, ()) for text in one], [traits_of(text, ()) for text in two]
    if couple.basis == "VERSIONS":
        match_parts(found, *traits)
    match_alike(found, *traits, ALIKE_PARAGRAPHS)
    field = f"{name}/{new.key}"
    for i, j in found.pairs:
        verdict = judge_texts(one[i], two[j])
        if verdict in (Relation.WORDING, Relation.DIFFERENT):
            yield Difference(field, "REWORDED", (before[i],), (after[j],), new.title, tags_of(one[i], two[j], verdict))
    for i, parts in found.splits:
        yield Difference(field, "SPLIT", (before[i],), tuple(after[j] for j in parts), new.title)
    for parts, j in found.merges:
        yield Difference(field, "MERGED", tuple(before[i] for i in parts), (after[j],), new.title)
    yield from (Difference(field, "REMOVED", (before[i],), (), new.title) for i in found.removed)
    yield from (Difference(field, "ADDED", (), (after[j],), new.title) for j in found.added)


def _words(text: Text) -> object:
    return tuple(printed_words(value) for language in LANGUAGES if (value := getattr(text, language)) is not UNSET)
