"""Archived versions of real trials beside the checkout: what a reader finds changed is told, and nothing else; forms agree."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise

import pytest
from case_rows import read_cases
from documents import SHARED, needs_shared

from extractor import extract
from extractor.compare import compare

ARCHIVE = SHARED / "corpus" / "ctgov" / "archive"
FACTS = [tuple(case.values) for case in read_cases("compare_archive")]
UNLISTED = ("contacts", "locations", "keywords", "links", "references", "unmapped")
# All trials of the folder: every version of each was read.
TRIALS = sorted({trial for trial, *_ in FACTS})

pytestmark = needs_shared


@cache
def read(path):
    (record,) = extract(path.read_bytes(), path.name)
    return record


def versions(trial, form):
    return sorted(ARCHIVE.glob(f"{trial}_*.{form}"))


def steps():
    for trial in TRIALS:
        for form in ("xml", "html"):
            files = versions(trial, form)
            yield from (pytest.param(old, new, id=f"{new.stem}-{form}") for old, new in pairwise(files))


def expected(old, new):
    trial, form = new.stem.partition("_")[0], new.suffix[1:]
    days = old.stem.partition("_")[2], new.stem.partition("_")[2]
    facts = [fact for fact in FACTS if fact[0] == trial and fact[1:3] == days and fact[8] in ("both", form)]
    return Counter({fact[3:7]: int(fact[7]) for fact in facts})


def is_text(side):
    return isinstance(side.value, dict) and not {"code", "value", "count"} & set(side.value)


def told(change):
    sides = [getattr(change, name) for name in ("old", "new")]
    texts = ["" if not side or is_text(side) or isinstance(side.value, list) else side.text for side in sides]
    if change.field == "identifiers":
        texts[1] = change.item
    return change.field, change.kind, *texts


@pytest.mark.parametrize(("old", "new"), list(steps()))
def test_what_a_reader_finds_is_told_and_nothing_else(old, new):
    changes = compare(read(old), read(new)).changes
    assert Counter(told(change) for change in changes if not change.field.startswith(UNLISTED)) == expected(old, new)


def pairs():
    for name in ("pairs.tsv", "pairs_pdf.tsv"):
        table = SHARED / "corpus" / name
        for line in table.read_text("utf-8").splitlines() if table.is_file() else ():
            yield pytest.param(*(SHARED / "corpus" / file for file in line.split("\t")), id=line.replace("\t", "-"))


@pytest.mark.parametrize(("one", "other"), list(pairs()))
def test_forms_of_one_version_are_equal(one, other):
    found = compare(read(one), read(other), "FORMS")
    assert [change.message for change in found.changes] == []


def test_the_facts_cover_whole_trials():
    assert {(fact[1], fact[2]) for fact in FACTS} <= {
        (old.stem.partition("_")[2], new.stem.partition("_")[2])
        for trial in TRIALS
        for old, new in zip(versions(trial, "xml"), versions(trial, "xml")[1:], strict=False)
    }
