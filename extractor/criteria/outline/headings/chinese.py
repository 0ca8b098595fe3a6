"""Chinese section headings: 【排除标准】, # 1.4排除标准 (…), …改变。病例排除标准：(1)…, wherever they stand in a line.

A heading is a word that names a section (`tables/sections.tsv`) before 标准 or 条件. What goes before it must be the start of the line,
the end of a sentence or a bracket, then at most a number and a scope (试验组); what follows must be a colon, a closing bracket,
the end of the line or the first item of a list. A sentence that only speaks of criteria (不符合纳入标准) is none.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from extractor.criteria.outline.headings.sides import EXCLUSION, INCLUSION, WITHDRAWAL, Heading
from extractor.criteria.outline.nodes import Range
from extractor.tables import read_table

_PACKAGE = "extractor.criteria.outline"
_LONGEST_SCOPE = 24  # characters from a mark to the heading's own words: 单纯放疗对照组患者
_LONGEST_TITLE = 12  # the same for a heading that only the end of the line closes
_REMARK = 60  # characters of a remark in brackets behind a heading
_STOPS = frozenset('。；;,，:：!！?？\n】)）]》>〉」』”"')
_OPENING = frozenset('【[［（(《<〈「『“"')

_PEOPLE = "病例|患者|病人|人群|对象|受试者|研究对象|入选者|样本"
_PEOPLE_COLON = rf"(?:{_PEOPLE})?\s*(?:[:：]|\Z)"  # 排除：(1) and 排除对象：(1) do without the word for criteria
_ENGLISH = r"(?:Key |Main )?(?:In|Ex)clusion [Cc]riteri(?:a|on)"  # beside the Chinese words of a bilingual heading
_LONGEST_NUMBER = 5  # characters of a number in brackets: (十二)
_dotted = re.compile(r"(?<![\d.．])\d{1,2}(?:[.．]\d{1,2}){1,3}(?![\d%])")
_number = re.compile(r"(?:[（(]\s*)?(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[A-Za-zⅠ-Ⅹ])\s*[)）]$")
_ornament = re.compile(
    r"[#*•\s>]*(?P<number>[（(]?(?:\d{1,2}(?:[.．]\d{1,2}){0,3}|[一二三四五六七八九十]{1,3}|[A-Za-zⅠ-Ⅹ])(?:[)）.、．:：]|(?=[^\w.．])|(?<=\d)))?"
    rf"\s*(?:{_ENGLISH}[\s/]*)?"
)
_speaks = re.compile(
    r"不(?!限)|未|无|符合|违反|满足|任[何一]|根据|依据|按照?|参照|参考|上述|以上|以下|下列|达到|具有|同[时一]?$|及其|属于|除|见|是否|其中"
)
_right = re.compile(
    rf"(?:\s*(?![（(\[［]\s*(?:1|一|[aAiⅠ])\s*[)）\]］])[【\[［（(][^【】\[\]（）()\n]{{0,{_REMARK}}}[】\]］）)])?"
    rf"(?:\s*/?\s*{_ENGLISH})?\s*(?:{_PEOPLE})?(?P<lead>(?:主要)?(?:如下所示|如下|(?:包括|包含|为|是)(?:以下|下列|如下)?[一-鿿]{{0,8}}|有|见下)?)\s*(?P<close>[】\]］）)》>〉」』”\"*]*)\s*(?P<colon>[:：]?)[*]*"
)
_first = re.compile(r"\s*(?:[（(\[［]?\s*(?:1|一|a|A|i|Ⅰ)\s*(?:[)）\]］、]|[.．:：](?!\d{1,2}[.．]))|[①⑴⒈❶•●■◆]|[-*]\s)")


class _Words(NamedTuple):
    """The patterns made of the tables."""

    heading: re.Pattern[str]
    neutral: re.Pattern[str]


@cache
def _words() -> _Words:
    rows = dict(read_table(_PACKAGE, "sections"))
    every = "|".join(sorted("|".join(rows.values()).split("|"), key=len, reverse=True))
    sides = "|".join(f"(?P<{side}>{words})" for side, words in sorted(rows.items(), key=lambda row: row[0] == "inclusion"))
    neutral = "|".join(sorted("|".join(words for _, words in read_table(_PACKAGE, "neutral")).split("|"), key=len, reverse=True))
    more = rf"(?P<more>(?:(?:标准)?[/、和及与或＋+\s]*(?:{every}))*)"
    heading = rf"(?:{sides}){more}\s?(?:{_PEOPLE})?(?:研究|试验)?的?\s?(?:标准|標準|条件|准则|指征|(?P<bare>)(?={_PEOPLE_COLON}))"
    return _Words(re.compile(heading), re.compile(rf"(?:{neutral}|{_ENGLISH}|\W|\d)+"))


def find_chinese_heading(text: str, start: int, end: int) -> Heading | None:
    """The first section heading between two offsets, or None.

    >>> text = "有心律失常。病例排除标准：(1)不能配合；"
    >>> find_chinese_heading(text, 0, len(text))
    Heading(side='exclusion', start=6, end=13, label=None, both=False)
    >>> find_chinese_heading("不符合纳入标准者", 0, 8) is None
    True
    """
    for found in _words().heading.finditer(text, start, end):
        heading = _read(text, found, start, end)
        if heading:
            return heading
    return None


class _Left(NamedTuple):
    """What stands before a heading's own words: where the heading begins, its scope, and what kind of edge is there.

    `edge` is "line", "sentence", "bracket", "word" (a blank or comma) or "" (in the middle of words); `dotted` says that the number
    of a chapter (1.2.3) or a Markdown sign goes before, `numbered` that any number does.
    """

    start: int
    scope: Range
    edge: str
    dotted: bool
    numbered: bool = False

    @property
    def length(self) -> int:
        """Characters of the scope."""
        return self.scope[1] - self.scope[0]


def _read(text: str, found: re.Match[str], start: int, end: int) -> Heading | None:
    left = _look_left(text, found.start(), start)
    right = _right.match(text, found.end(), end)
    if right is None or (found["bare"] is not None and not _is_bare(left, right, end)):
        return None
    listed = right.end() == end or _first.match(text, right.end(), end) is not None
    if _speaks.search(text, *left.scope) and not (right["colon"] and listed):
        return None
    stop = right.end() if _is_closed(left, right, listed=listed, ended=right.end() == end) else found.end() if _is_chapter(left) else 0
    if not stop:
        return None
    named = [side for side in (EXCLUSION, "leave", INCLUSION) if found[side]] + _sides_in(found["more"])
    both = {INCLUSION, EXCLUSION} <= set(named)
    label = (left.scope[0], found.end()) if _is_scope(text, left.scope, (found.end(), right.start("lead"))) else None
    return Heading(INCLUSION if both else WITHDRAWAL if named[0] == "leave" else named[0], left.start, stop, label, both)


def _is_bare(left: _Left, right: re.Match[str], end: int) -> bool:
    """Whether a heading without the word for criteria is one: it says nothing else, and stands alone or before a colon."""
    if left.length or left.numbered or left.edge not in ("line", "sentence"):
        return False
    return left.edge == "line" if right.end() == end else bool(right["colon"])


def _sides_in(words: str) -> list[str]:
    return [side for side, row in read_table(_PACKAGE, "sections") if any(word in words for word in row.split("|"))] if words else []


def _look_left(text: str, at: int, start: int) -> _Left:
    """Go back from the heading's own words to what divides them from what went before."""
    floor = max(start, at - _LONGEST_SCOPE - 8)
    edge = at
    while edge > floor and text[edge - 1] not in _STOPS and text[edge - 1] not in _OPENING:
        edge -= 1
    edge = _after_chapter(text, edge, at)
    if edge == floor > start:
        return _Left(at, (at, at), "word" if text[at - 1].isspace() else "", dotted=False)
    edge = _before_number(text, edge, start)
    before = text[edge - 1] if edge > start else "\n"
    if before.isspace() and before != "\n":
        before = "。"  # a chapter's number behind a blank
    ornament = _ornament.match(text, edge, at)
    scope = ornament.end() if ornament else edge
    sign = text[edge:scope].strip(".． ")
    return _Left(edge - (before in _OPENING), (scope, at), _EDGES.get(before, "sentence"), "#" in sign or "." in sign or "．" in sign, bool(sign.strip("#*•> ")))


def _after_chapter(text: str, edge: int, at: int) -> int:
    """Where the last number of a chapter begins between two offsets (1.2 病例选择 1.2.1 纳入标准); the first of them where there is none."""
    found = None
    for found in _dotted.finditer(text, edge, at):
        pass
    return found.start() if found else edge


def _before_number(text: str, edge: int, start: int) -> int:
    """Where the number in brackets begins that ends at an edge: "(一)"; the edge itself where none does."""
    found = _number.search(text, max(start, edge - _LONGEST_NUMBER), edge)
    return found.start() if found else edge


_EDGES = {"\n": "line", ",": "word", "，": "word"} | dict.fromkeys(_OPENING, "bracket")


def _is_closed(left: _Left, right: re.Match[str], *, listed: bool, ended: bool) -> bool:
    """Whether what follows closes the heading, as firmly as what goes before asks for."""
    if left.edge == "bracket":
        return bool(right["close"].strip("*"))
    if right["colon"]:
        return bool(left.edge) or listed
    if ended:
        return left.edge == "line" and left.length <= _LONGEST_TITLE
    return listed and left.edge in ("line", "sentence")


def _is_chapter(left: _Left) -> bool:
    """Whether a chapter's number makes a heading of words that nothing closes: 1.2.3排除标准以下患者…"""
    return left.dotted and bool(left.edge) and not left.length


def _is_scope(text: str, before: Range, after: Range) -> bool:
    """Whether words round the heading limit it to a part of the study."""
    return any(start < end and not _words().neutral.fullmatch(text, start, end) for start, end in (before, after))
