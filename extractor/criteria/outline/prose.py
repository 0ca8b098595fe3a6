"""The prose of an article round its lists of criteria: ethics, groups, statistics. It stands in no list and is kept as unmapped text."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from extractor.patterns import lazy_pattern
from extractor.tables import read_table

_LONGEST_LOOK = 160  # characters of a sentence that are looked through
_stop = lazy_pattern("[。！？!?]")
_starts = lazy_pattern(r"(?<=[。！？])[\"”」』]?\s*(?=[^\s。])")


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


_SHORTEST_TAIL = 40  # characters behind the last item of a run-on list that are more than its last words
_item = lazy_pattern(r"(?:^|(?<=[;；。：:，,]))\s*(?:[（(]\s?\d{1,2}\s?[)）]|\d{1,2}[.、．)）](?!\d)|[①-⑳])")
_keeps = lazy_pattern(r"除外|除非|例外|但|允许|可|者[，。；]|者$|以上|以下|包括|如")


def find_tail(text: str, start: int, end: int) -> int | None:
    """Where the text behind a run-on list begins: its items are of one sentence each, so the first full stop behind the last one ends the list.

    Only a longer text is taken, and none that goes on with the item: an exception, another kind of people.
    """
    items = [found.end() for found in _item.finditer(text, start, end)]
    if len(items) < 2 or any(text.count("。", here, there) > 1 for here, there in pairwise(items)):
        return None
    found = _starts.search(text, items[-1], end)
    if found is None or end - found.end() < _SHORTEST_TAIL:
        return None
    stop = _stop.search(text, found.end(), end)
    return None if _keeps.search(text, found.end(), stop.start() if stop else end) else found.end()


_SHORTEST_PARAGRAPH = 80  # characters of a paragraph of several sentences that no list holds


def is_told(words: str) -> bool:
    """Whether a paragraph is told in several sentences, as an article is and a criterion is not."""
    return len(words) >= _SHORTEST_PARAGRAPH and words.count("。") > 1 and words[-1:] not in ":："


def find_prose(text: str, start: int, end: int) -> list[int]:
    """Where sentences begin that are prose, behind another sentence.

    >>> find_prose("年满18岁。本研究经伦理委员会批准。", 0, 17)
    [6]
    """
    return [found.end() for found in _starts.finditer(text, start, end) if is_prose(text, found.end(), end)]
