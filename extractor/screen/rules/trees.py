"""A criterion with its children against the chart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from extractor.patterns import lazy_pattern
from extractor.screen.patient.chart import Chart
from extractor.screen.rules.constraints import decide
from extractor.screen.rules.coverage import connective, deciding_constraints, says_all
from extractor.screen.rules.lead_ins import announces
from extractor.screen.rules.mentions import Mentions, find_mentions, judge_mentions
from extractor.screen.rules.verdicts import NOT_APPLICABLE, UNKNOWN, OpenQuestion, Verdict, combine

Json = dict[str, Any]
READ = OpenQuestion("READ")
OPEN_END = lazy_pattern(r"(?:\bor|或者?)[\s:：,，;；.。]*$", re.IGNORECASE)
OPEN_START = lazy_pattern(r"^\s*(?:or\b|或)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CriterionRule:
    """A criterion made ready: what can be decided of it, and how its parts combine.

    `doubted`: the record contradicts itself here; `linked`: the words make it an alternative to its neighbour.
    """

    id: str
    text: Json
    constraints: tuple[Json, ...]
    covered: bool
    joined: str
    announces: bool
    combine: str
    at_least: int
    doubted: bool
    linked: bool
    mentions: Mentions
    children: tuple[CriterionRule, ...]


class Judged(NamedTuple):
    """The state of a criterion, the evidence of each constraint, what to ask where it is open, and hints from the patient's conditions."""

    state: str
    evidence: list[Json]
    questions: tuple[OpenQuestion, ...] = ()
    hints: tuple[Json, ...] = ()


def rules_of(
    nodes: Sequence[Json], pointer: str = "", doubted: frozenset[str] = frozenset(), *, joined: str = ""
) -> tuple[CriterionRule, ...]:
    """The criteria of a list made ready, notes left out; `doubted` are the pointers at which a finding forbids a decision."""
    numbered = [(at, node) for at, node in enumerate(nodes) if node.get("role") != "NOTE"]
    linked = _linked([node for _, node in numbered]) if joined != "ANY" else frozenset()
    return tuple(
        _rule(node, f"{pointer}/{at}" if pointer else "", doubted, linked=place in linked) for place, (at, node) in enumerate(numbered)
    )


def _linked(nodes: Sequence[Json]) -> frozenset[int]:
    """The places of criteria that an "or" at the end of one, or at the beginning of the next, makes alternatives."""
    found: set[int] = set()
    for at, node in enumerate(nodes):
        texts = node["text"].values()
        found |= {at, at + 1} if any(OPEN_END.search(text) for text in texts) else set()
        found |= {at - 1, at} if any(OPEN_START.search(text) for text in texts) else set()
    return frozenset(found)


def _rule(node: Json, pointer: str, doubted: frozenset[str], *, linked: bool) -> CriterionRule:
    return CriterionRule(
        id=node["id"],
        text=node["text"],
        constraints=tuple(deciding_constraints(node)),
        covered=says_all(node),
        joined=connective(node),
        announces=announces(node),
        combine=node.get("combine", ""),
        at_least=node.get("at_least", 1),
        doubted=any(f"{path}/".startswith(f"{pointer}/") for path in doubted) if pointer else False,
        linked=linked,
        mentions=find_mentions(node),
        children=rules_of(node.get("children", ()), f"{pointer}/children" if pointer else "", doubted, joined=node.get("combine", "")),
    )


def judge(rule: CriterionRule, chart: Chart) -> Judged:
    """The state of a criterion with its evidence; children combine as the words say, else only where all agree."""
    judged = _judge_group(rule, chart) if rule.children else _judge_one(rule, chart)
    if judged.state != UNKNOWN and (rule.doubted or rule.linked):
        return judged._replace(state=UNKNOWN, questions=(OpenQuestion("SOURCE") if rule.doubted else READ,))
    return judged


def _judge_one(rule: CriterionRule, chart: Chart) -> Judged:
    mentioned = judge_mentions(rule.mentions, chart)
    if not rule.covered:
        verdict = mentioned.verdict
        if verdict.state == UNKNOWN:
            return Judged(UNKNOWN, [], (verdict.ask or READ,), mentioned.hints)
        return Judged(verdict.state, [_evidence(mentioned.quote, verdict)], (), mentioned.hints)
    verdicts = [decide(constraint, chart) for constraint in rule.constraints]
    evidence = [_evidence(_quote(c), v) for c, v in zip(rule.constraints, verdicts, strict=True)]
    states = [verdict.state for verdict in verdicts]
    general = NOT_APPLICABLE in states or any(c.get("applies_to") for c in rule.constraints)
    state = combine("" if general else rule.joined, states)
    asked = tuple(dict.fromkeys(verdict.ask for verdict in verdicts if verdict.ask)) or (READ,)
    return Judged(state, evidence, asked if state == UNKNOWN else (), mentioned.hints)


def _judge_group(rule: CriterionRule, chart: Chart) -> Judged:
    judged = [judge(child, chart) for child in rule.children]
    evidence = [item for child in judged for item in child.evidence]
    state = combine(rule.combine, [child.state for child in judged], rule.at_least) if rule.announces else UNKNOWN
    asked = [READ] if not rule.announces else [question for child in judged for question in child.questions] or [READ]
    hints = tuple(hint for child in judged for hint in child.hints)
    return Judged(state, evidence, tuple(dict.fromkeys(asked)) if state == UNKNOWN else (), hints)


def _quote(constraint: Json) -> str:
    return str(next(iter(constraint.get("quote", {}).values()), ""))


def _evidence(quote: str, verdict: Verdict) -> Json:
    found: Json = {"constraint": quote, "state": verdict.state}
    return {**found, "patient": verdict.evidence} if verdict.evidence is not None else found
