"""Lists that a page builder printed more than once: found, removed, and read for the structure they betray.

Patterns: a run followed by itself (printed twice, or again when the walk leaves it), a run followed by itself backwards (single-child
chains walked in and out), a parent that holds the text of all its children. Statements count as equal only when they agree in every
character but white space, case and end marks, stand in the same column and carry the same number; so look-alikes are never touched.
A repeat also tells where the children of a stem end: they are moved one step to the right.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from extractor.criteria.outline.lead_ins import ends_in_link, is_stem
from extractor.criteria.outline.nodes import Node

_MARKS = ";；,，.。:：、!"
_ENDS = ".;:!?。；："
_bare = dict.fromkeys(map(ord, _MARKS + " \n\t\r\u00a0\u3000"))
_HEAD = 20  # characters of a statement's beginning: a cheap first test whether two can be equal
_MOST = 2000  # items, far above any trial's: a longer list is no list of criteria, and comparing it costs too much


@dataclass(slots=True)
class Repair:
    """What is left of a list, and what was removed, by pattern."""

    nodes: list[Node]
    removed: dict[str, list[Node]] = field(default_factory=dict)
    emptied: list[Node] = field(default_factory=list)


def fold_statement(raw: str) -> str:
    """A statement as it is compared: no white space, no case, no end marks.

    >>> fold_statement("≤ 2 × ULN;") == fold_statement("≤2 ×⏎ULN".replace("⏎", chr(10)))
    True
    """
    return "".join(raw.split()).rstrip(_MARKS).casefold()


def repair_list(text: str, nodes: list[Node]) -> Repair:
    """The list with each statement once, in its first order; children that a repeat betrays stand deeper."""
    repair = Repair(nodes)
    if any(start >= end for node in nodes for start, end in node.ranges):
        _join_emptied(text, repair)
    if len(repair.nodes) < 3 or len(repair.nodes) > _MOST:
        _join_unfinished(text, repair)
        return repair
    bounds = [node.ranges[0] for node in repair.nodes]
    heads = [text[start : min(end, start + _HEAD)].rstrip(_MARKS) for start, end in bounds]
    if len(set(heads)) < len(heads):
        _Repeats(text, repair).remove()
    if any(head and text.find(head, start + 1, end) > 0 for (start, end), head in zip(bounds, heads[1:], strict=False)):
        _remove_from_parents(text, repair)
    _join_unfinished(text, repair)
    return repair


class _Repeats:
    """The runs of a list that are printed again."""

    def __init__(self, text: str, repair: Repair) -> None:
        self.text = text
        self.repair = repair
        self.keys: list[Hashable] = [(fold_statement(text[node.start : node.end]), node.indent, node.value) for node in repair.nodes]

    def remove(self) -> None:
        """Shortest runs first, so that a walk that repeats every level is unwound from the inside."""
        for _ in range(len(self.keys)):
            found = self._tandem()
            if found is None:
                break
            start, length = found
            end = start + length
            while self.keys[end : end + length] == self.keys[start : start + length]:
                end += length
            self._cut(start + length, end, "printed twice")
            self._indent(start, start + length)
        for _ in range(len(self.keys)):
            mirror = self._mirror()
            if mirror is None:
                break
            centre, arm = mirror
            self._cut(centre + 1, centre + arm + 1, "printed again backwards")
            self._indent(centre - arm, centre + 1)

    def _tandem(self) -> tuple[int, int] | None:
        """Start and length of the shortest run that stands twice in a row."""
        last: dict[Hashable, int] = {}
        distances: dict[int, list[int]] = {}
        for place, key in enumerate(self.keys):
            if key in last:
                distances.setdefault(place - last[key], []).append(last[key])
            last[key] = place
        for length in sorted(distances):
            start = _run_of(distances[length], length)
            if start is not None:
                return start, length
        return None

    def _mirror(self) -> tuple[int, int] | None:
        """Centre and arm of a run that is followed by itself backwards."""
        keys = self.keys
        for centre in range(1, len(keys) - 1):
            arm = 0
            while centre - arm > 0 and centre + arm + 1 < len(keys) and keys[centre - arm - 1] == keys[centre + arm + 1]:
                arm += 1
            if arm and self._is_echo(centre, arm):
                return centre, arm
        return None

    def _is_echo(self, centre: int, arm: int) -> bool:
        """A short mirror may be chance: it counts only under a stem; headings never stand in one."""
        nodes = self.repair.nodes
        run = nodes[centre - arm : centre + arm + 1]
        if any(node.plain for node in run) or any(node.indent != run[0].indent for node in run):
            return False
        before = nodes[centre - arm - 1] if centre > arm else None
        return arm > 1 or (before is not None and self._announces(before, run[0]))

    def _announces(self, stem: Node, child: Node) -> bool:
        """Whether an item leads to the next: by its words, or because it alone has no end mark."""
        words = self.text[stem.start : stem.end]
        return is_stem(words) or (not stem.plain and words[-1] not in _ENDS and self._is_finished(child))

    def _is_finished(self, node: Node) -> bool:
        return self.text[node.end - 1] in _ENDS or ends_in_link(self.text[node.end - 8 : node.end])

    def _cut(self, start: int, end: int, pattern: str) -> None:
        self.repair.removed.setdefault(pattern, []).extend(self.repair.nodes[start:end])
        del self.repair.nodes[start:end]
        del self.keys[start:end]

    def _indent(self, start: int, end: int) -> None:
        """Move a run under the stem before it."""
        nodes = self.repair.nodes
        if start == 0 or nodes[start - 1].plain or nodes[start].plain:
            return
        stem = nodes[start - 1]
        tail = self.text[stem.start : stem.end].rstrip()
        if stem.indent != nodes[start].indent or tail[-1:] in ";；":
            return
        _shift(nodes[start:end], max(2, stem.content - stem.indent))
        joined = _join_back(self.text, nodes, start - 1)
        del nodes[start - joined : start]
        del self.keys[start - joined : start]


def _run_of(starts: list[int], length: int) -> int | None:
    """The first of `length` consecutive numbers in a rising list: a whole run equals the next one."""
    count = 0
    for place, start in enumerate(starts):
        count = count + 1 if place and start == starts[place - 1] + 1 else 1
        if count == length:
            return start - length + 1
    return None


def _shift(nodes: list[Node], columns: int) -> None:
    for node in nodes:
        node.indent += columns
        node.content += columns


# ---------------------------------------------------------------- stems that were cut into bullets


def _join_emptied(text: str, repair: Repair) -> None:
    """An empty bullet ends a stem whose lines became bullets; it is dropped."""
    kept: list[Node] = []
    for node in repair.nodes:
        if node.start < node.end:
            kept.append(node)
            continue
        repair.emptied.append(node)
        if kept:
            joined = _join_back(text, kept, len(kept) - 1)
            del kept[len(kept) - joined :]
    repair.nodes = kept


def _join_back(text: str, nodes: list[Node], last: int) -> int:
    """Join the pieces of a stem that ends at `last` onto its first piece; how many nodes that makes superfluous."""
    first = last
    while first > 0 and (_is_piece(text, nodes[first - 1], nodes[first]) or _is_full_piece(text, nodes, first - 1)):
        first -= 1
    for node in nodes[first + 1 : last + 1]:
        nodes[first].ranges.extend(node.ranges)
    return last - first


def _is_piece(text: str, piece: Node, following: Node) -> bool:
    """Whether a bullet is only the line before the next bullet: it has no end mark."""
    if not piece.bullet or piece.family != following.family or piece.indent != following.indent or piece.start >= piece.end:
        return False
    tail = text[piece.start : piece.end]
    return tail[-1] not in _ENDS and 30 <= len(tail) <= 130 and "\n" not in tail and not ends_in_link(tail)


def _is_full_piece(text: str, nodes: list[Node], place: int) -> bool:
    """Whether a sentence inside a cut stem ends at the end of a line: both lines are full, and the one before it goes on."""
    if _is_linked_piece(text, nodes[place], nodes[place + 1]):
        return True
    if place < 1 or not _is_piece(text, nodes[place - 1], nodes[place]):
        return False
    before, piece, following = (text[node.start : node.end] for node in nodes[place - 1 : place + 2])
    return (
        piece[-1] not in ";；"
        and not ends_in_link(piece)
        and abs(len(piece) - len(before)) < 14
        and len(piece) + 1 + len(following.split(None, 1)[0]) > len(before)
    )


def _is_linked_piece(text: str, piece: Node, following: Node) -> bool:
    """A line that breaks after "or" or "and": it is full, and the next goes on in lower case."""
    tail, head = text[piece.start : piece.end], text[following.start : following.end]
    return (
        piece.family == following.family
        and ends_in_link(tail)
        and tail[-1].isalpha()
        and head[:1].islower()
        and len(tail) >= 60
        and len(tail) + 1 + len(head.split(None, 1)[0]) > 72
    )


def _join_unfinished(text: str, repair: Repair) -> None:
    """In a list whose items all end in a mark, a bullet without one that goes on in lower case up to a stem is cut."""
    nodes = repair.nodes
    places = [
        n for n in range(1, len(nodes)) if nodes[n].bullet and text[nodes[n].start].islower() and nodes[n].family == nodes[n - 1].family
    ]
    places = [n for n in places if is_stem(text[nodes[n].start : nodes[n].end]) and _is_piece(text, nodes[n - 1], nodes[n])]
    if not places:
        return
    bullets = [node for node in nodes if node.bullet]
    unfinished = sum(text[node.end - 1] not in _ENDS and not ends_in_link(text[node.end - 8 : node.end]) for node in bullets)
    if len(bullets) < 4 or unfinished * 3 > len(bullets):
        return
    for place in reversed(places):
        joined = _join_back(text, nodes, place)
        del nodes[place - joined + 1 : place + 1]


# ---------------------------------------------------------------- parents that hold the text of their children


def _remove_from_parents(text: str, repair: Repair) -> None:
    """Cut every parent back to its own words and move its children under it."""
    nodes = repair.nodes
    bare = [text[node.start : node.end].translate(_bare) for node in nodes]
    ends = list(range(1, len(nodes) + 1))
    for place in range(len(nodes) - 2, -1, -1):
        own, end = _children_of(bare, ends, place)
        if not end:
            continue
        stop = _unfold(text, nodes[place].start, own)
        if end - place < 3 and text[stop : stop + 1] not in ":：":
            continue
        ends[place] = end
        _shift(nodes[place + 1 : end], max(2, nodes[place].content - nodes[place].indent))
        repair.removed.setdefault("held in the text of their parent", []).extend(nodes[place + 1 : end])
        nodes[place].ranges = [(nodes[place].start, stop)]


def _children_of(bare: list[str], ends: list[int], place: int) -> tuple[int, int]:
    """Length of the parent's own words and the place after its last child; (0, 0) where it is no parent."""
    whole, first = bare[place], bare[place + 1]
    at = whole.find(first, 1) if len(first) > 2 else -1
    for _ in range(4):
        if at < 1:
            break
        end = _consume(at, bare, ends, place)
        if end:
            return at, end
        at = whole.find(first, at + 1)
    return 0, 0


def _consume(at: int, bare: list[str], ends: list[int], parent: int) -> int:
    """Follow the children through the parent's text: the place after the last one if the text ends with it, else 0."""
    whole, place = bare[parent], parent + 1
    while place < len(bare) and bare[place] and whole.startswith(bare[place], at):
        at += len(bare[place])
        place = ends[place]
        if at == len(whole):
            return place
    return 0


def _unfold(text: str, start: int, length: int) -> int:
    """Where in the text the first `length` characters from `start`, marks and blanks not counted, end."""
    at = start
    while length:
        length -= ord(text[at]) not in _bare
        at += 1
    return at
