"""The passages of a document that a change stands in: its words with some around them."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from msgspec import UNSET

from extractor.compare.changes import Evidence, Version
from extractor.model import Place

AROUND = 200  # characters shown on either side
LINES = 3  # lines shown on either side
NEAR = 80  # characters between two passages below which they are shown as one
MOST = 12  # passages of one value: a list of sites can have hundreds


def passages(evidence: Evidence, version: Version, texts: Mapping[str, str]) -> str:
    """The passages as HTML, marked; where the document is not at hand, the places in words."""
    if evidence.places is UNSET:
        return f'<p class="place">{html.escape(version.file)}: no place, it was inferred or the layout says it</p>'
    text = texts.get(version.sha256)
    groups = _grouped(evidence.places)
    shown = "".join(_passage(group, version, text) for group in groups[:MOST])
    more = f'<p class="place">and {len(groups) - MOST} further places</p>' if len(groups) > MOST else ""
    return shown + more


def _grouped(places: Sequence[Place]) -> list[list[Place]]:
    groups: list[list[Place]] = []
    for place in sorted(places, key=lambda place: place.start):
        if groups and place.start - groups[-1][-1].end <= NEAR:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _passage(group: list[Place], version: Version, text: str | None) -> str:
    first, last = group[0], max(group, key=lambda place: place.end)
    page = "" if first.page is UNSET else f", page {first.page}"
    where = f'<p class="place">{html.escape(version.file)}{page}, characters {first.start} to {last.end}</p>'
    return where if text is None else f'{where}<blockquote class="passage">{_marked(text, group)}</blockquote>'


def _extent(text: str, start: int, end: int) -> tuple[int, int]:
    """Where a passage begins and ends: some lines around it, and no more than AROUND characters on either side."""
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    before, after = text[first:start].split("\n"), text[end:last].split("\n")
    return start - len("\n".join(before[-LINES:])), end + len("\n".join(after[:LINES]))


def _marked(text: str, group: list[Place]) -> str:
    start, end = _extent(text, group[0].start, max(place.end for place in group))
    out = ["…" if start else ""]
    at = start
    for place in group:
        if place.end <= at:
            continue
        out.append(html.escape(text[at : max(at, place.start)]))
        out.append(f"<mark>{html.escape(text[max(at, place.start) : place.end])}</mark>")
        at = place.end
    out += [html.escape(text[at:end]), "…" if end < len(text) else ""]
    return "".join(out)
