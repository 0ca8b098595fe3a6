"""Headings of label sections: which names there are, and which brackets are headings rather than cross-references."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from extractor.patterns import lazy_pattern
from extractor.tables import read_table

_OPEN, _CLOSE = "【\\[［〖〔", "】\\]］〗〕"
_bracket = lazy_pattern(rf"[{_OPEN}]([^{_OPEN}{_CLOSE}\n]{{2,30}})[{_CLOSE}]")
_half = lazy_pattern(rf"\s*([\u4e00-\u9fff]{{2,14}})[{_CLOSE}]")
_leading = lazy_pattern(rf"\s*(?:[*#]+\s*)?[{_OPEN}]([^{_OPEN}{_CLOSE}\n]{{1,30}})[{_CLOSE}）)]\**")
_OPENERS = r"[*#]+|[■●◆▪•□◇]|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[.．、)）]|(?=\s))"
_bare = lazy_pattern(rf"\s*(?P<opener>{_OPENERS})?\s*(?P<name>[\u4e00-\u9fff/ \u3000]{{2,24}}?)\s*\**\s*(?:[：:]|$)\**")
_other_brackets = lazy_pattern(
    r"\s*(?P<opener>[「『<＜〈《（({｛])\s*(?P<name>[\u4e00-\u9fff/ \u3000]{2,24}?)\s*[：:]?\s*[」』>＞〉》）)}｝][：:]?"
)
_blanks = lazy_pattern(r"[\s\u3000]+")
_FIELD_NAMES = frozenset(
    "名称 企业名称 生产企业名称 上市许可持有人名称 包装规格 药品名 通用名称 商品名称 商品名 英文名称 汉语拼音 产品规格".split()
)
_refers = tuple("见参照和及与或、（(至按在查据")
_continues = lazy_pattern(r"\s*(?:[）)、]|项|中(?![国药成西])|部分|章节|节|和|与|及|内容|一[节栏项])")


class SectionType(NamedTuple):
    """A section's key and its LOINC code, "" where none fits."""

    key: str
    loinc: str


class LabelHeading(NamedTuple):
    """A heading found in a line: its name without blanks, the run of the line it takes up, its type (None: unknown)."""

    name: str
    start: int
    end: int
    kind: SectionType | None


@cache
def section_types() -> dict[str, SectionType]:
    """Heading name → type, from tables/sections.tsv."""
    return {name: SectionType(key, loinc) for name, key, loinc in read_table("extractor.label.outline", "sections")}


def clean_heading(text: str) -> str:
    """A heading's name as the table holds it: no blanks, widths folded.

    >>> clean_heading("适 应 症／功能主治")
    '适应症/功能主治'
    """
    return _blanks.sub("", unicodedata.normalize("NFKC", text)).strip(":*")


def _known(name: str) -> SectionType | None:
    return section_types().get(name)


def _is_reference(before: str, after: str) -> bool:
    """Whether the words around a bracket make it a cross-reference."""
    return before.rstrip().endswith(_refers) or _continues.match(after) is not None


def leading_heading(line: str, before: str = "") -> LabelHeading | None:
    """The bracketed heading that a line begins with, known or not; `before` is how the line above ends.

    A known name may have lost its first bracket.
    """
    opened = _leading.match(line)
    match = opened or _half.match(line)
    if match is None or _is_reference(before, line[match.end() :]):
        return None
    name = clean_heading(match.group(1))
    whole = opened is not None or _known(name) is not None
    return LabelHeading(name, match.start(), match.end(), _known(name)) if whole else None


def misread_heading(name: str) -> SectionType | None:
    """The type of a name that optical character recognition got wrong in one character, None where it is not clear.

    >>> misread_heading("购藏").key
    'storage'
    """
    near = {kind for known, kind in section_types().items() if _differs_in_one(known, name)}
    return near.pop() if len(near) == 1 else None


def _differs_in_one(known: str, name: str) -> bool:
    """Whether one character was read wrongly, or one at an end was lost."""
    if len(known) == len(name) > 1:
        return sum(a != b for a, b in zip(known, name, strict=True)) == 1
    return len(known) == len(name) + 1 and (known.endswith(name) or known.startswith(name))


def inner_headings(line: str, before: str = "") -> list[LabelHeading]:
    """Known bracketed headings anywhere in a line: for copies that lost their line feeds."""
    found = []
    for match in _bracket.finditer(line):
        name = clean_heading(match.group(1))
        around = line[: match.start()] or before, line[match.end() :]
        if _known(name) and not _is_reference(*around):
            found.append(LabelHeading(name, match.start(), match.end(), _known(name)))
    return found


def bare_heading(line: str) -> LabelHeading | None:
    """A known name without brackets of headings that opens a line: alone on it, before a colon, in other brackets, behind a number."""
    match = _match_bare(line)
    name = clean_heading(match["name"]) if match else ""
    if match is None or _known(name) is None or name in _FIELD_NAMES:
        return None
    return LabelHeading(name, match.start(), match.end(), _known(name))


def _match_bare(line: str) -> re.Match[str] | None:
    return _bare.match(line) or _other_brackets.match(line)


def heading_style(line: str) -> str:
    """What such a line opens its heading with: "1" for a number of any form, a mark or a bracket, "" for nothing.

    >>> heading_style("3. 适应症"), heading_style("（三）禁忌"), heading_style("■ 规格"), heading_style("禁忌：")
    ('1', '1', '■', '')
    """
    match = _match_bare(line)
    opener = (match["opener"] or "") if match else ""
    return "1" if any(c.isdecimal() or c in "一二三四五六七八九十" for c in opener) else opener[:1]
