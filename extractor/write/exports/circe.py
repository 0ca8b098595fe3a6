"""OHDSI Circe: a cohort skeleton. The record has no OMOP concept ids, so that concept sets are named and empty.

One inclusion rule a top-level criterion, its description the verbatim words; ages, measurements and their windows are filled in.
Months and years of windows become days, which is an inference and said so in the description.
"""

from __future__ import annotations

from typing import Any

from extractor.write.exports import Exported
from extractor.write.exports.wording import Json, part, whole_statements, words

DAYS = {"DAY": 1, "WEEK": 7, "MONTH": 30, "YEAR": 365, "HOUR": 1 / 24, "MINUTE": 1 / 1440}
OPERATORS = {("low", True): "gte", ("low", False): "gt", ("high", True): "lte", ("high", False): "lt"}
GENDERS = {"MALE": 8507, "FEMALE": 8532}
NO_PLACE = ("arms", "outcomes", "locations", "sponsors", "contacts", "ethics", "biospecimens", "data_sharing", "registration", "results")


def export(record: Json, language: str = "en") -> Exported:
    """A cohort expression; `ConceptSets` lists the terms that a person has to resolve."""
    sets = _ConceptSets()
    conditions = [words(item.get("name"), language) for item in part(record, "trial/conditions") or ()]
    entry = {"ConditionOccurrence": {"CodesetId": sets.number(conditions[0] if conditions else "condition under study")}}
    rules = [
        _rule(statement.id, statement.text, statement.node, sets, exclude=side == "exclusion")
        for side in ("inclusion", "exclusion")
        for statement in whole_statements(record, side, language)
    ]
    value = {
        "ConceptSets": sets.expressions(),
        "PrimaryCriteria": {
            "CriteriaList": [entry],
            "ObservationWindow": {"PriorDays": 0, "PostDays": 0},
            "PrimaryCriteriaLimit": {"Type": "All"},
        },
        "QualifiedLimit": {"Type": "First"},
        "ExpressionLimit": {"Type": "All"},
        "InclusionRules": rules,
        "CensoringCriteria": [],
        "CollapseSettings": {"CollapseType": "ERA", "EraPad": 0},
        "CensorWindow": {},
    }
    return Exported(value, [f"/trial/{name}" for name in NO_PLACE if part(record, f"trial/{name}")])


class _ConceptSets:
    """Names to numbers, in order of first use."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}

    def number(self, name: str) -> int:
        """The number of a concept set, given at the first use of its name."""
        return self.names.setdefault(name, len(self.names))

    def expressions(self) -> list[Json]:
        """The sets as Circe lists them, empty."""
        return [{"id": number, "name": name, "expression": {"items": []}} for name, number in self.names.items()]


def _rule(identity: str, text: str, node: Json, sets: _ConceptSets, *, exclude: bool) -> Json:
    inferred = " [days of windows are inferred: a month is 30, a year 365]" if "MONTH" in str(node) or "YEAR" in str(node) else ""
    return {"name": identity, "description": text + inferred, "expression": _group(node, sets, exclude=exclude)}


def _group(node: Json, sets: _ConceptSets, *, exclude: bool) -> Json:
    limits = [c for c in node.get("constraints", ()) if not c.get("negated") and not c.get("exception")]
    children = [child for child in node.get("children", ()) if child.get("role") != "NOTE"]
    kind = node.get("combine", "ALL")
    shape: Json = {
        "Type": kind,
        "CriteriaList": []
        if exclude
        else [_measurement(c, sets) for c in limits if c["kind"] in ("MEASUREMENT", "SCORE") and ("low" in c or "high" in c)],
        "DemographicCriteriaList": [] if exclude else [d for d in map(_demographic, limits) if d],
        "Groups": [_group(child, sets, exclude=False) for child in children] if not exclude else [],
    }
    if kind == "AT_LEAST":
        shape["Count"] = node.get("at_least", 1)
    return shape


def _measurement(constraint: Json, sets: _ConceptSets) -> Json:
    variable = constraint.get("variable", {})
    name = variable.get("name") or variable.get("text") or words(constraint.get("quote"))
    field = (
        "RangeHighRatio"
        if constraint.get("reference") == "ULN"
        else "RangeLowRatio"
        if constraint.get("reference") == "LLN"
        else "ValueAsNumber"
    )
    window = constraint.get("window", {})
    start: Json = {"Coeff": -1}
    if window.get("relation") == "WITHIN" and window.get("unit") in DAYS and "value" in window:
        start["Days"] = max(1, round(window["value"] * DAYS[window["unit"]]))
    return {
        "Criteria": {"Measurement": {"CodesetId": sets.number(name), field: _range(constraint)}},
        "StartWindow": {"Start": start, "End": {"Days": 0, "Coeff": 1}, "UseEventEnd": False},
        "Occurrence": {"Type": 2, "Count": 1},
    }


def _range(constraint: Json) -> Json:
    low, high = constraint.get("low"), constraint.get("high")
    if low and high:
        return {"Value": low["value"], "Op": "bt", "Extent": high["value"]}
    end = "low" if low else "high"
    bound = constraint[end]
    return {"Value": bound["value"], "Op": OPERATORS[end, bound["inclusive"]]}


def _demographic(constraint: Json) -> Json | None:
    if constraint["kind"] == "SEX":
        genders = [{"CONCEPT_ID": GENDERS[value]} for value in constraint.get("values", ()) if value in GENDERS]
        return {"Gender": genders} if genders else None
    years: Any = constraint.get("unit", {}).get("ucum")
    if constraint["kind"] == "AGE" and years == "a" and ("low" in constraint or "high" in constraint):
        return {"Age": {key: int(value) if key != "Op" else value for key, value in _range(constraint).items()}}
    return None
