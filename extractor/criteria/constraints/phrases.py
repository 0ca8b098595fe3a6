"""Words that name a variable which the vocabulary does not hold: the noun phrase before a limit, or the things behind it.

Phrases have no words at their edges that say nothing by themselves (tables/contexts.tsv: function); one of such words only is none.
"""

from __future__ import annotations

import re

from msgspec import Struct

from extractor.criteria.constraints.contexts import words_of
from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.vocabulary import Subject
from extractor.patterns import lazy_pattern
from extractor.text import has_ideograph

GENERIC = Subject("", "MEASUREMENT", frozenset(), "")
GRADED = Subject("", "SCORE", frozenset({"score"}), "")
_FARTHEST = 90
"""Characters before a limit in which its phrase is looked for."""
_MOST_WORDS, _MOST_CHARACTERS = 5, 24
"""How long a phrase may be: English words, Chinese characters."""
_FEWEST = 2
"""Characters of the shortest name."""
_latin_words = lazy_pattern(r"[A-Za-z][\w\-/'+]*")
_latin_run = lazy_pattern(r"(?:[A-Za-z][\w\-/'+]*(?:\s|$))+$")
_chinese_run = lazy_pattern(r"[\u3400-\u9fffA-Za-zα-ωΑ-Ω\d%+/·\- ]+$")
_chinese_ahead = lazy_pattern(r"[\u3400-\u9fff/]+")
_latin_ahead = lazy_pattern(r"\s?([A-Za-z][A-Za-z\-]+)(?![A-Za-z\d])")


class Named(Struct, frozen=True, gc=False):
    """A variable as found: its row (GENERIC for unknown words) and the words, from `start` to `end`."""

    subject: Subject
    start: int
    end: int


def find_phrase(statement: Statement, limit: Limit, floor: int) -> Named | None:
    """The words right before the limit, where no variable of the vocabulary stands; None where there are none."""
    stop = statement.tokens[limit.first].start
    start = max(_segment_start(statement, limit, floor), stop - _FARTHEST)
    end = _trimmed_end(statement, start, stop)
    opened = max(statement.text.rfind("(", start, end), statement.text.rfind("（", start, end))
    if opened >= 0 and statement.text[end - 1] in ")）":
        end = _trimmed_end(statement, start, opened)
        opened = -1
    if opened >= 0 and not any(close in statement.text[opened:end] for close in ")）"):
        inner = _phrase(statement, opened + 1, end)
        if inner:
            return inner
        end = _trimmed_end(statement, start, opened)
    return _phrase(statement, start, end)


def _segment_start(statement: Statement, limit: Limit, floor: int) -> int:
    """Where the words before a limit begin: behind the last token that no phrase reaches over."""
    start = statement.tokens[floor].start if floor < limit.first else (statement.tokens[floor - 1].end if floor else 0)
    return max((statement.tokens[at].end for at in range(floor, limit.first) if _breaks(statement, at)), default=start if floor else 0)


_PARTING = frozenset(("num", "unit", "inside", "or", "and", "exception", "rate", "before", "after", "past", "within", "turn", "barred"))


def _breaks(statement: Statement, index: int) -> bool:
    """Whether a noun phrase cannot reach over token `index`."""
    meanings = statement.tokens[index].meanings
    if statement.mark(index) in (",", ";", "。", ".", "\n", ":"):
        return True
    cue = meanings.get("negation")
    if statement.text[statement.tokens[index].start : statement.tokens[index].end].lower() in ("of", "of the"):
        return False
    return "soft" not in meanings and (not _PARTING.isdisjoint(meanings) or (cue is not None and cue.reach != "group"))


def _trimmed_end(statement: Statement, start: int, end: int) -> int:
    """The end of the words before `end`, without blanks, open brackets and words that say nothing."""
    while end > start:
        text = statement.folded[start:end].rstrip(" (:=.-\n")
        kept = start + len(text)
        cut = statement.trailing("function", kept, _FARTHEST)
        if max(cut, start) == kept == end:
            return end
        end = max(cut, start) if cut < kept else kept
    return end


def _phrase(statement: Statement, start: int, end: int) -> Named | None:
    """The longest name that ends at `end`; None where the words say nothing."""
    text = statement.text[start:end]
    if not text.strip():
        return None
    latin = _latin_run.search(text) if text[-1].isascii() else None
    if latin and not has_ideograph(text[latin.start() - 1 : latin.start()]):
        named = _latin_phrase(text, start, latin.start())
        return named if named and not statement.is_only("function people", named.start, named.end) else None
    found = _chinese_run.search(text[-_MOST_CHARACTERS:])
    if found is None:
        return None
    begin = end - len(found.group())
    while (cut := statement.leads("function", begin, end)) and cut <= end:
        begin = cut
    begin += len(statement.text[begin:end]) - len(statement.text[begin:end].lstrip(" -/()（）+%·"))
    return Named(GENERIC, begin, end) if end - begin >= 1 and not statement.is_only("function people", begin, end) else None


def _latin_phrase(text: str, start: int, run: int) -> Named | None:
    """The last few words of a run, back to the first that says nothing; `of` may join two."""
    words = list(_latin_words.finditer(text, run))
    empty = words_of("function")
    first = len(words)
    while first and len(words) - first < _MOST_WORDS and _says(words, first - 1):
        first -= 1
    named = words[first:]
    while named and named[0].group().lower() in empty:
        named = named[1:]
    if not named or named[-1].end() - named[0].start() < _FEWEST:
        return None
    return Named(GENERIC, start + named[0].start(), start + named[-1].end())


def _says(words: list[re.Match[str]], at: int) -> bool:
    """Whether a word of a run says something, or joins two that do."""
    return words[at].group().lower() not in words_of("function") or _joins(words, at)


def _joins(words: list[re.Match[str]], at: int) -> bool:
    """Whether `of`, `of the` or `to` stands between two words that say something: rate of fall, pain of the hip."""
    word, before = (words[here].group().lower() if here >= 0 else "" for here in (at, at - 1))
    if word == "the" and before == "of":
        return _joins(words, at - 1)
    return word in ("of", "to") and at < len(words) - 1 and before != "" and before not in words_of("function")


def find_behind_words(statement: Statement, position: int, most: int, skipped: str) -> tuple[int, int] | None:
    """The name that begins at a place, behind words of the `skipped` categories: up to `most` English words, or a run of Chinese."""
    while further := statement.leads(skipped, position):
        position = further
    if run := _chinese_ahead.match(statement.text, position):
        return _chinese_name(statement, run.start(), min(run.end(), position + 2 * most + 2))
    end = first = -1
    for _ in range(most):
        word = _latin_ahead.match(statement.text, position)
        if word is None or word[1].lower() in words_of("function") or len(word[1]) < _FEWEST:
            break
        first = word.start(1) if first < 0 else first
        position = end = word.end(1)
    return (first, end) if end > 0 else None


def _chinese_name(statement: Statement, start: int, end: int) -> tuple[int, int] | None:
    """A run of Chinese characters up to the first word that says nothing."""
    while (cut := statement.leads("function", start, end)) and cut <= end:
        start = cut
    stop = statement.mentions("part", start + 1, end)
    end = stop.start if stop else end
    return (start, end) if end - start >= _FEWEST else None


def find_finding(statement: Statement, after: int) -> Named | None:
    """The words right behind a grade (before token `after`) that name what is graded: ≥2级的皮疹, > grade 1 neuropathy."""
    found = find_behind_words(statement, statement.tokens[after - 1].end, 3, "graded")
    return Named(GRADED, *found) if found else None


def find_counted(statement: Statement, limit: Limit) -> Named | None:
    """The things that a bare number counts: more than 2 prior regimens, 至少1个靶病灶."""
    last = statement.tokens[limit.after - 1]
    if limit.measure is not None and limit.written.isascii() and statement.text[last.start : last.end] == limit.written:
        return Named(GENERIC, last.start, last.end)
    found = find_behind_words(statement, last.end, 4, "counting")
    return Named(GENERIC, *found) if found else None


def find_drug(statement: Statement, limit: Limit) -> Named | None:
    """The drug behind a dose: > 10 mg prednisone, 10 mg/day of prednisone."""
    found = find_behind_words(statement, statement.tokens[limit.after - 1].end, 1, "dosed")
    return Named(GENERIC, *found) if found and found[1] - found[0] > _SHORTEST_DRUG else None


_SHORTEST_DRUG = 4
"""Names of drugs are longer than four letters; shorter words there are none."""


def named_by(statement: Statement, phrase: Named | None) -> str:
    """The words of a phrase; "" for none."""
    return statement.text[phrase.start : phrase.end] if phrase else ""
