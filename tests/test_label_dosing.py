"""Regimens of 用法用量: doses, schedules, routes, the indication of each; what cannot be read surely."""

from __future__ import annotations

import json
from typing import Any

import pytest
from case_rows import read_cases

import extractor
from extractor.decode import plain
from extractor.document import Draft
from extractor.label import structure_label
from extractor.label.fields.dose_tables import read_dose_table
from extractor.label.fields.dosing import DosingSection, read_dosing
from extractor.label.grids.table_draft import TableDraft
from extractor.label.ledger import Ledger
from extractor.label.text.passages import passage_at
from extractor.model import Criterion, Text

HEAD = "甲片说明书\n请仔细阅读说明书并在医师指导下使用。\n【药品名称】\n通用名称：甲片\n【性状】\n白色片。\n"
TAIL = "【禁忌】\n对本品过敏者禁用。\n【贮藏】\n密封。\n【包装】\n10片/盒。\n"


def read(body: str) -> tuple[Any, list[tuple[str, str, str]]]:
    """The label and its findings in the making: code, path, quote."""
    found = structure_label(Draft("nmpa", "label"), plain.decode((HEAD + body + TAIL).encode(), "label.txt"))
    return json.loads(extractor.to_json(found.label)), [(doubt.code, doubt.path, doubt.quote) for doubt in found.doubts]


def shown(entry: Any) -> str:
    high = f"-{entry['dose_high']['value']}" if "dose_high" in entry else ""
    words = [entry.get(field, {}).get("zh", "-") for field in ("schedule", "route")]
    return f"{entry['dose']['value']}{high} {entry['dose']['unit']['text']}, {', '.join(words)}"


@pytest.mark.parametrize(("text", "told"), read_cases("label_dosing"))
def test_regimens_of_prose(text: str, told: str) -> None:
    label, doubts = read(f"【适应症】\n1. 用于急性中耳炎。\n2. 用于扁桃体炎。\n【用法用量】\n{text}\n")
    found = [shown(entry) for entry in label.get("dosing", [])] + ["?" for code, _, _ in doubts if code == "dosing.unread"]
    assert " | ".join(found) == told


@pytest.mark.parametrize(("text", "told"), read_cases("label_dose_tables"))
def test_regimens_of_tables(text: str, told: str) -> None:
    head, *body = [[passage_at(cell, 0, len(cell)) for cell in line.split("|")] for line in text.split(" / ")]
    split = [[passage_at(part, 0, len(part)) for cell in head for part in cell.text.split(">")[n : n + 1] or [cell.text]] for n in (0, 1)]
    header = split if any(">" in cell.text for cell in head) else [head]
    found = read_dose_table(TableDraft(caption=passage_at("给药方案", 0, 4), header=header, rows=body), "用于急性中耳炎和扁桃体炎")
    shown = [f"{r.dose.amount.value} {r.dose.amount.unit.text}, {r.schedule.text}" for r in found.regimens] if found else []  # type: ignore[union-attr]
    assert " | ".join(shown + ["?"] * (len(found.unread) if found else 1)) == told


def test_each_regimen_has_the_indication_that_the_words_above_it_name() -> None:
    body = (
        "【适应症】\n1. 用于成人癫痫部分性发作。\n2. 用于预防偏头痛。\n【用法用量】\n偏头痛的预防\n推荐剂量为 50 mg，口服，每日一次。\n"
        "癫痫部分性发作\n推荐剂量为 100 mg，口服，每日两次。\n其他人群\n推荐剂量为 25 mg，口服，每日一次。\n"
    )
    assert [(d["dose"]["value"], d.get("indication")) for d in read(body)[0]["dosing"]] == [(50, "IND2"), (100, "IND1"), (25, None)]


def test_a_dose_that_cannot_be_read_surely_is_quoted() -> None:
    _, doubts = read("【适应症】\n用于头痛。\n【用法用量】\n每日20mg或40mg/m2，一日一次。\n")
    assert ("dosing.unread", "/label/dosing", "每日20mg或40mg/m2，一日一次。") in doubts


@pytest.mark.parametrize(("reactions", "sections"), [("尚不明确。", [3]), ("用药后应观察。", [3, 4])])
def test_a_section_without_entries_is_a_finding(reactions: str, sections: list[int]) -> None:
    _, doubts = read(f"【适应症】\n用于头痛。\n【用法用量】\n遵医嘱使用。\n【不良反应】\n{reactions}\n")
    assert [path for code, path, _ in doubts if code == "section.unstructured"] == [f"/label/sections/{n}" for n in sections]


@pytest.mark.parametrize(("above", "read"), [("急性中耳炎", ["IND1"]), ("扁桃体化脓 急性中耳炎", [])])
def test_a_row_that_names_two_indications_is_not_read(above: str, read: list[str]) -> None:
    criteria = [
        Criterion(id=f"IND{n}", role="CRITERION", text=Text(zh=words))
        for n, words in enumerate(["用于急性中耳炎。", "用于扁桃体化脓。"], 1)
    ]
    header, row = ([passage_at(cell, 0, len(cell)) for cell in cells] for cells in (("年龄", above), ("6岁", "20 mg 每日一次")))
    ledger = Ledger(plain.decode("说明书".encode(), "label.txt"))
    section = DosingSection([], [TableDraft(header=[header], rows=[row])], passage_at("", 0, 0))
    assert [entry.indication for entry in read_dosing(section, criteria, ledger)] == read
    assert ["dosing.unread"] * (not read) == [doubt.code for doubt in ledger.doubts]
