"""Constraints of fictional criteria, one table a rule. Every case was made up for these tests."""

from __future__ import annotations

import pytest
from constraint_brief import brief, names
from msgspec import UNSET

from extractor.criteria.constraints import find_constraints, parse_constraints

AGES = {
    "Age ≥ 21 years": ["AGE >=21 a"],
    "Aged 19 to 64 years, inclusive": ["AGE >=19 <=64 a"],
    "At least 16 years old": ["AGE >=16 a"],
    "20 years or older": ["AGE >=20 a"],
    "Between the ages of 30 and 55": ["AGE >=30 <=55"],
    "younger than 12 years": ["AGE <12 a"],
    "under the age of 17": ["AGE <17"],
    "Under 15 or over 90 years": ["AGE <15 a", "AGE >90 a"],
    "children 6 and older": ["AGE >=6"],
    "Adults ≥ 25": ["AGE >=25"],
    "infants 2-9 months": ["AGE >=2 <=9 mo"],
    "21+ years": ["AGE >=21 a"],
    "≥ 22 and ≤ 66 years of age": ["AGE >=22 <=66 a"],
    "age between 50 (inclusive) and 79 (exclusive) years": ["AGE >=50 <79 a"],
    "33岁≤年龄＜77岁": ["AGE >=33 <77 a"],
    "年龄21~59周岁（含两端）": ["AGE >=21 <=59 a"],
    "年龄满16周岁，不满70周岁": ["AGE >=16 <70 a"],
    "年满20周岁": ["AGE >=20 a"],
    "三十岁以上": ["AGE >=30 a"],
    "日龄不足10天": ["AGE <10 d"],
    "月龄6～18月": ["AGE >=6 <=18 mo"],
    "矫正胎龄≥36周": ["AGE >=36 wk"],
    "年龄8月～5岁": ["AGE >=8 mo", "AGE <=5 a"],
    "年龄22（含）～66（含）岁": ["AGE >=22 <=66 a"],
    "年龄25岁以下": ["AGE <=25 a"],
    "年龄超过65岁": ["AGE >65 a"],
    "4个月至2岁幼儿": ["AGE >=4 mo", "AGE <=2 a"],
    "Age (approx. +/- 4 years)": [],
}

MEASUREMENTS = {
    "Hemoglobin ≥ 9.5 g/dL": ["MEASUREMENT >=9.5 g/dL"],
    "platelets >= 80 x 10^9/L": ["MEASUREMENT >=80 10*9/L"],
    "ANC at least 1,200/mm3": ["MEASUREMENT >=1200 /mm3"],
    "platelet count below 75.000/mm³": ["MEASUREMENT <75000 /mm3"],
    "BMI between 19 and 29 kg/m²": ["MEASUREMENT >=19 <=29 kg/m2"],
    "TSH > 6 μIU/mL but ≤ 9.5 μIU/mL": ["MEASUREMENT >6 <=9.5 u[IU]/mL"],
    "potassium < 3.2 or > 5.9 mmol/L": ["MEASUREMENT <3.2 mmol/L", "MEASUREMENT >5.9 mmol/L"],
    "LVEF less than 45%": ["MEASUREMENT <45 %"],
    "7.2% ≤ HbA1c ≤ 9.8%": ["MEASUREMENT >=7.2 <=9.8 %"],
    "blood pressure > 155/95 mmHg": ["MEASUREMENT >155 mm[Hg]", "MEASUREMENT >95 mm[Hg]"],
    "QTcF > 455 msec": ["MEASUREMENT >455 ms"],
    "more than 12 cigarettes per day": ["MEASUREMENT >12 /d"],
    "mitotic count ≤ 12/10 high power fields": ["MEASUREMENT <=12 /(10.[HPF])"],
    "HCV RNA ≥ 2×10^3 copies/mL": ["MEASUREMENT >=2000 {copies}/mL"],
    "血小板≥85×10⁹/L": ["MEASUREMENT >=85 10*9/L"],
    "PLT≥85109/L": ["MEASUREMENT >=85 10*9/L"],
    "白细胞计数(3.5-9.5)×109/L": ["MEASUREMENT >=3.5 <=9.5 10*9/L"],
    "血小板低于6万/mm3": ["MEASUREMENT <6 10*4/mm3"],
    "BMI（kg/m2）在19~31之间": ["MEASUREMENT >=19 <=31 kg/m2"],
    "血红蛋白不低于85g/L": ["MEASUREMENT >=85 g/L"],
    "血钾<3.4mmol/L或>5.6mmol/L": ["MEASUREMENT <3.4 mmol/L", "MEASUREMENT >5.6 mmol/L"],
    "睾酮≤40ng/dL或1.4nmol/L": ["MEASUREMENT <=40 ng/dL", "MEASUREMENT <=1.4 nmol/L"],
    "囊腔最大径小于6cm（包括6cm）": ["MEASUREMENT <=6 cm"],
    "受累面积大于15%以上": ["MEASUREMENT >15 %"],
    "每周使用手机不少于30小时": ["MEASUREMENT >=30 h/wk"],
    "日均吸烟≥15支": ["MEASUREMENT >=15 /d"],
    "波动幅度为±8％之内": ["MEASUREMENT >=-8 <=8 %"],
    "血压＞145／92mmHg": ["MEASUREMENT >145 mm[Hg]", "MEASUREMENT >92 mm[Hg]"],
    "eGFR＜45 ml·min-1·1.73m-2": ["MEASUREMENT <45 mL/min/{1.73_m2}"],
    "血清钙≥2.1 mmol/L(8.4 mg/dL)且≤2.9 mmol/L (11.6 mg/dL)": ["MEASUREMENT >=2.1 <=2.9 mmol/L"],
    "HBV-DNA≥10^3拷贝/mL": ["MEASUREMENT >=1000 {copies}/mL"],
    "HBV DNA > 10⁴ IU/mL": ["MEASUREMENT >10000 [IU]/mL"],
    "血压≮95mmHg": ["MEASUREMENT >=95 mm[Hg]"],
    "140 mmHg ≤ mean pressure value ≤ 180 mmHg": ["MEASUREMENT >=140 <=180 mm[Hg]"],
    "at least 4 migraine attacks per month": ["MEASUREMENT >=4 /mo"],
    "饮酒量>18单位/周": ["MEASUREMENT >18 /wk"],
    "hypertension (blood pressure > 165/105 mmHg)": ["MEASUREMENT >165 mm[Hg]", "MEASUREMENT >105 mm[Hg]"],
    "prednisone ≥ 12 mg daily": ["DOSE >=12 mg/d"],
}

REFERENCES = {
    "ALT and AST ≤ 3 x ULN": ["MEASUREMENT <=3 ULN"] * 2,
    "AST, ALT or ALP greater than twice the upper limit of normal": ["MEASUREMENT >2 ULN"] * 3,
    "bilirubin > ULN": ["MEASUREMENT >1 ULN"],
    "creatinine above the upper limit of normal": ["MEASUREMENT >1 ULN"],
    "albumin < LLN": ["MEASUREMENT <1 LLN"],
    "lipase within 1.5 × ULN": ["MEASUREMENT <=1.5 ULN"],
    "ALT ≤ 2 × ULN, or ≤ 4 × ULN with liver metastases": ["MEASUREMENT <=2 ULN", "MEASUREMENT <=4 ULN"],
    "ALT、AST≤3倍正常值上限": ["MEASUREMENT <=3 ULN"] * 2,
    "总胆红素超过正常值上限2倍": ["MEASUREMENT >2 ULN"],
    "肌酐为正常值上限的三倍以上": ["MEASUREMENT >=3 ULN"],
    "谷丙转氨酶（ALT）和谷草转氨酶（AST）＜2?ULN": ["MEASUREMENT <2 ULN"] * 2,
    "C肽>正常值下限的1/2": ["MEASUREMENT >0.5 LLN"],
    "淀粉酶在正常上限以内": ["MEASUREMENT <=1 ULN"],
    "肌酐≤（同年龄段的）正常值上限1.2倍": ["MEASUREMENT <=1.2 ULN"],
    "转氨酶高于正常值2.5倍": ["MEASUREMENT >2.5 ULN"],
}

SCORES = {
    "ECOG performance status of 0, 1 or 2": ["SCORE >=0 <=2"],
    "ECOG 1-2": ["SCORE >=1 <=2"],
    "Karnofsky ≥ 60": ["SCORE >=60"],
    "a score of 22 or less on the Example Memory Screen": ["SCORE <=22"],
    "pain score of more than 3/10": ["SCORE >3"],
    "NYHA class III or IV": ["SCORE III|IV"],
    "NYHA class > II": ["SCORE >2"],
    "ASA I-III": ["SCORE I|II|III"],
    "Child-Pugh B or C": ["SCORE B|C"],
    "neuropathy > grade 1": ["SCORE >1"],
    "T-score ≤ -2.2": ["SCORE <=-2.2"],
    "T-score between -1.5 and -2.5": ["SCORE >=-2.5 <=-1.5"],
    "HAMD(17项)≥19分": ["SCORE >=19 {score}"],
    "pain ≥ 5 on a 0-10 scale": ["SCORE >=5"],
    "SCORAD ≥ 22 (at V0b)": ["SCORE >=22"],
    "ECOG评分0~2分": ["SCORE >=0 <=2 {score}"],
    "改良Rankin评分为2或3分": ["SCORE >=2 <=3 {score}"],
    "CDR=0.5或2.0": ["SCORE >=0.5 <=0.5", "SCORE >=2 <=2"],
    "ASA分级Ⅱ-Ⅳ级": ["SCORE II|III|IV"],
    "ASAIII级": ["SCORE III"],
    "心功能III级以上": ["SCORE >=3"],
    "Child-Pugh B级以上": ["SCORE B|C"],
    "骨密度T值＜-2.8": ["SCORE <-2.8"],
    "≥3级腹泻": ["SCORE >=3"],
    "2级及以上皮疹": ["SCORE >=2"],
    "出现≥CTCAE 3级的出血": ["SCORE >=3"],
    "文盲组MMSE≤16分，小学≤19分": ["SCORE <=16 {score}", "SCORE <=19 {score}"],
}

DURATIONS = {
    "Life expectancy of at least 14 weeks": ["DURATION >=14 wk"],
    "a minimum life expectancy of 5 months": ["DURATION >=5 mo"],
    "postmenopausal for at least 3 years": ["DURATION >=3 a"],
    "less than 2 years postmenopausal": ["DURATION <2 a"],
    "duration of symptoms < 36 hours": ["DURATION <36 h"],
    "gestational age ≥ 35 weeks": ["DURATION >=35 wk"],
    "预计生存期大于4个月": ["DURATION >4 mo"],
    "病程半年以上": ["DURATION >=0.5 a"],
    "自然绝经三年以上": ["DURATION >=3 a"],
    "孕≥20周": ["DURATION >=20 wk"],
    "病程小于2个月，或者大于4年": ["DURATION <2 mo", "DURATION >4 a"],
    "9天＜持续时间＜2年": ["DURATION >9 d", "DURATION <2 a"],
    "手术时间超过5小时": ["DURATION >5 h"],
    "连续居住一年半以上": ["DURATION >=1.5 a"],
}

WINDOWS = {
    "Stroke within the past 5 months": ["WINDOW [WITHIN 5 MONTH NOW]"],
    "surgery within 3 weeks prior to randomization": ["WINDOW [WITHIN 3 WEEK RANDOMIZATION]"],
    "antibiotics 10 days before the first dose": ["WINDOW [WITHIN 10 DAY FIRST_DOSE]"],
    "at least 5 weeks since the last radiotherapy": ["WINDOW [BEFORE 5 WEEK OTHER]"],
    "more than 9 months ago": ["WINDOW [BEFORE 9 MONTH NOW]"],
    "contraception until 7 months after the last dose": ["WINDOW [WITHIN 7 MONTH LAST_DOSE]"],
    "within six (6) weeks of screening": ["WINDOW [WITHIN 6 WEEK SCREENING]"],
    "an inhibitor within the last year": ["WINDOW [WITHIN 1 YEAR NOW]"],
    "within 3 weeks or 5 half-lives before enrollment, whichever is longer": [
        "WINDOW [WITHIN 3 WEEK]",
        "WINDOW [WITHIN 5 HALF_LIFE ENROLLMENT]",
    ],
    "bisphosphonates for ≥ 2 years": ["WINDOW [FOR 2 YEAR]"],
    "completed 5 months of adjuvant chemotherapy": ["WINDOW [FOR 5 MONTH]"],
    "术后完成5个月标准辅助治疗": ["WINDOW [FOR 5 MONTH]"],
    "入组前5周内使用过激素": ["WINDOW [WITHIN 5 WEEK ENROLLMENT]"],
    "近四个月内有出血史": ["WINDOW [WITHIN 4 MONTH NOW]"],
    "首次给药前3天服用过止痛药": ["WINDOW [WITHIN 3 DAY FIRST_DOSE]"],
    "末次给药后至少45天内避孕": ["WINDOW [WITHIN 45 DAY LAST_DOSE]"],
    "术后20天以内": ["WINDOW [WITHIN 20 DAY SURGERY]"],
    "研究开始前至少5个月行结扎术": ["WINDOW [BEFORE 5 MONTH ENROLLMENT]"],
    "筛选前≥3个月未饮酒": ["WINDOW [WITHIN 3 MONTH SCREENING] not"],
    "距首次给药日期<4个药物半衰期": ["WINDOW [WITHIN 4 HALF_LIFE FIRST_DOSE]"],
    "化疗结束距入组≥5周": ["WINDOW [BEFORE 5 WEEK ENROLLMENT]"],
    "骨折3个月以后": ["WINDOW [AFTER 3 MONTH OTHER]"],
    "脑卒中后2~11个月": ["WINDOW [AFTER 2 MONTH OTHER]", "WINDOW [WITHIN 11 MONTH OTHER]"],
    "药疹痊愈后5周至4个月内": ["WINDOW [AFTER 5 WEEK OTHER]", "WINDOW [WITHIN 4 MONTH OTHER]"],
    "停用抗凝药5天以上": ["WINDOW [FOR 5 DAY]"],
    "随机前6周（或5个半衰期，以较长者为准）内": ["WINDOW [WITHIN 6 WEEK RANDOMIZATION]", "WINDOW [WITHIN 5 HALF_LIFE RANDOMIZATION]"],
}

GOVERNED = {
    "Hemoglobin ≥ 8 g/dL within 10 days prior to enrollment": ["MEASUREMENT >=8 g/dL [WITHIN 10 DAY ENROLLMENT]"],
    "入组前3周之内总胆红素≤1.5×ULN；ALT≤3×ULN": [
        "MEASUREMENT <=1.5 ULN [WITHIN 3 WEEK ENROLLMENT]",
        "MEASUREMENT <=3 ULN [WITHIN 3 WEEK ENROLLMENT]",
    ],
    "筛选前5天内，实验室检查符合：Hb≥80g/L；血小板≥70×10^9/L": [
        "MEASUREMENT >=80 g/L [WITHIN 5 DAY SCREENING]",
        "MEASUREMENT >=70 10*9/L [WITHIN 5 DAY SCREENING]",
    ],
    "筛选前2个月内献血或大量失血（>300 mL）": ["WINDOW [WITHIN 2 MONTH SCREENING]", "MEASUREMENT >300 mL [WITHIN 2 MONTH SCREENING]"],
    "血压<150/95mmHg至少4个月": ["MEASUREMENT <150 mm[Hg] [FOR 4 MONTH]", "MEASUREMENT <95 mm[Hg] [FOR 4 MONTH]"],
    "血小板≥70×10^9/L（检查前10天内未输血小板）": ["MEASUREMENT >=70 10*9/L", "WINDOW [WITHIN 10 DAY OTHER] not"],
    "2个月的体重变化≤8%": ["MEASUREMENT <=8 % [WITHIN 2 MONTH]"],
}

PEOPLE = {
    "男女不限": ["SEX ALL"],
    "性别不限，年龄≥20岁": ["SEX ALL", "AGE >=20 a"],
    "Female, 30 to 50 years": ["SEX FEMALE", "AGE >=30 <=50 a"],
    "Either gender": ["SEX ALL"],
    "二十五岁以上的男性": ["AGE >=25 a", "SEX MALE"],
    "男性≥55kg，女性≥48kg": ["MEASUREMENT >=55 kg", "MEASUREMENT >=48 kg"],
    "育龄妇女须避孕": [],
    "妊娠或哺乳期妇女": ["PREGNANCY", "PREGNANCY"],
    "Pregnant or breastfeeding": ["PREGNANCY", "PREGNANCY"],
    "Women of childbearing potential must use contraception": [],
    "非妊娠期": ["PREGNANCY not"],
}

SCOPES = {
    "年龄不在20-50周岁之间": ["AGE >=20 <=50 a not"],
    "No seizure within 8 weeks of consent": ["WINDOW [WITHIN 8 WEEK CONSENT] not"],
    "恶性肿瘤（除外治愈且无复发时间≥6年者）": ["DURATION >=6 a except"],
    "毒性未恢复至≤1级（除外2级脱发）": ["SCORE <=1 not", "SCORE >=2 <=2 except"],
    "infection, unless resolved at least 3 weeks before enrollment": ["WINDOW [BEFORE 3 WEEK ENROLLMENT] except"],
    "出血（痊愈后维持>4个月者可入组）": ["DURATION >4 mo except"],
}

NOTHING = [
    "Type 2 diabetes mellitus, HER2 positive, CD20, BRCA1/2 mutation",
    "RECIST 1.1, CTCAE version 5.0, ICD-10 F32.1, DSM-5",
    "see exclusion criteria 4 and 12",
    "at least one of the following",
    "two or more of the following criteria",
    "符合以下至少2项以上",
    "（参照2021年第3版指南）",
    "每次20mg，每日3次",
    "联系电话 021-5555 0199",
    "HBV vaccine on 2020-03-15",
    "the study lasts 18 months",
    "1型糖尿病；CYP2C9；L1-L4椎体",
    "1单位酒精=285mL啤酒",
    "a 12-lead ECG and 24-hour Holter",
    "visual acuity worse than 20/200",
    "upright at 9:30",
    "radiotherapy of 50-60 Gy in 30 fractions",
    "具有假体重建经验",
    "孕36周前分娩",
    "2-hour oral glucose tolerance test",
    "steroid cream of class III",
    "HER2 2+",
    "一级亲属有肿瘤史",
    "肝功能在正常范围",
    "Subjects must give consent",
    "受试者自愿参加",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (text, expected)
        for table in (AGES, MEASUREMENTS, REFERENCES, SCORES, DURATIONS, WINDOWS, GOVERNED, PEOPLE, SCOPES)
        for text, expected in table.items()
    ],
)
def test_each_rule(text, expected):
    assert brief(text) == expected


@pytest.mark.parametrize("text", NOTHING)
def test_numbers_that_are_no_constraint(text):
    assert brief(text) == []


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
    ],
)
def test_limits_for_some_people_say_so(text, words):
    applies = find_constraints(text)[0].applies_to
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
