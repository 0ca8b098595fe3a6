"""Who may take part: sex and pregnancy or lactation, where the words state a condition and do not only scope another one."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.criteria.constraints.record import Scopes
from extractor.criteria.constraints.statement import Statement
from extractor.model import Constraint, Text, Variable

_MARKER = 12
"""Characters of a list marker that may stand before the first word."""
_STATE = {"PREGNANT": "pregnancy", "LACTATING": "lactation"}


def find_people(statement: Statement, scopes: Scopes, language: str, scoping: list[tuple[int, int]]) -> Iterator[tuple[int, Constraint]]:
    """Where each SEX and PREGNANCY constraint stands, and the constraint."""
    if "sex" in statement.kinds:
        yield from _sexes(statement, language, scoping)
    if "state" in statement.kinds:
        yield from _states(statement, scopes, language)


def _sexes(statement: Statement, language: str, scoping: list[tuple[int, int]]) -> Iterator[tuple[int, Constraint]]:
    said = [(index, statement.get(index, "sex")) for index in range(len(statement.tokens)) if statement.get(index, "sex")]
    found = [(index, sex) for index, sex in said if not any(start <= statement.tokens[index].start < end for start, end in scoping)]
    every = next((index for index, value in found if value == "ALL" and not _quoted(statement, index)), None)
    if every is not None:
        found = [(every, "ALL")]
    else:
        found = [(index, value) for index, value in found if value != "ALL" and _states_sex(statement, index)]
    if len({value for _, value in found}) == 1:
        token = statement.tokens[found[0][0]]
        quote = Text(**{language: statement.text[token.start : token.end]})
        yield token.start, Constraint(kind="SEX", values=[found[0][1]], quote=quote)


def _quoted(statement: Statement, index: int) -> bool:
    """Whether `both sexes` only scopes a duty: 无论男性或女性受试者."""
    token = statement.tokens[index]
    return statement.trails("whichever", token.start) or statement.leads("scoping", token.end) > 0


def _scopes(statement: Statement, index: int) -> bool:
    """Whether a word for sex only says whose limit or duty follows: 男性≥50kg, females must."""
    token = statement.tokens[index]
    at = index + 1
    if statement.leads("scoping", token.end):
        return True
    if at >= statement.size or statement.words(token.end, at).strip():
        return False
    return "num" in statement.meanings[at] or statement.mark(at) == ":" or statement.is_sign(at)


def _states_sex(statement: Statement, index: int) -> bool:
    """Whether the word for one sex is the condition: alone, before an age, or as the noun that an age describes."""
    token = statement.tokens[index]
    if _scopes(statement, index) or statement.trails("unsexed", token.start):
        return False
    at = _past_people(statement, index + 1)
    closed = _closes(statement, at)
    if _opens(statement, token.start):
        return closed or _aged(statement, at)
    return closed and any(not _DESCRIBING.isdisjoint(statement.meanings[before]) for before in range(max(0, index - 3), index))


def _past_people(statement: Statement, at: int) -> int:
    """The first token from `at` on that names no people."""
    while statement.get(at, "people") is not None and statement.close(at):
        at += 1
    return at


def _opens(statement: Statement, place: int) -> bool:
    """Whether nothing but a list marker stands before a place."""
    return place <= _MARKER and statement.text[:place].strip(" -*•·0123456789.、)（(") == ""


_DESCRIBING = frozenset({"unit", "suffix"})
_AGING = frozenset({"cmp", "num", "between"})


def _closes(statement: Statement, index: int) -> bool:
    """Whether the clause or the statement ends before token `index`."""
    if index >= statement.size:
        return not statement.text[statement.tokens[-1].end :][:9].strip(" .。;；")
    return statement.mark(index) in (",", ";", "。", ".", ":", "、") and statement.close(index)


def _aged(statement: Statement, index: int) -> bool:
    """Whether an age follows."""
    return not _AGING.isdisjoint(statement.meanings[index]) or _is_age(statement, index)


def _is_age(statement: Statement, index: int) -> bool:
    subject = statement.get(index, "var")
    return bool(subject) and subject.kind == "AGE"


def _states(statement: Statement, scopes: Scopes, language: str) -> Iterator[tuple[int, Constraint]]:
    seen = set()
    for index, token in enumerate(statement.tokens):
        state = statement.get(index, "state")
        if not state or state in seen or not _is_state(statement, index):
            continue
        seen.add(state)
        words = statement.text[token.start : token.end]
        yield (
            token.start,
            Constraint(
                kind="PREGNANCY",
                variable=Variable(name=_STATE[state], text=words),
                negated=scopes.denial.of_state(index),
                exception=scopes.excepted,
                quote=Text(**{language: words}),
            ),
        )


def _is_planned(statement: Statement, index: int) -> bool:
    """Whether a plan stands before the word and the time in which it is meant to be between: 计划6个月内怀孕."""
    start = statement.tokens[index].start
    plan = statement.mentions("planning", start - _PLANNED, start)
    return plan is not None and any("unit" in statement.meanings[at] for at in range(statement.token_at(plan.end), index))


def _is_paired(statement: Statement, index: int) -> bool:
    """Whether pregnancy stands beside lactation as the time of people: women during pregnancy and lactation."""
    joint = {"and", "or"} & statement.meanings[index + 1].keys()
    if not joint or statement.get(index + 2, "state") != "LACTATING" or statement.tokens[index + 2].gap:
        return False
    return statement.trails("during_state", statement.tokens[index].start)


def _is_plan_too(statement: Statement, index: int) -> bool:
    """Whether "to breastfeed" goes on with a plan: plans to become pregnant or breastfeed; 计划怀孕或哺乳."""
    token = statement.tokens[index]
    words = statement.folded[token.start : token.end]
    if words not in _PLAIN_VERBS or token.gap or "or" not in statement.meanings[index - 1]:
        return False
    if statement.get(index - 2, "state") != "PREGNANT":
        return False
    if not statement.trails("planned", statement.tokens[index - 2].start):
        return False
    return words.isascii() or _closes(statement, index + 1)


_PLAIN_VERBS = frozenset({"breastfeed", "breast feed", "breast-feed", "哺乳"})
"""Words for lactation that a plan may go on with; "breastfeeding" is a state."""
_PLANNED = 12
"""Characters before a pregnancy in which the plan for it stands: 计划6个月内怀孕."""


def _is_state(statement: Statement, index: int) -> bool:
    """Whether the words are a state of the participant: no test, plan, history or disease of pregnancy, no length of it."""
    token = statement.tokens[index]
    if _is_paired(statement, index):
        return True
    if statement.leads("tested pregnancy_related", token.end) or statement.trails("planned", token.start):
        return False
    return not any(rule(statement, index) for rule in (_is_planned, _is_plan_too, _measured))


def _measured(statement: Statement, index: int) -> bool:
    """Whether the word is the variable of a length: 妊娠≥16周."""
    at = statement.skip(index + 1)
    return bool(statement.get(at, "cmp")) or statement.get(at, "num") is not None
