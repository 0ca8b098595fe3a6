"""Criteria that a register keeps apart, each with its number and perhaps in several languages, as criteria with constraints.

The register's division stands: one item is one criterion, or one with children where its text is a lead-in with a list. An item
that is a list from its first word on is as many criteria.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from extractor.criteria.bilingual.alignment import Side, attach
from extractor.criteria.bilingual.pairs import Pair, unpaired
from extractor.criteria.outline import read_outline
from extractor.criteria.outline.nodes import Node
from extractor.criteria.outline.words import clean_block
from extractor.criteria.places import PlacedCriteria, Places
from extractor.criteria.writer import Writer
from extractor.document import Item, Span
from extractor.languages import READ, text_of
from extractor.model import Criterion, EligibilityText, Text
from extractor.text import LONGEST_NUMBER

Texts = dict[str, list[Places]]


def structure_lists(items: Mapping[str, Sequence[Item]], prefixes: Mapping[str, str]) -> PlacedCriteria:
    """The items of both sides as criteria, in the order of their numbers; `prefixes` says what the ids of each side begin with."""
    writer = Writer()
    done = {side: _structure_side(items.get(side, ()), side, prefix, writer) for side, prefix in prefixes.items()}
    sides = {side: text for side, (_, text, _) in done.items() if text is not None}
    covered = tuple(span for _, _, spans in done.values() for span in spans)
    text = EligibilityText(**sides) if sides else None
    return PlacedCriteria(done["inclusion"][0], done["exclusion"][0], text, writer.provenance, writer.doubts, covered)


def _structure_side(items: Sequence[Item], side: str, prefix: str, writer: Writer) -> tuple[list[Criterion], Text | None, list[Span]]:
    pairs: list[Pair] = []
    texts: Texts = {}
    covered: list[Span] = []
    for item in sorted(items, key=_order):
        found = list(_pairs(item, texts))
        if len(found) == 1:
            found[0].node.number = item.number.text.strip()
            writer.provenance[f"/{side}/{len(pairs)}/number"] = item.number.spans
        else:
            covered += item.number.spans
        pairs += found
    criteria = writer.criteria(pairs, prefix, f"/{side}")
    covered += [span for places in texts.values() for one in places for span in one.others(writer.used.get(id(one), (one, []))[1])]
    return criteria, _note_texts(side, texts, writer) if texts else None, covered


def _order(item: Item) -> tuple[int, int]:
    """By number; items without one stay behind, as they came."""
    number = item.number.text.strip()
    return (0, int(number)) if number.isdecimal() and len(number) <= LONGEST_NUMBER else (1, 0)


def _pairs(item: Item, texts: Texts) -> Iterator[Pair]:
    """The criteria of one item: its first language that is read leads, the others follow it where they have its shape."""
    pairs: list[Pair] = []
    for language in sorted(item.texts, key=lambda name: READ.index(name) if name in READ else len(READ)):
        places = Places(item.texts[language])
        texts.setdefault(language, []).append(places)
        nodes = _nodes(places.text)
        side = Side(language, nodes, places)
        if not pairs:
            pairs = unpaired(nodes, language, places)
        elif [len(node.children) for node in nodes] == [len(pair.children) for pair in pairs]:
            attach(pairs, side)
        else:
            pairs[0].nodes[language] = (Node([_bounds(places.text)], 0), places)
    yield from pairs


def _nodes(text: str) -> list[Node]:
    """The nodes of one item's text: a list, or one statement however many lines it takes."""
    nodes = read_outline(text, titled=False).inclusion
    head, *rest = nodes or [Node([_bounds(text)], 0)]
    if not rest or all(node.family for node in nodes):
        return [head, *rest]
    if all(node.family for node in rest) and not head.children:
        head.children = rest
        return [head]
    return [Node([_bounds(text)], 0)]


def _bounds(text: str) -> tuple[int, int]:
    return len(text) - len(text.lstrip()), len(text.rstrip())


def _note_texts(side: str, texts: Texts, writer: Writer) -> Text:
    """The side as printed, one item a line, by language."""
    words: dict[str, str] = {}
    for language in (*(name for name in READ if name in texts), *(name for name in texts if name not in READ)):
        words[language] = "\n".join(clean_block(places.text) for places in texts[language])
        writer.provenance[f"/text/{side}/{language}"] = tuple(span for places in texts[language] for span in places.spans)
    return text_of(words)
