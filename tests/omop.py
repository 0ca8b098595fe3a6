"""A tiny OMOP database in DuckDB, on which the cohort expressions of the export are run: who passes is what the export claims."""

from __future__ import annotations

import json
from typing import Any

TABLES = {
    "person": "person_id INT, gender_concept_id INT, year_of_birth INT, month_of_birth INT, day_of_birth INT",
    "observation_period": "observation_period_id INT, person_id INT, observation_period_start_date DATE, observation_period_end_date DATE",
    "condition_occurrence": "condition_occurrence_id INT, person_id INT, condition_concept_id INT, condition_start_date DATE, condition_end_date DATE,"
    " condition_type_concept_id INT, visit_occurrence_id INT, condition_source_concept_id INT",
    "measurement": "measurement_id INT, person_id INT, measurement_concept_id INT, measurement_date DATE, value_as_number DOUBLE, unit_concept_id INT,"
    " range_low DOUBLE, range_high DOUBLE, visit_occurrence_id INT, measurement_source_concept_id INT",
    "observation": "observation_id INT, person_id INT, observation_concept_id INT, observation_date DATE, value_as_number DOUBLE,"
    " visit_occurrence_id INT, observation_source_concept_id INT",
    "concept": "concept_id INT, concept_name VARCHAR, invalid_reason VARCHAR",
    "concept_ancestor": "ancestor_concept_id INT, descendant_concept_id INT",
    "cohort": "cohort_definition_id INT, subject_id INT, cohort_start_date DATE, cohort_end_date DATE",
}
INDEX = "2026-06-01"  # everybody's condition begins on this day
FIRST = 1000  # concept of the first concept set; the others follow


def passing(expression: dict[str, Any], people: dict[str, dict[str, Any]]) -> set[str]:
    """The names of the people whom an expression takes into its cohort; concept set number n stands for the concept 1000 + n.

    A person is {"sex": 8507, "born": 1980, "values": [(concept set, value, unit, day, upper limit)], "events": [concept set]}.
    """
    import duckdb  # noqa: PLC0415
    from duckcdm.circe import build_cohort_query  # noqa: PLC0415
    from duckcdm.sqlrender import render, translate  # noqa: PLC0415

    filled = json.loads(json.dumps(expression))
    for concept_set in filled["ConceptSets"]:
        concept = {"CONCEPT_ID": FIRST + concept_set["id"]}
        concept_set["expression"]["items"] = [
            {"concept": concept, "isExcluded": False, "includeDescendants": False, "includeMapped": False}
        ]
    with duckdb.connect() as base:
        for name, columns in TABLES.items():
            base.execute(f"CREATE TABLE {name} ({columns})")
        for concept_set in filled["ConceptSets"]:
            base.execute("INSERT INTO concept VALUES (?, ?, NULL)", [FIRST + concept_set["id"], concept_set["name"]])
        for number, person in enumerate(people.values(), 1):
            _enter(base, number, person)
        sql = build_cohort_query(json.dumps(filled), cdm_schema="main", vocabulary_schema="main", target_table="cohort", cohort_id=1)
        for statement in translate(render(sql), "duckdb").split(";"):
            if statement.strip():
                base.execute(statement)
        found = {row[0] for row in base.execute("SELECT subject_id FROM cohort").fetchall()}
    return {name for number, name in enumerate(people, 1) if number in found}


def _enter(base: Any, number: int, person: dict[str, Any]) -> None:
    base.execute("INSERT INTO person VALUES (?, ?, ?, 1, 1)", [number, person.get("sex", 8507), person.get("born", 1980)])
    base.execute("INSERT INTO observation_period VALUES (?, ?, '2000-01-01', '2027-12-31')", [number, number])
    base.execute("INSERT INTO condition_occurrence VALUES (?, ?, ?, ?, NULL, 0, 0, 0)", [number, number, FIRST, INDEX])
    for at, (concept_set, value, unit, day, high) in enumerate(person.get("values", ())):
        row = [number * 100 + at, number, FIRST + concept_set, day, value, unit, high]
        base.execute("INSERT INTO measurement VALUES (?, ?, ?, ?, ?, ?, NULL, ?, 0, 0)", row)
    for at, concept_set in enumerate(person.get("events", ())):
        base.execute("INSERT INTO observation VALUES (?, ?, ?, ?, NULL, 0, 0)", [number * 100 + at, number, FIRST + concept_set, INDEX])
