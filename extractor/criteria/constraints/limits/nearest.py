"""Variables that more words than their own decide: a ratio with its parts abbreviated, a scale named before "performance status"."""

from __future__ import annotations

from extractor.criteria.constraints.limits.amounts import Limit
from extractor.criteria.constraints.phrases import GENERIC, Named
from extractor.criteria.constraints.statement import Statement
from extractor.criteria.constraints.vocabulary import MEANINGS, Subject

_REACH = 12
"""Tokens before a variable in which the one stands that decides with it."""
_JOINED = 90
"""Characters between the two parts of a ratio."""
_PERFORMANCE = ("karnofsky", "lansky")
"""Scales of performance with a name of their own."""


def read_nearest(statement: Statement, index: int, named: Named, limit: Limit) -> Named | None:
    """What token `index`, named as `named`, means with the words before it and around its limit; None where nothing can be told."""
    rule = _RULES.get(named.subject.name)
    return rule(statement, index, named, limit) if rule else named


def _ratio(statement: Statement, index: int, named: Named, _: Limit) -> Named:
    """PaO2 (…) / FiO2 (…): the oxygenation index, whichever words stand for its parts."""
    for at in range(index - 1, max(-1, index - _REACH), -1):
        other = statement.get(at, "var")
        if other is None or other.name != "pao2":
            continue
        start, end = statement.tokens[at].end, statement.tokens[index].start
        if end - start <= _JOINED and statement.mentions("divided_by", start - 1, end):
            return Named(_index(), statement.tokens[at].start, named.end)
    return named


def _index() -> Subject:
    subject: Subject = MEANINGS["pao2/fio2"]["var"]
    return subject


def _scale(statement: Statement, index: int, named: Named, _: Limit) -> Named:
    """Karnofsky … performance score: the scale with the name."""
    if not statement.folded.startswith(("performance", "ps", "体能", "体力", "功能状态"), named.start):
        return named
    for at in range(index - 1, max(-1, index - _REACH), -1):
        if "num" in statement.meanings[at] and statement.mark(at + 1) != ")" and not _is_age(statement, at + 1):
            break
        other = statement.get(at, "var")
        if other is not None and other.name in _PERFORMANCE:
            return Named(other, statement.tokens[at].start, named.end)
    return named


def _is_age(statement: Statement, index: int) -> bool:
    """Whether token `index` is a unit of time: ages say for whom a scale is, other numbers are a limit on it."""
    unit = statement.get(index, "unit")
    return unit is not None and unit.dimension == "time"


def _distance(statement: Statement, index: int, named: Named, limit: Limit) -> Named | None:
    """A tumour < 2 cm from the carina, near (< 2 cm) the motor cortex: how far it lies, not how large it is."""
    end, first = statement.tokens[index].end, statement.tokens[limit.first].start
    behind = statement.leads("apart_from", statement.tokens[limit.after - 1].end)
    return None if behind or statement.mentions("apart_from near_to", end, first) else named


_CLOTTING = frozenset({"prothrombin_time", "aptt", "thrombin_time"})
"""Times that are told by the seconds beyond normal, too."""


def is_beyond_normal(statement: Statement, limit: Limit, named: Named) -> bool:
    """Whether seconds are those beyond the normal clotting time, which nobody knows: PT 超过正常对照3秒; PT > 3 s above control."""
    if named.subject.name not in _CLOTTING:
        return False
    if limit.reference:
        added = statement.get(limit.first - 1, "unit")
        return added is not None and added.dimension == "interval"
    if limit.dimension != "interval":
        return False
    end, first = statement.tokens[limit.after - 1].end, statement.tokens[limit.first].start
    return statement.leads("beyond_normal", end) > 0 or statement.mentions("normal_of", named.end, first) is not None


_LONGEST = {"prothrombin_time": 9, "thrombin_time": 9, "aptt": 20}
"""Seconds by which a clotting time may be prolonged; more are the time itself."""


def find_prolonged(statement: Statement, limit: Limit, named: Named) -> Named | None:
    """The words for a prolongation (PT延长≥3秒, PT > 3 s), whose seconds are too few for a clotting time; None where none is told."""
    most = _LONGEST.get(named.subject.name, 0)
    if not limit.compared or limit.dimension != "interval":
        return None
    if max(end.value for end in (limit.low, limit.high) if end) > most:
        return None
    end, first = statement.leads("prolonged", named.end), statement.tokens[limit.first].start
    if not end and is_beyond_normal(statement, limit, named):
        return None
    return Named(GENERIC, named.start, end if named.end < end <= first else named.end)


_RULES = {"fio2": _ratio, "ecog": _scale, "tumor_size": _distance, "lesion_size": _distance, "target_lesions": _distance}
