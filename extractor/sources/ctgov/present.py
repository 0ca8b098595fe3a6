"""ClinicalTrials.gov's design since 2023, saved or copied: sections, labels, values.

Labels are those of the site as scrapers select them and re-publishing sites print them; no saved page of it was seen.
"""

from __future__ import annotations

import re

from extractor.patterns import lazy_pattern
from extractor.sources.ctgov.arms import read_arms
from extractor.sources.ctgov.classic import AGE_PARTS, AGES, DATED
from extractor.sources.ctgov.sections import (
    lines_of,
    read_collaborators,
    read_contacts,
    read_interventions,
    read_investigators,
    read_lead,
    read_registry_number,
    read_study_ids,
)
from extractor.sources.ctgov.sites import read_present_sites
from extractor.sources.readers.boilerplate import boilerplate_of
from extractor.sources.readers.columns import split_rows
from extractor.sources.readers.fields import UNMAPPED
from extractor.sources.readers.order import LINE, Order, PageField, PagePart, Reader
from extractor.sources.readers.sheet import Sheet

TYPE = r"(?:\s*\((?P<type>Actual|Estimated|Anticipated)\))?"
COLUMNS = {"outcomemeasure": "measure", "measuredescription": "description", "timeframe": "time_frame"}


def _read_outcomes(level: str) -> Reader:
    """A reader of the table Outcome Measure | Measure Description | Time Frame."""

    def read(sheet: Sheet, part: PagePart) -> None:
        rows = split_rows(sheet.document, part.blocks, COLUMNS)
        entered = {block.span for row in rows for cell in row.values() for block in cell}
        headers = [block for block in part.blocks if block.span not in entered]
        if rows:
            sheet.drop(headers)
        else:
            sheet.keep(sheet.words(part.heading), part.blocks)
        for row in rows:
            number = sheet.number("outcomes")
            sheet.draft.codes[f"outcomes/{number}/level"] = level
            for name, cell in row.items():
                sheet.add(f"outcomes/{number}/{COLUMNS[name]}", cell)

    return read


def _read_conditions(sheet: Sheet, part: PagePart) -> None:
    """Conditions, one a line."""
    for line in lines_of(part.blocks):
        mark = re.match(r"[*•-]\s+", line.text)
        sheet.drop([line])
        sheet.cut(f"conditions/{sheet.number('conditions')}/name", line, mark.end() if mark else 0, len(line.text))


def _dated(words: str, path: str, *, repeats: bool = False) -> PageField:
    """A date below or behind its label, with its type in the label: "Study Start (Actual)"."""
    opening = lazy_pattern(rf"{words}{TYPE}\s*:?\s*(?=$|\d|[A-Z][a-z]+ \d)", re.IGNORECASE)
    return PageField(opening=opening, to=path, split=DATED, parts=(("type", f"{path}/type"), ("date", path)), repeats=repeats)


def _design(words: str, path: str) -> PageField:
    return PageField(words, path, repeats=True)


STUDY_DATES = (
    _dated("Study Start(?: Date)?", "dates/start"),
    _dated("Primary Completion(?: Date)?", "dates/primary_completion"),
    _dated("Study Completion(?: Date)?", "dates/completion"),
)
RECORD_DATES = tuple(
    _dated(words, f"dates/{name}", repeats=True)
    for words, name in (
        ("First Submitted", "first_submitted"),
        ("First Submitted That Met QC Criteria", "first_submitted_qc"),
        ("First Posted", "first_posted"),
        ("Results First Submitted", "results_first_submitted"),
        ("Results First Submitted That Met QC Criteria", "results_first_submitted_qc"),
        ("Results First Posted", "results_first_posted"),
        ("Last Update Submitted(?: That Met QC Criteria)?", "last_update_submitted"),
        ("Last Update Posted", "last_update_posted"),
        ("Last Verified", "status_verified"),
    )
)
IDENTIFIERS = PageField("Other Study ID Numbers", read=read_study_ids)
HEAD = (
    PageField(opening=lazy_pattern(r"ClinicalTrials\.gov ID\s*:?\s*(?=$|NCT)"), read=read_registry_number),
    PageField(opening=lazy_pattern(r"Sponsor\s*:?\s+(?=\S)|Sponsor\s*:?$"), read=read_lead),
    PageField(opening=lazy_pattern(r"Information provided by\b(?: \(Responsible Party\))?\s*:?\s*"), to=UNMAPPED),
    _dated("Last Update Posted", "dates/last_update_posted"),
)
OVERVIEW = (
    PageField("Study Overview", late=True),
    PageField("Brief Summary", "descriptions/brief"),
    PageField("Detailed Description", "descriptions/detailed"),
    PageField("Official Title", "titles/scientific"),
    PageField("Conditions|Condition", read=_read_conditions),
    PageField("Intervention / Treatment|Intervention/Treatment", read=read_interventions),
    IDENTIFIERS,
    *STUDY_DATES,
    PageField(
        opening=lazy_pattern(rf"Enrollment{TYPE}\s*:?\s*(?=$|\d)", re.IGNORECASE),
        to="enrollment/count",
        parts=(("type", "enrollment/type"),),
    ),
    PageField("Study Type", "design/study_type"),
    PageField("Phase|Phases", "design/phases/+", LINE),
    PageField(opening=lazy_pattern(r"Resource links provided by (?:the National Library of Medicine|NLM)\s*:?\s*$")),
)
PLACES = (
    PageField("Contacts and Locations", late=True),
    PageField("Study Contact", read=read_contacts),
    PageField("Study Contact Backup", read=read_contacts),
    PageField(opening=lazy_pattern(r"This study has [\d,]+ locations?|Study Locations"), read=read_present_sites),
)
ELIGIBILITY = (
    PageField("Participation Criteria", late=True),
    PageField("Eligibility Criteria", late=True),
    PageField("Description|Eligibility Criteria Description", "eligibility/text"),
    PageField("Ages Eligible for Study", "eligibility/ages", split=AGES, parts=AGE_PARTS),
    PageField("Sexes Eligible for Study|Genders Eligible for Study", "eligibility/sex"),
    PageField("Gender Based", UNMAPPED),
    PageField("Gender Eligibility Description", UNMAPPED),
    PageField("Accepts Healthy Volunteers", "eligibility/healthy_volunteers"),
    PageField("Sampling Method", "eligibility/sampling_method"),
    PageField("Study Population", "eligibility/population"),
)
PLAN = (
    PageField("Study Plan", late=True),
    PageField("How is the study designed?"),
    PageField("Design Details"),
    (
        _design("Primary Purpose", "design/primary_purpose"),
        _design("Allocation", "design/allocation"),
        _design("Interventional Model|Intervention Model", "design/intervention_model"),
        _design("Interventional Model Description|Intervention Model Description", "design/text"),
        _design("Observational Model", "design/observational_model"),
        _design("Time Perspective|Time Perspectives", "design/time_perspective"),
        _design("Masking", "design/masking"),
        _design("Masking Description", "design/text"),
        _design("Biospecimen Retention", "biospecimens/0/fate"),
        _design("Biospecimen Description", "biospecimens/0/name"),
    ),
    PageField("Arms and Interventions|Groups and Interventions", late=True),
    PageField("Participant Group/Arm|Group/Cohort", read=read_arms),
    PageField("What is the study measuring?"),
    PageField("Primary Outcome Measures|Primary Outcome Measure", read=_read_outcomes("PRIMARY"), late=True),
    PageField("Secondary Outcome Measures|Secondary Outcome Measure", read=_read_outcomes("SECONDARY"), late=True),
    PageField("Other Outcome Measures|Other Outcome Measure", read=_read_outcomes("OTHER"), late=True),
)
PEOPLE = (
    PageField("Collaborators and Investigators", late=True),
    PageField("Sponsor", read=read_lead),
    PageField("Collaborators|Collaborator", read=read_collaborators),
    PageField("Investigators", read=read_investigators),
    PageField("Publications", late=True),
    PageField("General Publications|Other Publications", "references/+/citation type=BACKGROUND", LINE),
    PageField("Publications of Results|Results Publications", "references/+/citation type=RESULT", LINE),
    PageField(
        opening=lazy_pattern(r"(?:From PubMed|Publications automatically indexed to this study)\b.*"),
        to="references/+/citation type=DERIVED",
        by=LINE,
    ),
)
MORE = (
    PageField("Study Record Dates", late=True),
    PageField("Study Major Dates"),
    *STUDY_DATES,
    (PageField("Study Registration Dates|Study Record Updates", repeats=True), *RECORD_DATES),
    PageField("More Information", late=True),
    PageField("Terms related to this study|Terms related to the study"),
    PageField(opening=lazy_pattern(r"Keywords(?: Provided by .*)?\s*:?\s*$", re.DOTALL), to="keywords/+", by=LINE),
    PageField("Additional Relevant MeSH Terms", UNMAPPED),
    IDENTIFIERS,
    PageField(opening=lazy_pattern(r"Plan for Individual participant data \(IPD\)\s*$", re.IGNORECASE)),
    PageField("Plan to Share Individual Participant Data (IPD)?|Plan to Share Individual Participant Data (IPD)", "data_sharing/ipd"),
    PageField("IPD Plan Description", "data_sharing/plan"),
    PageField("IPD Sharing Time Frame", "data_sharing/plan"),
    PageField("IPD Sharing Access Criteria", "data_sharing/plan"),
    PageField("IPD Sharing Supporting Information Type", UNMAPPED),
    PageField("Drug and device information, study documents, and helpful links"),
    PageField("Studies a U.S. FDA-regulated drug product", UNMAPPED),
    PageField("Studies a U.S. FDA-regulated device product", UNMAPPED),
    PageField("Product manufactured in and exported from the U.S.", UNMAPPED),
    PageField("Study Documents|Helpful Links", UNMAPPED),
)
FURNITURE_LINES = lazy_pattern(rf"(?:{boilerplate_of('ctgov_present')})", re.IGNORECASE)

ORDER = Order((*HEAD, *OVERVIEW, *PLACES, *ELIGIBILITY, *PLAN, *PEOPLE, *MORE), FURNITURE_LINES)
