"""The cheapest tree over all candidates: a beam over the lists that are open, one step a candidate, so linear in the text."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from extractor.criteria.outline.choice.candidates import ChoiceReading, ItemCandidate
from extractor.criteria.outline.choice.paragraphs import Paragraphs
from extractor.criteria.outline.choice.prices import Open, Prices

MAX_DEPTH = 8  # levels: deeper than any list of people, and a bound for hostile texts
JOIN = -1  # the depth of a candidate that opens no item
_BEAM = 8  # trees that are followed at once
_LOOK_BACK = 40  # candidates that two trees are compared over: what differs longer than that differs
_CLOSE = 0.5  # how much more a tree costs that fits almost as well: measured, see docs/design.md
_MARGIN = 6.0  # a tree that costs so much more than the best one will not win it back


class Move(Struct, frozen=True, gc=False):
    """Where a candidate goes: its depth (`JOIN`: into the words of the item before), how its marker is read, its role."""

    depth: int
    reading: ChoiceReading | None = None
    role: str = "CRITERION"


class Rival(Struct, frozen=True, gc=False):
    """The cheapest other tree: how much more it costs, the candidate from which on it differs, and where it puts that one."""

    margin: float
    place: int
    move: Move


class Choice(Struct, frozen=True, gc=False):
    """A move for each candidate, and the other tree that costs hardly more, if there is one."""

    moves: list[Move]
    rival: Rival | None


Exits = tuple[list[float], list[float]]
"""The cost of going on at each depth of an open path, where that is not sure and where it is."""
Trail = tuple[Move, Any]
"""A move and the trail that led to it (None: nowhere)."""


class _State(Struct, frozen=True, gc=False):
    """A tree of the candidates so far: its cost, the open items from the top level down, the last piece, and how it came about.

    `trail` holds the last move and the trail before it: in a tuple, since a long chain of structs overflows the stack when it goes.
    `passed` is the last marker that counts and was read as words, `rival` the cheapest other tree that ends in the same open items.
    """

    cost: float
    path: tuple[Open, ...] = ()
    last: ItemCandidate | None = None
    trail: Trail | None = None
    passed: ChoiceReading | None = None
    rival: Rival | None = None


class _Step(Struct, frozen=True, gc=False):
    """A candidate put somewhere in a tree: what the tree costs then. What is open then is made of it only where it is followed."""

    cost: float
    state: _State
    depth: int
    reading: ChoiceReading | None
    passed: ChoiceReading | None = None
    role: str = "CRITERION"
    open_: Open | None = None

    def taken(self, candidate: ItemCandidate) -> _State:
        """The tree that it makes."""
        path = self.state.path
        opened = _opened(self.state, candidate, self.reading, self.depth) if self.reading else self.open_
        if opened is not None:
            path = (*path[: self.depth], opened)
        move = Move(self.depth, self.reading, self.role)
        return _State(self.cost, path, candidate, (move, self.state.trail), self.passed, self.state.rival)


def choose(candidates: list[ItemCandidate], prices: Prices, paragraphs: Paragraphs) -> Choice:
    """A move for each candidate: together the cheapest tree that the beam finds."""
    states = [_State(0.0)]
    for place, candidate in enumerate(candidates):
        steps = [step for state in states for step in _steps(state, candidate, place, prices, paragraphs)]
        states = _best(steps, candidate, place)
    best, *others = sorted([replace(state, cost=state.cost + _closing(state, prices)) for state in states], key=_cost_of)
    for other in others:
        best = _cheaper(best, other, len(candidates) - 1)
    return Choice(_moves_of(best), best.rival)


def _best(steps: list[_Step], candidate: ItemCandidate, place: int) -> list[_State]:
    """The trees that are followed: the cheapest of each shape, the cheapest first."""
    steps.sort(key=_cost_of)
    limit = steps[0].cost + _MARGIN
    found: dict[tuple[tuple[Open, ...], ChoiceReading | None], _State] = {}
    for step in steps:
        if step.cost > limit or len(found) == _BEAM:
            break
        state = step.taken(candidate)
        key = state.path, state.passed
        known = found.setdefault(key, state)
        if known is not state:
            found[key] = _cheaper(known, state, place)
    return list(found.values())


def _cheaper(best: _State, other: _State, place: int) -> _State:
    """The cheaper of two trees of the candidates up to `place`, with the other as its rival where that is closer than the one it has."""
    margin = other.cost - best.cost
    if margin >= (best.rival.margin if best.rival else _CLOSE):
        return best
    rival = _differ(best.trail, other.trail, place, margin)
    return replace(best, rival=rival) if rival else best


def _differ(one: Trail | None, other: Trail | None, place: int, margin: float) -> Rival | None:
    """The first candidate that two trees put differently; None where they only read a marker in two ways, or divide the prose of an article."""
    rival = None
    for back in range(_LOOK_BACK):
        if one is other or one is None or other is None:
            break
        (move, one), (their, other) = one, other
        if (move.depth, move.role) != (their.depth, their.role) and not move.role == their.role == "PROSE":
            rival = Rival(margin, place - back, their)
    return rival


_cost_of = attrgetter("cost")


def _closing(state: _State, prices: Prices) -> float:
    return prices.leaving(state.path, 0, state.last, sure=True) if state.last and state.path else 0.0


def _steps(state: _State, candidate: ItemCandidate, place: int, prices: Prices, paragraphs: Paragraphs) -> list[_Step]:
    """The trees that one more candidate makes of a tree."""
    if not candidate.readings:
        return [
            _Step(state.cost + found.cost, state, found.depth, None, None, found.role, found.open_)
            for found in paragraphs.places(candidate, place, state.path, state.last)
        ]
    steps = []
    exits: Exits = [], []
    if state.path and state.last:
        cost, passed = prices.passing(candidate, state.path, state.last, state.passed)
        steps.append(_Step(state.cost + cost, state, JOIN, None, passed))
        exits = prices.exits(state.path, state.last)
    for reading in candidate.readings:
        steps += _items(state, candidate, reading, prices, exits)
    return steps


def _items(state: _State, candidate: ItemCandidate, reading: ChoiceReading, prices: Prices, exits: Exits) -> list[_Step]:
    """The trees in which a candidate is an item, at each depth."""
    path, last = state.path, state.last
    if not path or last is None:
        return [_Step(state.cost + candidate.begins + prices.first(candidate, reading), state, 0, reading)]
    found = []
    size, before = len(path), state.cost
    passed = state.passed if state.passed and state.passed.family != reading.family else None
    unsure, sure = exits
    sized, stays = prices.sized, prices.may_stay(candidate, reading)
    for depth in range(min(size, MAX_DEPTH) + 1):
        if depth == size:
            beside = None
            cost = prices.under(candidate, reading, path, last)
        else:
            beside = path[depth]
            leaves = sure if prices.is_sure(candidate, reading, beside) else unsure
            cost = prices.beside(candidate, reading, beside) + leaves[depth]
            if stays:
                cost += prices.staying(reading, path, depth)
        begins = prices.begins(candidate, reading, beside) if candidate.begins else 0.0
        cost += prices.level(candidate, path, depth) + begins if sized else begins
        found.append(_Step(before + cost, state, depth, reading, passed))
    return found


def _opened(state: _State, candidate: ItemCandidate, reading: ChoiceReading, depth: int) -> Open:
    """How a candidate stands open as an item at a depth of a tree."""
    path, last = state.path, state.last
    if depth == len(path) or last is None:
        return Open(candidate, reading, 1, linked=False, announced=last is not None and last.lead)
    beside = path[depth]
    link = (last if depth == len(path) - 1 else beside.candidate).link
    return Open(candidate, reading, beside.size + 1, link, beside.announced)


def _moves_of(state: _State) -> list[Move]:
    moves: list[Move] = []
    trail = state.trail
    while trail is not None:
        move, trail = trail
        moves.append(move)
    return moves[::-1]
