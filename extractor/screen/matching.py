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
ALTERNATIVE = re.compile(r"\bor\b|或|/", re.IGNORECASE)
_word = re.compile(r"[A-Za-z][A-Za-z-]*|\d+(?:\.\d+)?|[\u3400-\u9fff]+|[≥≤<>=%±]")


@dataclass(frozen=True, slots=True)
class Decidable:
    """A criterion that has something to decide; all others of a trial are UNKNOWN and only counted."""

    id: str
    side: str
    node: Json


@dataclass(frozen=True, slots=True)
class Trial:
    """A record made ready for screening."""

    id: str
    decidable: tuple[Decidable, ...]
    undecidable: tuple[str, ...]


def prepare(record: Json) -> Trial:
    """The top-level criteria of a record, sorted into those that constraints cover and those that they do not."""
    decidable: list[Decidable] = []
    undecidable: list[str] = []
    eligibility = record.get("trial", {}).get("eligibility", {})
    for side in ("inclusion", "exclusion"):
        for node in eligibility.get(side, ()):
            if node.get("role") == "NOTE":
                continue
            if _decidable(node):
                decidable.append(Decidable(node["id"], side, node))
            else:
                undecidable.append(node["id"])
    return Trial(record["id"], tuple(decidable), tuple(undecidable))


def _decidable(node: Json) -> bool:
    """Whether any part of the tree can be decided: covered leaves, or an alternative that one covered leaf settles."""
    children = [child for child in node.get("children", ()) if child.get("role") != "NOTE"]
    if children:
        return any(_decidable(child) for child in children)
    return is_covered(node)


def is_covered(node: Json) -> bool:
    """Whether the constraints' quotes and words that add nothing make up the whole text, in every language."""
    constraints = node.get("constraints", ())
    if not constraints or any(c.get("exception") or c.get("applies_to") for c in constraints):
        return False
    texts = node["text"]
    return all(_covers(text, [c.get("quote", {}).get(language, "") for c in constraints]) for language, text in texts.items())


def _covers(text: str, quotes: list[str]) -> bool:
    rest = text
    for quote in sorted(filter(None, quotes), key=len, reverse=True):
        rest = rest.replace(quote, " ")
    rest = NEUTRAL_ZH.sub(" ", rest)
    return any(quotes) and all(word.casefold() in NEUTRAL for word in _word.findall(rest))


def judge(node: Json, patient: Patient) -> tuple[str, list[Json]]:
    """The state of a criterion with its evidence; children combine as the words say, else only where all agree."""
    children = [child for child in node.get("children", ()) if child.get("role") != "NOTE"]
    if children:
        return _judge_group(node, children, patient)
    if not is_covered(node):
        return UNKNOWN, []
    constraints = node["constraints"]
    verdicts = [decide(constraint, patient) for constraint in constraints]
    evidence = [_evidence(c, v) for c, v in zip(constraints, verdicts, strict=True)]
    states = [verdict.state for verdict in verdicts]
    alternatives = len(states) > 1 and any(ALTERNATIVE.search(text) for text in node["text"].values())
    return (_agreed(states) if alternatives else _all(states)), evidence


def _judge_group(node: Json, children: list[Json], patient: Patient) -> tuple[str, list[Json]]:
    judged = [judge(child, patient) for child in children]
    evidence = [item for _, found in judged for item in found]
    states = [state for state, _ in judged]
    combined = (
        COMBINED.get(node.get("combine", ""), _agreed)(states) if node.get("combine") != "AT_LEAST" else _at_least(states, node["at_least"])
    )
    stem_covered = node.get("role") == "HEADING" or is_stem(node)
    return (combined if stem_covered else UNKNOWN), evidence


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
    for item in trial.decidable:
        state, evidence = judge(item.node, patient)
        rows.append({"id": item.id, "state": state, "evidence": evidence})
    passed = [row["state"] if row["id"].startswith("I") else OPPOSITE[row["state"]] for row in rows]
    open_ones = len(trial.undecidable) + passed.count(UNKNOWN)
    verdict = "EXCLUDED" if NOT_MET in passed else "UNKNOWN" if open_ones or not passed else "ELIGIBLE"
    return {"patient": patient.id, "trial": trial.id, "verdict": verdict, "criteria": rows, "unknown": [*trial.undecidable]}
