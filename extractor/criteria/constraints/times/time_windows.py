"""Stretches of time: how a time limit relates to an anchor.

    window := within amount [(before | of | after) anchor]          within 4 weeks prior to screening
            | past amount [inside]                                  in the past 6 months; 近3个月内
            | amount (before | after | since) anchor                14 days before randomization
            | anchor (前 | 后) [的] amount [inside]                  入组前4周内; 末次给药后6个月
            | [event] amount (前 | 后 | 内)                          12个月前; 损伤2个月以后; 2周内
            | apart anchor amount [inside]                          距首次给药<5个半衰期
            | (for | stop) amount                                   for at least 3 months; 停用7天以上

The words decide the relation: a lower limit before an anchor is BEFORE unless the clause denies something.
"""

from __future__ import annotations

from typing import NamedTuple

from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.statement import Line


class Timing(NamedTuple):
    """A window as read from the tokens first … before `after`."""

    relation: str
    anchor: str
    first: int
    after: int
    side: str = ""


def find_timing(line: Line, limit: Limit, floor: int) -> Timing | None:
    """The window that the words around a time limit make of it; None where they make none.

    `floor` is the first token that may belong to it (behind the limit before).
    """
    left = _back(line, limit.first - 1, floor) if line.close(limit.first) else -1
    right = _ahead(line, limit.after)
    for rule in (_inside, _named_before, _past, _chinese_behind, _english_behind, _apart, _lasting):
        if found := rule(line, limit, (left, right, floor)):
            return found
    return None


Around = tuple[int, int, int]


def _back(line: Line, index: int, floor: int) -> int:
    """From `index` leftwards past small words that say nothing of time; -1 at the floor or a gap."""
    for _ in range(4):
        if index < floor:
            return -1
        meanings = line.tokens[index].meanings
        if "soft" not in meanings or "anchor" in meanings or "for" in meanings:
            return index
        if line.tokens[index].gap:
            return -1
        index -= 1
    return -1


def _ahead(line: Line, index: int) -> int:
    if line.mark(index) == "(" and line.get(line.closing(index), "before"):
        return line.closing(index)
    at = line.skip(index, most=1) if line.get(index, "anchor") is None else index
    return at if line.close(at) else index if line.close(index) else -1


def _latin(line: Line, index: int) -> bool:
    return line.text[line.tokens[index].start].isascii()


def _lower(limit: Limit) -> bool:
    return limit.compared and limit.low is not None and limit.high is None


def _inside(line: Line, limit: Limit, around: Around) -> Timing | None:
    """内 closes the window; what it is counted from stands before the number."""
    left, right, _ = around
    if right < 0 or not line.get(right, "inside"):
        return None
    start = _named_before(line, limit, around) or _apart(line, limit, around) or _past(line, limit, around)
    if start:
        split = _lower(limit) and line.get(limit.after - 1, "unit") is not None and _two_units(line, limit)
        return Timing(start.relation if split else "WITHIN", start.anchor, start.first, right + 1)
    touching = left >= 0 and line.tokens[left].end == line.tokens[limit.first].start
    anchor = left if touching and line.get(left, "anchor") else -1
    first = anchor if anchor >= 0 else limit.first
    return Timing("WITHIN", line.get(anchor, "anchor") or "", first, right + 1)


def _two_units(line: Line, limit: Limit) -> bool:
    return sum(line.get(at, "unit") is not None for at in range(limit.first, limit.after)) > 1


def _named_before(line: Line, limit: Limit, around: Around) -> Timing | None:
    """The anchor and 前 or 后 stand before the number: 入组前4周, 术后至少30天."""
    left, _, floor = around
    side = _side(line, left) if left >= 0 and not _latin(line, left) else ""
    if not side:
        return None
    named = line.get(left - 1, "anchor") if left >= max(floor, 1) and line.close(left) else None
    if named is None and line.get(left, "past") and (left == 0 or not line.tokens[left].gap):
        return Timing("WITHIN", "NOW", left, limit.after)
    relation = side if _lower(limit) and not _denied(line, limit) else "WITHIN"
    return Timing(relation, named or "OTHER", left - 1 if named else left, limit.after, side)


def _side(line: Line, index: int) -> str:
    """BEFORE or AFTER as token `index` says; "" where it says neither."""
    return "BEFORE" if line.get(index, "before") else "AFTER" if line.get(index, "after") else ""


def _denied(line: Line, limit: Limit) -> bool:
    """Whether the words behind the number deny what happened in it, as 未 does."""
    return any(line.get(at, "negation") for at in range(limit.after, min(limit.after + 2, len(line.tokens))))


def _past(line: Line, limit: Limit, around: Around) -> Timing | None:
    """Within, in the past, 近, 最近: counted back from an anchor that may follow, or from now."""
    left, right, _ = around
    if left < 0 or not (line.get(left, "within") or line.get(left, "past")):
        return None
    if not _latin(line, left) or right < 0:
        return Timing("WITHIN", "NOW" if line.get(left, "past") else "", left, limit.after)
    behind = _english_anchor(line, right) if _pointing(line, right) else None
    if behind:
        return Timing("WITHIN", behind[0], left, behind[1])
    return Timing("WITHIN", "NOW" if line.get(left, "past") else "", left, limit.after)


def _pointing(line: Line, index: int) -> bool:
    return bool(line.get(index, "before") or line.get(index, "after") or line.get(index, "anchor")) and line.close(index)


def _english_anchor(line: Line, index: int) -> tuple[str, int] | None:
    """(anchor, index behind it) for `prior to the first dose`; an anchor that the table does not know is OTHER."""
    at = index
    while at < index + 3 and (line.get(at, "before") or line.get(at, "after") or (line.get(at, "soft") and not line.get(at, "anchor"))):
        at += 1
    if at < len(line.tokens) and (anchor := line.get(at, "anchor")) and line.tokens[at].start - line.tokens[at - 1].end <= 24:
        return anchor, at + 1
    return ("OTHER", index + 1) if line.get(index, "before") or line.get(index, "after") else None


def _chinese_behind(line: Line, limit: Limit, around: Around) -> Timing | None:
    """12个月前, 2个月以后: the side stands behind the number, the event or anchor before it."""
    left, right, _ = around
    side = _side(line, right) if right >= 0 and not _latin(line, right) else ""
    if not side:
        return None
    anchor = line.get(left, "anchor") if left >= 0 else None
    return Timing(side, anchor or "OTHER", left if anchor else limit.first, right + 1)


def _english_behind(line: Line, limit: Limit, around: Around) -> Timing | None:
    """14 days before randomization, at least 4 weeks since radiotherapy, more than 6 months ago."""
    left, right, _ = around
    if right < 0 or not _latin(line, right) or (left < 0 and _hyphenated(line, limit)):
        return None
    if line.get(right, "ago"):
        return Timing(_relation(limit, "BEFORE"), "NOW", limit.first, right + 1)
    side, word = _side(line, right), line.text[line.tokens[right].start : line.tokens[right].end].lower()
    if not side or word.startswith("of"):
        return None
    anchor, after = _english_anchor(line, right) or ("OTHER", right + 1)
    if left >= 0 and line.get(left, "for") is not None:
        return Timing("WITHIN" if anchor == "LAST_DOSE" or side == "AFTER" else "FOR", anchor, left, after)
    side = "BEFORE" if word.startswith(("since", "from")) else side
    return Timing(_relation(limit, side), anchor, limit.first, after, side)


def _relation(limit: Limit, side: str) -> str:
    """At least that long before or after; any other limit keeps within."""
    return side if _lower(limit) else "WITHIN"


def _hyphenated(line: Line, limit: Limit) -> bool:
    """Whether the number only describes a noun: 2-hour post-load glucose."""
    return "-" in line.text[line.tokens[limit.after - 2].end : line.tokens[limit.after - 1].start]


def _apart(line: Line, limit: Limit, around: Around) -> Timing | None:
    """距X<N is WITHIN, 距X≥N is BEFORE, X the anchor."""
    floor = around[2]
    for at in range(limit.first - 1, max(floor, limit.first - 8) - 1, -1):
        if line.mark(at) in (",", ";", "。"):
            return None
        if line.get(at, "apart") and not _latin(line, at):
            anchor = next((line.get(here, "anchor") for here in range(limit.first - 1, at, -1) if line.get(here, "anchor")), "OTHER")
            return Timing("BEFORE" if _lower(limit) else "WITHIN", anchor, at, limit.after)
    return None


def _lasting(line: Line, limit: Limit, around: Around) -> Timing | None:
    """For at least 3 months; 持续3个月以上; 停用7天以上."""
    left = around[0]
    if left < 0 or not (line.get(left, "for") or line.get(left, "stop")):
        return None
    return Timing("FOR", "", left, limit.after)
