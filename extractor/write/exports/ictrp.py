"""WHO ICTRP XML: the lower-case register form, one trial; lists are joined by ";" as its readers expect."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from extractor.write.exports import Exported
from extractor.write.exports.wording import Json, code, part, primary_number, whole_statements, words

NO_PLACE = ("biospecimens", "data_sharing/management", "references", "results")


def export(record: Json, language: str = "en") -> Exported:
    """`<trials><trial>…` as text. A ";" inside a value becomes ",", since the form has no escape for it."""
    root = ET.Element("trials")
    trial = ET.SubElement(root, "trial")
    main = ET.SubElement(trial, "main")
    for name, value in _main(record, language):
        ET.SubElement(main, name).text = value
    _contacts(trial, record["trial"], language)
    _listed(
        trial, "countries", "country2", sorted({words(p.get("country"), language) for p in record["trial"].get("locations", ())} - {""})
    )
    criteria = ET.SubElement(trial, "criteria")
    for name, value in _criteria(record, language):
        ET.SubElement(criteria, name).text = value
    for tag, level in (("primary_outcome", "PRIMARY"), ("secondary_outcome", "SECONDARY")):
        measures = [words(o.get("measure"), language) for o in record["trial"].get("outcomes", ()) if code(o.get("level")) == level]
        _listed(trial, tag, f"{tag[:4]}_outcome" if tag.startswith("prim") else "sec_outcome", measures)
    numbers = [i["value"] for i in part(record, "trial/identifiers") or () if not i.get("primary")]
    _listed(trial, "secondary_ids", "sec_id", numbers)
    text = ET.tostring(root, encoding="unicode", xml_declaration=True)
    return Exported(text, [f"/trial/{name}" for name in NO_PLACE if part(record["trial"], name)])


def _main(record: Json, language: str) -> list[tuple[str, str]]:
    trial = record["trial"]
    sponsors = {
        role: [words(s.get("name"), language) for s in trial.get("sponsors", ()) if s["role"] == role] for role in ("LEAD", "FUNDER")
    }
    return [
        ("trial_id", record["id"]),
        ("utrn", primary_number(record, "UTN")),
        ("reg_name", record["source"]["name"]),
        ("date_registration", str(part(trial, "registration/date") or part(trial, "dates/first_posted/value") or "")[:10]),
        ("primary_sponsor", ";".join(_plain(name) for name in sponsors["LEAD"])),
        ("public_title", words(part(trial, "titles/public"), language)),
        ("acronym", words(part(trial, "titles/acronym"), language)),
        ("scientific_title", words(part(trial, "titles/scientific"), language)),
        ("date_enrolment", str(part(trial, "dates/recruitment_start/value") or part(trial, "dates/start/value") or "")),
        ("target_size", str(part(trial, "enrollment/count") or "")),
        ("recruitment_status", code(part(trial, "status/overall"))),
        ("study_type", code(part(trial, "design/study_type"))),
        ("study_design", words(part(trial, "design/text"), language)),
        ("phase", "/".join(part(trial, "design/phases/codes") or ())),
        ("hc_freetext", ";".join(_plain(words(c.get("name"), language)) for c in trial.get("conditions", ()))),
        ("i_freetext", ";".join(_plain(words(i.get("name"), language)) for i in trial.get("interventions", ()))),
        ("source_support", ";".join(_plain(name) for name in sponsors["FUNDER"])),
    ]


def _criteria(record: Json, language: str) -> list[tuple[str, str]]:
    found = record["trial"].get("eligibility", {})
    lists = {
        side: "\n".join(f"{at}. {s.text}" for at, s in enumerate(whole_statements(record, side, language), 1))
        for side in ("inclusion", "exclusion")
    }
    ages = {key: f"{found[key]['value']} {found[key]['unit'].title()}" if key in found else "" for key in ("minimum_age", "maximum_age")}
    return [
        ("inclusion_criteria", lists["inclusion"]),
        ("agemin", ages["minimum_age"]),
        ("agemax", ages["maximum_age"]),
        ("gender", code(found.get("sex"))),
        ("exclusion_criteria", lists["exclusion"]),
    ]


def _contacts(trial: ET.Element, source: Json, language: str) -> None:
    contacts = ET.SubElement(trial, "contacts")
    for kind, role in (("Public", "STUDY_LEADER"), ("Scientific", "APPLICANT")):
        for person in (c for c in source.get("contacts", ()) if c["role"] == role):
            contact = ET.SubElement(contacts, "contact")
            values = (
                ("type", kind),
                ("firstname", words(person.get("name"), language)),
                ("address", words(person.get("address"), language)),
            )
            for name, value in (*values, ("telephone", person.get("phone", "")), ("email", person.get("email", ""))):
                ET.SubElement(contact, name).text = value
            ET.SubElement(contact, "affiliation").text = words(person.get("affiliation"), language)


def _listed(trial: ET.Element, tag: str, item: str, values: list[str]) -> None:
    group = ET.SubElement(trial, tag)
    for value in values:
        ET.SubElement(group, item).text = value


def _plain(text: str) -> str:
    return text.replace(";", ",").replace("；", "，")
