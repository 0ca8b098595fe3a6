"""The fictional documents of samples/, read once a test run, and what tests ask of records."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import extractor
from extractor.model import Record, schema

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
BROKEN = SAMPLES / "broken"
PATIENTS = SAMPLES / "patients"  # what screening reads: no documents
TABLES = SAMPLES / "aact"  # the tables of a download, documents only when they are joined
SHARED = ROOT.parent / "shared"
SCHEMA = jsonschema.Draft202012Validator(schema(Record))

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs the evaluation data that stands beside the checkout as ../shared")


def golden_of(document: Path) -> Path:
    """The expected record of a document stands beside it."""
    return document.with_name(document.name + ".json")


def documents() -> list[Path]:
    """Every sample that must give records: not the broken ones, the patients, tables, the expected records and the list of samples."""
    files = (
        path
        for path in SAMPLES.rglob("*")
        if path.is_file() and not {BROKEN, PATIENTS, TABLES} & set(path.parents) and path.parent != SAMPLES
    )
    return sorted(path for path in files if not (path.suffix == ".json" and path.with_suffix("").is_file()))


def shown(document: Path) -> str:
    """A document's name in test ids: chictr/page.html."""
    return document.relative_to(SAMPLES).as_posix()


@cache
def listed() -> dict[str, dict[str, str]]:
    """samples/SOURCES.tsv by document."""
    with (SAMPLES / "SOURCES.tsv").open(encoding="utf-8") as lines:
        return {row["document"]: row for row in csv.DictReader(lines, delimiter="\t")}


@cache
def raw_records(document: Path) -> list[bytes]:
    """A document's records as JSON, each valid under the published schema."""
    lines = [extractor.to_json(record) for record in extractor.extract(document.read_bytes(), document.name)]
    for line in lines:
        check_schema(json.loads(line))
    return lines


def records(document: Path) -> list[dict[str, Any]]:
    """A document's records as plain values, fresh for every caller."""
    return [json.loads(line) for line in raw_records(document)]


def record(name: str) -> dict[str, Any]:
    """The one record of samples/<name>."""
    (only,) = records(SAMPLES / name)
    return only


def check_schema(plain: dict[str, Any]) -> None:
    """Fails with the first place where a record breaks the schema."""
    fault = next(SCHEMA.iter_errors(plain), None)
    assert fault is None, f"{fault.json_path}: {fault.message}"


def squeeze(text: str) -> str:
    """A text without white space and invisible characters."""
    return re.sub(r"[\s\u00a0\u200b\ufeff\u00ad]+", "", text)


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(pointer, text) of every leaf of a language map that is not inferred."""
    if isinstance(value, dict) and value and set(value) <= {"zh", "en"}:
        yield from ((f"{path}/{language}", text) for language, text in value.items())
    elif isinstance(value, dict) and not value.get("inferred"):
        for name, item in value.items():
            yield from texts(item, f"{path}/{name}")
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from texts(item, f"{path}/{at}")


def content(plain: dict[str, Any]) -> dict[str, Any]:
    """The trial or the label of a record."""
    return plain.get("trial") or plain["label"]
