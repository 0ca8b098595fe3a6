"""Constraints of a criterion in two versions: which is which, and whether more or fewer people may now take part.

TIGHTENED: fewer may. The direction depends on the section (a wider range in an exclusion keeps more people out), and is turned
round by a negation and by an exception. Where that cannot be known surely, a constraint is CHANGED.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from msgspec import UNSET

from extractor.compare.couple import Difference, Kind, Spot
from extractor.compare.lists.matching import match_keys
from extractor.compare.values import LANGUAGES, UCUM_OF, is_close, unit_of
from extractor.compare.wording.words import bare_words, printed_words
from extractor.model import Constraint, Criterion, Window
from extractor.normalise.ucum import convert
from extractor.tables import read_table

OPENS = {"inclusion": 1, "indications": 1, "exclusion": -1, "contraindications": -1}  # what a wider range does to who may take part
GROWS = {"WITHIN": 1, "BEFORE": -1, "AFTER": -1, "FOR": -1}  # whether more events lie in a longer window; the others are least lengths


RangeEnd = tuple[float, int]
"""A value, and where the end lies: 1 just above it, -1 just below it, 0 at it."""


class Range(NamedTuple):
    """A range in one unit; an end counts as just outside of its value where it is exclusive."""

    low: RangeEnd
    high: RangeEnd


@cache
def negations() -> frozenset[str]:
    """tables/negations.tsv."""
    return frozenset(word for (word,) in read_table("extractor.compare", "negations"))


def compare_constraints(old: Spot, new: Spot, section: str, *, doubtful: bool) -> Iterator[Difference]:
    """What differs between the constraints of one criterion; `doubtful`: a lead-in above it may turn round what it says."""
    before, after = old.at("constraints").items(), new.at("constraints").items()
    keys = [lambda c: (*_subject(c), c.applies_to, c.reference), _subject, lambda c: _subject(c)[:2]]
    found = match_keys([spot.value for spot in before], [spot.value for spot in after], keys)
    name = f"{section}/constraints"
    unsure = doubtful or _is_negated(old.value) or _is_negated(new.value)
    for i, j in found.pairs:
        kind = judge_constraint(before[i].value, after[j].value, section, unsure=unsure)
        if kind:
            yield Difference(name, kind, (before[i],), (after[j],), subject_of(after[j].value))
    for i in found.removed:
        yield Difference(name, "REMOVED", (before[i],), (), subject_of(before[i].value))
    for j in found.added:
        yield Difference(name, "ADDED", (), (after[j],), subject_of(after[j].value))


def subject_of(constraint: Constraint) -> str:
    """What a constraint speaks of, as the record calls it."""
    variable = constraint.variable
    if variable is UNSET:
        return constraint.kind.lower()
    name = variable.name if variable.name is not UNSET else variable.text
    return constraint.kind.lower() if name is UNSET else name


def _subject(constraint: Constraint) -> tuple[object, ...]:
    name = subject_of(constraint)
    return constraint.kind, printed_words(name), constraint.negated, constraint.exception


def _is_negated(criterion: Criterion) -> bool:
    """Whether a word that turns the statement round stands outside of what its constraints were read from."""
    for language in LANGUAGES:
        text = getattr(criterion.text, language)
        if text is UNSET:
            continue
        for constraint in criterion.constraints or ():
            quote = UNSET if constraint.quote is UNSET else getattr(constraint.quote, language)
            text = text if quote is UNSET else text.replace(quote, " ")
        if turns_round(text):
            return not any(constraint.negated or constraint.exception for constraint in criterion.constraints or ())
    return False


def turns_round(text: str) -> bool:
    """Whether a text holds a word of tables/negations.tsv.

    >>> turns_round("none of the following"), turns_round("未接受治疗"), turns_round("all of these")
    (True, True, False)
    """
    words = bare_words(text)
    return not negations().isdisjoint(words) or any(word in text for word in negations() if len(word) > 1 and not word.isascii())


def judge_constraint(old: Constraint, new: Constraint, section: str, *, unsure: bool = False) -> Kind | None:
    """TIGHTENED, LOOSENED or CHANGED, None where both say the same."""
    if old == new:
        return None
    ways = [_compare_values(old, new), _compare_ranges(old, new), _compare_windows(old.window, new.window)]
    if old.reference != new.reference or _has_other_people(old, new):
        ways.append(None)
    told = {way for way in ways if way != 0}
    if not told:
        return None
    way = told.pop() if len(told) == 1 else None
    if way is None or unsure:
        return "CHANGED"
    sense = way * OPENS[section] * (-1 if old.negated else 1) * (-1 if old.exception else 1)
    return "LOOSENED" if sense > 0 else "TIGHTENED"


def _has_other_people(old: Constraint, new: Constraint) -> bool:
    """Whether the words differ that say whom the constraint concerns, or whether it is negated."""
    people = [tuple(UNSET if c.applies_to is UNSET else _printed(c.applies_to) for c in (old, new))]
    return people[0][0] != people[0][1] or (old.negated, old.exception) != (new.negated, new.exception)


def _printed(text: object) -> tuple[object, ...]:
    return tuple(printed_words(value) for language in LANGUAGES if (value := getattr(text, language)) is not UNSET)


def _compare_values(old: Constraint, new: Constraint) -> int | None:
    """1 where the new classes hold the old ones and more, -1 the other way round, 0 where they are equal, None for neither."""
    one, two = set(old.values or ()), set(new.values or ())
    if one == two:
        return 0
    if not one or not two:
        return None
    everybody = {"FEMALE", "MALE"}
    one, two = ({*everybody} if group == {"ALL"} else group for group in (one, two))
    return 1 if one < two else -1 if two < one else 0 if one == two else None


def _compare_ranges(old: Constraint, new: Constraint) -> int | None:
    """The same for ranges, in one unit; None where the units do not convert."""
    if all(end is UNSET for end in (old.low, old.high, new.low, new.high)):
        return 0
    target = unit_of(old)
    one, two = _range(old, target), _range(new, target)
    if one is None or two is None:
        return None
    low, high = _before(one.low, two.low), _before(one.high, two.high)
    if low == 0 and high == 0:
        return 0
    if low <= 0 <= high:
        return -1
    return 1 if low >= 0 >= high else None


def _before(one: RangeEnd, two: RangeEnd) -> int:
    """-1 where the first end lies lower, 1 where it lies higher, 0 where both are one."""
    if one[0] == two[0] or (math.isfinite(one[0]) and math.isfinite(two[0]) and is_close(one[0], two[0])):
        return (one[1] > two[1]) - (one[1] < two[1])
    return 1 if one[0] > two[0] else -1


def _range(constraint: Constraint, target: str) -> Range | None:
    unit = unit_of(constraint)
    ends: list[RangeEnd] = []
    for end, missing, outward in ((constraint.low, -math.inf, 1), (constraint.high, math.inf, -1)):
        if end is UNSET:
            ends.append((missing, 0))
            continue
        value = convert(float(end.value), unit, target)
        if value is None:
            return None
        ends.append((value, 0 if end.inclusive else outward))
    return Range(*ends)


def _compare_windows(old: Window | object, new: Window | object) -> int | None:
    """The same for windows: a longer WITHIN holds more events, a longer BEFORE, AFTER or FOR fewer."""
    if old == new:
        return 0
    if not isinstance(old, Window) or not isinstance(new, Window) or (old.relation, old.anchor) != (new.relation, new.anchor):
        return None
    one, two = _length(old), _length(new)
    if one is None or two is None or one[1] != two[1]:
        return None
    if is_close(one[0], two[0]):
        return 0
    return GROWS[old.relation] * (1 if two[0] > one[0] else -1)


def _length(window: Window) -> tuple[float, str] | None:
    """The length in days, or in half-lives or cycles."""
    if window.value is UNSET or window.unit is UNSET:
        return None
    unit = UCUM_OF.get(window.unit)
    days = convert(float(window.value), unit, "d") if unit else None
    return (float(window.value), window.unit) if days is None else (days, "d")


def quotes_of(criteria: Sequence[Spot], language: str) -> list[str]:
    """The words that constraints were read from, in one language."""
    quotes = (c.value.quote for spot in criteria for c in spot.at("constraints").items() if c.value.quote is not UNSET)
    return [text for quote in quotes if (text := getattr(quote, language)) is not UNSET]
