"""Pages on which a person checks records against their document: no network, strict policy, all text escaped."""

from __future__ import annotations

from typing import Any

from extractor.write import to_json
from extractor.write.pages import HtmlPage, escape, read_asset
from extractor.write.review.form import findings_list, record_form, unmapped_list
from extractor.write.review.passages import Place, document_html
from extractor.write.review.places import found_places
from extractor.write.review.view import DocumentView

Json = dict[str, Any]
HERE = "extractor.write.review"
INDEX = "index.html"
KEYS = (
    "Move with Tab or the arrow keys. Enter shows a value in the document; y marks it right, n wrong, c corrects it, e adds a note, "
    "u goes to the next unmarked one."
)
Neighbours = tuple[str, str]
"""The pages of the records before and after one in a folder, "" where there is none."""


def review_page(records: list[Json], view: DocumentView, *, around: Neighbours | None = None) -> str:
    """The page for the records of one document: its text, keys or pages on the left, the records as a readable form on the right.

    `around` are the pages of the record before and after, where the page is one of a folder.
    """
    title = ", ".join(record["id"] for record in records[:3])
    places = [place for number, record in enumerate(records) for place in _places(record, number, view.text)]
    forms = "".join(_record(record, number) for number, record in enumerate(records))
    body = (
        f"{_header(title, view, around)}<main>"
        f'<section id="document" aria-label="Document" tabindex="0"><h2>Document</h2>{document_html(view, places)}</section>'
        f'<section id="record" aria-label="Record"><h2>Record</h2>{forms}</section></main>'
        '<p id="status" role="status" aria-live="polite"></p>'
    )
    identity = to_json([identity_of(record) for record in records]).decode()
    return str(
        HtmlPage(
            f"Review: {title}",
            body,
            style=read_asset(HERE, "page.css"),
            script=read_asset(HERE, "marks.js") + read_asset(HERE, "page.js"),
            attributes=f'data-records="{escape(identity)}"',
            pictures=bool(view.sheets),
        )
    )


def identity_of(record: Json) -> Json:
    """What a review says of the record that it is about."""
    source = record["source"]
    return {"id": record["id"], "sha256": source["sha256"], "file": source.get("file", ""), "version": record["schema_version"]}


def _places(record: Json, number: int, text: str) -> list[Place]:
    """Where the record's values stand, then its findings and unmapped values."""
    found = [(number, pointer, spans) for pointer, spans in record.get("provenance", {}).items()]
    return found + [(number, pointer, spans) for pointer, spans in found_places(record, text).items()]


def _header(title: str, view: DocumentView, around: Neighbours | None) -> str:
    switch = '<button type="button" id="form">Text form</button>' if view.sheets else ""
    before, after = around or ("", "")
    ways = (f'<a href="../{INDEX}">All records</a>' if around else "") + _way(before, "Previous") + _way(after, "Next")
    return (
        f'<header><h1>{escape(title)}</h1><nav aria-label="Records">{ways}</nav>'
        '<output id="progress">0 marked</output><button type="button" id="next">Next unmarked</button>'
        '<label class="search">Search <input id="search" type="search" autocomplete="off"></label>'
        f'<button type="button" id="next-match">Next match</button>{switch}<button type="button" id="pane">Document</button>'
        '<button type="button" id="export">Export marks</button><button type="button" id="theme">Dark or light</button>'
        f'<button type="button" id="print">Print</button><details class="keys"><summary>Keys</summary>{KEYS}</details></header>'
    )


def _way(page: str, words: str) -> str:
    return f'<a href="{escape(page)}" rel="{"prev" if words == "Previous" else "next"}">{words}</a>' if page else ""


def _record(record: Json, number: int) -> str:
    coverage, source = record["coverage"], record["source"]
    facts = (
        f"{source['name']} · {source['format']} · {source.get('file', '')} · coverage {coverage['characters']:.1%}"
        f" · labels {coverage['labels_mapped']}/{coverage['labels_seen']}"
    )
    return (
        f'<article data-record="{number}"><h3>{escape(record["id"])}</h3><p class="facts">{escape(facts)}</p>'
        f"{findings_list(record)}{record_form(record)}{unmapped_list(record)}</article>"
    )
