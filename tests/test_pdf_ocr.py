"""Scanned labels: order of sections and names through optical character recognition (skipped without the extra)."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from documents import SHARED, needs_shared

import extractor
from extractor.decode.pdf.ocr import _confidence, _lines, _Piece, find_engine

needs_engine = pytest.mark.skipif(find_engine() is None, reason="needs rapidocr-onnxruntime: pip install '.[ocr]'")
HEAD = [
    "names",
    "ingredients",
    "description",
    "indications",
    "strengths",
    "dosage_administration",
    "adverse_reactions",
    "contraindications",
    "precautions",
]
BODY = [
    "pregnancy_lactation",
    "pediatric_use",
    "geriatric_use",
    "drug_interactions",
    "overdosage",
    "pharmacology_toxicology",
    "pharmacokinetics",
]
FOOT = ["storage", "packaging", "shelf_life", "standard", "approval_number"]


@cache
def label(name: str) -> Any:
    file = SHARED / "corpus" / "label" / name
    (record,) = extractor.extract(file.read_bytes(), file.name)
    return json.loads(extractor.to_json(record))["label"]


@needs_shared
@needs_engine
@pytest.mark.parametrize(
    ("name", "generic", "last"),
    [
        ("cn_spironolactone_minsheng_scan3col.pdf", "螺内酯片", ["holder", "manufacturer"]),
        ("cn_estradiol_valerate_progynova_scan.pdf", "戊酸雌二醇片", ["manufacturer", "packager"]),
    ],
)
def test_scanned_labels_give_their_names_and_the_order_of_sections(name: str, generic: str, last: list[str]) -> None:
    found = label(name)
    assert found["names"]["generic"]["zh"] == generic
    assert [section["key"] for section in found["sections"]] == [*HEAD, *BODY, *FOOT, *last]


def piece(left: float, top: float, text: str, score: float = 0.9) -> _Piece:
    return _Piece(text, (left, top, left + 8 * len(text), top + 10), score)


def test_recognised_pieces_are_sorted_by_column() -> None:
    words = "本品用于成人患者的治疗疗程"
    pieces = [piece(x, 20 + 12 * row, f"{name}{row:02d}{words}") for row in range(20) for x, name in ((20, "左"), (150, "中"), (280, "右"))]
    lines = [line.text[:3] for line in _lines(pieces, 420)]
    assert lines == [f"{name}{row:02d}" for name in "左中右" for row in range(20)]


def test_a_piece_drawn_over_two_columns_is_cut_at_the_bracket_of_a_heading() -> None:
    words = "本品用于成人患者的治疗疗程"
    pieces = [piece(x, 20 + 12 * row, f"{name}{row:02d}{words}") for row in range(20) for x, name in ((20, "左"), (150, "右"))]
    pieces.append(piece(20, 20 + 12 * 20, "左列的文字到这里为止结束了" + "【儿童用药】尚不明确"))
    lines = [line.text for line in _lines(pieces, 300)]
    assert lines[20] == "左列的文字到这里为止结束了"
    assert lines[-1] == "【儿童用药】尚不明确"


def test_confidence_is_a_mean_over_characters() -> None:
    assert _confidence([piece(0, 0, "甲乙丙", 1.0), piece(0, 20, "丁", 0.6)]) == 0.9
    assert _confidence([]) == 0.0
