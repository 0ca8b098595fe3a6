"""FHIR R4 Bundles as patients: Patient, Observation, Condition, MedicationStatement, Procedure. Nothing is guessed.

Read with plain JSON after https://hl7.org/fhir/R4/: of a resource only what a patient's file has a field for. What is entered in
error is left out; resources of other types are counted in `unread`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from msgspec import UNSET

from extractor.screen.patient.days import parse_days
from extractor.screen.patient.names import find_by_code
from extractor.screen.patient.schema import HealthState, Observation, Patient, Score

Json = dict[str, Any]
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
SEXES = {"male": "MALE", "female": "FEMALE"}  # "other" and "unknown" say nothing of a criterion's sexes
VOID = frozenset({"entered-in-error", "cancelled", "not-done", "registered"})
PREGNANCY_STATUS = "82810-3"
# Answers to the pregnancy status, in LOINC and SNOMED CT (https://hl7.org/fhir/uv/ips/ValueSet-pregnancy-status-uv-ips.html).
PREGNANT = {"LA15173-0": True, "77386006": True, "LA26683-5": False, "60001007": False}
# Clinical statuses of conditions and statuses of medication statements: true may hold today, false does not.
ACTIVE = {
    **dict.fromkeys(("active", "recurrence", "relapse", "intended", "on-hold"), True),
    **dict.fromkeys(("inactive", "remission", "resolved", "completed", "stopped", "not-taken"), False),
}
NEVER_TAKEN = frozenset({"not-taken", "intended", "unknown"})  # statements that do not say that a drug was taken
SURE_TODAY = frozenset({"active", "recurrence", "relapse"})  # of those above, what surely holds today
STILL_PREGNANT = 28  # days for which a pregnancy status may be taken as today's


def is_fhir(value: Any) -> bool:
    """Whether decoded JSON is a FHIR resource."""
    return isinstance(value, dict) and "resourceType" in value


def read_bundle(bundle: Json, as_of: str = "") -> list[Patient]:
    """The patients of a Bundle, in its order; `as_of` is the day of screening (default: the day of the Bundle's timestamp).

    Raises ValueError where it is no Bundle with a Patient.
    """
    if bundle.get("resourceType") != "Bundle":
        raise ValueError(f"a FHIR {bundle.get('resourceType')} alone is no patient's file: put it in a Bundle with its Patient")
    entries = [(entry.get("fullUrl", ""), entry["resource"]) for entry in bundle.get("entry", ()) if is_fhir(entry.get("resource"))]
    people = [(url, resource) for url, resource in entries if resource["resourceType"] == "Patient"]
    if not people:
        raise ValueError("this Bundle holds no Patient")
    day = as_of or str(bundle.get("timestamp", ""))[:10]
    others = [resource for _, resource in entries if resource["resourceType"] != "Patient"]
    return [_patient(url, person, others, day, only=len(people) == 1) for url, person in people]


def _patient(url: str, person: Json, others: list[Json], day: str, *, only: bool) -> Patient:
    own = {url, f"Patient/{person.get('id', '')}"} - {""}
    mine = [resource for resource in others if _is_about(resource, own, only=only)]
    held: dict[str, Any] = {"observations": [], "scores": [], "conditions": [], "medications": [], "procedures": [], "flags": []}
    unread: Counter[str] = Counter()
    for resource in mine:
        read = READERS.get(resource["resourceType"])
        found = [] if read is None or _is_void(resource) else list(read(resource, day))
        if not found and not _is_void(resource):
            unread[resource["resourceType"]] += 1
        for kind, item in found:
            held[kind].append(item)
    flags = {name: value for flag in held.pop("flags") for name, value in flag.items()}
    stated: dict[str, Any] = {
        "id": str(person.get("id") or url),
        "as_of": day,
        "birth_date": str(person.get("birthDate", "")),
        "sex": SEXES.get(person.get("gender", ""), UNSET),
        "flags": flags,
        "unread": [f"{count} FHIR {name} without a value that is read" for name, count in sorted(unread.items())],
    }
    return Patient(**stated, **held)


def _is_about(resource: Json, own: set[str], *, only: bool) -> bool:
    reference = str(_get(resource, "subject", "reference") or _get(resource, "patient", "reference") or "")
    return any(f"/{reference}".endswith(f"/{each}") for each in own) if reference else only


def _is_void(resource: Json) -> bool:
    codes = {coding.get("code") for coding in _get(resource, "verificationStatus", "coding") or ()}
    return resource.get("status") in VOID or "entered-in-error" in codes


def _get(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _codings(concept: Any) -> Iterator[Json]:
    found = _get(concept, "coding")
    yield from (coding for coding in found if isinstance(coding, dict)) if isinstance(found, list) else ()


def _name(concept: Any) -> str:
    """What a concept is called: its own text, else the first display."""
    return str(_get(concept, "text") or next((coding["display"] for coding in _codings(concept) if coding.get("display")), ""))


def _loinc(concept: Any) -> list[str]:
    return [str(coding.get("code", "")) for coding in _codings(concept) if coding.get("system") == LOINC]


def _day(resource: Json, *fields: str) -> str:
    """The first date among fields; of a period its end, else its start."""
    for field in fields:
        value = resource.get(field)
        value = (value.get("end") or value.get("start")) if isinstance(value, dict) else value
        if value:
            return str(value)
    return ""


def _observation(resource: Json, day: str) -> Iterator[tuple[str, Any]]:
    """The value of an observation and of its components; the pregnancy status as a flag."""
    date = _day(resource, "effectiveDateTime", "effectiveInstant", "effectivePeriod", "issued")
    if PREGNANCY_STATUS in _loinc(resource.get("code")):
        yield from _pregnancy(resource, date, day)
        return
    for part in (resource, *(resource.get("component") or ())):
        found = _measured(part, date)
        if found is not None:
            yield found


def _measured(part: Json, date: str) -> tuple[str, Any] | None:
    name, codes = _name(part.get("code")), _loinc(part.get("code"))
    loinc = next(filter(find_by_code, codes), next(iter(codes), ""))
    quantity: Any = part.get("valueQuantity")
    if _is_exact(quantity):
        limits = _limits(part, quantity)
        return "observations", Observation(value=quantity["value"], name=name, unit=_unit(quantity), date=date, loinc=loinc, **limits)
    if _is_number(part.get("valueInteger")):
        return "observations", Observation(value=part["valueInteger"], name=name, date=date, loinc=loinc)
    called = next(filter(None, (find_by_code(loinc), name, loinc)), "")
    grade = str(part.get("valueString", "")) or _name(part.get("valueCodeableConcept"))
    return ("scores", Score(name=called, grade=grade, date=date)) if grade and called else None


def _is_exact(quantity: Any) -> bool:
    """Whether a quantity is a number, and not a bound ("< 5")."""
    return isinstance(quantity, dict) and _is_number(quantity.get("value")) and not quantity.get("comparator")


def _unit(quantity: Json) -> str:
    """The UCUM code of a quantity's unit; where it has none, what it is called."""
    order = ("code", "unit") if quantity.get("system") == UCUM else ("unit", "code")
    return next((str(quantity[key]) for key in order if quantity.get(key)), "")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _limits(part: Json, quantity: Json) -> dict[str, Any]:
    """The laboratory's normal range, where it has one and its unit is the value's."""
    ranges = [each for each in part.get("referenceRange") or () if _is_normal(each)]
    ends = ranges[0] if len(ranges) == 1 else {}
    found: dict[str, Any] = {name: ends.get(end) for end, name in (("low", "lower_limit"), ("high", "upper_limit"))}
    return {name: limit["value"] for name, limit in found.items() if _is_like(limit, quantity)}


def _is_like(limit: Any, quantity: Json) -> bool:
    """Whether a limit is a number in the unit of the quantity, or names none."""
    if not isinstance(limit, dict) or not _is_number(limit.get("value")):
        return False
    return all(limit.get(key, quantity.get(key)) == quantity.get(key) for key in ("code", "unit"))


def _is_normal(each: Any) -> bool:
    """Whether a reference range is the normal one: it says so, or says nothing else."""
    if not isinstance(each, dict) or any(each.get(key) for key in ("appliesTo", "age")):
        return False
    codes = {coding.get("code") for coding in _codings(each.get("type"))}
    return not codes or "normal" in codes


def _pregnancy(resource: Json, date: str, day: str) -> Iterator[tuple[str, Any]]:
    answers = {PREGNANT.get(str(coding.get("code"))) for coding in _codings(resource.get("valueCodeableConcept"))} - {None}
    try:
        age = (parse_days(day).first - parse_days(date).first).days
    except ValueError:
        return
    if len(answers) == 1 and 0 <= age <= STILL_PREGNANT:
        yield "flags", {"pregnant": answers.pop()}


def _condition(resource: Json, _: str) -> Iterator[tuple[str, Any]]:
    status = next((str(coding.get("code")) for coding in _codings(resource.get("clinicalStatus"))), "")
    proof = {str(coding.get("code")) for coding in _codings(resource.get("verificationStatus"))}
    if proof & {"unconfirmed", "provisional", "differential"}:
        return
    end = _day(resource, "abatementDateTime", "abatementPeriod")
    start = _day(resource, "onsetDateTime", "onsetPeriod")
    active = _active(status)
    for name in _names(resource.get("code")):
        yield "conditions", HealthState(name=name, start=start, end=end, active=active, present="refuted" not in proof)


def _active(status: str) -> bool | None:
    return True if status in SURE_TODAY else None if ACTIVE.get(status, True) else False


def _names(concept: Any) -> Iterable[str]:
    """Every name of a concept, since a criterion may use any of them; the same one once."""
    return dict.fromkeys(filter(None, (str(_get(concept, "text") or ""), *(str(c.get("display") or "") for c in _codings(concept)))))


def _medication(resource: Json, _: str) -> Iterator[tuple[str, Any]]:
    concept = resource.get("medicationCodeableConcept") or _contained(resource)
    period = resource.get("effectivePeriod") or {"start": resource.get("effectiveDateTime")}
    start, end = (str(_get(period, end) or "") for end in ("start", "end"))
    if resource.get("status") not in NEVER_TAKEN:
        for name in _names(concept):
            yield "medications", HealthState(name=name, start=start, end=end, active=_active(str(resource.get("status", ""))))


def _contained(resource: Json) -> Any:
    """The code of a medication that the resource holds inside itself."""
    wanted = str(_get(resource, "medicationReference", "reference") or "")
    found = (each for each in resource.get("contained") or () if f"#{each.get('id')}" == wanted)
    return _get(next(found, None), "code") or {"text": _get(resource, "medicationReference", "display")}


def _procedure(resource: Json, _: str) -> Iterator[tuple[str, Any]]:
    day = _day(resource, "performedDateTime", "performedPeriod")
    if resource.get("status") == "completed":
        for name in _names(resource.get("code")):
            yield "procedures", HealthState(name=name, start=day, end=day)


READERS: dict[str, Callable[[Json, str], Iterator[tuple[str, Any]]]] = {
    "Observation": _observation,
    "Condition": _condition,
    "MedicationStatement": _medication,
    "Procedure": _procedure,
}


def read_patients(data: bytes, as_of: str = "") -> list[Patient] | None:
    """The patients of a file of FHIR: one Bundle, or Bundles one a line; None where it is no FHIR.

    Raises ValueError where a Bundle cannot be read.
    """
    try:
        values = [msgspec.json.decode(data)]
    except msgspec.MsgspecError:
        try:
            values = [msgspec.json.decode(line) for line in data.splitlines() if line.strip()]
        except msgspec.MsgspecError:
            return None
    if not values or not all(is_fhir(value) for value in values):
        return None
    try:
        return [patient for value in values for patient in read_bundle(value, as_of)]
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"this Bundle is not built as FHIR R4 says ({error})") from error
