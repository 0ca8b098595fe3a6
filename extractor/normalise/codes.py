"""Words of a coded field to codes: one vocabulary for all sources, `tables/codes.tsv`.

Columns: field, words (as printed, folded here), code (several joined by ","), implies ("field=CODE" that the words state,
"~field=CODE" that we infer, "!finding.code"; joined by ";").
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from extractor.caches import cached_when_short
from extractor.patterns import lazy_pattern
from extractor.tables import read_table

# One phase or two, as forms and people write them: "Ib期", "II期+III期临床试验", "Phase 2a/2b"; folded.
_phase = r"(?P<{}>iv|i{{1,3}}|[1-4])[abc]?"
_phases = lazy_pattern(
    rf"(?:phase|第)?{_phase.format('one')}期?(?:(?:[-+/~～、和至&,]|and)(?:phase|第)?{_phase.format('two')}期?)?(?:临床)?(?:试验|研究|药物试验)?"
)
_roman = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_apart = lazy_pattern(r"(?<=[IVX\d])[_\s]+(?=[IVX\d])", re.IGNORECASE)  # "PHASE_I_II" names two phases: white space is not folded there
# Words that settle a masking cell of free text, when it holds those of one row only.
_masking: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (lazy_pattern(pattern), code)
    for pattern, code in (
        (r"(?:开放|不设盲|不采用盲法|未设盲|无盲|非盲|不盲|open-?label|no(?:t|n)?-?(?:blind|mask))", "NONE"),
        (r"(?:单盲|single-?(?:blind|mask))", "SINGLE"),
        (r"(?:双盲|double-?(?:blind|mask))", "DOUBLE"),
        (r"(?:三盲|triple-?(?:blind|mask))", "TRIPLE"),
        (r"(?:四盲|quadruple-?(?:blind|mask))", "QUADRUPLE"),
    )
)
_partly = lazy_pattern("评估|评价|assessor|evaluator|除外|except")
_bracket = lazy_pattern(r"\s*([^(（]+?)\s*[(（][^()（）]*[)）]\s*")


class Meaning(NamedTuple):
    """What the words of a coded field stand for."""

    codes: tuple[str, ...]
    implies: tuple[str, ...] = ()


@cached_when_short(8192)
def fold_words(text: str) -> str:
    """Words as the vocabulary holds them: width and case folded, without white space and closing punctuation.

    >>> fold_words("Active,  not recruiting ") == fold_words("active, not Recruiting.")
    True
    """
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(".;,:。；，：")


@cache
def vocabulary() -> dict[tuple[str, str], Meaning]:
    """(field, folded words) → meaning, for every row of the table."""
    found: dict[tuple[str, str], Meaning] = {}
    for field, words, codes, *rest in read_table("extractor.normalise", "codes"):
        implied = tuple(filter(None, rest[0].split(";"))) if rest else ()
        found[field, fold_words(words)] = Meaning(tuple(codes.split(",")), implied)
    return found


@cache
def codes_of(field: str) -> frozenset[str]:
    """Every code that the vocabulary knows for a field."""
    return frozenset(code for (name, _), meaning in vocabulary().items() if name == field for code in meaning.codes)


@cached_when_short(4096)
def find_meaning(field: str, words: str) -> Meaning | None:
    """The meaning of a source's words in a field; a code of the API stands for itself, a closing bracket adds only detail.

    >>> find_meaning("status/overall", "Active, not recruiting").codes, find_meaning("design/masking", "Double (Participant)").codes
    (('ACTIVE_NOT_RECRUITING',), ('DOUBLE',))
    >>> find_meaning("design/phases", "PHASE_I_II").codes, find_meaning("design/phases", "Phase III").codes
    (('PHASE1', 'PHASE2'), ('PHASE3',))
    """
    reader = _READERS.get(field)
    folded = fold_words(_apart.sub("/", words) if reader is _read_phases else words)
    known = vocabulary().get((field, folded)) or vocabulary().get((field, folded.replace("_", "")))
    if known is None and words.strip() in codes_of(field):
        return Meaning((words.strip(),))
    bracket = _bracket.fullmatch(words) if known is None else None
    known = vocabulary().get((field, fold_words(bracket[1]))) if bracket else known
    return reader(folded.replace("_", "")) if known is None and reader else known


def _read_phases(folded: str) -> Meaning | None:
    """The phases that folded words name, where the vocabulary has no row for them."""
    match = _phases.fullmatch(folded)
    numbers = [_roman.get(word, word) for word in (match["one"], match["two"]) if word] if match else []
    return Meaning(tuple(dict.fromkeys(f"PHASE{number}" for number in numbers))) if numbers else None


def _read_masking(folded: str) -> Meaning | None:
    """The masking that a sentence names, where it names one kind and does not go on about assessors."""
    codes = {code for pattern, code in _masking if pattern.search(folded)}
    if len(codes) != 1 or (codes == {"NONE"} and _partly.search(folded)):
        return None
    return Meaning((codes.pop(),))


_READERS = {"design/phases": _read_phases, "design/masking": _read_masking}
