"""The closed set of finding codes: severity and meaning. `python -m extractor.findings > docs/findings.md` writes its page."""

from __future__ import annotations

import sys
from typing import Literal, NamedTuple

Severity = Literal["info", "warning", "error"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")  # the least severe first


class Kind(NamedTuple):
    """How grave a finding is, and what it tells the reader."""

    severity: Severity
    meaning: str


FINDINGS: dict[str, Kind] = {
    "value.unknown": Kind("warning", "The words of a coded, dated or numbered field match no row of the value table; they are kept."),
    "field.unmapped": Kind("info", "A labelled value of the source has no field in the record; it is kept in `unmapped`."),
    "field.absent": Kind("info", "The source's form does not carry a field that readers expect, such as the eligibility criteria."),
    "text.truncated": Kind("warning", "A text breaks off: the source cut it at its limit."),
    "text.garbled": Kind("warning", "Characters could not be decoded and were lost before they reached this tool."),
    "criteria.duplicates_removed": Kind("info", "Statements that the page printed again were removed; says how many and where."),
    "criteria.languages_differ": Kind("warning", "Chinese and English disagree in a count, a number or a comparator; both are quoted."),
    "criteria.no_heading": Kind("info", "No heading says which section the criteria belong to; they are read as inclusion criteria."),
    "criteria.withdrawal": Kind(
        "info", "Criteria for withdrawing participants stand among the eligibility criteria; they are kept out of both lists."
    ),
    "criteria.exclusion_unread": Kind(
        "error",
        "An exclusion heading stands in the text, but opened no exclusion list: its criteria may stand among the inclusion criteria.",
    ),
    "criteria.excludes_itself": Kind(
        "warning",
        "A criterion says for itself who is excluded (“are not eligible”): among inclusion criteria its constraints hold the other way "
        "round, among exclusion criteria those marked negated do.",
    ),
    "criteria.moved": Kind(
        "warning",
        "An item below an inclusion heading says that those below it are excluded (“will be excluded if”); it stands in the exclusion list.",
    ),
    "criteria.uncertain": Kind(
        "warning", "Another way to divide or nest the list of criteria fits almost as well: look at the item that the finding names."
    ),
    "criteria.unaligned": Kind("info", "A criterion in one language has no counterpart in the other."),
    "eligibility.sex_conflict": Kind("warning", "The structured field for sex and the criteria disagree."),
    "eligibility.age_conflict": Kind("warning", "A structured age limit and the criteria disagree."),
    "enrollment.sum_differs": Kind("warning", "The sizes of the arms do not add up to the stated enrolment."),
    "dates.out_of_order": Kind("warning", "An end lies before its start."),
    "reference.dangling": Kind("warning", "A criterion refers to a criterion that does not exist."),
    "units.disagree": Kind("warning", "One value is given in two units that do not agree."),
    "names.differ": Kind("warning", "One Chinese name has two English spellings on the page."),
    "registration.withdrawn": Kind("warning", "The registration was withdrawn; the page says so only in the title."),
    "phase.pilot": Kind("info", "The registry's phase means a pilot study, not a phase."),
    "ocr.low_confidence": Kind("warning", "A scanned text was recognised with low confidence."),
    "page.skipped": Kind("warning", "Pages without text were left out on demand."),
    "table.uncertain": Kind("info", "A table could not be rebuilt with certainty, or may be read wrongly; its words are kept as text."),
    "dosing.unread": Kind(
        "warning", "A sentence, a row or a table on doses could not be read surely; it gives no regimen, its words are quoted."
    ),
    "section.unstructured": Kind(
        "info", "A section that should give entries of its own, or words in it, gave none; they are kept as text."
    ),
    "section.unknown": Kind("info", "A heading of the label is not in the table of sections; it is kept as `other`."),
    "section.missing": Kind("warning", "A section that every label of this kind has was not found."),
}

# What one item of a list is called; other names lose their "s".
ITEMS = {
    "inclusion": "inclusion criterion", "exclusion": "exclusion criterion", "children": "part", "indications": "indication",
    "contraindications": "contraindication", "adverse_reactions": "adverse reaction", "ethics": "ethics review", "dosing": "regimen",
}  # fmt: skip
LANGUAGES = {"en": "in English", "zh": "in Chinese"}
SILENT = {
    "trial",
    "label",
    "source",
    "unmapped",
    "eligibility",
    "text",
    "dates",
    "design",
}  # steps of a pointer that say nothing by themselves


def name_field(pointer: str) -> str:
    """The field of a JSON Pointer in words, items counted from 1; "" for a pointer to the whole.

    >>> name_field("/trial/outcomes/0/time_frame/en"), name_field("/trial/eligibility/exclusion/2"), name_field("/unmapped/3")
    ('outcome 1, time frame, in English', 'exclusion criterion 3', '')
    """
    steps = pointer.strip("/").split("/")
    named = []
    for at, step in enumerate(steps):
        following = steps[at + 1] if at + 1 < len(steps) else ""
        if step.isdecimal() or step in SILENT:
            continue
        words = step.replace("_", " ")
        one = ITEMS.get(step, words.removesuffix("s"))
        named.append(f"{one} {int(following) + 1}" if following.isdecimal() else LANGUAGES.get(step, words))
    return ", ".join(named)


PAGE = """\
# Findings

What a reader of a record should know: losses, doubts, contradictions of the source. A finding has one of these codes, the JSON
Pointer of the value it speaks of, a message, and where it helps the words in question. `extract --strict` exits with 1 when a
record has a finding of severity error: criteria may then stand in the wrong list. Other documents that cannot be trusted give no record.

| code | severity | meaning |
|---|---|---|
"""


def findings_page() -> str:
    """The table as Markdown, for docs/findings.md."""
    return PAGE + "".join(f"| `{code}` | {kind.severity} | {kind.meaning} |\n" for code, kind in sorted(FINDINGS.items()))


if __name__ == "__main__":
    sys.stdout.write(findings_page())
