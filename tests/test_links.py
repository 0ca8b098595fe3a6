from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.normalise.identifiers import find_scheme
from extractor.write.dataset.numbers import is_dummy, registered_number

pa = pytest.importorskip("pyarrow", reason="needs the extra [bulk]")
duckdb = pytest.importorskip("duckdb", reason="needs the extra [bulk]")
pq = pytest.importorskip("pyarrow.parquet", reason="needs the extra [bulk]")

from extractor.bulk.links import CROWD, write_links  # noqa: E402 (after the skips)

Named = dict[str, list[str]]


def links(folder: Path, trials: Named) -> set[tuple[str, str, str, str, str]]:
    """The links of a dataset whose trials are told by their own number and the numbers that they name."""
    rows = []
    for at, (own, named) in enumerate(trials.items()):
        key = f"{at:016x}"
        for number in (own.partition("/")[0], *named):
            registered, registry = registered_number(number)
            rows.append((key, own, 0, number, find_scheme(number), number == own.partition("/")[0] or None, registered, registry))
    names = ("record_key", "record_id", "trial_number", "id_value", "id_type", "is_primary", "registered", "registry")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    (folder / "identifiers").mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), folder / "identifiers" / "part-000001.parquet")
    write_links(folder, folder / "links.parquet")
    found = pq.read_table(folder / "links.parquet").to_pylist()
    return {(*sorted((row["record_id"], row["linked_id"])), row["type"], row["evidence"], row["rule"]) for row in found}


A, B, C, D = "NCT01000001", "NCT01000002", "ChiCTR2100000003", "ISRCTN10000004"


@pytest.mark.parametrize(
    ("trials", "expected"),
    [
        ({A: [], C: [A]}, {(C, A, "SAME_TRIAL", A, "NAMED")}),
        ({A: [C], C: [A]}, {(C, A, "SAME_TRIAL", C.upper(), "NAMED")}),
        ({A: [B], B: []}, {(A, B, "GROUP", B, "NAMED")}),
        ({A: ["U1111-1234-5670"], C: ["U1111-1234-5670"]}, {(C, A, "SAME_TRIAL", "U1111-1234-5670", "SHARED")}),
        ({A: ["2020-001234-56"], B: ["EUCTR2020-001234-56-NL"]}, {(A, B, "GROUP", "2020-001234-56", "SHARED")}),
        ({f"{A}/json": [], f"{A}/xml": []}, {(f"{A}/json", f"{A}/xml", "SAME_TRIAL", A, "PRIMARY")}),
        ({"EUCTR2020-001234-56-NL": [], "EUCTR2020-001234-56-DE": []},
         {("EUCTR2020-001234-56-DE", "EUCTR2020-001234-56-NL", "SAME_TRIAL", "2020-001234-56", "PRIMARY")}),
        ({C: [A, B], A: [], B: []}, {(C, A, "GROUP", A, "NAMED"), (C, B, "GROUP", B, "NAMED")}),
        ({A: [C], B: [C], C: []}, {(C, A, "GROUP", C.upper(), "NAMED"), (C, B, "GROUP", C.upper(), "NAMED")}),
        ({A: [], C: [], D: []}, set()),
        ({A: ["NCT00000000"], C: ["NCT00000000"]}, set()),
        ({A: ["R01 CA123456"], C: ["R01 CA123456"]}, set()),
    ],
)  # fmt: skip
def test_links(tmp_path: Path, trials: Named, expected: set[tuple[str, ...]]) -> None:
    assert links(tmp_path, trials) == expected


def test_a_number_that_a_crowd_names_ties_nothing(tmp_path: Path) -> None:
    crowd: Named = {f"NCT02{at:06d}": ["2020-001234-56"] for at in range(CROWD + 1)}
    assert links(tmp_path, crowd) == set()
    crowd.popitem()
    assert len(links(tmp_path, crowd)) == CROWD - 1


def test_links_grow_with_the_numbers_and_not_faster(tmp_path: Path) -> None:
    """A star a number: n records on one number give n - 1 links, not n (n - 1) / 2."""
    dice = random.Random(1)
    trials: Named = {f"NCT03{at:06d}": [] for at in range(3000)}
    trials |= {f"ChiCTR21{at:08d}": [f"NCT03{dice.randrange(3000):06d}"] for at in range(3000)}
    found = links(tmp_path, trials)
    assert len(found) == 3000


def test_titles_tie_nothing() -> None:
    from extractor.bulk import links as module  # noqa: PLC0415

    assert "title" not in repr(module.STEPS)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("NCT 01000001", ("NCT01000001", "NCT")),
        ("nct-01000001", ("NCT01000001", "NCT")),
        ("EudraCT: 2020-001234-56", ("2020-001234-56", "EUCTR")),
        ("2022-501234-12-00", ("2022-501234-12", "CTIS")),
        ("JPRN-jRCTs031200123", ("JRCTS031200123", "JRCTS")),
        ("ACTRN12620000123987p", ("ACTRN12620000123987", "ACTRN")),
        ("ISRCTN 10000004", ("ISRCTN10000004", "ISRCTN")),
        ("ISRCTN00000000", (None, None)),
        ("U1111-1111-1111", (None, None)),
        ("12-34567", (None, None)),
        ("", (None, None)),
    ],
)
def test_registered_numbers(value: str, expected: tuple[str | None, str | None]) -> None:
    assert registered_number(value) == expected


def test_a_sites_own_number_is_no_registered_one() -> None:
    assert registered_number("NCT01000001", "VEEVA") == (None, None)


@given(st.text(max_size=40))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    number, registry = registered_number(text)
    assert (number is None) == (registry is None)
    is_dummy(text)
