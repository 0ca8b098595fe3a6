"""Values as one line for people."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET

from extractor.compare.couple import fields_of
from extractor.compare.explaining import REPEATED
from extractor.model import Age, Coded, Constraint, Criterion, Date, Enrollment, Phases, Quantity, Text
from extractor.write.review.chips import describe

HIDDEN = (REPEATED - {"role"}) | {"horizon_days", "country_code", "arm_size", "primary"}  # what says no more than the rest


def show(value: Any) -> str:
    """A value as one line.

    >>> show(Enrollment(count=40, type="ESTIMATED")), show(Text(en="Pain", zh="疼痛")), show(True)
    ('40 (estimated)', '疼痛 / Pain', 'yes')
    """
    return " ".join(_shown(value).split())


def _shown(value: Any) -> str:
    shape = _SHAPES.get(type(value))
    if shape:
        return str(shape(value))
    if isinstance(value, list):
        return "; ".join(filter(None, map(show, value)))
    if isinstance(value, msgspec.Struct):
        parts = ((name, getattr(value, attribute)) for name, attribute in fields_of(type(value)))
        return " · ".join(
            filter(None, (show(part) for name, part in parts if name not in HIDDEN and part is not UNSET and part is not False))
        )
    return "" if value is UNSET else str(value)


def _with_type(value: Any, amount: Any) -> str:
    return f"{amount}" if value.type is UNSET else f"{amount} ({value.type.lower()})"


def _quantity(value: Quantity) -> str:
    unit = UNSET if value.unit is UNSET else value.unit.ucum if value.unit.ucum is not UNSET else value.unit.text
    return f"{value.value}" if unit is UNSET else f"{value.value} {unit}"


def _criterion(value: Criterion) -> str:
    return " | ".join([show(value.text), *(show(child) for child in value.children or ())])


_SHAPES: dict[type, Any] = {
    bool: lambda value: "yes" if value else "no",
    Text: lambda value: " / ".join(text for text in (value.zh, value.en) if text is not UNSET),
    Coded: lambda value: show(value.text) if value.code == "OTHER" and value.text is not UNSET else value.code,
    Phases: lambda value: "/".join(value.codes),
    Date: lambda value: _with_type(value, value.value),
    Enrollment: lambda value: _with_type(value, value.count),
    Age: lambda value: f"{value.value} {value.unit.lower()}",
    Quantity: _quantity,
    Criterion: _criterion,
    Constraint: lambda value: describe(msgspec.to_builtins(value)),
}
