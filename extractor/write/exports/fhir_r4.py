"""FHIR R4: a searchset Bundle with one ResearchStudy, as mCODE matching applications read it.

R4 characteristics are a flat AND: a group whose parts are alternatives goes into one characteristic as text.
"""

from __future__ import annotations

from extractor.write.exports import Exported
from extractor.write.exports.ctgov import criteria_text
from extractor.write.exports.fhir import (
    concept,
    field_limits,
    identifiers,
    identity_of,
    language_of,
    period,
    phase,
    plans,
    status,
    status_pointers,
    values_of,
)
from extractor.write.exports.limits import ALL, Expression, GroupNode, LimitNode, read_expression
from extractor.write.exports.wording import Json, code, filled, left_out_of, part, whole_statements, words

CATEGORIES = (
    ("study_type", "Study Type"),
    ("intervention_model", "Intervention Model"),
    ("primary_purpose", "Primary Purpose"),
    ("masking", "Masking"),
    ("allocation", "Allocation"),
    ("time_perspective", "Time Perspective"),
    ("observational_model", "Observation Model"),  # as the consumer spells it
)
HELD = """
    identifiers titles/public descriptions/brief conditions/name keywords arms/label arms/type arms/description arms/interventions
    interventions/name interventions/other_names interventions/type interventions/description
    locations/facility locations/city locations/province locations/country
    status/overall status/why_stopped dates/start dates/completion design/phases
    design/study_type design/intervention_model design/primary_purpose design/masking design/allocation design/time_perspective
    design/observational_model eligibility/inclusion eligibility/exclusion eligibility/text eligibility/sex eligibility/minimum_age
    eligibility/maximum_age"""


def export(record: Json, language: str = "en") -> Exported:
    """A Bundle of one study with Group, Location and PlanDefinition contained."""
    trial = record["trial"]
    entry = {"resource": filled(_study(record, trial, language)), "search": {"mode": "match", "score": 1}}
    held = "" if part(trial, "descriptions/brief") else "descriptions/objectives"
    return Exported(
        {"resourceType": "Bundle", "type": "searchset", "total": 1, "entry": [entry]},
        [*left_out_of(record, HELD, held), *status_pointers(trial)],
    )


def _study(record: Json, trial: Json, language: str) -> Json:
    return {
        "resourceType": "ResearchStudy",
        "id": identity_of(record),
        "language": language_of(record, language),
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
        "keyword": [{"text": words(item, language)} for item in trial.get("keywords", ())],
        "period": period(trial),
        "reasonStopped": {"text": words(part(trial, "status/why_stopped"), language)},
        "contained": [_group(record, language), *_places(trial, language), *plans(trial, language)],
        "enrollment": [{"reference": "#eligibility", "type": "Group", "display": criteria_text(trial.get("eligibility", {}), language)}],
        "site": [{"reference": f"#location-{at}", "type": "Location"} for at in range(1, len(trial.get("locations", ())) + 1)],
        "protocol": [{"reference": f"#plan-{at}", "type": "PlanDefinition"} for at in range(1, len(trial.get("interventions", ())) + 1)],
        "arm": [
            {
                "name": words(arm.get("label"), language),
                "type": {"text": code(arm.get("type"))},
                "description": words(arm.get("description"), language),
            }
            for arm in trial.get("arms", ())
        ],
    }


def _group(record: Json, language: str) -> Json:
    characteristics = [{"code": subject, **value, "exclude": False} for _, subject, value in field_limits(record["trial"])]
    for side in ("inclusion", "exclusion"):
        for statement in whole_statements(record, side, language):
            characteristics += _characteristics(statement.node, statement.text, language, exclude=side == "exclusion")
    return {"resourceType": "Group", "id": "eligibility", "type": "person", "actual": False, "characteristic": characteristics}


def _characteristics(node: Json, text: str, language: str, *, exclude: bool) -> list[Json]:
    """One for the words; one for each limit, where limits that must all hold are the whole criterion."""
    limits = _flat(read_expression(node, language, exclude=exclude))
    values = [(limit, value) for limit in limits for value in values_of(limit)]
    found = [{"code": {"text": text}, "valueBoolean": True, "exclude": exclude}]
    if exclude and len(values) != 1:
        return found  # who has one of two excluded values would already be out
    return found + [{"code": concept(limit, language), **value, "exclude": exclude} for limit, value in values]


def _flat(expression: Expression) -> list[Json]:
    """The limits of an expression that is nothing but limits which must all hold; a window or a denial has no place here."""
    parts = expression.parts if isinstance(expression, GroupNode) and expression.combine == ALL else (expression,)
    limits = [each.constraint for each in parts if isinstance(each, LimitNode)]
    return limits if len(limits) == len(parts) and all(map(_is_plain, limits)) else []


def _is_plain(limit: Json) -> bool:
    return not {"negated", "window"} & set(limit) and bool({"low", "high"} & set(limit))


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
