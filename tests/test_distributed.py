from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from documents import ROOT

ray = pytest.importorskip("ray", reason="needs the extra [ray]")
pytest.importorskip("ray.data", reason="needs the extra [ray]")

PATHS = [str(Path(__file__).parent), str(ROOT / "benchmarks")]
sys.path += PATHS
import bulk_dump  # noqa: E402 (after the skips)
import bulk_hostile  # noqa: E402

from extractor.bulk import Job, Plan, run  # noqa: E402
from extractor.distributed import find_engine  # noqa: E402


@pytest.fixture(scope="module")
def engine():
    """Ray on this machine with two workers, which find the tests' modules."""
    paths = os.pathsep.join([str(ROOT), *PATHS])
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, runtime_env={"env_vars": {"PYTHONPATH": paths}})
    yield find_engine("ray")
    ray.shutdown()


def files(dataset: Path) -> dict[str, bytes]:
    found = (file for file in sorted(dataset.rglob("*.parquet")) if file.parent.name != "inputs")
    return {str(file.relative_to(dataset)): file.read_bytes() for file in found}


def test_ray_writes_the_same_dataset(engine, tmp_path: Path) -> None:
    made = bulk_dump.write_dump(tmp_path / "dump", 60)
    places = bulk_dump.places_of(tmp_path / "dump")
    account = run(places, f"{tmp_path}/ray/", Job(engine=engine))
    assert (account.read, account.quarantined) == (made.documents, made.broken)
    run(places, f"{tmp_path}/local/", Job(workers=2))
    assert files(tmp_path / "ray") == files(tmp_path / "local")
    again = run(
        [f"file://{place}" if Path(place).is_absolute() else place for place in places[:1]], f"{tmp_path}/stored/", Job(engine=engine)
    )
    assert again.read > 0


def test_a_ray_worker_that_is_killed_costs_nothing(engine, tmp_path: Path) -> None:
    """One document has its reader tell the number of its Ray worker, which is then killed while it waits."""
    folder, flag = tmp_path / "in", tmp_path / "flag"
    folder.mkdir()
    for at in range(40):
        (folder / f"{at:02d}.txt").write_text(f"parent {flag}" if at == 11 else f"record {at}")
    killer = threading.Thread(target=_kill_once, args=(flag,))
    killer.start()
    account = run([str(folder)], f"{tmp_path}/out/", Job(Plan(read=bulk_hostile.read), engine=engine))
    killer.join()
    assert flag.exists()
    assert (account.read, account.written, account.quarantined) == (40, 40, 0)


def _kill_once(flag: Path) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if flag.exists() and (text := flag.read_text()):
            os.kill(int(text), signal.SIGKILL)
            return
        time.sleep(0.05)


def test_a_document_that_kills_its_reader_costs_one_document_on_ray_too(engine, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for at in range(12):
        (folder / f"{at:02d}.txt").write_text("crash" if at == 5 else f"record {at}")
    account = run([str(folder)], f"{tmp_path}/out/", Job(Plan(read=bulk_hostile.read), engine=engine))
    assert (account.read, account.written, account.quarantined) == (12, 11, 1)
    assert "ended the process" in account.reasons[0][1]
