"""Records handed on by the command line: exports, pages, reviews."""

from __future__ import annotations

import json

import pytest
from documents import SAMPLES

from extractor.cli import main
from extractor.write.exports import TARGETS

PAGE = SAMPLES / "veeva" / "psoriasis_copied.txt"
OTHER = SAMPLES / "listing" / "cough_copied.txt"
LABEL = SAMPLES / "nmpa" / "tablets_plain.txt"


@pytest.fixture
def record(tmp_path):
    place = tmp_path / "record.json"
    assert main([str(PAGE), "-o", str(place), "-q"]) == 0
    return place


def test_export_from_a_document_and_from_its_record_are_the_same(record, tmp_path):
    for number, place in enumerate((PAGE, record)):
        assert main([str(place), "--to", "trialmatchai", "-o", str(tmp_path / f"{number}.json"), "-q"]) == 0
    assert (tmp_path / "0.json").read_bytes() == (tmp_path / "1.json").read_bytes()


def test_what_a_target_cannot_hold_is_listed_beside_it(tmp_path, capsys):
    out = tmp_path / "row.csv"
    assert main([str(PAGE), "--to", "csv", "-o", str(out), "-q"]) == 0
    beside = json.loads((tmp_path / "row.csv.left-out.json").read_text("utf-8"))
    assert next(iter(beside.values()))
    assert "row.csv.left-out.json" in capsys.readouterr().err


def test_several_rows_share_one_header(tmp_path):
    out = tmp_path / "rows.csv"
    assert main([str(PAGE), str(SAMPLES / "listing" / "cough_copied.txt"), "--to", "csv", "-o", str(out), "-q"]) == 0
    assert out.read_text("utf-8").count("lead_sponsor") == 1


def test_a_target_refuses_a_label_and_writes_nothing(tmp_path, capsys):
    out = tmp_path / "label.json"
    assert main([str(LABEL), "--to", "fhir-r5", "-o", str(out)]) == 1
    assert capsys.readouterr().err == "extract: fhir-r5 holds no labels: 1 label left out\n"
    assert not out.exists()


def test_a_label_among_trials_is_left_out_and_counted(tmp_path, capsys):
    out = tmp_path / "studies.json"
    assert main([str(LABEL), str(PAGE), "--to", "trialgpt", "-o", str(out), "-q"]) == 0
    assert "trialgpt holds no labels: 1 label left out" in capsys.readouterr().err
    assert json.loads(out.read_text("utf-8"))["_id"] == "NCT09990011"


@pytest.mark.parametrize("target", [name for name, target in TARGETS.items() if "/" in target.endings])
def test_a_folder_holds_a_file_a_record(tmp_path, target):
    folder, twin = tmp_path / "out", tmp_path / "twin.txt"
    twin.write_bytes(PAGE.read_bytes())
    assert main([str(PAGE), str(OTHER), str(twin), "--to", target, "-o", f"{folder}/", "-q"]) == 0
    assert sorted(path.stem for path in folder.iterdir()) == ["NCT09990011", "NCT09990011-2", "NCT09990022"]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_marks_are_merged_into_the_record(record, tmp_path):
    found = json.loads(record.read_text("utf-8"))
    marks = [
        {"path": "/trial/titles/public/en", "verdict": "RIGHT"},
        {"path": "/trial/status/overall/code", "verdict": "WRONG", "note": "stale"},
    ]
    review = tmp_path / "review.json"
    one = {"id": found["id"], "sha256": found["source"]["sha256"], "version": "1.0.0", "marks": marks}
    review.write_text(json.dumps({"format": "extract-review-1", "records": [one]}))
    out = tmp_path / "reviewed.json"
    assert main([str(record), "--apply-review", str(review), "-o", str(out), "-q", "--validate"]) == 0
    done = json.loads(out.read_text("utf-8"))
    assert done.pop("review") == marks
    assert done == found


def test_a_mark_on_nothing_is_refused(record, tmp_path, capsys):
    found = json.loads(record.read_text("utf-8"))
    one = {"id": found["id"], "sha256": found["source"]["sha256"], "version": "1.0.0", "marks": [{"path": "/trial/arms/99/label/en"}]}
    review = tmp_path / "review.json"
    review.write_text(json.dumps({"format": "extract-review-1", "records": [one]}))
    assert main([str(record), "--apply-review", str(review), "-o", str(tmp_path / "x.json")]) == 1
    assert "/trial/arms/99/label/en" in capsys.readouterr().err
    assert not (tmp_path / "x.json").exists()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "other", "records": []}'])
def test_what_is_no_review_is_told(record, tmp_path, capsys, text):
    review = tmp_path / "review.json"
    review.write_text(text)
    assert main([str(record), "--apply-review", str(review)]) == 1
    assert "review" in capsys.readouterr().err


def test_a_page_needs_the_document(record, tmp_path, capsys):
    assert main([str(record), "-o", str(tmp_path / "page.html")]) == 1
    assert "needs the document" in capsys.readouterr().err


def test_a_page_shows_one_document(tmp_path, capsys):
    assert main([str(PAGE), str(LABEL), "-o", str(tmp_path / "page.html")]) == 1
    assert "one document" in capsys.readouterr().err
