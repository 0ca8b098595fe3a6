"""What a limit speaks of: the variables of the vocabulary before it, or the words that stand there."""

from __future__ import annotations

import re
from typing import NamedTuple

from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.vocabulary import Subject

_CONDITIONS = frozenset({"hypertension", "obesity", "fever", "bradycardia", "tachycardia", "tachypnea"})
"""Conditions that a measurement in brackets defines: they are no items of a list of measurements."""
GENERIC = Subject("", "MEASUREMENT", frozenset(), "")
GRADED = Subject("", "SCORE", frozenset({"score"}), "")


class Named(NamedTuple):
    """A variable as found: its row (GENERIC for unknown words) and the words, from `start` to `end`."""

    subject: Subject
    start: int
    end: int


_LENGTHS = ("time", "age", "gestation", "interval")
_TIMES = ("time", "age", "gestation", "half-life", "cycle")
_phrase_end = re.compile(
    r"[\s(（:：=为是的在约]+$|(?:\s(?:of|is|are|was|were|a|an|the|with|that|must be|should be|at|has|have|to|be|values?|levels?|for|in|on|if|and|or|by|than|who|had|which|while|about))+$",
    re.IGNORECASE,
)
_hollow = re.compile(
    r"(?:if|for|and|or|who|had|have|has|been|the|of|in|with|that|a|an|any|is|are|more|than|least|at|on|received|receiving|having)(?: (?:if|for|and|or|who|had|have|has|been|the|of|in|with|that|a|an|any|is|are|at|on))*",
    re.IGNORECASE,
)
_chinese_phrase = re.compile(r"[\u3400-\u9fffA-Za-zα-ωΑ-Ω\d%+/·（）()\- ]{1,24}$")
_finding = re.compile(
    r"\s*(?:级|度|期)?\s*(?:的|及?以上的?)?\s*([\u3400-\u9fff/]{2,8}(?=[,，;；。、)）(（]|$|或|和|等)|[\u3400-\u9fff]{2,6}|[A-Za-z][A-Za-z\-]{3,}(?: [A-Za-z][A-Za-z\-]{3,})?)"
)
_things = re.compile(
    r"\s?(?:的|可|过)?((?:(?!of|or|and|in|on|at|to|for|within|per|with|the|if|as|by|is|are)[a-z][a-z\-]+ ?){1,4}(?<! )|[\u3400-\u9fff]{2,10})"
)
_lead = re.compile(r"(?:血清总?|血浆|外周血|空腹|静息|坐位|平均|总)$")
_change = re.compile(r"\s?(?:的?(?:变化|改变|波动|变异)(?:幅度|率)?|change|variation|variability|loss|gain)(?![a-z])", re.IGNORECASE)
_drug = re.compile(
    r"\s?(?:daily\s|per day\s)?(?:of\s)?((?!or|and|at|in|for|per|with|of|on|to|daily|once|twice)[a-z][a-z\-]{4,})", re.IGNORECASE
)
_english_phrase = re.compile(r"(?:[A-Za-z][\w\-/']*(?:\s|$)){1,4}$")


def find_subjects(statement: Statement, limit: Limit, floor: int) -> list[Named]:
    """The variables named between token `floor` and the limit: the last one, and those joined to it as a list."""
    found = [at for at in range(floor, limit.first) if statement.get(at, "var") and _fits(statement.get(at, "var"), limit)]
    found = [at for at in found if not _repeats(statement, at, floor)] or found
    inner = [at for at in range(limit.first, limit.after) if statement.get(at, "var") and _inner(statement, at, limit)]
    if inner and not (found and found[-1] == limit.first - 1):
        return [_named(statement, inner[0])]
    return _listed(statement, found) if found else []


def _inner(statement: Statement, index: int, limit: Limit) -> bool:
    """Whether a variable inside the limit is its own: 60岁≤年龄, ≥CTCAE 2级, under the age of 18."""
    subject = statement.get(index, "var")
    return _fits(subject, limit) and (statement.get(limit.first, "num") is not None or not limit.reference)


def _repeats(statement: Statement, index: int, floor: int) -> bool:
    """Whether the variable stands in a bracket that only abbreviates what is in front of it: 谷丙转氨酶（ALT）."""
    at = index - 1
    while at > floor and (statement.get(at, "var") or statement.mark(at) == "/" or statement.get(at, "and")):
        at -= 1
    if at <= floor or statement.mark(at) != "(" or not statement.close(at):
        return False
    front = statement.get(at - 1, "var")
    return front is not None and bool(front.dimensions)


def _fits(subject: Subject, limit: Limit) -> bool:
    """Whether the unit may be one of the variable's: a time limit needs a variable that is a time."""
    if limit.measure is None or not limit.measure.ucum:
        return subject.kind != "DURATION"
    dimension = limit.measure.dimension
    if dimension in _TIMES:
        state = subject.kind != "MEASUREMENT" and not subject.dimensions.isdisjoint(_LENGTHS)
        short = "interval" in subject.dimensions and limit.measure.ucum in ("min", "h")
        return state or short or dimension in subject.dimensions
    return subject.kind not in ("AGE", "DURATION")


def _named(statement: Statement, index: int) -> Named:
    """The variable at `index`; of a change (体重变化, weight loss) the change, not what changes."""
    token = statement.tokens[index]
    lead = _lead.search(statement.text, max(0, token.start - 4), token.start)
    start = lead.start() if lead else token.start
    change = _change.match(statement.text, token.end)
    if change and token.meanings["var"].kind == "MEASUREMENT":
        return Named(GENERIC, start, change.end())
    return Named(token.meanings["var"], start, token.end)


def _listed(statement: Statement, found: list[int]) -> list[Named]:
    """The last variable with those that a list joins to it, first written first, synonyms in brackets left out."""
    listed = [found[-1]]
    conjunction = False
    for at in reversed(found[:-1]):
        link = _link(statement, at, listed[0])
        if (
            not link
            or statement.get(at, "var").name in _CONDITIONS
            or (link == "," and not (conjunction or _alike(statement, at, listed[0])))
        ):
            break
        conjunction = conjunction or link == "and"
        listed.insert(0, at)
    return _distinct(statement, listed)


def _link(statement: Statement, left: int, right: int) -> str:
    """How variable `left` is joined to `right`: "(" for a synonym, "and", ","; "" for not at all."""
    links: set[str] = set()
    for at in range(left + 1, right):
        link = _linking(statement, at)
        if not link or (statement.tokens[at].gap and not (link == ")" and "(" in links)):
            return ""
        links.add(link)
    same = statement.get(left, "var").name == statement.get(right, "var").name
    if statement.tokens[right].gap or ((("(" in links and ")" not in links) or not links & _LINKS) and not same):
        return ""
    return "and" if "and" in links else "," if "," in links else "("


_LINKS = frozenset({"and", ",", "(", ")"})


def _linking(statement: Statement, index: int) -> str:
    """What token `index` does between two variables: "and", a mark, "small" for nothing; "" where it parts them."""
    mark = statement.mark(index)
    if mark == "/" or not {"and", "or"}.isdisjoint(statement.meanings[index]):
        return "and"
    if mark in ("(", ")", ","):
        return mark
    return "" if {"soft", "var"}.isdisjoint(statement.meanings[index]) else "small"


def _alike(statement: Statement, left: int, right: int) -> bool:
    """Whether two variables are measured in the same dimensions: ALT, AST."""
    first, second = statement.get(left, "var").dimensions, statement.get(right, "var").dimensions
    return bool(first) and first == second


def _distinct(statement: Statement, listed: list[int]) -> list[Named]:
    names: dict[str, Named] = {}
    for at in listed:
        named = _named(statement, at)
        names.setdefault(named.subject.name, named)
    return list(names.values())


def find_phrase(statement: Statement, limit: Limit, floor: int) -> Named | None:
    """The words right before the limit, where no variable of the vocabulary stands; None where there are none."""
    stop = statement.tokens[limit.first].start
    start = statement.tokens[floor].start if floor < limit.first else (statement.tokens[floor - 1].end if floor else 0)
    start = max((statement.tokens[at].end for at in range(floor, limit.first) if _breaks(statement, at)), default=start if floor else 0)
    start = max(start, stop - 90)
    text = statement.text[start:stop]
    trimmed = _phrase_end.sub("", text.rstrip(" (（:："))
    pattern = _english_phrase if trimmed.isascii() else _chinese_phrase
    found = pattern.search(trimmed[-60:])
    if not found or not found.group().strip(" ()（）") or _hollow.fullmatch(found.group().strip()):
        return None
    offset = start + max(0, len(trimmed) - 60)
    words = found.group()
    lead = len(words) - len(words.lstrip(" ()（）/-"))
    return Named(GENERIC, offset + found.start() + lead, offset + found.start() + len(words.rstrip()))


def find_finding(statement: Statement, after: int) -> Named | None:
    """The words right behind a grade (before token `after`) that name what is graded: ≥2级的皮疹, > grade 1 neuropathy."""
    found = _finding.match(statement.text, statement.tokens[after - 1].end)
    return Named(GRADED, found.start(1), found.end(1)) if found else None


def find_counted(statement: Statement, limit: Limit) -> Named | None:
    """The things that a bare number counts: more than 2 prior regimens, 至少1个靶病灶."""
    last = statement.tokens[limit.after - 1]
    if limit.measure is not None and limit.written.isascii() and statement.text[last.start : last.end] == limit.written:
        return Named(GENERIC, last.start, last.end)
    found = _things.match(statement.text, last.end)
    return Named(GENERIC, found.start(1), found.end(1)) if found else None


def named_by(statement: Statement, phrase: Named | None) -> str:
    """The words of a phrase; "" for none."""
    return statement.text[phrase.start : phrase.end] if phrase else ""


def find_drug(statement: Statement, limit: Limit) -> Named | None:
    """The drug behind a dose: > 10 mg prednisone, 10 mg/day of prednisone."""
    found = _drug.match(statement.text, statement.tokens[limit.after - 1].end)
    return Named(GENERIC, found.start(1), found.end(1)) if found else None


def _breaks(statement: Statement, index: int) -> bool:
    """Whether a noun phrase cannot reach over token `index`."""
    meanings = statement.tokens[index].meanings
    return statement.mark(index) in (",", ";", "。", ".", "\n", ":") or (
        "soft" not in meanings
        and any(
            kind in meanings
            for kind in ("num", "unit", "inside", "or", "and", "negation", "exception", "rate", "before", "after", "past", "within")
        )
    )
