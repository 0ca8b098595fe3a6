"""One self-contained page on which a person checks a record against its document: no network, strict policy, all text escaped."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from functools import cache
from importlib.resources import files
from typing import Any

from extractor.write.review.form import findings_list, record_form, unmapped_list
from extractor.write.review.passages import marked_text

Json = dict[str, Any]


@cache
def _asset(name: str) -> str:
    return (files("extractor.write.review") / name).read_text("utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _policy() -> str:
    """Nothing may be loaded; only the page's own style and script may run."""
    return f"default-src 'none'; style-src {_digest(_asset('page.css'))}; script-src {_digest(_asset('page.js'))}; base-uri 'none'; form-action 'none'"


def review_page(records: list[Json], text: str) -> str:
    """The page for all records of one document: its text on the left, the records as a readable form on the right."""
    title = html.escape(", ".join(record["id"] for record in records[:3]))
    places = [(number, pointer, spans) for number, record in enumerate(records) for pointer, spans in record.get("provenance", {}).items()]
    left = marked_text(text, places)
    right = "".join(_record(record, number) for number, record in enumerate(records))
    identity = json.dumps(
        [{"id": r["id"], "sha256": r["source"]["sha256"], "version": r["schema_version"]} for r in records], ensure_ascii=True
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{html.escape(_policy())}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>Review: {title}</title><style>{_asset("page.css")}</style></head>'
        f'<body data-records="{html.escape(identity)}">{_header(title)}<main>'
        f'<section id="document" aria-label="Document" tabindex="0"><h2>Document</h2><div class="text">{left}</div></section>'
        f'<section id="record" aria-label="Record"><h2>Record</h2>{right}</section></main>'
        f'<p id="status" role="status" aria-live="polite"></p><script>{_asset("page.js")}</script></body></html>'
    )


def _header(title: str) -> str:
    return (
        f'<header><h1>{title}</h1><label>Search <input id="search" type="search" autocomplete="off"></label>'
        '<button type="button" id="next-match">Next match</button><button type="button" id="export">Export marks</button>'
        '<button type="button" id="theme">Dark or light</button><button type="button" id="print">Print</button>'
        '<p class="keys">Move with Tab or the arrow keys; Enter shows a value in the document; y marks it right, n wrong, e adds a note.</p></header>'
    )


def _record(record: Json, number: int) -> str:
    coverage = record["coverage"]
    source = record["source"]
    facts = f"{source['name']} · {source['format']} · {source['file']} · coverage {coverage['characters']:.1%} · labels {coverage['labels_mapped']}/{coverage['labels_seen']}"
    return (
        f'<article data-record="{number}"><h3>{html.escape(record["id"])}</h3><p class="facts">{html.escape(facts)}</p>'
        f"{findings_list(record)}{record_form(record)}{unmapped_list(record)}</article>"
    )
