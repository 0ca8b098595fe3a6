"""Candidates: every place where an item may begin, with what is known of it before the tree is chosen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from enum import Enum

from msgspec import Struct

from extractor.criteria.outline.choice.costs import Costs
from extractor.criteria.outline.choice.inner_marks import InnerMarks
from extractor.criteria.outline.enumerators import Marker, as_roman
from extractor.criteria.outline.layout import Layout, possible_levels
from extractor.criteria.outline.lead_ins import ends_in_link, is_stem
from extractor.criteria.outline.lost_bullets import LOST
from extractor.criteria.outline.nodes import Node, Range
from extractor.criteria.outline.phrases import alternatives
from extractor.patterns import lazy_pattern

_TAIL = 60  # characters that say how a piece ends
_HEAD = 200  # characters that say how it begins
_BACK = 24  # characters before a marker inside a line that say whether an item may begin there
_BRACKET_REACH = 600  # how far back an open bracket is looked for
_BEYOND_GRADES = 10  # no grade, stage or type counts so far: "… the visits 18. Refusal" goes on with 17
STRONG = frozenset({"b?", "b•", "b●", "b○", "b■", "b▪", "b◆", "b‣", "b⁃"})  # signs that prose does not use

_COLONS = frozenset(":：")

_titled = lazy_pattern(r"\w+(?: \w+){0,2}: \S")
_compared = lazy_pattern(r"[<>≥≤]")
_label = lazy_pattern(r"(Part|Phase|Arm|Cohort|Group|Stage|Stratum|Step)\b[^.\n]{0,30}:$")
_sentence_end = lazy_pattern(r"[.;:。；：!?！？\n]\s*$")
_comma = lazy_pattern(r"[,，、)）\]】]\s*$")
_refers = lazy_pattern(rf"(?:{alternatives('refers')})\s*$", re.IGNORECASE)
_bracket = lazy_pattern("[()（）]")


class ChoiceReading(Struct, frozen=True, gc=False):
    """One way to read a marker: its family, its place in the count (0: a bullet), how it is printed, where the words begin."""

    family: str
    value: int
    number: str
    start: int


class Edge(Enum):
    """What stands before a marker inside a line: an end of a sentence, a comma, a sign of its own after words, bare words, "grade", "("."""

    CLEAR = "clear"
    COMMA = "comma"
    SIGN = "sign"
    WORDS = "words"
    REFERS = "refers"
    BRACKET = "bracket"

    def begins(self, costs: Costs) -> float:
        """What an item costs that begins here."""
        return {
            Edge.CLEAR: 0.0,
            Edge.COMMA: costs.inline_comma,
            Edge.SIGN: costs.inline_sign,
            Edge.WORDS: costs.inline_words,
            Edge.REFERS: costs.inline_refers,
            Edge.BRACKET: costs.inline_bracket,
        }[self]

    def passes(self, costs: Costs) -> float:
        """What the next number of a count costs that opens no item here."""
        return {
            Edge.CLEAR: costs.pass_clear,
            Edge.COMMA: costs.pass_comma,
            Edge.SIGN: costs.pass_words,
            Edge.WORDS: costs.pass_words,
            Edge.REFERS: costs.pass_refers,
            Edge.BRACKET: costs.pass_refers,
        }[self]


class ItemCandidate(Struct, eq=False, gc=False):
    """A place where an item may begin.

    `readings` are the ways to read its marker (none: a line without one); `begins` is what an item here costs, whatever its place,
    `joins` what it costs to be the rest of the item before. What its words say, up to the next candidate: whether they announce
    items (`lead`), end in "or" (`link`), their last character, first word, form and the part of the study that they head. `levels`
    are those at which its lines would break as they do (None: not known); `end` is where the line ends, markers inside it or not; `slip` says that it
    may have been typed too far left.
    """

    node: Node
    readings: tuple[ChoiceReading, ...]
    begins: float
    joins: float
    lead: bool
    link: bool
    last: str
    first: str
    form: int
    label: str
    levels: tuple[int, ...] | None = None
    edge: Edge = Edge.CLEAR
    end: int = 0
    slip: bool = False


class Finder:
    """Finds the candidates of one text, list by list."""

    def __init__(self, text: str, inline: list[tuple[int, Marker]], layout: Layout, costs: Costs) -> None:
        """`inline` are the markers of the whole text."""
        self.text = text
        self.marks = InnerMarks(text, inline)
        self.layout = layout
        self.costs = costs

    def find(self, nodes: list[Node], *, runs_on: bool = False) -> list[ItemCandidate]:
        """The candidates of a list: each node, and the markers inside its words; `runs_on` says that it goes on behind a heading."""
        found: list[ItemCandidate] = []
        for node in nodes:
            levels, end = possible_levels(self.text, *node.ranges[0], self.layout.widths), node.end
            pieces = self._cut(node)
            found.append(self._at_line(node))
            found[-1].levels, found[-1].end = levels, node.end if node.role == "HEADING" else end
            if len(pieces) > 1:
                signs = Counter(piece.family for piece in pieces[1:] if piece.bullet)
                for piece in pieces[1:]:
                    candidate = self._inside(piece, (node.start, end), node.family, runs_on=runs_on)
                    if signs[piece.family] > 1 and self._follows_colon(piece, node.start):
                        candidate.begins, candidate.joins = 0.0, self.costs.pass_first
                    found.append(candidate)
            runs_on = False
        return found

    def _cut(self, node: Node) -> list[Node]:
        """A node cut at the markers inside its words."""
        start, end = node.ranges[-1]
        pieces = [node]
        for mark in self.marks.find(start, end):
            place, marker, role = mark.place, mark.marker, mark.role
            begun = pieces[-1].ranges[-1][0]
            if role == "HEADING" and place == start and node.plain:
                node.role = role
            elif place >= begun:
                pieces[-1].ranges[-1] = (begun, _trimmed(self.text, begun, place))
                bounds = (_skip_blanks(self.text, marker.end, end), end)
                pieces.append(
                    Node(
                        [bounds],
                        place,
                        marker.family,
                        marker.value,
                        marker.number,
                        node.indent,
                        node.content,
                        inline=True,
                        role=role or "CRITERION",
                    )
                )
        return pieces

    def _at_line(self, node: Node) -> ItemCandidate:
        """A candidate at the start of a line."""
        costs = self.costs
        begins, joins = (costs.false_marker, costs.drop_broken) if node.broken else (0.0, costs.drop_marker)
        if node.family == "A." and node.value > 1 and self.text[node.start : node.start + 1].islower():
            begins += costs.species
        return self._described(node, begins, joins)

    def _inside(self, piece: Node, host: Range, family: str, *, runs_on: bool) -> ItemCandidate:
        """A candidate inside a line that `host` bounds and a marker of `family` opens."""
        costs = self.costs
        if piece.plain:
            return self._described(piece, 0.0, _JOINS[piece.role](costs))
        if piece.bullet:
            strong = piece.family in STRONG or len(piece.family) > 2 or self.text[piece.mark] in LOST
            begins = 0.0 if runs_on else costs.inline_bullet if strong else costs.inline_dash
            joins = costs.pass_sign if strong else costs.pass_bullet if piece.family == family else 0.0
            candidate = self._described(piece, begins, joins)
            candidate.edge = Edge.WORDS
            return candidate
        edge = self._edge(piece, host)
        begins = edge.begins(costs) + costs.inline_empty * (piece.start >= piece.end)
        after = self.text[piece.start : piece.start + 1]
        begins += costs.inline_glued * (after.isdigit() and self.text[piece.start - 1] in ".．")
        if edge is Edge.WORDS:
            begins += costs.inline_lower * after.islower()
        candidate = self._described(piece, begins, costs.pass_sign if piece.family[:1] == "c" else 0.0)
        candidate.edge = edge
        return candidate

    def _follows_colon(self, piece: Node, start: int) -> bool:
        return self.text[max(start, piece.mark - _BACK) : piece.mark].rstrip()[-1:] in _COLONS

    def _edge(self, piece: Node, host: Range) -> Edge:
        """What stands before a marker inside a line."""
        text, place = self.text, piece.mark
        before = text[max(host[0], place - _BACK) : place]
        if not before.strip():
            return Edge.CLEAR
        if self._in_brackets(piece, host):
            return Edge.BRACKET
        if _sentence_end.search(before):
            return Edge.CLEAR
        if _comma.search(before):
            return Edge.COMMA
        if piece.value < _BEYOND_GRADES and _refers.search(before):
            return Edge.REFERS
        distinct = piece.family[:1] == "c" or piece.family[1:2] == "(" or text[piece.start : piece.start + 1] > "\u2e7f"
        return Edge.SIGN if distinct else Edge.WORDS

    def _in_brackets(self, piece: Node, host: Range) -> bool:
        """Whether a bracket is open at a marker that closes behind it."""
        head = self.text[max(host[0], piece.mark - _BRACKET_REACH) : piece.mark]
        if head.count("(") + head.count("（") <= head.count(")") + head.count("）"):
            return False
        behind = _bracket.search(self.text, piece.start, min(host[1], piece.start + _BRACKET_REACH))
        return behind is not None and behind.group() in ")）"

    def _described(self, node: Node, begins: float, joins: float) -> ItemCandidate:
        """A candidate with what its words say."""
        start, end = node.ranges[-1]
        tail = self.text[max(start, end - _TAIL) : end]
        head = (
            self.text[node.start : min(node.end, node.start + _HEAD)] if node.start < start else self.text[start : min(end, start + _HEAD)]
        )
        first = head.split(None, 1)[0] if head.strip() else ""
        label = _label.match(head)
        form = head[:1].islower() + 2 * (_titled.match(head) is not None) + 4 * (_compared.search(head) is not None)
        return ItemCandidate(
            node,
            _readings(node),
            begins,
            joins,
            bool(tail) and is_stem(tail),
            ends_in_link(tail),
            tail[-1:],
            first,
            form,
            label[1] if label else "",
        )


_JOINS: dict[str, Callable[[Costs], float]] = {
    "PROSE": lambda costs: costs.pass_prose,
    "TAIL": lambda costs: costs.pass_tail,
    "HEADING": lambda costs: costs.pass_heading,
    "BODY": lambda _: 0.0,
}


def _readings(node: Node) -> tuple[ChoiceReading, ...]:
    """The ways to read a marker: a letter may be a Roman numeral."""
    if not node.family:
        return ()
    plain = ChoiceReading(node.family, node.value, node.number, node.start)
    if node.family[0] in "aA":
        roman = as_roman(Marker(node.family, node.value, node.number, 0))
        if roman:
            return plain, ChoiceReading(roman.family, roman.value, roman.number, node.start)
    return (plain,)


def _skip_blanks(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end
