"""The prose of an article round its lists of criteria: ethics, groups, statistics. It stands in no list and is kept as unmapped text."""

from __future__ import annotations

import re
from functools import cache

from extractor.tables import read_table

_LONGEST_LOOK = 160  # characters of a sentence that are looked through
_stop = re.compile("[。！？!?]")
_starts = re.compile(r"(?<=[。！？])[\"”」』]?\s*(?=[^\s。])")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rows = read_table("extractor.criteria.outline", "prose")
    opens, holds = ("|".join(words for where, words in rows if where == kind) for kind in ("opens", "holds"))
    return re.compile(opens), re.compile(holds)


def is_prose(text: str, start: int, end: int) -> bool:
    """Whether the sentence between two offsets speaks of the study and its people, not of who may take part.

    >>> is_prose("本研究经伦理委员会批准。", 0, 12), is_prose("签署知情同意书。", 0, 8)
    (True, False)
    """
    found = _stop.search(text, start, end)
    stop = min(found.start() if found else end, start + _LONGEST_LOOK)
    opens, holds = _patterns()
    return opens.match(text, start, stop) is not None or holds.search(text, start, stop) is not None


def find_prose(text: str, start: int, end: int) -> list[int]:
    """Where sentences begin that are prose, behind another sentence.

    >>> find_prose("年满18岁。本研究经伦理委员会批准。", 0, 17)
    [6]
    """
    return [found.end() for found in _starts.finditer(text, start, end) if is_prose(text, found.end(), end)]
