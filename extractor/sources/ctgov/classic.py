"""ClinicalTrials.gov's designs of 2011 to 2017 (ct2/show) and 2017 to 2023 ("classic"): two orders of nearly the same labels.

The first was seen as a page; labels of the second are those of its header, of copied page texts and of the registry's own glossary.
"""

from __future__ import annotations

import re

from extractor.patterns import lazy_pattern
from extractor.sources.ctgov.arms import read_arms
from extractor.sources.ctgov.sections import (
    read_collaborators,
    read_contacts,
    read_investigators,
    read_lead,
    read_outcomes,
    read_registry_number,
    read_sponsors,
    read_study_ids,
    read_summary,
)
from extractor.sources.ctgov.sites import read_sites
from extractor.sources.readers.boilerplate import boilerplate_of
from extractor.sources.readers.designs import split_design
from extractor.sources.readers.fields import UNMAPPED
from extractor.sources.readers.order import LINE, Order, PageField, PagePart
from extractor.sources.readers.sheet import Sheet

DATE = r"(?:[A-Z][a-z]+ \d{1,2}, \d{4}|[A-Z][a-z]+ \d{4}|\d{4}-\d\d(?:-\d\d)?)"
DATED = lazy_pattern(rf"(?P<date>{DATE})")
TYPE = r"(?:(?P<type>Actual|Estimated|Anticipated)\s+)?"
AGE = r"\d+(?:\.\d+)?\s+(?:Year|Month|Week|Day|Hour|Minute)s?"
AGES = lazy_pattern(rf"^\s*(?:up to\s+(?P<high>{AGE})|(?P<low>{AGE})(?:\s+to\s+(?P<most>{AGE}))?)", re.IGNORECASE)
AGE_PARTS = (("low", "eligibility/minimum_age"), ("high", "eligibility/maximum_age"), ("most", "eligibility/maximum_age"))
SENTENCE = lazy_pattern(
    r"(?:This study (?:is|has been)|The recruitment status of this study is)\s+(?:currently\s+|enrolling participants\s+)?"
    r"(?P<status>recruiting|completed|terminated|suspended|withdrawn|unknown|by invitation only|ongoing, but not recruiting"
    r"|active, not recruiting|not yet open for participant recruitment|not yet recruiting|available|no longer available"
    r"|temporarily not available|approved for marketing)\b[^.]*\.?",
    re.IGNORECASE,
)
RECEIVED = lazy_pattern(
    rf"First received(?: on)?\s*:?\s*(?P<first>{DATE})|Last updated(?: on)?\s*:?\s*(?P<last>{DATE})"
    rf"|(?:Last )?verified(?: on)?\s*:?\s*(?P<verified>{DATE})",
    re.IGNORECASE,
)
RECEIVED_PARTS = (("first", "dates/first_submitted"), ("last", "dates/last_update_submitted"), ("verified", "dates/status_verified"))
STATUS = lazy_pattern(r"^\s*(?P<status>[^(\n]+?)(?<!\s)\s*(?:\((?P<why>.+)\)\s*)?$", re.DOTALL)


def _read_design(sheet: Sheet, part: PagePart) -> None:
    """The words "Allocation: Randomized, Masking: …": keys and values on one line or several."""
    for block in sheet.merged(part.blocks) if part.blocks else ():
        sheet.drop([block])
        for path, start, end in split_design(block.text.replace("\u00a0", " ")):
            sheet.cut(path, block, start, end)


def _dated(words: str, path: str, *, late: bool = False) -> PageField:
    return PageField(words, path, split=DATED, parts=(("date", path),), late=late)


def _typed_date(words: str, path: str) -> PageField:
    """A date with its type in the label: "Estimated Study Completion Date :"."""
    opening = lazy_pattern(rf"{TYPE}{words}\s*:?\s*(?=$|[A-Z\d])", re.IGNORECASE)
    return PageField(opening=opening, to=path, split=DATED, parts=(("type", f"{path}/type"), ("date", path)), repeats=True)


IDENTIFIER = PageField("ClinicalTrials.gov Identifier|ClinicalTrials.gov Identifier (NCT number)", read=read_registry_number)
SPONSORS = (
    PageField("Sponsor|Lead Sponsor", read=read_lead),
    PageField("Collaborator|Collaborators", read=read_collaborators),
    PageField("Information provided by|Information provided by (Responsible Party)", UNMAPPED),
)
ENROLLMENT = PageField(
    opening=lazy_pattern(rf"{TYPE}Enrollment\s*:?\s*(?=$|\d)", re.IGNORECASE),
    to="enrollment/count",
    parts=(("type", "enrollment/type"),),
)
DATES = (
    _typed_date("Study Start Date", "dates/start"),
    # Both orders of the two completion dates were printed.
    (
        _typed_date("Primary Completion Date", "dates/primary_completion"),
        _typed_date("Study Completion Date", "dates/completion"),
    ),
)
OUTCOMES = (
    PageField("Primary Outcome Measures|Primary Outcome Measure", read=read_outcomes("PRIMARY"), late=True),
    PageField("Secondary Outcome Measures|Secondary Outcome Measure", read=read_outcomes("SECONDARY"), late=True),
    PageField("Other Outcome Measures|Other Pre-specified Outcome Measures", read=read_outcomes("OTHER"), late=True),
    PageField("Biospecimen Retention", "biospecimens/0/fate"),
    PageField("Biospecimen Description|Biospecimen Descriptions", "biospecimens/0/name"),
)
ARMS = PageField("Arm|Arms|Group/Cohort|Groups/Cohorts|Arm/Group", read=read_arms, late=True)
ELIGIBILITY = (
    PageField("Eligibility|Eligibility Criteria", late=True),
    PageField("Ages Eligible for Study", "eligibility/ages", split=AGES, parts=AGE_PARTS),
    PageField("Genders Eligible for Study|Sexes Eligible for Study|Gender", "eligibility/sex"),
    PageField("Gender Based Eligibility|Gender Based", UNMAPPED),
    PageField("Gender Eligibility Description", UNMAPPED),
    PageField("Accepts Healthy Volunteers", "eligibility/healthy_volunteers"),
    PageField("Sampling Method", "eligibility/sampling_method"),
    PageField("Study Population", "eligibility/population"),
    PageField("Criteria", "eligibility/text"),
)
PLACES = (
    PageField("Contacts and Locations", late=True),
    PageField(opening=lazy_pattern(r"(?:Please refer to this study by its|To learn more about this study)")),
    PageField("Contacts|Contacts and Contact Information", read=read_contacts),
    PageField("Locations", read=read_sites),
    PageField("Sponsors and Collaborators", read=read_sponsors),
    PageField("Investigators", read=read_investigators),
)
IPD = (
    PageField("Individual Participant Data (IPD) Sharing Statement"),
    PageField("Plan to Share IPD", "data_sharing/ipd"),
    PageField("Plan Description|IPD Plan Description", "data_sharing/plan"),
    PageField("Supporting Materials", UNMAPPED),
    PageField("Time Frame", "data_sharing/plan"),
    PageField("Access Criteria", "data_sharing/plan"),
    PageField("URL", "links/+/url"),
    PageField("Studies a U.S. FDA-regulated Drug Product", UNMAPPED),
    PageField("Studies a U.S. FDA-regulated Device Product", UNMAPPED),
    PageField("Device Product Not Approved or Cleared by U.S. FDA", UNMAPPED),
    PageField("Pediatric Postmarket Surveillance of a Device Product", UNMAPPED),
    PageField("Product Manufactured in and Exported from the U.S.", UNMAPPED),
)


def _publications(opening: str, code: str) -> PageField:
    return PageField(opening=lazy_pattern(opening), to=f"references/+/citation type={code}", by=LINE)


MORE = (
    PageField("More Information", late=True),
    PageField("No publications provided"),
    PageField("Additional Information", UNMAPPED),
    _publications(r"Publications of Results\s*:?\s*$", "RESULT"),
    _publications(r"Publications automatically indexed to this study.*?:?\s*$", "DERIVED"),
    _publications(r"(?:Other )?Publications\s*:?\s*$", "BACKGROUND"),
    PageField("Responsible Party", UNMAPPED),
    IDENTIFIER,
    PageField("Obsolete Identifiers", "identifiers/+/value", LINE),
    PageField("Other Study ID Numbers", read=read_study_ids),
    _dated("Study First Received|First Submitted", "dates/first_submitted"),
    _dated("First Posted", "dates/first_posted"),
    _dated("Results First Received", "dates/results_first_submitted"),
    _dated("Results First Posted", "dates/results_first_posted"),
    _dated("Last Updated", "dates/last_update_submitted"),
    _dated("Last Update Posted", "dates/last_update_posted"),
    _dated("Last Verified|Verified", "dates/status_verified"),
    PageField("Health Authority", UNMAPPED),
    *IPD,
    PageField(opening=lazy_pattern(r"Keywords provided by .*?:?\s*$", re.DOTALL), to="keywords/+", by=LINE),
    PageField(opening=lazy_pattern(r"Additional relevant MeSH terms\s*:?"), to=UNMAPPED),
    PageField(opening=lazy_pattern(r"ClinicalTrials\.gov processed this (?:record|data) on .*")),
)
RESOURCES = PageField(opening=lazy_pattern(r"Resource links provided by (?:the National Library of Medicine|NLM)\s*:?\s*$"))

FURNITURE_LINES = lazy_pattern(boilerplate_of("ctgov_classic"), re.DOTALL)

OLD = Order(
    (
        PageField(
            opening=lazy_pattern(r"(?=This study (?:is|has been) |The recruitment status of this study)"),
            to=UNMAPPED,
            split=SENTENCE,
            parts=(("status", "status/overall"),),
        ),
        (
            PageField(
                opening=lazy_pattern(r"(?=(?:Last )?[Vv]erified(?: on)? )"), to=UNMAPPED, split=RECEIVED, parts=RECEIVED_PARTS, repeats=True
            ),
            PageField(opening=lazy_pattern(r"(?=First [Rr]eceived)"), to=UNMAPPED, split=RECEIVED, parts=RECEIVED_PARTS, repeats=True),
        ),
        *SPONSORS,
        IDENTIFIER,
        PageField("Purpose|Brief Summary", "descriptions/brief"),
        PageField("Condition|Conditions", read=read_summary, late=True),
        PageField("Study Type", "design/study_type"),
        PageField("Study Design", read=_read_design),
        PageField("Official Title", "titles/scientific"),
        RESOURCES,
        PageField(opening=lazy_pattern(r"Further study details as provided by .*")),
        *OUTCOMES,
        ENROLLMENT,
        *DATES,
        ARMS,
        PageField("Detailed Description", "descriptions/detailed"),
        *ELIGIBILITY,
        *PLACES,
        *MORE,
    ),
    FURNITURE_LINES,
)
CLASSIC = Order(
    (
        IDENTIFIER,
        PageField(
            "Recruitment Status", "status/overall", split=STATUS, parts=(("status", "status/overall"), ("why", "status/why_stopped"))
        ),
        _dated("First Posted", "dates/first_posted"),
        _dated("Results First Posted", "dates/results_first_posted"),
        _dated("Last Update Posted", "dates/last_update_posted"),
        *SPONSORS,
        PageField("Study Description"),
        PageField("Brief Summary", "descriptions/brief"),
        PageField("Condition or disease", read=read_summary, late=True),
        PageField("Detailed Description", "descriptions/detailed"),
        PageField("Study Design", late=True),
        PageField("Study Type", "design/study_type"),
        ENROLLMENT,
        PageField("Allocation", "design/allocation"),
        PageField("Intervention Model|Interventional Model", "design/intervention_model"),
        PageField("Intervention Model Description", "design/text"),
        PageField("Observational Model", "design/observational_model"),
        PageField("Time Perspective", "design/time_perspective"),
        PageField("Masking", "design/masking"),
        PageField("Masking Description", "design/text"),
        PageField("Primary Purpose", "design/primary_purpose"),
        PageField("Target Follow-Up Duration", UNMAPPED),
        PageField("Official Title", "titles/scientific"),
        *DATES,
        RESOURCES,
        PageField("Arms and Interventions|Groups and Cohorts", late=True),
        ARMS,
        PageField("Outcome Measures", late=True),
        *OUTCOMES,
        *ELIGIBILITY,
        *PLACES,
        *MORE,
    ),
    FURNITURE_LINES,
)
