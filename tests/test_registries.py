"""Documents of registries, read against fields that stand in them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from case_rows import FOLDER
from documents import SAMPLES, SHARED, needs_shared

import extractor
from extractor.cli import main

REGISTRIES = SHARED / "corpus" / "registries"
LEAST = 0.99  # share of a document's characters that its record accounts for


def rows() -> list[list[str]]:
    lines = [line for line in (FOLDER / "registries.tsv").read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [line.split("\t") for line in lines[1:]]


@cache
def record(document: str) -> dict[str, Any]:
    path = REGISTRIES / document
    (only,) = extractor.extract(path.read_bytes(), path.name)
    return json.loads(extractor.to_json(only))


def look_up(node: Any, path: str) -> str:
    for step in path.split("/"):
        if step == "#":
            return str(len(node))
        if isinstance(node, list):
            node = node[int(step)] if int(step) < len(node) else None
        elif node is not None:
            node = node.get(step)
    return "-" if node is None else str(node)


@needs_shared
@pytest.mark.parametrize(("document", "path", "value"), rows(), ids="|".join)
def test_fields_read_by_hand(document: str, path: str, value: str) -> None:
    assert look_up(record(document)["trial"], path) == value


@needs_shared
def test_every_document_is_read_and_has_ten_rows() -> None:
    documents = {path.relative_to(REGISTRIES).as_posix() for path in REGISTRIES.rglob("*.*")}
    counted = [document for document, _, _ in rows()]
    assert {document for document in documents if counted.count(document) < 10} == set()
    for document in documents:
        assert record(document)["coverage"]["characters"] >= LEAST, document


def test_full_trials_of_one_file_are_cut_apart(tmp_path) -> None:
    out = tmp_path / "all.jsonl"
    assert main([str(SAMPLES / "isrctn" / "two.xml"), "-o", str(out), "-q"]) == 0
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == ["ISRCTN99000001", "ISRCTN99000002"]


def test_copies_of_one_trial_are_tied_across_forms(tmp_path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="needs the extra [bulk]")
    folder = tmp_path / "links"
    pages = [str(SAMPLES / "euctr" / name) for name in ("honey_page.html", "honey_stored.json")]
    assert main([*pages, "-o", f"{folder}.duckdb", "-q"]) == 0
    with duckdb.connect(f"{folder}.duckdb") as base:
        assert base.execute("select distinct type, evidence from links").fetchall() == [("SAME_TRIAL", "2032-000123-45")]
