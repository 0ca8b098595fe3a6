"""Stretches of time: how a time limit relates to an anchor.

    window := within amount [(before | of | after) anchor]          within 4 weeks prior to screening
            | past amount [inside]                                  in the past 6 months; 近3个月内
            | amount (before | after | since) anchor                14 days before randomization
            | anchor (前 | 后) [的] amount [inside]                  入组前4周内; 末次给药后6个月
            | [event] amount (前 | 后 | 内)                          12个月前; 损伤2个月以后; 2周内
            | apart anchor amount [inside]                          距首次给药<5个半衰期
            | (for | stop) amount                                   for at least 3 months; 停用7天以上
            | in amount                                             surgery planned in 6 months

The words decide the relation: a lower limit before an anchor is BEFORE unless the clause denies something.
"""

from __future__ import annotations

from msgspec import Struct

from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.statement import Statement


class Timing(Struct, frozen=True, gc=False):
    """A window as read from the tokens first … before `after`."""

    relation: str
    anchor: str
    first: int
    after: int
    side: str = ""


def find_timing(statement: Statement, limit: Limit, floor: int) -> Timing | None:
    """The window that the words around a time limit make of it; None where they make none.

    `floor` is the first token that may belong to it (behind the limit before).
    """
    left = _back(statement, limit.first - 1, floor) if statement.close(limit.first) else -1
    right = _ahead(statement, limit.after)
    for rule in (_inside, _named_before, _operated, _operated_on, _past, _chinese_behind, _english_behind, _apart, _lasting, _in):
        if found := rule(statement, limit, (left, right, floor)):
            return found
    return None


Around = tuple[int, int, int]


def _back(statement: Statement, index: int, floor: int) -> int:
    """From `index` leftwards past small words that say nothing of time; -1 at the floor or a gap."""
    for _ in range(4):
        if index < floor:
            return -1
        meanings = statement.tokens[index].meanings
        if "soft" not in meanings or "anchor" in meanings or "for" in meanings:
            return index
        if statement.tokens[index].gap:
            return -1
        index -= 1
    return -1


def _ahead(statement: Statement, index: int) -> int:
    if statement.mark(index) == "(" and statement.get(statement.closing(index), "before"):
        return statement.closing(index)
    at = index if {"anchor", "for"} & statement.meanings[index].keys() else statement.skip(index, most=1)
    return at if statement.close(at) else index if statement.close(index) else -1


def _latin(statement: Statement, index: int) -> bool:
    return statement.text[statement.tokens[index].start].isascii()


def _lower(limit: Limit) -> bool:
    return limit.compared and limit.low is not None and limit.high is None


def _upper(limit: Limit) -> bool:
    return limit.compared and limit.high is not None and limit.low is None


def _inside(statement: Statement, limit: Limit, around: Around) -> Timing | None:
    """内 closes the window; what it is counted from stands before the number."""
    left, right, _ = around
    if right < 0 or not statement.get(right, "inside"):
        return None
    start = _named_before(statement, limit, around) or _apart(statement, limit, around) or _past(statement, limit, around)
    if start:
        split = _lower(limit) and statement.get(limit.after - 1, "unit") is not None and _two_units(statement, limit)
        return Timing(start.relation if split else "WITHIN", start.anchor, start.first, right + 1)
    touching = left >= 0 and statement.tokens[left].end == statement.tokens[limit.first].start
    anchor = left if touching and statement.get(left, "anchor") else -1
    first = anchor if anchor >= 0 else limit.first
    return Timing("WITHIN", statement.get(anchor, "anchor") or "", first, right + 1)


def _two_units(statement: Statement, limit: Limit) -> bool:
    return sum(statement.get(at, "unit") is not None for at in range(limit.first, limit.after)) > 1


def _named_before(statement: Statement, limit: Limit, around: Around) -> Timing | None:
    """The anchor and 前 or 后 stand before the number: 入组前4周, 术后至少30天."""
    left, _, floor = around
    side = _side(statement, left) if left >= 0 and not _latin(statement, left) else ""
    if not side:
        return None
    named = _anchor(statement, left - 1, side) if left >= max(floor, 1) and statement.close(left) else None
    if named is None and statement.get(left, "past") and (left == 0 or not statement.tokens[left].gap):
        return Timing("WITHIN", "NOW", left, limit.after)
    relation = side if _lower(limit) and not _denied(statement, limit) else "WITHIN"
    return Timing(relation, named or "OTHER", left - 1 if named else left, limit.after, side)


def _operated(statement: Statement, limit: Limit, around: Around) -> Timing | None:
    """Preoperative 6 h, before surgery 6 h: the words before the number name the anchor."""
    left = around[0]
    if left < 0 or _hyphenated(statement, limit):
        return None
    relation = "BEFORE" if _lower(limit) else "WITHIN"
    if anchor := statement.get(left, "led"):
        return Timing(relation, anchor, left, limit.after)
    return Timing(relation, statement.get(left, "anchor"), left - 1, limit.after) if _is_led(statement, around) else None


def _operated_on(statement: Statement, limit: Limit, around: Around) -> Timing | None:
    """At least 4 weeks postoperatively, within 3 days post-surgery; a bare time of a state (2 weeks postoperatively) is none."""
    if not statement.leads("operated_on", statement.tokens[limit.after - 1].end):
        return None
    left = around[0]
    if left >= 0 and not {"within", "past"}.isdisjoint(statement.meanings[left]):
        return Timing("WITHIN", "SURGERY", left, limit.after)
    return Timing(_relation(limit, "AFTER"), "SURGERY", limit.first, limit.after, "AFTER") if limit.compared else None


def _is_led(statement: Statement, around: Around) -> bool:
    """Whether "before" and an anchor stand right before the number, and no side behind it."""
    left, right, floor = around
    if left <= floor or not statement.get(left, "anchor") or not statement.close(left):
        return False
    sided = _side(statement, right) if right >= 0 else ""
    return not sided and _is_word(statement, left - 1, "before")


def _anchor(statement: Statement, index: int, side: str) -> str | None:
    """The anchor at token `index`: the last dose behind words for an end, and no dose in particular of what lies after "treatment"."""
    anchor: str | None = statement.get(index, "anchor")
    if anchor != "FIRST_DOSE":
        return anchor
    token = statement.tokens[index]
    if statement.trails("last finishing", token.start):
        return "LAST_DOSE"
    begins = side == "BEFORE" or statement.mentions("beginning", token.start, token.end) or statement.trails("beginning", token.start)
    return anchor if begins else "OTHER"


def _is_word(statement: Statement, index: int, word: str) -> bool:
    token = statement.tokens[index]
    return statement.folded[token.start : token.end] == word


def _side(statement: Statement, index: int) -> str:
    """BEFORE or AFTER as token `index` says; "" where it says neither."""
    return "BEFORE" if statement.get(index, "before") else "AFTER" if statement.get(index, "after") else ""


def _denied(statement: Statement, limit: Limit) -> bool:
    """Whether the words behind the number deny what happened in it, as 未 does."""
    return any(statement.get(at, "negation") for at in range(limit.after, min(limit.after + 2, len(statement.tokens))))


def _past(statement: Statement, limit: Limit, around: Around) -> Timing | None:
    """Within, in the past, 近, 最近: counted back from an anchor that may follow, or from now."""
    left, right, _ = around
    if left < 0 or not (statement.get(left, "within") or statement.get(left, "past")):
        return None
    if not _latin(statement, left) or right < 0:
        return Timing("WITHIN", "NOW" if statement.get(left, "past") else "", left, limit.after)
    behind = _english_anchor(statement, right) if _pointing(statement, right) else None
    if behind:
        return Timing("WITHIN", behind[0], left, behind[1])
    return Timing("WITHIN", "NOW" if statement.get(left, "past") else "", left, limit.after)


def _pointing(statement: Statement, index: int) -> bool:
    return bool(statement.get(index, "before") or statement.get(index, "after") or statement.get(index, "anchor")) and statement.close(
        index
    )


def _english_anchor(statement: Statement, index: int) -> tuple[str, int] | None:
    """(anchor, index behind it) for `prior to the first dose`; an anchor that the table does not know is OTHER."""
    at = index
    while at < index + 3 and (
        statement.get(at, "before") or statement.get(at, "after") or (statement.get(at, "soft") and not statement.get(at, "anchor"))
    ):
        at += 1
    if (
        at < len(statement.tokens)
        and (anchor := _anchor(statement, at, "AFTER" if any(statement.get(here, "after") for here in range(index, at)) else "BEFORE"))
        and statement.tokens[at].start - statement.tokens[at - 1].end <= 24
    ):
        return anchor, at + 1
    return ("OTHER", index + 1) if statement.get(index, "before") or statement.get(index, "after") else None


def _chinese_behind(statement: Statement, limit: Limit, around: Around) -> Timing | None:
    """12个月前, 2个月以后: the side stands behind the number, the event or anchor before it."""
    left, right, _ = around
    side = _side(statement, right) if right >= 0 and not _latin(statement, right) else ""
    if not side:
        return None
    anchor = _anchor(statement, left, "BEFORE") if left >= 0 else None  # 用药5周后: since it began
    return Timing(side, anchor or "OTHER", left if anchor else limit.first, right + 1, side)


def _english_behind(statement: Statement, limit: Limit, around: Around) -> Timing | None:
    """14 days before randomization, at least 4 weeks since radiotherapy, more than 6 months ago."""
    left, right, _ = around
    lasting = left >= 0 and statement.get(left, "for") is not None
    if right < 0 or not _latin(statement, right) or (not lasting and _hyphenated(statement, limit)):
        return None
    if statement.get(right, "ago"):
        return Timing(_relation(limit, "BEFORE"), "NOW", limit.first, right + 1)
    side, word = _side(statement, right), statement.folded[statement.tokens[right].start : statement.tokens[right].end]
    if not side:
        return None
    if word.startswith("of"):
        return _within_of(statement, limit, right)
    anchor, after = _english_anchor(statement, right) or ("OTHER", right + 1)
    if lasting or _reaches_to(statement, left, side):
        return Timing(_relation_of_length(anchor, side), anchor, left, after)
    side = "BEFORE" if word.startswith(("since", "from")) else side
    return Timing(_relation(limit, side), anchor, limit.first, after, side)


def _relation_of_length(anchor: str, side: str) -> str:
    """How a length that lasts up to or from an anchor relates to it."""
    return "WITHIN" if anchor == "LAST_DOSE" or side == "AFTER" else "FOR"


_UNTIL = frozenset({"until", "till", "through", "up until"})


def _reaches_to(statement: Statement, index: int, side: str) -> bool:
    """Whether token `index` leads up to a time after an anchor: until at least 3 months after …; not "expected to exceed 2 days"."""
    if index < 0 or side != "AFTER" or statement.get(index, "to") is None:
        return False
    token = statement.tokens[index]
    word = statement.folded[token.start : token.end]
    return word in _UNTIL if word != "to" else statement.folded.startswith("at least", token.end + 1)


def _within_of(statement: Statement, limit: Limit, right: int) -> Timing | None:
    """Less than 24 hours of admission: within that time of an anchor."""
    anchor = _english_anchor(statement, right)
    if anchor is None or anchor[0] == "OTHER" or not _upper(limit):
        return None
    if anchor[0] == "FIRST_DOSE" and statement.is_only(
        "course", statement.tokens[anchor[1] - 1].start, statement.tokens[anchor[1] - 1].end
    ):
        return None  # less than 3 months of antibiotic therapy: its length
    return Timing("WITHIN", anchor[0], limit.first, anchor[1])


def _relation(limit: Limit, side: str) -> str:
    """At least that long before or after; any other limit keeps within."""
    return side if _lower(limit) else "WITHIN"


def _hyphenated(statement: Statement, limit: Limit) -> bool:
    """Whether the number only describes a noun: 2-hour post-load glucose."""
    return "-" in statement.text[statement.tokens[limit.after - 2].end : statement.tokens[limit.after - 1].start]


def _apart(statement: Statement, limit: Limit, around: Around) -> Timing | None:
    """距X<N is WITHIN, 距X≥N is BEFORE, X the anchor."""
    floor = around[2]
    for at in range(limit.first - 1, max(floor, limit.first - 8) - 1, -1):
        if statement.mark(at) in (",", ";", "。"):
            return None
        if statement.get(at, "apart") and not _latin(statement, at):
            anchor = next(
                (statement.get(here, "anchor") for here in range(limit.first - 1, at, -1) if statement.get(here, "anchor")), "OTHER"
            )
            return Timing("BEFORE" if _lower(limit) else "WITHIN", anchor, at, limit.after)
    return None


def _lasting(statement: Statement, limit: Limit, around: Around) -> Timing | None:
    """For at least 3 months; 持续3个月以上; 停用7天以上."""
    left = around[0]
    if left < 0 or not (statement.get(left, "for") or statement.get(left, "stop")):
        return None
    return Timing("FOR", "", left, limit.after)


def _in(statement: Statement, limit: Limit, _: Around) -> Timing | None:
    """Malignant tumour in 5 years, planned surgery in 6 months: a time in which an event lies, at the end of its clause."""
    unit = limit.measure
    if limit.compared or unit is None or unit.word not in _IN or not statement.trails("in", statement.tokens[limit.first].start):
        return None
    end = statement.tokens[limit.after - 1].end
    ended = limit.after >= statement.size or statement.mark(limit.after) != "" or statement.get(limit.after, "or") is not None
    if not ended or statement.words(end, limit.after).strip(" .;,；，。") or _hyphenated(statement, limit):
        return None
    return None if _valued(statement, limit.first) else Timing("WITHIN", "", limit.first, limit.after)


def _valued(statement: Statement, index: int) -> bool:
    """Whether a value stands before token `index` in its clause: 1 g of protein in 24 hours."""
    for at in range(index - 1, max(-1, index - _CLAUSE), -1):
        if statement.mark(at) in (",", ";", "。", ".", "\n"):
            return False
        if "unit" in statement.meanings[at]:
            return True
    return False


_CLAUSE = 8
"""Tokens in which a value may stand before the time that it is collected in."""


_IN = frozenset({"HOUR", "DAY", "WEEK", "MONTH", "YEAR"})
