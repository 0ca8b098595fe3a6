"""TrialGPT: one corpus line a trial, and the map from the numbers of its answers to our criterion ids.

Its reader splits criteria at empty lines, drops pieces under five characters and pieces that name a criteria section.
"""

from __future__ import annotations

import re

from extractor.write.exports import Exported
from extractor.write.exports.wording import Json, part, statements, words

SHORTEST = 5
_cross_reference = re.compile(r"\b(inclusion|exclusion) criteri(?:a|on)\b\s*(?:no\.?\s*)?(\d*)", re.IGNORECASE)


def export(record: Json, language: str = "en") -> Exported:
    """{_id, title, text, metadata, criterion_ids}; `criterion_ids` lists ours in the order of theirs."""
    trial = record["trial"]
    drugs = [words(item.get("name"), language) for item in trial.get("interventions", ())]
    diseases = [words(item.get("name"), language) for item in trial.get("conditions", ())]
    lists = {side: list(statements(record, side, language)) for side in ("inclusion", "exclusion")}
    kept = {side: [s for s in found if len(_plain(s.text)) >= SHORTEST] for side, found in lists.items()}
    summary = words(part(trial, "descriptions/brief") or part(trial, "descriptions/objectives"), language)
    title = words(part(trial, "titles/public"), language)
    metadata = {
        "brief_title": title,
        "phase": "/".join(part(trial, "design/phases/codes") or ()),
        "drugs": ", ".join(drugs),
        "drugs_list": drugs,
        "diseases": ", ".join(diseases),
        "diseases_list": diseases,
        "enrollment": str(part(trial, "enrollment/count") or ""),
        "inclusion_criteria": "\n\n".join(_plain(s.text) for s in kept["inclusion"]),
        "exclusion_criteria": "\n\n".join(_plain(s.text) for s in kept["exclusion"]),
        "brief_summary": summary,
    }
    value = {
        "_id": record["id"],
        "title": title,
        "text": summary,
        "metadata": metadata,
        "criterion_ids": {side: [s.id for s in found] for side, found in kept.items()},
    }
    short = {s.id for side in lists.values() for s in side} - {s.id for side in kept.values() for s in side}
    return Exported(value, [f"/trial/eligibility#{name}" for name in sorted(short)])


def _plain(text: str) -> str:
    """One paragraph that their reader does not drop: "exclusion criterion 5" becomes "criterion E5"."""
    return _cross_reference.sub(lambda m: f"criterion {m.group(1)[0].upper()}{m.group(2)}", " ".join(text.split()))
