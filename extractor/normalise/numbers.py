"""Numbers as they are written in English and Chinese: digits, thousands marks, fractions, words.

Words come from tables/numbers.tsv (English cardinals up to a hundred, Chinese numerals and their financial forms).
"""

from __future__ import annotations

import re
import unicodedata

from extractor.tables import read_table

WORDS: dict[str, int | float] = {
    spelling: float(value) if "." in value else int(value)
    for value, spellings in read_table("extractor.normalise", "numbers")
    for spelling in spellings.split("|")
}
_MAGNITUDES = {
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10_000,
    "亿": 100_000_000,
    "thousand": 1000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
}
_DIGITS = re.compile(r"[+-]?(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d+)?")
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}")
_FRACTION = re.compile(r"(\d+)\s?/\s?(\d+)")
_SCALED = re.compile(r"(\d+(?:\.\d+)?)\s?([百千万亿]|thousand|million|billion)")
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百千万亿]+")


_LONGEST = 40
"""Characters of a number; float would lose or refuse what is longer."""


def parse_number(text: str) -> int | float:
    """The number that `text` is, in whatever script; whole values are int. ValueError when it is none.

    >>> [parse_number(t) for t in ("10,000", "１．5", "十八", "半", "10万", "1/2", "two", "-2.50")]
    [10000, 1.5, 18, 0.5, 100000, 0.5, 2, -2.5]
    """
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u2044", "/").strip().lower()
    if plain in WORDS:
        return WORDS[plain]
    if len(plain) > _LONGEST:
        raise ValueError(f"no number: {plain[:40]!r}…")
    if _DIGITS.fullmatch(plain):
        return whole(float(plain.replace(",", "").replace(" ", "")))
    return _composed(plain)


def whole(value: float) -> int | float:
    """`value` as int when nothing stands behind its point."""
    return int(value) if value.is_integer() else value


def _composed(plain: str) -> int | float:
    if found := _SCALED.fullmatch(plain):
        return whole(float(found[1]) * _MAGNITUDES[found[2]])
    if (found := _FRACTION.fullmatch(plain)) and int(found[2]):
        return whole(int(found[1]) / int(found[2]))
    if _DECIMAL_COMMA.fullmatch(plain):
        return whole(float(plain.replace(",", ".")))
    if _NUMERAL.fullmatch(plain):
        return _numeral(plain)
    tens, _, ones = plain.replace(" ", "-").partition("-")
    if ones and WORDS.get(tens, 0) >= 20 and WORDS.get(ones, 10) < 10:
        return WORDS[tens] + WORDS[ones]
    message = f"no number: {plain[:40]!r}"
    raise ValueError(message)


def _numeral(plain: str) -> int | float:
    """Chinese numerals: sections of 万 and 亿, in them digits before 十 百 千."""
    total = section = digit = 0
    for character in plain:
        size = _MAGNITUDES.get(character)
        if size is None:
            digit = digit * 10 + int(WORDS[character])
        elif size >= 10_000:
            total, section, digit = (total + section + digit) * size, 0, 0
        else:
            section, digit = section + (digit or 1) * size, 0
    return total + section + digit
