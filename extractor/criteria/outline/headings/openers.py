"""Sentences that open a side where no heading does: "Women were ineligible if they:" (in Chinese 有下列情况之一者不得入选)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.criteria.outline.headings.sides import INCLUSION
from extractor.criteria.outline.phrases import alternatives
from extractor.patterns import lazy_pattern

_ORNAMENTS = " 【】[]［］()（）<>*_#:：-–—.。;；"
_must_not = lazy_pattern(r"\bmust not\b", re.IGNORECASE)
_not_out = lazy_pattern(
    r"\bnot\s+(?:be\s+)?(?:considered\s+)?(?:an?\s+)?(?:exclu\w+|ineligible)|不(?:予以?|需要?|应|能|作为|视为|被|属于)*(?:排除|剔除)|无[需须]排除",
    re.IGNORECASE,
)
_denied = lazy_pattern(
    r"\b(?:not(?! limited| only)|no|none|never|without|neither|nor|cannot|exclu\w+|ineligible)\b|n['’]t\b|[不未无没勿禁](?!限于|仅|论)|非|排除|剔除|除外|除了?以[下上]",
    re.IGNORECASE,
)
_answered = lazy_pattern(r"\banswer\w*\b.{0,30}\bno\b", re.IGNORECASE)  # "All answers must be NO": what an exclusion list means
_admitted = lazy_pattern(
    r"\b(?:are|is|be|remain|stay)\s+(?:still\s+|also\s+)?(?:eligible|included|allowed|permitted|enrolled|acceptable)\b|可以?(?:入选|入组|纳入|参加)|允许",
    re.IGNORECASE,
)
_inner_stop = lazy_pattern(r"[.;]\s|[。；;]")
_LONGEST_PEOPLE = 6  # characters of a word for people with its full stop
_LONGEST = 400  # characters of a sentence that leads into a list
_out = lazy_pattern(alternatives("opens_exclusion"), re.IGNORECASE | re.DOTALL)
_BARRED = (
    r"(?:(?:不能|不得|不可|不宜|不予|不应|不适[合宜]|禁止|不)(?:被)?(?:入组|入选|纳入|参加|参与|进入|选入)"
    r"|(?:予以?|应予?|将|均予?|需|须|则|可|一律|一并)(?:被|予以?)?(?:排除|剔除)|(?:情况|情形|条件|疾病)之?一?者?(?:排除|除外|剔除)(?=者?[:：])|者(?:予以)?(?:排除|剔除)|排除在外|排除标准)"
)
_chinese_out = lazy_pattern(
    rf"{_BARRED}.{{0,24}}[:：]$|^(?:同时|并且?|另外?|还?[应须需])*排除(?:以下|下列|标准|具有|存在|合并|有)?.{{0,24}}[:：]$"
    r"|^(?:除外|禁忌[证症]?)(?:病例|患者|情况|人群|者)?[:：]$|^(?:如?有?不符合).{0,8}(?:条件|标准)者?[:：]$"
)
_APART = r"(?:(?:并|同时|另|且|还|需|应)+排除了?(?=[:：])|(?:并|同时|另|且|还|需|应)*排除了?(?:如下|[^。；;：:\n]{0,8}(?:以下|下列)))"  # 并排除以下情况：
_LISTS = r"(?:[:：]|(?=\s*(?:[（(]\s?1\s?[)）]|1\s?[.、)）]|[①⑴])))"  # a colon, or the first item
_chinese_sentence = lazy_pattern(
    rf"(?:{_APART}[^。；;：:\n]{{0,20}}?|[^。；;：:\n]{{0,40}}{_BARRED}[^。；;：:\n]{{0,12}}?|不符合[^。；;：:\n]{{0,8}}(?:条件|标准)者?){_LISTS}"
)
_chinese_stop = lazy_pattern(r"(?<=[。；;])\s*")
_sentence = lazy_pattern(rf"(?:{alternatives('people_told')}|[A-Z]\w+)\b[^.;:\n]{{0,120}}\b(?:{alternatives('bars')})\b[^.;:\n]{{0,60}}:")
_stop = lazy_pattern(r"(?<=[.;])\s")
_PLACES = ((_stop, _sentence), (_chinese_stop, _chinese_sentence))
_bars = lazy_pattern(rf"\b(?:{alternatives('bars')})\b", re.IGNORECASE)
_people_barred = lazy_pattern(alternatives("bars_people"), re.IGNORECASE | re.MULTILINE)
_chinese_bars = lazy_pattern(alternatives("bars_chinese"), re.MULTILINE)
_BAR_HINTS = ("exclu", "eligib", "cannot", "disqualif", " not ", "n't ", "n’t ")  # one of which every bar holds
_OPEN_HINTS = ("exclu", "eligib", "not", "n't", "n’t", "contra", "disqualif", "unsuitable", "criteria", "participa")  # as above
_BOTH_OPEN_HINTS = (*_OPEN_HINTS, "排", "除", "不", "禁")
_colon = lazy_pattern(r"[^.;:。；：，\n]{0,60}[:：]")
_RULED_REACH = 60  # characters before "are excluded" that say whether persons or diseases are
_ruled_out = lazy_pattern(
    r"\b(?:causes?|etiolog\w+|aetiolog\w+|diagnos[ei]s|diseases?|disorders?|conditions?|infections?|pregnancy|malignanc\w+|lesions?|reasons?)\b(?:\W+(?!who\b|patients?\b)\w+){0,4}\W*$",
    re.IGNORECASE,
)
_in = lazy_pattern(r"\b(?:were|are|is|will be|may be) eligible (?:for|to|if|when)\b", re.IGNORECASE)


# Words that look like an exclusion heading, whatever stands round them: read only where no exclusion list came out.
_heading = lazy_pattern(alternatives("exclusion_heading"), re.IGNORECASE | re.MULTILINE)
_none = lazy_pattern(
    r"\W*(?:\d\W*)?(?:none|n/?a|nil|not applicable|not specified|no(?:ne)? (?:exclusion|specific)?\s*(?:criteria)?|no exclusions?|there (?:are|were) no exclusion criteria|无|没有|暂无|不适用|无特殊)\W*",
    re.IGNORECASE,
)


def find_exclusion_words(text: str) -> tuple[int, int] | None:
    """The words of a text that look like an exclusion heading, unless what stands behind them says that there are no such criteria.

    >>> find_exclusion_words("Kites; exclusion criteria: storms")
    (7, 26)
    >>> find_exclusion_words("Exclusion Criteria: None") is None
    True
    """
    found = _heading.search(text)
    if found is None:
        return _find_told(text)
    if _none.fullmatch(text, found.end(), min(len(text), found.end() + _LONGEST)):
        return None
    return found.span()


def _find_told(text: str) -> tuple[int, int] | None:
    """A sentence that says who is excluded and leads to a list with its colon."""
    return next((bar.span() for bar in _find_bars(text) if _colon.match(text, bar.end())), None)


def find_bar(text: str) -> tuple[int, int] | None:
    """The words by which a statement says for itself who is excluded, whatever list it stands in.

    >>> find_bar("Patients over 70 will be excluded"), find_bar("Other causes were excluded; no exclusion")
    ((22, 33), None)
    >>> find_bar("年龄大于70岁者不得入选"), find_bar("不参加其他试验")
    ((8, 12), None)
    >>> find_bar("年满18岁，排除恐高者"), find_bar("经检查排除妊娠")
    ((6, 11), None)
    """
    for bar in _find_bars(text):
        if not _ruled_out.search(text, max(0, bar.start() - _RULED_REACH), bar.start()):
            return bar.span()
    people = _people_barred.search(text) if "xclud" in text or "除" in text else None
    return people.span() if people else None


def _find_bars(text: str) -> Iterator[re.Match[str]]:
    lowered = text.lower()
    if any(word in lowered for word in _BAR_HINTS):
        yield from _bars.finditer(text)
    if not text.isascii():
        yield from _chinese_bars.finditer(text)


def opens_exclusion(text: str) -> bool:
    """Whether a sentence leads into an exclusion list.

    >>> opens_exclusion("A subject will not be eligible to participate if any of the following apply:")
    True
    >>> opens_exclusion("有下列情况之一者不得入选："), opens_exclusion("The following are not exclusion criteria:")
    (True, False)
    """
    if not _may_open(text) or _not_out.search(text):
        return False
    return _out.search(text) is not None or (not text.isascii() and _chinese_out.search(text) is not None)


def _may_open(text: str) -> bool:
    """Whether a text has a word without which no sentence leads into an exclusion list: a cheap test before the real one."""
    if len(text) >= _LONGEST:
        return False
    lowered = text.lower()
    return any(word in lowered for word in (_OPEN_HINTS if text.isascii() else _BOTH_OPEN_HINTS))


def turns_round(words: str, side: str) -> bool:
    """Whether a lead-in says the opposite of its side: then what stands below it may not lose it.

    >>> turns_round("Patients must not have any of the following:", "inclusion"), turns_round("不得有下列情况：", "inclusion")
    (True, True)
    >>> turns_round("Patients who do not meet any of the following:", "exclusion"), turns_round("Patients must not have:", "exclusion")
    (True, False)
    """
    if side == INCLUSION:
        return _denied.search(words) is not None or find_bar(words) is not None
    return _not_out.search(words) is not None or _admits(words)


def _admits(words: str) -> bool:
    """Whether a lead-in below an exclusion heading denies it or lets persons in."""
    if find_bar(words) or opens_exclusion(words.rstrip(":：. ") + ":") or _answered.search(words):
        return False
    return _denied.search(words) is not None or _admitted.search(words) is not None


def bars_below(words: str) -> bool:
    """Whether the words of an item say that those below it are excluded; a colon behind them is not asked for.

    >>> bars_below("Subjects will be excluded if"), bars_below("【有以下情况之一者予以排除】")
    (True, True)
    >>> bars_below("Stage II disease. Patients with a biopsy only will be excluded")
    False
    """
    stem = words.strip(_ORNAMENTS)
    if _must_not.search(stem) and find_bar(stem) is None:  # "must not have any of": a condition of inclusion
        return False
    return _inner_stop.search(stem) is None and opens_exclusion(f"{stem}:")


def opens_inclusion(text: str) -> bool:
    """Whether a sentence says who is eligible: after an exclusion list without a heading it goes back to inclusion."""
    return _in.search(text) is not None


_last_sentence = lazy_pattern(r"(?:同时|并且?|另外?|需|应|须)*(?:排除|剔除)(?!标准|其他原因|其它原因)[^。：:\n]{1,120}者?。?$")
_names_people = lazy_pattern(r"(?:者|患者|病人|病例|人群|受试者|孕妇|妇女|女性|男性|儿童)。?$")


def find_last_bar(text: str, start: int, end: int) -> int | None:
    """Where the last sentence of a list begins that says who is excluded: alone on its line, or behind the one full stop that ends a list of clauses.

    >>> find_last_bar("1.有风筝；2.有线。排除恐高者。", 0, 17)
    11
    >>> find_last_bar("1.有风筝；2.有线；排除恐高者。", 0, 17) is None
    True
    """
    stop = text.find("。", start, end)
    place = start if stop < 0 or stop + 1 >= end else stop + 1
    found = _last_sentence.match(text, place, end)
    if found is None or not _names_people.search(text, max(place, end - _LONGEST_PEOPLE), end):
        return None
    return place if place == start or any(mark in text[start:place] for mark in ";；") else None


def find_opener(text: str, start: int, end: int) -> int | None:
    """Where on a line a sentence begins that leads into an exclusion list; at the start of the line, it must be followed by the list.

    >>> find_opener("有风筝者可入选。有下列情况之一者不得入选：(1)恐高。", 0, 27)
    8
    """
    for stop, sentence in _PLACES[: 1 if text.isascii() else 2]:
        for place in (start, *(found.end() for found in stop.finditer(text, start, end))):
            found = sentence.match(text, place, end)
            if found and (place > start or text[found.end() : end].strip()):
                return place
    return None
