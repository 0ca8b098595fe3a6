"""What a Python user does: docs/python.md block by block, records at a prompt, data frames, types."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from documents import ROOT, SAMPLES, documents

import extractor
from extractor.model import Record

PAGE = ROOT / "docs" / "python.md"
RECORD = next(extractor.extract(SAMPLES / "chictr" / "colitis_saved.html"))


def test_every_block_of_the_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    monkeypatch.chdir(ROOT)
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(doctest.DocTestParser().get_doctest(PAGE.read_text("utf-8"), {}, "python.md", str(PAGE), 0))
    assert runner.summarize(verbose=False).failed == 0
    assert runner.tries > 20


def test_the_package_shows_its_names() -> None:
    assert set(dir(extractor)) == set(extractor.__all__)
    assert all(hasattr(extractor, name) for name in dir(extractor))
    assert set(extractor.PLACES) | {"__version__"} == set(extractor.__all__)


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_a_record_is_short_at_a_prompt_and_whole_in_a_notebook(document: Path) -> None:
    for record in extractor.extract(document):
        assert len(repr(record)) < 300
        assert len(repr(record.trial or record.label)) < 3000
        page = record._repr_html_()
        assert record.id in page
        assert page.count("<ul>") == page.count("</ul>")


def test_a_notebook_shows_no_markup_of_a_document() -> None:
    study = (SAMPLES / "ctgov" / "migraine_api.json").read_text("utf-8").replace('"briefTitle": "', '"briefTitle": "<script>x</script>')
    [record] = extractor.extract(study.encode(), "study.json")
    assert "<script>" not in record._repr_html_()


def test_a_dictionary_is_what_the_json_says() -> None:
    import json  # noqa: PLC0415

    assert RECORD.to_dict() == json.loads(extractor.to_json(RECORD))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("id", "ChiCTR2699000001"),
        ("trial.enrollment.count", 180),
        ("trial.arms.1.size", 60),
        ("trial.sponsors.0.class", None),
        ("trial.arms.9.size", None),
        ("trial.arms.x", None),
        ("trial.arms.-1.size", None),
        ("trial.keywords.0.en", None),
        ("trial.to_dict", None),
        ("nothing", None),
    ],
)
def test_a_path_finds_a_value_or_nothing(path: str, found: Any) -> None:
    assert RECORD.get(path) == found


def test_places_and_bytes_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(extractor.ExtractError, match=r"missing\.html: there is no such file"):
        list(extractor.extract(tmp_path / "missing.html"))
    with pytest.raises(extractor.ExtractError, match="a text is read as bytes"):
        extractor.extract("<html>\n</html>")
    (tmp_path / "page.html").write_bytes((SAMPLES / "chictr" / "colitis_saved.html").read_bytes())
    assert [record.source.file for record in extractor.extract(tmp_path)] == ["page.html"]
    assert isinstance(next(extractor.extract(bytearray((tmp_path / "page.html").read_bytes()), "page.html")), Record)


def test_frames_have_the_types_of_their_table() -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    records = [record for name in ("chictr/colitis_saved.html", "nmpa/tablets_plain.txt") for record in extractor.extract(SAMPLES / name)]
    for table in ("trials", "criteria", "constraints", "adverse_reactions", "label_rows", "arms"):
        first, second = extractor.frame(records, table), extractor.frame(records, table, library="polars")
        assert isinstance(first, pandas.DataFrame)
        assert isinstance(second, polars.DataFrame)
        assert (list(first.columns), len(first)) == (second.columns, second.height)
        assert extractor.frame([], table).columns.tolist() == second.columns
    trials = extractor.frame(records, "trials")
    assert str(trials.dtypes["enrollment"]) == "Int64"
    assert trials["acronym_zh"].isna().any()
    assert extractor.frame(records, "trials", library="polars").schema["phases"] == polars.List(polars.String)


def test_a_frame_of_no_table_or_without_a_library_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="there is no table 'words': choose one of records, trials"):
        extractor.frame([RECORD], "words")
    monkeypatch.setattr("extractor.library.find_spec", lambda _: None)
    with pytest.raises(ImportError, match="pip install pandas"):
        extractor.frame([RECORD])


@pytest.mark.slow
def test_fields_pass_a_strict_check_of_types(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    program = tmp_path / "program.py"
    program.write_text(
        "import extractor\n"
        "for record in extractor.extract('page.html'):\n"
        "    count: int = record.trial.enrollment.count\n"
        "    names: list[str] = [arm.id for arm in record.trial.arms or []]\n"
        "    print(count, names, record.label.names.generic.zh, record.get('trial.dates.start.value'), extractor.frame([record]))\n"
    )
    call = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--follow-imports",
        "silent",
        "--config-file",
        "",
        "--cache-dir",
        str(tmp_path / "cache"),
        str(program),
    ]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    program.write_text("import extractor\nfor record in extractor.extract('x'):\n    print(record.trial.nonsense)\n")
    assert (
        '"Trial" of "Trial | Any" has no attribute "nonsense"'
        in subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    )
