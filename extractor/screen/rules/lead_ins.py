"""Whether a line only announces what stands below it. One that names a condition, a group or a part of the trial decides nothing."""

from __future__ import annotations

from typing import Any

from extractor.screen.rules.wording import left_over

Json = dict[str, Any]
KINDS = ("count", "criteria", "define", "quality", "organ", "laboratory", "people")  # of the table's words, all of which announce


def announces(node: Json) -> bool:
    """Whether a criterion's own text states nothing of its own, in every language, so that its children are all of it.

    >>> announces({"text": {"en": "Adequate organ function, defined as:"}}), announces({"text": {"en": "If liver metastases, any of the following"}})
    (True, False)
    """
    return not node.get("constraints") and all(_is_empty(text) for text in node["text"].values())


def _is_empty(text: str) -> bool:
    return all(word.isdigit() for word in left_over(text, *KINDS, table="lead_ins"))
