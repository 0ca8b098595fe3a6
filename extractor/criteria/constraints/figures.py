"""Numbers of criteria text as tokens: digits, numerals and number words with the unit behind them.

    figure := number [(number again)] [unit] | titre | sum | weeks + days | 百分之 numeral

A number that is part of something else (a date, a version, a clock time, a code such as V600E, a fraction in words) gives no token.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from extractor.criteria.constraints.vocabulary import MARKS, MEANINGS, Token
from extractor.normalise.folding import fold
from extractor.normalise.numbers import WORDS, parse_approximate, parse_number
from extractor.normalise.quantities import UnitMeaning, match_unit, measure_of, read_number
from extractor.patterns import lazy_pattern

NUMERALS = "一二两三四五六七八九十百千半"
_CLASSIFIERS = "厘毫公克升斤米个個周年月日天岁倍次种级度项处分小时星期位例根支杯代支包条枚片名只"
_WORD = "|".join(sorted((word for word in WORDS if word.isascii()), key=len, reverse=True))
_MONTHS = "|".join("jan feb mar apr may jun jul aug sep oct nov dec".split())
_skipped = lazy_pattern(
    r"(?:19|20)\d\d(?:\s?年(?:\s?\d{1,2}\s?月)?(?:\s?\d{1,2}\s?日)?|\s?[-./]\d{1,2}[-./]\d{1,2}(?!\d))"  # dates
    r"|\d+\.\d+\.\d+(?:\.\d+)*"  # versions
    r"|(?:19|20)\d\d\.\d{1,2}(?!\d)"  # a year and a month
    rf"|\d{{1,2}}\s?(?:of\s)?(?:{_MONTHS})[a-z]{{0,7}}(?![a-z])(?:,?\s(?:19|20)\d\d)?"  # a day and a month
    r"|\d+\s?\^\s?-\s?\d+"  # powers below one
    r"|\d(?:\s\d(?!\d))+(?:\s?\.\s\d(?:\s\d(?!\d))*)?(?!\.?\d)"  # letter-spaced digits: 1 8 . 5
    r"|\d{1,2}:\d{1,2}(?![\d:])|\d+(?:st|nd|rd|th)(?![a-z])"  # clock times, proportions, ordinals
)
_titre = lazy_pattern(r"1\s?:\s?(\d{1,5})(?![\d:])")
_NUMBERS = (
    r"10\s?\^\s?\d{1,2}(?!\s?/)",  # a power
    r"\d+(?:\.\d+)?(?=10(?:9|12)\s?/\s?l)",  # a number whose sign of multiplication was lost: 100109/l
    r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?",  # thousands with commas
    r"\d{1,3}(?: \d{3})+(?=\s?(?:/|个|cells|copies))",  # thousands with blanks
    r"\d{1,3}(?:\.000)+(?=\s?/)",  # thousands with points
    r"\d+,\d{1,2}(?=\s?(?:×|x|mg|g/|mmol|%|cm|mm|k))|\d{2},\d\d(?![\d,])",  # a decimal comma
    r"\d+(?:\.\d+)?",
)
"""Numbers in digits as they are written, the special ones first."""
_number = lazy_pattern(rf"(?:{'|'.join(_NUMBERS)})(?:\s?(?:[百千万亿](?![/个拷])|(?:million|billion|thousand)(?![a-z])))?")
_numeral = lazy_pattern(
    rf"[一二两三四五六七八九十]{{1,4}}个半(?=月|小时|年|周)|[{NUMERALS}]{{1,8}}(?=\s?[{_CLASSIFIERS}]|[至到~\-]\s?[{NUMERALS}]{{1,8}}\s?[{_CLASSIFIERS}])"
)
_words = lazy_pattern(rf"(?:{_WORD})(?:(?:[- ]|\sand\s)(?:{_WORD})(?![a-z]))*(?:\sand\s(?:a\s)?half(?![a-z]))?")
_percent = lazy_pattern(rf"([百千])分之([{NUMERALS}零点]{{1,8}}|\d+(?:\.\d+)?)")
_more_shares = lazy_pattern(rf"[至到~\-]([{NUMERALS}]{{1,4}})(?![{NUMERALS}{_CLASSIFIERS}分])")
"""The upper end of a share in words, the share said once: 百分之三十至五十."""
_share = lazy_pattern(rf"[{NUMERALS}]{{1,3}}分之|[{NUMERALS}]{{1,3}}(?:/|又)")
_weeks = lazy_pattern(
    r"(\d{1,2})\s?(?:(?:weeks?|wks?|w|周)\s?(?:\+|and)?\s?|\+\s?|\s)([0-6])(?:\s?/\s?7|(?<=\+\d)|(?<=\+\s\d)|(?=\s?(?:days?|d(?![a-z])|天)))(?!\d|\.\d)"
)
_weeks_unit = lazy_pattern(r"\s?-?(?:weeks?|wks?|w|days?|d|周|天)(?![a-z])")
_sum = lazy_pattern(r"\s?\+\s?(\d)(?!\d|\.)(?:\s?=\s?(\d{1,2})(?!\d|\.))?")
_twice = lazy_pattern(rf"\s?\(\s?(\d+(?:\.\d+)?|{_WORD})\s?\)(?=\s?[a-z%×])")
_between = lazy_pattern(
    r"\s?(?:of\s)?(?:an?\s)?(?:(?:consecutive|continuous|calendar|successive|full|previous|past|preceding|prior|last)\s)?-?\s?"
)
_hour = lazy_pattern(r"[以之]?[内前后上]|[至到~-]|\s?[,;)]|\Z")
"""What stands behind 时 where it counts hours; elsewhere it means "when" (血小板≥75时)."""
_UNIT_OF = {("refractive_error", "d"): "D"}
"""Spellings of units that mean another unit of some variables: an astigmatism of -1.5 d."""
_a_time = lazy_pattern(r"\san?\s(?:day|week|month|year)(?![a-z])")
_half = lazy_pattern(r"半(?!数|径|衰)")
_code = lazy_pattern(r"(?!x?\s?(?:[ul]ln|u?nl)(?![a-z]))[a-z](?<!x)")
_letters = lazy_pattern(r"[a-z]+")
_unread_power = lazy_pattern(r"\s?[x×*]\s?10(?![\d.%]|\s?(?:mg|ml|cm|mm|d|min|h|s)(?![a-z]))")
_unread_unit = lazy_pattern(r"\s?(?!or/|and/)[a-zµ]{1,6}/(?:ml|l|dl|µl|ul|kg|g|mg|m2|min|mol|mm3)(?![a-z])")
_plus = lazy_pattern(r"\+\s?")
_scientific = lazy_pattern(r"e\+?\d{1,2}(?![a-z\d/])")
_raised = lazy_pattern(r"(10)\s?\^?\s?((?<=\^)\d{1,2}|(?<=\^\s)\d{1,2}|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})")
_TITRES = frozenset(step * 2**n for step in (1, 10, 25, 100, 1000) for n in range(14))
"""What titres are diluted to: doublings; 1:1 and 1:2 are proportions all the same."""
_OCCASIONS = frozenset({"once", "twice", "thrice"})
"""Words that count how often: `twice a week` is no two weeks."""
_SUPERSCRIPT_MINUS = "\u207b"
_ORDINAL = "第"
_LONGEST = 18
"""Characters of a number; a longer run of digits is an identifier."""
_HIGHEST_GRADE = 5
"""Grades of toxicity go from 1 to 5: 度 behind such a number is a grade, behind a larger one a degree."""
_PERCENT = measure_of("%")
_TITRE = UnitMeaning("{titer}", "titre")
_DAYS = measure_of("天")
WrittenUnit = tuple[UnitMeaning | None, str]
"""A unit, None where it is not known, and its words as printed."""


class FigurePlace(Struct, frozen=True, gc=False):
    """Where a number begins (its first part ends at `end`), in the text and its folded form, and the variable named last."""

    text: str
    folded: str
    start: int
    end: int
    variable: str = ""


def read_figure(place: FigurePlace) -> tuple[list[Token], int]:
    """The tokens of the number that begins at a place (none where it is no number) and where reading goes on."""
    head = place.folded[place.start]
    if head.isdecimal():
        tokens, end = _digits(place)
    elif head in NUMERALS:
        tokens, end = _chinese(place)
    else:
        tokens, end = _english(place)
    return tokens, max(end, tokens[-1].end) if tokens else end


def _digits(place: FigurePlace) -> tuple[list[Token], int]:
    folded, start = place.folded, place.start
    for pattern, rule in _SPECIAL:
        if (found := pattern.match(folded, start)) and (tokens := rule(place, found)):
            return tokens, tokens[-1].end
    if skipped := _skipped.match(folded, start):
        return [], skipped.end()
    if place.text[place.end : place.end + 1] == _SUPERSCRIPT_MINUS:
        return [], place.end + 2
    if place.text[start - 1 : start] == _ORDINAL:
        return [], place.end
    found = _number.match(folded, start)
    stop = found.end() if found else place.end
    pointed = folded[start - 1 : start] == "." and not folded[start - 2 : start - 1].isdigit() and _after_sign(folded, start)
    return _quantity(replace(place, start=start - pointed, end=stop)), stop


def _after_sign(folded: str, start: int) -> bool:
    """Whether the point before a digit is a decimal point: < .5."""
    return start > 1 and folded[start - 2 : start - 1] in " <>=≤≥("


def _titer(place: FigurePlace, found: re.Match[str]) -> list[Token]:
    """A dilution, 1:160, where it is one: behind a comparator or a variable that is titrated."""
    value = int(found[1])
    if value not in _TITRES or value < 4:
        return []
    return _measured_tokens(place.start, found.end(), value, (_TITRE, found.group()))


_to_weeks = lazy_pattern(r"\s?(?:to|-|~|至|到)\s?\d{1,2}\s?\+\s?[0-6]\s?(?:weeks|wks|w(?![a-z])|周)")
"""The far end of a range in weeks and days: 24+0 to 28+6 weeks."""


def _gestation(place: FigurePlace, found: re.Match[str]) -> list[Token]:
    """Weeks and days of a pregnancy: 24+0, 33周+6天, 36 6/7 weeks; as days."""
    end = found.end()
    unit = _weeks_unit.match(place.folded, end)
    named = "+" in found.group() and place.variable in ("gestation", "gestational_age_newborn", "corrected_age")
    if not any((unit, named, found.group().endswith("/7"), _to_weeks.match(place.folded, end))):
        return []
    end = unit.end() if unit else end
    return _measured_tokens(place.start, end, 7 * int(found[1]) + int(found[2]), (_DAYS, place.text[place.start : end]))


def _summed(place: FigurePlace, found: re.Match[str]) -> list[Token]:
    """A Gleason score as a sum: 3+4=7; without its result only behind the name."""
    more = _sum.match(place.folded, found.end())
    if more is None or (more[2] is None and place.variable != "gleason"):
        return []
    total = int(found.group()) + int(more[1])
    if more[2] is not None and int(more[2]) != total:
        return []
    return [Token(place.start, more.end(), gap=False, meanings={"num": total, "digits": True})]


_SPECIAL: tuple[tuple[re.Pattern[str], Callable[[FigurePlace, re.Match[str]], list[Token]]], ...] = (
    (_titre, _titer),
    (_weeks, _gestation),
    (lazy_pattern(r"\d(?=\s?\+\s?\d)"), _summed),
)


def _measured_tokens(start: int, end: int, value: float, unit: WrittenUnit) -> list[Token]:
    """A number and its unit that share one stretch of text."""
    measure, written = unit
    return [
        Token(start, end, gap=False, meanings={"num": value, "digits": True}),
        Token(end, end, gap=False, meanings={"unit": measure, "text": written}),
    ]


def _chinese(place: FigurePlace) -> tuple[list[Token], int]:
    """A numeral before what it counts, a range of two, or a percentage in words; 三分之一 is no limit."""
    if share := _percent.match(place.folded, place.start):
        shares = _in_hundred(place, share)
        return shares, shares[-1].end if shares else share.end()
    if place.folded[place.start - 1 : place.start] == _ORDINAL or (_share.match(place.folded, place.start)):
        return [], place.end
    numeral = _numeral.match(place.folded, place.start)
    return (_quantity(replace(place, end=numeral.end())), numeral.end()) if numeral else ([], place.end)


def _in_hundred(place: FigurePlace, found: re.Match[str]) -> list[Token]:
    whole, _, part = found[2].partition("点")
    try:
        value = parse_number(whole) if not part else float(f"{parse_number(whole)}.{parse_number(part)}")
    except ValueError:
        return []
    measure = _PERCENT if found[1] == "百" else measure_of("‰")
    unit = measure, place.text[found.start() : found.start(2)]
    shares = _measured_tokens(place.start, found.end(), value, unit)
    more = _more_shares.match(place.folded, found.end())
    if more is None:
        return shares
    to = Token(found.end(), more.start(1), gap=False, meanings=MEANINGS["至"])
    return [*shares, to, *_measured_tokens(more.start(1), more.end(), parse_number(more[1]), unit)]


def _english(place: FigurePlace) -> tuple[list[Token], int]:
    """Number words as far as they make one number: sixty-five, one and a half."""
    found = _words.match(place.folded, place.start)
    end = found.end() if found else place.end
    parted = place.folded.find(" and ", place.start, end)
    for stop in (end, parted if parted > 0 else place.end):
        if _is_number(place.folded[place.start : stop]):
            return _quantity(replace(place, end=stop)), stop
    return _quantity(place), place.end


def _is_number(words: str) -> bool:
    """Whether words make one number: sixty-five, but not "twenty-one and forty-five"."""
    try:
        parse_number(words)
    except ValueError:
        return False
    return True


def _quantity(place: FigurePlace) -> list[Token]:
    """A number and, right behind it, its unit."""
    text, folded, start, end = place.text, place.folded, place.start, place.end
    plus, twice = _plus.match(folded, end), _twice.match(folded, end)
    begin = plus.end() if plus else _unit_begins(folded, start, end)
    unit = match_unit(folded, begin)
    written = _unit_written(place, begin, unit)
    unit = unit if written else begin
    measure = _measure(written, plus=plus is not None, dashed="-" in folded[end:begin]) if unit > begin else None
    if measure is None and (scientific := _scientific.match(folded, end)):
        return [Token(start, scientific.end(), gap=False, meanings=_said(folded[start : scientific.end()], None))]
    said = _raised_number(text, start, end) or _said(folded[start:end], measure)
    if not said or (measure is None and _goes_on(folded, end)):
        return []
    if measure is None or _is_grade(text[begin:unit], said):
        return [Token(start, _past_repeated(folded, end, said), gap=False, meanings=said)]
    first = Token(start, twice.end() if twice else end, gap=False, meanings=said)
    return _with_unit(
        first, Token(begin, unit, gap=False, meanings={"unit": measure, "text": text[begin:unit]}), folded, plus=plus is not None
    )


def _unit_begins(folded: str, start: int, end: int) -> int:
    """Where the unit of a number may begin: right behind "once", "twice" and before "a day", else behind blanks and a number said twice."""
    if folded[start:end] in _OCCASIONS or (_a_time.match(folded, end) and not folded[start:end].endswith("half")):
        return end
    return _past(_between, folded, _past(_twice, folded, end))


def _unit_written(place: FigurePlace, begin: int, end: int) -> str:
    """The unit's words as they are meant; "" where 时 means "when" and no hour."""
    written = place.text[begin:end]
    if written == "时" and not _hour.match(place.folded, end):
        return ""
    return _UNIT_OF.get((place.variable, written), written)


def _past_repeated(folded: str, end: int, said: Mapping[str, Any]) -> int:
    """Past the bracket that only says the number again: 3 (three) times ULN."""
    found = _twice.match(folded, end)
    return found.end() if found and _said(found[1], None).get("num") == said["num"] else end


def _past(pattern: re.Pattern[str], folded: str, place: int) -> int:
    """The end of what a pattern matches at a place; the place itself where it matches nothing."""
    found = pattern.match(folded, place)
    return found.end() if found else place


def _goes_on(folded: str, end: int) -> bool:
    """Whether the number is only the beginning of what is written: a code (5HT), a power or a unit that cannot be read (75 × 10 …)."""
    glued = _letters.match(folded, end)
    named = glued is not None and "var" in MEANINGS.get(glued.group(), {})
    if _unread_power.match(folded, end) or _unread_unit.match(folded, end):
        return True
    return _code.match(folded, end) is not None and not named


def _is_grade(written: str, said: Mapping[str, Any]) -> bool:
    """Whether 度 counts a grade of toxicity, not a degree."""
    return written == "度" and said["num"] <= _HIGHEST_GRADE


def _measure(written: str, *, plus: bool, dashed: bool) -> UnitMeaning | None:
    """What the unit means; only years follow a plus sign (18+ years), only times and pack years a hyphen (6-month)."""
    measure = measure_of(written)
    if measure is None:
        return None
    if plus and measure.word != "YEAR":
        return None
    return None if dashed and not measure.word and measure.dimension != "exposure" else measure


def _with_unit(number: Token, unit: Token, folded: str, *, plus: bool) -> list[Token]:
    """The number's token and the unit's; `一年半` is one and a half, `18+ years` has its suffix behind the unit."""
    stop = unit.end
    if unit.meanings["unit"].word and (half := _half.match(folded, stop)):
        number = replace(number, meanings={**number.meanings, "num": number.meanings["num"] + 0.5})
        stop = half.end()
    tokens = [number, replace(unit, end=stop)]
    return [*tokens, Token(stop, stop, gap=False, meanings=MARKS["+"])] if plus else tokens


def _raised_number(text: str, start: int, end: int) -> dict[str, Any] | None:
    """10^5, 10⁵ without a unit: the power itself."""
    raised = _raised.fullmatch(text, start, end)
    return {"num": int(raised[1]) ** int(fold(raised[2])), "digits": True} if raised else None


def _said(written: str, measure: UnitMeaning | None) -> dict[str, Any]:
    """What a written number says: its value, for an approximate one (两三) the smaller with `most`; empty where it is none."""
    digits = written[0] in "0123456789."
    if len(written) > _LONGEST:
        return {}
    if written.isdecimal() and written.isascii():
        return {"num": int(written), "digits": digits}
    if approximate := parse_approximate(written):
        return {"num": approximate[0], "most": approximate[1], "digits": digits}
    value = _value(written, measure)
    return {} if value is None else {"num": value, "digits": digits}


def _value(written: str, measure: UnitMeaning | None) -> int | float | None:
    if "个半" in written:
        return parse_number(written[:-2]) + 0.5
    if "," in written and len(written.rpartition(",")[2]) < 3:
        written = written.replace(",", ".")
    if len(written) > 1 and set(written) <= set("一二两三四五六七八九"):
        return None  # digits side by side that do not follow each other: a code, no number
    try:
        return read_number(written if written[0] != "." else "0" + written, measure)
    except ValueError:
        return None
