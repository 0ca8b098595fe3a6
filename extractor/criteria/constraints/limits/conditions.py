"""Limits that are only supposed: "if ALT > 3 x ULN, bilirubin must be normal" asks nobody to have such an ALT.

    supposed := if limit (, | then | 则) consequence      如肌酐＞1.5×ULN，需检测肌酐清除率
A consequence that speaks of taking part (is excluded, 可入组) leaves the limit a criterion; 如 (if, such as) needs a consequence that
says what must be done.
"""

from __future__ import annotations

from extractor.criteria.constraints.statement import Statement

Span = tuple[int, int]
"""Where words begin and end."""
_FARTHEST = 24
"""Tokens between the start of a clause and a limit in it, and from the limit to the clause's end."""
_CONSEQUENCE = 120
"""Characters of a consequence in which words tell that it speaks of taking part."""
_DUTY = 80
"""Characters of a consequence in which its verb stands."""
_BEHIND = 12
"""Characters from the start of a limit to the duty in it: 体重须≥50kg."""
_OPENING = frozenset({",", ";", "。", ".", "(", ":", "\n"})


def is_supposed(statement: Statement, start: int, after: int) -> bool:
    """Whether the limit whose words begin at a place and end before token `after` stands in a condition with a consequence behind it."""
    begin = _clause_start(statement, statement.token_at(start))
    condition = statement.leads("conditional", begin, start)
    if not condition or not statement.is_only("function people", condition, start):
        return False
    consequence = _consequence(statement, after)
    if not consequence or statement.mentions("taking_part", consequence, min(consequence + _CONSEQUENCE, len(statement.text))):
        return False
    if statement.text[begin:condition].strip() == "如":
        return statement.leads("consequence", consequence) > 0
    return statement.mentions("consequence", consequence, min(consequence + _DUTY, len(statement.text))) is not None


def is_instance(statement: Statement, clause: Span, place: int) -> bool:
    """Whether 如 names an instance with a limit of its own (如ALT＞3×ULN，TBIL＞2×ULN): no consequence stands before the place behind it."""
    start, end = clause
    if not statement.text.startswith("如", start) or statement.text.startswith(("如果", "如有"), start):
        return False
    limited = [at for at in range(statement.token_at(start), statement.token_at(end)) if "num" in statement.meanings[at]]
    aged = statement.mentions("of_some_age", start, end) is not None
    return bool(limited) and not aged and not statement.mentions("consequence", end, place + _BEHIND)


def _clause_start(statement: Statement, index: int) -> int:
    """Where the clause of token `index` begins, without leading blanks."""
    begin = 0
    for at in range(index - 1, max(-1, index - _FARTHEST), -1):
        if statement.mark(at) in _OPENING:
            begin = statement.tokens[at].end
            break
    return begin + len(statement.text[begin:]) - len(statement.text[begin:].lstrip())


def _consequence(statement: Statement, after: int) -> int:
    """Where the words begin that follow from a condition: behind a comma, a colon or "then"; 0 where the sentence ends first."""
    behind = statement.leads("therefore", statement.tokens[after - 1].end)
    if behind:
        return behind
    for at in range(after, min(after + _FARTHEST, statement.size)):
        mark = statement.mark(at)
        if mark in (",", ":"):
            if not {"turn", "or", "and"}.isdisjoint(statement.meanings[at + 1]):
                return 0
            end = statement.tokens[at].end
            return end if statement.text[end:].strip() else 0
        if mark in (")", ";", "。") or statement.ends_sentence(at):
            return 0
    return 0
