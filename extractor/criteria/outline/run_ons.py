"""Items that run on inside a line: "1. Age over 18. 2. Consent". The counting decides, the words around it check."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise

from extractor.criteria.outline.enumerators import Marker, as_roman
from extractor.criteria.outline.lead_ins import is_stem
from extractor.criteria.outline.nodes import Node

_no_item = re.compile(
    r"(?:\b(?:grades?|stages?|types?|class|phases?|days?|visits?|weeks?|cycles?|parts?|arms?|cohorts?|groups?|levels?|versions?|sections?|criteri(?:on|a)|items?|numbers?|no|nos|figures?|tables?"
    r"|appendix|and|or|to|of|than|least|by|in|score|scores|ecog|v|vs|hepatitis|about|grade|degree|between|from|is|was|the|a|an|with|for)|[≥≤<>=~±+×/-]|等?级|第|期|型|类|分|和|或|至|为)\s*$",
    re.IGNORECASE,
)
STRONG = frozenset({"b•", "b●", "b○", "b■", "b▪", "b◆", "b‣", "b⁃"})  # signs that prose does not use
_MOST_OPEN = 40
_before = re.compile(r"[.;:,)）。；：，、!?\]】\n]\s*$")


def cut_inline(text: str, candidates: list[tuple[int, Marker]], node: Node, path: list[Node], coming: dict[str, int]) -> list[Node]:
    """The items that stand inside the words of `node`, which is cut back to its own; `path` holds the open lists.

    `candidates` are the enumerators of the whole text (`find_inline`); `coming` has the next line-start value of each kind of marker: a run-on item never takes it.
    """
    start, end = node.ranges[-1]
    first = bisect_left(candidates, (start,))
    last = bisect_left(candidates, (end,), first)
    if first == last:
        return []
    found = candidates[first:last]
    cuts = _Chain(text, node, path, coming).read(found)
    if not cuts:
        return []
    return _pieces(text, node, cuts)


def _pieces(text: str, node: Node, cuts: list[tuple[int, Marker, bool]]) -> list[Node]:
    start, end = node.ranges[-1]
    node.ranges[-1] = (start, _trimmed(text, start, cuts[0][0]))
    node.text = ""
    pieces: list[Node] = []
    bounds = [place for place, _, _ in cuts[1:]] + [end]
    for (place, marker, child), stop in zip(cuts, bounds, strict=True):
        begin = marker.end
        while begin < stop and text[begin].isspace():
            begin += 1
        indent = node.content if child else node.indent
        piece = Node(
            [(begin, max(begin, _trimmed(text, begin, stop)))],
            place,
            marker.family,
            marker.value,
            marker.number,
            indent,
            indent + 2,
            inline=True,
        )
        pieces.append(piece)
    return pieces


def split_bullets(text: str, node: Node) -> list[Node]:
    """Bulleted items that run on in one paragraph: "- one - two"; a dash between numbers is none.

    >>> [piece.ranges for piece in split_bullets("- one - two", Node([(2, 11)], 0, "b-"))]
    [[(2, 5)], [(8, 11)]]
    """
    sign = re.escape(node.family[1:])
    if node.family in STRONG:
        pattern = rf"{sign}(?=\s*\S)"
    else:
        pattern = rf"(?<=\s){sign}(?=\s+[^\s\d])" if sign == r"\-" else rf"(?<=\s){sign}(?=\s+\S)"
    places = [m.start() for m in re.finditer(pattern, text[node.start : node.end])]
    if not places:
        return [node]
    bounds = [node.start, *(node.start + place for place in places), node.end]
    pieces = [node]
    node.ranges = [(node.start, _trimmed(text, node.start, bounds[1]))]
    for begin, stop in pairwise(bounds[1:]):
        start = begin + len(node.family) - 1
        while text[start].isspace():
            start += 1
        pieces.append(Node([(start, _trimmed(text, start, stop))], begin, node.family, indent=node.indent, content=node.content))
    return pieces


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


class _Chain:
    """Reads candidates in order and keeps those that count on."""

    def __init__(self, text: str, node: Node, path: list[Node], coming: dict[str, int]) -> None:
        self.text = text
        self.node = node
        self.coming = coming
        self.open = [(open_.family, open_.value) for open_ in path[1:] if open_.value > 0]
        self.cuts: list[tuple[int, Marker, bool]] = []
        self.started: set[str] = set()
        self.found: set[str] = set()

    def read(self, found: list[tuple[int, Marker]]) -> list[tuple[int, Marker, bool]]:
        """(place, marker, starts a list of children) of each candidate that is an item."""
        children = {family for family, _ in self.open}
        for position, (place, candidate) in enumerate(found):
            marker = self._as_expected(candidate)
            if marker.kind == "b":
                self.cuts.append((place, marker, True))
            elif marker.value == 1:
                if self._starts(place, marker, found[position + 1 : position + 60]):
                    self.open.append((marker.family, 1))
                    self.started.add(marker.family)
                    del self.open[:-_MOST_OPEN]
                    self.cuts.append((place, marker, True))
                    self.found.add(marker.family)
            elif self._goes_on(place, marker):
                self.cuts.append((place, marker, marker.family in self.started and marker.family not in children))
                self.found.add(marker.family)
        return self.cuts

    def _as_expected(self, marker: Marker) -> Marker:
        if marker.kind in "aA" and not self._expected(marker):
            return as_roman(marker) or marker
        return marker

    def _expected(self, marker: Marker) -> int | None:
        exact = [n for n in range(len(self.open) - 1, -1, -1) if self.open[n] == (marker.family, marker.value - 1)]
        if exact:
            return exact[0]
        kind = marker.family[:1]
        return next(
            (n for n in range(len(self.open) - 1, -1, -1) if self.open[n][0][:1] == kind and self.open[n][1] == marker.value - 1), None
        )

    def _starts(self, place: int, marker: Marker, later: list[tuple[int, Marker]]) -> bool:
        """A first item needs a second one, or a colon or full stop before it and a capital after it."""
        head = self.text[max(self.node.start, place - 80) : place].rstrip()
        if not (head[-1:] in ".;:。；：!?)）—" or is_stem(head)) or not self._is_apart(place, marker) or self._in_brackets(place):
            return False
        if any(m.family == marker.family and m.value == 2 for _, m in later) or any(
            as_roman(m) and m.number == "ii" for _, m in later if marker.number == "i"
        ):
            return True
        return (
            marker.kind == "n"
            and head[-1:] in ".:："
            and self.text[marker.end : marker.end + 2].strip()[:1].isupper()
            and (self.node.value == 0 or self.coming.get("n") != 2)
        )

    def _goes_on(self, place: int, marker: Marker) -> bool:
        expected = self._expected(marker)
        circled = marker.kind == "c" and not any(family[:1] == "c" and value >= marker.value for family, value in self.open)
        if expected is None and not circled:
            return False
        started = marker.family in self.started
        if (
            (self.coming.get(marker.kind) == marker.value and not started)
            or not self._is_apart(place, marker)
            or (marker.kind != "c" and self._in_brackets(place))
        ):
            return False
        if expected is None:
            self.open.append((marker.family, marker.value))
        else:
            del self.open[expected + 1 :]
            self.open[expected] = (marker.family, marker.value)
        return True

    def _is_apart(self, place: int, marker: Marker) -> bool:
        """Whether the words on both sides let an item begin here."""
        before = self.text[max(self.node.start, place - 24) : place]
        after = self.text[marker.end : marker.end + 3].lstrip()
        if not after and marker.end >= self.node.end:
            return False
        if _before.search(before) or not before.strip():
            return True
        if marker.family in self.found or (marker.family[1:] == ")" and self._is_next(marker)):
            return True
        return (after[:1].isupper() or not after[:1].isascii() or marker.kind == "c") and not _no_item.search(before)

    def _is_next(self, marker: Marker) -> bool:
        return marker.value > 1 and (marker.family, marker.value - 1) in self.open

    def _in_brackets(self, place: int) -> bool:
        start = max(self.cuts[-1][1].end if self.cuts else self.node.start, place - 600)
        head = self.text[start:place]
        return head.count("(") + head.count("（") > head.count(")") + head.count("）")
