"""Which keys and labels speak of persons."""

from __future__ import annotations

import re
from functools import cache

from extractor.patterns import lazy_pattern
from extractor.tables import read_table
from extractor.text import fold_label

MASK = "█"  # stands for every character that is taken out, so that places in a text stay where they are
LONGEST_LABEL = 80  # characters

_apart = lazy_pattern(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z\u4e00-\u9fff]+")


@cache
def words_of(kind: str) -> frozenset[str]:
    """The words of one kind in `tables/words.tsv`."""
    return frozenset(word for of, word in read_table("extractor.privacy", "words") if of == kind)


def cues(kind: str) -> str:
    """A pattern of the words of one kind that stand beside persons (`tables/cues.tsv`), the longest first."""
    patterns = [pattern for of, pattern in read_table("extractor.privacy", "cues") if of == kind]
    return f"(?:{'|'.join(sorted(patterns, key=len, reverse=True))})"


@cache
def _labels() -> frozenset[str]:
    return frozenset(fold_label(label) for (label,) in read_table("extractor.privacy", "labels"))


def is_label(text: str) -> bool:
    """Whether a text is a label whose value is a person or a way to reach one.

    >>> is_label("Principal Investigator:"), is_label("联系电话"), is_label("Contact dermatitis:")
    (True, True, False)
    """
    return len(text) <= LONGEST_LABEL and fold_label(text.strip(" *#•·-\t\n")) in _labels()


def is_personal(path: str) -> bool:
    """Whether the value at a path of keys, or behind a label, is about a person: one of its parts says so, and the last no other thing.

    >>> is_personal("protocolSection.contactsLocationsModule.locations.zip"), is_personal("officialTitle"), is_personal("responsibleParty.type")
    (True, False, False)
    """
    parts = path.split(".")
    return any(map(names_persons, parts)) and not is_neutral(parts[-1])


@cache
def names_persons(key: str) -> bool:
    """Whether a key or label says that what stands below it is about a person."""
    words = _words(key)
    return _pattern("holder").search(words) is None and _pattern("person").search(words) is not None


@cache
def is_neutral(key: str) -> bool:
    """Whether a key says of a person only what kind of person it is, or for whom they work."""
    return _pattern("neutral").search(_words(key)) is not None


def _words(key: str) -> str:
    """The words of a key in small letters, one blank between: "pointOfContact" and "point_of_contact" are alike."""
    return " ".join(_apart.split(key)).casefold()


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    """Any word of a kind, as a whole word where words have ends."""
    words = sorted(words_of(kind), key=lambda word: (-len(word), word))
    latin = "|".join(word for word in words if word.isascii())
    other = "".join(f"|{word}" for word in words if not word.isascii())
    return re.compile(rf"(?<![a-z])(?:{latin})(?![a-z]){other}")
