"""Spellings of vocabularies: their look-up keys, patterns that match the longest of them (tries), and sets that find it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from extractor.patterns import lazy_pattern

BLANK = "\x00"
_gap = lazy_pattern(r"[\s\-]+")
_head = lazy_pattern(r"[a-zµ]+|\d+")
TrieBranch = tuple[str, dict[str, Any]]
"""A step of a trie, as pattern, and the node that it leads to."""


def squeeze(text: str) -> str:
    """A spelling as look-up key: no white space, no hyphens.

    >>> squeeze("T - score")
    'Tscore'
    """
    return ("".join(text.replace("-", " ").split()) or text) if " " in text or "-" in text or "\n" in text or "\u00a0" in text else text


def head_of(text: str, position: int = 0) -> str:
    """The run of letters or of digits, or the one other character, that stands at `position`; "" behind the end.

    >>> head_of("mg/dl"), head_of("1.73m2"), head_of("个月")
    ('mg', '1', '个')
    """
    found = _head.match(text, position)
    return found.group() if found else text[position : position + 1]


def word_edge(last: str) -> str:
    """What must not follow a spelling that ends in `last`: a Latin letter or a digit must not run on."""
    return r"(?!\d)" if last.isdigit() else "(?![a-z])" if last.isascii() and last.isalpha() else ""


class Spellings:
    """A set of spellings that finds the longest of them at a place of a folded text.

    The pattern of the spellings with one beginning is made when a text first shows that beginning: most are never needed.
    """

    def __init__(self, spellings: Iterable[str], edge: Callable[[str], str] = word_edge) -> None:
        """Sort the spellings by their beginnings; `edge` says what must not follow one that ends in a character."""
        self._edge = edge
        self._waiting: dict[str, set[str]] = {}
        self._made: dict[str, re.Pattern[str]] = {}
        for spelling in spellings:
            self._waiting.setdefault(head_of(spelling), set()).add(spelling)

    def match(self, text: str, position: int) -> int:
        """The end of the longest spelling at `position`, `position` itself where there is none."""
        head = head_of(text, position)
        pattern = self._made.get(head)
        if pattern is None:
            waiting = self._waiting.get(head)
            if waiting is None:
                return position
            pattern = self._made[head] = re.compile(trie_pattern(waiting, edge=self._edge))
        found = pattern.match(text, position)
        return found.end() if found else position


def trie_pattern(spellings: Iterable[str], edge: Callable[[str], str] | None = None) -> str:
    """A pattern that matches the longest of `spellings` at its place; a blank or hyphen inside one may be any or missing.

    `edge` gives, for the last character of a spelling, what must not follow it. Branches share their beginnings, so trying the
    pattern costs no more than the length of what matches.

    >>> re.match(trie_pattern(["age", "aged", "t score"]), "t-score")[0]
    't-score'
    """
    root: dict[str, Any] = {}
    words = sorted(set(spellings))
    edges = [edge(word[-1]) if edge else "" for word in words]
    shared = edges[0] if len(set(edges)) == 1 else ""  # written once behind the whole: each place of it takes time to compile
    for word, own in zip(words, edges, strict=True):
        node = root
        for step in (*_steps(word), *(() if shared else (own,))):
            node = node.setdefault(step, {}) if step else node
        node[""] = {}
    return f"(?:{_branches(root)}){shared}" if shared else _branches(root)


def _steps(spelling: str) -> Iterator[str]:
    for character in _gap.sub(BLANK, spelling) if any(map(str.isalnum, spelling)) else spelling:
        yield r"[\s\-]{0,2}" if character == BLANK else re.escape(character)


def _rank(branch: TrieBranch) -> tuple[int, str]:
    """Characters first, then blanks, then the ends of words: the longest spelling is tried first."""
    step = branch[0]
    return (2 if step.startswith("(?!") else 1 if step.startswith("[") else 0, step)


def _branches(node: dict[str, Any]) -> str:
    """Alternatives of one node, the end of a spelling last: the longest wins. Depth is the length of a table's cell."""
    ways = [step + _branches(rest) for step, rest in sorted(node.items(), key=_rank) if step]
    if not ways:
        return ""
    body = ways[0] if len(ways) == 1 and "" not in node else "(?:" + "|".join(ways) + ")"
    return body + "?" if "" in node else body
