"""The document's text cut at every place that a record names, so that either side of the page can light the other."""

from __future__ import annotations

import html
from typing import Any

Place = tuple[int, str, list[dict[str, Any]]]


def marked_text(text: str, places: list[Place]) -> str:
    """The escaped text; every piece that values stand in is a span that names them.

    >>> marked_text("ab<c", [(0, "/x", [{"start": 1, "end": 3}])])
    'a<span class="at" data-at="0/x">b&lt;</span>c'
    """
    out: list[str] = []
    active: list[str] = []
    at = 0
    page = 0
    for position, opening, name, number in _edges(text, places):
        out.append(_piece(text[at:position], active))
        at = position
        if opening and number > page:
            page = number
            out.append(f'<span class="page" role="separator">Page {number}</span>')
        if opening:
            active.append(name)
        else:
            active.remove(name)
    out.append(_piece(text[at:], active))
    return "".join(out)


def _edges(text: str, places: list[Place]) -> list[tuple[int, bool, str, int]]:
    """Where spans begin and end, in order; ends before beginnings at one position."""
    edges = [
        (min(max(span[end], 0), len(text)), end == "start", f"{number}{pointer}", span.get("page", 0))
        for number, pointer, spans in places
        for span in spans
        if span["start"] < span["end"]
        for end in ("start", "end")
    ]
    return sorted(edges, key=lambda edge: (edge[0], edge[1], edge[2]))


def _piece(text: str, active: list[str]) -> str:
    if not text:
        return ""
    if not active or not text.strip():
        return html.escape(text)
    names = html.escape(" ".join(sorted(set(active))))
    return f'<span class="at" data-at="{names}">{html.escape(text)}</span>'
