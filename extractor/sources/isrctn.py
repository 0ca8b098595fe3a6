"""ISRCTN (isrctn.com): the XML of its query interface (`<fullTrial>`) and the same as JSON, as ctrdata stores it.

Names are those of the interface, 2014 to 2026. The JSON has lost attributes, and with them persons, sponsors and funders.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractor.document import Document, Doubt, Draft
from extractor.sources.readers.designs import design_field
from extractor.sources.readers.fields import FURNITURE, UNMAPPED
from extractor.sources.readers.lists import outcomes
from extractor.sources.readers.paths import ObjectReader, ReadyTable, aside, each, find_records, read_records
from extractor.sources.readers.reading import NONE, Leaf, Parts, TreeReading
from extractor.tree import Element

NAME = "isrctn"
PROOF = frozenset({"isrctn", "trialDescription"})
PREFIX = "ISRCTN"
ROLES = {"Principal investigator": "contacts/+ role=OFFICIAL"}
ADDRESS = ("address", "city", "state", "zip", "country")
NO_NAMES = "This copy holds numbers in place of sponsors, funders and contacts; their names stand in the XML of the registry."


def _read_number(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """The number with its prefix, which stands in the canonical number or in the digital object identifier only."""
    del prefix
    at = leaf.text.find(PREFIX)
    if at < 0 or reading.counts.get("number"):
        reading.furnish(leaf)
        return
    reading.next("number")
    reading.add("identifiers/0/value", leaf.part(at, len(leaf.text)))
    reading.draft.codes.update({"identifiers/0/scheme": "ISRCTN", "identifiers/0/primary": "true"})
    reading.furnish(leaf)


def _read_design(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """The kind of study in one word or more: its field follows from the words."""
    del prefix
    reading.add(design_field(leaf.text), leaf)


def _read_committee(reading: TreeReading, value: Any, prefix: str, label: str) -> None:
    """An ethics committee: the first is the trial's; there is no field for another."""
    del prefix
    parts = Parts(reading, value, label)
    if "ethics" not in reading.counts:
        reading.next("ethics")
        for key, field in (("committeeName", "committee"), ("committeeReference", "approval_number"), ("@statusDate", "date")):
            reading.add(f"ethics/{field}", parts.get(key))
        reading.add("ethics/approved", parts.get("@approvalStatus"))
        reading.add("ethics/status", parts.get("@approvalStatus"))
        _add_person(reading, parts, "contacts/+ role=ETHICS")
    parts.furnish("@id")
    parts.close()


def _read_contact(reading: TreeReading, value: Any, prefix: str, label: str) -> None:
    """Somebody to ask, or an investigator."""
    del prefix
    parts = Parts(reading, value, label)
    _add_person(reading, parts, ROLES.get(parts.get("contactTypes.contactType").text, "contacts/+ role=CENTRAL"))
    parts.furnish("@id", "privacy", "contactTypes.contactType")
    parts.close()


def _add_person(reading: TreeReading, parts: Parts, target: str) -> None:
    place = reading.open(target)
    reading.add_joined(f"{place}/name", [parts.get(key) for key in ("title", "forename", "surname")])
    reading.add_joined(f"{place}/address", [parts.get(f"contactDetails.{key}") for key in ADDRESS])
    reading.add(f"{place}/phone", parts.get("contactDetails.telephone"))
    reading.add(f"{place}/email", parts.get("contactDetails.email"))


def _read_sponsor(reading: TreeReading, value: Any, prefix: str, label: str) -> None:
    """A sponsor: the first leads the trial."""
    del prefix
    parts = Parts(reading, value, label)
    place = reading.open(f"sponsors/+ role={'SECONDARY' if 'sponsors' in reading.counts else 'LEAD'}")
    kind = parts.get("sponsorType")
    reading.add(f"{place}/name", parts.get("organisation"))
    reading.add(f"{place}/class", kind if kind.text else parts.get("commercialStatus"))
    reading.add_joined(f"{place}/address", [parts.get(f"contactDetails.{key}") for key in ADDRESS])
    parts.furnish("@id", "privacy", "gridId", "rorId")
    parts.close()


def _finish(reading: TreeReading) -> None:
    """The final number of participants stands for the one that was aimed at; what a copy has lost is said."""
    final, target = reading.cells.get("totalFinalEnrolment", NONE), reading.cells.get("targetEnrolment", NONE)
    came = final.text.strip("0 ") != ""
    reading.add("enrollment/count", final if came else target)
    if came or target.text:
        reading.draft.codes["enrollment/type"] = "ACTUAL" if came else "ESTIMATED"
    if came:
        reading.keep("participants.targetEnrolment", target)
    else:
        reading.furnish(final)
    number = reading.cells.get("isrctn", NONE)
    if reading.counts.get("number"):
        reading.furnish(number)
    else:
        reading.add("identifiers/0/value", number)
        reading.draft.codes.update({"identifiers/0/scheme": "ISRCTN", "identifiers/0/primary": "true"})
    if "sponsors" not in reading.counts:
        reading.draft.doubts.append(Doubt("field.absent", "sponsors", NO_NAMES))


OUTCOME = {"@id": FURNITURE, "variable": "measure", "method": "method", "timepoints": "time_frame"}
DESCRIPTION: dict[str, Any] = {
    "@thirdPartyFilesAcknowledgement": FURNITURE,
    "acknowledgment": FURNITURE,
    "title": "titles/public",
    "scientificTitle": "titles/scientific",
    "acronym": "titles/acronym",
    "studyHypothesis": "descriptions/objectives",
    "plainEnglishSummary": "descriptions/brief",
    "primaryOutcomes": {"outcomeMeasure": each("outcomes/+ level=PRIMARY", OUTCOME)},
    "primaryOutcome": outcomes("PRIMARY"),
    "secondaryOutcomes": {"outcomeMeasure": each("outcomes/+ level=SECONDARY", OUTCOME)},
    "secondaryOutcome": outcomes("SECONDARY"),
    "trialWebsite": "links/+/url",
    "ethicsApprovalRequired": UNMAPPED,
    "ethicsCommittees": {"ethicsCommittee": ObjectReader(_read_committee)},
    "ethicsApproval": "ethics/status",
}
REFERENCES: dict[str, Any] = {
    "doi": _read_number,
    "eudraCTNumber": "identifiers/+/value",
    "irasNumber": "identifiers/+/value scheme=OTHER",
    "clinicalTrialsGovNumber": "identifiers/+/value",
    "protocolSerialNumber": "identifiers/+/value scheme=SPONSOR",
    "secondaryNumbers": {
        "secondaryNumber": each("identifiers/+", {"#": "value", "@id": FURNITURE, "@numberType": "?secondaryNumber.numberType"})
    },
}
DESIGN: dict[str, Any] = {
    "studyDesign": "design/text",
    "primaryStudyDesign": "design/study_type",
    "secondaryStudyDesign": _read_design,
    "trialSettings": {"trialSetting": "design/text"},
    "trialTypes": {"trialType": "design/primary_purpose"},
    "interventionalTrialDesign": {
        "allocation": "design/allocation",
        "masking": "design/masking",
        "control": "design/text",
        "assignment": "design/intervention_model",
        "purposes": {"purpose": "design/primary_purpose"},
    },
    "observationalTrialDesign": {
        "observationalModel": "design/observational_model",
        "timePerspective": "design/time_perspective",
    },
    "overallStatusOverride": "status/overall",
    "reasonAbandoned": "status/why_stopped",
    "overallStartDate": "dates/start",
    "overallEndDate": "dates/completion",
}
AGE = {"@unit": FURNITURE, "@value": FURNITURE}
CENTRE = {
    "@id": FURNITURE,
    "name": "facility",
    "address": UNMAPPED,
    "city": "city",
    "state": "province",
    "country": "country",
    "zip": UNMAPPED,
    "rtsId": FURNITURE,
}
PARTICIPANTS: dict[str, Any] = {
    "recruitmentCountries": {"country": "locations/+/country"},
    "trialCentres": {"trialCentre": each("locations/+", CENTRE)},
    "participantTypes": {"participantType": "eligibility/population"},
    "healthyVolunteersAllowed": "eligibility/healthy_volunteers",
    "inclusion": "eligibility/text/inclusion",
    "ageRange": "eligibility/population",
    "lowerAgeLimit": {**AGE, "#": "eligibility/minimum_age"},
    "upperAgeLimit": {**AGE, "#": "eligibility/maximum_age"},
    "gender": "eligibility/sex",
    "targetEnrolment": aside("targetEnrolment"),
    "totalFinalEnrolment": aside("totalFinalEnrolment"),
    "totalTarget": FURNITURE,
    "exclusion": "eligibility/text/exclusion",
    "recruitmentStart": "dates/recruitment_start",
    "recruitmentEnd": "dates/recruitment_end",
    "recruitmentStartStatusOverride": "status/overall",
    "recruitmentStatusOverride": "status/overall",
}
RESULTS: dict[str, Any] = {
    "ipdSharingStatement": "data_sharing/plan",
    "dataPolicies": {"dataPolicy": "data_sharing/plan"},
    "publicationDetails": "references/+/citation",
}


def _read_intervention(reading: TreeReading, value: Any, prefix: str, label: str) -> None:
    """An intervention, and the phase of the trial, which stands inside it."""
    del prefix
    parts = Parts(reading, value, label)
    place = reading.open("interventions/+")
    for key, field in (("drugNames", "name"), ("interventionType", "type"), ("description", "description")):
        reading.add(f"{place}/{field}", parts.get(key))
    reading.add(reading.next("design/phases"), parts.get("phase"))
    parts.close()


TRIAL: dict[str, Any] = {
    "@lastUpdated": "registration/last_updated",
    "@version": FURNITURE,
    "@isPublished": FURNITURE,
    "@publicIdentifierType": FURNITURE,
    "@publicIdentifierCanonical": _read_number,
    "@publicIdentifierDateAssigned": "registration/date",
    "isrctn": {"#": aside("isrctn"), "@dateAssigned": "registration/date"},
    "trialDescription": DESCRIPTION,
    "externalRefs": REFERENCES,
    "trialDesign": DESIGN,
    "participants": PARTICIPANTS,
    "conditions": {"condition": {"description": "conditions/+/name", "diseaseClass1": "keywords/+", "diseaseClass2": "keywords/+"}},
    "interventions": {"intervention": ObjectReader(_read_intervention)},
    "results": RESULTS,
    "outputs": {"output": {"externalLink": {"#": "links/+/url", "@url": "links/+/url"}, "@id": FURNITURE}},
    "parties": FURNITURE,
    "miscellaneous": {"ipdSharingPlan": "data_sharing/ipd"},
    "ctrname": FURNITURE,
    "record_last_import": FURNITURE,
}
FULL = ReadyTable(
    {
        "trial": TRIAL,
        "contact": ObjectReader(_read_contact),
        "sponsor": ObjectReader(_read_sponsor),
        "funder": each("sponsors/+ role=FUNDER", {"@id": FURNITURE, "name": "name", "fundRef": FURNITURE}),
    }
)
BARE = ReadyTable(TRIAL)


def recognises(document: Document) -> bool:
    """Whether the file holds a trial of the registry, by its elements or keys."""
    return next(find_records("", document.tree.root, _is_trial), None) is not None


def read(document: Document) -> Iterator[Draft]:
    """One draft a trial, in the order of the file."""
    yield from read_records(document, NAME, _is_trial, lambda value: BARE if _is_bare(value) else FULL, _finish)


def _is_bare(value: Any) -> bool:
    names = {name for name, _ in value} if isinstance(value, Element) else value.keys() if isinstance(value, dict) else set()
    return names >= PROOF


def _is_trial(key: str, value: Any) -> bool:
    """A `<fullTrial>`, or a trial that stands without one."""
    if key == "fullTrial":
        return isinstance(value, dict | Element)
    return _is_bare(value)
