"""FHIR R5: a Bundle of ResearchStudy and the EvidenceVariable that holds eligibility as all-of / any-of / at-least.

R5's Group refuses a combination method, so that the criteria tree goes into EvidenceVariable, which has one.
"""

from __future__ import annotations

from extractor.write.exports import Exported
from extractor.write.exports.fhir import concept, identifiers, period, phase, status, translated, value_of
from extractor.write.exports.wording import Json, code, filled, part, words

COMBINATIONS = {"ALL": "all-of", "ANY": "any-of", "AT_LEAST": "at-least"}
TIME_UNITS = {"YEAR": "a", "MONTH": "mo", "WEEK": "wk", "DAY": "d", "HOUR": "h", "MINUTE": "min"}
ROLES = {"LEAD": "lead-sponsor", "COLLABORATOR": "collaborator", "SECONDARY": "sponsor", "FUNDER": "funding-source"}
NO_PLACE = ("ethics", "contacts", "biospecimens", "data_sharing", "registration", "results")


def export(record: Json, language: str = "en") -> Exported:
    """A collection Bundle: the study, then its eligibility."""
    trial = record["trial"]
    identity = "".join(c if c.isalnum() else "-" for c in record["id"])[:60]
    study = {
        "resourceType": "ResearchStudy",
        "id": identity,
        "status": "active",
        "identifier": identifiers(trial),
        "title": words(part(trial, "titles/public"), language),
        "_title": translated(part(trial, "titles/public"), language),
        "description": words(part(trial, "descriptions/brief") or part(trial, "descriptions/objectives"), language),
        "phase": phase(trial),
        "condition": [{"text": words(item.get("name"), language)} for item in trial.get("conditions", ())],
        "period": period(trial),
        "progressStatus": [{"state": {"text": status(trial)}}],
        "whyStopped": {"text": words(part(trial, "status/why_stopped"), language)},
        "associatedParty": [
            {"name": words(s.get("name"), language), "role": {"text": ROLES[s["role"]]}} for s in trial.get("sponsors", ()) if s.get("name")
        ],
        "recruitment": {
            "targetNumber": part(trial, "enrollment/count"),
            "eligibility": {"reference": f"EvidenceVariable/{identity}-eligibility"},
        },
        "comparisonGroup": [
            {"name": words(arm.get("label"), language), "description": words(arm.get("description"), language)}
            for arm in trial.get("arms", ())
        ],
        "outcomeMeasure": [
            {
                "name": words(o.get("measure"), language),
                "type": [{"text": code(o.get("level")).lower()}],
                "description": words(o.get("time_frame"), language),
            }
            for o in trial.get("outcomes", ())
        ],
        "site": [{"display": words(place.get("facility"), language)} for place in trial.get("locations", ()) if place.get("facility")],
    }
    resources = [filled(study), _variable(record, identity, language)]
    entries = [{"resource": resource} for resource in resources]
    left_out = [f"/trial/{name}" for name in NO_PLACE if trial.get(name)]
    return Exported({"resourceType": "Bundle", "type": "collection", "entry": entries}, left_out)


def _variable(record: Json, identity: str, language: str) -> Json:
    found = record["trial"].get("eligibility", {})
    characteristics = [
        _characteristic(item, language, exclude=side == "exclusion")
        for side in ("inclusion", "exclusion")
        for item in found.get(side, ())
        if item.get("role") != "NOTE"
    ]
    return {
        "resourceType": "EvidenceVariable",
        "id": f"{identity}-eligibility",
        "status": "draft",
        "title": f"Eligibility of {record['id']}",
        **({"characteristic": characteristics} if characteristics else {}),
    }


def _characteristic(item: Json, language: str, *, exclude: bool = False) -> Json:
    """A criterion: its words, and below them its children or its limits."""
    shape: Json = {"linkId": item["id"], "description": words(item["text"], language)}
    if exclude:
        shape["exclude"] = True
    below = [_characteristic(child, language) for child in item.get("children", ()) if child.get("role") != "NOTE"]
    limits = [_limit(item["id"], at, c) for at, c in enumerate(item.get("constraints", ()), 1) if not c.get("exception")]
    if below:
        combined = {"code": COMBINATIONS[item.get("combine", "ALL")], "characteristic": below}
        shape["definitionByCombination"] = combined | ({"threshold": item["at_least"]} if "at_least" in item else {})
    elif len(limits) == 1:
        shape |= {
            key: value
            for key, value in limits[0].items()
            if key not in ("linkId", "description", "exclude") or (key == "exclude" and not exclude)
        }
    elif limits:
        shape["definitionByCombination"] = {"code": "all-of", "characteristic": limits}
    else:
        shape["definitionCodeableConcept"] = {"text": words(item["text"], language)}
    return shape


def _limit(identity: str, at: int, constraint: Json) -> Json:
    shape: Json = {"linkId": f"{identity}.c{at}", "description": words(constraint.get("quote"))}
    if constraint.get("negated"):
        shape["exclude"] = True
    shape["definitionByTypeAndValue"] = {"type": concept(constraint), **value_of(constraint)}
    window = constraint.get("window", {})
    if "value" in window and window.get("unit") in TIME_UNITS:
        quantity = {
            "value": window["value"],
            "unit": window["unit"].lower(),
            "system": "http://unitsofmeasure.org",
            "code": TIME_UNITS[window["unit"]],
        }
        event = {"text": f"{window['relation'].lower()} {window.get('anchor', '').lower().replace('_', ' ')}".strip()}
        shape["timeFromEvent"] = [{"description": event["text"], "eventCodeableConcept": event, "quantity": quantity}]
    return shape
