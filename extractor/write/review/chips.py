"""A constraint in a few signs, with its parts for whoever corrects one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractor.write import to_json
from extractor.write.pages import escape

Json = dict[str, Any]
SIGNS = {("low", True): "≥", ("low", False): ">", ("high", True): "≤", ("high", False): "<"}
FIXED = frozenset({"quote", "codes"})  # parts that say where a constraint comes from; the rest is what it says


def chip(constraint: Json, pointer: str) -> str:
    """The constraint as one mark, with its parts for the editor."""
    flags = " ".join(word for word in ("negated", "exception") if constraint.get(word))
    quote = escape(" / ".join(constraint.get("quote", {}).values()))
    parts = escape(to_json(dict(_parts(constraint))).decode())
    return (
        f'<span class="chip {flags}" tabindex="0" data-pointer="{escape(pointer)}" data-parts="{parts}" title="{quote}">'
        f'<span class="value">{escape(describe(constraint))}</span></span>'
    )


def _parts(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, value) of every plain part."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in FIXED:
                yield from _parts(item, f"{path}/{key}")
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _parts(item, f"{path}/{at}")
    else:
        yield path, value


def describe(constraint: Json) -> str:
    """A constraint in a few signs.

    >>> describe({"kind": "MEASUREMENT", "variable": {"name": "ALT"}, "high": {"value": 2.5, "inclusive": True}, "reference": "ULN"})
    'ALT ≤ 2.5 × ULN'
    """
    variable = constraint.get("variable", {})
    name = variable.get("name") or variable.get("text") or constraint["kind"].lower()
    unit = f" × {constraint['reference']}" if "reference" in constraint else f" {constraint.get('unit', {}).get('ucum', '')}".rstrip()
    ends = [f"{SIGNS[end, constraint[end]['inclusive']]} {constraint[end]['value']}" for end in ("low", "high") if end in constraint]
    limits = f"{' and '.join(ends)}{unit}" if ends else ", ".join(constraint.get("values", ()))
    whom = " / ".join(constraint.get("applies_to", {}).values())
    words = (
        "not" if constraint.get("negated") else "",
        name,
        limits,
        _window(constraint.get("window")),
        f"({whom})" if whom else "",
        "(exception)" if constraint.get("exception") else "",
    )
    return " ".join(filter(None, words))


def _window(window: Json | None) -> str:
    if not window:
        return ""
    length = f"{window.get('value', '')} {window.get('unit', '').lower()}".strip()
    return " ".join(filter(None, (window["relation"].lower(), length, window.get("anchor", "").lower().replace("_", " "))))
