"""The document as a review page shows it: its text, the keys of a structured format, the pages of a PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from extractor.document import Document, Format
from extractor.layout import PageLayout
from extractor.tree import Element, Tree

Json = dict[str, Any]
MASK = "░"  # stands for each character that is not shown


class TreeLine(NamedTuple):
    """A value of a tree with its key, or a key alone that others stand below (`end` before `start`)."""

    depth: int
    key: str
    start: int
    end: int


class PageImage(NamedTuple):
    """A page of a PDF: its number from 1, its size in points, its picture as a PNG."""

    number: int
    width: float
    height: float
    picture: bytes


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document ready to be shown. `lines` are those of a tree, `sheets` the pages of a PDF; both may be empty."""

    text: str
    lines: tuple[TreeLine, ...] = ()
    sheets: tuple[PageImage, ...] = ()

    def cut(self, start: int, end: int, pages: frozenset[int]) -> DocumentView:
        """The part of the document from `start` to `end`, with the keys that lead there and the pages named."""
        lines = [line for line in self.lines if line.end < line.start or (line.start < end and line.end > start)]
        moved = [line._replace(start=line.start - start, end=line.end - start) for line in _without_empty(lines)]
        return DocumentView(self.text[start:end], tuple(moved), tuple(sheet for sheet in self.sheets if sheet.number in pages))


def _without_empty(lines: list[TreeLine]) -> list[TreeLine]:
    """Lines without the keys that nothing stands below any more."""
    kept: list[TreeLine] = []
    depth = -1
    for line in reversed(lines):
        if line.end >= line.start or line.depth < depth:
            kept.append(line)
            depth = line.depth
    return kept[::-1]


def view_of(document: Document, pictures: Iterable[bytes] = ()) -> DocumentView:
    """The view of a decoded document; `pictures` are those of a PDF's pages, in order."""
    if document.format is Format.PDF and isinstance(document.layout, PageLayout):
        sizes = enumerate(document.layout.pages, 1)
        sheets = tuple(PageImage(number, *size, picture) for (number, size), picture in zip(sizes, pictures, strict=False))
        return DocumentView(document.text, sheets=sheets)
    return DocumentView(document.text, tuple(_lines(document.tree)) if isinstance(document.tree, Tree) else ())


def _lines(tree: Tree) -> Iterator[TreeLine]:
    """Every key of a tree with the place of its value; leaves are counted as the tree counts them."""
    count = 0
    waiting: list[tuple[int, str, Any]] = [(0, "", tree.root)]
    while waiting:
        depth, key, value = waiting.pop()
        parts = _parts(value)
        if parts is not None:
            if key:
                yield TreeLine(depth, key, 0, -1)
            below = depth + 1 if key else depth
            waiting += [(below, name, part) for name, part in reversed(parts)]
        elif value is not None and value != "":
            yield TreeLine(depth, key, tree.starts[count], tree.starts[count] + len(tree.leaves[count]))
            count += 1


def _parts(value: Any) -> list[tuple[str, Any]] | None:
    """(key, value) pairs of a container, None for a leaf; items of a list are numbered from 1."""
    if isinstance(value, Element):
        return list(value)
    if isinstance(value, dict):
        return list(value.items())
    return [(str(number), item) for number, item in enumerate(value, 1)] if isinstance(value, list) else None


def shown(view: DocumentView, records: list[Json], *, contacts: bool) -> DocumentView:
    """What of a document may be shown: the one place that every document passes on its way to a page.

    Without contacts nothing is shown but what the records hold, at its place, and no picture of a page.
    """
    if contacts:
        return view
    return replace(view, text=mask(view.text, _held(records)), sheets=())


def _held(records: list[Json]) -> Iterator[tuple[int, int]]:
    for record in records:
        for spans in record.get("provenance", {}).values():
            yield from ((span["start"], span["end"]) for span in spans)


def mask(text: str, kept: Iterable[tuple[int, int]]) -> str:
    r"""A text of the same length in which only some runs can be read; line ends and blanks stay.

    >>> mask("Mr Li\nAge 18", [(6, 12)])
    '░░ ░░\nAge 18'
    """
    out: list[str] = []
    at = 0
    for start, end in sorted(kept):
        out.append(_masked(text[at:start]))
        out.append(text[max(at, start) : end])
        at = max(at, end)
    return "".join((*out, _masked(text[at:])))


def _masked(text: str) -> str:
    return "".join(character if character.isspace() else MASK for character in text)
