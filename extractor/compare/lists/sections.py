"""Sections of two labels: paired by their keys or headings, then paragraph by paragraph. Order and numbering are not compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import UNSET

from extractor.compare.couple import Couple, Difference, Spot
from extractor.compare.fields import tags_of
from extractor.compare.lists.items import traits_of
from extractor.compare.lists.matching import match_alike, match_keys, match_parts
from extractor.compare.values import LANGUAGES, judge_texts
from extractor.compare.wording.words import Verdict, printed_words
from extractor.model import Section, Text

OTHER = "other"  # the key of a section that is told by its heading only
ALIKE_SECTIONS = 0.6  # least likeness of two sections whose headings differ
ALIKE_PARAGRAPHS = 0.4  # and of two paragraphs of one section: there are few, and boilerplate counts little


class Part(NamedTuple):
    """A section at its place: its key, or that of the section it stands in, and its headings from the top."""

    spot: Spot
    key: str
    headings: tuple[str, ...]

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
    """What differs between the sections of two labels."""
    before, after = _flatten(old), _flatten(new)
    found = match_keys(before, after, [lambda part: (part.key, *_folded(part.headings[1:])), lambda part: _folded(part.headings)[-1:]])
    one, two = [_traits(part) for part in before], [_traits(part) for part in after]
    match_alike(found, one, two, ALIKE_SECTIONS)
    for i, j in found.pairs:
        yield from _compare_paragraphs(couple, before[i], after[j], name)
    for place in _tops(found.removed, before):
        yield Difference(f"{name}/{before[place].key}", "REMOVED", (before[place].spot,), (), before[place].title)
    for place in _tops(found.added, after):
        yield Difference(f"{name}/{after[place].key}", "ADDED", (), (after[place].spot,), after[place].title)


def _tops(places: list[int], parts: list[Part]) -> list[int]:
    """Those that do not stand inside another of them."""
    pointers = {parts[place].spot.pointer for place in places}
    return [place for place in places if parts[place].spot.pointer.rpartition("/children/")[0] not in pointers]


def _flatten(sections: Spot) -> list[Part]:
    parts: list[Part] = []
    stack: list[tuple[Spot, str, tuple[str, ...]]] = [(spot, "", ()) for spot in reversed(sections.items())]
    while stack:
        spot, above, headings = stack.pop()
        heading = "" if spot.value.heading is UNSET else spot.value.heading
        key = above or (OTHER if spot.value.key is UNSET else spot.value.key)
        parts.append(Part(spot, key, (*headings, heading)))
        stack += [(child, key, parts[-1].headings) for child in reversed(spot.at("children").items())]
    return parts


def _folded(headings: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(printed_words(heading) for heading in headings)


def _traits(part: Part) -> Counter[str]:
    return traits_of(part.section, ("text",))


def paragraphs_of(part: Spot) -> list[Spot]:
    """The paragraphs and list items of a section, without those of the sections in it."""
    found: list[Spot] = []
    for block in part.at("blocks").items():
        found += [spot for spot in (block.at("text"), *block.at("items").items()) if spot]
    if not found and not part.at("children") and part.at("text"):
        found.append(part.at("text"))
    return found


def _compare_paragraphs(couple: Couple, old: Part, new: Part, name: str) -> Iterator[Difference]:
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
        if verdict in (Verdict.WORDING, Verdict.DIFFERENT):
            yield Difference(field, "REWORDED", (before[i],), (after[j],), new.title, tags_of(one[i], two[j], verdict))
    for i, parts in found.splits:
        yield Difference(field, "SPLIT", (before[i],), tuple(after[j] for j in parts), new.title)
    for parts, j in found.merges:
        yield Difference(field, "MERGED", tuple(before[i] for i in parts), (after[j],), new.title)
    yield from (Difference(field, "REMOVED", (before[i],), (), new.title) for i in found.removed)
    yield from (Difference(field, "ADDED", (), (after[j],), new.title) for j in found.added)


def _words(text: Text) -> object:
    return tuple(printed_words(value) for language in LANGUAGES if (value := getattr(text, language)) is not UNSET)
