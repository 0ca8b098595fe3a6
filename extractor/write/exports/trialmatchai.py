"""TrialMatchAI: one JSON a trial, with pre-split criteria in place of its own splitter."""

from __future__ import annotations

from extractor.write.exports import Exported
from extractor.write.exports.ctgov import criteria_text
from extractor.write.exports.wording import Json, code, filled, part, primary_number, statements, words

NO_PLACE = ("arms", "outcomes", "ethics", "sponsors", "contacts", "biospecimens", "data_sharing", "registration", "results")


def export(record: Json, language: str = "en") -> Exported:
    """The keys of their trial files; empty ones left out."""
    trial, found = record["trial"], record["trial"].get("eligibility", {})
    value = {
        "nct_id": primary_number(record, "NCT") or record["id"],
        "source": record["source"]["name"],
        "brief_title": words(part(trial, "titles/public"), language),
        "official_title": words(part(trial, "titles/scientific"), language),
        "brief_summary": words(part(trial, "descriptions/brief") or part(trial, "descriptions/objectives"), language),
        "detailed_description": words(part(trial, "descriptions/detailed"), language),
        "condition": [words(item.get("name"), language) for item in trial.get("conditions", ())],
        "eligibility_criteria": criteria_text(found, language),
        "criteria": [
            {"type": side, "criterion": statement.text}
            for side in ("inclusion", "exclusion")
            for statement in statements(record, side, language)
        ],
        "overall_status": code(part(trial, "status/overall")),
        "phase": ", ".join(part(trial, "design/phases/codes") or ()),
        "study_type": code(part(trial, "design/study_type")),
        "gender": code(found.get("sex")) or "ALL",
        "minimum_age": _age(found.get("minimum_age")),
        "maximum_age": _age(found.get("maximum_age")),
        **{
            f"{name}": part(trial, f"dates/{key}/value")
            for key, name in (("start", "start_date"), ("completion", "completion_date"), ("last_update_posted", "last_update_posted"))
        },
        "intervention": [
            {"name": words(i.get("name"), language), "type": code(i.get("type")), "description": words(i.get("description"), language)}
            for i in trial.get("interventions", ())
        ],
        "location": [
            {
                **{
                    theirs: words(place.get(ours), language)
                    for ours, theirs in (("facility", "facility"), ("city", "city"), ("province", "state"), ("country", "country"))
                },
                "status": code(place.get("status")),
            }
            for place in trial.get("locations", ())
        ],
        "reference": [
            {"pmid": r.get("pmid"), "type": code(r.get("type")), "citation": words(r.get("citation"), language)}
            for r in trial.get("references", ())
        ],
    }
    return Exported(filled(value), [f"/trial/{name}" for name in NO_PLACE if trial.get(name)])


def _age(age: Json | None) -> str:
    return f"{age['value']} {age['unit'].title()}{'' if age['value'] == 1 else 's'}" if age else ""
