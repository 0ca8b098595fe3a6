"""Markdown: the record as a person reads it, to be pasted into a review, a wiki or a chat. One language, the other where a text has only that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from extractor.patterns import lazy_pattern
from extractor.write.exports import Exported
from extractor.write.exports.wording import NOTES, Json, age_words, code, left_out_of, other_numbers, part, words

COMBINED = {"ALL": "all of", "ANY": "any of", "AT_LEAST": "at least {}"}
DEEPEST = 6  # levels of headings that Markdown has
_special = lazy_pattern(r"([\\`*\[\]<>|]|(?<!\w)_|_(?!\w))")  # a "_" inside a word is no sign
_opening = lazy_pattern(r"^(#{1,6}\s|[-+]\s|\d+[.)]\s|=+\s*$|~~~)")  # what would make a heading or a list of a text's first words
TRIAL = """
    identifiers titles status design/study_type design/phases design/allocation design/intervention_model design/observational_model
    design/time_perspective design/primary_purpose design/masking design/who_masked enrollment dates registration/date
    conditions/name keywords arms/label arms/type arms/size arms/description arms/interventions
    interventions/name interventions/type interventions/other_names interventions/description outcomes eligibility
    descriptions sponsors/name sponsors/role locations/facility locations/city locations/country references/citation links"""
LABEL = """
    names boxed_warning ingredients/active dosage_form strengths/text strengths/amount strengths/per approval_numbers/number organizations/name
    organizations/role approved_on revised_on indications contraindications dosing sections adverse_reactions tables"""
# Facts of a trial: heading → path of a code, text or number.
FACTS = {
    "Status": "status/overall",
    "Why stopped": "status/why_stopped",
    "Study type": "design/study_type",
    "Allocation": "design/allocation",
    "Intervention model": "design/intervention_model",
    "Observational model": "design/observational_model",
    "Time perspective": "design/time_perspective",
    "Primary purpose": "design/primary_purpose",
    "Masking": "design/masking",
    "Registered": "registration/date",
    "Acronym": "titles/acronym",
}
REGIMEN = ("indication", "dose", "route", "schedule", "with", "words")
LABEL_FACTS = {"Brand": "names/brand", "English name": "names/english", "Pinyin": "names/pinyin", "Active substance": "ingredients/active",
               "Dosage form": "dosage_form", "Approved": "approved_on", "Revised": "revised_on"}  # fmt: skip


def export(record: Json, language: str = "en") -> Exported:
    """The record as text."""
    lines = _trial(record, language) if record["kind"] == "trial" else _label(record, language)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join([*lines, *_findings(record), ""]))
    return Exported(text.lstrip("\n"), left_out_of(record, TRIAL if record["kind"] == "trial" else LABEL))


def escaped(text: Any) -> str:
    r"""A text in one line, its signs of Markdown and HTML made plain.

    >>> print(escaped("p < 0.05 | PHASE_2 *"), escaped("- none"))
    p \< 0.05 \| PHASE_2 \* \- none
    """
    line = _special.sub(r"\\\1", " ".join(str(text).split()))
    return f"\\{line}" if _opening.match(line) else line


def _heading(level: int, text: str) -> list[str]:
    return ["", f"{'#' * min(level, DEEPEST)} {escaped(text)}", ""] if text else []


def _table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> list[str]:
    """A table, nothing where it has no rows."""
    lines = [f"| {' | '.join(map(escaped, row))} |" for row in rows]
    names = list(head)
    return ["", f"| {' | '.join(names)} |", f"|{'---|' * len(names)}", *lines, ""] if lines else []


def _section(title: str, body: list[str], level: int = 2) -> list[str]:
    return [*_heading(level, title), *body] if any(body) else []


def _facts(tree: Json, paths: dict[str, str], language: str) -> Iterator[tuple[str, str]]:
    for name, path in paths.items():
        text = _said(part(tree, path), language)
        if text:
            yield name, text


def _said(value: Any, language: str) -> str:
    """A code with the source's words, a text, a list, a number or a date, as one reads it."""
    if isinstance(value, dict) and "code" in value:
        own = words(value.get("text"), language)
        return f"{value['code']} ({own})" if own and own != value["code"] else str(value["code"])
    if isinstance(value, list):
        return ", ".join(_said(item, language) for item in value)
    return words(value, language) if isinstance(value, dict) else "" if value is None else str(value)


def _trial(record: Json, language: str) -> Iterator[str]:
    trial = record["trial"]
    public, official = (words(part(trial, f"titles/{name}"), language) for name in ("public", "scientific"))
    yield from _heading(1, public or official or record["id"])
    if public and official:
        yield f"*{escaped(official)}*"
    yield from _table(("", ""), _trial_facts(record, trial, language))
    for name, text in trial.get("descriptions", {}).items():
        yield from _section(name.capitalize(), _paragraphs(words(text, language)))
    yield from _section("Conditions", _bullets(words(item.get("name"), language) for item in trial.get("conditions", ())))
    yield from _section("Keywords", _bullets(words(item, language) for item in trial.get("keywords", ())))
    yield from _section("Arms", _arms(trial, language))
    yield from _section("Interventions", [line for item in trial.get("interventions", ()) for line in _intervention(item, language)])
    outcomes = [[code(o.get("level")), *(words(o.get(key), language) for key in ("measure", "time_frame", "method", "description"))] for o in trial.get("outcomes", ())]  # fmt: skip
    yield from _section("Outcomes", _table(("level", "measure", "time frame", "method", "description"), outcomes))
    yield from _section("Eligibility", _eligibility(trial.get("eligibility", {}), language))
    places = [[words(place.get(key), language) for key in ("facility", "city", "country")] for place in trial.get("locations", ())]
    yield from _section("Sites", _table(("facility", "city", "country"), places))
    citations = [words(item.get("citation"), language) for item in trial.get("references", ())]
    links = [f"{words(item.get('label'), language)} {item['url']}".strip() for item in trial.get("links", ())]
    yield from _section("References", _bullets([*citations, *links]))


def _trial_facts(record: Json, trial: Json, language: str) -> Iterator[tuple[str, str]]:
    yield "Number", record["id"]
    yield from (("Other number", number) for number in other_numbers(record))
    yield "Source", f"{record['source']['name']} ({record['source']['format']})"
    yield from _facts(trial, FACTS, language)
    phases = part(trial, "design/phases")
    if phases:
        own = words(phases.get("text"), language)
        yield "Phase", "/".join(phases["codes"]) + (f" ({own})" if own else "")
    if part(trial, "design/who_masked"):
        yield "Who is masked", ", ".join(part(trial, "design/who_masked"))
    if part(trial, "enrollment/count") is not None:
        kind = "summed over the arms" if part(trial, "enrollment/inferred") else str(part(trial, "enrollment/type") or "").lower()
        yield "Enrolment", f"{trial['enrollment']['count']}{f' ({kind})' if kind else ''}"
    for name, date in trial.get("dates", {}).items():
        yield name.replace("_", " ").capitalize(), date["value"] + (f" ({date['type'].lower()})" if "type" in date else "")
    for sponsor in trial.get("sponsors", ()):
        yield f"Sponsor ({sponsor['role'].lower()})", words(sponsor.get("name"), language)


def _arms(trial: Json, language: str) -> list[str]:
    names = {item["id"]: words(item.get("name"), language) for item in trial.get("interventions", ())}
    rows = []
    for arm in trial.get("arms", ()):
        given = ", ".join(names[name] for name in arm.get("interventions", ()) if name in names)
        rows.append(
            [words(arm.get("label"), language), code(arm.get("type")), arm.get("size", ""), given, words(arm.get("description"), language)]
        )
    return _table(("arm", "type", "participants", "interventions", "description"), rows)


def _intervention(item: Json, language: str) -> Iterator[str]:
    kind = code(item.get("type"))
    others = ", ".join(words(name, language) for name in item.get("other_names", ()))
    told = [
        f"{escaped(kind)}: " if kind else "",
        f"**{escaped(words(item.get('name'), language))}**",
        f" ({escaped(others)})" if others else "",
    ]
    description = escaped(words(item.get("description"), language))
    yield f"- {''.join(told)}{f'. {description}' if description else ''}"


def _eligibility(found: Json, language: str) -> list[str]:
    facts = [
        ("Sex", _said(found.get("sex"), language)),
        ("Minimum age", age_words(found.get("minimum_age"))),
        ("Maximum age", age_words(found.get("maximum_age"))),
        ("Healthy volunteers", {True: "yes", False: "no"}.get(bool(found["healthy_volunteers"])) if "healthy_volunteers" in found else ""),
        ("Sampling", _said(found.get("sampling_method"), language)),
        ("Population", words(found.get("population"), language)),
    ]
    lists = [_section(f"{side.capitalize()} criteria", _criteria(found.get(side, ()), language), 3) for side in ("inclusion", "exclusion")]
    return [*_table(("", ""), (fact for fact in facts if fact[1])), *lists[0], *lists[1]]


def _criteria(items: Iterable[Json], language: str, indent: str = "") -> list[str]:
    """Criteria as nested lists, each behind the number that the source gives it; how parts combine stands in brackets."""
    lines = []
    for item in items:
        number = f"{escaped(item['number'])} " if "number" in item else ""
        text = escaped(words(item["text"], language))
        combined = COMBINED.get(item.get("combine", ""), "").format(item.get("at_least", ""))
        shown = f"*{text}*" if item.get("role") == NOTES else text
        lines.append(f"{indent}- {number}{shown}{f' [{combined}]' if combined else ''}")
        lines += _criteria(item.get("children", ()), language, f"{indent}  ")
    return lines


def _bullets(texts: Iterable[str]) -> list[str]:
    return [f"- {escaped(text)}" for text in texts if text]


def _paragraphs(text: str) -> list[str]:
    return [line for paragraph in text.split("\n") if paragraph.strip() for line in (escaped(paragraph), "")]


def _label(record: Json, language: str) -> Iterator[str]:
    label = record["label"]
    yield from _heading(1, words(part(label, "names/generic"), language) or record["id"])
    facts = [("Number", item["number"]) for item in label.get("approval_numbers", ())] or [("Number", record["id"])]
    makers = [(item["role"].capitalize(), words(item.get("name"), language)) for item in label.get("organizations", ())]
    strengths = [("Strength", words(item["text"], language)) for item in label.get("strengths", ())]
    yield from _table(("", ""), [*facts, *_facts(label, LABEL_FACTS, language), *strengths, *makers])
    yield from _section("Boxed warning", _paragraphs(words(label.get("boxed_warning"), language)))
    for name in ("indications", "contraindications"):
        yield from _section(name.capitalize(), _criteria(label.get(name, ()), language))
    yield from _section("Regimens", _table(REGIMEN, _regimens(label, language)))
    for section in label.get("sections", ()):
        yield from _label_section(section, 2, language)
    for table in label.get("tables", ()):
        yield from _label_table(table, language)


def _regimens(label: Json, language: str) -> Iterator[list[str]]:
    """A row a regimen: what it is for, its parts, and the words that all of it was read from."""
    named = {item["id"]: words(item["text"], language) for item in label.get("indications", ()) if "id" in item}
    for item in label.get("dosing", ()):
        with_ = ", ".join(words(other, language) for other in item.get("with", ()))
        told = [_dose(item), *(words(item.get(key), language) for key in ("route", "schedule")), with_, words(item.get("quote"), language)]
        yield [named.get(item.get("indication", ""), item.get("indication", "")), *told]


def _dose(item: Json) -> str:
    """A dose with its unit as printed: 5–6 片."""
    ends = [item[end] for end in ("dose", "dose_high") if end in item]
    unit = next((end["unit"].get("text", "") for end in ends if "unit" in end), "")
    return f"{'–'.join(str(end['value']) for end in ends)} {unit}".strip()


def _label_section(section: Json, level: int, language: str) -> Iterator[str]:
    """A section with its parts; its text holds theirs already."""
    yield from _heading(level, section.get("heading") or section.get("key", ""))
    yield from _paragraphs(words(section.get("text"), language))
    for child in section.get("children", ()) if "text" not in section else ():
        yield from _label_section(child, level + 1, language)


def _label_table(table: Json, language: str) -> Iterator[str]:
    caption = words(table.get("caption"), language)
    yield from _heading(3, f"{table.get('number', table['id'])} {caption}".strip())
    rows = [*table.get("header", ())[1:], *table.get("rows", ())]
    width = max((len(row) for row in [*table.get("header", ()), *rows]), default=0)
    head = [escaped(cell) for cell in next(iter(table.get("header", ())), [])]
    yield from _table([*head, *[""] * (width - len(head))], ([*row, *[""] * (width - len(row))] for row in rows))
    yield from _bullets(words(note, language) for note in table.get("notes", ()))


def _findings(record: Json) -> list[str]:
    rows = [(finding["code"], finding["message"], finding.get("quote", "")) for finding in record.get("findings", ())]
    return _section("Findings", _table(("code", "message", "words"), rows))
