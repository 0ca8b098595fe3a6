"""Classes in Roman numerals or letters: NYHA III/IV, ASA Ⅰ-Ⅲ级, Child-Pugh B or C.

classes := class ((to | , | or) class)*    listed or in a range: values, expanded
         | comparator class | class suffix     a number for Roman numerals; the letters from there on
"""

from __future__ import annotations

from extractor.criteria.constraints.candidates import Candidate
from extractor.criteria.constraints.limits.amounts import End, Limit
from extractor.criteria.constraints.phrases import GRADED, Named, find_finding
from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.vocabulary import Sign
from extractor.patterns import lazy_pattern

_letter_before = lazy_pattern(r"(?<![a-z])[a-z]\s\Z")
_letter_behind = lazy_pattern(r"\s[a-z](?![a-z])")
ROMAN = ("", "I", "II", "III", "IV", "V", "VI")
_VERSIONED = frozenset({"ctcae"})
"""Scales with a number of their version between name and grade: CTCAE v3.0 grade I."""
_IN_PARTS = frozenset({"updrs"})
"""Scales whose parts have Roman numerals: UPDRS III ≥ 20."""
_LETTERED = frozenset({"child_pugh", "meld"})


def find_classes(statement: Statement) -> list[Candidate]:
    """Every run of classes that a score before it explains."""
    candidates: list[Candidate] = []
    index = 0 if statement.kinds & {"roman", "letter"} else statement.size
    while index < len(statement.tokens):
        meanings = statement.meanings[index]
        kind = "roman" if meanings.get("roman") else "letter" if meanings.get("letter") else ""
        found = _classes(statement, index, kind) if kind else None
        if found:
            candidates.append(found)
        index = max(index + 1, found.after if found else 0)
    return candidates


def _classes(statement: Statement, index: int, kind: str) -> Candidate | None:
    if _is_spaced(statement, index) or _is_version(statement, index):
        return None
    named, first = _score_before(statement, index)
    if (
        named is None
        or named.subject.name in _IN_PARTS
        or _repeats(statement, index, first)
        or (kind == "letter" and named.subject.name not in _LETTERED)
    ):
        return None
    values, after = _run(statement, index, kind)
    sign = _sign_before(statement, first, index) or _sign_behind(statement, after)
    suffixed = after + 1 if sign and statement.get(after, "suffix") else after
    if not sign or sign.end == "both":
        return Candidate("SCORE", index, after, subjects=[named], values=values)
    if kind == "letter":
        return Candidate("SCORE", index, suffixed, subjects=[named], values=_from(values[0], sign))
    end = End(ROMAN.index(values[0]), sign.inclusive)
    low, high = (end, None) if sign.end == "low" else (None, end)
    limit = Limit(index, suffixed, low, high, None)
    return Candidate("SCORE", index, suffixed, limit, [named])


def _is_spaced(statement: Statement, index: int) -> bool:
    """Whether the letter is one of a word whose letters are printed apart: I I I, V A S."""
    token = statement.tokens[index]
    if token.end - token.start > 1:
        return False
    around = statement.folded[max(0, token.start - 3) : token.start], statement.folded[token.end : token.end + 3]
    return _letter_before.search(around[0]) is not None or _letter_behind.match(around[1]) is not None


def _is_version(statement: Statement, index: int) -> bool:
    """Whether the letter stands for the word before an edition: CTCAE v 5.0."""
    token = statement.tokens[index]
    at = index + (statement.mark(index + 1) == ".") + 1
    return statement.folded[token.start : token.end] == "v" and "num" in statement.meanings[at] and statement.close(at)


def _repeats(statement: Statement, index: int, first: int) -> bool:
    """Whether the class only says in a bracket that the one before it is included: Ⅱ级以上（包括Ⅱ级）."""
    if statement.get(index - 1, "inclusive") is None or statement.mark(index - 2) != "(":
        return False
    return any(statement.get(at, "roman") == statement.get(index, "roman") for at in range(first, index - 1))


def _score_before(statement: Statement, index: int) -> tuple[Named | None, int]:
    """The score that the class at `index` belongs to, at most six tokens before it, and its token."""
    counted = False
    for at in range(index - 1, max(-1, index - 7), -1):
        if statement.mark(at) in (";", "。", ",", "\n"):
            break
        counted = counted or "num" in statement.meanings[at]
        subject = statement.get(at, "var")
        if subject and subject.kind == "SCORE":
            if counted and subject.name not in _VERSIONED:
                break
            return Named(subject, statement.tokens[at].start, statement.tokens[at].end), at
        if statement.tokens[at + 1].gap and statement.tokens[at + 1].start - statement.tokens[at].end > 20:
            break
    if _is_graded(statement, index) and statement.close(index) and len(statement.tokens[index].meanings) == 1:
        return find_finding(statement, index + 1) or Named(GRADED, statement.tokens[index].start, statement.tokens[index].start), index
    return None, index


def _is_graded(statement: Statement, index: int) -> bool:
    """Whether the word `grade` stands before the numeral; classes and stages are of many things."""
    if not statement.get(index - 1, "grade"):
        return False
    token = statement.tokens[index - 1]
    return statement.text[token.start : token.end].lower().startswith("gr")


def _run(statement: Statement, index: int, kind: str) -> tuple[list[str], int]:
    """The classes from `index` on, ranges expanded, and the index behind them."""
    values = [_name(statement, index, kind)]
    after = _past_grade(statement, index + 1)
    while (joint := _joint(statement, after)) and (name := _name(statement, joint, kind)):
        values += _expanded(values[-1], name, kind) if statement.get(joint - 1, "to") else [name]
        after = _past_grade(statement, joint + 1)
    return list(dict.fromkeys(values)), after


def _past_grade(statement: Statement, index: int) -> int:
    return index + 1 if statement.get(index, "grade") and statement.close(index) else index


def _joint(statement: Statement, index: int) -> int:
    at = index
    while (
        at < index + 2
        and statement.close(at)
        and (statement.get(at, "to") or statement.get(at, "or") or statement.get(at, "and") or statement.mark(at) in (",", "/", "、"))
    ):
        at += 1
    at = statement.skip(at, most=1) if at > index and statement.get(at, "grade") else at
    return at if at > index and statement.close(at) else 0


def _name(statement: Statement, index: int, kind: str) -> str:
    value = statement.get(index, kind)
    return "" if not value else ROMAN[int(value)] if kind == "roman" else value


def _expanded(low: str, high: str, kind: str) -> list[str]:
    order = ROMAN if kind == "roman" else ("A", "B", "C", "D")
    return list(order[order.index(low) + 1 : order.index(high) + 1])


def _sign_before(statement: Statement, first: int, index: int) -> Sign | None:
    return next(
        (statement.get(at, "cmp") for at in range(max(0, first - (2 if first == index else 1)), index) if statement.get(at, "cmp")), None
    )


def _sign_behind(statement: Statement, index: int) -> Sign | None:
    return statement.get(index, "suffix") if statement.close(index) else None


def _from(value: str, sign: Sign) -> list[str]:
    order = "ABC"
    at = order.find(value)
    span = order[at + (not sign.inclusive) :] if sign.end == "low" else order[: at + sign.inclusive]
    return list(span) or [value]
