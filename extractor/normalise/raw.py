"""What kinds of values work on: the raw strings of one path, and what the fields of a draft share."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import Struct

from extractor.document import Doubt, Found, Span, Unmapped
from extractor.normalise.assembly import Assembly

# What registries print for "nothing": contract rule 3.
NOTHING = frozenset(
    {"", "无", "n/a", "n.a", "na", "none", "nil", "/", "-", "--", "---", "—", "——", "null", "\\", "nil known", "none known"}
    | {"not provided at time of registration", "information not present in eudract"}
)
LONGEST_NOTHING = max(map(len, NOTHING))


class Raw(Struct, frozen=True, gc=False):
    """All that a draft holds for one path: founds by language."""

    field: str
    path: str
    parts: dict[str, list[Found]]

    @property
    def first_part(self) -> list[Found]:
        """The found texts of the first language."""
        return next(iter(self.parts.values()))

    @property
    def first(self) -> Found:
        """The first found text, whatever its language."""
        return next(iter(self.parts.values()))[0]


@dataclass(slots=True)
class Context:
    """What kinds share while one draft is normalised: where values go, and what is to be told."""

    assembly: Assembly
    codes: dict[str, str]
    wrapped: bool = False
    doubts: list[Doubt] = field(default_factory=list)
    empty: list[Span] = field(default_factory=list)
    unmapped: list[Unmapped] = field(default_factory=list)
    implied: list[tuple[str, str, bool, tuple[Span, ...]]] = field(default_factory=list)


def is_nothing(text: str) -> bool:
    """Whether a value is one of the words that registries print for "nothing"."""
    bare = text.strip(" .。\t\n\u00a0")
    return len(bare) <= LONGEST_NOTHING and bare.casefold() in NOTHING


def spans_of(founds: list[Found]) -> tuple[Span, ...]:
    """The spans of several founds, in order."""
    return tuple(span for found in founds for span in found.spans)
