"""Readings of time limits: an age, the length of a state, a window, or a measurement in units of time."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from extractor.criteria.constraints.candidates import Candidate, Stretch
from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.limits.rates import rated
from extractor.criteria.constraints.phrases import GENERIC, Named, find_behind_words, find_phrase
from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.times.asides import (
    COURSE,
    ends_in_chinese,
    find_passage,
    find_treatment,
    is_in_two_units,
    is_lasting,
    is_of_a_thing,
    is_of_counted,
    is_rest,
    is_schedule,
    of_newborns,
    spoken_between,
)
from extractor.criteria.constraints.times.time_windows import Timing, find_timing
from extractor.criteria.constraints.values import age_words
from extractor.criteria.constraints.variables import find_subjects
from extractor.normalise.quantities import UnitMeaning

_NEAR, _NEAR_CHINESE = 60, 16
"""Characters before a length in which words of treatment tell that it is one of a treatment; Chinese says more in fewer."""
_BESIDE = 3
"""Tokens between a value and how long it lasts."""
_OF_DRUGS = frozenset({"HALF_LIFE", "CYCLE"})
"""Units in which only treatments and their ends are counted."""
_OF_DAYS = frozenset({"residence", "life_expectancy", "menopause", "education", "gestation", "infertility", "work_time", "cycle_length"})
"""Lengths that nobody counts in minutes: residence within 45 minutes of the clinic is a way."""


class Case(Struct, frozen=True, gc=False):
    """A time limit with what is known around it."""

    statement: Statement
    limit: Limit
    floor: int
    subjects: list[Named]
    previous: Candidate | None
    measure: UnitMeaning

    def candidate(self, kind: str, subjects: list[Named]) -> list[Candidate]:
        """The limit as one constraint of `kind`."""
        return [Candidate(kind, self.limit.first, self.limit.after, self.limit, subjects, measure=self.measure)]


def read_time(statement: Statement, limit: Limit, floor: int, previous: Candidate | None) -> list[Candidate]:
    """The candidate of a limit whose unit is one of time; none where it is no constraint."""
    measure = limit.measure
    if measure is None or is_schedule(statement, limit) or is_rest(statement, limit):
        return []
    subjects = of_newborns(statement, find_subjects(statement, limit, floor))
    if (
        subjects
        and subjects[-1].subject.name == "gestation"
        and measure.dimension == "time"
        and statement.leads("tested", subjects[-1].end)
    ):
        return _tested(Case(statement, limit, floor, [], previous, measure))
    aged = bool(subjects) and subjects[-1].subject.kind == "AGE"
    if measure.dimension not in ("age", "gestation") and aged and not limit.compared and _anchored(statement, limit, floor):
        return _read_timed(Case(statement, limit, floor, [], previous, measure))
    if measure.dimension in ("age", "gestation") or aged:
        return _age(statement, limit, subjects, measure)
    if measure.dimension == "time" and age_words(statement, limit) and not is_of_a_thing(statement, limit, floor):
        return _age(statement, limit, [], measure)
    return _read_timed(Case(statement, limit, floor, subjects, previous, measure))


def _tested(case: Case) -> list[Candidate]:
    """The time of a pregnancy test, which is no length of a pregnancy: a negative test ≤ 7 days before randomization."""
    found = _read_timed(case)
    if case.limit.low is None and all(candidate.kind == "DURATION" for candidate in found):
        return [_window(case.limit, Timing("WITHIN", "", case.limit.first, case.limit.after), [], case.measure)]
    return found


def _anchored(statement: Statement, limit: Limit, floor: int) -> bool:
    """Whether a time is counted from a point of the trial: women of any age must test negative within 14 days before the first dose."""
    timing = find_timing(statement, limit, floor)
    return timing is not None and timing.anchor not in ("", "OTHER", "NOW")


def _read_timed(case: Case) -> list[Candidate]:
    """A time that is no age: a window, a length, or what the words around make of it."""
    statement, limit, floor, subjects = case.statement, case.limit, case.floor, case.subjects
    timing = find_timing(statement, limit, floor)
    if timing and not _state(statement, limit, timing, subjects):
        lasting = limit.high is None and _is_beside(timing, case.previous)
        if timing.relation == "FOR" and not lasting and _is_length(statement, limit, timing):
            return _length(statement, limit, timing, subjects, floor)
        return _windows(statement, limit, timing, subjects)
    if timing and timing.relation == "WITHIN" and not limit.compared:
        case = replace(case, limit=replace(limit, low=None, compared=True))
    return _untimed(case)


def _is_beside(timing: Timing, previous: Candidate | None) -> bool:
    """Whether a time stands beside the measurement before it."""
    return previous is not None and previous.kind in ("MEASUREMENT", "SCORE") and timing.first - previous.after <= _BESIDE


def _untimed(case: Case) -> list[Candidate]:
    """No word makes it a window: the first rule that explains the length."""
    if not case.limit.compared:
        return _bare(case)
    return next((found for rule in _UNTIMED if (found := rule(case)) is not None), [])


def _windows(statement: Statement, limit: Limit, timing: Timing, subjects: list[Named]) -> list[Candidate]:
    """The window or, of a range counted from a point, both; 孕34周前 is a time of pregnancy and none."""
    measure = limit.measure
    carried = bool(subjects) and subjects[-1].subject.name == "gestation" and statement.tokens[limit.first].start - subjects[-1].end <= 3
    if measure is None:
        return []
    if carried and not limit.compared:
        return []
    if _staged(limit, timing):
        return _stages(limit, timing, subjects, measure)
    candidate = _window(limit, timing, subjects, measure)
    candidate.tentative = not _said(statement, limit, timing)
    return [candidate]


def _length(statement: Statement, limit: Limit, timing: Timing, subjects: list[Named], floor: int) -> list[Candidate]:
    """A length behind `for`, of the state that is named or of the words before it."""
    named = [named for named in subjects if named.subject.kind == "DURATION"]
    token = statement.tokens[timing.first]
    stopped = statement.get(timing.first, "stop") is not None
    phrase = Named(GENERIC, token.start, token.end) if stopped else find_phrase(statement, replace(limit, first=timing.first), floor)
    return [Candidate("DURATION", limit.first, limit.after, limit, named or ([phrase] if phrase else []), measure=limit.measure)]


def _is_length(statement: Statement, limit: Limit, timing: Timing) -> bool:
    """Whether `for` tells the length of a state (diagnosed for at least 4 years), or one with an upper end, and no least length of treatment."""
    if _is_range(limit) and not timing.anchor:
        return True
    if not limit.compared or timing.anchor:
        return False
    if limit.high is not None:
        return True
    if statement.get(timing.first, "stop"):
        return False
    start = statement.tokens[timing.first].start
    treated, state = (_last(statement, words, start) for words in ("treated", "state"))
    return state > treated


def _last(statement: Statement, category: str, place: int) -> int:
    """Where the last words of a category stand before a place, in the same clause; -1 for nowhere."""
    start, found = max(0, place - _NEAR), -1
    while more := statement.mentions(category, start, place):
        found, start = more.start, more.start + 1
    return found


def join_windows(statement: Statement, limit: Limit, candidates: list[Candidate]) -> list[Candidate]:
    """`within 4 weeks or 5 half-lives`: the second length has the relation and anchor of the first."""
    last = candidates[-1] if candidates else None
    measure = limit.measure
    if measure is None or not measure.word:
        return []
    if last is None or last.window is None or last.kind != "WINDOW" or not _same_ends(limit, last.limit):
        return []
    after = last.limit.after if last.limit and limit.first < last.after else last.after
    own = find_timing(statement, limit, last.after)
    if not _alternative(statement, after, limit) or (own and (own.anchor or own.relation != last.window.timing.relation)):
        return []
    timing = replace(last.window.timing, first=limit.first, after=own.after if own else limit.after)
    return [_window(limit, timing, last.subjects, measure)]


def _same_ends(limit: Limit, before: Limit | None) -> bool:
    """Whether a limit without comparator, or with one that points as that of the limit before, goes on with it."""
    if not limit.compared:
        return True
    return before is not None and before.compared and (before.low is None) == (limit.low is None)


def twin_window(statement: Statement, bare: Limit, candidate: Candidate) -> Candidate | None:
    """`4周或5个半衰期内`: a length without words of its own before the one that has them."""
    measure = bare.measure
    if measure is None or not measure.word or measure.dimension == "age":
        return None
    if candidate.kind != "WINDOW" or not candidate.window or not candidate.limit:
        return None
    if not _alternative(statement, bare.after, candidate.limit):
        return None
    return _window(bare, replace(candidate.window.timing, first=bare.first, after=bare.after), candidate.subjects, measure)


def _alternative(statement: Statement, after: int, second: Limit) -> bool:
    """Whether only "or", a bracket, a comma or words about the drug stand between a length that ends at a token and the second."""
    if not 0 < second.first + 1 - after <= 8:
        return False
    between = range(after, second.first)
    stops = any(statement.mark(at) in (";", "。", "\n") for at in between)
    joined = any(statement.get(at, "or") for at in (*between, second.first))
    return joined and spoken_between(statement, after, second.first) <= _NEAR_CHINESE and not stops


def _age(statement: Statement, limit: Limit, subjects: list[Named], measure: UnitMeaning) -> list[Candidate]:
    """An age; without comparator (一名12岁…) or as difference (± 5 years) it is none."""
    if not limit.compared or limit.around_zero or is_of_counted(statement, limit):
        return []
    named = [named for named in subjects if named.subject.kind == "AGE"]
    if measure.dimension == "gestation" and not named:
        return [Candidate("DURATION", limit.first, limit.after, limit, subjects, measure=measure)]
    return [Candidate("AGE", limit.first, limit.after, limit, named, measure=measure)]


def _staged(limit: Limit, timing: Timing) -> bool:
    """Whether a range of times is counted from a point: 术后3~12个月, 2 to 4 weeks before."""
    return _is_range(limit) and timing.side != ""


def _is_range(limit: Limit) -> bool:
    return limit.low is not None and limit.high is not None and 0 < limit.low.value < limit.high.value


def _stages(limit: Limit, timing: Timing, subjects: list[Named], measure: UnitMeaning) -> list[Candidate]:
    """At least the first time after (or before) the point, within the second."""
    first = replace(limit, high=None)
    return [
        _window(first, replace(timing, relation=timing.side), subjects, measure),
        _window(replace(limit, low=None), replace(timing, relation="WITHIN"), subjects, measure),
    ]


def _state(statement: Statement, limit: Limit, timing: Timing, subjects: list[Named]) -> bool:
    """Whether the time is the length of a state that is named: 病程在6个月以内, menopause for ≥ 2 years."""
    if not subjects or subjects[-1].subject.kind != "DURATION":
        return False
    named = subjects[-1]
    touching = statement.tokens[timing.first].start - named.end <= 12
    if touching and limit.compared and statement.get(timing.first, "cmp") and named.end <= statement.tokens[timing.first].start:
        return True
    if timing.relation == "FOR":
        return touching or statement.text[named.end : statement.tokens[limit.first].start].isascii()
    return touching and timing.anchor == "" and statement.mentions("length", named.start, named.end) is not None


def _said(statement: Statement, limit: Limit, timing: Timing) -> bool:
    """Whether a length without comparator says something of a treatment; how long the study lasts is no criterion."""
    if limit.compared or timing.relation != "FOR" or timing.anchor:
        return True
    start = statement.tokens[timing.first].start
    return statement.mentions("treated", start - _NEAR, start) is not None


def _window(limit: Limit, timing: Timing, subjects: list[Named], measure: UnitMeaning) -> Candidate:
    end = limit.high or limit.low
    value = end.value if end else 0
    named = [named for named in subjects if named.subject.kind not in ("AGE", "DURATION")]
    stretch = Stretch(timing, value, measure.word)
    return Candidate(
        "WINDOW", min(limit.first, timing.first), max(limit.after, timing.after), limit, named, window=stretch, measure=measure
    )


def _bare(case: Case) -> list[Candidate]:
    """A length without comparator says nothing, unless a treatment ran for it, or a change is measured over it."""
    start, end = case.statement.tokens[case.limit.first].start, case.statement.tokens[case.limit.after - 1].end
    if case.statement.trails("undergone", start) and case.statement.mentions("course", end, end + COURSE):
        return [_window(case.limit, Timing("FOR", "", case.limit.first, case.limit.after), [], case.measure)]
    if case.statement.text[end : end + 1] != "的":
        return []
    timing = Timing("WITHIN", "", case.limit.first, case.limit.after)
    candidate = _window(case.limit, timing, case.subjects, case.measure)
    candidate.tentative = True
    return [candidate]


def _as_rate(case: Case) -> list[Candidate] | None:
    """每周使用电脑不少于20小时: hours a week are measured."""
    measure = rated(case.statement, case.limit, case.floor)
    if measure is case.measure:
        return None
    return replace(case, measure=measure or case.measure).candidate("MEASUREMENT", case.subjects or _phrased(case))


def _as_pause(case: Case) -> list[Candidate] | None:
    """间隔至少10分钟, at least 10 minutes apart tell how to measure."""
    if case.measure.ucum != "min":
        return None
    behind = case.statement.get(case.limit.after, "var")
    named = case.subjects[-1].subject if case.subjects else behind
    apart = case.statement.leads("spaced", case.statement.tokens[case.limit.after - 1].end)
    return [] if apart or (named and named.name == "interval") else None


def _as_lasting(case: Case) -> list[Candidate] | None:
    """血压<160/90mmHg至少6个月: the measurement before it lasts so long."""
    limit, previous = case.limit, case.previous
    if previous is None or previous.kind not in ("MEASUREMENT", "SCORE"):
        return None
    beside = limit.first - previous.after <= 1
    if not (beside or is_lasting(case.statement, previous.after, limit.first)):
        return None
    if limit.low is None or limit.ranged or not case.statement.close(limit.first) or case.statement.mark(limit.first - 1) == ";":
        return None
    return [_window(limit, Timing("FOR", "", limit.first, limit.after), [], case.measure)]


def _as_state(case: Case) -> list[Candidate] | None:
    """病程≥6个月: a length that the vocabulary names, near it; else what stands behind it (> 30 minutes of loss of consciousness)."""
    if not case.subjects:
        return None
    if case.measure.ucum == "min" and case.subjects[-1].subject.name in _OF_DAYS:
        return []
    end, start = case.statement.tokens[case.limit.after - 1].end, case.statement.tokens[case.limit.first].start
    if passage := find_passage(case.statement, case.subjects[-1], start):
        return case.candidate("DURATION", [passage])
    far = case.statement.tokens[case.limit.first].gap and start - case.subjects[-1].end > _NEAR_CHINESE
    behind = find_behind_words(case.statement, end, 4, "of_things") if far and _of_things(case.statement, end) else None
    if behind:
        return case.candidate("DURATION", [Named(GENERIC, *behind)])
    return case.candidate("MEASUREMENT" if case.subjects[-1].subject.kind == "MEASUREMENT" else "DURATION", case.subjects)


def _as_behind(case: Case) -> list[Candidate] | None:
    """Less than 2 years postmenopausal: the state stands right behind its length."""
    statement, at = case.statement, case.limit.after
    subject = statement.get(at, "var")
    if subject is None or subject.kind != "DURATION" or not statement.close(at):
        return None
    return case.candidate("DURATION", [Named(subject, statement.tokens[at].start, statement.tokens[at].end)])


def _as_same(case: Case) -> list[Candidate] | None:
    """…或大于2年: the variable of the length before."""
    previous = case.previous
    if previous is None or previous.limit is None:
        return None
    if not _follows(case.statement, case.limit, previous):
        return None
    if previous.kind in ("DURATION", "AGE"):
        return case.candidate(previous.kind, previous.subjects)
    lasting = previous.window is not None and previous.window.timing.relation == "FOR"
    return case.candidate("DURATION", _phrased(case)) if lasting and case.limit.high else None


def _as_course(case: Case) -> list[Candidate] | None:
    """At least 12 weeks of statin therapy, 至少12周的他汀治疗: a treatment that stands behind its least or greatest length."""
    limit = case.limit
    treatment = None if limit.ranged else find_treatment(case.statement, case.statement.tokens[limit.after - 1].end)
    if treatment is None:
        return None
    if limit.high is not None:
        return case.candidate("DURATION", [treatment])
    return [_window(limit, Timing("FOR", "", limit.first, limit.after), [], case.measure)]


def _as_years(case: Case) -> list[Candidate] | None:
    return case.candidate("AGE", []) if _years(case) else None


def _phrased(case: Case) -> list[Named]:
    phrase = find_phrase(case.statement, case.limit, case.floor)
    return [phrase] if phrase else []


def _follows(statement: Statement, limit: Limit, previous: Candidate) -> bool:
    between = range(previous.after, limit.first)
    return len(between) <= 3 and all(_goes_on(statement, at) for at in between)


def _goes_on(statement: Statement, at: int) -> bool:
    joins = not {"or", "and", "soft"}.isdisjoint(statement.meanings[at]) or statement.mark(at) == ","
    return joins and statement.close(at)


def _years(case: Case) -> bool:
    """Whether a time with no other variable is an age: years at the head of a clause, any unit behind children or adults."""
    statement, limit = case.statement, case.limit
    start, end = statement.tokens[limit.first].start, statement.tokens[limit.after - 1].end
    if _of_things(statement, end) or statement.get(limit.first - 1, "for") or "年" in statement.text[start:end]:
        return False
    if statement.get(limit.first - 1, "people") and statement.close(limit.first) and statement.trails("young", start):
        return True
    if case.measure.ucum != "a" or statement.tokens[limit.first].gap:
        return False
    opens = limit.first > 0 and statement.mark(limit.first - 1) in (",", "(", ":")
    return opens or all(_about_people(statement, at) for at in range(case.floor, limit.first))


def _of_things(statement: Statement, place: int) -> bool:
    """Whether the words behind a time say that it is no age: 5 years of music training, 2 years ago."""
    of_things = statement.leads("of_things", place) and not statement.leads("of_age", place)
    return bool(of_things) or statement.leads("no_age", place) > 0


def _about_people(statement: Statement, index: int) -> bool:
    known = not {"sex", "people", "soft", "and", "or"}.isdisjoint(statement.meanings[index])
    return known or (statement.mark(index) in (",", ":", "(", ")") and not statement.tokens[index].gap)


def _treated_near(statement: Statement, start: int, *, chinese: bool) -> bool:
    """Whether a treatment is named shortly before a place."""
    return statement.mentions("treated", start - (_NEAR_CHINESE if chinese else _NEAR), start) is not None


def _is_bracketed(statement: Statement, limit: Limit, *, chinese: bool) -> bool:
    """Whether a length in one unit opens a bracket behind what lasts so long."""
    opened = statement.mark(limit.first - 1) == "(" and (chinese or limit.low is None)
    return opened and not is_in_two_units(statement, limit)


def _unnamed(case: Case) -> list[Candidate]:
    """A length with a comparator of something that only the words in front name: a state, or how long a treatment lasts."""
    statement, limit = case.statement, case.limit
    start = statement.tokens[limit.first].start
    chinese = ends_in_chinese(statement, limit.after)
    near = _treated_near(statement, start, chinese=chinese)
    phrase = find_phrase(statement, limit, case.floor)
    length = phrase and case.measure.word not in _OF_DRUGS and statement.mentions("length", phrase.start, phrase.end)
    treated = near or case.measure.word in _OF_DRUGS
    bracketed = _is_bracketed(statement, limit, chinese=chinese)
    most = limit.high is not None and case.measure.word not in _OF_DRUGS and (chinese or _is_range(limit)) and not bracketed
    if length or most or not (treated or bracketed or (limit.low is None and not chinese)):
        return case.candidate("DURATION", [phrase] if phrase else [])
    relation = "WITHIN" if limit.low is None else "FOR"
    return [_window(limit, Timing(relation, "", limit.first, limit.after), [], case.measure)]


_UNTIMED: tuple[Callable[[Case], list[Candidate] | None], ...] = (
    _as_rate,
    _as_pause,
    _as_lasting,
    _as_state,
    _as_behind,
    _as_same,
    _as_course,
    _as_years,
    _unnamed,
)
