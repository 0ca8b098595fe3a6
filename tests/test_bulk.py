from __future__ import annotations

import gzip
import json
import multiprocessing as mp
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from documents import ROOT, SAMPLES

pytest.importorskip("pyarrow", reason="needs the extra [bulk]")
pytest.importorskip("duckdb", reason="needs the extra [bulk]")
pytest.importorskip("zstandard", reason="needs the extra [bulk]")

sys.path += [str(Path(__file__).parent), str(ROOT / "benchmarks")]
import bulk_dump
import bulk_hostile
import duckdb
import zstandard

from extractor import bulk, cli
from extractor.bulk import DatasetInUse, Job, Plan, _UnderWay, database, run
from extractor.bulk.batches import BYTES, HELD, LEAST, UNITS, Batch, BatchResult, cut_batches, run_batch
from extractor.bulk.state import DatasetState
from extractor.bulk.store import Store
from extractor.inputs import InputUnit, each_unit
from extractor.pipeline import Options

COUNT = 160
TABLES = "records trials identifiers conditions arms interventions outcomes criteria constraints locations sponsors findings links"


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bulk_dump.Dump]:
    folder = tmp_path_factory.mktemp("dump")
    bulk_dump.BROKEN = 0.05
    return folder, bulk_dump.write_dump(folder, COUNT)


@pytest.fixture(scope="module")
def dataset(dump, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("out") / "one"
    run(bulk_dump.places_of(dump[0]), f"{target}/", Job(workers=1))
    return target


def files(dataset: Path) -> dict[str, bytes]:
    """A dataset's files but for those that hold times."""
    found = (file for file in sorted(dataset.rglob("*.parquet")) if file.parent.name != "inputs")
    return {str(file.relative_to(dataset)): file.read_bytes() for file in found}


def ask(dataset: Path, query: str) -> list[tuple[object, ...]]:
    """A query in which every table stands as {name}."""
    tables = {table: f"read_parquet('{dataset}/{table}/*.parquet')" for table in (*TABLES.split(), "inputs")}
    return duckdb.sql(query.format(**tables)).fetchall()


def states(dataset: Path) -> dict[object, object]:
    return dict(ask(dataset, "SELECT state, count(*) FROM {inputs} GROUP BY 1"))  # type: ignore[arg-type]


def test_every_input_is_accounted_for(dump, tmp_path: Path) -> None:
    folder, made = dump
    account = run(bulk_dump.places_of(folder), f"{tmp_path}/out/", Job(workers=2))
    assert (account.read, account.quarantined, account.unchanged) == (made.documents, made.broken, 0)
    assert account.read == account.written + account.unchanged + account.quarantined
    assert account.records == account.written
    out = tmp_path / "out"
    assert states(out) == {"written": account.written, "quarantined": made.broken}
    assert ask(out, "SELECT count(*), count(DISTINCT record_key), count(DISTINCT record_id) FROM {records}") == [(account.written,) * 3]
    assert ask(out, "SELECT count(*) FROM {inputs} WHERE state = 'quarantined' AND (error IS NULL OR address IS NULL)") == [(0,)]
    assert ask(out, "SELECT count(*) FROM {inputs} WHERE length(sha256) <> 64 OR bytes = 0 OR seconds IS NULL") == [(0,)]


def test_the_output_does_not_depend_on_the_number_of_workers(dump, dataset: Path, tmp_path: Path) -> None:
    run(bulk_dump.places_of(dump[0]), f"{tmp_path}/three/", Job(workers=3))
    assert files(tmp_path / "three") == files(dataset)


def test_a_second_run_reads_nothing_anew(dump, dataset: Path) -> None:
    before = files(dataset)
    account = run(bulk_dump.places_of(dump[0]), f"{dataset}/", Job(workers=1))
    assert (account.written, account.unchanged, account.quarantined) == (0, COUNT - dump[1].broken, dump[1].broken)
    assert files(dataset) == before


def test_an_input_can_be_found_again_by_its_address(dump, dataset: Path) -> None:
    addresses = {piece for (piece,) in ask(dataset, "SELECT address FROM {inputs}")}
    assert len(addresses) == COUNT
    assert any(str(address).endswith(".json") and "api.zip!" in str(address) for address in addresses)
    assert any("ictrp.xml#" in str(address) for address in addresses)
    assert not any(str(dump[0]) in str(name) for (name,) in ask(dataset, "SELECT file FROM {records}"))


def command(places: list[str], target: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "extractor", *places, "-o", f"{target}/", *more]


def test_killed_at_any_moment_it_ends_the_same(dump, dataset: Path, tmp_path: Path) -> None:
    """kill -9 again and again, sooner or later, then once to the end."""
    dice = random.Random(4)
    target = tmp_path / "killed"
    call = command(bulk_dump.places_of(dump[0]), target, "--workers", "2", "-q")
    for _ in range(4):
        process = subprocess.Popen(call, cwd=ROOT, stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(0.3, 2.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert files(target) == files(dataset)
    assert states(target) == states(dataset)


def write(folder: Path, **texts: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)


def hostile(**more: object) -> Job:
    return Job(Plan(read=bulk_hostile.read, **more), workers=2)  # type: ignore[arg-type]


def test_a_document_that_kills_its_worker_costs_one_document(tmp_path: Path) -> None:
    write(tmp_path / "in", a="one", b="crash", c="three", d="fault", e="five\nsix", f=f"once {tmp_path}/flag")
    account = run([str(tmp_path / "in")], f"{tmp_path}/out/", hostile())
    assert (account.read, account.written, account.quarantined, account.records) == (6, 4, 2, 5)
    reasons = {Path(address).stem: reason for address, reason in account.reasons}
    assert "ended the process" in reasons["b"]
    assert "KeyError" in reasons["d"]
    found = ask(tmp_path / "out", "SELECT record_id FROM {records} ORDER BY ALL")
    assert [row[0] for row in found] == sorted(["one", "three", "five", "six", f"once {tmp_path}/flag"])


def test_a_document_that_takes_too_long_costs_one_document(tmp_path: Path) -> None:
    write(tmp_path / "in", a="one", b="hang", c="three")
    account = run([str(tmp_path / "in")], f"{tmp_path}/out/", hostile(limit=2.0))
    assert (account.read, account.written, account.quarantined) == (3, 2, 1)
    assert "longer than 2 seconds" in account.reasons[0][1]


@pytest.mark.slow
def test_a_pdf_without_end_costs_one_document(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.pdf").write_bytes(bulk_hostile.ENDLESS)
    (tmp_path / "in" / "b.json").write_bytes((SAMPLES / "ctgov" / "migraine_api.json").read_bytes())
    account = run([str(tmp_path / "in")], f"{tmp_path}/out/", Job(Plan(Options(seconds=0.3), limit=2.0), workers=1))
    assert (account.written, account.quarantined) == (1, 1)
    assert "more than 0.3 seconds of computing" in account.reasons[0][1]


RUN = """
import sys
sys.path.insert(0, sys.argv[1])
import bulk_hostile
from extractor.bulk import Job, Plan, run
if __name__ == "__main__":
    run([sys.argv[2]], sys.argv[3], Job(Plan(read=bulk_hostile.read), workers=1))
"""


def test_workers_end_with_the_process_in_charge_however_busy_they_are(tmp_path: Path) -> None:
    told = tmp_path / "told"
    write(tmp_path / "in", a=f"here {told}")
    (tmp_path / "run.py").write_text(RUN)
    call = [sys.executable, str(tmp_path / "run.py"), str(Path(__file__).parent), str(tmp_path / "in"), f"{tmp_path}/out/"]
    process = subprocess.Popen(call, env=os.environ | {"PYTHONPATH": str(ROOT)})
    worker = int(eventually(lambda: told.exists() and told.read_text()))
    process.kill()
    process.wait()
    assert eventually(lambda: not is_alive(worker))


def eventually(look: Callable[[], object]) -> object:
    """What a look finds, as soon as it finds anything within half a minute."""
    end = time.monotonic() + 30
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_changed_inputs_are_replaced_and_vanished_ones_marked(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    write(folder, a="one", b="two", c="three", d="four\nfour and a half")
    run([str(folder)], f"{out}/", hostile())
    write(folder, b="two again", e="five", d="fault")
    (folder / "c.txt").unlink()
    account = run([str(folder)], f"{out}/", hostile())
    assert (account.read, account.written, account.unchanged, account.quarantined) == (4, 2, 1, 1)
    assert sorted(row[0] for row in ask(out, "SELECT record_id FROM {records}")) == ["five", "one", "three", "two again"]
    assert states(out) == {"written": 3, "quarantined": 1, "vanished": 1}
    write(folder, c="three", d="four")
    account = run([str(folder)], f"{out}/", hostile())
    assert (account.unchanged, account.written) == (4, 1)
    assert states(out) == {"written": 5}


def test_the_table_of_inputs_tells_what_brings_no_record(tmp_path: Path) -> None:
    """A run that only finds a broken input, or only misses one, or meets one again that had vanished."""
    folder, out = tmp_path / "in", tmp_path / "out"
    write(folder, a="one", b="two")
    run([str(folder)], f"{out}/", hostile())
    write(folder, c="fault")
    run([str(folder)], f"{out}/", hostile())
    assert states(out) == {"written": 2, "quarantined": 1}
    (folder / "b.txt").unlink()
    run([str(folder)], f"{out}/", hostile())
    assert states(out) == {"written": 1, "quarantined": 1, "vanished": 1}
    write(folder, b="two")
    account = run([str(folder)], f"{out}/", hostile())
    assert account.written == 0
    assert states(out) == {"written": 2, "quarantined": 1}


@pytest.mark.parametrize("target", ["out/", "all.duckdb", "all.jsonl"])
def test_a_run_that_ends_before_its_output_is_made_is_made_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    folder, out = tmp_path / "in", str(tmp_path / target) + ("/" if target.endswith("/") else "")
    job = hostile(lines=target.endswith("jsonl"))
    write(folder, a="one")
    run([str(folder)], out, job)
    write(folder, b="two", c="fault")
    with monkeypatch.context() as patched:
        patched.setattr(bulk, "_finish", _stop)
        with pytest.raises(KeyboardInterrupt):
            run([str(folder)], out, job)
    account = run([str(folder)], out, job)
    assert (account.written, account.unchanged, account.quarantined) == (0, 2, 1)
    assert made(Path(out)) == ["one", "two"]
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*") if file.is_file() and "_" not in file.name}
    run([str(folder)], out, job)
    assert {file: file.stat().st_mtime_ns for file in before} == before


def _stop(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def made(output: Path) -> list[object]:
    """The ids of the records that an output holds, and that its table of inputs agrees."""
    if output.suffix == ".jsonl":
        return [json.loads(line)["id"] for line in output.read_text().splitlines()]
    if output.suffix == ".duckdb":
        with duckdb.connect(str(output), read_only=True) as base:
            assert base.execute("SELECT count(*) FROM inputs").fetchone() == (3,)
            return [row[0] for row in base.execute("SELECT record_id FROM records ORDER BY 1").fetchall()]
    assert states(output) == {"written": 2, "quarantined": 1}
    assert "In quarantine" in (output / "index.html").read_text("utf-8")
    return [row[0] for row in ask(output, "SELECT record_id FROM {records} ORDER BY 1")]


def test_other_options_read_everything_anew(tmp_path: Path) -> None:
    write(tmp_path / "in", a="one")
    run([str(tmp_path / "in")], f"{tmp_path}/out/", hostile())
    account = run([str(tmp_path / "in")], f"{tmp_path}/out/", hostile(options=Options(source="ctgov")))
    assert account.written == 1
    assert ask(tmp_path / "out", "SELECT record_id FROM {records}") == [("one ctgov",)]


def test_two_members_of_one_name_are_both_kept(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as archive:
        archive.writestr("a.txt", "first")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", "second")
    for written, unchanged in ((2, 0), (0, 2)):
        account = run([str(tmp_path / "twice.zip")], f"{tmp_path}/out/", hostile())
        assert (account.written, account.unchanged) == (written, unchanged)
    addresses = [str(row[0]) for row in ask(tmp_path / "out", "SELECT address FROM {inputs} ORDER BY 1")]
    assert addresses == [f"{tmp_path}/twice.zip!a.txt", f"{tmp_path}/twice.zip!a.txt~2"]


def test_names_stay_apart_however_many_units_are_under_way(tmp_path: Path) -> None:
    places = []
    for name in ("one", "two"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            for at in range(2999):
                archive.writestr(f"{at}.txt", "x")
            with pytest.warns(UserWarning, match="Duplicate"):
                archive.writestr("0.txt", "x")
        places.append(str(tmp_path / f"{name}.zip"))
    state = DatasetState(tmp_path / "state", "")
    under_way = _UnderWay(state)
    addresses = [unit.address for batch in under_way.each(places) for unit in batch.units]
    assert len(addresses) == len(set(addresses)) == 6000
    assert sum("~2" in address for address in addresses) == 2
    results = list(under_way.settled(BatchResult([], {}) for _ in range(len(under_way._batches))))
    assert results
    assert not under_way._addresses
    state.close()


def test_a_file_that_two_places_name_is_read_once(tmp_path: Path) -> None:
    write(tmp_path / "in", a="one", b="two")
    account = run([str(tmp_path / "in"), str(tmp_path / "in" / "a.txt"), f"{tmp_path}/in/*.txt"], f"{tmp_path}/out/", hostile())
    assert account.read == 2


def test_only_one_run_writes_a_dataset(tmp_path: Path) -> None:
    write(tmp_path / "in", a="one")
    with Store(tmp_path / "out", lines=False).locked(), pytest.raises(DatasetInUse, match="another run"):
        run([str(tmp_path / "in")], f"{tmp_path}/out/", hostile())


def test_parts_that_no_transaction_knows_are_dropped(tmp_path: Path) -> None:
    write(tmp_path / "in", a="one")
    out = tmp_path / "out"
    run([str(tmp_path / "in")], f"{out}/", hostile())
    stray = out / "records" / "part-000002.parquet"
    stray.write_bytes((out / "records" / "part-000001.parquet").read_bytes())
    run([str(tmp_path / "in")], f"{out}/", hostile())
    assert not stray.exists()
    assert ask(out, "SELECT count(*) FROM {records}") == [(1,)]


def test_a_part_that_is_gone_is_read_again(tmp_path: Path) -> None:
    write(tmp_path / "in", a="one")
    out = tmp_path / "out"
    run([str(tmp_path / "in")], f"{out}/", hostile())
    (out / "records" / "part-000001.parquet").unlink()
    account = run([str(tmp_path / "in")], f"{out}/", hostile())
    assert (account.written, account.unchanged) == (1, 0)
    assert ask(out, "SELECT count(*) FROM {records}") == [(1,)]


@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz", "jsonl.zst"])
def test_json_lines(dump, tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / f"all.{suffix}"
    zipped = str(dump[0] / "api.zip")
    assert cli.main([zipped, "-o", str(target), "--workers", "1"]) == 1
    assert "quarantined" in capsys.readouterr().err
    openers = {"gz": gzip.decompress, "zst": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)}
    lines = [json.loads(line) for line in openers.get(suffix[6:], bytes)(target.read_bytes()).splitlines()]
    stored = [json.loads(line) for line in (tmp_path / f"all.{suffix}.parts" / "inputs.jsonl").read_text().splitlines()]
    assert len(lines) == sum(item["state"] == "written" for item in stored)
    assert len(stored) == sum(1 for _ in each_unit([zipped]))
    before = target.read_bytes()
    assert cli.main([zipped, "-o", str(target), "--workers", "1", "-q"]) == 1
    assert target.read_bytes() == before


def test_one_duckdb_file(dump, dataset: Path, tmp_path: Path) -> None:
    target = tmp_path / "trials.duckdb"
    run(bulk_dump.places_of(dump[0]), str(target), Job(workers=1))
    with duckdb.connect(str(target), read_only=True) as base:
        for table in TABLES.split():
            assert base.table(table).fetchall() == ask(dataset, "FROM {" + table + "}")
        assert base.execute("SELECT count(*) FROM inputs").fetchone() == (COUNT,)
        assert base.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'criteria'").fetchone()[0].startswith("one row")


def test_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, out = str(SAMPLES / "ctgov" / "migraine_api.json"), f"{tmp_path}/out/"
    assert cli.main([page, "-o", out]) == 0
    assert "1 in = 1 written + 0 unchanged + 0 quarantined" in capsys.readouterr().err
    assert cli.main([page, "-o", out, "--expect", "1"]) == 0
    assert cli.main([page, "-o", out, "--expect", "2"]) == 1
    assert "1 are missing" in capsys.readouterr().err
    assert cli.main([page, str(tmp_path / "missing.html"), "-o", out, "-q"]) == 1
    assert "no such file" in capsys.readouterr().err


@pytest.mark.parametrize("more", [["--workers", "-1"], ["--limit-seconds", "0"]])
def test_numbers_that_make_no_sense_are_wrong_usage(tmp_path: Path, more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main([str(SAMPLES / "ctgov" / "migraine_api.json"), "-o", f"{tmp_path}/out/", *more])
    assert stop.value.code == 2
    assert "must be a positive number" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif("forkserver" not in mp.get_all_start_methods(), reason="needs a system that can fork")
def test_a_process_that_starts_workers_and_ends_early_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def end(_: object) -> None:
        raise EOFError

    monkeypatch.setattr(mp.context.ForkServerProcess, "_Popen", staticmethod(end))
    assert cli.main([str(SAMPLES / "chictr"), "-o", f"{tmp_path}/out/", "-q", "--workers", "2"]) == 1
    told = capsys.readouterr().err
    assert told == "extract: the process that starts workers has ended: try again, with fewer --workers or more free memory\n"


@pytest.mark.parametrize(("output", "missing"), [("out/", "duckdb"), ("all.duckdb", "pyarrow"), ("all.jsonl.zst", "zstandard")])
def test_a_missing_library_is_told_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], output: str, missing: str
) -> None:
    monkeypatch.setattr("extractor.write.outputs.find_spec", lambda name: None if name == missing else name)
    target = str(tmp_path / output) + ("/" if output.endswith("/") else "")
    with pytest.raises(SystemExit) as stop:
        cli.main([str(SAMPLES / "ctgov" / "migraine_api.json"), "-o", target])
    assert stop.value.code == 2
    assert capsys.readouterr().err.endswith(f" needs {missing}: pip install {missing}\n")
    assert not list(tmp_path.iterdir())


def _spoil_state(dataset: Path) -> None:
    (dataset / "_state.sqlite").write_text("no database")


def _spoil_part(dataset: Path) -> None:
    (dataset / "trials" / "part-000001.parquet").write_text("no table")


@pytest.mark.parametrize("spoil", [_spoil_state, _spoil_part])
def test_a_damaged_dataset_is_told_in_a_sentence(tmp_path: Path, spoil, capsys: pytest.CaptureFixture[str]) -> None:
    pages = [str(SAMPLES / "ctgov" / name) for name in ("migraine_api.json", "eczema_full.json")]
    assert cli.main([pages[0], "-o", f"{tmp_path}/out/", "-q"]) == 0
    spoil(tmp_path / "out")
    assert cli.main([*pages, "-o", f"{tmp_path}/out/", "-q"]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"extract: {tmp_path}/out")
    assert "delete it and begin anew" in told
    assert told.count("\n") == 1


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert cli.main([str(SAMPLES / "ctgov" / "migraine_api.json"), "-o", f"{tmp_path}/file/out/", "-q"]) == 1
    assert (
        capsys.readouterr().err
        == f"extract: {tmp_path}/file/out/: the output cannot be written (not a directory): choose another place with -o\n"
    )


def test_a_page_of_pictures_stands_beside_the_tables(dataset: Path) -> None:
    page = (dataset / "index.html").read_text("utf-8")
    for title in ("Year of registration", "Source and form", "Phase", "Recruitment status", "Findings", "Coverage", "In quarantine"):
        assert title in page
    assert "<script" not in page
    assert "http:" not in page
    assert "https:" not in page


def test_plain_output_imports_no_bulk_library() -> None:
    page = SAMPLES / "ctgov" / "migraine_api.json"
    code = (
        "import sys; from extractor.cli import main; main(sys.argv[1:]);"
        "assert not {'pyarrow', 'duckdb', 'zstandard', 'rich', 'ray', 'sqlite3'} & set(sys.modules), sorted(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(page), "-q"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def units(sizes: list[int]) -> Iterator[InputUnit]:
    return (InputUnit(str(at), "", size, size, data=b"") for at, size in enumerate(sizes))


def test_batches_depend_on_the_inputs_alone() -> None:
    batches = list(cut_batches(units([100] * 9000 + [BYTES] * 3 + [1])))
    assert sum(map(len, batches)) == 9004
    assert max(map(len, batches)) == UNITS
    assert [unit.address for batch in batches for unit in batch] == [str(at) for at in range(9004)]
    assert all(len(batch) == 1 or sum(unit.size for unit in batch) <= BYTES for batch in batches)


def test_batches_grow_smaller_towards_the_end() -> None:
    sizes = [len(batch) for batch in cut_batches(units([100] * 3000))]
    assert sizes[0] == UNITS
    assert sizes == sorted(sizes, reverse=True)
    assert LEAST in sizes
    assert [len(batch) for batch in cut_batches(units([100] * 40))] == [LEAST] * 5


def test_what_is_held_ahead_of_the_batches_is_bounded() -> None:
    held = [InputUnit(str(at), "", 1 << 16, 0, data=b"x" * (1 << 16)) for at in range(500)]
    taken = 0

    def counted() -> Iterator[InputUnit]:
        nonlocal taken
        for unit in held:
            taken += 1
            yield unit

    given = 0
    for batch in cut_batches(counted()):
        given += len(batch)
        assert (taken - given) << 16 <= HELD
    assert given == 500


def test_a_batch_without_records_writes_no_file() -> None:
    result = run_batch(Batch([InputUnit("x", "x", 0, 0, refusal="no")]), Plan())
    assert (result.files, [outcome.state for outcome in result.outcomes]) == ({}, ["quarantined"])


def test_more_memory_is_taken_where_it_is_not_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MEMORY", 4)
    asked = []

    def work(base: duckdb.DuckDBPyConnection) -> object:
        asked.append(base.execute("SELECT current_setting('memory_limit')").fetchone())
        return base.execute("SELECT length(string_agg(i::VARCHAR, ' ')) FROM range(2_000_000) t(i)").fetchone()

    assert database.ask(tmp_path, work) == (sum(len(str(at)) + 1 for at in range(2_000_000)) - 1,)
    assert len(asked) > 1
    monkeypatch.setattr(database, "MOST_MEMORY", 4)
    with pytest.raises(duckdb.OutOfMemoryException):
        database.ask(tmp_path, work)


def test_workers_do_without_pandas() -> None:
    """Arrow would load it, for 50 MB in every worker, wherever it is installed."""
    pytest.importorskip("pandas", reason="only where it is installed is there anything to leave out")
    code = "import sys, extractor.bulk.preload; assert 'pandas' not in sys.modules; assert 'pyarrow.parquet' in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_state_is_one_readable_file(dataset: Path) -> None:
    with sqlite3.connect(dataset / "_state.sqlite") as base:
        assert base.execute("SELECT count(*) FROM inputs").fetchone() == (COUNT,)
