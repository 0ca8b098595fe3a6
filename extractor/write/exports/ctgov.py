"""ClinicalTrials.gov API v2 JSON: the shape of `protocolSection` as the published data model has it."""

from __future__ import annotations

from typing import Any

from extractor.patterns import lazy_pattern
from extractor.write.exports import Exported
from extractor.write.exports.wording import Json, age_words, code, filled, left_out_of, part, primary_number, registry_number, words

DATES = (
    ("start", "startDateStruct"),
    ("primary_completion", "primaryCompletionDateStruct"),
    ("completion", "completionDateStruct"),
    ("first_posted", "studyFirstPostDateStruct"),
    ("results_first_posted", "resultsFirstPostDateStruct"),
    ("disposition_first_posted", "dispFirstPostDateStruct"),
    ("last_update_posted", "lastUpdatePostDateStruct"),
)
DAYS = (
    ("status_verified", "statusVerifiedDate"),
    ("first_submitted", "studyFirstSubmitDate"),
    ("first_submitted_qc", "studyFirstSubmitQcDate"),
    ("results_first_submitted", "resultsFirstSubmitDate"),
    ("results_first_submitted_qc", "resultsFirstSubmitQcDate"),
    ("disposition_first_submitted", "dispFirstSubmitDate"),
    ("disposition_first_submitted_qc", "dispFirstSubmitQcDate"),
    ("last_update_submitted", "lastUpdateSubmitDate"),
)
LEVELS = {"PRIMARY": "primaryOutcomes", "SECONDARY": "secondaryOutcomes", "OTHER": "otherOutcomes", "SAFETY": "otherOutcomes"}
ID_TYPES = {
    "EUCTR": "EUDRACT_NUMBER",
    "CTIS": "CTIS",
    **dict.fromkeys(
        "NCT CHICTR ITMCTR ISRCTN DRKS JPRN ACTRN CTRI CRIS IRCT PACTR REBEC RPCEC SLCTR TCTR LBCTR NTR CDE ICTRP_OTHER".split(), "REGISTRY"
    ),
}
HELD = """
    identifiers titles status descriptions/brief descriptions/detailed conditions/name keywords enrollment
    dates/start dates/primary_completion dates/completion dates/first_posted dates/results_first_posted dates/disposition_first_posted
    dates/last_update_posted dates/status_verified dates/first_submitted dates/first_submitted_qc dates/results_first_submitted
    dates/results_first_submitted_qc dates/disposition_first_submitted dates/disposition_first_submitted_qc dates/last_update_submitted
    design/study_type design/phases design/allocation design/intervention_model design/observational_model design/time_perspective
    design/primary_purpose design/masking design/who_masked design/text
    arms/label arms/type arms/description arms/interventions interventions/type interventions/name interventions/other_names
    interventions/description outcomes eligibility sponsors/role sponsors/name sponsors/class
    locations/facility locations/city locations/province locations/country locations/status
    data_sharing/ipd data_sharing/plan data_sharing/monitoring_committee references links"""
# The API's enumeration of overallStatus; what other registers say beside it has no word there.
STATUSES = frozenset(
    "ACTIVE_NOT_RECRUITING COMPLETED ENROLLING_BY_INVITATION NOT_YET_RECRUITING RECRUITING SUSPENDED TERMINATED WITHDRAWN AVAILABLE"
    " NO_LONGER_AVAILABLE TEMPORARILY_NOT_AVAILABLE APPROVED_FOR_MARKETING WITHHELD UNKNOWN".split()
)
_escaped = lazy_pattern(r"([<>\[\]*~^_\\])")
_to_the_month = lazy_pattern(r"\d{4}-\d{2}")


def export(record: Json, language: str = "en") -> Exported:
    """{"protocolSection": …}: what the API would give for this trial."""
    trial = record["trial"]
    section = {
        "identificationModule": _identification(record, trial, language),
        "statusModule": _status(trial, language),
        "sponsorCollaboratorsModule": _sponsors(trial, language),
        "oversightModule": {"oversightHasDmc": {"YES": True, "NO": False}.get(code(part(trial, "data_sharing/monitoring_committee")))},
        "descriptionModule": {
            "briefSummary": words(part(trial, "descriptions/brief"), language),
            "detailedDescription": words(part(trial, "descriptions/detailed"), language),
        },
        "conditionsModule": {
            "conditions": [words(item.get("name"), language) for item in trial.get("conditions", ())],
            "keywords": [words(item, language) for item in trial.get("keywords", ())],
        },
        "designModule": _design(trial, language),
        "armsInterventionsModule": _arms(trial, language),
        "outcomesModule": _outcomes(trial, language),
        "eligibilityModule": _eligibility(trial, language),
        "contactsLocationsModule": {"locations": [_location(item, language) for item in trial.get("locations", ())]},
        "referencesModule": _references(trial, language),
        "ipdSharingStatementModule": {
            "ipdSharing": code(part(trial, "data_sharing/ipd")),
            "description": words(part(trial, "data_sharing/plan"), language),
        },
    }
    funders = [f"/trial/sponsors/{at}" for at, item in enumerate(trial.get("sponsors", ())) if item["role"] == "FUNDER"]
    years = [f"/trial/dates/{key}" for key, _ in DATES if (date := part(trial, f"dates/{key}/value")) and not _to_the_month.match(date)]
    return Exported({"protocolSection": filled(section)}, [*left_out_of(record, HELD), *funders, *years, *_without_word(trial)])


def _without_word(trial: Json) -> list[str]:
    """Codes that the API's enumerations do not have."""
    status, kind = code(part(trial, "status/overall")), code(part(trial, "design/study_type"))
    told = {"/trial/status/overall": status in STATUSES, "/trial/design/study_type": kind != "OTHER"}
    return [pointer for pointer, known in told.items() if part(trial, pointer.removeprefix("/trial/")) and not known]


def _identification(record: Json, trial: Json, language: str) -> Json:
    """The registry's own number is the study's id; where that is no NCT number the study has no `nctId`, whatever it names beside it."""
    own = registry_number(record, "NCT")
    found = [item for item in trial.get("identifiers", ()) if item["value"] != own]
    aliases = [item["value"] for item in found if item["scheme"] == "NCT"] if own else []
    study_id = primary_number(record, "SPONSOR") if own else record["id"]
    others = [item for item in found if item["value"] not in (study_id, *aliases)]
    return {
        "nctId": own,
        "nctIdAliases": aliases,
        "orgStudyIdInfo": {"id": study_id},
        "secondaryIdInfos": [{"id": item["value"], "type": ID_TYPES.get(item["scheme"], "")} for item in others],
        "briefTitle": words(part(trial, "titles/public"), language),
        "officialTitle": words(part(trial, "titles/scientific"), language),
        "acronym": words(part(trial, "titles/acronym"), language),
    }


def _status(trial: Json, language: str) -> Json:
    dates = trial.get("dates", {})
    structs = {name: _dated(dates[key]) for key, name in DATES if key in dates}
    days = {name: dates[key]["value"][:10] for key, name in DAYS if key in dates}
    overall = code(part(trial, "status/overall"))
    return {
        "overallStatus": overall if overall in STATUSES else "",
        "whyStopped": words(part(trial, "status/why_stopped"), language),
        **structs,
        **days,
    }


def _dated(date: Json) -> Json:
    """The API has no form for a year alone."""
    return {"date": date["value"][:10], "type": date.get("type", "")} if _to_the_month.match(date["value"]) else {}


def _sponsors(trial: Json, language: str) -> Json:
    shaped = [
        (item["role"], {"name": words(item.get("name"), language), "class": code(item.get("class"))}) for item in trial.get("sponsors", ())
    ]
    return {
        "leadSponsor": next((shape for role, shape in shaped if role == "LEAD"), {}),
        "collaborators": [shape for role, shape in shaped if role in ("COLLABORATOR", "SECONDARY")],
    }


def _design(trial: Json, language: str) -> Json:
    design = trial.get("design", {})
    kind = code(design.get("study_type"))
    phases = [] if kind == "OBSERVATIONAL" else [c for c in part(design, "phases/codes") or () if c != "OTHER"]
    return {
        "studyType": "" if kind == "OTHER" else kind,
        "phases": phases,
        "designInfo": {
            "allocation": code(design.get("allocation")),
            "interventionModel": code(design.get("intervention_model")),
            "interventionModelDescription": words(design.get("text"), language),
            "primaryPurpose": code(design.get("primary_purpose")),
            "observationalModel": code(design.get("observational_model")),
            "timePerspective": code(design.get("time_perspective")),
            "maskingInfo": {"masking": code(design.get("masking")), "whoMasked": design.get("who_masked", [])},
        },
        "enrollmentInfo": {"count": part(trial, "enrollment/count"), "type": part(trial, "enrollment/type")},
    }


def _arms(trial: Json, language: str) -> Json:
    arms, interventions = trial.get("arms", ()), trial.get("interventions", ())
    names = {item["id"]: _typed_name(item, language) for item in interventions}
    groups = [
        {
            "label": words(arm.get("label"), language),
            "type": code(arm.get("type")),
            "description": words(arm.get("description"), language),
            "interventionNames": [names[i] for i in arm.get("interventions", ()) if i in names],
        }
        for arm in arms
    ]
    return {"armGroups": groups, "interventions": [_intervention(item, arms, language) for item in interventions]}


def _typed_name(item: Json, language: str) -> str:
    kind = code(item.get("type")).replace("_", " ").title()
    return f"{kind}: {words(item.get('name'), language)}" if kind else words(item.get("name"), language)


def _intervention(item: Json, arms: Any, language: str) -> Json:
    return {
        "type": code(item.get("type")),
        "name": words(item.get("name"), language),
        "description": words(item.get("description"), language),
        "armGroupLabels": [words(arm.get("label"), language) for arm in arms if item["id"] in arm.get("interventions", ())],
        "otherNames": [words(name, language) for name in item.get("other_names", ())],
    }


def _outcomes(trial: Json, language: str) -> Json:
    module: Json = {}
    for item in trial.get("outcomes", ()):
        shape = {
            "measure": words(item.get("measure"), language),
            "description": "\n".join(filter(None, (words(item.get(key), language) for key in ("description", "method")))),
            "timeFrame": words(item.get("time_frame"), language),
        }
        module.setdefault(LEVELS.get(code(item.get("level")), "otherOutcomes"), []).append(shape)
    return module


def _eligibility(trial: Json, language: str) -> Json:
    found = trial.get("eligibility", {})
    return {
        "eligibilityCriteria": criteria_text(found, language),
        "healthyVolunteers": found.get("healthy_volunteers"),
        "sex": code(found.get("sex")),
        "minimumAge": age_words(found.get("minimum_age")),
        "maximumAge": age_words(found.get("maximum_age")),
        "studyPopulation": words(found.get("population"), language),
        "samplingMethod": code(found.get("sampling_method")),
    }


def criteria_text(eligibility: Json, language: str) -> str:
    """Both lists as the API's Markdown: two blanks a level, numbers only where the source numbered."""
    blocks = []
    for side, heading in (("inclusion", "Inclusion Criteria:"), ("exclusion", "Exclusion Criteria:")):
        items = eligibility.get(side) or ()
        lines = [line for item in items for line in _lines(item, "", language)]
        blocks += [f"{heading}\n\n" + "\n".join(lines)] if lines else []
    return "\n\n".join(blocks)


def _lines(item: Json, indent: str, language: str) -> list[str]:
    number = str(item.get("number", ""))
    mark = f"{number}. " if number.isdigit() else "* "
    text = _escaped.sub(r"\\\1", words(item["text"], language)).replace("\n", " ")
    below = [line for child in item.get("children", ()) for line in _lines(child, indent + " " * max(2, len(mark)), language)]
    return [f"{indent}{mark}{text}", *(["", *below] if below else [])]


def _location(item: Json, language: str) -> Json:
    names = (("facility", "facility"), ("city", "city"), ("province", "state"), ("country", "country"))
    return {theirs: words(item.get(ours), language) for ours, theirs in names} | {"status": code(item.get("status"))}


def _references(trial: Json, language: str) -> Json:
    references = [
        {"pmid": item.get("pmid"), "type": code(item.get("type")), "citation": words(item.get("citation"), language)}
        for item in trial.get("references", ())
    ]
    links = [{"label": words(item.get("label"), language), "url": item["url"]} for item in trial.get("links", ())]
    return {"references": references, "seeAlsoLinks": links}
