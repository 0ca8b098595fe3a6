"""Columns of a list that one item alone leaves: a bullet typed further left than all others may be their sister and not their parent."""

from __future__ import annotations

from extractor.criteria.outline.lead_ins import is_stem
from extractor.criteria.outline.nodes import Node

_MOST_COLUMNS = 3  # a slip of typing; who means a level indents what stands below it by no less on purpose, and announces it
_FEWEST = 4  # bullets from which on one of them can be an exception
_ENDS = frozenset(".。;；")


def find_slip(text: str, nodes: list[Node]) -> Node | None:
    """The one bullet of a list that stands a little further left than all others and announces nothing: it may be their sister.

    It must end like a sentence: what only names a topic ("Medical conditions") may well be a parent.
    """
    bullets = [node for node in nodes if node.bullet]
    if len(bullets) < _FEWEST or len(bullets) < sum(not node.plain for node in nodes):
        return None
    left, second, *_ = sorted(bullets, key=_column_of)
    slipped = 0 < second.indent - left.indent <= _MOST_COLUMNS and left.family == second.family
    return left if slipped and _is_told(text, left) else None


def _is_told(text: str, node: Node) -> bool:
    return node.start < node.end and text[node.end - 1] in _ENDS and not is_stem(text[node.start : node.end])


def _column_of(node: Node) -> int:
    return node.indent
