"""Sites on a ClinicalTrials.gov page: country heading, facility, status, "City, State, Country, postcode", people.

The country of a heading says which lines are addresses. Up to 2023 the facility stands above its address, since then below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extractor.document import Block
from extractor.patterns import lazy_pattern
from extractor.sources.ctgov.sections import EMAIL, PHONE, ROLES, STATUS, lines_of
from extractor.sources.readers.order import PagePart
from extractor.sources.readers.sheet import Sheet

NEAR = 4  # lines below a heading in which the first address of its country stands
PERSON = lazy_pattern(r"(?:Contact|Sub-Investigator|Backup Contact)\b.*", re.DOTALL)
HEADING = lazy_pattern(r"(?P<country>[^,\d]+?)(?:, (?P<state>[^,\d]+))?")
STATE_HEADING = lazy_pattern(r"[^,\d]+ Locations?")
COUNT = lazy_pattern(
    r"(?:This study has )?[\d,]+ (?:study )?locations?|(?:Show|Hide|See) .{0,20}\blocations?\b.*|Locations?|Sorted by.*", re.IGNORECASE
)


def read_sites(sheet: Sheet, part: PagePart) -> None:
    """Facilities above their addresses (designs to 2023)."""
    _Sites(sheet, list(lines_of(part.blocks)), below=False).read()


def read_present_sites(sheet: Sheet, part: PagePart) -> None:
    """Facilities below their addresses (design since 2023)."""
    _Sites(sheet, list(lines_of(part.blocks)), below=True).read()


@dataclass(slots=True)
class _Sites:
    """The lines of the section, and what is open while they are read."""

    sheet: Sheet
    lines: list[Block]
    below: bool
    country: str = ""
    number: int = -1
    facility: list[Block] = field(default_factory=list)
    status: list[Block] = field(default_factory=list)
    in_person: bool = False

    def read(self) -> None:
        """Gives every line to its site."""
        for at, line in enumerate(self.lines):
            self._take(at, line)
        self._close()
        self.sheet.keep("Locations", self.facility if self.number < 0 else [])

    def _take(self, at: int, line: Block) -> None:
        text = line.text.strip()
        if self._is_heading(at, text) or COUNT.fullmatch(text) or (self.below and STATE_HEADING.fullmatch(text)):
            self.sheet.drop([line])
        elif STATUS.fullmatch(text):
            self.status.append(line)
        elif address := self._address(text):
            self._enter(line, address)
        elif PERSON.fullmatch(text) or ROLES.fullmatch(text) or EMAIL.fullmatch(text) or PHONE.fullmatch(text):
            self.in_person = True
            self.sheet.keep("Contact", [line])
        elif self.in_person and not self._starts_site(at):
            self.sheet.keep("Contact", [line])
        else:
            self.in_person = False
            self.facility.append(line)

    def _is_heading(self, at: int, text: str) -> bool:
        """Whether an address of the country that the line names follows soon."""
        match = HEADING.fullmatch(text)
        if match is None or len(text) > 60:
            return False
        following = (self.lines[n].text for n in range(at + 1, min(at + 1 + NEAR, len(self.lines))))
        if not any(_parse(match["country"], line.strip()) for line in following):
            return False
        self._close()
        self.country, self.in_person = match["country"], False
        return True

    def _starts_site(self, at: int) -> bool:
        """Whether the line stands right above an address or a status."""
        following = [self.lines[n].text.strip() for n in range(at + 1, min(at + 3, len(self.lines)))]
        return any(STATUS.fullmatch(text) or self._address(text) for text in following)

    def _address(self, text: str) -> re.Match[str] | None:
        return _parse(self.country, text) if self.country else None

    def _enter(self, line: Block, address: re.Match[str]) -> None:
        if self.below:
            self._close()
        self.number = self.sheet.number("locations")
        self.in_person = False
        self.sheet.drop([line])
        for name in ("city", "province", "country"):
            if address[name]:
                self.sheet.cut(f"locations/{self.number}/{name}", line, *address.span(name))
        if address["postcode"]:
            self.sheet.cut("?Postcode", line, *address.span("postcode"))
        if not self.below:
            self._close()

    def _close(self) -> None:
        """Hands facility and status to the site that is open."""
        if self.number >= 0:
            self.sheet.add(f"locations/{self.number}/facility", self.facility)
            self.sheet.add(f"locations/{self.number}/status", self.status)
            self.facility, self.status = [], []


def _parse(country: str, text: str) -> re.Match[str] | None:
    """City, state and postcode round the name of a country.

    >>> _parse("Germany", "Ulm, Baden, Germany, 89081").groups()
    ('Ulm', 'Baden', 'Germany', '89081')
    """
    at = text.find(f", {country}")
    if at < 0 or text[at + 2 + len(country) : at + 3 + len(country)] not in ("", ",", " "):
        return None
    return _pattern(country).fullmatch(text)


def _pattern(country: str) -> re.Pattern[str]:
    name = re.escape(country)
    return re.compile(rf"(?P<city>[^,]+)(?:, (?P<province>.+?))?, (?P<country>{name})(?:,? ?(?P<postcode>[^,]*))?\s*")
