"""The cheapest tree over all candidates: a beam over the lists that are open, one step a candidate, so linear in the text."""

from __future__ import annotations

from typing import NamedTuple

from extractor.criteria.outline.choice.candidates import ChoiceReading, ItemCandidate
from extractor.criteria.outline.choice.paragraphs import Paragraphs
from extractor.criteria.outline.choice.prices import Open, Prices

MAX_DEPTH = 12  # levels: deeper than any list of people, and a bound for hostile texts
JOIN = -1  # the depth of a candidate that opens no item
_BEAM = 8  # trees that are followed at once
_LOOK_BACK = 80  # candidates that two trees are compared over: what differs longer than that differs
_CLOSE = 0.5  # how much more a tree costs that fits almost as well: measured, see docs/design.md
_MARGIN = 6.0  # a tree that costs so much more than the best one will not win it back


class Move(NamedTuple):
    """Where a candidate goes: its depth (`JOIN`: into the words of the item before), how its marker is read, its role."""

    depth: int
    reading: ChoiceReading | None = None
    role: str = "CRITERION"


class Rival(NamedTuple):
    """The cheapest other tree: how much more it costs, the candidate from which on it differs, and where it puts that one."""

    margin: float
    place: int
    move: Move


class Choice(NamedTuple):
    """A move for each candidate, and the other tree that costs hardly more, if there is one."""

    moves: list[Move]
    rival: Rival | None


class _State(NamedTuple):
    """A tree of the candidates so far: its cost, the open items from the top level down, the last piece, and how it came about.

    `passed` is the last marker that counts and was read as words, `rival` the cheapest other tree that ends in the same open items.
    """

    cost: float
    path: tuple[Open, ...]
    last: ItemCandidate | None
    move: Move
    before: _State | None
    passed: ChoiceReading | None = None
    rival: Rival | None = None


def choose(candidates: list[ItemCandidate], prices: Prices, paragraphs: Paragraphs) -> Choice:
    """A move for each candidate: together the cheapest tree that the beam finds."""
    states = [_State(0.0, (), None, Move(0), None)]
    for place, candidate in enumerate(candidates):
        found: dict[tuple[tuple[Open, ...], ChoiceReading | None], _State] = {}
        for state in states:
            for step in _steps(state, candidate, place, prices, paragraphs):
                key = step.path, step.passed
                known = found.setdefault(key, step)
                if known is not step:
                    found[key] = _cheaper(known, step, place) if step.cost >= known.cost else _cheaper(step, known, place)
        states = _best(list(found.values()))
    last = len(candidates) - 1
    best, *others = sorted((state._replace(cost=state.cost + _closing(state, prices)) for state in states), key=_cost_of)
    for other in others:
        best = _cheaper(best, other, last)
    return Choice(_moves_of(best), best.rival)


def _cheaper(best: _State, other: _State, place: int) -> _State:
    """The cheaper of two trees of the candidates up to `place`, with the other as its rival where that is closer than the one it has."""
    margin = other.cost - best.cost
    if margin >= (best.rival.margin if best.rival else _CLOSE):
        return best
    rival = _differ(best, other, place, margin)
    return best._replace(rival=rival) if rival else best


def _differ(one: _State, other: _State, place: int, margin: float) -> Rival | None:
    """The first candidate that two trees put differently; None where they only read a marker in two ways, or divide the prose of an article."""
    rival = None
    for back in range(_LOOK_BACK):
        if one is other or one.before is None or other.before is None:
            break
        if _puts_otherwise(one, other):
            rival = Rival(margin, place - back, other.move)
        one, other = one.before, other.before
    return rival


def _puts_otherwise(one: _State, other: _State) -> bool:
    """Whether two trees put their last candidate at different depths or in different roles, and not both into prose."""
    return one.move[::2] != other.move[::2] and not (one.path[-1].prose and other.path[-1].prose)


def _best(states: list[_State]) -> list[_State]:
    if len(states) == 1:
        return states
    states.sort(key=_cost_of)
    limit = states[0].cost + _MARGIN
    return [state for state in states[:_BEAM] if state.cost <= limit]


def _cost_of(state: _State) -> float:
    return state.cost


def _closing(state: _State, prices: Prices) -> float:
    return prices.leaving(state.path, 0, state.last, sure=True) if state.last and state.path else 0.0


def _steps(state: _State, candidate: ItemCandidate, place: int, prices: Prices, paragraphs: Paragraphs) -> list[_State]:
    """The trees that one more candidate makes of a tree."""
    if not candidate.readings:
        return [
            _State(
                state.cost + cost,
                state.path if open_ is None else (*state.path[:depth], open_),
                candidate,
                Move(depth, None, role),
                state,
                rival=state.rival,
            )
            for depth, cost, role, open_ in paragraphs.places(candidate, place, state.path, state.last)
        ]
    found = []
    if state.path and state.last:
        cost, passed = prices.passing(candidate, state.path, state.last, state.passed)
        found.append(_State(state.cost + cost, state.path, candidate, Move(JOIN), state, passed, state.rival))
    for reading in candidate.readings:
        found += _items(state, candidate, reading, prices)
    return found


def _items(state: _State, candidate: ItemCandidate, reading: ChoiceReading, prices: Prices) -> list[_State]:
    """The trees in which a candidate is an item, at each depth."""
    path, last = state.path, state.last
    if not path or last is None:
        first = state.cost + candidate.begins + prices.first(candidate, reading)
        return [_State(first, (Open(candidate, reading, 1, linked=False, announced=False),), candidate, Move(0, reading), state)]
    found = []
    size, before = len(path), state.cost
    passed = state.passed if state.passed and state.passed.family != reading.family else None
    sized, stays = prices.sized, prices.may_stay(candidate, reading)
    for depth in range(min(size, MAX_DEPTH) + 1):
        if depth == size:
            beside = None
            cost = prices.under(candidate, reading, path, last)
            open_ = Open(candidate, reading, 1, linked=False, announced=last.lead)
        else:
            beside = path[depth]
            sure = prices.is_sure(candidate, reading, beside)
            cost = prices.beside(candidate, reading, beside) + prices.leaving(path, depth, last, sure=sure)
            if stays:
                cost += prices.staying(reading, path, depth)
            link = (last if depth == size - 1 else beside.candidate).link
            open_ = Open(candidate, reading, beside.size + 1, link, beside.announced)
        begins = prices.begins(candidate, reading, beside)
        cost += prices.level(candidate, path, depth) + begins if sized else begins
        found.append(_State(before + cost, (*path[:depth], open_), candidate, Move(depth, reading), state, passed, state.rival))
    return found


def _moves_of(state: _State | None) -> list[Move]:
    moves: list[Move] = []
    while state is not None and state.before is not None:
        moves.append(state.move)
        state = state.before
    return moves[::-1]
