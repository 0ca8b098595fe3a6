"""Regimens in the prose of 用法用量: clauses that tell a dose, each with the words that give its schedule and its partners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from extractor.label.fields.doses import Dose, bracket_depth, find_doses, pattern_of
from extractor.label.text.passages import Passage, join_lines
from extractor.model import Unit
from extractor.patterns import lazy_pattern

_sentence = lazy_pattern(r"[^。\n]+[。]?")
_combination = lazy_pattern(
    r"(?<![可宜应能得])与\s*(?P<x>(?!其[他它])[^，。；、（）()]{1,30}?(?:、[^，。；（）()]{1,20}?)*)\s*(?:联合(?:用药|治疗|使用|给药|应用)?|联用|合用|合并)"
)
_drugs = lazy_pattern(r"、|，|(?<=[\u4e00-\u9fff])(?:和|及|与)")
_other_drug = lazy_pattern(r"(?:与|联合|加用|合并|同时给予)\s*(?!本品)[^，。；：\d]{2,20}$")
_tells_else = lazy_pattern(
    r"配制|复溶|抽取|混匀|摇匀|振摇|溶解|稀释后|临用前|取本品|输液袋|不优于|不推荐|不予推荐|剂量耐受|增量|研究中|研究显示|试验中"
)
_either = lazy_pattern(r"\s*(?:或者?|和|、|/|／)\s*")
_by_weight = lazy_pattern(r"每\s?(?:千克|公斤|kg|平方米|m2|m²)(?:体重|体表面积)?")
_in_a_day = lazy_pattern(r"/(?:d|天|日|次)$")
_step = lazy_pattern(r"[，,；;、：:]|或(?=\s?(?:一次|每))|然后|之后|以后|此后|随后")


@dataclass(slots=True)
class Regimen:
    """A dose to take: the sentence that tells it, the run of it that is the dose's own, and what it is given with."""

    sentence: Passage
    scope: Passage
    dose: Dose
    words: Passage
    drugs: list[Passage] = field(default_factory=list)


@dataclass(slots=True)
class Sentence:
    """A sentence of the section: the regimens it tells, and whether it tells doses that cannot be read surely.

    `loose`: it has doses, but no words that prescribe them.
    """

    passage: Passage
    regimens: list[Regimen] = field(default_factory=list)
    unread: bool = False
    loose: bool = False


def read_sentences(paragraph: Passage) -> Iterator[Sentence]:
    """The sentences of a paragraph with their regimens."""
    for match in _sentence.finditer(paragraph.text):
        sentence = Sentence(paragraph.cut(*match.span()))
        for clause in _clauses(sentence.passage):
            found = _read_clause(sentence.passage, clause)
            sentence.unread |= found is None
            sentence.regimens += found or []
            sentence.loose |= found == [] and not _tells_else.search(clause.text) and bool(_own_doses(clause))
        yield sentence


def find_schedule(text: Passage) -> Passage | None:
    """How often: the words that say so, with those before a dose that say it is a day's; else weaker words."""
    runs = _schedules(text.text)
    if not runs:
        match = pattern_of("weak_schedule").search(text.text)
        return text.group(match) if match else None
    found = text.cut(*runs[0])
    day = pattern_of("a_day").search(text.text[: runs[0][0]]) if found.text.startswith("分") else None
    return join_lines([text.group(day), found]) if day else found


def _clauses(sentence: Passage) -> Iterator[Passage]:
    """The parts of a sentence between semicolons that stand in no brackets."""
    depth, start = 0, 0
    for place, character in enumerate(sentence.text):
        depth += (character in "（([［") - (character in "）)]］")
        if character in "；;" and depth <= 0:
            yield sentence.cut(start, place)
            start = place + 1
    yield sentence.cut(start)


def _read_clause(sentence: Passage, clause: Passage) -> list[Regimen] | None:
    """The regimens of a clause, None where it tells several doses that cannot be told apart surely."""
    if _tells_else.search(clause.text):
        return []
    doses = _times_only(clause.text, _different(_own_doses(clause)))
    parts = list(zip(_scopes(clause, doses), doses, strict=True))
    if not any(_tells(scope.text, dose) for scope, dose in parts):
        return []
    if not _are_sure(clause.text, parts):
        return None
    return [regimen for scope, dose in parts for regimen in _regimens(sentence, clause, scope, dose)]


def _own_doses(clause: Passage) -> list[Dose]:
    """The doses of a clause that are no other drug's."""
    return [dose for dose in find_doses(clause.text) if not _other_drug.search(clause.text[: dose.start])]


def _are_sure(clause: str, parts: list[tuple[Passage, Dose]]) -> bool:
    """Whether each dose has words of its own, no two are told side by side, and none is meant by weight without its unit saying so."""
    if _by_weight.search(clause) or any(_either.fullmatch(clause[a.end : b.start]) for (_, a), (_, b) in pairwise(parts)):
        return False
    if len(parts) > 1 and not all(_has_own(scope.text, dose) for scope, dose in parts):
        return False
    return all(len(_schedules(scope.text)) <= 1 for scope, _ in parts)


def _schedules(text: str) -> list[tuple[int, int]]:
    """The runs of words that say how often; those with an `or` between them are one, those in brackets explain those before them."""
    runs: list[tuple[int, int]] = []
    for match in pattern_of("schedule").finditer(text):
        if runs and bracket_depth(text[: match.start()]):
            continue
        if runs and _either.fullmatch(text[runs[-1][1] : match.start()]):
            runs[-1] = (runs[-1][0], match.end())
        elif not runs or match.group() not in {text[a:b] for a, b in runs}:
            runs.append(match.span())
    return runs


def _different(doses: list[Dose]) -> list[Dose]:
    """Doses of which the same amount was told in two ways, by an `or` between them, count once."""
    return [dose for n, dose in enumerate(doses) if not n or (dose.amount, dose.high) != (doses[n - 1].amount, doses[n - 1].high)]


def _times_only(clause: str, doses: list[Dose]) -> list[Dose]:
    """The doses at a time, where the clause also tells what they come to in a day."""
    timed = [dose for dose in doses if _stands_before("a_time", clause, dose)]
    daily = [dose for dose in doses if _stands_before("a_day", clause, dose)]
    return timed if timed and daily and len(timed) + len(daily) == len(doses) else doses


def _stands_before(role: str, clause: str, dose: Dose) -> bool:
    """Whether such words stand in the step of the clause that ends in the dose."""
    return pattern_of(role).search(_step.split(clause[: dose.start])[-1]) is not None


def _scopes(clause: Passage, doses: list[Dose]) -> list[Passage]:
    """The run of a clause that belongs to each dose: from the step that it stands in to the step of the next."""
    starts = [0]
    for before, dose in pairwise(doses):
        steps = [m.start() for m in _step.finditer(clause.text, before.end, dose.start)]
        starts.append(steps[-1] if steps else dose.start)
    return [clause.cut(a, b) for a, b in pairwise([*starts, len(clause.text)])] if doses else []


def _tells(scope: str, dose: Dose) -> bool:
    """Whether a run of words with a dose tells what to take."""
    return _is_daily(dose) or any(pattern_of(role).search(scope) for role in ("recommends", "a_time", "schedule", "weak_schedule"))


def _has_own(scope: str, dose: Dose) -> bool:
    """Whether a scope tells for itself how often, or on which days."""
    return _is_daily(dose) or any(pattern_of(role).search(scope) for role in ("schedule", "weak_schedule"))


def _is_daily(dose: Dose) -> bool:
    """Whether a dose's unit holds how often it is taken."""
    return isinstance(dose.amount.unit, Unit) and _in_a_day.search(str(dose.amount.unit.text)) is not None


def _regimens(sentence: Passage, clause: Passage, scope: Passage, dose: Dose) -> Iterator[Regimen]:
    words = clause.cut(dose.start, dose.end)
    combined = [clause.group(m, "x").parts(_drugs) for m in _combination.finditer(clause.text, dose.end)]
    for drugs in combined or [[]]:
        yield Regimen(sentence, scope, dose, words, drugs)
