"""Doubts about numbers: two values of one analyte in two units that cannot be the same amount.

`units.disagree`: "3.1 mmol/L (11.5 mg/dL)" of calcium, where 11.5 mg/dL is 2.87 mmol/L. The masses of a millimole stand
in tables/molar_masses.tsv; a pair is doubted only where the analyte is known and the difference exceeds rounding.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from extractor.criteria.constraints.lexer import tokenise
from extractor.criteria.constraints.statement import Statement
from extractor.document import Doubt
from extractor.normalise.quantities import UnitMeaning
from extractor.patterns import lazy_pattern
from extractor.tables import read_table

_PAIR = lazy_pattern(r"\d\s?[a-zµμ%×*^0-9/]{1,16}\s?[(（]\s?[<>=≤≥＜＞约~]?\s?\d[\d.,]*\s?[a-zµμ×*^0-9]{1,10}/", re.IGNORECASE)
_MASSES = {name: float(mass) for name, mass in read_table("extractor.criteria.constraints", "molar_masses")}
_AMOUNTS = {"mmol/L": 1.0, "umol/L": 1e-3, "nmol/L": 1e-6, "pmol/L": 1e-9}
_WEIGHTS = {"mg/dL": 10.0, "g/L": 1e3, "g/dL": 1e4, "mg/L": 1.0, "ug/L": 1e-3, "ng/mL": 1e-3, "ug/dL": 1e-2, "ng/dL": 1e-5, "pg/mL": 1e-6}
_TOLERANCE = 0.03
"""Rounding to two digits moves a value by at most this share or so; a wrong digit moves it more."""


class NumberWithUnit(NamedTuple):
    """A number with its unit, and the tokens it stands on."""

    number: float
    measure: UnitMeaning
    first: int
    after: int


ValuePair = tuple[NumberWithUnit, NumberWithUnit]
"""A value and the one in brackets behind it, in another unit."""


def find_unit_doubts(text: str) -> list[Doubt]:
    """The pairs of values of one analyte in `text` that disagree by more than rounding; usually none.

    >>> [doubt.quote for doubt in find_unit_doubts("serum calcium ≤ 3.1 mmol/L (11.5 mg/dL)")]
    ['3.1 mmol/L (11.5 mg/dL)']
    """
    if not _PAIR.search(text):
        return []
    statement = Statement(text, tokenise(text))
    doubts = []
    subject = ""
    for index in range(statement.size):
        named = statement.get(index, "var")
        subject = named.name if named else subject
        pair = _pair(statement, index)
        if pair and subject and _disagree(subject, *pair):
            doubts.append(_doubt(statement, pair))
    return doubts


def _pair(statement: Statement, index: int) -> tuple[NumberWithUnit, NumberWithUnit] | None:
    """Number unit ( number unit ) from token `index` on."""
    first = _value(statement, index)
    if first is None or statement.mark(first.after) != "(":
        return None
    second = _value(statement, first.after + 1 + bool(statement.get(first.after + 1, "cmp")))
    return (first, second) if second and statement.mark(second.after) == ")" else None


def _value(statement: Statement, index: int) -> NumberWithUnit | None:
    number, measure = statement.get(index, "num"), statement.get(index + 1, "unit")
    return None if number is None or measure is None else NumberWithUnit(float(number), measure, index, index + 2)


def _disagree(subject: str, first: NumberWithUnit, second: NumberWithUnit) -> bool:
    mass = _MASSES.get(subject)
    values = [_grams(value, mass) for value in (first, second)]
    if first.measure.ucum == second.measure.ucum or values[0] is None or values[1] is None or not values[0]:
        return False
    return abs(values[0] - values[1]) / values[0] > _TOLERANCE + _rounding(first) + _rounding(second)


def _grams(value: NumberWithUnit, mass: float | None) -> float | None:
    """Milligrams a litre; None where the unit or the mass of the analyte is not known."""
    if (share := _WEIGHTS.get(value.measure.ucum)) is not None:
        return value.number * share
    amount = _AMOUNTS.get(value.measure.ucum)
    return None if amount is None or mass is None else value.number * amount * mass


def _rounding(value: NumberWithUnit) -> float:
    """Half a unit of the last digit as share of the value, at most a tenth."""
    digits = f"{value.number:g}".partition(".")[2]
    return min(0.1, 0.5 * 10 ** -len(digits) / value.number) if value.number else 0.1


def _doubt(statement: Statement, pair: ValuePair) -> Doubt:
    first, second = pair
    quote = statement.text[statement.tokens[first.first].start : statement.tokens[second.after].end]
    return Doubt("units.disagree", "", f"the two values are not the same amount: {quote}", quote)
