"""XML that registers hand to the WHO: `<trials><trial><main>…`, the WHO's Trial Registration Data Set in lower case.

ChiCTR's own export is a dialect of it (`<Triall>`). Lists stand in one element each, joined with ";".
"""

from __future__ import annotations

from typing import Any

from extractor.patterns import lazy_pattern
from extractor.sources.readers.fields import FURNITURE, LAST
from extractor.sources.readers.paths import aside, each, joined
from extractor.sources.readers.reading import Leaf, TreeReading
from extractor.sources.readers.rows import furnish_between, parts, pieces

LISTED = r";(?=\S|\s*$)"  # the separator of an export has no blank behind it; one that an author typed has
NO_DATE = "01/01/1900"
_separator = lazy_pattern(r"[;,\n]")


def _start(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    del prefix
    if leaf.text == NO_DATE:
        reading.furnish(leaf)
    else:
        reading.add("dates/recruitment_start", leaf)


def _codes(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """Codes handed in apart: to the conditions named before, where there are as many; else each alone."""
    del prefix
    codes = list(pieces(leaf, _separator))
    named = reading.counts.get("conditions", 0)
    for number, code in enumerate(codes, 1):
        place = f"conditions/{number}" if named == len(codes) else reading.next("conditions")
        reading.add(f"{place}/code", code)
    furnish_between(reading, leaf, codes)


CONTACT: dict[str, Any] = {
    "type": FURNITURE,
    "firstname": joined("name"),
    "middlename": joined("name"),
    "lastname": joined("name"),
    "address": joined("address"),
    "city": joined("address"),
    "country1": joined("address"),
    "zip": "postcode",
    "telephone": "phone",
    "email": "email",
    "affiliation": "affiliation",
}
MAIN: dict[str, Any] = {
    "trial_id": "identifiers/0/value primary=true",
    "utrn": "identifiers/+/value scheme=UTN",
    "UTRN": "identifiers/+/value scheme=UTN",
    "reg_name": FURNITURE,
    "date_registration": "registration/date",
    "primary_sponsor": "sponsors/+/name role=LEAD",
    "public_title": "titles/public",
    "acronym": "titles/acronym",
    "scientific_title": "titles/scientific",
    "scientific_acronym": "titles/acronym",
    "Scientific_acronym": "titles/acronym",
    "date_enrolment": _start,
    "type_enrolment": FURNITURE,
    "target_size": aside("target_size"),
    "recruitment_status": "status/overall",
    "url": "links/+/url",
    "study_type": "design/study_type",
    "study_design": aside("study_design"),
    "phase": "design/phases/+",
    "hc_freetext": parts("conditions/+/name", LISTED),
    "i_freetext": aside("i_freetext"),
    "results_url_link": "links/+/url",
    "results_url_protocol": "links/+/url",
    "results_IPD_plan": "data_sharing/ipd",
    "results_IPD_description": "data_sharing/plan",
    "results_date_completed": "dates/completion",
}
TRIAL: dict[str, Any] = {
    "main": MAIN,
    "contacts": {"contact": each("contacts/+ role=CENTRAL", CONTACT)},
    "countries": {"country2": parts("locations/+/country", LISTED)},
    "criteria": {
        "inclusion_criteria": "eligibility/text/inclusion",
        "exclusion_criteria": "eligibility/text/exclusion",
        "agemin": "eligibility/minimum_age",
        "agemax": "eligibility/maximum_age",
        "gender": "eligibility/sex",
    },
    "health_condition_code": {"hc_code": _codes},
    "health_condition_keyword": {"hc_keyword": parts("keywords/+", LISTED)},
    "intervention_code": {"i_code": aside("i_code")},
    "intervention_keyword": {"i_keyword": parts("keywords/+", LISTED)},
    "primary_outcome": {"prim_outcome": parts("outcomes/+/measure level=PRIMARY", LISTED)},
    "secondary_outcome": {"sec_outcome": parts("outcomes/+/measure level=SECONDARY", LISTED)},
    "secondary_sponsor": {"sponsor_name": parts("sponsors/+/name role=SECONDARY", LISTED)},
    "secondary_ids": {"secondary_id": {"sec_id": parts("identifiers/+/value", LISTED)}},
    "source_support": {"source_name": "sponsors/+/name role=FUNDER"},
    "ethics_reviews": {
        "ethics_review": {
            "status": "ethics/approved",
            "approval_date": "ethics/date",
            "contact_name": f"contacts/{LAST}/name role=ETHICS",
            "contact_address": f"contacts/{LAST}/address role=ETHICS",
            "contact_phone": f"contacts/{LAST}/phone role=ETHICS",
            "contact_email": f"contacts/{LAST}/email role=ETHICS",
        }
    },
}
