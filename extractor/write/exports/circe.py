"""OHDSI Circe: a cohort skeleton. The record has no OMOP concept ids, so that concept sets are named and empty.

One inclusion rule a top-level criterion, its description the verbatim words. What the record has as limits is built of
measurements, ages and sexes; what it has as words becomes an event with a concept set that bears them: until a person fills it
in, an inclusion of that kind passes nobody. A cohort counts from its index date, where the text counts from screening or a dose,
and any value up to that date counts, where the text means the one at screening: the description says so.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from extractor.tables import read_table
from extractor.write.exports import Exported
from extractor.write.exports.limits import ALL, ANY, Expression, GroupNode, LimitNode, SexNode, WordsNode, read_expression
from extractor.write.exports.wording import SIDES, Json, left_out_of, note_pointers, numbered_statements, part, words

DAYS = {"DAY": 1, "WEEK": 7, "MONTH": 30, "YEAR": 365}  # windows in hours and in cycles have no whole number of days: they stay words
BEFORE_INDEX = {
    "",
    "SCREENING",
    "ENROLLMENT",
    "RANDOMIZATION",
    "FIRST_DOSE",
    "CONSENT",
    "BASELINE",
    "NOW",
}  # anchors that an index date may stand for
OPERATORS = {("low", True): "gte", ("low", False): "gt", ("high", True): "lte", ("high", False): "lt"}
GENDERS = {"MALE": 8507, "FEMALE": 8532}  # OMOP's standard concepts
RATIOS = {"ULN": "RangeHighRatio", "LLN": "RangeLowRatio", None: "ValueAsNumber"}
AT_LEAST_ONCE: Json = {"Type": 2, "Count": 1}
NEVER: Json = {"Type": 0, "Count": 0}
SET_NAME = 200  # characters of a concept set's name: ATLAS takes 255
HELD = "conditions/name eligibility/inclusion eligibility/exclusion eligibility/text eligibility/sex eligibility/minimum_age eligibility/maximum_age"
REMARKS = (
    ("MONTH", "days of windows are inferred: a month is 30"),
    ("YEAR", "days of windows are inferred: a year is 365"),
)


def export(record: Json, language: str = "en") -> Exported:
    """A cohort expression; `ConceptSets` lists the terms that a person has to resolve."""
    sets = _ConceptSets()
    conditions = [words(item.get("name"), language) for item in part(record, "trial/conditions") or ()] or ["condition under study"]
    entries = [{"ConditionOccurrence": {"CodesetId": sets.number(name)}} for name in conditions if name]
    rules = _field_rules(record)
    unread = [
        f"/trial/eligibility/{age}"
        for age in ("minimum_age", "maximum_age")
        if part(record, f"trial/eligibility/{age}") and not _whole_years(record, age)
    ]
    for side in SIDES:
        for pointer, statement in numbered_statements(record, side, language):
            expression = _buildable(read_expression(statement.node, language, exclude=side == "exclusion"), statement.id, statement.text)
            unread += [pointer] if _holds_words(expression) else []
            rules.append(_rule(statement.id, _described(statement.text, statement.node), expression, sets, exclude=side == "exclusion"))
    value = {
        "ConceptSets": sets.expressions(),
        "PrimaryCriteria": {
            "CriteriaList": entries,
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
    return Exported(value, [*left_out_of(record, HELD), *unread, *note_pointers(record)])


class _ConceptSets:
    """Names to numbers, in order of first use."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}

    def number(self, name: str) -> int:
        """The number of a concept set, given at the first use of its name."""
        return self.names.setdefault(name if len(name) <= SET_NAME else f"{name[: SET_NAME - 1]}…", len(self.names))

    def expressions(self) -> list[Json]:
        """The sets as Circe lists them, empty."""
        return [{"id": number, "name": name, "expression": {"items": []}} for name, number in self.names.items()]


@cache
def _units() -> dict[str, Json]:
    """OMOP's concept of each UCUM unit that has one."""
    return {
        ucum: {"CONCEPT_ID": int(number), "CONCEPT_NAME": name, "CONCEPT_CODE": ucum, "VOCABULARY_ID": "UCUM", "DOMAIN_ID": "Unit"}
        for ucum, number, name in read_table("extractor.write.exports", "omop_units")
    }


def _described(text: str, node: Json) -> str:
    told = [remark for unit, remark in REMARKS if f"'unit': '{unit}'" in str(node)]
    return f"{text} [{'; '.join(told)}]" if told else text


def _field_rules(record: Json) -> list[Json]:
    """Rules of the registry's own fields for age and sex, where a whole number of years says it."""
    found = part(record, "trial/eligibility") or {}
    rules = []
    for field, end in (("minimum_age", "low"), ("maximum_age", "high")):
        if _whole_years(record, field):
            years = int(found[field]["value"])
            described = f"{field.replace('_', ' ')}: {years} years (field of the registry)"
            rules.append(_wrapped(field, described, [{"Age": {"Value": years, "Op": OPERATORS[end, True]}}]))
    sex = part(found, "sex/code")
    if sex in GENDERS:
        rules.append(_wrapped("sex", f"sex: {sex.lower()} (field of the registry)", [_gender(sex)]))
    return rules


def _whole_years(record: Json, field: str) -> bool:
    """Whether an age limit is a whole number of years, the only one that Circe's ages can be."""
    age = part(record, f"trial/eligibility/{field}") or {}
    return bool(age.get("unit") == "YEAR" and age["value"] == int(age["value"]))


def _wrapped(name: str, description: str, demographics: list[Json]) -> Json:
    return {"name": name, "description": description, "expression": _group(ALL, demographics=demographics)}


def _group(kind: str, criteria: list[Json] | None = None, demographics: list[Json] | None = None, groups: list[Json] | None = None) -> Json:
    return {"Type": kind, "CriteriaList": criteria or [], "DemographicCriteriaList": demographics or [], "Groups": groups or []}


def _buildable(expression: Expression, identity: str, text: str) -> Expression:
    """The expression, or the whole criterion's words where one of its limits has no exact form here."""
    return expression if all(_is_exact(limit) for limit in _limits(expression)) else WordsNode(identity, text)


def _limits(expression: Expression) -> list[Json]:
    if isinstance(expression, LimitNode):
        return [expression.constraint]
    return [limit for each in expression.parts for limit in _limits(each)] if isinstance(expression, GroupNode) else []


def _holds_words(expression: Expression) -> bool:
    return isinstance(expression, WordsNode) or (isinstance(expression, GroupNode) and any(map(_holds_words, expression.parts)))


def _is_exact(constraint: Json) -> bool:
    """Whether Circe can say a limit without adding to it or taking from it."""
    asked = EXACT.get(constraint["kind"])
    return asked is not None and not constraint.get("negated") and asked(constraint)


def _is_sex(constraint: Json) -> bool:
    values = constraint.get("values", [])
    return bool(values) and set(values) <= set(GENDERS)


def _is_age(constraint: Json) -> bool:
    """Whether an age is one in whole years, as Circe's are."""
    ends = _ends(constraint)
    whole = all(value == int(value) for value in ends)
    return bool(ends) and whole and part(constraint, "unit/ucum") == "a" and "window" not in constraint


def _is_value(constraint: Json) -> bool:
    return bool(_ends(constraint)) and _has_unit(constraint) and _has_window(constraint)


EXACT: dict[str, Callable[[Json], bool]] = {"SEX": _is_sex, "AGE": _is_age, "MEASUREMENT": _is_value, "SCORE": _is_value}


def _ends(constraint: Json) -> list[Any]:
    return [constraint[end]["value"] for end in ("low", "high") if end in constraint]


def _has_unit(constraint: Json) -> bool:
    """Whether the unit is one of OMOP's; multiples of a limit, scores and numbers without a unit need none."""
    if constraint.get("reference"):
        return constraint["reference"] in RATIOS
    unit = constraint.get("unit")
    return unit is None or unit.get("ucum") in (*_units(), "{score}")


def _has_window(constraint: Json) -> bool:
    """Whether a window counts whole days back from what the index date may stand for."""
    window = constraint.get("window")
    if not window:
        return True
    later = any("after" in text.lower() or "后" in text for text in constraint.get("quote", {}).values())
    backwards = window["relation"] in ("WITHIN", "BEFORE") and window.get("anchor", "") in BEFORE_INDEX
    return not later and backwards and {"value", "unit"} <= set(window) and window["unit"] in DAYS


def _rule(identity: str, description: str, expression: Expression, sets: _ConceptSets, *, exclude: bool) -> Json:
    built = _built(expression, sets)
    if exclude:
        built = _denied(expression, built)
    return {"name": identity, "description": description, "expression": built}


def _denied(expression: Expression, built: Json) -> Json:
    """None of it: a single value must never have been; else at most none of the parts."""
    parts = [*built["CriteriaList"], *built["DemographicCriteriaList"], *built["Groups"]]
    if isinstance(expression, LimitNode) and parts == built["CriteriaList"]:
        return {**built, "CriteriaList": [{**criterion, "Occurrence": NEVER} for criterion in parts]}
    if len(parts) == 1 or built["Type"] == ANY:
        return {**built, "Type": "AT_MOST", "Count": 0}
    return {**_group("AT_MOST", groups=[built]), "Count": 0}


def _built(expression: Expression, sets: _ConceptSets) -> Json:
    """A group that says what the expression says."""
    if not isinstance(expression, GroupNode):
        return _of_parts(ALL, (expression,), sets)
    shape = _of_parts(expression.combine, expression.parts, sets)
    return {**shape, "Count": expression.least} if expression.least else shape


def _of_parts(kind: str, parts: tuple[Expression, ...], sets: _ConceptSets) -> Json:
    shape = _group(kind)
    for each in parts:
        if isinstance(each, GroupNode):
            shape["Groups"].append(_built(each, sets))
        elif isinstance(each, WordsNode):
            shape["CriteriaList"].append(_event({"Observation": {"CodesetId": sets.number(f"{each.id}: {each.text}")}}))
        elif isinstance(each, SexNode):
            shape["DemographicCriteriaList"].append(_gender(each.code))
        elif each.constraint["kind"] in ("AGE", "SEX"):
            _add_demographic(shape, each.constraint)
        else:
            shape["CriteriaList"].append(_measurement(each.constraint, sets))
    return shape


def _add_demographic(shape: Json, constraint: Json) -> None:
    """An age or sex; an age between two ends of which one is excluded takes two criteria, which must both hold."""
    found: list[Json] = [{"Age": bound} for bound in _bounds(constraint)]
    if constraint["kind"] == "SEX":
        found = [{"Gender": [{"CONCEPT_ID": GENDERS[value]} for value in constraint["values"]]}]
    if len(found) == 1 or shape["Type"] == ALL:
        shape["DemographicCriteriaList"] += found
    else:
        shape["Groups"].append(_group(ALL, demographics=found))


def _gender(code: str) -> Json:
    return {"Gender": [{"CONCEPT_ID": GENDERS[code]}]}


def _bounds(constraint: Json) -> list[Json]:
    """The ends of a range: one bound, or "bt" where both ends belong to it, else two bounds."""
    ends = [end for end in ("low", "high") if end in constraint]
    if len(ends) == 2 and all(constraint[end]["inclusive"] for end in ends):
        return [{"Value": _number(constraint["low"]), "Op": "bt", "Extent": _number(constraint["high"])}]
    return [{"Value": _number(constraint[end]), "Op": OPERATORS[end, constraint[end]["inclusive"]]} for end in ends]


def _number(bound: Json) -> Any:
    return int(bound["value"]) if bound["value"] == int(bound["value"]) else bound["value"]


def _measurement(constraint: Json, sets: _ConceptSets) -> Json:
    """A value in the range; where an end is excluded, the other end is asked of a value of the same day."""
    variable = constraint.get("variable", {})
    number = sets.number(variable.get("name") or variable.get("text") or words(constraint.get("quote")))
    unit = _units().get(part(constraint, "unit/ucum") or "")
    shape = {"CodesetId": number, **({"Unit": [unit]} if unit and not constraint.get("reference") else {})}
    field = RATIOS[constraint.get("reference")]
    first, *others = [{**shape, field: bound} for bound in _bounds(constraint)]
    same_day: Json = {"Start": {"Days": 0, "Coeff": -1}, "End": {"Days": 0, "Coeff": 1}, "UseEventEnd": False}
    if others:
        related: list[Json] = [
            {"Criteria": {"Measurement": other}, "StartWindow": same_day, "Occurrence": AT_LEAST_ONCE} for other in others
        ]
        first["CorrelatedCriteria"] = _group(ALL, related)
    return _event({"Measurement": first}, constraint.get("window"))


def _event(criteria: Json, window: Json | None = None) -> Json:
    """An event at least once, up to the index date: within some days before it, or no later than some days before it."""
    days = round(window["value"] * DAYS[window["unit"]]) if window else 0
    start: Json = {"Coeff": -1, **({"Days": days} if window and window["relation"] == "WITHIN" else {})}
    end = {"Days": days, "Coeff": -1} if window and window["relation"] == "BEFORE" else {"Days": 0, "Coeff": 1}
    return {"Criteria": criteria, "StartWindow": {"Start": start, "End": end, "UseEventEnd": False}, "Occurrence": AT_LEAST_ONCE}
