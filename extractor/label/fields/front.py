"""What stands before the first section: dates of approval and revision, the title, the advice line, marks, a boxed warning."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from extractor.label.outline.headings import clean_heading
from extractor.label.text.lines import PrintedLine
from extractor.label.text.passages import Passage, join_lines, join_paragraphs
from extractor.normalise.numerals import parse_chinese
from extractor.patterns import lazy_pattern

_sign = "一二三四五六七八九〇零○"
_day = lazy_pattern(
    r"(?P<y>[1１][9９]\d\d|[2２][0０]\d\d)\s*(?:年\s*(?P<m>\d{1,2})\s*月(?:\s*(?P<d>\d{1,2})\s*日)?"
    r"|[-－./．／]\s*(?P<m2>\d{1,2})(?:\s*[-－./．／]\s*(?P<d2>\d{1,2}))?)"
    r"|(?<![\dA-Za-z])(?P<y3>(?:19|20)\d\d)(?P<m3>\d\d)(?P<d3>\d\d)(?![\dA-Za-z])"
    rf"|(?P<y4>[一二][{_sign}]{{3}})\s*年\s*(?P<m4>[{_sign}十]{{1,3}})\s*月(?:\s*(?P<d4>[{_sign}十]{{1,3}})\s*日)?"
)
_day_cut = lazy_pattern(r"\d\s*[，,、]?\s*$|[年月]\s*$|(?:19|20)\d\d\s*年\s*\d{1,2}\s*月?\s*$")
_day_rest = lazy_pattern(r"\d{0,2}\s*(?:年\s*\d{1,2}\s*)?[月日]|\d{1,2}\s*日")
_placeholder = lazy_pattern(r"[xX×*＊]{2,4}\s*年")
_approved = lazy_pattern(r"(?:核\s*准|批\s*准)\s*日\s*期|核准时间")
_revised = lazy_pattern(r"(?:修\s*[改订]|修\s*正)\s*日\s*期|修[订改]时间")
_title = lazy_pattern(r".{1,60}说\s*明\s*书\s*$")
_advice = lazy_pattern(r"仔\s*细\s*阅\s*读|按\s*说\s*明\s*(?:书)?\s*使\s*用|医\s*师\s*指\s*导\s*下|药\s*师\s*指\s*导\s*下")
_warning_head = lazy_pattern(r"(?:黑框)?\s*警\s*[示告]\s*[语：:]?\s*$|黑\s*框\s*警\s*告\s*$")
_warning_lead = lazy_pattern(r"(?:警示语|黑框警告|警示)\s*[：:]\s*")
_mark = lazy_pattern(
    r"(?:(?:OTC|[（(]?[甲乙]类[)）]?|外|外用药?品?|处方药|非处方药(?:药品)?|精神药品|麻醉药品|毒性药品|医疗用毒性药品|运动员慎用|放射性药品|生物制品)\s*)+$|[^\u4e00-\u9fff]{0,20}$|(?:核准|修改|修订)日期\s*[：:]?$"
)
_warns = lazy_pattern(r"[。！!]|警|禁|慎|风险|毒|死亡|严重|本品含")


@dataclass(slots=True)
class Front:
    """The header block as read: dates in ISO form with their places, the title, the warning's paragraphs, the furniture."""

    approved: list[tuple[str, Passage]] = field(default_factory=list)
    revised: list[tuple[str, Passage]] = field(default_factory=list)
    title: Passage | None = None
    warning: list[Passage] = field(default_factory=list)
    furniture: list[Passage] = field(default_factory=list)
    rest: list[Passage] = field(default_factory=list)


def read_front(lines: list[PrintedLine]) -> Front:
    """The header block's lines, each put where it belongs."""
    front = Front()
    place, warned = "", False
    for paragraph in _paragraphs(lines):
        text = paragraph.text
        place = "approved" if _approved.search(text) else "revised" if _revised.search(text) else place
        if place and not warned and (_day.search(text) or _placeholder.search(text)):
            _add_days(front, paragraph, place)
        elif _warning_head.fullmatch(text):
            warned = True
            front.furniture.append(paragraph)
        else:
            _sort(front, paragraph, warned=warned)
            place = ""
    return front


def _paragraphs(lines: list[PrintedLine]) -> list[Passage]:
    """Wrapped lines joined, but never across a date line, the title or the advice."""
    groups: list[list[PrintedLine]] = []
    for line in lines:
        wrapped = groups and not groups[-1][-1].closed and not _own_line(groups[-1][-1].text) and not _own_line(line.text)
        on = wrapped or (groups and _day_rest.match(line.text) and _day_cut.search(groups[-1][-1].text))
        (groups[-1].append(line) if on else groups.append([line]))
    return [join_lines(line.passage for line in group) for group in groups]


def _own_line(text: str) -> bool:
    return any(pattern.search(text) for pattern in (_day, _placeholder, _title, _advice, _warning_head))


def _sort(front: Front, paragraph: Passage, *, warned: bool) -> None:
    text = paragraph.text
    if lead := _warning_lead.match(text):
        front.warning.append(paragraph.cut(lead.end()))
        front.furniture.append(paragraph.cut(0, lead.end()))
    elif _advice.search(text) or (front.title is not None and text == front.title.text):
        front.furniture.append(paragraph)
    elif front.title is None and _title.match(clean_heading(text)) and "。" not in text:
        front.title = paragraph
    elif _mark.match(text):
        front.furniture.append(paragraph)
    elif warned or (front.title is not None and _warns.search(text)):
        front.warning.append(paragraph)
    else:
        front.rest.append(paragraph)


def _add_days(front: Front, paragraph: Passage, place: str) -> None:
    """Every date of a line, for the label that stands last before it."""
    start = 0
    for match in _day.finditer(paragraph.text):
        before = paragraph.text[start : match.start()]
        place = "revised" if _revised.search(before) else "approved" if _approved.search(before) else place
        (front.revised if place == "revised" else front.approved).append((iso_date(match), paragraph.group(match)))
        start = match.end()
    front.furniture.append(paragraph)


def iso_date(match: re.Match[str]) -> str:
    """The ISO form of a date as far as it is printed."""
    year, month, day = (next((words for n in ("", *"234") if (words := match.groupdict().get(part + n))), "") for part in "ymd")
    return "-".join(f"{_number(words):02d}" for words in (year, month, day) if words)


def _number(words: str) -> int:
    """The number of a date's part: digits, full-width ones too, or Chinese signs."""
    return int(words) if words.isdecimal() else parse_chinese(words.replace("○", "〇"))


def is_day(iso: str) -> bool:
    """Whether the calendar has a day, or a month.

    >>> is_day("2019-02-28"), is_day("2019-02-30"), is_day("2019-13")
    (True, False, False)
    """
    try:
        date.fromisoformat(iso if iso.count("-") > 1 else f"{iso}-01")
    except ValueError:
        return False
    return True


def find_days(passage: Passage) -> list[tuple[str, Passage]]:
    """The dates of a text, in order."""
    return [(iso_date(m), passage.group(m)) for m in _day.finditer(passage.text)]


def warning_text(front: Front) -> Passage | None:
    """The boxed warning, or None."""
    return join_paragraphs(front.warning) if front.warning else None
