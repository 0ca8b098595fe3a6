"""FHIR R5: a Bundle of ResearchStudy and the EvidenceVariable that holds eligibility as all-of / any-of / at-least.

R5's Group refuses a combination method, so that the criteria tree goes into EvidenceVariable, which has one.
"""

from __future__ import annotations

from extractor.write.exports import Exported
from extractor.write.exports.fhir import (
    TIME_UNITS,
    UCUM,
    concept,
    field_limits,
    identifiers,
    identity_of,
    language_of,
    period,
    phase,
    plans,
    sex_value,
    status,
    status_pointers,
    translated,
    values_of,
)
from extractor.write.exports.limits import ALL, Expression, GroupNode, LimitNode, SexNode, WordsNode, read_expression
from extractor.write.exports.wording import Json, code, filled, left_out_of, note_pointers, numbered_statements, part, words

COMBINATIONS = {"ALL": "all-of", "ANY": "any-of", "AT_LEAST": "at-least"}
ROLES = {"LEAD": "lead-sponsor", "COLLABORATOR": "collaborator", "SECONDARY": "sponsor", "FUNDER": "funding-source"}
DESIGNS = "study_type allocation intervention_model observational_model time_perspective masking".split()
HELD = """
    identifiers titles conditions/name keywords status dates/start dates/completion enrollment
    design/phases design/primary_purpose design/study_type design/allocation design/intervention_model design/observational_model
    design/time_perspective design/masking arms/label arms/type arms/description arms/interventions
    interventions/name interventions/other_names interventions/type interventions/description
    outcomes descriptions/brief descriptions/detailed descriptions/objectives
    locations/facility locations/city locations/province locations/country sponsors/name sponsors/role
    eligibility/inclusion eligibility/exclusion eligibility/text eligibility/sex eligibility/minimum_age eligibility/maximum_age
    eligibility/population"""


def export(record: Json, language: str = "en") -> Exported:
    """A collection Bundle: the study, then its eligibility."""
    identity = identity_of(record)
    resources = [filled(_study(record, record["trial"], identity, language)), _variable(record, identity, language)]
    value = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": resource} for resource in resources]}
    return Exported(value, [*left_out_of(record, HELD), *note_pointers(record), *status_pointers(record["trial"])])


def _study(record: Json, trial: Json, identity: str, language: str) -> Json:
    return {
        "resourceType": "ResearchStudy",
        "id": identity,
        "language": language_of(record, language),
        "status": "active",
        "identifier": identifiers(trial),
        "title": words(part(trial, "titles/public"), language),
        "_title": translated(part(trial, "titles/public"), language),
        "label": [
            {"type": {"text": kind}, "value": words(part(trial, f"titles/{name}"), language)}
            for name, kind in (("scientific", "official"), ("acronym", "acronym"))
            if part(trial, f"titles/{name}")
        ],
        "descriptionSummary": words(part(trial, "descriptions/brief"), language),
        "description": words(part(trial, "descriptions/detailed"), language),
        "objective": [{"name": "objectives", "description": words(part(trial, "descriptions/objectives"), language)}]
        if part(trial, "descriptions/objectives")
        else [],
        "phase": phase(trial),
        "primaryPurposeType": {"text": code(part(trial, "design/primary_purpose")).lower().replace("_", "-")},
        "studyDesign": [{"text": f"{key}: {found}"} for key in DESIGNS if (found := code(part(trial, f"design/{key}")))],
        "condition": [{"text": words(item.get("name"), language)} for item in trial.get("conditions", ())],
        "keyword": [{"text": words(item, language)} for item in trial.get("keywords", ())],
        "period": period(trial),
        "progressStatus": [{"state": {"text": status(trial)}}],
        "whyStopped": {"text": words(part(trial, "status/why_stopped"), language)},
        "contained": plans(trial, language),
        "protocol": [{"reference": f"#plan-{at}"} for at in range(1, len(trial.get("interventions", ())) + 1)],
        **_people_and_places(trial, identity, language),
    }


def _people_and_places(trial: Json, identity: str, language: str) -> Json:
    count = "actualNumber" if part(trial, "enrollment/type") == "ACTUAL" else "targetNumber"
    return {
        "associatedParty": [
            {"name": words(s.get("name"), language), "role": {"text": ROLES[s["role"]]}} for s in trial.get("sponsors", ()) if s.get("name")
        ],
        "recruitment": {
            count: part(trial, "enrollment/count"),
            "eligibility": {"reference": f"EvidenceVariable/{identity}-eligibility"},
        },
        "comparisonGroup": [
            {
                "name": words(arm.get("label"), language),
                "type": {"text": code(arm.get("type"))},
                "description": words(arm.get("description"), language),
            }
            for arm in trial.get("arms", ())
        ],
        "outcomeMeasure": [
            {
                "name": words(o.get("measure"), language),
                "type": [{"text": code(o.get("level")).lower()}],
                "description": "\n".join(filter(None, (words(o.get(key), language) for key in ("time_frame", "method", "description")))),
            }
            for o in trial.get("outcomes", ())
        ],
        "site": [{"display": ", ".join(found)} for place in trial.get("locations", ()) if (found := _place(place, language))],
    }


def _place(place: Json, language: str) -> list[str]:
    return [name for key in ("facility", "city", "province", "country") if (name := words(place.get(key), language))]


def _variable(record: Json, identity: str, language: str) -> Json:
    characteristics: list[Json] = [
        {"linkId": name.replace("_", "-"), "description": name.replace("_", " "), "definitionByTypeAndValue": {"type": subject, **value}}
        for name, subject, value in field_limits(record["trial"])
    ]
    for side in ("inclusion", "exclusion"):
        for _, statement in numbered_statements(record, side, language):
            expression = _whole(read_expression(statement.node, language, exclude=side == "exclusion"))
            excluding = {"exclude": True} if side == "exclusion" else {}
            characteristics.append(
                {"linkId": statement.id, "description": statement.text, **excluding, **_definition(expression, statement.id, language)}
            )
    return {
        "resourceType": "EvidenceVariable",
        "id": f"{identity}-eligibility",
        "language": language_of(record, language),
        "status": "draft",
        "title": f"Eligibility of {record['id']}",
        **_population(record, language),
        **({"characteristic": characteristics} if characteristics else {}),
    }


def _whole(expression: Expression) -> Expression:
    """A denied limit as a group of one, which has a place for the denial beside the exclusion of the criterion."""
    denied = isinstance(expression, LimitNode) and expression.constraint.get("negated")
    return GroupNode(ALL, (expression,)) if denied else expression


def _population(record: Json, language: str) -> Json:
    text = words(part(record, "trial/eligibility/population"), language)
    return {"description": text} if text else {}


def _definition(expression: Expression, link: str, language: str) -> Json:
    """definition[x] of an expression: words as they stand, a limit, or parts that combine."""
    if isinstance(expression, WordsNode):
        return {"definitionCodeableConcept": {"text": expression.text}}
    if isinstance(expression, SexNode):
        return {"definitionByTypeAndValue": {"type": {"text": "sex"}, **sex_value(expression.code)}}
    if isinstance(expression, LimitNode):
        return _limit(expression.constraint, link, language)
    below = [
        {"linkId": f"{link}.{at}", **_told(each), **_definition(each, f"{link}.{at}", language)}
        for at, each in enumerate(expression.parts, 1)
    ]
    least = {"threshold": expression.least} if expression.least else {}
    return {"definitionByCombination": {"code": COMBINATIONS[expression.combine], **least, "characteristic": below}}


def _told(expression: Expression) -> Json:
    """The words of a part, and whether it is denied."""
    if isinstance(expression, WordsNode):
        return {"description": expression.text}
    if not isinstance(expression, LimitNode):
        return {}
    limit = expression.constraint
    return {"description": words(limit.get("quote")), **({"exclude": True} if limit.get("negated") else {})}


def _limit(limit: Json, link: str, language: str) -> Json:
    subject, when = concept(limit, language), _time(limit)
    values = [{"definitionByTypeAndValue": {"type": subject, **value}, **when} for value in values_of(limit)]
    if len(values) == 1:
        return values[0]
    below = [{"linkId": f"{link}.{at}", **value} for at, value in enumerate(values, 1)]
    return {"definitionByCombination": {"code": "all-of", "characteristic": below}}


def _time(limit: Json) -> Json:
    """The window of a limit, where its unit is one of time."""
    window = limit.get("window", {})
    event = {"text": f"{window.get('relation', '').lower()} {window.get('anchor', '').lower().replace('_', ' ')}".strip()}
    if "value" not in window or window.get("unit") not in TIME_UNITS:
        return {}
    quantity = {"value": window["value"], "unit": window["unit"].lower(), "system": UCUM, "code": TIME_UNITS[window["unit"]]}
    return {"timeFromEvent": [{"description": event["text"], "eventCodeableConcept": event, "quantity": quantity}]}
