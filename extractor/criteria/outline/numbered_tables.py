"""Tables of criteria: in every row a number, a tab, and the lines of one criterion. The rows are the items, whatever their lines look like.

Copies of such pages also print the number on a line of its own, and some print every row twice.
"""

from __future__ import annotations

from extractor.criteria.outline.choice import choose_tree
from extractor.criteria.outline.enumerators import Marker
from extractor.criteria.outline.layout import Layout
from extractor.criteria.outline.lead_ins import ends_in_colon, is_note, is_stem
from extractor.criteria.outline.lines import OutlineLine
from extractor.criteria.outline.nodes import Node
from extractor.criteria.outline.repeats import fold_statement
from extractor.patterns import lazy_pattern

_number = lazy_pattern(r"(\d{1,2})(?:\t|\s*\Z)")
_lost_bullet = lazy_pattern(r"[？?]\s*(?=\S)")
_ENDS = frozenset(".;:!?。；：！？")
_ROW = Layout(0, gapped=False, flat=True)


def read_rows(text: str, lines: list[OutlineLine], candidates: list[tuple[int, Marker]]) -> tuple[list[Node], list[Node]]:
    r"""The items of a numbered table and the rows that it prints again; none where the lines are no such table: from row 1 on, at least two.

    Lines inside a row are parts of a lead-in, notes, the rest of the line before, else statements of their own. `candidates` are the
    enumerators of the text (`find_inline`).

    >>> from extractor.criteria.outline.lines import split_lines
    >>> text = "1\tage;\n2\tall of:\nALT normal;\nAST normal;\n3\tconsent"
    >>> rows, again = read_rows(text, split_lines(text), [])
    >>> [(node.number, len(node.children)) for node in rows]
    [('1', 0), ('2', 2), ('3', 0)]
    """
    starts = _find_starts(text, lines)
    if len({number for _, number in starts}) < 2 or starts[0] != (0, 1):
        return [], []
    nodes: list[Node] = []
    repeated: list[Node] = []
    last = (0, "")
    for (start, number), end in zip(starts, [*(start for start, _ in starts[1:]), len(lines)], strict=True):
        row = _read_row(text, lines[start:end], number)
        said = (number, fold_statement("".join(text[slice(*bounds)] for node in row for bounds in node.ranges)))
        if said == last:
            repeated += row
            continue
        if row[0].start >= row[0].end:  # numbers without words are no rows
            return [], []
        nodes += _with_children(text, row, candidates)
        last = said
    return nodes, repeated


def _find_starts(text: str, lines: list[OutlineLine]) -> list[tuple[int, int]]:
    """The places of the lines that count the rows from 1 on, with their numbers; a row may stand twice."""
    starts: list[tuple[int, int]] = []
    count = 0
    for place, line in enumerate(lines):
        found = _number.match(text, line.mark, line.end)
        if found and int(found[1]) in (count, count + 1) and found[1] != "0":
            count = int(found[1])
            starts.append((place, count))
    return starts


def _read_row(text: str, lines: list[OutlineLine], number: int) -> list[Node]:
    """The lines of one row as nodes, wrapped lines joined; the first bears the number."""
    first = lines[0]
    found = _number.match(text, first.mark, first.end)
    start = found.end() if found else first.start
    row = Node([(start, first.end)], first.mark, "row", number, str(number))
    nodes = [row]
    for line in lines[1:]:
        if row.start >= row.end:
            row.ranges = [(line.start if line.marker is None else line.mark, line.end)]
        elif _goes_on(text, nodes[-1], line):
            nodes[-1].extend(line.end)
        else:
            nodes.append(_read_line(text, line))
    return nodes


def _goes_on(text: str, node: Node, line: OutlineLine) -> bool:
    return (
        line.marker is None
        and text[node.end - 1] not in _ENDS
        and not is_note(text[line.start : line.end])
        and not is_stem(text[node.start : node.end])
    )


def _with_children(text: str, nodes: list[Node], candidates: list[tuple[int, Marker]]) -> list[Node]:
    """The criteria of one row."""
    words = text[nodes[0].start : nodes[0].end]
    row, *beside = choose_tree(text, nodes[:1], candidates, _ROW)
    row.children += beside
    inner = choose_tree(text, nodes[1:], candidates, _ROW) if nodes[1:] else []
    if inner and (ends_in_colon(words) or is_stem(words)):
        row.children += inner
        return [row]
    row.children += [node for node in inner if node.role == "NOTE"]
    return [row, *(node for node in inner if node.role != "NOTE")]


def _read_line(text: str, line: OutlineLine) -> Node:
    """A line inside a row; a question mark before its words is what became of a bullet."""
    marker = line.marker
    lost = _lost_bullet.match(text, line.start, line.end)
    if marker is None and lost:
        return Node([(lost.end(), line.end)], line.mark, "b？", indent=1, content=2)
    if marker is None:
        return Node([(line.start, line.end)], line.mark)
    return Node([(line.start, line.end)], line.mark, marker.family, marker.value, marker.number, line.indent, line.content)
