"""WHO ICTRP XML: the lower-case form in which registers hand their trials to WHO; a ";" inside a joined value becomes ",".

The form has no escape for the ";" that divides conditions and interventions, hence the comma.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from extractor.write.exports import Exported
from extractor.write.exports.wording import Json, age_words, code, left_out_of, note_pointers, part, primary_number, whole_statements, words

# Names by which WHO knows the registers; others go by the source's own.
REGISTERS = {
    "NCT": "ClinicalTrials.gov",
    "CHICTR": "ChiCTR",
    "ITMCTR": "ITMCTR",
    "ISRCTN": "ISRCTN",
    "EUCTR": "EU Clinical Trials Register",
    "CTIS": "CTIS",
    "DRKS": "German Clinical Trials Register",
}
GENDERS = {"ALL": "Both", "FEMALE": "Female", "MALE": "Male"}
LEVELS = (("primary_outcome", "prim_outcome", ("PRIMARY",)), ("secondary_outcome", "sec_outcome", ("SECONDARY", "OTHER", "SAFETY", "")))
CONTACTS = {"STUDY_LEADER": "Public", "CENTRAL": "Public", "APPLICANT": "Scientific", "OFFICIAL": "Scientific"}
HELD = """
    identifiers titles registration/date dates/first_posted status/overall design/study_type design/text design/phases enrollment/count
    conditions/name keywords interventions/name sponsors/name sponsors/role locations/country
    outcomes/level outcomes/measure outcomes/time_frame ethics/approved ethics/date ethics/committee
    eligibility/inclusion eligibility/exclusion eligibility/text eligibility/sex eligibility/minimum_age eligibility/maximum_age
    contacts/role contacts/name contacts/address contacts/phone contacts/email contacts/affiliation contacts/postcode"""


def export(record: Json, language: str = "en") -> Exported:
    """`<trials><trial>…` as text, one trial; several share one root in a file."""
    root = ET.Element("trials")
    trial = ET.SubElement(root, "trial")
    _fill(ET.SubElement(trial, "main"), _main(record, language))
    _contacts(trial, record["trial"], language)
    countries = {words(place.get("country"), language) for place in record["trial"].get("locations", ())} - {""}
    _listed(trial, "countries", "country2", sorted(countries))
    _fill(ET.SubElement(trial, "criteria"), _criteria(record, language))
    _listed(trial, "health_condition_keyword", "hc_keyword", [words(item, language) for item in record["trial"].get("keywords", ())])
    _outcomes(trial, record["trial"], language)
    _listed(trial, "secondary_sponsor", "sponsor_name", _sponsors(record, ("SECONDARY", "COLLABORATOR"), language))
    _listed(trial, "source_support", "source_name", _sponsors(record, ("FUNDER",), language))
    _numbers(trial, record)
    _ethics(trial, record["trial"], language)
    started = "dates/recruitment_start" if part(record, "trial/dates/recruitment_start") else "dates/start"
    untold = [
        f"/trial/contacts/{at}" for at, item in enumerate(part(record, "trial/contacts") or ()) if item["role"] not in (*CONTACTS, "ETHICS")
    ]
    text = ET.tostring(root, encoding="unicode", xml_declaration=True)
    return Exported(text, [*left_out_of(record, HELD, started), *untold, *note_pointers(record)])


def _fill(parent: ET.Element, values: list[tuple[str, str]]) -> None:
    for name, value in values:
        ET.SubElement(parent, name).text = value


def _listed(trial: ET.Element, tag: str, item: str, values: list[str]) -> None:
    group = ET.SubElement(trial, tag)
    _fill(group, [(item, value) for value in values])


def _main(record: Json, language: str) -> list[tuple[str, str]]:
    trial = record["trial"]
    scheme = next((i["scheme"] for i in trial.get("identifiers", ()) if i.get("primary")), "")
    return [
        ("trial_id", record["id"]),
        ("utrn", primary_number(record, "UTN")),
        ("reg_name", REGISTERS.get(scheme, record["source"]["name"])),
        ("date_registration", _day(trial, "registration/date", "dates/first_posted/value")),
        ("primary_sponsor", "; ".join(_sponsors(record, ("LEAD",), language))),
        ("public_title", words(part(trial, "titles/public"), language)),
        ("acronym", words(part(trial, "titles/acronym"), language)),
        ("scientific_title", words(part(trial, "titles/scientific"), language)),
        ("date_enrolment", _day(trial, "dates/recruitment_start/value", "dates/start/value")),
        ("target_size", str(part(trial, "enrollment/count") or "")),
        ("recruitment_status", _said(part(trial, "status/overall"), language)),
        ("study_type", _said(part(trial, "design/study_type"), language)),
        ("study_design", words(part(trial, "design/text"), language)),
        ("phase", _phase(trial, language)),
        ("hc_freetext", "; ".join(_plain(words(c.get("name"), language)) for c in trial.get("conditions", ()))),
        ("i_freetext", "; ".join(_plain(words(i.get("name"), language)) for i in trial.get("interventions", ()))),
    ]


def _day(trial: Json, *paths: str) -> str:
    """The first date that is there."""
    return str(next(filter(None, (part(trial, path) for path in paths)), ""))[:10]


def _phase(trial: Json, language: str) -> str:
    return _said(part(trial, "design/phases"), language) or "/".join(part(trial, "design/phases/codes") or ())


def _said(coded: Json | None, language: str) -> str:
    """The source's words for a code, else the code in words."""
    return words((coded or {}).get("text"), language) or code(coded).replace("_", " ").capitalize()


def _sponsors(record: Json, roles: tuple[str, ...], language: str) -> list[str]:
    return [_plain(words(s.get("name"), language)) for s in part(record, "trial/sponsors") or () if s["role"] in roles and s.get("name")]


def _criteria(record: Json, language: str) -> list[tuple[str, str]]:
    found = record["trial"].get("eligibility", {})
    lists = {
        side: "\n".join(f"{at}. {s.text}" for at, s in enumerate(whole_statements(record, side, language), 1))
        for side in ("inclusion", "exclusion")
    }
    return [
        ("inclusion_criteria", lists["inclusion"]),
        ("agemin", age_words(found.get("minimum_age"))),
        ("agemax", age_words(found.get("maximum_age"))),
        ("gender", GENDERS.get(code(found.get("sex")), "")),
        ("exclusion_criteria", lists["exclusion"]),
    ]


def _contacts(trial: ET.Element, source: Json, language: str) -> None:
    contacts = ET.SubElement(trial, "contacts")
    for person in source.get("contacts", ()):
        if person["role"] in CONTACTS:
            values = [
                ("type", CONTACTS[person["role"]]),
                ("firstname", words(person.get("name"), language)),
                ("address", words(person.get("address"), language)),
                ("zip", person.get("postcode", "")),
                ("telephone", person.get("phone", "")),
                ("email", person.get("email", "")),
                ("affiliation", words(person.get("affiliation"), language)),
            ]
            _fill(ET.SubElement(contacts, "contact"), values)


def _outcomes(trial: ET.Element, source: Json, language: str) -> None:
    for tag, item, levels in LEVELS:
        found = [o for o in source.get("outcomes", ()) if code(o.get("level")) in levels]
        _listed(trial, tag, item, [_outcome(o, language) for o in found])


def _outcome(outcome: Json, language: str) -> str:
    when = words(outcome.get("time_frame"), language)
    return f"{words(outcome.get('measure'), language)}{f' [Time Frame: {when}]' if when else ''}"


def _numbers(trial: ET.Element, record: Json) -> None:
    group = ET.SubElement(trial, "secondary_ids")
    for item in part(record, "trial/identifiers") or ():
        if not item.get("primary"):
            values = [("sec_id", item["value"]), ("issuing_authority", REGISTERS.get(item["scheme"], item["scheme"]))]
            _fill(ET.SubElement(group, "secondary_id"), values)


def _ethics(trial: ET.Element, source: Json, language: str) -> None:
    reviews = ET.SubElement(trial, "ethics_reviews")
    found = source.get("ethics")
    if not found:
        return
    people = [person for person in source.get("contacts", ()) if person["role"] == "ETHICS"] or [{}]
    values = [
        ("status", {True: "Approved", False: "Not approved"}.get(found.get("approved"), "")),
        ("approval_date", str(found.get("date", ""))[:10]),
        ("contact_name", ", ".join(filter(None, (words(found.get("committee"), language), words(people[0].get("name"), language))))),
        ("contact_address", words(people[0].get("address"), language)),
        ("contact_phone", people[0].get("phone", "")),
        ("contact_email", people[0].get("email", "")),
    ]
    _fill(ET.SubElement(reviews, "ethics_review"), values)


def _plain(text: str) -> str:
    return text.replace(";", ",").replace("；", "，")
