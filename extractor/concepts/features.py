"""What the model sees of a token: hashed spelling features and its place in the term lists. Needs numpy, which spaCy brings."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from extractor.concepts.terms import disease_terms, drug_class_terms, drug_terms, procedure_terms
from extractor.patterns import lazy_pattern

SPELLING_COLUMNS = 8  # the parts that `_spelling` hashes: norm, three beginnings, three ends, shape
TERM_COLUMNS = 6  # the numbers of `token_columns`: four term lists, two counts of disease names
Columns = npt.NDArray[np.uint64]

_UNKNOWN = 1  # what a spelling column holds when training hides the word
_HIDDEN = (0, 3, 6)  # the columns that give the whole word away: norm, first five and last six letters
_MOST = 7  # counts are put in buckets of powers of two, up to 2**7
_digit = lazy_pattern(r"\d")
_run = lazy_pattern(r"[A-Z]+|[a-z]+|\d+")


def _shape(word: str) -> str:
    return _run.sub(_sign, word)


def _sign(run: re.Match[str]) -> str:
    first = run.group()[0]
    return "d" if first.isdigit() else ("X" if first.isupper() else "x") * min(2, len(run.group()))


@lru_cache(maxsize=1 << 16)
def _spelling(word: str) -> tuple[int, ...]:
    norm = _digit.sub("0", word.lower())
    parts = (norm, norm[:1], norm[:3], norm[:5], norm[-3:], norm[-4:], norm[-6:], _shape(word))
    return tuple(_hash(f"{column}:{part}") for column, part in enumerate(parts))


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _bucket(count: int) -> int:
    return min(_MOST, (count + 1).bit_length() - 1)


def token_columns(words: Sequence[str]) -> Columns:
    """One row a token: SPELLING_COLUMNS hashes and TERM_COLUMNS numbers.

    The numbers are its place in the lists of diseases, drugs, drug classes and procedures, then how often disease names
    end in it and hold it before their end.
    """
    lower = [word.lower() for word in words]
    places = [terms().places(lower) for terms in (disease_terms, drug_terms, drug_class_terms, procedure_terms)]
    heads, modifiers = disease_terms().heads, disease_terms().modifiers
    counts = [[_bucket(heads[word]) for word in lower], [_bucket(modifiers[word]) for word in lower]]
    rows = [(*_spelling(word), *numbers) for word, *numbers in zip(words, *places, *counts, strict=True)]
    return np.array(rows, dtype=np.uint64).reshape(len(words), SPELLING_COLUMNS + TERM_COLUMNS)


def hide_words(columns: Columns, share: float, draws: np.random.RandomState) -> Columns:
    """A copy in which about `share` of the tokens show only short affixes, shape and term lists: what rare words look like."""
    hidden = draws.random_sample(len(columns)) < share
    columns = columns.copy()
    for column in _HIDDEN:
        columns[hidden, column] = _UNKNOWN
    return columns
