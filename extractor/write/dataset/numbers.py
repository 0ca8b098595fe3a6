"""Registered numbers in the one form in which two records can be compared; what no registry gave out has none."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from extractor.normalise.identifiers import find_scheme
from extractor.patterns import lazy_pattern

_dashes = lazy_pattern("[‐‑‒–—−]")
_year = lazy_pattern(r"^(?:19|20)\d\d")
_european_label = lazy_pattern(r"EudraCT\s*(?:number|no\.?)?\s*:?\s*", re.IGNORECASE)
_letters = lazy_pattern(r"[A-Z]+")
_gap = lazy_pattern(r"^([A-Z]+)(?:[-:]?ID)?[:#-]*(?=\d)")
COUNTING = "1234567890"


def _european(text: str) -> str:
    """EUCTR2020-001236-10-NL and EudraCT 2020-001236-10 are one; the last part of a CTIS number counts its versions."""
    found = re.search(r"20\d\d-\d{6}-\d\d", text)
    return found.group() if found else text


def _joined(text: str) -> str:
    """Letters and digits of one number without what people put between them: "NCT#01234567", "DRKS-ID: 00012345"."""
    return _gap.sub(r"\1", text)


def _japanese(text: str) -> str:
    """Japan's numbers with and without WHO's prefix."""
    return _joined(text.removeprefix("JPRN-").removeprefix("JPRN"))


def _australian(text: str) -> str:
    """Australia's numbers without the mark of a provisional entry."""
    return _joined(text).removesuffix("P")


FORMS: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(("NCT", "CHICTR", "ITMCTR", "ISRCTN", "DRKS", "CRIS", "IRCT", "PACTR", "RPCEC", "TCTR", "LBCTR"), _joined),
    **dict.fromkeys(("EUCTR", "CTIS"), _european),
    "JPRN": _japanese,
    "ACTRN": _australian,
    "UTN": lambda text: "-".join(re.findall(r"U?\d{4}", text)),
}
NATIONAL = ("JPRN", "NTR", "ICTRP_OTHER")  # schemes of several registries, which a number's letters tell apart


@lru_cache(maxsize=4096)
def registered_number(value: str, scheme: str = "") -> tuple[str | None, str | None]:
    """(number in its comparable form, registry), both None for what no registry gave out and for dummies.

    The form decides, not what the source calls the number, except for numbers that it calls a site's own.

    >>> registered_number("EUCTR2020-001236-10-NL"), registered_number("nct 01234567"), registered_number("NCT00000000")
    (('2020-001236-10', 'EUCTR'), ('NCT01234567', 'NCT'), (None, None))
    """
    label = _european_label.match(value.strip())
    value = value.strip()[label.end() :] if label else value
    found = "" if scheme == "VEEVA" else find_scheme(value)
    if found in ("", "OTHER"):
        return None, None
    text = FORMS.get(found, str)(_dashes.sub("-", "".join(value.split())).upper())
    if is_dummy(text):
        return None, None
    return text, _registry(text, found) if found in NATIONAL else found


def _registry(text: str, scheme: str) -> str:
    """The registry of a national number: the letters it starts with (UMIN, JRCT, NTR)."""
    match = _letters.match(text)
    return match.group() if match else scheme


def is_dummy(text: str) -> bool:
    """Whether a number only fills its field: one digit throughout, or digits that count up.

    >>> [is_dummy(text) for text in ("NCT00000000", "ISRCTN12345678", "2020-000000-00", "U1111-1111-1111", "NCT01234867")]
    [True, True, True, True, False]
    """
    digits = "".join(character for character in text.removeprefix("U1111") if character.isdigit())
    body = _year.sub("", digits) if _year.match(digits) and len(digits) > 8 else digits
    return len(set(body)) <= 1 or (len(body) >= 6 and body in COUNTING)
