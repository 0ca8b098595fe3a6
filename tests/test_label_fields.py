"""Fields of a label: header block, names, ingredients, strengths, dates, numbers, companies, dosing, reactions, trials."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

import pytest
from case_rows import read_cases
from hypothesis import given
from hypothesis import strategies as st

import extractor
from extractor.decode import plain
from extractor.document import Document, Draft
from extractor.label import StructuredLabel, structure_label
from extractor.label.fields.reactions import clean_mark, parse_percent, read_reactions
from extractor.label.fields.results import parse_result
from extractor.label.grids.table_draft import TableDraft
from extractor.label.ledger import Ledger
from extractor.label.text.passages import Passage, passage_at

HEAD = "甲片说明书\n请仔细阅读说明书并在医师指导下使用。\n"
TAIL = "【药品名称】\n通用名称：甲片\n【性状】\n白色片。\n【禁忌】\n对本品过敏者禁用。\n【儿童用药】\n尚不明确。\n【贮藏】\n密封。\n【包装】\n10片/盒。\n"


def structured(body: str, head: str = HEAD) -> StructuredLabel:
    text = head + body + TAIL
    return structure_label(Draft("nmpa", "label"), plain.decode(text.encode(), "label.txt"))


def label(body: str, head: str = HEAD) -> Any:
    return json.loads(extractor.to_json(structured(body, head).label))


@pytest.mark.parametrize(
    ("head", "approved", "revised"),
    [
        (
            "核准日期：2007 年 02 月 20 日\n修改日期：2008年3月24日\n2009 年 03 月 15 日\nxxxx 年 xx 月 xx 日\n",
            "2007-02-20",
            ["2008-03-24", "2009-03-15"],
        ),
        ("核准日期：2009.05.26 修改日期：2010.01.02\n", "2009-05-26", ["2010-01-02"]),
        (
            "核准日期：2007年03月10日\n修改日期：2008年01月14日，2010年05月25日、2011年06月01日\n",
            "2007-03-10",
            ["2008-01-14", "2010-05-25", "2011-06-01"],
        ),
        ("修改日期：2020年12月\n", None, ["2020-12"]),
        ("核准日期：二〇一九年五月八日\n修改日期：二○二一年十二月三十日\n", "2019-05-08", ["2021-12-30"]),
        ("核准日期：２０１９年５月８日\n修改日期：２０２１．１２．０３\n", "2019-05-08", ["2021-12-03"]),
        ("核准日期：20190508\n修改日期：20211203\n", "2019-05-08", ["2021-12-03"]),
        ("修改日期：二零二零年十月\n", None, ["2020-10"]),
        ("核准日期：2019年02月30日\n修改日期：20211345，2022年1月3日\n", None, ["2022-01-03"]),
        ("核准日期：国药准字H20190508\n", None, None),
        ("", None, None),
    ],
)
def test_dates_of_the_header(head: str, approved: str | None, revised: list[str] | None) -> None:
    found = label("", head + HEAD)
    assert (found.get("approved_on"), found.get("revised_on")) == (approved, revised)


@pytest.mark.parametrize("day", ["2019年02月30日", "20191301", "二〇一九年十三月一日"])
def test_a_day_that_the_calendar_has_not_is_a_finding(day: str) -> None:
    doubts = structured("", f"核准日期：{day}\n" + HEAD).doubts
    assert [(doubt.code, doubt.quote) for doubt in doubts if doubt.path == "/label/approved_on"] == [("value.unknown", day)]


def test_dates_as_sections() -> None:
    found = label("【说明书修订日期】\n2020年11月12日\n")
    assert found["revised_on"] == ["2020-11-12"]


@pytest.mark.parametrize(
    ("head", "warning"),
    [
        (HEAD + "警示语：本品含细辛，应定期复查肾功能。\n", "本品含细辛，应定期复查肾功能。"),
        (HEAD + "警示语\n肝毒性\n曾有致死性肝损伤的报告（见【注意事项】）。\n", "肝毒性\n曾有致死性肝损伤的报告（见【注意事项】）。"),
        (HEAD + "本品含生半夏，有毒。\n", "本品含生半夏，有毒。"),
        (HEAD + "OTC 甲类\n", None),
    ],
)
def test_boxed_warning(head: str, warning: str | None) -> None:
    assert label("", head).get("boxed_warning", {}).get("zh") == warning


def test_names_on_one_line() -> None:
    body = "【药品名称】通用名称：乙胶囊 商品名称：舒乐/ SULE 英文名称：Yi Capsules 汉语拼音：Yi Jiaonang\n"
    assert label(body)["names"] == {
        "generic": {"zh": "乙胶囊"},
        "brand": ["舒乐", "SULE"],
        "english": "Yi Capsules",
        "pinyin": "Yi Jiaonang",
    }


@pytest.mark.parametrize(
    ("text", "active", "excipients"),
    [
        ("活性成份为甲单抗。\n辅料：组氨酸、聚山梨酯 80、蔗糖和注射用水。", "甲单抗", ["组氨酸", "聚山梨酯 80", "蔗糖", "注射用水"]),
        ("本品主要成份及其化学名称为：\n甲酸甲酯", None, None),
        ("本品主要成份为：甲。", "甲", None),
        ("金银花、连翘、甘草。辅料为蔗糖、糊精。", "金银花、连翘、甘草", ["蔗糖", "糊精"]),
        ("本品每粒含主要成份布洛芬0.3克。辅料为淀粉。", "布洛芬", ["淀粉"]),
    ],
)
def test_ingredients(text: str, active: str | None, excipients: list[str] | None) -> None:
    found = label(f"【成份】\n{text}\n").get("ingredients", {})
    if active:
        assert found["active"]["zh"] == active
    assert [item["zh"] for item in found.get("excipients", [])] == (excipients or [])


def test_chemistry() -> None:
    found = label("【成份】\n本品主要成份为甲。\n化学名称：N-[4-氰基]-2-丙酰胺\n分子式：C18H14N2O4F4S\n分子量：430.37\nCAS：979-32-8\n")[
        "ingredients"
    ]
    assert found["chemical_name"]["zh"] == "N-[4-氰基]-2-丙酰胺"
    assert (found["molecular_formula"], found["molecular_weight"], found["cas"]) == ("C18H14N2O4F4S", "430.37", "979-32-8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500mg（25ml）/瓶，100mg（5ml）/瓶。", [(500, 25, "瓶"), (100, 5, "瓶")]),
        ("(1)50mg (2)150mg", [(50, None, None), (150, None, None)]),
        ("2ml：50mg", [(50, 2, None)]),
        ("（1）每袋装10g（2）每袋装5g（无蔗糖）", [(10, None, "袋"), (5, None, "袋")]),
        ("按C16H19N3O5S计（1）0.125g（2）0.25g", [(0.125, None, None), (0.25, None, None)]),
        ("0.3克", [(0.3, None, None)]),
    ],
)
def test_strengths(text: str, expected: list[tuple[float, float | None, str | None]]) -> None:
    found = label(f"【规格】\n{text}\n")["strengths"]
    assert [(s["amount"]["value"], s.get("per", {}).get("value"), s.get("container", {}).get("zh")) for s in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("36 个月。", [(36, "MONTH", None)]),
        ("未开封药瓶\n36 个月。\n稀释后\n应在 6 小时内使用。", [(36, "MONTH", "未开封药瓶"), (6, "HOUR", "稀释后")]),
        ("50mg 片剂 60 个月\n150mg 片剂 48 个月", [(60, "MONTH", "50mg 片剂"), (48, "MONTH", "150mg 片剂")]),
        ("暂定二年", [(2, "YEAR", None)]),
    ],
)
def test_shelf_life(text: str, expected: list[tuple[float, str, str | None]]) -> None:
    found = label(f"【有效期】\n{text}\n")["shelf_life"]
    assert [(s["value"], s["unit"], s.get("state", {}).get("zh")) for s in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("国药准字H20190012", [("国药准字H20190012", None)]),
        (
            "100mg（5ml）/瓶：国药准字 SJ20250001\n500mg（25ml）/瓶：国药准字 SJ20250002",
            [("国药准字 SJ20250001", "100mg（5ml）/瓶"), ("国药准字 SJ20250002", "500mg（25ml）/瓶")],
        ),
        ("50mg 片剂 H20140720\n150mg 片剂 H20130043", [("H20140720", "50mg 片剂"), ("H20130043", "150mg 片剂")]),
        ("（1）国药准字H33020070（0.1g）", [("国药准字H33020070", "0.1g")]),
    ],
)
def test_approval_numbers(text: str, expected: list[tuple[str, str | None]]) -> None:
    found = label(f"【批准文号】\n{text}\n")["approval_numbers"]
    assert [(a["number"], next(iter(a.get("strength", {"zh": None}).values()))) for a in found] == expected
    assert structured(f"【批准文号】\n{text}\n").id == expected[0][0]


def test_companies_in_sections_of_their_own() -> None:
    body = "【上市许可持有人】\n企业名称：甲药业有限公司\n地　　址：东州市一路 1 号\n【生产企业】\n乙制药厂\n【境内责任人】\n名称：丙公司\n联系方式：400-000-0000\n邮编：300000\n网址：www.c.cn\n"
    assert label(body)["organizations"] == [
        {"role": "HOLDER", "name": {"zh": "甲药业有限公司"}, "address": {"zh": "东州市一路 1 号"}},
        {"role": "MANUFACTURER", "name": {"zh": "乙制药厂"}},
        {"role": "AGENT", "name": {"zh": "丙公司"}, "phone": "400-000-0000", "postcode": "300000", "url": "www.c.cn"},
    ]


def test_companies_of_an_older_label_in_one_section() -> None:
    body = (
        "【生产企业】\n生产企业名称：CORD PHARMA GMBH\n生产企业地址：1 STRASSE，STADT, Germany 德国\n包装企业名称：Pack UK Limited\n"
        "包装企业地址：Road 2, UK\n中国联络处地址：东州市二路 2 号\n邮政编码：214000\n产品咨询电话：800-1\n传真号码：021-2\n"
    )
    found = label(body)["organizations"]
    assert [(o["role"], o.get("name", {}).get("en")) for o in found] == [
        ("MANUFACTURER", "CORD PHARMA GMBH"),
        ("PACKAGER", "Pack UK Limited"),
        ("AGENT", None),
    ]
    assert found[2] == {"role": "AGENT", "address": {"zh": "东州市二路 2 号"}, "phone": "800-1", "fax": "021-2", "postcode": "214000"}


def test_indications_below_sub_headings() -> None:
    found = label("【适应症】\n肺癌\n本品用于肺癌成人患者的治疗。\n乳腺癌\n本品联合乙药用于乳腺癌患者。\n")["indications"]
    assert [(c["id"], c.get("role"), [child["id"] for child in c["children"]]) for c in found] == [
        ("IND1", "HEADING", ["IND1.1"]),
        ("IND2", "HEADING", ["IND2.1"]),
    ]


def test_a_preamble_is_no_indication() -> None:
    found = label("【适应症】\n本品适用于：\n- 与乙药联合用药，治疗肺癌成人患者。\n- 治疗胃癌成人患者。\n")["indications"]
    assert [c["text"]["zh"].rstrip("。") for c in found] == ["与乙药联合用药，治疗肺癌成人患者", "治疗胃癌成人患者"]


@pytest.mark.parametrize(
    ("sections", "generic", "brand"),
    [
        ("【通用名称：】\n甲片\n【商品名称：】\n乙\n", "甲片", ["乙"]),
        ("【药品名】丙片\n", "丙片", None),
        ("【药品名称】\n通用名称：丁片\n商品名称：戊\n", "丁片", ["戊"]),
    ],
)
def test_names_as_sections(sections: str, generic: str, brand: list[str] | None) -> None:
    text = f"{HEAD}{sections}{TAIL[TAIL.index('【性状】') :]}【规格】5mg\n【有效期】24个月\n【适应症】头痛。\n"
    found = json.loads(extractor.to_json(structure_label(Draft("nmpa", "label"), plain.decode(text.encode(), "label.txt")).label))["names"]
    assert (found["generic"]["zh"], found.get("brand")) == (generic, brand)


@pytest.mark.parametrize(
    ("text", "dose", "unit", "route", "schedule"),
    [
        ("本品的推荐剂量为每次80mg，每日一次，口服。", 80, "mg", "口服", "每日一次"),
        ("口服。一次3粒，一日3次。", 3, "粒", "口服", "一日3次"),
        ("开水冲服。一次1袋，一日2次；儿童酌减。", 1, "袋", "开水冲服", "一日2次"),
        ("口服。成人一次0.5g，每6～8小时1次。", 0.5, "g", "口服", "每6～8小时1次"),
    ],
)
def test_dosing(text: str, dose: float, unit: str, route: str, schedule: str) -> None:
    (found,) = label(f"【适应症】\n用于头痛。\n【用法用量】\n{text}\n")["dosing"]
    assert (found["dose"]["value"], found["dose"]["unit"]["text"], found["route"]["zh"], found["schedule"]["zh"]) == (
        dose,
        unit,
        route,
        schedule,
    )
    assert found["indication"] == "IND1"


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("体重不足40kg的儿童为15mg。", ["体重不足40kg的儿童为15mg。"]),
        ("老年患者：10mg。推荐剂量为20mg，每日一次。", ["老年患者：10mg。"]),
        ("推荐剂量为20mg，每日一次。请整片吞服。", []),
        ("每片含5mg。推荐剂量为20mg，每日一次。", []),
        ("取本品10ml稀释后使用。推荐剂量为20mg，每日一次。", []),
    ],
)
def test_a_dose_that_nothing_prescribes_is_a_finding(text: str, quotes: list[str]) -> None:
    doubts = structured(f"【适应症】\n用于头痛。\n【用法用量】\n{text}\n").doubts
    assert [doubt.quote for doubt in doubts if doubt.code == "dosing.unread"] == quotes


def test_combinations_are_regimens_with_their_own_schedule() -> None:
    body = (
        "【适应症】\n本品适用于：\n- 与乙药联合用药，治疗肺癌。\n- 与丙药和丁药联合用药，治疗胃癌。\n【用法用量】\n"
        "推荐剂量为 6 mg/kg 体重，静脉输注给药，与乙药联合用药（AB），或与丙药和丁药联合用药（ACD）。\n"
        "表 1：本品与丙药和丁药联用的给药方案\n周期 给药方案\n第 1 个周期（21 天为一个周期） 第 1 天和第 8 天（每周一次）\n"
    )
    first, second = label(body)["dosing"]
    assert (first["indication"], [d["zh"] for d in first["with"]], "schedule" in first) == ("IND1", ["乙药"], False)
    assert (second["indication"], [d["zh"] for d in second["with"]]) == ("IND2", ["丙药", "丁药"])
    assert second["schedule"]["zh"] == "第 1 个周期（21 天为一个周期）\n第 1 天和第 8 天（每周一次）"


REACTIONS = (
    "【不良反应】\n表 1 VICTORY研究中发生率≥10%的不良反应\n不良反应 甲药(N=279) 乙药(N=277)\n所有级别% ≥3级% 所有级别% ≥3级%\n"
    "胃肠系统疾病\n腹泻 a 58 2.2 57b 2.5\n皮疹 36 0.4 36 <1\na 包括结肠炎。\n"
)


def _draft(caption: str, header: list[str], *rows: list[str]) -> TableDraft:
    cells = [[Passage(text, tuple([-1] * len(text))) for text in row] for row in (header, *rows)]
    return TableDraft("1", Passage(caption, tuple([-1] * len(caption))), cells[:1], cells[1:])


def _reactions(table: TableDraft) -> tuple[Any, list[str]]:
    ledger = Ledger(plain.decode(b"x", "label.txt"))
    found = read_reactions([("t1", table)], [], ledger)
    return json.loads(extractor.to_json(found)), [doubt.quote for doubt in ledger.doubts]


def test_adverse_reactions_by_frequency_class() -> None:
    row = ["神经系统疾病", "头痛（轻度、一过性）、头晕", "嗜睡。", "-"]
    found, doubts = _reactions(_draft("不良反应列表", ["系统器官分类", "十分常见（≥1/10）", "偶见", "罕见"], row))
    terms = [(r["system_organ_class"]["zh"], r["term"]["zh"], r["frequency"]["code"]) for r in found]
    assert terms == [
        ("神经系统疾病", "头痛（轻度、一过性）", "VERY_COMMON"),
        ("神经系统疾病", "头晕", "VERY_COMMON"),
        ("神经系统疾病", "嗜睡", "UNCOMMON"),
    ]
    assert doubts == []


def test_terms_that_run_together_are_a_finding() -> None:
    found, doubts = _reactions(_draft("不良反应", ["系统", "常见", "偶见"], ["胃肠系统疾病", "恶心 呕吐", "腹泻"]))
    assert ([r["term"]["zh"] for r in found], doubts) == (["腹泻"], ["恶心 呕吐"])


@pytest.mark.parametrize(
    ("caption", "marked"),
    [("实验室检查异常的发生率（%）", True), ("不良反应和实验室检查异常（%）", False), ("不良反应的发生率（%）", False)],
)
def test_laboratory_tables_are_marked(caption: str, *, marked: bool) -> None:
    found, _ = _reactions(_draft(caption, ["不良反应", "甲药（N=10）"], ["贫血", "10"]))
    assert [r.get("laboratory", False) for r in found] == [marked]


def test_adverse_reactions_from_an_incidence_table() -> None:
    found = label(REACTIONS)["adverse_reactions"]
    assert len(found) == 7
    assert found[0] == {
        "table": "t1",
        "trial": "VICTORY",
        "arm": {"zh": "甲药"},
        "arm_size": 279,
        "system_organ_class": {"zh": "胃肠系统疾病"},
        "term": {"zh": "腹泻"},
        "grade": {"zh": "所有级别"},
        "percent": 58,
    }
    assert found[2]["percent"] == 57
    assert found[3]["grade"] == {"zh": "≥3级"}


@pytest.mark.parametrize(
    ("cell", "percent"), [("57a", 57), ("12 (5.6)", 5.6), ("0", 0), ("3.4%", 3.4), ("<1", None), ("-", None), ("250", None)]
)
def test_percent(cell: str, percent: float | None) -> None:
    assert parse_percent(cell) == percent


@pytest.mark.parametrize(
    ("term", "clean"),
    [
        ("腹泻 a", "腹泻"),
        ("皮疹*", "皮疹"),
        ("感染ᵇ", "感染"),
        ("皮疹ʰ", "皮疹"),
        ("缓解者 n(%) [95% CI]e", "缓解者 n(%) [95% CI]"),
        ("终点 a b", "终点"),
        ("T 细胞", "T 细胞"),
        ("a", "a"),
    ],
)
def test_footnote_marks_come_off(term: str, clean: str) -> None:
    assert clean_mark(passage_at(term, 0, len(term))).text == clean


@pytest.mark.parametrize(
    ("cell", "label_", "expected"),
    [
        ("11.5 [8.9~13.8]", "中位数（月）[95% CI]", (11.5, "mo", None, 8.9, 13.8)),
        ("93 (60.4) [0.52~0.68]", "缓解者 n(%)", (60.4, "%", 93, 0.52, 0.68)),
        ("13.2 [10.6~NR]", "中位数（月）", (13.2, "mo", None, 10.6, None)),
        ("0.60 [0.44~0.81]", "风险比 [95% CI]", (0.6, None, None, 0.44, 0.81)),
        ("<0.0001", "p 值", (None, None, None, None, None)),
        ("NR", "中位数（月）", (None, None, None, None, None)),
        ("80 (75, 85)", "缓解率（%）(95% CI)", (80, "%", None, 75, 85)),
    ],
)
def test_results(cell: str, label_: str, expected: tuple[Any, ...]) -> None:
    found = parse_result(cell, label_)
    value: Any = found.get("value")
    unit = value.unit.ucum if value is not None and value.unit else None
    assert (value.value if value is not None else None, unit, found.get("count"), found.get("low"), found.get("high")) == expected


TRIAL = (
    "【临床试验】\nHELIO-1（SLZ-302）\nHELIO-1（SLZ-302）是一项在胃癌患者中开展的多中心、随机、开放标签、III 期研究。患者既往已接受过至少 1 种治疗。"
    "排除有活动性感染的患者。如果血小板≥70,000 个细胞/mm3，则符合入选条件。\n"
    "共 399 例患者按 2:1 比例随机分配，接受本品与乙药联合用药（AB，266 例患者）或乙药单药（B，133 例患者）。\nHELIO-1 的主要疗效终点为总生存期（OS）。\n"
    "表 1：HELIO-1 的疗效结果\n终点 本品+乙药 N =266 乙药 N = 133\n总生存期 a\n中位数（月） 14.9 11.8\n[95% CI] [13.1~16.2] [10.2~13.0]\n风险比 b[95% CI] 0.74 [0.59~0.93]\na 基于 ITT 人群。\n"
)


def test_a_trial_of_the_label() -> None:
    (trial,) = label(TRIAL)["trials"]
    assert trial["identifiers"] == [{"value": "SLZ-302", "scheme": "SPONSOR", "primary": True}]
    assert trial["titles"]["acronym"] == {"en": "HELIO-1"}
    assert (trial["design"]["phases"]["codes"], trial["design"]["allocation"]["code"], trial["design"]["masking"]["code"]) == (
        ["PHASE3"],
        "RANDOMIZED",
        "NONE",
    )
    assert trial["design"]["randomization"]["zh"] == "按 2:1 比例随机分配"
    assert trial["enrollment"]["count"] == 399
    assert [(arm["label"], arm["size"]) for arm in trial["arms"]] == [({"en": "AB"}, 266), ({"en": "B"}, 133)]
    assert [(out["level"]["code"], out["measure"]["zh"]) for out in trial["outcomes"]] == [("PRIMARY", "总生存期（OS）")]
    assert [c["text"]["zh"] for c in trial["eligibility"]["exclusion"]] == ["排除有活动性感染的患者"]
    assert trial["eligibility"]["inclusion"][0]["text"]["zh"] == "患者既往已接受过至少 1 种治疗"


def test_results_of_a_trial() -> None:
    (trial,) = label(TRIAL)["trials"]
    first, second, ratio = trial["results"]
    assert (first["arm"], first["value"]["value"], first["low"], first["high"]) == ("arm-1", 14.9, 13.1, 16.2)
    assert (second["arm"], second["value"]["unit"]["ucum"]) == ("arm-2", "mo")
    assert "arm" not in ratio
    assert ratio["measure"] == {"zh": "总生存期"}


def test_cross_references_name_section_ids() -> None:
    found = label("【用法用量】\n口服。\n【注意事项】\n应监测血压（见【用法用量】）。\n")
    (block,) = next(s for s in found["sections"] if s["key"] == "precautions")["blocks"]
    assert block["references"] == [next(s["id"] for s in found["sections"] if s["key"] == "dosage_administration")]


def test_tables_are_not_in_the_text_of_their_section() -> None:
    found = label(REACTIONS)
    section = next(s for s in found["sections"] if s["key"] == "adverse_reactions")
    assert [block["kind"] for block in section["blocks"]] == ["table"]
    assert "text" not in section


def leaves(value: Any, path: str) -> list[tuple[str, str]]:
    if isinstance(value, dict) and value and set(value) <= {"zh", "en"}:
        return [(f"{path}/{language}", text) for language, text in value.items()]
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [leaf for name, item in pairs for leaf in leaves(item, f"{path}/{name}")]


@pytest.mark.parametrize("body", [REACTIONS, TRIAL, "【成份】\n甲。\n【批准文号】\n国药准字H20190012\n"])
def test_every_leaf_is_traced_and_nothing_is_lost(body: str) -> None:
    found = structured(body)
    text = HEAD + body + TAIL
    squeezed = "".join(text.split())
    for path, leaf in leaves(json.loads(extractor.to_json(found.label)), "/label"):
        joined = "".join("".join(text[s.start : s.end].split()) for s in found.provenance.get(path, ()))
        assert "".join(leaf.split()) in squeezed or "".join(leaf.split()) == joined
        assert any(path == pointer or path.startswith(pointer + "/") for pointer in found.provenance), path
    held = (
        [s for spans in found.provenance.values() for s in spans]
        + list(found.furniture)
        + [s for u in found.unmapped for s in u.found.spans]
    )
    covered = {place for span in held for place in range(span.start, span.end)}
    assert not [c for place, c in enumerate(text) if not c.isspace() and place not in covered]


SCRAPS = st.sampled_from(
    ["【适应症】", "【不良反应】", "【临床试验】", "【有效期】", "【批准文号】", "【生产企业】", "【用法用量】", "表 1：甲", "图 2：乙", "\n", "\n\n", " ", "甲", "（", "）", "[95% CI]",
     "12 (3.4)", "N = 5", "(%)", "a ", "：", "。", "、", "2020年13月40日", "mg", "5", "●", "参见", "本品", "名称：", "地址：", "--", "\u3000", "x1", "国药准字"]
)  # fmt: skip


@given(st.lists(SCRAPS, max_size=60).map("".join))
def test_no_text_crashes_the_label_room(text: str) -> None:
    found = structure_label(Draft("nmpa", "label"), plain.decode(text.encode(), "any.txt"))
    assert isinstance(found, StructuredLabel)


def test_an_empty_document_gives_an_empty_label() -> None:
    document = Document(plain.decode(b"x", "x").format, "x", b"", "")
    assert structure_label(Draft("nmpa", "label"), document).provenance == {}


STUDIES = (
    "【临床试验】\n预防卒中（LUNA-AF）\nLUNA-AF 研究是一项随机、双盲的 III 期研究。研究共纳入 1,241 例患者，按 1:1 的比例随机分配接受本品 20 mg 每日一次"
    "（肌酐清除率较低者接受 15 mg 每日一次，N=621）或剂量调整的华法林（目标 INR 2.5，N=620）治疗。\n治疗血栓（LUNA-VTE）\n"
    "LUNA-VTE 研究是一项随机、开放标签的 III 期研究，共入组 482 例患者。主要排除标准为肌酐清除率<30 mL/min。\n"
    "中国人群\nLUNA-AF 研究中共有 48 例中国患者。\n转移性肺癌（NSCLC）\n参见其他章节。\n"
)


def test_studies_that_only_a_name_tells_apart() -> None:
    first, second = label(STUDIES)["trials"]
    assert [trial["titles"]["acronym"]["en"] for trial in (first, second)] == ["LUNA-AF", "LUNA-VTE"]
    assert [trial["enrollment"]["count"] for trial in (first, second)] == [1241, 482]
    assert [(arm["label"]["zh"], arm["size"]) for arm in first["arms"]] == [("本品", 621), ("华法林", 620)]
    assert [arm["description"]["zh"] for arm in first["arms"]] == ["本品 20 mg 每日一次", "剂量调整的华法林"]
    assert second["design"]["masking"]["code"] == "NONE"
    assert [c["text"]["zh"] for c in second["eligibility"]["exclusion"]] == ["肌酐清除率<30 mL/min"]


def test_a_code_in_the_brackets_of_a_heading_names_a_study() -> None:
    (trial,) = label("【临床试验】\n急性中耳炎（研究CVA-301）\n这是一项随机、双盲的III期临床试验，共120例患者随机分组。\n")["trials"]
    assert [(i["value"], i["scheme"]) for i in trial["identifiers"]] == [("CVA-301", "SPONSOR")]
    assert "titles" not in trial


def test_columns_that_compare_the_arms_belong_to_none() -> None:
    body = (
        "【临床试验】\n这是一项随机、双盲的III期临床试验，患者随机分配接受甲药（n=306）或乙药（n=306）。\n表 1 疗效结果\n"
        "终点 甲药(N=306) 乙药(N=306) 差值（95% CI）\n有效率，n（%） 263 (85.9) 258 (84.3) 1.6 (-4.0~7.3)\n复发率，n（%） 18 (5.9) 22 (7.2) -1.3 (-5.2~2.6)\n"
    )
    (trial,) = label(body)["trials"]
    assert [(r.get("arm"), r["value"]["value"], r.get("count")) for r in trial["results"]] == [
        ("arm-1", 85.9, 263),
        ("arm-2", 84.3, 258),
        (None, 1.6, None),
        ("arm-1", 5.9, 18),
        ("arm-2", 7.2, 22),
        (None, -1.3, None),
    ]
    assert [r["statistic"]["zh"] for r in trial["results"] if "arm" not in r] == ["差值（95% CI）"] * 2


def listed(entry: Any) -> tuple[str, str]:
    organ = entry.get("system_organ_class", {}).get("zh", "")
    percent = f" {entry['percent']}" if "percent" in entry else ""
    return f"{entry['frequency']['code']} {organ}".rstrip(), f"{entry['term']['zh']}{percent}"


@pytest.mark.parametrize(("text", "told"), read_cases("label_reactions"))
def test_reactions_of_prose_by_frequency_class(text: str, told: str) -> None:
    found = structured(f"【不良反应】\n{text}\n")
    entries = [listed(entry) for entry in json.loads(extractor.to_json(found.label)).get("adverse_reactions", [])]
    runs = [f"{head}: {'、'.join(term for _, term in run)}" for head, run in groupby(entries, key=lambda entry: entry[0])]
    doubts = ["?" for doubt in found.doubts if "could not be told apart" in doubt.message]
    assert " | ".join(runs + doubts) == told


def test_sentences_without_a_class_beside_others_are_a_finding() -> None:
    found = structured("【不良反应】\n少数病人可出现恶心。罕见皮疹。\n")
    assert [doubt.quote for doubt in found.doubts if doubt.code == "section.unstructured"] == ["少数病人可出现恶心"]
    assert not structured("【不良反应】\n罕见皮疹。偶见头痛。\n").doubts
