"""`extract compare` as a user runs it: samples in, four kinds of output, errors in a sentence; and the tables of a dataset."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil

import jsonschema
import pytest
from compare_records import outcome, record
from documents import ROOT, SAMPLES

from extractor import to_json
from extractor.cli import main
from extractor.compare import compare_versions
from extractor.compare.changes import History, Report
from extractor.compare.report import WRITERS
from extractor.compare.weighing import rules
from extractor.model import schema

WRAPS = [SAMPLES / "ctgov" / f"wraps_{name}" for name in ("20110503.html", "20120117.html", "20130620.html", "20130620.xml")]
LOTUS = [SAMPLES / "nmpa" / f"lotus_{year}.txt" for year in (2022, 2024)]
# What the three versions of the wraps trial are made to show, in the order of the record's fields.
FIRST_STEP = [
    ("REGISTRATION", "outcomes/level", "CHANGED", "PRIMARY", "SECONDARY"),
    ("REGISTRATION", "outcomes/time_frame", "REWORDED", "12 weeks", "24 weeks"),
    ("REGISTRATION", "outcomes/level", "CHANGED", "SECONDARY", "PRIMARY"),
    ("MATERIAL", "status/overall", "CHANGED", "NOT_YET_RECRUITING", "RECRUITING"),
    ("MATERIAL", "eligibility/inclusion/constraints", "LOOSENED", "platelets ≥ 100 10*9/L", "platelets ≥ 75 10*9/L"),
    (
        "MATERIAL",
        "eligibility/exclusion",
        "SPLIT",
        "Ulcers of the leg, severe disease of the heart or tumours of the bone",
        "Ulcers of the leg ‖ Severe disease of the heart ‖ Tumours of the bone",
    ),
    ("MATERIAL", "sponsors", "ADDED", "", "COLLABORATOR · Society of Sailors"),
]
SECOND_STEP = [
    ("REGISTRATION", "enrollment", "CHANGED", "80", "52"),
    ("MATERIAL", "titles/public", "REWORDED", "Warm Wraps for Pain of the Hip", "Warm Wraps or Walks for Pain of the Hip"),
    ("MATERIAL", "status/overall", "CHANGED", "RECRUITING", "COMPLETED"),
    ("MATERIAL", "dates/primary_completion", "CHANGED", "2013-06 (estimated)", "2013-04 (actual)"),
    ("MATERIAL", "dates/completion", "CHANGED", "2013-12 (estimated)", "2013-05 (actual)"),
    ("MATERIAL", "eligibility/exclusion/constraints", "LOOSENED", "window within 6 month enrollment", "window within 3 month enrollment"),
    ("MATERIAL", "eligibility/exclusion", "ADDED", "", "Epilepsy"),
]
REVISION = [
    ("boxed_warning", "ADDED", "", None),
    ("contraindications", "ADDED", "", "重度肝功能不全（Child-Pugh C级）者禁用。"),
    ("dosing/dose", "CHANGED", "80 mg", "60 mg"),
    ("sections/precautions", "REWORDED", None, None),
    ("adverse_reactions/percent", "CHANGED", "48", "51"),
    *[("adverse_reactions", "ADDED", "", None)] * 4,
]


@pytest.fixture
def run(tmp_path, capsys):
    """Runs the command with an output file of an ending; its content, exit code and what it said."""

    def call(*arguments, ending=".json"):
        place = tmp_path / f"out{ending}"
        place.unlink(missing_ok=True)
        try:
            code = main(["compare", *map(str, arguments), "-o", str(place)])
        except SystemExit as end:
            code = end.code
        return (place.read_text("utf-8") if place.exists() else None), code, capsys.readouterr().err

    return call


def rows(comparison):
    texts = [[change.get(side, {}).get("text", "") for side in ("old", "new")] for change in comparison["changes"]]
    return [
        (change["severity"], change["field"], change["kind"], *sides) for change, sides in zip(comparison["changes"], texts, strict=True)
    ]


@pytest.fixture
def wraps(tmp_path):
    """A folder with all documents of the wraps trial."""
    folder = tmp_path / "wraps"
    folder.mkdir()
    for file in WRAPS:
        shutil.copy(file, folder)
    return folder


def test_a_folder_of_versions_is_told_step_by_step(run, wraps):
    content, code, said = run(wraps)
    report = json.loads(content)
    assert (code, report["format"]) == (0, "extract-compare-1")
    (history,) = report["histories"]
    assert history["id"] == "NCT09990077"
    bases = [(found["basis"], found["old"], found["new"]) for found in history["comparisons"]]
    assert bases == [("VERSIONS", 0, 1), ("VERSIONS", 1, 2), ("FORMS", 2, 3)]
    first, second, forms = history["comparisons"]
    assert sorted(rows(first)) == sorted(FIRST_STEP)
    assert sorted(rows(second)) == sorted(SECOND_STEP)
    assert "changes" not in forms or forms["changes"] == []
    assert said == "extract: 4 versions of 1 trial; 4 of prospective registration, 10 material\n"


def test_every_place_holds_what_is_told(run, wraps):
    import extractor  # noqa: PLC0415

    (history,) = json.loads(run(wraps)[0])["histories"]
    texts = {file.name: extractor.document_text(file.read_bytes(), file.name) for file in WRAPS}
    for found in history["comparisons"]:
        for change in found.get("changes", ()):
            for side in ("old", "new"):
                evidence = change.get(side)
                if evidence and isinstance(evidence["value"], dict) and set(evidence["value"]) == {"en"}:
                    text = texts[history["versions"][found[side]]["file"]]
                    assert "".join(text[p["start"] : p["end"]] for p in evidence["places"]).split() == evidence["value"]["en"].split()


def test_two_revisions_of_a_label(run):
    (history,) = json.loads(run(*LOTUS)[0])["histories"]
    (found,) = history["comparisons"]
    told = [(field, kind, old, new) for _, field, kind, old, new in rows(found)]
    assert [(field, kind) for field, kind, _, _ in told] == [(field, kind) for field, kind, _, _ in REVISION]
    for (_, _, old, new), (_, _, before, after) in zip(told, REVISION, strict=True):
        assert before in (None, old)
        assert after in (None, new)


def test_records_compare_as_their_documents_do(run, tmp_path):
    import extractor  # noqa: PLC0415

    places = []
    for file in LOTUS:
        places.append(tmp_path / f"{file.stem}.json")
        places[-1].write_bytes(b"".join(map(to_json, extractor.extract(file.read_bytes(), file.name))))
    assert run(*places)[0] == run(*LOTUS)[0]


def test_files_of_many_records_are_compared_trial_by_trial(run, tmp_path):
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    old.write_bytes(b"\n".join(to_json(record(number, enrollment={"count": 40})) for number in ("NCT09990077", "NCT09990066")))
    new.write_bytes(b"\n".join(to_json(record(number, enrollment={"count": 41})) for number in ("NCT09990077", "NCT09990055")))
    histories = json.loads(run(old, new)[0])["histories"]
    assert [(item["id"], [remark["rule"] for remark in item.get("remarks", ())]) for item in histories] == [
        ("NCT09990077", []),
        ("NCT09990066", ["record.only_older"]),
        ("NCT09990055", ["record.only_newer"]),
    ]
    assert [change["field"] for change in histories[0]["comparisons"][0]["changes"]] == ["enrollment"]


def linked_records():
    american = [{"value": "NCT09990077", "scheme": "NCT", "primary": True}, {"value": "ChiCTR2699000077", "scheme": "CHICTR"}]
    return [
        record("NCT09990077", identifiers=american, enrollment={"count": 120}, titles={"public": {"en": "Wraps"}}),
        record("ChiCTR2699000077", source="chictr", enrollment={"count": 240}, titles={"public": {"zh": "热敷"}}),
    ]


def test_registers_of_one_trial(run, tmp_path):
    place = tmp_path / "both.jsonl"
    place.write_bytes(b"\n".join(map(to_json, linked_records())))
    (history,) = json.loads(run("--across", place)[0])["histories"]
    (found,) = history["comparisons"]
    assert rows(found) == [("REGISTRATION", "enrollment", "CHANGED", "120", "240")]
    assert found["not_compared"] == [{"field": "titles/public", "reason": "no language that both have"}]
    assert "## ctgov (NCT09990077) and chictr (ChiCTR2699000077)" in run("--across", place, ending=".md")[0]
    assert "2 registers" in run("--across", place, ending=".html")[0]


def test_a_dataset_holds_its_comparisons_until_it_changes_without_them(tmp_path, capsys):
    duckdb = pytest.importorskip("duckdb", reason="needs the extra [bulk]")
    folder, target = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for file in WRAPS[:2]:
        shutil.copy(file, folder)
    study = json.loads((SAMPLES / "ctgov" / "migraine_api.json").read_bytes())
    study["protocolSection"]["identificationModule"]["secondaryIdInfos"] = [{"id": "ChiCTR2699000001", "type": "REGISTRY"}]
    (folder / "study.json").write_text(json.dumps(study))
    shutil.copy(SAMPLES / "chictr" / "colitis_saved.html", folder)

    def changes():
        files = target / "changes" / "*.parquet"
        found = duckdb.sql(f"SELECT basis, count(*) FROM read_parquet('{files}') WHERE side = 'both' GROUP BY ALL ORDER BY ALL").fetchall()
        return [(basis, count if basis == "VERSIONS" else count > 0) for basis, count in found]

    assert main([str(folder), "-o", f"{target}/", "--workers", "1", "-q"]) == 0
    assert not (target / "changes").exists()
    assert main([str(folder), "-o", f"{target}/", "--workers", "1", "-q", "--compare"]) == 0
    assert changes() == [("REGISTERS", True), ("VERSIONS", len(FIRST_STEP))]
    shutil.copy(WRAPS[2], folder)
    main([str(folder), "-o", f"{target}/", "--workers", "1", "-q"])
    assert not (target / "changes").exists()
    capsys.readouterr()


@pytest.mark.parametrize("output", ["all.jsonl", "page.json", "-"])
def test_tables_of_changes_are_for_datasets_of_tables(output, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main([str(WRAPS[0]), "--compare", "-o", output])
    assert ended.value.code == 2
    assert "--compare makes tables of a dataset" in capsys.readouterr().err


def test_the_schema_holds(run, wraps):
    jsonschema.Draft202012Validator(schema(Report)).validate(json.loads(run(wraps)[0]))
    jsonschema.Draft202012Validator(schema(Report)).validate(json.loads(run(*LOTUS)[0]))


def test_csv_has_one_row_a_change(run, wraps):
    table = list(csv.DictReader(io.StringIO(run(wraps, ending=".csv")[0], newline="")))
    both = [row for row in table if row["side"] == "both"]
    assert len(both) == len(FIRST_STEP) + len(SECOND_STEP)
    assert {row["after_start"] for row in both} == {"true"}
    assert [row["new"] for row in both if row["kind"] == "LOOSENED"] == ["platelets ≥ 75 10*9/L", "window within 3 month enrollment"]


def test_csv_runs_no_formula():
    old, new = (
        record(titles={"public": {"en": words}}, version_date=date) for words, date in (("Wraps", "2011"), ("=HYPERLINK(1)", "2012"))
    )
    assert ",'=HYPERLINK(1)," in WRITERS[".csv"]([compare_versions([old, new])], {})


def test_markdown_marks_the_words(run, wraps):
    content = run(wraps, ending=".md")[0]
    assert "## 2011-05-03 → 2012-01-17" in content
    assert "Warm Wraps **or Walks** for Pain of the Hip" in content
    assert "~~platelets ≥ 100 10\\*9/L~~ → **platelets ≥ 75 10\\*9/L**" in content
    assert "Nothing differs." in content


def test_output_is_the_same_every_time(run, wraps):
    for ending in WRITERS:
        assert run(wraps, ending=ending)[0] == run(wraps, ending=ending)[0]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nowhere.html", "other.html"], 1, "nowhere.html: there is no such file"),
        ([str(SAMPLES / "broken" / "letter.txt"), str(LOTUS[0])], 1, "letter.txt: "),
        ([str(WRAPS[0]), str(LOTUS[0])], 1, "only two of a kind compare"),
        ([str(WRAPS[0])], 1, "no trial or label has two versions here"),
        (["--across", str(SAMPLES / "nmpa")], 1, "no trial stands in two registers here"),
        (["--across", str(WRAPS[0]), str(WRAPS[1])], 2, "--across takes one place"),
        (["-", "-"], 2, "standard input can be read only once"),
    ],
)
def test_errors_are_one_sentence_and_nothing_is_written(run, arguments, code, words):
    content, ended, said = run(*arguments)
    assert (content, ended) == (None, code)
    assert words in said
    assert "Traceback" not in said


def test_the_page_of_the_documentation_lists_every_rule():
    page = (ROOT / "docs" / "compare.md").read_text("utf-8")
    rows = [(rule.rule, rule.severity, f"`{rule.field}`", rule.kinds.replace("*", "all"), rule.when, rule.says) for rule in rules()]
    assert re.findall(r"^\| [\w.]+ \| (?:REG|MAT|ED)\w+ \|.*$", page, re.MULTILINE) == [f"| {' | '.join(row)} |" for row in rows]


def test_what_the_layout_says_has_the_place_of_its_item(run):
    (history,) = json.loads(run(*WRAPS[:2])[0])["histories"]
    level = next(change for change in history["comparisons"][0]["changes"] if change["field"] == "outcomes/level")
    assert level["old"]["places"]


def test_a_record_that_nests_without_end_is_refused(run, tmp_path):
    place = tmp_path / "deep.json"
    line = to_json(record(criteria="Inclusion Criteria:\n- Pain"))
    node = b'{"id":"I1","text":{"en":"Pain"},"role":"CRITERION"'
    assert node in line
    place.write_bytes(line.replace(node, node + b',"children":[{"id":"I1","text":{"en":"Pain"},"role":"CRITERION"' * 3000 + b"}]" * 3000))
    content, code, said = run(place, WRAPS[0])
    assert (content, code) == (None, 1)
    assert "Traceback" not in said


def test_another_ending_is_wrong_usage(run):
    content, code, said = run(*LOTUS, ending=".xlsx")
    assert (content, code) == (None, 2)
    assert "-o takes a name that ends in" in said


# --- the page

HOSTILE = '</article><script>window.hacked = true</script><img src=x onerror="window.hacked = true"> & "so"'


def hostile_history() -> History:
    def version(date, words):
        return record(
            version_date=date,
            file=f"<b>{date}</b>.html",
            titles={"public": {"en": words}},
            outcomes=[outcome(words)],
            unmapped=[(HOSTILE, words)],
        )

    return compare_versions([version("2011-05-03", HOSTILE), version("2012-01-17", f"{HOSTILE} again")])


def test_the_page_runs_nothing_of_a_document():
    history = hostile_history()
    page = WRITERS[".html"]([history], {history.versions[0].sha256: HOSTILE})
    assert page.count("<script>") == 1
    assert "<img" not in page
    assert "<b>2011" not in page
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    assert not re.search(r'(?:src|href)="(?!#)', page)


def test_the_page_shows_passages_and_says_where(run, wraps):
    content = run(wraps, ending=".html")[0]
    assert "<mark>Epilepsy</mark>" in content
    assert 'href="#h0c0"' in content
    assert "<ins>or Walks</ins>" in content
    assert "6 versions" not in content
    assert "NCT09990077: 3 versions in 4 documents" in content


@pytest.mark.slow
def test_filters_in_a_browser(run, wraps, tmp_path):
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        pytest.skip("needs Chromium on the path")
    place = tmp_path / "page.html"
    place.write_text(run(wraps, ending=".html")[0], "utf-8")
    switches = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=[*switches, "--disable-component-update"])
        tab = browser.new_page(viewport={"width": 390, "height": 800})
        faults = []
        tab.on("pageerror", lambda fault: faults.append(str(fault)))
        tab.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        tab.goto(place.as_uri())
        shown = "[...document.querySelectorAll('.severity .change')].filter((x) => !x.hidden).length"
        assert tab.evaluate(shown) == len(FIRST_STEP) + len(SECOND_STEP)
        tab.uncheck('input[value="MATERIAL"]')
        assert tab.evaluate(shown) == 4
        tab.check('input[value="MATERIAL"]')
        tab.select_option('select[data-filter="kind"]', "LOOSENED")
        assert tab.evaluate(shown) == 2
        tab.select_option('select[data-filter="kind"]', "")
        tab.fill("#search", "sailors")
        assert tab.evaluate(shown) == 1
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
        before = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        tab.click("#theme")
        assert tab.evaluate("getComputedStyle(document.body).backgroundColor") != before
        assert faults == []
        browser.close()
