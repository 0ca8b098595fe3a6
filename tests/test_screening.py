"""Fictional patients against criteria: what is decided, and above all what is not."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil

import pytest
from case_rows import read_cases
from documents import PATIENTS, ROOT, SAMPLES, records
from hypothesis import given
from hypothesis import strategies as st

import extractor
from extractor.cli import main
from extractor.screen import parse_patient, prepare, screen
from extractor.screen.patient import chart_of
from extractor.screen.patient.fhir import read_patients
from extractor.screen.rules.coverage import connective, is_covered
from extractor.tables import read_table

WOMAN = {
    "id": "w",
    "as_of": "2026-03-20",
    "birth_date": "1970-05-01",
    "sex": "FEMALE",
    "observations": [
        {"name": "platelets", "value": 120, "unit": "10*9/L", "date": "2026-03-10"},
        {"name": "hemoglobin", "value": 105, "unit": "g/L", "date": "2026-03-10"},
        {"name": "alanine_aminotransferase", "value": 90, "unit": "U/L", "date": "2026-03-10", "upper_limit": 40},
        {"name": "AST", "value": 60, "unit": "IU/L", "date": "2026-03-10", "upper_limit": 40},
        {"name": "lvef", "value": 48, "unit": "%", "date": "2025-09-01"},
        {"name": "血肌酐", "value": 93, "unit": "μmol/L", "date": "2026-03-10"},
        {"name": "HbA1c", "value": 53, "unit": "mmol/mol", "date": "2026-03-10"},
        {"name": "body weight", "value": 61, "unit": "kg"},
        {"name": "glucose", "value": 6, "unit": "mmol/L"},
        {"name": "SBP", "value": 120, "unit": "mmHg"},
        {"name": "potassium", "value": 4.1, "unit": "meq/L", "date": "2026-03-10"},
        {"name": "QTcB", "value": 462, "unit": "ms", "date": "2026-03-10"},
        {"name": "lymphocytes", "value": 0.7, "unit": "10^9/L", "date": "2026-03-10"},
        {"name": "lymphocytes", "value": 0.9, "unit": "10^9/L", "date": "2026-03-10"},
    ],
    "scores": [
        {"name": "ecog", "value": 1, "date": "2026-03-12"},
        {"name": "nyha", "grade": "II"},
        {"name": "Mayo score", "value": 7},
        {"name": "itching score", "value": 5},
    ],
    "flags": {"pregnant": False, "lactating": False},
}
MAN = {"id": "m", "as_of": "2026-03-20", "age": {"value": 17}, "sex": "MALE"}
MOTHER = {**WOMAN, "id": "o", "flags": {"pregnant": False, "lactating": True}}
INFANT = {"id": "i", "as_of": "2026-03-20", "age": {"value": 5, "unit": "mo"}, "sex": "MALE"}
BORN = {"id": "born", "as_of": "2026-03-20", "birth_date": "2023-03-20", "sex": "FEMALE"}
ELDER = {
    "id": "e",
    "as_of": "2026-03-20",
    "age": {"value": 81},
    "sex": "MALE",
    "observations": [{"name": "life expectancy", "value": 26, "unit": "weeks"}],
    "scores": [{"name": "ASA", "value": 3}],
}
BLANK = {"id": "b"}
PEOPLE = {"WOMAN": WOMAN, "MAN": MAN, "MOTHER": MOTHER, "INFANT": INFANT, "BORN": BORN, "ELDER": ELDER, "BLANK": BLANK}
OPEN_TRIAL = {"status": {"overall": {"code": "RECRUITING"}}}
# Eleven sample trials of nine sources and forms, which the six patients of samples/patients are screened for.
TRIALS = (
    "cde/heartburn_copied.txt chictr/colitis_saved.html chictr/delirium_history.txt chictr/plum_export.xml ctgov/eczema_full.json"
    " ctgov/knee_present.html ctgov/migraine_api.json ctgov/sepsis_archive.xml listing/bone_copied.txt listing/feed.json veeva/psoriasis_copied.txt"
).split()
ADULT_TRIALS = {"CTR20999901", "NCT09900001", "NCT09900030", "ChiCTR2099000001", "ChiCTR2699000001", "NCT09990011", "NCT09990088"}


def trial_of(eligibility, **fields):
    return {"id": "T1", "trial": {**OPEN_TRIAL, "eligibility": eligibility, **fields}}


def criteria_of(inclusion, exclusion=()):
    lists = ("\n".join(f"- {text}" for text in side) for side in (inclusion, exclusion))
    text = "Inclusion Criteria:\n{}\nExclusion Criteria:\n{}".format(*lists)
    return json.loads(extractor.to_json(extractor.parse_criteria(text)))


def record(inclusion, exclusion=(), **fields):
    return trial_of(criteria_of(inclusion, exclusion), **fields)


def match(patient, trial):
    [row] = screen([parse_patient(json.dumps(patient))], [prepare(trial)])
    return row


def row_of(row, name):
    return next(item for item in row["criteria"] if item["id"] == name)


def state(patient, text):
    found = extractor.to_json(extractor.parse_criteria(f"Inclusion Criteria:\n- {text}"))
    row = match(patient, trial_of(json.loads(found)))
    return next((item["state"] for item in row["criteria"] if item["section"] != "fields"), "UNKNOWN")


@pytest.mark.parametrize(("patient", "criterion", "verdict"), read_cases("screening"))
def test_case(patient, criterion, verdict):
    assert state(PEOPLE[patient], criterion) == verdict


def test_all_decided_in_favour_is_eligible():
    assert match(WOMAN, record(["Age 18 to 75 years"], ["Platelets < 75 x 10^9/L"]))["verdict"] == "ELIGIBLE"


def test_an_exclusion_that_is_met_excludes():
    assert match(WOMAN, record(["Age 18 to 75 years"], ["LVEF < 50%"]))["verdict"] == "EXCLUDED"


def test_one_open_criterion_keeps_the_verdict_open():
    assert match(WOMAN, record(["Age 18 to 75 years", "Signed informed consent"]))["verdict"] == "UNKNOWN"


def test_an_excluded_patient_stays_so_whatever_is_open():
    assert match(MAN, record(["Age 18 to 75 years", "Signed informed consent"]))["verdict"] == "EXCLUDED"


@pytest.mark.parametrize(
    ("patient", "truth"), [(WOMAN, "MET"), (MOTHER, "NOT_MET"), (MAN, "MET"), (BLANK, "UNKNOWN")], ids=lambda x: str(x)[:12]
)
@pytest.mark.parametrize("text", ["Not pregnant or breast-feeding", "非妊娠期或哺乳期妇女", "非妊娠、非哺乳期妇女"])
def test_a_denial_over_a_group_is_read_whole_or_not_at_all(patient, truth, text):
    assert state(patient, text) in ("UNKNOWN", truth)


@pytest.mark.parametrize(
    "text",
    [
        "Pregnant/nursing women",
        "pregnancy/breastfeeding",
        "pregnancy and breast feeding",
        "Pregnancy, lactation",
        "妊娠、哺乳期妇女",
        "妊娠及哺乳期妇女",
    ],
)
@pytest.mark.parametrize(("pregnant", "lactating", "speaks"), [(True, True, "AGAINST"), (False, False, "FOR"), (True, False, "OPEN")])
def test_what_an_exclusion_lists_without_or_means_either(text, pregnant, lactating, speaks):
    """Most mean either; only what both readings say is said, and a pregnant woman is never let through."""
    row = match({"id": "x", "sex": "FEMALE", "flags": {"pregnant": pregnant, "lactating": lactating}}, record([], [text]))
    assert row_of(row, "E1")["speaks"] == speaks


# Structured fields


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("RECRUITING", "ELIGIBLE"),
        ("NOT_YET_RECRUITING", "UNKNOWN"),
        ("SUSPENDED", "UNKNOWN"),
        ("ENROLLING_BY_INVITATION", "UNKNOWN"),
        ("NOT_RECRUITING", "UNKNOWN"),
        ("OTHER", "UNKNOWN"),
        ("COMPLETED", "CLOSED"),
        ("WITHDRAWN", "CLOSED"),
        ("", "UNKNOWN"),
    ],
)
def test_a_trial_takes_participants_only_where_its_status_says_so(status, verdict):
    trial = record(["Age 18 to 75 years"], status={"overall": {"code": status}} if status else {})
    assert match(WOMAN, trial)["verdict"] == verdict


def test_a_withdrawn_registration_is_closed_whatever_its_status():
    row = match(WOMAN, record(["Age 18 to 75 years"], registration={"withdrawn": {"en": "Withdrawn: a trial"}}))
    assert row["verdict"] == "CLOSED"
    assert row_of(row, "withdrawn")["evidence"][0]["trial"] == {"title": {"en": "Withdrawn: a trial"}}


@pytest.mark.parametrize(
    ("field", "value", "patient", "found"),
    [
        ("minimum_age", {"value": 18, "unit": "YEAR"}, MAN, "NOT_MET"),
        ("minimum_age", {"value": 17, "unit": "YEAR"}, MAN, "MET"),
        ("maximum_age", {"value": 17, "unit": "YEAR"}, MAN, "MET"),
        ("maximum_age", {"value": 16, "unit": "YEAR"}, MAN, "NOT_MET"),
        ("maximum_age", {"value": 200, "unit": "MONTH"}, MAN, "NOT_MET"),
        ("minimum_age", {"value": 6, "unit": "MONTH"}, INFANT, "NOT_MET"),
        ("maximum_age", {"value": 2, "unit": "HOUR"}, INFANT, "UNKNOWN"),
        ("minimum_age", {"value": 18, "unit": "YEAR"}, BLANK, "UNKNOWN"),
        ("sex", {"code": "FEMALE"}, MAN, "NOT_MET"),
        ("sex", {"code": "FEMALE"}, WOMAN, "MET"),
        ("sex", {"code": "ALL"}, BLANK, "MET"),
        ("sex", {"code": "MALE"}, BLANK, "UNKNOWN"),
        ("healthy_volunteers", True, BLANK, "MET"),
        ("healthy_volunteers", False, BLANK, "UNKNOWN"),
        ("healthy_volunteers", False, {"id": "v", "flags": {"healthy_volunteer": True}}, "NOT_MET"),
        ("healthy_volunteers", False, {"id": "v", "conditions": [{"name": "2型糖尿病"}]}, "MET"),
        ("healthy_volunteers", False, {"id": "v", "conditions": [{"name": "asthma"}]}, "UNKNOWN"),
        ("healthy_volunteers", False, {"id": "v", "conditions": [{"name": "type 2 diabetes", "active": None}]}, "UNKNOWN"),
    ],
)
def test_structured_fields(field, value, patient, found):
    trial = trial_of({field: value}, conditions=[{"name": {"en": "Type 2 diabetes mellitus"}}])
    assert row_of(match(patient, trial), field)["state"] == found


def test_a_record_without_criteria_makes_nobody_eligible():
    row = match(WOMAN, trial_of({"minimum_age": {"value": 18, "unit": "YEAR"}}))
    assert row["verdict"] == "UNKNOWN"
    assert row_of(row, "criteria")["ask"][0]["reason"] == "CRITERIA"


@pytest.mark.parametrize("code", ["criteria.languages_differ", "units.disagree", "text.garbled", "text.truncated"])
def test_a_criterion_that_the_record_doubts_is_not_decided(code):
    finding = {"code": code, "path": "/trial/eligibility/inclusion/0/text/en", "severity": "warning", "message": ""}
    row = match(MAN, record(["Age 18 to 75 years"]) | {"findings": [finding]})
    assert row_of(row, "I1")["state"] == "UNKNOWN"
    assert row["verdict"] == "UNKNOWN"


@pytest.mark.parametrize(("age", "verdict"), [(8, "EXCLUDED"), (17, "UNKNOWN"), (30, "ELIGIBLE")])
def test_where_field_and_criterion_contradict_only_what_both_say_stands(age, verdict):
    finding = {"code": "eligibility.age_conflict", "path": "/trial/eligibility/inclusion/0", "severity": "warning", "message": ""}
    trial = record(["Age at least 16 years"]) | {"findings": [finding]}
    trial["trial"]["eligibility"]["minimum_age"] = {"value": 18, "unit": "YEAR"}
    assert match({"id": "x", "age": {"value": age}}, trial)["verdict"] == verdict


# Trees


@pytest.mark.parametrize(("combine", "found"), [("ALL", "NOT_MET"), ("ANY", "MET"), ("", "UNKNOWN")])
def test_children_combine_as_the_words_say(combine, found):
    assert judge_tree("Adequate organ function, defined as:", combine) == found


def judge_tree(lead_in, combine):
    children = criteria_of(["Platelets >= 100 x 10^9/L", "LVEF >= 50%"])["inclusion"]
    node = {"id": "I1", "text": {"en": lead_in}, "children": children, **({"combine": combine} if combine else {})}
    return row_of(match(WOMAN, trial_of({"inclusion": [node]})), "I1")["state"]


@pytest.mark.parametrize(
    ("lead_in", "decides"),
    [
        ("At least one of the following:", True),
        ("Laboratory values:", True),
        ("Organ function", True),
        ("Bone marrow function as defined below", True),
        ("符合以下任一项", True),
        ("主要器官功能良好，即符合下列标准：", True),
        ("Measurable disease", False),
        ("For Part A:", False),
        ("Cohort 2 (adolescents):", False),
        ("Women must have the following:", False),
        ("If liver metastases, any of the following:", False),
        ("Symptomatic heart failure, defined as:", False),
        ("肝转移患者须符合以下标准：", False),
        ("第二阶段：", False),
    ],
)
def test_only_a_line_that_merely_announces_lets_its_children_decide(lead_in, decides):
    assert (judge_tree(lead_in, "ALL") != "UNKNOWN") == decides


def test_alternatives_over_two_items_are_for_a_person():
    for first, second in (("Age >= 70 years or", "ECOG 0"), ("Age >= 70 years", "or ECOG 0"), ("年龄≥70岁，或", "ECOG 0分")):
        nodes = [criteria_of([text])["inclusion"][0] | {"id": f"I{at}"} for at, text in enumerate((first, second), 1)]
        row = match(WOMAN, trial_of({"inclusion": nodes}))
        assert [row_of(row, name)["state"] for name in ("I1", "I2")] == ["UNKNOWN", "UNKNOWN"]


def test_evidence_names_the_words_and_the_value():
    [evidence] = row_of(match(WOMAN, record(["Platelets >= 100 x 10^9/L"])), "I1")["evidence"]
    assert evidence["constraint"] == "Platelets >= 100 x 10^9/L"
    assert evidence["patient"] == {"name": "platelets", "value": 120, "unit": "10*9/L", "date": "2026-03-10"}


def test_joined_words():
    node = criteria_of(["ALT or AST > 2 x ULN"])["inclusion"][0]
    assert connective(node) == "ANY"
    assert is_covered(node)


def test_a_complete_criterion_needs_no_rule_of_words():
    node = criteria_of(["Documented platelets >= 100 x 10^9/L"])["inclusion"][0]
    assert not is_covered(node)
    assert row_of(match(WOMAN, trial_of({"inclusion": [node | {"complete": True}]})), "I1")["state"] == "MET"


@pytest.mark.parametrize(
    ("sex", "age", "value", "found"),
    [
        ("MALE", 40, 460, "MET"),
        ("MALE", 40, 440, "NOT_MET"),
        ("FEMALE", 40, 460, "NOT_APPLICABLE"),
        (None, 40, 460, "UNKNOWN"),
    ],
)
def test_a_limit_for_one_sex_says_nothing_of_the_other(sex, age, value, found):
    node = {
        "id": "E1",
        "text": {"en": "QTc > 450 ms in men"},
        "complete": True,
        "constraints": [
            {
                "kind": "MEASUREMENT",
                "variable": {"name": "qtc", "text": "QTc"},
                "low": {"value": 450, "inclusive": False},
                "unit": {"ucum": "ms"},
                "applies_to": {"en": "in men"},
                "quote": {"en": "QTc > 450 ms"},
            }
        ],
    }
    patient = {"id": "q", "age": {"value": age}, "observations": [{"name": "QTc", "value": value, "unit": "ms"}]}
    row = match(patient | ({"sex": sex} if sex else {}), trial_of({"exclusion": [node]}))
    assert row_of(row, "E1")["state"] == found
    assert (row_of(row, "E1")["speaks"] == "AGAINST") == (found == "MET")


# Windows


@pytest.mark.parametrize(
    ("window", "date", "placed"),
    [
        ({"relation": "WITHIN", "value": 28, "unit": "DAY"}, "2026-02-20", True),
        ({"relation": "WITHIN", "value": 28, "unit": "DAY"}, "2026-02-19", False),
        ({"relation": "WITHIN", "value": 1, "unit": "MONTH"}, "2026-02-20", True),
        ({"relation": "WITHIN", "value": 1, "unit": "MONTH"}, "2026-02-19", None),
        ({"relation": "WITHIN", "value": 1, "unit": "MONTH"}, "2026-02-16", False),
        ({"relation": "WITHIN", "value": 1, "unit": "YEAR"}, "2025", None),
        ({"relation": "WITHIN", "value": 3, "unit": "YEAR"}, "2025", True),
        ({"relation": "WITHIN", "value": 24, "unit": "HOUR"}, "2026-03-20", True),
        ({"relation": "WITHIN", "value": 24, "unit": "HOUR"}, "2026-03-19", None),
        ({"relation": "WITHIN", "value": 24, "unit": "HOUR"}, "2026-03-15", False),
        ({"relation": "WITHIN", "value": 28, "unit": "DAY"}, "2026-03-21", None),
        ({"relation": "WITHIN", "value": 28, "unit": "DAY", "anchor": "ENROLLMENT"}, "2026-03-10", None),
        ({"relation": "WITHIN", "value": 2, "unit": "HALF_LIFE"}, "2026-03-10", None),
        ({"relation": "BEFORE", "value": 4, "unit": "WEEK"}, "2026-02-20", True),
        ({"relation": "BEFORE", "value": 4, "unit": "WEEK"}, "2026-02-21", False),
        ({"relation": "BEFORE", "value": 1, "unit": "MONTH"}, "2026-02-18", None),
        ({"relation": "AFTER", "value": 4, "unit": "WEEK", "anchor": "SURGERY"}, "2026-01-29", True),
        ({"relation": "AFTER", "value": 4, "unit": "WEEK", "anchor": "SURGERY"}, "2026-01-28", False),
        ({"relation": "FOR", "value": 4, "unit": "WEEK"}, "2026-01-28", None),
    ],
)
def test_windows(window, date, placed):
    from extractor.screen.patient.days import parse_days  # noqa: PLC0415
    from extractor.screen.rules.windows import is_placed  # noqa: PLC0415

    chart = chart_of(parse_patient(json.dumps({"id": "x", "as_of": "2026-03-20", "events": {"SURGERY": "2026-01-01"}})))
    assert is_placed(window, parse_days(date), chart) is placed


# Mentions of conditions and drugs, as --concepts adds them


def mention(text, words, kind="CONDITION", window=None, **extra):
    found = {"kind": kind, "variable": {"text": words}, "quote": {"en": words}, **extra}
    windows = [{"kind": "WINDOW", "window": window, "quote": {"en": "within 6 months"}}] if window else []
    return trial_of({"exclusion": [{"id": "E1", "text": {"en": text}, "constraints": [*windows, found]}]})


WITHIN = {"relation": "WITHIN", "value": 6, "unit": "MONTH"}


@pytest.mark.parametrize(
    ("trial", "file", "found"),
    [
        (mention("Known asthma", "asthma"), {"conditions": [{"name": "Asthma"}]}, "MET"),
        (mention("Asthma", "Asthma"), {"conditions": [{"name": "哮喘"}]}, "MET"),
        (mention("Diabetes", "Diabetes"), {"conditions": [{"name": "type 2 diabetes"}]}, "MET"),
        (mention("Type 2 diabetes", "Type 2 diabetes"), {"conditions": [{"name": "diabetes"}]}, "UNKNOWN"),
        (mention("Asthma", "Asthma"), {"conditions": [{"name": "asthma", "end": "2010"}]}, "UNKNOWN"),
        (mention("History of asthma", "asthma"), {"conditions": [{"name": "asthma", "end": "2010"}]}, "MET"),
        (mention("Asthma", "Asthma"), {"conditions": [{"name": "asthma", "present": False}]}, "NOT_MET"),
        (mention("Asthma", "Asthma"), {"conditions": []}, "UNKNOWN"),
        (mention("Uncontrolled asthma", "asthma"), {"conditions": [{"name": "asthma"}]}, "UNKNOWN"),
        (mention("Asthma or COPD", "Asthma"), {"conditions": [{"name": "asthma"}]}, "UNKNOWN"),
        (mention("No asthma", "asthma", negated=True), {"conditions": [{"name": "asthma"}]}, "NOT_MET"),
        (mention("Stroke within 6 months", "Stroke", window=WITHIN), {"conditions": [{"name": "stroke", "start": "2026-01-05"}]}, "MET"),
        (mention("Stroke within 6 months", "Stroke", window=WITHIN), {"conditions": [{"name": "stroke", "start": "2019"}]}, "UNKNOWN"),
        (mention("Treatment with warfarin", "warfarin", "MEDICATION"), {"medications": [{"name": "华法林"}]}, "MET"),
        (mention("Use of opioids", "opioids", "MEDICATION"), {"medications": [{"name": "morphine"}]}, "MET"),
        (mention("Treatment with warfarin", "warfarin", "MEDICATION"), {"medications": [{"name": "warfarin", "active": None}]}, "UNKNOWN"),
        (mention("Treatment with warfarin", "warfarin", "MEDICATION"), {"conditions": [{"name": "warfarin"}]}, "UNKNOWN"),
        (
            mention("Methotrexate within 6 months", "Methotrexate", "MEDICATION", window=WITHIN),
            {"medications": [{"name": "MTX", "start": "2019"}]},
            "MET",
        ),
        (
            mention("Methotrexate within 6 months", "Methotrexate", "MEDICATION", window=WITHIN),
            {"medications": [{"name": "MTX", "start": "2019", "end": "2020"}]},
            "UNKNOWN",
        ),
        (
            mention("Methotrexate within 6 months", "Methotrexate", "MEDICATION", window=WITHIN),
            {"medications": [{"name": "MTX", "start": "2019", "end": "2026-01-03"}]},
            "MET",
        ),
        (mention("History of colectomy", "colectomy", "PROCEDURE"), {"procedures": [{"name": "结肠切除术", "start": "2020"}]}, "MET"),
    ],
)
def test_mentions(trial, file, found):
    assert row_of(match({"id": "c", "as_of": "2026-03-20", **file}, trial), "E1")["state"] == found


def test_what_is_on_file_is_a_hint_beside_an_open_criterion():
    row = row_of(match({"id": "c", "conditions": [{"name": "哮喘"}]}, mention("Uncontrolled asthma", "asthma")), "E1")
    assert row["hints"] == [{"mention": "asthma", "patient": {"name": "哮喘"}}]


def test_mentions_do_not_keep_a_limit_from_deciding():
    found = criteria_of(["Hemoglobin >= 9 g/dL"])
    found["inclusion"][0]["constraints"].append({"kind": "PROCEDURE", "variable": {"text": "Hemoglobin"}, "quote": {"en": "Hemoglobin"}})
    assert row_of(match(WOMAN, trial_of(found)), "I1")["state"] == "MET"


# What is not understood


@pytest.mark.parametrize(
    ("part", "place", "nearest"),
    [
        ({"observations": [{"name": "Plateletts", "value": 1, "unit": "10*9/L"}]}, "observations/0", "platelets"),
        ({"observations": [{"name": "BP", "value": 120, "unit": "mmHg"}]}, "observations/0", "systolic pressure"),
        ({"observations": [{"name": "PLT", "value": 1, "unit": "10^9/1"}]}, "observations/0/unit", "10*9/L"),
        ({"observations": [{"name": "PLT", "value": 1, "unit": "g/L"}]}, "observations/0/unit", "10*9/L"),
        ({"observations": [{"name": "PLT", "value": 1}]}, "observations/0/unit", "10*9/L"),
        ({"observations": [{"name": "PLT", "value": 1, "unit": "10*9/L", "date": "03/04/2026"}]}, "observations/0/date", "YYYY-MM-DD"),
        ({"observations": [{"name": "PLT", "value": 1, "unit": "10*9/L", "date": "soon"}]}, "observations/0/date", "YYYY-MM-DD"),
        ({"observations": [{"name": "PLT", "loinc": "718-7", "value": 1, "unit": "10*9/L"}]}, "observations/0", None),
        ({"observations": [{"loinc": "99999-9", "value": 1}]}, "observations/0/loinc", None),
        ({"flags": {"pregnent": True}}, "flags/pregnent", "pregnant"),
        ({"events": {"ENROLMENT": "2026-03-20"}}, "events/ENROLMENT", "ENROLLMENT"),
        ({"birth_date": "2030-01-01", "as_of": "2026-01-01"}, "birth_date", None),
        ({"as_of": "2026"}, "as_of", None),
    ],
)
def test_what_is_not_understood_is_listed_with_the_nearest_known(part, place, nearest):
    row = match({"id": "x", **part}, record(["Platelets >= 100 x 10^9/L"]))
    [doubt] = [doubt for doubt in row["not_understood"] if doubt["place"] == place]
    assert nearest is None or nearest in doubt["nearest"]
    assert row_of(row, "I1")["state"] == "UNKNOWN"


@pytest.mark.parametrize("name", ["PLT", "血小板", "Platelet count", "血小板计数（PLT）", "platelets (PLT)", "PLATELETS"])
@pytest.mark.parametrize(("value", "unit"), [(120, "10^9/L"), (120, "K/uL"), (120, "×10⁹/L"), (120000, "/µL"), (120, "10*3/uL")])
def test_names_and_units_as_people_write_them(name, value, unit):
    row = match({"id": "x", "observations": [{"name": name, "value": value, "unit": unit}]}, record(["Platelets >= 100 x 10^9/L"]))
    assert (row_of(row, "I1")["state"], row["not_understood"]) == ("MET", [])


def test_every_code_names_a_variable():
    known = {row[0] for row in read_table("extractor.criteria.constraints", "variables")}
    rows = read_table("extractor.screen", "loinc")
    assert {name for _, name, _ in rows} <= known
    assert all(re.fullmatch(r"\d{1,7}-\d", code) for code, _, _ in rows)
    assert len({code for code, _, _ in rows}) == len(rows)


def test_open_criteria_ask_for_what_would_decide():
    row = match({"id": "x"}, record(["Platelets >= 100 x 10^9/L", "ALT <= 2 x ULN", "Age 18 to 75 years", "Signed consent"]))
    asked = {item["id"]: [question["reason"] for question in item["ask"]] for item in row["criteria"] if "ask" in item}
    assert asked == {"I1": ["VALUE"], "I2": ["VALUE"], "I3": ["AGE"], "I4": ["READ"]}
    assert row_of(row, "I1")["ask"][0]["text"]["zh"].startswith("血小板")


# FHIR


def bundle():
    return json.loads((PATIENTS / "bundle.json").read_text("utf-8"))


def read_one(value, as_of=""):
    [patient] = read_patients(json.dumps(value).encode(), as_of)
    return patient


def test_a_bundle_says_what_the_patient_file_says():
    """The Bundle of samples/patients holds the woman of 55 as a hospital's system writes her."""
    hospital, plain = chart_of(read_one(bundle())), chart_of(parse_patient((PATIENTS / "six.jsonl").read_text("utf-8").splitlines()[1]))
    assert (hospital.sex, hospital.as_of, hospital.born, hospital.flags["pregnant"]) == (plain.sex, plain.as_of, plain.born, False)
    for name in ("platelets", "hemoglobin", "neutrophils", "alanine_aminotransferase", "systolic_pressure", "diastolic_pressure", "ecog"):
        [one], [other] = hospital.values[name], plain.values[name]
        assert (one.number, one.days, one.upper_limit) == (other.number, other.days, other.upper_limit), name
    assert [held.active for held in hospital.held["conditions"]] == [True, None]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"status": "entered-in-error"}, 0),
        ({"valueQuantity": {"value": 212, "comparator": "<", "code": "10*3/uL"}}, 0),
        ({"subject": {"reference": "Patient/somebody-else"}}, 0),
        ({}, 1),
    ],
)
def test_only_sure_values_of_the_patient_are_read(change, found):
    value = bundle()
    observation = next(entry["resource"] for entry in value["entry"] if entry["resource"].get("id") == "plt")
    observation |= change
    assert len(chart_of(read_one(value)).values["platelets"]) == found


def test_a_refuted_condition_is_absent_and_a_suspected_one_is_nothing():
    value = bundle()
    condition = next(entry["resource"] for entry in value["entry"] if entry["resource"]["resourceType"] == "Condition")
    condition["verificationStatus"] = {"coding": [{"code": "refuted"}]}
    assert chart_of(read_one(value)).held["conditions"][0].present is False
    condition["verificationStatus"] = {"coding": [{"code": "provisional"}]}
    assert len(chart_of(read_one(value)).held["conditions"]) == 1


def test_what_a_bundle_holds_beyond_that_is_counted():
    assert read_one(bundle()).unread == ["1 FHIR AllergyIntolerance without a value that is read"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"resourceType": "Patient", "id": "x"}, "put it in a Bundle"),
        ({"resourceType": "Bundle", "entry": []}, "holds no Patient"),
        ({"resourceType": "Bundle", "entry": 3}, "not built as FHIR"),
    ],
)
def test_what_is_no_bundle_is_told(value, words):
    with pytest.raises(ValueError, match=words):
        read_patients(json.dumps(value).encode())


def test_an_old_pregnancy_status_is_not_todays():
    assert chart_of(read_one(bundle(), "2026-09-01")).flags == {}


# Never a yes from an unknown

NUMBERS = st.integers(1, 120)
SIGNS = st.sampled_from([">=", ">", "<=", "<"])
COMPARE = {">=": lambda a, b: a >= b, ">": lambda a, b: a > b, "<=": lambda a, b: a <= b, "<": lambda a, b: a < b}
WORDS_ZH = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}


@st.composite
def atoms(draw):
    """(criterion, what decides it, whether a patient with all facts meets it)."""
    sign, number = draw(SIGNS), draw(NUMBERS)
    compare = COMPARE[sign]
    return draw(
        st.sampled_from(
            [
                (f"Age {sign} {number} years", "age", lambda facts: compare(facts["age"], number)),
                (f"年龄{WORDS_ZH[sign]}{number}岁", "age", lambda facts: compare(facts["age"], number)),
                (f"Platelets {sign} {number} x 10^9/L", "platelets", lambda facts: compare(facts["platelets"], number)),
                (f"血小板{WORDS_ZH[sign]}{number}×10⁹/L", "platelets", lambda facts: compare(facts["platelets"], number)),
                (f"Systolic blood pressure {sign} {number} mmHg", "sbp", lambda facts: compare(facts["sbp"], number)),
                (f"ALT {sign} {number / 10} x ULN", "alt", lambda facts: compare(round(facts["alt"] / 40, 9), number / 10)),
                ("ECOG performance status 0-1", "ecog", lambda facts: facts["ecog"] <= 1),
                ("NYHA class III or IV", "nyha", lambda facts: facts["nyha"] in ("III", "IV")),
                ("Pregnant or breast-feeding women", "flags", lambda facts: facts["pregnant"] or facts["lactating"]),
                ("Female", "sex", lambda facts: facts["sex"] == "FEMALE"),
            ]
        )
    )


FACTS = st.fixed_dictionaries(
    {
        "age": st.integers(0, 110),
        "sex": st.sampled_from(["FEMALE", "MALE"]),
        "platelets": st.integers(1, 400),
        "sbp": st.integers(60, 220),
        "alt": st.integers(1, 400),
        "ecog": st.integers(0, 4),
        "nyha": st.sampled_from(["I", "II", "III", "IV"]),
        "pregnant": st.booleans(),
        "lactating": st.booleans(),
    }
)
KINDS = ("age", "sex", "platelets", "sbp", "alt", "ecog", "nyha", "flags", "as_of")


def patient_of(facts, known):
    """A patient's file that holds only the facts of some kinds."""
    flags = {} if facts["sex"] == "MALE" else {"pregnant": facts["pregnant"], "lactating": facts["lactating"]}
    observed = {"platelets": ("PLT", "K/uL", {}), "sbp": ("收缩压", "mmHg", {}), "alt": ("ALT", "U/L", {"upper_limit": 40})}
    return {
        "id": "p",
        **({"as_of": "2026-03-20"} if "as_of" in known else {}),
        **({"age": {"value": facts["age"]}} if "age" in known else {}),
        **({"sex": facts["sex"]} if "sex" in known else {}),
        "observations": [
            {"name": name, "value": facts[kind], "unit": unit, "date": "2026-03-10", **limits}
            for kind, (name, unit, limits) in observed.items()
            if kind in known
        ],
        "scores": [{"name": "ECOG", "value": facts["ecog"]} for _ in "x" if "ecog" in known]
        + [{"name": "NYHA", "grade": facts["nyha"]} for _ in "x" if "nyha" in known],
        "flags": flags if "flags" in known else {},
    }


def true_facts(facts):
    """A man is neither pregnant nor breast-feeding."""
    return facts | ({"pregnant": False, "lactating": False} if facts["sex"] == "MALE" else {})


ENDINGS = (
    "",
    "",
    " within 14 days before screening",
    " within 7 days before randomization",
    " unless due to a fracture",
    " and signed consent",
)
JOINED = (" and ", " or ", ", ", "; ", "，", "或")


@st.composite
def trials(draw):
    """A trial of criteria that join atoms in ways that can and cannot be decided, and of lists below a line."""
    lists = []
    for _ in range(2):
        lines = [
            draw(st.sampled_from(JOINED)).join(atom[0] for atom in draw(st.lists(atoms(), min_size=1, max_size=3)))
            + draw(st.sampled_from(ENDINGS))
            for _ in range(draw(st.integers(1, 3)))
        ]
        lead_in = draw(st.sampled_from(["", "", "At least one of the following:", "All of the following:", "For Part A:"]))
        lists.append([lead_in, *(f"  - {line}" for line in lines)] if lead_in else [f"- {line}" for line in lines])
    text = "Inclusion Criteria:\n" + "\n".join(lists[0]) + "\nExclusion Criteria:\n" + "\n".join(lists[1])
    found = json.loads(extractor.to_json(extractor.parse_criteria(text)))
    for side in found.values():
        for node in side:
            if draw(st.booleans()) and node.get("constraints") and "unless" not in node["text"].get("en", ""):
                node["complete"] = True
    age = draw(st.one_of(st.none(), NUMBERS))
    return trial_of(found | ({"minimum_age": {"value": age, "unit": "YEAR"}} if age else {}))


@pytest.mark.slow
@given(trials(), FACTS, st.sets(st.sampled_from(KINDS)))
def test_what_is_decided_stays_so_whatever_else_becomes_known(trial, facts, known):
    little, all_ = match(patient_of(facts, known), trial), match(patient_of(facts, KINDS), trial)
    for one, other in zip(little["criteria"], all_["criteria"], strict=True):
        assert one["state"] in ("UNKNOWN", other["state"]), (one["text"], one["evidence"])
    if little["verdict"] in ("ELIGIBLE", "EXCLUDED"):
        assert all_["verdict"] == little["verdict"]


@pytest.mark.slow
@given(st.lists(atoms(), min_size=1, max_size=3), st.sampled_from([" and ", " or "]), FACTS, st.sets(st.sampled_from(KINDS)))
def test_what_is_decided_is_true(found, joined, facts, known):
    text = joined.join(atom[0] for atom in found)
    truths = [atom[2](true_facts(facts)) for atom in found]
    truth = all(truths) if joined == " and " else any(truths)
    assert state(patient_of(facts, known), text) in ("UNKNOWN", "MET" if truth else "NOT_MET")


@pytest.mark.slow
@given(st.lists(atoms(), min_size=1, max_size=2), FACTS)
def test_words_that_nobody_covers_leave_it_open(found, facts):
    text = " and ".join(atom[0] for atom in found)
    for ending in (" unless due to a fracture", " and signed consent", " without transfusion", "，除非研究者认为可以"):
        assert state(patient_of(facts, KINDS), text + ending) == "UNKNOWN"


@given(st.text(alphabet="ageECOG platelets≥<=0123456789 orandunless年龄岁血小板或", max_size=80))
def test_a_patient_without_facts_meets_only_what_asks_nothing(text):
    found = criteria_of([text])
    row = match(BLANK, trial_of(found))
    asks_nothing = all(c.get("values") == ["ALL"] for node in found.get("inclusion", ()) for c in node.get("constraints", ()))
    assert asks_nothing or all(item["state"] != "MET" for item in row["criteria"] if item["section"] != "fields")


# The six patients


@pytest.fixture(scope="module")
def six():
    patients = [parse_patient(line) for line in (PATIENTS / "six.jsonl").read_text("utf-8").splitlines()]
    found = [prepare(record) for name in TRIALS for record in records(SAMPLES / name)]
    return list(screen(patients, found))


def decided(rows):
    return [
        (row["patient"], row["trial"], item["id"], item["state"], item["speaks"])
        for row in rows
        for item in row["criteria"]
        if item["state"] != "UNKNOWN" and item["id"] not in ("status", "withdrawn")
    ]


def test_every_decided_criterion_of_the_six_patients_was_checked(six):
    """Every row of cases/screening_six.tsv was read against the patient's file and the sample's text."""
    assert {case.values[:5] for case in read_cases("screening_six")} == set(decided(six))


def test_the_boy_is_excluded_by_the_adult_trials_with_his_age_as_evidence(six):
    boy = {row["trial"]: row for row in six if row["patient"] == "boy-8"}
    for name in ADULT_TRIALS:
        assert boy[name]["verdict"] == "EXCLUDED"
        field = row_of(boy[name], "minimum_age")
        assert (field["state"], field["evidence"][0]["patient"]) == ("NOT_MET", {"age": 8, "unit": "a"})
    assert boy["NCT09900020"]["verdict"] == "CLOSED"
    assert row_of(boy["NCT09900020"], "minimum_age")["state"] == "MET"


def test_trials_are_ranked_for_each_patient(six):
    order = {"ELIGIBLE": 0, "UNKNOWN": 1, "CLOSED": 2, "EXCLUDED": 3}
    for name in {row["patient"] for row in six}:
        rows = [row for row in six if row["patient"] == name]
        assert [row["rank"] for row in rows] == list(range(1, len(TRIALS) + 1))
        places = [(order[row["verdict"]], row["open"]) for row in rows]
        assert places == sorted(places)


# The command


@pytest.fixture(scope="module")
def trials_file(tmp_path_factory):
    place = tmp_path_factory.mktemp("screen") / "trials.jsonl"
    place.write_text("\n".join(json.dumps(record, ensure_ascii=False) for name in TRIALS for record in records(SAMPLES / name)), "utf-8")
    return place


def run(trials_file, output, *more):
    return main(["screen", str(PATIENTS / "six.jsonl"), str(trials_file), "-o", str(output), *more])


def test_lines_hold_the_language_asked_for(trials_file, tmp_path):
    assert run(trials_file, tmp_path / "m.jsonl", "--language", "zh", "-q") == 0
    rows = [json.loads(line) for line in (tmp_path / "m.jsonl").read_text("utf-8").splitlines()]
    colitis = next(row for row in rows if row["trial"] == "ChiCTR2699000001")
    assert row_of(colitis, "I1")["text"] == {"zh": "自愿签署知情同意书"}
    assert set(row_of(colitis, "minimum_age")["text"]) == {"zh"}
    sepsis = next(row for row in rows if row["trial"] == "NCT09900030")
    assert row_of(sepsis, "I2")["text"] == {"en": "Lactate ≥ 2 mmol/L"}


def test_a_table_is_inert_and_whole(trials_file, tmp_path):
    assert run(trials_file, tmp_path / "m.csv", "-q") == 0
    data = (tmp_path / "m.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert not [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "-", "@")]
    [boy] = [row for row in rows if (row["patient"], row["trial"], row["criterion"]) == ("boy-8", "NCT09900030", "minimum_age")]
    assert (boy["state"], boy["text_en"], boy["evidence"]) == ("NOT_MET", "at least 18 years", "at least 18 years: 8 years")


def test_a_workbook_opens_and_is_the_same_each_time(trials_file, tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl to read what was written")
    for name in ("a.xlsx", "b.xlsx"):
        assert run(trials_file, tmp_path / name, "-q") == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["matches", "criteria", "to ask", "not understood"]
    assert book["matches"].max_row == 1 + 6 * len(TRIALS)
    assert "Plateletts" in [cell.value for row in book["not understood"] for cell in row]


def test_the_sheet_is_one_inert_file(trials_file, tmp_path):
    assert run(trials_file, tmp_path / "m.html", "-q") == 0
    page = (tmp_path / "m.html").read_text("utf-8")
    assert "script-src 'none'" in page.replace("&#x27;", "'")
    assert "<script" not in page
    assert 'lang="zh-Hans">血小板' in page
    assert 'type="checkbox"' in page


@pytest.mark.slow
def test_the_sheet_opens_in_a_browser_wide_and_narrow(trials_file, tmp_path):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if not chromium:
        pytest.skip("needs Chromium on the path")
    assert run(trials_file, tmp_path / "m.html", "-q") == 0
    faults = []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page()
        tab.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        tab.goto((tmp_path / "m.html").as_uri())
        for width in (1280, 390):
            tab.set_viewport_size({"width": width, "height": 844})
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.evaluate("[...document.querySelectorAll('a')].every((a) => document.getElementById(a.getAttribute('href').slice(1)))")
        assert tab.locator("details.trial[open] .verdict.EXCLUDED").count() == 0
        browser.close()
    assert faults == []


def test_hostile_words_stand_escaped(tmp_path):
    trial = record(["Age >= 18 years <b onclick=x>", "</span><script>1</script>"]) | {"id": "<i>"}
    place = tmp_path / "t.jsonl"
    place.write_text(json.dumps(trial))
    (tmp_path / "p.jsonl").write_text('{"id": "<script>"}')
    assert main(["screen", str(tmp_path / "p.jsonl"), str(place), "-o", str(tmp_path / "m.html"), "-q"]) == 0
    assert not re.search(r"<script|<b onclick|<i>", (tmp_path / "m.html").read_text("utf-8"))


def test_what_is_not_understood_is_told(trials_file, tmp_path, capsys):
    assert run(trials_file, tmp_path / "m.jsonl") == 0
    told = capsys.readouterr().err
    assert "man-45: observations/0: Plateletts: no variable is known by this name: did you mean platelets?" in told
    assert "10/03/2026" in told


def test_a_bundle_is_screened_like_a_file(trials_file, tmp_path):
    assert main(["screen", str(PATIENTS / "bundle.json"), str(trials_file), "-o", str(tmp_path / "m.jsonl"), "-q"]) == 0
    rows = [json.loads(line) for line in (tmp_path / "m.jsonl").read_text("utf-8").splitlines()]
    assert row_of(next(row for row in rows if row["trial"] == "ChiCTR2699000001"), "I6")["state"] == "MET"


def test_synonyms_of_the_users_own(tmp_path):
    trial, patients, own = tmp_path / "t.jsonl", tmp_path / "p.jsonl", tmp_path / "own.tsv"
    trial.write_text(json.dumps(mention("Wilson disease", "Wilson disease")))
    patients.write_text('{"id": "x", "conditions": [{"name": "肝豆状核变性"}]}')
    own.write_text("name\tbroader\ten\tzh\nWilson disease\t\thepatolenticular degeneration\t肝豆状核变性\n", "utf-8")
    found = []
    for more in ([], ["--synonyms", str(own)], []):
        assert main(["screen", str(patients), str(trial), "-o", str(tmp_path / "m.jsonl"), "-q", *more]) == 0
        found.append(row_of(json.loads((tmp_path / "m.jsonl").read_text("utf-8")), "E1")["state"])
    assert found == ["UNKNOWN", "MET", "UNKNOWN"]


@pytest.mark.parametrize(
    ("patients", "trials", "words"),
    [
        ('{"id": 1}', '{"id": "T", "trial": {}}', "line 1"),
        ('{"id": "x", "agee": 3}', '{"id": "T", "trial": {}}', "agee"),
        ('{"id": "x"}', '{"id": "L", "label": {}}', "no record of a trial"),
        ('{"id": "x"}', "no json", "no records of ours"),
        ('{"id": "x"}', '{"a": 1}', "no records of ours"),
        ('{"id": "x"}', '{"id": "T", "trial": {"eligibility": {"inclusion": [{"id": "I1"}]}}}', "T is not built"),
        ('{"id": "x"}', '{"id": "T", "trial": {"eligibility": {"inclusion": 3}}}', "T is not built"),
    ],
)
def test_wrong_inputs_are_told_and_nothing_is_written(tmp_path, capsys, patients, trials, words):
    (tmp_path / "p.jsonl").write_text(patients)
    (tmp_path / "t.jsonl").write_text(trials)
    assert main(["screen", str(tmp_path / "p.jsonl"), str(tmp_path / "t.jsonl"), "-o", str(tmp_path / "m.jsonl")]) == 1
    assert words in capsys.readouterr().err
    assert not (tmp_path / "m.jsonl").exists()


def test_a_label_among_trials_is_left_out_and_told(tmp_path, capsys):
    (tmp_path / "p.jsonl").write_text('{"id": "x"}')
    (tmp_path / "t.jsonl").write_text(json.dumps(record(["Age >= 18 years"])) + '\n{"id": "国药准字H1", "label": {}}\n')
    assert main(["screen", str(tmp_path / "p.jsonl"), str(tmp_path / "t.jsonl"), "-o", str(tmp_path / "m.jsonl")]) == 0
    assert "国药准字H1" in capsys.readouterr().err


def test_an_output_of_another_kind_is_wrong_usage(trials_file, tmp_path):
    with pytest.raises(SystemExit) as stopped:
        run(trials_file, tmp_path / "m.pdf")
    assert stopped.value.code == 2


def test_the_page_of_docs_shows_what_happens():
    """Every output that docs/screening.md shows is what its commands print."""
    page = (ROOT / "docs" / "screening.md").read_text("utf-8")
    shown = re.search(r"```json\n(.*?)```", page, re.DOTALL)[1]
    example = json.loads(shown)
    trial = next(record for name in TRIALS for record in records(SAMPLES / name) if record["id"] == example["trial"])
    lines = (PATIENTS / "six.jsonl").read_text("utf-8").splitlines()
    patient = next(json.loads(line) for line in lines if json.loads(line)["id"] == example["patient"])
    row = match(patient, trial)
    for key, value in example.items():
        if key == "criteria":
            assert all(item in [{k: v for k, v in full.items() if k in item} for full in row["criteria"]] for item in value)
        elif key != "rank":
            assert row[key] == value, key
