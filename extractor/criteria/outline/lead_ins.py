"""What the words of a stem say: that items follow, how they combine, that a line is a heading or a note.

Tables of words in both languages, from the stems of 480 ClinicalTrials.gov texts and of Chinese registry pages.
"""

from __future__ import annotations

import re

from extractor.criteria.outline.phrases import alternatives
from extractor.patterns import lazy_pattern

_COLONS = frozenset(":：")
_stem_words = frozenset("following include includes including below either both follows must".split())
_stem_pairs = frozenset(
    [
        "or suspected",
        "one of",
        "any of",
        "each of",
        "all of",
        "such as",
        "defined as",
        "must have",
        "must be",
        "if they",
        "who have",
        "criteria are",
        "basis of",
        "one of the",
        "any of the",
        "of the",
    ]
)
_stem_ends = ("如下", "以下", "下列", "下述", "包括", "之一", "以下条件", "以下标准", "任一项", "任一条", "任何一项", "包括但不限于")
_link_words = frozenset(["and", "or", "and/or", "&"])
_link_ends = ("或", "或者", "且", "并且", "和", "及", "以及")
_leads = lazy_pattern(
    r"\b(?:must|should|shall|will|can|may|meet\w*|met|following|criteri\w+|apply|eligible|ineligible|if|includ\w+|exclud\w+|answer\w*)\b",
    re.IGNORECASE,
)
_about_criteria = lazy_pattern(r"\bif\b.{0,300}\bfollowing\b.{0,60}\bcriteria\b.{0,80}[:：]$", re.IGNORECASE | re.DOTALL)
_word = lazy_pattern(r"[A-Za-z]+")
_digit_or_ideograph = lazy_pattern(r"[2-9\u4e00-\u9fff]")
_note = lazy_pattern(
    alternatives("note"),
    re.IGNORECASE,
)
_generic_words = frozenset(
    """a about above according addition additionally all also among an and answered answers any apply applicable applied applies are as at be been being below
    both by can candidate candidates case characteristics condition conditions considered consideration could criteria criterion did do does due
    each eligibility eligible either enrol enroll enrolled enrolling enrollment enrolment enter entering entry every exclude excluded exclusion exist exists following follows for found
    from fulfil fulfill fulfilled fulfilling fulfills fulfils had has have he her his if in included including inclusion individual individuals ineligible interested
    into is it join key least listed main make may meet meeting meets met more must need needs no not of on one only or order other others part
    participant participants participate participating participation patient patients people permitted person persons phase population potential potentially presence present prior
    project protocol recruited registry require required requirements research satisfied satisfies satisfy screening selected shall she should study subject subjects
    take tested that the their there these they this those time to trial true under up visit volunteer volunteers was were when where which who will with would yes you your""".split()
)
_generic_chinese = lazy_pattern(rf"(?:{alternatives('generic_chinese')})+")


def is_stem(text: str) -> bool:
    """Whether a text announces items that follow it.

    >>> is_stem("At least one of the following:"), is_stem("Age over 18.")
    (True, False)
    """
    tail = text[-48:].rstrip(" *\n")
    last = tail[-1:]
    if last in ":：" or not last:
        return bool(last)
    if last > "\u2e7f":
        return tail.endswith(_stem_ends)
    words = tail.rstrip(".,").lower().split()
    return bool(words) and (words[-1] in _stem_words or " ".join(words[-2:]) in _stem_pairs)


def ends_in_colon(text: str) -> bool:
    """Whether a text ends in a colon, bare or full-width."""
    return text[-6:].rstrip(" *\n")[-1:] in _COLONS


# Number words up to six: longer lists are not counted in their lead-in.
_COUNTS = {
    word: count
    for count, words in enumerate(("two 2 两 二", "three 3 三", "four 4 四", "five 5 五", "six 6 六"), 2)
    for word in words.split()
}
_not_announced = lazy_pattern(r"\b(?:at least|minimum|or more|any|either)\b|至少|任|以上|中", re.IGNORECASE)
_announced = lazy_pattern(
    r"(?:.{0,40}\bfollowing |the |there are )?\b(two|three|four|five|six|[2-6])\s(?:\w+\s){0,3}"
    r"(?:groups|cohorts|criteria|conditions|categories|populations|items|requirements|types)\b[^:]{0,80}:$",
    re.IGNORECASE,
)
_chinese_announced = lazy_pattern("[^：:]{0,12}(?:以下|下列|如下)([两二三四五六2-6])[项条种类组个点][^：:]{0,10}[：:]$")


def count_announced(words: str) -> int:
    """How many items a lead-in says to follow, 0 where it does not say.

    >>> count_announced("Three groups of patients will be eligible:"), count_announced("At least two of the following criteria:")
    (3, 0)
    >>> count_announced("符合以下三项条件："), count_announced("至少符合以下两项：")
    (3, 0)
    """
    if words[-1:] not in _COLONS or _not_announced.search(words):
        return 0
    found = _announced.match(words) or _chinese_announced.match(words)
    return _COUNTS[found[1].lower()] if found else 0


def ends_in_link(text: str) -> bool:
    """Whether an item ends in "and" or "or": another one belongs beside it.

    >>> ends_in_link("Fever, or"), ends_in_link("Fever and rash")
    (True, False)
    """
    tail = text[-10:].rstrip(" .;,；，")
    if tail[-1:] > "\u2e7f":
        return tail.endswith(_link_ends)
    return tail.rpartition(" ")[2].rpartition("\n")[2].lower() in _link_words


def is_note(text: str) -> bool:
    """Whether a paragraph or bullet comments on criteria and is none: notes, footnotes, disclaimers.

    >>> is_note("Note: see the protocol"), is_note("Other protocol-defined inclusion/exclusion criteria may apply.")
    (True, True)
    """
    return _note.match(text) is not None


def is_generic(text: str) -> bool:
    """Whether a sentence only leads into a section and states no condition of its own.

    >>> is_generic("Patients must meet all of the following criteria:"), is_generic("Women over 60 must have:")
    (True, False)
    """
    if len(text) > 360:
        return False
    words = _word.findall(text)
    if not words:
        return _generic_chinese.fullmatch(text) is not None
    if not _leads.search(text) or _digit_or_ideograph.search(text):
        return False
    return all(word in _generic_words for word in map(str.lower, words)) or _about_criteria.search(text) is not None
