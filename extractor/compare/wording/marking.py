"""Where two texts differ, word by word: for readers who want to see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from extractor.compare.wording.words import WordToken, split_tokens

MOST_EDITS = 400  # beyond so many, marking single words helps nobody; it also bounds the work for hostile texts
SHORT = 2  # words: what stays the same between two changes for so short a stretch is marked with them


class MarkedText(NamedTuple):
    """A stretch of a text, and whether the other text lacks it."""

    text: str
    changed: bool


Blocks = list[tuple[int, int, int]]


def mark(old: str, new: str) -> tuple[list[MarkedText], list[MarkedText]]:
    """Both texts in pieces, with what differs marked.

    >>> mark("age ≥ 18 years", "age ≥ 21 years")[1]
    [MarkedText(text='age ≥ ', changed=False), MarkedText(text='21', changed=True), MarkedText(text=' years', changed=False)]
    """
    one, two = split_tokens(old), split_tokens(new)
    blocks = _without_islands(common_blocks([token.text for token in one], [token.text for token in two]))
    return _pieces(old, one, [(i, n) for i, _, n in blocks]), _pieces(new, two, [(j, n) for _, j, n in blocks])


def _without_islands(blocks: Blocks) -> Blocks:
    """Blocks without the short ones between two changes, which make a text hard to read."""
    last = len(blocks) - 1
    return [block for at, block in enumerate(blocks) if block[2] > SHORT or at in (0, last)]


def _pieces(text: str, tokens: tuple[WordToken, ...], kept: list[tuple[int, int]]) -> list[MarkedText]:
    pieces: list[MarkedText] = []
    at = 0
    for first, count in kept:
        if count:
            start, end = tokens[first].start, tokens[first + count - 1].end
            pieces += [*_gap(text[at:start]), MarkedText(text[start:end], changed=False)]
            at = end
    return _joined([*pieces, *_gap(text[at:])])


def _gap(text: str) -> list[MarkedText]:
    """What stands between two stretches that stayed: its words are marked, the white space around them is not."""
    words = text.strip()
    lead = len(text) - len(text.lstrip())
    return [MarkedText(text[:lead], changed=False), MarkedText(words, changed=True), MarkedText(text[lead + len(words) :], changed=False)]


def _joined(pieces: list[MarkedText]) -> list[MarkedText]:
    joined: list[MarkedText] = []
    for piece in pieces:
        if not piece.text:
            continue
        if joined and joined[-1].changed == piece.changed:
            joined[-1] = MarkedText(joined[-1].text + piece.text, piece.changed)
        else:
            joined.append(piece)
    return joined


def common_blocks(old: Sequence[str], new: Sequence[str]) -> Blocks:
    """The stretches that both sequences have in one order: (place in the old, place in the new, length).

    What is alike at both ends is set aside first; between, the shortest edit is searched as Myers (1986) does, within MOST_EDITS.

    >>> common_blocks("abcxdef", "abcydef")
    [(0, 0, 3), (4, 4, 3)]
    """
    head = _common_length(old, new)
    tail = _common_length(old[head:][::-1], new[head:][::-1])
    inner = _myers(old[head : len(old) - tail], new[head : len(new) - tail])
    blocks = [(0, 0, head)] if head else []
    blocks += [(i + head, j + head, n) for i, j, n in inner]
    return [*blocks, (len(old) - tail, len(new) - tail, tail)] if tail else blocks


def _common_length(old: Sequence[str], new: Sequence[str], i: int = 0, j: int = 0) -> int:
    """How many items both have alike from these places on."""
    count = 0
    most = min(len(old) - i, len(new) - j)
    while count < most and old[i + count] == new[j + count]:
        count += 1
    return count


def _myers(old: Sequence[str], new: Sequence[str]) -> Blocks:
    """The blocks of the shortest edit; none where it would take more than MOST_EDITS edits."""
    reach = {1: 0}  # diagonal → how far the old sequence is used up on it
    trail: list[dict[int, int]] = []
    for edits in range(min(len(old) + len(new), MOST_EDITS) + 1):
        trail.append(dict(reach))
        for diagonal in range(-edits, edits + 1, 2):
            start = _step(reach, diagonal)[1]
            i = start + _common_length(old, new, start, start - diagonal)
            reach[diagonal] = i
            if (i, i - diagonal) == (len(old), len(new)):
                return _walk_back(trail, len(old), len(new))
    return []


def _step(reach: dict[int, int], diagonal: int) -> tuple[int, int]:
    """(diagonal that an edit comes from, how far the old sequence is used up after it): an insertion, or a deletion that reaches further."""
    deletion, insertion = reach.get(diagonal - 1, -1), reach.get(diagonal + 1, -1)
    return (diagonal + 1, insertion) if deletion < insertion else (diagonal - 1, deletion + 1)


def _walk_back(trail: list[dict[int, int]], i: int, j: int) -> Blocks:
    blocks: Blocks = []
    for edits, reach in reversed(list(enumerate(trail))):
        diagonal = i - j
        before, start = _step(reach, diagonal)
        if i > start:
            blocks.append((start, start - diagonal, i - start))
        i = reach[before] if edits else 0
        j = i - before
    return blocks[::-1]
