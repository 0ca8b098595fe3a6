"""Headings of sections in both languages, and sentences that open a side without one."""

from __future__ import annotations

from extractor.criteria.outline.headings.chinese import find_chinese_heading
from extractor.criteria.outline.headings.english import find_english_heading, find_inner_heading, find_side
from extractor.criteria.outline.headings.openers import (
    bars_below,
    find_bar,
    find_exclusion_words,
    find_last_bar,
    find_opener,
    opens_exclusion,
    opens_inclusion,
    turns_round,
)
from extractor.criteria.outline.headings.sides import EXCLUSION, INCLUSION, PROSE, WITHDRAWAL, Heading
from extractor.criteria.outline.lines import OutlineLine

__all__ = [
    "EXCLUSION",
    "INCLUSION",
    "PROSE",
    "WITHDRAWAL",
    "Heading",
    "bars_below",
    "find_bar",
    "find_exclusion_words",
    "find_heading",
    "find_hints",
    "find_last_bar",
    "find_opener",
    "find_side",
    "opens_exclusion",
    "opens_inclusion",
    "turns_round",
]

_HINTS = (
    "lusion",
    "criteri",
    "exclu",
    "excu",
    "xcls",
    "eligib",
    "entry criteria",
    "selection criteria",
    "withdrawal",
    "discontinuation criteria",
    "out criteria",
    "removal criteria",
    "reasons for",
    "termination criteria",
    "exit criteria",
    "cluded:",
    "not included",
    "indication",
    "rejection",
    "disqualif",
    "refusal",
    "participat",
    "qualify",
    "participants must",
    "take part",
    "can join",
    "cannot join",
)
_CHINESE_HINTS = (
    "标准",
    "標準",
    "标淮",
    "条件",
    "條件",
    "除外",
    "拒绝",
    "准则",
    "指征",
    "排除",
    "入选",
    "纳入",
    "剔除",
    "淘汰",
    "排出",
    "禁忌",
    "标 准",
    "标\u3000准",
    "条 件",
)
_OPENING = frozenset('[【<(（*#_"“')


def find_hints(text: str) -> list[int]:
    """Where words stand that a section heading cannot do without, in order: a cheap test before the real one."""
    lowered = text.lower()
    found: list[int] = []
    for word in _HINTS if text.isascii() else (*_HINTS, *_CHINESE_HINTS):
        at = lowered.find(word)
        while at >= 0:
            found.append(at)
            at = lowered.find(word, at + 1)
    found.sort()
    return found


def find_heading(text: str, line: OutlineLine) -> Heading | None:
    """The first section heading in a line: at its start, or after the text of an item."""
    marked = line.marker is not None
    found = None if text.isascii() else find_chinese_heading(text, line.mark, line.end)
    if found and found.start <= line.start:
        return found
    first = text[line.start]
    english = None
    if line.gap or marked or first.isupper() or first > "\u2e7f" or first in _OPENING:
        english = find_english_heading(text, line.start, line.end, marked=marked)
    english = english or find_inner_heading(text, line.start, found.start if found else line.end, marked=marked)
    return min((heading for heading in (found, english) if heading), key=_start_of, default=None)


def _start_of(heading: Heading) -> int:
    return heading.start
