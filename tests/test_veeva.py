"""Veeva pages: labels inside texts, arm cards, copies that lost their values."""

from __future__ import annotations

import pytest
from documents import record
from hypothesis import given
from hypothesis import strategies as st

from extractor.decode import plain
from extractor.document import Document, Draft
from extractor.sources import chictr, ctgov, listing, veeva


def page(text: str) -> Document:
    return plain.decode(text.encode(), "page.txt")


def draft(text: str) -> Draft:
    (only,) = veeva.read(page(text))
    return only


def values(text: str, path: str) -> list[str]:
    return [entry.found.text.strip() for entry in draft(text).entries if entry.path == path]


FRAME = """ClinicalTrials.Veeva
Menu
{title}
B
Birch Labs
Status and phase
{status}
Details and patient eligibility
About
{about}
Enrollment
{enrollment}
Sex
All
Data sourced from clinicaltrials.gov
"""


def framed(**parts: str) -> str:
    blanks = {"title": "Birch Sap for Hair", "status": "Enrolling", "about": "A test.", "enrollment": "20 patients"}
    return FRAME.format(**{**blanks, **parts})


def test_saved_and_copied_page_say_the_same() -> None:
    saved, copied = record("veeva/psoriasis_saved.html")["trial"], record("veeva/psoriasis_copied.txt")["trial"]
    for plain_record in (saved, copied):
        plain_record["eligibility"].pop("text")  # the bullets differ
    assert saved == copied


def test_page_is_a_copy_of_the_registry() -> None:
    found = record("veeva/psoriasis_copied.txt")
    assert (found["id"], found["source"]["mirror_of"]) == ("NCT09990011", "ctgov")
    assert [item["scheme"] for item in found["trial"]["identifiers"]] == ["NCT", "SPONSOR", "CTIS", "OTHER"]


def test_labels_inside_the_description_stay_text() -> None:
    detailed = record("veeva/psoriasis_copied.txt")["trial"]["descriptions"]["detailed"]["en"]
    assert detailed.endswith("Exclusion criteria\nare checked by a second physician.")


def test_arms_take_their_interventions() -> None:
    trial = record("veeva/psoriasis_copied.txt")["trial"]
    assert [(arm["label"]["en"], arm["type"]["code"], arm["interventions"]) for arm in trial["arms"]] == [
        ("Velorinib 20 mg", "EXPERIMENTAL", ["int-2", "int-3"]),
        ("Placebo", "PLACEBO_COMPARATOR", ["int-1", "int-3"]),
    ]
    assert all("size" not in arm for arm in trial["arms"])


def test_copy_without_values_gives_one_finding_and_no_invented_value() -> None:
    found = record("veeva/stripped.txt")
    assert found["id"].startswith("sha256:")
    assert [finding["code"] for finding in found["findings"]] == ["text.truncated"]
    assert set(found["trial"]) == {"descriptions", "eligibility"}


@pytest.mark.parametrize(
    ("printed", "title", "acronym"),
    [
        ("Sap for Hair (SAPLING)", "Sap for Hair", ["SAPLING"]),
        ("Sap for Hair (SAP-2)", "Sap for Hair", ["SAP-2"]),
        ("Sap for Chronic Obstructive Pulmonary Disease (COPD)", "Sap for Chronic Obstructive Pulmonary Disease (COPD)", []),
        ("Sap for Hair (a pilot)", "Sap for Hair (a pilot)", []),
    ],
)
def test_acronym_is_one_token_of_capitals(printed: str, title: str, acronym: list[str]) -> None:
    assert values(framed(title=printed), "titles/public") == [title]
    assert values(framed(title=printed), "titles/acronym") == acronym


@pytest.mark.parametrize(
    ("status", "words", "phases"),
    [
        ("Enrolling\nPhase 2", "Enrolling", ["Phase 2"]),
        ("Active, not enrolling\nEarly Phase 1", "Active, not enrolling", ["Early Phase 1"]),
        ("Completed\nPhase 1\nPhase 2", "Completed", ["Phase 1", "Phase 2"]),
        ("Withdrawn", "Withdrawn", []),
    ],
)
def test_status_and_phases(status: str, words: str, phases: list[str]) -> None:
    text = framed(status=status)
    assert values(text, "status/overall") == [words]
    assert [entry.found.text for entry in draft(text).entries if entry.path.startswith("design/phases")] == phases


def test_enrolment_without_the_word_is_actual() -> None:
    assert draft(framed(enrollment="19 patients")).codes["enrollment/type"] == "ACTUAL"
    assert "enrollment/type" not in draft(framed(enrollment="20 estimated patients")).codes


def test_next_label_is_no_value() -> None:
    assert values(framed(about=""), "descriptions/brief") == []


def test_only_veeva_claims_its_pages() -> None:
    document = page(framed())
    assert [source.NAME for source in (chictr, ctgov, listing, veeva) if source.recognises(document)] == ["veeva"]


@pytest.mark.parametrize("text", ["Conditions\nHair\nTreatments\nDrug: Sap", "See ctv.veeva.com for details of NCT09990011", ""])
def test_other_pages_are_left_alone(text: str) -> None:
    assert not veeva.recognises(page(text))


LINES = st.sampled_from(
    [*FRAME.splitlines(), "Description:", "Treatment:", "Experimental group", "Phase 2", "3 participants in 1 patient group", ""]
)


@given(st.lists(st.one_of(LINES, st.text(max_size=20)), max_size=60).map("\n".join))
def test_any_text_is_read_without_loss(text: str) -> None:
    document = page(text)
    for found in veeva.read(document):
        for entry in found.entries:
            assert entry.found.text == "\n".join(document.text[span.start : span.end] for span in entry.found.spans)
        reached = bytearray(len(document.text))
        spans = [span for entry in (*found.entries, *found.unmapped) for span in entry.found.spans]
        for span in (*spans, *found.furniture):
            reached[span.start : span.end] = b"\1" * (span.end - span.start)
        assert not "".join(c for c, hit in zip(document.text, reached, strict=True) if not hit).strip()
