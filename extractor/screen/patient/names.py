"""What people call a variable and a unit, read into the record's names and UCUM; what is not known, with the nearest that is."""

from __future__ import annotations

from collections import defaultdict
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple

from extractor.normalise.folding import fold
from extractor.normalise.quantities import find_unit
from extractor.normalise.ucum import Dimension, parse_unit
from extractor.normalise.vocabulary import squeeze
from extractor.patterns import lazy_pattern
from extractor.tables import read_table

VARIABLES = "extractor.criteria.constraints"  # whose tables name what criteria measure
HERE = "extractor.screen"
# Words behind a name that add nothing to it: "ECOG score", 血小板计数.
_tail = lazy_pattern(r"(?:scores?|levels?|counts?|values?|ps|status|class|grade|评分|分级|水平|计数|数值|检测|值|数)$")
_note = lazy_pattern(r"\([^()]{0,40}\)$")
# One name for two numbers, or for several analytes: no single value can be meant.
NOT_ONE = frozenset("blood_pressure transaminases liver_function kidney_function cardiac_enzymes hypertension obesity fever".split())
BARE = frozenset({"ratio", "score"})  # dimensions of numbers that have no unit
NEAR = 0.75  # how alike a spelling must be to be offered, from 0 to 1


class KnownVariable(NamedTuple):
    """What criteria measure: the record's name, its kind, the dimensions that its units may have, its Chinese spellings."""

    name: str
    kind: str
    dimensions: frozenset[str]
    loinc: str
    zh: tuple[str, ...]


@cache
def variables() -> dict[str, KnownVariable]:
    """Every variable that a patient can have a value of, by its name."""
    rows = read_table(VARIABLES, "variables")
    return {
        name: KnownVariable(name, kind, frozenset(filter(None, dimensions.split("|"))), loinc, tuple(zh.split("|")))
        for name, kind, dimensions, loinc, zh, *_ in rows
        if kind != "AGE" and name not in NOT_ONE
    }


@cache
def _spellings() -> dict[str, set[str]]:
    """Look-up key of a spelling → the variables that it can mean."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, _, _, _, zh, en, *_ in read_table(VARIABLES, "variables"):
        for spelling in (name, *zh.split("|"), *en.split("|")):
            if spelling:
                found[_key(spelling)].add(name)
    for name in variables():
        found[_key(name)] = {name}
    return found


@cache
def _codes() -> dict[str, str]:
    """LOINC code → variable."""
    own = {row.loinc: row.name for row in variables().values() if row.loinc}
    return {code: name for code, name, *_ in read_table(HERE, "loinc")} | own


def _key(spelling: str) -> str:
    return squeeze(fold(spelling).replace("_", ""))


def find_variable(name: str) -> str:
    """The record's name of what a person calls a variable, "" where it is not known or could be several.

    >>> [find_variable(name) for name in ("PLT", "血小板计数", "ECOG score", "Hb", "blood pressure", "Plateletts")]
    ['platelets', 'platelets', 'ecog', 'hemoglobin', '', '']
    """
    key = _key(name)
    for spelling in (key, _note.sub("", key), _tail.sub("", key), _tail.sub("", _note.sub("", key))):
        found = _spellings().get(spelling, set())
        if len(found) == 1 and next(iter(found)) in variables():
            return next(iter(found))
    return ""


def find_by_code(code: str) -> str:
    """The record's name of what a LOINC code measures, "" where the code is not in the tables.

    >>> find_by_code("777-3"), find_by_code("14682-9"), find_by_code("0-0")
    ('platelets', 'creatinine', '')
    """
    return _codes().get(code.strip(), "")


def nearest_names(name: str) -> list[str]:
    """The known spellings nearest to one that is not known, best first, each with the record's name; none where nothing is near.

    >>> nearest_names("Plateletts")[0], nearest_names("blood pressure")
    ('platelets', ['systolic pressure', 'diastolic pressure'])
    """
    key = _key(name)
    found = _spellings()
    if "blood_pressure" in found.get(key, ()):
        return ["systolic pressure", "diastolic pressure"]
    near = [key] if key in found else get_close_matches(key, found, n=3, cutoff=NEAR)
    return list(dict.fromkeys(each.replace("_", " ") for spelling in near for each in sorted(found[spelling]) if each in variables()))


def read_unit(text: str) -> str:
    """The UCUM code of a unit as people write it.

    Raises ValueError for one that is not known.

    >>> [read_unit(text) for text in ("10^9/L", "K/uL", "mg/dL", "×10⁹/L", "mmHg", "次/分", "{score}")]
    ['10*9/L', '10*3/uL', 'mg/dL', '10*9/L', 'mm[Hg]', '/min', '{score}']
    """
    text = text.strip()
    if not text:
        return ""
    found = find_unit(text)
    if found is not None and found.text == text and isinstance(found.ucum, str):
        return found.ucum
    if dimension_of(text) is None:
        raise ValueError(f"{text!r} is no unit that is known")
    return text


def dimension_of(unit: str) -> Dimension | None:
    """The dimension of a UCUM code, None where it is not known."""
    try:
        return parse_unit(unit).dimension
    except ValueError:
        return None


def nearest_units(text: str, variable: str) -> list[str]:
    """Units that a value of `variable` may have, those most alike to `text` first.

    >>> nearest_units("g/1", "hemoglobin")[0]
    'g/L'
    """
    allowed = variables()[variable].dimensions if variable in variables() else frozenset()
    known = [unit for unit, dimension in read_table(HERE, "usual_units") if not allowed or dimension in allowed]
    return list(dict.fromkeys([*get_close_matches(text, known, n=3, cutoff=0.5), *known]))[:3]


def needs_unit(variable: str) -> bool:
    """Whether a bare number says nothing of `variable`: its units have dimensions, and none of them is a ratio or a score."""
    row = variables().get(variable)
    return row is not None and bool(row.dimensions) and row.dimensions.isdisjoint(BARE)


def has_dimension(unit: str, variable: str) -> bool:
    """Whether values of `variable` may be in the UCUM code `unit`; true where the tables do not say.

    >>> has_dimension("g/L", "hemoglobin"), has_dimension("g/L", "platelets"), has_dimension("/uL", "platelets")
    (True, False, True)
    """
    row = variables().get(variable)
    usual = [(code, dimension) for code, dimension in read_table(HERE, "usual_units") if row is not None and dimension in row.dimensions]
    known = dimension_of(unit)
    if row is None or known is None or len({dimension for _, dimension in usual}) < len(row.dimensions) or not usual:
        return True
    return known in {dimension_of(code) for code, _ in usual}
