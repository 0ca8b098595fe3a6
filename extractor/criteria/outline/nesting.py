"""Items to a tree: the count of the markers first, then indentation, then what the words announce."""

from __future__ import annotations

import re

from extractor.criteria.outline.enumerators import Marker, as_roman
from extractor.criteria.outline.items import Layout
from extractor.criteria.outline.lead_ins import ends_in_colon, ends_in_link, is_note, is_stem
from extractor.criteria.outline.nodes import Node
from extractor.criteria.outline.run_ons import cut_inline

MAX_DEPTH = 12

_sentence = re.compile(
    r"\b(?:must|should|is|are|was|were|will|have|has|had|may|can|who|if|following|(?:patients?|subjects?|participants?)\s+(?!characteristics|population|groups?|cohorts?|selection|eligibility|\W*$)\w+)\b|符合|满足|以下|下列|如下|具有|具备|存在|应|须|需|至少|任一|包括|能够|同意|自愿",
    re.IGNORECASE,
)
_open_end = re.compile(r"\b(?:with|of|to|by|from|in|at|than|for|and|or|on|as)\s*[:：]?$|\baged?\b.*\d|[≥≤<>=]\s*\d", re.IGNORECASE)
_label = re.compile(r"^[\[【<>\s]*(?:group|cohort|part|arm|phase|stage|stratum|step|sub-?study|for|common|all)\b", re.IGNORECASE)
_leads_on = re.compile(r"\bfollowing\b|\bmust\b")
_digits = re.compile(r"\d+|\b[ivx]+\b|\b[a-h]\b|\W+$")
_disclaimer = re.compile(r"^(?:other|additional|further|the above|the following information)\b", re.IGNORECASE)


class Builder:
    """Places items one after the other below an open path of nodes."""

    def __init__(self, text: str, layout: Layout, candidates: list[tuple[int, Marker]]) -> None:
        """`candidates` are the enumerator-like runs inside the text."""
        self.text = text
        self.candidates = candidates
        self.layout = layout
        self.root = Node([(0, 0)], 0, indent=-1, content=-1)
        self.path = [self.root]
        self.coming: dict[str, int] = {}

    def build(self, nodes: list[Node]) -> list[Node]:
        """The top-level nodes, their children in place."""
        last_seen = _next_values(nodes)
        for position, node in enumerate(nodes):
            following = nodes[position + 1] if position + 1 < len(nodes) else None
            self.coming = last_seen[position]
            if node.plain:
                self._place_plain(node, following)
            else:
                self._place_marked(node)
            self._cut(node)
        return self.root.children

    def _cut(self, node: Node) -> None:
        """Split off the items that run on in the text of `node`."""
        for piece in cut_inline(self.text, self.candidates, node, self.path, self.coming):
            self._place_marked(piece)

    # ------------------------------------------------------------ marked items

    def _place_marked(self, node: Node) -> None:
        depth = self._continued(node)
        if depth is None:
            depth = self._nested(node)
        self._open(node, depth)

    def _open(self, node: Node, depth: int) -> None:
        """Make `node` a child of the open node at `depth`."""
        del self.path[min(depth, MAX_DEPTH) + 1 :]
        self.path[-1].children.append(node)
        self.path.append(node)

    def _continued(self, node: Node) -> int | None:
        """The depth of the parent whose list this marker goes on with: its value is one more than the open item's."""
        if node.value < 2 and node.family[:1] not in "aA":
            return None
        found = [depth for depth in range(len(self.path) - 1, 0, -1) if _follows(self.path[depth], node)]
        if not found:
            return self._continued_as_roman(node)
        return self._best(node, found) - 1

    def _continued_as_roman(self, node: Node) -> int | None:
        """A letter may be a Roman numeral; a number may go on in another style: "5." then "6)"."""
        marker = as_roman(Marker(node.family, node.value, node.number, 0))
        if marker and not (node.value == 1 or any(_follows(open_, node) for open_ in self.path)):
            node.family, node.value = marker.family, marker.value
            found = [depth for depth in range(len(self.path) - 1, 0, -1) if _follows(self.path[depth], node)]
            return found[0] - 1 if found else None
        loose = [depth for depth in range(len(self.path) - 1, 0, -1) if _follows(self.path[depth], node, loose=True)]
        return loose[0] - 1 if loose else None

    def _best(self, node: Node, found: list[int]) -> int:
        """Of several open lists that a marker could go on with, the one that looks most like it."""
        if len(found) == 1:
            return found[0]
        for test in (self._same_column, self._same_way):
            fits = [depth for depth in found if test(self.path[depth], node)]
            if len(fits) == 1:
                return fits[0]
            found = fits or found
        return next((depth for depth in found if not self._is_closed(depth)), found[0])

    def _same_column(self, open_: Node, node: Node) -> bool:
        return node.inline or open_.inline or abs(open_.content - node.content) <= 1 or open_.indent == node.indent

    def _same_way(self, open_: Node, node: Node) -> bool:
        return open_.inline == node.inline

    def _is_closed(self, depth: int) -> bool:
        """Whether the list at `depth` has ended: its items were linked by and / or, and the last one is not."""
        items = self.path[depth - 1].children
        return len(items) > 1 and ends_in_link(self._words(items[-2])) and not ends_in_link(self._words(items[-1]))

    def _nested(self, node: Node) -> int:
        """The depth of the parent by indentation, or by what the open item announces."""
        deepest = self.path[-1]
        if self._is_announced(deepest, node):
            return len(self.path) - 1
        if node.inline and node.value > 1:
            return max(0, len(self.path) - 2)
        beside = self._beside(node)
        depth = len(self.path) - 1
        while depth > beside and not self._holds(depth, node):
            depth -= 1
        return depth

    def _beside(self, node: Node) -> int:
        """The depth of the parent of an open bullet of the same kind at the same column: no deeper than that."""
        if not node.bullet:
            return 0
        return next(
            (d - 1 for d in range(len(self.path) - 1, 0, -1) if self.path[d].family == node.family and self.path[d].indent == node.indent),
            0,
        )

    def _is_announced(self, top: Node, node: Node) -> bool:
        """An open stem without children takes an item of a kind that is not open yet, wherever it stands."""
        if top is self.root or top.children or top.plain:
            return False
        if node.family == top.family:
            return node.value == 1 and top.value > 1 and is_stem(self._words(top))
        words = self._words(top)
        return not self._is_open(node) and (is_stem(words) or (top.inline and len(words) < 40 and words[-1:] not in ".;"))

    def _is_open(self, node: Node) -> bool:
        return any(open_.family == node.family for open_ in self.path)

    def _holds(self, depth: int, node: Node) -> bool:
        """Whether the open node at `depth` is a parent for `node`."""
        top = self.path[depth]
        if top.plain:
            return top.opens and (not top.inside or node.indent >= top.indent)
        if node.indent >= top.content:
            return True
        if node.indent != top.indent and not self.layout.flat and not node.inline:
            return False
        return self._restarts(depth, node)

    def _restarts(self, depth: int, node: Node) -> bool:
        """At one column: a new kind of marker, or a count that starts again, opens a list under the item above."""
        top = self.path[depth]
        if depth != len(self.path) - 1:
            return False
        if node.family == top.family:
            return node.value == 1 and top.value > 1 and (self.layout.flat or top.inline or is_stem(self._words(top)))
        if self._is_open(node) or node.value > 1:
            return False
        goes_on = top.value > 0 and (node.value == 1 or self.coming.get(top.family[:1]) == top.value + 1)
        return self.layout.flat or goes_on or is_stem(self._words(top))

    # ------------------------------------------------------------ plain lines

    def _place_plain(self, node: Node, following: Node | None) -> None:
        words = self._words(node)
        owner = self._owner(node)
        if words.strip(" .;,-").lower() in {"and", "or", "and/or"} and len(self.path) > 1:
            self.path[-1].extend(node.end)
            self.path[-1].text = ""
        elif owner:
            self._place_inside(node, following, owner)
        elif self._is_rest(words, following):
            self.path[-1].extend(node.end)
            self.path[-1].text = ""
        else:
            self._place_on_top(node, following, words)

    def _is_rest(self, words: str, following: Node | None) -> bool:
        """Whether a loose paragraph is what the item above announced with its colon."""
        top = self.path[-1]
        if top.plain or top.children or not ends_in_colon(self._words(top)):
            return False
        return not is_note(words) and not is_stem(words) and not _rank(words, following)

    def _owner(self, node: Node) -> int:
        """The depth of the marked item in whose column a paragraph stands; 0 where it stands on its own."""
        if node.indent <= 0:
            return 0
        return next((d for d in range(len(self.path) - 1, 0, -1) if not self.path[d].plain and self.path[d].content <= node.indent), 0)

    def _place_inside(self, node: Node, following: Node | None, owner: int) -> None:
        """A paragraph of an item: its own words, a note, or the stem of a list."""
        parent = self.path[owner]
        words = self._words(node)
        announces = (
            following is not None and not following.plain and following.indent >= node.indent and (ends_in_colon(words) or is_stem(words))
        )
        broken = words[0].islower() and parent is self.path[-1] and self._words(parent)[-1:] not in ".;:"
        if broken or not (parent.children or announces or is_note(words) or self._is_topic(parent, following)):
            parent.extend(node.end)
            parent.text = ""
            return
        node.inside = True
        node.role = "NOTE" if is_note(words) else "CRITERION"
        node.opens = announces or (following is not None and not following.plain and following.indent > node.indent)
        self._open(node, owner)

    def _is_topic(self, parent: Node, following: Node | None) -> bool:
        """Whether an item only names a topic, and more than one paragraph or list stands under it."""
        words = self._words(parent)
        return _is_title(words) and (ends_in_colon(words) or (following is not None and following.plain))

    def _place_on_top(self, node: Node, following: Node | None, words: str) -> None:
        rank = _rank(words, following)
        if rank:
            node.role, node.opens, node.value = "HEADING", True, -rank
            depth = self._heading_depth(rank, words)
        else:
            node.role = "NOTE" if is_note(words) else "CRITERION"
            node.opens = following is not None and (is_stem(words) or (words[-1] not in ".;!?。；" and not following.plain))
            depth = 0 if _disclaimer.match(words) and node.role == "NOTE" else self._nearest_heading()
        self._open(node, depth)

    def _heading_depth(self, rank: int, words: str) -> int:
        """Beside the open heading of the same wording ("Aim 1:", "Aim 2:"), under one that is still empty or outranks it, else beside the last."""
        headings = [depth for depth in range(len(self.path) - 1, 0, -1) if self.path[depth].role == "HEADING" and self.path[depth].plain]
        key = _digits.sub("", words.lower())
        for depth in headings:
            if _digits.sub("", self._words(self.path[depth]).lower()) == key:
                return depth - 1
        for depth in headings:
            top = self.path[depth]
            if -top.value < rank or (-top.value == rank and not top.children and rank > 1):
                return depth
            if -top.value == rank:
                return depth - 1
        return 0

    def _nearest_heading(self) -> int:
        return next((d for d in range(len(self.path) - 1, 0, -1) if self.path[d].role == "HEADING" and self.path[d].plain), 0)

    def _words(self, node: Node) -> str:
        """The end and start of a node's words as they stand: enough to judge them."""
        start, end = node.ranges[0][0], node.ranges[-1][1]
        return self.text[start:end]


def _follows(open_: Node, node: Node, *, loose: bool = False) -> bool:
    if loose:
        return open_.family[:1] == node.family[:1] and open_.value + 1 == node.value and not open_.bullet
    return open_.family == node.family and open_.value + 1 == node.value


def _next_values(nodes: list[Node]) -> list[dict[str, int]]:
    """For each node, the value of the next line-start marker of each kind: what an enumerator inside a text must not take."""
    found: list[dict[str, int]] = []
    coming: dict[str, int] = {}
    for node in reversed(nodes):
        found.append(coming)
        if node.value:
            coming = {**coming, node.family[:1]: node.value}
    found.reverse()
    return found


def _is_title(words: str) -> bool:
    """Whether an item's words only name a topic: short, no verb, no end mark."""
    if _open_end.search(words):
        return False
    if words[-1:] in ":：":
        return len(words) < 130 and not _sentence.search(words)
    return len(words) < 80 and words[-1:] not in ".;" and not _sentence.search(words) and words.count(" ") < 8


def _rank(words: str, following: Node | None) -> int:
    """The rank of a heading line: 1 for capitals, 2 for a title, 0 for what is none."""
    if following is None or is_note(words) or len(words) > 160:
        return 0
    ends = words[-1] in ":："
    leads = ends or not following.plain
    if leads and words.isupper() and len(words) > 3:
        return 1
    if words[0] in "[【<>" and words[-1] in "]】<>:" and len(words) < 60:
        return 2
    if leads and _label.match(words) and words.count(" ") < 16:
        return 0 if _leads_on.search(words) else 2
    return 2 if leads and _is_title(words) else 0
