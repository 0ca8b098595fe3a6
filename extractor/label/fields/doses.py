"""Doses in a clause of 用法用量: amounts with what they count in, and whether each is to be taken, a limit, or a strength."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from extractor.label.fields.products import quantity
from extractor.model import Quantity, Unit
from extractor.normalise.numerals import parse_chinese
from extractor.patterns import lazy_pattern
from extractor.tables import read_table
from extractor.text import LONGEST_NUMBER

_count = r"[一二两三四五六七八九十]{1,3}"
_n = rf"(?:\d+(?:\s?[~～–—-]\s?\d+)?|{_count}(?:[至~～-]{_count})?)"
_number = r"\d[\d,]{0,20}(?:[.．]\d{1,20})?"  # longer than any dose: see _is_endless
_piece = r"片|粒|袋|丸|支|瓶|贴|喷|吸|滴|揿|枚"
_mass = r"mg|μg|µg|mcg|g|IU|U|ml|mL|MBq|万?单位|毫克|微克|克|毫升"
_unit = rf"(?:{_mass})(?![A-Za-z])(?:\s?[/／]\s?(?:kg|m2|m²|㎡|d(?![a-z])|天|日|次))*|{_piece}"
_dose = lazy_pattern(
    rf"(?<![\d.．A-Za-z≥≤<>＜＞/／])(?<!\d,)(?P<n>{_number}|{_count}(?=\s?(?:{_piece}))|半(?=\s?[片袋粒]))"
    rf"(?:\s?(?P<low_unit>{_unit})?\s?[~～–—至到-]\s?(?P<high>{_number}|{_count}(?=\s?(?:{_piece}))))?"
    rf"\s?(?P<unit>{_unit})(?!\s?[/／]\s?(?:m[lL]|L|毫升|升|h|min|小时|分钟|片|粒|袋|支|瓶))"
)
_bracketed_mass = lazy_pattern(rf"\s?[（(]\s?(?P<n>{_number})\s?(?P<unit>{_mass})\s?[)）]")
_named_mass = lazy_pattern(rf"\s?(?P<n>{_number})\s?(?P<unit>{_mass})\s?(?:的)?")
_step = lazy_pattern(r"[。；;：:]|(?<![次日天])[，,]")
_own_words = 12
"""Characters before a dose that may speak of it: the longest are of the kind of 最大推荐剂量为, or 加生理盐水."""


class Dose(NamedTuple):
    """A dose to take: its amount, the upper end of a range (None: no range), the run of the clause that it takes up."""

    amount: Quantity
    high: Quantity | None
    start: int
    end: int


@cache
def pattern_of(role: str) -> re.Pattern[str]:
    """The words of a role of tables/dose_words.tsv as one pattern."""
    rows = read_table("extractor.label.fields", "dose_words")
    return re.compile("|".join(f"(?:{words.replace('{n}', _n)})" for kind, words in rows if kind == role))


def find_doses(clause: str) -> Iterator[Dose]:
    """The doses that a clause tells to take: no limits, no strengths, none in brackets.

    >>> [(dose.amount.value, dose.amount.unit.text) for dose in find_doses("一次2片（每片5mg），一日最大剂量30mg")]
    [(2, '片')]
    """
    end = 0
    for match in _dose.finditer(clause):
        if match.start() < end or _is_endless(match) or bracket_depth(clause[: match.start()]) or not _is_to_take(clause, match):
            continue
        dose = _whole(clause, match)
        end = dose.end
        yield dose


def _is_endless(match: re.Match[str]) -> bool:
    """Whether a number has more digits than any dose."""
    return max(len(match["n"]), len(match["high"] or "")) > LONGEST_NUMBER


def bracket_depth(text: str) -> int:
    """How many brackets are open at the end of a text.

    >>> bracket_depth("一次2片（每片"), bracket_depth("一日2次（早晚各一次）")
    (1, 0)
    """
    return sum(c in "（([［" for c in text) - sum(c in "）)]］" for c in text)


def _is_to_take(clause: str, match: re.Match[str]) -> bool:
    """Whether the words round a dose make it neither a limit nor a strength."""
    before = _step.split(clause[max(0, match.start() - _own_words) : match.start()])[-1]
    if any(found.end() >= len(before) - _gap(role) for role in ("limit", "strength") for found in pattern_of(role).finditer(before)):
        return False
    return match["unit"] in _piece.split("|") or not pattern_of("product").match(clause[match.end() :].lstrip(" 的"))


def _gap(role: str) -> int:
    """How many characters may stand between such words and the dose: 最大推荐剂量为 has more than 含."""
    return _own_words if role == "limit" else 1


def _whole(clause: str, match: re.Match[str]) -> Dose:
    """A dose with what follows it: one piece with its mass in brackets is that mass, pieces of a product are so many times its mass."""
    count = _value(match["n"])
    end = match.end()
    if (mass := _mass_of_pieces(clause, match, count)) is not None:
        return Dose(_amount(count * _value(mass["n"]), mass["unit"]), None, match.start(), mass.end())
    low_unit = match["low_unit"] if match["low_unit"] and not match["unit"].startswith(match["low_unit"]) else match["unit"]
    high = _amount(_value(match["high"]), match["unit"]) if match["high"] else None
    return Dose(_amount(count, low_unit), high, match.start(), end)


def _mass_of_pieces(clause: str, match: re.Match[str], count: Decimal) -> re.Match[str] | None:
    """The mass of each piece of a count, where the text gives it surely."""
    if match["unit"] not in _piece.split("|") or match["high"] is not None:
        return None
    mass = _named_mass.match(clause, match.end())
    if mass is not None and pattern_of("product").match(clause[mass.end() :]):
        return mass
    return _bracketed_mass.match(clause, match.end()) if count == 1 else None


def _value(words: str) -> Decimal:
    if words == "半":
        return Decimal("0.5")
    if words[0].isdigit():
        return Decimal(words.replace(",", "").replace("．", "."))
    return Decimal(parse_chinese(words))


def _amount(value: Decimal, unit: str) -> Quantity:
    """A dose; one that is counted in units of the product has no code."""
    unit = re.sub(r"\s?／\s?|\s?/\s?", "/", unit)
    found = quantity(f"{value} {unit}")
    if found is not None and isinstance(found.unit, Unit) and found.unit.ucum:
        return found
    return Quantity(value=int(value) if value == int(value) else float(value), unit=Unit(text=unit))
