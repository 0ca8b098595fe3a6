"""Blocks of a printed page (PDF) made ready for the label reader: cells that share a line are cut apart, wrapped labels closed up."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from extractor.document import Block
from extractor.patterns import lazy_pattern
from extractor.sources.readers.table import LONGEST_LABEL, Labels
from extractor.text import fold_label

_colon = lazy_pattern(r"[:：]")
_listed = lazy_pattern(r"\s*[（(]?\d{1,2}\s*[.、．)）]\s*\D")  # an item of a list: its words are no labels
_start = lazy_pattern(r"(?:^|(?<=\s))\S")
REACH = 6  # blocks that may stand between two lines of one label: the value's own lines beside it


def prepare_print(blocks: list[Block], labels: Labels) -> list[Block]:
    """The blocks in the order that the label reader expects."""
    return close_up([part for block in blocks for part in cut_apart(block, labels)], labels)


def cut_apart(block: Block, labels: Labels) -> Iterator[Block]:
    """A line "value label：value" as two blocks: every known label of a group that stands behind a blank opens a block."""
    cuts = [0, *([] if _listed.match(block.text) else _inner_labels(block.text, labels)), len(block.text)]
    for start, end in pairwise(cuts):
        text = block.text[start:end].rstrip()
        if text.strip():
            span = block.span._replace(start=block.span.start + start, end=block.span.start + start + len(text))
            yield block._replace(text=text, span=span)


def _inner_labels(text: str, labels: Labels) -> list[int]:
    """Where labels begin inside a line, behind its first character."""
    found: list[int] = []
    for colon in _colon.finditer(text):
        last = found[-1] if found else 0
        starts = [m.start() for m in _start.finditer(text, last, colon.start())]
        start = next((s for s in starts if labels.knows(fold_label(text[s : colon.start()]))), last)
        if start > last:
            found.append(start)
    return found


def close_up(blocks: list[Block], labels: Labels) -> list[Block]:
    """Lines of one label side by side, where lines of the value stand between them."""
    done: list[Block] = []
    waiting = list(reversed(blocks))
    while waiting:
        block = waiting.pop()
        done.append(block)
        rest = _rest_of_label(block, waiting, labels) if block.span.box else []
        done += [waiting[number] for number in rest]
        for number in sorted(rest, reverse=True):
            del waiting[number]
    return done


def _rest_of_label(block: Block, waiting: list[Block], labels: Labels) -> list[int]:
    """Positions (from the end of `waiting`) of the lines that complete a label, when others stand between them."""
    folded = fold_label(block.text)
    if labels.knows(folded) or not labels.begins(folded):
        return []
    taken: list[int] = []
    for number in range(len(waiting) - 1, max(-1, len(waiting) - 1 - REACH - LONGEST_LABEL), -1):
        following = waiting[number]
        if following.span.page > block.span.page + 1 or not _same_column(block, following):
            continue
        longer = folded + fold_label(following.text)
        if not labels.begins(longer) and not labels.knows(longer):
            break
        folded = longer
        taken.append(number)
        if labels.knows(folded) and not labels.begins(folded):
            break
    contiguous = taken == list(range(len(waiting) - 1, len(waiting) - 1 - len(taken), -1))
    return taken if taken and not contiguous and labels.knows(folded) else []


def _same_column(one: Block, two: Block) -> bool:
    if one.span.box is None or two.span.box is None:
        return False
    return abs(one.span.box[0] - two.span.box[0]) < 4
