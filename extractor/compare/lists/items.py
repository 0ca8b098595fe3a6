"""Lists whose items stand for themselves, whatever their order: outcomes, arms, sites, sponsors, rows of adverse reactions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from functools import cache, partial
from typing import Any, NamedTuple

from msgspec import UNSET

from extractor.compare.couple import Couple, Difference, Kind, Spot, fields_of
from extractor.compare.fields import Walk, compare_whole
from extractor.compare.lists.matching import Key, Matching, match_alike, match_keys, match_parts
from extractor.compare.values import LANGUAGES
from extractor.compare.wording.words import printed_words, traits
from extractor.model import Coded, Text
from extractor.tables import read_table

Traits = Counter[str]
# Fields that hold the id of an item of another list; they agree where the items do.
REFERENCES = frozenset({"arms/interventions", "dosing/indication", "adverse_reactions/table", "results/arm", "results/outcome"})

NAMED = ("interventions", "arms", "outcomes", "indications", "tables")  # the lists that those ids are of


class Pairing(NamedTuple):
    """How the items of a list are paired: a row of tables/items.tsv."""

    keys: tuple[tuple[str, ...], ...]
    alike: float | None
    alike_on: tuple[str, ...]
    name: tuple[str, ...]
    parts: bool


TEXT = Pairing((), None, (), ("text", "caption"), parts=False)  # how criteria and tables are called


@cache
def pairings() -> dict[str, Pairing]:
    """tables/items.tsv by the list's name."""
    return {name: _pairing(*cells) for name, *cells in read_table("extractor.compare", "items")}


def _pairing(keys: str, alike: str, alike_on: str, name: str, parts: str) -> Pairing:
    stages = tuple(_fields(stage) for stage in keys.split("|"))
    return Pairing(stages, float(alike) if alike else None, _fields(alike_on), _fields(name), parts == "yes")


def _fields(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split("+")))


def compare_items(couple: Couple, old: Spot, new: Spot, name: str, walk: Walk) -> Iterator[Difference]:
    """What differs between two lists of items."""
    how = pairings()[name.rpartition("/")[2]]
    before, after = old.items(), new.items()
    found = match_items(before, after, how, couple)
    for i, j in found.pairs:
        _note_partners(couple, before[i].value, after[j].value)
        yield from _compare_pair(couple, before[i], after[j], name, walk)
    for i, parts in found.splits:
        yield Difference(
            name, "SPLIT", (before[i],), tuple(after[j] for j in parts), name_of(before[i].value, how), tags_of_item(before[i])
        )
    for parts, j in found.merges:
        yield Difference(name, "MERGED", tuple(before[i] for i in parts), (after[j],), name_of(after[j].value, how), tags_of_item(after[j]))
    for i in found.removed:
        yield Difference(name, "REMOVED", (before[i],), (), name_of(before[i].value, how), tags_of_item(before[i]))
    for j in found.added:
        yield Difference(name, "ADDED", (), (after[j],), name_of(after[j].value, how), tags_of_item(after[j]))


def match_items(before: list[Spot], after: list[Spot], how: Pairing, couple: Couple) -> Matching:
    """Which items belong together."""
    old, new = [spot.value for spot in before], [spot.value for spot in after]
    found = match_keys(old, new, [key for stage in how.keys for key in _stage(stage)])
    if how.alike is not None and found.removed and found.added:
        one, two = [traits_of(item, how.alike_on) for item in old], [traits_of(item, how.alike_on) for item in new]
        if how.parts and couple.basis == "VERSIONS":
            match_parts(found, one, two)
        match_alike(found, one, two, how.alike)
    return found


def _stage(fields: tuple[str, ...]) -> list[Key]:
    """A stage of keys: all languages of the fields, then each language alone, for records that have different ones."""
    return [partial(key_of, fields=fields, language=language) for language in ("", *LANGUAGES)]


def key_of(item: Any, fields: tuple[str, ...], language: str = "") -> Hashable:
    """The fields' values folded, None where none of them is there; a role or level without any words tells nothing apart."""
    values = [_value(item, field) for field in fields] if fields else [item]
    folded = [_folded(value, language) for value in values]
    telling = [one for one, value in zip(folded, values, strict=True) if isinstance(value, Text)] or folded
    return tuple(folded) if any(telling) else None


def _value(item: Any, field: str) -> Any:
    for name in field.split("."):
        item = UNSET if item is UNSET else getattr(item, name, UNSET)
    return item


def _folded(value: Any, language: str) -> Hashable:
    if value is UNSET:
        return None
    if isinstance(value, Text):
        texts = [getattr(value, name) for name in (LANGUAGES if not language else (language,))]
        return tuple(None if text is UNSET else printed_words(text) for text in texts) if any(texts) else None
    if isinstance(value, Coded):
        return value.code
    if isinstance(value, list):
        return tuple(sorted(repr(item) for item in value))
    return printed_words(value) if isinstance(value, str) else repr(value)


def traits_of(item: Any, fields: tuple[str, ...]) -> Traits:
    """What an item is recognised by where no key does."""
    total: Traits = Counter()
    for value in [_value(item, field) for field in fields] if fields else [item]:
        for part in value if isinstance(value, list) else [value]:
            for text in texts_of(part):
                total.update(traits(text))
    return total


def texts_of(value: Any) -> list[str]:
    """The texts of a language map, or the string itself."""
    if isinstance(value, Text):
        return [text for language in LANGUAGES if (text := getattr(value, language)) is not UNSET]
    return [value] if isinstance(value, str) else []


def name_of(item: Any, how: Pairing) -> str:
    """What an item is called: the texts of its naming fields, or its own."""
    values = [_value(item, field) for field in how.name] if how.name else [item]
    return ", ".join(filter(None, map(plain, values)))


def plain(value: Any) -> str:
    """A text (English where it has some, else Chinese), code or string."""
    if isinstance(value, Text):
        return next((text for text in (value.en, value.zh) if text is not UNSET), "")
    if isinstance(value, Coded):
        return value.code
    return value if isinstance(value, str) else ""


def tags_of_item(*spots: Spot) -> frozenset[str]:
    """The tag "primary" for primary outcomes."""
    levels = [getattr(spot.value, "level", UNSET) for spot in spots if spot]
    return frozenset({"primary"} if any(isinstance(level, Coded) and level.code == "PRIMARY" for level in levels) else ())


def _note_partners(couple: Couple, old: Any, new: Any) -> None:
    if getattr(old, "id", UNSET) is not UNSET:
        couple.partners[old.id] = new.id


def _compare_pair(couple: Couple, old: Spot, new: Spot, name: str, walk: Walk) -> Iterator[Difference]:
    if old.value == new.value:
        return
    tags, title = tags_of_item(old, new), name_of(new.value, pairings()[name.rpartition("/")[2]])
    if isinstance(old.value, Text):
        yield from (found._replace(item=title) for found in compare_whole(couple, old, new, name))
        return
    for field, attribute in fields_of(type(old.value)):
        below, one, two = f"{name}/{field}", old.at(field, attribute), new.at(field, attribute)
        linked = below.removeprefix("trials/") in REFERENCES
        found = _compare_ids(couple, one, two, below) if linked else walk(couple, one, two, below)
        yield from (item._replace(item=item.item or title, tags=item.tags | tags) for item in found)


def _compare_ids(couple: Couple, old: Spot, new: Spot, name: str) -> Iterator[Difference]:
    """References to items of another list: they differ where the items that they name are no pair."""
    before, after = {couple.partners.get(item, item) for item in _ids(old)}, set(_ids(new))
    if couple.sets_apart and (before <= after or after <= before):
        return  # a page that prints one arm of an intervention leaves out the others
    if before != after:
        kind: Kind = "CHANGED" if old and new else "ADDED" if new else "REMOVED"
        old, new = (spot._replace(shown=_names(spot, root)) for spot, root in zip((old, new), couple.roots(), strict=True))
        yield Difference(name, kind, (old,) if old else (), (new,) if new else ())


def _names(spot: Spot, root: Spot) -> str:
    """The names of the items that ids stand for."""
    lists = {field: root.at(field).value or () for field in NAMED if hasattr(root.value, field)}
    names = {item.id: name_of(item, pairings().get(field, TEXT)) for field, items in lists.items() for item in items}
    return ", ".join(names.get(item, item) for item in _ids(spot))


def _ids(spot: Spot) -> list[str]:
    if not spot:
        return []
    return list(spot.value) if isinstance(spot.value, list) else [spot.value]
