"""One output for a run: each way of writing takes the records of a reading; what failed or found no place is told at the end."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

from extractor.command import LIMIT, plural, tell, unwritable
from extractor.command.reading import Intake, Wish
from extractor.errors import ExtractError
from extractor.handover import Export, page_of, review_of
from extractor.inputs import find_inputs
from extractor.pipeline import Options
from extractor.write import to_json
from extractor.write.exports.files import BOM
from extractor.write.files import open_whole, write_many
from extractor.write.outputs import FOLDER, PAGE, RECORDS, STDOUT, TABLE, WORKBOOK, find_output

TARGET = "target"
Notes = list[str]  # what an output could not hold, a sentence each; told also where all else is to be quiet
Way = Callable[[argparse.Namespace, Intake, IO[bytes]], Notes]


class _Nothing(Exception):
    """No record came: the output stays as it was."""


def options_of(args: argparse.Namespace) -> Options:
    """The extractor's options that the arguments ask for."""
    return Options(
        source=args.source,
        contacts=not args.no_contacts,
        provenance=not args.no_provenance,
        concepts=args.concepts,
        skip_scanned=args.skip_scanned,
        findings=args.findings,
        seconds=args.limit or 0.0,
    )


def write_one(args: argparse.Namespace) -> int:
    """Reads all inputs and writes the one output; the exit code. Inputs that fail are named, and the others are written."""
    output = find_output(args.output)
    own = bool(args.target or args.apply_review or (output and output.way in (TABLE, WORKBOOK)))
    wish = Wish(own, args.apply_review, args.validate, args.verbose, args.limit or LIMIT)
    reading = Intake(args.inputs, options_of(args), wish)
    told: Notes = []
    try:
        told = _write(args, reading)
        told += [] if args.quiet else [reading.summary()]
    except _Nothing:
        pass
    except ExtractError as error:
        reading.failures.append(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains when it closes the stream
        return 1
    except OSError as error:
        tell(unwritable(args.output, error))
        return 1
    for sentence in [*reading.failures, *told]:
        tell(sentence)
    severe = args.strict and any(severity == "error" for severity, _ in reading.findings)
    return int(bool(reading.failures) or severe)


def _write(args: argparse.Namespace, reading: Intake) -> Notes:
    """Writes the records in the way that the output asks for.

    Raises OSError, ExtractError, _Nothing.
    """
    output = find_output(args.output)
    if args.target and output and output.ending == FOLDER:
        return _write_folder(args, reading)
    write = WAYS[TARGET] if args.target else WAYS.get(output.way if output else RECORDS, _write_records)
    with open_whole(args.output) as stream:
        notes = write(args, reading, stream)
        if not reading.records and reading.failures:
            raise _Nothing
    return notes


def _write_records(args: argparse.Namespace, reading: Intake, stream: IO[bytes]) -> Notes:
    write_many(reading.each(), stream, array=Path(args.output).suffix == ".json")
    return []


def _write_target(args: argparse.Namespace, reading: Intake, stream: IO[bytes]) -> Notes:
    """The records in another tool's format."""
    done = Export(args.target, args.lang)
    ending = Path(args.output).suffix
    if ending == ".csv":
        stream.write(BOM.encode())
    done.write(reading.each(), stream, ending)
    return _told_of(args, done)


def _write_folder(args: argparse.Namespace, reading: Intake) -> Notes:
    """The same, a file a record in a new folder."""
    done = Export(args.target, args.lang)
    done.write_folder(reading.each(), Path(args.output))
    return _told_of(args, done)


def _told_of(args: argparse.Namespace, done: Export) -> Notes:
    """What a target had no place for; the list of it is written beside the output.

    Raises ExtractError where it holds none of the records.
    """
    notes = [f"{args.target} holds no {kind}s: {plural(count, kind)} left out" for kind, count in sorted(done.skipped.items())]
    if done.skipped and not done.exported:
        raise ExtractError(notes[0])
    if not done.left_out:
        return notes
    where = "name a file with -o to have them listed"
    if args.output != STDOUT:
        place = Path(f"{args.output.rstrip(FOLDER)}.left-out.json")
        place.write_bytes(to_json(done.left_out, indent=2) + b"\n")
        where = f"listed in {place}"
    values = sum(map(len, done.left_out.values()))
    return [*notes, f"{args.target} has no place for {plural(values, 'value')}: {where}"]


def _write_table(args: argparse.Namespace, reading: Intake, stream: IO[bytes]) -> Notes:
    from extractor.write.sheets import write_csv, write_parquet  # noqa: PLC0415 (only tables need it)

    write = write_parquet if args.output.endswith(".parquet") else write_csv
    return write(reading.keyed(), args.table[0], stream)


def _write_workbook(args: argparse.Namespace, reading: Intake, stream: IO[bytes]) -> Notes:
    from extractor.write.sheets import SheetFull, write_workbook  # noqa: PLC0415

    try:
        return write_workbook(reading.keyed(), args.table, stream)
    except SheetFull as error:
        raise ExtractError(str(error)) from error


def _write_page(args: argparse.Namespace, reading: Intake, stream: IO[bytes]) -> Notes:
    """The review page of one document.

    Raises ExtractError.
    """
    items = list(find_inputs(args.inputs))
    if len(items) != 1:
        raise ExtractError(f"a review page shows one document; {len(items)} were named")
    try:
        coming = (review_of(item.read(), item.name, reading.options) for item in items)
        records, text = next(reading.limited(coming))
    except ExtractError as error:
        raise ExtractError(error.named(items[0].shown)) from error
    for record in records:
        reading.count(record, items[0].shown)
    stream.write(page_of(records, text))
    return []


WAYS: dict[str, Way] = {
    RECORDS: _write_records,
    TARGET: _write_target,
    TABLE: _write_table,
    WORKBOOK: _write_workbook,
    PAGE: _write_page,
}
