"""Whom a limit concerns, where it holds for some people only: the words go into `applies_to` and are no constraint of their own.

whom := (if | for | in …) people or condition, behind a limit      ≤ 5 x ULN if liver metastases; for patients ≤ 16 years
      | "(" sex ")"                                                > 450 ms (males)
      | sex or age or … 者 right before a limit or its variable    男性QTcF>450; 肝转移者≤5×ULN; 年龄≥75岁者>1800
      | if … ,  a clause before                                    存在肝转移时，AST≤5×ULN
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractor.criteria.constraints.candidates import Candidate
from extractor.criteria.constraints.limits.ages import exclude_each_other, is_aside, is_usual
from extractor.criteria.constraints.limits.conditions import Span, is_instance, is_supposed
from extractor.criteria.constraints.phrases import Named
from extractor.criteria.constraints.statement import Statement
from extractor.patterns import lazy_pattern
from extractor.text import has_ideograph

_VALUES = frozenset({"MEASUREMENT", "SCORE", "DOSE", "DURATION", "AGE"})
_LONGEST_BEHIND, _LONGEST_BEFORE = 100, 30
"""Characters that tell whom a limit concerns, behind it and before it."""
_FARTHEST = 4 * _LONGEST_BEFORE
"""Characters before a limit in which words that tell whom it concerns begin, with what may stand between."""
_NEIGHBOURS = 64
"""Limits on either side that can stand within the words of one: more do not fit into 100 characters."""
_NEXT = 8
"""Characters between a clause with a condition and the limit that it belongs to."""
_ALL_PEOPLE = ("者", "患者", "的患者")
_OF_PEOPLE = (*_ALL_PEOPLE, "者,", "患者,", "的患者,")
"""What makes an age that of people, right behind it; of an age that nearly all have, only without a pause."""
_BESIDE = 3
"""Characters between an age and the limit that it opens: a blank, a comma or a colon."""

_IF = lazy_pattern(r"[若如当]|\b(?:if|when|in (?:the )?case)\b", re.IGNORECASE)
"""Words that may open a condition."""


def find_concerned(statement: Statement, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with whom they concern; ages and limits that only say so are left out."""
    candidates = _asked(statement, candidates)
    values = [candidate for candidate in candidates if candidate.limit and candidate.kind in _VALUES]
    ages = [candidate for candidate in values if candidate.kind == "AGE"]
    scoping: set[int] = set()
    for at, candidate in enumerate(values):
        if id(candidate) in scoping:
            continue
        others = [*values[max(0, at - _NEIGHBOURS) : at], *values[at + 1 : at + 1 + _NEIGHBOURS]]
        candidate.whom = candidate.whom or _around(statement, candidate, others)
        if candidate.whom:
            scoping |= {id(other) for other in others if _within(statement, other, candidate.whom)}
            candidate.subjects = _besides(candidate.subjects, candidate.whom) or _those_before(statement, values, at)
    _keep_lone_sex(statement, ages)
    scoping |= _asides(statement, ages if len(ages) < len(values) else [])
    return [candidate for candidate in candidates if id(candidate) not in scoping]


def _asked(statement: Statement, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates without those that are only supposed, and without what these say of other limits."""
    if not _IF.search(statement.text):
        return candidates
    return [
        candidate
        for candidate in candidates
        if candidate.kind not in _VALUES or not is_supposed(statement, _start(statement, candidate), candidate.after)
    ]


def _asides(statement: Statement, ages: list[Candidate]) -> set[int]:
    """The ages that only say whose another limit is."""
    return {id(age) for age in ages if is_aside(statement, age, ages, _start(statement, age))}


def _besides(subjects: list[Named], whom: Span) -> list[Named]:
    """The variables without words of no name that only say whom the limit concerns."""
    return [named for named in subjects if named.subject.name or named.end <= whom[0] or whom[1] <= named.start]


def _around(statement: Statement, candidate: Candidate, others: list[Candidate]) -> Span | None:
    """The words behind or before a limit that say whom it concerns."""
    return _behind(statement, candidate, others) or _before(statement, candidate, others)


def _those_before(statement: Statement, values: list[Candidate], at: int) -> list[Named]:
    """The variables of the limit before, where the words of a limit named none but whom it concerns: 血小板≥100，若有骨髓侵犯则≥75."""
    if not at or not _is_concluded(statement, values[at]) or values[at].measure != values[at - 1].measure:
        return []
    return values[at - 1].subjects


def _within(statement: Statement, candidate: Candidate, span: Span) -> bool:
    start, end = statement.tokens[candidate.first].start, statement.tokens[candidate.after - 1].end
    return span[0] <= start and end <= span[1]


def _keep_lone_sex(statement: Statement, ages: Iterable[Candidate]) -> None:
    """A sex before the only age is that of the participants; where both sexes have ages of their own, it says whose they are."""
    sexes = {statement.text[slice(*age.whom)] for age in ages if age.whom and statement.is_only("people", *age.whom)}
    if len(sexes) < 2:
        for age in ages:
            if age.whom and statement.is_only("people", *age.whom) and statement.mark(age.after) != ")":
                age.whom = None


def _behind(statement: Statement, candidate: Candidate, others: list[Candidate]) -> Span | None:
    """Words right behind the limit: if …, for patients …, (males)."""
    at = candidate.after
    place = statement.tokens[at - 1].end
    opening = ""
    if statement.mark(at) in (",", "(") and not statement.tokens[at].gap and statement.tokens[at].start - place <= 1:
        opening, place, at = statement.mark(at), statement.tokens[at].end, at + 1
    place += len(statement.text[place:]) - len(statement.text[place:].lstrip())
    inner = _bracket_of_people(statement, at, candidate, others) if opening == "(" else None
    if inner:
        return inner
    if not _says_whom(statement, place, others, paused=opening == ","):
        return None
    end, mark = _end_of(statement, place, others)
    if end <= place or _is_of_another(statement, (place, end), others) or _concludes_more(statement, (place, end), others):
        return None
    return None if _goes_on(statement, opening, (place, end), mark, others) else (place, end)


def _bracket_of_people(statement: Statement, at: int, candidate: Candidate, others: list[Candidate]) -> Span | None:
    """What stands in the bracket that opens right before token `at`, where it is people or their age and nothing else."""
    closing = statement.closing(at - 1)
    if closing <= at - 1:
        return None
    opened = statement.tokens[at - 1].end
    start = opened + len(statement.text[opened:]) - len(statement.text[opened:].lstrip())
    inner = start, statement.tokens[closing - 1].start
    if inner[0] >= inner[1]:
        return None
    return inner if statement.is_only("people", *inner) or _is_age(statement, inner, candidate, others) else None


def _is_of_another(statement: Statement, words: Span, others: list[Candidate]) -> bool:
    """Whether a limit without a name of its own stands in the words: they say for whom that one holds."""
    inside = [other for other in others if _within(statement, other, words)]
    return any(_start(statement, other) < words[0] or _is_concluded(statement, other) for other in inside)


def _is_concluded(statement: Statement, candidate: Candidate) -> bool:
    """Whether 则 leads on to a limit or its variable: 若有骨髓侵犯则≥75×10^9/L."""
    return any(_follows_then(statement, place) for place in (_start(statement, candidate), statement.tokens[candidate.first].start))


def _follows_then(statement: Statement, place: int) -> bool:
    return statement.text[max(0, place - _NEXT) : place].rstrip().endswith(_THEN)


def _goes_on(statement: Statement, opening: str, words: Span, mark: str, others: list[Candidate]) -> bool:
    """Whether the words behind a limit go on with another: behind a comma with its name, in a bracket with its number."""
    start, end = words
    if opening == "(" and mark not in (")", ",", ";"):
        return end < len(statement.text) - 1
    if mark != ",":
        return False
    if opening == ",":
        starts = [place for other in others for place in (_start(statement, other), statement.tokens[other.first].start)]
        return any(0 <= place - end <= _NEXT for place in starts)
    near = [other for other in others if 0 <= statement.tokens[other.first].start - end <= _NEXT]
    return opening == "(" and any(_start(statement, other) < start for other in near)


def _is_age(statement: Statement, inner: Span, candidate: Candidate, others: list[Candidate]) -> bool:
    """Whether a bracket behind a value holds an age of people and nothing else: LVEF≥55%（≥70岁患者）, (patients < 16 years of age)."""
    if candidate.kind in ("AGE", "DURATION"):
        return False
    inside = [other for other in others if _within(statement, other, inner)]
    if not inside or any(other.kind != "AGE" for other in inside):
        return False
    spans = [(_start(statement, age), statement.tokens[age.after - 1].end) for age in inside]
    return statement.is_only("people neutral_age", inner[0], min(start for start, _ in spans)) and statement.is_only(
        "people neutral_age", max(end for _, end in spans), inner[1]
    )


def _says_whom(statement: Statement, place: int, others: list[Candidate], *, paused: bool = False) -> bool:
    """Whether a condition or a preposition with people or their age begins at a place; `paused`: behind a comma."""
    if statement.leads("conditional", place):
        return not statement.leads("unconditional", place)
    behind = statement.leads("regarding", place)
    if not behind:
        return False
    if has_ideograph(statement.text[place]):
        return not paused and (
            statement.leads("concerned", behind) > 0 or statement.trails("person", _end_of(statement, place, others)[0], _LONGEST_BEFORE)
        )
    return statement.leads("concerned", behind) > 0 or any(0 <= _start(statement, age) - behind <= 1 for age in others if age.kind == "AGE")


def _start(statement: Statement, candidate: Candidate) -> int:
    """Where a candidate's words begin: its variable, or its limit."""
    return min([statement.tokens[candidate.first].start, *(subject.start for subject in candidate.subjects)])


def _end_of(statement: Statement, place: int, others: list[Candidate]) -> tuple[int, str]:
    """Where the words end that say whom a limit concerns, and the mark there: at a mark, or before another limit of its own."""
    limit = place + _LONGEST_BEHIND
    at = statement.token_at(place)
    while at < statement.size and statement.tokens[at].start < limit:
        mark = statement.mark(at)
        joined = _joins_limit(statement, at, others)
        if mark in (",", ";", "(", ")", "。", "\n", ":") or statement.ends_sentence(at) or joined:
            return len(statement.text[: statement.tokens[at].start].rstrip()), mark
        at += 1
    if len(statement.text) <= limit:
        return len(statement.text.rstrip(" .;,。；，")), ""
    return max(place, statement.text.rfind(" ", place, limit)), ""


def _joins_limit(statement: Statement, at: int, others: list[Candidate]) -> bool:
    """Whether token `at` joins another limit: and, or before one."""
    meanings = statement.meanings[at]
    return not {"or", "and"}.isdisjoint(meanings) and "suffix" not in meanings and _limit_follows(at, others)


def _limit_follows(index: int, others: list[Candidate]) -> bool:
    """Whether another limit begins within a few tokens."""
    return any(index <= other.first < index + 4 for other in others)


def _before(statement: Statement, candidate: Candidate, others: list[Candidate]) -> Span | None:
    """Words right before the limit, or before its variable."""
    first = statement.tokens[candidate.first].start
    named = [subject.start for subject in candidate.subjects if subject.start < first]
    if named and _named_for_another(statement, min(named), candidate, others):
        named = []
    places = [first, min(named)] if named else [first]
    for place in places:
        if found := _right_before(statement, candidate, place, others):
            return found
    conditioned = _condition_before(statement, places[-1], others) if candidate.kind not in ("AGE", "DURATION") else None
    concluded = (_if_before(statement, place, others) for place in places)
    return conditioned or next(filter(None, concluded), None) or _clause_before(statement, places[-1], others)


def _if_before(statement: Statement, place: int, others: list[Candidate]) -> Span | None:
    """A condition right before a limit that 则 leads on to: 如果有肝转移则≤5×ULN; the limits in it are part of it."""
    if not _follows_then(statement, place):
        return None
    end = place - len(statement.text[max(0, place - _NEXT) : place]) + len(statement.text[max(0, place - _NEXT) : place].rstrip(" 则"))
    start = _run_start(statement, end)
    start += len(statement.text[start:end]) - len(statement.text[start:end].lstrip())
    if not 1 < end - start <= _LONGEST_BEHIND or not statement.leads("conditional", start):
        return None
    return None if _compares_more(statement, (start, end), others) else (start, end)


def _concludes_more(statement: Statement, words: Span, others: list[Candidate]) -> bool:
    """Whether words conclude with a limit that could not be read: 如有肝转移则不超过5倍."""
    return _THEN in statement.text[slice(*words)] and _compares_more(statement, words, others)


def _compares_more(statement: Statement, words: Span, others: list[Candidate]) -> bool:
    """Whether words hold a comparator that belongs to no limit in them."""
    read = {at for other in others if _within(statement, other, words) for at in range(other.first, other.after)}
    tokens = range(statement.token_at(words[0]), statement.token_at(words[1]))
    return any("cmp" in statement.meanings[at] and at not in read for at in tokens)


_THEN = "则"


def _right_before(statement: Statement, candidate: Candidate, place: int, others: list[Candidate]) -> Span | None:
    """People, by their schooling, sex, condition or age, right before a place."""
    found = _schooled_before(statement, place)
    if not found and candidate.kind != "DURATION":
        found = _sex_before(statement, place)
    found = found or _people_before(statement, place, candidate)
    return _age_before(statement, place, others) if not found and candidate.kind != "AGE" else found


def _condition_before(statement: Statement, place: int, others: list[Candidate]) -> Span | None:
    """People with or without a condition right before a variable: 无肝转移者ALT≤2.5×ULN; in patients without metastases ALT ≤ ….

    Words that announce a list are none (有下列情况者：…).
    """
    start = _run_start(statement, place)
    start += len(statement.text[start:place]) - len(statement.text[start:place].lstrip())
    end = len(statement.text[:place].rstrip(" :：的"))
    if not 1 < end - start <= _LONGEST_BEFORE + _NEXT or _is_counted(statement, start, end):
        return None
    if has_ideograph(statement.text[start]):
        return (start, end) if _has_condition(statement, start, end) else None
    if " without " not in statement.folded[start:end] or not statement.text[end:place].isspace() or not statement.leads("regarding", start):
        return None
    return (start, end) if _says_whom(statement, start, others) else None


def _is_counted(statement: Statement, start: int, end: int) -> bool:
    """Whether words hold a number, or announce a list."""
    tokens = range(statement.token_at(start), statement.token_at(end - 1) + 1)
    numbers = any(not {"num", "cmp"}.isdisjoint(statement.meanings[at]) for at in tokens)
    return numbers or statement.mentions("announcing", start, end) is not None


def _has_condition(statement: Statement, start: int, end: int) -> bool:
    """Whether Chinese words say that people have or lack a condition: 有肝转移者, 无肝转移时."""
    if not statement.trails("person", end, _LONGEST_BEFORE):
        return False
    first = statement.token_at(start)
    return statement.leads("condition", start) > 0 or (statement.tokens[first].start == start and bool(statement.get(first, "negation")))


def _schooled_before(statement: Statement, place: int) -> Span | None:
    """A schooling right before: 文盲≤17分，小学≤20分."""
    end = len(statement.text[:place].rstrip(" :："))
    start = statement.trailing("schooled", end)
    return (start, end) if start < end else None


def _named_for_another(statement: Statement, place: int, candidate: Candidate, others: list[Candidate]) -> bool:
    """Whether a variable at a place was named for a limit before, and a mark parts the two: …者ECOG评分0～2分，…者0～1分."""
    before = [
        other for other in others if other.kind != "AGE" and place < statement.tokens[other.first].start and other.first < candidate.first
    ]
    between = range(before[-1].after, candidate.first) if before else range(0)
    return any(statement.mark(at) in (",", ";") for at in between)


def _sex_before(statement: Statement, place: int) -> Span | None:
    """One sex right before: 男性QTcF, male patients with QTcF, men:."""
    at = statement.token_at(place) - 1
    if at >= 0 and statement.mark(at) == ":":
        at -= 1
    last = at
    while at >= 0 and statement.get(at, "people") is not None and "sex" not in statement.meanings[at]:
        at -= 1
    sex = statement.get(at, "sex") if at >= 0 else None
    if sex not in ("FEMALE", "MALE") or statement.text[statement.tokens[last].end : place].strip(" :：的") not in ("", "with", "aged"):
        return None
    joined = statement.get(at - 1, "or") or statement.get(at - 1, "and")
    if (joined and "sex" in statement.meanings[at - 2]) or "num" in statement.meanings[at - 1]:
        return None
    return statement.tokens[at].start, statement.tokens[last].end


def _people_before(statement: Statement, place: int, candidate: Candidate) -> Span | None:
    """People with a condition right before the limit of a variable named earlier: （肝转移者≤5×ULN）, 肝转移患者≤5×ULN."""
    if not candidate.subjects:
        return None
    start = _run_start(statement, place)
    if any(subject.end > start for subject in candidate.subjects):
        return None
    end = len(statement.text[:place].rstrip(" :："))
    end = statement.trailing("may", end)
    if not 1 < end - start <= _LONGEST_BEFORE or not statement.trails("person", end):
        return None
    inside = range(statement.token_at(start), statement.token_at(end - 1) + 1)
    if any(not {"num", "cmp"}.isdisjoint(statement.meanings[at]) for at in inside):
        return None
    return None if statement.is_only("function", start, end) else (start, end)


def _run_start(statement: Statement, place: int) -> int:
    """Where the words before a place begin: behind the nearest mark; the start of the text where none is near enough."""
    for at in range(statement.token_at(place) - 1, -1, -1):
        if statement.tokens[at].end < place - _FARTHEST:
            break
        parts = statement.mark(at) in (",", ";", "(", ")", "。", "\n", ":", ".") or "or" in statement.meanings[at]
        if parts and statement.tokens[at].end <= place:
            return statement.tokens[at].end
    return 0


def _age_before(statement: Statement, place: int, others: list[Candidate]) -> Span | None:
    """An age of people right before: 年龄≥75岁者>1800, 年龄≥70岁者，LVEF≥55%; ages that exclude each other: 18-75岁：KPS≥60."""
    for age in (other for other in others if other.kind == "AGE"):
        end = statement.tokens[age.after - 1].end
        if end > place:
            continue
        behind = statement.text[end:place].replace("，", ",").strip(" :：")
        if behind in ("", ",") and _is_one_of_several(statement, age, others):
            return _start(statement, age), end
        behind = ("者" if statement.text[end - 1] == "者" else "") + behind
        if behind in (_ALL_PEOPLE if is_usual(age) else _OF_PEOPLE):
            return _start(statement, age), end + len(statement.text[end:place].rstrip(" ,，:："))
    return None


def _is_one_of_several(statement: Statement, age: Candidate, others: list[Candidate]) -> bool:
    """Whether an age is one of several that exclude each other, each before a limit of its own: 18-75岁：KPS≥60；＞75岁：KPS≥70."""
    return any(_opens_limit(statement, other, others) for other in others if exclude_each_other(age, other))


def _opens_limit(statement: Statement, age: Candidate, others: list[Candidate]) -> bool:
    """Whether a limit of something else begins right behind an age."""
    end = statement.tokens[age.after - 1].end
    return any(other.kind != "AGE" and 0 <= _start(statement, other) - end <= _BESIDE for other in others)


def _regards_age(statement: Statement, clause: Span, others: list[Candidate]) -> bool:
    """Whether a clause names people of an age that not all have: in patients ≥ 70 years, …."""
    start, end = clause
    ages = [other for other in others if _within(statement, other, clause)]
    if not ages or not statement.leads("regarding", start) or any(age.kind != "AGE" for age in ages):
        return False
    if not statement.leads("for_people", start) and any(map(is_usual, ages)):
        return False
    return statement.tokens[ages[-1].after - 1].end >= end - _NEXT


_ADMITTING = 400
"""Characters behind a condition in which the words stand that close it: a limit keeps a hostile text linear."""


def _clause_before(statement: Statement, place: int, others: list[Candidate]) -> Span | None:
    """A clause that states a condition, right before the one of the limit: 存在肝转移时，; For patients with liver metastases,."""
    at = statement.token_at(place) - 1
    if at < 0 or statement.mark(at) != "," or not _leads_on(statement, statement.tokens[at].end, place):
        return None
    end = statement.tokens[at].start
    start = next((statement.tokens[here].end for here in range(at - 1, -1, -1) if statement.mark(here) not in ("", "/", "、")), 0)
    start += len(statement.text[start:end]) - len(statement.text[start:end].lstrip())
    conditional = statement.leads("conditional", start) > 0 and not is_instance(statement, (start, end), place)
    if conditional and statement.mentions("admitting", place, min(len(statement.text), place + _ADMITTING)):
        return None
    numbers = any("num" in statement.meanings[here] for here in range(statement.token_at(start), at))
    aged = numbers and _regards_age(statement, (start, end), others)
    stated = conditional or aged or (not numbers and _states_condition(statement, (start, end), others))
    return (start, end) if stated and 1 < end - start <= _LONGEST_BEHIND else None


def _leads_on(statement: Statement, start: int, place: int) -> bool:
    """Whether nothing but a duty stands between a clause and the limit that it is of: if younger than 17, must weigh …."""
    words = statement.text[start:place].strip(" 则，,")
    return not words or statement.is_only("duty people", start, place)


def _states_condition(statement: Statement, clause: Span, others: list[Candidate]) -> bool:
    """Whether a clause without numbers says for whom the next one holds: 存在肝转移，; 无肝转移时，; in patients with metastases,."""
    start, end = clause
    if statement.leads("condition", start) or _says_whom(statement, start, others):
        return True
    return statement.text[end - 1] == "时" and _has_condition(statement, start, end)
