"""Every target over every fictional trial: read back by its consumer or validator, and nothing left out without its name."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from documents import ROOT, SAMPLES, SHARED, documents, needs_shared, records, shown

import extractor
from extractor.write.exports import TARGETS, WrongKind, export
from extractor.write.exports.files import write_folder, write_values
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


KEPT_INSIDE = re.compile(  # what a target need not print: links inside the record, what is derived, words beside a code
    r".*/(constraints/.*|text/(inclusion|exclusion)|id|number|role|combine|at_least|code|scheme|interventions/\d+|codes/\d+|type|country_code"
    r"|unit|level|who_masked/\d+|horizon_days)$"
)
OF_A_CRITERION = re.compile(r"/trial/eligibility/(in|ex)clusion/")


def plain_leaves(value: Any, path: str, languages: set[str]) -> dict[str, str]:
    """Every text and number of a record by its pointer, one language a text."""
    if isinstance(value, dict) and value and set(value) <= languages:
        return {path: words(value)}
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not isinstance(value, dict | list):
        return {} if isinstance(value, bool) else {path: str(value)}
    return {pointer: text for key, item in items for pointer, text in plain_leaves(item, f"{path}/{key}", languages).items()}


def pressed(text: str) -> str:
    """A text as far as no target changes it: escapes, joints, dates' hyphens and the mark before a cell do not count."""
    return re.sub(r"[\s\\\\'/-]+", "", html.unescape(text)).replace("；", "，").replace(";", ",").replace('""', '"').casefold()


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("record", TRIALS)
def test_nothing_is_left_out_without_its_name(record, target):
    value, left_out = export(record, target)
    printed = pressed(value if isinstance(value, str) else " ".join(map(str, leaves(value).values())))
    for pointer, text in plain_leaves(record["trial"], "/trial", set(record["source"]["languages"])).items():
        own = pointer.endswith("/text") and not OF_A_CRITERION.match(pointer)
        if own or KEPT_INSIDE.match(pointer) or any(pointer == name or pointer.startswith(f"{name}/") for name in left_out):
            continue
        if target == "trialgpt" and OF_A_CRITERION.match(pointer):
            text = re.sub(r"(?i)\b(in|ex)clusion criteri(a|on)\s*", lambda found: f"criterion {found[1][0]}", text)  # noqa: PLW2901 (its own wording)
        assert pressed(text) in printed, f"{target} loses {pointer}"


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("record", TRIALS)
def test_what_is_named_as_left_out_is_there(record, target):
    for pointer in export(record, target).left_out:
        found: Any = record
        for name in pointer.strip("/").split("/"):
            found = found[int(name)] if isinstance(found, list) else found[name]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("record", TRIALS)
def test_fhir_r5_is_valid(record, language):
    bundle = pytest.importorskip("fhir.resources.bundle").Bundle
    value = export(record, "fhir-r5", language).value
    checked = bundle.model_validate(value)
    assert len(checked.entry) == 2
    assert {entry["resource"]["language"] for entry in value["entry"]} <= set(record["source"]["languages"])


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
    assert value["nct_id"] == record["id"]
    assert len(value.get("criteria", [])) == sum(1 for side in ("inclusion", "exclusion") for _ in statements(record, side))


# TrialMatchAI 0.9 takes these keys and refuses others; nothing but the number must be there.
TRIALMATCHAI = {
    "": "nct_id source source_url brief_title official_title brief_summary detailed_description condition eligibility_criteria criteria overall_status"
    " phase study_type gender minimum_age maximum_age start_date completion_date last_update_posted intervention location reference",
    "criteria": "type criterion",
    "intervention": "name type description",
    "location": "facility city state country status",
    "reference": "pmid type citation",
}
CTML = {  # the fields that MatchMiner's import asks for, by type
    "type": "object",
    "required": ["protocol_no", "protocol_id", "nct_id", "short_title", "long_title", "phase", "protocol_target_accrual", "treatment_list"],
    "properties": {
        "protocol_id": {"type": "integer"},
        "protocol_target_accrual": {"type": "integer"},
        "treatment_list": {
            "properties": {
                "step": {
                    "minItems": 1,
                    "items": {
                        "required": ["step_internal_id", "step_code", "step_type", "arm"],
                        "properties": {"arm": {"minItems": 1, "items": {"$ref": "#/$defs/arm"}}},
                    },
                }
            }
        },
    },
    "$defs": {
        "arm": {
            "required": ["arm_internal_id", "arm_code", "arm_description", "arm_suspended", "dose_level", "match"],
            "properties": {
                "arm_suspended": {"enum": ["Y", "N"]},
                "match": {"items": {"properties": {"and": {"items": {"properties": {"clinical": {"$ref": "#/$defs/clinical"}}}}}}},
            },
        },
        "clinical": {
            "maxProperties": 1,
            "properties": {"age_numerical": {"pattern": "^[<>]=?[0-9]+$"}, "gender": {"enum": ["Male", "Female"]}},
            "additionalProperties": False,
        },
    },
}


@pytest.mark.parametrize("record", TRIALS)
def test_trialmatchai_takes_every_key(record):
    value = export(record, "trialmatchai").value
    assert set(value) <= set(TRIALMATCHAI[""].split())
    for name in ("criteria", "intervention", "location", "reference"):
        assert all(set(item) <= set(TRIALMATCHAI[name].split()) for item in value.get(name, ()))
    assert all(isinstance(item, str) for item in value.get("condition", ()))


@pytest.mark.parametrize("record", TRIALS)
def test_ctml_has_the_shape_of_its_import(record):
    jsonschema.validate(export(record, "ctml").value, CTML)


@pytest.mark.parametrize("record", TRIALS)
def test_ictrp_is_read_back_by_our_own_reader(record):
    text = export(record, "ictrp").value
    assert ET.fromstring(text).findtext("trial/main/trial_id") == record["id"]  # noqa: S314 (our own output)
    [again] = [json.loads(extractor.to_json(found)) for found in extractor.extract(text.encode(), "trials.xml")]
    assert again["id"] == record["id"]
    for path in ("titles/public", "titles/scientific"):
        assert words(part(again, f"trial/{path}")) == words(part(record, f"trial/{path}"))
    for side in ("inclusion", "exclusion"):
        assert len(again["trial"].get("eligibility", {}).get(side, ())) == sum(1 for _ in whole_statements(record, side))


@pytest.mark.parametrize("record", TRIALS)
def test_csv_has_one_row_as_wide_as_its_header(record):
    header, row = csv.reader(io.StringIO(export(record, "csv").value))
    assert len(header) == len(row)
    assert row[0] == record["id"]


@pytest.mark.parametrize("record", TRIALS)
def test_ctml_holds_no_criterion_and_says_so(record):
    value, left_out = export(record, "ctml")
    assert value["protocol_no"] == record["id"]
    for side in ("inclusion", "exclusion"):
        assert (f"/trial/eligibility/{side}" in left_out) == bool(part(record, f"trial/eligibility/{side}"))


USDM = json.loads((ROOT / "tests" / "schemas" / "usdm_v4.json").read_bytes())
VALID_USDM = jsonschema.Draft202012Validator(USDM)


def usdm_objects(value: Any) -> list[dict[str, Any]]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [value] if isinstance(value, dict) and "instanceType" in value else []
    return own + [found for item in inner for found in usdm_objects(item)]


@pytest.mark.parametrize("record", TRIALS)
def test_usdm_is_valid_and_closed_in_itself(record):
    value = export(record, "usdm").value
    fault = next(VALID_USDM.iter_errors(value), None)
    assert fault is None, f"{fault.json_path}: {fault.message}"
    found = usdm_objects(value)
    ids = [item["id"] for item in found if item["instanceType"] != "Study"]
    assert len(ids) == len(set(ids))
    for item in found:
        assert set(item) <= set(USDM["$defs"][item["instanceType"]]["properties"]), item["instanceType"]
        for name, target in item.items():
            named = target if name.endswith("Ids") else [target] if name.endswith("Id") and target else []
            assert set(named) <= set(ids), f"{item['id']}.{name}"
    version = value["study"]["versions"][0]
    assert len(version["eligibilityCriterionItems"]) == sum(
        1 for side in ("inclusion", "exclusion") for _ in whole_statements(record, side)
    )
    assert len(version["studyDesigns"][0]["arms"]) == len(record["trial"].get("arms", ()))


@needs_shared
def test_usdm_is_valid_by_the_published_schema():
    published = json.loads((SHARED / "schemas" / "USDM_API.json").read_bytes())
    root = {"$ref": "#/components/schemas/Wrapper-Input", "components": published["components"]}
    validator = jsonschema.Draft202012Validator(root)
    for parameter in TRIALS[::5]:
        [record] = parameter.values
        assert not list(validator.iter_errors(export(record, "usdm").value))


@pytest.mark.parametrize("record", TRIALS)
def test_ris_is_read_by_a_library_of_reviewers(record):
    rispy = pytest.importorskip("rispy")
    [entry] = rispy.loads(export(record, "ris").value)
    assert entry["type_of_reference"] == "DBASE"
    assert entry["accession_number"] == record["id"]
    titles = part(record, "trial/titles") or {}
    assert entry.get("title", "") == " ".join((words(titles.get("scientific")) or words(titles.get("public"))).split())


def test_markdown_of_a_label_gives_each_regimen_with_its_dose() -> None:
    (record,) = extractor.extract((SAMPLES / "nmpa" / "lotus_2024.txt").read_bytes(), "lotus_2024.txt")
    rows = export(record.to_dict(), "markdown", "zh").value.partition("## Regimens")[2].splitlines()
    cells = [cell.strip() for cell in rows[4].split("|")]
    assert cells[1:5] == ["本品适用于既往接受过化疗的晚期胃癌成人患者。", "60 mg", "口服", "每日一次"]


@pytest.mark.parametrize("record", TRIALS)
def test_markdown_is_what_it_looks_like(record):
    """A parser of Markdown sees one title, and a list item for each criterion, nested as the criteria are."""
    parser = pytest.importorskip("markdown_it").MarkdownIt().enable("table")
    tokens = parser.parse(export(record, "markdown").value)
    assert sum(token.type == "heading_open" and token.tag == "h1" for token in tokens) == 1
    start = next((at for at, token in enumerate(tokens) if token.content == "Eligibility"), len(tokens))
    end = next((at for at, token in enumerate(tokens[start:], start) if token.type == "heading_open" and token.tag == "h2"), len(tokens))
    depths = [token.level for token in tokens[start:end] if token.type == "list_item_open"]
    want = [depth for side in ("inclusion", "exclusion") for depth in nesting(part(record, f"trial/eligibility/{side}") or ())]
    assert depths == want


def nesting(items: Any, level: int = 1) -> list[int]:
    return [depth for item in items for depth in (level, *nesting(item.get("children", ()), level + 2))]


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


@pytest.mark.slow
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


@pytest.mark.slow
@needs_shared
def test_no_key_of_the_api_is_made_up():
    known: set[str] = set()
    for document in (SHARED / "corpus" / "ctgov" / "json").glob("*.json"):
        known |= {re.sub(r"/\d+", "", path) for path in leaves(json.loads(document.read_bytes()))}
    for parameter in TRIALS:
        [record] = parameter.values
        assert {re.sub(r"/\d+", "", path) for path in leaves(export(record, "ctgov").value)} <= known


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


@pytest.mark.parametrize("target", [name for name, target in TARGETS.items() if "label" not in target.holds])
def test_a_label_is_refused_in_one_sentence(target):
    with pytest.raises(WrongKind, match="holds trials"):
        export({"kind": "label", "id": "x"}, target)


def test_the_registrys_own_number_is_the_key():
    """A Chinese trial that also names an NCT number is not sent out under that number."""
    record = next(parameter.values[0] for parameter in TRIALS if parameter.values[0]["id"] == "ChiCTR2699000001")
    assert [i["value"] for i in record["trial"]["identifiers"] if i["scheme"] == "NCT"] == ["NCT09999999"]
    module = part(export(record, "ctgov").value, "protocolSection/identificationModule")
    assert "nctId" not in module
    assert module["orgStudyIdInfo"] == {"id": "ChiCTR2699000001"}
    assert {"id": "NCT09999999", "type": "REGISTRY"} in module["secondaryIdInfos"]
    assert export(record, "trialmatchai").value["nct_id"] == "ChiCTR2699000001"
    assert export(record, "trialgpt").value["_id"] == "ChiCTR2699000001"
    assert (export(record, "ctml").value["nct_id"], export(record, "ctml").value["protocol_no"]) == ("", "ChiCTR2699000001")
    study = export(record, "fhir-r5").value["entry"][0]["resource"]
    assert [i["value"] for i in study["identifier"] if i["use"] == "official"] == ["ChiCTR2699000001"]
    assert "<trial_id>ChiCTR2699000001</trial_id>" in export(record, "ictrp").value


def test_several_trials_share_one_root_of_xml():
    texts = [export(parameter.values[0], "ictrp").value for parameter in TRIALS[:3]]
    out = io.BytesIO()
    write_values(texts, "ictrp", out)
    root = ET.fromstring(out.getvalue())  # noqa: S314 (our own output)
    assert [trial.findtext("main/trial_id") for trial in root.findall("trial")] == [p.values[0]["id"] for p in TRIALS[:3]]


def test_files_of_records_that_share_an_id_do_not_meet(tmp_path):
    names = ["A", "a", "A-2", "../A", "国"]
    assert write_folder(((name, {"id": name}) for name in names), "ctgov", tmp_path / "out") == 5
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["A-2-2.json", "A-3.json", "A.json", "a-2.json", "record.json"]


def test_an_unknown_target_names_the_known_ones():
    with pytest.raises(ValueError, match="trialgpt"):
        export({"kind": "trial"}, "word")


def test_words_prefer_a_language_and_fall_back():
    assert words({"zh": "甲"}, "en") == "甲"
    assert words({"zh": "甲", "en": "a"}, "zh") == "甲"


def test_a_spreadsheet_runs_no_cell():
    record = {"id": "X3", "kind": "trial", "source": {"name": "ctgov"}, "trial": {"titles": {"public": {"en": "=1+1"}}}}
    assert "'=1+1" in export(record, "csv").value
