"""CTIS (euclinicaltrials.eu): the JSON that the public portal gives for a trial, as of 2023 and as of 2024, alone or as ctrdata stores it.

Part I describes the trial for all countries, part II the sites of each. Texts carry translations; criteria, objectives and end
points come apart and numbered. Applications, decisions and documents are administration.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractor.document import Document, Doubt, Draft
from extractor.languages import UNDETERMINED
from extractor.sources.readers.fields import FURNITURE
from extractor.sources.readers.paths import ObjectReader, ReadyTable, aside, each, holds_record, in_language, read_records
from extractor.sources.readers.reading import NONE, Leaf, Parts, TreeReading

NAME = "ctis"
PARTS = frozenset({"authorizedApplication", "authorizedPartI"})  # of the two layouts
# The portal numbers the official languages of the Union in the order of their codes; others come with a name, or with none.
LANGUAGES = "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv".split()
NAMES = {"Norwegian": "no", "Icelandic": "is"}
# Value lists of the portal, origin: ctrdata's documentation of them. A trial that has no authorisation any more has no code of ours.
STATUSES = {
    "1": "OTHER",
    "2": "NOT_YET_RECRUITING",
    "3": "RECRUITING",
    "4": "RECRUITING",
    "5": "ACTIVE_NOT_RECRUITING",
    "6": "SUSPENDED",
    "7": "SUSPENDED",
    "8": "COMPLETED",
    "9": "OTHER",
    "10": "OTHER",
    "11": "OTHER",
    "12": "OTHER",
}
PHASES = {
    **dict.fromkeys(("1", "2", "3"), "PHASE1"),
    "4": "PHASE2",
    "5": "PHASE3",
    "6": "PHASE4",
    **dict.fromkeys(("7", "8", "9"), "PHASE1,PHASE2"),
    "10": "PHASE2,PHASE3",
    "11": "PHASE3,PHASE4",
}
MASKING = {"1": "NONE", "2": "SINGLE", "3": "DOUBLE"}
# Roles of products in a trial → type of the arm that they stand for; no arm is made of auxiliary products.
ROLES = {"Test": "EXPERIMENTAL", "Comparator": "ACTIVE_COMPARATOR", "Placebo": "PLACEBO_COMPARATOR"}
SEXES = {("true", "true"): "ALL", ("true", "false"): "FEMALE", ("false", "true"): "MALE"}
# Keys whose values are numbers, marks and versions of the portal itself, wherever they stand.
BOILERPLATE = frozenset(
    (
        "id uuid productPk substancePk substanceEvCode euMpNumber euSubstNumber prodAuthStatus prodAuthStatusTransfer orgType evCode mrpNumber"
        " authorisationCountryCode atcTermLevel miaNumber allSubstancesChemicals timeUnitCode mpRoleInTrial part1MpRoleTypeCode characteristics"
        " isBusinessKeyValidated businessKey businessKeyForDisplay organisationLocationStatus typeCode addressId orphanDrugEdit"
        " productChangedRelationMA versionNumber isEditable outOfScope partOneConclusionId partTwoId applicationId applicationStatusCode"
        " actualApplicationStatusCode applicationStatusDate isoAlpha2Code isoAlpha3Code eutctId isoNumber current trialCategoryCode"
        " hasDeferrallApplied hasAmendmentApplied isRmsTacitAssignment preferredLanguage isCreate isSave intl clinicalTrialSponsor"
        " legislationComplianceResp contactPointResp article77ComplianceResp trialCategoryId trialScopeId ctRegistryCode language"
        " languageDescription originalApplicationId isPrimary active termId organClass mscId"
    ).split()
)
DICTIONARY = "productDictionaryInfo"
EUDRACT = "identifiers/+/value scheme=~EUCTR"
IN_UNION = (
    "The portal's total counts the countries of the Union alone; more participants are planned elsewhere, and no total of both is stated."
)
ADDRESS = ("oneLine", "postcode", "city", "countryName")


def _language(value: Any) -> str:
    """The language of a translation, by its number or name."""
    number, name = value.get("language"), value.get("languageDescription")
    if isinstance(number, int) and 0 < number <= len(LANGUAGES):
        return LANGUAGES[number - 1]
    return NAMES.get(str(name), UNDETERMINED)


def _table(**rows: Any) -> dict[str, Any]:
    """A table whose keys of boilerplate need no rows."""
    return {**dict.fromkeys(BOILERPLATE, FURNITURE), **rows}


def _translated(path: str) -> Any:
    """A table for the translations of a text."""
    return in_language(_language, _table(attributeTranslation=path))


def _text(key: str, path: str) -> dict[str, Any]:
    """A text in English and its translations."""
    return {key: path, f"{key}Translations": _translated(path)}


def _stated(path: str, codes: dict[str, str]) -> Any:
    """A handler of a value list's number: the first one that is met is coded by `codes`; words are coded like other words."""

    def handler(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
        del prefix
        if path in reading.lists:
            reading.furnish(leaf)
            return
        reading.lists[path] = [path]
        reading.add(path, leaf)
        if leaf.text in codes:
            reading.draft.codes[path] = codes[leaf.text]

    return handler


def _read_product(reading: TreeReading, value: Any, prefix: str, label: str) -> None:
    """A product is an intervention; the parts of the record that follow name it by its number."""
    del prefix
    parts = Parts(reading, value, label)
    place = reading.open("interventions/+ type=~DRUG")
    reading.lists[f"product {parts.get('id').text}"] = [place]
    substance = parts.get(f"{DICTIONARY}.activeSubstanceName")
    names = [parts.get("productName"), parts.get(f"{DICTIONARY}.prodName"), substance]
    reading.add(f"{place}/name", next((leaf for leaf in names if leaf.text), NONE))
    reading.add(f"{place}/other_names/0", substance)
    reading.add(f"{place}/code", parts.get(f"{DICTIONARY}.atcCode"))
    reading.add_joined(f"{place}/description", [parts.get("pharmaceuticalFormDisplay"), *(parts.get(f"routes.{n}") for n in range(9))])
    parts.furnish("id", f"{DICTIONARY}.prodName", f"{DICTIONARY}.pharmForm", "jsonActiveSubstanceNames")
    parts.close(BOILERPLATE)


def _read_role(reading: TreeReading, value: Any, prefix: str, label: str) -> None:
    """Products of one role: they make an arm where the protocol describes none. The products themselves are repeated here."""
    del prefix
    parts = Parts(reading, value, label)
    role = parts.get("productRoleName")
    if role.text in ROLES and "arms" not in reading.lists:
        if role.text not in reading.lists:
            reading.lists[role.text] = [reading.open(f"arms/+ type=~{ROLES[role.text]}")]
            reading.add(f"{reading.lists[role.text][0]}/label", role)
        for product in parts.found.get("products") or ():
            _link(reading, reading.lists[role.text][0], product.get("id") or NONE)
    reading.furnish(role)
    for key in ("products", "productRoleCode"):
        parts.drop(key)
    parts.close(BOILERPLATE)


def _link(reading: TreeReading, arm: str, product: Leaf) -> None:
    """An arm gets the intervention that a product's number names."""
    for place in reading.lists.get(f"product {product.text}", ()):
        number = place.rpartition("/")[2]
        reading.draft.codes[f"{arm}/interventions/{number}"] = f"#{number}"


def _read_arm(reading: TreeReading, value: Any, prefix: str, label: str) -> None:
    """An arm of the protocol."""
    del prefix
    parts = Parts(reading, value, label)
    place = reading.next("arms")
    reading.lists["arms"] = [place]
    reading.add(f"{place}/label", parts.get("title"))
    reading.add(f"{place}/description", parts.get("description"))
    parts.close(BOILERPLATE)


def _read_sponsor(reading: TreeReading, value: Any, prefix: str, label: str) -> None:
    """A sponsor with the persons to ask; what others do for it is kept aside."""
    del prefix
    parts = Parts(reading, value, label)
    place = reading.open(f"sponsors/+ role={_role_of_sponsor(reading, parts)}")
    reading.add(f"{place}/name", parts.get("organisation.name"))
    reading.add(f"{place}/class", parts.get("commercial"))
    reading.add_joined(f"{place}/address", [parts.get(f"addresses.0.address.{key}") for key in ADDRESS])
    reading.add(f"{place}/country", parts.get("addresses.0.address.countryName"))
    for kind in ("publicContacts", "scientificContacts"):
        for n in range(len(parts.found.get(kind) or ())):
            _add_contact(reading, parts, f"{kind}.{n}")
    for key in ("party", "primary", "isCommercial", "organisation", "addresses", "fromDate"):
        parts.drop(key)
    for key in ("legalRepresentative", "contactPointForUnion", "thirdParties"):
        parts.keep(key, f"sponsors.{key}.contact")
    parts.close(BOILERPLATE)


def _role_of_sponsor(reading: TreeReading, parts: Parts) -> str:
    """The one marked as primary leads; without a mark it is the first, whatever funders stand before it."""
    mark = parts.get("primary").text.lower()
    led = "LEAD" in reading.draft.codes.values()
    return "LEAD" if not led and mark in {"", "true"} else "SECONDARY"


def _add_contact(reading: TreeReading, parts: Parts, key: str) -> None:
    place = reading.open("contacts/+ role=CENTRAL")
    for name, field in (
        ("functionalName", "name"),
        ("functionalEmailAddress", "email"),
        ("telephone", "phone"),
        ("organisation.name", "affiliation"),
    ):
        reading.add(f"{place}/{field}", parts.get(f"{key}.{name}"))
    parts.drop(key)


def _read_site(reading: TreeReading, value: Any, prefix: str, label: str) -> None:
    """A site with its investigator."""
    del prefix
    parts = Parts(reading, value, label)
    place, info = reading.next("locations"), "organisationAddressInfo"
    reading.add(f"{place}/facility", parts.get(f"{info}.organisation.name"))
    reading.add(f"{place}/city", parts.get(f"{info}.address.city"))
    reading.add(f"{place}/country", parts.get(f"{info}.address.countryName"))
    person = reading.open("contacts/+ role=OFFICIAL")
    reading.add_joined(f"{person}/name", [parts.get("personInfo.firstName"), parts.get("personInfo.lastName")])
    reading.add(f"{person}/affiliation", parts.get("departmentName"))
    reading.add(f"{person}/phone", parts.get("personInfo.telephone"))
    reading.add(f"{person}/email", parts.get("personInfo.email"))
    for key in (info, "personInfo"):
        parts.drop(key)
    parts.close(BOILERPLATE)


def _finish(reading: TreeReading) -> None:
    """Where the record says the same twice, what is nearer to words stands: of phases, sexes and dates."""
    cells, codes = reading.cells, reading.draft.codes
    words, number = cells.get("trialPhase", NONE), cells.get("phase number", NONE)
    if words.text:
        reading.add("design/phases/1", words)
        reading.furnish(number)
    elif number.text:
        reading.add("design/phases/1", number)
        codes["design/phases"] = PHASES.get(number.text, "OTHER")
    sexes = SEXES.get((cells.get("isFemaleSubjects", NONE).text, cells.get("isMaleSubjects", NONE).text))
    if sexes and "gender" not in cells:
        codes["eligibility/sex"] = sexes
    reading.add("eligibility/sex", cells.get("gender", NONE))
    _add_number(reading)
    _add_end(reading)


def _add_number(reading: TreeReading) -> None:
    """The number of participants, which the portal adds up over the Union alone: it is the trial's where nobody takes part elsewhere."""
    whole, elsewhere = reading.cells.get("totalNumberEnrolled", NONE), reading.cells.get("rowSubjectCount", NONE)
    if whole.text and elsewhere.text not in {"", "0"}:
        reading.draft.doubts.append(Doubt("field.absent", "enrollment", IN_UNION))
        reading.keep("totalNumberEnrolled", whole)
        reading.keep("authorizedPartI.rowSubjectCount", elsewhere)
    else:
        reading.add("enrollment/count", whole)
        reading.furnish(elsewhere)


def _add_end(reading: TreeReading) -> None:
    """The end of the trial: as it came, or as it is planned for the whole world, or for the Union."""
    cells, codes = reading.cells, reading.draft.codes
    ends = [cells.get(name, NONE) for name in ("endDate", "endDateEU", "estimatedGlobalEndDate", "estimatedEndDate")]
    found = next((at for at, leaf in enumerate(ends) if leaf.text), None)
    if found is not None:
        reading.add("dates/completion", ends[found])
        codes["dates/completion/type"] = "ACTUAL" if found < 2 else "ESTIMATED"
        for leaf in ends[found + 1 :]:
            reading.keep("trialDuration", leaf)


IDENTIFIERS: dict[str, Any] = {
    **_text("fullTitle", "titles/scientific"),
    **_text("publicTitle", "titles/public"),
    "shortTitle": "identifiers/+/value scheme=SPONSOR",
    "secondaryIdentifyingNumbers": {
        "nctNumber": _table(number="identifiers/+/value"),
        "isrctnNumber": _table(number="identifiers/+/value"),
        "whoUniversalTrialNumber": _table(number="identifiers/+/value"),
        "additionalRegistries": each("identifiers/+", _table(number="value", otherRegistryName="?additionalRegistries.otherRegistryName")),
    },
}


def _criteria(side: str) -> Any:
    key = f"principal{side.capitalize()}Criteria"
    return {key: each(f"eligibility/items/{side}/+", _table(number="number", **_text(key, "text")))}


def _end_points(level: str) -> Any:
    return each(f"outcomes/+ level={level}", _table(number=FURNITURE, **_text("endPoint", "measure")))


INFORMATION: dict[str, Any] = {
    "trialCategory": _table(trialPhase=aside("phase number")),
    "medicalCondition": {
        "partIMedicalConditions": each("conditions/+", _table(**_text("medicalCondition", "name"))),
        "meddraConditionTerms": each("conditions/+ code/system=MedDRA", _table(termName="name", classificationCode="code")),
    },
    "trialObjective": {
        "trialScopes": _table(otherDescription="design/text"),
        **_text("mainObjective", "descriptions/objectives"),
        "secondaryObjectives": _table(number=FURNITURE, **_text("secondaryObjective", "descriptions/objectives")),
    },
    "eligibilityCriteria": {**_criteria("inclusion"), **_criteria("exclusion")},
    "endPoint": {"primaryEndPoints": _end_points("PRIMARY"), "secondaryEndPoints": _end_points("SECONDARY")},
    "trialDuration": {
        "estimatedRecruitmentStartDate": "dates/recruitment_start",
        "estimatedGlobalEndDate": aside("estimatedGlobalEndDate"),
        "estimatedEndDate": aside("estimatedEndDate"),
    },
    "sourceOfMonetarySupport": each("sponsors/+ role=FUNDER", _table(organisationName="name")),
    "populationOfTrialSubjects": {
        "isFemaleSubjects": aside("isFemaleSubjects"),
        "isMaleSubjects": aside("isMaleSubjects"),
        "ageRanges": FURNITURE,
        "ageRangeSecondaryIds": FURNITURE,
        "clinicalTrialGroups": {"code": FURNITURE, "name": "eligibility/population"},
    },
    "individualParticipantData": {"planDescription": "data_sharing/plan"},
}
PERIOD = _table(
    title="design/text",
    description="design/text",
    blindingMethodCode=_stated("design/masking", MASKING),
    blindingDetails="design/text",
    blindedRoles=_table(code=FURNITURE, name="design/who_masked/+"),
    allocationMethod=_stated("design/allocation", {"1": "RANDOMIZED"}),
    armDetails=ObjectReader(_read_arm),
)
PART_I: dict[str, Any] = {
    **dict.fromkeys(BOILERPLATE, FURNITURE),
    "rowCountriesInfo": each("locations/+", _table(name="country")),
    "rowSubjectCount": aside("rowSubjectCount"),
    "products": ObjectReader(_read_product),
    "trialDetails": {
        "clinicalTrialIdentifiers": IDENTIFIERS,
        "trialInformation": INFORMATION,
        "protocolInformation": {"studyDesign": {"periodDetails": PERIOD}},
        "pubmedCode": "references/+/pmid",
        "pubmedUrl": "links/+/url",
    },
    "sponsors": ObjectReader(_read_sponsor),
    "therapeuticAreas": FURNITURE,
    "partOneTherapeuticAreas": FURNITURE,
    "medicalConditions": FURNITURE,
    "productRoleGroupInfos": ObjectReader(_read_role),
    "trialCategoryJustificationComment": FURNITURE,
}
PARTS_II = _table(trialSites=ObjectReader(_read_site))
OVERVIEW: dict[str, Any] = {
    **dict.fromkeys(BOILERPLATE, FURNITURE),
    "ctNumber": "identifiers/0/value scheme=CTIS primary=true",
    "ctStatus": _stated("status/overall", STATUSES),
    "ctPublicStatusCode": _stated("status/overall", STATUSES),
    "startDateEU": "dates/start",
    "endDateEU": aside("endDateEU"),
    "endDate": aside("endDate"),
    "lastUpdated": "registration/last_updated",
    "lastPublicationUpdate": "dates/last_update_posted",
    "publishDate": FURNITURE,
    "shortTitle": "identifiers/+/value scheme=SPONSOR",
    "title": FURNITURE,
    "trialPhase": aside("trialPhase"),
    "ageGroup": "eligibility/population",
    "gender": aside("gender"),
    "totalNumberEnrolled": aside("totalNumberEnrolled"),
    "therapeuticAreas": "keywords/+",
    "sponsorType": FURNITURE,
    "ageRangeSecondary": FURNITURE,
    "trialRegion": FURNITURE,
    "trialRegionCode": FURNITURE,
    "ctrname": FURNITURE,
    "record_last_import": FURNITURE,
}
# What the layout of 2023 repeats.
REPEATED = dict.fromkeys(("initialApplicationId", "primarySponsor", "coSponsors", "applications"), FURNITURE)
TRIAL = ReadyTable(
    {
        **OVERVIEW,
        **REPEATED,
        "authorizedApplication": {
            "authorizedPartI": PART_I,
            "authorizedPartsII": PARTS_II,
            "eudraCt": {"eudraCtCode": EUDRACT, "isTransitioned": FURNITURE},
        },
        "authorizedPartI": PART_I,
        "authorizedPartsII": PARTS_II,
        "eudraCtInfo": {"eudraCtCode": EUDRACT, "hasVhp": FURNITURE},
    }
)


def recognises(document: Document) -> bool:
    """Whether the file holds a trial of the portal, by keys that only it has together."""
    return holds_record(document.tree.root, _is_trial)


def read(document: Document) -> Iterator[Draft]:
    """One draft a trial."""
    yield from read_records(document, NAME, _is_trial, lambda _: TRIAL, _finish)


def _is_trial(key: str, value: Any) -> bool:
    del key
    return isinstance(value, dict) and "ctNumber" in value and bool(value.keys() & PARTS)
