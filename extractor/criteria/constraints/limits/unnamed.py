"""Limits on what the vocabulary does not name: a variable behind, the words in front, the things counted, a drug's dose."""

from __future__ import annotations

import re

from msgspec.structs import replace

from extractor.criteria.constraints.candidates import Candidate
from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.limits.rates import rated
from extractor.criteria.constraints.phrases import Named, find_behind_words, find_counted, find_drug, find_phrase, named_by
from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.vocabulary import MEANINGS, Subject
from extractor.normalise.folding import fold
from extractor.normalise.quantities import UnitMeaning
from extractor.normalise.vocabulary import squeeze
from extractor.patterns import lazy_pattern

_DOSES = lazy_pattern(r"(?:[mu]?g|\[IU\]|U)(?:/kg)?(?:/(?:d|wk|\(24\.h\)|kg))?|m?g/m2/(?:d|wk)|mg/m2|c?Gy")
_WEIGHED = lazy_pattern(r"infants?|newborns?|neonates?|children|babies|patients|subjects|婴儿|新生儿|早产儿|患儿", re.IGNORECASE)
_SCORE_WORDS = lazy_pattern(r"(?:评分|得分|积分|分值|总分|量表|scores?|scale|points|grade|index)\s*$", re.IGNORECASE)


def find_behind(statement: Statement, limit: Limit) -> Named | None:
    """A variable right behind the limit, no other limit's: ≥ 3 on the NRS, > 10% TBSA, ≥2级白内障."""
    at = limit.after
    for _ in range(3):
        if statement.get(at, "var") and (statement.close(at) or at == limit.after):
            return _free(statement, at, limit)
        if {"soft", "grade", "for"}.isdisjoint(statement.meanings[at]) or not statement.close(at):
            return None
        at += 1
    return None


def _free(statement: Statement, index: int, limit: Limit) -> Named | None:
    """The variable at `index`, unless a limit of its own follows or the unit is none of its."""
    token = statement.tokens[index]
    after = statement.closing(index + 1) if statement.mark(index + 1) == "(" else index + 1
    taken = statement.get(statement.skip(after), "cmp") or statement.get(statement.skip(after), "num") is not None
    far = token.start - statement.tokens[limit.after - 1].end > 20
    return None if taken or far or not _measured_in(token.meanings["var"], limit) else Named(token.meanings["var"], token.start, token.end)


def _measured_in(subject: Subject, limit: Limit) -> bool:
    """Whether the unit may be one of the variable's; a bare number counts what has units of its own (no more than 3 lesions)."""
    if limit.measure and limit.measure.ucum and subject.dimensions:
        return limit.measure.dimension in subject.dimensions
    return subject.kind != "MEASUREMENT" or not subject.dimensions or limit.reference != ""


def read_unknown(statement: Statement, limit: Limit, floor: int) -> Candidate | None:
    """A limit on something that the vocabulary does not hold: the words in front name it, or the things it counts."""
    measure = rated(statement, limit, floor)
    bare = (measure is None or not measure.ucum) and not limit.reference
    counts = not limit.reference and not limit.suffixed and (limit.measure is None or not limit.measure.ucum)
    counted = find_counted(statement, limit) if counts else None
    phrase = _behind_bracket(statement, limit, counted or find_phrase(statement, limit, floor))
    named = named_by(statement, phrase)
    if bare and not _is_told(statement, limit, floor, named, counted):
        return None
    kind = _kind(named, measure.ucum if measure else "")
    if kind == "DOSE":
        return _dose(statement, limit, phrase, measure)
    return Candidate(kind, limit.first, limit.after, limit, [phrase] if phrase else [], measure=measure)


def _is_told(statement: Statement, limit: Limit, floor: int, named: str, counted: Named | None) -> bool:
    """Whether a bare number is a limit on unknown words, or on the things that it counts between two ends."""
    if _is_quota(statement, limit, floor):
        return False
    return _counts_between(statement, limit, counted) or _worth(limit, named)


def _counts_between(statement: Statement, limit: Limit, counted: Named | None) -> bool:
    """Whether a number behind a comparator counts things between two ends."""
    if counted is None or not limit.digits or None in (limit.low, limit.high):
        return False
    return statement.get(limit.first, "cmp") is not None


def _is_quota(statement: Statement, limit: Limit, floor: int) -> bool:
    """Whether a number counts the people of a study: at least 20 patients will be enrolled; 样本量至少为120例."""
    if limit.written == "例":
        return True
    place = statement.tokens[limit.after - 1].end
    if statement.leads("enrolled_people", place) and not statement.is_sign(limit.first):
        return True
    end = min(place + _QUOTA, len(statement.text))
    counted = statement.leads("people", place) > 0 and statement.mentions("enrolling", place, end) is not None
    return counted or statement.mentions("sample", statement.tokens[floor].start, statement.tokens[limit.first].start) is not None


_QUOTA = 60
"""Characters behind a number of people in which words say that they are to be enrolled."""


def _behind_bracket(statement: Statement, limit: Limit, phrase: Named | None) -> Named | None:
    """The words behind the limit's bracket where those before it are an adjective only: severe (70-99 %) carotid stenosis."""
    if phrase is None or not statement.is_only("adjective", phrase.start, phrase.end):
        return phrase
    if statement.mark(limit.first - 1) != "(" or statement.mark(limit.after) != ")":
        return None
    found = find_behind_words(statement, statement.tokens[limit.after].end, 4, "graded")
    return replace(phrase, start=found[0], end=found[1]) if found else None


def _dose(statement: Statement, limit: Limit, phrase: Named | None, measure: UnitMeaning | None) -> Candidate | None:
    """The limit of a drug's dose, the drug before or behind it; a mere range without comparators tells how it is given."""
    if limit.ranged and not any("cmp" in statement.meanings[at] for at in range(limit.first, limit.after)):
        return None
    drug = find_drug(statement, limit) if phrase is None or statement.trailing("dosing", phrase.end) < phrase.end else None
    subject = drug or phrase
    return Candidate("DOSE", limit.first, limit.after, limit, [subject] if subject else [], measure=measure)


def _kind(named: str, ucum: str) -> str:
    """What a limit on unknown words is: a dose by its unit, a score by its name or points, else a measurement."""
    if _DOSES.fullmatch(ucum) and not _WEIGHED.search(named) and not _is_measured(named):
        return "DOSE"
    return "SCORE" if _SCORE_WORDS.search(named) or ucum == "{score}" else "MEASUREMENT"


def _is_measured(words: str) -> bool:
    """Whether words are a measurement with units of its own, no drug: a slip in its unit makes it no dose (haemoglobin ≥ 9 g/d)."""
    subject = MEANINGS.get(squeeze(fold(words)), {}).get("var")
    return subject is not None and bool(subject.dimensions)


def _worth(limit: Limit, named: str) -> bool:
    """Whether a number without unit on unknown words is a limit: a comparator in front and digits, or a score by its name."""
    if not limit.digits or any(end and 1900 <= end.value <= 2100 for end in (limit.low, limit.high)):
        return False
    ranged = limit.low is not None and limit.high is not None
    plain = limit.suffixed and (limit.measure is None)
    return _SCORE_WORDS.search(named) is not None or not (ranged or plain)
