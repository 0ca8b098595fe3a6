"""Bare eligibility text: a text file that begins with the heading of a section of criteria and shows no page round it."""

from __future__ import annotations

import re

from extractor.document import Document, Draft, Format, Span
from extractor.patterns import lazy_pattern

_english = lazy_pattern(
    r"[\W\d_]*(?:(?:key|main|major|subject|patient|participant|study|general|trial)\s+)*"
    r"(?:inclusion|exclusion|eligibility)(?:\s*(?:/|and|&)\s*exclusion)?\s+criteri(?:a|on)\b",
    re.IGNORECASE,
)
_chinese = lazy_pattern(
    r"[\W\d_]*(?:[一二三四][、.．）)])?\s*(?:主要|关键|受试者|患者|病例)?(?:入选|纳入|入组|排除|选择)(?:[/和与及、]排除)?\s?(?:标准|条件)"
)


def is_bare(document: Document) -> bool:
    """Whether a text begins with the heading of a section: "Inclusion Criteria:", 【入选标准】."""
    return document.format is Format.TEXT and any(heading.match(document.text) for heading in (_english, _chinese))


def read_bare(document: Document, source: str) -> Draft:
    """The draft of a bare text: all of it is eligibility text."""
    draft = Draft(source)
    draft.add("eligibility/text", document.text, Span(0, len(document.text)))
    return draft
