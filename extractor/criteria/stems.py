"""What the words of a stem say: that items follow, how they combine, that a line is a heading or a note.

Tables of words in both languages, from the stems of 480 ClinicalTrials.gov texts and of Chinese registry pages.
"""

from __future__ import annotations

import re

_count_words = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "一": 1,
    "两": 2,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
}
_count = r"(\d{1,2}|one|two|three|four|five|six)"
_at_least = re.compile(
    rf"\b(?:at\s+least|minimum\s+of|any|≥|>=)\s*{_count}(?:\s*\(\w+\))?\s*(?:or\s+more\s+)?(?:/|of\b|out\s+of\b|or\s+more\b|additional\b|criteri|risk|following|sign|symptom|feature|factor|condition|item)"
    rf"|\b{_count}(?:\s*\(\w+\))?\s+(?:or\s+more|or\s+greater)\s+(?:of\b|\w+\s+of\b|criteri|risk|following)"
    rf"|(?:≥|>=)\s*{_count}\s+of\b",
    re.IGNORECASE,
)
_at_least_chinese = re.compile(
    r"(?:至少|不少于|≥|任意|任何|任)\s*(?:具有|具备|满足|符合|有|存在|以下|下列)*\s*(\d|[一两二三四五六])\s*(?:项|条|种|个|点|者|类)|(\d|[一两二三四五六])\s*(?:项|条|种|个)\s*(?:或|及)\s*(?:\d|[一两二三四五六])?\s*(?:项|条|种|个)?\s*以上"
)
_any = re.compile(
    r"\b(?:any(?:\s*one)?|one|1|either|at\s+least\s+(?:one|1)|one\s+or\s+more|1\s+or\s+more)\s*(?:\(\w+\)\s*)?(?:or\s+more\s+|or\s+several\s+)?(?:of|from)\b"
    r"|\b(?:either|any)\s*(?:of\b.{0,40})?[:：]?$|\bby\s+either\b|\bany\s+(?:following|other)\b|\bany\s+\w+(?:\s+\w+)?\s+(?:below|listed)\b"
    r"|\b(?:at\s+least|≥|>=)\s*(?:one|1)\b(?:\s*\(\w+\))?(?:\s+[\w-]+){0,4}\s*[:：]?$|\bone\s+or\s+more\b|\bone\s+of\b|\beither\s+the\b|\beither\b\W*$"
    r"|任一|任何一|任意一|之一|其中一|至少一|至少有一|任一项|任意1|任何1|至少1|或者?以下任",
    re.IGNORECASE,
)
_all = re.compile(
    r"\b(?:all|both|each|every)\s+(?:of|the|these|criteria|conditions|inclusion|exclusion|following|must|apply)\b|\b(?:all|both|each)\s*[:：]?$|\ball\s+\w+\s+criteria\b"
    r"|同时(?:满足|符合|具备|具有)|均(?:需|须|应|可|要)?(?:满足|符合|具备)|以下(?:所有|全部)|下列(?:所有|全部)|(?:所有|全部)(?:以下|下列|标准|条件)|均符合|全部满足|全部符合",
    re.IGNORECASE,
)
_stem = re.compile(
    r"[:：]$|\b(?:the\s+following|as\s+follows|following|including|includes?|one\s+of|any\s+of|either|both|such\s+as|defined\s+as|must(?:\s+have)?|if\s+they|criteria\s+are|below|one\s+of\s+the)[.,]?$"
    r"|(?:如下|以下|下列|包括|之一|以下条件|以下标准|下述|任一项|任一条|条件|者)$",
    re.IGNORECASE,
)
_leads = re.compile(
    r"\b(?:must|should|shall|will|can|may|meet\w*|met|following|criteri\w+|apply|eligible|ineligible|if|includ\w+|exclud\w+|answer\w*)\b",
    re.IGNORECASE,
)
_about_criteria = re.compile(r"\bif\b.{0,300}\bfollowing\b.{0,60}\bcriteria\b.{0,80}[:：]$", re.IGNORECASE | re.DOTALL)
_word = re.compile(r"[A-Za-z]+")
_digit_or_ideograph = re.compile(r"[2-9\u4e00-\u9fff]")
_colon = re.compile(r"[:：]\W*$")
_announces = re.compile(r"\bfollowing\b|[:：]$|如下|以下|下列|之一|任一", re.IGNORECASE)
_or_end = re.compile(r"(?:\bor|或者?)\W*$", re.IGNORECASE)
_and_end = re.compile(r"\bAND\W*$|(?:且|并且)[;；,，]?$")
_link_end = re.compile(r"(?:\b(?:and|or|and/or)|或者?|且|和|及)\W{0,2}$", re.IGNORECASE)
_note = re.compile(
    r"(?:\*\s*)?(?:please\s+)?notes?\b\s*(?:\d+\s*)?[:：;\-–*]|^N\.?B\.?[:\s]|^\*{1,3}\s*\S|^\(?(?:please\s+)?note(?:\s+that|:)|^注(?:意|释)?\s*\d?[:：]|^备注|^说明[:：]|^†|^‡"
    r"|^(?:other|additional)\s+(?:more\s+specific\s+)?(?:protocol[- ](?:defined|specified)\s+)?(?:inclusion\s*(?:/|and|or)\s*exclusion|inclusion|exclusion)\s+criteria\s+(?:may|could|will|apply|applied|are)\b"
    r"|^other\s+protocol[- ](?:defined|specified)|^the\s+(?:above|following)\s+information\s+is\s+not|^\(?see\s+(?:section|protocol|appendix)|^further\s+(?:inclusion|exclusion|criteria)",
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
_generic_chinese = re.compile(
    r"(?:受试者|患者|入选者|病例|志愿者|凡|所有|有|必须|必需|须|需要?|应当?|同时|全部|满足|符合|具备|具有|存在|以下|下列|下述|如下|任一|任何|任意|其中|一|1|项|条|种|个|的|入选|纳入|排除|入组|标准|条件|情况|情形"
    r"|要求|之一|中|者|才能|方可|可以?|将|不能|不得|不可|均|都|被|予以|参加|进入|本|研究|试验|即|则|每|内容|如果|若|[\s,，:：。.（）()])+"
)


def is_stem(text: str) -> bool:
    """Whether a text announces items that follow it.

    >>> is_stem("At least one of the following:"), is_stem("Age over 18.")
    (True, False)
    """
    return _stem.search(text[-60:].rstrip(" *")) is not None


def ends_in_colon(text: str) -> bool:
    """Whether a text ends in a colon, bare or full-width."""
    return _colon.search(text[-6:]) is not None


def announces(text: str) -> bool:
    """Whether a text says anywhere that something follows."""
    return _announces.search(text) is not None


def read_combine(text: str, children: list[str]) -> tuple[str, int]:
    """How children combine, from the stem's words, else from what stands between them: ("ANY", 0), ("AT_LEAST", 2), ("", 0).

    >>> read_combine("Meets two or more of the following:", [])
    ('AT_LEAST', 2)
    >>> read_combine("符合以下任一项", [])
    ('ANY', 0)
    >>> read_combine("Defined as", ["fever, OR", "rash"])
    ('ANY', 0)
    """
    return _combine_of_words(text) or _combine_of_links(children) or ("", 0)


def _combine_of_words(text: str) -> tuple[str, int] | None:
    found = [(m.start(), _counted(m)) for pattern in (_at_least, _at_least_chinese) for m in pattern.finditer(text)]
    found += [(m.start(), ("ANY", 0)) for m in _any.finditer(text)]
    found += [(m.start(), ("ALL", 0)) for m in _all.finditer(text)]
    return max(found, key=lambda item: item[0])[1] if found else None


def _counted(found: re.Match[str]) -> tuple[str, int]:
    raw = next(group for group in found.groups() if group)
    count = int(raw) if raw.isdigit() else _count_words[raw.lower()]
    return ("ANY", 0) if count == 1 else ("AT_LEAST", count)


def _combine_of_links(children: list[str]) -> tuple[str, int] | None:
    if any(_or_end.search(text[-6:]) for text in children[:-1]):
        return "ANY", 0
    if any(_and_end.search(text[-6:]) for text in children[:-1]):
        return "ALL", 0
    return None


def ends_in_link(text: str) -> bool:
    """Whether an item ends in "and" or "or": another one belongs beside it."""
    return _link_end.search(text[-8:]) is not None


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
