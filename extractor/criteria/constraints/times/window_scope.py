"""Windows that belong to measurements move onto them; the others stay constraints of their own.

governed := window [heading] limit (separator limit)*     入组前2周内：ALT ≤ …；AST ≤ …
          | limit window                                   Hb ≥ 9 g/dL within 7 days before enrollment
"""

from __future__ import annotations

from extractor.criteria.constraints.candidates import Candidate
from extractor.criteria.constraints.statement import Statement

_MOST = 40
"""How many limits one heading may govern."""
_LONGEST_HEADING, _LONGEST_CLAUSE = 120, 60
"""Characters of a heading between a window and its list, and of the clause between a window and its limit."""
_ALTERNATIVES = 4
"""How many limits before a window may share its quote: ALT, AST, ALP and GGT."""
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
    if _is_stage(candidates, index):
        return False
    return _backward(statement, candidates, index) or _forward(statement, candidates, index)


def _is_stage(candidates: list[Candidate], index: int) -> bool:
    """Whether the window is the far end of a range counted from a point (用药4~8周后): it means nothing without the near one."""
    last = candidates[index - 1] if index else None
    return last is not None and last.kind == "WINDOW" and last.first == candidates[index].first


def _backward(statement: Statement, candidates: list[Candidate], index: int) -> bool:
    """A window right behind a measurement; every limit of the same quote takes it."""
    window = candidates[index]
    last = candidates[index - 1]
    if not index or last.kind not in _TARGETS or last.window is not None:
        return False
    start = max([statement.tokens[last.after - 1].end, *(named.end for named in last.subjects)])
    apart = window.window is not None and window.window.timing.relation in ("BEFORE", "AFTER")
    if apart or not statement.is_only("obtained", start, statement.tokens[window.first].start) or not _ends_there(statement, window.after):
        return False
    end, first = last.after, last.first
    for candidate in reversed(candidates[max(0, index - _ALTERNATIVES) : index]):
        if candidate.window is None and (candidate.after == end or candidate.first == first):
            candidate.window = window.window
            candidate.after = max(candidate.after, window.after)
    return True


def _ends_there(statement: Statement, index: int) -> bool:
    """Whether a clause ends before token `index`: at a mark, a conjunction or the end of the statement."""
    end = statement.tokens[index - 1].end
    if statement.leads("tested", end):
        return True
    joined = statement.mark(index) != "" or not {"or", "and"}.isdisjoint(statement.meanings[index])
    return not statement.words(end, index).strip(" .;,") and (joined or index >= statement.size)


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
    end, start = statement.tokens[window.after - 1].end, _start(statement, governed[0])
    if _leads(statement, window, start) and not _rests(statement, governed[-1].after):
        return False
    return _headed(statement, end, start) or not _bracketed(statement, end, statement.tokens[governed[0].first].start)


def _rests(statement: Statement, index: int) -> bool:
    """Whether the sentence ends before token `index`: nothing else may have happened in its window (…，体温>38℃或咳嗽)."""
    rest = statement.text[statement.tokens[index - 1].end :].lstrip(" )）")
    return not rest or rest[0] in ";；。\n" or rest.strip() == "."


def _governed(statement: Statement, candidates: list[Candidate], index: int) -> list[Candidate]:
    """The measurements that the window at `index` governs."""
    governed: list[Candidate] = []
    end, heading = statement.tokens[candidates[index].after - 1].end, False
    for candidate in candidates[index + 1 : index + 1 + _MOST]:
        if candidate.kind not in (*_TARGETS, "DURATION", "DOSE"):
            if candidate.kind == "WINDOW" and not heading:
                break
            continue
        start = _start(statement, candidate)
        heading = heading or (not governed and _headed(statement, end, start))
        leading = not governed and _leads(statement, candidates[index], start)
        if candidate.kind == "DURATION" and any(_lists(statement, at) for at in _between(statement, end, start)):
            break
        if not leading and not _reaches(statement, end, start, heading=heading, first=not governed):
            break
        governed.append(candidate)
        end = statement.tokens[candidate.after - 1].end
    return governed


def _lists(statement: Statement, at: int) -> bool:
    """Whether token `at` is a mark, or the comma of a Chinese list: 术后1周之内、末次随访至少12月."""
    return statement.mark(at) != "" or statement.text[statement.tokens[at].start] == "、"


def _leads(statement: Statement, window: Candidate, start: int) -> bool:
    """Whether a window opens its sentence and only a comma parts it from the limit at `start`: 筛选前7天内，血红蛋白≥90g/L."""
    first, end = statement.tokens[window.first].start, statement.tokens[window.after - 1].end
    before = statement.text[:first].rstrip(" -*•·0123456789.、)）(（①②③④⑤⑥⑦⑧⑨⑩在")
    return (not before or before[-1] in ";；。\n") and statement.text[end:start].strip() in (",", "，")


def _reaches(statement: Statement, end: int, start: int, *, heading: bool, first: bool) -> bool:
    """Whether a window governs over the words between: its own clause, a list, or anything under a heading but a full stop."""
    if any(statement.mark(at) == "。" for at in _between(statement, end, start)):
        return False
    return heading or (_direct(statement, end, start) if first else start <= end or statement.is_only("joint", end, start))


def _between(statement: Statement, start: int, end: int) -> range:
    """The tokens between two places of the text."""
    first = statement.token_at(start)
    return range(first, max(first, statement.token_at(end)))


def _start(statement: Statement, candidate: Candidate) -> int:
    first = statement.tokens[candidate.first].start
    return min([first, *(named.start for named in candidate.subjects if named.start < first)])


def _headed(statement: Statement, end: int, start: int) -> bool:
    """Whether the words between window and limit announce a list of findings."""
    if start - end > _LONGEST_HEADING:
        return False
    if any(_closes_event(statement, at, end) for at in _between(statement, end, start)):
        return False
    marks = {statement.mark(at) for at in _between(statement, end, start)}
    return "。" not in marks and (":" in marks or statement.mentions("heading", end, start) is not None)


def _closes_event(statement: Statement, at: int, end: int) -> bool:
    """Whether token `at` closes a bracket around the window that ends at a place, and a list goes on: (no transfusion within 7 days); …."""
    if statement.mark(at) != ")" or statement.mark(at + 1) not in (",", ";"):
        return False
    return statement.tokens[statement.opening(at)].start < end


def _direct(statement: Statement, end: int, start: int) -> bool:
    """Whether the limit stands in the window's own clause: no separator between them but an opening bracket at the end."""
    between = _between(statement, end, start)
    marks = [at for at in between if statement.mark(at) not in ("", ".", "、", "/", "?", '"', "“", "”")]
    if marks and statement.mark(marks[-1]) == "(" and not statement.text[statement.tokens[marks[-1]].end : start].strip():
        marks.pop()
    if any(statement.get(at, "and") == "also" or statement.ends_sentence(at) for at in between):
        return False
    if between and statement.get(between[0], "and") and not statement.is_chinese(between[0]) and not statement.tokens[between[0]].gap:
        return False  # no transfusion within 14 days and hemoglobin ≥ 9: the window is that of the transfusion
    latin = any(statement.get(at, "or") and not statement.is_chinese(at) for at in between)
    if latin:
        return False
    return not marks and start - end <= _LONGEST_CLAUSE


def _bracketed(statement: Statement, end: int, first: int) -> bool:
    """An event of its own comes first, the limit in a bracket behind it: 3个月内献血或失血（>450 mL）."""
    return statement.text[end:first].rstrip().endswith(("(", "（"))
