"""Windows that belong to measurements move onto them; the others stay constraints of their own.

governed := window [heading] limit (separator limit)*     入组前2周内：ALT ≤ …；AST ≤ …
          | limit window                                   Hb ≥ 9 g/dL within 7 days before enrollment
"""

from __future__ import annotations

import re

from extractor.criteria.constraints.candidates import Reading
from extractor.criteria.constraints.statement import Line

_heading = re.compile(
    r"[:：]|实验室|检查结果|检测数据|(?:符合|满足)[^，。；]{0,8}(?:标准|要求|条件)|laboratory|following|criteria|organ function|marrow function|parameters|values",
    re.IGNORECASE,
)
_list_mark = re.compile(r"[\s;；,，、.*•·\-–)）\"”?？]*(?:[a-z\d]{1,2}[).、])?[\s*•]*(?:and|or|和|且|并且|以及|或|及)?\s*", re.IGNORECASE)
_or = re.compile(r"\bor\b", re.IGNORECASE)
_break = re.compile(r"[;；。\n(（)）]|[,，]")
_soft = re.compile(
    r"[\s,，(（)）]*(?:(?:as|is|was|be|has|been|obtained|measured|documented|assessed|performed|determined|done|tested|taken|recorded|at|and|that|lasting|result|results?)\s?)*",
    re.IGNORECASE,
)
_ended = re.compile(r"\s*(?:[)）,，;；。.、\n]|$|检查|检测|或|and|or|且|（|\()")
_MOST = 40
"""How many limits one heading may govern."""
_TARGETS = ("MEASUREMENT", "SCORE")


def attach_windows(line: Line, readings: list[Reading]) -> list[Reading]:
    """The readings with windows moved onto the measurements they govern."""
    if all(reading.kind != "WINDOW" for reading in readings):
        return readings
    kept: list[Reading] = []
    for index, reading in enumerate(readings):
        moved = reading.kind == "WINDOW" and _moved(line, readings, index)
        if not moved and not reading.tentative:
            kept.append(reading)
    return kept


def _moved(line: Line, readings: list[Reading], index: int) -> bool:
    """Whether the window at `index` was put onto other readings and says nothing of its own any more."""
    return _backward(line, readings, index) or _forward(line, readings, index)


def _backward(line: Line, readings: list[Reading], index: int) -> bool:
    """A window right behind a measurement; every limit of the same quote takes it."""
    window = readings[index]
    last = readings[index - 1]
    if not index or last.kind not in _TARGETS or last.window is not None:
        return False
    gap = line.text[line.tokens[last.after - 1].end : line.tokens[window.first].start]
    if (
        not _soft.fullmatch(gap)
        or not _ended.match(line.text, line.tokens[window.after - 1].end)
        or (window.window and window.window.timing.relation in ("BEFORE", "AFTER"))
    ):
        return False
    end, first = last.after, last.first
    for reading in reversed(readings[max(0, index - 4) : index]):
        if reading.window is None and (reading.after == end or reading.first == first):
            reading.window = window.window
            reading.after = max(reading.after, window.after)
    return True


def _forward(line: Line, readings: list[Reading], index: int) -> bool:
    """A window before measurements: that of its own clause, and the list behind it."""
    window = readings[index]
    if window.window is None or window.window.timing.relation == "FOR":
        return False
    governed = _governed(line, readings, index)
    for reading in governed:
        reading.window = reading.window or window.window
    if not governed:
        return False
    end, first = line.tokens[window.after - 1].end, line.tokens[governed[0].first].start
    return _headed(line.text[end : _start(line, governed[0])]) or not _bracketed(line.text[end:first])


def _governed(line: Line, readings: list[Reading], index: int) -> list[Reading]:
    """The measurements that the window at `index` governs."""
    governed: list[Reading] = []
    end, heading = line.tokens[readings[index].after - 1].end, False
    for reading in readings[index + 1 : index + 1 + _MOST]:
        if reading.kind not in (*_TARGETS, "DURATION", "DOSE"):
            if reading.kind == "WINDOW" and not heading:
                break
            continue
        gap = line.text[end : _start(line, reading)]
        heading = heading or (not governed and _headed(gap))
        if not _reaches(gap, heading=heading, first=not governed):
            break
        governed.append(reading)
        end = line.tokens[reading.after - 1].end
    return governed


def _reaches(gap: str, *, heading: bool, first: bool) -> bool:
    """Whether a window governs over the words between: its own clause, a list, or anything under a heading but a full stop."""
    if "。" in gap:
        return False
    return heading or (_direct(gap) if first else _list_mark.fullmatch(gap) is not None)


def _start(line: Line, reading: Reading) -> int:
    first = line.tokens[reading.first].start
    return min([first, *(named.start for named in reading.subjects if named.start < first)])


def _headed(gap: str) -> bool:
    """Whether the words between window and limit announce a list of findings."""
    return len(gap) <= 120 and _heading.search(gap) is not None and "。" not in gap


def _direct(gap: str) -> bool:
    """Whether the limit stands in the window's own clause: no separator between them but an opening bracket at the end."""
    return _break.search(gap.rstrip("（( ")) is None and len(gap) <= 60 and _or.search(gap) is None


def _bracketed(gap: str) -> bool:
    """An event of its own comes first, the limit in a bracket behind it: 3个月内献血或失血（>450 mL）."""
    return gap.rstrip().endswith(("(", "（"))
