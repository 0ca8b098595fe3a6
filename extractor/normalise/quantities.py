"""Units and quantities: spellings in English and Chinese to UCUM, the number beside them.

Atoms and whole spellings stand in tables/units.tsv; this module joins atoms (`/`, per, 每, `·`, exponents of minus one)
and reads powers of ten, lost superscripts included. A value is never converted, with one exception: a power of ten
before copies or international units is multiplied out, because UCUM codes of viral loads carry no power.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from extractor.model import Quantity, Unit
from extractor.normalise.folding import fold
from extractor.normalise.numbers import parse_number, whole
from extractor.normalise.vocabulary import squeeze, trie_pattern
from extractor.tables import read_table
from extractor.text import LONGEST_NUMBER


class Measure(NamedTuple):
    """What a unit's spelling means: UCUM code ("" for a mere count), dimension, word of time, factor for the value."""

    ucum: str
    dimension: str
    word: str = ""
    factor: int = 1


def _spellings(cell: str) -> list[str]:
    """Every spelling of a cell; µ also as u."""
    names = cell.split("|")
    return names + [name.replace("µ", "u") for name in names if "µ" in name]


_TABLE = [
    (use, Measure(ucum, dimension, word), spelling)
    for use, ucum, dimension, spellings, word in read_table("extractor.normalise", "units")
    for spelling in _spellings(spellings)
]
ATOMS = {squeeze(spelling): measure for use, measure, spelling in _TABLE if use in ("atom", "time")}
_WHOLE = {squeeze(spelling): measure for use, measure, spelling in _TABLE if use == "whole"}
_COUNTS = {squeeze(spelling.lower()) for use, _, spelling in _TABLE if use == "count"}
_FOLDED_WHOLE = {key: measure for key, measure in _WHOLE.items() if key == key.lower()}


def _trie(*uses: str) -> str:
    """Latin spellings end at a letter's end, Chinese ones anywhere."""
    names = [spelling.lower() for use, _, spelling in _TABLE if use in uses]
    latin = trie_pattern(name for name in names if name[-1].isascii())
    return rf"(?:{latin}(?![a-z%])|{trie_pattern(name for name in names if not name[-1].isascii())})"


_ATOM = _trie("atom", "time")
_COUNT = _trie("count")
_EVENTS = rf"(?:times?(?![a-z])|{_COUNT})"
_ROUND = r"(?:1|2|5|10|12|20|24|48|50|72|100)(?![\d.])"
_EXPONENT = r"(?:\s?\^?-[123](?!\d))?"
_SEPARATOR = r"(?:\s?(?:/\s?每?|每(?![日天周月年星晚次])|per(?![a-z]))\s?|[·•⋅∙.*](?=[a-z\d]))"
_MORE = rf"(?:{_SEPARATOR}(?:(?:{_ROUND}\s?)??{_ATOM}|{_COUNT}){_EXPONENT})"
_POWER = r"(?:[×x*?✕·]\s?[1l]0\s?(?:\^|e\+?|\*\*|\*)?\s?\(?\d{1,2}\)?|10\s?(?:\^|e\+?|\*)\s?\(?\d{1,2}\)?|10(?:9|12)(?=\s?/)|万(?=[个/拷]))"
# The trie of atoms is long: it stands in the pattern as few times as may be, since every process compiles it.
UNIT = re.compile(
    rf"(?:个?单位(?:的)?酒精|支·?年|units? of alcohol(?![a-z])"
    rf"|(?:{_POWER}\s?(?:{_COUNT}\s?)?(?:/\s?(?:{_ROUND}\s?)?)?|{_SEPARATOR}(?:{_ROUND}\s?)?)?{_ATOM}(?:/\({_ATOM}{_MORE}*\)|{_EXPONENT}{_MORE}*)"
    rf"|{_EVENTS}{_MORE}+|{_COUNT}|{_trie('whole')})"
)
_piece = re.compile(rf"(?P<join>{_SEPARATOR})?\(?(?P<times>{_ROUND}\s?)??(?:(?P<atom>{_ATOM})|{_EVENTS})\)?(?P<exponent>{_EXPONENT})")
_power = re.compile(r"(?:[×x*?✕·]\s?[1l]0|10)\s?(?:\^|e\+?|\*\*|\*)?\s?\(?(?P<exponent>\d{1,2})\)?|万")
_value = re.compile(r"[+-]?\d[\d,. /]*(?<![,. /])(?:\s?[百千万亿](?!/))?|[a-z-]+|[零〇一二两三四五六七八九十百千万半]+")
_thousands_point = re.compile(r"\d{1,3}(?:\.000)+")


def find_unit(text: str) -> Unit | None:
    """The unit that `text` begins with; None when it begins with none.

    >>> [find_unit(t).ucum for t in ("×10^9/L", "mL/min/1.73 m2", "克/每分升", "mg/100mL", "G/L", "ml·min-1·1.73m-2")]
    ['10*9/L', 'mL/min/{1.73_m2}', 'g/dL', 'mg/dL', '10*9/L', 'mL/min/{1.73_m2}']
    """
    text = text.strip()
    found = UNIT.match(fold(text))
    return _unit(text[: found.end()]) if found else None


def _unit(text: str) -> Unit | None:
    measure = measure_of(text)
    return Unit(ucum=measure.ucum, text=text) if measure and measure.ucum else None


def parse_quantity(text: str) -> Quantity:
    """The number and unit that `text` is. ValueError without a number in front.

    >>> q = parse_quantity("50.000/mm³"); (q.value, q.unit.ucum)
    (50000, '/mm3')
    """
    text = text.strip()
    folded = fold(text)
    if not (found := _value.match(folded)):
        message = f"no quantity: {text[:40]!r}"
        raise ValueError(message)
    rest = text[found.end() :].strip()
    unit = UNIT.match(fold(rest))
    measure = measure_of(rest[: unit.end()]) if unit else None
    number = read_number(found.group(), measure)
    if not measure or not unit:
        return Quantity(value=number)
    return Quantity(value=whole(number * float(measure.factor)), unit=Unit(ucum=measure.ucum, text=rest[: unit.end()]))


def read_number(text: str, measure: Measure | None) -> int | float:
    """The number `text` is beside its unit: before a count per volume, `50.000` has a thousands point."""
    if measure and measure.ucum in ("/mm3", "/uL", "10*3/uL") and _thousands_point.fullmatch(text) and len(text) <= LONGEST_NUMBER:
        return int(text.replace(".", ""))
    return parse_number(text)


@lru_cache(maxsize=4096)
def measure_of(text: str) -> Measure | None:
    """What the unit written `text` means; None for what the table does not hold."""
    key = squeeze(text).replace("μ", "µ")
    if key.lower() in _COUNTS:
        return Measure("", "number")
    known = _WHOLE.get(key) or _FOLDED_WHOLE.get(key.lower())
    return known or _joined(fold(text))


def _joined(text: str) -> Measure | None:
    """A code out of atoms: 10*9/L, mg/kg/d, mL/min/{1.73_m2}."""
    power = _power.match(text)
    rest = text[power.end() :] if power else text
    codes: list[str] = []
    dimensions: list[str] = []
    words: list[str] = []
    bracketed = "/(" in text
    for piece in _piece.finditer(rest):
        measure = ATOMS.get(squeeze(piece["atom"] or ""), Measure("", "number"))
        if power and not measure.ucum:
            continue
        mark = _mark(piece, behind=bool(codes or power), bracketed=bracketed)
        code = measure.ucum + (piece["exponent"].strip("^- 1") if measure.ucum.isalpha() else "")
        codes.append((mark + _times(piece["times"], code)) if measure.ucum else "")
        dimensions.append(mark + measure.dimension)
        words.append(measure.word)
    return _measured(_exponent(power), "".join(codes), "".join(dimensions), words) if codes else None


def _mark(piece: re.Match[str], *, behind: bool, bracketed: bool) -> str:
    """How UCUM joins this piece: "/" below the line, "." above it, nothing in front."""
    join = (piece["join"] or "").strip()
    dotted = join in ("·", "•", "⋅", "∙", ".", "*")
    if (join and not dotted) or (behind and ("-" in piece["exponent"] or bracketed or not join)):
        return "/"
    return "." if behind else ""


def _times(times: str | None, code: str) -> str:
    """`24h` below the line is (24.h), `100mL` is dL."""
    if not times or times.strip() == "1":
        return code
    return "dL" if (times.strip(), code) == ("100", "mL") else f"({times.strip()}.{code})"


def _exponent(power: re.Match[str] | None) -> int:
    return 0 if power is None else int(power["exponent"] or 4)


def _measured(exponent: int, code: str, dimension: str, words: list[str]) -> Measure:
    if not exponent:
        return Measure(code, dimension, words[0] if len(words) == 1 and code[:1] != "/" else "")
    load = next((unit for unit in ("{copies}", "[IU]") if unit in code), "")
    if load:
        return Measure(code.lstrip("/"), dimension.lstrip("/"), "", 10**exponent)
    return Measure(f"10*{exponent}{code}", "number" + dimension, "")
