"""Units and quantities: spellings in English and Chinese to UCUM, the number beside them.

    unit := [power [counted] [/ [n]] | per [n]] atom ( /( atom below* ) | [exponent] below* )
          | event below+ | counted | whole
    below := (/ | per | 每 | ·) ([n] atom | counted) [exponent]

Atoms and whole spellings stand in tables/units.tsv. Powers of ten are read as they are written, lost superscripts included:
×10^9, ×109/L, 10的9次方, E9. A value is never converted, with one exception: a power of ten before copies or international
units is multiplied out, because UCUM codes of viral loads carry no power.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from extractor.model import Quantity, Unit
from extractor.normalise.folding import fold
from extractor.normalise.numbers import parse_number, whole
from extractor.normalise.vocabulary import Spellings, squeeze
from extractor.patterns import lazy_pattern
from extractor.tables import read_table
from extractor.text import LONGEST_NUMBER


class UnitMeaning(Struct, frozen=True, gc=False):
    """What a unit's spelling means: UCUM code ("" for a mere count), dimension, word of time, factor for the value."""

    ucum: str
    dimension: str
    word: str = ""
    factor: int = 1


class _Piece(Struct, frozen=True, gc=False):
    """One atom of a unit with the sign before it, how many of it, and its exponent ("" where there is none)."""

    join: str
    times: str
    atom: str
    exponent: str
    end: int


def _spellings(cell: str) -> list[str]:
    """Every spelling of a cell; µ also as u."""
    names = cell.split("|")
    return names + [name.replace("µ", "u") for name in names if "µ" in name]


_TABLE = [
    (use, UnitMeaning(ucum, dimension, word), spelling)
    for use, ucum, dimension, spellings, word in read_table("extractor.normalise", "units")
    for spelling in _spellings(spellings)
]
_ATOMS = {squeeze(spelling): measure for use, measure, spelling in _TABLE if use in ("atom", "time")}
_WHOLE = {squeeze(spelling): measure for use, measure, spelling in _TABLE if use == "whole"}
_COUNTS = {squeeze(spelling.lower()) for use, _, spelling in _TABLE if use == "count"}
_FOLDED_WHOLE = {key: measure for key, measure in _WHOLE.items() if key == key.lower()}


def _unit_edge(last: str) -> str:
    """Spellings that end in a Latin letter, digit or sign end there: no letter and no % follows; Chinese ones end anywhere."""
    return "(?![a-z%])" if last.isascii() else ""


def _named(*uses: str) -> Spellings:
    return Spellings((spelling.lower() for use, _, spelling in _TABLE if use in uses), _unit_edge)


_atoms, _counts, _wholes = _named("atom", "time"), _named("count"), _named("whole")
_times = lazy_pattern(r"times?(?![a-z])")
_round = lazy_pattern(r"(?:1|2|5|10|12|20|24|48|50|72|100)(?![\d.])\s?")
_exponent = lazy_pattern(
    r"\s?\^?-(?:1(?!\d|[a-z]|\s?(?:[dhwy周天日月年个小分毫厘千克米]|mo|to\s))|[23](?!\d|\s?[a-z周天日月年个小分毫厘千克米]))"
)
"""A power below one; before another unit it is the far end of a range: 1周-3个月."""
_separator = lazy_pattern(r"\s?(?:/\s?每?|每(?![日天周月年星晚次])|per(?![a-z]))\s?|[·•⋅∙.*](?=[a-z\d]|\(1\.73)")
_alcohol = lazy_pattern(r"个?单位(?:的)?酒精|支·?年|units? (?:of )?alcohol(?![a-z])")
_base = r"[1l]0"
_raised = r"(?:\^|~(?=\d{1,2}\s?/)|e\+?|\*\*?|的|to\sthe\s(?:power\s(?:of\s)?)?)"
_ORDINALS = {"third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "ninth": 9, "twelfth": 12}
_power = lazy_pattern(
    rf"(?:[×x*?✕·]|乘以?|times)\s?{_base}\s?(?:to\sthe\s)(?P<ordinal>{'|'.join(_ORDINALS)})(?:\spower)?"
    rf"|(?:[×x*?✕·]|乘以?)\s?{_base}\s?{_raised}?\s?\(?(?P<multiplied>\d{{1,2}})(?:th|rd)?\)?(?:\s?次方?|\spower)?"
    rf"|10\s?{_raised}\s?\(?(?P<bare>\d{{1,2}})(?:th|rd)?\)?(?:\s?次方?|\spower)?"
    r"|10(?P<lost>9|12)(?=\s?/)"
    r"|e\+?0?(?P<scientific>\d{1,2})(?=\s?(?:/|iu|cop|cps|cells|拷贝))"
    r"|万(?=[个/拷])"
)
_value = lazy_pattern(r"[+-]?\d[\d,. /]*(?<![,. /])(?:\s?[百千万亿](?!/))?|[a-z-]+|[零〇一二两三四五六七八九十百千万半]+")
_thousands_point = lazy_pattern(r"\d{1,3}(?:\.000)+")
_TEN_THOUSAND = 4  # the power of ten that 万 stands for


def match_unit(text: str, position: int = 0) -> int:
    """The end of the unit that begins at `position` of a folded text, `position` itself where none does.

    >>> match_unit("mg/dl or", 0), match_unit("≥ 3 patients", 4)
    (5, 4)
    """
    if found := _alcohol.match(text, position):
        return found.end()
    for rule in (_composed, _events, _counts.match, _wholes.match):
        if (end := rule(text, position)) > position:
            return end
    return position


def _composed(text: str, position: int) -> int:
    """Atoms with what may stand before and below them."""
    if (start := _behind_prefix(text, position)) > position and (end := _composed_atoms(text, start)) > start:
        return end
    return _composed_atoms(text, position)


def _behind_prefix(text: str, position: int) -> int:
    """Behind a power of ten, or behind a sign of division, with the number below it."""
    if power := _power.match(text, position):
        start = _past_blank(text, power.end())
        if (counted := _counts.match(text, start)) > start:
            start = _past_blank(text, counted)
        separator = _separator.match(text, start)
        if separator is None:
            return start
        start = separator.end()
    elif separator := _separator.match(text, position):
        start = separator.end()
    else:
        return position
    times = _round.match(text, start)
    end = _atoms.match(text, times.end()) if times else start
    if times is None or end == times.end():
        return start
    per_pressure = _ATOMS[squeeze(text[times.end() : end])].dimension == "pressure"  # 160/100 mmHg is no 160 per 100 mmHg
    return position if per_pressure else times.end()


def _past_blank(text: str, position: int) -> int:
    return position + (text[position : position + 1] == " ")


def _composed_atoms(text: str, position: int) -> int:
    end = _atoms.match(text, position)
    if end == position:
        return position
    if text.startswith("/(", end) and (inner := _atoms.match(text, end + 2)) > end + 2:
        behind = _below(text, inner)
        if text[behind : behind + 1] == ")":
            return behind + 1
    return _below(text, _past_exponent(text, end))


def _below(text: str, position: int) -> int:
    """Behind as many further atoms as there are."""
    while separator := _separator.match(text, position):
        times = _round.match(text, separator.end())
        start = times.end() if times and _atoms.match(text, times.end()) > times.end() else separator.end()
        end = _atoms.match(text, start)
        end = end if end > start else _counts.match(text, separator.end())
        if end <= start:
            break
        position = _past_exponent(text, end)
    return position


def _past_exponent(text: str, position: int) -> int:
    found = _exponent.match(text, position)
    return found.end() if found else position


def _events(text: str, position: int) -> int:
    """Times or counted things per something: 次/周, times a week."""
    times = _times.match(text, position)
    end = times.end() if times else _counts.match(text, position)
    below = _below(text, end) if end > position else position
    return below if below > end else position


def find_unit(text: str) -> Unit | None:
    """The unit that `text` begins with; None when it begins with none.

    >>> [find_unit(t).ucum for t in ("×10^9/L", "mL/min/1.73 m2", "克/每分升", "mg/100mL", "G/L", "ml·min-1·1.73m-2")]
    ['10*9/L', 'mL/min/{1.73_m2}', 'g/dL', 'mg/dL', '10*9/L', 'mL/min/{1.73_m2}']
    """
    text = text.strip()
    end = match_unit(fold(text))
    return _unit(text[:end]) if end else None


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
    end = match_unit(fold(rest))
    measure = measure_of(rest[:end]) if end else None
    number = read_number(found.group(), measure)
    if not measure:
        return Quantity(value=number)
    return Quantity(value=whole(number * float(measure.factor)), unit=Unit(ucum=measure.ucum, text=rest[:end]))


def read_number(text: str, measure: UnitMeaning | None) -> int | float:
    """The number `text` is beside its unit: before a count per volume, `50.000` has a thousands point."""
    if measure and measure.ucum in ("/mm3", "/uL", "10*3/uL") and _thousands_point.fullmatch(text) and len(text) <= LONGEST_NUMBER:
        return int(text.replace(".", ""))
    return parse_number(text)


@lru_cache(maxsize=4096)
def measure_of(text: str) -> UnitMeaning | None:
    """What the unit written `text` means; None for what the table does not hold."""
    key = squeeze(text).replace("μ", "µ")
    if key.lower() in _COUNTS:
        return UnitMeaning("", "number")
    known = _WHOLE.get(key) or _FOLDED_WHOLE.get(key.lower())
    return known or _joined(fold(text))


def _joined(text: str) -> UnitMeaning | None:
    """A code out of atoms: 10*9/L, mg/kg/d, mL/min/{1.73_m2}."""
    power = _power.match(text)
    codes: list[str] = []
    dimensions: list[str] = []
    words: list[str] = []
    bracketed = "/(" in text
    for piece in _pieces(text, power.end() if power else 0):
        measure = _ATOMS.get(squeeze(piece.atom), UnitMeaning("", "number"))
        if power and not measure.ucum:
            continue
        mark = _mark(piece, behind=bool(codes or power), bracketed=bracketed)
        if (mark, piece.atom, piece.times) == ("/", "分", ""):
            measure = _ATOMS["分钟"]  # points stand above a line, minutes below it: 50次/分
        code = measure.ucum + (piece.exponent.strip("^- 1") if measure.ucum.isalpha() else "")
        codes.append((mark + _multiplied(piece.times, code)) if measure.ucum else "")
        dimensions.append(mark + measure.dimension)
        words.append(measure.word)
    return _measured(_exponent_of(power), "".join(codes), "".join(dimensions), words) if codes else None


def _pieces(text: str, position: int) -> Iterator[_Piece]:
    """The atoms of a unit from `position` on; what is none is passed over."""
    while position < len(text):
        piece = _piece(text, position)
        if piece:
            yield piece
        position = piece.end if piece else position + 1


def _piece(text: str, position: int) -> _Piece | None:
    separator = _separator.match(text, position)
    start = separator.end() if separator else position
    start += text[start : start + 1] == "("
    times = _round.match(text, start)
    if times and _atoms.match(text, times.end()) > times.end():
        start = times.end()
    else:
        times = None
    end = _atoms.match(text, start)
    atom = text[start:end]
    if end == start:
        found = _times.match(text, start)
        end = found.end() if found else _counts.match(text, start)
    if end == start:
        return None
    end += text[end : end + 1] == ")"
    behind = _past_exponent(text, end)
    return _Piece(separator.group().strip() if separator else "", times.group() if times else "", atom, text[end:behind], behind)


def _mark(piece: _Piece, *, behind: bool, bracketed: bool) -> str:
    """How UCUM joins this piece: "/" below the line, "." above it, nothing in front."""
    dotted = piece.join in ("·", "•", "⋅", "∙", ".", "*")
    if (piece.join and not dotted) or "-" in piece.exponent or (behind and (bracketed or not piece.join)):
        return "/"
    return "." if behind else ""


def _multiplied(times: str, code: str) -> str:
    """`24h` below the line is (24.h), `100mL` is dL."""
    if not times or times.strip() == "1":
        return code
    return "dL" if (times.strip(), code) == ("100", "mL") else f"({times.strip()}.{code})"


def _exponent_of(power: re.Match[str] | None) -> int:
    if power is None:
        return 0
    written = power[power.lastgroup] if power.lastgroup else ""
    return _ORDINALS.get(written) or int(written or _TEN_THOUSAND)


def _measured(exponent: int, code: str, dimension: str, words: list[str]) -> UnitMeaning:
    if not exponent:
        return UnitMeaning(code, dimension, words[0] if len(words) == 1 and code[:1] != "/" else "")
    load = next((unit for unit in ("{copies}", "[IU]") if unit in code), "")
    if load:
        return UnitMeaning(code.lstrip("/"), dimension.lstrip("/"), "", 10**exponent)
    return UnitMeaning(f"10*{exponent}{code}", "number" + dimension, "")
