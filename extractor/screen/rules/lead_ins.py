"""Whether a line only announces what stands below it. One that names a condition, a group or a part of the trial decides nothing."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from extractor.normalise.folding import fold
from extractor.screen.patient.names import HERE
from extractor.screen.rules.coverage import NEUTRAL
from extractor.tables import read_table

Json = dict[str, Any]
_word = re.compile(r"[a-z][a-z\-']*|\d+|[\u3400-\u9fff]+")


@cache
def _vocabulary() -> tuple[frozenset[str], re.Pattern[str]]:
    """English words and Chinese words that announce and state nothing."""
    rows = read_table(HERE, "lead_ins")
    english = frozenset(word for words, _ in rows for word in words.split("|") if word) | NEUTRAL
    chinese = sorted({word for _, words in rows for word in words.split("|") if word}, key=len, reverse=True)
    return english, re.compile("|".join(map(re.escape, chinese)))


def announces(node: Json) -> bool:
    """Whether a criterion's own text states nothing of its own, in every language, so that its children are all of it.

    >>> announces({"text": {"en": "Adequate organ function, defined as:"}}), announces({"text": {"en": "If liver metastases, any of the following"}})
    (True, False)
    """
    return not node.get("constraints") and all(_is_empty(text) for text in node["text"].values())


def _is_empty(text: str) -> bool:
    english, chinese = _vocabulary()
    return all(word in english or word.isdigit() for word in _word.findall(chinese.sub(" ", fold(text))))
