"""Listings as data: trials of a cancer institute's API, and the flat objects of vendors that copy ClinicalTrials.gov.

Names are those of the feeds; the institute's criteria come split into items, each marked as inclusion or not.
"""

from __future__ import annotations

import re
from typing import Any

from extractor.patterns import lazy_pattern
from extractor.sources.readers.fields import FURNITURE
from extractor.sources.readers.paths import ReadyTable, each
from extractor.sources.readers.reading import Leaf, TreeReading

SIDES = {"true": "inclusion", "false": "exclusion"}
NO_LIMIT = lazy_pattern(r"(?:0|999)(?: Years?)?", re.IGNORECASE)  # the feed's way to say that there is no limit


def _side(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """Whether the item is an inclusion criterion; it may stand before or behind the item's text."""
    del prefix
    reading.furnish(leaf)
    reading.cells["side"] = leaf
    _enter_criterion(reading)


def _criterion(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """The text of one item."""
    del prefix
    reading.cells["criterion"] = leaf
    _enter_criterion(reading)


def _enter_criterion(reading: TreeReading) -> None:
    if {"side", "criterion"} <= reading.cells.keys():
        side = SIDES.get(reading.cells.pop("side").text.strip().casefold(), "inclusion")
        reading.add(f"eligibility/text/{side}", reading.cells.pop("criterion"))


def _limit(name: str) -> Any:
    """A handler of an age limit with the feed's own words for "none"."""

    def handler(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
        if NO_LIMIT.fullmatch(leaf.text.strip()):
            reading.furnish(leaf)
        else:
            reading.add(f"{prefix}eligibility/{name}", leaf)

    return handler


def _intervention(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """The name of an intervention inside an arm: an intervention of its own, linked to the arm."""
    place = reading.next("interventions")
    reading.add(f"{place}/name", leaf)
    reading.draft.codes[f"{prefix}{place}"] = f"#{place.rpartition('/')[2]}"


def _of_intervention(field: str) -> Any:
    """A handler of a value of the last intervention."""

    def handler(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
        del prefix
        number = reading.counts.get("interventions", 1)
        path = f"interventions/{number}/{field}"
        reading.add(f"{path}/{reading.next(path).rpartition('/')[2]}" if field == "other_names" else path, leaf)

    return handler


ELIGIBILITY: dict[str, Any] = {
    "structured": {
        "gender": "eligibility/sex",
        "sex": "eligibility/sex",
        "min_age": _limit("minimum_age"),
        "max_age": _limit("maximum_age"),
        "min_age_number": FURNITURE,
        "min_age_unit": FURNITURE,
        "min_age_in_years": FURNITURE,
        "max_age_number": FURNITURE,
        "max_age_unit": FURNITURE,
        "max_age_in_years": FURNITURE,
        "accepts_healthy_volunteers": "eligibility/healthy_volunteers",
    },
    "unstructured": {"display_order": FURNITURE, "inclusion_indicator": _side, "description": _criterion},
}
INTERVENTION = {
    "name": _intervention,
    "type": _of_intervention("type"),
    "intervention_type": _of_intervention("type"),
    "description": _of_intervention("description"),
    "synonyms": _of_intervention("other_names"),
}
SITE = {
    "org_name": "facility",
    "org_city": "city",
    "org_state_or_province": "province",
    "org_country": "country",
    "recruitment_status": "status",
}
TRIAL = ReadyTable(
    {
        "nct_id": "identifiers/0/value scheme=NCT primary=true",
        "protocol_id": "identifiers/+/value scheme=SPONSOR",
        "nci_id": "identifiers/+/value scheme=OTHER",
        "ccr_id": "identifiers/+/value scheme=OTHER",
        "ctep_id": "identifiers/+/value scheme=OTHER",
        "dcp_id": "identifiers/+/value scheme=OTHER",
        "brief_title": "titles/public",
        "official_title": "titles/scientific",
        "acronym": "titles/acronym",
        "brief_summary": "descriptions/brief",
        "detail_description": "descriptions/detailed",
        "keywords": "keywords/+",
        "current_trial_status": "status/overall",
        "start_date": "dates/start",
        "completion_date": "dates/completion",
        "phase": {"#": "design/phases/+", "phase": "design/phases/+"},
        "study_protocol_type": "design/study_type",
        "interventional_model": "design/intervention_model",
        "primary_purpose": {"#": "design/primary_purpose", "primary_purpose_code": "design/primary_purpose"},
        "masking": {
            "masking": "design/masking",
            "allocation_code": "design/allocation",
            "masking_allocation_code": "design/allocation",
        },
        "study_population_description": "eligibility/population",
        "lead_org": "sponsors/+/name role=LEAD",
        "collaborators": each("sponsors/+ role=COLLABORATOR", {"name": "name"}),
        "principal_investigator": "contacts/+/name role=OFFICIAL",
        "central_contact": each(
            "contacts/+ role=CENTRAL", {"central_contact_name": "name", "central_contact_email": "email", "central_contact_phone": "phone"}
        ),
        "diseases": each("conditions/+", {"name": "name"}),
        "arms": each("arms/+", {"name": "label", "type": "type", "description": "description", "interventions": INTERVENTION}),
        "sites": each("locations/+", SITE),
        "outcome_measures": each(
            "outcomes/+", {"name": "measure", "timeframe": "time_frame", "description": "description", "type_code": "level"}
        ),
        "eligibility": ELIGIBILITY,
    }
)
FLAT = ReadyTable(
    {
        "nctId": "identifiers/0/value scheme=NCT primary=true",
        "orgStudyId": "identifiers/+/value scheme=SPONSOR",
        "title": "titles/public",
        "briefTitle": "titles/public",
        "officialTitle": "titles/scientific",
        "acronym": "titles/acronym",
        "description": "descriptions/brief",
        "briefSummary": "descriptions/brief",
        "detailedDescription": "descriptions/detailed",
        "conditions": "conditions/+/name",
        "condition": "conditions/+/name",
        "keywords": "keywords/+",
        "overallStatus": "status/overall",
        "phase": "design/phases/+",
        "studyType": "design/study_type",
        "gender": "eligibility/sex",
        "minimumAge": "eligibility/minimum_age",
        "maximumAge": "eligibility/maximum_age",
        "healthyVolunteers": "eligibility/healthy_volunteers",
        "criteria": "eligibility/text",
        "sponsor": "sponsors/+/name role=LEAD",
        "collaborators": "sponsors/+/name role=COLLABORATOR",
        "startDate": "dates/start",
        "completionDate": "dates/completion",
        "enrollment": "enrollment/count",
        "armGroups": each(
            "arms/+", {"label": "label", "type": "type", "description": "description", "armGroupLabel": "label", "armGroupType": "type"}
        ),
        "locations": each(
            "locations/+", {"facility": "facility", "city": "city", "state": "province", "country": "country", "status": "status"}
        ),
    }
)


def is_trial(key: str, value: Any) -> bool:
    """Whether a value of a feed is a trial: by keys that only these feeds have together."""
    del key
    if not isinstance(value, dict):
        return False
    return {"nci_id", "brief_title"} <= value.keys() or ({"nctId", "criteria"} <= value.keys() and "protocolSection" not in value)


def section_of(value: Any) -> ReadyTable:
    """The table for a trial of a feed."""
    return TRIAL if "nci_id" in value else FLAT
