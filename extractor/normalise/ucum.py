"""UCUM units to factors: enough of the code to compare what laboratories print. Amounts and masses are never mixed.

Origin of the atoms and prefixes: the UCUM specification, tables of base units, customary units and prefixes.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from extractor.patterns import lazy_pattern

Dimension = tuple[tuple[str, int], ...]
PREFIXES = {"p": 1e-12, "n": 1e-9, "u": 1e-6, "m": 1e-3, "c": 1e-2, "d": 1e-1, "k": 1e3, "M": 1e6, "G": 1e9}
# atom → (factor, base dimension); a month and a year have their mean length, as UCUM has it.
ATOMS: dict[str, tuple[float, str]] = {
    "m": (1.0, "length"),
    "g": (1.0, "mass"),
    "s": (1.0, "time"),
    "min": (60.0, "time"),
    "h": (3600.0, "time"),
    "d": (86400.0, "time"),
    "wk": (604800.0, "time"),
    "mo": (2629800.0, "time"),
    "a": (31557600.0, "time"),
    "L": (1e-3, "volume"),
    "l": (1e-3, "volume"),
    "mol": (1.0, "amount"),
    "eq": (1.0, "equivalents"),
    "U": (1.0, "enzyme units"),
    "[IU]": (1.0, "international units"),
    "[iU]": (1.0, "international units"),
    "Pa": (1.0, "pressure"),
    "m[Hg]": (133322.387415, "pressure"),
    "bar": (1e5, "pressure"),
    "osm": (1.0, "osmoles"),
    "Hz": (1.0, "frequency"),
    "Cel": (1.0, "Celsius"),
    "J": (1.0, "energy"),
    "cal": (4.184, "energy"),
    "Gy": (1.0, "dose"),
    "[lb_av]": (453.59237, "mass"),
    "[in_i]": (0.0254, "length"),
    "[ft_i]": (0.3048, "length"),
    "{copies}": (1.0, "copies"),
    "{score}": (1.0, ""),
    "%": (0.01, ""),
}
UNPREFIXED = frozenset("min h d wk mo a % Cel [lb_av] [in_i] [ft_i] {copies} {score}".split())
_term = lazy_pattern(
    r"(?P<ten>10\*-?\d{1,2})|(?P<annotation>\{[^{}]*\})|(?P<atom>(?:[A-Za-z%]|\[[^\[\]]*\])+)(?P<exponent>-?\d{1,2})?|(?P<number>\d{1,15})"
)


class Measure(Struct, frozen=True, gc=False):
    """What a unit is worth in base units, and of which dimensions."""

    factor: float
    dimension: Dimension


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Measure:
    """A UCUM expression of terms joined by "." and "/".

    Raises ValueError for an atom that is not in the table.

    >>> parse_unit("mg/dL").factor == parse_unit("g/L").factor / 100
    True
    """
    factor = 1.0
    powers: dict[str, int] = {}
    sign = -1 if text.startswith("/") else 1
    for at, piece in enumerate(re.split(r"([./])(?![^{]*\})", text.lstrip("/")) if text else []):
        if at % 2:
            sign = -1 if piece == "/" else 1
            continue
        value, dimension, exponent = _parse_term(piece)
        factor *= value ** (exponent * sign)
        for name, power in dimension:
            powers[name] = powers.get(name, 0) + power * exponent * sign
    return Measure(factor, tuple(sorted((name, power) for name, power in powers.items() if power)))


def _parse_term(text: str) -> tuple[float, Dimension, int]:
    match = _term.fullmatch(text)
    if match is None:
        raise ValueError(f"no unit: {text!r}")
    if match["ten"]:
        return 10.0 ** int(match["ten"][3:]), (), 1
    if match["number"]:
        return float(match["number"]), (), 1
    if match["annotation"] and match["annotation"] not in ATOMS:
        return 1.0, ((match["annotation"], 1),) if "1.73" in match["annotation"] else (), 1
    value, name = _parse_atom(match["annotation"] or match["atom"])
    if name == "volume":  # one litre is a cubed length: µL and mm3 compare
        return value, (("length", 3),), int(match["exponent"] or 1)
    return value, ((name, 1),) if name else (), int(match["exponent"] or 1)


def _parse_atom(text: str) -> tuple[float, str]:
    if text in ATOMS:
        return ATOMS[text]
    prefix, rest = PREFIXES.get(text[:1]), text[1:]
    if prefix is None or rest not in ATOMS or rest in UNPREFIXED:
        raise ValueError(f"no unit: {text!r}")
    factor, name = ATOMS[rest]
    return prefix * factor, name


def convert(value: float, unit: str, target: str) -> float | None:
    """The value in another unit, None where the units do not measure the same thing or are not known.

    >>> convert(100, "g/L", "g/dL"), convert(1.2, "mg/dL", "umol/L"), convert(90000, "/mm3", "10*9/L")
    (10.0, None, 90.0)
    """
    if unit == target:
        return value
    try:
        one, two = parse_unit(unit), parse_unit(target)
    except ValueError:
        return None
    return round(value * one.factor / two.factor, 9) if one.dimension == two.dimension else None
