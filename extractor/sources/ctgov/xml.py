"""ClinicalTrials.gov XML: elements → fields, for the public dialect (to 2024) and that of the registration system (archive).

Both have the root `<clinical_study>`; where they name one thing differently, both names stand in one table. R's ctrdata keeps
the public dialect as JSON, an object for every element, with notes of its own.
"""

from __future__ import annotations

from typing import Any

from extractor.sources.ctgov.json import read_scheme
from extractor.sources.readers.designs import design_field, split_design
from extractor.sources.readers.fields import FURNITURE
from extractor.sources.readers.paths import ReadyTable, each, joined, text
from extractor.sources.readers.reading import Leaf, TreeReading


def _date(name: str) -> dict[str, str]:
    """A date as the element's own text, or (archive) in an element `<date>` inside."""
    return {"#": f"dates/{name}", "@type": f"dates/{name}/type", "date": f"dates/{name}"}


def _design(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """`<study_design>`: all keys and values in one string."""
    del prefix
    for field, start, end in split_design(leaf.text):
        reading.add(field, leaf.part(start, end))
    reading.furnish(leaf)


def _design_word(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """`<design>`, repeated: one word each."""
    del prefix
    reading.add(design_field(leaf.text), leaf)


SECONDARY_ID = {"#": "value", "id": "value", "id_type": read_scheme}
IDENTIFIERS: dict[str, Any] = {
    "nct_id": "identifiers/0/value scheme=NCT primary=true",
    "nct_alias": "identifiers/+/value scheme=NCT",
    "org_study_id": "identifiers/+/value scheme=SPONSOR",
    "secondary_id": each("identifiers/+", SECONDARY_ID),
}
AGENCY = {"#": "name", "agency": "name", "agency_class": "class"}
SPONSORS: dict[str, Any] = {
    "lead_sponsor": each("sponsors/+ role=LEAD", AGENCY),
    "collaborator": each("sponsors/+ role=COLLABORATOR", AGENCY),
    "sponsor": each("sponsors/+ role=COLLABORATOR", AGENCY),
}
RESPONSIBLE = each(
    "contacts/+ role=OFFICIAL",
    {"name_title": "name", "organization": "affiliation", "investigator_full_name": "name", "investigator_affiliation": "affiliation"},
)
PERSON: dict[str, Any] = {
    "first_name": joined("name"),
    "middle_name": joined("name"),
    "last_name": joined("name"),
    "degrees": joined("name"),
    "name": "name",
    "phone": "phone",
    "email": "email",
    "affiliation": {"#": "affiliation", "agency": "affiliation"},
}
OUTCOME = {"#": "measure", "measure": text("measure"), "time_frame": text("time_frame"), "description": text("description")}
ARM = {"arm_group_label": "label", "arm_group_type": "type", "arm_type": "type", "description": text("description")}
INTERVENTION = {
    "intervention_type": "type",
    "intervent_type": "type",
    "intervention_name": "name",
    "primary_name": "name",
    "description": text("description"),
    "arm_group_label": "arms/+",
    "other_name": "other_names/+",
}
ELIGIBILITY: dict[str, Any] = {
    "criteria": text("eligibility/text"),
    "gender": "eligibility/sex",
    "minimum_age": "eligibility/minimum_age",
    "maximum_age": "eligibility/maximum_age",
    "healthy_volunteers": "eligibility/healthy_volunteers",
    "study_pop": text("eligibility/population"),
    "sampling_method": "eligibility/sampling_method",
    "expected_enrollment": "enrollment/count",
}
LOCATION: dict[str, Any] = {
    "facility": {"name": "facility", "address": {"city": "city", "state": "province", "country": "country"}},
    "status": "status",
}
DATES: dict[str, Any] = {
    "start_date": _date("start"),
    "primary_completion_date": _date("primary_completion"),
    "primary_compl_date": _date("primary_completion"),
    "completion_date": _date("completion"),
    "last_follow_up_date": _date("completion"),
    "verification_date": _date("status_verified"),
    "study_first_submitted": _date("first_submitted"),
    "firstreceived_date": _date("first_submitted"),
    "initial_release_date": _date("first_submitted"),
    "study_first_submitted_qc": _date("first_submitted_qc"),
    "study_first_posted": _date("first_posted"),
    "results_first_submitted": _date("results_first_submitted"),
    "firstreceived_results_date": _date("results_first_submitted"),
    "init_results_release_date": _date("results_first_submitted"),
    "results_first_submitted_qc": _date("results_first_submitted_qc"),
    "results_first_posted": _date("results_first_posted"),
    "disposition_first_submitted": _date("disposition_first_submitted"),
    "firstreceived_results_disposition_date": _date("disposition_first_submitted"),
    "init_disposition_release_date": _date("disposition_first_submitted"),
    "disposition_first_submitted_qc": _date("disposition_first_submitted_qc"),
    "disposition_first_posted": _date("disposition_first_posted"),
    "last_update_submitted": _date("last_update_submitted"),
    "lastchanged_date": _date("last_update_submitted"),
    "last_release_date": _date("last_update_submitted"),
    "last_update_posted": _date("last_update_posted"),
}
DESIGN: dict[str, Any] = {
    "phase": "design/phases/+",
    "phase_block": {"phase": "design/phases/+"},
    "study_type": "design/study_type",
    "study_design": _design,
    "design": _design_word,
    "study_design_info": {
        "allocation": "design/allocation",
        "intervention_model": "design/intervention_model",
        "intervention_model_description": text("design/text"),
        "primary_purpose": "design/primary_purpose",
        "observational_model": "design/observational_model",
        "time_perspective": "design/time_perspective",
        "masking": "design/masking",
        "masking_description": text("design/text"),
    },
    "enrollment": {"#": "enrollment/count", "@type": "enrollment/type"},
    "number_of_arms": FURNITURE,
    "number_of_groups": FURNITURE,
}

STUDY = ReadyTable(
    {
        "@rank": FURNITURE,
        "@attributes": FURNITURE,
        "_id": FURNITURE,
        "ctrname": FURNITURE,
        "comment": FURNITURE,
        "record_last_import": FURNITURE,
        "required_header": FURNITURE,
        "id_info": IDENTIFIERS,
        "study_id": IDENTIFIERS,
        "brief_title": text("titles/public"),
        "official_title": text("titles/scientific"),
        "acronym": "titles/acronym",
        "sponsors": SPONSORS,
        "study_sponsor": SPONSORS,
        "responsible_party": RESPONSIBLE,
        "resp_party": RESPONSIBLE,
        "oversight_info": {"has_dmc": "data_sharing/monitoring_committee"},
        "brief_summary": text("descriptions/brief"),
        "detailed_description": text("descriptions/detailed"),
        "detailed_descr": text("descriptions/detailed"),
        "overall_status": "status/overall",
        "why_stopped": text("status/why_stopped"),
        "status_block": {
            "status": "status/overall",
            "why_stopped": text("status/why_stopped"),
            "date": "dates/status_verified",
        },
        **DATES,
        **DESIGN,
        "condition": "conditions/+/name",
        "keyword": "keywords/+",
        "arm_group": each("arms/+", ARM),
        "intervention": each("interventions/+", INTERVENTION),
        "primary_outcome": each("outcomes/+ level=PRIMARY", OUTCOME),
        "secondary_outcome": each("outcomes/+ level=SECONDARY", OUTCOME),
        "other_outcome": each("outcomes/+ level=OTHER", OUTCOME),
        "eligibility": ELIGIBILITY,
        "biospec_retention": "biospecimens/0/fate",
        "biospec_descr": text("biospecimens/0/name"),
        "overall_official": each("contacts/+ role=OFFICIAL", PERSON),
        "investigator": each("contacts/+ role=OFFICIAL", PERSON),
        "overall_contact": each("contacts/+ role=CENTRAL", PERSON),
        "overall_contact_backup": each("contacts/+ role=CENTRAL", PERSON),
        "contact": each("contacts/+ role=CENTRAL", PERSON),
        "contact_backup": each("contacts/+ role=CENTRAL", PERSON),
        "location": each("locations/+", LOCATION),
        "location_countries": FURNITURE,
        "link": each("links/+", {"url": "url", "description": text("label")}),
        "see_also": each("links/+", {"url": "url", "annotation": text("label")}),
        "background": {"reference": each("references/+", {"citation": "citation"})},
        "reference": each("references/+ type=BACKGROUND", {"citation": "citation", "PMID": "pmid"}),
        "results_reference": each("references/+ type=RESULT", {"citation": "citation", "PMID": "pmid"}),
        "patient_data": {
            "sharing_ipd": "data_sharing/ipd",
            "ipd_description": text("data_sharing/plan"),
            "ipd_time_frame": text("data_sharing/plan"),
            "ipd_access_criteria": text("data_sharing/plan"),
            "ipd_url": "links/+/url",
        },
    }
)
