"""Clinical-trial registry documents and drug labels in, structured records out.

    from extractor import extract, frame, to_json
    for record in extract("pages/trial.html"):
        print(record.id, record.get("trial.enrollment.count"))

Names are loaded when they are first used, so that a program pays only for what it needs. docs/python.md shows them at work.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from extractor.version import VERSION as __version__  # noqa: N811 (the name that the language asks for)

if TYPE_CHECKING:
    from msgspec import UNSET

    from extractor.concepts import find_concepts
    from extractor.criteria import parse_criteria
    from extractor.criteria.constraints import parse_constraints
    from extractor.errors import AmbiguousSource, ExtractError, InputTooLarge, NotARecord, NoTextLayer, UnknownSource, UnreadableInput
    from extractor.library import extract, frame
    from extractor.model import Constraint, Criteria, Criterion, Finding, Label, Record, Text, Trial
    from extractor.pipeline import Options, document_text
    from extractor.write import to_json

PLACES = {
    "extract": "library",
    "frame": "library",
    "document_text": "pipeline",
    "Options": "pipeline",
    "parse_criteria": "criteria",
    "parse_constraints": "criteria.constraints",
    "find_concepts": "concepts",
    "to_json": "write",
    **dict.fromkeys(
        "AmbiguousSource ExtractError InputTooLarge NoTextLayer NotARecord UnknownSource UnreadableInput".split(),
        "errors",
    ),
    **dict.fromkeys("UNSET Constraint Criteria Criterion Finding Label Record Text Trial".split(), "model"),
}

__all__ = [
    "UNSET",
    "AmbiguousSource",
    "Constraint",
    "Criteria",
    "Criterion",
    "ExtractError",
    "Finding",
    "InputTooLarge",
    "Label",
    "NoTextLayer",
    "NotARecord",
    "Options",
    "Record",
    "Text",
    "Trial",
    "UnknownSource",
    "UnreadableInput",
    "__version__",
    "document_text",
    "extract",
    "find_concepts",
    "frame",
    "parse_constraints",
    "parse_criteria",
    "to_json",
]


def __getattr__(name: str) -> Any:
    """Loads a public name from its module."""
    if name not in PLACES:
        raise AttributeError(f"module 'extractor' has no attribute {name!r}")
    return getattr(import_module(f"extractor.{PLACES[name]}"), name)


def __dir__() -> list[str]:
    """The public names, also those that are not loaded yet."""
    return sorted(__all__)
