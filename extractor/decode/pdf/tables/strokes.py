"""Horizontal rules of a page as strokes: pieces that touch are one, and where pieces meet a table's columns do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from extractor.decode.pdf.drawings import Rule
from extractor.decode.pdf.tolerances import PIECES_TOUCH, SAME_ENDS, SAME_RULE, SHORTEST_STROKE


class Stroke(NamedTuple):
    """A horizontal line: its height, its ends, and the places where the pieces it was drawn in meet."""

    top: float
    left: float
    right: float
    joints: tuple[float, ...] = ()

    def matches(self, other: Stroke) -> bool:
        """Whether both begin and end at the same places, as the rules of one table do."""
        return abs(self.left - other.left) < SAME_ENDS and abs(self.right - other.right) < SAME_ENDS

    def lies_in(self, left: float, right: float) -> bool:
        """Whether the line stays between two places."""
        return self.left > left - SAME_ENDS and self.right < right + SAME_ENDS

    def reaches(self, left: float, right: float) -> bool:
        """Whether the line runs from one place to the other, or beyond."""
        return self.left < left + SAME_ENDS and self.right > right - SAME_ENDS

    def covers(self, left: float, right: float) -> bool:
        """Whether the line runs over most of a strip."""
        return min(self.right, right) - max(self.left, left) > 0.5 * (right - left)


def join_strokes(rules: Iterable[Rule]) -> list[Stroke]:
    """The horizontal rules from top to bottom, each joined from its pieces; dotted ones too."""
    level = sorted((rule for rule in rules if rule.top == rule.bottom), key=lambda rule: rule.top)
    strokes: list[Stroke] = []
    start = 0
    for end in range(1, len(level) + 1):
        if end == len(level) or level[end].top - level[start].top > SAME_RULE:
            strokes += _joined(sorted(level[start:end], key=lambda rule: (rule.left, rule.right)))
            start = end
    return [stroke for stroke in strokes if stroke.right - stroke.left >= SHORTEST_STROKE]


def _joined(pieces: list[Rule]) -> Iterator[Stroke]:
    """Pieces on one height, from left to right, as strokes."""
    top, left, right = pieces[0].top, pieces[0].left, pieces[0].right
    joints: tuple[float, ...] = ()
    for piece in pieces[1:]:
        if piece.left > right + PIECES_TOUCH:
            yield Stroke(top, left, right, joints)
            top, left, right, joints = piece.top, piece.left, piece.right, ()
            continue
        if abs(piece.left - right) < SAME_RULE and piece.right - piece.left >= SHORTEST_STROKE:
            joints = (*joints, piece.left)
        right = max(right, piece.right)
    yield Stroke(top, left, right, joints)
