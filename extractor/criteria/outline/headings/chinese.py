"""Chinese section headings: 【排除标准】, # 1.4排除标准 (…), …改变。病例排除标准：(1)…, wherever they stand in a line.

A heading is a word that names a section (`tables/sections.tsv`) before 标准 or 条件. What goes before it must be the start of the line,
the end of a sentence or a bracket, then at most a number and a scope (试验组); what follows must be a colon, a closing bracket, a verb,
the end of the line or the first item of a list. A sentence that only speaks of criteria (不符合纳入标准) is none.
"""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from extractor.criteria.outline.headings.edges import Left, find_left
from extractor.criteria.outline.headings.sides import EXCLUSION, INCLUSION, WITHDRAWAL, Heading
from extractor.criteria.outline.nodes import Range
from extractor.criteria.outline.phrases import alternatives
from extractor.patterns import lazy_pattern
from extractor.tables import read_table

_PACKAGE = "extractor.criteria.outline"
_LONGEST_TITLE = 12  # characters before the word for criteria in a heading that only the end of the line closes
_LONGEST_TELLER = 6  # the same before a verb: 本研究的纳入标准为…
_LONGEST_DENIAL = 8  # characters before a word for inclusion that deny it: 不符合以下
_REMARK = 60  # characters of a remark in brackets behind a heading
_PEOPLE = "病例|患者|病人|人群|对象|受试者|研究对象|入选者|样本"
_BARE = rf"(?:{_PEOPLE})?\s*(?:[:：]|\Z|[（(]\s?1\s?[)）]|[①⑴])"  # 排除：(1) and 排除对象：(1) do without the word for criteria
_LISTED = "指标|因素|情况|范围|要求|项目|内容|原则|依据|项|者"  # 排除因素：(1): the same before a colon or a list
_LIST = r"\s*(?:如下|包括|有|为)?\s*(?:[:：】]|\Z|[（(]\s?1\s?[)）]|1[.、)）]|[①⑴])"
_STOPPED = r"(?<=[准淮準件】\]）)])[;；。.,，]\s*(?=(?:[（(\[［]\s?1\s?[)）\]］]|1\s?[.、)）](?!\d)|[①⑴❶]|\$\s*\\textcircled))"  # a stop for the colon: 排除标准；①
_ENGLISH = r"(?:Key |Main )?(?:In|Ex)clusion [Cc]riteri(?:a|on)"  # beside the Chinese words of a bilingual heading

_COLONS = (":", "：")

_speaks = lazy_pattern(alternatives("speaks"))
_right = lazy_pattern(
    rf"(?P<remark>\s*(?![（(\[［]\s*(?:1|一|[aAiⅠ])\s*[)）\]］])[【\[［（(][^【】\[\]（）()\n]{{0,{_REMARK}}}[】\]］）)])?"
    rf"(?:\s*/?\s*{_ENGLISH})?\s*(?:{_PEOPLE})?(?P<verb>(?:主要)?(?:如下所示|如下|见下|包括|包含|为|是|有))?(?P<rest>[\u4e00-\u9fff]{{0,8}}?)"
    rf"\s*(?P<close>[】\]］）)》>〉」』”\"*〗〕}}]*)\s*(?P<end>[:：][*]*|{_STOPPED}|\Z|(?=\s*(?:[（(\[［]?\s*(?:1|一|a|A|i|Ⅰ)\s*(?:[)）\]］、]|[.．:：](?!\d{{1,2}}[.．]))|[①⑴⒈❶•●■◆$\\]|[-*]\s)))"
)
_first = lazy_pattern(r"\s*(?:[（(\[［]?\s*(?:1|一|a|A|i|Ⅰ)\s*(?:[)）\]］、]|[.．:：](?!\d{1,2}[.．]))|[①⑴⒈❶•●■◆$\\]|[-*]\s)")
_verb = lazy_pattern(r"(?:主要)?(?:包括|包含|为|是|有(?![待关效无所没]))(?=[^\s：:。，,])")
_stopped_line = lazy_pattern(r"\s*[;；。.，,]\s*\Z")  # a heading that a wrong mark ends: 排除标准。
_content = lazy_pattern(r"[、；，。]|者[）)\]】]$")
_people = lazy_pattern(alternatives("people"))
_group = lazy_pattern(r"[【\[［（(](?!两|各|三|所有|全部|包括)[^、和及与，]{1,12}(?:组|队列|部分|阶段|期)[）)\]］】]")
_denied = lazy_pattern(
    r"(?:不|未|非)(?:能|可|得|宜|予|应)?(?:符合|满足|具备|达到)?(?:本研究|本试验|以下|下列|上述)?的?$"
)  # 不符合入选条件者：
_together = lazy_pattern(r"(?:(?:并|且|另|亦)?(?:同时)?(?:需|须|应|予以?)?)?")


class _Words(Struct, frozen=True, gc=False):
    """The patterns made of the tables."""

    heading: re.Pattern[str]
    neutral: re.Pattern[str]


@cache
def _words() -> _Words:
    rows = {row[0]: row[1] for row in read_table(_PACKAGE, "sections")}
    every = _spaced("|".join(sorted("|".join(rows.values()).split("|"), key=len, reverse=True)))
    sides = "|".join(f"(?P<{side}>{_spaced(words)})" for side, words in sorted(rows.items(), key=lambda row: row[0] == "inclusion"))
    neutral = "|".join(sorted("|".join(words for _, words in read_table(_PACKAGE, "neutral")).split("|"), key=len, reverse=True))
    more = rf"(?P<more>(?:(?:标准)?[/、和及与或＋+\s]*(?:{every}))*)"
    criteria = _spaced("标准|標準|标淮|标谁|标隹|标惟|标堆|条件|條件|准则|指征")
    listed = rf"(?<=[排淘][除出汰])(?:{_LISTED})(?={_LIST})"
    heading = rf"(?:{sides}){more}\s?(?:{_PEOPLE})?(?:研究|试验)?的?\s?(?:{criteria}|{listed}|(?P<bare>)(?={_BARE}))"
    return _Words(re.compile(heading), re.compile(rf"(?:{neutral}|{_ENGLISH}|\W|\d)+"))


def _spaced(words: str) -> str:
    """Alternatives of ideographs that may be printed with a blank between any two: 排 除 标 准."""
    return re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", "[ \u3000]?", words)


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


def _read(text: str, found: re.Match[str], start: int, end: int) -> Heading | None:
    left = find_left(text, found.start(), start)
    if left.length and not (left.edge in ("line", "bracket") or _names_people(text, left)):
        left = Left(found.start(), (found.start(), found.start()), "")
    right = _right.match(text, found.end(), end)
    stop = _read_bare(text, left, right) if found["bare"] is not None else _stop_of(text, left, right, (found.end(), end))
    if not stop:
        return None
    named = [side for side in (EXCLUSION, "leave", INCLUSION) if found[side]] + _sides_in(found["more"])
    denial = _denied.search(text, max(start, found.start() - _LONGEST_DENIAL), found.start()) if named == [INCLUSION] else None
    if denial:
        return Heading(EXCLUSION, min(left.start, denial.start()), stop)
    remark = right.span("remark") if right is not None and stop >= right.end("remark") > 0 else (0, 0)
    label = (left.scope[0], max(found.end(), remark[1])) if _limits(text, left, remark) else None
    return _opening(named, (left.start, stop), label)


def _opening(named: list[str], span: Range, label: Range | None) -> Heading:
    """The heading that names some sides: both of them are read as inclusion."""
    both = {INCLUSION, EXCLUSION} <= set(named)
    side = INCLUSION if both else WITHDRAWAL if named[0] == "leave" else named[0]
    return Heading(side, *span, label, both)


def _limits(text: str, left: Left, remark: Range) -> bool:
    """Whether a heading holds for some people only: what goes before its words names them, or a remark behind does."""
    if left.length and not _words().neutral.fullmatch(text, *left.scope):
        return True
    return remark[1] > 0 and _group.search(text, *remark) is not None


def _names_people(text: str, left: Left) -> bool:
    """Whether the words before a heading inside a line are its scope, and not the end of an item: they name people, or nothing of their own."""
    return _people.search(text, *left.scope) is not None or _words().neutral.fullmatch(text, *left.scope) is not None


def _sides_in(words: str) -> list[str]:
    return [side for side, row in read_table(_PACKAGE, "sections") if any(word in words for word in row.split("|"))] if words else []


def _read_bare(text: str, left: Left, right: re.Match[str] | None) -> int:
    """The end of a heading without the word for criteria: it says nothing else, and stands alone or before a colon; 0 for none."""
    plain = _together.fullmatch(text, *left.scope) is not None and not left.numbered
    if right is None or right["rest"] or not plain or left.edge not in ("line", "sentence", "word"):
        return 0
    if left.edge == "line" and not left.length:
        return right.end()
    return right.end() if right["end"] or _first.match(text, right.end(), right.endpos) else 0


def _stop_of(text: str, left: Left, right: re.Match[str] | None, bounds: Range) -> int:
    """Where a heading ends whose words end at the first of `bounds`; 0 where it is none."""
    words, end = bounds
    chapter = left.dotted and left.edge != "" and not left.length
    if left.edge == "line" and not left.length and _stopped_line.match(text, words, end):
        return end
    if right is not None and _speaks.search(text, *left.scope) and right["end"][:1] not in _COLONS:
        return 0
    if right is not None and _is_closed(text, left, right):
        remark = right["remark"] and not right["end"] and _content.search(right["remark"].strip())
        return right.start("remark") if remark else right.end()
    told = _verb.match(text, words, end)
    if told and left.edge in ("line", "sentence") and left.length <= _LONGEST_TELLER and not _speaks.search(text, *left.scope):
        return told.end()
    return words if chapter else 0


def _is_unclosed(text: str, left: Left, right: re.Match[str]) -> bool:
    """Whether the bracket of a heading is never closed, and the first item of a list follows: 【排除标准①…."""
    return text[left.start] == "【" and _first.match(text, right.end(), right.endpos) is not None


def _is_closed(text: str, left: Left, right: re.Match[str]) -> bool:
    """Whether what follows closes the heading, as firmly as what goes before asks for."""
    if left.edge == "bracket":
        return True if right["close"].strip("*") else _is_unclosed(text, left, right)
    if right["end"]:
        return bool(left.edge) or right.end() == right.endpos or _first.match(text, right.end(), right.endpos) is not None
    if right["rest"]:
        return False
    if right.end() == right.endpos:
        return left.edge == "line" and left.length <= _LONGEST_TITLE
    return left.edge in ("line", "sentence")
