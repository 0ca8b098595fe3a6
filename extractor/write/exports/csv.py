"""One flat row a trial, for spreadsheets: lists joined by " | ", criteria as numbered lines."""

from __future__ import annotations

import csv as writer
import io

from extractor.write.exports import Exported
from extractor.write.exports.wording import Json, code, part, whole_statements, words

COLUMNS = (
    "id source title official_title status study_type phases allocation intervention_model masking primary_purpose enrollment conditions interventions"
    " arms primary_outcomes secondary_outcomes sex minimum_age maximum_age inclusion exclusion lead_sponsor countries start completion"
).split()
NO_PLACE = ("contacts", "ethics", "biospecimens", "data_sharing", "references", "links", "registration", "results")


def export(record: Json, language: str = "en") -> Exported:
    """The row as CSV text, a header line first; a cell that a spreadsheet would run as a formula gets a leading quote."""
    row = _row(record, language)
    out = io.StringIO(newline="")
    table = writer.writer(out)
    table.writerow(COLUMNS)
    table.writerow([_inert(row[name]) for name in COLUMNS])
    return Exported(out.getvalue(), [f"/trial/{name}" for name in NO_PLACE if part(record, f"trial/{name}")])


def _inert(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _row(record: Json, language: str) -> dict[str, str]:
    trial, found = record["trial"], record["trial"].get("eligibility", {})

    def names(field: str, key: str, level: str = "") -> str:
        return " | ".join(words(i.get(key), language) for i in trial.get(field, ()) if not level or code(i.get("level")) == level)

    ages = {key: f"{found[key]['value']} {found[key]['unit'].title()}" if key in found else "" for key in ("minimum_age", "maximum_age")}
    lists = {side: "\n".join(f"{s.id}. {s.text}" for s in whole_statements(record, side, language)) for side in ("inclusion", "exclusion")}
    design = {
        key: code(part(trial, f"design/{key}")) for key in ("study_type", "allocation", "intervention_model", "masking", "primary_purpose")
    }
    return {
        "id": record["id"],
        "source": record["source"]["name"],
        "title": words(part(trial, "titles/public"), language),
        "official_title": words(part(trial, "titles/scientific"), language),
        "status": code(part(trial, "status/overall")),
        "phases": "/".join(part(trial, "design/phases/codes") or ()),
        "enrollment": str(part(trial, "enrollment/count") or ""),
        "conditions": names("conditions", "name"),
        "interventions": names("interventions", "name"),
        "arms": names("arms", "label"),
        "primary_outcomes": names("outcomes", "measure", "PRIMARY"),
        "secondary_outcomes": names("outcomes", "measure", "SECONDARY"),
        "sex": code(found.get("sex")),
        "lead_sponsor": next((words(s.get("name"), language) for s in trial.get("sponsors", ()) if s["role"] == "LEAD"), ""),
        "countries": " | ".join(sorted({words(p.get("country"), language) for p in trial.get("locations", ())} - {""})),
        "start": str(part(trial, "dates/start/value") or ""),
        "completion": str(part(trial, "dates/completion/value") or ""),
        **design,
        **ages,
        **lists,
    }
