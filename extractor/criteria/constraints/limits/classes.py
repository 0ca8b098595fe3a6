"""Classes in Roman numerals or letters: NYHA III/IV, ASA Ⅰ-Ⅲ级, Child-Pugh B or C.

classes := class ((to | , | or) class)*    listed or in a range: values, expanded
         | comparator class | class suffix     a number for Roman numerals; the letters from there on
"""

from __future__ import annotations

from extractor.criteria.constraints.candidates import Reading
from extractor.criteria.constraints.limits.amounts import End, Limit
from extractor.criteria.constraints.statement import Line
from extractor.criteria.constraints.variables import GRADED, Named, find_finding
from extractor.criteria.constraints.vocabulary import Sign

ROMAN = ("", "I", "II", "III", "IV", "V", "VI")
_LETTERED = frozenset({"child_pugh", "meld"})


def find_classes(line: Line) -> list[Reading]:
    """Every run of classes that a score before it explains."""
    readings: list[Reading] = []
    index = 0 if line.kinds & {"roman", "letter"} else line.size
    while index < len(line.tokens):
        kind = "roman" if line.get(index, "roman") else "letter" if line.get(index, "letter") else ""
        found = _classes(line, index, kind) if kind else None
        if found:
            readings.append(found)
        index = max(index + 1, found.after if found else 0)
    return readings


def _classes(line: Line, index: int, kind: str) -> Reading | None:
    named, first = _score_before(line, index)
    if named is None or (kind == "letter" and named.subject.name not in _LETTERED):
        return None
    values, after = _run(line, index, kind)
    sign = _sign_before(line, first, index) or _sign_behind(line, after)
    suffixed = after + 1 if sign and line.get(after, "suffix") else after
    if not sign:
        return Reading("SCORE", index, after, subjects=[named], values=values)
    if kind == "letter":
        return Reading("SCORE", index, suffixed, subjects=[named], values=_from(values[0], sign))
    end = End(ROMAN.index(values[0]), sign.inclusive)
    limit = Limit(index, suffixed, end if sign.end == "low" else None, end if sign.end == "high" else None, None)
    return Reading("SCORE", index, suffixed, limit, [named])


def _score_before(line: Line, index: int) -> tuple[Named | None, int]:
    """The score that the class at `index` belongs to, at most six tokens before it, and its token."""
    for at in range(index - 1, max(-1, index - 7), -1):
        if line.mark(at) in (";", "。", ",", "\n"):
            break
        subject = line.get(at, "var")
        if subject and subject.kind == "SCORE":
            return Named(subject, line.tokens[at].start, line.tokens[at].end), at
        if line.tokens[at + 1].gap and line.tokens[at + 1].start - line.tokens[at].end > 20:
            break
    if _is_graded(line, index) and line.close(index) and len(line.tokens[index].meanings) == 1:
        return find_finding(line, index + 1) or Named(GRADED, line.tokens[index].start, line.tokens[index].start), index
    return None, index


def _is_graded(line: Line, index: int) -> bool:
    """Whether the word `grade` stands before the numeral; classes and stages are of many things."""
    if not line.get(index - 1, "grade"):
        return False
    token = line.tokens[index - 1]
    return line.text[token.start : token.end].lower().startswith("gr")


def _run(line: Line, index: int, kind: str) -> tuple[list[str], int]:
    """The classes from `index` on, ranges expanded, and the index behind them."""
    values = [_name(line, index, kind)]
    after = _past_grade(line, index + 1)
    while (joint := _joint(line, after)) and (name := _name(line, joint, kind)):
        values += _expanded(values[-1], name, kind) if line.get(joint - 1, "to") else [name]
        after = _past_grade(line, joint + 1)
    return list(dict.fromkeys(values)), after


def _past_grade(line: Line, index: int) -> int:
    return index + 1 if line.get(index, "grade") and line.close(index) else index


def _joint(line: Line, index: int) -> int:
    at = index
    while (
        at < index + 2
        and line.close(at)
        and (line.get(at, "to") or line.get(at, "or") or line.get(at, "and") or line.mark(at) in (",", "/", "、"))
    ):
        at += 1
    at = line.skip(at, most=1) if at > index and line.get(at, "grade") else at
    return at if at > index and line.close(at) else 0


def _name(line: Line, index: int, kind: str) -> str:
    value = line.get(index, kind)
    return "" if not value else ROMAN[int(value)] if kind == "roman" else value


def _expanded(low: str, high: str, kind: str) -> list[str]:
    order = ROMAN if kind == "roman" else ("A", "B", "C", "D")
    return list(order[order.index(low) + 1 : order.index(high) + 1])


def _sign_before(line: Line, first: int, index: int) -> Sign | None:
    return next((line.get(at, "cmp") for at in range(max(0, first - (2 if first == index else 1)), index) if line.get(at, "cmp")), None)


def _sign_behind(line: Line, index: int) -> Sign | None:
    return line.get(index, "suffix") if line.close(index) else None


def _from(value: str, sign: Sign) -> list[str]:
    order = "ABC"
    at = order.find(value)
    span = order[at + (not sign.inclusive) :] if sign.end == "low" else order[: at + sign.inclusive]
    return list(span) or [value]
