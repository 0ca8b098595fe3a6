"""What a difference weighs: the first row of tables/severities.tsv whose field, kind and conditions fit."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Literal, NamedTuple

from extractor.compare.couple import Couple, Difference
from extractor.compare.dating import completion_of, date_of, is_after, is_retrospective, start_of
from extractor.model import Enrollment, Record
from extractor.tables import read_table

Severity = Literal["REGISTRATION", "MATERIAL", "EDITORIAL"]
SEVERITIES: tuple[Severity, ...] = ("REGISTRATION", "MATERIAL", "EDITORIAL")
FIFTH = 0.2  # share of the older number of participants


class SeverityRow(NamedTuple):
    """A row of tables/severities.tsv."""

    rule: str
    severity: Severity
    field: str
    kinds: str
    when: str
    says: str

    def fits(self, couple: Couple, found: Difference) -> bool:
        """Whether the row is about this difference."""
        name = found.field.removeprefix("trials/")
        same = name.startswith(self.field[:-1]) if self.field.endswith("*") else name == self.field
        return (
            same
            and (self.kinds == "*" or found.kind in self.kinds.split())
            and all(CONDITIONS[c](couple, found) for c in self.when.split())
        )


@cache
def rules() -> tuple[SeverityRow, ...]:
    """tables/severities.tsv."""
    return tuple(SeverityRow(*cells) for cells in read_table("extractor.compare", "severities"))  # type: ignore[arg-type]


def weigh(couple: Couple, found: Difference) -> SeverityRow:
    """The rule that decides the severity of a difference."""
    return next(rule for rule in rules() if rule.fits(couple, found))


def is_dated_after(couple: Couple, limit: Callable[[Record], str]) -> bool:
    """Whether the newer version is dated after a date that it states, or that the older one states where it does not."""
    return is_after(date_of(couple.new).value, limit(couple.new) or limit(couple.old))


def _by_a_fifth(_: Couple, found: Difference) -> bool:
    values = [spot.value for side in (found.old, found.new) for spot in side]
    counts = [value.count for value in values if isinstance(value, Enrollment)]
    return len(counts) == 2 and abs(counts[1] - counts[0]) > FIFTH * counts[0]


def _tagged(tag: str) -> Callable[[Couple, Difference], bool]:
    return lambda _, found: tag in found.tags


CONDITIONS: dict[str, Callable[[Couple, Difference], bool]] = {
    **{tag: _tagged(tag) for tag in ("wording", "finer", "numbers", "primary", "only_type")},
    "after_start": lambda couple, _: couple.basis == "VERSIONS" and is_dated_after(couple, start_of),
    "after_completion": lambda couple, _: couple.basis == "VERSIONS" and is_dated_after(couple, completion_of),
    "by_a_fifth": _by_a_fifth,
    "now_retrospective": lambda couple, _: is_retrospective(couple.new) and not is_retrospective(couple.old),
    "registers": lambda couple, _: couple.basis == "REGISTERS",
}
