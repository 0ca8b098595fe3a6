"""The document cut at every place that a record names, so that either side of the page can light the other."""

from __future__ import annotations

import base64
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from extractor.write.pages import escape
from extractor.write.review.view import DocumentView, PageImage, TreeLine

Place = tuple[int, str, list[dict[str, Any]]]
LONG = 1500  # characters; a longer value of a tree stands folded


class MarkedRun(NamedTuple):
    """A run of the text with the names of the values that stand there; `page` where a page of a PDF begins with it."""

    start: int
    end: int
    names: str
    page: int


class Passages:
    """The text of a document with the places of its records."""

    def __init__(self, text: str, places: list[Place]) -> None:
        self._text = text
        self._pieces = list(_pieces(text, places))
        self._starts = [piece.start for piece in self._pieces]

    def marked(self, start: int = 0, end: int | None = None) -> str:
        """The escaped text from `start` to `end`; every piece that values stand in is a span that names them."""
        end = len(self._text) if end is None else end
        out: list[str] = []
        for at in range(max(bisect_right(self._starts, start) - 1, 0), len(self._pieces)):
            piece = self._pieces[at]
            if piece.start >= end:
                break
            if piece.page:
                out.append(f'<span class="page" role="separator">Page {piece.page}</span>')
            out.append(_shown(self._text[max(piece.start, start) : min(piece.end, end)], piece.names))
        return "".join(out)


def marked_text(text: str, places: list[Place]) -> str:
    """The whole text, marked.

    >>> marked_text("ab<c", [(0, "/x", [{"start": 1, "end": 3}])])
    'a<span class="at" data-at="0/x">b&lt;</span>c'
    """
    return Passages(text, places).marked()


def _pieces(text: str, places: list[Place]) -> Iterator[MarkedRun]:
    active: dict[str, int] = {}
    at, page, turned = 0, 0, 0
    for position, opening, name, number in _edges(text, places):
        if position > at:
            yield MarkedRun(at, position, " ".join(sorted(active)), turned)
            at, turned = position, 0
        if opening and number > page:
            page = turned = number
        count = active.get(name, 0) + (1 if opening else -1)
        if count:
            active[name] = count
        else:
            del active[name]
    if at < len(text):
        yield MarkedRun(at, len(text), "", turned)


def _edges(text: str, places: list[Place]) -> list[tuple[int, bool, str, int]]:
    """Where spans begin and end, in order; ends before beginnings at one position."""
    edges = [
        (min(max(span[end], 0), len(text)), end == "start", f"{number}{pointer}", span.get("page", 0))
        for number, pointer, spans in places
        for span in spans
        if span["start"] < span["end"] and span["start"] < len(text)
        for end in ("start", "end")
    ]
    return sorted(edges, key=lambda edge: (edge[0], edge[1], edge[2]))


def _shown(text: str, names: str) -> str:
    return f'<span class="at" data-at="{escape(names)}">{escape(text)}</span>' if names and text.strip() else escape(text)


def document_html(view: DocumentView, places: list[Place]) -> str:
    """The document: its pages where they can be drawn, with its text behind a switch; its keys where it has some; else its text."""
    passages = Passages(view.text, places)
    if view.sheets:
        return f'<div class="sheets">{_sheets(view.sheets, places)}</div><div class="text" hidden>{passages.marked()}</div>'
    if view.lines:
        return f'<div class="tree">{"".join(_line(line, passages) for line in view.lines)}</div>'
    return f'<div class="text">{passages.marked()}</div>'


def _line(line: TreeLine, passages: Passages) -> str:
    """A key with its value."""
    depth = min(line.depth, 8)
    if line.end < line.start:
        return f'<p class="d{depth} key">{escape(line.key)}</p>'
    value = passages.marked(line.start, line.end)
    if line.end - line.start > LONG:
        value = f"<details><summary>{line.end - line.start:,} characters</summary>{value}</details>"
    return f'<p class="d{depth}"><b>{escape(line.key)}</b> <span class="v">{value}</span></p>'


def _sheets(sheets: tuple[PageImage, ...], places: list[Place]) -> str:
    boxes = _boxes(places)
    return "".join(_sheet(sheet, boxes.get(sheet.number, {})) for sheet in sheets)


def _boxes(places: list[Place]) -> dict[int, dict[tuple[float, ...], list[str]]]:
    """Page → box → names of the values that stand there."""
    found: dict[int, dict[tuple[float, ...], list[str]]] = defaultdict(lambda: defaultdict(list))
    for number, pointer, spans in places:
        for span in spans:
            if span.get("box"):
                found[span["page"]][tuple(span["box"])].append(f"{number}{pointer}")
    return found


def _sheet(sheet: PageImage, boxes: dict[tuple[float, ...], list[str]]) -> str:
    """A page as a picture under boxes; larger boxes lie below smaller ones."""
    ordered = sorted(boxes.items(), key=lambda item: -(item[0][2] - item[0][0]) * (item[0][3] - item[0][1]))
    drawn = "".join(
        f'<rect class="at" data-at="{escape(" ".join(sorted(set(names))))}" x="{left - 1:g}" y="{top - 1:g}"'
        f' width="{right - left + 2:g}" height="{bottom - top + 2:g}"/>'
        for (left, top, right, bottom), names in ordered
    )
    picture = base64.b64encode(sheet.picture).decode()
    return (
        f'<figure><figcaption>Page {sheet.number}</figcaption><div class="sheet"><img alt="Page {sheet.number}" loading="lazy"'
        f' width="{sheet.width:.0f}" height="{sheet.height:.0f}" src="data:image/png;base64,{picture}">'
        f'<svg viewBox="0 0 {sheet.width:g} {sheet.height:g}" preserveAspectRatio="none">{drawn}</svg></div></figure>'
    )
