"""Sections of a ClinicalTrials.gov page that no table of labels can read: arms, outcomes, sites, people.

They are read line by line, by what each line says, so that saved pages, copied text and prints are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from extractor.document import Block
from extractor.patterns import lazy_pattern
from extractor.sources.readers.order import PagePart, Reader, split_block
from extractor.sources.readers.sheet import Sheet
from extractor.text import fold_label

TYPES = (
    "Drug|Device|Biological(?:/Vaccine)?|Procedure(?:/Surgery)?|Radiation|Behavioral|Genetic|Gene Transfer|Dietary Supplement"
    "|Combination Product|Diagnostic Test|Other"
)
STATUSES = (
    "Not yet recruiting|Recruiting|Enrolling by invitation|Active, not recruiting|Completed|Suspended|Terminated|Withdrawn|Unknown status"
    "|Available|No longer available|Temporarily not available|Approved for marketing|Withheld|No longer recruiting"
)
INTERVENTION = lazy_pattern(rf"(?:[*•-]\s*)?(?P<type>{TYPES})\s*:\s+(?P<name>\S.*)", re.DOTALL)
PHASE = lazy_pattern(r"(?:Early )?Phase \d(?:\s*/\s*Phase \d)?|Phase N/A|Not Applicable|N/A|Phase 0", re.IGNORECASE)
STATUS = lazy_pattern(STATUSES, re.IGNORECASE)
TIME_FRAME = lazy_pattern(
    r"\s*(?:(?:\d+\.|[*•-])\s+)?(?P<measure>.*?)(?<!\s)\s*\[\s*Time Frame\s*:\s*(?P<time>(?:[^\[\]]|\[[^\[\]]*\])*?)(?<!\s)\s*\]"
    r"(?:\s*\[\s*Designated as safety issue\s*:\s*(?P<safety>Yes|No)\s*\])?(?P<description>.*)",
    re.DOTALL | re.IGNORECASE,
)
ITEM = lazy_pattern(r"\s*(?:\d+\.|[*•-])\s+")
HEADERS = frozenset(
    fold_label(words)
    for words in (
        "Arm|Arms|Group/Cohort|Groups/Cohorts|Group|Participant Group/Arm|Intervention/treatment|Intervention / Treatment|Intervention"
        "|Assigned Interventions|Interventions|Phase|Condition or disease|Outcome Measure|Measure Description|Time Frame|Go to"
    ).split("|")
)
ROLES = lazy_pattern(
    r"(?P<role>Principal Investigator|Study Director|Study Chair|Study Principal Investigator|Sub-Investigator|Overall Official)\s*:\s*"
    r"(?P<rest>.*)",
    re.DOTALL,
)
DEGREE = r"(?:[A-Z][A-Za-z.]{0,6}|Pharm\.?D\.?|M\.? ?Sc\.?)"
NAME_AND_PLACE = lazy_pattern(rf"(?P<name>[^,]+(?:,\s*{DEGREE}(?=,))*),\s+(?P<place>.+)", re.DOTALL)
NCT = lazy_pattern(r"NCT\d{8}")
# "ABC-1, 2012-001234-56 ( EudraCT Number )": separated by commas or lines.
STUDY_ID = lazy_pattern(r"(?P<value>[^\s,][^,\n]*?)(?<!\s)(?:\s+\(\s*(?P<scheme>[^()\n]*?)\s*\))?[ \t]*(?:,|$)", re.MULTILINE)
CONTACT = lazy_pattern(r"(?:Contact|Name|Study Contact(?: Backup)?|Contact Backup)\s*:\s*(?P<name>\S.*)", re.DOTALL)
PHONE = lazy_pattern(r"(?:Phone(?: Number)?\s*:\s*)?(?P<phone>[+(\d][\d\s().+/-]{4,}(?:\s*(?:x|ext\.?)\s*\d+)?)", re.IGNORECASE)
EMAIL = lazy_pattern(r"(?:E-?mail\s*:\s*)?(?P<email>[^\s@]+@[^\s@]+)", re.IGNORECASE)
WIDE = lazy_pattern(r"[ \u00a0]*\u00a0[ \u00a0]*|[ ]{2,}")


def lines_of(blocks: Iterable[Block]) -> Iterator[Block]:
    """The printed lines of all blocks, headers of tables left out by the caller."""
    for block in blocks:
        yield from split_block(block)


def without_headers(sheet: Sheet, blocks: Iterable[Block]) -> list[Block]:
    """The printed lines of a table's blocks; the words of its header row are furniture."""
    lines = list(lines_of(blocks))
    sheet.drop(line for line in lines if fold_label(line.text) in HEADERS)
    return [line for line in lines if fold_label(line.text) not in HEADERS]


def enter_intervention(sheet: Sheet, line: Block) -> int | None:
    """The position of an intervention "Drug: X", entered once however often it is printed; None where the line is none."""
    match = INTERVENTION.fullmatch(line.text)
    if match is None:
        return None
    number, fresh = sheet.item("interventions", line.text)
    if fresh:
        sheet.cut(f"interventions/{number}/type", line, *match.span("type"))
        sheet.cut(f"interventions/{number}/name", line, *match.span("name"))
    sheet.drop([line])
    return number


def read_summary(sheet: Sheet, part: PagePart) -> None:
    """The table of conditions, interventions and phase: what a line says tells its column."""
    for line in without_headers(sheet, part.blocks):
        if PHASE.fullmatch(line.text.strip()):
            sheet.add(f"design/phases/{sheet.number('phases')}", [line])
        elif enter_intervention(sheet, line) is None:
            bare = ITEM.match(line.text)
            sheet.cut(f"conditions/{sheet.number('conditions')}/name", line, bare.end() if bare else 0, len(line.text))


def read_interventions(sheet: Sheet, part: PagePart) -> None:
    """Interventions, one a line."""
    for line in without_headers(sheet, part.blocks):
        if enter_intervention(sheet, line) is None:
            number, fresh = sheet.item("interventions", line.text)
            sheet.add(f"interventions/{number}/name", [line] if fresh else [])


def read_outcomes(level: str) -> Reader:
    """A reader of outcomes "1. measure [ Time Frame: … ]" with a description below."""

    def read(sheet: Sheet, part: PagePart) -> None:
        framed = any("time frame:" in block.text.casefold() for block in part.blocks)
        number = -1
        for block in part.blocks if framed else without_headers(sheet, part.blocks):
            match = TIME_FRAME.fullmatch(block.text)
            mark = ITEM.match(block.text)
            if match is None and framed and number >= 0 and not mark:
                sheet.add(f"outcomes/{number}/description", [block])
                continue
            number = sheet.number("outcomes")
            sheet.draft.codes[f"outcomes/{number}/level"] = level
            _enter_outcome(sheet, number, block, match or mark)

    return read


def _enter_outcome(sheet: Sheet, number: int, block: Block, match: re.Match[str] | None) -> None:
    sheet.drop([block])
    if match is None or "measure" not in match.re.groupindex:
        sheet.cut(f"outcomes/{number}/measure", block, match.end() if match else 0, len(block.text))
        return
    targets = {"measure": "measure", "time": "time_frame", "description": "description"}
    for name, field in targets.items():
        sheet.cut(f"outcomes/{number}/{field}", block, *match.span(name))
    if match["safety"]:
        sheet.cut("?Designated as safety issue", block, *match.span("safety"))


def read_registry_number(sheet: Sheet, part: PagePart) -> None:
    """The registry's own number, entered once however often it is printed."""
    for block in part.blocks:
        match = NCT.search(block.text)
        number, fresh = sheet.item("identifiers", match.group()) if match else (0, False)
        if match and fresh:
            sheet.cut(f"identifiers/{number}/value", block, *match.span())
            codes = {f"identifiers/{number}/scheme": "NCT", f"identifiers/{number}/primary": "true"}
            sheet.draft.codes.update(codes)
    sheet.drop(part.blocks)


def read_study_ids(sheet: Sheet, part: PagePart) -> None:
    """Other numbers, on lines of their own or between commas, with their kind in brackets; each is entered once."""
    for line in lines_of(part.blocks):
        sheet.drop([line])
        for match in STUDY_ID.finditer(line.text):
            number, fresh = sheet.item("identifiers", match["value"])
            if fresh:
                sheet.cut(f"identifiers/{number}/value", line, *match.span("value"))
            if fresh and match["scheme"]:
                sheet.cut(f"identifiers/{number}/scheme", line, *match.span("scheme"))


def read_lead(sheet: Sheet, part: PagePart) -> None:
    """The lead sponsor."""
    _enter_sponsors(sheet, part.blocks[:1], "LEAD")
    sheet.keep(sheet.words(part.heading), part.blocks[1:])


def read_collaborators(sheet: Sheet, part: PagePart) -> None:
    """Collaborators, one a line."""
    _enter_sponsors(sheet, part.blocks, "COLLABORATOR")


def read_sponsors(sheet: Sheet, part: PagePart) -> None:
    """Sponsor and collaborators once more: who is new is a collaborator, unless nobody stands yet."""
    lines = list(lines_of(part.blocks))
    if "sponsors" not in sheet.counts:
        _enter_sponsors(sheet, lines[:1], "LEAD")
    _enter_sponsors(sheet, lines, "COLLABORATOR")


def _enter_sponsors(sheet: Sheet, blocks: Iterable[Block], role: str) -> None:
    for line in lines_of(blocks):
        number, fresh = sheet.item("sponsors", line.text)
        sheet.drop([line])
        if fresh:
            sheet.add(f"sponsors/{number}/name", [line])
            sheet.draft.codes[f"sponsors/{number}/role"] = role


def _pieces(blocks: Iterable[Block]) -> Iterator[Block]:
    """Lines cut at wide gaps: cells that a copy set side by side."""
    for line in lines_of(blocks):
        starts = [0, *(match.end() for match in WIDE.finditer(line.text))]
        ends = [*(match.start() for match in WIDE.finditer(line.text)), len(line.text)]
        for start, end in zip(starts, ends, strict=True):
            if line.text[start:end].strip():
                span = line.span._replace(start=line.span.start + start, end=line.span.start + end)
                yield line._replace(text=line.text[start:end], span=span)


def read_contacts(sheet: Sheet, part: PagePart) -> None:
    """The words "Contact: name", telephone, mail: each name begins a person."""
    number = -1
    for piece in _pieces(part.blocks):
        sheet.drop([piece])
        kinds = (("name", CONTACT.fullmatch(piece.text)), ("email", EMAIL.fullmatch(piece.text)), ("phone", PHONE.fullmatch(piece.text)))
        kind, match = next(((kind, match) for kind, match in kinds if match), ("name", None))
        if kind == "name" or number < 0:
            number = sheet.number("contacts")
            sheet.draft.codes[f"contacts/{number}/role"] = "CENTRAL"
        sheet.cut(f"contacts/{number}/{kind}", piece, *(match.span(kind) if match else (0, len(piece.text))))


def read_investigators(sheet: Sheet, part: PagePart) -> None:
    """The words "Principal Investigator:", name, affiliation."""
    number, fields = -1, iter(("name", "affiliation"))
    for piece in _pieces(part.blocks):
        match = ROLES.fullmatch(piece.text)
        if match:
            number, fields = sheet.number("contacts"), iter(("name", "affiliation"))
            sheet.draft.codes[f"contacts/{number}/role"] = "OFFICIAL"
            sheet.drop([piece])
            _enter_person(sheet, number, sheet.part(piece, match.start("rest"), len(piece.text)), fields)
        else:
            name = next(fields, "") if number >= 0 else ""
            sheet.add(f"contacts/{number}/{name}" if name else "?Investigators", [piece])


def _enter_person(sheet: Sheet, number: int, rest: Block | None, fields: Iterator[str]) -> None:
    """What stands on the line of the role: the name, and the affiliation where a comma sets it apart."""
    if rest is None:
        return
    both = NAME_AND_PLACE.fullmatch(rest.text)
    sheet.cut(f"contacts/{number}/{next(fields)}", rest, *(both.span("name") if both else (0, len(rest.text))))
    if both:
        sheet.cut(f"contacts/{number}/{next(fields)}", rest, *both.span("place"))
