"""Lines without a marker: headings of parts, paragraphs, notes, bare lines under a lead-in, and what only goes on with an item."""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from extractor.criteria.outline.choice.candidates import ItemCandidate
from extractor.criteria.outline.choice.costs import Costs
from extractor.criteria.outline.choice.inner_marks import is_chinese
from extractor.criteria.outline.choice.prices import Open, Prices
from extractor.criteria.outline.lead_ins import ends_in_colon, is_note, is_stem
from extractor.criteria.outline.nodes import Node
from extractor.criteria.outline.phrases import alternatives
from extractor.criteria.outline.prose import is_prose, is_told
from extractor.patterns import lazy_pattern

JOIN = -1  # the depth of a line that goes on with the item before
_FULL = 0.85  # share of the widest line from which on a line without an end mark may have been broken
_LONGEST_HEADING = 160  # characters: NCI forms print long headings in capitals
_LONGEST_TOPIC = 130  # characters of a topic that a colon closes
_LONGEST_TITLE = 80  # characters of a topic that nothing closes: one line
_LONGEST_BRACKETED = 60  # characters of a heading in brackets
_MOST_BLANKS_OF_A_TITLE = 8  # longer lines tell something
_MOST_BLANKS_OF_A_LABEL = 16  # blanks of a line that begins like a part of the study

_sentence = lazy_pattern(alternatives("sentence"), re.IGNORECASE)
_open_end = lazy_pattern(r"\b(?:with|of|to|by|from|in|at|than|for|and|or|on|as)\s*[:：]?$|\baged?\b.*\d|[≥≤<>=]\s*\d", re.IGNORECASE)
_label = lazy_pattern(r"^[\[【<>\s]*(?:group|cohort|part|arm|phase|stage|stratum|step|sub-?study|for|common|all)\b", re.IGNORECASE)
_leads_on = lazy_pattern(r"\bfollowing\b|\bmust\b")
_digits = lazy_pattern(r"\d+|\b[ivx]+\b|\b[a-h]\b|\W+$")
_disclaimer = lazy_pattern(r"^(?:other|additional|further|the above|the following information)\b", re.IGNORECASE)
_TERMINAL = frozenset(".;:!?。；：！？")
_LINKS = frozenset({"and", "or", "and/or", "或", "或者", "且", "并且", "和"})


class ParagraphPlace(Struct, frozen=True, gc=False):
    """Where a line may go: its depth (`JOIN`: into the item before), what that costs, its role, and how it stands open."""

    depth: int
    cost: float
    role: str
    open_: Open | None


class _Said(Struct, frozen=True, gc=False):
    """What a line says, whatever goes before it."""

    words: str
    link: bool
    note: bool
    rank: int
    announces: bool
    prose: bool
    told: bool


class Paragraphs:
    """Finds the places that a line without a marker may take."""

    def __init__(self, text: str, candidates: list[ItemCandidate], prices: Prices) -> None:
        """`candidates` are those of the whole list: what a line is also depends on the line after it."""
        self.text = text
        self.prices = prices
        self.following: list[ItemCandidate | None] = [None] * len(candidates)
        after: ItemCandidate | None = None
        for place in range(len(candidates) - 1, -1, -1):
            self.following[place] = after
            if not candidates[place].node.inline:
                after = candidates[place]
        self.known: dict[int, _Said] = {}
        self.chinese = is_chinese(text)

    @property
    def costs(self) -> Costs:
        """The costs of all steps."""
        return self.prices.costs

    def places(self, candidate: ItemCandidate, place: int, path: tuple[Open, ...], last: ItemCandidate | None) -> list[ParagraphPlace]:
        """Every place that a line may take below an open path, with its cost."""
        if candidate.node.inline and last is not None:
            return self._inner(candidate, place, path, last)
        said = self._said(candidate, place)
        following = self.following[place]
        if not path or last is None:
            return [self._on_top(candidate, said, following, path)]
        if said.link:
            return [ParagraphPlace(JOIN, 0.0, "", None)]
        if path[-1].prose:
            return [
                ParagraphPlace(JOIN, 0.0, "PROSE", None),
                self._dearer(self._on_top(candidate, said, following, path[:-1]), self.costs.after_prose),
            ]
        found = self._among_bare(candidate, said, path, last, self._loose(candidate, said, following, path, last))
        told = said.told and not candidate.node.bare and any(open_.reading for open_ in path)
        if not (told or said.prose):
            return found
        cost = self.costs.pass_tail if told else self.costs.pass_prose
        return [self._as_prose(candidate, path, last), *(self._dearer(place, cost) for place in found)]

    def _loose(
        self, candidate: ItemCandidate, said: _Said, following: ItemCandidate | None, path: tuple[Open, ...], last: ItemCandidate
    ) -> list[ParagraphPlace]:
        """The places of a line by its column and its words."""
        owner = _owner_of(candidate.node, path)
        if said.words[:1].islower() and last.last not in _TERMINAL and owner is not None:
            return [ParagraphPlace(JOIN, 0.0, "", None), *self._inside(candidate, said, following, path, owner)]
        if owner is not None:
            return self._inside(candidate, said, following, path, owner)
        if _is_rest(said, path, last):
            return [ParagraphPlace(JOIN, 0.0, "", None), self._dearer(self._on_top(candidate, said, following, path), self.costs.apart)]
        return [self._on_top(candidate, said, following, path), ParagraphPlace(JOIN, self.costs.join_paragraph, "", None)]

    def _inner(self, candidate: ItemCandidate, place: int, path: tuple[Open, ...], last: ItemCandidate) -> list[ParagraphPlace]:
        """The places of what begins inside a line without a marker: prose, the heading of a part, the words behind such a heading."""
        joined = ParagraphPlace(JOIN, 0.0, "PROSE", None) if path[-1].prose else ParagraphPlace(JOIN, candidate.joins, "", None)
        role = candidate.node.role
        if role in ("PROSE", "TAIL"):
            return [joined, self._as_prose(candidate, path, last)]
        if role == "HEADING":
            return [joined, self._on_top(candidate, self._said(candidate, place), self.following[place], path)]
        if path[-1].candidate is last and path[-1].rank and candidate.node.start < candidate.node.end:
            return [ParagraphPlace(len(path), 0.0, "CRITERION", Open(candidate, None, 1, linked=False, announced=False))]
        return [joined]

    def _as_prose(self, candidate: ItemCandidate, path: tuple[Open, ...], last: ItemCandidate) -> ParagraphPlace:
        """The place of a sentence that belongs to the article round the lists: all lists end."""
        cost = self.prices.leaving(path, 0, last, sure=True)
        return ParagraphPlace(0, cost, "PROSE", Open(candidate, None, 1, linked=False, announced=False, prose=True))

    def _dearer(self, place: ParagraphPlace, cost: float) -> ParagraphPlace:
        return replace(place, cost=place.cost + cost)

    def _said(self, candidate: ItemCandidate, place: int) -> _Said:
        known = self.known.get(place)
        if known is None:
            node = candidate.node
            words = self.text[node.start : candidate.end or node.end]
            following = self.following[place]
            announces = following is not None and not following.node.plain and following.node.indent >= node.indent and is_stem(words)
            heading = node.role == "HEADING"
            prose = self.chinese and not heading and is_prose(self.text, node.start, candidate.end)
            link = words.strip(" .;,-").lower() in _LINKS
            known = self.known[place] = _Said(
                words,
                link,
                is_note(words),
                2 - words.isupper() if heading else self._rank(node, words, following),
                announces,
                prose,
                self.chinese and is_told(words),
            )
        return known

    def _rank(self, node: Node, words: str, following: ItemCandidate | None) -> int:
        """The rank of a line as a heading; a lead-in announces it too where both stand behind empty lines."""
        apart = following is not None and node.gap and following.node.gap and following.node.plain
        announced = following is not None and apart and is_stem(self.text[following.node.start : following.end])
        return _rank(words, following, announced=announced)

    # ------------------------------------------------------------ paragraphs of an item

    def _inside(
        self, candidate: ItemCandidate, said: _Said, following: ItemCandidate | None, path: tuple[Open, ...], owner: int
    ) -> list[ParagraphPlace]:
        """A paragraph in the column of an item: its own words, a note, or the lead-in of a list."""
        node, parent, top = candidate.node, path[owner], owner == len(path) - 1
        words = self.text[parent.candidate.node.start : parent.candidate.end or parent.candidate.node.end]
        broken = said.words[:1].islower() and top and words[-1:] not in ".;:"
        opens = said.announces or (following is not None and not following.node.plain and following.node.indent > node.indent)
        child = ParagraphPlace(
            owner + 1,
            self.prices.leaving(path, owner + 1, candidate) if owner + 1 < len(path) else 0.0,
            "NOTE" if said.note else "CRITERION",
            Open(candidate, None, 1, linked=False, announced=False, opens=opens),
        )
        if not top:
            return [child]
        apart = said.announces or said.note or _is_topic(words, following)
        if broken or not apart:
            return [ParagraphPlace(JOIN, 0.0, "", None), self._dearer(child, self.costs.apart)]
        return [child, ParagraphPlace(JOIN, self.costs.join_paragraph, "", None)]

    # ------------------------------------------------------------ bare lines under a lead-in

    def _among_bare(
        self, candidate: ItemCandidate, said: _Said, path: tuple[Open, ...], last: ItemCandidate, found: list[ParagraphPlace]
    ) -> list[ParagraphPlace]:
        """The places of a line that may be an item of a list without markers."""
        if not candidate.node.bare or said.note:
            return found
        costs, top = self.costs, path[-1]
        cost = costs.full_line * candidate.node.broken + costs.lower_line * said.words[:1].islower()
        if top.candidate.node.bare and top.reading is None and not top.rank:
            open_ = Open(candidate, None, top.size + 1, linked=last.link, announced=True, opens=said.announces)
            return [
                ParagraphPlace(JOIN, costs.join_more, "", None),
                ParagraphPlace(len(path) - 1, cost + costs.more_lines, "CRITERION", open_),
            ]
        if last.lead:
            open_ = Open(candidate, None, 1, linked=False, announced=True, opens=said.announces)
            return [ParagraphPlace(JOIN, costs.join_line, "", None), ParagraphPlace(len(path), cost + costs.bare_line, "CRITERION", open_)]
        joined = costs.join_more if last.node.bare else 0.0
        return [ParagraphPlace(JOIN, joined, "", None), *(self._dearer(place, costs.apart) for place in found if place.depth != JOIN)]

    # ------------------------------------------------------------ lines on their own

    def _on_top(self, candidate: ItemCandidate, said: _Said, following: ItemCandidate | None, path: tuple[Open, ...]) -> ParagraphPlace:
        """A heading beside or below the open headings, a paragraph or note below the nearest one."""
        words = said.words
        if said.rank:
            depth, role, opens = self._heading_depth(said, path), "HEADING", True
        else:
            role = "NOTE" if said.note else "CRITERION"
            leads = following is not None and (is_stem(words) or (words[-1:] not in ".;!?。；" and not following.node.plain))
            opens = leads or (candidate.lead and candidate.node.end < candidate.end)
            depth = 0 if said.note and _disclaimer.match(words) else _below_heading(path)
        open_ = Open(candidate, None, 1, linked=False, announced=False, rank=said.rank, opens=opens)
        return ParagraphPlace(depth, 0.0, role, open_)

    def _heading_depth(self, said: _Said, path: tuple[Open, ...]) -> int:
        """Beside the open heading of the same wording ("Aim 1:", "Aim 2:"), under one that is still empty or outranks it, else beside the last."""
        headings = [depth for depth in range(len(path) - 1, -1, -1) if path[depth].rank]
        key = _digits.sub("", said.words.lower())
        for depth in headings:
            other = path[depth].candidate
            if _digits.sub("", self.text[other.node.start : other.end].lower()) == key:
                return depth
        for depth in headings:
            rank, empty = path[depth].rank, depth == len(path) - 1
            if rank < said.rank or (rank == said.rank and empty and rank > 1):
                return depth + 1
            if rank == said.rank:
                return depth
        return 0


def _below_heading(path: tuple[Open, ...]) -> int:
    return next((depth + 1 for depth in range(len(path) - 1, -1, -1) if path[depth].rank), 0)


def _owner_of(node: Node, path: tuple[Open, ...]) -> int | None:
    """The depth of the marked item in whose column a paragraph stands; None where it stands on its own."""
    if node.indent <= 0:
        return None
    places = range(len(path) - 1, -1, -1)
    return next((depth for depth in places if path[depth].reading and path[depth].candidate.node.content <= node.indent), None)


def _is_rest(said: _Said, path: tuple[Open, ...], last: ItemCandidate) -> bool:
    """Whether a loose paragraph is what the item above announced with its colon."""
    return path[-1].reading is not None and last.last in ":：" and not said.note and not is_stem(said.words) and not said.rank


def _is_topic(words: str, following: ItemCandidate | None) -> bool:
    """Whether an item only names a topic, and more than one paragraph or list stands under it."""
    return _is_title(words) and (ends_in_colon(words) or (following is not None and following.node.plain))


def _is_title(words: str) -> bool:
    """Whether words only name a topic: short, no verb, no end mark."""
    if _open_end.search(words):
        return False
    if words[-1:] in ":：":
        return len(words) < _LONGEST_TOPIC and not _sentence.search(words)
    return (
        len(words) < _LONGEST_TITLE
        and words[-1:] not in ".;"
        and not _sentence.search(words)
        and words.count(" ") < _MOST_BLANKS_OF_A_TITLE
    )


def _rank(words: str, following: ItemCandidate | None, *, announced: bool) -> int:
    """Rank of a heading line: 1 all capitals, 2 title, 0 not a heading; `announced` says that a lead-in follows."""
    if following is None or is_note(words) or len(words) > _LONGEST_HEADING:
        return 0
    ends = words[-1] in ":："
    leads = ends or not following.node.plain or announced
    if leads and words.isupper() and len(words) > 3:
        return 1
    if words[0] in "[【<>" and words[-1] in "]】<>:" and len(words) < _LONGEST_BRACKETED:
        return 2
    if leads and _label.match(words) and words.count(" ") < _MOST_BLANKS_OF_A_LABEL:
        return 0 if _leads_on.search(words) else 2
    return 2 if leads and _is_title(words) else 0
