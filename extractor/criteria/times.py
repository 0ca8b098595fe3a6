"""Readings of time limits: an age, the length of a state, a window, or a measurement in units of time."""

from __future__ import annotations

import re
from dataclasses import replace

from extractor.criteria.limits import Limit, Line
from extractor.criteria.readings import Reading, Stretch, _rated, age_words
from extractor.criteria.subjects import Named, find_phrase, find_subjects
from extractor.criteria.windows import Timing, find_timing
from extractor.normalise.quantities import Measure

_NO_AGE = re.compile(
    r"\s*(?:of(?! age)|duration|history|experience|post|since|after|prior|before|ago|follow|from|survival|in (?:the )?past|earlier|period|life|treatment|apart)",
    re.IGNORECASE,
)
_bracket = re.compile(r"[(（][^)）]{0,40}[)）]")
_YOUNG = re.compile(r"(?:child|children|infants?|newborns?|neonates?|adolescents?|adults?|儿童|婴儿|婴幼儿|幼儿|成人|新生儿)[\s(（]*$", re.IGNORECASE)
_TREATED = re.compile(r"treat|therap|dose|drug|medication|receiv|taking|steroid|administ|discontinu|washout|治疗|用药|服用|使用", re.IGNORECASE)
_LENGTHY = re.compile(r"时间|病程|周期|时长|寿命|生存|duration|expectancy|survival|interval|\btime\b", re.IGNORECASE)


def read_time(line: Line, limit: Limit, floor: int, previous: Reading | None) -> list[Reading]:
    """The reading of a limit whose unit is one of time; none where it is no constraint."""
    measure = limit.measure
    if measure is None:
        return []
    subjects = find_subjects(line, limit, floor)
    if measure.dimension in ("age", "gestation") or (subjects and subjects[-1].subject.kind == "AGE"):
        return _age(line, limit, subjects, measure)
    if age_words(line, limit) and measure.dimension == "time":
        return _age(line, limit, [], measure)
    timing = find_timing(line, limit, floor)
    if timing and not _state(line, limit, timing, subjects):
        return [_window(limit, timing, subjects, measure)]
    if timing and timing.relation == "WITHIN" and not limit.compared:
        limit = replace(limit, low=None, compared=True)
    return _untimed(line, limit, floor, subjects, previous, measure)


def join_windows(line: Line, limit: Limit, readings: list[Reading]) -> list[Reading]:
    """`within 4 weeks or 5 half-lives`: the second length has the relation and anchor of the first."""
    last = readings[-1] if readings else None
    if not last or not last.window or last.kind != "WINDOW" or limit.compared or not limit.measure or not limit.measure.word:
        return []
    if find_timing(line, limit, last.after) or not _alternative(line, last.limit, limit):
        return []
    timing = last.window.timing._replace(first=limit.first, after=limit.after)
    return [_window(limit, timing, last.subjects, limit.measure)]


def twin_window(line: Line, bare: Limit, reading: Reading) -> Reading | None:
    """`4周或5个半衰期内`: a length without words of its own before the one that has them."""
    if reading.kind != "WINDOW" or not reading.window or not reading.limit or not bare.measure or not bare.measure.word:
        return None
    if bare.measure.dimension == "age" or not _alternative(line, bare, reading.limit):
        return None
    return _window(bare, reading.window.timing._replace(first=bare.first, after=bare.after), reading.subjects, bare.measure)


def _alternative(line: Line, first: Limit | None, second: Limit) -> bool:
    """Whether only "or", a bracket, a comma or words about the drug stand between two lengths."""
    if first is None or not 0 < second.first - first.after <= 7:
        return False
    between = range(first.after, second.first)
    stops = any(line.mark(at) in (";", "。", "\n") for at in between)
    words = _bracket.sub("", line.text[line.tokens[first.after - 1].end : line.tokens[second.first].start])
    near = len(words) <= 16
    return any(line.get(at, "or") for at in between) and near and not stops


def _age(line: Line, limit: Limit, subjects: list[Named], measure: Measure) -> list[Reading]:
    """An age; without comparator (一名12岁…) it is none."""
    plus_minus = limit.low and limit.high and limit.low.value == -limit.high.value
    if not limit.compared or plus_minus:
        return []
    named = [named for named in subjects if named.subject.kind == "AGE"]
    if measure.dimension == "gestation" and not named:
        return [Reading("DURATION", limit.first, limit.after, limit, subjects, measure=measure)]
    return [Reading("AGE", limit.first, limit.after, limit, named, measure=measure)]


def _state(line: Line, limit: Limit, timing: Timing, subjects: list[Named]) -> bool:
    """Whether the time is the length of a state that is named: 病程在6个月以内, menopause for ≥ 2 years."""
    if not subjects or subjects[-1].subject.kind != "DURATION":
        return False
    named = subjects[-1]
    touching = line.tokens[timing.first].start - named.end <= 12
    if touching and limit.compared and line.get(timing.first, "cmp") and named.end <= line.tokens[timing.first].start:
        return True
    if timing.relation == "FOR":
        return touching or line.text[named.end : line.tokens[limit.first].start].isascii()
    return touching and timing.anchor == "" and _LENGTHY.search(line.text, named.start, named.end) is not None


def _window(limit: Limit, timing: Timing, subjects: list[Named], measure: Measure) -> Reading:
    end = limit.high or limit.low
    value = end.value if end else 0
    named = [named for named in subjects if named.subject.kind not in ("AGE", "DURATION")]
    stretch = Stretch(timing, value, measure.word)
    return Reading("WINDOW", min(limit.first, timing.first), max(limit.after, timing.after), limit, named, window=stretch, measure=measure)


def _untimed(line: Line, limit: Limit, floor: int, subjects: list[Named], previous: Reading | None, measure: Measure) -> list[Reading]:
    """No word makes it a window: the length of a state, the other end of the limit before, an age in years, a rate."""
    if not limit.compared:
        return _bare(line, limit, subjects, measure)
    rated = _rated(line, limit, floor)
    if rated is not measure:
        return [Reading("MEASUREMENT", limit.first, limit.after, limit, subjects or _phrased(line, limit, floor), measure=rated)]
    if measure.ucum == "min" and subjects and subjects[-1].subject.name == "interval":
        return []
    if previous and previous.kind in ("MEASUREMENT", "SCORE") and limit.low and not limit.high and limit.first - previous.after <= 1:
        if line.close(limit.first):
            return [_window(limit, Timing("FOR", "", limit.first, limit.after), [], measure)]
    if subjects:
        kind = "MEASUREMENT" if subjects[-1].subject.kind == "MEASUREMENT" else "DURATION"
        return [Reading(kind, limit.first, limit.after, limit, subjects, measure=measure)]
    if previous and previous.limit and previous.kind in ("DURATION", "AGE") and _follows(line, limit, previous):
        return [Reading(previous.kind, limit.first, limit.after, limit, previous.subjects, measure=measure)]
    if _years(line, limit, floor, measure):
        return [Reading("AGE", limit.first, limit.after, limit, [], measure=measure)]
    return _unnamed(line, limit, floor, measure)


def _bare(line: Line, limit: Limit, subjects: list[Named], measure: Measure) -> list[Reading]:
    """A length without comparator says nothing, unless a change is measured over it: 3个月的体重变化≤10%."""
    end = line.tokens[limit.after - 1].end
    if line.text[end : end + 1] != "的":
        return []
    reading = _window(limit, Timing("WITHIN", "", limit.first, limit.after), subjects, measure)
    reading.tentative = True
    return [reading]


def _phrased(line: Line, limit: Limit, floor: int) -> list[Named]:
    phrase = find_phrase(line, limit, floor)
    return [phrase] if phrase else []


def _follows(line: Line, limit: Limit, previous: Reading) -> bool:
    between = range(previous.after, limit.first)
    return len(between) <= 3 and all(
        (line.get(at, "or") or line.get(at, "and") or line.mark(at) == "," or line.get(at, "soft")) and line.close(at) for at in between
    )


def _years(line: Line, limit: Limit, floor: int, measure: Measure) -> bool:
    """Whether years with no other variable are an age: at the head of its clause, or behind people's words."""
    if line.get(limit.first - 1, "people") and line.close(limit.first) and _YOUNG.search(line.text, max(0, line.tokens[limit.first].start - 24), line.tokens[limit.first].start):
        return _NO_AGE.match(line.text, line.tokens[limit.after - 1].end) is None
    if measure.ucum != "a" or not line.text[line.tokens[limit.first].start].isascii() and not limit.digits:
        return False
    end = line.tokens[limit.after - 1].end
    if _NO_AGE.match(line.text, end) or line.get(limit.first - 1, "for"):
        return False
    if "年" in line.text[line.tokens[limit.first].start : end]:
        return False
    head = all(_about_people(line, at) for at in range(floor, limit.first)) and not line.tokens[limit.first].gap
    opens = limit.first > 0 and line.mark(limit.first - 1) in (",", "(", ":") and line.close(limit.first)
    return head or opens


def _about_people(line: Line, index: int) -> bool:
    known = any(line.get(index, kind) is not None for kind in ("sex", "people", "soft", "and", "or")) or line.mark(index) in (
        ",",
        ":",
        "(",
        ")",
    )
    return known


def _unnamed(line: Line, limit: Limit, floor: int, measure: Measure) -> list[Reading]:
    """A length with a comparator of something that only the words in front name."""
    at = limit.first - 1
    treated = next((here for here in range(at, max(floor, at - 2) - 1, -1) if line.get(here, "treat") or line.get(here, "stop")), None)
    bracketed = line.mark(at) == "("
    chinese = not line.text[line.tokens[limit.after - 1].start].isascii()
    phrase = find_phrase(line, limit, floor)
    length = phrase is not None and _LENGTHY.search(line.text, phrase.start, phrase.end)
    stated = limit.low is not None and not chinese and not _TREATED.search(line.text[max(0, line.tokens[limit.first].start - 60) : line.tokens[limit.first].start])
    if length or stated or (chinese and treated is None and not bracketed):
        return [Reading("DURATION", limit.first, limit.after, limit, [phrase] if phrase else [], measure=measure)]
    relation = "WITHIN" if limit.low is None else "FOR"
    return [_window(limit, Timing(relation, "", limit.first, limit.after), [], measure)]
