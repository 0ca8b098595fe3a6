"""Titles that end in the trial's acronym in brackets: "Tea for Sleep (BARLEY)"."""

from __future__ import annotations

import re

from extractor.document import Block
from extractor.patterns import lazy_pattern
from extractor.sources.readers.sheet import Sheet

ACRONYM = lazy_pattern(r"\s\((?P<acronym>[A-Z0-9][A-Za-z0-9&/+.-]*[A-Z0-9])\)\s*$")


def read_title(sheet: Sheet, block: Block) -> None:
    """Enters a title; one token of capitals in brackets at its end is the acronym, unless it abbreviates the words before it."""
    match = ACRONYM.search(block.text)
    if match and not _abbreviates(match["acronym"], block.text[: match.start()]):
        sheet.cut("titles/public", block, 0, match.start())
        sheet.cut("titles/acronym", block, *match.span("acronym"))
        sheet.drop([block])
    else:
        sheet.add("titles/public", [block])


def _abbreviates(acronym: str, before: str) -> bool:
    """Whether the letters are the initials of the words just before them: an abbreviation, not the trial's acronym.

    >>> _abbreviates("COPD", "X in Chronic Obstructive Pulmonary Disease"), _abbreviates("SWIFT", "X in Asthma")
    (True, False)
    """
    letters = [c for c in acronym.casefold() if c.isalpha()]
    initials = [word[0].casefold() for word in re.findall(r"[A-Za-z]+", before)]
    return initials[-len(letters) :] == letters
