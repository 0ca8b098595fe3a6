"""What the two FHIR versions share: systems, statuses, phases, quantities of constraints."""

from __future__ import annotations

from typing import Any

from extractor.write.exports.wording import Json, code, part, words

# Addresses that registers are known by; the final slash of the first is what consumers compare with.
SYSTEMS = {
    "NCT": "http://clinicaltrials.gov/",
    "CHICTR": "https://www.chictr.org.cn/",
    "ISRCTN": "https://www.isrctn.com/",
    "EUCTR": "https://www.clinicaltrialsregister.eu/",
    "CTIS": "https://euclinicaltrials.eu/",
    "CDE": "http://www.chinadrugtrials.org.cn/",
    "UTN": "https://www.who.int/universal-trial-number/",
}
# FHIR research-study-status; origin: the value set's definitions beside the API's.
STATUSES = {
    "RECRUITING": "active",
    "ENROLLING_BY_INVITATION": "active",
    "NOT_YET_RECRUITING": "approved",
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


def identifiers(trial: Json) -> list[Json]:
    """Every number with its register's address."""
    return [
        {**({"system": SYSTEMS[i["scheme"]]} if i["scheme"] in SYSTEMS else {}), "value": i["value"]} for i in trial.get("identifiers", ())
    ]


def phase(trial: Json) -> Json | None:
    """The phase as one concept, None where the codes are no phase of the value set."""
    found = PHASES.get(tuple(part(trial, "design/phases/codes") or ()))
    return {"coding": [{"system": PHASE_SYSTEM, "code": found}]} if found else None


def status(trial: Json) -> str:
    """The overall status; what is unknown is in review."""
    return STATUSES.get(code(part(trial, "status/overall")), "in-review")


def period(trial: Json) -> Json:
    """Start and end of the study, at the precision that the source has."""
    ends = (("start", "start"), ("completion", "end"))
    return {theirs: value[:10] for ours, theirs in ends if (value := part(trial, f"dates/{ours}/value"))}


def translated(text: Any, language: str) -> Json:
    """The extension that keeps the other language of a string."""
    other = next((key for key in ("zh", "en") if key != language and isinstance(text, dict) and key in text and language in text), "")
    if not other:
        return {}
    parts = [{"url": "lang", "valueCode": other}, {"url": "content", "valueString": text[other]}]
    return {"extension": [{"url": TRANSLATION, "extension": parts}]}


def concept(constraint: Json) -> Json:
    """What a constraint speaks of, with its codes."""
    variable = constraint.get("variable", {})
    text = variable.get("name") or variable.get("text") or constraint["kind"].lower()
    reference = constraint.get("reference")
    codes = [{"system": LOINC, "code": c["code"]} for c in variable.get("codes", ()) if c["system"] == "LOINC"]
    return {"coding": codes, "text": f"{text}, multiples of {reference}" if reference else text}


def value_of(constraint: Json) -> Json:
    """value[x] of a constraint: a quantity with a comparator, a range, or words."""
    ends = [name for name in ("low", "high") if name in constraint]
    if len(ends) == 1:
        bound = constraint[ends[0]]
        return {"valueQuantity": {**_quantity(constraint, ends[0]), "comparator": COMPARATORS[ends[0], bound["inclusive"]]}}
    if ends:
        return {"valueRange": {name: _quantity(constraint, name) for name in ends}}
    texts = constraint.get("values") or [words(constraint.get("quote"))]
    return {"valueCodeableConcept": {"text": ", ".join(texts)}}


def _quantity(constraint: Json, end: str) -> Json:
    unit = constraint.get("unit", {})
    ucum = f"{{{constraint['reference']}}}" if constraint.get("reference") else unit.get("ucum")
    coded = {"system": UCUM, "code": ucum} if ucum else {}
    return {"value": constraint[end]["value"], **({"unit": unit.get("text") or ucum} if unit.get("text") or ucum else {}), **coded}
