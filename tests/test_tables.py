from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from documents import ROOT, SAMPLES, documents

from extractor import extract, model, to_json
from extractor.model import Criterion, Record
from extractor.write.dataset import rows as tables_rows
from extractor.write.dataset.columns import COMPARED, FINISHED, Declared, all_tables, columns_of, declared, table_names
from extractor.write.dataset.page import tables_page
from extractor.write.dataset.rows import EACH, LISTS
from extractor.write.dataset.views import views

pytest.importorskip("pyarrow", reason="needs the extra [bulk]")
duckdb = pytest.importorskip("duckdb", reason="needs the extra [bulk]")

from extractor.bulk import Job, run  # noqa: E402 (after the skips)

PAGE = (ROOT / "docs" / "tables.md").read_text("utf-8")
QUESTION = re.compile(r"```sql\n(?P<query>.*?)```\n(?P<answer>\n\|.*?\|\n(?!\|))?", re.DOTALL)
QUERIES = [found["query"] for found in QUESTION.finditer(PAGE)]
[OF_CHANGES] = re.findall(r"```sql compare\n(.*?)```", PAGE, re.DOTALL)
[AACT] = re.findall(r"```aact\n(.*?)```", PAGE, re.DOTALL)
SAMPLES_OF_THE_PAGE = ("cde", "chictr", "ctgov", "ictrp", "listing", "nmpa", "veeva")
FITTING = """Inclusion Criteria:

* Adequate organ function:

  * Platelets ≥ 100,000/mm3
  * Hemoglobin ≥ 9 g/dL
* ECOG performance status 0 or 1

Exclusion Criteria:

* Platelets < 50 x 10^9/L
"""


# Tables whose rows are items of one kind of the model, and its parts that have no column of their own: codes stand in code_system and
# code, and both ends of a range of doses have one unit.
HELD: dict[str, tuple[type[Any], str]] = {
    "arms": (model.Arm, ""),
    "outcomes": (model.Outcome, ""),
    "constraints": (model.Constraint, "variable.codes"),
    "sponsors": (model.Sponsor, ""),
    "results": (model.Result, ""),
    "strengths": (model.Strength, ""),
    "dosing": (model.Dosing, "dose_high.unit.text dose_high.unit.ucum"),
    "adverse_reactions": (model.AdverseReaction, ""),
}


def parts_of(kind: Any, prefix: str = "item") -> list[str]:
    """The paths of a kind's parts, down to texts, codes and plain values; lists are whole."""
    paths = []
    for field, hint in get_type_hints(kind).items():
        own = [each for each in get_args(hint) or (hint,) if isinstance(each, type) and issubclass(each, model.Model)]
        inner = own[0] if own else None
        plain = inner is None or inner in (model.Text, model.Coded)
        paths += [f"{prefix}.{field}"] if plain else parts_of(inner, f"{prefix}.{field}")
    return paths


@pytest.mark.parametrize("table", HELD)
def test_no_part_of_an_item_is_without_a_column(table: str) -> None:
    kind, left_out = HELD[table]
    held = {column.path for column in columns_of(table)}
    missing = [path for path in parts_of(kind) if not any(each == path or each.startswith(f"{path}.") for each in held)]
    assert sorted(missing) == sorted(f"item.{path}" for path in left_out.split())


def study(number: str, **changes: Any) -> bytes:
    """The sample with other criteria, status and sites."""
    data = json.loads((SAMPLES / "ctgov" / "migraine_api.json").read_bytes())
    section = data["protocolSection"]
    section["identificationModule"]["nctId"] = number
    section["statusModule"]["overallStatus"] = changes.get("status", "RECRUITING")
    section["eligibilityModule"]["eligibilityCriteria"] = changes.get("criteria", FITTING)
    section["contactsLocationsModule"]["locations"] = [
        {"facility": "A hospital", "city": "A town", "country": changes.get("country", "China")}
    ]
    return json.dumps(data).encode()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("tables")
    for at, changes in enumerate(
        (
            {},
            {"status": "COMPLETED"},
            {"country": "France"},
            {"criteria": FITTING.replace("100,000", "60,000")},
            {"criteria": FITTING.replace("0 or 1", "0 to 2")},
            {"criteria": FITTING.replace("100,000/mm3", "80 x 10^9/L").replace("0 or 1", "≤ 1")},
        )
    ):
        (folder / f"{at}.json").write_bytes(study(f"NCT0990100{at}", **changes))
    (folder / "broken.html").write_bytes(b" ")
    target = folder.parent / "tables.duckdb"
    wraps = [str(file) for file in sorted((SAMPLES / "ctgov").glob("wraps_*.?tml"))]
    run([str(folder), str(SAMPLES / "nmpa"), str(SAMPLES / "chictr"), *wraps], str(target), Job(workers=1, compare=True))
    with duckdb.connect(str(target), read_only=True) as connection:
        yield connection


def test_recruiting_trials_in_china_that_let_a_patient_in(base: Any) -> None:
    (query,) = [query for query in QUERIES if "platelets" in query]
    assert [row[0] for row in base.execute(query).fetchall()] == ["NCT09901003"]


def test_primary_outcomes_that_changed_after_the_start(base: Any) -> None:
    rows = [(trial, new_date, field, kind) for trial, _, new_date, field, kind, *_ in base.execute(OF_CHANGES).fetchall()]
    assert sorted(rows) == [
        ("NCT09990077", "2012-01-17", "outcomes/level", "CHANGED"),
        ("NCT09990077", "2012-01-17", "outcomes/level", "CHANGED"),
        ("NCT09990077", "2012-01-17", "outcomes/time_frame", "REWORDED"),
    ]


def test_versions_and_changes_name_their_records(base: Any) -> None:
    versions = base.execute(
        "SELECT version_number, date, material_changes FROM versions WHERE trial_id = 'NCT09990077' ORDER BY 1"
    ).fetchall()
    assert versions == [(1, "2011-05-03", None), (2, "2012-01-17", 4), (3, "2013-06-20", 6)]
    (unknown,) = base.execute(
        "SELECT count(*) FROM changes c LEFT JOIN records o ON o.record_key = c.old_key LEFT JOIN records n ON n.record_key = c.new_key"
        " WHERE o.record_key IS NULL OR n.record_key IS NULL"
    ).fetchone()
    assert unknown == 0
    (labels,) = base.execute("SELECT count(*) FROM changes WHERE field LIKE 'dosing%' AND old = '80 mg' AND new = '60 mg'").fetchone()
    assert labels == 1


def test_a_criterion_is_read_behind_its_stem(base: Any) -> None:
    rows = base.execute(
        "SELECT criterion_id, parent_id, path, depth, text_en, reading_en FROM criteria"
        " WHERE record_id = 'NCT09901000' AND section = 'inclusion' ORDER BY ordinal"
    ).fetchall()
    assert rows[1] == ("I1.1", "I1", "I1/I1.1", 1, "Platelets ≥ 100,000/mm3", "Adequate organ function: Platelets ≥ 100,000/mm3")
    assert [row[0] for row in rows] == ["I1", "I1.1", "I1.2", "I2"]
    assert rows[3][1] is None


def test_limits_are_converted_into_one_unit(base: Any) -> None:
    rows = base.execute(
        "SELECT low_standard, unit_standard, high_standard FROM constraints WHERE record_id = 'NCT09901000' ORDER BY section DESC, criterion_id"
    ).fetchall()
    assert (100.0, "10*9/L", None) in rows
    assert (90.0, "g/L", None) in rows
    assert (None, "10*9/L", 50.0) in rows


def test_the_page_lists_every_table_column_and_view() -> None:
    assert PAGE.endswith(tables_page()), "run: python -m extractor.write.dataset.page docs/tables.md"


def test_names_are_snake_case_and_unique() -> None:
    for table in {line.table for line in declared()}:
        names = [column.name for column in columns_of(table)]
        assert len(names) == len(set(names))
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)


def test_every_table_of_records_has_rows_that_make_it() -> None:
    assert set(table_names()) == set(EACH)
    assert {line.table for line in declared()} - set(EACH) == {*FINISHED, *COMPARED}


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_tables_hold_as_much_as_the_record(document: Path) -> None:
    """Nothing of a list is lost on its way to its table, and every path of tables.tsv exists."""
    for record in extract(document.read_bytes(), document.name):
        rows = {table: list(each(record, to_json(record))) for table, each in EACH.items()}
        whole = json.loads(to_json(record))
        trial = whole.get("trial", {})
        for table, field in {**LISTS, "identifiers": "identifiers"}.items():
            own = [row for row in rows[table] if row.number == 0]
            assert len(own) == len(trial.get(field, ()))
        label = whole.get("label", {})
        for table, field in (
            ("strengths", "strengths"),
            ("dosing", "dosing"),
            ("label_tables", "tables"),
            ("adverse_reactions", "adverse_reactions"),
        ):
            assert len(rows[table]) == len(label.get(field, ()))
        assert len(rows["label_rows"]) == sum(
            len(table.get("header", ())) + len(table.get("rows", ())) for table in label.get("tables", ())
        )
        assert len(rows["boxed_warnings"]) == ("boxed_warning" in label)
        assert len(rows["findings"]) == len(whole.get("findings", ()))
        assert sum(row.section == "inclusion" and row.number == 0 for row in rows["criteria"]) == nodes(record)
        assert len({(row.number, row.node.id) for row in rows["criteria"]}) == len(rows["criteria"])


def nodes(record: Record) -> int:
    eligibility = record.trial.eligibility if record.trial else None
    return count(eligibility.inclusion or []) if eligibility else 0


def count(items: list[Criterion]) -> int:
    return sum(1 + count(item.children or []) for item in items)


SUBJECTS = {
    "records": tables_rows.RecordRow,
    "trials": tables_rows.TrialRow,
    "identifiers": tables_rows.IdentifierRow,
    "criteria": tables_rows.CriterionRow,
    "constraints": tables_rows.ConstraintRow,
    "labels": tables_rows.LabelRow,
    "label_sections": tables_rows.SectionRow,
    "boxed_warnings": tables_rows.LabelRow,
    "label_rows": tables_rows.TableRow,
    "arm_interventions": tables_rows.GivenRow,
    "intervention_names": tables_rows.NameRow,
    "other_texts": tables_rows.OtherTextRow,
}
ITEMS = {
    "conditions": model.Condition,
    "arms": model.Arm,
    "interventions": model.Intervention,
    "outcomes": model.Outcome,
    "locations": model.Location,
    "sponsors": model.Sponsor,
    "identifiers": model.Identifier,
    "constraints": model.Constraint,
    "adverse_reactions": model.AdverseReaction,
    "findings": model.Finding,
    "keywords": model.Text,
    "results": model.Result,
    "study_references": model.Reference,
    "study_links": model.Link,
    "strengths": model.Strength,
    "dosing": model.Dosing,
    "label_tables": model.LabelTable,
}


@pytest.mark.parametrize("line", [line for line in declared() if line.path], ids=lambda line: f"{line.table}.{line.column}")
def test_every_path_is_one_of_the_model(line: Declared) -> None:
    """A misspelt path would give an empty column without a word."""
    owner: Any = SUBJECTS.get(line.table, tables_rows.ItemRow)
    for name in line.path.split("."):
        if owner is tables_rows.RecordRow and name not in owner._fields:
            owner = getattr(owner, name, None) or get_type_hints(model.Record)[name]
        elif name == "item":
            owner = ITEMS[line.table]
        elif name == "code" and owner is tables_rows.ConstraintRow:
            owner = model.Code
        elif isinstance(getattr(owner, name, None), property):
            owner = int
        else:
            owner = get_type_hints(owner)[name]
        owner = next((part for part in get_args(owner) if hasattr(part, "__struct_fields__")), owner) if get_args(owner) else owner
    assert owner is not None


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The samples that the page asks, as a DuckDB file, a SQLite file and a folder of Parquet, each opened."""
    folder = tmp_path_factory.mktemp("samples")
    chosen = [str(path) for path in documents() if path.parent.name in SAMPLES_OF_THE_PAGE]
    for name in ("all.duckdb", "all.sqlite", "parquet/"):
        run(chosen, f"{folder}/{name}", Job(workers=1))
    session = duckdb.connect()
    session.execute(f"SET file_search_path = '{folder}/parquet'")
    session.execute((folder / "parquet" / "views.sql").read_text("utf-8"))
    return {
        "duckdb": duckdb.connect(str(folder / "all.duckdb"), read_only=True),
        "sqlite": sqlite3.connect(folder / "all.sqlite"),
        "parquet": session,
    }


def shown(cell: Any) -> str:
    """A cell as the page shows it, the same for every database."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, list):
        return json.dumps(cell, ensure_ascii=False, separators=(",", ":"))
    return f"{cell:g}" if isinstance(cell, float) else str(cell).replace("\n", " ").replace("|", "\\|")


def asked(base: Any, query: str) -> tuple[list[str], list[list[str]]]:
    cursor = base.execute(query)
    names = [column[0] for column in cursor.description]
    return names, [[shown(cell) for cell in row] for row in cursor.fetchall()]


@pytest.mark.parametrize("number", range(len(QUERIES)), ids=lambda number: str(number + 1))
def test_questions_have_the_answers_of_the_page(samples: dict[str, Any], number: int, request: pytest.FixtureRequest) -> None:
    names, rows = asked(samples["duckdb"], QUERIES[number])
    assert rows
    for name in ("sqlite", "parquet"):
        assert asked(samples[name], QUERIES[number]) == (names, rows), name
    table = (
        "\n".join(f"| {' | '.join(cells)} |" for cells in (names, ["---"] * len(names), *rows))
        .replace("| --- ", "|---")
        .replace("--- |", "---|")
    )
    page = (ROOT / "docs" / "tables.md").read_text("utf-8")
    found = list(QUESTION.finditer(page))[number]
    if request.config.getoption("--update-golden"):
        (ROOT / "docs" / "tables.md").write_text(f"{page[: found.end('query')]}```\n\n{table}\n{page[found.end() :]}", "utf-8")
        return
    assert (found["answer"] or "").strip() == table, "run: pytest --update-golden -k questions, and read the answers"


@pytest.mark.parametrize("query", AACT.strip().splitlines())
def test_queries_of_aact_run(samples: dict[str, Any], query: str) -> None:
    rows = sorted(asked(samples["duckdb"], query)[1])
    assert rows
    assert sorted(asked(samples["parquet"], query)[1]) == rows
    assert sorted(asked(samples["sqlite"], query.replace("ctgov.", "ctgov_"))[1]) == rows
    cursor = samples["duckdb"].cursor()
    cursor.execute("SET schema = 'ctgov'")
    assert sorted(asked(cursor, query.replace("ctgov.", ""))[1]) == rows


@pytest.mark.parametrize("table", all_tables())
def test_every_table_is_the_same_everywhere(samples: dict[str, Any], table: str) -> None:
    columns = [column.name for column in columns_of(table) if column.name != "seconds"]  # the time that a run took is its own
    quoted = ", ".join(f'"{name}"' for name in columns)
    query = f"SELECT {quoted} FROM {table}"
    want = sorted(asked(samples["duckdb"], query)[1])
    assert sorted(asked(samples["parquet"], query)[1]) == want
    assert sorted(asked(samples["sqlite"], query)[1]) == want


@pytest.mark.parametrize("view", views(), ids=lambda view: view.name)
def test_views_hold_one_record_a_trial_and_no_withdrawn_one(samples: dict[str, Any], view: Any) -> None:
    place = view.name if view.name == "trials_latest" else f"ctgov.{view.name}"
    names, rows = asked(samples["duckdb"], f"SELECT * FROM {place}")
    assert rows
    own = asked(samples["sqlite"], f"SELECT * FROM {place.replace('.', '_')}")
    assert (names, sorted(rows)) == (own[0], sorted(own[1]))
    key = names.index("nct_id" if "nct_id" in names else "trial_id")
    found = {row[key] for row in rows}
    assert found <= {row[0] for row in samples["duckdb"].execute("SELECT trial_id FROM latest WHERE NOT registration_withdrawn").fetchall()}
    if view.name in ("trials_latest", "studies", "eligibilities", "designs", "calculated_values"):
        assert len(found) == len(rows)


def test_every_column_bears_a_comment(samples: dict[str, Any]) -> None:
    silent = (
        samples["duckdb"].execute("SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal").fetchall()
    )
    assert [pair for pair in silent if pair[0] != "trials_latest"] == []  # what it takes over from trials bears its comment there
    [schema] = samples["sqlite"].execute("SELECT sql FROM sqlite_master WHERE name = 'criteria'").fetchone()
    assert "-- the constraints say all that the text says" in schema


def test_the_latest_record_wins_and_says_why(samples: dict[str, Any]) -> None:
    found = dict(samples["duckdb"].execute("SELECT trial_id, reason FROM latest").fetchall())
    assert found["NCT09900041"] == "UPDATED"  # two documents that say when they were changed
    assert found["ChiCTR2099000001"] == "REGISTRY"  # the registry's export before the WHO's copy, which is newer
    assert found["NCT09990044"] == "FORM"  # the page before its copied text
    assert found["NCT09900001"] == "ONLY"
    [newest] = samples["duckdb"].execute("SELECT newest FROM latest WHERE trial_id = 'ChiCTR2099000001'").fetchone()
    assert newest == "2030-02-17"


def test_parts_are_read_by_pandas_and_polars(tmp_path: Path) -> None:
    run([str(SAMPLES / "ctgov" / "migraine_api.json")], f"{tmp_path}/out/", Job(workers=1))
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    assert pandas.read_parquet(tmp_path / "out" / "trials")["record_id"].tolist() == ["NCT09900001"]
    assert polars.read_parquet(tmp_path / "out" / "trials" / "*.parquet")["record_id"].to_list() == ["NCT09900001"]
