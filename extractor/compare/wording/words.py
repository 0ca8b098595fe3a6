"""Words of a text for comparison: what is mere typography, what is mere wording, and where two texts differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from extractor.normalise.folding import fold
from extractor.normalise.numbers import WORDS
from extractor.patterns import lazy_pattern
from extractor.tables import read_table
from extractor.text import CJK, has_ideograph

CACHED = 1 << 14  # texts: most of a trial's texts stay the same from version to version

_token = lazy_pattern(
    rf"(?P<number>\d+(?:[.,]\d+)*)|(?P<glyph>[{CJK}])|(?P<word>(?:(?![{CJK}])[^\W\d_])+)"
    r"|(?P<sign>(?<![\w)%])-(?=\d)|[<>≥≤=±+×/^%°℃~])|(?P<point>\S)"
)
_thousands = lazy_pattern(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_cjk_points = frozenset("、。；：？！「」『』《》〈〉…·")
_bullets = frozenset("•●·○▪◦■□◆*")  # layout wherever they stand


class Relation(Enum):
    """How two values relate."""

    SAME = "same"
    FINER = "one says more than the other"
    WORDING = "only the words differ"
    DIFFERENT = "different"
    UNKNOWN = "not comparable"


class WordToken(NamedTuple):
    """A number, a word, a Chinese character ("glyph"), a sign or a mark of punctuation ("point"), folded, with its place."""

    text: str
    sort: str
    start: int
    end: int


@lru_cache(maxsize=CACHED)
def split_tokens(text: str) -> tuple[WordToken, ...]:
    """The tokens of a text in order.

    >>> [token.text for token in split_tokens("PLT≥100×10⁹/L, aged 18")]
    ['plt', '≥', '100', '×', '109', '/', 'l', ',', 'aged', '18']
    """
    return tuple(_as_token(match) for match in _token.finditer(fold(text)))


def _as_token(match: re.Match[str]) -> WordToken:
    sort = match.lastgroup or ""
    if sort == "glyph" and match.group() in _cjk_points:
        sort = "point"
    return WordToken(match.group(), sort, match.start(), match.end())


@lru_cache(maxsize=CACHED)
def printed_words(text: str) -> tuple[str, ...]:
    """The tokens without what is typography: white space, kinds of quotes and dashes, bullets and marks at the ends of lines.

    >>> printed_words("- Aged ≥18 years;") == printed_words("• aged ≥ 18 Years")
    True
    """
    return tuple(token.text for line in _lines(text) for token in _without_ends(line) if token.text not in _bullets)


def _run_on(text: str) -> tuple[str, ...]:
    """The tokens wherever its lines end, for texts that are only wrapped in another way."""
    return tuple(token.text for token in split_tokens(text) if token.text not in _bullets)


def _lines(text: str) -> Iterator[list[WordToken]]:
    line: list[WordToken] = []
    for token in split_tokens(text):
        if line and "\n" in text[line[-1].end : token.start]:
            yield line
            line = []
        line.append(token)
    yield line


def _without_ends(tokens: Sequence[WordToken]) -> Sequence[WordToken]:
    first, last = 0, len(tokens)
    while first < last and tokens[first].sort == "point":
        first += 1
    while last > first and tokens[last - 1].sort == "point":
        last -= 1
    return tokens[first:last]


@cache
def _synonyms() -> dict[str, str]:
    return {word: meaning for word, meaning in read_table("extractor.compare", "words") if not has_ideograph(word)}


@cache
def _chinese_synonyms() -> tuple[tuple[str, str], ...]:
    return tuple((word, meaning) for word, meaning in read_table("extractor.compare", "words") if has_ideograph(word))


@lru_cache(maxsize=CACHED)
def bare_words(text: str) -> tuple[str, ...]:
    """The words that carry what is said: no punctuation, articles or plurals; numbers by value, synonyms as one (tables/words.tsv).

    >>> bare_words("The subjects, aged 18.0 years") == bare_words("Patient aged 18 years")
    True
    >>> bare_words("no pain") == bare_words("pain"), bare_words("≥ 2") == bare_words("≤ 2")
    (False, False)
    """
    for word, meaning in _chinese_synonyms():
        text = text.replace(word, meaning)
    return tuple(filter(None, (_bare(token) for token in split_tokens(text) if token.sort != "point")))


def _bare(token: WordToken) -> str:
    if token.sort == "number":
        return _bare_number(token.text)
    if token.sort != "word":
        return token.text
    found = _synonyms().get(token.text)
    if found is not None:
        return found
    if token.text in WORDS:
        return str(WORDS[token.text])
    singular = token.text[:-1] if len(token.text) > 3 and token.text.endswith("s") and token.text[-2] not in "sui" else token.text
    return _synonyms().get(singular, singular)


def _bare_number(text: str) -> str:
    if _thousands.fullmatch(text):
        text = text.replace(",", "")
    return text.rstrip("0").rstrip(".") if text.count(".") == 1 and "," not in text else text


def judge_words(old: str, new: str) -> Relation:
    """How two texts in one language relate: SAME but for typography, WORDING or DIFFERENT.

    >>> judge_words("ALT ≤ 2.5×ULN.", "ALT≤2.5 x ULN"), judge_words("age ≥ 18", "age > 18")
    (<Relation.WORDING: 'only the words differ'>, <Relation.DIFFERENT: 'different'>)
    """
    if old == new or printed_words(old) == printed_words(new) or _run_on(old) == _run_on(new):
        return Relation.SAME
    return Relation.WORDING if bare_words(old) == bare_words(new) else Relation.DIFFERENT


@lru_cache(maxsize=CACHED)
def traits(text: str) -> Counter[str]:
    """What texts are recognised by: bare words, and pairs of neighbours of Chinese characters."""
    found: Counter[str] = Counter(word for word in bare_words(text) if not has_ideograph(word))
    glyphs = Counter(a.text + b.text for a, b in pairwise(split_tokens(text)) if a.sort == b.sort == "glyph")
    alone = Counter(word for word in bare_words(text) if has_ideograph(word)) if not glyphs else Counter[str]()
    return found + glyphs + alone


def words_apart(old: str, new: str) -> tuple[Counter[str], Counter[str]]:
    """The words that only the old text has, and those that only the new one has, in whatever order."""
    one, two = Counter(bare_words(old)), Counter(bare_words(new))
    return one - two, two - one
