"""Running headers and footers, page numbers and watermarks of a PDF: told by repetition and position."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter, defaultdict
from itertools import pairwise

from extractor.decode.pdf.pages import PageLine, PageText
from extractor.decode.pdf.tolerances import ASCENT, LARGER
from extractor.layout import is_caption
from extractor.patterns import lazy_pattern

_MARGIN = 0.12  # of the page's height: running heads stand in the top or bottom eighth
_EDGE = 0.08  # of the page's height: a page number stands nearer to the edge than running words
_LARGE = 1.4  # of the commonest type size: a watermark is larger than most headings
_STEP = 6.0  # points: a running line stands at one height on all pages; text lines that happen to say the same do not
_SURE_PAGES = 4  # a line that says the same at one height of so many pages, and of most, is no chance
_MOST = 0.6  # of the pages
_APART = 1.4  # of the distance of the text's lines: a running line stands farther from the text than its lines from one another
_DIGITS = lazy_pattern(r"\d+")
_BLANKS = lazy_pattern(r"\s+")
_PAGE_NUMBER = lazy_pattern(
    r"[-–—\s]*(?:第\s*)?\d{1,4}\s*(?:页|/\s*\d{1,4}|of\s*\d{1,4})?(?:[，,\s]*共\s*\d{1,4}\s*页)?[-–—\s]*", re.IGNORECASE
)


def mark_furniture(pages: list[PageText]) -> list[set[int]]:
    """For each page, the numbers of its lines that are furniture.

    A line in the top or bottom eighth that stands at one height and apart from the text on at least half of the pages, digits aside;
    large type that stands at the same place on most pages; a page number at the edge. A line that stands in the text as its next
    ones do is text, though two pages begin or end with the same words, unless most pages do. A bare number counts only at a height
    where half of the pages have one: a wrapped date or a cell may end in a line of digits too.
    """
    fixed: Counter[tuple[str, int, int]] = Counter()
    for page in pages:
        fixed.update({_place(line) for line in page.lines if line.grid < 0})
    sizes = Counter(round(line.size) for page in pages for line in page.lines)
    large = _LARGE * sizes.most_common(1)[0][0] if sizes else 0.0
    most = max(3, round(len(pages) * _MOST))
    running = _running(pages)
    marks = {place for place, count in fixed.items() if count >= most}
    return [{n for n, line in enumerate(page.lines) if _is_furniture(line, page, running, marks, large)} for page in pages]


def _running(pages: list[PageText]) -> set[str]:
    """The keys of running lines."""
    found = [{n: _running_keys(line, page) for n, line in enumerate(page.lines) if _in_margin(line, page, _MARGIN)} for page in pages]
    half, sure = max(2, (len(pages) + 1) // 2), max(_SURE_PAGES, round(len(pages) * _MOST))
    near = Counter(key for lines in found for key in set().union(*lines.values()))
    often = {key for key, count in near.items() if count >= half}
    pitch = _usual_pitch(pages)
    apart: Counter[str] = Counter()
    for page, lines in zip(pages, found, strict=True):
        repeated = {n: keys & often for n, keys in lines.items() if not keys.isdisjoint(often)}
        apart.update(set().union(*(keys for n, keys in repeated.items() if _stands_apart(page, n, set(repeated), pitch))))
    return {key for key in often if near[key] >= sure or apart[key] >= half}


def _usual_pitch(pages: list[PageText]) -> float:
    """How far lines of text stand from one another, in ems: the median of those of one size that follow one another in a column."""
    pairs = [(a, b) for page in pages for a, b in pairwise(page.lines) if a.grid < 0 and b.grid < 0 and a.column == b.column]
    distances = [(_base(b) - _base(a)) / b.size for a, b in pairs if a.size == b.size > 0 and _base(b) > _base(a)]
    return statistics.median(distances) if distances else 0.0


def _base(line: PageLine) -> float:
    """The height of a line's baseline."""
    return line.box[1] + ASCENT * line.size


def _stands_apart(page: PageText, number: int, repeated: set[int], pitch: float) -> bool:
    """Whether a line at a page's edge is no line of the text next to it: a bare number, smaller type, or farther off than lines are."""
    line = page.lines[number]
    if line.text.strip().isdigit():
        return True
    if is_caption(line.text):
        return False
    sign = 1 if line.box[3] < page.height / 2 else -1
    inward = sorted(((sign * _base(o), n) for n, o in enumerate(page.lines) if _is_beside(line, o) and sign * (_base(o) - _base(line)) > 0))
    last = sign * _base(line)
    for base, n in inward:
        if base - last > _APART * pitch * line.size or line.size * LARGER < page.lines[n].size:
            return True
        if n not in repeated:
            return False
        last = base
    return True


def _is_beside(line: PageLine, other: PageLine) -> bool:
    """Whether two lines share a place from left to right."""
    return line.box[0] < other.box[2] and other.box[0] < line.box[2]


def _is_furniture(line: PageLine, page: PageText, running: set[str], marks: set[tuple[str, int, int]], large: float) -> bool:
    if line.grid >= 0:
        return False
    if _in_margin(line, page, _EDGE) and _PAGE_NUMBER.fullmatch(line.text) and not line.text.strip().isdigit():
        return True
    return (line.size >= large and _place(line) in marks) or (
        _in_margin(line, page, _MARGIN) and not running.isdisjoint(_running_keys(line, page))
    )


def _running_keys(line: PageLine, page: PageText) -> set[str]:
    """What a running line shares with its like on other pages: its words, digits aside, and how far it stands from the page's edge.

    Two steps for the distance, half a step apart: lines that hardly differ share one of them.
    """
    words = "#" if line.text.strip().isdigit() else _key(line.text)
    height = min(line.box[1], page.height - line.box[1]) / _STEP
    return {f"{words}@{math.floor(height)}", f"{words}~{math.floor(height + 0.5)}"}


def _key(text: str) -> str:
    return _DIGITS.sub("#", _BLANKS.sub("", text))


def _place(line: PageLine) -> tuple[str, int, int]:
    return line.text, round(line.box[0] / 3), round(line.box[1] / 3)


def _in_margin(line: PageLine, page: PageText, share: float) -> bool:
    return line.grid < 0 and (line.box[3] < page.height * share or line.box[1] > page.height * (1 - share))


def column_rights(pages: list[PageText]) -> dict[int, float]:
    """How far the text of each column reaches to the right: the ninth decile over all pages."""
    rights: dict[int, list[float]] = defaultdict(list)
    for page in pages:
        for line in page.lines:
            if line.grid < 0:
                rights[line.column].append(line.box[2])
    return {column: sorted(values)[int(len(values) * 0.9)] for column, values in rights.items()}
