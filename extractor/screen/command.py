"""`extract screen`: patients and records in, one match a line out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from extractor.screen.matching import prepare, screen
from extractor.screen.patients import Patient, parse_patient
from extractor.text import clean_controls
from extractor.write import to_json
from extractor.write.files import open_whole

DESCRIPTION = "Decide the criteria of trials for patients: MET, NOT_MET or UNKNOWN, with the constraint and the value as evidence."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("extract screen", description=DESCRIPTION, allow_abbrev=False)
    parser.add_argument("patients", metavar="PATIENTS", help="patients, one JSON object a line (docs/screening.md)")
    parser.add_argument("trials", metavar="TRIALS", help="records that extract wrote, one a line or a single one")
    parser.add_argument("-o", "--output", metavar="OUTPUT", default="-", help="file to write (default: standard output)")
    return parser


def run_screen(arguments: Sequence[str]) -> int:
    """Runs the command; 0 done, 1 an input is wrong (nothing is written), 2 wrong usage."""
    args = _parser().parse_args(arguments)
    try:
        patients = read_patients(Path(args.patients))
        trials = [prepare(record) for record in read_records(Path(args.trials))]
        with open_whole(args.output) as stream:
            stream.writelines(to_json(row) + b"\n" for row in screen(patients, trials))
    except (OSError, ValueError) as error:
        print(f"extract: {clean_controls(str(error))}", file=sys.stderr)  # noqa: T201 (a command speaks to people)
        return 1
    return 0


def read_patients(place: Path) -> list[Patient]:
    """The patients of a file.

    Raises ValueError naming the line that is no patient.
    """
    found = []
    for number, line in enumerate(place.read_bytes().splitlines(), 1):
        if line.strip():
            try:
                found.append(parse_patient(line))
            except ValueError as error:
                raise ValueError(f"{place}: line {number}: {error}") from error
    return found


def read_records(place: Path) -> list[dict[str, object]]:
    """The records of a file that extract wrote: JSON Lines, or one indented record.

    Raises ValueError where it is neither.
    """
    data = place.read_bytes()
    try:
        return [msgspec.json.decode(data)]
    except msgspec.MsgspecError:
        pass
    try:
        return [msgspec.json.decode(line) for line in data.splitlines() if line.strip()]
    except msgspec.MsgspecError as error:
        raise ValueError(f"{place}: these are no records of ours: {error}") from error
