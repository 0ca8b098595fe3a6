"""Patients against trials: what a criterion says beyond its constraints makes it UNKNOWN, whatever its numbers say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from extractor.screen.deciding import MET, NOT_MET, OPPOSITE, UNKNOWN, Verdict, decide
from extractor.screen.patients import Patient

Json = dict[str, Any]
# Words that add nothing to a limit beside them. Anything else that is left of a criterion is not covered.
NEUTRAL = frozenset(
    "a an and the of is are be must should have has having with at in for patient patients subject subjects participant participants individual"
    " individuals aged age years year old adult adults male female men women man woman either sex gender any all or both status performance score"
    " value level levels inclusive including between who time".split()
)
NEUTRAL_ZH = re.compile(
    r"患者|受试者|病人|年龄|性别|男女|不限|要求|必须|应|且|和|及|与|的|者|为|在|岁|周岁|含|包括|边界值|评分|水平|状态|体能"
)
NEGATION = re.compile(r"\b(?:not|no|non)\b|非|未|无|不", re.IGNORECASE)  # said by a constraint that is negated
OR = re.compile(r"\bor\b|或", re.IGNORECASE)
AND = re.compile(r"\band\b|和|且|及|与|[,，、;；]", re.IGNORECASE)
_word = re.compile(r"[A-Za-z][A-Za-z-]*|\d+(?:\.\d+)?|[\u3400-\u9fff]+|[≥≤<>=%±]")


@dataclass(frozen=True, slots=True)
class Rule:
    """A criterion made ready: what can be decided of it, and how its parts combine."""

    id: str
    constraints: tuple[Json, ...]
    covered: bool
    joined: str
    announces: bool
    combine: str
    at_least: int
    children: tuple[Rule, ...]

    def decidable(self) -> bool:
        """Whether any part of the tree can be decided."""
        return any(child.decidable() for child in self.children) if self.children else self.covered


@dataclass(frozen=True, slots=True)
class Trial:
    """A record made ready for screening: top-level criteria that can be decided, and the ids of those that cannot."""

    id: str
    rules: tuple[Rule, ...]
    undecidable: tuple[str, ...]


def prepare(record: Json) -> Trial:
    """The top-level criteria of a record, sorted into those that constraints cover, at least in part, and the others."""
    eligibility = record.get("trial", {}).get("eligibility", {})
    rules = [_rule(node) for side in ("inclusion", "exclusion") for node in eligibility.get(side, ()) if node.get("role") != "NOTE"]
    undecidable = tuple(rule.id for rule in rules if not rule.decidable())
    return Trial(record["id"], tuple(rule for rule in rules if rule.decidable()), undecidable)


def _rule(node: Json) -> Rule:
    constraints = tuple(node.get("constraints", ()))
    return Rule(
        id=node["id"],
        constraints=constraints,
        covered=is_covered(node),
        joined=connective(node),
        announces=node.get("role") == "HEADING" or is_stem(node),
        combine=node.get("combine", ""),
        at_least=node.get("at_least", 1),
        children=tuple(_rule(child) for child in node.get("children", ()) if child.get("role") != "NOTE"),
    )


def is_covered(node: Json) -> bool:
    """Whether the constraints' quotes and words that add nothing make up the whole text, in every language."""
    constraints = node.get("constraints", ())
    if not constraints or any(c.get("exception") or c.get("applies_to") for c in constraints):
        return False
    texts = node["text"]
    denied = any(c.get("negated") for c in constraints)
    return all(
        _covers(NEGATION.sub(" ", text) if denied else text, [c.get("quote", {}).get(language, "") for c in constraints])
        for language, text in texts.items()
    )


def _covers(text: str, quotes: list[str]) -> bool:
    rest = NEUTRAL_ZH.sub(" ", OR.sub(" ", _without(text, quotes)))
    return any(quotes) and all(word.casefold() in NEUTRAL for word in _word.findall(rest))


def _without(text: str, quotes: list[str]) -> str:
    for quote in sorted(filter(None, quotes), key=len, reverse=True):
        text = text.replace(quote, " ")
    return text


def connective(node: Json) -> str:
    """How the constraints of one criterion are joined: ALL, ANY, or "" where the words leave it open.

    Words inside a quote count only where several constraints share that quote ("AST or ALT > 3 x ULN").
    """
    constraints = node.get("constraints", ())
    if len(constraints) < 2:
        return "ALL"
    language = "zh" if "zh" in node["text"] else "en"
    quotes = [c.get("quote", {}).get(language, "") for c in constraints]
    shared = {quote for quote in quotes if quotes.count(quote) > 1}
    between = " ".join([_without(node["text"][language], quotes), *shared])
    alternatives = OR.search(between) is not None
    if shared and alternatives and len(set(quotes)) > 1:
        return ""
    if "/" in "".join(shared):
        return ""
    return "ALL" if not alternatives else "" if AND.search(between) else "ANY"


def judge(rule: Rule, patient: Patient) -> tuple[str, list[Json]]:
    """The state of a criterion with its evidence; children combine as the words say, else only where all agree."""
    if rule.children:
        return _judge_group(rule, patient)
    if not rule.covered:
        return UNKNOWN, []
    verdicts = [decide(constraint, patient) for constraint in rule.constraints]
    evidence = [_evidence(c, v) for c, v in zip(rule.constraints, verdicts, strict=True)]
    states = [verdict.state for verdict in verdicts]
    return COMBINED.get(rule.joined, _agreed)(states), evidence


def _judge_group(rule: Rule, patient: Patient) -> tuple[str, list[Json]]:
    judged = [judge(child, patient) for child in rule.children]
    evidence = [item for _, found in judged for item in found]
    states = [state for state, _ in judged]
    combined = _at_least(states, rule.at_least) if rule.combine == "AT_LEAST" else COMBINED.get(rule.combine, _agreed)(states)
    return (combined if rule.announces else UNKNOWN), evidence


def is_stem(node: Json) -> bool:
    """Whether a stem only announces its children and states no condition of its own."""
    return all(
        re.search(r"[:：]\s*$|following|以下|下列|defined (?:as|by)|如下", text, re.IGNORECASE) for text in node["text"].values()
    ) and not node.get("constraints")


def _all(states: list[str]) -> str:
    return NOT_MET if NOT_MET in states else UNKNOWN if UNKNOWN in states else MET


def _any(states: list[str]) -> str:
    return MET if MET in states else UNKNOWN if UNKNOWN in states else NOT_MET


def _agreed(states: list[str]) -> str:
    return states[0] if len(set(states)) == 1 else UNKNOWN


def _at_least(states: list[str], count: int) -> str:
    met = states.count(MET)
    if met >= count:
        return MET
    return NOT_MET if met + states.count(UNKNOWN) < count else UNKNOWN


COMBINED = {"ALL": _all, "ANY": _any}


def _evidence(constraint: Json, verdict: Verdict) -> Json:
    quote = next(iter(constraint.get("quote", {}).values()), "")
    return {"constraint": quote, "state": verdict.state, **({"patient": verdict.evidence} if verdict.evidence is not None else {})}


def screen(patients: Iterable[Patient], trials: list[Trial]) -> Iterator[Json]:
    """One row a patient and trial: EXCLUDED when a criterion decides against, else UNKNOWN or ELIGIBLE."""
    for patient in patients:
        for trial in trials:
            yield _match(patient, trial)


def _match(patient: Patient, trial: Trial) -> Json:
    rows: list[Json] = []
    passed: list[str] = []
    for rule in trial.rules:
        state, evidence = judge(rule, patient)
        rows.append({"id": rule.id, "state": state, "evidence": evidence})
        passed.append(state if rule.id.startswith("I") else OPPOSITE[state])
    certain = passed and not trial.undecidable and UNKNOWN not in passed
    verdict = "EXCLUDED" if NOT_MET in passed else "ELIGIBLE" if certain else "UNKNOWN"
    return {"patient": patient.id, "trial": trial.id, "verdict": verdict, "criteria": rows, "unknown": [*trial.undecidable]}
