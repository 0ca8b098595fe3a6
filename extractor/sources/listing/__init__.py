"""Trial listing pages: "Overview" and "Eligibility" under a title, a status, ages, sex and phase without labels.

Listings copy registry records and add faults of their own; criteria are handed on as printed, repeats and all. Labels are
those met on the partner sites of one builder and on other sites of the kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.document import Block, Document, Draft, Format
from extractor.patterns import lazy_pattern
from extractor.sources.ctgov.sections import STATUSES, enter_intervention
from extractor.sources.listing import feeds
from extractor.sources.listing.bare import is_bare, read_bare
from extractor.sources.readers.boilerplate import boilerplate_of
from extractor.sources.readers.fields import UNMAPPED
from extractor.sources.readers.order import LINE, Order, PageField, PagePart, read_page, split_block
from extractor.sources.readers.paths import holds_record, read_records
from extractor.sources.readers.sheet import Sheet, folded_lines
from extractor.text import fold_label

NAME = "listing"
# What only pages of other sources print.
FOREIGN = lazy_pattern(
    r"ClinicalTrials\.Veeva|Veeva Systems|Details and patient eligibility|Study Overview|Ages Eligible for Study|Recruitment Status\s*:"
    r"|ClinicalTrials\.gov processed this|View of NCT\d{8} on|注册号|登记号|【(?:适应症|禁忌)】|Status and phase"
)
INCLUSION = lazy_pattern(
    r"^[\s*•\-–#>]*(?:(?:key|main|major|general|principal|basic)\s+)*inclusion\b|you may (?:be eligible|qualify|participate|be able to)"
    r"|participants? must\b|who can (?:join|take part|participate)|^[\s*•-]*(?:all|any) (?:of )?the following",
    re.IGNORECASE | re.MULTILINE,
)
_UNIT = "(?:years?|yrs?|months?|weeks?|days?)"
_LONG_UNIT = "(?:years?|months?)"
_OLD = r"(?:\s*(?:old|of age))?"
AGE_FORMS = (
    rf"\d{{1,3}}(?:\.\d)?\s*{_UNIT}?\s*(?:-|–|to|through)\s*\d{{1,3}}\s*{_UNIT}{_OLD}",  # 18 to 65 years old
    rf"\d{{1,3}}\s*\+\s*{_LONG_UNIT}?{_OLD}",  # 18+
    rf"\d{{1,3}}\s*{_LONG_UNIT}\s*(?:and|or) (?:older|over|above)",  # 18 years and older
    rf"(?:up to|under)\s*\d{{1,3}}\s*{_LONG_UNIT}{_OLD}",  # up to 17 years
)
"""The ways in which listings print the ages of participants."""
AGES = lazy_pattern(rf"(?:ages?\s*:?\s*)?(?:{'|'.join(AGE_FORMS)})", re.IGNORECASE)
SEX = lazy_pattern(r"All(?: (?:sexes|genders))?|Both|Females?|Males?|Male and Female|Male/Female|Male & Female", re.IGNORECASE)
PHASE = lazy_pattern(
    r"(?:Early )?Phases?\s*(?:\d|I{1,3}V?|N/?A)(?:\s*(?:/|-|&|and)\s*(?:Phase\s*)?(?:\d|I{1,3}V?))?|Not Applicable", re.IGNORECASE
)
STATUS = lazy_pattern(
    rf"(?:{STATUSES}|Open|Open to enrollment|Now recruiting|Currently recruiting|Recruiting now|Enrolling(?: now)?|Accepting participants"
    r"|Not recruiting|Closed|Closed to enrollment|Coming soon|Unknown)",
    re.IGNORECASE,
)
NCT = lazy_pattern(r"\bNCT\d{8}\b")
NUMBER = lazy_pattern(r"(?=\D*+\d)[\w/.-]++")
REGISTRY = lazy_pattern(r"clinicaltrials\.gov", re.IGNORECASE)
FURNITURE_LINES = lazy_pattern(rf"(?:[*•-] )?(?:{boilerplate_of('listing')})", re.IGNORECASE)
MAXIMAL_HEAD = 60  # printed lines above "Overview" that are looked through


def _read_eligibility(sheet: Sheet, part: PagePart) -> None:
    """The whole of both sections, as printed."""
    sheet.add("eligibility/text", part.blocks)
    if not part.blocks:
        sheet.miss(part.heading)


def _read_cards(sheet: Sheet, part: PagePart) -> None:
    """Interventions: "Drug: X" lines are entered by type; another first line is a name, what follows its description."""
    number: int | None = None
    for line in (line for block in part.blocks for line in split_block(block)):
        typed = enter_intervention(sheet, line)
        if typed is not None:
            number = typed
        elif number is None:
            number, _ = sheet.item("interventions", line.text)
            sheet.add(f"interventions/{number}/name", [line])
        else:
            sheet.add(f"interventions/{number}/description", [line])


def _read_sponsor(sheet: Sheet, part: PagePart) -> None:
    sheet.add("sponsors/0/name", part.blocks[:1])
    sheet.draft.codes["sponsors/0/role"] = "LEAD"
    sheet.keep(sheet.words(part.heading), part.blocks[1:])


def _read_number(sheet: Sheet, part: PagePart) -> None:
    for block in part.blocks:
        if NUMBER.fullmatch(block.text.strip()) or NCT.search(block.text):
            _enter_number(sheet, block)
        else:
            sheet.keep("", [block])


def _enter_number(sheet: Sheet, block: Block) -> None:
    """A registry number; what else the line says is no content."""
    match = NCT.search(block.text)
    number, fresh = sheet.item("identifiers", match.group() if match else block.text)
    sheet.drop([block])
    if fresh:
        sheet.cut(f"identifiers/{number}/value", block, *(match.span() if match else (0, len(block.text))))
        if match and "primary" not in "".join(sheet.draft.codes):
            sheet.draft.codes[f"identifiers/{number}/primary"] = "true"
            sheet.draft.codes[f"identifiers/{number}/scheme"] = "NCT"


# Above the criteria a page may show these in any order; all share one place.
BESIDE = (
    PageField("Conditions|Condition|Condition or disease|Health conditions", "conditions/+/name", LINE, repeats=True),
    PageField("Interventions|Intervention|Study interventions|Treatments|Intervention / Treatment", read=_read_cards, repeats=True),
    PageField("Sponsor|Study sponsor|Lead sponsor", read=_read_sponsor, repeats=True),
    PageField(
        "Trial ID|Study ID|NCT ID|NCT number|NCT Number|ClinicalTrials.gov ID|ClinicalTrials.gov Identifier|Identifier|Registry number",
        read=_read_number,
        repeats=True,
    ),
    PageField("Status|Recruitment status|Study status", "status/overall", repeats=True),
    PageField("Phase|Study phase|Trial phase", "design/phases/+", LINE, repeats=True),
    PageField("Study type|Type of study", "design/study_type", repeats=True),
    PageField("Age|Ages|Age range|Ages eligible", "eligibility/ages", repeats=True),
    PageField("Sex|Gender|Sexes eligible|Genders eligible", "eligibility/sex", repeats=True),
    PageField("Healthy volunteers|Accepts healthy volunteers", "eligibility/healthy_volunteers", repeats=True),
    PageField("Start date|Study start", "dates/start", repeats=True),
    PageField("Completion date|Study completion|End date", "dates/completion", repeats=True),
    PageField("Last updated|Updated", "dates/last_update_posted", repeats=True),
    PageField("Enrollment|Participants|Number of participants", "enrollment/count", repeats=True),
    PageField("Official title|Scientific title", "titles/scientific", repeats=True),
    PageField("Keywords", "keywords/+", LINE, repeats=True),
)
# Lines of texts read like many of the labels above: beside and below texts only these are labels, and only on a line of their own.
BEHIND = (
    PageField("Conditions|Condition or disease|Health conditions", "conditions/+/name", LINE, repeats=True, alone=True),
    PageField("Interventions|Study interventions|Treatments", read=_read_cards, repeats=True, alone=True),
    PageField("Sponsor|Study sponsor|Lead sponsor", read=_read_sponsor, repeats=True, alone=True),
    PageField("Trial ID|Study ID|NCT ID|NCT number|ClinicalTrials.gov ID|ClinicalTrials.gov Identifier", read=_read_number, repeats=True),
    PageField(
        "Locations|Location|Study locations|Trial locations|Sites|Study sites|Participating sites|Where is this study",
        UNMAPPED,
        repeats=True,
        alone=True,
    ),
    PageField("Contact|Contacts|Contact information|Study contact|Study contacts|Study team", UNMAPPED, repeats=True, alone=True),
    PageField("Last updated|Updated", "dates/last_update_posted", repeats=True),
    PageField(
        "Related studies|Similar studies|Related trials|Similar trials|Other trials you may be interested in", repeats=True, alone=True
    ),
)
ORDER = Order(
    (
        BESIDE,
        PageField("Overview|Summary|About this study|About the study", "descriptions/brief", alone=True, anchor=True),
        PageField("Description|Detailed description|Full description|Study details", "descriptions/detailed", alone=True),
        BEHIND,
        PageField("Eligibility|Eligibility criteria", read=_read_eligibility, alone=True, anchor=True),
        BEHIND,
    ),
    FURNITURE_LINES,
)
OVERVIEW = frozenset({"overview", "summary", "aboutthisstudy", "aboutthestudy"})
ELIGIBILITY = frozenset({"eligibility", "eligibilitycriteria"})


def recognises(document: Document) -> bool:
    """Whether "Overview" and "Eligibility" each stand alone on a line, in that order, with criteria below, and no other source's mark.

    A JSON file is a listing when it holds the trials of a known feed.
    """
    if document.format is Format.JSON:
        return holds_record(document.tree.root, feeds.is_trial)
    return _is_page(document)


def recognises_last(document: Document) -> bool:
    """Whether a text that no source claims is bare eligibility text."""
    return is_bare(document) and FOREIGN.search(document.text) is None


def _is_page(document: Document) -> bool:
    lines = folded_lines(document) if "ligibility" in document.text else set()
    return bool(lines & OVERVIEW and lines & ELIGIBILITY) and FOREIGN.search(document.text) is None and _shows_criteria(document)


def _shows_criteria(document: Document) -> bool:
    """Whether the sections stand in order, the second with criteria below."""
    folded = [fold_label(block.text) if len(block.text) < 40 else "" for block in document.blocks]
    first = next((at for at, words in enumerate(folded) if words in OVERVIEW), len(folded))
    second = next((at for at in range(first + 1, len(folded)) if folded[at] in ELIGIBILITY), None)
    return second is not None and INCLUSION.search(document.text, document.blocks[second].span.end) is not None


def read(document: Document) -> Iterator[Draft]:
    """One draft a page, a bare eligibility text, or a trial of a feed."""
    if document.format is Format.JSON:
        yield from read_records(document, NAME, feeds.is_trial, feeds.section_of)
        return
    if is_bare(document) and not _is_page(document):
        yield read_bare(document, NAME)
        return
    sheet, head = read_page(document, ORDER, NAME)
    _read_head(sheet, head)
    if REGISTRY.search(document.text):
        sheet.draft.meta["mirror_of"] = "ctgov"
    yield sheet.finished()


def _read_head(sheet: Sheet, head: list[Block]) -> None:
    """What stands above the first label: a title, often twice, and badges that say what they are."""
    lines = [line for block in head[-MAXIMAL_HEAD:] for line in split_block(block)]
    sheet.drop(head[:-MAXIMAL_HEAD])
    rest = [line for line in lines if not _enter_badge(sheet, line)]
    title = _find_title(rest)
    if title:
        sheet.add("titles/public", [title])
    sheet.drop(rest)


def _enter_badge(sheet: Sheet, line: Block) -> bool:
    """Enters a line that says by itself what it is: status, ages, sex, phase, number."""
    words = line.text.strip()
    if NCT.search(words) and len(words) < 60:
        _enter_number(sheet, line)
        return True
    path = next((path for path, pattern in BADGES if pattern.fullmatch(words)), "")
    if path and not any(entry.path == path for entry in sheet.draft.entries):
        sheet.add(path, [line])
    return bool(path)


BADGES = (
    ("status/overall", STATUS),
    ("eligibility/ages", AGES),
    ("eligibility/sex", SEX),
    ("design/phases/0", PHASE),
)


def _find_title(lines: list[Block]) -> Block | None:
    """The page's heading, else a line that is printed twice, else the last line of some length."""
    marked = [line for line in lines if line.hint.startswith("h1")]
    words = [line.text.strip() for line in lines]
    twice = [line for line in lines if words.count(line.text.strip()) > 1 and len(line.text.split()) > 2]
    long = [line for line in lines if len(line.text.split()) > 3]
    return next(iter([*marked, *twice, *reversed(long)]), None)
