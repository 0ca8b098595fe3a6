"""What a text holds that reaches a person: addresses of mail, numbers of telephones and faxes, postcodes behind their word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.patterns import lazy_pattern
from extractor.privacy.words import cues
from extractor.tables import read_table

Stretch = tuple[int, int]  # of characters: start, end

LOCAL = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+'’-"
)  # signs before the @ of an address, as they are in use
_GROUP = 3  # digits that stand together in most telephone numbers
_MANY = 8  # digits that only a number of a telephone has where none of them stand together

_shapes = "|".join(pattern.replace(r"\u00a0", "\u00a0") for _, pattern in read_table("extractor.privacy", "numbers"))
_number = lazy_pattern(rf"(?<![A-Za-z0-9.,%/_])(?<!\d[-–—])(?:{_shapes})(?![A-Za-z0-9%_])")
_at = lazy_pattern(r"[@＠]| ?[(\[{](?:at|AT|在)[)\]}] ?")
_domain = lazy_pattern(
    r"[A-Za-z0-9\u4e00-\u9fff-]{1,63}(?:(?:\.| ?[(\[{](?:dot|DOT)[)\]}] ?)[A-Za-z0-9\u4e00-\u9fff-]{1,63}){1,8}+|localhost\b"
)
_cued = lazy_pattern(
    rf"(?:(?<![A-Za-z])(?i:{cues('number')})(?![A-Za-z]))(?: ?(?i:numbers?|no|nr|ext)\b|号码?)?"
    r"[ \u00a0\u3000.:：#)）(（\"'=>/-]{0,6}(?P<n>[+(（]{0,2}\d(?:[ \u00a0().\-–—－/转]{0,3}\d){4,16})"
)
_coded = lazy_pattern(
    rf"(?:(?<![A-Za-z])(?i:{cues('postcode')})(?![A-Za-z]))[ \u00a0\u3000:：\"=>]{{0,4}}"
    r"(?P<n>\d{4,6}(?:-\d{4})?|\d{3}-\d{4}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?![A-Za-z0-9])"
)
_account = lazy_pattern(
    rf"(?:(?<![A-Za-z])(?i:{cues('account')}))[ \u00a0\u3000]?[:：][ \u00a0\u3000]{{0,2}}(?P<n>[A-Za-z](?=[A-Za-z]{{0,30}}[\d_.-])[A-Za-z0-9_.-]{{3,30}}[A-Za-z0-9])"
)
# ORCID's form (ISO 7812, four groups of four), and addresses of pages that are a person's own.
_profile = lazy_pattern(
    r"(?<!\d)(?<!\d-)\d{4}-\d{4}-\d{4}-\d{3}[\dXx](?![\w-])|(?i:linkedin\.com/in/|researchgate\.net/profile/)[\w%.-]{2,80}"
)
_wide = lazy_pattern("[\uff0b\uff0d\uff10-\uff19]")  # full-width plus, hyphen and digits


def find_numbers(text: str) -> list[Stretch]:
    """Where addresses of mail, telephone numbers and postcodes stand, in no order.

    >>> [("call +1 555 010 4242 or ada@example.org")[a:b] for a, b in find_numbers("call +1 555 010 4242 or ada@example.org")]
    ['ada@example.org', '+1 555 010 4242']
    """
    found = list(_find_mails(text))
    folded = _wide.sub(lambda match: chr(ord(match.group()) - 0xFEE0), text) if _wide.search(text) else text
    found += [match.span() for match in _number.finditer(folded)]
    found += [match.span("n") for match in _cued.finditer(folded) if _is_number(match["n"])]
    found += [match.span("n") for pattern in (_coded, _account) for match in pattern.finditer(folded)]
    found += [match.span() for match in _profile.finditer(folded)]
    return found


def _find_mails(text: str) -> Iterator[Stretch]:
    for match in _at.finditer(text):
        start = match.start()
        while start and text[start - 1] in LOCAL:
            start -= 1
        if start == match.start():
            start = _back_over_ideographs(text, start)
        domain = _domain.match(text, match.end())
        if domain and start < match.start():
            yield start, domain.end()


def _back_over_ideographs(text: str, at: int) -> int:
    start = at
    while start and at - start < 10 and "\u4e00" <= text[start - 1] <= "\u9fff":  # no name before an @ is longer
        start -= 1
    return start


def _is_number(words: str) -> bool:
    """Whether digits behind a word for telephones are one number: some of them stand close together, it has a plus, or they are many."""
    groups = re.findall(r"\d+", words)
    return "+" in words or max(map(len, groups)) >= _GROUP or _is_spaced(words, groups)


def _is_spaced(words: str, groups: list[str]) -> bool:
    """Whether enough digits stand in pairs behind a 0, or each for itself."""
    return sum(map(len, groups)) >= _MANY and (words.lstrip("(（").startswith("0") or max(map(len, groups)) == 1)


def is_number_alone(text: str) -> bool:
    """Whether a value is nothing but digits with hyphens, which an identifier can be too."""
    return re.fullmatch(r"[\d\s./-]+", text) is not None
