from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_printing import Sheet, press

from extractor.decode import pdf
from extractor.document import Document
from extractor.errors import ExtractError, InputTooLarge, NoTextLayer, UnreadableInput

WORDS = "本品用于治疗成人患者的轻度至中度疼痛疗程一般不超过两周应由医师决定是否继续使用"


def decoded(*sheets: Sheet) -> Document:
    return pdf.decode(press(list(sheets)), "label.pdf", ocr=False)


def printed(*sheets: Sheet) -> list[str]:
    return decoded(*sheets).text.split("\n")


def sheet(*lines: tuple[float, float, str]) -> Sheet:
    page = Sheet()
    for left, base, words in lines:
        page.text(left, base, words)
    return page


def test_raised_and_lowered_digits_keep_their_meaning() -> None:
    page = Sheet()
    pen = page.text(60, 100, "血小板计数≥1.0×10")
    pen = page.text(pen, 96, "9", 6.5)
    page.text(pen, 100, "/L 时给药，体表面积按平方米计算")
    pen = page.text(60, 120, "分子式：C")
    pen = page.text(pen, 122, "17", 6.5)
    page.text(pen, 120, "H 以上为片剂的主要成份之一")
    assert printed(page) == ["血小板计数≥1.0×10⁹/L 时给药，体表面积按平方米计算", "分子式：C₁₇H 以上为片剂的主要成份之一"]


def test_a_raised_footnote_letter_stays_apart_from_its_number() -> None:
    page = Sheet()
    pen = page.text(60, 100, "上呼吸道感染的发生率为57")
    page.text(pen, 96, "a", 6.5)
    page.text(60, 140, "以上数据来自安全性人群的分析结果")
    assert printed(page)[0] == "上呼吸道感染的发生率为57ᵃ"


def test_radicals_are_read_as_the_characters_they_stand_for() -> None:
    assert printed(sheet((60, 100, "⽤法⽤量：⻝后服⽤，⻓期使⽤者应定期检查")))[0] == "用法用量：食后服用，长期使用者应定期检查"


def test_letter_spaced_lines_are_closed_up() -> None:
    page = Sheet()
    page.text(60, 100, "终末期肾病患者不需要调整剂量", spacing=6)
    page.text(60, 130, WORDS)
    assert printed(page)[0] == "终末期肾病患者不需要调整剂量"


def test_two_columns_are_read_one_after_the_other_even_if_printed_row_by_row() -> None:
    page = Sheet()
    for row in range(24):
        page.text(40, 100 + 16 * row, f"左{row:02d}" + WORDS[:20], 10)
        page.text(310, 100 + 16 * row, f"右{row:02d}" + WORDS[:20], 10)
    lines = printed(page)
    assert [line[:3] for line in lines] == [f"左{row:02d}" for row in range(24)] + [f"右{row:02d}" for row in range(24)]


def test_running_lines_page_numbers_and_watermarks_are_left_out() -> None:
    pages = []
    for number in range(1, 5):
        page = sheet((60, 40, "示例片说明书 版本号 V1.0"), (60, 200 + number, WORDS), (280, 810, f"第 {number} 页 共 4 页"))
        page.text(0, 0, "内部样张", 40, matrix="0.7 0.7 -0.7 0.7 180 300")
        pages.append(page)
    assert printed(*pages) == [WORDS] * 4


SAME = "并给予对症处理，待恢复后由医师决定是否继续治疗。"


@pytest.mark.parametrize(
    ("places", "pages", "kept"),
    [
        pytest.param([(60, SAME), (76, WORDS), (92, WORDS), (108, "一般")], 2, True, id="in the text, as its next lines are"),
        pytest.param([(60, SAME), (76, SAME), (92, WORDS), (108, WORDS)], 3, True, id="two of them in the text"),
        pytest.param([(728, "一般"), (744, WORDS), (760, WORDS), (776, WORDS), (792, SAME)], 2, True, id="in the text at the foot"),
        pytest.param([(40, SAME), (76, WORDS), (92, WORDS)], 2, False, id="apart from the text"),
        pytest.param([(44, SAME), (60, "版本 2"), (92, WORDS), (108, WORDS)], 2, False, id="two running lines, apart from the text"),
        pytest.param([(60, SAME), (76, WORDS), (92, WORDS)], 4, False, id="on so many pages that it is no chance"),
        pytest.param([(60, "表 3 " + SAME), (90, WORDS), (106, WORDS)], 2, True, id="a caption"),
    ],
)
def test_words_that_two_pages_begin_or_end_with_are_text(places: list[tuple[float, str]], pages: int, *, kept: bool) -> None:
    middle = [(300.0 + 16 * n, WORDS) for n in range(3)]
    lines = printed(*(sheet(*((60, base, words) for base, words in places + middle), (60, 348, f"{n}日后停药")) for n in range(pages)))
    assert sum(line.endswith(SAME) for line in lines) == (pages * sum(words.endswith(SAME) for _, words in places) if kept else 0)


def test_a_table_heading_that_repeats_on_every_page_is_no_running_line() -> None:
    pages = []
    for row in ("头痛", "头晕", "嗜睡"):
        page = Sheet()
        page.table(60, 60, [100, 100], [["不良反应", "发生率"], [row + "症状", "1.5"]])
        page.text(60, 300, WORDS)
        pages.append(page)
    assert printed(*pages).count("不良反应") == 3


def test_cells_of_a_ruled_table_are_blocks_in_order_and_wrapped_lines_stay_in_their_cell() -> None:
    page = Sheet()
    page.table(60, 100, [120, 80], [["不良反应", "发生率"], ["皮疹", "12"]], height=40)
    page.text(65, 168, "及瘙痒症")
    document = decoded(page)
    assert [(b.text, b.cell, b.row) for b in document.blocks] == [
        ("不良反应", 1, 1),
        ("发生率", 2, 1),
        ("皮疹\n及瘙痒症", 3, 2),
        ("12", 4, 2),
    ]
    assert [(cell.row, cell.column) for cell in document.layout.grids[0].cells] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_missing_sides_merge_cells() -> None:
    page = Sheet()
    for top in (100, 120, 140):
        page.rule(60, top, 260, top)
    for left in (60, 260):
        page.rule(left, 100, left, 140)
    page.rule(160, 120, 160, 140)
    page.text(65, 113, "两组合计例数")
    page.text(65, 133, "本品组")
    page.text(165, 133, "对照组")
    grid = decoded(page).layout.grids[0]
    assert [cell[:4] for cell in grid.cells] == [(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)]


def test_a_box_round_a_warning_is_no_table() -> None:
    page = sheet((70, 120, "警告：本品可引起严重的过敏反应"))
    for top in (100, 140):
        page.rule(60, top, 400, top)
    for left in (60, 400):
        page.rule(left, 100, left, 140)
    assert decoded(page).layout.grids == []


def three_lines(page: Sheet, top: float, header: list[str], rows: list[list[str]], *, closed: bool = True) -> None:
    page.rule(60, top, 480, top, 1.4)
    for left, cell in zip((65, 220, 360), header, strict=True):
        page.text(left, top + 13, cell)
    page.rule(60, top + 18, 480, top + 18)
    for n, row in enumerate(rows):
        for left, cell in zip((65, 220, 360), row, strict=True):
            page.text(left, top + 31 + 18 * n, cell)
    if closed:
        page.rule(60, top + 20 + 18 * len(rows), 480, top + 20 + 18 * len(rows), 1.4)


def test_three_line_table() -> None:
    page = sheet((60, 80, "下表为参数"))
    three_lines(page, 100, ["参数", "10mg", "20mg"], [["达峰浓度", "212", "455"], ["半衰期", "1.1", "1.2"]])
    page.text(60, 220, WORDS)
    document = decoded(page)
    assert document.text.split("\n") == ["下表为参数", "参数", "10mg", "20mg", "达峰浓度", "212", "455", "半衰期", "1.1", "1.2", WORDS]
    (grid,) = document.layout.grids
    assert (grid.rows, grid.columns, grid.ruled) == (3, 3, False)


def test_three_line_table_goes_on_over_the_page() -> None:
    first, second = sheet((60, 80, WORDS)), Sheet()
    three_lines(first, 740, ["参数", "10mg", "20mg"], [["达峰浓度", "212", "455"]], closed=False)
    for left, cell in zip((65, 220, 360), ("半衰期", "1.1", "1.2"), strict=True):
        second.text(left, 80, cell)
    second.rule(60, 90, 480, 90, 1.4)
    second.text(60, 200, WORDS)
    grids = decoded(first, second).layout.grids
    assert [(grid.page, grid.columns) for grid in grids] == [(1, 3), (2, 3)]


def test_two_rules_round_prose_are_no_table() -> None:
    page = sheet((60, 120, WORDS), (60, 150, WORDS))
    for top in (100, 130, 160):
        page.rule(60, top, 480, top)
    assert decoded(page).layout.grids == []


def test_every_block_has_its_page_and_box() -> None:
    document = decoded(sheet((60, 100, WORDS)), sheet((60, 100, "第二页的文字：" + WORDS)))
    assert [block.span.page for block in document.blocks] == [1, 2]
    left, top, right, bottom = document.blocks[0].span.box or (0, 0, 0, 0)
    assert (round(left), round(right)) == (60, round(60 + 10.5 * len(WORDS)))
    assert 88 < top < 100 < bottom < 105
    assert all(document.text[b.span.start : b.span.end] == b.text for b in document.blocks)


def test_words_set_apart_on_a_line_are_blocks_of_their_own() -> None:
    document = decoded(sheet((60, 100, "注册号状态："), (300, 100, "预注册"), (60, 140, WORDS)))
    assert [b.text for b in document.blocks] == ["注册号状态：", "预注册", WORDS]
    assert document.text.startswith("注册号状态：\t预注册\n")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"%PDF-1.4\ngarbage", "damaged"),
        (press([]), "no pages|damaged"),
        (press([Sheet()]), "empty"),
    ],
)
def test_what_cannot_be_read_is_a_clear_error(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableInput, match=says):
        pdf.decode(data, "label.pdf")


def test_an_encrypted_pdf_says_so() -> None:
    locked = press(
        [sheet((60, 100, WORDS))],
        "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + "00" * 32 + "> /U <" + "11" * 32 + "> >> /ID [<00> <00>] ",
    )
    with pytest.raises(UnreadableInput, match="encrypted"):
        pdf.decode(locked, "label.pdf")


def test_too_many_pages_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 1)
    with pytest.raises(InputTooLarge, match="2 pages"):
        decoded(sheet((60, 100, WORDS)), sheet((60, 100, WORDS)))


def picture() -> Sheet:
    page = Sheet()
    page.rule(60, 100, 400, 300)
    return page


def test_pages_without_text_are_named_with_the_way_out() -> None:
    with pytest.raises(
        NoTextLayer, match=r"pages 1, 2 have no text but a picture of it: install .*pip install rapidocr-onnxruntime.*--skip-scanned"
    ):
        decoded(picture(), picture())
    with pytest.raises(NoTextLayer, match="page 2 has no text"):
        decoded(sheet((60, 100, WORDS)), picture())


def test_skip_scanned_reads_the_other_pages() -> None:
    document = pdf.decode(press([sheet((60, 100, WORDS)), picture()]), "label.pdf", skip_scanned=True, ocr=False)
    assert document.text == WORDS
    assert document.layout.unread == [2]


def garbled(*sheets: Sheet) -> bytes:
    """Pages whose font has codes of its own and no table to Unicode."""
    return press(list(sheets)).replace(b"/UniGB-UCS2-H", b"/Identity-H   ").replace(b"(Adobe) /Ordering (GB1)", b"(Adobe) /Ordering (Own)")


def test_fonts_that_do_not_name_their_characters_are_an_error_not_mojibake() -> None:
    with pytest.raises(NoTextLayer, match="the fonts of page 1 do not name their characters"):
        pdf.decode(garbled(sheet((60, 100, WORDS))), "label.pdf", ocr=False)


def test_a_blank_page_is_no_scan() -> None:
    assert decoded(sheet((60, 100, WORDS)), Sheet()).layout.unread == []


@given(st.binary(max_size=400))
def test_any_bytes_are_an_error_of_ours(junk: bytes) -> None:
    with pytest.raises(ExtractError):
        pdf.decode(b"%PDF-1.7\n" + junk, "junk.pdf", ocr=False)


@given(st.integers(0, 5000), st.integers(1, 255))
def test_a_damaged_byte_never_crashes(place: int, value: int) -> None:
    data = bytearray(press([sheet((60, 100, WORDS)), sheet((60, 100, WORDS))]))
    data[place % len(data)] ^= value
    try:
        pdf.decode(bytes(data), "label.pdf", ocr=False)
    except ExtractError as error:
        assert str(error)  # noqa: PT017


def test_rules_of_two_tables_near_one_line_stay_apart() -> None:
    page = Sheet()
    page.table(60, 100, [100.9, 100], [["感染", "31"], ["肺炎", "22"]])
    page.table(60, 300, [100, 100.9], [["贫血", "17"], ["发热", "9"]])
    layout = decoded(page).layout
    assert [(grid.rows, grid.columns, grid.ruled) for grid in layout.grids] == [(2, 2, True), (2, 2, True)]


def test_a_line_that_two_pages_repeat_at_other_heights_is_kept() -> None:
    first = sheet(
        (60, 50, "演示替尼片说明书"), (60, 80, "用药期间应定期监测肝功能。"), *((60, 120 + 20 * n, f"{WORDS}{n}") for n in range(12))
    )
    second = sheet(
        (60, 50, "演示替尼片说明书"), (60, 95, "用药期间应定期监测肝功能。"), *((60, 130 + 20 * n, f"{WORDS}{n}") for n in range(12))
    )
    document = decoded(first, second)
    assert document.text.count("用药期间应定期监测肝功能。") == 2
    assert document.text.count("演示替尼片说明书") == 0
