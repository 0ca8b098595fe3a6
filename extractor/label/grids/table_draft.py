"""A table on its way into the record, and the words that surround one: its caption and its notes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from extractor.label.text.lines import PrintedLine
from extractor.label.text.passages import EMPTY, Passage, join_lines
from extractor.patterns import lazy_pattern

_caption = lazy_pattern(
    r"(?:附)?(?P<kind>[表图])\s*(?P<number>\d{1,3}(?:[-.]\d{1,2})?|[一二三四五六七八九十]{1,3})"
    r"(?:\s*[：:.．、]\s*|\s+|(?=[^\d\s和与及、，,至到~～所显总列中为（(描概给提]))(?P<title>\S.*)"
)
_prose = lazy_pattern(r"^(?:总结|列出|显示|所示|中|为|给出|概述|描述|汇总|说明|提供|和表|及表|与表|展示|报告|详)|。$")
_note_mark = lazy_pattern(
    r"(?:[a-m]{1,2}[.、:：）)]?\s+\S|[a-m][：:）)]|[a-m](?=[\u4e00-\u9fff])|[*†‡§#¶※]+\s*\S|[\u1d2c-\u1d6a\u1d9c-\u1dbf\u2070-\u2079\u00b9\u00b2\u00b3]"
    r"|[（(]?\d{1,2}[）)]\s*\S|\d{1,2}[.．、]\s*\S|\d{1,2}\s+[\u4e00-\u9fff]|注\s*\d*\s*[：:]|备注|[①-⑳])"
)
_note_words = lazy_pattern(
    r"(?:CTCAE|MedDRA|NCI|缩写|缩略语|脚注|数据截止|截止日期|用于计算|百分比|基于.{0,20}(?:人群|分析)|(?:中位)?随访时间\s*[=＝]"
    r"|[A-Za-z][A-Za-z0-9-]{0,9}\s*[=＝：:]|\S{1,12}[=＝]|包括其他相关术语|以上数据)"
)


@dataclass(slots=True)
class TableDraft:
    """A table as read; a cell is a passage, an empty one `EMPTY`. `certain` is false where rows may be missing."""

    number: str = ""
    caption: Passage = EMPTY
    header: list[list[Passage]] = field(default_factory=list)
    rows: list[list[Passage]] = field(default_factory=list)
    notes: list[Passage] = field(default_factory=list)
    lines: list[PrintedLine] = field(default_factory=list)
    certain: bool = True

    @property
    def pages(self) -> list[int]:
        """The pages it stands on."""
        return sorted({line.page for line in self.lines if line.page})


@dataclass(slots=True)
class Caption:
    """A caption: what it names (表 or 图), its number, its words, and how many lines it takes."""

    kind: str
    number: str
    title: Passage
    length: int


def find_caption(lines: list[PrintedLine], start: int) -> Caption | None:
    """The caption that begins at line `start`, or None."""
    if not _caption.match(lines[start].text):
        return None
    end = paragraph_end(lines, start)
    whole = join_lines(line.passage for line in lines[start:end])
    match = _caption.match(whole.text)
    if match is None or _prose.search(match.group("title")) or end - start > 4:
        return None
    return Caption(match.group("kind"), match.group("number"), whole.group(match, "title"), end - start)


def paragraph_end(lines: list[PrintedLine], start: int) -> int:
    """The line behind the paragraph that begins at `start`."""
    while start < len(lines) - 1 and not lines[start].closed:
        start += 1
    return start + 1


_sure_mark = lazy_pattern(
    r"[\u1d2c-\u1d6a\u1d9c-\u1dbf\u2070\u00b9\u00b2\u00b3\u2074-\u2079*†‡§#¶※]+\s*[^\s\d]|[a-m][：:）)]\s*\S|注\s*\d*\s*[：:]"
)


def split_note_rows(rows: list[list[Passage]]) -> tuple[list[list[Passage]], list[Passage]]:
    """The rows of a table without the last of them that are notes, and those notes.

    They hold a first cell only, from one that begins with a mark that only notes have; a row without a mark goes on with the note above.
    """
    first = len(rows)
    while first and not any(cell.text for cell in rows[first - 1][1:]):
        first -= 1
    first = next((n for n in range(max(first, 1), len(rows)) if _sure_mark.match(rows[n][0].text)), len(rows))
    notes: list[list[Passage]] = []
    for row in rows[first:]:
        (notes.append([row[0]]) if _sure_mark.match(row[0].text) else notes[-1].append(row[0]))
    return rows[:first], [join_lines(note) for note in notes]


def _note_end(lines: list[PrintedLine], start: int) -> int:
    """The line behind a note: its paragraph's end, or a line before that begins with a mark that only notes have."""
    end = paragraph_end(lines, start)
    return next((n for n in range(start + 1, end) if _sure_mark.match(lines[n].text)), end)


def is_note(line: str) -> bool:
    """Whether a line under a table begins a note.

    >>> is_note("a  输液反应包括……"), is_note("NR：未达到"), is_note("每个治疗周期为 28 天。")
    (True, True, False)
    """
    return _note_mark.match(line) is not None or _note_words.match(line) is not None


def is_worded_note(line: str) -> bool:
    """Whether a line is a note by its words, whatever it ends with."""
    return _note_words.match(line) is not None


_styles = (
    ("dot", lazy_pattern(r"\d{1,2}[.．、]")),
    ("bracket", lazy_pattern(r"[（(]?\d{1,2}[）)]")),
    ("bare", lazy_pattern(r"\d{1,2}\s")),
    ("ring", lazy_pattern(r"[①-⑳]")),
)


def _style(line: str) -> str:
    """How a note is numbered, "" where it is not."""
    return next((name for name, pattern in _styles if pattern.match(line)), "")


def split_notes(
    lines: list[PrintedLine],
    start: int,
    small: Callable[[PrintedLine], bool] = lambda _: False,
) -> tuple[list[Passage], int]:
    """The notes that begin at line `start`, and the line behind the last of them.

    Numbered notes keep one style; a number in another style is the next heading. `small` says that a line's type is a note's.
    """
    notes: list[Passage] = []
    styles: set[str] = set()
    while start < len(lines) and lines[start].grid < 0 and find_caption(lines, start) is None:
        text = lines[start].text
        style = _style(text)
        if not small(lines[start]) and (not is_note(text) or (style and styles and style not in styles)):
            break
        styles |= {style} if style else set()
        end = _note_end(lines, start)
        notes.append(join_lines(line.passage for line in lines[start:end]))
        start = end
    return notes, start
