"""Patients against trials: structured fields, then criteria; a verdict on each pair, ranked for each patient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from extractor.screen.fields import OF_THE_TRIAL, RegisteredField, judge_fields
from extractor.screen.patient import Chart, Patient, chart_of
from extractor.screen.patient.chart import describe_doubts
from extractor.screen.questions import describe
from extractor.screen.rules.trees import CriterionRule, Judged, judge
from extractor.screen.rules.verdicts import MET, NOT_APPLICABLE, NOT_MET, OPPOSITE, UNKNOWN, OpenQuestion
from extractor.screen.trials import ScreenedTrial

Json = dict[str, Any]
ELIGIBLE, EXCLUDED, CLOSED = "ELIGIBLE", "EXCLUDED", "CLOSED"
# Where a trial stands in a patient's list; trials with fewer open questions first, then those with more in favour.
ORDER = {ELIGIBLE: 0, UNKNOWN: 1, CLOSED: 2, EXCLUDED: 3}
FOR, AGAINST, OPEN = "FOR", "AGAINST", "OPEN"
SPEAKS = {MET: FOR, NOT_MET: AGAINST, UNKNOWN: OPEN, NOT_APPLICABLE: FOR}


def screen(patients: Iterable[Patient], trials: list[ScreenedTrial]) -> Iterator[Json]:
    """One row a patient and trial, each patient's trials ranked: what is decided in favour first, then by what is open."""
    for patient in patients:
        chart = chart_of(patient)
        rows = sorted((match(chart, trial) for trial in trials), key=_place)
        yield from ({"patient": chart.id, "rank": rank, **row} for rank, row in enumerate(rows, 1))


def _place(row: Json) -> tuple[int, int, int]:
    return ORDER[row["verdict"]], row["open"], -row["for"]


def match(chart: Chart, trial: ScreenedTrial) -> Json:
    """The verdict on a patient and a trial with its criteria.

    EXCLUDED where one speaks against the patient, CLOSED where the trial takes nobody, ELIGIBLE where all speak in favour and none is
    open, else UNKNOWN.
    """
    fields = [_field_row(field) for field in judge_fields(trial.trial, chart)]
    rows = [_rule_row(rule, judge(rule, chart)) for rule in trial.rules]
    if trial.conflicts:
        _settle(fields, rows, trial)
    if not trial.whole:
        rows.append(_row("criteria", "fields", {"en": "all criteria", "zh": "全部条件"}, Judged(UNKNOWN, [], (OpenQuestion("CRITERIA"),))))
    of_trial = [row for row in fields if row["id"] in OF_THE_TRIAL]
    of_patient = [row for row in (*fields, *rows) if row["id"] not in OF_THE_TRIAL]
    counts = {word: sum(row["speaks"] == said for row in (*fields, *rows)) for word, said in _COUNTED}
    return {
        "trial": trial.id,
        "title": trial.title,
        "status": trial.status,
        "source": trial.source,
        "verdict": _verdict([row["speaks"] for row in of_patient], [row["speaks"] for row in of_trial]),
        **counts,
        "criteria": [*fields, *rows],
        "not_understood": describe_doubts(chart.doubts),
    }


_COUNTED = (("for", FOR), ("against", AGAINST), ("open", OPEN))


def _verdict(patient: list[str], trial: list[str]) -> str:
    if AGAINST in patient:
        return EXCLUDED
    if AGAINST in trial:
        return CLOSED
    return UNKNOWN if OPEN in (*patient, *trial) else ELIGIBLE


def _field_row(field: RegisteredField) -> Json:
    verdict = field.verdict
    evidence: Json = {"constraint": field.text["en"], "state": verdict.state}
    if verdict.evidence is not None:
        evidence["patient" if field.name not in OF_THE_TRIAL else "trial"] = verdict.evidence
    judged = Judged(verdict.state, [evidence] if verdict.state != UNKNOWN else [], (verdict.ask,) if verdict.ask else ())
    return _row(field.name, "fields", field.text, judged)


def _rule_row(rule: CriterionRule, judged: Judged) -> Json:
    return _row(rule.id, "inclusion" if rule.id.startswith("I") else "exclusion", rule.text, judged) | (
        {"children": [_statement(child) for child in rule.children]} if rule.children else {}
    )


def _statement(rule: CriterionRule) -> Json:
    """The words of a child, for a reader."""
    below = {"children": [_statement(child) for child in rule.children]} if rule.children else {}
    return {"id": rule.id, "text": rule.text, **below}


def _row(name: str, section: str, text: Json, judged: Judged) -> Json:
    state = judged.state
    speaks = SPEAKS[OPPOSITE[state] if section == "exclusion" else state]
    row: Json = {"id": name, "section": section, "text": text, "state": state, "speaks": speaks, "evidence": judged.evidence}
    if state == UNKNOWN:
        row["ask"] = [describe(question) for question in judged.questions]
        row |= {"hints": list(judged.hints)} if judged.hints else {}
    return row


def _settle(fields: list[Json], rows: list[Json], trial: ScreenedTrial) -> None:
    """Where the record says that a field and the criteria contradict each other, only what both say stands."""
    for field in fields:
        kinds = {"sex": "SEX"}.get(field["id"], "AGE")
        about = [row for row, rule in zip(rows, trial.rules, strict=False) if any(c["kind"] == kinds for c in rule.constraints)]
        said = {row["speaks"] for row in (field, *about)}
        if field["id"] in trial.conflicts and (AGAINST in said and said != {AGAINST}):
            for row in (field, *about):
                row |= {"state": UNKNOWN, "speaks": OPEN, "evidence": [], "ask": [describe(OpenQuestion("SOURCE"))]}
