"""What stands around a time and is no limit of the patient's: schedules, rest, things; and whose a time is.

A time that is read here gives no constraint, or one of another variable than the words nearest to it.
"""

from __future__ import annotations

from msgspec.structs import replace

from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.phrases import GENERIC, Named
from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.vocabulary import MEANINGS
from extractor.normalise.vocabulary import squeeze
from extractor.patterns import lazy_pattern
from extractor.text import has_ideograph

COURSE = 26
"""Characters behind a length in which the treatment stands that lasted so long."""
_NEAR = 60
"""Characters around a gestational age in which infants are named."""
_NEWBORN = MEANINGS[squeeze("gestational age at birth")]["var"]
"""The variable of an infant's gestational age."""
_RESTING = 14
"""Characters around some minutes in which the word for rest stands."""
_CUT = lazy_pattern(r"[,，;；。.()（）\d]|[未无不前后内]|且|并|或|(?:since|from|before|after|prior|and|or|without)\s")
"""What parts a length from a treatment that is not what lasted so long."""


def is_of_a_thing(statement: Statement, limit: Limit, floor: int) -> bool:
    """Whether months or days are those of a thing that is named right before: a biopsy older than 6 months."""
    if limit.measure is None or limit.measure.ucum == "a" or limit.first == 0:
        return False
    if not statement.tokens[limit.first].gap and "anchor" not in statement.meanings[limit.first - 1]:
        return False
    return all({"people", "sex"}.isdisjoint(statement.meanings[at]) for at in range(floor, limit.first))


def of_newborns(statement: Statement, subjects: list[Named]) -> list[Named]:
    """The gestational age of infants as an age; that of a pregnancy stays the length of it."""
    named = subjects[-1] if subjects else None
    if named is None or named.subject.name != "gestation" or "age" not in statement.folded[named.start : named.end]:
        return subjects
    around = statement.mentions("newborn", named.start - _NEAR, named.end + _NEAR)
    return [replace(named, subject=_NEWBORN)] if around else subjects


def is_schedule(statement: Statement, limit: Limit) -> bool:
    """Whether the time tells how often something is repeated: every 3 to 6 months, 每3-6个月."""
    return not any("cmp" in statement.meanings[at] for at in range(limit.first, limit.after)) and statement.trails(
        "schedule", statement.tokens[limit.first].start
    )


def is_rest(statement: Statement, limit: Limit) -> bool:
    """Whether some minutes are those of rest before a measurement: how it is made, no criterion."""
    if limit.ucum != "min":
        return False
    start, end = statement.tokens[limit.first].start, statement.tokens[limit.after - 1].end
    return statement.trails("resting", start, _RESTING) or statement.mentions("resting", end, end + _RESTING) is not None


def is_in_two_units(statement: Statement, limit: Limit) -> bool:
    """Whether the words of a limit hold two units: one end of 2周～3个月."""
    return sum("unit" in statement.meanings[at] for at in range(limit.first, limit.after)) > 1


def find_treatment(statement: Statement, end: int) -> Named | None:
    """The treatment right behind a length that ends at a place: of statin therapy, 的他汀治疗."""
    chinese = has_ideograph(statement.text[end : end + 2])
    behind = end + statement.text.startswith("的", end) if chinese else statement.leads("of_things", end)
    if not behind:
        return None
    behind += statement.text.startswith(" ", behind)
    cut = _CUT.search(statement.text, behind, behind + COURSE)
    treatment = statement.mentions("course", behind, cut.start() if cut else behind + COURSE)
    return Named(GENERIC, behind, treatment.end) if treatment else None


def find_passage(statement: Statement, named: Named, place: int) -> Named | None:
    """The time from one event to another, which is no length of a disease: 发病至入院时间, diagnosis to enrolment."""
    behind = statement.leads("through", named.end)
    if not behind or behind > place:
        return None
    end = statement.trailing("function", place)
    return Named(GENERIC, named.start, end) if end > behind else None


def is_lasting(statement: Statement, first: int, after: int) -> bool:
    """Whether only a comma and a word for lasting stand between a value and a length: ≥ 4, lasting more than 3 months."""
    last = statement.tokens[after - 1]
    worded = statement.folded[last.start : last.end].startswith(("last", "persist", "持续"))
    return (
        worded
        and after - first <= 2
        and statement.mark(first) in (",", "")
        and not any(statement.tokens[at].gap for at in range(first, after + 1))
    )


def ends_in_chinese(statement: Statement, after: int) -> bool:
    """Whether the token before `after` is Chinese; a "+" behind the last word is none, and nothing stands there any more."""
    start = statement.tokens[after - 1].start
    return not statement.text[start : start + 1].isascii()


def spoken_between(statement: Statement, first: int, after: int) -> int:
    """How many characters stand between two tokens outside of brackets."""
    start, end = statement.tokens[first - 1].end, statement.tokens[after].start
    inside = 0
    for at in range(first, after):
        closing = statement.closing(at) if statement.mark(at) == "(" else at
        if at < closing <= after:
            inside += statement.tokens[closing - 1].end - statement.tokens[at].start
    return end - start - inside


def is_of_counted(statement: Statement, limit: Limit) -> bool:
    """Whether an age is that of people who are counted: a minimum of 75 children < 6 years is a quota."""
    at = limit.first - 1
    at -= "var" in statement.meanings[at]
    counted = {"people", "sex"} & statement.meanings[at].keys() and "num" in statement.meanings[at - 1]
    return bool(counted) and "cmp" in statement.meanings[at - 2]
