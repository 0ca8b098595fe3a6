"""ClinicalTrials.gov API v2: keys of a study → fields.

Keys are those of the published data model (`/api/v2/studies/metadata`). Keys not named here are kept as unmapped; so are the
sections of documents, annotations and derived data, and of results all but outcome measures.
"""

from __future__ import annotations

from typing import Any

from extractor.sources.ctgov.results import read_measures
from extractor.sources.readers.fields import FURNITURE
from extractor.sources.readers.paths import ObjectReader, ReadyTable, each
from extractor.sources.readers.reading import Leaf, TreeReading

# Types of secondary numbers that name a register; in the other types the number's own form decides.
SCHEMES = {"EUDRACT_NUMBER": "EUCTR", "EudraCT Number": "EUCTR", "CTIS": "CTIS", "EU Trial (CTIS) Number": "CTIS"}
OUTCOME = {"measure": "measure", "timeFrame": "time_frame", "description": "description"}


def _date(name: str) -> dict[str, str]:
    return {"date": f"dates/{name}", "type": f"dates/{name}/type"}


def read_scheme(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """The type of a secondary number: a scheme where it names a register, else kept as it stands."""
    scheme = SCHEMES.get(leaf.text)
    if scheme:
        reading.draft.codes[f"{prefix}scheme"] = scheme
        reading.furnish(leaf)
    else:
        reading.keep("secondaryIdInfos.type", leaf)


IDENTIFICATION: dict[str, Any] = {
    "nctId": "identifiers/0/value scheme=NCT primary=true",
    "nctIdAliases": "identifiers/+/value scheme=NCT",
    "orgStudyIdInfo": {"id": "identifiers/+/value scheme=SPONSOR"},
    "secondaryIdInfos": each("identifiers/+", {"id": "value", "type": read_scheme}),
    "briefTitle": "titles/public",
    "officialTitle": "titles/scientific",
    "acronym": "titles/acronym",
}
STATUS: dict[str, Any] = {
    "overallStatus": "status/overall",
    "whyStopped": "status/why_stopped",
    "expandedAccessInfo": {"nctId": "identifiers/+/value scheme=NCT"},
    "statusVerifiedDate": "dates/status_verified",
    "startDateStruct": _date("start"),
    "primaryCompletionDateStruct": _date("primary_completion"),
    "completionDateStruct": _date("completion"),
    "studyFirstSubmitDate": "dates/first_submitted",
    "studyFirstSubmitQcDate": "dates/first_submitted_qc",
    "studyFirstPostDateStruct": _date("first_posted"),
    "resultsFirstSubmitDate": "dates/results_first_submitted",
    "resultsFirstSubmitQcDate": "dates/results_first_submitted_qc",
    "resultsFirstPostDateStruct": _date("results_first_posted"),
    "dispFirstSubmitDate": "dates/disposition_first_submitted",
    "dispFirstSubmitQcDate": "dates/disposition_first_submitted_qc",
    "dispFirstPostDateStruct": _date("disposition_first_posted"),
    "lastUpdateSubmitDate": "dates/last_update_submitted",
    "lastUpdatePostDateStruct": _date("last_update_posted"),
}
SPONSORS: dict[str, Any] = {
    "responsibleParty": each(
        "contacts/+ role=OFFICIAL",
        {
            "investigatorFullName": "name",
            "investigatorAffiliation": "affiliation",
            "oldNameTitle": "name",
            "oldOrganization": "affiliation",
        },
    ),
    "leadSponsor": each("sponsors/+ role=LEAD", {"name": "name", "class": "class"}),
    "collaborators": each("sponsors/+ role=COLLABORATOR", {"name": "name", "class": "class"}),
}
DESIGN: dict[str, Any] = {
    "studyType": "design/study_type",
    "phases": "design/phases/+",
    "designInfo": {
        "allocation": "design/allocation",
        "interventionModel": "design/intervention_model",
        "interventionModelDescription": "design/text",
        "primaryPurpose": "design/primary_purpose",
        "observationalModel": "design/observational_model",
        "timePerspective": "design/time_perspective",
        "maskingInfo": {
            "masking": "design/masking",
            "maskingDescription": "design/text",
            "whoMasked": "design/who_masked/+",
        },
    },
    "bioSpec": {"retention": "biospecimens/0/fate", "description": "biospecimens/0/name"},
    "enrollmentInfo": {"count": "enrollment/count", "type": "enrollment/type"},
}
ARMS: dict[str, Any] = {
    "armGroups": each("arms/+", {"label": "label", "type": "type", "description": "description", "interventionNames": "interventions/+"}),
    "interventions": each(
        "interventions/+",
        {
            "type": "type",
            "name": "name",
            "description": "description",
            "armGroupLabels": "arms/+",
            "otherNames": "other_names/+",
        },
    ),
}
ELIGIBILITY: dict[str, Any] = {
    "eligibilityCriteria": "eligibility/text",
    "healthyVolunteers": "eligibility/healthy_volunteers",
    "sex": "eligibility/sex",
    "minimumAge": "eligibility/minimum_age",
    "maximumAge": "eligibility/maximum_age",
    "stdAges": FURNITURE,
    "studyPopulation": "eligibility/population",
    "samplingMethod": "eligibility/sampling_method",
}
CONTACTS: dict[str, Any] = {
    "centralContacts": each("contacts/+ role=CENTRAL", {"name": "name", "role": FURNITURE, "phone": "phone", "email": "email"}),
    "overallOfficials": each("contacts/+ role=OFFICIAL", {"name": "name", "affiliation": "affiliation"}),
    "locations": each(
        "locations/+",
        {
            "facility": "facility",
            "status": "status",
            "city": "city",
            "state": "province",
            "country": "country",
            "geoPoint": FURNITURE,
        },
    ),
}
REFERENCES: dict[str, Any] = {
    "references": each("references/+", {"pmid": "pmid", "type": "type", "citation": "citation"}),
    "seeAlsoLinks": each("links/+", {"label": "label", "url": "url"}),
}
SHARING: dict[str, Any] = {
    "ipdSharing": "data_sharing/ipd",
    "description": "data_sharing/plan",
    "timeFrame": "data_sharing/plan",
    "accessCriteria": "data_sharing/plan",
    "url": "links/+/url",
}

STUDY = ReadyTable(
    {
        "protocolSection": {
            "identificationModule": IDENTIFICATION,
            "statusModule": STATUS,
            "sponsorCollaboratorsModule": SPONSORS,
            "oversightModule": {"oversightHasDmc": "data_sharing/monitoring_committee"},
            "descriptionModule": {"briefSummary": "descriptions/brief", "detailedDescription": "descriptions/detailed"},
            "conditionsModule": {"conditions": "conditions/+/name", "keywords": "keywords/+"},
            "designModule": DESIGN,
            "armsInterventionsModule": ARMS,
            "outcomesModule": {
                "primaryOutcomes": each("outcomes/+ level=PRIMARY", OUTCOME),
                "secondaryOutcomes": each("outcomes/+ level=SECONDARY", OUTCOME),
                "otherOutcomes": each("outcomes/+ level=OTHER", OUTCOME),
            },
            "eligibilityModule": ELIGIBILITY,
            "contactsLocationsModule": CONTACTS,
            "referencesModule": REFERENCES,
            "ipdSharingStatementModule": SHARING,
        },
        "resultsSection": {"outcomeMeasuresModule": ObjectReader(read_measures)},
        "hasResults": FURNITURE,
        **dict.fromkeys(("_id", "ctrname", "record_last_import"), FURNITURE),  # notes of R's ctrdata
    }
)
