"""The table of arms on a ClinicalTrials.gov page: "Experimental: label" with its text beside "Drug: X" with its text."""

from __future__ import annotations

import re
from itertools import pairwise

from extractor.document import Block
from extractor.patterns import lazy_pattern
from extractor.sources.ctgov.sections import INTERVENTION, ITEM, enter_intervention, without_headers
from extractor.sources.readers.order import PagePart
from extractor.sources.readers.sheet import Sheet

ARM_TYPES = "Experimental|Active Comparator|Placebo Comparator|Sham Comparator|No Intervention|Other"
ARM = lazy_pattern(rf"(?P<type>{ARM_TYPES})\s*:\s*(?P<label>\S.*)|(?P<first>\S.*?)\s*:\s*(?P<second>{ARM_TYPES})\s*", re.DOTALL)
OTHER_NAMES = lazy_pattern(r"(?:[*•-]\s*)?Other Names?\s*:\s*(?P<name>.*)", re.DOTALL)


class _Arms:
    """What is open while a table of arms is read: the arm, the intervention, whose description goes on."""

    def __init__(self, sheet: Sheet, *, typed: bool) -> None:
        """`typed` says that the arms of the page print their types."""
        self.sheet = sheet
        self.typed = typed
        self.arm = -1
        self.place = ""
        self.text: list[Block] = []
        self.row = -1

    def take(self, line: Block, *, leads: bool) -> None:
        """Gives one line to what it belongs to; `leads` says that the cell it stands in may be the first of a row."""
        arm = ARM.fullmatch(line.text)
        other = OTHER_NAMES.fullmatch(line.text)
        given = INTERVENTION.fullmatch(line.text)
        fresh = self.arm < 0 or (line.row != self.row if line.row else leads)
        if arm and (fresh or not given):
            self._open_arm(line, arm)
        elif other:
            self._open_names(line, other)
        elif given:
            self._open_intervention(line)
        elif self.arm < 0 or (fresh and (line.row or self._is_done())):
            self._open_arm(line, None)
        else:
            self._go_on(line)

    def _is_done(self) -> bool:
        """Whether a row of a copied table without types may be over: its intervention stands there, and no more of it."""
        return not self.typed and self.place.startswith("interventions/") and not self.text

    def _open_arm(self, line: Block, match: re.Match[str] | None) -> None:
        self.close()
        self.arm, self.row = self.sheet.number("arms"), line.row
        self.place = f"arms/{self.arm}/description"
        self.sheet.drop([line])
        label, kind = ("label", "type") if match and match["label"] else ("first", "second")
        self.sheet.cut(f"arms/{self.arm}/label", line, *(match.span(label) if match else (0, len(line.text))))
        if match:
            self.sheet.cut(f"arms/{self.arm}/type", line, *match.span(kind))

    def _open_intervention(self, line: Block) -> None:
        self.close()
        number = enter_intervention(self.sheet, line)
        self.place = f"interventions/{number}/description"
        if self.arm >= 0:
            self.sheet.draft.codes[f"arms/{self.arm}/interventions/{self.sheet.number('links')}"] = f"#{number}"

    def _open_names(self, line: Block, match: re.Match[str]) -> None:
        number = self.place.split("/")[1] if self.place.startswith("interventions/") else ""
        if not number:
            self._go_on(line)
            return
        self.close()
        self.sheet.drop([line])
        self.place = f"interventions/{number}/other_names"
        if match["name"].strip():
            self._name(line, match.start("name"))

    def _name(self, line: Block, start: int) -> None:
        number = self.place.split("/")[1]
        at, fresh = self.sheet.item(f"{self.place}", line.text[start:])
        if fresh:
            self.sheet.cut(f"interventions/{number}/other_names/{at}", line, start, len(line.text))

    def _go_on(self, line: Block) -> None:
        if self.place.endswith("other_names"):
            mark = ITEM.match(line.text)
            self.sheet.drop([line])
            self._name(line, mark.end() if mark else 0)
        else:
            self.text.append(line)

    def close(self) -> None:
        """Hands the gathered description over."""
        if self.text:
            self.sheet.add(self.place or "?Arms", self.text)
        self.text = []


def read_arms(sheet: Sheet, part: PagePart) -> None:
    """Arms with their interventions: "Experimental: label", text, "Drug: X", text, "Other Name: Y"."""
    lines = without_headers(sheet, part.blocks)
    kinds = [_kind(line) for line in lines]
    arms = _Arms(sheet, typed="a" in kinds)
    tabbed = [False] * bool(lines)
    tabbed += ["\t" in sheet.document.text[one.span.end : two.span.start] for one, two in pairwise(lines)]
    for line, leads in zip(lines, _leading(tabbed, kinds), strict=True):
        arms.take(line, leads=leads)
    arms.close()


def _leading(tabbed: list[bool], kinds: list[str]) -> list[bool]:
    """For each line whether its cell may be the first of a row: the next cell comes before anything that says what it is.

    >>> _leading([False, True, False, False, True], ["a", "i", "?", "", "i"])
    [True, False, True, True, False]
    """
    found: list[bool] = []
    coming = False
    for tab, kind in zip(reversed(tabbed), reversed(kinds), strict=True):
        found.append(coming and not tab)
        coming = tab or (coming and not kind)
    return found[::-1]


def _kind(line: Block) -> str:
    """What a line says that it is: "a" an arm with its type, "i" an intervention, "?" either, "" neither."""
    arm, given = ARM.fullmatch(line.text), INTERVENTION.fullmatch(line.text)
    return "?" if arm and given else "a" if arm else "i" if given else ""
