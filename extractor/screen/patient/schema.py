"""The patient as a file states one: age or birth date, sex, observations, scores, flags, conditions, medications, dates of events."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

Number = int | float


class Stated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of what a patient file states: frozen, and a field of another name is an error."""


class Observation(Stated, frozen=True):
    """A measured value. `name` is any spelling of a variable ("PLT"), `unit` any spelling of a unit; the limits are the laboratory's own."""

    value: Number
    name: str = ""
    unit: str = ""
    date: str = ""
    loinc: str = ""
    upper_limit: Number | UnsetType = UNSET
    lower_limit: Number | UnsetType = UNSET


class Score(Stated, frozen=True):
    """A score or class: `value` for numbers, `grade` for Roman or lettered classes."""

    name: str
    value: Number | UnsetType = UNSET
    grade: str = ""
    date: str = ""


class PatientAge(Stated, frozen=True):
    """An age in completed units of time, with its UCUM unit."""

    value: Number
    unit: Literal["a", "mo", "wk", "d"] = "a"


class HealthState(Stated, frozen=True):
    """A condition, medication or procedure. It is so today unless `active` is false, null (not known) or `end` lies in the past.

    `present` false says that the patient surely does not have it and never had.
    """

    name: str
    start: str = ""
    end: str = ""
    active: bool | None = True
    present: bool = True


class Patient(Stated, frozen=True):
    """One patient. `as_of` is the day of screening; `events` are dates by anchor ("ENROLLMENT"); flags are true, false or absent.

    `unread` lists what the patient's file holds and no field takes.
    """

    id: str
    as_of: str = ""
    birth_date: str = ""
    age: PatientAge | UnsetType = UNSET
    sex: Literal["FEMALE", "MALE"] | UnsetType = UNSET
    observations: list[Observation] = []
    scores: list[Score] = []
    flags: dict[str, bool] = {}
    events: dict[str, str] = {}
    conditions: list[HealthState] = []
    medications: list[HealthState] = []
    procedures: list[HealthState] = []
    unread: list[str] = []


_decoder = msgspec.json.Decoder(Patient)


def parse_patient(line: bytes | str) -> Patient:
    """One patient from a line of JSON.

    Raises ValueError with what is wrong and where.

    >>> parse_patient('{"id": "p1", "age": {"value": 54}, "sex": "FEMALE"}').age.value
    54
    """
    try:
        return _decoder.decode(line)
    except msgspec.MsgspecError as error:
        raise ValueError(f"this is no patient: {error}") from error
