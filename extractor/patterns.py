"""Regular expressions that are compiled when they are first used.

A command line is a process for one page, and a document meets a fraction of the patterns of the house: compiling all of them took
half of the time of a small page. Whoever needs a pattern at once, or one of bytes, takes `re.compile`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn", "flags", "groups", "groupindex")


class _Pattern:
    """Stands for a compiled pattern until a method of it is asked for; from then on its methods are those of the pattern itself."""

    def __init__(self, source: str, flags: int) -> None:
        self.pattern, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)

    def __reduce__(self) -> tuple[Any, ...]:
        return lazy_pattern, (self.pattern, self._flags)


def lazy_pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern that is compiled when it is first used; for everything else it behaves as what `re.compile` returns.

    >>> lazy_pattern("a+").search("baac")[0]
    'aa'
    """
    return cast("re.Pattern[str]", _Pattern(source, flags))


def group_alternatives(rows: Iterable[str]) -> str:
    """The alternatives of a pattern that is only searched for, those with one first letter together: most places are passed at once.

    >>> group_alternatives(["men", "male", "sex"])
    'm(?:en|ale)|s(?:ex)'
    """
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(row[0], []).append(row[1:])
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in groups.items())
