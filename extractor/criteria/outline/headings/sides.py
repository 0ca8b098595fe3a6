"""The sides of a text, and a heading that opens one of them."""

from __future__ import annotations

from msgspec import Struct

from extractor.criteria.outline.nodes import Range

INCLUSION, EXCLUSION, WITHDRAWAL, PROSE = "inclusion", "exclusion", "withdrawal", "prose"


class Heading(Struct, frozen=True, gc=False):
    """A section heading: which side it opens, where it starts and ends.

    `label` bounds its words where they name a scope ("Inclusion Criteria for Cases"); `both` says that it names both sides.
    """

    side: str
    start: int
    end: int
    label: Range | None = None
    both: bool = False
