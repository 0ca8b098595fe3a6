"""One text to two lists of nodes: sections, items, repeats, tree, and what the words of stems add."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from extractor.criteria.outline.combination import read_combine
from extractor.criteria.outline.enumerators import Marker, find_inline
from extractor.criteria.outline.headings import EXCLUSION, INCLUSION, WITHDRAWAL, opens_exclusion, opens_inclusion
from extractor.criteria.outline.items import Layout, build_items, find_layout, recount
from extractor.criteria.outline.lead_ins import ends_in_colon, is_generic, is_note, is_stem
from extractor.criteria.outline.levels import assign_levels, find_widths, infer_levels
from extractor.criteria.outline.lines import split_lines, unfold_lines
from extractor.criteria.outline.nesting import Builder
from extractor.criteria.outline.nodes import Node, Range
from extractor.criteria.outline.numbered_tables import find_twins, read_rows
from extractor.criteria.outline.repeats import fold_statement, repair_list
from extractor.criteria.outline.run_ons import STRONG, split_bullets
from extractor.criteria.outline.sections import Section, split_sections
from extractor.criteria.outline.staircases import straighten
from extractor.criteria.outline.words import words_of

_part = re.compile(
    r"(?:Part|Phase|Cohort|Arm|Group|Stage|Stratum|Sub-?study|Aim)\b[^.:<>≥≤]{0,40}$|[^:：<>≥≤。；]{0,8}(?:组|队列)$", re.IGNORECASE
)
_NOTE_STARTS = frozenset("NnOo*注备说†‡")


@dataclass(slots=True)
class Outline:
    """The lists of one text, and what stands in neither: headings, preambles, removed repeats."""

    inclusion: list[Node] = field(default_factory=list)
    exclusion: list[Node] = field(default_factory=list)
    headings: list[Range] = field(default_factory=list)
    withdrawal: list[Range] = field(default_factory=list)
    blocks: dict[str, list[Range]] = field(default_factory=dict)
    removed: list[tuple[str, str, list[Node]]] = field(default_factory=list)
    repeated: bool = False
    widths: tuple[int, ...] = ()
    candidates: list[tuple[int, Marker]] = field(default_factory=list)
    seen: set[tuple[str, ...]] = field(default_factory=set)

    def side(self, side: str) -> list[Node]:
        """The list of one side."""
        return self.exclusion if side == EXCLUSION else self.inclusion


def read_outline(text: str, side: str = INCLUSION, *, titled: bool = True) -> Outline:
    """The outline of a text; what stands before any heading belongs to `side`. Headings are looked for where it is `titled`."""
    text = unfold_lines(text)
    lines = split_lines(text)
    layout = find_layout(text, lines)
    lost = layout.flat and layout.width and not layout.gapped
    outline = Outline(candidates=find_inline(text), widths=find_widths(lines) if lost else ())
    sections = split_sections(text, lines, side) if titled else [Section(side, lines=lines)]
    sections = _without_title(text, sections, outline)
    outline.repeated = len({section.side for section in sections}) < len(sections)
    explicit = any(section.side == EXCLUSION for section in sections)
    for section in sections:
        if _keep_rows(text, outline, section):
            continue
        nodes = build_items(text, recount(text, section.lines), layout)
        nodes = _split_runs(text, section, nodes)
        for number, (part_side, part) in enumerate(_split_sentences(text, section.side, nodes, explicit=explicit)):
            _read_part(text, outline, (Section(part_side) if number else section, part_side, part), layout)
    return outline


def _keep_rows(text: str, outline: Outline, section: Section) -> bool:
    """Whether the items of a section are the rows of a table; a row that is printed twice is kept once."""
    twins = find_twins(text, section.lines)
    rows = read_rows(text, [line for line in section.lines if line not in twins], outline.candidates)
    if not rows:
        return False
    if twins:
        outline.removed.append((section.side, "row printed twice", [Node([(line.start, line.end)], line.mark) for line in twins]))
    if section.heading:
        outline.headings.append(section.heading)
    outline.blocks.setdefault(section.side, []).extend((line.mark, line.end) for line in section.lines)
    for node in rows:
        _finish(text, node)
    outline.side(section.side).extend(rows)
    return True


def _split_runs(text: str, section: Section, nodes: list[Node]) -> list[Node]:
    """The items with those apart that run on in one line: after a heading on the same line, in a lone paragraph, or behind a "•"."""
    if not nodes or not nodes[0].bullet:
        return nodes
    first = nodes[0]
    runs_on = section.heading is not None and "\n" not in text[section.heading[1] : first.start]
    if runs_on or (len(nodes) == 1 and text.count(f" {first.family[1:]} ", first.start, first.end) > 1):
        nodes[:1] = split_bullets(text, nodes[0])
    if not any(node.family in STRONG and text.find(node.family[1:], node.start, node.end) > 0 for node in nodes):
        return nodes
    return [piece for node in nodes for piece in (split_bullets(text, node) if node.family in STRONG else [node])]


def _without_title(text: str, sections: list[Section], outline: Outline) -> list[Section]:
    """A lone short line above the first heading ("Key Requirements") is a title of the whole."""
    first = sections[0] if sections else None
    if first is None or first.heading or len(sections) < 2 or len(first.lines) != 1:
        return sections
    line = first.lines[0]
    if line.marker or line.length > 40 or text[line.end - 1] in ".;" or any(c.isdigit() for c in text[line.start : line.end]):
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


def _read_part(text: str, outline: Outline, part: tuple[Section, str, list[Node]], layout: Layout) -> None:
    section, side, nodes = part
    outline.headings.extend([section.heading] if section.heading else [])
    if side == WITHDRAWAL:
        outline.withdrawal.extend([section.heading] if section.heading else [])
        return
    label = section.label or section.group
    outline.blocks.setdefault(side, []).extend([*([label] if label else []), *((node.mark, node.end) for node in nodes)])
    repair = repair_list(text, nodes)
    if _is_repeat(text, outline, (section, side, repair.nodes)):
        return
    outline.removed.extend((side, pattern, removed) for pattern, removed in repair.removed.items())
    tree = _grow(text, repair.nodes, layout, outline)
    if label and (tree or section.group):
        tree = [Node([label], label[0], role="HEADING", children=tree)]
    outline.side(side).extend(tree)


def _grow(text: str, nodes: list[Node], layout: Layout, outline: Outline) -> list[Node]:
    """The tree of a list whose repeats are gone."""
    if outline.widths and assign_levels(text, nodes, outline.widths):
        layout = layout._replace(flat=False)
    elif layout.flat and len({node.indent for node in nodes if not node.plain}) == 1:
        infer_levels(text, nodes)
    if _is_plain_list(text, nodes, outline.candidates):
        tree = _without_preamble(text, nodes)
    else:
        tree = straighten(text, _without_preamble(text, Builder(text, layout, outline.candidates).build(nodes)))
    for node in tree:
        _finish(text, node)
    return _spoken(text, tree)


def _is_plain_list(text: str, nodes: list[Node], candidates: list[tuple[int, Marker]]) -> bool:
    """Whether a list is a tree already: one kind of marker at one column, no stem, nothing that runs on. Most lists are."""
    if not nodes or nodes[0].plain:
        return False
    first = nodes[0]
    for place, node in enumerate(nodes):
        counted = not node.value or node.value == first.value + place
        if node.family != first.family or node.indent != first.indent or node.doubled or not counted:
            return False
        start, end = node.ranges[0]
        if is_stem(text[start:end]) or bisect_left(candidates, (start,)) != bisect_left(candidates, (end,)):
            return False
    return True


def _spoken(text: str, nodes: list[Node]) -> list[Node]:
    """The nodes that have words; below one without, its children stand in its place."""
    spoken: list[Node] = []
    for node in nodes:
        node.children = _spoken(text, node.children) if node.children else node.children
        spoken.extend([node] if words_of(text, node) else node.children)
    return spoken


def _is_repeat(text: str, outline: Outline, part: tuple[Section, str, list[Node]]) -> bool:
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


def _without_preamble(text: str, tree: list[Node]) -> list[Node]:
    """A sentence that only leads into the section is no item."""
    if not tree or not (tree[0].plain or tree[0].bullet):
        return tree
    words = " ".join(text[tree[0].start : tree[0].end].split())
    if not is_generic(words) or (len(tree) == 1 and not tree[0].children and not ends_in_colon(words)):
        return tree
    return tree[0].children + tree[1:]


def _finish(text: str, node: Node) -> None:
    if not node.plain and text[node.start : node.start + 1] in _NOTE_STARTS and is_note(text[node.start : node.end]):
        node.role = "NOTE"
    if not node.children:
        return
    for child in node.children:
        _finish(text, child)
    if _part.match(words_of(text, node)):
        node.role = "HEADING"
    if node.role == "CRITERION":
        node.combine, node.at_least = read_combine(words_of(text, node), (text[child.start : child.end] for child in node.children))
