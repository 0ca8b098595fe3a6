"""ClinicalTrials.gov's earlier API (full studies, to 2024) and its bulk JSON: keys of a study → fields.

Every key repeats its object's name and every list stands in an object of its own: `ArmGroupList.ArmGroup[].ArmGroupLabel`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extractor.sources.ctgov.json import read_scheme
from extractor.sources.readers.fields import FURNITURE
from extractor.sources.readers.paths import ReadyTable, each


def _many(name: str, spec: Any) -> dict[str, Any]:
    """The row of a list: "Condition" is `{"ConditionList": {"Condition": …}}`."""
    return {f"{name}List": {name: spec}}


def _named(name: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Rows whose keys begin with their object's name: ("Reference", {"PMID": "pmid"}) is `{"ReferencePMID": "pmid"}`."""
    return {name + key: path for key, path in fields.items()}


def _date(key: str, name: str) -> dict[str, Any]:
    return {f"{key}Struct": {key: f"dates/{name}", f"{key}Type": f"dates/{name}/type"}}


def _outcomes(name: str, level: str) -> dict[str, Any]:
    fields = {"Measure": "measure", "TimeFrame": "time_frame", "Description": "description"}
    return _many(f"{name}Outcome", each(f"outcomes/+ level={level}", _named(f"{name}Outcome", fields)))


IDENTIFICATION: dict[str, Any] = {
    "NCTId": "identifiers/0/value scheme=NCT primary=true",
    **_many("NCTIdAlias", "identifiers/+/value scheme=NCT"),
    "OrgStudyIdInfo": {"OrgStudyId": "identifiers/+/value scheme=SPONSOR"},
    **_many("SecondaryIdInfo", each("identifiers/+", {"SecondaryId": "value", "SecondaryIdType": read_scheme})),
    "BriefTitle": "titles/public",
    "OfficialTitle": "titles/scientific",
    "Acronym": "titles/acronym",
}
STATUS: dict[str, Any] = {
    "OverallStatus": "status/overall",
    "WhyStopped": "status/why_stopped",
    "ExpandedAccessInfo": {"ExpandedAccessNCTId": "identifiers/+/value scheme=NCT"},
    "StatusVerifiedDate": "dates/status_verified",
    **_date("StartDate", "start"),
    **_date("PrimaryCompletionDate", "primary_completion"),
    **_date("CompletionDate", "completion"),
    "StudyFirstSubmitDate": "dates/first_submitted",
    "StudyFirstSubmitQCDate": "dates/first_submitted_qc",
    **_date("StudyFirstPostDate", "first_posted"),
    "ResultsFirstSubmitDate": "dates/results_first_submitted",
    "ResultsFirstSubmitQCDate": "dates/results_first_submitted_qc",
    **_date("ResultsFirstPostDate", "results_first_posted"),
    "DispFirstSubmitDate": "dates/disposition_first_submitted",
    "DispFirstSubmitQCDate": "dates/disposition_first_submitted_qc",
    **_date("DispFirstPostDate", "disposition_first_posted"),
    "LastUpdateSubmitDate": "dates/last_update_submitted",
    **_date("LastUpdatePostDate", "last_update_posted"),
}
SPONSORS: dict[str, Any] = {
    "ResponsibleParty": each(
        "contacts/+ role=OFFICIAL",
        _named(
            "ResponsibleParty",
            {
                "InvestigatorFullName": "name",
                "InvestigatorAffiliation": "affiliation",
                "OldNameTitle": "name",
                "OldOrganization": "affiliation",
            },
        ),
    ),
    "LeadSponsor": each("sponsors/+ role=LEAD", {"LeadSponsorName": "name", "LeadSponsorClass": "class"}),
    **_many("Collaborator", each("sponsors/+ role=COLLABORATOR", {"CollaboratorName": "name", "CollaboratorClass": "class"})),
}
DESIGN: dict[str, Any] = {
    "StudyType": "design/study_type",
    **_many("Phase", "design/phases/+"),
    "DesignInfo": {
        "DesignAllocation": "design/allocation",
        "DesignInterventionModel": "design/intervention_model",
        "DesignInterventionModelDescription": "design/text",
        "DesignPrimaryPurpose": "design/primary_purpose",
        **_many("DesignObservationalModel", "design/observational_model"),
        **_many("DesignTimePerspective", "design/time_perspective"),
        "DesignMaskingInfo": {
            "DesignMasking": "design/masking",
            "DesignMaskingDescription": "design/text",
            **_many("DesignWhoMasked", "design/who_masked/+"),
        },
    },
    "BioSpec": {"BioSpecRetention": "biospecimens/0/fate", "BioSpecDescription": "biospecimens/0/name"},
    "EnrollmentInfo": {"EnrollmentCount": "enrollment/count", "EnrollmentType": "enrollment/type"},
}
ARMS: dict[str, Any] = {
    **_many(
        "ArmGroup",
        each(
            "arms/+",
            {
                **_named("ArmGroup", {"Label": "label", "Type": "type", "Description": "description"}),
                "ArmGroupInterventionList": {"ArmGroupInterventionName": "interventions/+"},
            },
        ),
    ),
    **_many(
        "Intervention",
        each(
            "interventions/+",
            {
                **_named("Intervention", {"Type": "type", "Name": "name", "Description": "description"}),
                **_many("InterventionArmGroupLabel", "arms/+"),
                **_many("InterventionOtherName", "other_names/+"),
            },
        ),
    ),
}
ELIGIBILITY: dict[str, Any] = {
    "EligibilityCriteria": "eligibility/text",
    "HealthyVolunteers": "eligibility/healthy_volunteers",
    "Gender": "eligibility/sex",
    "MinimumAge": "eligibility/minimum_age",
    "MaximumAge": "eligibility/maximum_age",
    "StdAgeList": FURNITURE,
    "StudyPopulation": "eligibility/population",
    "SamplingMethod": "eligibility/sampling_method",
}
CENTRAL = {**_named("CentralContact", {"Name": "name", "Phone": "phone", "EMail": "email"}), "CentralContactRole": FURNITURE}
OFFICIAL = _named("OverallOfficial", {"Name": "name", "Affiliation": "affiliation"})
LOCATION = _named("Location", {"Facility": "facility", "Status": "status", "City": "city", "State": "province", "Country": "country"})
CONTACTS: dict[str, Any] = {
    **_many("CentralContact", each("contacts/+ role=CENTRAL", CENTRAL)),
    **_many("OverallOfficial", each("contacts/+ role=OFFICIAL", OFFICIAL)),
    **_many("Location", each("locations/+", LOCATION)),
}
REFERENCES: dict[str, Any] = {
    **_many("Reference", each("references/+", _named("Reference", {"PMID": "pmid", "Type": "type", "Citation": "citation"}))),
    **_many("SeeAlsoLink", each("links/+", _named("SeeAlsoLink", {"Label": "label", "URL": "url"}))),
}
SHARING: dict[str, Any] = {
    "IPDSharing": "data_sharing/ipd",
    "IPDSharingDescription": "data_sharing/plan",
    "IPDSharingTimeFrame": "data_sharing/plan",
    "IPDSharingAccessCriteria": "data_sharing/plan",
    "IPDSharingURL": "links/+/url",
}

TABLE: dict[str, Any] = {
    "ProtocolSection": {
        "IdentificationModule": IDENTIFICATION,
        "StatusModule": STATUS,
        "SponsorCollaboratorsModule": SPONSORS,
        "OversightModule": {"OversightHasDMC": "data_sharing/monitoring_committee"},
        "DescriptionModule": {"BriefSummary": "descriptions/brief", "DetailedDescription": "descriptions/detailed"},
        "ConditionsModule": {**_many("Condition", "conditions/+/name"), **_many("Keyword", "keywords/+")},
        "DesignModule": DESIGN,
        "ArmsInterventionsModule": ARMS,
        "OutcomesModule": {
            **_outcomes("Primary", "PRIMARY"),
            **_outcomes("Secondary", "SECONDARY"),
            **_outcomes("Other", "OTHER"),
        },
        "EligibilityModule": ELIGIBILITY,
        "ContactsLocationsModule": CONTACTS,
        "ReferencesModule": REFERENCES,
        "IPDSharingStatementModule": SHARING,
    },
}
STUDY = ReadyTable(TABLE)
