"""What a limit speaks of: the variables of the vocabulary before it, one or a list."""

from __future__ import annotations

from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.limits.changes import find_change, find_moving
from extractor.criteria.constraints.limits.nearest import read_nearest
from extractor.criteria.constraints.phrases import GENERIC, GRADED, Named
from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.vocabulary import Subject
from extractor.patterns import lazy_pattern

_LENGTHS = ("time", "age", "gestation", "interval")
_TIMES = ("time", "age", "gestation", "half-life", "cycle")
_item = lazy_pattern(r"(?:量表|评分|总分)?的?\s?第\s?\d{1,2}\s?[项条题]")
"""One question of a scale: HAMD第3项."""
_lead = lazy_pattern(r"(?:血清总?|血浆|外周血|空腹|静息|坐位|平均|总|血)$")


def find_subjects(statement: Statement, limit: Limit, floor: int) -> list[Named]:
    """The variables named between token `floor` and the limit: the last one, and those joined to it as a list."""
    floor = max([floor, *(at + 1 for at in range(floor, limit.first) if _parts(statement, at, limit))])
    found = _fitting(statement, limit, floor)
    inner = [at for at in range(limit.first, limit.after) if statement.get(at, "var") and _inner(statement, at, limit)]
    if inner and not (found and found[-1] == limit.first - 1):
        return [_named(statement, inner[0], limit)]
    if not found:
        return []
    listed = _listed(statement, found, limit)
    nearest = read_nearest(statement, found[-1], listed[-1], limit)
    if nearest is listed[-1]:
        return listed
    return [nearest] if nearest else []


def _parts(statement: Statement, index: int, limit: Limit) -> bool:
    """Whether token `index` begins another thought: a turn, or an exception with words of its own before the limit."""
    meanings = statement.meanings[index]
    if "turn" in meanings:
        return True
    return (
        "exception" in meanings
        and index + 1 < limit.first + 1
        and any(statement.tokens[at].gap for at in range(index + 1, limit.first + 1))
    )


def _fitting(statement: Statement, limit: Limit, floor: int) -> list[int]:
    """The tokens before a limit that name a variable which may have it."""
    if "var" not in statement.kinds:
        return []
    meanings = statement.meanings
    found = [at for at in range(floor, limit.first) if (subject := meanings[at].get("var")) and _fits(subject, limit)]
    if not found:
        return found
    found = [at for at in found if not statement.get(at, "var").finding or _defined_by(statement, at, limit)]
    found = _in_bracket(statement, found, limit) or found
    return [at for at in found if not _repeats(statement, at, floor)] or found


def _defined_by(statement: Statement, index: int, limit: Limit) -> bool:
    """Whether the finding at `index` is what the limit measures: its unit, or a bare number beside it."""
    if limit.measure and limit.measure.ucum:
        return limit.measure.dimension in statement.get(index, "var").dimensions
    return not limit.reference and limit.first - index <= 2 and not statement.tokens[limit.first].gap


def _in_bracket(statement: Statement, found: list[int], limit: Limit) -> list[int]:
    """The variables behind the bracket that the limit stands in: 高血压（收缩压≥160）."""
    opened = limit.first - 1
    least = min(found, default=limit.first)
    while opened >= least and statement.mark(opened) != "(":
        opened = statement.opening(opened) - 1
    return [at for at in found if at > opened]


def _inner(statement: Statement, index: int, limit: Limit) -> bool:
    """Whether a variable inside the limit is its own: 60岁≤年龄, ≥CTCAE 2级, under the age of 18."""
    subject = statement.get(index, "var")
    return _fits(subject, limit) and (statement.get(limit.first, "num") is not None or not limit.reference)


def _repeats(statement: Statement, index: int, floor: int) -> bool:
    """Whether the variable stands in a bracket that only abbreviates what is in front of it: 谷丙转氨酶（ALT）."""
    at = index - 1
    while at > floor and (statement.mark(at) == "/" or not {"var", "and"}.isdisjoint(statement.meanings[at])):
        at -= 1
    if at <= floor or statement.mark(at) != "(" or not statement.close(at):
        return False
    front, own = statement.get(at - 1, "var"), statement.get(index, "var")
    if front is None or (front.kind == own.kind == "SCORE" and front.name != own.name):
        return False  # performance status (KPS)
    return bool(front.dimensions)


def _fits(subject: Subject, limit: Limit) -> bool:
    """Whether the unit may be one of the variable's: a time limit needs a variable that is a time."""
    if limit.measure is None or not limit.measure.ucum:
        return subject.kind != "DURATION"
    dimension = limit.measure.dimension
    if dimension in _TIMES:
        state = subject.kind != "MEASUREMENT" and not subject.dimensions.isdisjoint(_LENGTHS)
        short = "interval" in subject.dimensions and limit.measure.ucum in ("min", "h")
        return state or short or dimension in subject.dimensions
    return subject.kind not in ("AGE", "DURATION") and _measured_in(subject, dimension)


_FAMILIES = (
    ("number/volume", "/volume", "volume", "/length", "number/length", "number", "/area", "number/area"),
    ("catalytic/volume", "arbitrary/volume", "catalytic", "arbitrary"),
    ("temperature", "angle"),
)
"""Dimensions that the same results are printed in, exponents lost: 1500/mm(3), 1500 mm3; U/L and IU/L; 38 degrees."""


def _measured_in(subject: Subject, dimension: str) -> bool:
    """Whether a variable may have a unit; shares and changes in per cent are possible of all."""
    if not subject.dimensions or dimension in ("", "fraction") or dimension in subject.dimensions:
        return True
    return any(dimension in family and not subject.dimensions.isdisjoint(family) for family in _FAMILIES)


def _named(statement: Statement, index: int, limit: Limit) -> Named:
    """The variable at `index`; of a change (体重变化, weight loss, decrease in platelets) the change, not what changes."""
    token = statement.tokens[index]
    further = statement.leads("head", token.end)
    if item := _item.match(statement.folded, token.end):
        further = item.end()
    if further:
        return Named(GENERIC if token.meanings["var"].kind == "MEASUREMENT" else GRADED, token.start, further)
    lead = _lead.search(statement.text, max(0, token.start - 4), token.start)
    named = Named(token.meanings["var"], lead.start() if lead else token.start, token.end)
    return find_change(statement, named, limit) or find_moving(statement, named, limit) or named


def _listed(statement: Statement, found: list[int], limit: Limit) -> list[Named]:
    """The last variable with those that a list joins to it, first written first, synonyms in brackets left out."""
    listed = [found[-1]]
    conjunction = False
    for at in reversed(found[:-1]):
        link = _link(statement, at, listed[0])
        if not link or (link != "(" and not _shares(statement, at, listed[0], limit)):
            break
        if link == "," and not conjunction and not _in_a_row(statement, at, listed[0], limit):
            break
        conjunction = conjunction or link == "and"
        listed.insert(0, at)
    return _distinct([_named(statement, at, limit) for at in listed])


def _in_a_row(statement: Statement, left: int, right: int, limit: Limit) -> bool:
    """Whether a comma lists two variables (ALT, AST); before "blood glucose, fasting blood glucose" another thought ends."""
    first, second = (statement.folded[statement.tokens[at].start : statement.tokens[at].end] for at in (left, right))
    if statement.get(left, "var").name == statement.get(right, "var").name:
        return True
    return not second.endswith(first) and (limit.reference != "" or _alike(statement, left, right))


def _shares(statement: Statement, left: int, right: int, limit: Limit) -> bool:
    """Whether the limit of one variable may be one of the variable before it: both can have its unit."""
    first, second = statement.get(left, "var"), statement.get(right, "var")
    if first.finding or first.kind != second.kind or _are_habits(first, second):
        return False
    if limit.reference:
        return not first.dimensions or (bool(second.dimensions) and _in_blood(first) == _in_blood(second))
    dimension = limit.measure.dimension if limit.measure else ""
    return not dimension or dimension in first.dimensions or dimension not in second.dimensions


def _are_habits(first: Subject, second: Subject) -> bool:
    """Whether two variables differ of which one counts its own things."""
    return first.name != second.name and not _HABITS.isdisjoint((first.name, second.name))


_HABITS = frozenset({"smoking", "alcohol_intake"})
"""Variables of which each counts its own things: alcohol abuse or smoking > 10 cigarettes."""


def _in_blood(subject: Subject) -> bool:
    """Whether a laboratory measures something per volume: only such results have an upper limit of normal."""
    return any(dimension.endswith("/volume") for dimension in subject.dimensions)


def _link(statement: Statement, left: int, right: int) -> str:
    """How variable `left` is joined to `right`: "(" for a synonym, "and", ","; "" for not at all."""
    links: set[str] = set()
    for at in range(left + 1, right):
        link = _linking(statement, at)
        if not link or (statement.tokens[at].gap and not (link == ")" and "(" in links)):
            return ""
        links.add(link)
    same = statement.get(left, "var").name == statement.get(right, "var").name
    if statement.tokens[right].gap or ((("(" in links and ")" not in links) or not links & _LINKS) and not same):
        return ""
    return "and" if "and" in links else "," if "," in links else "("


_LINKS = frozenset({"and", ",", "(", ")"})


def _linking(statement: Statement, index: int) -> str:
    """What token `index` does between two variables: "and", a mark, "small" for nothing; "" where it parts them."""
    mark = statement.mark(index)
    if "also" in (statement.get(index, "and"), statement.get(index, "or")):
        return ""
    if mark == "/" or not {"and", "or"}.isdisjoint(statement.meanings[index]) or _is_nor(statement, index):
        return "and"
    if mark in ("(", ")", ","):
        return mark
    return "" if {"soft", "var"}.isdisjoint(statement.meanings[index]) else "small"


def _is_nor(statement: Statement, index: int) -> bool:
    token = statement.tokens[index]
    return statement.folded[token.start : token.end] == "nor"


def _alike(statement: Statement, left: int, right: int) -> bool:
    """Whether two variables are measured in the same dimensions: ALT, AST."""
    first, second = statement.get(left, "var").dimensions, statement.get(right, "var").dimensions
    return bool(first) and first == second


def _distinct(listed: list[Named]) -> list[Named]:
    names: dict[str, Named] = {}
    for named in listed:
        names.setdefault(named.subject.name, named)
    return list(names.values())
