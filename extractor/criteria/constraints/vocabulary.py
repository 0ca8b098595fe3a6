"""The tokens of criteria text and the vocabulary they are looked up in.

One spelling may mean several things ("治疗" is a treatment and an anchor): a token carries all its meanings, and the
grammar asks for the one that fits the place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from extractor.normalise.numbers import WORDS
from extractor.normalise.vocabulary import squeeze, trie_pattern, word_edge
from extractor.patterns import lazy_pattern
from extractor.tables import read_table

_HERE = "extractor.criteria.constraints"
Sense = tuple[str, Any]
"""One meaning of a spelling: its kind and its value."""


class Token(Struct, frozen=True, gc=False):
    """A run of the text with what it may mean: kind -> value. `gap`: unknown words stand between it and the token before."""

    start: int
    end: int
    gap: bool
    meanings: Mapping[str, Any]


class Sign(Struct, frozen=True, gc=False):
    """A comparator: which end of a range it sets and whether the number itself belongs."""

    end: str
    inclusive: bool


class Subject(Struct, frozen=True, gc=False):
    """A row of tables/variables.tsv; a `finding` (fever, hypertension) is what a measurement in a bracket behind it defines."""

    name: str
    kind: str
    dimensions: frozenset[str]
    loinc: str
    finding: bool = False


class Cue(Struct, frozen=True, gc=False):
    """A row of tables/cues.tsv: a word that changes what stands around it."""

    category: str
    direction: str
    reach: str
    breaks: frozenset[str]


_CUES = {
    "denial": "negation",
    "refusal": "negation",
    "barred": "barred",
    "carve_out": "exception",
    "allowance": "exception",
    "turn": "turn",
    "none": "turn",
}
"""The kind of token that a cue's category makes."""
_LONGEST_PART = 4  # letters of an abbreviation before a hyphen that may be left out: nt-probnp
_GAPS = (" ", "-")
SMALL: dict[str, Any] = {"soft": "x"}
"""A small word that changes nothing: it makes no token and leaves no gap."""
SIGNS = {
    ">=": Sign("low", inclusive=True),
    ">": Sign("low", inclusive=False),
    "<=": Sign("high", inclusive=True),
    "<": Sign("high", inclusive=False),
    "=": Sign("both", inclusive=True),
}


def read_entries() -> Iterator[tuple[str, str, Any]]:
    """(spellings divided by "|", kind, value) of every table that the lexer knows."""
    yield from _comparators()
    for anchor, spellings in read_table(_HERE, "anchors"):
        yield spellings, "anchor", anchor
    for kind, value, spellings in read_table(_HERE, "words"):
        yield spellings, kind, value
    for category, direction, reach, breaks, spellings in read_table(_HERE, "cues"):
        yield spellings, _CUES[category], Cue(category, direction, reach, frozenset(breaks.split()))
    for name, kind, dimension, loinc, chinese, english in read_table(_HERE, "variables"):
        finding = kind == "FINDING"
        subject = Subject(name, "MEASUREMENT" if finding else kind, frozenset(filter(None, dimension.split("|"))), loinc, finding)
        yield chinese, "var", subject
        yield english, "var", subject
    yield from ((word, "num", number) for word, number in WORDS.items() if word.isascii())


def _comparators() -> Iterator[tuple[str, str, Any]]:
    for language, place, sign, spellings in read_table(_HERE, "comparators"):
        if language != "en" or place != "before":
            yield spellings, "cmp" if place == "before" else "suffix", SIGNS[sign]
            continue
        for spelling in spellings.split("|"):
            yield spelling, "cmp", SIGNS[sign]
            yield from _joined(spelling, SIGNS[sign])


def _joined(spelling: str, sign: Sign) -> Iterator[tuple[str, str, Any]]:
    """`or less than 2` begins a limit, where `or less` alone would end one."""
    for word in ("or", "and", "but"):
        yield f"{word} {spelling}", "cmp", sign
        yield f"{word} {spelling}", "or" if word == "or" else "and", word


def _lexicon() -> tuple[dict[str, dict[str, Any]], dict[str, set[str]]]:
    """Meanings by squeezed spelling, and the spellings by their head.

    Every process reads these ten thousand spellings before its first page: what can be done by the row is, and they stand folded.
    """
    meanings: dict[str, dict[str, Any]] = {}
    heads: dict[str, set[str]] = {}
    for row, kind, value in read_entries():
        alone = SMALL if kind == "soft" else {kind: value}
        for spelling, head in _spelling.findall(row):
            key = spelling if spelling.isalnum() else squeeze(spelling)
            known = meanings.get(key)
            if known is None:
                meanings[key] = alone
            elif kind not in known:
                meanings[key] = _ranked(known | {kind: value})
            heads.setdefault(head, set()).add(spelling)
            if len(head) <= _LONGEST_PART and spelling[len(head) :][:1] in _GAPS and (closed := _closed(spelling)) != spelling:
                heads.setdefault(_head(closed), set()).add(closed)
    return meanings, heads


def _ranked(kinds: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(kinds.items(), key=_rank))


def _rank(item: Sense) -> int:
    return ORDER.index(item[0]) if item[0] in ORDER else len(ORDER)


def _head(spelling: str) -> str:
    """The run of letters or of digits, or the one other character, that a spelling begins with."""
    found = _run.match(spelling)
    return found.group() if found else spelling[0]


def _closed(spelling: str) -> str:
    """The spelling with its first hyphen or blank gone: `nt probnp` also begins a word as `ntprobnp`."""
    first, gap, rest = spelling.partition("-") if "-" in spelling else spelling.partition(" ")
    return first + rest if gap and len(first) <= _LONGEST_PART and first.isalnum() and rest[:1].isalnum() else spelling


class Head(Struct, frozen=True, gc=False):
    """What a head means alone, what matches the longer spellings that it begins, and how those go on (two characters)."""

    meanings: Mapping[str, Any] | None
    longer: Callable[[str, int], re.Match[str] | None] | None = None
    starts: frozenset[str] = frozenset()


class _Continuations:
    """The pattern of a head's continuations, longest first; made when it is first asked for."""

    def __init__(self, head: str, endings: list[str]) -> None:
        self._head = head
        self._endings = endings

    def __call__(self, text: str, position: int) -> re.Match[str] | None:
        match = re.compile(trie_pattern(self._endings, edge=word_edge)).match
        HEADS[self._head] = replace(HEADS[self._head], longer=match)
        return match(text, position)


def make_head(head: str) -> Head:
    """What stands in `HEADS` from now on for a head that stood there as `UNMADE`."""
    endings = [spelling[len(head) :] for spelling in _SPELLINGS[head] if len(spelling) > len(head)]
    starts = frozenset([ending.lstrip(" -")[:2] for ending in endings])
    made = HEADS[head] = Head(MEANINGS.get(head), _Continuations(head, endings) if endings else None, starts)
    return made


UNMADE = Head(None)
"""Stands for a head that no text has shown yet."""
ORDER = ("between", "cmp", "plusminus", "within", "num", "to", "reference", "range")
_spelling = lazy_pattern(r"(?:^|(?<=\|))(([a-z]+|\d+|[^|])[^|]*)")  # a spelling of a row, and its head
_run = lazy_pattern(r"[a-z]+|\d+")
MEANINGS, _SPELLINGS = _lexicon()
GLUED = {
    **{scale + roman: scale for scale in ("asa", "nyha") for roman in ("i", "ii", "iii", "iv", "v")},
    **{"x" + limit: "x" for limit in ("uln", "lln")},
}
MARKS: dict[str, dict[str, Any]] = {mark: {"mark": mark} for mark in '.,;:()。\n/!?"“”'}
MARKS["、"] = {"mark": "、", "and": "and"}
MARKS["+"] = {"suffix": SIGNS[">="]}
HEADS = {
    **{mark: Head(said) for mark, said in MARKS.items() if mark not in "()"},
    **dict.fromkeys(_SPELLINGS, UNMADE),
    **dict.fromkeys(GLUED, Head(None)),
}
