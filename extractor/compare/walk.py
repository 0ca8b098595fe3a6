"""What differs between two values of whatever type: each type has its own way to be compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import UNSET

from extractor.compare.couple import Couple, Difference, Spot, treatment_of
from extractor.compare.fields import compare_struct, compare_whole
from extractor.compare.lists.grids import compare_tables
from extractor.compare.lists.items import compare_items
from extractor.compare.lists.sections import compare_sections
from extractor.compare.trees.criteria import CriteriaList, compare_criteria
from extractor.compare.values import WHOLES
from extractor.model import Criterion, Eligibility, LabelTable, Section

WHOLE = "whole"  # a field that prints again what finer fields hold: told like others, and dropped later where they explain it
TREES = ("inclusion", "exclusion")


def compare_values(couple: Couple, old: Spot, new: Spot, name: str = "") -> Iterator[Difference]:
    """Every difference between two values; `name` is their path without positions."""
    if old.value == new.value or treatment_of(name) not in ("", WHOLE):
        return
    present = old.value if old else new.value
    if isinstance(present, Eligibility):
        yield from _compare_eligibility(couple, old, new, name)
    elif isinstance(present, list):
        yield from _compare_list(couple, old, new, name)
    elif isinstance(present, msgspec.Struct) and not isinstance(present, WHOLES):
        yield from compare_struct(couple, old, new, name, compare_values)
    else:
        yield from compare_whole(couple, old, new, name)


def _compare_list(couple: Couple, old: Spot, new: Spot, name: str) -> Iterator[Difference]:
    first: Any = next((item for spot in (old, new) if spot for item in spot.value), None)
    if isinstance(first, Criterion):
        yield from compare_criteria(couple, [CriteriaList(name, name.rpartition("/")[2], old, new)])
    elif isinstance(first, Section):
        yield from compare_sections(couple, old, new, name)
    elif isinstance(first, LabelTable):
        yield from compare_tables(couple, old, new, name)
    elif isinstance(first, msgspec.Struct):
        yield from compare_items(couple, old, new, name, compare_values)
    else:
        yield from compare_whole(couple, old, new, name)


def _compare_eligibility(couple: Couple, old: Spot, new: Spot, name: str) -> Iterator[Difference]:
    """Both trees together, so that a statement which changed sides is found; then what else stands there."""
    yield from compare_criteria(couple, [CriteriaList(f"{name}/{side}", side, old.at(side), new.at(side)) for side in TREES])
    others = Spot(old.pointer, _without_trees(old)), Spot(new.pointer, _without_trees(new))
    yield from compare_struct(couple, *others, name, compare_values)


def _without_trees(eligibility: Spot) -> Any:
    """Who may take part, but for the trees."""
    return msgspec.structs.replace(eligibility.value, inclusion=UNSET, exclusion=UNSET) if eligibility else UNSET
