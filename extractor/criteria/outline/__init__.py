"""One text to two lists of nodes: sections, items, repeats, tree, and what the words of stems add."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from operator import itemgetter

from extractor.criteria.outline.choice import STRONG_SIGN, choose_tree
from extractor.criteria.outline.combination import bounds_above, read_combine
from extractor.criteria.outline.enumerators import Marker, find_inline
from extractor.criteria.outline.headings import (
    EXCLUSION,
    INCLUSION,
    PROSE,
    WITHDRAWAL,
    bars_below,
    opens_exclusion,
    opens_inclusion,
    turns_round,
)
from extractor.criteria.outline.items import build_items, recount
from extractor.criteria.outline.layout import Layout, find_layout
from extractor.criteria.outline.lead_ins import ends_in_colon, is_generic, is_note, is_stem
from extractor.criteria.outline.lines import split_lines
from extractor.criteria.outline.lost_bullets import find_lost_bullets, mark_lost_bullets
from extractor.criteria.outline.nodes import Node, Range, Unsure
from extractor.criteria.outline.numbered_tables import read_rows
from extractor.criteria.outline.repeats import fold_statement, repair_list
from extractor.criteria.outline.sections import ListSection, split_sections
from extractor.criteria.outline.words import words_of
from extractor.patterns import lazy_pattern

_part = lazy_pattern(
    r"(?:Part|Phase|Cohort|Arm|Group|Stage|Stratum|Sub-?study|Aim)\b[^.:<>≥≤]{0,40}$|[^:：<>≥≤。；]{0,8}(?:(?<!入)组|队列)$", re.IGNORECASE
)
_counts = lazy_pattern(r"\b(?:following|below)\b|\bof\s*[:)]|以下|下列|之一|[项条]", re.IGNORECASE)
_NOTE_STARTS = frozenset("NnOo*注备说†‡")
SectionPart = tuple[ListSection, str, list[Node]]
"""A section, or what a sentence opens in it: the section, the side, its items."""
ListSetting = tuple[Layout, str]
"""The layout of a text, and the side on which a list of it stands."""


@dataclass(slots=True)
class Outline:
    """The lists of one text, and what stands in neither: headings, preambles, removed repeats; `moved` are items that went to the exclusion list."""

    inclusion: list[Node] = field(default_factory=list)
    exclusion: list[Node] = field(default_factory=list)
    headings: list[Range] = field(default_factory=list)
    exclusion_headings: list[Range] = field(default_factory=list)
    withdrawal: list[Range] = field(default_factory=list)
    prose: list[Range] = field(default_factory=list)
    unsure: list[Unsure] = field(default_factory=list)
    moved: list[Range] = field(default_factory=list)
    blocks: dict[str, list[Range]] = field(default_factory=dict)
    removed: list[tuple[str, str, list[Node]]] = field(default_factory=list)
    repeated: bool = False
    explicit: bool = False
    candidates: list[tuple[int, Marker]] = field(default_factory=list)
    seen: set[tuple[str, ...]] = field(default_factory=set)

    def side(self, side: str) -> list[Node]:
        """The list of one side."""
        return self.exclusion if side == EXCLUSION else self.inclusion


def read_outline(text: str, side: str = INCLUSION, *, titled: bool = True) -> Outline:
    """The outline of a text; what stands before any heading belongs to `side`. Headings are looked for where it is `titled`."""
    lines = split_lines(text)
    lost = find_lost_bullets(text, lines)
    lines = mark_lost_bullets(text, lines, lost) if lost else lines
    layout = find_layout(text, lines)
    outline = Outline(candidates=sorted([*find_inline(text), *lost], key=itemgetter(0)) if lost else find_inline(text))
    sections = split_sections(text, lines, side) if titled else [ListSection(side, lines=lines)]
    sections = _without_title(text, sections, outline)
    outline.repeated = len({section.side for section in sections}) < len(sections)
    outline.explicit = any(section.side == EXCLUSION for section in sections)
    for section in sections:
        rows, repeated = read_rows(text, section.lines, outline.candidates)
        if rows:
            _keep_rows(text, outline, section, rows)
            outline.removed.extend([(section.side, "rows printed twice", repeated)] if repeated else [])
            continue
        nodes = build_items(text, recount(text, section.lines), layout)
        for number, (part_side, part) in enumerate(_split_sentences(text, section.side, nodes, explicit=outline.explicit)):
            _read_part(text, outline, (ListSection(part_side) if number else section, part_side, part), layout)
    return outline


def _keep_rows(text: str, outline: Outline, section: ListSection, rows: list[Node]) -> None:
    """A section whose items are the rows of a table."""
    if section.heading:
        outline.headings.append(section.heading)
    outline.blocks.setdefault(section.side, []).extend((line.mark, line.end) for line in section.lines)
    outline.side(section.side).extend(_finish(text, _without_shell(text, node)) for node in rows)


def _without_shell(text: str, row: Node) -> Node:
    """A row whose only words have a number of their own ("1 1.若…") as one item, under the number of the row."""
    while len(row.children) == 1 and not words_of(text, row):
        [only] = row.children
        only.number, row = row.number or only.number, only
    return row


def _without_title(text: str, sections: list[ListSection], outline: Outline) -> list[ListSection]:
    """A lone short line above the first heading ("Key Requirements") is a title of the whole."""
    first = sections[0] if sections else None
    if first is None or first.heading or len(sections) < 2 or len(first.lines) != 1:
        return sections
    line = first.lines[0]
    if line.marker or line.length > 40 or text[line.end - 1] in ".;。；" or any(c.isdigit() for c in text[line.start : line.end]):
        return sections
    outline.headings.append((line.mark, line.end))
    return sections[1:]


def _split_sentences(text: str, side: str, nodes: list[Node], *, explicit: bool) -> list[tuple[str, list[Node]]]:
    """Where no heading says so, a sentence may open the exclusion list."""
    if explicit or side != INCLUSION:
        return [(side, nodes)]
    at = next((n for n, node in enumerate(nodes) if node.plain and opens_exclusion(text[node.start : node.end])), None)
    if at is None:
        return [(side, nodes)]
    back = next(
        (n for n in range(at + 1, len(nodes)) if nodes[n].plain and opens_inclusion(text[nodes[n].start : nodes[n].end])), len(nodes)
    )
    return [part for part in ((side, nodes[:at]), (EXCLUSION, nodes[at:back]), (side, nodes[back:])) if part[1]]


def _read_part(text: str, outline: Outline, part: SectionPart, layout: Layout) -> None:
    section, side, nodes = part
    heading = [section.heading] if section.heading else []
    outline.headings.extend(heading)
    if side == PROSE:
        outline.prose.extend([*heading, *((node.mark, node.end) for node in nodes)])
        return
    if side == WITHDRAWAL:
        outline.withdrawal.extend(heading)
        return
    if side == EXCLUSION:
        outline.exclusion_headings.extend(heading)
    label = section.label or section.group
    outline.blocks.setdefault(side, []).extend([*([label] if label else []), *((node.mark, node.end) for node in nodes)])
    repair = repair_list(text, nodes)
    if _is_repeat(text, outline, (section, side, repair.nodes)):
        return
    outline.removed.extend((side, pattern, removed) for pattern, removed in repair.removed.items())
    runs_on = section.heading is not None and bool(nodes) and "\n" not in text[section.heading[1] : nodes[0].start]
    tree = _grow(text, repair.nodes, (layout, side), outline, runs_on=runs_on)
    tree = _set_barred_apart(text, outline, side, tree)
    outline.side(side).extend(_below_heading(text, section, side, tree))


def _set_barred_apart(text: str, outline: Outline, side: str, tree: list[Node]) -> list[Node]:
    """The items of a list; among inclusion criteria, one whose words say that those below it are excluded goes to the exclusion list, where no heading opens any."""
    if side == EXCLUSION or outline.explicit:
        return tree
    barred = [node for node in filter(_has_children, tree) if bars_below(words_of(text, node))]
    if not barred or (outline.headings and len(barred) == len(tree)):  # a list of nothing else contradicts its heading: a finding says so
        return tree
    outline.exclusion.extend(barred)
    if outline.headings:
        outline.moved.extend((node.start, node.end) for node in barred)
    reaches = [(node.mark, _end_of(node)) for node in barred]
    blocks = outline.blocks[INCLUSION]
    apart = [block for block in blocks if any(start <= block[0] < end for start, end in reaches)]
    outline.blocks[INCLUSION] = [block for block in blocks if block not in apart]
    outline.blocks.setdefault(EXCLUSION, []).extend(apart)
    return [node for node in tree if node not in barred]


def _has_children(node: Node) -> bool:
    return bool(node.children)


def _end_of(node: Node) -> int:
    """Where the words of an item and of all below it end."""
    while node.children:
        node = node.children[-1]
    return node.end


def _below_heading(text: str, section: ListSection, side: str, tree: list[Node]) -> list[Node]:
    """The tree of a section, below its heading where that says more than the side: a scope, or how many items must be met."""
    if not tree and not section.group:
        return tree
    label = section.label or section.group
    if section.heading and _tells_count(text[slice(*section.heading)], side):
        return [_finish(text, Node([section.heading], section.heading[0], children=tree))]
    return [Node([label], label[0], role="HEADING", children=tree)] if label else tree


def _tells_count(heading: str, side: str) -> bool:
    """Whether the heading of a section says how many of its items must be met, and not as its side says: "Inclusion (any of the following)"."""
    return _counts.search(heading) is not None and _says_otherwise(heading, side)


def _grow(text: str, nodes: list[Node], around: ListSetting, outline: Outline, *, runs_on: bool) -> list[Node]:
    """The tree of a list whose repeats are gone; `around` is the layout of its text and its side."""
    layout, side = around
    if _is_plain_list(text, nodes, outline.candidates):
        tree = _without_preamble(text, nodes, side)
    else:
        tree = _without_preamble(text, choose_tree(text, nodes, outline.candidates, layout, runs_on=runs_on), side)
    outline.prose.extend((node.mark, node.end) for node in tree if node.role == "PROSE")
    outline.unsure.extend(node.unsure for node in tree if node.role == "PROSE" and node.unsure)
    tree = [node for node in tree if node.role != "PROSE"]
    for node in tree:
        _finish(text, node)
    return _spoken(text, tree)


def _is_plain_list(text: str, nodes: list[Node], candidates: list[tuple[int, Marker]]) -> bool:
    """Whether a list is a tree already: one kind of marker at one column, no stem, nothing that runs on. Most lists are."""
    if not nodes or nodes[0].plain:
        return False
    first, signs = nodes[0], None if text.isascii() else STRONG_SIGN
    for place, node in enumerate(nodes):
        counted = not node.value or node.value == first.value + place
        if node.family != first.family or node.indent != first.indent or node.doubled or not counted:
            return False
        start, end = node.ranges[0]
        if (
            is_stem(text[start:end])
            or text.find(" - ", start, end) > 0
            or text.find(" * ", start, end) > 0
            or bisect_left(candidates, (start,)) != bisect_left(candidates, (end,))
            or (signs is not None and signs.search(text, start, end))
        ):
            return False
    return True


def _spoken(text: str, nodes: list[Node]) -> list[Node]:
    """The nodes that have words; below one without, its children stand in its place."""
    spoken: list[Node] = []
    for node in nodes:
        node.children = _spoken(text, node.children) if node.children else node.children
        kept = [node] if words_of(text, node) else node.children
        if node.unsure and kept and not kept[0].unsure:
            kept[0].unsure = node.unsure
        spoken.extend(kept)
    return spoken


def _is_repeat(text: str, outline: Outline, part: SectionPart) -> bool:
    """Whether a section says, under the same heading, just what an earlier one said."""
    if not outline.repeated:
        return False
    section, side, nodes = part
    label = section.label or section.group
    items = nodes[1:] if len(nodes) > 2 and nodes[0].plain else nodes
    key = (side, fold_statement(text[slice(*label)]) if label else "", *(fold_statement(text[node.start : node.end]) for node in items))
    if nodes and key in outline.seen:
        outline.removed.append((side, "section printed twice", nodes))
        return True
    outline.seen.add(key)
    return False


def _says_otherwise(words: str, side: str) -> bool:
    """Whether words say that the items of a side mean or combine otherwise than they do by themselves: all include, any one excludes."""
    if turns_round(words, side) or bounds_above(words):
        return True
    combine, _ = read_combine(words, ())
    return combine not in ("", "ANY" if side == EXCLUSION else "ALL")


def _without_preamble(text: str, tree: list[Node], side: str) -> list[Node]:
    """A sentence that only leads into the section is no item, unless it says how the items combine: then they stand below it."""
    if not tree or not (tree[0].plain or tree[0].bullet) or (len(tree) > 1 and any(child.inline for child in tree[0].children[:1])):
        return tree
    words = " ".join(text[tree[0].start : tree[0].end].split())
    if not is_generic(words) or (len(tree) == 1 and not tree[0].children and not ends_in_colon(words)):
        return tree
    if _says_otherwise(words, side):
        if not tree[0].children and is_stem(words):
            tree[0].children, tree[1:] = tree[1:], []
        return tree
    return tree[0].children + tree[1:]


def _finish(text: str, node: Node) -> Node:
    """A node with its role and what its words say of its children."""
    if not node.plain and text[node.start : node.start + 1] in _NOTE_STARTS and is_note(text[node.start : node.end]):
        node.role = "NOTE"
    if not node.children:
        return node
    for child in node.children:
        _finish(text, child)
    if _part.match(words_of(text, node)):
        node.role = "HEADING"
    if node.role == "CRITERION":
        node.combine, node.at_least = read_combine(words_of(text, node), (text[child.start : child.end] for child in node.children))
    return node
