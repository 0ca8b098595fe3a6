"""Constraints of fictional criteria: the rows of cases/constraints.tsv, and what a row cannot say."""

from __future__ import annotations

import pytest
from case_rows import read_cases
from constraint_brief import brief, names, said
from msgspec import UNSET

from extractor.criteria import parse_criteria
from extractor.criteria.constraints import find_constraints, parse_constraints, read_constraints
from extractor.criteria.constraints.stems import read_stem
from extractor.criteria.constraints.vocabulary import read_entries
from extractor.normalise.folding import fold


@pytest.mark.parametrize(("text", "expected"), read_cases("constraints"))
def test_each_rule(text, expected):
    assert brief(text) == list(filter(None, expected.split(" ; ")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("天冬氨酸氨基转移酶、ALT ≤ 2×ULN", ["aspartate_aminotransferase", "alanine_aminotransferase"]),
        ("AST/ALT ≤ 1.2", ["AST/ALT"]),
        ("血清肌酐(Cr) ≤ 1.3 mg/dL", ["creatinine"]),
        ("近3个月体重变化≤4%", ["体重变化"]),
        ("more than 3 prior regimens", ["prior regimens"]),
        ("至少2个靶病灶", ["target_lesions"]),
        ("肝功能（ALT、AST）>2倍正常值上限", ["alanine_aminotransferase", "aspartate_aminotransferase"]),
        ("receiving > 15 mg prednisone", ["prednisone"]),
        ("血清总淀粉酶≤1.4×ULN", ["amylase"]),
        ("≥2级角膜炎", ["角膜炎"]),
        ("出生体重<1500g", ["birth_weight"]),
        ("birth weight below 1500 g", ["birth_weight"]),
        ("estimated fetal weight > 4000 g", ["fetal_weight"]),
        ("体重<50kg", ["body_weight"]),
        ("no more than 4 tumors and a maximum diameter > 6 cm", ["tumors", "diameter"]),
        ("肿瘤数目≤3个且每个≤3cm", ["tumour_count"]),
        ("creatinine phosphokinase > 3 x ULN", ["creatinine phosphokinase"]),
        ("creatinine > 3 mg/dL", ["creatinine"]),
        ("血小板聚集率≥60%", ["血小板聚集率"]),
        ("progesterone receptors < 1%", ["progesterone receptors"]),
        ("HAMD自杀条目≥3分", ["HAMD自杀条目"]),
        ("血红蛋白下降≥15g/L", ["血红蛋白下降"]),
        ("a drop in hemoglobin of > 1.5 g/dL", ["drop in hemoglobin"]),
        ("体能状态（KPS）≥60分", ["karnofsky"]),
        ("发病至入院时间≤7小时", ["发病至入院时间"]),
        ("无病生存≥4年", ["interval"]),
        ("less than 5 months of antibiotic therapy", ["antibiotic therapy"]),
    ],
)
def test_variables(text, expected):
    assert names(text) == expected


def test_the_loinc_code_stands_beside_the_words():
    (constraint,) = find_constraints("血小板≥90×10⁹/L")
    assert (constraint.variable.text, constraint.variable.codes[0].code) == ("血小板", "777-3")
    assert constraint.unit.text == "×10⁹/L"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("腰围≥92cm（男性）", "男性"),
        ("QTcF男性>452ms", "男性"),
        ("ALT ≤ 6 × ULN with liver metastases", "with liver metastases"),
        ("creatinine ≤ 1.4 mg/dL in men", "in men"),
        ("存在肝转移时，AST≤6×ULN", "存在肝转移时"),
        ("In patients ≥ 72 years, LVEF ≥ 52%", "In patients ≥ 72 years"),
        ("肌酐≤0.7mg/dL（3-5岁）", "3-5岁"),
        ("Lansky ≥ 55 (patients < 15 years of age)", "patients < 15 years of age"),
        ("72岁以上者ECOG 0-1分", "72岁以上者"),
    ],
)
def test_limits_for_some_people_say_so(text, words):
    applies = find_constraints(text)[0].applies_to
    assert words in (applies.zh, applies.en)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("血小板≥90×10^9/L（若骨髓受累则45×10^9/L）", "若骨髓受累"),
        ("血小板≥90×10^9/L（肝癌患者可放宽至70×10^9/L）", "肝癌患者"),
        ("ALT≤2.5×ULN（如有肝转移，6×ULN）", "如有肝转移"),
        ("QTcF≤455ms（女性475ms）", "女性"),
        ("血红蛋白≥125g/L（男）或115g/L（女）", "女"),
        ("BMI ≥ 31 kg/m2 (28 kg/m2 with comorbidity)", "with comorbidity"),
        ("ALT ≤ 2.5 x ULN, 6 x ULN if liver metastases", "if liver metastases"),
        ("Bilirubin < 18 mg/dL (if Gilbert's then < 2.5 mg/dL)", "if Gilbert's then"),
        ("70岁以下者ECOG评分0～2分，70岁及以上者0～1分", "70岁及以上者"),
    ],
)
def test_a_second_limit_says_for_whom_it_is(text, words):
    applies = find_constraints(text)[-1].applies_to
    assert words in (applies.zh, applies.en)


def test_the_language_files_the_quote():
    assert find_constraints("ECOG 0-1", "zh")[0].quote.zh == "ECOG 0-1"
    assert find_constraints("ECOG 0-1")[0].quote.en == "ECOG 0-1"
    assert find_constraints("年龄>20岁")[0].quote.en is UNSET


def test_the_same_constraint_is_said_once():
    assert brief("ALT > 3 × ULN; ALT > 3 × ULN") == ["MEASUREMENT >3 ULN"]


def test_an_exclusion_is_not_flipped():
    assert brief("Exclusion: platelets < 70 × 10⁹/L") == ["MEASUREMENT <70 10*9/L"]


def test_both_names_give_the_same():
    assert parse_constraints("Hb < 8 g/dL") == find_constraints("Hb < 8 g/dL")


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("年龄19~68周岁", "aged 19 to 68 years"),
        ("血红蛋白≥88 g/L", "hemoglobin ≥ 88 g/L"),
        ("ALT和AST≤2×ULN", "ALT and AST ≤ 2 x ULN"),
        ("入组前5个月内心肌梗死", "myocardial infarction within 5 months prior to enrollment"),
        ("预计生存期≥4个月", "life expectancy ≥ 4 months"),
        ("NYHA III-IV级", "NYHA class III-IV"),
        ("血压>148/92 mmHg", "blood pressure > 148/92 mmHg"),
    ],
)
def test_both_languages_say_the_same(chinese, english):
    assert brief(chinese) == brief(english)


@pytest.mark.parametrize(("text", "complete"), read_cases("completeness"))
def test_complete_says_all(text, complete):
    assert read_constraints(text).complete is (complete == "yes")


@pytest.mark.parametrize(
    ("section", "complete"), [("Inclusion", True), ("Exclusion", False)], ids=["all must hold", "each of them excludes alone"]
)
def test_several_limits_stand_for_an_inclusion_only(section, complete):
    found = parse_criteria(f"{section} Criteria:\n* Platelets ≥ 90 x 10^9/L, ALT ≤ 2.2 x ULN")
    assert [node.complete for node in (*found.inclusion, *found.exclusion)] == [complete]


@pytest.mark.parametrize(
    ("stem", "excepted"),
    [
        ("Prior cancer, except:", True),
        ("Prior cancer except for the following:", True),
        ("Abnormal kidney function unless one of the following criteria is met:", True),
        ("使用过激素，下列情况除外：", True),
        ("既往肿瘤病史，有以下任一情况者除外：", True),
        ("Prior cancer, including:", False),
        ("No cancer except skin cancer, and:", False),
        ("Except for the following:", False),
        ("以下患者除外：", False),
        ("手术切除以下部位：", False),
        ("排除以下情况：", False),
    ],
)
def test_a_stem_carves_out_what_stands_below_it(stem, excepted):
    assert read_stem(stem).excepted is excepted


def test_children_of_a_stem_that_carves_out_are_exceptions():
    found = parse_criteria("Exclusion Criteria:\n* Prior cancer, except:\n  * PSA ≤ 0.9 ng/mL\n* Pregnancy").exclusion
    assert [node.constraints[0].exception for node in (found[0].children[0], found[1])] == [True, False]


@pytest.mark.parametrize(
    ("heading", "text", "expected"),
    [
        ("Age", "17 and under", "AGE <=17 a"),
        ("Age:", "Under 22", "AGE <22 a"),
        ("Age", "Karnofsky 50-100%", "SCORE >=50 <=100 %"),
        ("Age and sex", "Under 22", "MEASUREMENT <22"),
        ("Weight", "Under 22", "MEASUREMENT <22"),
    ],
)
def test_numbers_under_a_heading_of_age_are_ages(heading, text, expected):
    assert [said(found) for found in read_constraints(text, setting=read_stem(heading)).constraints] == [expected]


@pytest.mark.parametrize(("text", "expected"), read_cases("changes"))
def test_a_change_is_no_value(text, expected):
    assert names(text) == list(filter(None, expected.split(" ; ")))


@pytest.mark.parametrize(
    ("stem", "child", "denied"),
    [
        ("No evidence of any of the following:", "pregnancy", True),
        ("Must not have:", "ECOG > 2", True),
        ("Patients who do not meet the following:", "ALT ≤ 4 x ULN", True),
        ("无以下情况：", "血小板<60×10^9/L", True),
        ("Any of the following:", "ECOG > 2", False),
        ("No contraindication:", "ECOG 0-1", False),
        ("Adequate organ function without transfusion:", "platelets ≥ 80 x 10^9/L", False),
    ],
)
def test_what_a_stem_denies_is_denied_below_it_and_never_complete(stem, child, denied):
    reading = read_constraints(child, setting=read_stem(stem))
    assert ([each.negated for each in reading.constraints], reading.complete) == ([denied], not denied)


def test_spellings_of_the_lexicon_stand_folded() -> None:
    """The lexer reads ten thousand of them before the first page, and folds none."""
    assert [row for row, _, _ in read_entries() if fold(row) != row] == []


@pytest.mark.parametrize(("text", "expected"), read_cases("variables"))
def test_whose_value_a_limit_is(text, expected):
    assert names(text) == expected.split(" ; ")


@pytest.mark.parametrize(("text", "expected"), read_cases("concerned"))
def test_whom_a_limit_concerns(text, expected):
    said = [each.applies_to for each in find_constraints(text)]
    assert [(whom.en or whom.zh) if whom else "-" for whom in said] == expected.split(" ; ")
