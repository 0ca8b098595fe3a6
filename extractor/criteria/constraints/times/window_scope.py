"""Windows that belong to measurements move onto them; the others stay constraints of their own.

governed := window [heading] limit (separator limit)*     入组前2周内：ALT ≤ …；AST ≤ …
          | limit window                                   Hb ≥ 9 g/dL within 7 days before enrollment
"""

from __future__ import annotations

import re

from extractor.criteria.constraints.candidates import Candidate
from extractor.criteria.constraints.statement import Statement

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


def attach_windows(statement: Statement, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with windows moved onto the measurements they govern."""
    if all(candidate.kind != "WINDOW" for candidate in candidates):
        return candidates
    kept: list[Candidate] = []
    for index, candidate in enumerate(candidates):
        moved = candidate.kind == "WINDOW" and _moved(statement, candidates, index)
        if not moved and not candidate.tentative:
            kept.append(candidate)
    return kept


def _moved(statement: Statement, candidates: list[Candidate], index: int) -> bool:
    """Whether the window at `index` was put onto other candidates and says nothing of its own any more."""
    return _backward(statement, candidates, index) or _forward(statement, candidates, index)


def _backward(statement: Statement, candidates: list[Candidate], index: int) -> bool:
    """A window right behind a measurement; every limit of the same quote takes it."""
    window = candidates[index]
    last = candidates[index - 1]
    if not index or last.kind not in _TARGETS or last.window is not None:
        return False
    gap = statement.text[statement.tokens[last.after - 1].end : statement.tokens[window.first].start]
    if (
        not _soft.fullmatch(gap)
        or not _ended.match(statement.text, statement.tokens[window.after - 1].end)
        or (window.window and window.window.timing.relation in ("BEFORE", "AFTER"))
    ):
        return False
    end, first = last.after, last.first
    for candidate in reversed(candidates[max(0, index - 4) : index]):
        if candidate.window is None and (candidate.after == end or candidate.first == first):
            candidate.window = window.window
            candidate.after = max(candidate.after, window.after)
    return True


def _forward(statement: Statement, candidates: list[Candidate], index: int) -> bool:
    """A window before measurements: that of its own clause, and the list behind it."""
    window = candidates[index]
    if window.window is None or window.window.timing.relation == "FOR":
        return False
    governed = _governed(statement, candidates, index)
    for candidate in governed:
        candidate.window = candidate.window or window.window
    if not governed:
        return False
    end, first = statement.tokens[window.after - 1].end, statement.tokens[governed[0].first].start
    return _headed(statement.text[end : _start(statement, governed[0])]) or not _bracketed(statement.text[end:first])


def _governed(statement: Statement, candidates: list[Candidate], index: int) -> list[Candidate]:
    """The measurements that the window at `index` governs."""
    governed: list[Candidate] = []
    end, heading = statement.tokens[candidates[index].after - 1].end, False
    for candidate in candidates[index + 1 : index + 1 + _MOST]:
        if candidate.kind not in (*_TARGETS, "DURATION", "DOSE"):
            if candidate.kind == "WINDOW" and not heading:
                break
            continue
        gap = statement.text[end : _start(statement, candidate)]
        heading = heading or (not governed and _headed(gap))
        if not _reaches(gap, heading=heading, first=not governed):
            break
        governed.append(candidate)
        end = statement.tokens[candidate.after - 1].end
    return governed


def _reaches(gap: str, *, heading: bool, first: bool) -> bool:
    """Whether a window governs over the words between: its own clause, a list, or anything under a heading but a full stop."""
    if "。" in gap:
        return False
    return heading or (_direct(gap) if first else _list_mark.fullmatch(gap) is not None)


def _start(statement: Statement, candidate: Candidate) -> int:
    first = statement.tokens[candidate.first].start
    return min([first, *(named.start for named in candidate.subjects if named.start < first)])


def _headed(gap: str) -> bool:
    """Whether the words between window and limit announce a list of findings."""
    return len(gap) <= 120 and _heading.search(gap) is not None and "。" not in gap


def _direct(gap: str) -> bool:
    """Whether the limit stands in the window's own clause: no separator between them but an opening bracket at the end."""
    return _break.search(gap.rstrip("（( ")) is None and len(gap) <= 60 and _or.search(gap) is None


def _bracketed(gap: str) -> bool:
    """An event of its own comes first, the limit in a bracket behind it: 3个月内献血或失血（>450 mL）."""
    return gap.rstrip().endswith(("(", "（"))
