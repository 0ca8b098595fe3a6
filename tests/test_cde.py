"""CDE pages: nested tables, read-only inputs, figures for the country and the world, words for "not filled in"."""

from __future__ import annotations

from typing import Any

import pytest
from documents import SHARED, needs_shared, record
from hypothesis import given
from hypothesis import strategies as st

import extractor
from extractor.decode import html, plain
from extractor.document import Document, Draft
from extractor.sources import cde, chictr, listing

HEAD = "登记号\tCTR20999902\t试验状态\t{status}\n药物名称\t雪松片\n药物类型\t化学药物\n适应症\t咳嗽\n试验专业题目\t雪松片治疗咳嗽\n试验通俗题目\t雪松片\n试验方案编号\tXS-1\n"


def page(text: str, **parts: str) -> Document:
    return plain.decode((HEAD.format(**{"status": "进行中", **parts}) + text).encode(), "page.txt")


def draft(document: Document) -> Draft:
    (only,) = cde.read(document)
    return only


def values(document: Document, prefix: str) -> list[str]:
    return [entry.found.text.strip() for entry in draft(document).entries if entry.path.startswith(prefix)]


@pytest.fixture(params=["cde/heartburn_saved.html", "cde/heartburn_copied.txt"])
def found(request: pytest.FixtureRequest) -> dict[str, Any]:
    return record(request.param)


def test_envelope(found: dict[str, Any]) -> None:
    assert (found["id"], found["source"]["name"]) == ("CTR20999901", "cde")
    assert (found["source"]["version"], found["source"]["version_date"]) == ("V2.0", "2099-01-15")


def test_applicants_stand_one_by_one(found: dict[str, Any]) -> None:
    assert [(item["role"], item["name"]["zh"]) for item in found["trial"]["sponsors"]] == [
        ("LEAD", "云杉医药有限公司"),
        ("COLLABORATOR", "蓝石生物有限公司"),
    ]


def test_drugs_make_arms_whose_types_are_inferred(found: dict[str, Any]) -> None:
    trial = found["trial"]
    assert [(arm["label"]["zh"], arm["type"], arm["interventions"]) for arm in trial["arms"]] == [
        ("试验药", {"code": "EXPERIMENTAL", "inferred": True}, ["int-1"]),
        ("对照药", {"code": "PLACEBO_COMPARATOR", "inferred": True}, ["int-2"]),
    ]
    assert trial["interventions"][0]["other_names"] == [{"zh": "YS-77片"}, {"en": "Menthotide Tablets"}]


def test_row_numbers_are_markers(found: dict[str, Any]) -> None:
    eligibility = found["trial"]["eligibility"]
    assert [(item["number"], item["text"]["zh"]) for item in eligibility["inclusion"]] == [
        ("1", "年龄18~65周岁"),
        ("2", "烧心每周≥2天"),
        ("3", "签署知情同意书。"),
    ]
    assert (eligibility["sex"]["code"], eligibility["healthy_volunteers"]) == ("ALL", False)


def test_an_empty_cell_shifts_nothing(found: dict[str, Any]) -> None:
    outcomes = found["trial"]["outcomes"]
    assert [(item["measure"]["zh"], item.get("time_frame"), item["level"]["code"]) for item in outcomes] == [
        ("内镜愈合率", {"zh": "第8周"}, "PRIMARY"),
        ("烧心天数", None, "SECONDARY"),
        ("不良事件发生率", {"zh": "第10周"}, "SECONDARY"),
    ]


def test_figures_of_the_world_are_the_trials(found: dict[str, Any]) -> None:
    trial = found["trial"]
    assert trial["enrollment"] == {"count": 300, "type": "ESTIMATED"}
    assert {name: date["value"] for name, date in trial["dates"].items()} == {
        "start": "2099-03-10",
        "recruitment_start": "2099-03-28",
        "first_posted": "2099-03-04",
    }
    assert {"label": "目标入组人数", "text": "120"} in found["unmapped"]


def test_longer_status_stands(found: dict[str, Any]) -> None:
    assert found["trial"]["status"]["overall"] == {"code": "RECRUITING", "text": {"zh": "进行中（招募中）"}}


def test_people_and_places(found: dict[str, Any]) -> None:
    trial = found["trial"]
    assert [(person["role"], person["name"]["zh"]) for person in trial["contacts"]] == [
        ("APPLICANT", "赵六"),
        ("OFFICIAL", "钱七"),
        ("OFFICIAL", "孙八"),
        ("OFFICIAL", "周九"),
    ]
    assert [(site["facility"]["zh"], site["city"]["zh"]) for site in trial["locations"]] == [
        ("示例大学第一医院", "广州市"),
        ("示例湖医院", "长沙市"),
    ]
    assert trial["ethics"]["approved"] is True


def test_nothing_filled_in_is_absent(found: dict[str, Any]) -> None:
    assert "completion" not in found["trial"]["dates"]
    assert not any("暂未填写" in item["text"] for item in found["unmapped"])


def test_actual_enrolment_stands_for_the_planned_one() -> None:
    document = page(
        "六、试验状态信息\n2、试验人数\n目标入组人数\t国内: 60 ；\n已入组人数\t国内: 登记人暂未填写该信息；\n实际入组总人数\t国内: 58 ；\n"
    )
    assert values(document, "enrollment/count") == ["58"]
    assert draft(document).codes["enrollment/type"] == "ACTUAL"
    assert [(item.label, item.found.text) for item in draft(document).unmapped] == [("目标入组人数", "60")]


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [
        ("18岁(最小年龄)至\n无上限\n(最大年龄)", ["18岁"], []),
        ("6月（最小年龄）至 12岁（最大年龄）", ["6月"], ["12岁"]),
        ("无下限(最小年龄)至 75岁(最大年龄)", [], ["75岁"]),
    ],
)
def test_ages(cell: str, low: list[str], high: list[str]) -> None:
    document = page(f"3、受试者信息\n年龄\t{cell}\n性别\t女\n")
    assert (values(document, "eligibility/minimum_age"), values(document, "eligibility/maximum_age")) == (low, high)


def test_other_phase_keeps_its_explanation() -> None:
    document = page("2、试验设计\n试验分期\t其它其他说明:生物等效性试验\n")
    assert values(document, "design/phases") == ["其它"]
    assert values(document, "design/text") == ["生物等效性试验"]


def test_unknown_label_of_the_layout_is_kept_by_its_name() -> None:
    markup = "<table><tr><th>适应症</th><td>咳嗽</td></tr><tr><th>新栏目</th><td>新内容</td></tr></table>"
    kept = draft(html.decode(markup.encode(), "page.html")).unmapped
    assert [(item.label, item.found.text) for item in kept] == [("新栏目", "新内容")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "登记号 CTR20999901",
        "CTR20999901 参见药物临床试验登记平台",
        "注册号状态\n登记号\n试验状态\n药物名称\n适应症\n入选标准\nCTR20999901",
    ],
)
def test_other_pages_are_left_alone(text: str) -> None:
    assert not cde.recognises(plain.decode(text.encode(), "page.txt"))


def test_only_cde_claims_its_pages() -> None:
    assert [source.NAME for source in (cde, chictr, listing) if source.recognises(page(""))] == ["cde"]


LINES = st.sampled_from(
    [
        *HEAD.splitlines(),
        "试验药",
        "序号\t名称\t用法",
        "1\t中文通用名:甲\t口服",
        "入选标准",
        "1\t年龄",
        "目标入组人数\t国内:60",
        "1、试验状态",
        "",
    ]
)


@given(st.lists(st.one_of(LINES, st.text(max_size=20)), max_size=60).map("\n".join))
def test_any_text_is_read_exactly(text: str) -> None:
    document = plain.decode(text.encode(), "page.txt")
    cde.recognises(document)
    for entry in draft(document).entries:
        assert entry.found.text == "\n".join(document.text[span.start : span.end] for span in entry.found.spans)


@needs_shared
def test_real_pages_are_read_fully() -> None:
    for path in (SHARED / "corpus" / "cde").glob("*.html"):
        (only,) = extractor.extract(path.read_bytes(), path.name)
        assert only.coverage.characters >= 0.995
