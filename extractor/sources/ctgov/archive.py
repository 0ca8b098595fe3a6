"""ClinicalTrials.gov's archive: pages "View of NCT… on YYYY_MM_DD", one table of labels and values (to 2017).

Labels and the words of "Study design" are those of the registration system of the time.
"""

from __future__ import annotations

import re

from extractor.document import Block, Doubt
from extractor.patterns import lazy_pattern
from extractor.sources.ctgov.sections import TYPES
from extractor.sources.readers.designs import design_field
from extractor.sources.readers.fields import UNMAPPED
from extractor.sources.readers.order import Order, PageField, PagePart
from extractor.sources.readers.sheet import Sheet

GAP = lazy_pattern(r"[ \t\n]*\u00a0[\s\u00a0]*")
OUTCOME = lazy_pattern(
    r"Measure:\s*(?P<measure>.*?)(?<!\s)\s*(?=\n\s*(?:Time Frame:|Safety Issue\?|Description:)|\Z)"
    r"|Time Frame:\s*(?P<time>.*?)(?<!\s)\s*(?=\n\s*(?:Safety Issue\?|Description:)|\Z)"
    r"|Safety Issue\?\s*(?P<safety>Yes|No)\b"
    r"|Description:\s*(?P<description>.*)",
    re.DOTALL,
)
REFERENCE = lazy_pattern(r"Citation:\s*(?P<citation>.*?)(?<!\s)\s*(?=\n\s*(?:MEDLINE|PMID):|\Z)|PMID:\s*(?P<pmid>\d+)", re.DOTALL)
MEDLINE = lazy_pattern(r"MEDLINE:\s*(\d+)?")
DATE = lazy_pattern(r"^\s*(?P<date>[^()]+?)(?<!\s)\s*(?:\((?P<type>[A-Za-z]+)\))?\s*$")
SECONDARY = lazy_pattern(r"^\s*(?P<value>\S.*?)(?<!\s)(?:\s+\((?P<scheme>[^()]*(?:Number|Identifier|ID|Grant|Contract)[^()]*)\))?\s*$")
ARM = lazy_pattern(r"Arm Label:\s*")
# The page prints the type in front of every name; the registration system of the first years had two types of its own.
TYPED = lazy_pattern(rf"(?P<type>{TYPES}|Behavior|Vaccine)\s*:\s+(?P<name>\S.*)", re.DOTALL)
UNKNOWN_TYPE = "what stands before the colon is no type of intervention that is known; it is kept in the name"
FOLLOW_UP = "Last follow-up date|Study completion date|Completion date"
ENROLMENT = "Expected enrollment|Enrollment"

Stretch = tuple[int, int]  # where a part of a line begins and ends


def _read_design(sheet: Sheet, part: PagePart) -> None:
    """One word of the design: its field follows from the word."""
    for block in part.blocks:
        sheet.add(design_field(block.text), [block])


def _read_arm(sheet: Sheet, part: PagePart) -> None:
    """The words "Arm Label: X", a gap, the type; a description below."""
    if not part.blocks:
        return
    first, number = part.blocks[0], sheet.number("arms")
    sheet.drop([first])
    fields = iter(("label", "type"))
    for start, end in _stretches(first):
        begin = ARM.match(first.text, start, end)
        sheet.cut(f"arms/{number}/{next(fields, 'description')}", first, begin.end() if begin else start, end)
    sheet.add(f"arms/{number}/description", part.blocks[1:])


def _read_intervention(sheet: Sheet, part: PagePart) -> None:
    """The words "Device: X", a gap, "Arm Label: Y" for every arm; a description below."""
    if not part.blocks:
        return
    first, number = part.blocks[0], sheet.number("interventions")
    sheet.drop([first])
    for start, end in _stretches(first):
        arm = ARM.match(first.text, start, end)
        if arm:
            sheet.cut(f"interventions/{number}/arms/{sheet.number('links')}", first, arm.end(), end)
        else:
            _cut_name(sheet, first, (start, end), f"interventions/{number}")
    sheet.add(f"interventions/{number}/description", part.blocks[1:])


def _cut_name(sheet: Sheet, block: Block, stretch: Stretch, place: str) -> None:
    """The type and the name of an intervention."""
    kind = TYPED.fullmatch(block.text, *stretch)
    if kind:
        sheet.cut(f"{place}/type", block, *kind.span("type"))
        sheet.cut(f"{place}/name", block, *kind.span("name"))
        return
    sheet.cut(f"{place}/name", block, *stretch)
    words = block.text[slice(*stretch)]
    if ": " in words:
        sheet.draft.doubts.append(Doubt("value.unknown", f"{place}/name", UNKNOWN_TYPE, words.partition(":")[0].strip()))


def _stretches(block: Block) -> list[Stretch]:
    """The parts of a line that wide gaps set apart."""
    gaps = [match.span() for match in GAP.finditer(block.text)]
    starts = [0, *(end for _, end in gaps)]
    ends = [*(start for start, _ in gaps), len(block.text)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if block.text[start:end].strip()]


def _read_reference(sheet: Sheet, part: PagePart) -> None:
    """Citation, then a number of PubMed or of its predecessor."""
    number = sheet.number("references")
    for block in sheet.merged(part.blocks) if part.blocks else ():
        sheet.drop([block])
        for match in REFERENCE.finditer(block.text):
            name = match.lastgroup or "citation"
            sheet.cut(f"references/{number}/{name}", block, *match.span(name))
        medline = MEDLINE.search(block.text)
        if medline and medline.group(1):
            sheet.keep("MEDLINE", [piece] if (piece := sheet.part(block, *medline.span(1))) else [])


def _read_url(sheet: Sheet, part: PagePart) -> None:
    """The address of a link; the words for all links follow under labels of their own."""
    sheet.add(f"links/{sheet.number('links/url')}/url", part.blocks)


def _read_see_also(sheet: Sheet, part: PagePart) -> None:
    sheet.add(f"links/{sheet.number('links/label')}/label", part.blocks)


def _outcome(words: str, level: str) -> PageField:
    parts = (
        ("measure", f"outcomes/+/measure level={level}"),
        ("time", "outcomes/+/time_frame"),
        ("safety", "?Safety Issue"),
        ("description", "outcomes/+/description"),
    )
    return PageField(words, split=OUTCOME, parts=parts, repeats=True)


def _dated(words: str, path: str) -> PageField:
    return PageField(words, split=DATE, parts=(("date", path), ("type", f"{path}/type")))


def _many(words: str, to: str) -> PageField:
    return PageField(words, to, repeats=True)


ORDER = Order(
    (
        PageField(opening=lazy_pattern(r"View of NCT\d{8}\s+on\s+\d{4}_\d\d_\d\d")),
        PageField("This study has duplicate", UNMAPPED),
        PageField("ClinicalTrials Identifier", "identifiers/+/value scheme=NCT primary=true"),
        PageField("Updated", "dates/last_update_posted"),
        PageField("Descriptive Information"),
        PageField("Brief title", "titles/public"),
        PageField("Acronym", "titles/acronym"),
        PageField("Official title", "titles/scientific"),
        PageField("Brief summary", "descriptions/brief"),
        PageField("Detailed description", "descriptions/detailed"),
        PageField("Phase", "design/phases/0"),
        PageField("Study type", "design/study_type"),
        PageField("Study design", read=_read_design, repeats=True),
        _outcome("Primary outcome", "PRIMARY"),
        _outcome("Secondary outcome", "SECONDARY"),
        _outcome("Other outcome", "OTHER"),
        _many("Condition", "conditions/+/name"),
        _many("Keyword", "keywords/+"),
        PageField("Arm/Group", read=_read_arm, repeats=True),
        PageField("Intervention", read=_read_intervention, repeats=True),
        (
            PageField("Reference", read=_read_reference, repeats=True),
            PageField("Results Reference", read=_read_reference, repeats=True),
            PageField("URL", read=_read_url, repeats=True),
            PageField("See also", read=_read_see_also, repeats=True),
        ),
        PageField("Recruitment Information"),
        PageField("Status", "status/overall"),
        PageField("Why stopped", "status/why_stopped"),
        _dated("Start date", "dates/start"),
        _dated(FOLLOW_UP, "dates/completion"),  # before or after the primary completion, as the years have it
        _dated("Primary completion date", "dates/primary_completion"),
        _dated(FOLLOW_UP, "dates/completion"),
        PageField("Last data entry date", UNMAPPED),
        PageField(ENROLMENT, "enrollment/count"),
        PageField("Study population", "eligibility/population"),
        PageField("Sampling method", "eligibility/sampling_method"),
        PageField("Criteria", "eligibility/text"),
        PageField("Gender", "eligibility/sex"),
        PageField("Minimum age", "eligibility/minimum_age"),
        PageField("Maximum age", "eligibility/maximum_age"),
        PageField("Healthy volunteers", "eligibility/healthy_volunteers"),
        PageField(ENROLMENT, "enrollment/count"),  # until 2007 it stood among the limits of eligibility
        PageField("Administrative Data"),
        PageField("Organization name", UNMAPPED),
        _many("Organization study ID", "identifiers/+/value scheme=SPONSOR"),
        PageField("Secondary ID", "identifiers/+/value", split=SECONDARY, parts=(("scheme", "identifiers/+/scheme"),), repeats=True),
        PageField("Sponsor", "sponsors/+/name role=LEAD"),
        _many("Collaborator", "sponsors/+/name role=COLLABORATOR"),
        _many("Health Authority", UNMAPPED),
    ),
    lazy_pattern(r"← History of this study.*|↑ Current version of this study"),
)
VERSION = lazy_pattern(r"View of NCT\d{8}\s+on\s+(\d{4}_\d\d_\d\d)")
