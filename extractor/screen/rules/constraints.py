"""One constraint against one patient: MET, NOT_MET or UNKNOWN, with the value that decided it, or what to ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from extractor.screen.patient.chart import Chart, PatientValue, names_of
from extractor.screen.rules.amounts import compare
from extractor.screen.rules.concerned import is_concerned
from extractor.screen.rules.people import judge_age, judge_sex
from extractor.screen.rules.qualifiers import is_same_measurement
from extractor.screen.rules.verdicts import MET, NOT_APPLICABLE, NOT_MET, OPPOSITE, Verdict, unknown
from extractor.screen.rules.windows import find_anchor, is_placed

Json = dict[str, Any]
OWN_AGE = frozenset({"", "age", "age_months", "age_days"})  # names of the patient's own age: no donor's, no age at onset
FLAGS = {"pregnancy": "pregnant", "lactation": "lactating"}
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6}


def decide(constraint: Json, chart: Chart) -> Verdict:
    """The verdict on one constraint, as written; a denied limit is turned round, an exception decides nothing."""
    if constraint.get("exception"):
        return unknown("EXCEPTION", constraint.get("quote"))
    if constraint.get("applies_to"):
        concerned = is_concerned(constraint["applies_to"], chart)
        if concerned is not True:
            return Verdict(NOT_APPLICABLE) if concerned is False else unknown("PART", constraint["applies_to"])
    rule = RULES.get(constraint["kind"])
    verdict = rule(constraint, chart) if rule else unknown("READ")
    return verdict._replace(state=OPPOSITE[verdict.state]) if constraint.get("negated") else verdict


def _age(constraint: Json, chart: Chart) -> Verdict:
    if constraint.get("variable", {}).get("name", "") not in OWN_AGE or constraint.get("window"):
        return unknown("READ")
    return judge_age(constraint, constraint.get("unit", {}).get("ucum", ""), chart)


def _sex(constraint: Json, chart: Chart) -> Verdict:
    return judge_sex(constraint.get("values", ()), chart)


def _pregnancy(constraint: Json, chart: Chart) -> Verdict:
    """The flag that the variable names: pregnant or lactating; a man is neither."""
    flag = FLAGS.get(constraint.get("variable", {}).get("name", ""), "")
    if not flag or constraint.get("window"):
        return unknown("READ")
    if flag in chart.flags:
        return Verdict(MET if chart.flags[flag] else NOT_MET, {flag: chart.flags[flag]})
    return Verdict(NOT_MET, {"sex": "MALE"}) if chart.sex == "MALE" else unknown("FLAG", FLAG_WORDS[flag])


FLAG_WORDS = {
    "pregnant": {"en": "pregnant", "zh": "妊娠"},
    "lactating": {"en": "breast-feeding", "zh": "哺乳"},
    "healthy_volunteer": {"en": "a healthy volunteer", "zh": "健康志愿者"},
}


def _measured(constraint: Json, chart: Chart) -> Verdict:
    """The latest value decides; in a window all values of it must say the same, since the words may mean any of them."""
    variable = constraint.get("variable", {})
    name = variable.get("name", "")
    told = names_of(name) if name else _words(constraint)
    found = chart.about(name, variable.get("text", ""))
    if name:
        found = [value for value in found if is_same_measurement(name, _text(constraint), value.given)]
    if not found:
        return unknown("VALUE", told)
    chosen = _in_window(constraint["window"], found, chart) if "window" in constraint else _latest(found)
    if not chosen:
        return unknown(*_missing(constraint["window"], chart, told))
    verdicts = [_valued(constraint, value) for value in chosen]
    states = {verdict.state for verdict in verdicts}
    return verdicts[0] if len(states) == 1 else unknown("VALUES", told, [verdict.evidence for verdict in verdicts])


def _words(constraint: Json) -> dict[str, str]:
    """What a constraint without a name of ours speaks of, in the language of its words."""
    text = constraint.get("variable", {}).get("text") or next(iter(constraint.get("quote", {}).values()), "")
    return {"en": text, "zh": text}


def _text(constraint: Json) -> str:
    return " ".join((constraint.get("variable", {}).get("text", ""), *constraint.get("quote", {}).values()))


def _latest(found: list[PatientValue]) -> list[PatientValue]:
    """The values of the latest day, with those that may be as late: undated ones and those of an uncertain day."""
    dated = [value.days for value in found if value.days is not None]
    last = max((days.first for days in dated), default=date.min)
    return [value for value in found if value.days is None or value.days.last >= last]


def _in_window(window: Json, found: list[PatientValue], chart: Chart) -> list[PatientValue]:
    """The values in the window, where every value is surely in or out; else none."""
    placed = [is_placed(window, value.days, chart) for value in found]
    return [] if None in placed else [value for value, inside in zip(found, placed, strict=True) if inside]


def _missing(window: Json, chart: Chart, told: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Why no value lies surely in a window: its anchor has no day, or a value of those days is needed."""
    anchor = window.get("anchor", "SCREENING")
    if find_anchor(window, chart) is None:
        words = anchor.replace("_", " ").lower()
        return "EVENT", {"en": words, "zh": ANCHORS_ZH.get(anchor, words)}
    return "WINDOW", told


ANCHORS_ZH = {
    "SCREENING": "筛选",
    "ENROLLMENT": "入组",
    "RANDOMIZATION": "随机",
    "FIRST_DOSE": "首次给药",
    "LAST_DOSE": "末次给药",
    "CONSENT": "签署知情同意",
    "SURGERY": "手术",
    "BASELINE": "基线",
    "ONSET": "发病",
}


def _valued(constraint: Json, value: PatientValue) -> Verdict:
    """One value against the constraint: a class among classes, or a number between limits."""
    known = {each.upper() for each in constraint.get("values", ())}
    if not known:
        return compare(constraint, _numbered(value))
    roman = known <= ROMAN.keys()
    grade = value.grade or (_roman(value.number) if roman else "")
    if grade not in known and not _is_other_class(grade, known, roman=roman):
        return unknown("VALUE", names_of(value.called), value.shown())
    return Verdict(MET if grade in known else NOT_MET, value.shown())


def _is_other_class(grade: str, known: set[str], *, roman: bool) -> bool:
    """Whether a class is surely none of those known: of the same kind, and neither wider nor narrower (B is not B7, nor surely another)."""
    if not grade or (grade in ROMAN) != roman:
        return False
    return roman or not any(grade.startswith(each) or each.startswith(grade) for each in known)


def _numbered(value: PatientValue) -> PatientValue:
    """A grade that is a plain number, as a number."""
    return value._replace(number=float(value.grade)) if value.number is None and value.grade.isdecimal() else value


def _roman(number: float | None) -> str:
    return next((name for name, value in ROMAN.items() if value == number), "")


RULES: dict[str, Callable[[Json, Chart], Verdict]] = {
    "AGE": _age,
    "SEX": _sex,
    "PREGNANCY": _pregnancy,
    "MEASUREMENT": _measured,
    "SCORE": _measured,
    "DURATION": _measured,
}
