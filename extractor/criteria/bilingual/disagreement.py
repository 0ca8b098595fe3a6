"""Whether two languages say the same: numbers and comparators, whatever the script.

`≥` is `>=`, `10⁹` is `10^9`, `III` is 3, `半年` is 6 months, 一周 is 7 days. Only a value that the other language has in no form
counts as a difference.
"""

from __future__ import annotations

import re
import unicodedata

from msgspec import UNSET

from extractor.criteria.outline.enumerators import NUMERALS, ROMAN, ROMAN_SIGNS
from extractor.model import Bound, Constraint
from extractor.normalise.ucum import convert
from extractor.patterns import lazy_pattern

_digits = lazy_pattern(r"(?<![A-Za-z\d.])\d[\d,]*(?:\.\d+)?(?![A-Za-z]{2,}\d)")
_thousands = lazy_pattern(r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_words = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "once": 1, "twice": 2,
    "single": 1, "both": 2, "half": 0.5, "first": 1, "second": 2, "third": 3, "eighteen": 18, "twenty": 20, "thirty": 30,
}  # fmt: skip
_word = lazy_pattern(r"\b(?:" + "|".join(_words) + r")\b", re.IGNORECASE)
_roman = lazy_pattern(rf"(?<![A-Za-z])[IVX]{{1,4}}(?![A-Za-z])|[{ROMAN_SIGNS}]")
_numeral = lazy_pattern(rf"[{NUMERALS}两半]+")
_UCUM = {"YEAR": "a", "MONTH": "mo", "WEEK": "wk", "DAY": "d", "HOUR": "h", "MINUTE": "min"}
"""Units of windows as UCUM codes."""
_SAME = 0.05
"""How far the ratio of two units may lie from one: a month of 30 days or of 4 weeks is the same month."""
_FACTORS = (
    1,
    12,
    1 / 12,
    7,
    1 / 7,
    24,
    1 / 24,
    30,
    1 / 30,
    365,
    1 / 365,
    52,
    1 / 52,
    1000,
    1 / 1000,
)  # months, weeks, hours, days; thousands
_power = lazy_pattern(r"(?:[×xX*✕]\s*)?10\s*(?:[\^eE]\s*\(?\d{1,2}\)?|[⁰¹²³⁴-⁹]{1,2}|\d{1,2}(?=\s*(?:/|个)))")


def find_numbers(text: str) -> set[float]:
    """All numbers of a text, however written: digits, Roman and Chinese numerals, number words.

    >>> sorted(find_numbers("Ⅲ级，半年，1,000"))
    [0.5, 3.0, 1000.0]
    """
    found = {float(value) for value in _plain_numbers(text)}
    found |= {float(_words[m.lower()]) for m in _word.findall(text)}
    found |= {
        float(ROMAN.get(m.lower(), 0) or ROMAN_SIGNS.index(m) + 1) for m in _roman.findall(text) if m.lower() in ROMAN or m in ROMAN_SIGNS
    }
    found |= {value for m in _numeral.findall(text) for value in _chinese(m)}
    return found


def _plain_numbers(text: str) -> list[str]:
    numbers = []
    for raw in _digits.findall(unicodedata.normalize("NFKC", _power.sub(" ", text))):
        parts = [raw.replace(",", "")] if _thousands.match(raw) else raw.strip(",").split(",")
        numbers += [part for part in parts if part]
    return numbers


def _chinese(raw: str) -> list[float]:
    if raw == "半":
        return [0.5]
    digits = ["一二三四五六七八九".find(sign) + 1 for sign in raw.replace("两", "二")]
    if "十" in raw:
        tens, _, ones = raw.partition("十")
        return [
            float(
                10 * (("一二三四五六七八九".find(tens[-1:]) + 1) or 1 if tens else 1)
                + ("一二三四五六七八九".find(ones[:1]) + 1 if ones else 0)
            )
        ]
    return [float(digit) for digit in digits if digit]


def find_difference(zh: str, en: str, constraints: dict[str, list[Constraint]]) -> str:
    """What the two languages disagree about, in a few words; "" where they agree.

    >>> find_difference("年龄≥18岁", "Age >= 18 years", {}), find_difference("6个月内", "within 3 months", {})
    ('', 'zh has 6, en has 3')
    """
    numbers = {"zh": find_numbers(zh), "en": find_numbers(en)}
    plain = {"zh": {float(n) for n in _plain_numbers(zh)}, "en": {float(n) for n in _plain_numbers(en)}}
    alone = {
        "zh": sorted(n for n in plain["zh"] if not _has(numbers["en"], n)),
        "en": sorted(n for n in plain["en"] if not _has(numbers["zh"], n)),
    }
    if alone["zh"] and alone["en"]:
        return f"zh has {_listed(alone['zh'])}, en has {_listed(alone['en'])}"
    for here, there in (("zh", "en"), ("en", "zh")):
        lacking = sorted({n for c in constraints.get(here, []) for n in _limits(c) if not _has(numbers[there], n)})
        if lacking:
            return f"{here} limits by {_listed(lacking)}, {there} does not"
    return _compared(constraints.get("zh", []), constraints.get("en", []))


def _limits(constraint: Constraint) -> set[float]:
    """The numbers that a constraint states: its ends and the length of its window; 1 and 0.5 hide in words ("above normal", 半)."""
    window = constraint.window
    length = {float(window.value)} if window is not UNSET and window.value is not UNSET else set()
    return (_values(constraint) | length) - {0.5, 1.0}


def _listed(numbers: list[float]) -> str:
    return ", ".join(f"{number:g}" for number in numbers[:6])


def _has(numbers: set[float], number: float) -> bool:
    return any(abs(number * factor - other) <= 1e-6 * max(1.0, abs(other)) for factor in _FACTORS for other in numbers)


def _compared(zh: list[Constraint], en: list[Constraint]) -> str:
    """A comparator that points the other way, or includes its end in one language only."""
    for first in zh:
        pairs = [
            second
            for second in en
            if second.kind == first.kind and second.reference == first.reference and _values(second) & _values(first)
        ]
        if pairs and not any(_agrees(first, second) for second in pairs):
            return f"the comparators of {min(_values(first) & _values(pairs[0])):g} differ: zh says {_shown(first)}, en says {_shown(pairs[0])}"
    return _scaled_apart(zh, en)


def _scaled_apart(zh: list[Constraint], en: list[Constraint]) -> str:
    """A number that stands in both languages with units that make it two different things: 6 months and 6 weeks, g/L and g/dL."""
    for first in zh:
        alike = [second for second in en if second.kind == first.kind and _limits(second) & _limits(first)]
        if alike and all(_has_other_unit(first, second) for second in alike):
            return f"zh says {_shown(first)}, en says {_shown(alike[0])}"
    return ""


def _has_other_unit(first: Constraint, second: Constraint) -> bool:
    """Whether both constraints have units of one kind that are not the same."""
    one, other = _unit_of(first), _unit_of(second)
    ratio = convert(1, one, other) if one and other else None
    return ratio is not None and abs(ratio - 1) > _SAME


def _unit_of(constraint: Constraint) -> str:
    """The UCUM code of a constraint's unit, or that of the unit of its window; "" for none."""
    if constraint.unit is not UNSET:
        return constraint.unit.ucum or ""
    return _UCUM.get(str(constraint.window.unit), "") if constraint.window is not UNSET else ""


def _shown(constraint: Constraint) -> str:
    """The limits of a constraint on a few signs: ≥ 6 mo."""
    ends = (("≥", ">", constraint.low), ("≤", "<", constraint.high))
    signs = [f"{closed if bound.inclusive else open_} {bound.value:g}" for closed, open_, bound in ends if isinstance(bound, Bound)]
    window = constraint.window
    length = [f"{window.relation.lower()} {window.value:g}"] if window is not UNSET and window.value is not UNSET and not signs else []
    return " ".join([*signs, *length, _unit_of(constraint)]).strip()


def _values(constraint: Constraint) -> set[float]:
    return {float(bound.value) for bound in (constraint.low, constraint.high) if isinstance(bound, Bound)}


def _agrees(first: Constraint, second: Constraint) -> bool:
    pairs = ((first.low, second.low), (first.high, second.high))
    return all(one == other or (one is UNSET and other is UNSET) for one, other in pairs) or not _opposed(first, second)


def _opposed(first: Constraint, second: Constraint) -> bool:
    """Whether a value is a lower end here and an upper end there, or included here and not there."""
    for one, same, opposite in ((first.low, second.low, second.high), (first.high, second.high, second.low)):
        if not isinstance(one, Bound):
            continue
        if isinstance(same, Bound) and same.value == one.value and same.inclusive != one.inclusive:
            return True
        if isinstance(opposite, Bound) and opposite.value == one.value and not isinstance(same, Bound):
            return True
    return False
