"""ClinicalTrials.gov as pages: every design of the site since 2011 and its archive, saved, copied or printed.

Each design has its own order of labels; a page is read by the one of which most labels are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module

from extractor.document import Block, Document, Draft
from extractor.patterns import lazy_pattern
from extractor.sources.ctgov.sections import STATUS
from extractor.sources.readers.order import Order, read_page
from extractor.sources.readers.sheet import Sheet
from extractor.sources.readers.titles import read_title

NAME = "ctgov"
# Words that only this registry's own pages print, and where the order of labels of the design stands that prints them.
DESIGNS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (lazy_pattern(r"View of NCT\d{8}\s+on\s+\d{4}_\d\d_\d\d"), "archive", "ORDER"),
    (
        lazy_pattern(r"ClinicalTrials\.gov ID\b|Study Overview\s.*?(?:Participation Criteria|How is the study designed)", re.DOTALL),
        "present",
        "ORDER",
    ),
    (lazy_pattern(r"Recruitment Status\s*:|Study Description\s.*?Condition or disease", re.DOTALL), "classic", "CLASSIC"),
    (
        lazy_pattern(
            r"ClinicalTrials\.gov processed this (?:record|data) on|First [Rr]eceived(?: on|:)|Further study details as provided by"
            r"|Ages Eligible for Study"
        ),
        "classic",
        "OLD",
    ),
)
FOREIGN = lazy_pattern(r"ClinicalTrials\.Veeva|Data sourced from clinicaltrials\.gov|注册号|登记号|核准日期")
HINTS = ("ClinicalTrials", "Ages Eligible for Study", "Study Overview", "Recruitment Status")  # one of them is on every page
PROOF = 5  # labels that a page must show in the order of its design
MARKED = 20_000  # characters in which a page shows its mark
VERSION = lazy_pattern(
    r"View of NCT\d{8}\s+on\s+(?P<archive>\d{4}_\d\d_\d\d)"
    r"|ClinicalTrials\.gov processed this (?:record|data) on (?P<processed>[A-Z][a-z]+ \d{1,2}, \d{4})"
)
TITLE_TAIL = lazy_pattern(r"(?:- (?:Full Text|Study Details|Tabular) View.*|\| ClinicalTrials\.gov)$")


def recognises(document: Document) -> bool:
    """Whether the page shows the marks and enough labels of one of the registry's designs."""
    order = _design(document)
    return order is not None and len(order.find_labels(document.blocks)) >= PROOF


def read(document: Document) -> Iterator[Draft]:
    """One draft: a page holds one trial."""
    sheet, head = read_page(document, _design(document) or _order("present", "ORDER"), NAME)
    _read_head(sheet, head)
    _settle_identifiers(sheet)
    version = VERSION.search(document.text)
    if version:
        sheet.draft.meta["version_date"] = version["archive"] or version["processed"]
    yield sheet.finished()


def _design(document: Document) -> Order | None:
    """The order of labels of the design whose mark the page shows."""
    text = document.text[:MARKED] + document.text[-MARKED:]
    if not any(words in text for words in HINTS) or FOREIGN.search(text):
        return None
    return next((_order(module, name) for mark, module, name in DESIGNS if mark.search(text)), None)


def _order(module: str, name: str) -> Order:
    """The order of labels of one design; its tables are loaded only where a page shows its mark."""
    order: Order = getattr(import_module(f"extractor.sources.ctgov.{module}"), name)
    return order


def _read_head(sheet: Sheet, head: list[Block]) -> None:
    """Title and status badge above the first label; everything else there is navigation."""
    filled = {entry.path for entry in sheet.draft.entries}
    badges = [block for block in head if STATUS.fullmatch(block.text.strip())]
    title = _find_title([block for block in head if block not in badges])
    if title and "titles/public" not in filled:
        read_title(sheet, title)
    if badges and "status/overall" not in filled:
        sheet.add("status/overall", badges[-1:])
    sheet.drop(head)


def _find_title(head: list[Block]) -> Block | None:
    """The page's heading without the site's words behind it, else the last line of more than one word."""
    marked = [block for block in head if block.hint.startswith("h1") or "header1" in block.hint]
    worded = [block for block in reversed(head) if len(block.text.split()) > 1]
    title = next(iter([*marked, *worded]), None)
    tail = TITLE_TAIL.search(title.text) if title else None
    return Sheet.part(title, 0, tail.start()) if title and tail else title


def _settle_identifiers(sheet: Sheet) -> None:
    """The registry's number is the primary one; the first other number is the organisation's own."""
    codes = sheet.draft.codes
    typed = {entry.path.rpartition("/")[0] for entry in sheet.draft.entries if entry.path.endswith("/scheme")}
    others = [
        entry.path.rpartition("/")[0]
        for entry in sheet.draft.entries
        if entry.path.startswith("identifiers/") and entry.path.endswith("/value") and not entry.found.text.startswith("NCT")
    ]
    if others and others[0] not in typed and f"{others[0]}/scheme" not in codes:
        codes[f"{others[0]}/scheme"] = "SPONSOR"
