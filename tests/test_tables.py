from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from documents import ROOT, SAMPLES, documents

from extractor import extract, model, to_json
from extractor.model import Criterion, Record
from extractor.write.dataset import rows as tables_rows
from extractor.write.dataset.columns import Declared, columns_of, declared, table_names
from extractor.write.dataset.rows import EACH

pytest.importorskip("pyarrow", reason="needs the extra [bulk]")
duckdb = pytest.importorskip("duckdb", reason="needs the extra [bulk]")

from extractor.bulk import Job, run  # noqa: E402 (after the skips)

PAGE = (ROOT / "docs" / "tables.md").read_text("utf-8")
QUERIES = [query for query in re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL) if "read_parquet" not in query]
TYPES = {"list": "list of strings", "text": "text (en, zh)", "texts": "texts (en, zh)"}
FITTING = """Inclusion Criteria:

* Adequate organ function:

  * Platelets ≥ 100,000/mm3
  * Hemoglobin ≥ 9 g/dL
* ECOG performance status 0 or 1

Exclusion Criteria:

* Platelets < 50 x 10^9/L
"""


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


def test_recruiting_trials_in_china_that_fit_a_patient(base: Any) -> None:
    (query,) = [query for query in QUERIES if "platelets" in query]
    assert [row[0] for row in base.execute(query).fetchall()] == ["NCT09901000", "NCT09901005"]


def test_primary_outcomes_that_changed_after_the_start(base: Any) -> None:
    (query,) = [query for query in QUERIES if "primary_outcome" in query]
    rows = [(trial, new_date, field, kind) for trial, _, new_date, field, kind, *_ in base.execute(query).fetchall()]
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


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_every_question_of_the_page_can_be_asked(base: Any, query: str) -> None:
    rows = base.execute(query).fetchall()
    assert rows or "links" in query or "adverse_reactions" in query


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


def test_the_page_lists_every_table_and_column() -> None:
    for line in declared():
        if line.type == "table":
            assert f"\n### {line.table}\n\n{line.meaning[0].upper()}{line.meaning[1:]}.\n" in PAGE
        else:
            assert f"| `{line.column}` | {TYPES.get(line.type, line.type)} | {line.meaning} |\n" in PAGE
    assert PAGE.count("\n| `") == sum(line.type != "table" for line in declared())


def test_names_are_snake_case_and_unique() -> None:
    for table in {line.table for line in declared()}:
        names = [column.name for column in columns_of(table)]
        assert len(names) == len(set(names))
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)


def test_every_table_of_records_has_rows_that_make_it() -> None:
    assert set(table_names()) == set(EACH)
    assert {line.table for line in declared()} - set(EACH) == {"inputs", "links", "versions", "changes"}


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_tables_hold_as_much_as_the_record(document: Path) -> None:
    """Nothing of a list is lost on its way to its table, and every path of tables.tsv exists."""
    for record in extract(document.read_bytes(), document.name):
        rows = {table: list(each(record, to_json(record))) for table, each in EACH.items()}
        whole = json.loads(to_json(record))
        trial = whole.get("trial", {})
        for table in ("conditions", "arms", "interventions", "outcomes", "locations", "sponsors", "identifiers"):
            own = [row for row in rows[table] if row.number == 0]
            assert len(own) == len(trial.get(table, ()))
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
