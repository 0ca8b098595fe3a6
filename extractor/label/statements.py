"""Indications and contraindications as criteria: the criteria room reads them, their places come back to the document."""

from __future__ import annotations

from extractor.criteria import structure_list
from extractor.document import Found, Span
from extractor.label.ledger import Ledger
from extractor.label.passages import Passage, join_paragraphs
from extractor.model import Criterion

_LONGEST_PREAMBLE = 40


def read_statements(paragraphs: list[Passage], prefix: str, pointer: str, ledger: Ledger) -> list[Criterion]:
    """The statements of a section; a preamble that ends in a colon and speaks for the whole section is no statement."""
    if len(paragraphs) > 1 and paragraphs[0].text.endswith(("：", ":")) and len(paragraphs[0].text) <= _LONGEST_PREAMBLE:
        paragraphs = paragraphs[1:]
    whole = join_paragraphs(paragraphs)
    if not whole.text:
        return []
    structured = structure_list(Found(whole.text, (Span(0, len(whole.text)),)), prefix, "zh")
    for path, spans in structured.provenance.items():
        passages = [whole.cut(span.start, span.end) for span in spans]
        place = pointer + path.removeprefix("/inclusion")
        ledger.enter(place, *passages)
        ledger.enter(place.removesuffix("/text/zh"), *passages)
    return structured.inclusion
