"""Drops differences of texts that print again what finer fields hold, as far as the finer differences have all of their words.

A section of a label, or the whole eligibility text, holds the words of many fields. Of its difference only those words count that
no finer difference has removed or added; each finer word explains one word, so that nothing is explained twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET

from extractor.compare.couple import Couple, Difference, Spot
from extractor.compare.values import LANGUAGES
from extractor.compare.wording.words import bare_words
from extractor.model import Constraint, Criterion, Dosing, Text
from extractor.patterns import lazy_pattern
from extractor.tables import read_table

Words = Counter[str]
# Fields of a value that repeat its words, or are ours and not the document's.
REPEATED = frozenset({"id", "constraints", "interventions", "indication", "table", "code", "role", "kind", "key", "loinc", "ucum"})

_marker = lazy_pattern(r"^[^\S\n]*(?:[-•*·●○▪◦]|[(（]?(?:\d{1,2}|[A-Za-z]|[ivxIVX]{1,4})[.)、．）](?!\d))[^\S\n]*", re.MULTILINE)


class FinerWords(NamedTuple):
    """The words that finer differences have removed and added, and that are left to explain others."""

    gone: Words
    come: Words


@cache
def _finer_fields() -> dict[str, tuple[str, ...]]:
    return {whole: tuple(finer.split("|")) for whole, finer in read_table("extractor.compare", "explained")}


def drop_explained(couple: Couple, differences: list[Difference]) -> list[Difference]:
    """The differences without those whose words finer ones have; a kept one may itself explain those of a later row of the table."""
    for whole, finer in _finer_fields().items():
        if any(found.field == whole for found in differences):
            pool = _gather(couple, [found for found in differences if found.field != whole], finer)
            differences = [found for found in differences if found.field != whole or _has_rest(found, pool)]
    return differences


def _has_rest(found: Difference, pool: FinerWords) -> bool:
    """Whether words are left that the pool does not have; else what explains the difference is taken out of the pool."""
    old, new = (sum((_words(spot.value) for spot in side), Words()) for side in (found.old, found.new))
    gone, come = old - new, new - old
    left = (gone - pool.gone) + (come - pool.come)
    if not left:
        pool.gone.subtract(gone)
        pool.come.subtract(come)
    return bool(left)


def _gather(couple: Couple, differences: Iterable[Difference], finer: tuple[str, ...]) -> FinerWords:
    """The words that the differences of finer fields remove and add, and the numbers of the criteria, which count anew."""
    gone, come = Words(), Words()
    reworded = {spot.pointer for found in differences if found.kind == "REWORDED" for spot in found.new}
    for found in differences:
        if _is_part_of(found, reworded):
            continue
        old, new = (_words_below(side, finer) for side in (found.old, found.new))
        gone += old - new
        come += new - old
    pool = FinerWords(gone, come)
    for words, root in zip(pool, couple.roots(), strict=True):
        words.update(_numbers(root, finer))
    return pool


def _is_part_of(found: Difference, reworded: set[str]) -> bool:
    """Whether a constraint's words are those of a criterion that is told as reworded."""
    return any("/constraints/" in spot.pointer and f"{spot.pointer.partition('/constraints/')[0]}/text" in reworded for spot in found.new)


def _words_below(spots: tuple[Spot, ...], finer: tuple[str, ...]) -> Words:
    return sum((_words(spot.value) for spot in spots if _inside(spot.pointer).startswith(finer)), Words())


def _inside(pointer: str) -> str:
    """A pointer without the trial or label that it starts with."""
    return pointer.lstrip("/").partition("/")[2]


def _words(value: Any) -> Words:
    return Words(word for text in said_by(value) for word in bare_words(_marker.sub("", text)))


def said_by(value: Any) -> Iterator[str]:
    """The texts of a value as the document has them, each once."""
    if isinstance(value, Text):
        yield from (text for language in LANGUAGES if (text := getattr(value, language)) is not UNSET)
    elif isinstance(value, Criterion):
        yield from said_by(value.text)
        yield from (text for child in value.children or () for text in said_by(child))
    elif isinstance(value, Constraint | Dosing):
        yield from () if value.quote is UNSET else said_by(value.quote)
    elif isinstance(value, msgspec.Struct):
        named = ((item.name, getattr(value, item.name)) for item in msgspec.structs.fields(type(value)))
        yield from (text for name, part in named if name not in REPEATED and part is not UNSET for text in said_by(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in said_by(part))
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)


def _numbers(root: Spot, finer: tuple[str, ...]) -> Iterator[str]:
    """The markers of all criteria below: they stand inside the printed text of a section."""
    for path in finer:
        spot = root
        for name in path.split("/"):
            spot = Spot("", getattr(spot.value, name, UNSET)) if spot else spot
        stack = [item for item in (spot.value or ()) if isinstance(item, Criterion)] if isinstance(spot.value, list) else []
        while stack:
            node = stack.pop()
            yield from () if node.number is UNSET else bare_words(node.number)
            stack += node.children or ()
