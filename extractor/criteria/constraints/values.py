"""Readings of values: a limit that is no time, on a variable before it or on that of the limit before."""

from __future__ import annotations

import re
from functools import partial

from msgspec.structs import replace

from extractor.criteria.constraints.candidates import Candidate
from extractor.criteria.constraints.limits.amounts import End, Limit
from extractor.criteria.constraints.limits.changes import find_moving_behind, goes_on_moving, is_moved_behind
from extractor.criteria.constraints.limits.nearest import find_prolonged, is_beyond_normal
from extractor.criteria.constraints.limits.own_units import unit_of
from extractor.criteria.constraints.limits.qualities import orient
from extractor.criteria.constraints.limits.rates import rated
from extractor.criteria.constraints.limits.unnamed import find_behind, read_unknown
from extractor.criteria.constraints.phrases import GENERIC, Named, find_finding, find_phrase
from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.variables import find_subjects
from extractor.patterns import lazy_pattern
from extractor.tables import read_alternatives

_words = partial(read_alternatives, "extractor.criteria.constraints", "phrases")
_STRUCTURE = lazy_pattern(
    rf"\s*(?:{_words('counted')})*(?:{_words('listing')})",
    re.IGNORECASE,
)
_AGED = lazy_pattern(r"\b(?:older|younger|elder)\b|年满|\bthe age of\b", re.IGNORECASE)
_ITEM = lazy_pattern(r"第\s?\d{1,2}\s?[项条题]|\bitem\s\d", re.IGNORECASE)
"""One question of a scale: its points are none of the whole."""
_LISTED = lazy_pattern(
    r"(?:以下|下列|下述|上述|following)[^,;，；。]{0,6}$|\d\s?[项条个种]中的?(?:至少|任意?)?$|(?:meets?|meeting|fulfil{1,2}s?|satisf(?:y|ies))\s$"
)


def read_value(statement: Statement, limit: Limit, floor: int, previous: Candidate | None) -> Candidate | None:
    """The candidate of a limit that is no time: a measurement, score, age without unit or dose; None where it is no constraint."""
    candidate = _read(statement, limit, floor, previous)
    return orient(statement, candidate) if candidate else None


def _read(statement: Statement, limit: Limit, floor: int, previous: Candidate | None) -> Candidate | None:
    if _structural(statement, limit):
        return None
    if moving := find_moving_behind(statement, limit):
        return _value(statement, limit, [moving], floor)
    subjects = find_subjects(statement, limit, floor)
    if not subjects:
        return _without_variable(statement, limit, floor, previous)
    return _with_variables(statement, limit, subjects, floor, previous)


def _with_variables(statement: Statement, limit: Limit, subjects: list[Named], floor: int, previous: Candidate | None) -> Candidate | None:
    """A limit of variables that are named before it; None where its number says nothing of them."""
    if prolonged := find_prolonged(statement, limit, subjects[-1]):
        return _value(statement, limit, [prolonged], floor)
    if _says_nothing(statement, limit, subjects, previous):
        return None
    if _counts_events(statement, limit, floor, subjects[-1]):
        return read_unknown(statement, limit, floor)
    return _value(statement, limit, subjects, floor)


def _says_nothing(statement: Statement, limit: Limit, subjects: list[Named], previous: Candidate | None) -> bool:
    """Whether a number beside variables limits nothing that could be named: no comparator, a word for half, what is normal, a change."""
    if not limit.compared and not _equals(statement, limit, subjects[-1]):
        return True
    half = not limit.digits and limit.low == End(0.5, inclusive=True)
    fraction = limit.suffixed and statement.mark(limit.first - 1) == "/" and "num" in statement.meanings[limit.first - 2]
    if half or fraction or is_beyond_normal(statement, limit, subjects[-1]) or _tells_normal(statement, limit, subjects, previous):
        return True
    return _is_of_unnamed_change(statement, limit, subjects[-1], previous)


def _is_of_unnamed_change(statement: Statement, limit: Limit, named: Named, previous: Candidate | None) -> bool:
    """Whether a limit is one of a change that only words apart from each other name: it stays text."""
    if is_moved_behind(statement, named, limit):
        return True
    if previous is None or not previous.subjects or previous.measure != limit.measure or limit.high or not named.subject.name:
        return False
    return goes_on_moving(statement, named, previous.subjects[-1])


def age_words(statement: Statement, limit: Limit) -> bool:
    """Whether the comparator itself speaks of age: older than, or younger, 年满."""
    words = statement.text[statement.tokens[limit.first].start : statement.tokens[limit.after - 1].end]
    return _AGED.search(words) is not None


def _structural(statement: Statement, limit: Limit) -> bool:
    """`At least 2 of the following` speaks of the list, not of the patient; percentiles are no values."""
    if limit.measure and limit.measure.ucum == "%" and _is_centile(statement, limit):
        return True
    if limit.reference or limit.ucum not in ("", "{score}"):
        return False
    if any(rule(statement, limit) for rule in (_is_scale, _is_division, _is_edition)):
        return True
    if limit.ucum:
        return False
    first = statement.tokens[limit.first].start
    ahead = _LISTED.search(statement.text, max(0, statement.tokens[limit.after - 1].start - 12), statement.tokens[limit.after - 1].start)
    ahead = ahead or _LISTED.search(statement.text, max(0, first - 12), first)
    return ahead is not None or _STRUCTURE.match(statement.text, statement.tokens[limit.after - 1].end) is not None


_SCALED = 5
"""Tokens before the ends of a scale in which its score stands."""


def _is_scale(statement: Statement, limit: Limit) -> bool:
    """Whether a bracket only tells the ends of a scale: UAS7 (range 0-42) ≥ 16."""
    if statement.mark(limit.after) != ")" or "cmp" not in statement.meanings[limit.after + 1] or None in (limit.low, limit.high):
        return False
    start = statement.tokens[limit.first].start
    if not (statement.leads("scale", start) or statement.trails("scale", start)):
        return False
    before = [statement.get(at, "var") for at in range(max(0, limit.first - _SCALED), limit.first)]
    return any(subject.kind == "SCORE" for subject in before if subject)


def _is_edition(statement: Statement, limit: Limit) -> bool:
    """Whether a number is the edition of a scale: PI-RADS 2.1版, CTCAE 4.0."""
    last = statement.tokens[limit.after - 1]
    if statement.leads("edition", last.end) or statement.trails("editions", statement.tokens[limit.first].start):
        return True
    if statement.get(limit.after, "grade") or "." not in statement.text[last.start : last.end]:
        return False
    if "num" in statement.meanings[limit.first] and statement.get(limit.first - 1, "grade"):
        return False
    named = [statement.get(at, "var") for at in (limit.after - 2, limit.after - 3)]
    return any(subject.name == "ctcae" for subject in named if subject)


def _is_division(statement: Statement, limit: Limit) -> bool:
    """Whether a number tells over how many parts something is spread: 30 Gy over 10 fractions."""
    first, end = statement.tokens[limit.first], statement.tokens[limit.after - 1].end
    return statement.folded[first.start : first.end] == "over" and statement.leads("divided", end) > 0


def _tells_normal(statement: Statement, limit: Limit, subjects: list[Named], previous: Candidate | None) -> bool:
    """Whether a range behind a limit of the same variable only tells what is normal: > 11 µmol/L (normal: 4-10)."""
    if previous is None or not limit.ranged or not subjects:
        return False
    if not any(statement.trails("normal", place) for place in (statement.tokens[limit.first].start, subjects[-1].start)):
        return False
    return any(named.subject.name == subjects[-1].subject.name for named in previous.subjects[-1:])


def _counts_events(statement: Statement, limit: Limit, floor: int, named: Named) -> bool:
    """Whether a bare number is how often something is done, and the variable none that is counted: weight training twice a week."""
    if limit.ucum or not named.subject.dimensions or named.subject.kind != "MEASUREMENT":
        return False
    over = rated(statement, limit, floor)
    return over is not None and over.ucum.startswith("/") and over.dimension not in named.subject.dimensions


def _is_centile(statement: Statement, limit: Limit) -> bool:
    """Whether a number is a percentile of other people's values: the percentile range 3-97 %."""
    start, end = statement.tokens[limit.first].start, statement.tokens[limit.after - 1].end
    return statement.trails("centile", start) or statement.leads("centile", end) > 0


def _equals(statement: Statement, limit: Limit, named: Named) -> bool:
    """Without a comparator only a score, right before its number, is a limit: ECOG 0 or 1; CTCAE 5.0 is a version."""
    if limit.measure is not None and limit.measure.ucum == "":
        return False
    if named.subject.name == "ctcae" and not statement.get(limit.after, "grade") and not statement.get(limit.first - 1, "grade"):
        return False
    near = statement.tokens[limit.first].start - named.end <= 30 and not statement.tokens[limit.first].gap
    near = near and limit.high is not None and limit.high.value < 1000
    return named.subject.kind == "SCORE" and near and _unbroken(statement, named, limit)


def _unbroken(statement: Statement, named: Named, limit: Limit) -> bool:
    at = limit.first
    while at > 0 and statement.tokens[at - 1].start >= named.end:
        at -= 1
    passed = {"soft", "var", "num"} if named.subject.name == "ctcae" else {"soft", "var"}  # CTCAE 4.0: a version stands between
    return all(
        not statement.tokens[at].gap and (not passed.isdisjoint(statement.meanings[at]) or statement.mark(at) in ("(", ")", ":"))
        for at in range(at, limit.first)
    )


def _value(statement: Statement, limit: Limit, subjects: list[Named], floor: int) -> Candidate:
    kind = subjects[-1].subject.kind
    kind = "MEASUREMENT" if kind in ("AGE", "DURATION") and (kind == "DURATION" or limit.scaled) else kind
    if len(subjects) > 1 and _ratio(statement, limit, subjects):
        subjects = [Named(GENERIC, subjects[0].start, subjects[-1].end)]
    measure = unit_of(statement, rated(statement, limit, floor), subjects[-1])
    return Candidate(kind, limit.first, limit.after, limit, subjects, measure=measure)


def _ratio(statement: Statement, limit: Limit, subjects: list[Named]) -> bool:
    """AST/ALT ≤ 1.5 is one variable: a bare number after two that a slash joins."""
    bare = limit.reference == "" and (limit.measure is None or limit.measure.ucum == "%")
    return bare and "/" in statement.text[subjects[0].end : subjects[-1].start].replace("／", "/")


def _without_variable(statement: Statement, limit: Limit, floor: int, previous: Candidate | None) -> Candidate | None:
    """No known variable before the limit: a grade, that of the limit before, age, one behind, or the words in front."""
    graded = _is_grade(statement, limit)
    if graded and (finding := find_finding(statement, limit.after)):
        return Candidate("SCORE", limit.first, _past_grade(statement, limit), limit, [finding])
    if previous and _tells_normal(statement, limit, previous.subjects, previous):
        return None
    if previous and (limit.digits or limit.scaled) and _inherits(statement, limit, previous):
        return _inherited(statement, limit, floor, previous)
    if graded:
        phrase = find_phrase(statement, limit, floor)
        return Candidate("SCORE", limit.first, _past_grade(statement, limit), limit, [phrase] if phrase else [])
    return _unheralded(statement, limit, floor) if limit.compared else None


def _inherited(statement: Statement, limit: Limit, floor: int, previous: Candidate) -> Candidate | None:
    """Another limit of the variables before it, on their unit where it names none."""
    turned = limit if limit.compared else _turned(statement, limit, previous)
    if turned is None:
        return None
    candidate = _value(statement, turned, previous.subjects, floor)
    candidate.kind = previous.kind if previous.kind != "DURATION" else candidate.kind
    if _bracketed(statement, limit, previous.after):
        candidate.whom = _whom_inside(statement, limit, previous.after)
    if candidate.measure is None and not limit.reference and previous.limit and previous.limit.measure is None:
        candidate.measure = previous.measure
    return candidate


def _unheralded(statement: Statement, limit: Limit, floor: int) -> Candidate | None:
    if age_words(statement, limit) or _of_people(statement, limit):
        return Candidate("AGE", limit.first, limit.after, limit)
    behind = find_behind(statement, limit)
    spelt = not (limit.digits or limit.scaled)
    if behind and behind.subject.kind in ("SCORE", "MEASUREMENT") and not (spelt and behind.subject.name not in _COUNTED):
        return _value(statement, limit, [behind], floor)
    return read_unknown(statement, limit, floor)


_COUNTED = frozenset({"target_lesions", "tumour_count"})
"""What is counted in words too: at least one measurable lesion."""


def _of_people(statement: Statement, limit: Limit) -> bool:
    """`Adults ≥ 18`, `patients < 18`: a bare number right behind people, nothing behind it."""
    if limit.measure or limit.reference or not limit.digits or limit.first == 0 or not statement.close(limit.first):
        return False
    ended = re.match(r"\s*(?:[,;.)]|$)", statement.text[statement.tokens[limit.after - 1].end :][:9]) is not None
    people = statement.get(limit.first - 1, "people") or statement.get(limit.first - 1, "sex")
    return bool(people) and ended and all(end is None or 1 <= end.value <= 110 for end in (limit.low, limit.high))


def _inherits(statement: Statement, limit: Limit, previous: Candidate) -> bool:
    """Whether the limit goes on about the variable before: joined by or, and, a comma or bracket, on the same scale."""
    if not previous.subjects:
        return False
    if _ITEM.search(statement.text, statement.tokens[previous.after - 1].end, statement.tokens[limit.first].start):
        return False
    if _for_some(statement, limit, previous):
        return True
    before = previous.limit
    if before is None or not _linked(statement, limit, previous):
        return False
    if limit.suffixed and not limit.scaled and before.measure:
        return False
    return _compatible(limit, previous)


def _linked(statement: Statement, limit: Limit, previous: Candidate) -> bool:
    """Whether at most a few joining tokens stand between two limits, and no words that may name another variable."""
    between = range(previous.after, limit.first)
    if len(between) > 8 or statement.tokens[limit.first].start - statement.tokens[previous.after - 1].end > 60:
        return False
    if any(statement.tokens[at].gap for at in (*between, limit.first)) and not _same_scale(statement, limit, previous):
        return False
    if any(statement.mark(at) in ("。", "\n", ".") for at in between):
        return False
    return len(between) == 0 or any(_joins(statement, at) for at in between)


def _joins(statement: Statement, index: int) -> bool:
    return not {"or", "and"}.isdisjoint(statement.meanings[index]) or statement.mark(index) in (",", "(", "/", ";")


def _turned(statement: Statement, limit: Limit, previous: Candidate) -> Limit | None:
    """`≤ 50 ng/dL or 1.7 nmol/L`: the comparator holds for the second value; one in a bracket is a conversion."""
    before = previous.limit
    between = range(previous.after, limit.first)
    if before and _for_some(statement, limit, previous):
        return _with_ends_of(limit, before)
    if before and not before.compared and previous.kind == "SCORE" and any(statement.get(at, "or") for at in between):
        return limit
    if before is None or (before.low and before.high) or limit.measure is None or not any(statement.get(at, "or") for at in between):
        return None
    if not limit.low or any(statement.mark(at) == "(" for at in between):
        return None
    return _with_ends_of(limit, before)


def _with_ends_of(limit: Limit, before: Limit) -> Limit:
    """A bare number under the comparator of the limit before it."""
    value = limit.low.value if limit.low else 0
    low, high = (End(value, end.inclusive) if end else None for end in (before.low, before.high))
    return replace(limit, low=low, high=high, compared=True)


def _for_some(statement: Statement, limit: Limit, previous: Candidate) -> bool:
    """Whether a number right behind a limit, in its unit, holds for some people: (50,000/mm3 if marrow involvement)."""
    before, opened = previous.limit, previous.after
    if before is None or (before.low and before.high) or not _same_measure(limit, before):
        return False
    if _bracketed(statement, limit, opened):
        return _whom_inside(statement, limit, opened) is not None
    end = statement.tokens[limit.after - 1].end
    if _between_brackets(statement, limit, previous):
        return True
    joined = _joined_for_others(statement, limit, previous) and _for_people(statement, end)
    return joined or (_continues(statement, limit, previous) and (statement.leads("conditional", end) > 0 or _for_people(statement, end)))


def _bracketed(statement: Statement, limit: Limit, opened: int) -> bool:
    return statement.mark(opened) == "(" and not statement.tokens[opened].gap and limit.first < statement.closing(opened)


def _whom_inside(statement: Statement, limit: Limit, opened: int) -> tuple[int, int] | None:
    """The words of a bracket, before or behind its number, that say for whom the number holds."""
    start, first = statement.tokens[opened].end, statement.tokens[limit.first].start
    end = statement.trailing("may", len(statement.text[:first].rstrip(" ,，:：")))
    begin = start + len(statement.text[start:end]) - len(statement.text[start:end].lstrip())
    if begin < end and not statement.is_only("function", begin, end):
        told = statement.trails("person people", end) or statement.leads("conditional condition", begin)
        return (begin, end) if told else None
    behind, closing = statement.tokens[limit.after - 1].end, statement.tokens[statement.closing(opened) - 1].start
    behind += len(statement.text[behind:closing]) - len(statement.text[behind:closing].lstrip())
    told = statement.leads("conditional regarding", behind, closing)
    return (behind, closing) if told and told < closing else None


def _between_brackets(statement: Statement, limit: Limit, previous: Candidate) -> bool:
    """Whether both numbers have people in a bracket behind them: ≥120g/L（男）或110g/L（女）."""
    joint = limit.first - 1
    return (
        not {"or", "and"}.isdisjoint(statement.meanings[joint])
        and _people_in_bracket(statement, previous.after) == joint
        and _people_in_bracket(statement, limit.after) > 0
    )


def _people_in_bracket(statement: Statement, opened: int) -> int:
    """The token behind a bracket that holds nothing but people; 0 where none opens at a token."""
    closing = statement.closing(opened) if statement.mark(opened) == "(" else opened
    if closing == opened:
        return 0
    inner = statement.tokens[opened].end, statement.tokens[closing - 1].start
    return closing if inner[0] < inner[1] and statement.is_only("people", *inner) else 0


def _continues(statement: Statement, limit: Limit, previous: Candidate) -> bool:
    """Whether only a comma, a semicolon or "or" stands between a limit and a bare number."""
    joint = previous.after
    if limit.compared or limit.first != joint + 1 or not statement.close(joint):
        return False
    if not statement.close(limit.first):
        return False
    return statement.mark(joint) in (",", ";") or "or" in statement.meanings[joint]


def _joined_for_others(statement: Statement, limit: Limit, previous: Candidate) -> bool:
    """Whether "or" or "and" joins two numbers, both for some people: > 440 ms in men and 460 ms in women."""
    joint = limit.first - 1
    return (
        not {"or", "and"}.isdisjoint(statement.meanings[joint])
        and statement.close(limit.first)
        and _for_people(statement, statement.tokens[previous.after - 1].end)
        and 0 <= joint - previous.after <= 3
    )


def _for_people(statement: Statement, place: int) -> bool:
    behind = statement.leads("regarding", place)
    return behind > 0 and statement.leads("concerned", behind) > 0


def _same_measure(limit: Limit, before: Limit) -> bool:
    units = [each.measure.ucum if each.measure else "" for each in (limit, before)]
    return limit.reference == before.reference and units[0] == units[1]


def _same_scale(statement: Statement, limit: Limit, previous: Candidate) -> bool:
    """Whether words that name no variable stand between: a reference, or points of the same score (文盲≤17分，小学≤20分)."""
    points = limit.ucum == "{score}" and previous.kind == "SCORE"
    near = statement.tokens[limit.first].start - statement.tokens[previous.after - 1].end <= 10
    return bool(limit.reference) or (points and near)


def _same_unit(limit: Limit, previous: Candidate) -> bool:
    return bool(limit.measure and limit.measure.ucum and limit.measure.dimension in previous.subjects[-1].subject.dimensions)


def _compatible(limit: Limit, previous: Candidate) -> bool:
    before = previous.limit
    if before is None:
        return False
    if limit.reference or before.reference:
        return bool(limit.reference) or _same_unit(limit, previous)
    if limit.measure and before.measure:
        return limit.measure.dimension == before.measure.dimension or _same_unit(limit, previous) or _per_field(limit, before)
    return not limit.measure or not limit.measure.ucum or _same_unit(limit, previous) or limit.measure.ucum == "{score}"


def _per_field(limit: Limit, before: Limit) -> bool:
    """5/HPF or 10/uL: both count per something."""
    return bool(limit.measure and before.measure and limit.measure.ucum.startswith("/") and before.measure.ucum.startswith("/"))


def _is_grade(statement: Statement, limit: Limit) -> bool:
    """≥ 2级, grade > 3, > grade 1: a number beside the word for grades, no unit."""
    if limit.scaled:
        return False
    around = (limit.after, limit.first - 1, *range(limit.first, limit.after))
    if not any(statement.get(at, "grade") and (at != limit.after or statement.close(at)) for at in around):
        return False
    return limit.compared or _chinese_grade(statement, limit)


def _past_grade(statement: Statement, limit: Limit) -> int:
    return limit.after + (statement.get(limit.after, "grade") is not None and statement.close(limit.after))


_GRADES = ("级", "度")


def _chinese_grade(statement: Statement, limit: Limit) -> bool:
    """A bare `2级` before or behind the words of a finding; 三级医院 and 一级亲属 are no grades."""
    end = statement.tokens[limit.after - 1].end
    return (
        limit.digits
        and statement.text[end : end + 1] in _GRADES
        and not re.match("级(?:医院|医疗|亲属|以内|甲|预防|护理|高血压|中心)", statement.text[end : end + 4])
    )
