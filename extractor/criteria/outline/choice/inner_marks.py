"""What may begin inside a line: enumerators, bullets, headings of parts, the prose of an article."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

from msgspec import Struct

from extractor.criteria.outline.enumerators import Marker
from extractor.criteria.outline.prose import find_prose, find_tail
from extractor.patterns import lazy_pattern
from extractor.text import has_ideograph

_dash = lazy_pattern(r"(?<=\s)(?:-(?=\s+[^\s\d}\])])|\*(?=\s+\S))")
STRONG_SIGN = lazy_pattern(r"[•●○■▪◆‣⁃](?=\s*[^\s\d])")
# Topics in capitals as the forms of the NCI print them, run into a paragraph; the plain topics below them come before a dash.
_topic = lazy_pattern(
    r"(?<![A-Z] )(?<!\S)(?:[A-Z][A-Z/&,-]+ ){1,4}(?:CHARACTERISTICS|THERAPY|THERAPIES|REQUIREMENTS|HISTORY|CONDITIONS|MEDICATIONS|TREATMENT|FUNCTION):(?=\s)"
    r"|(?<=\s)[A-Z][a-z]+(?:[ /][a-z]+){0,3}:(?=\s+-\s)"
)
_part = lazy_pattern(
    r"(?<=[.;:)]\s)(?:Group|Cohort|Part|Arm|Phase|Stage|Stratum) [A-Z0-9]{1,3}\b[^.;:\n]{0,30}:(?=\s+(?:\(?[1a][.)]|[-*•])\s)"
)
_chinese_part = lazy_pattern(
    r"(?:(?<=[。；;：:\s])|\A)[^\s。；;，,、：:（）()①-⑳\d][^\s。；;，,、：:（）()①-⑳]{0,11}(?:(?<!入)组|队列|部分|阶段)[:：](?=\s*(?:[①⑴❶]|[(（]\s*1\s*[)）]|1\s*[.、．)）]))"
)


class InnerMark(Struct, frozen=True, gc=False):
    """A place inside a line with its marker; `role` says what has none.

    HEADING of a part, BODY for the words behind it, PROSE of an article, TAIL for what only stands where prose would.
    """

    place: int
    marker: Marker
    role: str = ""


class Patterns(Struct, frozen=True, gc=False):
    """The patterns that may match in a text: of bullets and of headings; whether the text is Chinese."""

    bullets: list[re.Pattern[str]]
    headings: list[re.Pattern[str]]
    chinese: bool


@lru_cache(maxsize=1)  # a text has many sections, and the whole of it is looked through
def _patterns_of(text: str) -> Patterns:
    chinese = not text.isascii() and has_ideograph(text)
    strong = not text.isascii() and STRONG_SIGN.search(text) is not None
    bullets = ((_dash, " - " in text or " * " in text), (STRONG_SIGN, strong))
    part = not chinese and _part.search(text) is not None
    headings = ((_topic, "CHARACTERISTICS:" in text), (_part, part), (_chinese_part, chinese))
    return Patterns([pattern for pattern, there in bullets if there], [pattern for pattern, there in headings if there], chinese)


def is_chinese(text: str) -> bool:
    """Whether a text has Chinese characters."""
    return _patterns_of(text).chinese


class InnerMarks:
    """Finds what may begin inside the lines of one text."""

    def __init__(self, text: str, enumerators: list[tuple[int, Marker]]) -> None:
        """`enumerators` are those of the whole text, in order."""
        self.text = text
        self.enumerators = enumerators
        patterns = _patterns_of(text)
        self.bullets, self.headings, self.chinese = patterns.bullets, patterns.headings, patterns.chinese

    def find(self, start: int, end: int) -> list[InnerMark]:
        """The marks between two offsets, in order."""
        first = bisect_left(self.enumerators, (start,))
        last = bisect_left(self.enumerators, (end,), first)
        found = [InnerMark(place, marker) for place, marker in self.enumerators[first:last]]
        if not (self.bullets or self.headings):
            return found
        for pattern in self.bullets:
            found += [InnerMark(m.start(), Marker("b" + m.group(), 0, "", m.end())) for m in pattern.finditer(self.text, start, end)]
        for pattern in self.headings:
            found += [mark for m in pattern.finditer(self.text, start, end) for mark in _heading(m)]
        if self.chinese:
            places = find_prose(self.text, start, end)
            tail = find_tail(self.text, start, end)
            found += [InnerMark(place, Marker("", 0, "", place), "PROSE") for place in places]
            if tail is not None and tail not in places:
                found.append(InnerMark(tail, Marker("", 0, "", tail), "TAIL"))
        found.sort(key=_order_of)
        return found


def _heading(found: re.Match[str]) -> tuple[InnerMark, InnerMark]:
    """A heading and the words behind it."""
    return InnerMark(found.start(), Marker("", 0, "", found.start()), "HEADING"), InnerMark(
        found.end(), Marker("", 0, "", found.end()), "BODY"
    )


def _order_of(mark: InnerMark) -> tuple[int, bool]:
    return mark.place, not mark.role
