"""Fictional patients against criteria: what is decided, and above all what is not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import extractor
from extractor.cli import main
from extractor.screen import parse_patient, prepare, screen
from extractor.screen.rules.coverage import connective, is_covered

WOMAN = {
    "id": "w",
    "as_of": "2026-03-20",
    "birth_date": "1970-05-01",
    "sex": "FEMALE",
    "observations": [
        {"name": "platelets", "value": 120, "unit": "10*9/L", "date": "2026-03-10"},
        {"name": "hemoglobin", "value": 105, "unit": "g/L", "date": "2026-03-10"},
        {"name": "alanine_aminotransferase", "value": 90, "unit": "U/L", "date": "2026-03-10", "upper_limit": 40},
        {"name": "aspartate_aminotransferase", "value": 60, "unit": "U/L", "date": "2026-03-10", "upper_limit": 40},
        {"name": "lvef", "value": 48, "unit": "%", "date": "2025-09-01"},
    ],
    "scores": [{"name": "ecog", "value": 1, "date": "2026-03-12"}, {"name": "nyha", "grade": "II"}],
    "flags": {"pregnant": False, "lactating": False},
}
MAN = {"id": "m", "as_of": "2026-03-20", "age": {"value": 17}, "sex": "MALE"}
MOTHER = {**WOMAN, "id": "o", "flags": {"pregnant": False, "lactating": True}}
INFANT = {"id": "i", "as_of": "2026-03-20", "age": {"value": 5, "unit": "mo"}, "sex": "MALE"}
BLANK = {"id": "b"}

# patient, criterion, verdict as written
CASES = [
    (WOMAN, "Age 18 to 75 years", "MET"),
    (WOMAN, "Age >= 60 years", "NOT_MET"),
    (WOMAN, "年龄18-75岁", "MET"),
    (WOMAN, "年龄≥60岁", "NOT_MET"),
    (MAN, "Age 18 to 75 years", "NOT_MET"),
    (MAN, "Patients aged at least 17 years", "MET"),
    (MAN, "Age > 17 years", "NOT_MET"),
    (MAN, "Age < 17 years", "NOT_MET"),
    (MAN, "Age <= 17 years", "MET"),
    (INFANT, "Age 3 to 6 months", "MET"),
    (INFANT, "Age at least 6 months", "NOT_MET"),
    (BLANK, "Age 18 to 75 years", "UNKNOWN"),
    (WOMAN, "Platelets >= 100 x 10^9/L", "MET"),
    (WOMAN, "Platelets >= 100,000/mm3", "MET"),
    (WOMAN, "Platelets < 75 x 10^9/L", "NOT_MET"),
    (WOMAN, "血小板≥100×10⁹/L", "MET"),
    (WOMAN, "血小板<80×10⁹/L", "NOT_MET"),
    (WOMAN, "Hemoglobin >= 9 g/dL", "MET"),
    (WOMAN, "Hemoglobin >= 11 g/dL", "NOT_MET"),
    (WOMAN, "血红蛋白≥100g/L", "MET"),
    (WOMAN, "Hemoglobin >= 6 mmol/L", "UNKNOWN"),
    (WOMAN, "ALT <= 2.5 x ULN", "MET"),
    (WOMAN, "ALT <= 2 x ULN", "NOT_MET"),
    (WOMAN, "ALT and AST <= 2.5 x ULN", "MET"),
    (WOMAN, "ALT and AST <= 2 x ULN", "NOT_MET"),
    (WOMAN, "ALT or AST > 2 x ULN", "MET"),
    (WOMAN, "ALT or AST > 5 x ULN", "NOT_MET"),
    (WOMAN, "ALT、AST≤2.5×ULN", "MET"),
    (WOMAN, "ALT <= 2.5 x ULN or <= 5 x ULN in patients with liver metastases", "UNKNOWN"),
    (WOMAN, "Total bilirubin <= 1.5 x ULN", "UNKNOWN"),
    (WOMAN, "LVEF >= 50%", "NOT_MET"),
    (WOMAN, "Hemoglobin >= 9 g/dL within 14 days before screening", "MET"),
    (WOMAN, "LVEF >= 40% within 28 days before screening", "UNKNOWN"),
    (WOMAN, "Platelets >= 100 x 10^9/L within 7 days before randomization", "UNKNOWN"),
    (WOMAN, "ECOG performance status 0-1", "MET"),
    (WOMAN, "ECOG performance status 0", "NOT_MET"),
    (WOMAN, "ECOG评分0-1分", "MET"),
    (WOMAN, "ECOG评分≥2分", "NOT_MET"),
    (WOMAN, "NYHA class III or IV", "NOT_MET"),
    (WOMAN, "NYHA class I or II", "MET"),
    (MAN, "NYHA class III or IV", "UNKNOWN"),
    (MAN, "ECOG performance status 0-1", "UNKNOWN"),
    (WOMAN, "Pregnant or breast-feeding women", "NOT_MET"),
    (MOTHER, "Pregnant or breast-feeding women", "MET"),
    (MOTHER, "妊娠或哺乳期妇女", "MET"),
    (WOMAN, "妊娠或哺乳期妇女", "NOT_MET"),
    (MAN, "Pregnant or breast-feeding women", "NOT_MET"),
    (BLANK, "Pregnant or breast-feeding women", "UNKNOWN"),
    (WOMAN, "Not pregnant", "MET"),
    (WOMAN, "Male, age at least 18 years", "NOT_MET"),
    (WOMAN, "Female, age at least 18 years", "MET"),
    (MAN, "Female, age at least 18 years", "NOT_MET"),
    (WOMAN, "性别不限", "MET"),
    (WOMAN, "Signed informed consent", "UNKNOWN"),
    (WOMAN, "Age at least 18 years and signed informed consent", "UNKNOWN"),
    (MAN, "Age at least 18 years or consent of a parent", "UNKNOWN"),
    (WOMAN, "Platelets >= 100 x 10^9/L without transfusion", "UNKNOWN"),
    (WOMAN, "ECOG performance status 0-1 unless due to fracture", "UNKNOWN"),
    (WOMAN, "Uncontrolled diabetes", "UNKNOWN"),
    (WOMAN, "Stroke within 6 months before screening", "UNKNOWN"),
    (WOMAN, "Life expectancy of at least 3 months", "UNKNOWN"),
    (WOMAN, "心肌梗死病史", "UNKNOWN"),
]


def criterion(text):
    found = json.loads(extractor.to_json(extractor.parse_criteria(f"Inclusion Criteria:\n- {text}"))).get("inclusion", [])
    return {"id": "T1", "trial": {"status": {"overall": {"code": "RECRUITING"}}, "eligibility": {"inclusion": found}}}


def state(patient, text):
    [row] = screen([parse_patient(json.dumps(patient))], [prepare(criterion(text))])
    return next((item["state"] for item in row["criteria"] if item["section"] != "fields"), "UNKNOWN")


@pytest.mark.parametrize(("patient", "text", "verdict"), [pytest.param(*case, id=f"{case[0]['id']}: {case[1]}") for case in CASES])
def test_case(patient, text, verdict):
    assert state(patient, text) == verdict


def record(inclusion, exclusion=()):
    text = (
        "Inclusion Criteria:\n"
        + "\n".join(f"- {t}" for t in inclusion)
        + "\nExclusion Criteria:\n"
        + "\n".join(f"- {t}" for t in exclusion)
    )
    found = json.loads(extractor.to_json(extractor.parse_criteria(text)))
    return {"id": "T1", "trial": {"status": {"overall": {"code": "RECRUITING"}}, "eligibility": found}}


def verdict(patient, trial):
    [row] = screen([parse_patient(json.dumps(patient))], [prepare(trial)])
    return row["verdict"]


def test_all_decided_in_favour_is_eligible():
    assert verdict(WOMAN, record(["Age 18 to 75 years"], ["Platelets < 75 x 10^9/L"])) == "ELIGIBLE"


def test_an_exclusion_that_is_met_excludes():
    assert verdict(WOMAN, record(["Age 18 to 75 years"], ["LVEF < 50%"])) == "EXCLUDED"


def test_one_open_criterion_keeps_the_verdict_open():
    assert verdict(WOMAN, record(["Age 18 to 75 years", "Signed informed consent"])) == "UNKNOWN"


def test_an_excluded_patient_stays_so_whatever_is_open():
    assert verdict(MAN, record(["Age 18 to 75 years", "Signed informed consent"])) == "EXCLUDED"


@pytest.mark.parametrize(("combine", "found"), [("ALL", "NOT_MET"), ("ANY", "MET"), ("", "UNKNOWN")])
def test_children_combine_as_the_words_say(combine, found):
    children = record(["Platelets >= 100 x 10^9/L", "LVEF >= 50%"])["trial"]["eligibility"]["inclusion"]
    node = {"id": "I1", "text": {"en": "Adequate organ function, defined as:"}, "children": children} | (
        {"combine": combine} if combine else {}
    )
    [row] = screen([parse_patient(json.dumps(WOMAN))], [prepare({"id": "T", "trial": {"eligibility": {"inclusion": [node]}}})])
    assert row["criteria"][0]["state"] == found


def test_a_stem_that_states_a_condition_is_never_decided():
    children = record(["Platelets >= 100 x 10^9/L"])["trial"]["eligibility"]["inclusion"]
    node = {"id": "I1", "text": {"en": "Measurable disease"}, "combine": "ALL", "children": children}
    [row] = screen([parse_patient(json.dumps(WOMAN))], [prepare({"id": "T", "trial": {"eligibility": {"inclusion": [node]}}})])
    assert row["criteria"][0]["state"] == "UNKNOWN"


def test_evidence_names_the_words_and_the_value():
    [row] = screen([parse_patient(json.dumps(WOMAN))], [prepare(criterion("Platelets >= 100 x 10^9/L"))])
    [evidence] = row["criteria"][0]["evidence"]
    assert evidence["constraint"] == "Platelets >= 100 x 10^9/L"
    assert evidence["patient"] == {"name": "platelets", "value": 120, "unit": "10*9/L", "date": "2026-03-10"}


@given(st.text(alphabet="ageECOG platelets≥<=0123456789 orandunless年龄岁血小板或", max_size=80))
def test_a_patient_without_facts_meets_only_what_asks_nothing(text):
    found = criterion(text)
    [row] = screen([parse_patient(json.dumps(BLANK))], [prepare(found)])
    asks_nothing = all(
        c.get("values") == ["ALL"] for node in found["trial"]["eligibility"]["inclusion"] for c in node.get("constraints", ())
    )
    assert asks_nothing or all(item["state"] != "MET" for item in row["criteria"])


def test_joined_words():
    node = criterion("ALT or AST > 2 x ULN")["trial"]["eligibility"]["inclusion"][0]
    assert connective(node) == "ANY"
    assert is_covered(node)


def test_command(tmp_path, capsys):
    patients, trials, out = tmp_path / "patients.jsonl", tmp_path / "trials.jsonl", tmp_path / "matches.jsonl"
    patients.write_text("\n".join(json.dumps(p) for p in (WOMAN, MAN)))
    trials.write_text(json.dumps(record(["Age 18 to 75 years"])) + "\n" + json.dumps(record(["Age 10 to 17 years"])))
    assert main(["screen", str(patients), str(trials), "-o", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["verdict"] for row in rows] == ["ELIGIBLE", "EXCLUDED", "EXCLUDED", "ELIGIBLE"]
    patients.write_text('{"id": 1}')
    assert main(["screen", str(patients), str(trials), "-o", str(tmp_path / "none")]) == 1
    assert "line 1" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
