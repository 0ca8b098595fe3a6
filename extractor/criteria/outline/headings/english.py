"""English section headings, with the scope they name ("Inclusion Criteria for Cases:").

Forms are those of 606 heading-like lines in 1,776 ClinicalTrials.gov records and of listing pages (`Participants Must Not`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from msgspec.structs import replace

from extractor.criteria.outline.headings.sides import EXCLUSION, INCLUSION, WITHDRAWAL, Heading
from extractor.criteria.outline.phrases import alternatives
from extractor.patterns import lazy_pattern

_LONGEST_COMMON = 20  # "Exclusion Criteria:" and a blank
_FEWEST_WORDS = 3  # blanks before a heading inside a line: fewer, and the line is a heading with a scope of its own
_COMMON = {
    f"{name}{mark}": side
    for side in (INCLUSION, EXCLUSION)
    for name in (f"{side.title()} Criteria", f"{side.upper()} CRITERIA", f"{side.title()} criteria")
    for mark in (":", "")
}
_english = lazy_pattern(
    r"(?P<before>(?:[A-Za-z0-9][\w,&/()+'’ -]{0,70}?[\s:/-])??)"
    rf"(?:(?P<both>{alternatives('side_both')})|(?P<out>{alternatives('side_out')})|(?P<in>{alternatives('side_in')}))"
    r"(?P<after>[^:：\n]{0,110})(?P<mark>[:：]|\Z)",
    re.IGNORECASE,
)
_scope = lazy_pattern(
    r"^[-–—\s]*(?:for|in|of|[-–—]|all|only)?\s*[^.;]{0,60}\b(?:group|cohort|part|arm|phase|stage|stratum|study|sub-?study|patients?|participants?|subjects?|population|cases?|controls?)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_DASHES = "-–—"
_clause = lazy_pattern(r",|\b(?:that|which|is|are|was|were|basis|prior)\b", re.IGNORECASE)
_scope_word = lazy_pattern(rf"\b(?:{alternatives('scope')})\b", re.IGNORECASE)
_withdrawal = lazy_pattern(
    r"(?:subject |patient |study |criteria for )?(?:withdrawal|discontinuation|drop-?out|removal|termination|exit)s?(?: criteria)?\s*:?$",
    re.IGNORECASE,
)
_for_all = lazy_pattern(r"^(?:(?:for|in) )?(?:all|any|both)\b", re.IGNORECASE)
_dashed = lazy_pattern(r"(?:[A-Z]\w+ )?(?:(?P<out>Exclusion)|Inclusion) Criteria\s*[-–—]")
_criteria_for = lazy_pattern(
    r"(?P<before>(?:[A-Z]\. )?(?:diagnosis and )?(?:main |key |major )?)(?:criteria|reasons|grounds|conditions)\s+for\s+(?P<side>inclusion|exclusion)(?P<after>[^:.\n]{0,80})[:.]?",
    re.IGNORECASE,
)
_WHO = r"(?:patients?|subjects?|participants?|people|persons?|individuals?|volunteers?)"
_OUT = r"excluded|exclude|exclusion|ineligible|not eligible|not included|disqualified|exclusions"
_JOIN = r"(?:eligible|qualify|join|participate|take part|enroll?|enter)(?:(?: in| for| to)?(?: join| enter| take part in| participate in)?(?: the| this)? (?:study|trial|research))?"
_listing = lazy_pattern(
    r"(?:participants must(?P<not1> not)?|(?:you|patients?|participants?) may (?P<not2>not )?be eligible[^:]{0,80}|who can(?P<not3>not)? (?:take part|join|participate)"
    rf"|(?P<not4>(?:{_OUT})(?: {_WHO})?|(?:(?:other|additional) )?(?:{_WHO} )?(?:{_OUT})(?: if(?: you)?)?)|(?P<not5>(?:(?:absolute|relative|general|main|key) )?contra-?indications?)"
    rf"|(?P<not6>(?:who|you|{_WHO}) (?:(?:can|may|must|should|will|do|is|are)(?: ?not|n[’']t)|is ineligible)(?: be)? {_JOIN}(?: if(?: you)?(?: have)?)?|do not {_JOIN} if(?: you)?)"
    r"|included|eligible)\s*[-–—:?]?$",
    re.IGNORECASE,
)
_neutral = lazy_pattern(rf"(?:{alternatives('neutral')})+", re.IGNORECASE)
_sentence = lazy_pattern(rf"\b(?:{alternatives('asks')})\b", re.IGNORECASE)
_NAMES = r"(?:(?:key|main|major|the) )?(?:non-)?(?:in|ex)clusion criteria"
_FIRST = r"(?:\(?1[.)]|\(?a\)|•)\s*\S"  # the first item of a list
_TELLS = r"(?:were|are|include[sd]?|including|consist(?:s|ed) of)\s+(?!(?:not|also|the|to|as|met|if|[a-z]+ed)\b)(?=\S)"
_BRACKETED = r"(?i:(?:[\[<【{]|\*\*)\s*(?:(?:key|main|major) )?(?:in|ex)clusion criteria\s*[:：]?\s*(?:[\]>】}]|\*\*))"
_bracketed = lazy_pattern(_BRACKETED)
_midline = lazy_pattern(
    r"(?<=[\s.;,)])(?<![Nn]on[ -])(?:(?:Key|Main|Major|KEY|MAIN) )?(?:Inclusion|Exclusion|INCLUSION|EXCLUSION) (?:[Cc]riteria|CRITERIA)\s*(?=:|$|- |\(?1[.)]\s)"
    r"|(?<=[.;]\s)(?:Inclusion|Exclusion|INCLUSION|EXCLUSION)s?(?=:)"
    rf"|(?<=\s){_BRACKETED}"
    rf"|(?i:(?<=[.;:)\]]\s){_NAMES}(?:\s+(?:are|were|is|includes?|included)(?: as follows)?)?\s*(?=:|{_FIRST}|[-*]\s)"
    rf"|(?<=[.;]\s){_NAMES}\s+{_TELLS}|(?<=[.;:)\]]\s)criteria for (?:in|ex)clusion\s*(?=:))",
    re.MULTILINE,
)
_run_in = lazy_pattern(rf"{_NAMES}\s*(?:(?={_FIRST})|{_TELLS})", re.IGNORECASE)
_title = lazy_pattern(r"(?<=[.;)\]]\s)[A-Z][^.:;\n]{3,60}:")
_list = lazy_pattern(rf"\s*(?:{_FIRST}|[-*•]\s)")
_named = lazy_pattern(r"xclusion|criteri", re.IGNORECASE)
_ornament = lazy_pattern(r"(?:#{1,6}\s+|[\[<(【{*_\"“]{1,3}\s*)(?=[A-Za-z])")
_CLOSERS = '*_]>)】}"”'


def find_english_heading(text: str, start: int, end: int, *, marked: bool = False) -> Heading | None:
    """The section heading that opens a line (its marker passed over), or None for a sentence that only speaks of criteria.

    >>> find_english_heading("Key Exclusion Criteria:", 0, 23)
    Heading(side='exclusion', start=0, end=23, label=None, both=False)
    >>> find_english_heading("Inclusion Criteria for Cases:", 0, 29).label
    (0, 29)
    >>> find_english_heading("Lack of compliance with any inclusion criteria", 0, 46) is None
    True
    """
    common = _COMMON.get(text[start:end]) if end - start <= _LONGEST_COMMON else None
    if common:
        return Heading(common, start, end)
    bracketed = _bracketed.match(text, start, end)
    if bracketed:
        return Heading(_side_of(bracketed.group()), start, bracketed.end())
    ornament = _ornament.match(text, start, end)
    if ornament:
        inner = _undressed(text, ornament.end(), end)
        found = _heading_at(text, ornament.end(), inner, marked=marked)
        return replace(found, start=start, end=end if found.end == inner else found.end) if found else None
    return _heading_at(text, start, end, marked=marked)


def _undressed(text: str, start: int, end: int) -> int:
    """The end of a heading's words: brackets and stars that close it, and a colon behind them, are left out."""
    stop = end
    while stop > start and text[stop - 1] in _CLOSERS + " :：":
        stop -= 1
    return stop if any(sign in text[stop:end] for sign in _CLOSERS) else end


def _heading_at(text: str, start: int, end: int, *, marked: bool) -> Heading | None:
    run_in = _run_in.match(text, start, end)
    if run_in:
        return Heading(_side_of(run_in.group()), start, run_in.end())
    return _criteria_heading(text, start, end, marked=marked) or _other_heading(text, start, end)


def _criteria_heading(text: str, start: int, end: int, *, marked: bool) -> Heading | None:
    found = _english.match(text, start, end)
    if found is None:
        return None
    before, after, mark = found["before"].strip(), found["after"].strip(), found["mark"]
    named = found["both"] or found["out"] or found["in"]
    side = EXCLUSION if found["out"] else INCLUSION
    if after[:1] in _DASHES and after and not _is_tail(after, mark) and len(after.strip(" -–—")) < 12 and not before:
        return Heading(side, start, found.start("after"))
    if "cri" not in named.lower() and not _is_bare_heading(before[:1] + named, _neutral.sub("", before) + after.strip(" .*-–"), mark):
        return None
    if not _is_head(before, mark, marked=marked) or not _is_tail(after, mark):
        return None
    label = (start, found.end()) if _names_scope(before, after) else None
    return Heading(side, start, found.end(), label, bool(found["both"]))


def _is_head(before: str, mark: str, *, marked: bool) -> bool:
    """Whether what goes before the words of a side can belong to a heading."""
    if _sentence.search(before) or _clause.search(before) or (not mark and before.count(" ") > 2):
        return False
    return not (marked and before) or _scope_word.search(before) is not None or not _neutral.sub("", before)


def _is_bare_heading(named: str, around: str, mark: str) -> bool:
    """Whether a lone "Inclusion" or "Eligibility:" is a heading: nothing around it, and set as one."""
    return not around and named[0].isupper() and (bool(mark) or named.isupper() or "elig" not in named.lower())


def _names_scope(before: str, after: str) -> bool:
    """Whether a heading says more than its side: a cohort, a part; "must all be answered yes" is no scope."""
    rest = _for_all.sub("", after.strip(" -–—"))
    return bool(_neutral.sub("", before)) or (bool(_neutral.sub("", after)) and not _sentence.search(rest))


def _is_tail(after: str, mark: str) -> bool:
    """Whether what follows the word "criteria" can belong to a heading."""
    if not after or after[0] in "(*.,/[" or after[0] == "'":
        return True
    if after[0] in "-–—":
        rest = _for_all.sub("", after.strip(" -–—"))
        return bool(mark) or len(after) < 4 or (_scope.search(after) is not None and not _sentence.search(rest))
    if mark:
        return not _sentence.search(_for_all.sub("", after))
    return _scope.match(after) is not None and after[-1] not in ".;"


def _other_heading(text: str, start: int, end: int) -> Heading | None:
    found = _criteria_for.match(text, start, end)
    if found:
        side = EXCLUSION if found["side"].lower() == EXCLUSION else INCLUSION
        return Heading(side, start, found.end(), (start, found.end()) if _neutral.sub("", found["after"]) else None)
    if _withdrawal.match(text, start, end) and "criteria" in text[start:end].lower():
        return Heading(WITHDRAWAL, start, end)
    found = _listing.fullmatch(text, start, end)
    if found is None or not text[start].isupper():
        return None
    return Heading(EXCLUSION if any(found.group(f"not{n}") for n in range(1, 7)) else INCLUSION, start, end)


def find_inner_heading(text: str, start: int, end: int, *, marked: bool = False) -> Heading | None:
    """The heading that stands inside a line, after the text of an item.

    >>> find_inner_heading("Able to walk 100 m. Exclusion criteria: 1. Falls", 0, 48)
    Heading(side='exclusion', start=20, end=39, label=None, both=False)
    """
    titled = _find_titled(text, start, end)
    found = _midline.search(text, start + 1, titled.start if titled else end)
    if found is None:
        return titled
    dashed = text[found.end() : found.end() + 1] == "-"
    apart = text[found.start() - 2] in ".;:)]"
    few = not apart and text.count(" ", start, found.start()) < _FEWEST_WORDS
    if few and (dashed or not marked):
        return None
    return Heading(_side_of(found.group()), found.start(), found.end() + (text[found.end() : found.end() + 1] == ":"))


@lru_cache(maxsize=1)  # looked through once for all lines of a text
def _titles_of(text: str) -> list[Heading]:
    """Exclusion headings of other words behind the end of a sentence; without the word exclusion, a list must follow: "Not eligible: 1. Falls"."""
    found = []
    for title in _title.finditer(text):
        heading = _heading_at(text, title.start(), title.end(), marked=False)
        if (
            heading
            and (heading.side, heading.start, heading.end) == (EXCLUSION, *title.span())
            and (_named.search(title.group()) or _list.match(text, title.end()))
        ):
            found.append(heading)
    return found


def _find_titled(text: str, start: int, end: int) -> Heading | None:
    """The first of those headings between two offsets."""
    titles = _titles_of(text)
    place = bisect_right(titles, start, key=_start_of)
    return titles[place] if place < len(titles) and titles[place].end <= end else None


def _start_of(heading: Heading) -> int:
    return heading.start


def _side_of(words: str) -> str:
    lowered = words.lower()
    return EXCLUSION if "exclusion" in lowered or "non" in lowered else INCLUSION


def find_side(text: str, start: int, end: int) -> str:
    """The side that a line opens although it is a sentence: "Case Inclusion Criteria- Cases will be …"; "" for none."""
    found = _dashed.match(text, start, end)
    return "" if found is None else EXCLUSION if found["out"] else INCLUSION
