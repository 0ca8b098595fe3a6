"""Nodes of one or two languages to criteria with their provenance."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
from msgspec import UNSET

from extractor.criteria.grammar import find_constraints
from extractor.criteria.markers import ROMAN
from extractor.criteria.nodes import Node, Range
from extractor.criteria.plausibility import find_unit_doubts
from extractor.criteria.structured import Places, ranges_of, words_of
from extractor.document import Doubt, Span
from extractor.model import Bound, Constraint, Criterion, Text


@dataclass(slots=True, eq=False)
class Twin:
    """One criterion in the languages that have it, each with the text it was read from."""

    nodes: dict[str, tuple[Node, Places]]
    children: list[Twin] = field(default_factory=list)
    _found: dict[str, list[Constraint]] | None = None

    @property
    def node(self) -> Node:
        """The node that decides the role: the Chinese one where there are two."""
        return next(iter(self.nodes.values()))[0]

    def words(self) -> dict[str, str]:
        """The clean text in each language."""
        return {language: words_of(places.text, node) for language, (node, places) in self.nodes.items()}

    def constraints(self) -> dict[str, list[Constraint]]:
        """The constraints of each language's text, read once."""
        if self._found is None:
            self._found = {language: find_constraints(text, language) for language, text in self.words().items()}
        return self._found


def single(nodes: list[Node], language: str, places: Places) -> list[Twin]:
    """Twins of a list that has one language."""
    return [Twin({language: (node, places)}, single(node.children, language, places)) for node in nodes]


class Emitter:
    """Makes criteria out of twins and notes where each text stands."""

    def __init__(self) -> None:
        """Start with nothing noted."""
        self.provenance: dict[str, tuple[Span, ...]] = {}
        self.doubts: list[Doubt] = []
        self.used: dict[int, tuple[Places, list[Range]]] = {}

    def criteria(self, twins: list[Twin], prefix: str, pointer: str) -> list[Criterion]:
        """The criteria of a list whose JSON Pointer is `pointer`; `prefix` is "I" or "I4."."""
        return [self._criterion(twin, f"{prefix}{n + 1}", f"{pointer}/{n}") for n, twin in enumerate(twins)]

    def _criterion(self, twin: Twin, ident: str, pointer: str) -> Criterion:
        words = twin.words()
        constraints = merge_constraints(twin.constraints())
        self._note(twin, pointer, constrained=bool(constraints))
        if constraints:
            self.doubts += [doubt._replace(path=pointer) for text in words.values() for doubt in find_unit_doubts(text)]
        children = self.criteria(twin.children, f"{ident}.", f"{pointer}/children")
        nodes = [node for node, _ in twin.nodes.values()]
        combined = next((node for node in nodes if node.combine and children), None) or _PLAIN
        return Criterion(
            id=ident,
            number=next((node.number for node in nodes if node.number), UNSET),
            text=Text(**words),
            role=twin.node.role,  # type: ignore[arg-type]
            combine=combined.combine or UNSET,  # type: ignore[arg-type]
            at_least=combined.at_least or UNSET,
            constraints=constraints or UNSET,
            children=children or UNSET,
        )

    def _note(self, twin: Twin, pointer: str, *, constrained: bool) -> None:
        """Keep the places of a criterion's texts; its constraints stand somewhere in them."""
        for language, (node, places) in twin.nodes.items():
            self.provenance[f"{pointer}/text/{language}"] = places.locate(ranges_of(places.text, node))
            self.used.setdefault(id(places), (places, []))[1].extend(node.ranges)
        if constrained:
            self.provenance[f"{pointer}/constraints"] = tuple(s for node, places in twin.nodes.values() for s in places.locate(node.ranges))


_PLAIN = Node([(0, 0)], 0)
_FACTORS = {
    "YEAR": ("MONTH", 12.0),
    "MONTH": ("MONTH", 1.0),
    "WEEK": ("DAY", 7.0),
    "DAY": ("DAY", 1.0),
    "HOUR": ("DAY", 1 / 24),
    "a": ("MONTH", 12.0),
    "mo": ("MONTH", 1.0),
    "wk": ("DAY", 7.0),
    "d": ("DAY", 1.0),
    "h": ("DAY", 1 / 24),
}


def _strict(constraint: Constraint) -> tuple[object, ...]:
    """What two constraints must share to be one: kind, bounds, unit, reference, window, values."""
    unit = constraint.unit.ucum if constraint.unit is not UNSET else UNSET
    return (*_loose(constraint), unit, constraint.negated, constraint.exception)


def _loose(constraint: Constraint) -> tuple[object, ...]:
    """The same without what one language may leave unsaid, times in one unit: half a year is six months."""
    window = constraint.window
    span = UNSET if window is UNSET else _time(window.value, _FACTORS.get(str(window.unit)))
    bounds, values = _ordinals(constraint)
    return constraint.kind, bounds, constraint.reference, span, values


def _bare(constraint: Constraint) -> tuple[object, ...]:
    """Kind and plain numbers: one language may leave the unit unsaid."""
    window = constraint.window.value if constraint.window is not UNSET else UNSET
    return constraint.kind, constraint.low, constraint.high, constraint.reference, window


def _ordinals(constraint: Constraint) -> tuple[object, object]:
    """The bounds and values of a constraint, classes in Roman numerals read as numbers: III is 3."""
    values = constraint.values if constraint.values is not UNSET else []
    numbers = [ROMAN.get(value.lower(), 0) for value in values]
    if numbers and all(numbers):
        return ((min(numbers), True), (max(numbers), True)), ()
    factor = _FACTORS.get(str(constraint.unit.ucum)) if constraint.unit is not UNSET else None
    bounds = tuple(
        (_time(bound.value, factor), bound.inclusive) if isinstance(bound, Bound) else UNSET for bound in (constraint.low, constraint.high)
    )
    return bounds, tuple(values)


def _time(value: object, factor: tuple[str, float] | None) -> object:
    """A stretch of time in months or days, so that units compare; any other value as it is."""
    if factor is None or not isinstance(value, int | float):
        return value
    unit, times = factor
    return unit, round(value * times, 6)


def merge_constraints(found: dict[str, list[Constraint]]) -> list[Constraint]:
    """The constraints of both languages, equal ones once with both quotes; what stands on one side only is kept."""
    lists = list(found.values())
    if len(lists) < 2 or not lists[1]:
        return lists[0] if lists else []
    merged, other = list(lists[0]), list(lists[1])
    for key in (_strict, _loose, _bare):
        open_ = [n for n, constraint in enumerate(merged) if constraint.quote is UNSET or constraint.quote.en is UNSET]
        for n in open_:
            twin = next(
                (
                    candidate
                    for candidate in other
                    if key(candidate) == key(merged[n]) and (key is not _bare or _one_unit(candidate, merged[n]))
                ),
                None,
            )
            if twin is not None:
                other.remove(twin)
                merged[n] = _joined(merged[n], twin)
    return merged + other


def _one_unit(first: Constraint, second: Constraint) -> bool:
    """Whether at most one of two constraints has a unit."""
    return first.unit is UNSET or second.unit is UNSET


def _joined(first: Constraint, second: Constraint) -> Constraint:
    """One constraint out of two: both quotes, and what only the second says."""
    quotes = [constraint.quote for constraint in (first, second) if constraint.quote is not UNSET]
    quote = Text(**{k: v for q in quotes for k, v in msgspec.structs.asdict(q).items() if v is not UNSET}) if quotes else UNSET
    extra = {
        name: getattr(second, name)
        for name in ("unit", "variable", "applies_to", "window")
        if getattr(first, name) is UNSET and getattr(second, name) is not UNSET
    }
    return msgspec.structs.replace(first, quote=quote, **extra)
