"""Term lists of the English model: which tokens of a line stand in a list of names. Origins stand at the head of each file in tables/."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache

from extractor.tables import read_table

OUTSIDE, SINGLE, FIRST, INSIDE, LAST = range(5)
_SHORTEST = 7  # letters of a word that an ending makes a name


def read_terms(name: str) -> frozenset[str]:
    """The terms of `tables/<name>.tsv`: lower case, their tokens set apart by one blank."""
    return frozenset(term for term, *_ in read_table("extractor.concepts", name))


class TermList:
    """A list of names, asked for the places in a line where the longest of them stand.

    With `endings`, a long word that ends in one of them counts as a name too.
    """

    def __init__(self, terms: frozenset[str], endings: frozenset[str] = frozenset()) -> None:
        self.terms = terms
        self.endings = tuple(sorted(endings))
        self.longest = max(term.count(" ") + 1 for term in terms)
        self.heads = Counter(term.rsplit(" ", 1)[-1] for term in terms)
        self.modifiers = Counter(word for term in terms for word in term.split(" ")[:-1])

    def places(self, words: Sequence[str]) -> list[int]:
        """For each token (lower case) its place in the longest term found from the left: OUTSIDE, SINGLE, FIRST, INSIDE or LAST."""
        found = [OUTSIDE] * len(words)
        at = 0
        while at < len(words):
            length = self._length(words, at)
            _mark(found, at, length)
            at += max(1, length)
        return found

    def _length(self, words: Sequence[str], at: int) -> int:
        most = min(self.longest, len(words) - at)
        found = next((n for n in range(most, 0, -1) if " ".join(words[at : at + n]) in self.terms), 0)
        return found or int(len(words[at]) >= _SHORTEST and words[at].endswith(self.endings))


def _mark(found: list[int], at: int, length: int) -> None:
    if length == 1:
        found[at] = SINGLE
    elif length > 1:
        found[at : at + length] = [FIRST, *[INSIDE] * (length - 2), LAST]


@cache
def disease_terms() -> TermList:
    """Disease names of MeSH, and the findings and abbreviations of conditions.tsv."""
    return TermList(read_terms("diseases") | read_terms("conditions"))


@cache
def drug_terms() -> TermList:
    """Drug names of DrugBank's open data, MeSH and MedlinePlus, and words that end in a stem of such names."""
    return TermList(read_terms("drugs"), read_terms("drug_stems"))


@cache
def drug_class_terms() -> TermList:
    """Classes of drugs."""
    return TermList(read_terms("drug_classes"))


@cache
def procedure_terms() -> TermList:
    """Operations, treatments and examinations."""
    return TermList(read_terms("procedures"))
