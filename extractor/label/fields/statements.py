"""Indications and contraindications as criteria: the criteria room reads them, their places come back to the document."""

from __future__ import annotations

from msgspec import UNSET

from extractor.criteria import structure_list
from extractor.document import Found, Span
from extractor.label.ledger import Ledger
from extractor.label.outline.subheadings import Branch
from extractor.label.text.passages import Passage, join_paragraphs
from extractor.model import Criterion

_LONGEST_PREAMBLE = 40  # characters: 本品适用于： and its like; a longer one may hold a statement of its own


def read_statements(tree: Branch, prefix: str, pointer: str, ledger: Ledger) -> list[Criterion]:
    """The statements of a section; those below a sub-heading are its children, ids go on from the prefix: IND2.1."""
    found = _statements(_own(tree), prefix, pointer, ledger)
    for branch in tree.children:
        number = len(found)
        place, identity = f"{pointer}/{number}", f"{prefix}{number + 1}"
        children = read_statements(branch, f"{identity}.", f"{place}/children", ledger)
        text = ledger.prose(f"{place}/text", branch.heading)
        ledger.enter(place, branch.heading)
        found.append(Criterion(id=identity, text=text, role="HEADING", children=children or UNSET))
    return found


def _own(branch: Branch) -> list[Passage]:
    return [piece.passage for piece in branch.pieces if piece.kind in ("paragraph", "item")]


def _statements(paragraphs: list[Passage], prefix: str, pointer: str, ledger: Ledger) -> list[Criterion]:
    """A run of paragraphs as criteria; a preamble that ends in a colon and speaks for all of them is no statement."""
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
