"""What the two FHIR versions share: systems, statuses, phases, limits of constraints."""

from __future__ import annotations

from typing import Any

from extractor.write.exports.wording import Json, code, part, words

# Addresses that registers are known by; the final slash of the first is what consumers compare with.
SYSTEMS = {
    "NCT": "http://clinicaltrials.gov/",
    "CHICTR": "https://www.chictr.org.cn/",
    "ITMCTR": "http://itmctr.ccebtcm.org.cn/",
    "ISRCTN": "https://www.isrctn.com/",
    "EUCTR": "https://www.clinicaltrialsregister.eu/",
    "CTIS": "https://euclinicaltrials.eu/",
    "DRKS": "https://drks.de/",
    "CDE": "http://www.chinadrugtrials.org.cn/",
    "UTN": "https://www.who.int/universal-trial-number/",
}
# FHIR research-study-status; origin: the value set's definitions beside the API's.
STATUSES = {
    "RECRUITING": "active",
    "ENROLLING_BY_INVITATION": "active",
    "NOT_YET_RECRUITING": "approved",
    "AUTHORISED": "approved",
    "ACTIVE_NOT_RECRUITING": "closed-to-accrual",
    "COMPLETED": "completed",
    "SUSPENDED": "temporarily-closed-to-accrual",
    "TERMINATED": "administratively-completed",
    "WITHDRAWN": "withdrawn",
}
PHASES = {
    ("NA",): "n-a",
    ("EARLY_PHASE1",): "early-phase-1",
    ("PHASE1",): "phase-1",
    ("PHASE1", "PHASE2"): "phase-1-phase-2",
    ("PHASE2",): "phase-2",
    ("PHASE2", "PHASE3"): "phase-2-phase-3",
    ("PHASE3",): "phase-3",
    ("PHASE4",): "phase-4",
}
PHASE_SYSTEM = "http://terminology.hl7.org/CodeSystem/research-study-phase"
UCUM = "http://unitsofmeasure.org"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
COMPARATORS = {("low", True): ">=", ("low", False): ">", ("high", True): "<=", ("high", False): "<"}
LOINC = "http://loinc.org"
GENDER_SYSTEM = "http://hl7.org/fhir/administrative-gender"
MULTIPLES = {"en": "{}, multiples of {}", "zh": "{}（{} 的倍数）"}
TIME_UNITS = {"YEAR": "a", "MONTH": "mo", "WEEK": "wk", "DAY": "d", "HOUR": "h", "MINUTE": "min"}
LENGTH = 64  # characters of an id


def identity_of(record: Json) -> str:
    """The record's id in the letters that FHIR takes, short enough to have an ending."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in record["id"])[: LENGTH - 16]


def identifiers(trial: Json) -> list[Json]:
    """Every number with its register's address; the registry's own is the official one."""
    found = sorted(trial.get("identifiers", ()), key=lambda i: not i.get("primary"))
    return [
        {
            "use": "official" if i.get("primary") else "secondary",
            **({"system": SYSTEMS[i["scheme"]]} if i["scheme"] in SYSTEMS else {}),
            "value": i["value"],
        }
        for i in found
    ]


def phase(trial: Json) -> Json | None:
    """The phase as one concept, in words only where the codes are no phase of the value set."""
    codes = tuple(part(trial, "design/phases/codes") or ())
    found = PHASES.get(codes)
    if not found:
        return {"text": "/".join(codes)} if codes else None
    return {"coding": [{"system": PHASE_SYSTEM, "code": found}]}


def status(trial: Json) -> str:
    """The overall status; what is unknown is in review."""
    return STATUSES.get(code(part(trial, "status/overall")), "in-review")


def status_pointers(trial: Json) -> list[str]:
    """The pointer of a status that FHIR has no word for: it says "in-review" then."""
    found = code(part(trial, "status/overall"))
    return ["/trial/status/overall"] if found and found not in (*STATUSES, "UNKNOWN", "WITHHELD") else []


def period(trial: Json) -> Json:
    """Start and end of the study, at the precision that the source has."""
    ends = (("start", "start"), ("completion", "end"))
    return {theirs: value[:10] for ours, theirs in ends if (value := part(trial, f"dates/{ours}/value"))}


def translated(text: Any, language: str) -> Json:
    """The extension that keeps the other languages of a string."""
    others = [key for key in text if key != language] if isinstance(text, dict) and language in text else []
    found = [
        {"url": TRANSLATION, "extension": [{"url": "lang", "valueCode": other}, {"url": "content", "valueString": text[other]}]}
        for other in others
    ]
    return {"extension": found} if found else {}


def language_of(record: Json, language: str) -> str:
    """The language that a resource is in: the one asked for where the record has it, else the record's first."""
    own = record["source"].get("languages") or [language]
    return language if language in own else str(own[0])


def concept(constraint: Json, language: str = "en") -> Json:
    """What a constraint speaks of: in the source's words where those are of the language asked for, else by our name; with its codes."""
    variable = constraint.get("variable", {})
    own = variable.get("text") if language in constraint.get("quote", {}) else None
    text = own or variable.get("name") or variable.get("text") or constraint["kind"].lower()
    codes = [{"system": LOINC, "code": c["code"]} for c in variable.get("codes", ()) if c["system"] == "LOINC"]
    reference = constraint.get("reference")
    return {"coding": codes, "text": MULTIPLES.get(language, MULTIPLES["en"]).format(text, reference) if reference else text}


def values_of(constraint: Json) -> list[Json]:
    """value[x] of a constraint, all of which must hold: a quantity with a comparator, a range, or a coded word.

    A range of FHIR has no end that does not belong to it: such a range is two quantities.
    """
    ends = [name for name in ("low", "high") if name in constraint]
    if len(ends) == 2 and all(constraint[end]["inclusive"] for end in ends):
        return [{"valueRange": {name: _quantity(constraint, name) for name in ends}}]
    if ends:
        return [
            {"valueQuantity": {**_quantity(constraint, end), "comparator": COMPARATORS[end, constraint[end]["inclusive"]]}} for end in ends
        ]
    return [{"valueCodeableConcept": {"text": ", ".join(constraint.get("values") or [words(constraint.get("quote"))])}}]


def sex_value(sex: str) -> Json:
    """value[x] of a sex."""
    return {"valueCodeableConcept": {"coding": [{"system": GENDER_SYSTEM, "code": sex.lower()}]}}


def _quantity(constraint: Json, end: str) -> Json:
    unit = constraint.get("unit", {})
    ucum = f"{{{constraint['reference']}}}" if constraint.get("reference") else unit.get("ucum")
    coded = {"system": UCUM, "code": ucum} if ucum else {}
    return {"value": constraint[end]["value"], **({"unit": unit.get("text") or ucum} if unit.get("text") or ucum else {}), **coded}


def plans(trial: Json, language: str) -> list[Json]:
    """A contained PlanDefinition for each intervention."""
    return [
        {
            "resourceType": "PlanDefinition",
            "id": f"plan-{at}",
            "status": "unknown",
            "title": words(item.get("name"), language),
            "subtitle": ", ".join(words(name, language) for name in item.get("other_names", ())),
            "type": {"text": code(item.get("type"))},
            "description": words(item.get("description"), language),
        }
        for at, item in enumerate(trial.get("interventions", ()), 1)
    ]


def field_limits(trial: Json) -> list[tuple[str, Json, Json]]:
    """(field, what it speaks of, value[x]) of the registry's own fields for age and sex; "ALL" limits nothing."""
    found = trial.get("eligibility", {})
    ages = [
        (
            field,
            {
                "kind": "AGE",
                "variable": {"name": "age"},
                end: {"value": found[field]["value"], "inclusive": True},
                "unit": _age_unit(found[field]),
            },
        )
        for field, end in (("minimum_age", "low"), ("maximum_age", "high"))
        if field in found
    ]
    limits = [(field, concept(limit), values_of(limit)[0]) for field, limit in ages]
    sex = code(found.get("sex"))
    return [*limits, *([("sex", {"text": "sex"}, sex_value(sex))] if sex in ("FEMALE", "MALE") else [])]


def _age_unit(age: Json) -> Json:
    return {"ucum": TIME_UNITS[age["unit"]], "text": age["unit"].lower()}
