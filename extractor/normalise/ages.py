"""Structured age limits: one field each, or one line for both."""

from __future__ import annotations

import re
from typing import NamedTuple

from extractor.patterns import lazy_pattern
from extractor.text import LONGEST_NUMBER

UNITS = {
    **dict.fromkeys("year years yr yrs y 岁 周岁 歳 jahr jahre ans an anos ano años año anni jaar rok lat".split(), "YEAR"),
    **dict.fromkeys("month months mo m 月 个月 月龄 か月 ヶ月 カ月 monat monate mois mes meses mês mesi maand maanden".split(), "MONTH"),
    **dict.fromkeys("week weeks w 周 週 woche wochen semaine semaines semana semanas settimane weken".split(), "WEEK"),
    **dict.fromkeys("day days d 天 日 tag tage jour jours día días dia dias giorni dagen".split(), "DAY"),
    **dict.fromkeys("hour hours h 小时".split(), "HOUR"),
    **dict.fromkeys("minute minutes 分钟".split(), "MINUTE"),
}
NO_LIMIT = frozenset(
    {
        "n/a",
        "na",
        "none",
        "not applicable",
        "not limited",
        "unlimited",
        "any age",
        "all ages",
        "nd",
        "?",
        "??",
        "/",
        "无",
        "不限",
        "无限制",
        "-",
        "--",
        "—",
        "——",
        "无上限",
        "无下限",
        "没有限制",
        "0 years and 999 years",
    }
)
OLDEST = 150  # a larger number of years is a registry's way to say "no limit" (999 Years)

_unit = "|".join(sorted(UNITS, key=len, reverse=True))
# One measure: "18 Years", "6 (Month)", "18Y", "18+"; several stand behind each other ("1 Year 6 Months", "65Y0M").
_age = lazy_pattern(
    rf"(?P<value>\d+(?:\.\d+)?)\s*\+?(?:\s*-?\s*[(（\[]?\s*(?P<unit>{_unit})(?=s?\b|[\d)）\]]|\(s\)|\s*old|[以未超])(?:s|\(s\))?\s*[)）\]]?)?",
    re.IGNORECASE,
)
_joint = lazy_pattern(r"(?:\s|,|，|and|又|零)*", re.IGNORECASE)
_limitless = lazy_pattern(
    r"(?:there is |has )?(?:no|without)(?: (?:a|an|upper|lower|maximum|minimum|max|min|age|limits?|restrictions?))+(?: is| set)?",
    re.IGNORECASE,
)
_negative = lazy_pattern(r"[-−]\d")
_word = lazy_pattern(r"\s*(?P<word>[^\W\d_]+)")
# Words that go on behind a number of years; any other may be a unit that the table lacks.
CONNECTING = frozenset("and or to old older above over plus age aged up until included inclusive 及 及以上 以上 以下 未満 至 到 或".split())
# Ages counted from conception say nothing about an age since birth.
_unborn = lazy_pattern(
    r"gestation|gestational|postmenstrual|post-menstrual|postconceptional|corrected|\bPMA\b|\bGA\b|胎龄|孕周|孕龄|妊娠|矫正", re.IGNORECASE
)
# A unit and the next smaller one that people write behind it, with how many of these make one.
SMALLER = {("YEAR", "MONTH"): 12, ("WEEK", "DAY"): 7, ("DAY", "HOUR"): 24}
_line = lazy_pattern(
    rf"(?P<low>\d+(?:\.\d+)?(?:\s*(?:{_unit}))?)(?:\s*old)?\s*(?:-|–|—|~|～|to|至|到|through)\s*(?P<high>\d+(?:\.\d+)?\s*(?:{_unit})?)"
    rf"|(?:up to|under|younger than|≤|<|至多)\s*(?P<most>\d+(?:\.\d+)?\s*(?:{_unit})?)"
    rf"|(?P<least>\d+(?:\.\d+)?\s*\+?\s*(?:{_unit})?)",
    re.IGNORECASE,
)


class AgeLine(NamedTuple):
    """Where the two limits of a line stand: (start, end) or None."""

    low: tuple[int, int] | None
    high: tuple[int, int] | None


def parse_age(text: str, unit: str = "YEAR") -> tuple[int | float, str] | None:
    """(value, unit) of one age limit, None where the words say that there is none. `unit` stands in for a missing one.

    Raises ValueError where the text is neither, or counts from conception.

    >>> parse_age("18 Years"), parse_age("6 (Month)"), parse_age("N/A"), parse_age("1 Year 6 Months"), parse_age("18 岁 years")
    ((18, 'YEAR'), (6, 'MONTH'), None, (18, 'MONTH'), (18, 'YEAR'))
    """
    words = " ".join(text.replace("_", " ").split())
    if _is_limitless(words):
        return None
    match = _find_age(words)
    if match is None:
        raise ValueError(f"no age: {text[:40]!r}")
    number = float(match["value"])
    found = _read_unit(match, unit)
    rest = _age.match(words, _joint.match(words, match.end()).end())  # type: ignore[union-attr]
    if rest and rest["unit"] and len(rest["value"]) <= LONGEST_NUMBER:
        number, found = _add(number, found, float(rest["value"]), _read_unit(rest, unit))
    if found == "YEAR" and number > OLDEST:
        return None
    return (int(number) if number.is_integer() else number), found


def _find_age(words: str) -> re.Match[str] | None:
    """The first number of the words with its unit, None where it cannot be an age."""
    match = _age.search(words)
    return None if match is None or len(match["value"]) > LONGEST_NUMBER or _is_no_age(words, match) else match


def _is_limitless(words: str) -> bool:
    """Whether the words say that there is no limit; a negative number is a register's sign for that."""
    return words.casefold() in NO_LIMIT or bool(_limitless.fullmatch(words) or _negative.match(words))


def _is_no_age(words: str, match: re.Match[str]) -> bool:
    """Whether the words count from conception, or a word that may be an unknown unit stands behind the number."""
    following = None if match["unit"] else _word.match(words, match.end())
    return bool(_unborn.search(words)) or (following is not None and following["word"].casefold() not in CONNECTING)


def _read_unit(match: re.Match[str], unit: str) -> str:
    return UNITS.get((match["unit"] or "").casefold(), unit)


def _add(number: float, unit: str, more: float, smaller: str) -> tuple[float, str]:
    """Two measures as one, in the smaller unit; raises ValueError where the two do not follow each other."""
    if not more and (unit, smaller) in SMALLER:
        return number, unit
    if (unit, smaller) not in SMALLER:
        raise ValueError(f"no age: {number} {unit} {more} {smaller}")
    return number * SMALLER[unit, smaller] + more, smaller


def split_ages(text: str) -> AgeLine:
    """The parts of a line such as "18 Years to 75 Years", "18+ years old", "up to 17 Years".

    >>> line = "45 to 85 years old"
    >>> [line[a:b] for a, b in split_ages(line)]
    ['45', '85 years']
    """
    match = _line.search(text)
    if match is None:
        return AgeLine(None, None)
    spans = {name: match.span(name) for name, found in match.groupdict().items() if found}
    return AgeLine(spans.get("low") or spans.get("least"), spans.get("high") or spans.get("most"))


def age_unit(text: str) -> str:
    """The first unit that the text names, as the record spells it; "YEAR" where it names none."""
    match = re.search(rf"(?:{_unit})\b|[岁月周天日]", text, re.IGNORECASE)
    return UNITS.get(match.group().casefold(), "YEAR") if match else "YEAR"
