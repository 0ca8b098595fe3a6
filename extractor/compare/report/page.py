"""One self-contained page of what changed: a timeline of versions, both sides with their words marked, places a click away.

No network, a strict policy, all text escaped; without its script the page shows everything, only the filters rest.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby

from msgspec import UNSET

from extractor.compare.changes import Change, Comparison, History
from extractor.compare.report.passages import passages
from extractor.compare.report.telling import (
    BASES,
    HEADINGS,
    counted,
    counts_of,
    field_words,
    heading_of,
    item_of,
    name_of,
    pieces_of,
    said,
    title_of,
)
from extractor.compare.weighing import SEVERITIES
from extractor.compare.wording.marking import MarkedText

TALLEST = 48  # pixels of the tallest column of the timeline
CROWD = 6  # changes of one field, kind and rule from which on they are folded under one line: sites, rows of a table

Texts = Mapping[str, str]


@cache
def _asset(name: str) -> str:
    return (files("extractor.compare.report") / name).read_text("utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def page(histories: Sequence[History], texts: Texts) -> str:
    """The page for all histories; `texts` are the decoded documents by their SHA-256."""
    style, script = _asset("page.css"), _asset("page.js")
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; img-src data:; base-uri 'none'; form-action 'none'"
    )
    title = html.escape(title_of(histories[0]) if len(histories) == 1 else f"{len(histories)} histories")
    counts = counts_of(*(comparison for history in histories for comparison in history.comparisons))
    body = "".join(_history(history, number, texts) for number, history in enumerate(histories))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>{style}</style></head><body>'
        f'<header><h1>{title}</h1><p class="facts">{html.escape(counted(counts))}</p>{_tools(histories)}</header>'
        f'<main>{body}</main><p id="status" role="status" aria-live="polite"></p><script>{script}</script></body></html>'
    )


def _tools(histories: Sequence[History]) -> str:
    """Filters by severity, kind and field, a search, and the theme."""
    changes = [change for history in histories for comparison in history.comparisons for change in comparison.changes]
    severities = "".join(
        f'<label class="toggle {severity.lower()}"><input type="checkbox" data-filter="severity" value="{severity}" checked> '
        f"{HEADINGS[severity]}</label>"
        for severity in SEVERITIES
        if any(change.severity == severity for change in changes)
    )
    kinds = "".join(f'<option value="{kind}">{kind.lower()}</option>' for kind in sorted({change.kind for change in changes}))
    fields = "".join(
        f'<option value="{html.escape(name)}">{html.escape(field_words(name))}</option>'
        for name in sorted({change.field.partition("/")[0] for change in changes})
    )
    return (
        f'<form class="tools" role="search"><fieldset><legend>Show</legend>{severities}</fieldset>'
        f'<label>Kind <select data-filter="kind"><option value="">all</option>{kinds}</select></label>'
        f'<label>Field <select data-filter="field"><option value="">all</option>{fields}</select></label>'
        '<label>Words <input id="search" type="search" autocomplete="off"></label>'
        '<button type="button" id="theme">Dark or light</button></form>'
    )


def _history(history: History, number: int, texts: Texts) -> str:
    remarks = "".join(
        f'<p class="remark {remark.severity.lower()}"><strong>{HEADINGS[remark.severity]}.</strong> {html.escape(remark.message)}.</p>'
        for remark in history.remarks
    )
    sections = "".join(_comparison(history, place, f"h{number}c{place}", texts) for place in range(len(history.comparisons)))
    return (
        f'<section class="history" aria-label="{html.escape(title_of(history))}"><h2>{html.escape(title_of(history))}</h2>{remarks}'
        f"{_timeline(history, number)}{sections}</section>"
    )


def _timeline(history: History, number: int) -> str:
    """A column a version: how many changes of each severity since the one before; a click leads to them."""
    since = {comparison.new: place for place, comparison in enumerate(history.comparisons) if comparison.basis == "VERSIONS"}
    if not since:
        return ""
    most = max(len(history.comparisons[place].changes) for place in since.values())
    columns = []
    forms = {comparison.new for comparison in history.comparisons if comparison.basis == "FORMS"}
    for place, version in enumerate(history.versions):
        if place in forms:
            continue
        name = f'<span class="when">{html.escape(name_of(version))}</span>'
        if place not in since:
            columns.append(f'<li><span class="step"><span class="bars"></span><span class="count">first</span>{name}</span></li>')
            continue
        comparison = history.comparisons[since[place]]
        label = html.escape(f"{name_of(version)}: {counted(counts_of(comparison))}")
        columns.append(
            f'<li><a class="step" href="#h{number}c{since[place]}" title="{label}" aria-label="{label}">{_bars(comparison, most)}'
            f'<span class="count">{len(comparison.changes)}</span>{name}</a></li>'
        )
    return f'<nav class="timeline" aria-label="Versions" tabindex="0"><ol>{"".join(columns)}</ol></nav>'


def _bars(comparison: Comparison, most: int) -> str:
    counts = counts_of(comparison)
    parts = "".join(
        f'<rect class="{severity.lower()}" width="100%" y="{TALLEST - _height(counts, at, most)}" height="{_height(counts, at, most) - _height(counts, at + 1, most)}"/>'
        for at, severity in enumerate(SEVERITIES)
        if counts[severity]
    )
    return f'<svg class="bars" height="{TALLEST}" aria-hidden="true">{parts}</svg>'


def _height(counts: dict[str, int], first: int, most: int) -> int:
    """Pixels of the severities from `first` on: the gravest stand on top, and whatever is there can be seen."""
    rest = [counts[severity] for severity in SEVERITIES[first:]]
    least = 2 * sum(count > 0 for count in rest)
    return max(least, round(TALLEST * sum(rest) / most)) if most else 0


def _comparison(history: History, place: int, anchor: str, texts: Texts) -> str:
    comparison = history.comparisons[place]
    versions = history.versions[comparison.old], history.versions[comparison.new]
    names = " and ".join(html.escape(f"{version.file or version.id} ({version.source} {version.format})") for version in versions)
    lists = "".join(_severity(history, comparison, severity, texts) for severity in SEVERITIES)
    only = "".join(_only(comparison, side, texts, history) for side in ("only_old", "only_new"))
    return (
        f'<section class="comparison" id="{anchor}"><h3>{html.escape(heading_of(history, comparison))}</h3>'
        f'<p class="facts">{BASES[comparison.basis]}: {names} · {html.escape(counted(counts_of(comparison)))}</p>'
        f"{lists}{only}{_not_compared(comparison)}</section>"
    )


def _severity(history: History, comparison: Comparison, severity: str, texts: Texts) -> str:
    changes = [change for change in comparison.changes if change.severity == severity]
    if not changes:
        return ""
    blocks = []
    for (field, kind, _), group in groupby(changes, key=lambda change: (change.field, change.kind, change.rule)):
        items = [_change(history, comparison, change, texts) for change in group]
        folded = len(items) >= CROWD
        head = f"<summary>{html.escape(field_words(field))}, {kind.lower()}: {len(items)}</summary>"
        blocks.append(f'<details class="crowd">{head}{"".join(items)}</details>' if folded else "".join(items))
    return f'<div class="severity {severity.lower()}"><h4>{HEADINGS[severity]} <small>{len(changes)}</small></h4>{"".join(blocks)}</div>'


def _change(history: History, comparison: Comparison, change: Change, texts: Texts) -> str:
    item = f'<span class="item">{html.escape(item_of(change))}</span>' if item_of(change) else ""
    old, new = pieces_of(change)
    facts = f'data-severity="{change.severity}" data-kind="{change.kind}" data-field="{html.escape(change.field.partition("/")[0])}"'
    return (
        f'<article class="change" {facts}><p class="what"><span class="field">{html.escape(field_words(change.field))}</span> '
        f'<span class="kind {change.kind.lower()}">{change.kind.lower()}</span> {item}<span class="says">{html.escape(said(change))}</span></p>'
        f'<div class="both">{_side(old, "old", "del")}{_side(new, "new", "ins")}</div>{_places(history, comparison, change, texts)}</article>'
    )


def _side(lines: list[list[MarkedText]], name: str, tag: str) -> str:
    if not lines:
        return f'<div class="side {name} nothing">absent</div>'
    shown = "<br>".join("".join(_piece(piece, tag) for piece in line) for line in lines)
    return f'<div class="side {name}">{shown}</div>'


def _piece(piece: MarkedText, tag: str) -> str:
    text = html.escape(piece.text)
    return f"<{tag}>{text}</{tag}>" if piece.changed else text


def _places(history: History, comparison: Comparison, change: Change, texts: Texts) -> str:
    sides = "".join(
        f'<div class="side {name}">{"" if evidence is UNSET else passages(evidence, history.versions[place], texts)}</div>'
        for name, evidence, place in (("old", change.old, comparison.old), ("new", change.new, comparison.new))
    )
    return f'<details class="places"><summary>In the documents</summary><div class="both">{sides}</div></details>'


def _only(comparison: Comparison, side: str, texts: Texts, history: History) -> str:
    """What only one form or register has."""
    changes: list[Change] = getattr(comparison, side)
    if not changes:
        return ""
    version = history.versions[comparison.old if side == "only_old" else comparison.new]
    items = "".join(_change(history, comparison, change, texts) for change in changes)
    name = html.escape(f"{version.source} {version.format}, {version.file or version.id}")
    return f'<details class="only"><summary>Only in {name}: {len(changes)}</summary>{items}</details>'


def _not_compared(comparison: Comparison) -> str:
    told = "; ".join(f"{field_words(item.field)} ({item.reason})" for item in comparison.not_compared)
    return f'<p class="facts">Not compared: {html.escape(told)}</p>' if told else ""
