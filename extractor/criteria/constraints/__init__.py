"""Constraints of one criterion: the limits of its text, what each means, and the windows and carve-outs around them.

    criterion := (limit | classes | sex | state)*
Each limit is read as a time (`times`) or a value (`candidates`); a window that governs a measurement moves onto it
(`times.window_scope`); denials and exceptions mark what lies in their scope (`negation`). A number that no rule explains gives nothing.
"""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from extractor.criteria.constraints.candidates import Candidate
from extractor.criteria.constraints.completeness import StatementReading, says_all
from extractor.criteria.constraints.concerned import find_concerned
from extractor.criteria.constraints.demographics import find_people
from extractor.criteria.constraints.lexer import tokenise
from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.limits.classes import find_classes
from extractor.criteria.constraints.limits.comparisons import find_limits
from extractor.criteria.constraints.negation import Denial, find_exceptions
from extractor.criteria.constraints.record import Scopes, make_constraints
from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.stems import NO_SETTING, Setting
from extractor.criteria.constraints.times.durations import join_windows, read_time, twin_window
from extractor.criteria.constraints.times.window_scope import attach_windows
from extractor.criteria.constraints.values import read_value
from extractor.model import Constraint
from extractor.normalise.folding import fold
from extractor.normalise.quantities import UnitMeaning
from extractor.patterns import group_alternatives, lazy_pattern
from extractor.tables import read_table
from extractor.text import clean_long_blanks, clean_surrogates, has_ideograph

_DIGIT = lazy_pattern(r"[0-9０-９一二两三四五六七八九十半男女孕娠乳限Ⅰ-Ⅻ]")
_WORD = lazy_pattern(
    group_alternatives(words for kind, words in read_table("extractor.criteria.constraints", "phrases") if kind == "limiting")
)


_YEARS = UnitMeaning("a", "age", "YEAR")
_REACH = 12
"""How many tokens back a variable may stand when only numbers that say nothing lie between."""
_PRACTICE = 40
"""Characters around a number in which words tell that it is what a surgeon has done."""
_NUMERIC = frozenset({"num", "reference", "roman", "letter"})
"""Meanings without which no limit can stand in a statement."""
Made = tuple[int, Constraint]
"""A constraint behind the offset at which its words begin."""


def parse_constraints(text: str) -> list[Constraint]:
    """The constraints that one criterion states, in the order of its words.

    >>> [constraint.low.value for constraint in parse_constraints("Age ≥ 18 years; platelets >= 100 x 10^9/L")]
    [18, 100]
    """
    return find_constraints(clean_long_blanks(clean_surrogates(text)))


def find_constraints(text: str, language: str = "") -> list[Constraint]:
    """The constraints of `text`, quotes filed under `language` ("zh", "en"; "" for what its characters say)."""
    return read_constraints(text, language).constraints


def read_constraints(text: str, language: str = "", setting: Setting = NO_SETTING) -> StatementReading:
    """The constraints of `text` below stems that make a setting, and whether they say all of it.

    >>> read_constraints("Age ≥ 18 years").complete, read_constraints("Tumour ≤ 5 cm, or DCIS").complete
    (True, False)
    """
    if not (_DIGIT.search(text) or _WORD.search(text.lower())):
        return StatementReading([])
    folded = fold(text)
    tokens = tokenise(text, folded)
    statement = Statement(text, [setting.aged, *tokens] if setting.aged else tokens, folded)
    candidates = [] if _NUMERIC.isdisjoint(statement.kinds) else find_concerned(statement, attach_windows(statement, _readings(statement)))
    exceptions = find_exceptions(statement)
    limits = _covered([candidate for candidate in candidates if candidate.kind != "WINDOW"])
    whoms = [candidate.whom for candidate in candidates if candidate.whom]
    scopes = Scopes(
        Denial(statement, exceptions, limits),
        exceptions,
        excepted=setting.excepted,
        whoms=tuple(sorted(end for _, end in whoms)),
        limits=candidates,
    )
    language = language or ("zh" if has_ideograph(text) else "en")
    made = [pair for candidate in candidates for pair in make_constraints(statement, candidate, scopes, language)]
    made += find_people(statement, scopes, language, whoms)
    made.sort(key=_place)
    constraints = _distinct(made) if len(made) > 1 else [constraint for _, constraint in made]
    if setting.denied:
        return StatementReading([_denied_above(each) for each in constraints])
    return StatementReading(constraints, says_all(statement, candidates, constraints))


def _denied_above(constraint: Constraint) -> Constraint:
    """A constraint below a stem that denies it; what denies for itself already stays, since two denials are for a person to read."""
    return constraint if constraint.negated else replace(constraint, negated=True)


def _place(pair: Made) -> int:
    return pair[0]


def _distinct(constraints: list[tuple[int, Constraint]]) -> list[Constraint]:
    """Each constraint once: the same kind, variable, limits and window said twice is one."""
    seen: dict[Any, Constraint] = {}
    for start, each in constraints:
        variable = each.variable.text if each.variable is not UNSET else ""
        values = tuple(each.values) if each.values is not UNSET else ()
        place = start if each.kind == "WINDOW" or not variable else -1
        unit = each.unit.ucum if each.unit is not UNSET else ""
        key = (each.kind, variable, each.low, each.high, values, each.reference, unit, each.window, place)
        seen.setdefault(key, each)
    return list(seen.values())


def _readings(statement: Statement) -> list[Candidate]:
    classes = find_classes(statement)
    taken = _covered(classes)
    candidates: list[Candidate] = []
    floor = begun = 0
    previous: Candidate | None = None
    bare: Limit | None = None
    for limit in find_limits(statement):
        floor = begun if limit.first < floor else _boundary(statement, floor, limit.first)
        begun = floor
        if limit.first in taken:
            continue
        floor = _past_counted(statement, candidates, floor, limit)
        before = _before(limit, candidates, previous)
        found = join_windows(statement, limit, candidates) or _read(statement, limit, floor, before)
        if bare and found and (twin := twin_window(statement, bare, found[0])):
            candidates.append(twin)
        bare = None if found or limit.compared else limit
        candidates += found
        previous = next((candidate for candidate in reversed(found) if candidate.kind != "WINDOW"), previous)
        floor = max([limit.after, *(candidate.after for candidate in found)]) if found else max(floor, limit.after - _REACH)
    _count_ages_in_years(candidates)
    return sorted(classes + candidates, key=lambda candidate: candidate.first)


def _past_counted(statement: Statement, candidates: list[Candidate], floor: int, limit: Limit) -> int:
    """The floor, behind the things that the limit before counts where another variable follows: 3 tumours and a diameter > 5 cm."""
    last = candidates[-1] if candidates else None
    if last is None or last.kind != "MEASUREMENT" or len(last.subjects) != 1:
        return floor
    behind = statement.token_at(last.subjects[0].end)
    counts = last.subjects[0].start >= statement.tokens[last.after - 1].end
    return behind if counts and floor < behind <= limit.first and _names(statement, behind, limit.first) else floor


def _names(statement: Statement, first: int, after: int) -> bool:
    return any("var" in statement.meanings[at] for at in range(first, after))


def _before(limit: Limit, candidates: list[Candidate], previous: Candidate | None) -> Candidate | None:
    """The candidate that a limit may go on from."""
    if candidates and _is_time(limit):
        return candidates[-1]
    return _value_before(candidates) if previous and previous.kind == "AGE" and _is_value(limit) else previous


def _count_ages_in_years(candidates: list[Candidate]) -> None:
    """An age without a unit is in years, unless another age of the statement shows another unit."""
    ages = [candidate for candidate in candidates if candidate.kind == "AGE"]
    if all(age.measure is None or age.measure.ucum == _YEARS.ucum for age in ages):
        for age in ages:
            age.measure = age.measure or _YEARS


def _is_time(limit: Limit) -> bool:
    return limit.measure is not None and limit.measure.word != ""


def _is_value(limit: Limit) -> bool:
    """Whether a limit cannot be one of an age."""
    return limit.reference != "" or (limit.measure is not None and limit.measure.ucum != "" and not limit.measure.word)


def _value_before(candidates: list[Candidate]) -> Candidate | None:
    """The last candidate that is a value; an age between says for whom the next limit holds: …（年龄≥75岁者>1800 pg/mL）."""
    return next((candidate for candidate in reversed(candidates) if candidate.kind not in ("WINDOW", "AGE")), None)


def _covered(candidates: list[Candidate]) -> set[int]:
    return {at for candidate in candidates for at in range(candidate.first, candidate.after)}


def _boundary(statement: Statement, floor: int, stop: int) -> int:
    """The token behind the last end of a sentence between `floor` and `stop`."""
    for at in range(stop - 1, floor - 1, -1):
        mark = statement.meanings[at].get("mark")
        if mark and (mark in ";。\n" or _full_stop(statement, at)):
            return at + 1
    return floor


def _full_stop(statement: Statement, index: int) -> bool:
    if statement.mark(index) not in (".", "!", "?"):
        return False
    end = statement.tokens[index].end
    return statement.text[end : end + 1].isspace() and statement.text[end + 1 : end + 2].isupper()


def _tells_practice(statement: Statement, limit: Limit) -> bool:
    """Whether a limit is one of the experience of those who treat: surgeons who have performed at least 30 operations."""
    if not statement.may_mention("practice"):
        return False
    start, end = statement.tokens[limit.first].start, statement.tokens[limit.after - 1].end
    if not statement.mentions("practice", start - _PRACTICE, min(len(statement.text), end + _PRACTICE)):
        return False
    return statement.mentions("practitioner", start - 2 * _PRACTICE, start) is not None


def _read(statement: Statement, limit: Limit, floor: int, previous: Candidate | None) -> list[Candidate]:
    if limit.endless or _tells_practice(statement, limit):
        return []
    measure = limit.measure
    if measure and measure.word and not limit.reference:
        return read_time(statement, limit, floor, previous)
    candidate = read_value(statement, limit, floor, previous)
    return [candidate] if candidate else []
