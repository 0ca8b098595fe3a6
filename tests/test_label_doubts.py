"""Tables that were not read as they are printed are a finding, and nothing is read from them."""

from __future__ import annotations

import pytest

from extractor.decode import plain
from extractor.label.fields.reactions import read_reactions
from extractor.label.grids.doubts import table_doubt
from extractor.label.grids.table_draft import TableDraft, split_note_rows
from extractor.label.ledger import Ledger
from extractor.label.text.passages import Passage, passage_at


def passage(text: str) -> Passage:
    return passage_at(text, 0, len(text))


def rows(*lines: str) -> list[list[Passage]]:
    return [[passage(cell) for cell in line.split("|")] for line in lines]


def draft(header: str, *body: str, caption: str = "", note: str = "") -> TableDraft:
    return TableDraft("", passage(caption), rows(*header.split("/") if header else []), rows(*body), [passage(note)] if note else [])


WRONG = {
    "a row of ranges for a heading": draft("≥50|20 mg 每日一次|10 mg", "30~<50|15 mg 每日一次|10 mg", caption="推荐剂量"),
    "a row of decimals for a heading": draft("皮疹|3.8|2.1", "瘙痒|2.4|2.0", caption="不良反应"),
    "a row of numbers for a heading, no caption": draft("肺炎|31|22", "贫血|12|9"),
    "a heading alone": draft("不良反应|本品（N=12）", caption="不良反应"),
    "a column without heading": draft("不良反应|本品|", "皮疹|12|9", caption="不良反应"),
    "two shares in a cell": draft("异常|本品|安慰剂", "贫血|48 (32) (99)|0", caption="异常"),
    "two values in a cell": draft("异常|本品|安慰剂", "贫血|48 32|0", caption="异常"),
    "a cell cut in a bracket": draft("周期|方案", "第1个周期（28天|每周一次", caption="方案"),
    "a group of rows for a note": draft("不良反应|本品", "皮疹|12", caption="不良反应", note="各种检查"),
}
RIGHT = {
    "doses for a heading": draft("剂量（mg）|50|100", "例数|18|20", caption="参数"),
    "arms": draft("不良反应|本品|本品/不良反应|所有级别|≥3级", "贫血|48 (32)|0.8", caption="不良反应"),
    "no heading above the first column": draft("|稀释体积", "第1次输注|250 ml", caption="速率"),
    "an interval under its value": draft("终点|本品", "风险比|1.72 (1.61~1.83)|", caption="疗效"),
    "a share and its interval": draft("终点|本品", "缓解率|12 (5.6) [1.2, 9.8]", caption="疗效"),
    "ranges below words": draft("体重（kg）|每次剂量", "6~8|25", "9~12|40", caption="剂量"),
    "numbers with units": draft("感染|剂量", "轻度|50 mg 2次", caption="剂量"),
    "a note with a mark": draft("不良反应|本品", "皮疹|12", caption="不良反应", note="a：含瘙痒"),
    "a note that is a sentence": draft("不良反应|本品", "皮疹|12", caption="不良反应", note="以实际给药人群计。"),
    "no rows known": TableDraft(certain=False),
}


@pytest.mark.parametrize("name", WRONG)
def test_signs_of_a_table_read_wrongly(name: str) -> None:
    assert table_doubt(WRONG[name])


@pytest.mark.parametrize("name", RIGHT)
def test_tables_that_look_alike_are_not_doubted(name: str) -> None:
    assert table_doubt(RIGHT[name]) == ""


def test_nothing_is_read_from_a_doubtful_table() -> None:
    ledger = Ledger(plain.decode("不良反应".encode(), "label.txt"))
    right = draft("不良反应|本品（N=120）", "皮疹|12", caption="不良反应（%）")
    wrong = draft("不良反应|本品（N=120）", "皮疹|12 9", caption="不良反应（%）")
    assert [len(read_reactions([("t1", table)], [], ledger)) for table in (right, wrong)] == [1, 0]


@pytest.mark.parametrize(
    ("body", "kept", "notes"),
    [
        (
            ["皮疹|12", "ᵃ 按国际标准定义：含瘙痒，或发生于|", "关键部位的皮疹。|"],
            1,
            ["ᵃ 按国际标准定义：含瘙痒，或发生于关键部位的皮疹。"],
        ),
        (["皮疹|12", "a：含瘙痒。|", "b：含水肿。|"], 1, ["a：含瘙痒。", "b：含水肿。"]),
        (["皮疹|12", "注：以给药人群计。|"], 1, ["注：以给药人群计。"]),
        (["皮疹|12", "各种检查|"], 2, []),
        (["感染|", "肺炎|12"], 2, []),
        (["皮疹|12", "* 含瘙痒|9"], 2, []),
    ],
)
def test_notes_that_were_read_as_rows(body: list[str], kept: int, notes: list[str]) -> None:
    left, found = split_note_rows(rows(*body))
    assert (len(left), [note.text for note in found]) == (kept, notes)


SIZED = "不良反应|本品|本品|安慰剂（N=9）|安慰剂（N=9）/不良反应|50mg（N=12）|50mg（N=12）|安慰剂（N=9）|安慰剂（N=9）/不良反应|所有|≥3级|所有|≥3级"


@pytest.mark.parametrize(
    ("header", "arms"),
    [
        (SIZED, [("本品 50mg", 12), ("本品 50mg", 12), ("安慰剂", 9), ("安慰剂", 9)]),
        ("不良反应|本品|本品/不良反应|50mg（N=12）|100mg（N=9）", [("本品 50mg", 12), ("本品 100mg", 9)]),
        ("不良反应|本品（N=12）|本品（N=12）/不良反应|所有|≥3级", [("本品", 12), ("本品", 12)]),
        ("不良反应|本品|本品/不良反应|（N=12）|（N=12）/不良反应|所有|≥3级", [("本品", 12), ("本品", 12)]),
        ("不良反应|本品|本品|安慰剂（N=9）|安慰剂（N=9）/不良反应|所有|≥3级|所有|≥3级", []),
        ("不良反应|本品|本品/不良反应|所有|所有", []),
        ("不良反应|（N=12）|安慰剂（N=9）", []),
        ("不良反应||本品/不良反应|50mg（N=12）|100mg（N=9）", []),
    ],
)
def test_arms_of_any_header_or_none(header: str, arms: list[tuple[str, int]]) -> None:
    columns = header.split("/", maxsplit=1)[0].count("|")
    table = draft(header, "皮疹" + "|3" * columns, caption="不良反应的发生率（%）")
    ledger = Ledger(plain.decode("不良反应".encode(), "label.txt"))
    found = read_reactions([("t1", table)], [], ledger)
    assert [(str(row.arm.zh), row.arm_size) for row in found] == arms  # type: ignore[union-attr]
    assert bool(ledger.doubts) == (not arms)
