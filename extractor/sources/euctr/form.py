"""The form of the EU Clinical Trials Register: which section goes to which field. One table for pages, text exports and ctrdata's JSON.

Sections are those of the application form behind the register (A to P, versions of 2004 to 2022). A section without a row is kept
as unmapped under its number and label.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from extractor.patterns import lazy_pattern
from extractor.sources.readers.fields import FURNITURE, UNMAPPED

# Words of the register for what it does not know.
NOTHING = lazy_pattern(r"\s*(?:Information not present in EudraCT|Not Known|Nil known|None|N/?A)\.?\s*", re.IGNORECASE)
YES, NO = lazy_pattern(r"\s*Yes\s*", re.IGNORECASE), lazy_pattern(r"\s*No\s*", re.IGNORECASE)
# Lists of options: the register prints "No" beside every one that was not chosen.
OPTIONS = lazy_pattern(r"D\.2\.5|D\.3\.11\b.*|E\.6\..*|E\.7\..*|E\.8\.1\..*|E\.8\.2\..*|F\.1\..*|F\.2\..*|F\.3\.[23]\b.*")

# Section → target. "+" is the item of the group that the section belongs to.
FIELDS: dict[str, str] = {
    "A.1": "locations/+/country",
    "A.2": "identifiers/+/value scheme=EUCTR primary=true",
    "A.3": "titles/scientific",
    "A.3.1": "titles/public",
    "A.3.2": "titles/acronym",
    "A.4.1": "identifiers/+/value scheme=SPONSOR",
    "A.5.1": "identifiers/+/value",
    "A.5.2": "identifiers/+/value",
    "A.5.3": "identifiers/+/value",
    "B.1.1": "sponsors/+/name",
    "B.1.3.4": "sponsors/+/country",
    "B.3.1 and B.3.2": "sponsors/+/class",
    "B.4.1": "sponsors/+/name role=FUNDER",
    "B.4.2": "sponsors/+/country",
    "B.5.1": "contacts/+/affiliation role=CENTRAL",
    "B.5.2": "contacts/+/name",
    "B.5.3.1": "contacts/+/address",
    "B.5.3.2": "contacts/+/address",
    "B.5.3.3": "contacts/+/postcode",
    "B.5.3.4": "contacts/+/address",
    "B.5.4": "contacts/+/phone",
    "B.5.5": "contacts/+/fax",
    "B.5.6": "contacts/+/email",
    "D.3.4": "interventions/+/description",
    "D.3.7": "interventions/+/description",
    "D.3.9.1": "interventions/+/code",
    "E.1.1": "conditions/+/name",
    "E.1.1.1": "keywords/+",
    "E.1.1.2": "keywords/+",
    "E.1.2 Term": "conditions/+/name",
    "E.1.2 Classification code": "conditions/+/code code/system=MedDRA",
    "E.2.1": "descriptions/objectives",
    "E.2.2": "descriptions/objectives",
    "E.3": "eligibility/text/inclusion",
    "E.4": "eligibility/text/exclusion",
    "E.5.1": "outcomes/1/measure level=PRIMARY",
    "E.5.1.1": "outcomes/1/time_frame",
    "E.5.2": "outcomes/2/measure level=SECONDARY",
    "E.5.2.1": "outcomes/2/time_frame",
    "E.8.1.1": "design/allocation",
    "E.8.1.7.1": "design/text",
    "E.8.2.3.1": "design/text",
    "E.8.7": "data_sharing/monitoring_committee",
    "F.3.1": "eligibility/healthy_volunteers",
    "H.4.1": "locations/+/country",
    "E.8.6.3": "locations/+/country",
    "N. Ethics Committee Opinion of the trial application": "ethics/approved",
    "N. Date of Ethics Committee Opinion": "ethics/date",
    "P. Date of the global end of the trial": "dates/completion completion/type=ACTUAL",
    "EudraCT Number": FURNITURE,
    "Sponsor's Protocol Code Number": FURNITURE,
    "National Competent Authority": FURNITURE,
    "Clinical Trial Type": "design/study_type",
    "Date on which this record was first entered in the EudraCT database": "registration/date",
    "Link": "links/+/url",
    "Trial results": UNMAPPED,
}
# Sections that are answered with yes or no → field, and the code that a yes stands for. A field may have several.
ANSWERS: dict[str, tuple[str, str]] = {
    "E.6.1": ("design/primary_purpose", "DIAGNOSTIC"),
    "E.6.2": ("design/primary_purpose", "PREVENTION"),
    "E.6.3": ("design/primary_purpose", "TREATMENT"),
    "E.7.1": ("design/phases", "PHASE1"),
    "E.7.2": ("design/phases", "PHASE2"),
    "E.7.3": ("design/phases", "PHASE3"),
    "E.7.4": ("design/phases", "PHASE4"),
    "E.8.1.2": ("design/masking", "NONE"),
    "E.8.1.3": ("design/masking", "SINGLE"),
    "E.8.1.4": ("design/masking", "DOUBLE"),
    "E.8.1.5": ("design/intervention_model", "PARALLEL"),
    "E.8.1.6": ("design/intervention_model", "CROSSOVER"),
    "F.2.1": ("eligibility/sex", "FEMALE"),
    "F.2.2": ("eligibility/sex", "MALE"),
}
# Names of a product, the one that stands first is the intervention's.
NAMES = ("D.2.1.1.1", "D.3.1", "D.3.8", "D.3.9.3", "D.3.2", "D.3.9.2")
# Participants in the whole trial, in the Union, in the country: the first that is stated is the trial's number.
NUMBERS = ("F.4.2.2", "F.4.2.1", "F.4.1")
# Numbers of a part → sections that, answered with yes, say that the trial reaches beyond it: the number is then not the trial's.
BEYOND = {"F.4.1": ("E.8.5", "E.8.6.1", "E.8.6.2"), "F.4.2.1": ("E.8.6.1", "E.8.6.2")}
REACHES = frozenset(section for sections in BEYOND.values() for section in sections)
ONLY_PART = "The record states participants of one country or of the Union, and that the trial is run elsewhere too; no total is stated."
# Where a page prints a section's label and a yes, the label says something in words: who takes part, and what the design is.
WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (lazy_pattern(r"F\.1\.(?:1\.[1-6]|2|3)|F\.3\.[12]"), "eligibility/population"),
    (lazy_pattern(r"E\.6\.(?:[4-9]|1[0-3])|E\.8\.1(?:\.7)?|E\.8\.2\.[123]"), "design/text"),
)
STATUSES = ("P. End of Trial Status", "Trial Status")  # the first that is stated stands
# Sections that begin the next item of a list → the sections that share it.
OPENERS = {"B.1.1": "B", "B.4.1": "B.4", "B.5.1": "B.5", "D.1.2 and D.1.3": "D", "E.1.2 Version": "E.1.2"}
# Sections that share a number, or have none, and are told apart by their labels.
LABELLED = {"E.1.2", "N.", "P.", ""}

_sign = lazy_pattern(r"[^a-z0-9]+")


class Answer(NamedTuple):
    """What a record says in one section: its key in the tables above, its label as printed, and the language, "" if none is named."""

    section: str
    label: str
    language: str


def fold_section(text: str) -> str:
    """A section's number and label without signs and case: "E.1.2 Term" and ctrdata's "e12_term" are one.

    >>> fold_section("N. Date of Ethics Committee Opinion"), fold_section("n_date_of_ethics_committee_opinion")
    ('ndateofethicscommitteeopinion', 'ndateofethicscommitteeopinion')
    """
    return _sign.sub("", text.lower())


# Labels of the summary in front of the form, which have no numbers.
SUMMARY = {fold_section(section) for section in (*FIELDS, "Trial Status") if not re.match(r"[A-H]\.\d|[NP]\.", section)}
KNOWN = {fold_section(section): section for section in (*FIELDS, *ANSWERS, *NAMES, *NUMBERS, *STATUSES, *OPENERS)}


def section_of(number: str, label: str) -> str:
    """The key of a section in the tables: its number, or number and label where the number does not say enough."""
    if number in LABELLED:
        words = f"{number} {label}".strip()
        return KNOWN.get(fold_section(words), words)
    return number


def scope_of(section: str) -> str:
    """The group whose item a section belongs to: the longest opener's that it lies in."""
    scopes = [scope for scope in OPENERS.values() if section == scope or section.startswith((f"{scope}.", f"{scope} "))]
    return max(scopes, key=len, default=section)
