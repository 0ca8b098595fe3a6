"""Lines to items: wrapped lines joined, false markers told from true ones."""

from __future__ import annotations

import re
from functools import cache

from msgspec.structs import replace

from extractor.criteria.outline.enumerators import Marker
from extractor.criteria.outline.headings import opens_exclusion
from extractor.criteria.outline.layout import SLACK, Layout
from extractor.criteria.outline.lead_ins import is_note, is_stem
from extractor.criteria.outline.lines import OutlineLine
from extractor.criteria.outline.nodes import Node
from extractor.patterns import lazy_pattern
from extractor.text import IDEOGRAPH

_TERMINAL = frozenset(".;:!?。；：！？")
_SEMICOLONS = frozenset(";；")
_COMMAS = frozenset("、，,")
_GOES_ON = frozenset(")]},;.%/&≥≤<>=，；。、）】")
_FULL = 0.85  # share of the longest line from which on a line may have been broken at the edge
_NARROWEST = 56  # columns, two for a Chinese character: nobody breaks a line before
_TAIL = 60  # characters that say whether a line announces items
_SHORTEST_BROKEN = 30  # characters of a paragraph of several clauses that a page may have broken
_LONGEST_LABEL = 10  # blanks of a heading of its own
_SHORT = 40  # characters of a line that nobody broke there
_REACH = 80  # how far the counting of markers is followed
Neighbourhood = tuple[OutlineLine, OutlineLine, OutlineLine | None]
"""A line between the one before and the one behind it, None at the end."""


def build_items(text: str, lines: list[OutlineLine], layout: Layout) -> list[Node]:
    """One node for each line that may open an item, a heading or a paragraph; a node covers all lines that surely go on with it."""
    nodes: list[Node] = []
    previous: OutlineLine | None = None
    last = len(lines) - 1
    for position, line in enumerate(lines):
        following = lines[position + 1] if position < last else None
        if previous is None or not nodes:
            nodes.append(_node(line))
        elif nodes[-1].start >= nodes[-1].end and line.marker is None and not line.gap:
            nodes[-1].ranges = [(line.start, line.end)]  # a marker on a line of its own
        elif _is_broken_off(text, previous, line):
            nodes[-1].extend(line.end)
        elif _is_bare(text, previous, line, nodes[-1], layout):
            nodes.append(_node(line))
            nodes[-1].bare = True
            nodes[-1].broken = _is_long(text, previous, lines)
        elif _goes_on(text, (previous, line, following), nodes, layout):
            nodes[-1].extend(line.end)
        else:
            nodes.append(_node(line))
            nodes[-1].broken = line.marker is not None and _is_false_marker(text, previous, line, nodes[:-1], layout)
        previous = line
    return nodes


def _is_broken_off(text: str, previous: OutlineLine, line: OutlineLine) -> bool:
    """Whether a paragraph of a Chinese text breaks off and the next one goes on with it: inside a bracket, after 、, or in the middle of a run-on sentence."""
    head = text[previous.start : previous.end]
    if line.marker is not None or not line.gap or not _unfinished.search(head):
        return False
    if head[-1] in _COMMAS or _is_open(head, text[line.start : line.end]):
        return True
    return _told.match(head) is not None


def _is_open(head: str, tail: str) -> bool:
    """Whether a bracket that a text leaves open is closed by the next one before another opens."""
    found = _bracket.search(tail)
    opened = head.count("(") + head.count("（") - head.count(")") - head.count("）")
    return opened > 0 and found is not None and found.group() in ")）"


def _is_bare(text: str, previous: OutlineLine, line: OutlineLine, node: Node, layout: Layout) -> bool:
    """Whether a line without a marker may be an item of a list without any: the line before announces items, or is such a line."""
    if line.marker is not None or line.gap or text[line.start] in _GOES_ON or (layout.width and text[line.start].islower()):
        return False
    if layout.width and _is_full(text, previous, line, layout.width):
        return False
    return node.bare or (not node.plain and _announces(text, previous))


def _announces(text: str, line: OutlineLine) -> bool:
    return is_stem(text[max(line.start, line.end - _TAIL) : line.end])


def _is_long(text: str, previous: OutlineLine, lines: list[OutlineLine]) -> bool:
    """Whether the line before may have been broken: it has no end mark and is about as long as the longest."""
    wide = previous.length + sum(sign > "\u2e7f" for sign in text[previous.start : previous.end])
    return text[previous.end - 1] not in _TERMINAL and wide >= _NARROWEST and previous.length >= _FULL * max(line.length for line in lines)


def recount(text: str, lines: list[OutlineLine]) -> list[OutlineLine]:
    """The lines with numbers told from decimals: in "7.3级" after item 6, and in "1.18岁" before item 2, the first number counts."""
    last: Marker | None = None
    done: list[OutlineLine] = []
    for place, line in enumerate(lines):
        marker = line.marker
        if marker is None or marker.kind == "d":
            done.append(_dotted_line(text, lines, place, done) or _recounted(text, lines, place, last))
        elif marker.family == "A." and marker.value > 1 and _is_species(text, line, done):
            done.append(_unlettered(text, line))
        else:
            done.append(line)
        marker = done[-1].marker
        if marker is not None and marker.family in _COUNTED:
            last = marker
    return done


def _is_species(text: str, line: OutlineLine, done: list[OutlineLine]) -> bool:
    """Whether a capital letter and a point begin a name, as in "E. coli": a word in lower case follows, no letter went before."""
    counted = any(other.marker and other.marker.kind == "A" for other in done[-_REACH:])
    return not counted and text[line.start : line.start + 1].islower()


def _unlettered(text: str, line: OutlineLine) -> OutlineLine:
    """The line with the letter in its words: under its bullet, if it has one."""
    sign = text[line.mark]
    start = line.mark + 1
    while text[start].isspace():
        start += 1
    if start == line.mark + 1 or sign.isalpha():
        return replace(line, start=line.mark, content=line.indent, marker=None)
    indent = line.indent - (start - line.mark)
    return replace(line, start=start, indent=indent, content=line.indent, marker=Marker("b" + sign, 0, "", line.mark + 1))


def _dotted_line(text: str, lines: list[OutlineLine], place: int, done: list[OutlineLine]) -> OutlineLine | None:
    """The line with its decimal read although words in lower case follow, where that counts: "5." then "5.1 pollen", or "5.2 mites" next."""
    line = lines[place]
    found = _dotted.match(text, line.mark, line.end) if line.marker is None else None
    if found is None:
        return None
    family, value = "d" + found[1], int(found[2])
    before = next((other.marker for other in reversed(done[-_REACH:]) if other.marker), None)
    goes_on = before is not None and (before.family, before.value + 1) == (family, value)
    first = before is not None and before.family in _COUNTED and (before.value, 1) == (int(found[1]), value)
    after = _dotted.match(text, lines[place + 1].mark, lines[place + 1].end) if place + 1 < len(lines) else None
    followed = value == 1 and after is not None and (after[1], after[2]) == (found[1], "2")
    if not (goes_on or first or followed):
        return None
    marker = Marker(family, value, found.group().rstrip(), found.end())
    return replace(line, start=found.end(), content=line.indent + found.end() - line.mark, marker=marker)


def _recounted(text: str, lines: list[OutlineLine], place: int, last: Marker | None) -> OutlineLine:
    line, marker = lines[place], lines[place].marker
    chained = marker is not None and _is_decimal_chain(lines, place)
    pattern = _spaced if last and last.family == "n " else _glued
    found = pattern.match(text, line.mark, line.end)
    if found and not chained and _counts(text, found, last, lines[place : place + _REACH]):
        style = "." if found[2] else " "
        content = line.indent + found.end() - line.mark
        return replace(line, start=found.end(), content=content, marker=Marker("n" + style, int(found[1]), found[1], found.end()))
    if marker is not None and marker.value != 1 and not chained:
        return replace(line, start=line.mark, content=line.indent, marker=None)
    return line


def _counts(text: str, found: re.Match[str], last: Marker | None, lines: list[OutlineLine]) -> bool:
    """Whether a number is the next of a count, or the first of one that goes on: from another number than 1 for two steps more."""
    value = int(found[1])
    if last is not None:
        return value == last.value + 1
    if value == 1 and (found[2] or not text[found.end()].isascii()):
        return _is_followed(text, value, lines)
    return not found[2] and all(any(_begins(text, line, value + step) for line in lines[1:]) for step in (1, 2))


def _is_followed(text: str, value: int, lines: list[OutlineLine]) -> bool:
    return (
        any(_begins(text, line, value + 1) for line in lines[1:])
        or _run_on(value + 1).search(text, lines[0].mark, lines[0].end) is not None
    )


def _begins(text: str, line: OutlineLine, value: int) -> bool:
    if line.marker is not None and line.marker.kind != "d":
        return line.marker.family == "n." and line.marker.value == value
    found = _spaced.match(text, line.mark, line.end)
    return found is not None and int(found[1]) == value


@cache
def _run_on(value: int) -> re.Pattern[str]:
    return re.compile(rf"[;；。]\s*{value}[.．、]")


def _is_decimal_chain(lines: list[OutlineLine], place: int) -> bool:
    """Whether decimals count on here: 7.2 went before 7.3, or 7.4 comes next."""
    marker = lines[place].marker
    if marker is None:
        return False
    before = any(
        line.marker and (line.marker.family, line.marker.value) == (marker.family, marker.value - 1)
        for line in lines[max(0, place - _REACH) : place]
    )
    after = [line.marker for line in lines[place + 1 : place + 2] if line.marker]
    return before or any((other.family, other.value) == (marker.family, marker.value + 1) for other in after)


def _node(line: OutlineLine) -> Node:
    marker = line.marker
    if marker is None:
        return Node([(line.start, line.end)], line.mark, indent=line.indent, content=line.indent, gap=line.gap)
    doubled = line.content - line.indent < line.start - line.mark
    return Node(
        [(line.start, line.end)],
        line.mark,
        marker.family,
        marker.value,
        marker.number,
        line.indent,
        line.content,
        line.gap,
        doubled=doubled,
    )


def _goes_on(text: str, around: Neighbourhood, nodes: list[Node], layout: Layout) -> bool:
    """Whether a line belongs to the item before it."""
    previous, line, _ = around
    if line.gap or line.marker is not None:
        return False
    if not layout.width and is_note(text[line.start : line.end]):
        return False
    if _is_label(text, around, layout) or (not layout.width and _is_next(text, previous, line)):
        return False
    if line.indent < nodes[-1].indent and text[line.start].isupper():
        return False
    return not nodes[-1].plain or _is_wrap(text, previous, line, layout)


def _is_next(text: str, previous: OutlineLine, line: OutlineLine) -> bool:
    """Whether a line without a marker is one more statement of a list whose statements end with semicolons."""
    if text[previous.end - 1] not in _SEMICOLONS or text[line.end - 1] not in _SEMICOLONS:
        return False
    return text[line.start].isupper() or (text[line.start] > "\u2e7f" and text[line.start] not in _GOES_ON)


def _is_false_marker(text: str, previous: OutlineLine, line: OutlineLine, nodes: list[Node], layout: Layout) -> bool:
    """A wrapped line that happens to begin like an item: "…before Day⏎1. The dose"."""
    marker = line.marker
    if marker is None or line.start >= line.end or text[previous.end - 1] in _TERMINAL or _announces(text, previous):
        return False
    if layout.gapped and marker.value and line.indent == nodes[-1].content:
        return True
    if not layout.width or not _is_full(text, previous, line, layout.width):
        return False
    if marker.value == 0:
        return text[line.start].islower() and text[previous.end - 1] not in ",)"
    return not any(node.family == marker.family and node.value == marker.value - 1 for node in nodes[:-_REACH:-1])


def _is_full(text: str, previous: OutlineLine, line: OutlineLine, width: int) -> bool:
    """Whether the first word of a line had no room on the line before."""
    first = len(text[line.mark : line.end].split(None, 1)[0])
    return previous.indent + previous.length + 1 + first > width - SLACK


def _is_label(text: str, around: Neighbourhood, layout: Layout) -> bool:
    """A heading of its own between items, not the rest of the item above."""
    previous, line, following = around
    body = text[line.start : line.end]
    if not _begins_anew(body):
        return False
    finished = text[previous.end - 1] in _TERMINAL
    full = layout.width > 0 and _is_full(text, previous, line, layout.width)
    if body[-1] in ":：" or (body[0] in "[【<" and body[-1] in "]】>"):
        return finished or not full or body.isupper()
    if following is None or following.marker is None or body[-1] in _TERMINAL:
        return False
    if not layout.width and opens_exclusion(body):
        return True
    apart = finished or layout.width > 0 or previous.length < _SHORT
    return apart and not full and body.count(" ") < _LONGEST_LABEL


def _begins_anew(body: str) -> bool:
    return (body[0].isupper() or body[0] in "[【<" or not body.isascii()) and body.count(" ") <= 24


def _is_wrap(text: str, previous: OutlineLine, line: OutlineLine, layout: Layout) -> bool:
    """Whether a plain line goes on with the paragraph above."""
    first, last = text[line.start], text[previous.end - 1]
    if last in ";；" and not layout.width and first not in _GOES_ON:
        return False
    if first.islower() or first in _GOES_ON:
        return True
    if layout.width:
        return _is_full(text, previous, line, layout.width) or (last not in _TERMINAL and previous.length > 40)
    return last not in _TERMINAL and previous.length > 40


_glued = lazy_pattern(rf"(\d{{1,2}})(?:([.．])(?=\d)|[ \u3000]+(?=[A-Z{IDEOGRAPH}]))")
_spaced = lazy_pattern(rf"(\d{{1,2}})(?:([.．])(?=\d)|[ \u3000]+(?=[A-Z{IDEOGRAPH}]))")  # inside a count that has begun
_dotted = lazy_pattern(r"(\d{1,2})\.(\d{1,2})\s+(?=[a-z])")
_unfinished = lazy_pattern(rf"\A[^{IDEOGRAPH}]*[{IDEOGRAPH}](?:.*[^.;:!?。；：！？])?\Z", re.DOTALL)  # Chinese words without an end mark
_bracket = lazy_pattern("[()（）]")
_told = lazy_pattern(rf"(?=[\s\S]{{{_SHORTEST_BROKEN}}})[^。；;]*[。；;]")
_COUNTED = frozenset({"n.", "n "})
