"""Which source a document is: one claim, by content, whatever its name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from documents import SAMPLES, documents, listed, shown

import extractor
from extractor.pipeline import read_document
from extractor.sources import FORMATS, HINTS, KEYS, identify, load


@pytest.mark.parametrize("document", documents(), ids=shown)
def test_every_sample_is_claimed_by_its_source_alone(document: Path) -> None:
    read = read_document(document.read_bytes(), document.name)
    claims = [name for name, formats in FORMATS.items() if read.format in formats and load(name).recognises(read)]
    assert claims == [listed()[shown(document)]["source"]]
    assert claims[0] == identify(read).NAME


@pytest.mark.parametrize("name", FORMATS)
def test_a_source_is_named_after_its_module(name: str) -> None:
    assert name == load(name).NAME


def test_hints_belong_to_sources() -> None:
    assert set(HINTS) | set(KEYS) <= set(FORMATS)


LEAST = [
    ("ctis", {"ctNumber": "2023-500001-10-00", "authorizedPartI": {}}),
    ("drks", {"drksId": "DRKS00000001", "trialDescriptions": []}),
    ("euctr", {"a2_eudract_number": "2010-000001-10", "e3_principal_inclusion_criteria": "Adults"}),
    ("isrctn", {"fullTrial": {"trial": {}}}),
    ("isrctn", {"isrctn": "ISRCTN00000001", "trialDescription": {}}),
    ("listing", {"nci_id": "NCI-2020-00001", "brief_title": "A trial"}),
    ("listing", {"nctId": "NCT00000001", "criteria": "Adults"}),
]


@pytest.mark.parametrize("wrappers", [0, 2, 5])
@pytest.mark.parametrize(("name", "least"), LEAST)
def test_a_source_is_asked_about_the_least_object_that_it_claims(name: str, least: dict[str, object], wrappers: int) -> None:
    value: object = least
    for _ in range(wrappers):
        value = [value] if isinstance(value, dict) else {"data": value}
    read = read_document(json.dumps(value).encode(), "file.json")
    assert load(name).recognises(read)
    assert name == identify(read).NAME


def test_a_source_can_be_chosen() -> None:
    read = read_document((SAMPLES / "chictr" / "colitis_saved.html").read_bytes())
    assert identify(read, "veeva").NAME == "veeva"
    with pytest.raises(extractor.UnknownSource, match="choose one of chictr"):
        identify(read, "nowhere")


def test_a_double_claim_is_an_error_and_no_guess() -> None:
    pages = [(SAMPLES / name).read_bytes() for name in ("chictr/colitis_copied.txt", "veeva/psoriasis_copied.txt")]
    with pytest.raises(extractor.AmbiguousSource, match="looks like chictr, veeva: choose one with --from"):
        list(extractor.extract(b"\n".join(pages), "both.txt"))
    (record,) = extractor.extract(b"\n".join(pages), "both.txt", extractor.Options(source="chictr"))
    assert record.id == "ChiCTR2699000001"
