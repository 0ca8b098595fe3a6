"""Twice the text is at most about twice the work, whatever the text repeats: calls are counted, not seconds.

What goes on inside one call of a pattern is not counted here; benchmarks/growth.py takes its time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress

import pytest
from fragments import FRAGMENTS, ways

from extractor.errors import ExtractError

SIZES = (600, 1200, 2400)  # characters, in each of the values that give way
MOST = 2.6  # times the calls for twice the text; linear work takes 2, quadratic 4
SMALL = 10_000  # calls below which what is done once a fragment hides the growth
WAYS = dict(ways())
STEP = 45  # every way with three fragments, each from another on: all of them take too long for every change, see benchmarks/growth.py
CHOSEN = [(name, fragment) for at, name in enumerate(WAYS) for fragment in FRAGMENTS[at * 5 % STEP :: STEP]]


def calls(read: Callable[[str], object], text: str) -> int:
    """How many functions are called, ours and the interpreter's."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        with suppress(ExtractError):
            read(text)
    finally:
        sys.setprofile(None)
    return count


def grows(read: Callable[[str], object], fragment: str) -> list[int]:
    """The calls at n, 2n and 4n characters, less those for the document around them, whose patterns are compiled first."""
    around = [calls(read, "a") for _ in range(2)][-1]
    return [max(1, calls(read, fragment * (size // len(fragment))) - around) for size in SIZES]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "fragment"), CHOSEN)
def test_work_grows_with_the_text(name: str, fragment: str) -> None:
    few, more, most = grows(WAYS[name], fragment)
    assert most < SMALL or most <= MOST * more or most <= MOST**2 * few


def test_quadratic_work_is_seen() -> None:
    few, more, most = grows(lambda text: [text[at:].count(sign) for at, _ in enumerate(text) for sign in text[:at:100]], "a")
    assert most > MOST * more > MOST**2 * few
