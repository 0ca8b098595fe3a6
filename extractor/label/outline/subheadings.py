"""Sub-headings inside a section: short lines without end punctuation, ranked by print where the layout shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from extractor.label.outline.paragraphs import SectionBlock
from extractor.label.text.lines import display_width
from extractor.label.text.passages import EMPTY, Passage
from extractor.patterns import lazy_pattern
from extractor.tables import read_alternatives

_ends = tuple("。；;：:，,、！？!?")
_number = lazy_pattern(r"[（(]?(?:\d{1,2}(?:\.\d{1,2})*|[一二三四五六七八九十]{1,3})[）).、．]?\s*|[①-⑳]\s*|[●•·■◆▪○]\s*")
_not_heading = lazy_pattern(read_alternatives("extractor.label.outline", "phrases", "no_heading"))
_letters = lazy_pattern(r"[\u4e00-\u9fff]{2}|[A-Z][A-Za-z]*-?[A-Z0-9]+[^\s]*[（(]")
_WIDEST = 64  # columns, 32 Chinese characters: a longer line is a sentence
_WIDEST_MARKED = 110  # columns: number and bold type together mark even a long line as heading
_SMALL = 0.9  # of the text's type size: headings are not set smaller, notes and words of figures are
_OVER = tuple("。；;：:！？!?.．)）]］】”")
_CLAUSE = 30  # characters: a shorter block without end mark is a line of its own, a longer one a sentence cut in two
_STEP = 12.0  # points, about one character: smaller differences of indentation are no level of their own
_LONGEST_RUN = 3  # headings in a row, one of each level; more short lines are a list
_LARGER = 1.05
"""A size that exceeds the next smaller one by less is the same: bold type is drawn up to 3 % larger."""


@dataclass(slots=True)
class Branch:
    """A sub-heading (EMPTY for what stands before the first), its own pieces, and the branches below it."""

    heading: Passage = EMPTY
    mark: Passage = EMPTY
    rank: int = 0
    pieces: list[SectionBlock] = field(default_factory=list)
    children: list[Branch] = field(default_factory=list)


def split_branches(pieces: list[SectionBlock], *, prose: bool) -> Branch:
    """The pieces of a section under its sub-headings; `prose` false: a section of labelled lines that has none."""
    root = Branch(rank=-1)
    heads = _headings(pieces) if prose else {}
    ranks = _ranks(pieces, heads)
    path = [root]
    for i, piece in enumerate(pieces):
        if i not in heads:
            path[-1].pieces.append(piece)
            continue
        while len(path) > 1 and path[-1].rank >= ranks[i]:
            path.pop()
        branch = Branch(heads[i], piece.passage, ranks[i])
        path[-1].children.append(branch)
        path.append(branch)
    return root


def _headings(pieces: list[SectionBlock]) -> dict[int, Passage]:
    """Which pieces are sub-headings, with their words; long runs of short lines are lists, the last piece is text."""
    body = _body_size(pieces)
    looks = [_looks_like(piece) and piece.lines[0].size >= _SMALL * body for piece in pieces]
    looks = [look and (n == 0 or looks[n - 1] or _is_ended(pieces[n - 1])) for n, look in enumerate(looks)]
    found: dict[int, Passage] = {}
    start = 0
    while start < len(pieces):
        end = start
        while end < len(pieces) and looks[end]:
            end += 1
        if 0 < end - start <= _LONGEST_RUN and end < len(pieces):
            found |= {i: _words(pieces[i]) for i in range(start, end) if pieces[end].kind != "item" or not _numbered(pieces[i])}
        start = max(end, start + 1)
    return found


def _is_ended(piece: SectionBlock) -> bool:
    """Whether a block is over: a heading does not stand in the middle of a sentence."""
    return piece.kind not in ("paragraph", "item") or piece.passage.text.endswith(_OVER) or len(piece.passage.text) < _CLAUSE


def _looks_like(piece: SectionBlock) -> bool:
    text = _words(piece).text
    widest = _WIDEST_MARKED if _numbered(piece) and all(line.bold for line in piece.lines) else _WIDEST
    if piece.kind not in ("paragraph", "item") or not text or display_width(text) > widest or len(piece.lines) > 2:
        return False
    if piece.kind == "item" and not _numbered(piece):
        return False
    if "，" in text and not _numbered(piece):
        return False
    return not text.endswith(_ends) and "。" not in text and _letters.search(text) is not None and _not_heading.search(text) is None


def _numbered(piece: SectionBlock) -> bool:
    mark = _number.match(piece.passage.text)
    return mark is not None and any(c.isdigit() for c in mark.group())


def _words(piece: SectionBlock) -> Passage:
    mark = _number.match(piece.passage.text) if piece.kind == "item" else None
    return piece.passage.cut(mark.end() if mark else 0)


def _body_size(pieces: list[SectionBlock]) -> float:
    """The size that most lines of text have; 0 without print."""
    sizes = Counter(line.size for piece in pieces if piece.kind != "table" for line in piece.lines)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _ranks(pieces: list[SectionBlock], heads: dict[int, Passage]) -> dict[int, int]:
    """Ranks from print: larger before smaller, then further left before further right; all 0 where print does not tell them.

    Weight alone is no rank: labels set third-level headings plain, italic or underlined at will.
    """
    sizes = _grades(pieces[i].lines[0].size for i in heads)
    styles = {i: (-sizes[line.size], round(line.indent / _STEP)) for i in heads if (line := pieces[i].lines[0])}
    order = sorted(set(styles.values()))
    return {i: order.index(style) for i, style in styles.items()}


def _grades(sizes: Iterable[float]) -> dict[float, int]:
    """The grade of each size, from the smallest; sizes that differ by less than the print of one size does are one grade."""
    grades: dict[float, int] = {}
    last = 0.0
    for size in sorted(set(sizes)):
        grades[size] = max(grades.values(), default=-1) + (size > last * _LARGER)
        last = size
    return grades
