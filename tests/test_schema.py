from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from documents import ROOT, SCHEMA, documents, records, shown

from extractor.write.schemas import SCHEMAS, schema_json, write_schemas


@pytest.mark.parametrize("name", SCHEMAS)
def test_published_schema_is_that_of_the_model(name: str) -> None:
    published = ROOT / "schemas" / f"{name}.schema.json"
    assert published.read_bytes() == schema_json(name), "run: python -m extractor.write.schemas"
    jsonschema.Draft202012Validator.check_schema(json.loads(published.read_bytes()))


def test_one_command_writes_them(tmp_path: Path) -> None:
    write_schemas(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["label.schema.json", "record.schema.json", "trial.schema.json"]


@pytest.mark.parametrize("document", documents(), ids=shown)
def test_every_sample_gives_valid_records(document: Path) -> None:
    assert records(document)


def test_the_schema_is_closed() -> None:
    record = {"kind": "trial", "id": "x", "invented": 1}
    messages = [fault.message for fault in SCHEMA.iter_errors(record)]
    assert any("invented" in message for message in messages)
    assert any("'source' is a required property" in message for message in messages)
