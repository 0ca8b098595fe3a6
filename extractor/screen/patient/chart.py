"""The patient's chart: what a file states, read into names, units and days that can be compared. What is not understood is listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from msgspec import UNSET

from extractor.normalise.folding import fold
from extractor.normalise.vocabulary import squeeze
from extractor.screen.patient.ages import AgeRange, age_from_birth, age_from_number
from extractor.screen.patient.days import Days, parse_days
from extractor.screen.patient.names import (
    find_by_code,
    find_variable,
    has_dimension,
    nearest_names,
    nearest_units,
    needs_unit,
    read_unit,
    variables,
)
from extractor.screen.patient.schema import HealthState, Observation, Patient, Score
from extractor.text import has_ideograph

FLAGS = ("pregnant", "lactating", "healthy_volunteer")
ANCHORS = ("ENROLLMENT", "RANDOMIZATION", "FIRST_DOSE", "LAST_DOSE", "CONSENT", "SURGERY", "BASELINE", "ONSET", "SCREENING")


class NotUnderstood(NamedTuple):
    """What a patient's file states and nobody understood: where, what, why, and what may have been meant."""

    place: str
    given: str
    problem: str
    nearest: tuple[str, ...] = ()


class PatientValue(NamedTuple):
    """A number or class of the patient, with its UCUM unit and the days it can be of (None: undated)."""

    name: str
    given: str
    number: float | None
    grade: str
    unit: str
    days: Days | None
    upper_limit: float | None = None
    lower_limit: float | None = None

    def shown(self) -> dict[str, Any]:
        """The value as evidence."""
        found = {
            "name": self.called,
            "value": self.grade or self.number,
            "unit": self.unit,
            "date": "" if self.days is None else str(self.days),
            "given": "" if folded(self.given) == folded(self.called.replace("_", " ")) else self.given,
            "upper_limit": self.upper_limit,
            "lower_limit": self.lower_limit,
        }
        return {key: value for key, value in found.items() if value not in ("", None)}

    @property
    def called(self) -> str:
        """The record's name of the variable, or where it has none the words of the file."""
        return self.name or self.given


class Held(NamedTuple):
    """A condition, medication or procedure; `active` is None where the file does not say, `days` None where it is undated."""

    name: str
    present: bool
    active: bool | None
    start: Days | None
    end: Days | None

    def shown(self) -> dict[str, Any]:
        """The state as evidence."""
        found: dict[str, Any] = {"name": self.name, "start": str(self.start or ""), "end": str(self.end or "")}
        return {key: value for key, value in found.items() if value} | ({} if self.present else {"present": False})


@dataclass(slots=True)
class Chart:
    """A patient made ready. `values` are by the record's variable name, `worded` by the folded words of a name that is not known."""

    id: str
    as_of: date | None = None
    sex: str = ""
    stated_age: tuple[float, str] | None = None
    born: Days | None = None
    values: dict[str, list[PatientValue]] = field(default_factory=lambda: defaultdict(list))
    worded: dict[str, list[PatientValue]] = field(default_factory=lambda: defaultdict(list))
    flags: dict[str, bool] = field(default_factory=dict)
    events: dict[str, Days] = field(default_factory=dict)
    held: dict[str, list[Held]] = field(default_factory=dict)
    doubts: list[NotUnderstood] = field(default_factory=list)

    def age(self, unit: str) -> AgeRange | None:
        """The age in completed units ("a", "mo", "wk", "d") on the day of screening, None where it is not known."""
        if self.stated_age is not None:
            return age_from_number(*self.stated_age, unit)
        if self.born is None or self.as_of is None or self.born.first > self.as_of:
            return None
        return age_from_birth(Days(self.born.first, min(self.born.last, self.as_of)), self.as_of, unit)

    def about(self, name: str, words: str) -> list[PatientValue]:
        """Every value of a variable: by the record's name, or where it has none by the same words."""
        return self.values.get(name, []) if name else self.worded.get(folded(words), [])


def folded(words: str) -> str:
    """Words as look-up key."""
    return squeeze(fold(words))


def chart_of(patient: Patient) -> Chart:
    """The chart of a patient, with a doubt for everything that is not understood."""
    chart = Chart(patient.id, sex="" if patient.sex is UNSET else patient.sex)
    chart.doubts += [NotUnderstood("file", text, "this is not read") for text in patient.unread]
    _read_times(chart, patient)
    _read_names(chart, patient)
    for at, item in enumerate(patient.observations):
        _add(chart, f"observations/{at}", item, _observed(chart, f"observations/{at}", item))
    for at, score in enumerate(patient.scores):
        _add(chart, f"scores/{at}", score, _scored(chart, f"scores/{at}", score))
    for kind in ("conditions", "medications", "procedures"):
        chart.held[kind] = [_held(chart, f"{kind}/{at}", item) for at, item in enumerate(getattr(patient, kind))]
    return chart


def _read_times(chart: Chart, patient: Patient) -> None:
    today = _days(chart, "as_of", patient.as_of)
    if today is not None and today.exact:
        chart.as_of = today.first
    elif today is not None:
        chart.doubts.append(NotUnderstood("as_of", patient.as_of, "the day of screening needs a day"))
    chart.born = _days(chart, "birth_date", patient.birth_date)
    if chart.born is not None and chart.as_of is not None and chart.born.first > chart.as_of:
        chart.doubts.append(NotUnderstood("birth_date", patient.birth_date, "this lies after the day of screening"))
    if patient.age is not UNSET:
        chart.stated_age = (patient.age.value, patient.age.unit)


def _read_names(chart: Chart, patient: Patient) -> None:
    """Flags and events, whose names are a closed set."""
    for name, value in patient.flags.items():
        if name in FLAGS:
            chart.flags[name] = value
        else:
            chart.doubts.append(NotUnderstood(f"flags/{name}", name, "no flag has this name", FLAGS))
    for name, text in patient.events.items():
        found = _days(chart, f"events/{name}", text)
        if name not in ANCHORS:
            chart.doubts.append(NotUnderstood(f"events/{name}", name, "no event has this name", ANCHORS))
        elif found is not None:
            chart.events[name] = found


def _days(chart: Chart, place: str, text: str) -> Days | None:
    if not text:
        return None
    try:
        return parse_days(text)
    except ValueError as error:
        problem = str(error) if "could be either" in str(error) else "this is no date"
        chart.doubts.append(NotUnderstood(place, text, problem, ("YYYY-MM-DD",)))
        return None


def _add(chart: Chart, place: str, item: Observation | Score, value: PatientValue | None) -> None:
    """Keeps a value under its name; one whose name is not known can still be asked for by the same words."""
    if value is None:
        return
    if value.name:
        chart.values[value.name].append(value)
        return
    chart.worded[folded(item.name)].append(value)
    chart.doubts.append(
        NotUnderstood(place, item.name or getattr(item, "loinc", ""), "no variable is known by this name", _near(item.name))
    )


def _near(name: str) -> tuple[str, ...]:
    return tuple(nearest_names(name))


def _observed(chart: Chart, place: str, item: Observation) -> PatientValue | None:
    name = _variable(chart, place, item)
    unit = None if name is None else _unit(chart, f"{place}/unit", item, name)
    if name is None or unit is None:
        return None
    days = _days(chart, f"{place}/date", item.date)
    if item.date and days is None:  # a value of an unknown day is not used: it may be an old one
        return None
    limits = [None if limit is UNSET else float(limit) for limit in (item.upper_limit, item.lower_limit)]
    return PatientValue(name, item.name or item.loinc, item.value, "", unit, days, *limits)


def _variable(chart: Chart, place: str, item: Observation) -> str | None:
    """The record's name of what was observed, "" where it is not known; None where name and code contradict each other, which is told."""
    by_name, by_code = find_variable(item.name), find_by_code(item.loinc)
    if {by_name, by_code} - {"", by_code or by_name}:
        chart.doubts.append(NotUnderstood(place, f"{item.name}, LOINC {item.loinc}", f"the code means {by_code}, the name {by_name}"))
        return None
    if item.loinc and not by_code:
        chart.doubts.append(
            NotUnderstood(f"{place}/loinc", item.loinc, "this code is not known" + (": the name is used" if by_name else ""))
        )
    return by_code or by_name


def _unit(chart: Chart, place: str, item: Observation, name: str) -> str | None:
    """The unit in UCUM; None where the value cannot be used, which is told."""
    try:
        unit = read_unit(item.unit)
    except ValueError:
        chart.doubts.append(NotUnderstood(place, item.unit, "this unit is not known", tuple(nearest_units(item.unit, name))))
        return None
    told = name.replace("_", " ")
    if unit and not has_dimension(unit, name):
        chart.doubts.append(NotUnderstood(place, item.unit, f"{told} has no such unit", tuple(nearest_units(item.unit, name))))
        return None
    if not unit and needs_unit(name):
        chart.doubts.append(NotUnderstood(place, f"{item.value}", f"{told} needs a unit", tuple(nearest_units("", name))))
        return None
    return unit


def _scored(chart: Chart, place: str, item: Score) -> PatientValue | None:
    number = None if item.value is UNSET else item.value
    days = _days(chart, f"{place}/date", item.date)
    if item.date and days is None:
        return None
    return PatientValue(find_variable(item.name), item.name, number, item.grade.strip().upper(), "", days)


def _held(chart: Chart, place: str, item: HealthState) -> Held:
    start, end = _days(chart, f"{place}/start", item.start), _days(chart, f"{place}/end", item.end)
    return Held(item.name, item.present, _is_active(item, start, end, chart.as_of), start, end)


def _is_active(item: HealthState, start: Days | None, end: Days | None, today: date | None) -> bool | None:
    """Whether a state holds on the day of screening; None where a date leaves it open."""
    if not item.active:
        return item.active
    begun = _is_past(start, today) if item.start else True
    over = _is_past(end, today) if item.end else False
    if begun is False or over:
        return False
    return True if begun and over is False else None


def _is_past(days: Days | None, today: date | None) -> bool | None:
    """Whether a date lies before today, None where it may be either side."""
    if days is None or today is None or days.first <= today <= days.last:
        return None
    return days.last < today


def names_of(variable: str) -> dict[str, str]:
    """What people call a variable, in both languages; the name itself where the tables have no words.

    >>> names_of("pain_score")["en"], names_of("creatinine")
    ('pain score', {'en': 'creatinine', 'zh': '肌酐'})
    """
    row = variables().get(variable)
    words = variable.replace("_", " ")
    chinese = next((spelling for spelling in (row.zh if row else ()) if has_ideograph(spelling)), words)
    return {"en": words, "zh": chinese}


def describe_doubts(doubts: Iterable[NotUnderstood]) -> list[dict[str, Any]]:
    """Doubts as plain values for an output."""
    return [{**doubt._asdict(), "nearest": list(doubt.nearest)} if doubt.nearest else _without_nearest(doubt) for doubt in doubts]


def _without_nearest(doubt: NotUnderstood) -> dict[str, Any]:
    return {key: value for key, value in doubt._asdict().items() if key != "nearest"}
