"""Parts of a table's lines in their columns, and what their words are: values, words to come."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import NamedTuple

from extractor.decode.pdf.lines import Run
from extractor.decode.pdf.tables.parts import Line
from extractor.decode.pdf.tables.strokes import Stroke
from extractor.decode.pdf.tolerances import BESIDE_HEADING, HANGING, MOST_VALUES, VALUE_SHARE
from extractor.patterns import lazy_pattern

OPENING, CLOSING = "（([［【〔《“", "）)]］】〕》”"
_value = lazy_pattern(r"[<>≤≥＜＞~±+＋−–-]{0,2}\s?\d[\d.,]*|NR\b|NC\b|NE\b|N/?A\b|ND\b|[-–—]{1,4}$")
_measure = lazy_pattern(r"[<>≤≥＜＞~]?\s?\d[\d.,]*\s?(?:[A-Za-zμµ%％/²³]{1,6}|个?[月年周天日岁次例]|小时|分钟)")
_grade = lazy_pattern(r"[\dIVⅠ-Ⅴ][\s~～、/–-]{0,3}[\dIVⅠ-Ⅴ]{0,3}\s?[级度]")
_size = lazy_pattern(r"[（(]?\s*[Nn]\s*[=＝]")
_numbers = lazy_pattern(r"[<>≤≥＜＞~～–-]{0,2}\d[\d.,~～<>≤≥–-]*")
_MARKS = "abcdefgh*†‡§#"
_word = lazy_pattern(r"[（【《「“‘(\[]{0,4}(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[，。、；：！？）】》」』”’％]*")


class TableItem(NamedTuple):
    """A part of a line in its place: the columns that it reaches over, the number of its line."""

    run: Run
    first: int
    last: int
    line: int

    @property
    def text(self) -> str:
        """Its words."""
        return self.run.text.strip()

    @property
    def columns(self) -> tuple[int, int]:
        """Its first and last column."""
        return self.first, self.last


def place_items(lines: list[Line], places: list[float]) -> list[TableItem]:
    """The parts of a table's lines in the columns that `places` part."""
    return [TableItem(run, *_columns(run, places), number) for number, line in enumerate(lines) for run in line]


def _columns(run: Run, places: list[float]) -> tuple[int, int]:
    """The first and last column that a part reaches over; what hangs over an edge a little does not count."""
    hang = min(HANGING * run.size, 0.25 * run.width)
    first, last = bisect_right(places, run.left + hang), bisect_left(places, run.right - hang)
    return (first, last) if first <= last else (bisect_right(places, run.centre),) * 2


def unite_headings(items: list[TableItem], heading: int, strokes: list[Stroke]) -> list[TableItem]:
    """The items, those of the heading that stand alone under one another over the same columns: an arm, its size, over all its grades.

    A rule between them parts them.
    """
    head = sorted((item for item in items if item.line < heading), key=lambda item: (item.run.base, item.first))
    for number, lower in enumerate(head):
        above = [n for n in range(number) if _meet(head[n], lower)]
        if not above:
            continue
        upper = head[above[-1]]
        first, last = min(upper.first, lower.first), max(upper.last, lower.last)
        ruled = any(upper.run.base < s.top < lower.run.base and s.covers(lower.run.left, lower.run.right) for s in strokes)
        if first != last and not ruled and _are_alone(head, upper, lower):
            head[above[-1]], head[number] = upper._replace(first=first, last=last), lower._replace(first=first, last=last)
    return [*head, *(item for item in items if item.line >= heading)]


def _meet(upper: TableItem, lower: TableItem) -> bool:
    return upper.first <= lower.last and lower.first <= upper.last


def _are_alone(head: list[TableItem], upper: TableItem, lower: TableItem) -> bool:
    """Whether no other item of the heading stands beside one of two over columns of the other."""
    reach = BESIDE_HEADING * lower.run.size
    return not any(
        item not in (upper, lower)
        and (_meet(item, upper) or _meet(item, lower))
        and upper.run.base - reach < item.run.base < lower.run.base + reach
        for item in head
    )


def find_room(items: list[TableItem]) -> dict[tuple[int, int], float]:
    """How wide the widest line is over each set of columns."""
    room: dict[tuple[int, int], float] = defaultdict(float)
    for item in items:
        room[item.columns] = max(room[item.columns], item.run.width)
    return room


def first_word(run: Run) -> float:
    """The width of what may not be parted at the start of a run: a Chinese character with its closing marks, or a Latin word."""
    glyphs = run.glyphs
    match = _word.match("".join(glyph.char[:1] for glyph in glyphs))
    end = match.end() if match else 1
    return glyphs[end - 1].right - glyphs[0].left


def is_value(text: str) -> bool:
    """Whether a text is a number, with or without its share and interval, or a word for none.

    >>> is_value("24 (0.22)"), is_value("NR"), is_value("25mg"), is_value("20 mg 每日一次"), is_value("(0.67~0.97)"), is_value("3级 (%)")
    (True, True, True, False, False, False)
    """
    text = text.strip()
    if _value.match(text) is None or "=" in text or "＝" in text or _grade.search(text):
        return False
    if _measure.fullmatch(text):
        return True
    return sum(c.isdigit() or c in " .,()（）[]［］~～%％±/-–−—NRCEAD" for c in text) >= VALUE_SHARE * len(text)


def is_alike(one: str, other: str) -> bool:
    """Whether two texts differ in their numbers only, marks of notes aside.

    >>> is_alike("15 mg 每日一次a", "20 mg 每日一次"), is_alike("一日2次，疗程", "5~7日"), is_alike("感染", "感染")
    (True, False, False)
    """
    first, second = (_numbers.sub("0", text).rstrip(_MARKS) for text in (one.strip(), other.strip()))
    return "0" in first and first == second


def is_size(text: str) -> bool:
    """Whether a text begins as the size of an arm does.

    >>> is_size("（N=152）"), is_size("n (%)")
    (True, False)
    """
    return _size.match(text.strip()) is not None


def value_columns(items: list[TableItem]) -> set[int]:
    """The columns, the first left out, most of whose cells are values."""
    counts: dict[int, list[bool]] = defaultdict(list)
    for item in items:
        if item.first == item.last and item.first and item.text[:1] not in OPENING and not is_size(item.text):
            counts[item.first].append(is_value(item.text))
    return {column for column, cells in counts.items() if sum(cells) >= MOST_VALUES * len(cells)}
