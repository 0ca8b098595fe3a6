"""Veeva (ctv.veeva.com): copies of ClinicalTrials.gov records, as copied text and saved pages.

Labels and values are those of the site's own design; a value of it is never independent evidence about a trial.
Some copies keep the labels and lose the values: they give one finding for the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.document import Block, Document, Doubt, Draft, Format
from extractor.patterns import lazy_pattern
from extractor.sources.readers.boilerplate import boilerplate_of
from extractor.sources.readers.order import BLOCK, LINE, MATCH, Order, PageField, PagePart, read_page
from extractor.sources.readers.sheet import Sheet, folded_lines
from extractor.sources.readers.titles import read_title

NAME = "veeva"
MARKS = frozenset({"clinicaltrials.veeva", "detailsandpatienteligibility", "datasourcedfromclinicaltrials.gov"})
LABELS = frozenset({"statusandphase", "treatments", "studytype", "fundertypes", "identifiers", "conditions"})
OWNER = lazy_pattern(r"©\s*Copyright\s+20\d\d\s+Veeva Systems|\bClinicalTrials\.Veeva\b")
STRIPPED = 4  # labels without a value from which on a page counts as a copy that lost its values

FURNITURE_LINES = lazy_pattern(rf"(?:\* )?(?:{boilerplate_of('veeva')})", re.IGNORECASE)
STATUS_AND_PHASE = lazy_pattern(
    r"^[ \t]*(?:(?P<phase>(?:Early )?Phase (?:\d|I{1,3}V?|N/?A)\b[^\n]*|N/A)|(?P<status>\S[^\n]*))$", re.MULTILINE
)
IDENTIFIER = lazy_pattern(r"^\s*(?P<value>\S.*?)(?<!\s)(?:\s+\((?P<scheme>(?:[^()]|\([^()]*\))+)\))?\s*$")
ARM_TYPE = lazy_pattern(r"(?:Experimental|(?:Active|Placebo|Sham) Comparator|No Intervention|Other) group", re.IGNORECASE)
CARD_MARKS = (ARM_TYPE, lazy_pattern("Description:"), lazy_pattern("Treatment:"))  # second line of a card
ARM_COUNT = lazy_pattern(r"[\d,]+ participants? in [\d,]+ patient groups?\b[^\n]*")
PHONE = lazy_pattern(r"[+(\d][\d\s().+/-]{5,}(?:\s*(?:x|ext\.?)\s*\d+)?", re.IGNORECASE)
SITE = lazy_pattern(r"The trial is taking place at:?")


def _read_arms(sheet: Sheet, part: PagePart) -> None:
    """Arm cards: label, type, `Description:` with text, `Treatment:` with one intervention a line."""
    cards = _cards(part.blocks)
    for card in cards:
        _read_card(sheet, sheet.number("arms"), card)
    before = part.blocks.index(cards[0][0]) if cards else len(part.blocks)
    sheet.keep(sheet.words(part.heading), part.blocks[:before])


def _cards(blocks: list[Block]) -> list[list[Block]]:
    """The blocks of each card: one begins above each type line or, where a group has no type, above its description."""
    for mark in CARD_MARKS:
        starts = [at for at, block in enumerate(blocks[1:]) if mark.fullmatch(block.text.strip())]
        if starts:
            return [blocks[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
    return []


def _read_card(sheet: Sheet, number: int, card: list[Block]) -> None:
    sheet.add(f"arms/{number}/label", card[:1])
    part, description = "", []
    for block in card[1:]:
        text = block.text.strip()
        if text in ("Description:", "Treatment:"):
            part = text
            sheet.drop([block])
        elif not part and ARM_TYPE.fullmatch(text):
            sheet.add(f"arms/{number}/type", [block])
        elif part == "Treatment:":
            sheet.add(f"arms/{number}/interventions/{sheet.number('links')}", [block])
        else:
            description.append(block)
    sheet.add(f"arms/{number}/description", description)


def _read_contacts(sheet: Sheet, part: PagePart) -> None:
    """Names, each followed by its telephone number and address where they are given."""
    number = -1
    for block in part.blocks:
        text = block.text.strip()
        kind = "email" if "@" in text else "phone" if PHONE.fullmatch(text) else "name"
        if kind == "name" or number < 0:
            number = sheet.number("contacts")
            sheet.draft.codes[f"contacts/{number}/role"] = "CENTRAL"
        sheet.add(f"contacts/{number}/{kind}", [block])


def _read_sites(sheet: Sheet, part: PagePart) -> None:
    """A count of sites is furniture; whatever else stands there is kept."""
    sheet.drop(block for block in part.blocks if block.text.strip().isdigit())
    sheet.keep(sheet.words(part.heading), [block for block in part.blocks if not block.text.strip().isdigit()])


def _read_funders(sheet: Sheet, part: PagePart) -> None:
    """The kinds of all funders together: the lead sponsor's where there is one kind only."""
    if len(part.blocks) == 1:
        sheet.add("sponsors/0/class", part.blocks)
    else:
        sheet.keep(sheet.words(part.heading), part.blocks)


def _read_enrollment(sheet: Sheet, part: PagePart) -> None:
    """Number of patients: without the word "estimated" it is the actual one."""
    sheet.add("enrollment/count", part.blocks[:1])
    sheet.keep(sheet.words(part.heading), part.blocks[1:])
    if not part.blocks:
        sheet.miss(part.heading)
    elif "estimated" not in part.blocks[0].text.casefold():
        sheet.draft.codes["enrollment/type"] = "ACTUAL"


ORDER = Order(
    (
        PageField(
            "Status and phase|Status",
            split=STATUS_AND_PHASE,
            by=MATCH,
            parts=(("status", "status/overall"), ("phase", "design/phases/+")),
        ),
        PageField("Conditions", "conditions/+/name", BLOCK),
        PageField("Treatments", "interventions/+/typed_name", BLOCK),
        PageField("Study type", "design/study_type"),
        PageField("Funder types", read=_read_funders),
        PageField("Identifiers", "identifiers/+/value", LINE, IDENTIFIER, (("scheme", "identifiers/+/scheme"),)),
        PageField("Timeline"),
        (
            PageField("Last updated", "dates/last_update_posted", repeats=True),
            PageField("Start date", "dates/start", repeats=True),
            PageField("End date", "dates/completion", repeats=True),
        ),
        PageField("Details and patient eligibility"),
        PageField("About", "descriptions/brief"),
        PageField("Full description", "descriptions/detailed"),
        PageField("Enrollment", read=_read_enrollment),
        PageField("Sex", "eligibility/sex"),
        PageField("Ages", "eligibility/ages"),
        PageField("Volunteers", "eligibility/healthy_volunteers"),
        PageField("Inclusion criteria", "eligibility/text/inclusion"),
        PageField("Exclusion criteria", "eligibility/text/exclusion"),
        PageField("Trial design"),
        (
            PageField("Primary purpose", "design/primary_purpose", repeats=True),
            PageField("Allocation", "design/allocation", repeats=True),
            PageField("Interventional model", "design/intervention_model", repeats=True),
            PageField("Observational model", "design/observational_model", repeats=True),
            PageField("Time perspective", "design/time_perspective", repeats=True),
            PageField("Masking", "design/masking", repeats=True),
        ),
        PageField(opening=ARM_COUNT, read=_read_arms),
        PageField("Trial contacts and locations", read=_read_sites),
        PageField("Central trial contact|Central trial contacts", read=_read_contacts),
    ),
    FURNITURE_LINES,
)
# What every record of the site has: their absence is a loss of the copy, not of the record.
ALWAYS = frozenset({"Status and phase", "Status", "Conditions", "Treatments", "Enrollment", "Sex", "Ages", "Volunteers", "Primary purpose"})


def recognises(document: Document) -> bool:
    """Whether the page shows two of the site's own marks."""
    if document.format not in (Format.HTML, Format.TEXT, Format.PDF):
        return False
    lines = folded_lines(document)
    marks = len(MARKS & lines) + (len(LABELS & lines) >= 4)
    return marks >= 2 or (marks == 1 and "detailsandpatienteligibility" in lines and OWNER.search(document.text) is not None)


def read(document: Document) -> Iterator[Draft]:
    """One draft: a page holds one trial."""
    sheet, head = read_page(document, ORDER, NAME)
    _read_head(sheet, head)
    _settle_identifiers(sheet)
    sheet.draft.meta["mirror_of"] = "ctgov"
    lost = [words for words in sheet.missing if words in ALWAYS]
    if len(lost) >= STRIPPED:
        message = f"the copy keeps labels without their values: {', '.join(lost)}"
        sheet.draft.doubts.append(Doubt("text.truncated", "/trial", message))
    yield sheet.finished()


def _read_head(sheet: Sheet, head: list[Block]) -> None:
    """Title, a stand-in for the sponsor's logo, the sponsor's name; above them a line for the site one came from."""
    marked = next((at for at, block in enumerate(head) if block.hint.startswith("h1")), 0)
    sheet.drop(head[:marked])
    printed = _without_site(sheet, head[marked:])
    letter = next((at for at, block in enumerate(printed) if len(block.text.strip()) == 1), max(len(printed) - 1, 1))
    wrapped = sheet.document.format is Format.PDF
    title = printed[:letter] if wrapped else printed[letter - 1 : letter] if letter < len(printed) - 1 else printed[:1]
    beside = [block for block in printed if block not in title and len(block.text.strip()) > 1]
    sheet.drop(printed)
    if title:
        read_title(sheet, sheet.merged(title)[0])
    if beside:
        sheet.add("sponsors/0/name", beside[-1:])
        sheet.draft.codes["sponsors/0/role"] = "LEAD"


def _without_site(sheet: Sheet, head: list[Block]) -> list[Block]:
    """The lines left after "The trial is taking place at:", a letter and "site | city, state"."""
    at = next((n for n, block in enumerate(head) if SITE.fullmatch(block.text.strip())), None)
    if at is None:
        return head
    end = next((n + 1 for n in range(at, min(at + 5, len(head))) if " | " in head[n].text), at + 1)
    sheet.drop(head[at:end])
    return head[:at] + head[end:]


def _settle_identifiers(sheet: Sheet) -> None:
    """The first number is the registry's, a second without a word for its kind the organisation's own."""
    codes = sheet.draft.codes
    paths = [entry.path for entry in sheet.draft.entries if entry.path.startswith("identifiers/")]
    for entry in sheet.draft.entries:
        if entry.path == "identifiers/0/value" and re.fullmatch(r"\s*NCT\d{8}\s*", entry.found.text):
            codes.update({"identifiers/0/scheme": "NCT", "identifiers/0/primary": "true"})
    if "identifiers/1/value" in paths and "identifiers/1/scheme" not in paths:
        codes["identifiers/1/scheme"] = "SPONSOR"
