"""AACT: the tables of a download, joined to one object a study: tables and their columns → fields.

Columns are those of AACT's data dictionary. Numbers of rows link tables to each other: an arm to its interventions, an
intervention to its other names. Tables and columns not named here are kept as unmapped, those of results among them.
"""

from __future__ import annotations

from typing import Any

from extractor.sources.ctgov import csv
from extractor.sources.ctgov.json import OUTCOME, SCHEMES
from extractor.sources.readers.fields import FURNITURE
from extractor.sources.readers.paths import Handler, ObjectReader, ReadyTable, each
from extractor.sources.readers.reading import Leaf, Parts, TreeReading
from extractor.sources.readers.rows import fold_column

MARK = "AACT"
# Columns of `studies` and `eligibilities`, which are read one by one too: their targets stand there.
STUDIES = """
    nct_id brief_title official_title acronym study_type overall_status why_stopped phase enrollment enrollment_type start_date
    start_date_type primary_completion_date primary_completion_date_type completion_date completion_date_type
    study_first_submitted_date study_first_submitted_qc_date study_first_posted_date study_first_posted_date_type
    results_first_submitted_date results_first_submitted_qc_date results_first_posted_date results_first_posted_date_type
    disposition_first_submitted_date disposition_first_submitted_qc_date disposition_first_posted_date
    disposition_first_posted_date_type last_update_submitted_date last_update_posted_date last_update_posted_date_type
    verification_date verification_month_year start_month_year completion_month_year primary_completion_month_year number_of_arms
    number_of_groups has_dmc biospec_retention biospec_description plan_to_share_ipd plan_to_share_ipd_description ipd_time_frame
    ipd_access_criteria ipd_url created_at updated_at
""".split()
ELIGIBILITIES = """
    criteria gender minimum_age maximum_age healthy_volunteers population sampling_method adult child older_adult
""".split()
ROW = {"id": FURNITURE, "nct_id": FURNITURE}
# The words with which a trial's sponsors, outcomes and numbers say what they are.
ROLES = {"lead": "LEAD", "collaborator": "COLLABORATOR"}
SOURCES = {"org_study_id": "SPONSOR", "nct_alias": "NCT", "secondary_id": ""}
TYPES = {words.lower(): scheme for words, scheme in SCHEMES.items()}
MASKED = {
    "subject_masked": "PARTICIPANT",
    "caregiver_masked": "CARE_PROVIDER",
    "investigator_masked": "INVESTIGATOR",
    "outcomes_assessor_masked": "OUTCOMES_ASSESSOR",
}
YES = frozenset({"t", "true", "TRUE", "True"})


def _columns(names: list[str]) -> dict[str, Any]:
    targets = {**csv.EXPORT, **csv.AACT}
    return {name: targets[fold_column(name)] for name in names}


def _coded(field: str, codes: dict[str, str], label: str) -> Handler:
    """A row whose words name a code, "" for none; other words are kept as unmapped under the label."""

    def handler(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
        code = codes.get(leaf.text.lower())
        if code is None:
            reading.keep(label, leaf)
            return
        if code:
            reading.draft.codes[prefix + field] = code
        reading.furnish(leaf)

    return handler


def _masked(code: str) -> Handler:
    """A row that says whether one kind of person is masked."""

    def handler(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
        del prefix
        if leaf.text in YES:
            reading.draft.codes[reading.next("design/who_masked")] = code
        reading.furnish(leaf)

    return handler


def _noted(kind: str) -> Handler:
    """A row that numbers an item of the record, or names one by its number; `settle` looks it up."""

    def handler(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
        reading.cells[f"{kind} {prefix or reading.next(kind)}"] = leaf
        reading.furnish(leaf)

    return handler


def _named(field: str) -> Handler:
    """A row with the name of an item, by which others are linked to it."""

    def handler(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
        reading.add(prefix + field, leaf)
        reading.cells[f"name {prefix}"] = leaf

    return handler


def _aside(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    del prefix
    reading.cells[reading.next("other")] = leaf


def settle(reading: TreeReading) -> None:
    """Links arms, interventions and other names by the numbers of their rows, when the whole study has been walked."""
    arms, interventions = _numbered(reading, "arm"), _numbered(reading, "intervention")
    for number in range(1, reading.counts.get("of_arm", 0) + 1):
        arm = arms.get(_number(reading, "of_arm", number), "")
        treatment = interventions.get(_number(reading, "of_intervention", number), "")
        if arm and treatment:
            _link(reading, f"{arm}interventions", treatment)
            _link(reading, f"{treatment}arms", arm)
    for number in range(1, reading.counts.get("other", 0) + 1):
        treatment = interventions.get(_number(reading, "named", number), "")
        name = reading.cells[f"other/{number}"]
        if treatment:
            reading.add(reading.next(f"{treatment}other_names"), name)
        else:
            reading.keep("intervention_other_names.name", name)


def _numbered(reading: TreeReading, kind: str) -> dict[str, str]:
    """The places of items by the numbers of their rows."""
    start = f"{kind} "
    return {leaf.text: key.removeprefix(start) for key, leaf in reading.cells.items() if key.startswith(start)}


def _number(reading: TreeReading, kind: str, number: int) -> str:
    leaf = reading.cells.get(f"{kind} {kind}/{number}")
    return leaf.text if leaf else ""


def _link(reading: TreeReading, name: str, place: str) -> None:
    leaf = reading.cells.get(f"name {place}")
    if leaf:
        reading.add(reading.next(name), leaf)


def _read_country(reading: TreeReading, value: Any, prefix: str, label: str) -> None:
    """A country: that of a site, which the table of facilities says too, or one that was given up, which is kept."""
    del prefix
    row = Parts(reading, value, label)
    if row.get("removed").text in YES:
        reading.keep(f"{label}.removed", row.get("name"))
    else:
        row.furnish("name")
    row.furnish("removed")
    row.close(frozenset(ROW))


MESH = {**ROW, "downcase_mesh_term": FURNITURE, "mesh_type": FURNITURE}
NAMES = {**ROW, "downcase_name": FURNITURE}
STUDY = ReadyTable(
    {
        MARK: {
            "studies": _columns(STUDIES),
            "eligibilities": {**ROW, **_columns(ELIGIBILITIES)},
            "brief_summaries": {**ROW, "description": "descriptions/brief"},
            "detailed_descriptions": {**ROW, "description": "descriptions/detailed"},
            "conditions": {**NAMES, "name": "conditions/+/name"},
            "keywords": {**NAMES, "name": "keywords/+"},
            "sponsors": each(
                "sponsors/+",
                {
                    **ROW,
                    "name": "name",
                    "agency_class": "class",
                    "lead_or_collaborator": _coded("role", ROLES, "sponsors.lead_or_collaborator"),
                },
            ),
            "id_information": each(
                "identifiers/+",
                {
                    **ROW,
                    "id_value": "value",
                    "id_source": _coded("scheme", SOURCES, "id_information.id_source"),
                    "id_type": _coded("scheme", TYPES, "id_information.id_type"),
                },
            ),
            "designs": {
                **ROW,
                "allocation": "design/allocation",
                "intervention_model": "design/intervention_model",
                "intervention_model_description": "design/text",
                "observational_model": "design/observational_model",
                "primary_purpose": "design/primary_purpose",
                "time_perspective": "design/time_perspective",
                "masking": "design/masking",
                "masking_description": "design/text",
                **{name: _masked(code) for name, code in MASKED.items()},
            },
            "design_groups": each(
                "arms/+", {**ROW, "id": _noted("arm"), "group_type": "type", "title": _named("label"), "description": "description"}
            ),
            "interventions": each(
                "interventions/+",
                {**ROW, "id": _noted("intervention"), "intervention_type": "type", "name": _named("name"), "description": "description"},
            ),
            "design_group_interventions": {
                **ROW,
                "design_group_id": _noted("of_arm"),
                "intervention_id": _noted("of_intervention"),
            },
            "intervention_other_names": {**ROW, "intervention_id": _noted("named"), "name": _aside},
            "design_outcomes": each(
                "outcomes/+",
                {
                    **ROW,
                    "measure": OUTCOME["measure"],
                    "time_frame": OUTCOME["timeFrame"],
                    "description": OUTCOME["description"],
                    "outcome_type": "level",
                },
            ),
            "facilities": each(
                "locations/+",
                {**ROW, "name": "facility", "status": "status", "city": "city", "state": "province", "country": "country"},
            ),
            "central_contacts": each(
                "contacts/+ role=CENTRAL",
                {**ROW, "name": "name", "phone": "phone", "email": "email", "contact_type": FURNITURE, "role": FURNITURE},
            ),
            "overall_officials": each("contacts/+ role=OFFICIAL", {**ROW, "name": "name", "affiliation": "affiliation"}),
            "responsible_parties": each(
                "contacts/+ role=OFFICIAL",
                {**ROW, "name": "name", "old_name_title": "name", "organization": "affiliation", "affiliation": "affiliation"},
            ),
            "study_references": each("references/+", {**ROW, "pmid": "pmid", "reference_type": "type", "citation": "citation"}),
            "links": each("links/+", {**ROW, "url": "url", "description": "label"}),
            "countries": ObjectReader(_read_country),
            "browse_conditions": MESH,
            "browse_interventions": MESH,
            "calculated_values": FURNITURE,
            "search_results": FURNITURE,
        }
    }
)


def is_study(key: str, value: Any) -> bool:
    """Whether a value is the object that holds a study's rows by table."""
    del key
    return type(value) is dict and value.keys() == {MARK}
