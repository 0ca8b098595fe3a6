"""Dates of versions, and what lies after what. A date is after another only where its precision leaves no doubt."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import UNSET

from extractor.compare.couple import fields_of
from extractor.model import Date, Record
from extractor.patterns import lazy_pattern

_in_name = lazy_pattern(r"(?<!\d)((?:19|20)\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


class Dated(NamedTuple):
    """A version's date, "" where there is none, and which field says it."""

    value: str
    origin: str


def dates_of(record: Record) -> dict[str, Date]:
    """The dates that a trial states, by name."""
    trial = record.trial
    if trial is UNSET or trial.dates is UNSET:
        return {}
    return {name: date for name, attribute in fields_of(type(trial.dates)) if (date := getattr(trial.dates, attribute)) is not UNSET}


def date_of(record: Record) -> Dated:
    """The date of a version: stated by the page, of the last update, of a label's last revision or approval, else in the file's name."""
    stated = record.source.version_date
    if stated is not UNSET:
        return Dated(stated, "version_date")
    found = _date_of_label(record) if record.trial is UNSET else _date_of_trial(record)
    named = date_in_name(record)
    return found if found.value else Dated(named, "file" if named else "")


def _date_of_trial(record: Record) -> Dated:
    dates = dates_of(record)
    for name in ("last_update_submitted", "last_update_posted"):
        if name in dates:
            return Dated(dates[name].value, name)
    registration = record.trial.registration if record.trial is not UNSET else UNSET
    updated = UNSET if registration is UNSET else registration.last_updated
    return Dated("", "") if updated is UNSET else Dated(updated, "last_updated")


def _date_of_label(record: Record) -> Dated:
    label = record.label
    if label is UNSET:
        return Dated("", "")
    if label.revised_on:
        return Dated(max(label.revised_on), "revised_on")
    return Dated("", "") if label.approved_on is UNSET else Dated(label.approved_on, "approved_on")


def date_in_name(record: Record) -> str:
    """A date in the name of a document's file, "" where there is none: NCT01234567_20140608.xml."""
    found = _in_name.search(record.source.file)
    return "-".join(found.groups()) if found else ""


def moment_of(record: Record) -> str:
    """The day that orders versions: the one in the file's name, by which archives tell their snapshots, else the version's date."""
    return date_in_name(record) or date_of(record).value[:10]


def is_after(date: str, limit: str) -> bool:
    """Whether a date lies after all that `limit` may mean.

    >>> is_after("2012-12-19", "2012-12"), is_after("2013-01-02", "2012-12"), is_after("2012", "2012-05-01")
    (False, True, False)
    """
    return bool(date and limit) and date[: len(limit)] > limit


def registered_on(record: Record) -> str:
    """The date of registration: stated, or of the first submission or posting; "" where there is none."""
    trial, dates = record.trial, dates_of(record)
    if trial is not UNSET and trial.registration is not UNSET and trial.registration.date is not UNSET:
        return trial.registration.date
    return next((dates[name].value for name in ("first_submitted", "first_posted") if name in dates), "")


def start_of(record: Record) -> str:
    """The date on which a trial starts, as its record says: the start, or the beginning of recruitment."""
    dates = dates_of(record)
    return next((dates[name].value for name in ("start", "recruitment_start", "first_enrollment") if name in dates), "")


def completion_of(record: Record) -> str:
    """The date of the primary completion, or else of the completion."""
    dates = dates_of(record)
    return next((dates[name].value for name in ("primary_completion", "completion") if name in dates), "")


def is_retrospective(record: Record) -> bool:
    """Whether the registration is surely dated after the start."""
    return is_after(registered_on(record), start_of(record))
