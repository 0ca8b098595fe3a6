"""Records for tests of comparing, made from a few values."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from extractor import parse_criteria
from extractor.model import Coverage, Eligibility, Record, Source, Trial, UnmappedText


def record(number: str = "NCT09990077", *, source: str = "ctgov", form: str = "html", file: str = "", **trial: Any) -> Record:
    """A trial's record; `criteria` is an eligibility text, `unmapped` pairs of label and text, the rest fields of a trial."""
    unmapped = [UnmappedText(label=label, text=text) for label, text in trial.pop("unmapped", ())]
    date = trial.pop("version_date", msgspec.UNSET)
    criteria = trial.pop("criteria", "")
    identifiers = trial.pop("identifiers", [{"value": number, "scheme": scheme_of(number), "primary": True}] if number else [])
    built = msgspec.convert({"identifiers": identifiers, **trial}, Trial)
    if criteria:
        found = parse_criteria(criteria)
        whole = built.eligibility if built.eligibility is not msgspec.UNSET else Eligibility()
        built = msgspec.structs.replace(
            built, eligibility=msgspec.structs.replace(whole, inclusion=found.inclusion, exclusion=found.exclusion)
        )
    digest = hashlib.sha256(repr((number, source, form, file, date, trial, criteria, unmapped)).encode()).hexdigest()
    return Record(
        schema_version="1.0.0",
        kind="trial",
        id=number or f"sha256:{digest[:16]}",
        source=Source(name=source, format=form, file=file, sha256=digest, bytes=1, languages=["en"], version_date=date),  # type: ignore[arg-type]
        trial=built,
        unmapped=unmapped,
        coverage=Coverage(characters=1.0, labels_seen=1, labels_mapped=1),
    )


def scheme_of(number: str) -> str:
    return "NCT" if number.startswith("NCT") else "CHICTR"


def told(comparison: Any) -> list[tuple[str, str, str, str]]:
    """(field, kind, old, new) of every change, values as lines."""
    sides = (
        (change, [side.text if side is not msgspec.UNSET else "" for side in (change.old, change.new)]) for change in comparison.changes
    )
    return [(change.field, change.kind, *texts) for change, texts in sides]


def outcome(measure: str, time_frame: str = "", level: str = "PRIMARY", place: int = 1) -> dict[str, Any]:
    """An outcome of a trial."""
    made = {"id": f"out-{place}", "level": {"code": level}, "measure": {"en": measure}}
    return made | ({"time_frame": {"en": time_frame}} if time_frame else {})
