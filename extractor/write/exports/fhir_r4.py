"""FHIR R4: a searchset Bundle with one ResearchStudy, as mCODE matching applications read it.

R4 characteristics are a flat AND: a group whose parts are alternatives goes into one characteristic as text.
"""

from __future__ import annotations

from extractor.write.exports import Exported
from extractor.write.exports.ctgov import criteria_text
from extractor.write.exports.fhir import concept, identifiers, period, phase, status, value_of
from extractor.write.exports.wording import Json, code, filled, part, whole_statements, words

CATEGORIES = (
    ("study_type", "Study Type"),
    ("intervention_model", "Intervention Model"),
    ("primary_purpose", "Primary Purpose"),
    ("masking", "Masking"),
    ("allocation", "Allocation"),
    ("time_perspective", "Time Perspective"),
    ("observational_model", "Observation Model"),  # as the consumer spells it
)
NO_PLACE = ("outcomes", "ethics", "sponsors", "contacts", "biospecimens", "data_sharing", "registration", "results")


def export(record: Json, language: str = "en") -> Exported:
    """A Bundle of one study with Group, Location and PlanDefinition contained."""
    trial = record["trial"]
    study = {
        "resourceType": "ResearchStudy",
        "id": "".join(c if c.isalnum() else "-" for c in record["id"])[:64],
        "status": status(trial),
        "identifier": identifiers(trial),
        "title": words(part(trial, "titles/public"), language),
        "description": words(part(trial, "descriptions/brief") or part(trial, "descriptions/objectives"), language),
        "phase": phase(trial),
        "category": [
            {"text": f"{name}: {found.replace('_', ' ').title()}"}
            for key, name in CATEGORIES
            if (found := code(part(trial, f"design/{key}")))
        ],
        "condition": [{"text": words(item.get("name"), language)} for item in trial.get("conditions", ())],
        "period": period(trial),
        "contained": [_group(record, language), *_places(trial, language), *_plans(trial, language)],
        "enrollment": [{"reference": "#eligibility", "type": "Group", "display": criteria_text(trial.get("eligibility", {}), language)}],
        "site": [{"reference": f"#location-{at}", "type": "Location"} for at in range(1, len(trial.get("locations", ())) + 1)],
        "protocol": [{"reference": f"#plan-{at}", "type": "PlanDefinition"} for at in range(1, len(trial.get("interventions", ())) + 1)],
        "arm": [
            {"name": words(arm.get("label"), language), "description": words(arm.get("description"), language)}
            for arm in trial.get("arms", ())
        ],
    }
    entry = {"resource": filled(study), "search": {"mode": "match", "score": 1}}
    return Exported(
        {"resourceType": "Bundle", "type": "searchset", "total": 1, "entry": [entry]}, [f"/trial/{n}" for n in NO_PLACE if trial.get(n)]
    )


def _group(record: Json, language: str) -> Json:
    characteristics = [
        characteristic
        for side in ("inclusion", "exclusion")
        for statement in whole_statements(record, side, language)
        for characteristic in _characteristics(statement.node, statement.text, exclude=side == "exclusion")
    ]
    return {"resourceType": "Group", "id": "eligibility", "type": "person", "actual": False, "characteristic": characteristics}


def _characteristics(node: Json, text: str, *, exclude: bool) -> list[Json]:
    """One for the words; one for each limit of a criterion that has no alternatives and no exceptions."""
    found = [{"code": {"text": text}, "valueBoolean": True, "exclude": exclude}]
    if exclude or node.get("children"):
        return found
    plain = [c for c in node.get("constraints", ()) if not c.get("negated") and not c.get("exception") and ("low" in c or "high" in c)]
    return found + [{"code": concept(c), **value_of(c), "exclude": False} for c in plain]


def _places(trial: Json, language: str) -> list[Json]:
    names = (("city", "city"), ("province", "state"), ("country", "country"))
    return [
        {
            "resourceType": "Location",
            "id": f"location-{at}",
            "name": words(place.get("facility"), language),
            "address": {theirs: words(place.get(ours), language) for ours, theirs in names},
        }
        for at, place in enumerate(trial.get("locations", ()), 1)
    ]


def _plans(trial: Json, language: str) -> list[Json]:
    return [
        {
            "resourceType": "PlanDefinition",
            "id": f"plan-{at}",
            "status": "unknown",
            "title": words(item.get("name"), language),
            "subtitle": words((item.get("other_names") or [None])[0], language),
            "type": {"text": code(item.get("type"))},
            "description": words(item.get("description"), language),
        }
        for at, item in enumerate(trial.get("interventions", ()), 1)
    ]
