from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from documents import ROOT, SAMPLES, check_schema, record

from extractor import cli, detect, inputs
from extractor.errors import UnreadableInput
from extractor.pipeline import extract
from extractor.sources import FORMATS
from extractor.version import VERSION
from extractor.write.exports import TARGETS
from extractor.write.outputs import outputs

PAGE = SAMPLES / "chictr" / "colitis_saved.html"
OTHER = SAMPLES / "chictr" / "delirium_withdrawn_saved.html"


class Done:
    """What a call left: exit code, standard output and standard error."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    def call(*arguments: object) -> Done:
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Done(code, out, err)

    return call


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch):
    def give(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return give


def test_one_record_is_printed_for_people(run) -> None:
    done = run(PAGE)
    assert done.code == 0
    assert done.out.startswith('{\n  "schema_version"')
    assert done.out.endswith("}\n")
    check_schema(json.loads(done.out))
    assert json.loads(done.out) == record("chictr/colitis_saved.html")


def test_several_records_are_json_lines(run) -> None:
    done = run(PAGE, OTHER, "-q")
    lines = done.out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["ChiCTR2699000001", "ChiCTR2699000002"]
    assert done.err == ""


def test_summary_is_one_line(run) -> None:
    done = run(OTHER, "-o", os.devnull)
    assert done.err.count("\n") == 1
    assert done.err.startswith("extract: 1 record; ")
    assert "registration.withdrawn 1" in done.err
    assert run(OTHER, "-q").err == ""


def test_standard_input(run, stdin) -> None:
    stdin(PAGE.read_bytes())
    done = run("-", "--no-provenance")
    plain = json.loads(done.out)
    assert plain["id"] == "ChiCTR2699000001"
    assert "file" not in plain["source"]
    assert "provenance" not in plain


def test_bad_standard_input_is_named(run, stdin) -> None:
    stdin(b"")
    done = run("-")
    assert (done.code, done.out, done.err) == (1, "", "extract: standard input: the file is empty\n")


def test_output_file_is_whole_and_replaces_the_old_one(run, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("old")
    target.chmod(0o640)
    assert run(PAGE, "-o", target).code == 0
    assert json.loads(target.read_text())["id"] == "ChiCTR2699000001"
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_a_new_output_file_is_as_readable_as_any(run, tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    run(PAGE, "-o", tmp_path / "out.json")
    assert (tmp_path / "out.json").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_what_can_be_read_is_written_and_the_rest_is_named(run, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("old")
    bad = tmp_path / "bad.html"
    bad.write_bytes(b"")
    done = run(PAGE, bad, OTHER, tmp_path / "missing.html", "-o", target)
    assert done.code == 1
    *named, summary = done.err.splitlines()
    assert named == [
        f"extract: {bad}: the file is empty",
        f"extract: {tmp_path / 'missing.html'}: there is no such file: check the path",
    ]
    assert summary.startswith("extract: 2 records; ")
    assert summary.endswith("; 2 inputs failed")
    assert [record["id"] for record in json.loads(target.read_text())] == ["ChiCTR2699000001", "ChiCTR2699000002"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.html", "out.json"]


def test_where_nothing_can_be_read_the_old_output_stays(run, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("old")
    done = run(tmp_path / "missing.html", "-o", target)
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert target.read_text() == "old"
    assert run(tmp_path / "missing.html").out == ""


def test_an_input_that_fails_halfway_gives_none_of_its_records(run, monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(data: bytes, name: str, options: object) -> object:
        yield from extract(data, name, options)
        if name == "two_studies.json":
            raise UnreadableInput("the rest is torn off")

    monkeypatch.setattr("extractor.command.reading.extract", torn)
    done = run(SAMPLES / "ctgov" / "two_studies.json", PAGE)
    assert done.code == 1
    assert "two_studies.json: the rest is torn off" in done.err
    assert json.loads(done.out)["id"] == "ChiCTR2699000001"


def test_several_records_in_a_json_file_are_an_array_and_one_is_an_object(run, tmp_path: Path) -> None:
    run(PAGE, OTHER, "-o", tmp_path / "two.json")
    assert len(json.loads((tmp_path / "two.json").read_text())) == 2
    run(PAGE, "-o", tmp_path / "one.json")
    assert json.loads((tmp_path / "one.json").read_text())["id"] == "ChiCTR2699000001"
    assert run(tmp_path / "two.json", "--to", "ctgov").out.count("\n") == 2  # what was written can be handed on


def test_a_link_stays_a_link(run, tmp_path: Path) -> None:
    (tmp_path / "real.json").touch()
    (tmp_path / "link.json").symlink_to("real.json")
    run(PAGE, "-o", tmp_path / "link.json")
    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())["kind"] == "trial"


def test_a_device_can_be_written(run) -> None:
    assert run(PAGE, "-o", os.devnull, "-q").code == 0


def test_an_output_that_cannot_be_written(run, tmp_path: Path) -> None:
    done = run(PAGE, "-o", tmp_path / "no" / "folder" / "out.json")
    assert done.code == 1
    assert done.err.endswith("the output cannot be written (no such file or directory): choose another place with -o\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "no input: name a file, or - for standard input"),
        ([""], "an input has an empty name"),
        (["https://example.org/trial"], "nothing is fetched: save the page and name the file"),
        (["--from", "nowhere", "x"], "invalid choice: 'nowhere'"),
        (["--fro", "chictr", "x"], "unrecognized arguments"),
        (["-", "-"], "standard input can be read only once"),
        ([PAGE, "-o", SAMPLES], "is a folder with other files"),
        ([SAMPLES, "-o", f"{SAMPLES}/new/"], "lies in a folder that is to be read"),
        ([PAGE, "-o", PAGE], "is an input: writing there would destroy it"),
        ([PAGE, "-o", "out"], "write out/ for a folder of tables, or end the name in .json"),
        ([PAGE, "-o", "out.xml"], "XML is the form of a target: give --to ictrp"),
        ([PAGE, "-o", "out.docx"], "end the name in one of .json"),
        ([PAGE, "-o", "out.csv"], "holds one table: name it with --table (records, trials"),
        ([PAGE, "-o", "out.parquet", "--table", "trials", "--table", "criteria"], "holds one table"),
        ([PAGE, "-o", "out.csv", "--table", "words"], "there is no table words: choose one of records, trials"),
        ([PAGE, "-o", "out.json", "--table", "trials"], "--table goes with .csv, .parquet and .xlsx"),
        ([PAGE, "-o", "out.json", "--to", "ictrp"], "--to ictrp writes .xml"),
        ([PAGE, "-o", SAMPLES, "--to", "fhir-r5"], "is a folder with other files"),
        ([PAGE, "-o", "out/", "--to", "csv"], "--to csv writes .csv"),
        ([PAGE, "-o", "out.duckdb", "--apply-review", PAGE], "--apply-review writes records"),
    ],
)
def test_wrong_usage(run, arguments: list[object], sentence: str) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert sentence in done.err
    assert done.out == ""


def test_a_missing_library_is_named_by_the_name_that_pip_knows(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.write.outputs.find_spec", lambda _: None)
    done = run(PAGE, "-o", "out.duckdb")
    assert done.code == 2
    assert ".duckdb needs pyarrow and duckdb: pip install pyarrow duckdb" in done.err


def test_every_output_is_told(run) -> None:
    told = run("--list-formats").out
    for name in (*(kind.ending for kind in outputs()), *(f"--to {name}" for name in TARGETS)):
        assert f"\n  {name} " in told


def test_findings_are_told_and_kept_as_far_as_they_are_wanted(run) -> None:
    done = run(OTHER, "-v", "--findings", "warning")
    assert f"extract: {OTHER}: warning: registration.withdrawn: " in done.err
    assert " note" not in done.err
    assert {finding["severity"] for finding in json.loads(done.out)["findings"]} == {"warning"}


@pytest.mark.parametrize(
    ("typed", "offered"), [("extract --to fhir", "fhir-r5 fhir-r4"), ("extract --list-", "--list-sources --list-formats")]
)
def test_bash_completes(run, tmp_path: Path, typed: str, offered: str) -> None:
    (tmp_path / "script").write_text(run("--completion", "bash").out)
    words = typed.split()
    line = f"COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; _extract; echo ${{COMPREPLY[@]}}"
    done = subprocess.run(["bash", "-c", f"source {tmp_path}/script; {line}"], capture_output=True, text=True, check=True)
    assert done.stdout.split() == offered.split()


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_complete(run, shell: str) -> None:
    told = run("--completion", shell).out
    assert all(target in told for target in TARGETS)
    assert "screen" in told


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version(run, option: str) -> None:
    assert run(option).out == f"extract {VERSION}\n"


@pytest.mark.parametrize(("line", "told"), [("https://example.org/x", "nothing is fetched"), ("nowhere://x", "the address cannot be read")])
def test_an_address_in_a_list_is_told_too(run, tmp_path: Path, line: str, told: str) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "list.txt").write_text(f"{line}\n{PAGE}\n")
    done = run(f"@{tmp_path}/list.txt")
    assert done.code == 1
    assert f"extract: {line}: {told}" in done.err
    assert json.loads(done.out)["id"] == "ChiCTR2699000001"


def test_facts(run) -> None:
    assert [line.split()[0] for line in run("--list-sources").out.splitlines()] == list(FORMATS)
    assert json.loads(run("--schema").out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    told = run("--help").out
    assert "examples:" in told
    assert "exit code:" in told


def test_forced_source(run) -> None:
    assert json.loads(run(PAGE, "--from", "chictr").out)["source"]["name"] == "chictr"


def test_validate(run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(PAGE, "--validate").code == 0
    monkeypatch.setattr("extractor.write.schemas.find_fault", lambda _: "the record breaks the schema at $.id: no")
    done = run(PAGE, "--validate")
    assert done.code == 1
    assert "breaks the schema at $.id" in done.err


def test_strict_counts_only_errors(run, monkeypatch: pytest.MonkeyPatch) -> None:
    from extractor.findings import FINDINGS  # noqa: PLC0415

    assert run(OTHER, "--strict", "-q").code == 0
    monkeypatch.setitem(FINDINGS, "registration.withdrawn", FINDINGS["registration.withdrawn"]._replace(severity="error"))
    done = run(OTHER, "--strict", "-q")
    assert done.code == 1
    assert json.loads(done.out)["id"] == "ChiCTR2699000002"
    assert run(OTHER, "-q").code == 0


def test_no_contacts(run) -> None:
    plain = json.loads(run(PAGE, "--no-contacts").out)
    assert "contacts" not in plain["trial"]
    assert not [pointer for pointer in plain["provenance"] if "/contacts" in pointer]


def test_folders_and_patterns(run, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.html").write_bytes(PAGE.read_bytes())
    (tmp_path / "1.html").write_bytes(OTHER.read_bytes())
    (tmp_path / ".hidden").write_bytes(b"\0")
    ids = [json.loads(line)["id"] for line in run(tmp_path).out.splitlines()]
    assert ids == ["ChiCTR2699000002", "ChiCTR2699000001"]
    assert json.loads(run(tmp_path / "**" / "2.*").out)["id"] == "ChiCTR2699000001"
    assert "no file matches this pattern" in run(tmp_path / "*.xyz").err
    (tmp_path / "empty").mkdir()
    assert "there is no file in this folder" in run(tmp_path / "empty").err


def test_gzip(run, tmp_path: Path) -> None:
    packed = tmp_path / "page.html.gz"
    packed.write_bytes(gzip.compress(PAGE.read_bytes()))
    assert json.loads(run(packed).out)["source"]["file"] == "page.html"
    packed.write_bytes(gzip.compress(PAGE.read_bytes())[:-20])
    assert "cut off" in run(packed).err
    packed.write_bytes(b"no gzip")
    assert run(packed).code == 1


def test_zip(run, tmp_path: Path) -> None:
    packed = tmp_path / "dump.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x/page.html", PAGE.read_bytes())
        archive.writestr("x/", b"")
        archive.writestr("y.html", OTHER.read_bytes())
    lines = [json.loads(line) for line in run(packed).out.splitlines()]
    assert [line["source"]["file"] for line in lines] == ["dump.zip!x/page.html", "dump.zip!y.html"]
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("../../evil.html", OTHER.read_bytes())
    done = run(packed)
    assert done.code == 1
    assert "leads out of the archive" in done.err
    assert len(done.out.splitlines()) == 2
    packed.write_bytes(packed.read_bytes()[:200])
    assert run(packed).code == 1


def test_control_characters_of_names_are_shown_escaped(run, tmp_path: Path) -> None:
    names = ("red\x1b[31m.json", "two\nlines.json", "bell\x07\x9b.json", "turned\u202egnp.json")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name in names:
            archive.writestr(name, "no document")
    done = run(tmp_path / "x.zip")
    assert (done.code, done.out) == (1, "")
    assert sorted(line.partition("!")[2].partition(":")[0] for line in done.err.splitlines()) == [
        r"bell\x07\x9b.json",
        r"red\x1b[31m.json",
        r"turned\u202egnp.json",
        r"two\nlines.json",
    ]


def test_a_bomb_is_not_unpacked(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "MAX_BYTES", 100_000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.html", b"<p>" * 100_000)
    (tmp_path / "bomb.html.gz").write_bytes(gzip.compress(b"<p>" * 100_000))
    for name in ("bomb.zip", "bomb.html.gz"):
        done = run(tmp_path / name)
        assert done.code == 1
        assert "limit" in done.err


def test_a_large_file_is_not_read(run, tmp_path: Path) -> None:
    large = tmp_path / "large.html"
    with large.open("wb") as stream:
        stream.truncate(200 << 20)  # a hole: takes no room on the disk
    done = run(large)
    assert done.code == 1
    assert (
        done.err
        == f"extract: {large}: 200 MB is over the limit of {detect.MAX_BYTES >> 20} MB for one document: split it into records first\n"
    )


def test_a_fault_of_ours_is_told_as_one(run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("extractor.command.reading.extract", broken)
    done = run(PAGE)
    assert done.code == 1
    assert "a fault of this tool (KeyError at test_cli.py:" in done.err


def test_as_a_program(tmp_path: Path) -> None:
    call = [sys.executable, "-m", "extractor"]
    done = subprocess.run([*call, tmp_path / "no.html"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    done = subprocess.run([*call, PAGE, OTHER, "-q"], cwd=ROOT, capture_output=True, check=True)
    assert len(done.stdout.splitlines()) == 2


def test_a_stop_while_the_command_is_loaded_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Stop:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'extractor.pipeline':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Stop())\n"
    )
    places = os.pathsep.join((str(tmp_path), str(ROOT)))
    done = subprocess.run(
        [sys.executable, "-m", "extractor", PAGE], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": places}, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "extract: stopped: nothing is written\n")


def test_a_closed_pipe_is_no_complaint() -> None:
    command = f"{sys.executable} -m extractor {PAGE} {OTHER} | head -c 10"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == '{"schema_v'
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_nothing_heavy_is_imported_for_a_page() -> None:
    program = (
        "import sys; from extractor.cli import main; main(sys.argv[1:]); "
        "print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program, PAGE, "-q"], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert not loaded & {
        "spacy",
        "pdfplumber",
        "pypdfium2",
        "pyarrow",
        "ray",
        "jsonschema",
        "numpy",
        "lxml",
        "bs4",
        "duckdb",
        "rich",
        "typer",
    }
