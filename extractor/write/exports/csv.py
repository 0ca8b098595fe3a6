"""One flat row a trial, for spreadsheets: lists joined by " | ", criteria as numbered lines."""

from __future__ import annotations

import csv as writer
import io

from extractor.write.exports import Exported
from extractor.write.exports.wording import Json, age_words, code, left_out_of, note_pointers, other_numbers, part, whole_statements, words
from extractor.write.sheets import inert

# Column → the path of one value in the trial: words, or with "#" in front a code or number.
VALUES = {
    "title": "titles/public",
    "official_title": "titles/scientific",
    "acronym": "titles/acronym",
    "status": "#status/overall",
    "why_stopped": "status/why_stopped",
    "study_type": "#design/study_type",
    "allocation": "#design/allocation",
    "intervention_model": "#design/intervention_model",
    "observational_model": "#design/observational_model",
    "time_perspective": "#design/time_perspective",
    "masking": "#design/masking",
    "primary_purpose": "#design/primary_purpose",
    "enrollment": "#enrollment/count",
    "sex": "#eligibility/sex",
    "population": "eligibility/population",
    "brief_summary": "descriptions/brief",
    "detailed_description": "descriptions/detailed",
    "objectives": "descriptions/objectives",
    "registered": "#registration/date",
    "first_posted": "#dates/first_posted/value",
    "start": "#dates/start/value",
    "primary_completion": "#dates/primary_completion/value",
    "completion": "#dates/completion/value",
    "last_update": "#dates/last_update_posted/value",
}
# Column → list, key of its items, and the items' level or role where only some are meant.
LISTS = {
    "conditions": ("conditions", "name", ""),
    "interventions": ("interventions", "name", ""),
    "intervention_descriptions": ("interventions", "description", ""),
    "arms": ("arms", "label", ""),
    "arm_descriptions": ("arms", "description", ""),
    "primary_outcomes": ("outcomes", "measure", "PRIMARY"),
    "secondary_outcomes": ("outcomes", "measure", "SECONDARY"),
    "other_outcomes": ("outcomes", "measure", "OTHER SAFETY"),
    "primary_time_frames": ("outcomes", "time_frame", "PRIMARY"),
    "lead_sponsor": ("sponsors", "name", "LEAD"),
    "other_sponsors": ("sponsors", "name", "SECONDARY COLLABORATOR FUNDER"),
}
COLUMNS = [
    *"id source other_ids".split(),
    *VALUES,
    *LISTS,
    *"phases keywords minimum_age maximum_age countries sites inclusion exclusion".split(),
]
HELD = f"""
    {" ".join(path.removeprefix("#").removesuffix("/value") for path in VALUES.values())} identifiers keywords design/phases
    conditions/name interventions/name interventions/description arms/label arms/description sponsors/name sponsors/role locations/country
    locations/facility eligibility/minimum_age eligibility/maximum_age eligibility/inclusion eligibility/exclusion eligibility/text
    outcomes/level outcomes/measure"""


def export(record: Json, language: str = "en") -> Exported:
    """The row as CSV text, a header line first; a cell that a spreadsheet would run as a formula gets a leading quote."""
    row = _row(record, language)
    out = io.StringIO(newline="")
    table = writer.writer(out)
    table.writerow(COLUMNS)
    table.writerow([inert(row[name]) for name in COLUMNS])
    outcomes = record["trial"].get("outcomes", ())
    shown = {f"/trial/outcomes/{at}/time_frame" for at, item in enumerate(outcomes) if code(item.get("level")) == "PRIMARY"}
    left_out = [pointer for pointer in left_out_of(record, HELD) if pointer not in shown]
    return Exported(out.getvalue(), [*left_out, *note_pointers(record)])


def _row(record: Json, language: str) -> dict[str, str]:
    trial, found = record["trial"], record["trial"].get("eligibility", {})
    places = trial.get("locations", ())
    lists = {side: "\n".join(f"{s.id}. {s.text}" for s in whole_statements(record, side, language)) for side in ("inclusion", "exclusion")}
    return {
        "id": record["id"],
        "source": record["source"]["name"],
        "other_ids": " | ".join(other_numbers(record)),
        **{column: _value(trial, path, language) for column, path in VALUES.items()},
        **{column: _list(trial, *place, language) for column, place in LISTS.items()},
        "phases": "/".join(part(trial, "design/phases/codes") or ()),
        "keywords": " | ".join(words(item, language) for item in trial.get("keywords", ())),
        "minimum_age": age_words(found.get("minimum_age")),
        "maximum_age": age_words(found.get("maximum_age")),
        "countries": " | ".join(sorted({words(place.get("country"), language) for place in places} - {""})),
        "sites": " | ".join(filter(None, (words(place.get("facility"), language) for place in places))),
        **lists,
    }


def _value(trial: Json, path: str, language: str) -> str:
    found = part(trial, path.removeprefix("#"))
    if not path.startswith("#"):
        return words(found, language)
    return code(found) if isinstance(found, dict) else "" if found is None else str(found)


def _list(trial: Json, field: str, key: str, levels: str, language: str) -> str:
    kinds = levels.split()
    chosen = [item for item in trial.get(field, ()) if not kinds or (code(item.get("level")) or item.get("role", "OTHER")) in kinds]
    return " | ".join(filter(None, (words(item.get(key), language) for item in chosen)))
