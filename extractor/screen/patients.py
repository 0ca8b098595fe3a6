"""The patient schema: age or birth date, sex, observations with units and dates, scores, flags, dates of events."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

Number = int | float


class Observation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A measured value. `name` is the record's variable name ("platelets"); the limits are the laboratory's own."""

    name: str
    value: Number
    unit: str = ""
    date: str = ""
    loinc: str = ""
    upper_limit: Number | UnsetType = UNSET
    lower_limit: Number | UnsetType = UNSET


class Score(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A score or class: `value` for numbers, `grade` for Roman or lettered classes."""

    name: str
    value: Number | UnsetType = UNSET
    grade: str = ""
    date: str = ""


class PatientAge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An age with its UCUM time unit."""

    value: Number
    unit: Literal["a", "mo", "wk", "d"] = "a"


class Patient(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One patient. `as_of` is the day of screening; `events` are dates by anchor ("ENROLLMENT"); flags are true, false or absent."""

    id: str
    as_of: str = ""
    birth_date: str = ""
    age: PatientAge | UnsetType = UNSET
    sex: Literal["FEMALE", "MALE"] | UnsetType = UNSET
    observations: list[Observation] = []
    scores: list[Score] = []
    flags: dict[str, bool] = {}
    events: dict[str, str] = {}

    def years(self) -> float | None:
        """Age in years on the day of screening: completed years from a birth date, else as given."""
        if self.age is not UNSET:
            per_year = {"a": 1, "mo": 12, "wk": 365.25 / 7, "d": 365.25}[self.age.unit]
            return self.age.value / per_year
        if not self.birth_date or not self.as_of:
            return None
        born, today = date.fromisoformat(self.birth_date), date.fromisoformat(self.as_of)
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


_decoder = msgspec.json.Decoder(Patient)


def parse_patient(line: bytes | str) -> Patient:
    """One patient from a line of JSON.

    Raises ValueError with what is wrong and where.

    >>> parse_patient('{"id": "p1", "age": {"value": 54}, "sex": "FEMALE"}').years()
    54.0
    """
    try:
        return _decoder.decode(line)
    except msgspec.MsgspecError as error:
        raise ValueError(f"this is no patient: {error}") from error
