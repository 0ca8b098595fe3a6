"""Every target over every fictional trial, checked by the validators that consumers use; a round trip through the API's shape."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from documents import SAMPLES, SHARED, documents, needs_shared, records, shown

import extractor
from extractor.write.exports import TARGETS, export
from extractor.write.exports.wording import part, statements, whole_statements, words

TRIALS = [
    pytest.param(record, id=f"{shown(document)}#{number}")
    for document in documents()
    for number, record in enumerate(records(document))
    if record["kind"] == "trial"
]
API = SAMPLES / "ctgov" / "migraine_api.json"
# What the record does not carry, or holds in another form (order of links, ids of secondary numbers).
NOT_CARRIED = re.compile(
    r"/contactsLocationsModule/(centralContacts|overallOfficials|locations_nested)"
    r"|.*/(contacts|geoPoint|zip|stdAges|infoTypes|availIpds|retractions|armGroupLabels|secondaryIdInfos|eligibilityCriteria)(/|$)"
    r"|.*/(organization|expandedAccessInfo|responsibleParty|bioSpec|interventionModelDescription|maskingDescription)(/|$)"
    r"|.*(lastKnownStatus|resultsWaived|delayedPosting|targetDuration|patientRegistry|genderBased|genderDescription|timeFrame|accessCriteria|/url"
    r"|orgStudyIdInfo/(type|link))$"
    r"|/oversightModule/(?!oversightHasDmc)|/ipdSharingStatementModule/(?!ipdSharing)"
)


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        return {p: v for key, item in value.items() for p, v in leaves(item, f"{path}/{key}").items()}
    if isinstance(value, list):
        return {p: v for at, item in enumerate(value) for p, v in leaves(item, f"{path}/{at}").items()}
    return {path: value}


def folded(value: Any) -> Any:
    return re.sub(r"[\s\\]+", "", html.unescape(value)) if isinstance(value, str) else value


@pytest.mark.parametrize("record", TRIALS)
def test_fhir_r5_is_valid(record):
    bundle = pytest.importorskip("fhir.resources.bundle").Bundle
    checked = bundle.model_validate(export(record, "fhir-r5").value)
    assert len(checked.entry) == 2


@pytest.mark.parametrize("record", TRIALS)
def test_fhir_r4_is_valid_and_holds_every_criterion(record):
    bundle = pytest.importorskip("fhir.resources.R4B.bundle").Bundle
    value = export(record, "fhir-r4").value
    bundle.model_validate(value)
    group = next(r for r in value["entry"][0]["resource"]["contained"] if r["resourceType"] == "Group")
    said = {c["code"]["text"] for c in group.get("characteristic", ())}
    assert {s.text for side in ("inclusion", "exclusion") for s in whole_statements(record, side)} <= said


@pytest.mark.parametrize("record", TRIALS)
def test_circe_builds_a_query(record):
    circe = pytest.importorskip("duckcdm.circe")
    value = export(record, "circe").value
    assert "INSERT" in circe.build_cohort_query(json.dumps(value), cdm_schema="main", target_table="cohort", cohort_id=1).upper()
    statements_of = {s.id: s.text for side in ("inclusion", "exclusion") for s in whole_statements(record, side)}
    rules = {rule["name"]: rule for rule in value["InclusionRules"]}
    assert {name for name in rules if name not in ("minimum_age", "maximum_age", "sex")} == set(statements_of)
    assert all(rules[name]["description"].startswith(text) for name, text in statements_of.items())
    for rule in rules.values():
        asked = [rule["expression"][kind] for kind in ("CriteriaList", "DemographicCriteriaList", "Groups")]
        assert any(asked), f"{rule['name']} passes everybody"


@pytest.mark.parametrize("record", TRIALS)
def test_trialgpt_reads_back_every_statement(record):
    """Their reader's own rule: split at empty lines, drop short pieces and pieces that name a section."""
    value = export(record, "trialgpt").value
    for side in ("inclusion", "exclusion"):
        pieces = [p.strip() for p in value["metadata"][f"{side}_criteria"].split("\n\n")]
        kept = [p for p in pieces if len(p) >= 5 and "inclusion criteria" not in p.lower() and "exclusion criteria" not in p.lower()]
        assert len(kept) == len(value["criterion_ids"][side])


@pytest.mark.parametrize("record", TRIALS)
def test_trialmatchai_has_every_statement(record):
    value = export(record, "trialmatchai").value
    assert value["nct_id"]
    assert len(value.get("criteria", [])) == sum(1 for side in ("inclusion", "exclusion") for _ in statements(record, side))


@pytest.mark.parametrize("record", TRIALS)
def test_ictrp_is_well_formed(record):
    root = ET.fromstring(export(record, "ictrp").value)  # noqa: S314 (our own output)
    assert root.findtext("trial/main/trial_id") == record["id"]


@pytest.mark.parametrize("record", TRIALS)
def test_csv_has_one_row_as_wide_as_its_header(record):
    header, row = csv.reader(io.StringIO(export(record, "csv").value))
    assert len(header) == len(row)
    assert row[0] == record["id"]


@pytest.mark.parametrize("record", TRIALS)
def test_ctml_names_what_it_cannot_hold(record):
    value, left_out = export(record, "ctml")
    assert value["protocol_no"] == record["id"]
    assert len(left_out) == sum(1 for side in ("inclusion", "exclusion") for _ in whole_statements(record, side))


def test_api_record_comes_back():
    [record] = records(API)
    want = leaves(json.loads(API.read_text("utf-8"))["protocolSection"])
    got = leaves(export(record, "ctgov").value["protocolSection"])
    differing = {
        path: (value, got.get(path))
        for path, value in want.items()
        if not NOT_CARRIED.match(path) and folded(value) != folded(got.get(path))
    }
    assert not differing


@needs_shared
def test_real_api_records_come_back():
    same = total = 0
    for document in sorted((SHARED / "corpus" / "ctgov" / "json").glob("*.json"))[:80]:
        data = document.read_bytes()
        record = json.loads(extractor.to_json(next(extractor.extract(data, document.name))))
        got = leaves(export(record, "ctgov").value["protocolSection"])
        want = {p: v for p, v in leaves(json.loads(data)["protocolSection"]).items() if not NOT_CARRIED.match(p)}
        same += sum(folded(value) == folded(got.get(path)) for path, value in want.items())
        total += len(want)
    assert same / total >= 0.99


def test_criteria_text_keeps_nesting_and_numbers():
    record = {
        "id": "X1",
        "kind": "trial",
        "source": {"name": "ctgov"},
        "trial": {
            "eligibility": {
                "inclusion": [
                    {
                        "id": "I1",
                        "number": "1",
                        "text": {"en": "Marrow reserve:"},
                        "children": [{"id": "I1.1", "text": {"en": "platelets > 75"}}],
                    },
                ]
            }
        },
    }
    text = part(export(record, "ctgov").value, "protocolSection/eligibilityModule/eligibilityCriteria")
    assert text == "Inclusion Criteria:\n\n1. Marrow reserve:\n\n   * platelets \\> 75"


def test_exclusive_ends_stay_exclusive():
    record = {
        "id": "X2",
        "kind": "trial",
        "source": {"name": "ctgov"},
        "trial": {
            "eligibility": {
                "inclusion": [
                    {
                        "id": "I1",
                        "text": {"en": "ALT < 3 x ULN"},
                        "constraints": [
                            {
                                "kind": "MEASUREMENT",
                                "variable": {"name": "ALT"},
                                "high": {"value": 3, "inclusive": False},
                                "reference": "ULN",
                            }
                        ],
                    }
                ]
            }
        },
    }
    rule = export(record, "circe").value["InclusionRules"][0]["expression"]["CriteriaList"][0]
    assert rule["Criteria"]["Measurement"]["RangeHighRatio"] == {"Value": 3, "Op": "lt"}
    found = export(record, "fhir-r5").value["entry"][1]["resource"]["characteristic"][0]["definitionByTypeAndValue"]
    assert found["valueQuantity"] == {
        "value": 3,
        "unit": "{ULN}",
        "system": "http://unitsofmeasure.org",
        "code": "{ULN}",
        "comparator": "<",
    }


@pytest.mark.parametrize("target", TARGETS)
def test_a_label_is_refused_in_one_sentence(target):
    with pytest.raises(ValueError, match="holds trials"):
        export({"kind": "label", "id": "x"}, target)


def test_an_unknown_target_names_the_known_ones():
    with pytest.raises(ValueError, match="trialgpt"):
        export({"kind": "trial"}, "word")


def test_words_prefer_a_language_and_fall_back():
    assert words({"zh": "甲"}, "en") == "甲"
    assert words({"zh": "甲", "en": "a"}, "zh") == "甲"


def test_a_spreadsheet_runs_no_cell():
    record = {"id": "X3", "kind": "trial", "source": {"name": "ctgov"}, "trial": {"titles": {"public": {"en": "=1+1"}}}}
    assert "'=1+1" in export(record, "csv").value
