"""Headings of sections: inclusion, exclusion, withdrawal, in either language, with the scope they name.

Forms are those of 606 heading-like lines in 1,776 ClinicalTrials.gov records, of listing pages (`Participants Must Not`) and of
Chinese registry pages. A heading that names more than its section ("Inclusion Criteria for Cases:") has a scope and
stays in the tree as a heading.
"""

from __future__ import annotations

import re
from typing import NamedTuple

INCLUSION, EXCLUSION, WITHDRAWAL = "inclusion", "exclusion", "withdrawal"


class Heading(NamedTuple):
    """A section heading in a line: which side, where it starts and ends, whether it names a scope."""

    side: str
    start: int
    end: int
    scoped: bool


_HINTS = (
    "clusion",
    "eligib",
    "entry criteria",
    "selection criteria",
    "withdrawal",
    "discontinuation criteria",
    "out criteria",
    "removal criteria",
    "termination criteria",
    "exit criteria",
    "cluded:",
    "participants must",
    "take part",
    "can join",
    "cannot join",
)
_COMMON = {
    f"{name}{mark}": side
    for side in (INCLUSION, EXCLUSION)
    for name in (f"{side.title()} Criteria", f"{side.upper()} CRITERIA", f"{side.title()} criteria")
    for mark in (":", "")
}
_ALL_HINTS = (*_HINTS, "标准", "条件")
_english = re.compile(
    r"""(?P<before>(?:[A-Za-z0-9][\w,&/()+'’ -]{0,70}?[\s:/-])??)
    (?:(?P<both>(?:inclusion|eligibility|entry|selection)(?:\s+criteria)?\s?(?:/|and|&|or)\s?exclusion\s+criteri(?:a|on|um|as)|exclusion\s?(?:/|and|&|or)\s?inclusion\s+criteria)
    | (?P<out>(?:non[- ]?inclusion|exclusion|ineligibility)s?(?:\s*criteri(?:a|on|um|as)?)?\b)
    | (?P<in>(?:pre-?)?inclusions?(?:\s*criteri(?:a|on|um|as)?)?\b|eligibility(?:\s+criteria)?\b|entry\s+criteria|selection\s+criteria))
    (?P<after>[^:：\n]{0,110})(?P<mark>[:：]|\Z)""",
    re.VERBOSE | re.IGNORECASE,
)
_scope = re.compile(
    r"^[-–—\s]*(?:for|in|of|-|–|—|all|only)?\s*[^.;]{0,60}\b(?:group|cohort|part|arm|phase|stage|stratum|study|sub-?study|patients?|participants?|subjects?|population|cases?|controls?)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_DASHES = "-–—"
_clause = re.compile(r",|\b(?:that|which|is|are|was|were|basis|prior)\b", re.IGNORECASE)
_scope_word = re.compile(
    r"\b(?:group|cohort|part|arm|phase|stage|stratum|study|sub-?study|specific|additional|related|general|healthy|controls?|cases?|patients?|subjects?|participants?|donors?|siblings?|common|caregivers?)\b",
    re.IGNORECASE,
)
_withdrawal = re.compile(
    r"(?:subject |patient |study |criteria for )?(?:withdrawal|discontinuation|drop-?out|removal|termination|exit)s?(?: criteria)?\s*:?$",
    re.IGNORECASE,
)
_for_all = re.compile(r"^(?:for|in) (?:all|any|both)\b", re.IGNORECASE)
_dashed = re.compile(r"(?:[A-Z]\w+ )?(?:(?P<out>Exclusion)|Inclusion) Criteria\s*[-–—]")
_criteria_for = re.compile(
    r"(?P<before>(?:[A-Z]\. )?(?:diagnosis and )?(?:main |key |major )?)criteria\s+for\s+(?P<side>inclusion|exclusion)(?P<after>[^:.\n]{0,80})[:.]?",
    re.IGNORECASE,
)
_listing = re.compile(
    r"(?:participants must(?P<not1> not)?|(?:you|patients?|participants?) may (?P<not2>not )?be eligible[^:]{0,80}|who can(?P<not3>not)? (?:take part|join|participate)"
    r"|(?P<not4>excluded|ineligible)|included|eligible)\s*[:?]?$",
    re.IGNORECASE,
)
_chinese = re.compile(
    r"(?P<before>[^\n:：。；;,，]{0,24}?)(?:(?P<in>纳入|入选|入组|选入)|(?P<out>排除|非入选|非纳入|不纳入|除外)|(?P<leave>剔除|退出|脱落|终止|中止|停止))"
    r"(?P<more>(?:[/、和及与](?:纳入|入选|排除|剔除|退出|脱落|终止|中止))*)(?:研究|试验)?(?:的)?(?:标准|条件)(?P<after>[^:：\n。；;]{0,24}?)\s*(?P<mark>[:：]|$)"
)
_neutral = re.compile(
    r"(?:\b(?:key|main|major|principal|general|basic|core|important|study|trial|patients?|subjects?|participants?|selected|protocol|brief|the|criteria|summary|list|of|overall|abbreviated"
    r"|and|are|is|were|be|will|for|include|includes|included|following|as follows|primary|specific)\b"
    r"|主要|关键|受试者|患者|病例|研究|试验|对象|的|\W|[一二三四五六七八九十\d]+[、.．)）])+",
    re.IGNORECASE,
)
_sentence = re.compile(
    r"\b(?:not|no|any|all|must|meet\w*|met|fulfil\w*|satisf\w*|if|who|may|other|see|per|above|violat\w*|lack|appl(?:y|ies|ied)|protocol-defined|defined|judge?ment|judged|will|considered|be|should|has|have|had|will not)\b",
    re.IGNORECASE,
)
_midline = re.compile(
    r"(?<=[\s.;,。；)）])(?:(?:Key|Main|Major|KEY|MAIN) )?(?:(?:Inclusion|Exclusion|INCLUSION|EXCLUSION) (?:[Cc]riteria|CRITERIA)\s*(?=:|：|$|- )|(?:纳入|入选|排除|剔除)标准\s*[:：])",
    re.MULTILINE,
)
_out_sentence = re.compile(
    r"\b(?:ineligible|not (?:be )?(?:eligible|included|enrolled)|(?:be|were|are) excluded|exclusion criteria|must not|NOT eligible)\b.{0,90}[:：]$|^criteria for exclusion|(?:不能|不得|不可)入组.{0,20}[:：]$"
    r"|\b(?:were|are) (?:excluded|ineligible) if\b.{0,40}[:：]?$",
    re.IGNORECASE | re.DOTALL,
)

_in_sentence = re.compile(r"\b(?:were|are|is|will be|may be) eligible (?:for|to|if|when)\b", re.IGNORECASE)


def find_hints(text: str) -> list[int]:
    """Where words stand that a section heading cannot do without, in order: a cheap test before the real one."""
    lowered = text.lower()
    found: list[int] = []
    for word in _ALL_HINTS if "标" in text or "条" in text else _HINTS:
        at = lowered.find(word)
        while at >= 0:
            found.append(at)
            at = lowered.find(word, at + 1)
    found.sort()
    return found


def find_heading(text: str, start: int, end: int, *, marked: bool = False) -> Heading | None:
    """The section heading that opens a line (its marker passed over), or None for a sentence that only speaks of criteria.

    >>> find_heading("Key Exclusion Criteria:", 0, 23)
    Heading(side='exclusion', start=0, end=23, scoped=False)
    >>> find_heading("Inclusion Criteria for Cases:", 0, 29).scoped
    True
    >>> find_heading("Lack of compliance with any inclusion criteria", 0, 46) is None
    True
    """
    common = _COMMON.get(text[start:end])
    if common:
        return Heading(common, start, end, scoped=False)
    return (
        (None if text.isascii() else _chinese_heading(text, start, end))
        or _english_heading(text, (start, end), marked=marked)
        or _other_heading(text, start, end)
    )


def _english_heading(text: str, bounds: tuple[int, int], *, marked: bool) -> Heading | None:
    start, end = bounds
    found = _english.match(text, start, end)
    if found is None:
        return None
    before, after, mark = found["before"].strip(), found["after"].strip(), found["mark"]
    named = found["both"] or found["out"] or found["in"]
    side = EXCLUSION if found["out"] else INCLUSION
    if after[:1] in _DASHES and after and not _is_tail(after, mark) and len(after.strip(" -–—")) < 12 and not before:
        return Heading(side, start, found.start("after"), scoped=False)
    if "criteri" not in named.lower() and not _is_bare_heading(named, _neutral.sub("", before) + after.strip(" .*-–"), mark):
        return None
    if _sentence.search(before) or _clause.search(before) or not _is_tail(after, mark) or (not mark and before.count(" ") > 2):
        return None
    if marked and before and not _scope_word.search(before) and _neutral.sub("", before):
        return None
    return Heading(side, start, found.end(), _names_scope(before, after))


def _is_bare_heading(named: str, around: str, mark: str) -> bool:
    """Whether a lone "Inclusion" or "Eligibility:" is a heading: nothing around it, and set as one."""
    return not around and named[0].isupper() and (bool(mark) or named.isupper() or "elig" not in named.lower())


def _names_scope(before: str, after: str) -> bool:
    """Whether a heading says more than its side: a cohort, a part; "must all be answered yes" is no scope."""
    rest = _for_all.sub("", after)
    return bool(_neutral.sub("", before)) or (bool(_neutral.sub("", after)) and not _sentence.search(rest))


def _is_tail(after: str, mark: str) -> bool:
    """Whether what follows the word "criteria" can belong to a heading."""
    if not after or after[0] in "(*.,/[" or after[0] == "'":
        return True
    if after[0] in "-–—":
        return bool(mark) or len(after) < 4 or (_scope.search(after) is not None and not _sentence.search(after))
    if mark:
        return not _sentence.search(_for_all.sub("", after))
    return _scope.match(after) is not None and after[-1] not in ".;"


def _chinese_heading(text: str, start: int, end: int) -> Heading | None:
    found = _chinese.match(text, start, end)
    if found is None or (not found["mark"] and found.end() < end):
        return None
    if re.search(r"不|符合|违反|满足|任何|根据", found["before"]) or (found["after"] and not found["mark"]):
        return None
    side = INCLUSION if found["in"] else EXCLUSION if found["out"] else WITHDRAWAL
    return Heading(side, start, found.end(), bool(_neutral.sub("", found["before"] + found["after"])))


def _other_heading(text: str, start: int, end: int) -> Heading | None:
    found = _criteria_for.match(text, start, end)
    if found:
        side = EXCLUSION if found["side"].lower() == EXCLUSION else INCLUSION
        return Heading(side, start, found.end(), bool(_neutral.sub("", found["after"])))
    if _withdrawal.match(text, start, end) and "criteria" in text[start:end].lower():
        return Heading(WITHDRAWAL, start, end, scoped=False)
    found = _listing.fullmatch(text, start, end)
    if found is None or not text[start].isupper():
        return None
    return Heading(EXCLUSION if any(found.group(f"not{n}") for n in (1, 2, 3, 4)) else INCLUSION, start, end, scoped=False)


def find_midline(text: str, start: int, end: int, *, marked: bool = False) -> int | None:
    """Where a heading begins inside a line, after the text of an item."""
    found = _midline.search(text, start, end)
    if found is None or found.start() <= start:
        return None
    dashed = text[found.end() : found.end() + 1] == "-"
    if text[start : found.start()].count(" ") < 3 and (dashed or not marked):
        return None
    return found.start()


def find_side(text: str, start: int, end: int) -> str:
    """The side that a line opens although it is a sentence: "Case Inclusion Criteria- Cases will be …"; "" for none."""
    found = _dashed.match(text, start, end)
    return "" if found is None else EXCLUSION if found["out"] else INCLUSION


def opens_exclusion(text: str) -> bool:
    """Whether a sentence leads into an exclusion list: "Women were ineligible if they:".

    >>> opens_exclusion("A subject will not be eligible to participate if any of the following apply:")
    True
    """
    return len(text) < 400 and _out_sentence.search(text) is not None


def opens_inclusion(text: str) -> bool:
    """Whether a sentence says who is eligible: after an exclusion list without a heading it goes back to inclusion."""
    return _in_sentence.search(text) is not None
