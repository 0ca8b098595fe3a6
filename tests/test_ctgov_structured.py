"""ClinicalTrials.gov as JSON, XML and tables: where each value goes, and that nothing is lost on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from documents import SAMPLES, record

import extractor
from extractor.decode import csv, xml
from extractor.decode import json as json_decoder
from extractor.document import Document, Draft
from extractor.normalise.codes import find_meaning
from extractor.sources import ctgov
from extractor.sources.readers.designs import design_field, split_design

FOLDER = SAMPLES / "ctgov"
STRUCTURED = (
    "migraine_api.json",
    "hiccup_results.json",
    "two_studies.json",
    "eczema_full.json",
    "sepsis_public.xml",
    "sepsis_archive.xml",
    "export_today.csv",
)
DECODERS = {".json": json_decoder, ".xml": xml, ".csv": csv, ".txt": csv}


def opened(path: Path) -> Document:
    return DECODERS[path.suffix].decode(path.read_bytes(), path.name)


def drafts(name: str) -> list[Draft]:
    document = opened(FOLDER / name)
    assert ctgov.recognises(document)
    return list(ctgov.read(document))


def study(**modules: Any) -> Draft:
    raw = json.dumps({"protocolSection": modules}).encode()
    return next(iter(ctgov.read(json_decoder.decode(raw, ""))))


def values(draft: Draft, beginning: str) -> list[tuple[str, str]]:
    return [(entry.path, entry.found.text) for entry in draft.entries if entry.path.startswith(beginning)]


@pytest.mark.parametrize("name", [*STRUCTURED, "export_classic.csv", "eligibilities.txt"])
def test_every_printed_character_has_a_place(name: str) -> None:
    document = opened(FOLDER / name)
    reached = bytearray(len(document.text))
    for draft in ctgov.read(document):
        spans = [span for entry in draft.entries for span in entry.found.spans]
        spans += [span for item in draft.unmapped for span in item.found.spans] + draft.furniture
        for span in spans:
            reached[span.start : span.end] = b"\1" * (span.end - span.start)
        for entry in [*draft.entries, *draft.unmapped]:
            found = entry.found
            assert found.text == "\n".join(document.text[span.start : span.end] for span in found.spans)
    missed = "".join(c for c, hit in zip(document.text, reached, strict=True) if not hit and not c.isspace())
    assert missed == ("abc123" if name == "two_studies.json" else "")


def test_numbers_and_their_schemes() -> None:
    draft = drafts("migraine_api.json")[0]
    assert values(draft, "identifiers/") == [
        ("identifiers/0/value", "NCT09900001"),
        ("identifiers/1/value", "NCT09900002"),
        ("identifiers/2/value", "ALB-301"),
        ("identifiers/3/value", "2031-000123-45"),
        ("identifiers/4/value", "X01-FICT-77"),
    ]
    schemes = {path: code for path, code in draft.codes.items() if path.startswith("identifiers/")}
    assert schemes == {
        "identifiers/0/scheme": "NCT",
        "identifiers/0/primary": "true",
        "identifiers/1/scheme": "NCT",
        "identifiers/2/scheme": "SPONSOR",
        "identifiers/3/scheme": "EUCTR",
    }
    assert ("secondaryIdInfos.type", "OTHER_GRANT") in [(item.label, item.found.text) for item in draft.unmapped]


def test_arms_and_interventions_are_linked_in_both_directions() -> None:
    draft = drafts("migraine_api.json")[0]
    assert ("arms/1/interventions/1", "Drug: Velotriptan") in values(draft, "arms/")
    assert ("interventions/2/arms/1", "Placebo") in values(draft, "interventions/")


def test_outcomes_keep_their_level_and_order() -> None:
    draft = drafts("migraine_api.json")[0]
    assert [draft.codes[f"outcomes/{n}/level"] for n in (1, 2, 3)] == ["PRIMARY", "SECONDARY", "OTHER"]
    assert ("outcomes/2/time_frame", "up to 48 hours") in values(draft, "outcomes/2")


def test_criteria_keep_lines_and_indentation_and_lose_escapes() -> None:
    draft = drafts("migraine_api.json")[0]
    [(_, text)] = values(draft, "eligibility/text")
    assert "* Migraine for >= 1 year\n* At least one of the following:\n\n  * 2 to 8 attacks a month" in text


def test_sections_without_fields_are_one_unmapped_value_each() -> None:
    draft = drafts("migraine_api.json")[0]
    kept = {item.label: item.found.text for item in draft.unmapped}
    assert json.loads(kept["resultsSection"])["participantFlowModule"]["groups"][0]["id"] == "FG000"
    assert kept["protocolSection.contactsLocationsModule.locations.contacts"] == "Site Nurse\nCONTACT\n555-0101"


def test_a_key_that_the_data_model_does_not_have_is_kept() -> None:
    draft = study(identificationModule={"nctId": "NCT09900009"}, newModule={"colour": ["red", "blue"]})
    assert [(item.label, item.found.text) for item in draft.unmapped] == [("protocolSection.newModule", "red\nblue")]


@pytest.mark.parametrize("odd", [None, "text", 7, [], {}, [["x"]], {"a": {"b": None}}])
def test_values_of_another_shape_never_crash(odd: Any) -> None:
    names = ("identificationModule", "statusModule", "armsInterventionsModule", "outcomesModule", "eligibilityModule", "designModule")
    draft = study(**dict.fromkeys(names, odd))
    assert not draft.entries


def test_files_of_several_studies() -> None:
    first, second = drafts("two_studies.json")
    assert first.codes["identifiers/0/primary"] == second.codes["identifiers/0/primary"] == "true"
    assert first.extent is not None
    assert second.extent is not None
    assert first.extent[1] < second.extent[0]
    lines = b'{"protocolSection": {"identificationModule": {"nctId": "NCT09900071"}}}\n' * 3
    assert len(list(ctgov.read(json_decoder.decode(lines, "")))) == 3


def test_public_xml() -> None:
    draft = drafts("sepsis_public.xml")[0]
    found = dict(values(draft, "design/"))
    assert found["design/masking"] == "Double Blind (Subject, Outcomes Assessor)"
    assert found["design/text"] == "Endpoint Classification: Safety/Efficacy Study"
    assert ("dates/completion/type", "Anticipated") in values(draft, "dates/completion")
    assert [draft.codes[f"references/{n}/type"] for n in (1, 2)] == ["BACKGROUND", "RESULT"]
    [(_, text)] = values(draft, "eligibility/text")
    assert text.startswith("        Inclusion Criteria:\n\n          -  Sepsis for less than\n             24 hours")


def test_names_in_parts_are_one_name() -> None:
    raw = (
        b"<clinical_study><overall_official><first_name>Ola</first_name><last_name>Brandt</last_name><degrees>MD</degrees>"
        b"<affiliation>Lagoon Hospital</affiliation></overall_official></clinical_study>"
    )
    [draft] = ctgov.read(xml.decode(raw, ""))
    assert values(draft, "contacts/") == [("contacts/1/name", "Ola\nBrandt\nMD"), ("contacts/1/affiliation", "Lagoon Hospital")]


def test_a_responsible_party_is_a_contact_of_its_own() -> None:
    raw = (
        b"<clinical_study><overall_official><last_name>Ola Brandt</last_name></overall_official>"
        b"<responsible_party><responsible_party_type>Sponsor</responsible_party_type><organization>Lagoon Hospital</organization></responsible_party>"
        b"</clinical_study>"
    )
    [draft] = ctgov.read(xml.decode(raw, ""))
    assert values(draft, "contacts/") == [("contacts/1/name", "Ola Brandt"), ("contacts/2/affiliation", "Lagoon Hospital")]


def test_archive_xml() -> None:
    draft = drafts("sepsis_archive.xml")[0]
    assert [path for path, _ in values(draft, "design/")] == [
        "design/phases/1",
        "design/study_type",
        "design/primary_purpose",
        "design/allocation",
        "design/masking",
        "design/text",
        "design/intervention_model",
    ]
    assert values(draft, "dates/status_verified") == [("dates/status_verified", "2010-03")]
    assert [draft.codes[f"sponsors/{n}/role"] for n in (1, 2)] == ["LEAD", "COLLABORATOR"]


def test_exports_say_that_criteria_are_absent() -> None:
    for name in ("export_today.csv", "export_classic.csv"):
        [draft] = drafts(name)
        assert [doubt.code for doubt in draft.doubts] == ["field.absent"]


def test_lists_inside_cells() -> None:
    [draft] = drafts("export_classic.csv")
    assert values(draft, "sponsors/") == [("sponsors/1/name", "Shore Clinic"), ("sponsors/2/name", "Kelp Works")]
    assert [draft.codes[f"sponsors/{n}/role"] for n in (1, 2)] == ["LEAD", "COLLABORATOR"]
    assert values(draft, "interventions/")[0] == ("interventions/1/typed_name", "Dietary Supplement: Kelp")
    assert values(draft, "eligibility/ages") == [("eligibility/ages", "18 Years to 60 Years   (Adult)")]


def test_age_groups_of_the_present_export_are_no_limits() -> None:
    [draft] = drafts("export_today.csv")
    assert values(draft, "eligibility/") == [("eligibility/sex", "ALL")]


def test_other_documents_are_not_claimed() -> None:
    assert not ctgov.recognises(json_decoder.decode(b'{"studies": []}', ""))
    assert not ctgov.recognises(json_decoder.decode(b'[{"nctId": "NCT09900001"}]', ""))
    assert not ctgov.recognises(xml.decode(b"<trials><trial><main><trial_id>x</trial_id></main></trial></trials>", ""))
    assert not ctgov.recognises(csv.decode(b"NCT Number,Colour\nNCT09900001,red\n", ""))


@pytest.mark.parametrize(
    ("word", "field"),
    [
        ("Treatment", "primary_purpose"),
        ("Non-Randomized", "allocation"),
        ("Open Label", "masking"),
        ("Single Blind (Outcomes Assessor)", "masking"),
        ("Single Group Assignment", "intervention_model"),
        ("Case-Control", "observational_model"),
        ("Cross-Sectional", "time_perspective"),
        ("Placebo Control", "text"),
        ("", "text"),
    ],
)
def test_words_of_a_design(word: str, field: str) -> None:
    assert design_field(word) == f"design/{field}"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Time Perspective:  Prospective", [("time_perspective", "Prospective")]),
        (
            "Purpose: Treatment; Allocation: Randomised controlled trial; Masking: Open (masking not used);Assignment: Parallel;",
            [
                ("primary_purpose", "Treatment"),
                ("allocation", "Randomised controlled trial"),
                ("masking", "Open (masking not used)"),
                ("intervention_model", "Parallel"),
            ],
        ),
        ("A free text, in two parts: nothing known", [("text", "A free text, in two parts: nothing known")]),
        (
            "randomized controlled trial, open(masking not used), parallel assignment, treatment purpose",
            [
                ("allocation", "randomized controlled trial"),
                ("masking", "open(masking not used)"),
                ("intervention_model", "parallel assignment"),
                ("primary_purpose", "treatment purpose"),
            ],
        ),
        ("", [("text", "")]),
    ],
)
def test_designs_in_one_string(line: str, found: list[tuple[str, str]]) -> None:
    assert [(field.removeprefix("design/"), line[start:end]) for field, start, end in split_design(line)] == found


# Enumerations of the API v2 data model, by the record's field. Origin: the published schema of the API, version 2.
ENUMERATIONS = {
    "status/overall": "ACTIVE_NOT_RECRUITING COMPLETED ENROLLING_BY_INVITATION NOT_YET_RECRUITING RECRUITING SUSPENDED TERMINATED WITHDRAWN"
    " AVAILABLE NO_LONGER_AVAILABLE TEMPORARILY_NOT_AVAILABLE APPROVED_FOR_MARKETING WITHHELD UNKNOWN",
    "locations/status": "ACTIVE_NOT_RECRUITING COMPLETED ENROLLING_BY_INVITATION NOT_YET_RECRUITING RECRUITING SUSPENDED TERMINATED WITHDRAWN"
    " AVAILABLE",
    "design/study_type": "INTERVENTIONAL OBSERVATIONAL EXPANDED_ACCESS",
    "design/phases": "NA EARLY_PHASE1 PHASE1 PHASE2 PHASE3 PHASE4",
    "design/allocation": "RANDOMIZED NON_RANDOMIZED NA",
    "design/intervention_model": "SINGLE_GROUP PARALLEL CROSSOVER FACTORIAL SEQUENTIAL",
    "design/primary_purpose": "TREATMENT PREVENTION DIAGNOSTIC ECT SUPPORTIVE_CARE SCREENING HEALTH_SERVICES_RESEARCH BASIC_SCIENCE"
    " DEVICE_FEASIBILITY OTHER",
    "design/masking": "NONE SINGLE DOUBLE TRIPLE QUADRUPLE",
    "design/who_masked": "PARTICIPANT CARE_PROVIDER INVESTIGATOR OUTCOMES_ASSESSOR",
    "design/observational_model": "COHORT CASE_CONTROL CASE_ONLY CASE_CROSSOVER ECOLOGIC_OR_COMMUNITY FAMILY_BASED DEFINED_POPULATION"
    " NATURAL_HISTORY OTHER",
    "design/time_perspective": "RETROSPECTIVE PROSPECTIVE CROSS_SECTIONAL OTHER",
    "eligibility/sampling_method": "PROBABILITY_SAMPLE NON_PROBABILITY_SAMPLE",
    "eligibility/sex": "FEMALE MALE ALL",
    "arms/type": "EXPERIMENTAL ACTIVE_COMPARATOR PLACEBO_COMPARATOR SHAM_COMPARATOR NO_INTERVENTION OTHER",
    "interventions/type": "BEHAVIORAL BIOLOGICAL COMBINATION_PRODUCT DEVICE DIAGNOSTIC_TEST DIETARY_SUPPLEMENT DRUG GENETIC PROCEDURE RADIATION"
    " OTHER",
    "sponsors/class": "NIH FED OTHER_GOV INDIV INDUSTRY NETWORK AMBIG OTHER UNKNOWN",
    "references/type": "BACKGROUND RESULT DERIVED",
    "data_sharing/ipd": "YES NO UNDECIDED",
}


@pytest.mark.parametrize(("field", "code"), [(field, code) for field, codes in ENUMERATIONS.items() for code in codes.split()])
def test_every_code_of_the_data_model_is_known(field: str, code: str) -> None:
    meaning = find_meaning(field, code)
    assert meaning is not None
    assert meaning.codes == (code,)


def reported() -> dict[str, Any]:
    """The record of the fictional study with results."""
    return record("ctgov/hiccup_results.json")


def test_every_number_of_a_group_is_a_result() -> None:
    found = reported()["trial"]["results"]
    assert [(item["value"]["value"], item.get("arm", "")) for item in found] == [
        (7.5, "arm-1"),
        (1200, ""),
        (0.61, ""),
        (12.3, "arm-1"),
        (2.1, "arm-1"),
        (3, "arm-2"),
    ]


def test_a_result_names_its_outcome_statistic_unit_and_range() -> None:
    first, both, ratio, serum, *_ = reported()["trial"]["results"]
    assert first["outcome"] == "out-1"
    assert first["statistic"] == {"en": "MEDIAN 95% Confidence Interval"}
    assert first["value"]["unit"] == {"ucum": "h", "text": "hours"}
    assert (first["low"], "high" in first) == (5, False)
    assert (both["low"], both["high"], both["text"]) == (-3, 1300.25, {"en": "Both groups\n1,200"})
    assert (ratio["statistic"], ratio["low"], ratio["high"]) == ({"en": "Hazard Ratio (HR)"}, 0.4, 0.93)
    assert "unit" not in ratio["value"]
    assert serum["text"] == {"en": "Hour 1\n12.3\n4.5"}


def test_an_outcome_of_another_type_is_not_linked() -> None:
    assert "outcome" not in reported()["trial"]["results"][-1]


def test_what_no_result_takes_is_kept() -> None:
    plain = reported()
    kept = {item["label"].rpartition(".")[2]: item["text"] for item in plain["unmapped"]}
    assert kept["classes"] == "NA OG001 NA Hiccups went on Light OG001 <2 OG009 9"
    assert "Log Rank 0.03" in kept["analyses"]
    assert json.loads(kept["participantFlowModule"])["groups"][1]["title"] == "Placebo"
    assert json.loads(kept["adverseEventsModule"])["frequencyThreshold"] == "5"
    assert plain["coverage"]["characters"] == 1.0


def test_values_and_names_of_results_say_where_they_stand() -> None:
    plain = reported()
    text = extractor.document_text((FOLDER / "hiccup_results.json").read_bytes())
    said = {pointer: [text[place["start"] : place["end"]] for place in places] for pointer, places in plain["provenance"].items()}
    assert said["/trial/results/0/value/value"] == ["7.5"]
    assert said["/trial/results/0/outcome"] == ["PRIMARY", "Time to Last Hiccup"]
    assert said["/trial/results/3/text/en"] == ["Hour 1", "12.3", "4.5"]


@pytest.mark.parametrize(
    "odd", [None, "text", 7, [], {}, [["x"]], [{"title": "x", "classes": [7], "groups": "y", "analyses": [[]]}], [{"title": {}}]]
)
def test_results_of_another_shape_are_kept(odd: Any) -> None:
    raw = json.dumps({"protocolSection": {}, "resultsSection": {"outcomeMeasuresModule": {"outcomeMeasures": odd}}}).encode()
    document = json_decoder.decode(raw, "")
    draft = next(iter(ctgov.read(document)))
    assert not draft.entries
    assert "".join("".join(item.found.text.split()) for item in draft.unmapped) == "".join(document.text.split())
