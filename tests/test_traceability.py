"""Nothing invented, nothing lost, nothing random, on every sample."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from documents import SAMPLES, content, documents, listed, raw_records, records, shown, squeeze, texts

import extractor

HASHES = """
import hashlib, pathlib, sys
import extractor
for name in sys.argv[1:]:
    path = pathlib.Path(name)
    for record in extractor.extract(path.read_bytes(), path.name):
        print(path.name, hashlib.sha256(extractor.to_json(record)).hexdigest())
"""


@pytest.mark.parametrize("document", documents(), ids=shown)
def test_every_text_stands_in_the_document(document: Path) -> None:
    whole = extractor.document_text(document.read_bytes(), document.name)
    squeezed = squeeze(whole)
    for plain in records(document):
        spans = plain["provenance"]
        for path, text in texts(content(plain), f"/{plain['kind']}"):
            joined = "".join(squeeze(whole[span["start"] : span["end"]]) for span in spans.get(path, ()))
            assert squeeze(text) in squeezed or squeeze(text) == joined, f"invented at {path}: {text}"


@pytest.mark.parametrize("document", documents(), ids=shown)
def test_every_text_has_provenance(document: Path) -> None:
    for plain in records(document):
        spans = plain["provenance"]
        for path, text in texts(content(plain), f"/{plain['kind']}"):
            assert any(path == known or path.startswith(known + "/") for known in spans), f"no provenance for {path}: {text}"


@pytest.mark.parametrize("document", documents(), ids=shown)
def test_spans_lie_in_the_document_and_point_at_fields(document: Path) -> None:
    length = len(extractor.document_text(document.read_bytes(), document.name))
    for plain in records(document):
        for pointer, places in plain["provenance"].items():
            assert all(0 <= place["start"] < place["end"] <= length for place in places), pointer
            assert resolves(plain, pointer), f"{pointer} points at nothing"


def resolves(value: object, pointer: str) -> bool:
    for step in pointer.split("/")[1:]:
        if isinstance(value, list):
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
        if value is None:
            return False
    return True


@pytest.mark.parametrize("document", documents(), ids=shown)
def test_nothing_is_lost(document: Path) -> None:
    least = float(listed()[shown(document)]["coverage"])
    for plain in records(document):
        assert plain["coverage"]["characters"] >= least
        assert plain["coverage"]["labels_mapped"] <= plain["coverage"]["labels_seen"]


@pytest.mark.parametrize("document", documents(), ids=shown)
def test_absent_is_absent(document: Path) -> None:
    def empties(value: object, path: str) -> list[str]:
        pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        here = [path] if value in ("", None, [], {}) else []
        return here + [found for key, item in pairs for found in empties(item, f"{path}/{key}")]

    allowed = ("/rows/", "/header/")  # a table's cells may be empty
    for plain in records(document):
        assert [path for path in empties(content(plain), "") if not any(part in path for part in allowed)] == []


@pytest.mark.parametrize("document", documents(), ids=shown)
def test_a_second_run_gives_the_same_bytes(document: Path) -> None:
    again = [extractor.to_json(record) for record in extractor.extract(document.read_bytes(), document.name)]
    assert again == raw_records(document)


def test_hash_seeds_change_nothing() -> None:
    names = [str(path) for path in documents()]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", HASHES, *names], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "4242")
    }
    assert len(outputs) == 1


def test_contacts_leave_no_trace() -> None:
    document = SAMPLES / "chictr" / "colitis_saved.html"
    (record,) = extractor.extract(document.read_bytes(), document.name, extractor.Options(contacts=False))
    plain = json.loads(extractor.to_json(record))
    (full,) = records(document)
    assert "contacts" not in plain["trial"]
    personal = {contact.get(key) for contact in full["trial"]["contacts"] for key in ("phone", "email")} - {None}
    assert personal
    assert not any(value in json.dumps(plain, ensure_ascii=False) for value in personal)
    places = {(place["start"], place["end"]) for path, spans in full["provenance"].items() if "/contacts/" in path for place in spans}
    left = {(place["start"], place["end"]) for spans in plain["provenance"].values() for place in spans}
    assert not places & left
