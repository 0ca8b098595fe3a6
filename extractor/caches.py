"""Results kept for words that come again and again: labels, codes, dates. What a document brings only once is not kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

SHORT = 200  # characters; a longer text is no label, code or date, and would be held as long as the process lives

P = ParamSpec("P")
R = TypeVar("R")


def cached_when_short(size: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A cache of the last `size` results of a function whose last argument is a text, for texts of at most `SHORT` characters.

    >>> seen = []
    >>> note = cached_when_short(8)(lambda text: seen.append(len(text)))
    >>> for text in ("Phase", "Phase", "x" * 300, "x" * 300):
    ...     note(text)
    >>> seen
    [5, 300, 300]
    """

    def decorate(work: Callable[P, R]) -> Callable[P, R]:
        kept: Any = lru_cache(size)(work)

        @wraps(work)
        def call(*words: Any) -> Any:
            return kept(*words) if len(words[-1]) <= SHORT else work(*words)  # type: ignore[call-arg]

        return cast("Callable[P, R]", call)

    return decorate
