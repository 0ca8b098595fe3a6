"""ChiCTR's own XML export ("下载XML文档"): `<trials><Triall>`, English only, one trial a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractor.document import Document, Draft
from extractor.sources.readers.groups import read_groups
from extractor.sources.readers.paths import ReadyTable, each, find_records, read_records
from extractor.sources.readers.provider import CONTACT, TRIAL
from extractor.sources.readers.reading import Leaf, TreeReading

NAME = "chictr"
# The registry's pages call the scientific contact the applicant, the public one the study leader.
ROLES = ("APPLICANT", "STUDY_LEADER")
NONE = Leaf("", 0)

SECTION = ReadyTable({**TRIAL, "contacts": {"contact": each("contacts/+", CONTACT)}})


def recognises(document: Document) -> bool:
    """Whether the root element is that of the registry's export, or its trials are ChiCTR's."""
    return next(find_records("", document.tree.root, _is_trial), None) is not None


def read(document: Document) -> Iterator[Draft]:
    """One draft a `<Triall>`."""
    yield from read_records(document, NAME, _is_trial, lambda _: SECTION, _read_cells)


def _is_trial(key: str, value: Any) -> bool:
    del value
    return key == "Triall"


def _read_cells(reading: TreeReading) -> None:
    cells, codes = reading.cells, reading.draft.codes
    codes["identifiers/0/scheme"] = "~CHICTR"
    codes |= {f"contacts/{number}/role": role for number, role in enumerate(ROLES, 1) if number <= reading.counts.get("contacts", 0)}
    read_groups(reading, cells.get("target_size", NONE), cells.get("i_freetext", NONE))
    reading.add("design/cell", cells.get("study_design", NONE))
    code = cells.get("i_code", NONE)
    if code.text.strip("; "):
        reading.keep("intervention_code.i_code", code)
    elif code.text:
        reading.furnish(code)
