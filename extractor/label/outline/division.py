"""A label's lines divided at its headings: what stands before the first, and one part for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from extractor.label.outline.headings import LabelHeading, bare_heading, heading_style, inner_headings, leading_heading, misread_heading
from extractor.label.text.lines import PrintedLine
from extractor.label.text.passages import Passage

_FEWEST = 5  # headings: a label has twenty, and other pages seldom have five by chance


@dataclass(slots=True)
class DividedSection:
    """A section as divided: its heading, where that stands, and its lines (the rest of a run-in heading's line first)."""

    heading: LabelHeading
    mark: Passage
    lines: list[PrintedLine] = field(default_factory=list)


_Finder = Callable[[list[PrintedLine], int], list[LabelHeading]]


def divide(lines: list[PrintedLine], *, misread: bool = False) -> tuple[list[PrintedLine], list[DividedSection]]:
    """The lines before the first heading, and the sections.

    Headings are bracketed names of the table at a line start; where that finds fewer than five, bracketed names anywhere;
    then names without brackets or in others, alone on their line or before a colon, all behind a number or a mark or none. The way that finds most sections wins. `misread`: the text was recognised from a picture, a
    name may be wrong in one character.
    """
    found = _headings(lines, _leading)
    if misread:
        found = [(i, h if h.kind else h._replace(kind=misread_heading(h.name))) for i, h in found]
    if len(found) < _FEWEST:
        alone = _of_one_style(lines, _headings(lines, _alone))
        bare = _of_one_style(lines, _headings(lines, _bare))
        others = (_headings(lines, _inner), alone if len(alone) >= _FEWEST else bare)
        found = max(found, *others, key=len)
    return _cut(lines, found)


def _headings(lines: list[PrintedLine], finder: _Finder) -> list[tuple[int, LabelHeading]]:
    """The headings that a way finds, each with its line; a cell of a table that says 不良反应 heads a column."""
    return [(i, heading) for i in range(len(lines)) if lines[i].grid < 0 for heading in finder(lines, i)]


def _of_one_style(lines: list[PrintedLine], found: list[tuple[int, LabelHeading]]) -> list[tuple[int, LabelHeading]]:
    """The headings that open as most do, with a number, a mark, a bracket or nothing, where those are enough; the others are items."""
    styles = [heading_style(lines[i].text) for i, _ in found]
    style, count = Counter(styles).most_common(1)[0] if styles else ("", 0)
    return [heading for heading, own in zip(found, styles, strict=True) if own == style] if count >= _FEWEST else found


def _above(lines: list[PrintedLine], i: int) -> str:
    return lines[i - 1].text if i and lines[i].grid < 0 else ""


def _leading(lines: list[PrintedLine], i: int) -> list[LabelHeading]:
    heading = leading_heading(lines[i].text, _above(lines, i))
    if heading is None:
        return []
    alone = not lines[i].text[heading.end :].strip() and lines[i].text.lstrip()[:1] in "【〖"
    return [heading] if heading.kind or alone or (lines[i].text.lstrip()[:1] in "【[" and misread_heading(heading.name)) else []


def _inner(lines: list[PrintedLine], i: int) -> list[LabelHeading]:
    return inner_headings(lines[i].text, _above(lines, i))


def _alone(lines: list[PrintedLine], i: int) -> list[LabelHeading]:
    heading = bare_heading(lines[i].text)
    return [heading] if heading and not lines[i].text[heading.end :].strip() and not lines[i].text.rstrip().endswith(("：", ":")) else []


def _bare(lines: list[PrintedLine], i: int) -> list[LabelHeading]:
    heading = bare_heading(lines[i].text)
    return [heading] if heading else []


def _cut(lines: list[PrintedLine], found: list[tuple[int, LabelHeading]]) -> tuple[list[PrintedLine], list[DividedSection]]:
    if not found:
        return lines, []
    first, heading = found[0]
    front = lines[:first] + _rest(lines[first], 0, heading.start)
    parts = []
    for (i, heading), (j, following) in zip(found, [*found[1:], (len(lines), None)], strict=True):
        part = DividedSection(heading, lines[i].passage.cut(heading.start, heading.end))
        if i == j and following:
            part.lines = _rest(lines[i], heading.end, following.start)
        else:
            part.lines = _rest(lines[i], heading.end, None) + lines[i + 1 : j]
            part.lines += _rest(lines[j], 0, following.start) if following else []
        parts.append(part)
    return front, parts


def _rest(line: PrintedLine, start: int, end: int | None) -> list[PrintedLine]:
    passage = line.passage.cut(start, end)
    closed = line.closed if end is None else True
    return [replace(line, passage=passage, closed=closed)] if passage.text else []
