"""Constraints on one line each, for tables of cases."""

from __future__ import annotations

from msgspec import UNSET

from extractor.criteria.constraints import find_constraints


def brief(text):
    """`AGE >=18 <=75 a`, one string a constraint, sorted by place."""
    return [said(constraint) for constraint in find_constraints(text)]


def said(constraint):
    """Kind, ends, values, unit or reference, window, flags of one constraint."""
    parts = [constraint.kind]
    for end, sign in ((constraint.low, ">"), (constraint.high, "<")):
        if end is not UNSET:
            parts.append(f"{sign}{'=' if end.inclusive else ''}{end.value}")
    if constraint.values is not UNSET:
        parts.append("|".join(constraint.values))
    if constraint.reference is not UNSET:
        parts.append(constraint.reference)
    if constraint.unit is not UNSET:
        parts.append(constraint.unit.ucum)
    if constraint.window is not UNSET:
        window = constraint.window
        parts.append(f"[{window.relation} {window.value} {window.unit}{'' if window.anchor is UNSET else ' ' + window.anchor}]")
    parts += ["not"] if constraint.negated else []
    parts += ["except"] if constraint.exception else []
    return " ".join(parts)


def names(text):
    """The variables of the text's constraints, by our name or else by the words."""
    return [
        constraint.variable.name if constraint.variable.name is not UNSET else constraint.variable.text
        for constraint in find_constraints(text)
        if constraint.variable is not UNSET
    ]
