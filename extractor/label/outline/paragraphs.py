"""Lines of a section as blocks in reading order: paragraphs, list items, tables, figures, and words that leaked from a figure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Literal

from extractor.label.grids.cells import open_brackets
from extractor.label.grids.flat_tables import find_flat_table
from extractor.label.grids.ruled_tables import find_grid_table
from extractor.label.grids.table_draft import TableDraft, find_caption
from extractor.label.text.lines import PrintedLine, display_width
from extractor.label.text.passages import EMPTY, Passage, join_lines
from extractor.patterns import lazy_pattern

Kind = Literal["paragraph", "item", "table", "figure", "leak"]

_item = lazy_pattern(r"[●•·■◆▪○*\-–—]\s*\S|[（(]?\d{1,2}[)）.、．](?!\d)\s*\S|\d{1,2}[．、]\s?\d{2}|[①-⑳]|[a-z][)）]\s*\S")
_unfinished = tuple("，、,+＋≥≤<>＜＞=（(—和与及或的")
_labelled = lazy_pattern(
    r"[\u4e00-\u9fff\s]{0,12}(?:名\s*称|地\s*址|电\s*话|号\s*码|邮\s*编|编\s*码|传\s*真|网\s*址|热\s*线|联系方式|拼\s*音|分子式|分子量)\s*[：:]"
)
_dangling = ("/", "／", "）", ")", "，", "。", "、", "；", "%", "％")
_LEAK_WIDTH = 16  # columns, 8 Chinese characters: words of a figure are short; the prose around is over twice as wide
_LEAK_LINES = 3  # lines: one or two short ones may be a wrapped word or a remark
_SMALL = 0.8  # of the text's type size: words of figures are set smaller than notes are
_LONGEST = 600  # characters that may be joined without print to show it: an open bracket must not swallow the section


@dataclass(slots=True)
class SectionBlock:
    """A block of a section: its kind, its joined text, its lines; the table, or the figure's number and caption."""

    kind: Kind
    passage: Passage
    lines: list[PrintedLine]
    table: TableDraft | None = None
    number: str = ""
    title: Passage = field(default=EMPTY)


def split_pieces(lines: list[PrintedLine]) -> list[SectionBlock]:
    """The blocks of a section's lines."""
    pieces: list[SectionBlock] = []
    i = 0
    while i < len(lines):
        piece, i = _next(lines, i)
        pieces += piece
    body = _body_size(lines)
    return [replace(piece, kind="leak") if _is_small(piece, body) else piece for piece in pieces]


def _body_size(lines: list[PrintedLine]) -> float:
    """The size that most lines outside tables have; 0 without print."""
    sizes = Counter(line.size for line in lines if line.grid < 0)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _is_small(piece: SectionBlock, body: float) -> bool:
    """Whether a paragraph is words of a figure: set much smaller than the text, and no sentence."""
    text = piece.passage.text
    return piece.kind in ("paragraph", "item") and all(0 < line.size < _SMALL * body for line in piece.lines) and "。" not in text


def _next(lines: list[PrintedLine], i: int) -> tuple[list[SectionBlock], int]:
    """The block that begins at line `i`, and the line behind it."""
    table = find_grid_table(lines, i) or find_flat_table(lines, i)
    if table is not None and (table[0].rows or table[0].header):
        return [SectionBlock("table", table[0].caption, table[0].lines, table[0])], table[1]
    caption = find_caption(lines, i)
    if caption is not None:
        end = i + caption.length
        whole = join_lines(line.passage for line in lines[i:end])
        kind: Kind = "figure" if caption.kind == "图" else "paragraph"
        return [SectionBlock(kind, whole, lines[i:end], None, caption.number, caption.title)], end
    return _paragraph(lines, i)


def _paragraph(lines: list[PrintedLine], start: int) -> tuple[list[SectionBlock], int]:
    """The paragraph from line `start` on; short lines that break into it are a leak."""
    own, leaked = [lines[start]], []
    text, i = lines[start].text, start + 1
    while i < len(lines) and _goes_on(text, lines[i - 1], lines[i]):
        if leak := _leak(lines, i, text):
            leaked += lines[i : i + leak]
            i += leak
            continue
        own.append(lines[i])
        text += lines[i].text
        i += 1
    whole = join_lines(line.passage for line in own)
    kind: Kind = "item" if _item.match(whole.text) else "paragraph"
    pieces = [SectionBlock(kind, whole, own)]
    return pieces + ([SectionBlock("leak", join_lines(x.passage for x in leaked), leaked)] if leaked else []), i


def _goes_on(text: str, last: PrintedLine, line: PrintedLine) -> bool:
    """Whether a paragraph goes on in the next line: it wraps, or its words cannot end here; a labelled line never goes on."""
    if _labelled.match(line.text):
        return False
    if not last.closed:
        return line.grid < 0
    if line.size or len(text) > _LONGEST or last.grid >= 0 or line.grid >= 0:
        return False
    return open_brackets(text) > 0 or (text.endswith(_unfinished) and len(text) > 1) or line.text.startswith(_dangling)


def _leak(lines: list[PrintedLine], start: int, text: str) -> int:
    """How many lines from `start` on are words of a figure: at least three short ones inside a wrapped paragraph."""
    if lines[start].size or text.endswith(("。", "：", "；")) or display_width(lines[start - 1].text) < 2 * _LEAK_WIDTH:
        return 0
    end = start
    while end < len(lines) and display_width(lines[end].text) <= _LEAK_WIDTH and not lines[end].text.endswith(("。", "；", "，")):
        end += 1
    long_enough = end - start >= _LEAK_LINES and end < len(lines) and display_width(lines[end].text) > 2 * _LEAK_WIDTH
    return end - start if long_enough else 0
