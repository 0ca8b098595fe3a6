"""RIS: a reference a trial, for libraries of reviewers (EndNote, Zotero, Covidence, Rayyan).

Tags are those of the RIS format specification of 2011, the type DBASE (an entry of an online database) as ClinicalTrials.gov uses it
for its own downloads. A file is UTF-8; every line ends in CR and LF.
"""

from __future__ import annotations

from collections.abc import Iterator

from extractor.write.exports import Exported
from extractor.write.exports.ictrp import REGISTERS
from extractor.write.exports.wording import Json, code, left_out_of, note_pointers, other_numbers, part, whole_statements, words

# What the notes of a reference say of a trial, in their order: label → path of a code or a number.
FACTS = {
    "Status": "status/overall/code",
    "Study type": "design/study_type/code",
    "Allocation": "design/allocation/code",
    "Intervention model": "design/intervention_model/code",
    "Masking": "design/masking/code",
    "Enrolment": "enrollment/count",
    "Start": "dates/start/value",
    "Completion": "dates/completion/value",
}
HELD = """
    identifiers titles descriptions/brief conditions/name keywords interventions/name sponsors/name sponsors/role status/overall
    design/study_type design/allocation design/intervention_model design/masking design/phases enrollment/count dates/start dates/completion
    dates/first_posted registration/date eligibility/inclusion eligibility/exclusion eligibility/text outcomes/level outcomes/measure
    links/url"""


def export(record: Json, language: str = "en") -> Exported:
    """One reference as text."""
    lines = [f"{tag}  - {' '.join(text.split())}" for tag, text in _tags(record, record["trial"], language) if text.strip()]
    summary = "descriptions/objectives" if not part(record, "trial/descriptions/brief") else ""
    return Exported("\r\n".join(["TY  - DBASE", *lines, "ER  - ", ""]), [*left_out_of(record, HELD, summary), *note_pointers(record)])


def _tags(record: Json, trial: Json, language: str) -> Iterator[tuple[str, str]]:
    """(tag, text) of every line between type and end."""
    public, official = (words(part(trial, f"titles/{name}"), language) for name in ("public", "scientific"))
    yield "TI", official or public
    yield "ST", public if official else ""
    yield "J2", words(part(trial, "titles/acronym"), language)
    for sponsor in sorted(trial.get("sponsors", ()), key=lambda item: item["role"] != "LEAD"):
        yield "AU", words(sponsor.get("name"), language)
    registered = str(part(trial, "registration/date") or part(trial, "dates/first_posted/value") or "")[:10]
    yield "PY", registered[:4]
    yield "DA", registered.replace("-", "/")
    yield "AN", record["id"]
    yield "DB", _register(record)
    yield "AB", words(part(trial, "descriptions/brief") or part(trial, "descriptions/objectives"), language)
    for name in ("conditions", "interventions"):
        for item in trial.get(name, ()):
            yield "KW", words(item.get("name"), language)
    for item in trial.get("keywords", ()):
        yield "KW", words(item, language)
    for link in trial.get("links", ()):
        yield "UR", link["url"]
    yield from (("N1", note) for note in _notes(record, trial, language))
    yield "LA", language


def _register(record: Json) -> str:
    scheme = next((item["scheme"] for item in part(record, "trial/identifiers") or () if item.get("primary")), "")
    return REGISTERS.get(scheme, str(record["source"]["name"]))


def _notes(record: Json, trial: Json, language: str) -> Iterator[str]:
    """What a reviewer screens by: numbers, facts, outcomes, criteria; a note each."""
    yield from (f"Also known as: {number}" for number in other_numbers(record))
    facts = [f"{label}: {value}" for label, path in FACTS.items() if (value := part(trial, path))]
    phases = "/".join(part(trial, "design/phases/codes") or ())
    yield "; ".join([*facts, *([f"Phase: {phases}"] if phases else [])])
    for outcome in trial.get("outcomes", ()):
        yield f"{code(outcome.get('level')).capitalize() or 'Outcome'} outcome: {words(outcome.get('measure'), language)}"
    for side in ("inclusion", "exclusion"):
        criteria = " ".join(f"{statement.id}. {statement.text}" for statement in whole_statements(record, side, language))
        yield f"{side.capitalize()} criteria: {criteria}" if criteria else ""
