"""DRKS (drks.de, the German register): the JSON export of a trial. Texts in German and English stand side by side.

Keys are those of the export since 2023; two spellings were met for ages, countries and reasons.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractor.document import Document, Draft
from extractor.languages import clean_language
from extractor.patterns import lazy_pattern
from extractor.sources.readers.fields import FURNITURE, UNMAPPED
from extractor.sources.readers.lists import outcomes
from extractor.sources.readers.paths import ObjectReader, ReadyTable, aside, each, holds_record, in_language, read_records
from extractor.sources.readers.reading import NONE, Leaf, Parts, TreeReading

NAME = "drks"
PROOF = frozenset({"drksId", "trialDescriptions"})
NO_LIMIT = frozenset({"NO_MAX_AGE", "NO_MIN_AGE", "NONE"})  # units that say that there is no age
CATALOGUES = frozenset({"ICD10", "ICD11", "FREETEXT"})  # the form of a code says as much
LONGEST_NAME = 60  # characters before the colon of a group's text that may be its name
# Roles of the persons and bodies of a trial; with any other role they are kept as unmapped.
ROLES = {
    "PRIMARY_SPONSOR": "sponsors/+ role=LEAD",
    "SECONDARY_SPONSOR": "sponsors/+ role=SECONDARY",
    "PRINCIPAL_COORDINATING_INVESTIGATOR": "contacts/+ role=OFFICIAL",
    "OTHER_PRINCIPAL_COORDINATING_INVESTIGATOR": "contacts/+ role=OFFICIAL",
    "PUBLIC_QUERIES": "contacts/+ role=CENTRAL",
    "SCIENTIFIC_QUERIES": "contacts/+ role=CENTRAL",
}
PERSON = ("title", "firstName", "lastName")
_number = lazy_pattern("[0-9]{1,3}")  # of a group; what is longer numbers nothing
ADDRESS = ("streetAndNo", "zip", "city", "country")
REACHED = ("phone", "fax", "email", "url")


def _language(value: Any) -> str:
    """The language that an object of texts names."""
    place = value.get("idLocale")
    return clean_language(str(place.get("locale") or "")) if isinstance(place, dict) else ""


def _age(field: str) -> ObjectReader:
    """An amount with its unit, in either order; a unit may say that there is no limit."""

    def read(reading: TreeReading, value: Any, prefix: str, label: str) -> None:
        parts = Parts(reading, value, label)
        amount, unit = parts.get("amount") if parts.get("amount").text else parts.get("value"), parts.get("unit")
        if unit.text in NO_LIMIT or not amount.text:
            reading.furnish(unit)
        else:
            reading.add_joined(prefix + field, (amount, unit))
        parts.close()

    return ObjectReader(read)


def _read_catalogue(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    del prefix
    if leaf.text in CATALOGUES:
        reading.furnish(leaf)
    else:
        reading.keep("studiedHealthConditions.catalog", leaf)


def _read_group(reading: TreeReading, value: Any, prefix: str, label: str) -> None:
    """A group in one language; the same number in another language is the same group. "Control arm: tea" is name and treatment."""
    del prefix
    parts = Parts(reading, value, label)
    words, number = parts.get("comment"), parts.get("idArm.arm")
    place = f"arms/{number.text}" if _number.fullmatch(number.text) else reading.next("arms")
    name, colon, rest = words.text.partition(":")
    named = bool(colon and rest.strip()) and len(name) <= LONGEST_NAME and "\n" not in name
    reading.language = clean_language(parts.get("idArm.locale").text)
    reading.add(f"{place}/label", words.part(0, len(name) if named else len(words.text)))
    reading.add(f"{place}/description", words.part(len(name) + 1, len(words.text)) if named else NONE)
    reading.language = ""
    reading.furnish(words)
    parts.furnish("idArm.arm", "idArm.locale")
    parts.close()


def _read_party(reading: TreeReading, value: Any, prefix: str, label: str) -> None:
    """Somebody with a role in the trial: a sponsor, or a person to ask."""
    del prefix
    parts = Parts(reading, value, label)
    roles = {parts.get(path).text: path for path in ("idContactIdType.type", "otherType")}
    role = next((role for role in reversed(roles) if role in ROLES), "")
    if role:
        parts.furnish(*roles.values())
        _add_party(reading, parts, ROLES[role])
    else:
        parts.taken.clear()
    parts.close()


def _add_party(reading: TreeReading, parts: Parts, target: str) -> None:
    place = reading.open(target)
    affiliation = parts.get("contact.affiliation")
    reading.add_joined(f"{place}/address", [parts.get(f"contact.{key}") for key in ADDRESS])
    if target.startswith("sponsors"):
        reading.add(f"{place}/name", affiliation)
        return
    reading.add_joined(f"{place}/name", [parts.get(f"contact.{key}") for key in PERSON])
    reading.add(f"{place}/affiliation", affiliation)
    for key in REACHED:
        reading.add(f"{place}/{key}", parts.get(f"contact.{key}"))


def _read_vote(reading: TreeReading, value: Any, prefix: str, label: str) -> None:
    """A vote of an ethics committee: the first is the trial's; there is no field for another."""
    del prefix
    parts = Parts(reading, value, label)
    if "ethics" not in reading.counts:
        reading.next("ethics")
        reading.add("ethics/committee", parts.get("contact.affiliation"))
        reading.add("ethics/approved", parts.get("vote"))
        reading.add("ethics/status", parts.get("vote"))
        reading.add("ethics/date", parts.get("dateOfVote"))
        _add_party(reading, parts, "contacts/+ role=ETHICS")
        parts.furnish("type")
    parts.close()


def _finish(reading: TreeReading) -> None:
    """Dates and numbers that are stated as planned and as they came out: the latter stand."""
    for field, came, planned in (
        ("dates/start", "actualStartDate", "scheduledStartDate"),
        ("dates/completion", "actualCompletionDate", "scheduledCompletionDate"),
        ("enrollment/count", "totalParticipants", "plannedParticipants"),
    ):
        stated = reading.cells.get(came, NONE)
        plan = reading.cells.get(planned, NONE)
        reading.add(field, stated if stated.text else plan)
        if stated.text or plan.text:
            kind = "enrollment/type" if field.startswith("enrollment") else f"{field}/type"
            reading.draft.codes[kind] = "ACTUAL" if stated.text else "ESTIMATED"
        if stated.text:
            reading.keep(f"recruitment.{planned}", plan)


RECRUITMENT: dict[str, Any] = {
    **{name: aside(name) for name in ("actualStartDate", "scheduledStartDate", "actualCompletionDate", "scheduledCompletionDate")},
    **{name: aside(name) for name in ("totalParticipants", "plannedParticipants")},
    "status": "status/overall",
    "centricType": "design/text",
    "gender": "eligibility/sex",
    "healthyVolunteers": "eligibility/healthy_volunteers",
    "minimumAge": _age("eligibility/minimum_age"),
    "maximumAge": _age("eligibility/maximum_age"),
    "institutes": each("locations/+", {"name": "facility", "city": "city", "type": "level"}),
    "countries": {"idCountry": {"code": "locations/+/country"}, "country": "locations/+/country"},
    "recruitmentDescriptions": in_language(
        _language,
        {
            "idLocale": FURNITURE,
            "inclusionCriteria": "eligibility/text/inclusion",
            "exclusionCriteria": "eligibility/text/exclusion",
            "reasonDescription": "status/why_stopped",
            "reasonForStatusDescription": "status/why_stopped",
        },
    ),
}
CHARACTERISTIC: dict[str, Any] = {
    "type": "design/study_type",
    "purpose": "design/primary_purpose",
    "allocation": "design/allocation",
    "assignment": "design/intervention_model",
    "blindingType": "design/masking",
    "blindingWhoList": {"idBlindingWho": {"blindingWho": "design/who_masked/+"}},
    "controlTypes": {"idControlType": {"controlType": "design/text"}},
    "phase": "design/phases/+",
    "timing": "design/time_perspective",
    "duration": "design/text",
    "characteristicDescriptions": in_language(
        _language,
        {
            "idLocale": FURNITURE,
            "primaryOutcome": outcomes("PRIMARY"),
            "secondaryOutcome": outcomes("SECONDARY"),
            "typeOfHiddenAllocation": "design/randomization",
            "typeOfSequenceGeneration": "design/randomization",
        },
    ),
}
TRIAL = ReadyTable(
    {
        "drksId": "identifiers/0/value scheme=DRKS primary=true",
        "url": "links/+/url",
        "lastUpdate": "registration/last_updated",
        "registrationDrks": "registration/date",
        "registrationType": "registration/timing",
        "trialDescriptions": in_language(
            _language,
            {
                "idLocale": FURNITURE,
                "title": "titles/public",
                "acronym": "titles/acronym",
                "summary": "descriptions/brief",
                "scientificSummary": "descriptions/detailed",
            },
        ),
        "studiedHealthConditions": each(
            "conditions/+",
            {
                "catalog": _read_catalogue,
                "code": "code",
                "studiedHealthConditionDescriptions": in_language(_language, {"idLocale": FURNITURE, "comment": "name"}),
                "type": FURNITURE,
            },
        ),
        "observationalGroups": ObjectReader(_read_group),
        "studyCharacteristic": CHARACTERISTIC,
        "recruitment": RECRUITMENT,
        "trialContacts": ObjectReader(_read_party),
        "materialSupports": each("sponsors/+ role=FUNDER", {"type": "class", "contact": {"affiliation": "name"}}),
        "ethicsCommittee": {"number": "ethics/approval_number", "ethicVotes": ObjectReader(_read_vote)},
        "secondaryIds": {
            "eudraCtNumber": "identifiers/+/value scheme=~EUCTR",
            "eudamedNumber": "identifiers/+/value scheme=OTHER",
            "universalTrialNumber": "identifiers/+/value scheme=UTN",
            "otherPrimaryRegisterId": "identifiers/+/value",
            "otherPrimaryRegisterName": UNMAPPED,
            "noOtherIdentificationNumbersAvailable": FURNITURE,
        },
        "otherSecondaryIds": {"value": "identifiers/+/value", "id": "identifiers/+/value"},
        "trialResults": {
            "ipdSharingPlan": "data_sharing/ipd",
            "publications": each("references/+", {"description": "citation"}),
            "trialResultsDescriptions": in_language(_language, {"idLocale": FURNITURE, "ipdSharingPlanDescription": "data_sharing/plan"}),
        },
    }
)


def recognises(document: Document) -> bool:
    """Whether the file is an export of the register, by keys that only it has together."""
    return holds_record(document.tree.root, _is_trial)


def read(document: Document) -> Iterator[Draft]:
    """One draft a trial."""
    yield from read_records(document, NAME, _is_trial, lambda _: TRIAL, _finish)


def _is_trial(key: str, value: Any) -> bool:
    del key
    return isinstance(value, dict) and value.keys() >= PROOF
