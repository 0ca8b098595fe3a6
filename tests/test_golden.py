"""The expected record of every sample, one test a field. `pytest --update-golden -k NAME` rewrites them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from documents import content, documents, golden_of, records, shown, squeeze, texts

DOCUMENTS = documents()


def expected(document: Path) -> list[dict[str, Any]]:
    """The records that a golden file holds: one, or a list of several."""
    golden = golden_of(document)
    if not golden.is_file():
        return []
    value = json.loads(golden.read_text("utf-8"))
    return value if isinstance(value, list) else [value]


def actual(document: Path) -> list[dict[str, Any]]:
    """The records as golden files hold them: without the spans, which the traceability tests check."""
    return [{name: value for name, value in plain.items() if name != "provenance"} for plain in records(document)]


def fields(plain: dict[str, Any]) -> dict[str, Any]:
    """A record's fields by name: those of the envelope, and /trial/… or /label/… for those inside."""
    kind = plain["kind"]
    inside = {f"/{kind}/{name}": value for name, value in plain[kind].items()}
    return {name: value for name, value in plain.items() if name != kind} | inside


def each_field() -> Iterator[Any]:
    for document in DOCUMENTS:
        for at, plain in enumerate(expected(document)):
            for name in fields(plain):
                yield pytest.param(document, at, name, id=f"{shown(document)}-{at}-{name}")


@pytest.fixture
def updating(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_expected_record_stands(document: Path, updating: bool, request: pytest.FixtureRequest) -> None:
    if updating:
        rewrite(document, may_lose=request.config.getoption("--may-lose-text"))
    want, have = expected(document), actual(document)
    assert want, f"no expected record: pytest --update-golden -k '{document.name}', read it, commit it"
    assert [sorted(fields(plain)) for plain in have] == [sorted(fields(plain)) for plain in want]


@pytest.mark.parametrize(("document", "at", "name"), each_field())
def test_field(document: Path, at: int, name: str, updating: bool) -> None:
    if updating:
        pytest.skip("the expected records are being rewritten")
    assert fields(actual(document)[at]).get(name) == fields(expected(document)[at])[name]


def rewrite(document: Path, *, may_lose: bool) -> None:
    have = actual(document)
    lost = lost_texts(expected(document), have)
    assert may_lose or not lost, f"the new record holds no longer: {lost[:5]}; if that is right, add --may-lose-text"
    golden_of(document).write_text(json.dumps(have[0] if len(have) == 1 else have, ensure_ascii=False, indent=2) + "\n", "utf-8")


def lost_texts(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[str]:
    """Text leaves of the old records that the new ones, taken together, no longer hold."""
    kept = [squeeze(text) for plain in after for _, text in texts(content(plain))]
    kept += [squeeze(item["text"]) for plain in after for item in plain.get("unmapped", ())]
    whole = "\0".join(kept)
    return [text for plain in before for _, text in texts(content(plain)) if squeeze(text) not in whole]


def test_a_lost_text_is_noticed() -> None:
    before = [{"trial": {"titles": {"public": {"en": "A trial"}}}, "unmapped": []}]
    after = [{"trial": {"titles": {"public": {"en": "Another"}}}, "unmapped": [{"label": "x", "text": "A  trial of"}]}]
    assert lost_texts(before, after) == []
    assert lost_texts(before, [{"trial": {"titles": {}}, "unmapped": []}]) == ["A trial"]
