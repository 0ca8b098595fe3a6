"""ClinicalTrials.gov as data: JSON of both APIs, XML, rows of CSV and XLSX, AACT's tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractor.document import Document, Draft, Format
from extractor.sources.ctgov import aact, csv, full, json, xml
from extractor.sources.readers.paths import ReadyTable, holds_record, read_records
from extractor.tree import find_keys

NAME = "ctgov"
STUDIES = ({"protocolSection"}, {"ProtocolSection"}, {"id_info", "brief_title"})  # keys of an object that is a study


def recognises(document: Document) -> bool:
    """Whether the document holds a study, by its keys, its root element or its columns."""
    if document.format in (Format.CSV, Format.XLSX):
        return csv.recognises(document)
    return _holds_study(document) or csv.recognises(document) or holds_record(document.tree.root, aact.is_study)


def read(document: Document) -> Iterator[Draft]:
    """One draft a study, in the order of the file."""
    if document.format in (Format.CSV, Format.XLSX):
        yield from csv.read(document, NAME)
    elif document.format is Format.JSON and aact.MARK in find_keys(document.tree.root) and holds_record(document.tree.root, aact.is_study):
        yield from read_records(document, NAME, aact.is_study, lambda _: aact.STUDY, aact.settle)
    elif _holds_study(document):
        yield from read_records(document, NAME, _is_study, _section)
    else:
        yield from csv.read(document, NAME)


def _holds_study(document: Document) -> bool:
    return holds_record(document.tree.root, _is_study)


def _is_study(key: str, value: Any) -> bool:
    if type(value) is dict:
        return any(marks <= value.keys() for marks in STUDIES)
    return key == "clinical_study" and type(value) is not list


def _section(value: Any) -> ReadyTable:
    if "protocolSection" in value:
        return json.STUDY
    return full.STUDY if "ProtocolSection" in value else xml.STUDY
