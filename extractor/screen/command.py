"""`extract screen`: patients and records in, matches out: lines, a table, a workbook or a sheet, by the name of the output."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from extractor.screen.matching import screen
from extractor.screen.patient import Patient, fhir, parse_patient
from extractor.screen.rules.synonyms import use_synonyms
from extractor.screen.sheets import find_writer
from extractor.screen.trials import ScreenedTrial, prepare
from extractor.text import clean_controls
from extractor.write.files import open_whole

DESCRIPTION = "Decide the criteria of trials for patients: MET, NOT_MET or UNKNOWN, with the words and the value as evidence."
EXAMPLES = """\
OUTPUT decides by its name what is written: .jsonl one match a line, .csv one row a criterion, .xlsx a workbook, .html a sheet
that a coordinator reads: what speaks for and against each patient, and the open questions as a checklist.

examples:
  extract 'trials/*.json' -o trials.jsonl                       records of trials
  extract screen patients.jsonl trials.jsonl -o matches.jsonl   every patient against every trial
  extract screen bundle.json trials.jsonl -o sheet.html --language zh --as-of 2026-03-20
                                                                from FHIR, for people

exit code: 0 done; 1 an input is wrong (nothing is written); 2 wrong usage
"""
LANGUAGES = {"en": ("en",), "zh": ("zh",), "both": ("en", "zh")}
Json = dict[str, Any]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "extract screen",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("patients", metavar="PATIENTS", help="patients, one JSON object a line, or FHIR R4 Bundles (docs/screening.md)")
    add("trials", metavar="TRIALS", help="records that extract wrote, one a line or a single one")
    add("-o", "--output", metavar="OUTPUT", default="-", help="file to write (default: lines on standard output)")
    add("--language", choices=tuple(LANGUAGES), default="both", help="of criteria and questions (default: both)")
    add("--as-of", metavar="DATE", default="", help="the day of screening of patients whose file does not say it")
    add("--synonyms", metavar="FILE", default="", help="more names of conditions and drugs (columns: name, broader, en, zh)")
    add("-q", "--quiet", action="store_true", help="do not tell what of the patients' files was not understood")
    return parser


@dataclass(slots=True)
class Told:
    """What is said on standard error: records that are no trials, and what of the patients' files was not understood."""

    lines: list[str]

    def note(self, row: Json) -> None:
        """Notes what was not understood of a patient, once."""
        for doubt in row["not_understood"]:
            near = f": did you mean {' or '.join(doubt['nearest'])}?" if doubt.get("nearest") else ""
            line = f"patient {row['patient']}: {doubt['place']}: {doubt['given']}: {doubt['problem']}{near}"
            if line not in self.lines:
                self.lines.append(line)


def run_screen(arguments: Sequence[str]) -> int:
    """Runs the command; 0 done, 1 an input is wrong (nothing is written), 2 wrong usage."""
    parser = _parser()
    args = parser.parse_args(arguments)
    write = find_writer(args.output)
    if write is None:
        parser.error(f"{args.output}: name it .jsonl, .csv, .xlsx or .html")
    told = Told([])
    try:
        use_synonyms(Path(args.synonyms) if args.synonyms else None)
        patients = read_patients(Path(args.patients), args.as_of)
        trials = read_trials(Path(args.trials), told)
        with open_whole(args.output) as stream:
            write(_noted(screen(patients, trials), told), stream, LANGUAGES[args.language])
    except (OSError, ValueError, ImportError) as error:
        _tell(_sentence(error))
        return 1
    if not args.quiet:
        for line in told.lines:
            _tell(line)
    return 0


def _sentence(error: Exception) -> str:
    if isinstance(error, ImportError):
        return f"a workbook needs {error.name}: pip install {error.name}"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {(error.strerror or str(error)).lower()}"
    return str(error)


def _noted(rows: Iterator[Json], told: Told) -> Iterator[Json]:
    for row in rows:
        told.note(row)
        yield row


def _tell(sentence: str) -> None:
    print(f"extract: {clean_controls(sentence)}", file=sys.stderr)  # noqa: T201 (a command speaks to people)


def read_patients(place: Path, as_of: str = "") -> list[Patient]:
    """The patients of a file, ours or FHIR; `as_of` stands in where one has no day of screening.

    Raises ValueError naming what is no patient.
    """
    data = place.read_bytes()
    try:
        found = fhir.read_patients(data, as_of)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from error
    return found if found is not None else [_dated(patient, as_of) for patient in _read_lines(place, data)]


def _dated(patient: Patient, as_of: str) -> Patient:
    return patient if patient.as_of or not as_of else msgspec.structs.replace(patient, as_of=as_of)


def _read_lines(place: Path, data: bytes) -> Iterator[Patient]:
    """One patient a line, or one object over several lines."""
    lines = [(number, line) for number, line in enumerate(data.splitlines(), 1) if line.strip()]
    if len(lines) > 1 and lines[0][1].strip() in (b"{", b"["):
        lines = [(1, data)]
    for number, line in lines:
        try:
            yield parse_patient(line)
        except ValueError as error:
            raise ValueError(f"{place}: line {number}: {error}") from error


def read_trials(place: Path, told: Told) -> list[ScreenedTrial]:
    """The trials of a file that extract wrote; other records are told and left out.

    Raises ValueError where it holds no trial.
    """
    records = read_records(place)
    trials = [record for record in records if "trial" in record]
    others = [str(record.get("id", "a record")) for record in records if "trial" not in record]
    if others:
        told.lines.append(f"{len(others)} of {len(records)} records are no trials and are left out: {', '.join(others[:5])}")
    if not trials:
        raise ValueError(f"{place}: no record of a trial is in it: write records with extract first")
    return [_prepared(record, place) for record in trials]


def _prepared(record: Json, place: Path) -> ScreenedTrial:
    try:
        return prepare(record)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"{place}: {record['id']} is not built as a record of ours ({error!r}): write it with extract") from error


def read_records(place: Path) -> list[Json]:
    """The records of a file that extract wrote: JSON Lines, one indented record, or a list of records.

    Raises ValueError where it is none of them.
    """
    data = place.read_bytes()
    try:
        found = msgspec.json.decode(data)
    except msgspec.MsgspecError:
        try:
            found = [msgspec.json.decode(line) for line in data.splitlines() if line.strip()]
        except msgspec.MsgspecError as error:
            raise ValueError(f"{place}: these are no records of ours: {error}") from error
    records = found if isinstance(found, list) else [found]
    if not all(isinstance(record, dict) and "id" in record and ("trial" in record or "label" in record) for record in records):
        raise ValueError(f"{place}: these are no records of ours: write them with extract")
    return records
