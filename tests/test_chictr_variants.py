"""ChiCTR pages as their readers keep them: views of one language, copies of every shape, cells that vary from trial to trial."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import extractor

BOTH = ("zh", "en")
Cell = tuple[tuple[str, str], tuple[str, str] | str]
# label pair → a value for both languages, or one a language; the heading of a group has none
HEAD: tuple[Cell, ...] = (
    (("注册号", "Registration number"), "ChiCTR2499000777"),
    (("注册时间", "Date of Registration"), "2024-11-05 00:00:00"),
    (("注册号状态", "Registration Status"), ("补注册", "Retrospective registration")),
    (("注册题目", "Public title"), ("右示酮预防谵妄的研究", "Dexshiketone for preventing delirium")),
)
TAIL: tuple[Cell, ...] = (
    (("研究类型", "Study type"), ("干预性研究", "Interventional study")),
    (("研究所处阶段", "Study phase"), ("II期临床试验", "2")),
    (("研究设计", "Study design"), ("单臂", "Single arm")),
    (("研究目的", "Objectives of Study"), ("比较两组。", "To compare.")),
    (("纳入标准", "Inclusion criteria"), ("1. 性别：不限；\n2. 择期手术。", "1. Gender: any;\n2. Elective surgery.")),
    (("排除标准", "Exclusion criteria"), ("1. 妊娠；\n2. 哺乳。", "1. Pregnancy;\n2. Lactation.")),
    (("性别", "Gender"), ("男女均可", "Both")),
    (
        (
            "随机方法（请说明由何人用什么方法产生随机序列）",
            "Randomization Procedure (please state who generates the random number sequence and by what method)",
        ),
        ("统计师：SAS", "Statistician: SAS"),
    ),
    (("盲法", "Blinding"), ("开放", "Open label")),
)


def read(page: str | bytes, name: str = "copy.txt") -> dict[str, Any]:
    (only,) = extractor.extract(page.encode() if isinstance(page, str) else page, name)
    plain: dict[str, Any] = json.loads(extractor.to_json(only))
    return plain


def printed(cells: tuple[Cell, ...], languages: tuple[str, ...] = BOTH) -> Iterator[tuple[list[str], str]]:
    """(labels, value) in the order of print."""
    for labels, value in cells:
        pairs = [(label, language) for label, language in zip(labels, BOTH, strict=True) if language in languages]
        if isinstance(value, str):
            yield [label for label, _ in pairs], value
        else:
            for label, language in pairs:
                yield [label], value[BOTH.index(language)]


def copied(*cells: Cell, languages: tuple[str, ...] = BOTH, colon: str = "：", gap: str = "\n\n") -> str:
    """A copy that gives every label and every value its own line."""
    return "\n" + gap.join(part for labels, value in printed(cells, languages) for part in (*(f"{x}{colon}" for x in labels), value))


def one_line(*cells: Cell, languages: tuple[str, ...] = BOTH, colon: str = "：", between: str = "") -> str:
    """A copy that prints a label before its value."""
    return "\n".join(between.join([*(f"{x}{colon}" for x in labels), value]) for labels, value in printed(cells, languages)) + "\n"


def page(*cells: Cell, languages: tuple[str, ...] = BOTH) -> str:
    """The page as HTML, on one line."""
    rows = (
        f'<tr><td class="left_title">{"".join(f"<p>{x}：</p>" for x in labels)}</td><td>{value.replace(chr(10), "<br>")}&nbsp;</td></tr>'
        for labels, value in printed(cells, languages)
    )
    return f"<html><body><table>{''.join(rows)}</table></body></html>"


def trial(*cells: Cell, languages: tuple[str, ...] = BOTH) -> dict[str, Any]:
    found: dict[str, Any] = read(page(*HEAD, *cells, *TAIL, languages=languages), "page.html")["trial"]
    return found


def leaves(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {leaf for item in value.values() for leaf in leaves(item)}
    return {leaf for item in value for leaf in leaves(item)} if isinstance(value, list) else {str(value)}


COPIES = {
    "tight": copied(*HEAD, *TAIL, gap="\n"),
    "ASCII colons": copied(*HEAD, *TAIL, colon=":"),
    "Windows": copied(*HEAD, *TAIL).replace("\n", "\r\n"),
    "one line": one_line(*HEAD, *TAIL),
    "one line, a blank between": one_line(*HEAD, *TAIL, colon=":", between=" "),
    "tabs": one_line(*HEAD, *TAIL, between="\t"),
}


@pytest.mark.parametrize("shape", COPIES)
def test_copies_agree_with_the_page(shape: str) -> None:
    want = read(page(*HEAD, *TAIL), "page.html")["trial"]
    assert read(COPIES[shape])["trial"] == want
    assert want["design"]["randomization"] == {"zh": "统计师：SAS", "en": "Statistician: SAS"}


@pytest.mark.parametrize(
    "edge",
    [
        "https://www.chictr.org.cn/showproj.html?proj=123456 3/9\n2026/5/3 14:02 中国临床试验注册中心 - 世界卫生组织国际临床试验注册平台",
        "第 3 页 共 9 页\n5/3/26, 2:02 PM Chinese Clinical Trial Register (ChiCTR)",
        "Page 3 of 9\n2026/5/3 下午2:02",
    ],
)
def test_edges_of_printed_pages_are_no_values(edge: str) -> None:
    lines = COPIES["tight"].split("\n")
    cut = "\n".join(f"{line}\n{edge}" if at % 5 == 4 else line for at, line in enumerate(lines))
    assert read(cut)["trial"] == read(COPIES["tight"])["trial"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_copies_in_other_encodings(encoding: str) -> None:
    assert read(COPIES["Windows"].encode(encoding))["trial"] == read(COPIES["tight"])["trial"]


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("build", [copied, one_line, page])
def test_views_of_one_language(build: Any, language: str) -> None:
    view = read(build(*HEAD, *TAIL, languages=(language,)), "page.html" if build is page else "copy.txt")
    assert view["id"] == "ChiCTR2499000777"
    codes = view["trial"]["design"]
    assert (codes["phases"]["codes"], codes["masking"]["code"], codes["study_type"]["code"]) == (["PHASE2"], "NONE", "INTERVENTIONAL")
    assert [len(view["trial"]["eligibility"][side]) for side in ("inclusion", "exclusion")] == [2, 2]
    assert set(view["trial"]["titles"]["public"]) == {language}


def test_labels_inside_values_are_words() -> None:
    shown = trial(
        (("药物成份或治疗方案详述", "Description for medicine or protocol of treatment in detail"), ("性别：不限；组别：A", "Group: A"))
    )
    assert shown["descriptions"]["treatment"] == {"zh": "性别：不限；组别：A", "en": "Group: A"}
    assert shown["eligibility"]["sex"]["code"] == "ALL"


AGE = ("年龄范围", "Participant age")


@pytest.mark.parametrize(
    ("cell", "languages", "low", "high"),
    [
        ("最小 Min age 18 years \n最大 Max age 75 years", BOTH, (18, "YEAR"), (75, "YEAR")),
        ("最小 Min age 6个月 years \n最大 Max age 14 years", BOTH, (6, "MONTH"), (14, "YEAR")),
        ("最小 Min age years \n最大 Max age 75 years", BOTH, None, (75, "YEAR")),
        ("Min age  years Max age 75 years", ("en",), None, (75, "YEAR")),
        ("Min age 18 years Max age  years", ("en",), (18, "YEAR"), None),
        ("最小 28天 最大 12周", ("zh",), (28, "DAY"), (12, "WEEK")),
        ("最小 Min age 无 years \n最大 Max age 无 years", BOTH, None, None),
    ],
)
def test_ages(cell: str, languages: tuple[str, ...], low: Any, high: Any) -> None:
    eligibility = trial((AGE, cell), languages=languages)["eligibility"]
    limits = (eligibility.get(name) for name in ("minimum_age", "maximum_age"))
    assert [limit and (limit["value"], limit["unit"]) for limit in limits] == [low, high]


def arms(*sizes: str) -> list[Cell]:
    """The block of arms, one a size."""
    cells: list[Cell] = [(("干预措施", "Interventions"), "")]
    for at, size in enumerate(sizes, 1):
        cells += [(("组别", "Group"), (f"第{at}组", f"Group {at}")), (("样本量", ""), size)]
        cells += [
            (("干预措施", "Intervention"), ("右示酮，组别：A", "Dexshiketone, Group: A")),
            (("干预措施代码", "Intervention code"), ""),
        ]
    return cells


@pytest.mark.parametrize(
    ("sizes", "total"), [(("30例", "约30人"), 60), (("60",), 60), (("30", ""), None), (("1,200", "800"), 2000), (("5",) * 12, 60)]
)
def test_sizes_of_arms(sizes: tuple[str, ...], total: int | None) -> None:
    cells = [(tuple(filter(None, labels)) if labels[1] else (labels[0], ""), value) for labels, value in arms(*sizes)]
    found = trial(*cells)  # type: ignore[arg-type]
    assert len(found["arms"]) == len(sizes)
    assert found.get("enrollment", {}).get("count") == total
    assert [item["name"]["zh"] for item in found["interventions"]] == ["右示酮，组别：A"] * len(sizes)


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        (("I期+II期临床试验", "1-2"), ["PHASE1", "PHASE2"]),
        (("Ⅱ期临床研究", ""), ["PHASE2"]),
        (("Ib期", ""), ["PHASE1"]),
        (("II/III期", ""), ["PHASE2", "PHASE3"]),
        (("", "Phase 2a/2b"), ["PHASE2"]),
        (("上市后药物", "4"), ["PHASE4"]),
        (("治疗新技术临床试验", "New Treatment Measure Clinical Study"), ["NA"]),
        (("第二阶段", ""), ["OTHER"]),
    ],
)
def test_phases(cell: tuple[str, str], codes: list[str]) -> None:
    cells = [(("研究所处阶段", "Study phase"), cell) if labels[0] == "研究所处阶段" else (labels, value) for labels, value in TAIL]
    assert read(page(*HEAD, *cells), "page.html")["trial"]["design"]["phases"]["codes"] == codes


@pytest.mark.parametrize(
    ("words", "code", "masked"),
    [
        ("采用双盲设计", "DOUBLE", None),
        ("Double-blinded (patients, investigators)", "DOUBLE", None),
        ("双盲（受试者、研究者）", "DOUBLE", ["PARTICIPANT", "INVESTIGATOR"]),
        ("本研究不设盲", "NONE", None),
        ("Open-label trial", "NONE", None),
        ("开放，但评估者设盲", "OTHER", None),
        ("对患者设盲", "OTHER", None),
        ("先单盲后双盲", "OTHER", None),
    ],
)
def test_masking_is_free_text(words: str, code: str, masked: list[str] | None) -> None:
    cells = [(labels, (words, "")) if labels[0] == "盲法" else (labels, value) for labels, value in TAIL]
    design = read(page(*HEAD, *cells), "page.html")["trial"]["design"]
    assert design["masking"]["code"] == code
    assert design.get("who_masked") == masked


@pytest.mark.parametrize(
    ("zh", "en", "withdrawn"),
    [
        ("撤销（重复注册） 某研究", "Withdraw due to duplicate registration   A study", True),
        ("（撤销）某研究", "Cancelled A study", True),
        ("撤回：某研究", "Withdrawn A study", True),
        ("撤机失败的预测", "Withdrawal of antiepileptic drugs", False),
        ("取消卧床的研究", "Cancelling bed rest", False),
    ],
)
def test_withdrawn_titles(zh: str, en: str, withdrawn: bool) -> None:
    cells = [(labels, (zh, en)) if labels[0] == "注册题目" else (labels, value) for labels, value in HEAD]
    found = read(page(*cells, *TAIL), "page.html")
    assert ("withdrawn" in found["trial"]["registration"]) == withdrawn
    assert ("registration.withdrawn" in {item["code"] for item in found["findings"]}) == withdrawn if "findings" in found else not withdrawn


def test_partner_numbers_in_free_text() -> None:
    cell = (
        ("在二级注册机构或其它机构的注册号", "The registration number of the Partner Registry or other register"),
        "https://clinicaltrials.gov/ct2/show/NCT07777771； EudraCT 2020-001234-12、CTR20249999",
    )
    assert [(item["scheme"], item["value"]) for item in trial(cell)["identifiers"]][1:] == [
        ("NCT", "NCT07777771"),
        ("EUCTR", "2020-001234-12"),
        ("CDE", "CTR20249999"),
    ]


def test_partner_numbers_under_a_chinese_line() -> None:
    label = ("在二级注册机构或其它机构的注册号", "The registration number of the Partner Registry or other register")
    found = trial((label, "美国临床试验注册中心\nNCT07777771"))["identifiers"]
    assert [item["value"] for item in found] == ["ChiCTR2499000777", "NCT07777771"]


@pytest.mark.parametrize(
    ("words", "system", "code"),
    [("F05.8", "ICD-10", "F05.8"), ("ICD-10：C50", "ICD-10", "C50"), ("ICD11: 2C6Z", "ICD-11", "2C6Z"), ("SNOMED 7", "OTHER", "SNOMED 7")],
)
def test_disease_codes(words: str, system: str, code: str) -> None:
    cells: list[Cell] = [(("研究疾病", "Target disease"), ("谵妄", "Delirium")), (("研究疾病代码", "Target disease code"), words)]
    assert trial(*cells)["conditions"] == [{"name": {"zh": "谵妄", "en": "Delirium"}, "code": {"system": system, "code": code}}]


@pytest.mark.parametrize(("zh", "en"), [("无", "None"), ("无。", "N/A"), ("/", "-")])
def test_no_criteria_is_no_criterion(zh: str, en: str) -> None:
    cells = [(labels, (zh, en)) if labels[0] == "排除标准" else (labels, value) for labels, value in TAIL]
    eligibility = read(page(*HEAD, *cells), "page.html")["trial"]["eligibility"]
    assert "exclusion" not in eligibility
    assert len(eligibility["inclusion"]) == 2


def test_a_diagnostic_trial_has_tests_in_place_of_arms() -> None:
    cells: list[Cell] = [
        (
            ("金标准或参考标准（即可准确诊断某疾病的单项方法）", "Gold Standard or Reference Standard (The reference)"),
            ("病理", "Pathology"),
        ),
        (("指标试验（即本研究的待评估诊断试验）", "Index test"), ("超声", "Ultrasound")),
        (("目标人群（可以是某种疾病患者）", "Target condition"), ("结节患者", "Nodules")),
        (("例数", "Sample size"), "100"),
        (("容易混淆的疾病人群（即不易区分的疾病）", "Population with condition difficult to distinguish"), ("腺病", "Adenosis")),
        (("例数", "Sample size"), "20"),
        (("样本总量", "Total sample size"), "120例"),
    ]
    found = read(page(*HEAD, *cells, *TAIL), "page.html")
    assert found["trial"]["enrollment"] == {"count": 120}
    assert "arms" not in found["trial"]
    kept = [item["text"] for item in found["unmapped"]]
    assert kept == ["病理", "Pathology", "超声", "Ultrasound", "结节患者", "Nodules", "100", "腺病", "Adenosis", "20"]


def test_values_that_equal_labels_are_values() -> None:
    cells: list[Cell] = [
        (("测量指标", "Outcomes"), ""),
        (("指标中文名", "Outcome"), ("干预措施", "Intervention")),
        (("指标类型", "Type"), ("附加指标", "Additional indicator")),
        (("采集人体标本", "Collecting sample(s) from participants"), ""),
        (("标本中文名", "Sample Name"), ("组织", "Tissue")),
        (("组织", "Tissue"), ("其它", "Type")),
    ]
    found = trial(*cells)
    assert found["outcomes"][0]["measure"] == {"zh": "干预措施", "en": "Intervention"}
    assert found["outcomes"][0]["level"]["code"] == "OTHER"
    assert found["biospecimens"] == [{"name": {"zh": "组织", "en": "Tissue"}, "tissue": {"zh": "其它", "en": "Type"}}]


def test_nothing_is_lost_in_any_copy() -> None:
    want = {value for _, values in (*HEAD[2:4], *TAIL[:4]) for value in values}
    for copy in COPIES.values():
        assert want <= leaves(read(copy)["trial"])
