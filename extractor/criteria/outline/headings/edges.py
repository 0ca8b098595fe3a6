"""What stands before the words of a Chinese heading: the start of a line, the end of a sentence, a bracket; a number; a scope."""

from __future__ import annotations

from msgspec import Struct

from extractor.criteria.outline.nodes import Range
from extractor.patterns import lazy_pattern

_REACH = 32  # characters from a mark to the heading's own words: 1.2.1 单纯放疗对照组患者
_LONGEST_NUMBER = 5  # characters of a number in brackets: (十二)
_STOPS = frozenset('。；;,，:：!！?？\n】)）]》>〉」』”"〗〕}')
_OPENING = frozenset('【[［（(《<〈「『“"〖〔{')
_EDGES = {"\n": "line", ",": "word", "，": "word"} | dict.fromkeys(_OPENING, "bracket")

_dotted = lazy_pattern(r"(?<![\d.．])\d{1,2}(?:[.．]\d{1,2}){1,3}(?![\d%])")
_number = lazy_pattern(r"(?:[（(]\s*)?(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[A-Za-zⅠ-Ⅹ])\s*[)）]$")
_ornament = lazy_pattern(
    r"[#*•\s>]*(?:[（(]?(?:\d{1,2}(?:[.．]\d{1,2}){0,3}|[一二三四五六七八九十]{1,3}|[A-Za-zⅠ-Ⅹ])(?:[)）.、．:：]|(?=[^\w.．])|(?<=\d)))?"
    r"\s*(?:(?:Key |Main )?(?:In|Ex)clusion [Cc]riteri(?:a|on)[\s/]*)?"
)
_inner = lazy_pattern(r"[①-⒛❶-➓]|\d\s*[、)）.．]|[（(]")
_word = lazy_pattern(r"[\u4e00-\u9fff]{2}[^\S\n]+(?=\S*$)")  # words and the last blank before a scope: 1.有风筝 试验组
_blank_line = lazy_pattern(r"[#*>\s]*")


class Left(Struct, frozen=True, gc=False):
    """What stands before a heading's own words: where the heading begins, its scope, and what kind of edge is there.

    `edge` is "line", "sentence", "bracket", "word" (a blank or comma) or "" (in the middle of words); `dotted` says that the number
    of a chapter (1.2.3) or a Markdown sign goes before, `numbered` that any number does.
    """

    start: int
    scope: Range
    edge: str
    dotted: bool = False
    numbered: bool = False

    @property
    def length(self) -> int:
        """Characters of the scope."""
        return self.scope[1] - self.scope[0]


def find_left(text: str, at: int, start: int) -> Left:
    """Go back from a heading's own words at `at` to what divides them from what went before.

    >>> find_left("有风筝。# 1.2 病例", 10, 0)
    Left(start=4, scope=(10, 10), edge='sentence', dotted=True, numbered=True)
    """
    floor = max(start, at - _REACH)
    edge = at
    while edge > floor and not _divides(text, edge):
        edge -= 1
    edge = _last_chapter(text, edge, at)
    if edge == floor > start or _inner.search(text, _after_number(text, edge, at), at):
        return Left(at, (at, at), "word" if text[at - 1].isspace() else "")
    word = _word.search(text, _after_number(text, edge, at), at)
    if word:
        return Left(word.end(), (word.end(), at), "word")
    edge = _before_number(text, edge, start)
    before = "\n" if _blank_line.fullmatch(text, start, edge) else text[edge - 1]
    scope = _after_number(text, edge, at)
    sign = text[edge:scope].strip(".． ")
    kind = _EDGES.get(before, "sentence")
    return Left(edge - (before in _OPENING), (scope, at), kind, any(mark in sign for mark in "#.．"), bool(sign.strip("#*•> ")))


def _divides(text: str, place: int) -> bool:
    """Whether a mark stands before a place; a point divides only where a blank follows it."""
    before = text[place - 1]
    return before in _STOPS or before in _OPENING or (before == "." and text[place : place + 1].isspace())


def _after_number(text: str, edge: int, at: int) -> int:
    found = _ornament.match(text, edge, at)
    return found.end() if found else edge


def _last_chapter(text: str, edge: int, at: int) -> int:
    """Where the last number of a chapter begins between two offsets (1.2 病例选择 1.2.1 纳入标准); the first of them where there is none."""
    chapters = [found.start() for found in _dotted.finditer(text, edge, at)]
    return chapters[-1] if chapters and (len(chapters) > 1 or text[edge : chapters[-1]].strip("#* ")) else edge


def _before_number(text: str, edge: int, start: int) -> int:
    """Where the number in brackets begins that ends at an edge: "(一)"; the edge itself where none does."""
    found = _number.search(text, max(start, edge - _LONGEST_NUMBER), edge)
    return found.start() if found else edge
