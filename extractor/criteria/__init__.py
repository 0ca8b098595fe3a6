"""Eligibility text to a tree with constraints."""

from __future__ import annotations

import html
from collections.abc import Mapping
from itertools import zip_longest

from extractor.criteria.headings import EXCLUSION, INCLUSION
from extractor.criteria.nodes import Node
from extractor.criteria.outline import Outline, read_outline
from extractor.criteria.structured import Places, Structured, language_of, make_criteria
from extractor.criteria.twins import Emitter, Twin, single
from extractor.document import Found
from extractor.model import Criteria

__all__ = ["Structured", "parse_criteria", "structure_list", "structure_sections", "structure_whole"]


def parse_criteria(text: str) -> Criteria:
    r"""Both lists of one eligibility text, in either language, with constraints.

    >>> parse_criteria("Inclusion Criteria:\n* Age over 18\n\nExclusion Criteria:\n* Pregnancy").exclusion[0].id
    'E1'
    """
    if "&" in text:
        text = html.unescape(text.replace("\\&", "&"))
    outline = read_outline(text)
    language = language_of(text)
    return Criteria(
        inclusion=make_criteria(outline.inclusion, "I", text, language),
        exclusion=make_criteria(outline.exclusion, "E", text, language),
    )


def structure_whole(found: Found, language: str = "") -> Structured:
    """One eligibility text that holds both sections."""
    language = language or language_of(found.text)
    outline = read_outline(found.text)
    emitter = Emitter({language: Places(found)})
    return Structured(
        inclusion=emitter.criteria(single(outline.inclusion, language), "I", "/inclusion"),
        exclusion=emitter.criteria(single(outline.exclusion, language), "E", "/exclusion"),
        provenance=emitter.provenance,
    )


def structure_sections(inclusion: Mapping[str, Found], exclusion: Mapping[str, Found]) -> Structured:
    """Texts per language, each known to be one section; both languages are aligned."""
    outlines = {language: [read_outline(found.text, INCLUSION)] for language, found in inclusion.items()}
    del outlines
    first = _section(inclusion, INCLUSION, "I")
    second = _section(exclusion, EXCLUSION, "E")
    return Structured(
        inclusion=first.inclusion,
        exclusion=second.exclusion,
        provenance=first.provenance | second.provenance,
    )


def _section(founds: Mapping[str, Found], side: str, prefix: str) -> Structured:
    outlines: dict[str, Outline] = {language: read_outline(found.text, side) for language, found in founds.items()}
    lists: list[list[tuple[str, Node]]] = [[(language, node) for node in getattr(outline, side)] for language, outline in outlines.items()]
    twins = [Twin(dict(pair for pair in pairs if pair)) for pairs in zip_longest(*lists)]
    emitter = Emitter({language: Places(found) for language, found in founds.items()})
    criteria = emitter.criteria(twins, prefix, f"/{side}")
    if side == INCLUSION:
        return Structured(inclusion=criteria, provenance=emitter.provenance)
    return Structured(exclusion=criteria, provenance=emitter.provenance)


def structure_list(found: Found, prefix: str, language: str = "zh") -> Structured:
    """A plain list of statements; the result stands in `inclusion`, its ids begin with `prefix`."""
    outline = read_outline(found.text)
    emitter = Emitter({language: Places(found)})
    return Structured(inclusion=emitter.criteria(single(outline.inclusion, language), prefix, "/inclusion"), provenance=emitter.provenance)
