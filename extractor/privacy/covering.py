"""Stretches of a text covered with as many marks, so that every other place in it stays what it is."""

from __future__ import annotations

from collections.abc import Iterable

from extractor.patterns import lazy_pattern
from extractor.privacy.names import find_named
from extractor.privacy.numbers import Stretch, find_numbers
from extractor.privacy.words import MASK

_character = lazy_pattern(r"[^\n\t]")


def cover(text: str, stretches: Iterable[Stretch]) -> str:
    """The text with the stretches covered, line feeds and tabs left as they are.

    >>> cover("call Ada or Bo", [(5, 8), (6, 8), (12, 14)])
    'call ███ or ██'
    """
    parts: list[str] = []
    at = 0
    for start, end in sorted(stretches):
        if end > at:
            begin = max(start, at)
            parts += (text[at:begin], _character.sub(MASK, text[begin:end]))
            at = end
    return "".join((*parts, text[at:])) if parts else text


def find_persons(text: str) -> list[Stretch]:
    """Where a text looks as if it named a person or a way to reach one."""
    numbers = find_numbers(text)
    return [*numbers, *find_named(text, numbers)]


def is_hidden(text: str) -> bool:
    """Whether nothing but marks and signs is left of a value.

    >>> is_hidden("███, ██"), is_hidden("ask ███"), is_hidden("--")
    (True, False, False)
    """
    return MASK in text and not any(character.isalnum() for character in text)
