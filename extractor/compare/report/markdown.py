"""A history as Markdown: the versions as a table, the changes as lists under their severities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from extractor.compare.changes import Change, Comparison, History
from extractor.compare.report.telling import (
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
from extractor.patterns import lazy_pattern

_special = lazy_pattern(r"([\\`*_{}\[\]<>#|~])")


def markdown(histories: Sequence[History], _: Mapping[str, str]) -> str:
    """All histories, one after the other."""
    return "\n".join(line for history in histories for line in _history(history)) + "\n"


def escaped(text: str) -> str:
    r"""A text in which no sign of Markdown or HTML works, in one line.

    >>> escaped("a *b* <c>\nd")
    'a \\*b\\* \\<c\\> d'
    """
    return _special.sub(r"\\\1", " ".join(text.split()))


def _history(history: History) -> Iterator[str]:
    yield from (f"# {escaped(title_of(history))}", "")
    for remark in history.remarks:
        yield from (f"**{HEADINGS[remark.severity]}.** {escaped(remark.message)}.", "")
    yield from ("| version | source | file | changes since the one before |", "|---|---|---|---|")
    for place, version in enumerate(history.versions):
        since = [comparison for comparison in history.comparisons if comparison.new == place and comparison.basis == "VERSIONS"]
        told = counted(counts_of(*since)) if since else ""
        yield f"| {escaped(name_of(version))} | {version.source} {version.format} | {escaped(version.file)} | {told} |"
    yield ""
    for comparison in history.comparisons:
        yield from _comparison(history, comparison)


def _comparison(history: History, comparison: Comparison) -> Iterator[str]:
    yield from (f"## {escaped(heading_of(history, comparison))}", "")
    if not comparison.changes:
        yield from ("Nothing differs.", "")
    for severity in SEVERITIES:
        changes = [change for change in comparison.changes if change.severity == severity]
        if changes:
            yield from (f"### {HEADINGS[severity]}", "")
            yield from (f"- {_change(change)}" for change in changes)
            yield ""
    for words, only in (("older", comparison.only_old), ("newer", comparison.only_new)):
        if only:
            side = words if comparison.basis == "VERSIONS" else {"older": "first", "newer": "second"}[words]
            yield from (f"### Only in the {side}", "")
            yield from (f"- {_change(change)}" for change in only)
            yield ""
    if comparison.not_compared:
        told = "; ".join(f"{field_words(item.field)} ({item.reason})" for item in comparison.not_compared)
        yield from (f"Not compared: {told}.", "")


def _change(change: Change) -> str:
    item = f" “{escaped(item_of(change))}”" if item_of(change) else ""
    old, new = pieces_of(change)
    sides = [side for side in (_lines(old, "~~"), _lines(new, "**")) if side]
    return f"{field_words(change.field)}, {change.kind.lower()}{item}: {' → '.join(sides)} ({said(change)})"


def _lines(lines: list[list[MarkedText]], sign: str) -> str:
    return " / ".join("".join(_piece(piece, sign) for piece in line) for line in lines)


def _piece(piece: MarkedText, sign: str) -> str:
    """A piece; the signs stand close to its words, or Markdown would print them."""
    text = _special.sub(r"\\\1", piece.text.replace("\n", " "))
    if not piece.changed or not text.strip():
        return text
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{lead}{sign}{text.strip()}{sign}{tail}"
