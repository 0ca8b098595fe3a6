"""Numbers as they are written in English and Chinese: digits, thousands marks, fractions, words, approximate numerals.

English words come from tables/numbers.tsv, Chinese numerals from `numerals`.
"""

from __future__ import annotations

import unicodedata

from extractor.normalise.numerals import CHINESE_DIGITS, CHINESE_SIGNS, parse_chinese
from extractor.patterns import lazy_pattern
from extractor.tables import read_table

_ROWS = [
    (spelling, use, float(value) if "." in value else int(value))
    for value, use, spellings in read_table("extractor.normalise", "numbers")
    for spelling in spellings.split("|")
]
WORDS: dict[str, int | float] = {spelling: value for spelling, _, value in _ROWS}
_CARDINALS = {spelling: int(value) for spelling, use, value in _ROWS if use == "cardinal"}
_SCALES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_DIGITS = lazy_pattern(r"[+-]?(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d+)?")
_DECIMAL_COMMA = lazy_pattern(r"\d+,\d{1,2}")
_FRACTION = lazy_pattern(r"(\d+)\s?/\s?(\d+)")
_SCALED = lazy_pattern(r"(\d+(?:\.\d+)?)\s?([百千万亿]|thousand|million|billion)")
_SCIENTIFIC = lazy_pattern(r"(\d+(?:\.\d+)?)e\+?(\d{1,2})")
_APPROXIMATE = lazy_pattern(r"(?P<before>十?)(?P<low>[一二两三四五六七八九])(?P<high>[二两三四五六七八九])(?P<place>[十百千万]?)")
_and = lazy_pattern(r" and |[- ]")
_AND_HALF = lazy_pattern(r"(.+?)(?: and (?:a |one )?(?:-)?half|[- ]and[- ]a[- ]half)")

_LONGEST = 40
"""Characters of a number; float would lose or refuse what is longer."""


def parse_number(text: str) -> int | float:
    """The number that `text` is, in whatever script; whole values are int. ValueError when it is none.

    >>> [parse_number(t) for t in ("10,000", "１．5", "十八", "半", "10万", "1/2", "two", "-2.50", "sixty-five", "1e3")]
    [10000, 1.5, 18, 0.5, 100000, 0.5, 2, -2.5, 65, 1000]
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
        return whole(float(found[1]) * _SCALES[found[2]])
    if found := _SCIENTIFIC.fullmatch(plain):
        return whole(float(found[1]) * 10 ** int(found[2]))
    if (found := _FRACTION.fullmatch(plain)) and int(found[2]):
        return whole(int(found[1]) / int(found[2]))
    if _DECIMAL_COMMA.fullmatch(plain):
        return whole(float(plain.replace(",", ".")))
    if plain and set(plain) <= CHINESE_SIGNS:
        return parse_chinese(plain)
    halved = _AND_HALF.fullmatch(plain)
    return _cardinal(halved[1]) + 0.5 if halved else _cardinal(plain)


def _cardinal(plain: str) -> int:
    """The value of English number words, larger ones first: one hundred and twenty-five. ValueError for anything else."""
    total = section = 0
    for word in _and.split(plain):
        value = _CARDINALS.get(word)
        if value is None or (value < 100 and not _fits(section, value)):
            raise ValueError(f"no number: {plain[:40]!r}")
        section = (section or 1) * value if value >= 100 else section + value
        if value == 1000:
            total, section = section, 0
    return total + section


def _fits(section: int, value: int) -> bool:
    """Whether a word below a hundred may follow: behind hundreds any, behind tens only ones."""
    return section % 100 == 0 or (section % 100 >= 20 and section % 10 == 0 and value < 10)


def parse_approximate(text: str) -> tuple[int, int] | None:
    """Both ends of an approximate Chinese numeral (two digits that follow each other); None for any other text.

    >>> parse_approximate("两三"), parse_approximate("六七十"), parse_approximate("十七八"), parse_approximate("十五")
    ((2, 3), (60, 70), (17, 18), None)
    """
    found = _APPROXIMATE.fullmatch(text)
    if found is None:
        return None
    low, high = (CHINESE_DIGITS.index(found[name].replace("两", "二")) for name in ("low", "high"))
    if high - low != 1 and (low, high) != (3, 5):
        return None
    place = parse_chinese(found["place"]) if found["place"] else 1
    before = 10 if found["before"] else 0
    return before + low * place, before + high * place
