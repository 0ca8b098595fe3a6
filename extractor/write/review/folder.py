"""A folder of review pages: an index with search and facets, a page a record. It needs no server and no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from extractor.patterns import lazy_pattern
from extractor.write import to_json
from extractor.write.pages import HtmlPage, escape, read_asset
from extractor.write.review import HERE, INDEX, Neighbours, identity_of, review_page
from extractor.write.review.leaves import LANGUAGES
from extractor.write.review.view import DocumentView

Json = dict[str, Any]
RECORDS = "records"  # the folder of the pages
GENERATOR = "extract review"  # marks an index as ours
SEVERITIES = ("error", "warning", "info")
LONGEST_NAME = 60  # characters of a page's name
_unsafe = lazy_pattern(r"[^A-Za-z0-9._-]+")
_pointer = ' data-pointer="'


class IndexEntry(NamedTuple):
    """A record in the index: its page, what it is, how many values there are to mark, and the words that find it."""

    page: str
    identity: Json
    title: Json
    source: str
    form: str
    status: str
    findings: dict[str, int]
    severities: dict[str, int]
    values: int
    words: str


def page_name(record: Json, taken: set[str]) -> str:
    """A name for the page of a record that no other page has, and adds it to `taken`.

    >>> page_name({"id": "CTR/1", "source": {"sha256": "0123456789"}}, set())
    'CTR_1-01234567.html'
    """
    stem = f"{_unsafe.sub('_', record['id'])[:LONGEST_NAME]}-{record['source']['sha256'][:8]}"
    name, count = f"{stem}.html", 1
    while name.lower() in taken:
        count += 1
        name = f"{stem}-{count}.html"
    taken.add(name.lower())
    return name


def record_page(record: Json, view: DocumentView, around: Neighbours) -> str:
    """The page of one record of a folder."""
    return review_page([record], view, around=around)


def part_of(record: Json, view: DocumentView) -> tuple[Json, DocumentView]:
    """A record of a file that holds many, with the part of the file that it stands in."""
    spans = [span for found in record.get("provenance", {}).values() for span in found]
    if not spans:
        return record, view.cut(0, 0, frozenset())
    start = view.text.rfind("\n", 0, min(span["start"] for span in spans)) + 1
    end = view.text.find("\n", max(span["end"] for span in spans))
    end = len(view.text) if end < 0 else end
    moved = {
        pointer: [{**span, "start": span["start"] - start, "end": span["end"] - start} for span in found]
        for pointer, found in record["provenance"].items()
    }
    return {**record, "provenance": moved}, view.cut(start, end, frozenset(span.get("page", 0) for span in spans))


def entry_of(record: Json, page: str, content: str) -> IndexEntry:
    """What the index says of a record whose page is `content`."""
    trial = record.get("trial", {})
    source = record["source"]
    return IndexEntry(
        page=f"{RECORDS}/{page}",
        identity=identity_of(record),
        title=trial.get("titles", {}).get("public") or trial.get("titles", {}).get("scientific") or _names(record),
        source=source["name"],
        form=source["format"],
        status=trial.get("status", {}).get("overall", {}).get("code", "") or record["kind"],
        findings=dict(Counter(finding["code"] for finding in record.get("findings", ()))),
        severities=dict(Counter(finding["severity"] for finding in record.get("findings", ()))),
        values=content.count(_pointer),
        words=" ".join(_words(record)).lower(),
    )


def _names(record: Json) -> Json:
    """The title of a label: the product's names."""
    names = record.get("label", {}).get("names", {})
    return {language: words for language, words in (names.get("generic") or {"en": names.get("english", "")}).items() if words}


def _words(record: Json) -> Iterator[str]:
    """The words that find a record: number, file, titles, conditions, criteria."""
    trial, label = record.get("trial", {}), record.get("label", {})
    eligibility = trial.get("eligibility", {})
    yield from (record["id"], record["source"].get("file", ""))
    for title in trial.get("titles", {}).values():
        yield from title.values()
    for condition in trial.get("conditions", ()):
        yield from condition.get("name", {}).values()
    yield from _names(record).values()
    for nodes in (eligibility.get("inclusion"), eligibility.get("exclusion"), label.get("indications"), label.get("contraindications")):
        yield from _criteria(nodes or ())


def _criteria(nodes: Any) -> Iterator[str]:
    for node in nodes:
        yield from node["text"].values()
        yield from _criteria(node.get("children", ()))


def index_page(entries: list[IndexEntry]) -> str:
    """The index: every record a row, found by its words, its source, status, findings and marks."""
    rows = "".join(_row(at, entry) for at, entry in enumerate(entries))
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Record", "Source", "Status", "Findings", "Marked"))
    data = to_json([entry._asdict() for entry in entries]).decode().replace("<", "\\u003c")
    body = (
        '<header><h1>Review</h1><p id="count" role="status" aria-live="polite"></p>'
        '<label class="search">Search titles and criteria <input id="search" type="search" autocomplete="off"></label>'
        '<label>Order <select id="order"><option value="read">as read</option><option value="findings">most findings first</option>'
        '<option value="open">least marked first</option></select></label>'
        '<button type="button" id="export">Export all marks</button><button type="button" id="theme">Dark or light</button></header>'
        '<main><details id="facets" open><summary>Filters</summary><div></div></details>'
        f'<section aria-label="Records"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        '<p id="none" hidden>No record is left: take a filter off.</p></section></main>'
        f'<script type="application/json" id="entries">{data}</script>'
    )
    script = read_asset(HERE, "marks.js") + read_asset(HERE, "index.js")
    return str(HtmlPage("Review", body, style=read_asset(HERE, "index.css"), script=script, attributes=f'data-generator="{GENERATOR}"'))


def is_index(data: bytes) -> bool:
    """Whether a file is an index that this module wrote."""
    return f'data-generator="{GENERATOR}"'.encode() in data


def _row(at: int, entry: IndexEntry) -> str:
    titles = "".join(
        f'<span lang="{LANGUAGES[language]}">{escape(entry.title[language])}</span>' for language in LANGUAGES if entry.title.get(language)
    )
    counts = "".join(
        f'<span class="{severity}">{entry.severities[severity]} {severity}</span>'
        for severity in SEVERITIES
        if severity in entry.severities
    )
    return (
        f'<tr data-at="{at}"><td class="title"><a href="{escape(entry.page)}" target="extract-record" rel="opener">'
        f"{titles or escape(entry.identity['id'])}</a><small>{escape(entry.identity['id'])}</small></td>"
        f"<td>{escape(entry.source)} · {escape(entry.form)}</td><td>{escape(entry.status.replace('_', ' ').lower())}</td>"
        f'<td class="findings">{counts}</td><td class="marked">0 of {entry.values}</td></tr>'
    )


__all__ = ["GENERATOR", "INDEX", "RECORDS", "IndexEntry", "entry_of", "index_page", "is_index", "page_name", "part_of", "record_page"]
