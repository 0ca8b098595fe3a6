"""One trial in several forms gives one record: the column `form_of` of samples/SOURCES.tsv says which belong together."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from documents import SAMPLES, content, documents, listed, records, shown

GROUPS: dict[str, list[str]] = defaultdict(list)
for _name, _row in listed().items():
    if _row["form_of"]:
        GROUPS[_row["form_of"]].append(_name)


def comparable(name: str) -> list[dict[str, Any]]:
    """What must agree: everything but where it was read."""
    plains = records(SAMPLES / name)
    return [
        {"kind": p["kind"], "id": p["id"], "content": content(p), "findings": sorted(f["code"] for f in p.get("findings", []))}
        for p in plains
    ]


def test_every_sample_is_listed() -> None:
    assert sorted(listed()) == [shown(document) for document in documents()]


@pytest.mark.parametrize("group", GROUPS)
def test_forms_agree(group: str) -> None:
    first, *others = GROUPS[group]
    assert others, f"{group} has only one form"
    for other in others:
        assert comparable(other) == comparable(first), f"{other} differs from {first}"


def test_served_and_saved_page_differ_only_in_what_the_script_changes() -> None:
    served, saved = (records(SAMPLES / "chictr" / f"colitis_{form}.html")[0] for form in ("served", "saved"))
    assert served["trial"]["registration"].pop("last_updated") == "2026-03-02T10:15:30"
    assert saved["trial"]["registration"].pop("last_updated") == "2026-03-02"
    assert served["trial"] == saved["trial"]
    assert [item["label"] for item in served["unmapped"]] == ["注册人"]
    assert "unmapped" not in saved
