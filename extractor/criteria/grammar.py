"""Constraints of one criterion: the limits of its text, what each means, and the windows and carve-outs around them.

    criterion := (limit | classes | sex | state)*
Each limit is read as a time (`times`) or a value (`readings`); a window that governs a measurement moves onto it
(`attachment`); denials and exceptions mark what lies in their scope (`scope`). A number that no rule explains gives nothing.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import UNSET

from extractor.criteria.attachment import attach_windows
from extractor.criteria.lexer import tokenise
from extractor.criteria.limits import End, Limit, Line, find_limits
from extractor.criteria.people import find_people
from extractor.criteria.readings import Reading, read_value
from extractor.criteria.scope import Scopes, find_scopes
from extractor.criteria.scores import find_classes
from extractor.criteria.subjects import Named
from extractor.criteria.times import join_windows, read_time, twin_window
from extractor.model import Bound, Code, Constraint, Text, Unit, Variable, Window
from extractor.text import has_ideograph

_CUE = re.compile(
    r"[\d零一二两三四五六七八九十半男女孕娠乳限Ⅰ-Ⅻ０-９]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|twenty|thirty|half|past|last"
    r"|(?:fe)?males?|(?:wo)?m[ea]n|sex(?:es)?|gender|boys?|girls?|pregnan\w+|lactat\w+|breast|nursing|uln|lln|upper|lower|i{2,3}|iv|child)\b",
    re.IGNORECASE,
)


_joint = re.compile(r"(?:or|and|but)\s+", re.IGNORECASE)


def parse_constraints(text: str) -> list[Constraint]:
    """The constraints that one criterion states, in the order of its words.

    >>> [constraint.low.value for constraint in parse_constraints("Age ≥ 18 years; platelets >= 100 x 10^9/L")]
    [18, 100]
    """
    return find_constraints(text)


def find_constraints(text: str, language: str = "") -> list[Constraint]:
    """The constraints of `text`, quotes filed under `language` ("zh", "en"; "" for what its characters say)."""
    if not _CUE.search(text):
        return []
    tokens = tokenise(text)
    line = Line(text, tokens)
    readings = attach_windows(line, _readings(line))
    scopes = find_scopes(line)
    language = language or ("zh" if has_ideograph(text) else "en")
    made = [
        (line.tokens[reading.first].start, constraint)
        for reading in readings
        for constraint in _constraints(line, reading, scopes, language)
    ]
    made += [(start, constraint) for start, constraint in find_people(line, language)]
    made.sort(key=lambda pair: pair[0])
    return _distinct(made)


def _distinct(constraints: list[tuple[int, Constraint]]) -> list[Constraint]:
    """Each constraint once: the same kind, variable, limits and window said twice is one."""
    seen: dict[Any, Constraint] = {}
    for start, each in constraints:
        variable = each.variable.text if each.variable is not UNSET else ""
        key = (
            each.kind,
            variable,
            repr((each.low, each.high, each.values, each.reference, each.window)),
            start if each.kind == "WINDOW" or not variable else -1,
        )
        seen.setdefault(key, each)
    return list(seen.values())


def _readings(line: Line) -> list[Reading]:
    classes = find_classes(line)
    taken = {at for reading in classes for at in range(reading.first, reading.after)}
    readings: list[Reading] = []
    floor, previous = 0, None
    bare: Limit | None = None
    for limit in find_limits(line):
        floor = min(max(floor, _boundary(line, floor, limit.first)), limit.first)
        if limit.first in taken:
            continue
        found = join_windows(line, limit, readings) or _read(line, limit, floor, previous)
        if bare and found and (twin := twin_window(line, bare, found[0])):
            readings.append(twin)
        bare = limit if not found and not limit.compared else None
        readings += found
        previous = found[-1] if found and found[-1].kind != "WINDOW" else previous
        floor = max(limit.after, found[-1].after if found else 0)
    return sorted(classes + readings, key=lambda reading: reading.first)


def _boundary(line: Line, floor: int, stop: int) -> int:
    """The token behind the last end of a sentence between `floor` and `stop`."""
    return max((at + 1 for at in range(floor, stop) if line.mark(at) in (";", "。", "\n") or _full_stop(line, at)), default=floor)


def _full_stop(line: Line, index: int) -> bool:
    if line.mark(index) not in (".", "!", "?"):
        return False
    end = line.tokens[index].end
    return line.text[end : end + 1].isspace() and line.text[end + 1 : end + 2].isupper()


def _read(line: Line, limit: Limit, floor: int, previous: Reading | None) -> list[Reading]:
    measure = limit.measure
    if measure and measure.word and not limit.reference:
        return read_time(line, limit, floor, previous)
    reading = read_value(line, limit, floor, previous)
    return [reading] if reading else []


def _constraints(line: Line, reading: Reading, scopes: Scopes, language: str) -> list[Constraint]:
    subjects: list[Named | None] = [*reading.subjects] or [None]
    start, end = _extent(line, reading)
    common: dict[str, Any] = {
        "quote": Text(**{language: line.text[start:end]}),
        "negated": scopes.denies(line, reading),
        "exception": scopes.excepts(start, end),
    }
    if reading.applies:
        common["applies_to"] = Text(**{language: line.text[slice(*reading.applies)]})
    return [Constraint(**_body(line, reading, subject), **common) for subject in subjects]  # type: ignore[arg-type]


def _extent(line: Line, reading: Reading) -> tuple[int, int]:
    """The quote: from the variable, where it stands in the same clause, to the end of the limit and its window."""
    first, last = line.tokens[reading.first], line.tokens[reading.after - 1]
    starts = [named.start for named in reading.subjects if first.start - named.start <= 80]
    start = min([first.start, *starts])
    if any(mark in line.text[start : first.start] for mark in ";；。\n"):
        start = first.start
    if start == first.start and (joint := _joint.match(line.text, start)):
        start = joint.end()
    return start, max([last.end, *(named.end for named in reading.subjects if start <= named.start and named.end - last.end <= 40)])


def _body(line: Line, reading: Reading, subject: Named | None) -> dict[str, Any]:
    body: dict[str, Any] = {"kind": reading.kind}
    if subject and subject.end > subject.start:
        body["variable"] = _variable(line, subject)
    if reading.values:
        body["values"] = reading.values
    if reading.limit and reading.kind != "WINDOW":
        body |= _ends(reading.limit) | _unit(reading)
    if reading.window:
        stretch = reading.window
        anchor = stretch.timing.anchor or UNSET
        body["window"] = Window(relation=stretch.timing.relation, value=stretch.value, unit=stretch.word, anchor=anchor)  # type: ignore[arg-type]
    return body


def _variable(line: Line, named: Named) -> Variable:
    subject = named.subject
    codes = [Code(system="LOINC", code=subject.loinc)] if subject.loinc else UNSET
    return Variable(name=subject.name or UNSET, text=line.text[named.start : named.end].strip(), codes=codes)


def _ends(limit: Limit) -> dict[str, Any]:
    named = {"low": limit.low, "high": limit.high}
    return {key: _bound(end) for key, end in named.items() if end}


def _bound(end: End) -> Bound:
    return Bound(value=end.value, inclusive=end.inclusive)


def _unit(reading: Reading) -> dict[str, Any]:
    limit, measure = reading.limit, reading.measure or (reading.limit.measure if reading.limit else None)
    if limit is None:
        return {}
    if limit.reference:
        return {"reference": limit.reference}
    if measure is None or not measure.ucum:
        return {}
    return {"unit": Unit(ucum=measure.ucum, text=limit.written or UNSET)}
