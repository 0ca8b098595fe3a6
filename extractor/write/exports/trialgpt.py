"""TrialGPT: one corpus line a trial, and the map from the numbers of its answers to our criterion ids.

Its reader splits criteria at empty lines, drops pieces under five characters and pieces that name a criteria section.
"""

from __future__ import annotations

import re

from extractor.patterns import lazy_pattern
from extractor.write.exports import Exported
from extractor.write.exports.wording import SIDES, Json, leaf_pointers, left_out_of, other_pointers, part, statements, words

SHORTEST = 5  # characters: TrialGPT drops shorter pieces, which would shift the numbers of its answers
HELD = "titles/public design/phases interventions/name conditions/name enrollment/count eligibility/inclusion eligibility/exclusion eligibility/text"
_cross_reference = lazy_pattern(r"\b(inclusion|exclusion) criteri(?:a|on)\b\s*(?:no\.?\s*)?(\d*)", re.IGNORECASE)


def export(record: Json, language: str = "en") -> Exported:
    """{_id, title, text, metadata, criterion_ids}; `criterion_ids` lists ours in the order of theirs."""
    trial = record["trial"]
    drugs = [words(item.get("name"), language) for item in trial.get("interventions", ())]
    diseases = [words(item.get("name"), language) for item in trial.get("conditions", ())]
    lists = {side: list(statements(record, side, language)) for side in SIDES}
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
    summarised = "descriptions/brief" if part(trial, "descriptions/brief") else "descriptions/objectives"
    dropped = [pointer for side in SIDES for pointer in _dropped(record, side, {s.id for s in kept[side]})]
    return Exported(value, [*left_out_of(record, HELD, summarised, "identifiers"), *dropped, *other_pointers(record)])


def _dropped(record: Json, side: str, kept: set[str]) -> list[str]:
    """The pointers of notes, and of leaves that their reader would drop."""
    return [pointer for pointer, item in leaf_pointers(record, side) if item["id"] not in kept]


def _plain(text: str) -> str:
    """One paragraph that their reader does not drop: "exclusion criterion 5" becomes "criterion E5"."""
    return _cross_reference.sub(lambda m: f"criterion {m.group(1)[0].upper()}{m.group(2)}", " ".join(text.split()))
