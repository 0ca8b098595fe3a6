"""The trial's structured fields against the chart: status, withdrawal, age, sex, healthy volunteers. Each is a row like a criterion's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from extractor.screen.patient.chart import Chart
from extractor.screen.patient.names import HERE
from extractor.screen.rules.constraints import FLAG_WORDS
from extractor.screen.rules.people import judge_age, judge_sex
from extractor.screen.rules.synonyms import is_same
from extractor.screen.rules.verdicts import MET, NOT_MET, UNKNOWN, Verdict, unknown
from extractor.tables import read_table

Json = dict[str, Any]
# What closes a trial for everybody, whoever the patient is.
OF_THE_TRIAL = frozenset({"status", "withdrawn"})
UNITS = {"YEAR": "a", "MONTH": "mo", "WEEK": "wk", "DAY": "d"}
UNIT_WORDS = {
    "YEAR": {"en": "years", "zh": "岁"},
    "MONTH": {"en": "months", "zh": "个月"},
    "WEEK": {"en": "weeks", "zh": "周"},
    "DAY": {"en": "days", "zh": "天"},
    "HOUR": {"en": "hours", "zh": "小时"},
    "MINUTE": {"en": "minutes", "zh": "分钟"},
}
SEX_WORDS = {
    "ALL": {"en": "all sexes", "zh": "男女不限"},
    "FEMALE": {"en": "female only", "zh": "仅限女性"},
    "MALE": {"en": "male only", "zh": "仅限男性"},
}
AGES = {"minimum_age": ("low", {"en": "at least", "zh": "不小于"}), "maximum_age": ("high", {"en": "at most", "zh": "不大于"})}


class RegisteredField(NamedTuple):
    """A structured field: its name in the record, what it says in both languages, and the verdict."""

    name: str
    text: dict[str, str]
    verdict: Verdict


def judge_fields(trial: Json, chart: Chart) -> Iterator[RegisteredField]:
    """The fields of a trial that limit who may take part; a field that the record does not have is left out, but for the status."""
    eligibility = trial.get("eligibility", {})
    yield _status(trial)
    if "withdrawn" in trial.get("registration", {}):
        words = trial["registration"]["withdrawn"]
        yield RegisteredField("withdrawn", {"en": "registration withdrawn", "zh": "注册已撤销"}, Verdict(NOT_MET, {"title": words}))
    for name, (end, words) in AGES.items():
        if name in eligibility:
            yield _age(name, end, words, eligibility[name], chart)
    code = eligibility.get("sex", {}).get("code", "")
    if code in SEX_WORDS:
        yield RegisteredField("sex", SEX_WORDS[code], judge_sex([code], chart))
    if "healthy_volunteers" in eligibility:
        yield _healthy(trial, chart)


@cache
def _statuses() -> dict[str, tuple[str, dict[str, str]]]:
    return {code: (state, {"en": en, "zh": zh}) for code, state, en, zh in read_table(HERE, "statuses")}


def _status(trial: Json) -> RegisteredField:
    """Whether the trial takes participants today."""
    overall = trial.get("status", {}).get("overall", {})
    code = overall.get("code", "")
    state, words = _statuses().get(code, (UNKNOWN, overall.get("text") or {"en": "no status", "zh": "无状态"}))
    words = {"en": words.get("en") or words.get("zh", ""), "zh": words.get("zh") or words.get("en", "")}
    evidence = {"status": code} if code else None
    verdict = unknown("STATUS", words, evidence) if state == UNKNOWN else Verdict(state, evidence)
    return RegisteredField("status", words, verdict)


def _age(name: str, end: str, words: Json, age: Json, chart: Chart) -> RegisteredField:
    limits = {end: {"value": age["value"], "inclusive": True}}
    told = UNIT_WORDS[age["unit"]]
    text = {language: f"{words[language]} {age['value']} {told[language]}" for language in ("en", "zh")}
    return RegisteredField(name, text, judge_age(limits, UNITS.get(age["unit"], ""), chart))


def _healthy(trial: Json, chart: Chart) -> RegisteredField:
    """Where no healthy volunteers are taken: met by who has a condition that the trial is about."""
    if trial["eligibility"]["healthy_volunteers"]:
        return RegisteredField("healthy_volunteers", {"en": "healthy volunteers accepted", "zh": "接受健康志愿者"}, Verdict(MET))
    text = {"en": "no healthy volunteers", "zh": "不接受健康志愿者"}
    flag = chart.flags.get("healthy_volunteer")
    if flag is not None:
        return RegisteredField("healthy_volunteers", text, Verdict(NOT_MET if flag else MET, {"healthy_volunteer": flag}))
    names = [name for condition in trial.get("conditions", ()) for name in condition.get("name", {}).values()]
    for held in chart.held.get("conditions", ()):
        if held.present and held.active and any(is_same(name, held.name) for name in names):
            return RegisteredField("healthy_volunteers", text, Verdict(MET, held.shown()))
    return RegisteredField("healthy_volunteers", text, unknown("HEALTHY", FLAG_WORDS["healthy_volunteer"]))
