"""ClinicalTrials.gov: one source in many forms; this module tells them apart, a module each holds their tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractor.document import Document, Draft, Format
from extractor.sources.ctgov import csv, full, json, xml
from extractor.sources.readers.paths import Section, find_records, read_records

NAME = "ctgov"
PAGES = (Format.HTML, Format.TEXT, Format.PDF)


def recognises(document: Document) -> bool:
    """Whether the document is a ClinicalTrials.gov record, by its keys, its root element or its labels."""
    if document.format in PAGES:
        from extractor.sources.ctgov import pages  # noqa: PLC0415 (structured records need none of its tables)

        return pages.recognises(document)
    if document.format in (Format.CSV, Format.XLSX):
        return csv.recognises(document)
    return next(find_records("", document.tree.root, _is_study), None) is not None


def read(document: Document) -> Iterator[Draft]:
    """One draft a study, in the order of the file."""
    if document.format in PAGES:
        from extractor.sources.ctgov import pages  # noqa: PLC0415

        yield from pages.read(document)
    elif document.format in (Format.CSV, Format.XLSX):
        yield from csv.read(document, NAME)
    else:
        yield from read_records(document, NAME, _is_study, _section)


def _is_study(key: str, value: Any) -> bool:
    if type(value) is dict:
        return "protocolSection" in value or "ProtocolSection" in value
    return key == "clinical_study" and type(value) is not list


def _section(value: Any) -> Section:
    if type(value) is dict:
        return json.STUDY if "protocolSection" in value else full.STUDY
    return xml.STUDY
