"""Constraints of one criterion: the limits of its text, what each means, and the windows and carve-outs around them.

    criterion := (limit | classes | sex | state)*
Each limit is read as a time (`times`) or a value (`readings`); a window that governs a measurement moves onto it
(`attachment`); denials and exceptions mark what lies in their scope (`scope`). A number that no rule explains gives nothing.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import UNSET

from extractor.criteria.constraints.candidates import Reading
from extractor.criteria.constraints.demographics import find_people
from extractor.criteria.constraints.lexer import tokenise
from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.limits.classes import find_classes
from extractor.criteria.constraints.limits.comparisons import find_limits
from extractor.criteria.constraints.negation import find_scopes
from extractor.criteria.constraints.record import make_constraints
from extractor.criteria.constraints.statement import Line
from extractor.criteria.constraints.times.durations import join_windows, read_time, twin_window
from extractor.criteria.constraints.times.window_scope import attach_windows
from extractor.criteria.constraints.values import read_value
from extractor.model import Constraint
from extractor.text import has_ideograph

_DIGIT = re.compile(r"[0-9０-９一二两三四五六七八九十半男女孕娠乳限Ⅰ-Ⅻ]")
_WORD = re.compile(
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|twenty|thirty|sixty|ninety|past|last|previous|prior|half(?: an?)?)"
    r"[ -](?:\(?[a-z]{2,8}\)?[ -])?(?:years?|months?|weeks?|days?|hours?|half|times|fold|calendar)(?![a-z])"
    r"|twice|male|gender|sex|women|men(?![a-z])(?<![a-z]men)|boy|girl|pregnan|lactat|breast|nursing|uln|lln(?<![a-z]lln)|limits? of|iii|asa |nyha|grades? [iv]|class(?:es)? [iv]|esthesiolog|york heart|child[ -]pugh"
)


_REACH = 12
"""How many tokens back a variable may stand when only numbers that say nothing lie between."""
_NUMERIC = frozenset({"num", "reference", "roman", "letter"})
"""Meanings without which no limit can stand in a line."""


def parse_constraints(text: str) -> list[Constraint]:
    """The constraints that one criterion states, in the order of its words.

    >>> [constraint.low.value for constraint in parse_constraints("Age ≥ 18 years; platelets >= 100 x 10^9/L")]
    [18, 100]
    """
    return find_constraints(text)


def find_constraints(text: str, language: str = "") -> list[Constraint]:
    """The constraints of `text`, quotes filed under `language` ("zh", "en"; "" for what its characters say)."""
    if not (_DIGIT.search(text) or _WORD.search(text.lower())):
        return []
    line = Line(text, tokenise(text))
    readings = [] if _NUMERIC.isdisjoint(line.kinds) else attach_windows(line, _readings(line))
    scopes = find_scopes(line)
    language = language or ("zh" if has_ideograph(text) else "en")
    made = [pair for reading in readings for pair in make_constraints(line, reading, scopes, language)]
    made += find_people(line, language)
    if len(made) < 2:
        return [constraint for _, constraint in made]
    made.sort(key=_place)
    return _distinct(made)


def _place(pair: tuple[int, Constraint]) -> int:
    return pair[0]


def _distinct(constraints: list[tuple[int, Constraint]]) -> list[Constraint]:
    """Each constraint once: the same kind, variable, limits and window said twice is one."""
    seen: dict[Any, Constraint] = {}
    for start, each in constraints:
        variable = each.variable.text if each.variable is not UNSET else ""
        values = tuple(each.values) if each.values is not UNSET else ()
        place = start if each.kind == "WINDOW" or not variable else -1
        key = (each.kind, variable, each.low, each.high, values, each.reference, each.window, place)
        seen.setdefault(key, each)
    return list(seen.values())


def _readings(line: Line) -> list[Reading]:
    classes = find_classes(line)
    taken = _covered(classes)
    readings: list[Reading] = []
    floor = begun = 0
    previous: Reading | None = None
    bare: Limit | None = None
    for limit in find_limits(line):
        floor = begun if limit.first < floor else _boundary(line, floor, limit.first)
        begun = floor
        if limit.first in taken:
            continue
        found = join_windows(line, limit, readings) or _read(line, limit, floor, previous)
        if bare and found and (twin := twin_window(line, bare, found[0])):
            readings.append(twin)
        bare = None if found or limit.compared else limit
        readings += found
        previous = next((reading for reading in reversed(found) if reading.kind != "WINDOW"), previous)
        floor = max([limit.after, *(reading.after for reading in found)]) if found else max(floor, limit.after - _REACH)
    return sorted(classes + readings, key=lambda reading: reading.first)


def _covered(readings: list[Reading]) -> set[int]:
    return {at for reading in readings for at in range(reading.first, reading.after)}


def _boundary(line: Line, floor: int, stop: int) -> int:
    """The token behind the last end of a sentence between `floor` and `stop`."""
    for at in range(stop - 1, floor - 1, -1):
        mark = line.meanings[at].get("mark")
        if mark and (mark in ";。\n" or _full_stop(line, at)):
            return at + 1
    return floor


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
