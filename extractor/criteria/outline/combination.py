"""How the children of a stem combine: the words of the stem say so, or the words between the children.

Tables of words in both languages, from the stems of 480 ClinicalTrials.gov texts and of Chinese registry pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from operator import itemgetter

from extractor.criteria.outline.phrases import alternatives
from extractor.patterns import lazy_pattern
from extractor.text import has_ideograph

_count_words = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "一": 1,
    "两": 2,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
}
_count = r"(\d{1,2}|one|two|three|four|five|six)"
_at_least = lazy_pattern(
    rf"\b(?:at\s+least|minimum\s+of|any|≥|>=)\s*{_count}(?:\s*\(\w+\))?\s*(?:or\s+more\s+)?(?:/|of\b|out\s+of\b|or\s+more\b|additional\b|criteri|risk|following|sign|symptom|feature|factor|condition|item)"
    rf"|\b{_count}(?:\s*\(\w+\))?\s+(?:or\s+more|or\s+greater)\s+(?:of\b|\w+\s+of\b|criteri|risk|following)"
    rf"|(?:≥|>=)\s*{_count}\s+of\b|\b{_count}\s+of\s+(?:the\s+)?(?:following\s+)?{_count}\b",
)
_at_least_chinese = lazy_pattern(alternatives("at_least_chinese"))
_any = lazy_pattern(
    alternatives("any"),
)
_all = lazy_pattern(
    alternatives("all"),
)
_trigger = lazy_pattern(r"\b(?:any|anyone|at|minimum|one|either|by|all|both|each|every|two|three|four|five|six|\d{1,2})\b|≥|>=")
_or_end = lazy_pattern(r"(?:\bor|或者?)\W*$", re.IGNORECASE)
_and_end = lazy_pattern(r"\bAND\W*$|(?:且|并且)[;；,，]?$")
_LINKS = (
    (_or_end, lazy_pattern(r"(?:OR|or)\b[,:]?\s+(?=\w)|或者?(?=[^\s缺])"), "ANY"),
    (_and_end, lazy_pattern(r"AND\b[,:]?\s+(?=\w)|(?:并且|而且|且)(?=\S)"), "ALL"),
)  # what ends an item before another, or begins one behind another; "and" in small letters joins the last of any list
_upper = lazy_pattern(
    rf"\b(?:(?:not|no)\s+more\s+than|at\s+most|fewer\s+than|less\s+than|up\s+to|only|exactly)\s+{_count}\s+(?:of|or)\b"
    r"|\bnot\s+(?:meet|fulfill?|satisfy|have|meeting)\s+all\b|仅(?:满足|符合|有|具备)|(?:不超过|少于|不多于|至多|最多)\s*[\d一两二三四五六]\s*[项条种个]",
    re.IGNORECASE,
)  # a bound from above, or a denied "all", is none of the three ways to combine
_over = lazy_pattern(r"\bmore\s+than\s+(?:one|1)\s+of\b", re.IGNORECASE)


def read_combine(text: str, children: Iterable[str]) -> tuple[str, int]:
    """How children combine, from the stem's words, else from what stands between them: ("ANY", 0), ("AT_LEAST", 2), ("", 0).

    >>> read_combine("Meets two or more of the following:", [])
    ('AT_LEAST', 2)
    >>> read_combine("符合以下任一项", [])
    ('ANY', 0)
    >>> read_combine("Defined as", ["fever, OR", "rash"])
    ('ANY', 0)
    """
    if _upper.search(text):
        return "", 0
    if _over.search(text):
        return "AT_LEAST", 2
    return _combine_of_words(text) or _combine_of_links(list(children)) or ("", 0)


def bounds_above(text: str) -> bool:
    """Whether a stem says how many of its children there may be at most.

    >>> bounds_above("Only one of the following:"), bounds_above("At least one of the following:")
    (True, False)
    """
    return _upper.search(text) is not None


def _combine_of_words(text: str) -> tuple[str, int] | None:
    lowered = text.lower()
    if text.isascii() or not has_ideograph(text):
        found = [
            (start, reading(match))
            for start in [trigger.start() for trigger in _trigger.finditer(lowered)]
            for pattern, reading in _ENGLISH
            if (match := pattern.match(lowered, start))
        ]
    else:
        found = [(match.start(), reading(match)) for pattern, reading in _BOTH for match in pattern.finditer(lowered)]
    return max(found, key=itemgetter(0))[1] if found else None


def _counted(found: re.Match[str]) -> tuple[str, int]:
    raw = next(group for group in found.groups() if group)
    count = int(raw) if raw.isdigit() else _count_words[raw.lower()]
    return ("ANY", 0) if count == 1 else ("AT_LEAST", count)


def _combine_of_links(children: list[str]) -> tuple[str, int] | None:
    for end, start, combine in _LINKS:
        if any(end.search(text[-6:]) for text in children[:-1]) or any(start.match(text) for text in children[1:]):
            return combine, 0
    return None


Reading = tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, int]]]
# Patterns with what a match says; an English one can only begin at a trigger.
_ENGLISH: tuple[Reading, ...] = ((_at_least, _counted), (_any, lambda _: ("ANY", 0)), (_all, lambda _: ("ALL", 0)))
_BOTH: tuple[Reading, ...] = ((_at_least_chinese, _counted), *_ENGLISH)
