"""Nodes to criteria: ids, language maps, provenance, what is covered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import UNSET

from extractor.criteria.grammar import find_constraints
from extractor.criteria.nodes import Node, Range
from extractor.document import Doubt, Found, Span
from extractor.model import Constraint, Criterion, EligibilityText, Text
from extractor.text import clean_escapes, clean_letter_spacing, clean_paragraphs, has_ideograph

TRAILING = ";；,，:：、 \n\t"


@dataclass(frozen=True, slots=True)
class Structured:
    """Criteria read from raw texts, with their places.

    `provenance` is keyed by JSON Pointer below the eligibility object; `doubts` have such a path too; `covered` holds the
    spans of markers, headings, preambles and removed repeats.
    """

    inclusion: list[Criterion] = field(default_factory=list)
    exclusion: list[Criterion] = field(default_factory=list)
    text: EligibilityText | None = None
    provenance: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    covered: tuple[Span, ...] = ()


def clean_words(raw: str) -> str:
    r"""An item's text: wraps joined, escapes decoded, no separator at the end.

    >>> clean_words("age \\> 18\n  years;")
    'age > 18 years'
    """
    if "\n" in raw or "  " in raw or "\t" in raw or not raw.isascii():
        raw = clean_paragraphs(raw)
        if has_ideograph(raw):
            raw = clean_letter_spacing(raw)
    return clean_escapes(raw).rstrip(TRAILING)


def words_of(text: str, node: Node) -> str:
    """The clean text of a node, made once."""
    if not node.text:
        node.text = clean_words("\n".join(text[start:end] for start, end in node.ranges))
    return node.text


def language_of(text: str) -> str:
    """"zh" where a Chinese character stands in the text, else "en"."""
    return "zh" if has_ideograph(text) else "en"


def make_text(text: str, language: str) -> Text:
    """A language map with one entry."""
    return Text(zh=text) if language == "zh" else Text(en=text)


def make_criterion(node: Node, ident: str, text: str, language: str) -> Criterion:
    """The criterion of a node and all below it."""
    words = words_of(text, node)
    children = [make_criterion(child, f"{ident}.{n}", text, language) for n, child in enumerate(node.children, 1)]
    constraints: list[Constraint] = find_constraints(words, language)
    return Criterion(
        id=ident,
        number=node.number or UNSET,
        text=make_text(words, language),
        role=node.role,  # type: ignore[arg-type]
        combine=node.combine or UNSET,  # type: ignore[arg-type]
        at_least=node.at_least or UNSET,
        constraints=constraints or UNSET,
        children=children or UNSET,
    )


def make_criteria(nodes: list[Node], prefix: str, text: str, language: str) -> list[Criterion]:
    """The criteria of a list, with ids from `prefix`: I1, I1.2, E3."""
    return [make_criterion(node, f"{prefix}{n}", text, language) for n, node in enumerate(nodes, 1)]


class Places:
    """Turns offsets of `Found.text` into spans of the document."""

    def __init__(self, found: Found) -> None:
        """Index the spans of `found` by where their text starts in it."""
        self.text = found.text
        self.rows: list[tuple[int, Span]] = []
        at = 0
        for span in found.spans:
            self.rows.append((at, span))
            at += span.end - span.start + 1

    def spans(self, ranges: list[Range]) -> tuple[Span, ...]:
        """The spans of some ranges, Markdown backslashes left out."""
        return tuple(span for bounds in ranges for part in self._unescaped(bounds) for span in self._located(part))

    def _located(self, bounds: Range) -> Iterator[Span]:
        start, end = bounds
        for at, span in self.rows:
            first, last = max(start, at), min(end, at + span.end - span.start)
            if first < last:
                yield Span(span.start + first - at, span.start + last - at, span.page)

    def _unescaped(self, bounds: Range) -> Iterator[Range]:
        start, end = bounds
        at = self.text.find("\\", start, end)
        while at >= 0:
            if clean_escapes(self.text[at : at + 2]) != self.text[at : at + 2]:
                if at > start:
                    yield start, at
                start = at + 1
            at = self.text.find("\\", max(start, at) + 1, end)
        if start < end:
            yield start, end
