"""Labels as copied text: passages, headings, paragraphs, flattened tables, sub-headings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.decode import html, plain
from extractor.document import Document
from extractor.label.grids.cells import split_cells, split_values
from extractor.label.grids.table_draft import TableDraft, find_caption, is_note
from extractor.label.outline.chapters import LabelOutline, read_outline
from extractor.label.outline.division import DividedSection, divide
from extractor.label.outline.headings import inner_headings, leading_heading, misread_heading
from extractor.label.text.lines import PrintedLine, label_lines
from extractor.label.text.passages import Passage, join_lines, passage_at
from extractor.sources import nmpa


def passage(text: str) -> Passage:
    return passage_at(text, 0, len(text))


def document(text: str) -> Document:
    return plain.decode(text.encode(), "label.txt")


def divided(text: str) -> list[DividedSection]:
    return divide(label_lines(document(text)))[1]


def outlined(text: str) -> LabelOutline:
    return read_outline(divided(text))


def copied(*lines: str) -> str:
    """Lines as a PDF viewer's copy has them: an empty line behind each; a line that ends in a blank ends a paragraph."""
    return "\n\n".join(lines) + "\n"


def table_of(*lines: str) -> TableDraft:
    frame = ["【不良反应】 ", *lines, "以上为临床试验中观察到的不良反应，详见其他章节的描述，使用时应予以注意并", "遵照医嘱。 "]
    (table, _), *_ = outlined(copied(*frame)).tables
    return table


def shown(rows: list[list[Passage]]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["血小板减", "少症"], "血小板减少症"),
        (["肾小球滤过率（e-", "GFR）"], "肾小球滤过率（e-GFR）"),
        (["接受", "Abc 治疗"], "接受 Abc 治疗"),
        (["对 12 例 重 度 肾 病", "患者"], "对 12 例重度肾病患者"),
        (["10 mg", "每日"], "10 mg 每日"),
        ([], ""),
    ],
)
def test_wrapped_lines_join(lines: list[str], joined: str) -> None:
    assert join_lines(map(passage, lines)).text == joined


@given(st.lists(st.text(alphabet="ab 中文（）-\n\u3000\u200b", max_size=12), max_size=6))
def test_every_character_of_a_passage_stands_where_it_says(parts: list[str]) -> None:
    whole = "\n".join(parts)
    edges, at = [], 0
    for part in parts:
        edges.append(passage_at(whole, at, at + len(part)))
        at += len(part) + 1
    for character, place in zip(*join_lines(edges), strict=True):
        assert place < 0 or whole[place] == character or (character == " " and whole[place].isspace())


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("【药品名称】", "药品名称"),
        ("【成　　份】主要成份为甲。", "成份"),
        ("[适 应 症]", "适应症"),
        ("〖禁忌〗", "禁忌"),
        ("执行标准】中国药典", "执行标准"),
        ("【儿童用药】参见【用法用量】", "儿童用药"),
    ],
)
def test_headings_stand_at_a_line_start(line: str, name: str) -> None:
    heading = leading_heading(line)
    assert heading is not None
    assert heading.kind is not None
    assert heading.name == name


@pytest.mark.parametrize(
    ("line", "before"),
    [
        ("【注意事项】）。", "应慎用（见"),
        ("【用法用量】项下的描述。", ""),
        ("【药物相互作用】）", "参见"),
        ("参见【药理毒理】项下相关内容。", ""),
        ("[注意事项]和[用法用量]", ""),
    ],
)
def test_cross_references_are_no_headings(line: str, before: str) -> None:
    assert leading_heading(line, before) is None


def test_headings_inside_a_line_without_line_feeds() -> None:
    line = "【成份】甲（见【性状】）。【性状】白色片。【规格】5mg"
    assert [heading.name for heading in inner_headings(line)] == ["成份", "性状", "规格"]


def test_a_misread_heading_must_be_clear() -> None:
    kind = misread_heading("注意事顶")
    assert kind is not None
    assert kind.key == "precautions"
    assert misread_heading("甲乙丙丁") is None


def test_an_unknown_bracketed_heading_alone_on_its_line_is_a_section() -> None:
    text = "【药品名称】\n甲片\n【成份】\n甲\n【性状】\n白色\n【包装图示】\n见附图\n【规格】\n5mg\n【贮藏】\n密封\n"
    parts = divided(text)
    assert [(part.heading.name, part.heading.kind is None) for part in parts][3] == ("包装图示", True)


def test_sections_of_a_label_on_one_line() -> None:
    text = "【药品名称】甲片【成份】甲。【性状】白色片（见【规格】）。【规格】5mg【贮藏】密封。【包装】瓶装。"
    assert [(part.heading.name, "".join(line.text for line in part.lines)) for part in divided(text)] == [
        ("药品名称", "甲片"),
        ("成份", "甲。"),
        ("性状", "白色片（见【规格】）。"),
        ("规格", "5mg"),
        ("贮藏", "密封。"),
        ("包装", "瓶装。"),
    ]


def test_sections_without_brackets() -> None:
    text = "成份：甲。\n性状：白色片。\n适应症：用于头痛。\n规格：5mg\n用法用量：口服。\n贮藏：密封。\n"
    assert [part.heading.name for part in divided(text)] == ["成份", "性状", "适应症", "规格", "用法用量", "贮藏"]


def test_paragraphs_of_a_copy_end_with_a_blank() -> None:
    text = copied("【注意事项】 ", "本品可引起感染，应当监测患者的感染体征和症状，必要时", "停药。 ", "请勿振摇。 ", "【贮藏】 ", "密封。 ")
    (first, _) = outlined(text).chapters
    assert [p.text for p in first.paragraphs] == ["本品可引起感染，应当监测患者的感染体征和症状，必要时停药。", "请勿振摇。"]


def test_a_paragraph_goes_on_while_a_bracket_is_open() -> None:
    text = copied(
        "【注意事项】 ", "本品可引起输液反应，发生率为百分之二十，应密切监测生命体征", "并处理（包括发热 ", "和寒战）。 ", "请勿振摇。 "
    )
    (chapter,) = outlined(text).chapters
    assert chapter.paragraphs[0].text.endswith("（包括发热和寒战）。")


def test_words_that_leak_from_a_figure_are_kept_apart() -> None:
    lines = [
        "在中国患者人群中两个治疗组之间的基线特征基本平衡，接受本品治疗的",
        "P",
        "FS",
        "（概率）",
        "患者的疾病进展或死亡风险降低，与全球患者人群的结果一致，不良反应",
    ]
    (chapter,) = outlined(copied("【临床试验】 ", *lines, "也相似。 ")).chapters
    assert [piece.kind for piece in chapter.pieces] == ["paragraph", "leak"]
    assert chapter.pieces[0].passage.text.startswith("在中国患者人群中")
    assert "接受本品治疗的患者的疾病" in chapter.pieces[0].passage.text


def test_short_lines_before_text_are_sub_headings() -> None:
    text = "【用法用量】\n用量\n一次一片，口服。\n特殊人群\n老年人\n无需调整剂量。\n共 5 mg\n尚不明确。\n请勿振摇\n【贮藏】\n密封\n"
    chapter = outlined(text).chapters[0]
    assert [branch.heading.text for branch in chapter.tree.children] == ["用量", "特殊人群", "老年人"]


def test_a_long_run_of_short_lines_is_a_list_not_headings() -> None:
    text = "【不良反应】\n头痛\n头晕\n恶心反应\n腹泻反应\n便秘反应\n以上反应多为轻度。\n"
    assert outlined(text).chapters[0].tree.children == []


def test_numbered_sub_headings_lose_their_number() -> None:
    text = "【注意事项】\n1. 肝毒性\n应监测肝功能。\n2. 感染\n应监测感染体征。\n"
    assert [branch.heading.text for branch in outlined(text).chapters[0].tree.children] == ["肝毒性", "感染"]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("周期 给药方案", ["周期", "给药方案"]),
        ("第 1 次输注 250 ml 25 ml/小时 60 分钟", ["第 1 次输注", "250 ml", "25 ml/小时", "60 分钟"]),
        ("第 2 周期（28 天为一个周期） 第 1 天和第 8 天（每周一次）", ["第 2 周期（28 天为一个周期）", "第 1 天和第 8 天（每周一次）"]),
        ("后续输注 ---- ---- 200 ml/小时", ["后续输注", "----", "----", "200 ml/小时"]),
        ("不良反应 本品(N=279) 对照药(N=277)", ["不良反应", "本品(N=279)", "对照药(N=277)"]),
        ("聚山梨酯 80 和蔗糖", ["聚山梨酯 80 和蔗糖"]),
    ],
)
def test_cells_of_a_row_of_words(line: str, cells: list[str]) -> None:
    assert [cell.text for cell in split_cells(passage(line))] == cells


@pytest.mark.parametrize(
    ("line", "label", "values"),
    [
        ("腹泻 a 41 6.5 30b 5.1", "腹泻 a", ["41", "6.5", "30b", "5.1"]),
        ("风险比 c[95% CI] 0.596 [0.436~0.814]", "风险比 c[95% CI]", ["0.596 [0.436~0.814]"]),
        ("[95% CI] [49~62] [34~48]", "[95% CI]", ["[49~62]", "[34~48]"]),
        ("部分缓解 n（%） 44 (28.6) 41 (26.8)", "部分缓解 n（%）", ["44 (28.6)", "41 (26.8)"]),
        ("p 值 <0.0001", "p 值", ["<0.0001"]),
        ("N = 153", "N = 153", []),
        ("比卡 150mg", "比卡 150mg", []),
        ("3 级", "3 级", []),
    ],
)
def test_values_stand_at_the_end_of_a_row(line: str, label: str, values: list[str]) -> None:
    row = split_values(passage(line))
    assert (row.label.text, [value.text for value in row.values]) == (label, values)


def test_a_table_of_arms_with_two_header_rows() -> None:
    table = table_of(
        "表 1：发生率≥10%的不良反应 ", "不良反应 甲药+乙药（A） ", "(N=20) ", "乙药（B） ", "(N=21) ", "所有等级", "(%) ", "3 级", "(%) ",
        "所有等级", "(%) ", "3 级", "(%) ", "胃肠系统疾病 ", "腹泻 a 41 6.5 30b 5.1 ", "恶心 28 1 22 0.5 ", "a  包括结肠炎。 ", "b 包括 1 例。 ",
    )  # fmt: skip
    arm, other = "甲药+乙药（A） (N=20)", "乙药（B） (N=21)"
    assert shown(table.header) == [["不良反应", arm, arm, other, other], ["", "所有等级 (%)", "3 级 (%)", "所有等级 (%)", "3 级 (%)"]]
    assert shown(table.rows) == [["胃肠系统疾病", "", "", "", ""], ["腹泻 a", "41", "6.5", "30b", "5.1"], ["恶心", "28", "1", "22", "0.5"]]
    assert [note.text for note in table.notes] == ["a 包括结肠炎。", "b 包括 1 例。"]
    assert table.certain


def test_cells_of_several_lines_stand_one_after_the_other() -> None:
    table = table_of(
        "表 2：疗效结果 ", "终点 ", "甲药 ", "N =20 ", "乙药 ", "N = 21 ", "缓解者 ", "n(%) [95% CI] ", "12 (60.0) ", "[36.1~80.9] ", "9 (42.9) ", "[21.8~66.0] ",
        "p 值（分层 Cochran-", "Haenszel 检验） ", "0.0120 ",
    )  # fmt: skip
    assert shown(table.header) == [["终点", "甲药 N =20", "乙药 N = 21"]]
    assert shown(table.rows) == [
        ["缓解者 n(%) [95% CI]", "12 (60.0) [36.1~80.9]", "9 (42.9) [21.8~66.0]"],
        ["p 值（分层 Cochran-Haenszel 检验）", "0.0120", ""],
    ]


def test_a_header_cut_by_a_page_break_is_put_together() -> None:
    table = table_of(
        "表 3：疗效结果 ",
        "终点 甲药+乙药+丙 乙药+丙药+丁",
        "药+戊药 ",
        "N =20 ",
        "药 ",
        "N = 21 ",
        "中位数（月） 11.5 6.4 ",
        "缓解率 12 (60.0) 9 (42.9) ",
    )
    assert shown(table.header) == [["终点", "甲药+乙药+丙药+戊药 N =20", "乙药+丙药+丁药 N = 21"]]


def test_a_table_of_words_and_the_paragraph_behind_it() -> None:
    lines = ["【用法用量】 ", "表 4：给药方案 ", "周期 给药方案 ", "第 1 个周期（28 天为一个周 第 1 天、第 15 天（每 2 周一次） ", "期） "]
    outline = outlined(copied(*lines, "重复治疗，直至疾病进展或出现不可接受的毒性反应为止，由医师决定何时", "停药。 "))
    (table, chapter), *_ = outline.tables
    assert shown(table.rows) == [["第 1 个周期（28 天为一个周期）", "第 1 天、第 15 天（每 2 周一次）"]]
    assert chapter.text.text == "重复治疗，直至疾病进展或出现不可接受的毒性反应为止，由医师决定何时停药。"


def test_a_sentence_on_a_table_is_no_caption() -> None:
    lines = label_lines(document("表 4 总结了不良反应。\n表 4：不良反应\n表 5 不良反应发生率\n图 1：生存曲线\n"))
    assert [(c.kind, c.number) if (c := find_caption(lines, n)) else None for n in range(4)] == [
        None,
        ("表", "4"),
        ("表", "5"),
        ("图", "1"),
    ]


@pytest.mark.parametrize(
    ("line", "note"),
    [("a 包括甲。", True), ("*包括其他", True), ("NR：未达到", True), ("CTCAE 版本 5.0", True), ("p 值 0.01", False), ("腹泻 3", False)],
)
def test_notes_under_a_table(line: str, note: bool) -> None:
    assert is_note(line) is note


def test_what_is_uncertain_keeps_its_words() -> None:
    outline = outlined(
        copied(
            "【不良反应】 ",
            "表 1：发生率 ",
            "一 二 ",
            "甲 1 2 3 ",
            "乙 4 5 6 ",
            "丙 7 8 9 ",
            "以上为全部数据，由申办者提供，供临床医师在使用本品时参考并",
            "结合患者情况。 ",
        )
    )
    (table, _), *_ = outline.tables
    assert not table.certain
    assert shown(table.rows)[0] == ["甲", "1", "2", "3"]


LABEL = "甲片说明书\n请仔细阅读说明书并在医师指导下使用。\n【药品名称】\n甲片\n【成份】\n甲。\n【性状】\n白色片。\n【规格】\n5mg\n【贮藏】\n密封。\n"


def test_a_label_is_recognised_by_its_headings() -> None:
    assert nmpa.recognises(document(LABEL))
    assert nmpa.recognises(document(LABEL.replace("【", "[").replace("】", "]")))
    bare = "甲片\n通用名称：甲片\n成份：甲\n性状：白\n适应症：头痛\n规格：5mg\n用法用量：口服\n禁忌：无\n贮藏：密封\n有效期：24个月\n"
    assert nmpa.recognises(document(bare))


@pytest.mark.parametrize(
    "text",
    [
        "注册题目：甲片说明书研究\nChiCTR2600000001\n" + LABEL,
        "参见【注意事项】、【用法用量】和【禁忌】。",
        "1. 药品名称\n2. 规格\n",
        "",
    ],
)
def test_what_is_no_label_is_left_alone(text: str) -> None:
    assert not nmpa.recognises(document(text))


def test_lines_know_their_gaps() -> None:
    lines: list[PrintedLine] = label_lines(document("甲 \n\n乙 \n丙\n\n\n丁丁丁丁\n"))
    assert [line.gap for line in lines] == [1, 1, 0, 2]


PAGE = (
    "<html><body><table><tr><td>导航</td><td>首页</td></tr><tr><td>栏目</td><td><p>【药品名称】</p><p>甲片</p></td></tr></table>"
    "<p>【不良反应】</p><p>表 1：不良反应发生率</p><table><tr><th>不良反应</th><th>甲药（N=20）%</th></tr><tr><td>腹泻</td><td>5</td></tr>"
    "<tr><td>头痛</td><td>10</td></tr></table><p>以上为临床试验数据。</p></body></html>"
)


def test_tables_of_a_page_are_tables_but_its_layout_is_none() -> None:
    outline = read_outline(divide(label_lines(html.decode(PAGE.encode(), "label.html")))[1])
    assert [chapter.key for chapter in outline.chapters] == ["names", "adverse_reactions"]
    ((table, chapter),) = outline.tables
    assert shown([*table.header, *table.rows]) == [["不良反应", "甲药（N=20）%"], ["腹泻", "5"], ["头痛", "10"]]
    assert chapter.text.text == "以上为临床试验数据。"


def test_page_numbers_of_a_copy_are_running_lines() -> None:
    text = "1\n【贮藏】\n密封。\n2\n【包装】\n10片/盒，每日 3\n3\n第 4 页 共 9 页\n- 5 -\n"
    assert [line.text for line in label_lines(document(text)) if line.running] == ["1", "2", "3", "第 4 页 共 9 页", "- 5 -"]


def test_heading_brackets_hold_colons_and_tags_end_lines() -> None:
    text = "【通用名称 ： 】甲片<br />\n【商品名称 ： 】乙<br />\n【成分：】甲。<br />\n【功能主治：】1、头痛。<br />2、牙痛。<br>\n【用法用量：】遵医嘱。<BR/>\n【禁忌：】无。\n"
    found = document(text)
    assert nmpa.recognises(found)
    parts = divide(label_lines(found))[1]
    assert [(part.heading.name, [line.text for line in part.lines]) for part in parts] == [
        ("通用名称", ["甲片"]),
        ("商品名称", ["乙"]),
        ("成分", ["甲。"]),
        ("功能主治", ["1、头痛。", "2、牙痛。"]),
        ("用法用量", ["遵医嘱。"]),
        ("禁忌", ["无。"]),
    ]


NAMES = ["药品名称", "成份", "性状", "适应症", "规格", "用法用量", "不良反应", "禁忌", "注意事项", "贮藏"]
CHINESE = "一二三四五六七八九十"


@pytest.mark.parametrize(
    "heading",
    "{n}. {name}|{n}.{name}：|{n}、{name}：|{n} {name}|（{n}）{name}|{z}、{name}|（{z}）{name}|■ {name}|## {name}|{name}|{name}：".split(
        "|"
    )
    + "「{name}」|<{name}>|《{name}》|（{name}）|{n}.【{name}】".split("|"),
)
@pytest.mark.parametrize("run_in", ["\n", ""], ids=["own line", "run in"])
def test_headings_in_any_style_divide_a_label(heading: str, run_in: str) -> None:
    if not run_in and heading[-1] not in "：」>》）】":
        pytest.skip("nothing parts such a heading from words behind it")
    body = "见下。\n儿童用药：慎用。" if "：" not in heading.removeprefix("{n}") else "见下。"
    lines = [f"{heading.format(n=n + 1, z=CHINESE[n], name=name)}{run_in}{body}" for n, name in enumerate(NAMES)]
    text = "甲片说明书\n" + "\n".join(lines) + "\n"
    assert nmpa.recognises(document(text))
    found = [part.heading.name for part in divided(text)]
    assert [name for name in found if name != "儿童用药"] == NAMES
    assert heading not in ("{n}. {name}", "（{n}）{name}", "■ {name}", "「{name}」") or "儿童用药" not in found


def test_numbered_items_named_like_sections_stay_in_their_section() -> None:
    items = "\n".join(f"{n}. {name}：慎用。" for n, name in enumerate(["儿童用药", "老年用药", "孕妇用药", "药物过量", "相互作用"], 1))
    text = "甲片说明书\n" + "".join(f"{name}：\n{items if name == '注意事项' else '见下。'}\n" for name in NAMES)
    assert [part.heading.name for part in divided(text)] == NAMES
