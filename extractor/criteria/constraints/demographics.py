"""Who may take part: sex and pregnancy or lactation, where the words state a condition and do not only scope another one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.criteria.constraints.negation import Denial
from extractor.criteria.constraints.statement import Statement
from extractor.model import Constraint, Text, Variable

_SCOPING = re.compile(
    r"\s*(?:[＜<>＞≥≤=﹥﹤≧≦:：\d]|of child|of repro|with child|with repro|who are|must|should|need|agree|will |with a|partner|'s|and their|能|须|必须|应|需|不少|超过|不低|者?[须应需]|or (?:their|its)|体重|同意|育龄|对|患者?[:：]|大于|小于|≥"
    r"|不低于|低于|高于|连襟|QT|Hb|血红|肌酐|腰|伴侣|配偶|participants? (?:must|should|who|with|of|will|agree)|(?:patients|subjects|volunteers|participants) (?:must|should|who|with|of|will|agree|and|capable|are))",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:妊娠|哺乳|怀孕|孕|育龄|绝经[前后]?|期|生育能力的|可能的|潜力的|避孕的|的?非|其|如为|若为|对于|对|如|for|if|pregnan\w+|lactating|nursing|feeding|potential|fertile|capable|menopausal|the|all|their|or|and)\s*$",
    re.IGNORECASE,
)
_TEST = re.compile(r"\s*(?:检测|检查|试验|测试|test|\(?hcg|计划|试纸)", re.IGNORECASE)
_PLAN = re.compile(
    r"(?:计划|避免|准备|可能|预防|打算|备孕|欲|拟|有无|意外|become|becoming|get|getting|plan\w*|intend\w*|prevent\w*|avoid|against|of|potential|history|during|ectopic|previous|prior|before|after|test|既往|多胎|单胎|异位|双胎)\s*$",
    re.IGNORECASE,
)
_STATE = {"PREGNANT": "pregnancy", "LACTATING": "lactation"}


def find_people(statement: Statement, denial: Denial, language: str, scoping: list[tuple[int, int]]) -> Iterator[tuple[int, Constraint]]:
    """Where each SEX and PREGNANCY constraint stands, and the constraint."""
    if "sex" in statement.kinds:
        yield from _sexes(statement, language, scoping)
    if "state" in statement.kinds:
        yield from _states(statement, denial, language)


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
    before = statement.text[max(0, token.start - 9) : token.start].lower()
    return before.endswith(("无论", "不论是", "for both ", "for ")) or _SCOPING.match(statement.text, token.end) is not None


def _states_sex(statement: Statement, index: int) -> bool:
    """Whether the word for one sex is the condition: alone, before an age, or as the noun that an age describes."""
    token = statement.tokens[index]
    if _SCOPING.match(statement.text, token.end) or _BEFORE.search(statement.text, max(0, token.start - 24), token.start):
        return False
    at = index + 1
    while statement.get(at, "people") is not None and statement.close(at):
        at += 1
    closed = _closes(statement, at)
    if token.start <= 12 and statement.text[: token.start].strip(" -*•·0123456789.、)（(") == "":
        return closed or _aged(statement, at)
    return closed and any(not _DESCRIBING.isdisjoint(statement.meanings[before]) for before in range(max(0, index - 3), index))


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


def _states(statement: Statement, denial: Denial, language: str) -> Iterator[tuple[int, Constraint]]:
    seen = set()
    for index, token in enumerate(statement.tokens):
        state = statement.get(index, "state")
        if (
            not state
            or state in seen
            or _TEST.match(statement.text, token.end)
            or _PLAN.search(statement.text, max(0, token.start - 24), token.start)
        ):
            continue
        if _measured(statement, index):
            continue
        seen.add(state)
        words = statement.text[token.start : token.end]
        yield (
            token.start,
            Constraint(
                kind="PREGNANCY",
                variable=Variable(name=_STATE[state], text=words),
                negated=denial.of_state(index),
                quote=Text(**{language: words}),
            ),
        )


def _measured(statement: Statement, index: int) -> bool:
    """Whether the word is the variable of a length: 妊娠≥16周."""
    at = statement.skip(index + 1)
    return bool(statement.get(at, "cmp")) or statement.get(at, "num") is not None
