from __future__ import annotations

import re
from pathlib import Path

import pytest
from documents import ROOT

from extractor.findings import findings_page
from extractor.model import Constraint, Criterion, Label, Record, Trial
from extractor.write.exports import TARGETS
from extractor.write.outputs import outputs

PAGES = sorted((ROOT / "docs").glob("*.md"))


def test_findings_page_is_that_of_the_table() -> None:
    assert (ROOT / "docs" / "findings.md").read_text("utf-8") == findings_page(), "run: python -m extractor.findings > docs/findings.md"


def test_the_page_of_exports_lists_every_output_and_target() -> None:
    page = (ROOT / "docs" / "exports.md").read_text("utf-8")
    for kind in outputs():
        assert f"| `{kind.ending}` | {kind.what} | {kind.reader} | {', '.join(kind.needs)} |\n" in page
    for name, target in TARGETS.items():
        endings, kinds = " ".join(f"`{ending}`" for ending in target.endings), ", ".join(f"{kind}s" for kind in target.holds)
        assert f"| [{name}](#{name}) | {target.what} | {target.reader} | {endings} | {kinds} |\n" in page
        assert f"\n### {name}\n" in page
    assert page.count("\n| `") == len(outputs()) + 2  # and the heads of both tables
    assert page.count("\n### ") == len(TARGETS)


@pytest.mark.parametrize("kind", [Record, Trial, Label, Criterion, Constraint], ids=lambda kind: kind.__name__)
def test_every_field_is_described(kind: type) -> None:
    described = set(re.findall(r"`([a-z_]+)`", (ROOT / "docs" / "record.md").read_text("utf-8")))
    assert set(kind.__struct_fields__) <= described


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_changelog_names_the_version() -> None:
    from extractor.version import VERSION  # noqa: PLC0415

    assert re.search(rf"^## {re.escape(VERSION)} ", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
