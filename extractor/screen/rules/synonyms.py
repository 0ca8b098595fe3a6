"""Names of conditions, drugs and procedures that mean the same, and what is a kind of what: the shipped list, and lists of the user's own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from extractor.normalise.folding import fold
from extractor.normalise.vocabulary import squeeze
from extractor.patterns import lazy_pattern
from extractor.screen.patient.names import HERE
from extractor.tables import read_table

COLUMNS = ("name", "broader", "en", "zh")
_plural = lazy_pattern(r"(?<=[a-z]{3})s$")
_added: list[tuple[str, ...]] = []  # rows of the user's own list


def use_synonyms(place: Path | None) -> None:
    """Puts the rows of a list of the user's own beside the shipped ones, or none: UTF-8, columns divided by tabs, the header as in COLUMNS.

    Raises ValueError where it is no such list.
    """
    lines = [] if place is None else place.read_text("utf-8-sig").splitlines()
    rows = [tuple((line.split("\t") + [""] * len(COLUMNS))[: len(COLUMNS)]) for line in lines if line.strip() and not line.startswith("#")]
    if place is not None and (not rows or rows[0] != COLUMNS):
        raise ValueError(f"{place}: this is no list of synonyms: its first line must be {' '.join(COLUMNS)}, divided by tabs")
    _added[:] = rows[1:]
    for cached in (_names, _broader):
        cached.cache_clear()


def _rows() -> Iterable[tuple[str, ...]]:
    return (*read_table(HERE, "synonyms"), *_added)


def is_named(mention: str, held: str) -> bool:
    """Whether what is on file is the thing mentioned, or one kind of it: by the same words, or by the list of synonyms.

    >>> is_named("diabetes", "2型糖尿病"), is_named("type 2 diabetes", "diabetes"), is_named("hepatitis B", "乙肝")
    (True, False, True)
    """
    return not _meanings(mention).isdisjoint(_with_broader(_meanings(held)))


def is_same(mention: str, held: str) -> bool:
    """Whether both words mean the same thing, neither more nor less."""
    return not _meanings(mention).isdisjoint(_meanings(held))


def _key(words: str) -> str:
    return squeeze(_plural.sub("", fold(words).strip().replace("'", "")))


@cache
def _names() -> dict[str, frozenset[str]]:
    """Look-up key of a name → the names of the rows that hold it."""
    found: dict[str, set[str]] = {}
    for name, _, *cells in _rows():
        for spelling in (name, *(each for cell in cells for each in cell.split("|"))):
            if spelling:
                found.setdefault(_key(spelling), set()).add(name)
    return {key: frozenset(names) for key, names in found.items()}


def _meanings(words: str) -> frozenset[str]:
    """The rows that words name, or the words themselves where there is none."""
    key = _key(words)
    return _names().get(key, frozenset({f"={key}"}))


def _with_broader(names: Iterable[str]) -> frozenset[str]:
    """The names with all that they are kinds of."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _broader().get(name, ())
    return frozenset(found)


@cache
def _broader() -> dict[str, tuple[str, ...]]:
    return {name: tuple(filter(None, wider.split("|"))) for name, wider, *_ in _rows()}
