"""What it costs to put an item somewhere: beside an open item, below it, or into the words of the item before."""

from __future__ import annotations

from msgspec import Struct

from extractor.criteria.outline.choice.candidates import ChoiceReading, Edge, ItemCandidate
from extractor.criteria.outline.choice.costs import Costs
from extractor.criteria.outline.nodes import Node

_SIDE_BY_SIDE = 1  # columns that two items of a list may stand apart
_APART = frozenset({Edge.CLEAR, Edge.SIGN})  # where a count may begin without a lead-in
_SKIPPED = 2  # steps of a count that leaves out one number
_FULL_LIST = 4  # items under a lead-in from which on nothing is missing


class Open(Struct, frozen=True, gc=False):
    """The last item of a list that is still open.

    `reading` is how its marker is read (None: it has none); `size` counts the items of its list, `linked` says that the one before
    ends in "or", `announced` that the list stands below a lead-in; `rank` is that of a heading (0: none), `opens` says that a
    paragraph leads to items, `prose` that it belongs to an article round the lists.
    """

    candidate: ItemCandidate
    reading: ChoiceReading | None
    size: int
    linked: bool
    announced: bool
    rank: int = 0
    opens: bool = False
    prose: bool = False


class Prices:
    """Adds up the costs of one step."""

    def __init__(self, costs: Costs, *, flat: bool, sized: bool) -> None:
        """`flat`: the columns say nothing; `sized`: the widths of lines say the levels."""
        self.costs = costs
        self.flat = flat
        self.sized = sized

    def beside(self, candidate: ItemCandidate, reading: ChoiceReading, open_: Open) -> float:
        """The cost of an item in the list of an open one."""
        other = open_.reading
        if other is None:
            return self._beside_plain(open_) + self.costs.late * (reading.value > 1)
        if reading.value and other.value:
            cost = self._counted(reading, other)
            if candidate.node.inline != open_.candidate.node.inline:
                return cost
        elif reading.value or other.value:
            circled = "c" in (reading.family[0], other.family[0])
            cost = self.costs.lost_sign if circled else self.costs.mixed_back if reading.value else self.costs.mixed
        else:
            cost = self._alike(candidate, reading, open_)
            if open_.candidate.node.doubled and not candidate.node.doubled:
                return cost
        return cost + self._columns(candidate, open_.candidate)

    def begins(self, candidate: ItemCandidate, reading: ChoiceReading, open_: Open | None) -> float:
        """The cost of an item where it stands: inside a line it is less where it goes on with one inside the same line."""
        if open_ is None or not open_.candidate.node.inline:
            return candidate.begins
        if _is_same_sign(reading, open_.reading):
            return min(candidate.begins, self.costs.inline_bullet)
        return candidate.begins * (self.costs.run_on if _goes_on(reading, open_.reading) else 1.0)

    def _beside_plain(self, open_: Open) -> float:
        if open_.prose:
            return self.costs.after_prose
        if open_.rank:
            return self.costs.leave_heading
        return self.costs.mixed if open_.candidate.node.bare else self.costs.barren * open_.opens

    def _counted(self, reading: ChoiceReading, other: ChoiceReading) -> float:
        costs, step = self.costs, reading.value - other.value
        if reading.family == other.family:
            cost = 0.0
        elif reading.family[0] == other.family[0]:
            cost = costs.style
        elif "c" in (reading.family[0], other.family[0]):
            cost = costs.mixed
        else:
            cost = costs.restyle
        if step == 1:
            return cost
        return cost + (costs.again if not step else costs.skip if step == 2 else costs.far)

    def _alike(self, candidate: ItemCandidate, reading: ChoiceReading, open_: Open) -> float:
        """The cost of a bullet beside another: the less alike their words, the more."""
        costs, other = self.costs, open_.candidate
        doubled = other.node.doubled
        cost = costs.sign * (not doubled and open_.reading is not None and reading.family != open_.reading.family)
        if not self._compares(candidate, other):
            return cost
        cost += costs.form * (candidate.form ^ other.form).bit_count() + costs.first_word * (candidate.first == other.first)
        if candidate.label and candidate.label == other.label:
            return cost + costs.same_label
        return cost + (costs.other_label if other.label else 0.0)

    def _compares(self, candidate: ItemCandidate, other: ItemCandidate) -> bool:
        """Whether the words of two bullets must say what columns do not, nor the line that both stand in."""
        return self.flat and not (candidate.node.inline and other.node.inline)

    def _columns(self, candidate: ItemCandidate, other: ItemCandidate) -> float:
        if candidate.node.inline or other.node.inline:
            return self.costs.inline_mix * (candidate.node.inline != other.node.inline)
        if self.flat or abs(candidate.node.indent - other.node.indent) <= _SIDE_BY_SIDE:
            return 0.0
        if abs(candidate.node.content - other.node.content) <= _SIDE_BY_SIDE:
            return 0.0
        return self.costs.slip if candidate.slip or other.slip else self.costs.column

    def under(self, candidate: ItemCandidate, reading: ChoiceReading, path: tuple[Open, ...], last: ItemCandidate) -> float:
        """The cost of an item that opens a list below the last one; `last` is the piece whose words go before."""
        costs, top = self.costs, path[-1]
        parent = top.reading
        if top.prose:
            return costs.after_prose + costs.plain_parent
        if parent is None:
            return self._under_plain(candidate, top, last) + costs.late * (reading.value > 1)
        if candidate.label and candidate.label == top.candidate.label:
            return costs.label_child
        cost = self._announced(candidate, top, last)
        if reading.family == parent.family:
            cost += costs.one_kind * (parent.value < 2 and reading.value == 1)
            cost += costs.echo * (candidate.first == top.candidate.first) * (self.flat and not reading.value)
        else:
            cost = self._other_kind(candidate, reading, path, last, cost)
        if reading.value > 1:
            return cost + costs.late + costs.far * _goes_on(reading, parent)
        return cost + costs.bare_number * (reading.family == "n ")

    def _other_kind(
        self, candidate: ItemCandidate, reading: ChoiceReading, path: tuple[Open, ...], last: ItemCandidate, cost: float
    ) -> float:
        """The cost of a child whose marker is of another kind than its parent's; `cost` is that of any child."""
        costs, parent = self.costs, path[-1].reading
        reopened = any(open_.reading and open_.reading.family == reading.family for open_ in path[:-1])
        counts = reading.value == 1 and parent is not None and parent.value > 0 and not reopened
        inline = candidate.node.inline and reading.value > 0
        return cost * (costs.other_kind if self.flat or counts or inline else 1.0) + costs.reopen * (reopened and not last.lead)

    def _announced(self, candidate: ItemCandidate, top: Open, last: ItemCandidate) -> float:
        """The cost of a child by its column and by what the words before announce."""
        costs, node, parent = self.costs, candidate.node, top.candidate.node
        if node.inline:
            return 0.0 if last.lead else costs.inline_child + costs.inline_run * (candidate.edge is not Edge.CLEAR)
        words = 0.0 if last.lead else costs.under_sentence if last.last in ".;。；" else costs.under_item
        if self.flat or parent.inline:
            return words
        if top.candidate.slip:
            return costs.deeper + words
        if node.indent >= parent.content or node.indent > parent.indent + _SIDE_BY_SIDE:
            return costs.deeper + costs.staircase * (last.last in ";；") + self._below_doubled(node, parent)
        if node.indent < parent.indent - _SIDE_BY_SIDE:
            return words + costs.outdented
        return words + costs.shallow * (not last.lead)

    def _below_doubled(self, node: Node, parent: Node) -> float:
        return self.costs.doubled * (parent.doubled and parent.bullet and not node.doubled)

    def _under_plain(self, candidate: ItemCandidate, top: Open, last: ItemCandidate) -> float:
        if top.rank or top.opens or last.lead:
            outside = not self.flat and top.candidate.node.indent > candidate.node.indent + _SIDE_BY_SIDE and not top.rank
            return self.costs.outdented * outside
        return self.costs.plain_parent

    def leaving(self, path: tuple[Open, ...], depth: int, last: ItemCandidate, *, sure: bool = False) -> float:
        """The cost of going on at a depth: lists that end, a lead-in without children, links that go on; less where that is `sure`."""
        return self.exits(path, last)[sure][depth]

    def exits(self, path: tuple[Open, ...], last: ItemCandidate) -> tuple[list[float], list[float]]:
        """The cost of going on at each depth of an open path, where that is not sure and where it is."""
        costs, inner = self.costs, len(path) - 1
        top = path[inner]
        barren = costs.barren * (last.lead and (top.reading is not None or top.opens))
        unsure, sure = [0.0] * (inner + 1), [0.0] * (inner + 1)
        unsure[inner] = sure[inner] = barren + costs.link * (self.flat and top.linked and not last.link)
        if not inner:
            return unsure, sure
        counted = top.reading is not None and top.reading.value > 0
        left = 0.0 if top.reading is None else costs.leave_counted
        doubted = costs.leave if top.reading is not None and not counted else left
        ended = barren + costs.link * (self.flat and last.link)
        short = 0.0
        for depth in range(inner - 1, -1, -1):
            open_ = path[depth + 1]
            ended += self._ended(open_)
            short += self._short(open_)
            unsure[depth] = ended + short + doubted
            sure[depth] = ended + left
        return unsure, sure

    def is_sure(self, candidate: ItemCandidate, reading: ChoiceReading, open_: Open) -> bool:
        """Whether an item surely belongs to a list: its number is the next, or both head parts of the study."""
        return bool(candidate.label) or (reading.value > 1 and _goes_on(reading, open_.reading))

    def _ended(self, open_: Open) -> float:
        """The cost of a list that ends."""
        costs, reading = self.costs, open_.reading
        if open_.size > 1:
            return 0.0
        if reading is None:
            return costs.lonely_plain * open_.candidate.node.bare
        if not reading.value:
            return 0.0
        return costs.lonely_inline if open_.candidate.node.inline else costs.lonely

    def _short(self, open_: Open) -> float:
        """The cost of a list of bullets below a lead-in that ends early in a flat copy."""
        if not (self.flat and open_.announced) or open_.reading is None or open_.reading.value:
            return 0.0
        return self.costs.short * max(0, _FULL_LIST - open_.size)

    def may_stay(self, candidate: ItemCandidate, reading: ChoiceReading) -> bool:
        """Whether an item is a bullet at the head of a line of a flat copy."""
        return self.flat and not candidate.node.inline and not reading.value

    def staying(self, reading: ChoiceReading, path: tuple[Open, ...], depth: int) -> float:
        """The cost of one more bullet at the head of a line in an inner list of a flat copy."""
        if not depth:
            return 0.0
        parent = path[depth - 1].reading
        if parent is None:
            return 0.0
        counted = path[depth].announced or parent.family != reading.family
        return self.costs.stay if counted else self.costs.linger

    def first(self, candidate: ItemCandidate, reading: ChoiceReading) -> float:
        """The cost of the first item of all."""
        return self.costs.bare_number * (reading.family == "n ") + self.level(candidate, (), 0)

    def level(self, candidate: ItemCandidate, path: tuple[Open, ...], depth: int) -> float:
        """The cost of a level at which the candidate's lines would not break where they do."""
        if not self.sized or candidate.node.inline:
            return 0.0
        level = sum(open_.reading is not None for open_ in path[:depth])
        return 0.0 if not candidate.levels or level in candidate.levels else self.costs.width

    def passing(
        self, candidate: ItemCandidate, path: tuple[Open, ...], last: ItemCandidate, passed: ChoiceReading | None
    ) -> tuple[float, ChoiceReading | None]:
        """The cost of a marker that opens no item, and the last marker passed in this way: one that goes on with it costs too."""
        cost = candidate.joins
        if not candidate.node.inline:
            return cost, candidate.readings[0] if candidate.readings[0].value else None
        if path[-1].prose:
            return 0.0, None
        cost = max(cost, self._passing_sign(candidate, path[-1]))
        for reading in candidate.readings:
            if reading.value == 1:
                return cost + self._passing_first(candidate, last), reading if last.lead or _may_begin(candidate) else passed
            if reading.value and any(_goes_on(reading, other) for other in (passed, *(open_.reading for open_ in path))):
                return cost + candidate.edge.passes(self.costs), reading
            apart = self._passing_apart(reading, path, passed) if candidate.edge is Edge.CLEAR else 0.0
            if apart:
                return cost + apart, reading if apart == self.costs.pass_skip else passed
        return cost, passed

    def _passing_apart(self, reading: ChoiceReading, path: tuple[Open, ...], passed: ChoiceReading | None) -> float:
        """The cost of a number behind the end of a sentence that stands twice, or leaves out one of a count, and opens no item."""
        if any(_is_again(reading, open_.reading) for open_ in path):
            return self.costs.pass_again
        return self.costs.pass_skip * any(_skips(reading, other) for other in (passed, *(open_.reading for open_ in path)))

    def _passing_sign(self, candidate: ItemCandidate, open_: Open) -> float:
        """The cost of a bullet that opens no item although a list of its sign runs on in the line."""
        same = open_.candidate.node.inline and _is_same_sign(candidate.readings[0], open_.reading)
        return self.costs.pass_bullet * same

    def _passing_first(self, candidate: ItemCandidate, last: ItemCandidate) -> float:
        return self.costs.pass_first if last.lead else self.costs.pass_alone if candidate.edge is Edge.CLEAR else 0.0


def _is_same_sign(reading: ChoiceReading, other: ChoiceReading | None) -> bool:
    return other is not None and not reading.value and reading.family == other.family


def _goes_on(reading: ChoiceReading, other: ChoiceReading | None) -> bool:
    return other is not None and reading.family == other.family and reading.value == other.value + 1


def _may_begin(candidate: ItemCandidate) -> bool:
    """Whether a count may begin at a first number that nothing announces."""
    distinct = candidate.node.family[:1] == "c" or candidate.node.family[1:2] == "("
    return candidate.edge in _APART or (candidate.edge is Edge.COMMA and distinct)


def _skips(reading: ChoiceReading, other: ChoiceReading | None) -> bool:
    return other is not None and reading.family == other.family and reading.value == other.value + _SKIPPED


def _is_again(reading: ChoiceReading, other: ChoiceReading | None) -> bool:
    return other is not None and reading.value > 1 and reading.family == other.family and reading.value == other.value
