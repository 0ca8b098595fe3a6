"""One trial in many registers: links over a dataset in which every source stands, in the forms in which people have it."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from documents import SAMPLES, TABLES

pytest.importorskip("pyarrow", reason="needs the extra [bulk]")
duckdb = pytest.importorskip("duckdb", reason="needs the extra [bulk]")

from extractor.bulk import Job, run  # noqa: E402 (after the skips)

NCT, EUDRACT = "NCT09900001", "2031-000123-45"
# A sample, and what its numbers become so that it speaks of one trial.
MIGRAINE = {
    "ctgov/migraine_api.json": {},
    "veeva/psoriasis_copied.txt": {"NCT09990011": NCT},
    "euctr/honey_export.txt": {"2032-000123-45": EUDRACT},
    "ictrp/search_2024.xml": {"2032-000777-21": EUDRACT},
    "ctis/socks.json": {"NCT09990001": NCT, "2031-000777-22": EUDRACT},
    "isrctn/bath.xml": {"BATH-1": NCT},
}
TEA = {"drks/tea.json": {}, "chictr/plum_export.xml": {}, "ictrp/search_2020.xml": {}}
ALONE = {"cde/heartburn_copied.txt": {}, "ictrp/full_file.csv": {}, "ctgov/two_studies.json": {}, "listing/cough_copied.txt": {}}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mixed")
    for sample, numbers in {**MIGRAINE, **TEA, **ALONE}.items():
        copy(SAMPLES / sample, folder / sample, numbers)
    for table in TABLES.iterdir():
        copy(table, folder / "aact" / table.name, {"NCT09900071": NCT})
    run([str(folder)], f"{folder}/out/", Job(workers=1))
    return folder / "out"


def copy(sample: Path, target: Path, numbers: dict[str, str]) -> None:
    data = sample.read_bytes()
    for before, after in numbers.items():
        assert before.encode() in data or sample.parent == TABLES
        data = data.replace(before.encode(), after.encode())
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)


def groups(dataset: Path, kind: str) -> list[set[str]]:
    """The trials that links of a kind tie together, each by its file."""
    query = f"""SELECT a.file, b.file FROM '{dataset}/links/*.parquet' l JOIN '{dataset}/records/*.parquet' a USING (record_key)
                JOIN '{dataset}/records/*.parquet' b ON b.record_key = l.linked_key WHERE l.type = '{kind}'"""
    near: dict[str, set[str]] = defaultdict(set)
    for one, other in duckdb.sql(query).fetchall():
        joined = near[one] | near[other] | {one, other}
        near |= dict.fromkeys(joined, joined)
    return [set(group) for group in {frozenset(group) for group in near.values()}]


def names(*samples: dict[str, dict[str, str]]) -> set[str]:
    return {Path(sample).name for group in samples for sample in group}


def files_of(group: set[str]) -> set[str]:
    return {file.partition("#")[0] for file in group}


@pytest.mark.slow
def test_every_register_of_a_trial_is_tied_to_it(mixed: Path) -> None:
    tea, migraine = sorted(groups(mixed, "SAME_TRIAL"), key=len)
    assert files_of(migraine) == {*names(MIGRAINE), "studies.txt"}
    assert files_of(tea) == names(TEA)
    assert groups(mixed, "GROUP") == []


def test_trials_that_nobody_names_stay_alone(mixed: Path) -> None:
    """Also those beside tied ones in a file: of the tables, and of an export."""
    loose = duckdb.sql(f"""SELECT DISTINCT file FROM '{mixed}/records/*.parquet' WHERE record_key NOT IN
        (SELECT record_key FROM '{mixed}/links/*.parquet' UNION SELECT linked_key FROM '{mixed}/links/*.parquet')""").fetchall()
    found = {file for (file,) in loose}
    assert files_of(found) == {*names(ALONE), "studies.txt", "search_2020.xml"}
    assert {"studies.txt#2", "search_2020.xml#2"} <= found
