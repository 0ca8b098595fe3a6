"""Spellings of vocabularies: their look-up keys, and patterns that match the longest of them (tries)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

BLANK = "\x00"
_gap = re.compile(r"[\s\-]+")


def squeeze(text: str) -> str:
    """A spelling as look-up key: no white space, no hyphens.

    >>> squeeze("T - score")
    'Tscore'
    """
    return (_gap.sub("", text) or text) if " " in text or "-" in text or "\n" in text or "\u00a0" in text else text


def trie_pattern(spellings: Iterable[str], *, whole_words: bool = False) -> str:
    """A pattern that matches the longest of `spellings` at its place; a blank or hyphen inside one may be any or missing.

    With `whole_words` a spelling that ends in a Latin letter or a digit must not run on.

    Branches share their beginnings, so trying it costs no more than the length of what matches.

    >>> re.match(trie_pattern(["age", "aged", "t score"]), "t-score")[0]
    't-score'
    """
    root: dict[str, Any] = {}
    for spelling in sorted(set(spellings)):
        node = root
        for step in (*_steps(spelling), *([_edge(spelling[-1])] if whole_words else [])):
            node = node.setdefault(step, {}) if step else node
        node[""] = {}
    return _branches(root)


def _edge(last: str) -> str:
    """What must not follow a spelling that ends so."""
    return r"(?!\d)" if last.isdigit() else "(?![a-z])" if last.isascii() and last.isalpha() else ""


def _steps(spelling: str) -> Iterator[str]:
    for character in _gap.sub(BLANK, spelling) if any(map(str.isalnum, spelling)) else spelling:
        yield r"[\s\-]{0,2}" if character == BLANK else re.escape(character)


def _rank(branch: tuple[str, dict[str, Any]]) -> tuple[int, str]:
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
