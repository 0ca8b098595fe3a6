"""Whether two values say the same: dates with their precision, ages and amounts with their units, codes before words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import UNSET

from extractor.compare.wording.words import Relation, judge_words
from extractor.model import Age, Code, Coded, Date, Enrollment, Phases, Quantity, Text
from extractor.normalise.ucum import convert
from extractor.patterns import lazy_pattern

LANGUAGES = ("zh", "en")
UCUM_OF = {"YEAR": "a", "MONTH": "mo", "WEEK": "wk", "DAY": "d", "HOUR": "h", "MINUTE": "min"}
CLOSE = 1e-6  # relative: what converting units may lose

_date = lazy_pattern(r"\d{4}(?:-\d{2}(?:-\d{2}(?:T[\d:]+)?)?)?")


def judge(old: Any, new: Any) -> Relation:
    """How two values of one declared type relate."""
    if old == new:
        return Relation.SAME
    return _JUDGES.get(type(old), _judge_plain)(old, new)


def _judge_plain(old: Any, new: Any) -> Relation:
    if isinstance(old, str) and isinstance(new, str):
        return judge_dates(old, new) if _date.fullmatch(old) and _date.fullmatch(new) else judge_words(old, new)
    if isinstance(old, list) and isinstance(new, list):
        return Relation.SAME if sorted(map(repr, old)) == sorted(map(repr, new)) else Relation.DIFFERENT
    return Relation.DIFFERENT


def judge_dates(old: str, new: str) -> Relation:
    """How two ISO dates relate: one that only says more is FINER.

    >>> judge_dates("2012-12", "2012-12-19").name, judge_dates("2012-12", "2013-01").name
    ('FINER', 'DIFFERENT')
    """
    if old == new:
        return Relation.SAME
    return Relation.FINER if old.startswith(new) or new.startswith(old) else Relation.DIFFERENT


def judge_texts(old: Text, new: Text) -> Relation:
    """The gravest verdict of the languages that both have; UNKNOWN where they share none, FINER where one has a language more."""
    shared = [name for name in LANGUAGES if getattr(old, name) is not UNSET and getattr(new, name) is not UNSET]
    if not shared:
        return Relation.UNKNOWN
    verdicts = [judge_words(getattr(old, name), getattr(new, name)) for name in shared]
    for verdict in (Relation.DIFFERENT, Relation.WORDING):
        if verdict in verdicts:
            return verdict
    alone = any((getattr(old, name) is UNSET) != (getattr(new, name) is UNSET) for name in LANGUAGES)
    return Relation.FINER if alone else Relation.SAME


def _judge_coded(old: Coded, new: Coded) -> Relation:
    """Codes decide; the words only where no code of ours says what they mean."""
    if old.code != new.code:
        return Relation.DIFFERENT
    if old.code != "OTHER" or old.text is UNSET or new.text is UNSET:
        return Relation.SAME
    return judge_texts(old.text, new.text)


def _judge_phases(old: Phases, new: Phases) -> Relation:
    if sorted(old.codes) != sorted(new.codes):
        return Relation.DIFFERENT
    if "OTHER" not in old.codes or old.text is UNSET or new.text is UNSET:
        return Relation.SAME
    return judge_texts(old.text, new.text)


def _judge_date(old: Date, new: Date) -> Relation:
    if old.type is not UNSET and new.type is not UNSET and old.type != new.type:
        return Relation.DIFFERENT
    verdict = judge_dates(old.value, new.value)
    return Relation.FINER if verdict is Relation.SAME and old.type != new.type else verdict


def _judge_enrollment(old: Enrollment, new: Enrollment) -> Relation:
    if old.count != new.count or (old.type is not UNSET and new.type is not UNSET and old.type != new.type):
        return Relation.DIFFERENT
    return Relation.FINER if old.type != new.type else Relation.SAME


def _judge_age(old: Age, new: Age) -> Relation:
    same = same_amount(old.value, UCUM_OF[old.unit], new.value, UCUM_OF[new.unit])
    return Relation.SAME if same else Relation.DIFFERENT


def _judge_quantity(old: Quantity, new: Quantity) -> Relation:
    same = same_amount(old.value, unit_of(old), new.value, unit_of(new))
    return Relation.SAME if same else Relation.DIFFERENT


def unit_of(value: Any) -> str:
    """The unit of a quantity or constraint: its UCUM code, else its words, else "" ."""
    if value.unit is UNSET:
        return ""
    unit = value.unit
    return str(unit.ucum if unit.ucum is not UNSET else "" if unit.text is UNSET else unit.text)


def same_amount(old: float, old_unit: str, new: float, new_unit: str) -> bool:
    """Whether two amounts are one, whatever their units.

    >>> same_amount(100, "10*9/L", 100000, "/uL"), same_amount(18, "a", 216, "mo"), same_amount(1, "mg", 1, "mL")
    (True, True, False)
    """
    converted = convert(float(new), new_unit, old_unit)
    return converted is not None and is_close(float(old), converted)


def is_close(old: float, new: float, within: float = CLOSE) -> bool:
    """Whether two numbers are equal but for what converting loses."""
    return abs(old - new) <= within * max(abs(old), abs(new))


def _judge_code(old: Code, new: Code) -> Relation:
    return Relation.SAME if (old.system, old.code) == (new.system, new.code) else Relation.DIFFERENT


_JUDGES: dict[type, Callable[[Any, Any], Relation]] = {
    Text: judge_texts,
    Coded: _judge_coded,
    Phases: _judge_phases,
    Date: _judge_date,
    Enrollment: _judge_enrollment,
    Age: _judge_age,
    Quantity: _judge_quantity,
    Code: _judge_code,
}
WHOLES = tuple(_JUDGES)  # values that are compared as one, not field by field
