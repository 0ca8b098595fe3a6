"""TrialMatchAI: one JSON a trial, with pre-split criteria in place of its own splitter."""

from __future__ import annotations

from extractor.write.exports import Exported
from extractor.write.exports.ctgov import criteria_text
from extractor.write.exports.wording import Json, age_words, code, filled, left_out_of, other_pointers, part, statements, words

DATES = (("start", "start_date"), ("completion", "completion_date"), ("last_update_posted", "last_update_posted"))
PLACES = (("facility", "facility"), ("city", "city"), ("province", "state"), ("country", "country"))
HELD = """
    titles/public titles/scientific descriptions/detailed conditions/name eligibility/inclusion eligibility/exclusion
    eligibility/text eligibility/sex eligibility/minimum_age eligibility/maximum_age status/overall design/phases design/study_type dates/start
    dates/completion dates/last_update_posted interventions/name interventions/type interventions/description
    locations/facility locations/city locations/province locations/country locations/status references"""


def export(record: Json, language: str = "en") -> Exported:
    """The keys of their trial files; empty ones left out."""
    trial = record["trial"]
    value = {
        "nct_id": record["id"],  # any string, and the name of the file
        "source": record["source"]["name"],
        "brief_title": words(part(trial, "titles/public"), language),
        "official_title": words(part(trial, "titles/scientific"), language),
        "brief_summary": words(part(trial, "descriptions/brief") or part(trial, "descriptions/objectives"), language),
        "detailed_description": words(part(trial, "descriptions/detailed"), language),
        "condition": [words(item.get("name"), language) for item in trial.get("conditions", ())],
        **_criteria(record, language),
        "overall_status": code(part(trial, "status/overall")),
        "phase": ", ".join(part(trial, "design/phases/codes") or ()),
        "study_type": code(part(trial, "design/study_type")),
        **{name: part(trial, f"dates/{key}/value") for key, name in DATES},
        "intervention": [_described(item, "name", language) for item in trial.get("interventions", ())],
        "location": [_place(item, language) for item in trial.get("locations", ())],
        "reference": [_reference(item, language) for item in trial.get("references", ())],
    }
    summarised = "descriptions/brief" if part(trial, "descriptions/brief") else "descriptions/objectives"
    return Exported(filled(value), [*left_out_of(record, HELD, summarised, "identifiers"), *other_pointers(record)])


def _criteria(record: Json, language: str) -> Json:
    found = record["trial"].get("eligibility", {})
    return {
        "eligibility_criteria": criteria_text(found, language),
        "criteria": [
            {"type": side, "criterion": s.text} for side in ("inclusion", "exclusion") for s in statements(record, side, language)
        ],
        "gender": code(found.get("sex")) or "ALL",
        "minimum_age": age_words(found.get("minimum_age")),
        "maximum_age": age_words(found.get("maximum_age")),
    }


def _described(item: Json, name: str, language: str) -> Json:
    return {
        "name": words(item.get(name), language),
        "type": code(item.get("type")),
        "description": words(item.get("description"), language),
    }


def _place(item: Json, language: str) -> Json:
    return {theirs: words(item.get(ours), language) for ours, theirs in PLACES} | {"status": code(item.get("status"))}


def _reference(item: Json, language: str) -> Json:
    return {"pmid": item.get("pmid"), "type": code(item.get("type")), "citation": words(item.get("citation"), language)}
