"""What a limit turns out to be, on its way to a constraint."""

from __future__ import annotations

from msgspec import Struct, field

from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.phrases import Named
from extractor.criteria.constraints.times.time_windows import Timing
from extractor.normalise.quantities import UnitMeaning


class Stretch(Struct, frozen=True, gc=False):
    """A window with its length."""

    timing: Timing
    value: int | float
    word: str


class Candidate(Struct, gc=False):
    """One constraint in the making: token range, kind, variables (one constraint each), limit, window."""

    kind: str
    first: int
    after: int
    limit: Limit | None = None
    subjects: list[Named] = field(default_factory=list)
    window: Stretch | None = None
    measure: UnitMeaning | None = None
    values: list[str] = field(default_factory=list)
    tentative: bool = False
    whom: tuple[int, int] | None = None
    """The characters that say for whom the limit holds, where it holds for some people only."""
