"""What words deny or carve out, by the cues of tables/cues.tsv: read once, for constraints and for concepts.

    denial    := cue … (limit | event), to the end of the clause      no history of … within 6 months; 4周内未使用
               | … barred                                             孕妇不能参加
    exception := carve_out … | 除 … 外 | … allowance                   unless …; except …; … 除外; … is permitted

A denial passes over what "or" joins ("not pregnant or nursing"). Over "and" it passes where a limit or a state stands before it too:
in "no bleeding and platelets ≥ 50" only the bleeding is denied. A word that a denial only denies itself ("not recovered") ends it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from msgspec import Struct

from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.vocabulary import Cue
from extractor.text import has_ideograph

_FARTHEST = 60
"""How many tokens a clause is followed."""
_WORDS = 60
"""Characters that a carve-out of a few words reaches over."""
_NEAR = 24
"""Characters between a window and the denial behind it."""
_LISTED = 5
"""Tokens behind a state in which the "or" of its list stands."""
_STOPS = frozenset(";。\n:")
_JOINED = frozenset({"state", "and", "or", "to", "soft", "sex", "people"})
"""What may stand between a cue that reaches over a group and the members of the group."""


class DeniedStretch(Struct, frozen=True, gc=False):
    """Tokens `first` to before `after` that a cue speaks of."""

    first: int
    after: int
    cue: Cue

    def holds(self, first: int, after: int, *, event: bool) -> bool:
        """Whether the cue speaks of these tokens; of a window never where it reaches over a few words ("other than X within 4 weeks")."""
        return self.first <= first and after <= self.after and not (event and self.cue.reach == "words")


class Denial:
    """What a statement denies: asked for one limit, event or state after the other."""

    def __init__(self, statement: Statement, exceptions: list[DeniedStretch], limits: Container[int], *, barring: bool = True) -> None:
        """Note the denials.

        `limits` are the tokens of limits; `barring` says whether "cannot participate" denies (in a list of exclusions it only repeats
        the heading).
        """
        self._statement = statement
        self._exceptions = exceptions
        self._limits = limits
        self._denies = "negation" in statement.kinds
        self._bars = barring and "barred" in statement.kinds

    def of_limit(self, first: int, subject: int, floor: int = 0) -> bool:
        """Whether a limit that begins at token `first`, its variable at token `subject`, is denied by a token from `floor` on."""
        if self._denies and (self._inside(subject, first) or self._before(subject, "limit", floor)):
            return True
        return self._bars and self._barred(first)

    @property
    def may_deny(self) -> bool:
        """Whether any word denies."""
        return self._denies

    def nearest_to(self, opening: int) -> int:
        """The token that denies what stands before the bracket that token `opening` opens; -1 where none does."""
        if not self._denies or not self._before(opening, "limit"):
            return -1
        return next((at for at in range(opening - 1, -1, -1) if self._statement.get(at, "negation")), -1)

    def of_event(self, first: int, after: int, *, lasting: bool = False) -> bool:
        """Whether an event whose window stands on tokens `first` to before `after` is denied: before the window or right behind it.

        `lasting`: the window is a length, so that "not stable for 4 weeks" denies it.
        """
        linked = self._statement.get(first, "and") is not None
        if self._denies and (self._behind(first, after) or (not linked and self._before(first, "length" if lasting else "event"))):
            return True
        return self._bars and self._barred(first)

    def of_state(self, index: int) -> bool:
        """Whether a state (pregnancy) named by token `index` is denied."""
        if self._denies and self._before(index, "state"):
            return True
        return self._bars and self._barred(index)

    def _inside(self, first: int, after: int) -> bool:
        """A denial between a variable and its number: HbA1c should not be > 9 %; none of another limit's: ≤ 2.5 (无肝转移), ≤ 5."""
        passed = False
        for at in range(first, after):
            passed = passed or at in self._limits
            if self._denies_value(at) and not (passed and self._parted(at, after)):
                return True
        return False

    def _denies_value(self, at: int) -> bool:
        """Whether token `at` denies what stands behind it, and is no comparator or denial of a whole group."""
        cue = self._statement.get(at, "negation")
        return bool(cue) and cue.reach != "group" and "cmp" not in self._statement.meanings[at]

    def _parted(self, at: int, after: int) -> bool:
        """Whether words or marks stand between the denial at token `at` and token `after`."""
        between = range(at + 1, after + 1)
        return any(self._statement.tokens[here].gap or self._statement.mark(here) for here in between)

    def _before(self, index: int, what: str, floor: int = 0) -> bool:
        """Whether the nearest denial before token `index` reaches it."""
        joined: set[str] = {"or"} if what == "state" and self._goes_on_to_or(index) else set()
        floor = max([floor, index - _FARTHEST, *(stretch.first for stretch in self._exceptions if stretch.first <= index < stretch.after)])
        at = index - 1
        while at >= floor:
            cue = self._statement.get(at, "negation")
            if cue and "cmp" not in self._statement.meanings[at] and (cue.reach != "group" or what == "state"):
                return (what != "state" or cue.category != "refusal") and self._reaches(at, index, joined, what)
            if self._ends(at, joined, what):
                return False
            at = self._statement.opening(at) - 1
        return False

    def _ends(self, at: int, joined: set[str], what: str) -> bool:
        """Whether token `at` ends what a denial before it speaks of; notes how the words behind it are joined."""
        meanings = self._statement.meanings[at]
        mark = meanings.get("mark")
        if mark in _STOPS or self._statement.ends_sentence(at) or "turn" in meanings or meanings.get("and") == "also":
            return True
        if mark == "(" or meanings.get("or") == "also":
            return what in ("limit", "length") if mark else what != "state"
        if mark == ",":
            return "or" not in joined or what == "length" or self._statement.is_chinese(at) or self._new_subject(at + 1)
        if "or" in meanings:
            joined.add("or")
        elif "and" in meanings and mark is None:
            joined.add("and")
        elif at in self._limits:
            joined.discard("and")
        return "barred" in meanings

    def _goes_on_to_or(self, index: int) -> bool:
        """Whether "or" or "nor" ends the list in which the state at token `index` stands: not pregnant, lactating or nursing."""
        for at in range(index + 1, index + _LISTED):
            meanings = self._statement.meanings[at]
            if "or" in meanings:
                return bool(meanings["or"] != "also")
            if _JOINED.isdisjoint(meanings) and self._statement.mark(at) not in (",", "、"):
                return False
        return False

    def _new_subject(self, index: int) -> bool:
        """Whether people are named at token `index`: another thought begins with them."""
        return not {"people", "sex"}.isdisjoint(self._statement.meanings[index])

    def _reaches(self, at: int, index: int, joined: set[str], what: str) -> bool:
        """Whether the denial at token `at` speaks of token `index`, no mark or turn between them."""
        statement = self._statement
        own = self._own(at) if what != "length" else 0
        if "and" in joined and what == "limit":
            return False
        if own:
            return what == "limit" and self._to_limit(own, index)
        if statement.get(at, "negation").reach == "group":
            return self._touches(at, index)
        return not statement.mentions("duty", statement.tokens[at].end, statement.tokens[index].start)

    def _touches(self, at: int, index: int) -> bool:
        """Whether nothing but joined states stands between a cue and token `index`: 非妊娠期及哺乳期, non-pregnant."""
        statement = self._statement
        known = all(not _JOINED.isdisjoint(statement.meanings[here]) for here in range(at + 1, index))
        return known and not any(statement.tokens[here].gap for here in range(at + 1, index + 1))

    def is_own(self, at: int) -> bool:
        """Whether the denial at token `at` denies only the word behind it: not recovered, 未控制."""
        return self._own(at) > 0

    def _own(self, at: int) -> int:
        """Where the word ends that alone the denial at token `at` denies; 0 where it denies more."""
        statement = self._statement
        place = statement.tokens[at].end
        for _ in range(3):
            if own := statement.leads("own", place):
                return own
            further = statement.leads("degree", place)
            if not further:
                return 0
            place = further
        return 0

    def _to_limit(self, place: int, index: int) -> bool:
        """Whether the denied word that ends at a place says which limit was not reached: 未恢复至≤1级, not recovered to ≤ grade 1."""
        statement = self._statement
        clear = not any(statement.mark(here) for here in range(statement.token_at(place), index))
        return clear and statement.leads("reaching", place) > 0

    def _behind(self, first: int, index: int) -> bool:
        """Whether a denial opens the words behind a window, no event before it: 4周内未使用; in the last month, no ..."""
        statement = self._statement
        paused = statement.mark(index) == "," and index < statement.size
        if not self._opens(first) and (paused or not statement.is_chinese(index - 1)):
            return False
        for here in range(index + paused, min(index + paused + 4, statement.size)):
            meanings = statement.meanings[here]
            if paused and statement.tokens[here].gap:
                return False
            if "negation" in meanings and meanings["negation"].reach != "group":
                near = statement.tokens[here].start - statement.tokens[index - 1].end <= _NEAR
                return near and "cmp" not in meanings and not self.is_own(here)
            if not {"mark", "num", "or"}.isdisjoint(meanings) or meanings.get("and") == "also":
                return False
        return False

    def _opens(self, first: int) -> bool:
        """Whether token `first` opens a clause."""
        return first == 0 or self._statement.mark(first - 1) != ""

    def _barred(self, index: int) -> bool:
        """Whether words behind token `index`, in its clause, keep these people out: 孕妇或哺乳期妇女不能参加本试验."""
        statement = self._statement
        for at in range(index, min(index + _FARTHEST, statement.size)):
            if statement.get(at, "barred"):
                return True
            if statement.mark(at) in (",", *_STOPS) or statement.ends_sentence(at) or statement.get(at, "turn"):
                return False
        return False


def find_exceptions(statement: Statement) -> list[DeniedStretch]:
    """What the carve-outs of a statement speak of."""
    if "exception" not in statement.kinds:
        return []
    return [stretch for at in range(statement.size) if (cue := statement.get(at, "exception")) for stretch in _carved(statement, at, cue)]


def _carved(statement: Statement, at: int, cue: Cue) -> Iterator[DeniedStretch]:
    closes = cue.direction != "ahead" and _closes(statement, at, cue)
    if closes:
        yield DeniedStretch(_clause_start(statement, at), at, cue)
    opens = cue.direction != "back" or (not closes and has_ideograph(statement.text[statement.tokens[at].start]))
    if opens and (after := _clause_end(statement, at, cue)):
        yield DeniedStretch(at + 1, after, cue)


def _closes(statement: Statement, at: int, cue: Cue) -> bool:
    """Whether a word that carves out what stands before it ends its clause: 除外 before more words is `除 … 外` cut short."""
    token = statement.tokens[at]
    word = statement.text[token.start : token.end].lower()
    if cue.direction == "both" or word not in ("除外", "allowed", "permitted"):
        return True
    ended = at + 1 >= statement.size or statement.get(at + 1, "mark") is not None
    return ended and not statement.words(token.end, at + 1).strip(" 。")


def _clause_start(statement: Statement, at: int) -> int:
    """The first token of the clause that token `at` ends."""
    for here in range(at - 1, max(-1, at - _FARTHEST), -1):
        if statement.mark(here) == "," and _names_people(statement, here):
            continue
        if statement.mark(here) in (",", "(", *_STOPS) or statement.ends_sentence(here) or statement.get(here, "turn"):
            return here + 1
    return max(0, at - _FARTHEST)


def _names_people(statement: Statement, at: int) -> bool:
    """Whether the words before the comma at token `at` are who the next clause speaks of: 血钙>3.1的患者，经治疗后可入组."""
    place = statement.tokens[at].start
    return statement.is_chinese(at) and statement.trails("person", place) and not statement.text[:place].endswith("时")


def _clause_end(statement: Statement, at: int, cue: Cue) -> int:
    """The token behind what a carve-out at token `at` speaks of; 0 where it speaks of nothing (除 that nothing closes)."""
    start = statement.tokens[at].end
    end = statement.size
    for here in range(at + 1, min(at + _FARTHEST, statement.size)):
        if _stops(statement, here, at, cue):
            end = here
            break
    if cue.reach == "closed":
        limit = statement.tokens[end].start if end < statement.size else len(statement.text)
        closing = statement.mentions("outside", start, limit)
        return statement.token_at(closing.start) if closing else 0
    if cue.reach == "words":
        return next((here for here in range(at + 1, end) if statement.tokens[here].start > start + _WORDS), end)
    return end


def _stops(statement: Statement, at: int, cue_at: int, cue: Cue) -> bool:
    mark = statement.mark(at)
    if mark == ")":
        opening = statement.opening(at)
        return opening == at or opening < cue_at  # it closes a bracket around the cue
    if "stop" in cue.breaks and (mark in (";", "。", "\n") or statement.ends_sentence(at)):
        return True
    return (mark == "," and "comma" in cue.breaks) or (statement.get(at, "turn") is not None and "turn" in cue.breaks)
