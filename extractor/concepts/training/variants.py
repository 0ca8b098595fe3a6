"""Training lines made of others: the same criterion about another disease or drug."""

from __future__ import annotations

from functools import cache

import numpy as np

from extractor.concepts.labels import Run
from extractor.concepts.terms import read_terms
from extractor.concepts.training.corpus import Line, make_line

_MOST_WORDS = 4  # of a name put into a training line: criteria seldom print a longer one
_LISTS = {"CONDITION": "diseases", "MEDICATION": "drugs"}


@cache
def _names(name: str) -> list[list[str]]:
    return [words for term in sorted(read_terms(name)) if len(words := term.split(" ")) <= _MOST_WORDS]


def other_names(line: Line, draws: np.random.RandomState) -> Line:
    """The line with about half of its conditions and drugs replaced by names drawn from the term lists."""
    words: list[str] = []
    runs: list[Run] = []
    at = 0
    for start, end, kind in line.runs:
        name = line.words[start:end]
        if kind in _LISTS and draws.random_sample() < 0.5:
            names = _names(_LISTS[kind])
            name = names[draws.randint(len(names))]
        words += line.words[at:start]
        runs.append((len(words), len(words) + len(name), kind))
        words += name
        at = end
    return make_line([*words, *line.words[at:]], runs)
