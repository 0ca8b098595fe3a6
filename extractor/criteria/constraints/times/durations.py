"""Readings of time limits: an age, the length of a state, a window, or a measurement in units of time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from extractor.criteria.constraints.candidates import Reading, Stretch
from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.limits.rates import rated
from extractor.criteria.constraints.statement import Line
from extractor.criteria.constraints.times.time_windows import Timing, find_timing
from extractor.criteria.constraints.values import age_words
from extractor.criteria.constraints.variables import Named, find_phrase, find_subjects
from extractor.normalise.quantities import Measure

_NO_AGE = re.compile(
    r"\s*(?:of(?! age)|duration|history|experience|post|since|after|prior|before|ago|follow|from|survival|in (?:the )?past|earlier|period|life|treatment|apart)",
    re.IGNORECASE,
)
_undergone = re.compile(r"(?:完成|接受|进行|给予|经过?)了?$|(?:completed|received|undergone)\s(?:at least\s)?(?:a\s|an\s)?$", re.IGNORECASE)
_course = re.compile(r"\s?(?:的|of\s)?[\u3400-\u9fff\w\- ]{0,16}?(?:治疗|化疗|放疗|辅助|treatment|therapy|chemotherapy)", re.IGNORECASE)
_bracket = re.compile(r"[(（][^)）]{0,40}[)）]")
_YOUNG = re.compile(
    r"(?:child|children|infants?|newborns?|neonates?|adolescents?|adults?|儿童|婴儿|婴幼儿|幼儿|成人|新生儿)[\s(（]*$", re.IGNORECASE
)
_TREATED = re.compile(
    r"treat|therap|dose|drug|medication|receiv|taking|steroid|administ|discontinu|washout|stable|unchanged|abstain|治疗|用药|服用|使用|停|药|激素|抗生素|剂|注射|口服|长期",
    re.IGNORECASE,
)
_LENGTHY = re.compile(r"时间|病程|周期|时长|寿命|生存|duration|expectancy|survival|interval|\btime\b", re.IGNORECASE)


class Case(NamedTuple):
    """A time limit with what is known around it."""

    line: Line
    limit: Limit
    floor: int
    subjects: list[Named]
    previous: Reading | None
    measure: Measure

    def reading(self, kind: str, subjects: list[Named]) -> list[Reading]:
        """The limit as one constraint of `kind`."""
        return [Reading(kind, self.limit.first, self.limit.after, self.limit, subjects, measure=self.measure)]


def read_time(line: Line, limit: Limit, floor: int, previous: Reading | None) -> list[Reading]:
    """The reading of a limit whose unit is one of time; none where it is no constraint."""
    measure = limit.measure
    if measure is None:
        return []
    subjects = find_subjects(line, limit, floor)
    if measure.dimension in ("age", "gestation") or (subjects and subjects[-1].subject.kind == "AGE"):
        return _age(limit, subjects, measure)
    if measure.dimension == "time" and age_words(line, limit):
        return _age(limit, [], measure)
    timing = find_timing(line, limit, floor)
    if timing and not _state(line, limit, timing, subjects):
        return _windows(line, limit, timing, subjects)
    if timing and timing.relation == "WITHIN" and not limit.compared:
        limit = replace(limit, low=None, compared=True)
    return _untimed(Case(line, limit, floor, subjects, previous, measure))


def _untimed(case: Case) -> list[Reading]:
    """No word makes it a window: the first rule that explains the length."""
    if not case.limit.compared:
        return _bare(case)
    return next((found for rule in _UNTIMED if (found := rule(case)) is not None), [])


def _windows(line: Line, limit: Limit, timing: Timing, subjects: list[Named]) -> list[Reading]:
    """The window or, of a range counted from a point, both; 孕34周前 is a time of pregnancy and none."""
    measure = limit.measure
    carried = bool(subjects) and subjects[-1].subject.name == "gestation" and line.tokens[limit.first].start - subjects[-1].end <= 3
    if measure is None or (carried and not limit.compared):
        return []
    if _staged(limit, timing):
        return _stages(limit, timing, subjects, measure)
    reading = _window(limit, timing, subjects, measure)
    reading.tentative = not _said(line, limit, timing)
    return [reading]


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


def _age(limit: Limit, subjects: list[Named], measure: Measure) -> list[Reading]:
    """An age; without comparator (一名12岁…) or as difference (± 5 years) it is none."""
    plus_minus = limit.low and limit.high and limit.low.value == -limit.high.value
    if not limit.compared or plus_minus:
        return []
    named = [named for named in subjects if named.subject.kind == "AGE"]
    if measure.dimension == "gestation" and not named:
        return [Reading("DURATION", limit.first, limit.after, limit, subjects, measure=measure)]
    return [Reading("AGE", limit.first, limit.after, limit, named, measure=measure)]


def _staged(limit: Limit, timing: Timing) -> bool:
    """Whether a range of times is counted from a point: 术后3~12个月, 2 to 4 weeks before."""
    ranged = limit.low is not None and limit.high is not None and 0 < limit.low.value < limit.high.value
    return ranged and timing.side != ""


def _stages(limit: Limit, timing: Timing, subjects: list[Named], measure: Measure) -> list[Reading]:
    """At least the first time after (or before) the point, within the second."""
    first = replace(limit, high=None)
    return [
        _window(first, timing._replace(relation=timing.side), subjects, measure),
        _window(replace(limit, low=None), timing._replace(relation="WITHIN"), subjects, measure),
    ]


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


def _said(line: Line, limit: Limit, timing: Timing) -> bool:
    """Whether a length without comparator says something of a treatment; how long the study lasts is no criterion."""
    if limit.compared or timing.relation != "FOR" or timing.anchor:
        return True
    start = line.tokens[timing.first].start
    return _TREATED.search(line.text, max(0, start - 60), start) is not None


def _window(limit: Limit, timing: Timing, subjects: list[Named], measure: Measure) -> Reading:
    end = limit.high or limit.low
    value = end.value if end else 0
    named = [named for named in subjects if named.subject.kind not in ("AGE", "DURATION")]
    stretch = Stretch(timing, value, measure.word)
    return Reading("WINDOW", min(limit.first, timing.first), max(limit.after, timing.after), limit, named, window=stretch, measure=measure)


def _bare(case: Case) -> list[Reading]:
    """A length without comparator says nothing, unless a treatment ran for it, or a change is measured over it."""
    start, end = case.line.tokens[case.limit.first].start, case.line.tokens[case.limit.after - 1].end
    if _undergone.search(case.line.text, max(0, start - 24), start) and _course.match(case.line.text, end):
        return [_window(case.limit, Timing("FOR", "", case.limit.first, case.limit.after), [], case.measure)]
    if case.line.text[end : end + 1] != "的":
        return []
    timing = Timing("WITHIN", "", case.limit.first, case.limit.after)
    reading = _window(case.limit, timing, case.subjects, case.measure)
    reading.tentative = True
    return [reading]


def _as_rate(case: Case) -> list[Reading] | None:
    """每周使用电脑不少于20小时: hours a week are measured."""
    measure = rated(case.line, case.limit, case.floor)
    if measure is case.measure:
        return None
    return case._replace(measure=measure or case.measure).reading("MEASUREMENT", case.subjects or _phrased(case))


def _as_pause(case: Case) -> list[Reading] | None:
    """间隔至少10分钟 tells how to measure."""
    pause = case.measure.ucum == "min" and bool(case.subjects) and case.subjects[-1].subject.name == "interval"
    return [] if pause else None


def _as_lasting(case: Case) -> list[Reading] | None:
    """血压<160/90mmHg至少6个月: the measurement before it lasts so long."""
    limit, previous = case.limit, case.previous
    behind = previous is not None and previous.kind in ("MEASUREMENT", "SCORE") and limit.first - previous.after <= 1
    if not behind or not limit.low or limit.high or not case.line.close(limit.first):
        return None
    return [_window(limit, Timing("FOR", "", limit.first, limit.after), [], case.measure)]


def _as_state(case: Case) -> list[Reading] | None:
    """病程≥6个月: a length that the vocabulary names."""
    if not case.subjects:
        return None
    return case.reading("MEASUREMENT" if case.subjects[-1].subject.kind == "MEASUREMENT" else "DURATION", case.subjects)


def _as_behind(case: Case) -> list[Reading] | None:
    """Less than 2 years postmenopausal: the state stands right behind its length."""
    line, at = case.line, case.limit.after
    subject = line.get(at, "var")
    if subject is None or subject.kind != "DURATION" or not line.close(at):
        return None
    return case.reading("DURATION", [Named(subject, line.tokens[at].start, line.tokens[at].end)])


def _as_same(case: Case) -> list[Reading] | None:
    """…或大于2年: the variable of the length before."""
    previous = case.previous
    if previous and previous.limit and previous.kind in ("DURATION", "AGE") and _follows(case.line, case.limit, previous):
        return case.reading(previous.kind, previous.subjects)
    return None


def _as_years(case: Case) -> list[Reading] | None:
    return case.reading("AGE", []) if _years(case) else None


def _phrased(case: Case) -> list[Named]:
    phrase = find_phrase(case.line, case.limit, case.floor)
    return [phrase] if phrase else []


def _follows(line: Line, limit: Limit, previous: Reading) -> bool:
    between = range(previous.after, limit.first)
    return len(between) <= 3 and all(
        (line.get(at, "or") or line.get(at, "and") or line.mark(at) == "," or line.get(at, "soft")) and line.close(at) for at in between
    )


def _years(case: Case) -> bool:
    """Whether a time with no other variable is an age: years at the head of a clause, any unit behind children or adults."""
    line, limit = case.line, case.limit
    start, end = line.tokens[limit.first].start, line.tokens[limit.after - 1].end
    if _NO_AGE.match(line.text, end) or line.get(limit.first - 1, "for") or "年" in line.text[start:end]:
        return False
    if line.get(limit.first - 1, "people") and line.close(limit.first) and _YOUNG.search(line.text, max(0, start - 24), start):
        return True
    if case.measure.ucum != "a" or line.tokens[limit.first].gap:
        return False
    opens = limit.first > 0 and line.mark(limit.first - 1) in (",", "(", ":")
    return opens or all(_about_people(line, at) for at in range(case.floor, limit.first))


def _about_people(line: Line, index: int) -> bool:
    known = not {"sex", "people", "soft", "and", "or"}.isdisjoint(line.meanings[index])
    return known or (line.mark(index) in (",", ":", "(", ")") and not line.tokens[index].gap)


def _unnamed(case: Case) -> list[Reading]:
    """A length with a comparator of something that only the words in front name: a state, or how long a treatment lasts."""
    line, limit = case.line, case.limit
    start = line.tokens[limit.first].start
    chinese = not line.text[line.tokens[limit.after - 1].start].isascii()
    treated = _TREATED.search(line.text, max(0, start - (16 if chinese else 60)), start)
    phrase = find_phrase(line, limit, case.floor)
    length = phrase is not None and _LENGTHY.search(line.text, phrase.start, phrase.end)
    bracketed = line.mark(limit.first - 1) == "(" and (chinese or limit.low is None)
    if length or not (treated or bracketed or (limit.low is None and not chinese)):
        return case.reading("DURATION", [phrase] if phrase else [])
    relation = "WITHIN" if limit.low is None else "FOR"
    return [_window(limit, Timing(relation, "", limit.first, limit.after), [], case.measure)]


_UNTIMED: tuple[Callable[[Case], list[Reading] | None], ...] = (
    _as_rate,
    _as_pause,
    _as_lasting,
    _as_state,
    _as_behind,
    _as_same,
    _as_years,
    _unnamed,
)
