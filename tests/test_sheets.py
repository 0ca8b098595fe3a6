"""Tables in one file, read back by those who read such files: csv, pandas, polars, DuckDB, openpyxl."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from documents import SAMPLES

import extractor
from extractor.cli import main
from extractor.write import sheets
from extractor.write.dataset.columns import columns_of, table_names
from extractor.write.sheets import SheetFull, write_csv, write_workbook

PLACES = [str(SAMPLES / name) for name in ("chictr/colitis_saved.html", "nmpa/tablets_plain.txt", "ctgov/two_studies.json")]


def written(tmp_path: Path, name: str, *more: str, places: list[str] = PLACES) -> Path:
    target = tmp_path / name
    assert main([*places, "-o", str(target), "-q", *more]) == 0
    return target


def want(table: str) -> list[str]:
    records = [record for place in PLACES for record in extractor.extract(place)]
    return [str(value) for value in extractor.frame(records, table)["record_id"].tolist()]


@pytest.mark.parametrize("table", ["records", "trials", "criteria", "constraints", "adverse_reactions", "label_rows"])
def test_csv_is_read_by_everybody(tmp_path: Path, table: str) -> None:
    file = written(tmp_path, "table.csv", "--table", table)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == [column.name for column in columns_of(table)]
    assert [row["record_id"] for row in rows] == want(table)
    pandas, polars, duckdb = (pytest.importorskip(name) for name in ("pandas", "polars", "duckdb"))
    assert pandas.read_csv(file)["record_id"].tolist() == want(table)
    assert polars.read_csv(file, infer_schema_length=None)["record_id"].to_list() == want(table)
    query = f"SELECT record_id FROM read_csv('{file}', header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')"
    assert [row[0] for row in duckdb.sql(query).fetchall()] == want(table)


def test_excel_reads_chinese_in_csv_by_its_mark(tmp_path: Path) -> None:
    assert written(tmp_path, "table.csv", "--table", "trials").read_bytes().startswith(b"\xef\xbb\xbf")
    assert written(tmp_path, "rows.csv", "--to", "csv", places=PLACES[:1]).read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_spreadsheet_runs_no_cell_of_a_table(tmp_path: Path) -> None:
    study = json.loads((SAMPLES / "ctgov" / "migraine_api.json").read_bytes())
    study["protocolSection"]["identificationModule"]["briefTitle"] = '=HYPERLINK("http://example.org")'
    (tmp_path / "study.json").write_text(json.dumps(study))
    file = written(tmp_path, "t.csv", "--table", "trials", places=[str(tmp_path / "study.json")])
    [row] = csv.DictReader(io.StringIO(file.read_text("utf-8-sig")))
    assert row["brief_title_en"].startswith("'=HYPERLINK")
    book = pytest.importorskip("openpyxl").load_workbook(written(tmp_path, "t.xlsx", places=[str(tmp_path / "study.json")]))
    [title] = [cell for cell in book["trials"][2] if str(cell.value).startswith("=HYPERLINK")]
    assert title.data_type == "s"


def test_a_workbook_has_a_sheet_a_table(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(written(tmp_path, "all.xlsx"))
    names = [name for name in table_names() if name in book.sheetnames]
    assert book.sheetnames == names
    for table in ("trials", "criteria", "adverse_reactions", "findings"):
        header, *rows = book[table].iter_rows(values_only=True)
        assert list(header) == [column.name for column in columns_of(table)]
        assert [row[1] for row in rows] == want(table)
    assert isinstance(book["trials"].cell(2, list(next(book["trials"].iter_rows(values_only=True))).index("enrollment") + 1).value, int)
    assert openpyxl.load_workbook(written(tmp_path, "two.xlsx", "--table", "trials", "--table", "arms")).sheetnames == ["trials", "arms"]


def test_a_workbook_is_the_same_for_the_same_records(tmp_path: Path) -> None:
    one, two = (hashlib.sha256(written(tmp_path, name).read_bytes()).hexdigest() for name in ("1.xlsx", "2.xlsx"))
    assert one == two


def test_a_cell_that_excel_cannot_hold_is_cut_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = json.loads((SAMPLES / "ctgov" / "migraine_api.json").read_bytes())
    study["protocolSection"]["descriptionModule"]["briefSummary"] = "long " * 8000
    (tmp_path / "study.json").write_text(json.dumps(study))
    book = pytest.importorskip("openpyxl").load_workbook(written(tmp_path, "t.xlsx", places=[str(tmp_path / "study.json")]))
    assert max(len(str(cell.value)) for cell in book["trials"][2]) == sheets.LONGEST
    assert "cells cut at the 32,767 characters that Excel holds: 1" in capsys.readouterr().err


def test_a_sheet_that_is_full_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 5)
    records = [("1", record) for record in extractor.extract(PLACES[0])]
    with pytest.raises(SheetFull, match="criteria has more rows than a sheet of Excel holds"):
        write_workbook(records, ["criteria"], io.BytesIO())
    assert main([*PLACES, "-o", str(tmp_path / "t.xlsx"), "-q"]) == 1
    assert "write .duckdb, .sqlite or .csv" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("table", ["trials", "criteria", "label_rows"])
def test_parquet_of_one_table(tmp_path: Path, table: str) -> None:
    file = written(tmp_path, "t.parquet", "--table", table)
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    assert pandas.read_parquet(file)["record_id"].tolist() == polars.read_parquet(file)["record_id"].to_list() == want(table)


def test_a_table_without_rows_has_its_header_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "t.csv", "--table", "dosing", places=PLACES[:1])
    assert file.read_text("utf-8-sig").split(",")[0] == "record_key"
    assert "dosing: these records have no row of this table" in capsys.readouterr().err
    assert pytest.importorskip("polars").read_parquet(written(tmp_path, "t.parquet", "--table", "dosing", places=PLACES[:1])).height == 0


def test_keys_tell_the_records_of_one_document_apart() -> None:
    out = io.BytesIO()
    records: list[Any] = [(f"k-{number}", record) for number, record in enumerate(extractor.extract(PLACES[2]), 1)]
    assert write_csv(records, "trials", out) == []
    assert [line.split(",")[0] for line in out.getvalue().decode("utf-8-sig").splitlines() if line.startswith("k-")] == ["k-1", "k-2"]


def test_tables_are_made_of_our_own_json_too(tmp_path: Path) -> None:
    records = written(tmp_path, "records.json")
    for name in ("t.csv", "t.xlsx", "t.parquet"):
        more = [] if name == "t.xlsx" else ["--table", "trials"]
        written(tmp_path, name, *more, places=[str(records)])
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert [row["record_id"] for row in csv.DictReader(lines)] == want("trials")
