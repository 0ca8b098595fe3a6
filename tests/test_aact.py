"""The tables of an AACT download: one source of many records, joined by the numbers of studies."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from documents import SAMPLES, TABLES, record

import extractor
from extractor import cli
from extractor.inputs import InputUnit, each_unit, find_inputs
from extractor.split import joined
from extractor.split.joined import is_table

STUDIES = ["NCT09900071", "NCT09900072"]


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TABLES, tmp_path / "aact"))


def units(*places: Path) -> list[InputUnit]:
    return list(each_unit(map(str, places)))


def documents(found: list[InputUnit]) -> list[bytes]:
    return [unit.data for unit in found if unit.data is not None and not unit.refusal]


def refusals(found: list[InputUnit]) -> dict[str, str]:
    return {Path(unit.address).name: unit.refusal for unit in found if unit.refusal}


def packed(folder: Path, target: Path, inside: str = "") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, inside + file.name)
    return target


def test_the_sample_is_what_the_tables_give() -> None:
    assert documents(units(TABLES))[0] == (SAMPLES / "ctgov" / "aact_joined.json").read_bytes()


def test_a_folder_is_one_source_of_many_records() -> None:
    found = units(TABLES)
    assert [unit.address.removeprefix(f"{TABLES}/") for unit in found] == ["studies.txt#1", "studies.txt#2"]
    assert [next(extractor.extract(data)).id for data in documents(found)] == STUDIES
    assert [item.name for item in find_inputs([str(TABLES)])] == ["studies.txt#1", "studies.txt#2"]


@pytest.mark.parametrize("inside", ["", "download/2022/"])
def test_a_zip_gives_the_same_documents(inside: str, tmp_path: Path) -> None:
    found = units(packed(TABLES, tmp_path / "may.zip", inside))
    assert documents(found) == documents(units(TABLES))
    assert found[0].address.endswith(f"may.zip!{inside}studies.txt#1")


def test_rows_find_each_other_by_their_numbers() -> None:
    trial = record("ctgov/aact_joined.json")["trial"]
    assert [arm["interventions"] for arm in trial["arms"]] == [["int-1", "int-3"], ["int-2", "int-3"]]
    assert trial["interventions"][0]["other_names"] == [{"en": "Merino"}, {"en": "Woollies"}]
    assert [item["text"]["en"] for item in trial["eligibility"]["exclusion"]] == ["Allergy to wool", "HbA1c > 8.5 %"]
    assert [(item["role"], item["name"]["en"]) for item in trial["sponsors"]] == [
        ("COLLABORATOR", "Example Woollens Ltd"),
        ("LEAD", "Institute of Warm Feet"),
    ]
    assert trial["design"]["who_masked"] == ["CARE_PROVIDER", "OUTCOMES_ASSESSOR"]
    assert [(item["value"], item["scheme"]) for item in trial["identifiers"]][1:] == [("WF-21-07", "SPONSOR"), ("2021-000000-21", "EUCTR")]


def test_other_files_of_the_folder_are_read_as_ever(tables: Path) -> None:
    shutil.copy(SAMPLES / "drks" / "tea.json", tables)
    (tables / "mesh_terms.txt").write_text("id|qualifier|tree_number\n1|A|A01\n")
    found = units(tables)
    assert len(documents(found)) == len(STUDIES)
    assert {Path(unit.address).name for unit in found[2:]} == {"mesh_terms.txt", "tea.json"}


def test_a_table_alone_is_read_as_it_is(tables: Path) -> None:
    for file in tables.iterdir():
        if file.stem != "studies":
            file.unlink()
    assert [unit.address for unit in units(tables)] == [f"{tables}/studies.txt"]
    assert [unit.address for unit in units(TABLES / "eligibilities.txt")] == [f"{TABLES}/eligibilities.txt"]


def test_a_row_without_its_study_is_told(tables: Path) -> None:
    with (tables / "keywords.txt").open("a") as file:
        file.write("2|NCT09900079|lost|lost\n")
    found = units(tables)
    assert len(documents(found)) == len(STUDIES)
    assert refusals(found) == {"keywords.txt": "1 of its rows belong to studies that studies does not hold, such as NCT09900079"}


def test_a_damaged_row_is_told(tables: Path) -> None:
    with (tables / "keywords.txt").open("a") as file:
        file.write("2|NCT09900071|lost\n")
    assert list(refusals(units(tables))) == ["keywords.txt"]


@pytest.mark.parametrize("cut", [40, 500])
def test_a_table_that_breaks_off_leaves_no_half_of_a_study(tables: Path, cut: int) -> None:
    """Every study would lack what stood behind, and nobody could say which does."""
    whole = (tables / "eligibilities.txt").read_bytes()
    (tables / "eligibilities.txt").write_bytes(whole[:-cut])
    found = units(tables)
    assert documents(found) == []
    assert "lack rows of the table eligibilities" in refusals(found)["studies.txt"]


def test_tables_that_are_too_large_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.inputs.MAX_TABLES", 1000)
    (refused,) = units(TABLES)
    assert "over the limit" in refused.refusal


def test_no_room_on_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joined, "SCHEMA", "PRAGMA query_only = 1")  # SQLite cannot write, as on a full disk
    (refused,) = units(TABLES)
    assert refused.refusal.startswith("the tables are too large to be joined here")


def test_the_command_writes_a_record_a_study(tmp_path: Path) -> None:
    target = tmp_path / "records.jsonl"
    assert cli.main([str(TABLES), "-o", str(target), "-q"]) == 0
    assert [json.loads(line)["id"] for line in target.read_text("utf-8").splitlines()] == STUDIES


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"nct_id|name\nNCT1|x\n", True),
        (b'"id"|"nct_id"\r\n1|NCT1\r\n', True),
        (b"\xef\xbb\xbfid|nct_id\n", True),
        (b"nct_id,name\n", False),
        (b"The column nct_id | is described here\n", False),
        (b"nct_id\n", False),
        (b"", False),
    ],
)
def test_a_table_is_known_by_its_header(head: bytes, *, expected: bool) -> None:
    assert is_table(head) is expected
