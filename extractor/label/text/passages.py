"""Text that knows where each of its characters stands in the document, so that a value cut out of it still does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from extractor.patterns import lazy_pattern
from extractor.text import CJK, INVISIBLE

_NOWHERE = -1  # the place of a sign that joins lines and stands nowhere in the document
_CLOSE_AFTER = "（［【〔《“，。、；：！？([{"
"""Signs that no blank follows where a line is broken behind them: they hold their room, or open."""
_CLOSE_BEFORE = "，。、；：！？）］】〕》”)]}％%"
"""Signs that no blank stands before."""
_drop = lazy_pattern(f"[{INVISIBLE}\x00\uf000-\uf0ff\ufffe]")
_blank = lazy_pattern(r"\s+")
_spaced_out = lazy_pattern(rf"(?<![^\s])(?:[{CJK}] ){{3,}}[{CJK}](?![^\s{CJK}])")
_cjk = lazy_pattern(f"[{CJK}]")


class Passage(NamedTuple):
    """Cleaned text and, for each character, its offset in `Document.text` (-1 for a blank or line feed of ours)."""

    text: str
    places: tuple[int, ...]

    def cut(self, start: int, end: int | None = None) -> Passage:
        """The part from `start` to `end`, blanks at both ends taken off."""
        text = self.text[start:end]
        start += len(text) - len(text.lstrip())
        text = text.strip()
        return Passage(text, self.places[start : start + len(text)])

    def group(self, match: re.Match[str], group: int | str = 0) -> Passage:
        """The part that a group of a match over `text` holds."""
        return self.cut(*match.span(group))

    def parts(self, pattern: re.Pattern[str]) -> list[Passage]:
        """The non-empty parts between the matches of `pattern`."""
        cuts = [0, *(edge for m in pattern.finditer(self.text) for edge in m.span()), len(self.text)]
        return [p for a, b in zip(cuts[::2], cuts[1::2], strict=True) if (p := self.cut(a, b)).text]

    def without(self, pattern: re.Pattern[str]) -> Passage:
        """The passage with every match of `pattern` taken out."""
        keep = bytearray(b"\1" * len(self.text))
        for match in pattern.finditer(self.text):
            keep[match.start() : match.end()] = bytes(match.end() - match.start())
        return _kept(self, keep)


EMPTY = Passage("", ())


def _kept(passage: Passage, keep: bytearray) -> Passage:
    if 0 not in keep:
        return passage
    rest = [i for i, kept in enumerate(keep) if kept]
    return Passage("".join(passage.text[i] for i in rest), tuple(passage.places[i] for i in rest)).cut(0)


def passage_at(text: str, start: int, end: int) -> Passage:
    r"""The characters `start` to `end` of a text, invisible ones dropped, runs of white space as one blank.

    >>> passage_at("ab \u3000 c ", 0, 7)
    Passage(text='ab c', places=(0, 1, 2, 5))
    """
    raw = Passage(text[start:end], tuple(range(start, end))).without(_drop)
    pieces: list[str] = []
    places: list[int] = []
    last = 0
    for match in _blank.finditer(raw.text):
        pieces += (raw.text[last : match.start()], " ")
        places += raw.places[last : match.start() + 1]
        last = match.end()
    return Passage("".join([*pieces, raw.text[last:]]), (*places, *raw.places[last:])).cut(0)


def is_cjk(character: str) -> bool:
    """Whether a character is Chinese or a full-width sign."""
    return _cjk.match(character) is not None


def _is_close(last: str, first: str) -> bool:
    """Whether no blank stands between two characters, whatever words they are of."""
    return last in _CLOSE_AFTER or first in _CLOSE_BEFORE or (is_cjk(last) and is_cjk(first))


def _joint(before: str, after: str) -> str:
    if _is_close(before[-1], after[0]):
        return ""
    hyphenated = before[-1] == "-" and before[-2:-1].isalnum() and after[0].isalnum()
    return "" if hyphenated else " "


def join_lines(lines: Iterable[Passage]) -> Passage:
    """Wrapped lines as one: no blank between two CJK characters nor behind a hyphen, one otherwise; letter-spacing closed up."""
    text: list[str] = []
    places: list[int] = []
    for line in lines:
        if not line.text:
            continue
        glue = _joint(text[-1], line.text) if text else ""
        text += (glue, line.text) if glue else (line.text,)
        places += [*([_NOWHERE] * len(glue)), *line.places]
    return _closed_up(Passage("".join(text), tuple(places)))


def join_words(passages: Sequence[Passage]) -> Passage:
    """Passages as one line with a blank between them."""
    return _with(" ", passages)


def join_paragraphs(paragraphs: Sequence[Passage]) -> Passage:
    """Paragraphs as one text with a line feed between them."""
    return _with("\n", paragraphs)


def _with(glue: str, paragraphs: Sequence[Passage]) -> Passage:
    text = glue.join(p.text for p in paragraphs)
    places: list[int] = []
    for number, paragraph in enumerate(paragraphs):
        places += [*([_NOWHERE] if number else []), *paragraph.places]
    return Passage(text, tuple(places))


def _closed_up(passage: Passage) -> Passage:
    if " " not in passage.text:
        return passage
    keep = bytearray(b"\1" * len(passage.text))
    for match in _spaced_out.finditer(passage.text):
        for place in range(match.start() + 1, match.end(), 2):
            keep[place] = 0
    return _kept(passage, keep)


def starts(passage: Passage) -> int:
    """Where the passage begins in the document."""
    return next((p for p in passage.places if p >= 0), 0)
