"""Words of a coded field to codes: one vocabulary for all sources, `tables/codes.tsv`.

Columns: field, words (as printed, folded here), code (several joined by ","), implies ("field=CODE" that the words state,
"~field=CODE" that we infer, "!finding.code"; joined by ";").
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_bracket = re.compile(r"\s*([^(（]+?)\s*[(（][^()（）]*[)）]\s*")


class Meaning(NamedTuple):
    """What the words of a coded field stand for."""

    codes: tuple[str, ...]
    implies: tuple[str, ...] = ()


def read_table(name: str) -> list[list[str]]:
    """The rows of a vocabulary of this package, comments and header left out."""
    text = (files("extractor.normalise") / "tables" / name).read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return rows[1:]


def fold_words(text: str) -> str:
    """Words as the vocabulary holds them: width and case folded, without white space and closing punctuation.

    >>> fold_words("Active,  not recruiting ") == fold_words("active, not Recruiting.")
    True
    """
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(".;,:。；，：")


@cache
def vocabulary() -> dict[tuple[str, str], Meaning]:
    """(field, folded words) → meaning, for every row of the table."""
    found: dict[tuple[str, str], Meaning] = {}
    for field, words, codes, *rest in read_table("codes.tsv"):
        implied = tuple(filter(None, rest[0].split(";"))) if rest else ()
        found[field, fold_words(words)] = Meaning(tuple(codes.split(",")), implied)
    return found


@cache
def codes_of(field: str) -> frozenset[str]:
    """Every code that the vocabulary knows for a field."""
    return frozenset(code for (name, _), meaning in vocabulary().items() if name == field for code in meaning.codes)


def find_meaning(field: str, words: str) -> Meaning | None:
    """The meaning of a source's words in a field; a code of the API stands for itself, a closing bracket adds only detail.

    >>> find_meaning("status/overall", "Active, not recruiting").codes, find_meaning("design/masking", "Double (Participant)").codes
    (('ACTIVE_NOT_RECRUITING',), ('DOUBLE',))
    """
    known = vocabulary().get((field, fold_words(words)))
    if known is None and words.strip() in codes_of(field):
        return Meaning((words.strip(),))
    bracket = _bracket.fullmatch(words) if known is None else None
    return vocabulary().get((field, fold_words(bracket[1]))) if bracket else known
