"""The command `extract`: arguments to one library call to an exit code. 0: done, 1: a document failed, 2: wrong usage."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from extractor.errors import ExtractError
from extractor.inputs import STDIN, Input, find_inputs
from extractor.model import Record
from extractor.pipeline import Options, extract
from extractor.sources import FORMATS
from extractor.version import VERSION
from extractor.write import to_json
from extractor.write.dataset.names import LOCK, folder_of, is_dataset, is_lines
from extractor.write.exports import TARGETS

PROGRAM = "extract"
DESCRIPTION = "Turn clinical-trial registry pages and exports, and Chinese drug labels, into structured JSON records."
EXAMPLES = """\
INPUT is a file, a folder, a quoted pattern, an @list, a .gz, .zst, .zip or .tar archive, or - for standard input.
One record is printed indented; several are JSON Lines. An OUTPUT that is a folder/, .jsonl[.gz|.zst] or .duckdb is a
dataset: what fails goes to quarantine, and the same command again does only what is new.

examples:
  extract page.html                           one page to the terminal
  extract page.html -o page.json              to a file, written whole or not at all
  extract pages/ exports.zip -o all.jsonl     many documents, one record a line
  extract dump.zip -o trials/                 a registry's dump to tables in Parquet; run again to go on
  extract @files.txt -o trials.duckdb         the same as one DuckDB file
  curl -s URL | extract - --no-contacts       from a pipe, without personal data
  extract copied.txt --from chictr -q         say which source it is; no summary
  extract page.html -o review.html            a page on which a person checks the record
  extract page.html --to fhir-r5              in another tool's format (also from our own JSON)
  extract screen patients.jsonl trials.jsonl  patients against criteria; see extract screen --help
  extract compare pages/ -o changes.html      what changed from version to version; see extract compare --help

exit code: 0 done; 1 a document could not be read (nothing is written but datasets); 2 wrong usage
"""
PAGE = ".html"
ENGINES = ("local", "ray")
SEVERITIES = {"error": "error", "warning": "warning", "info": "note"}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        PROGRAM, description=DESCRIPTION, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    add = parser.add_argument
    add("inputs", metavar="INPUT", nargs="*", help="documents to read (- for standard input)")
    add("-o", "--output", metavar="OUTPUT", default="-", help="file to write (default: standard output)")
    add("--from", dest="source", metavar="SOURCE", default="", choices=FORMATS, help=f"read as this source: {', '.join(FORMATS)}")
    add("--no-contacts", action="store_true", help="leave out persons: names, telephones, addresses")
    add("--no-provenance", action="store_true", help="leave out where each value stands in the document")
    add("--concepts", action="store_true", help="also mark conditions, drugs and procedures in criteria (extra [concepts])")
    add("--skip-scanned", action="store_true", help="read a PDF's other pages when some are pictures of text")
    add("--validate", action="store_true", help="check every record against the schema (extra [validate])")
    add("--strict", action="store_true", help="exit with 1 when a record has a finding of level error")
    add("--to", dest="target", metavar="TARGET", default="", choices=TARGETS, help=f"another tool's format: {', '.join(TARGETS)}")
    add("--lang", choices=("en", "zh"), default="en", help="with --to: the language to prefer (default: en)")
    add("--apply-review", metavar="REVIEW", default="", help="merge the marks that the review page exported into the record")
    add("--compare", action="store_true", help="also the tables of changes and versions in a dataset")
    add("--workers", metavar="N", type=int, default=0, help="processes that fill a dataset (default: one a core)")
    add("--limit", metavar="SECONDS", type=float, default=60.0, help="time for one document of a dataset (default: 60)")
    add("--expect", metavar="N", type=int, default=0, help="fail when a dataset ends up with fewer records")
    add("--engine", choices=ENGINES, default="local", help="what runs the workers: this machine, or a Ray cluster (extra [ray])")
    add("-q", "--quiet", action="store_true", help="no summary of findings on standard error")
    add("--schema", action="store_true", help="print the record's JSON Schema and stop")
    add("--list-sources", action="store_true", help="print the sources and their formats and stop")
    add("--version", action="version", version=f"{PROGRAM} {VERSION}")
    return parser


@dataclass(slots=True)
class _Run:
    """One call: what was asked for, and what has come of it so far."""

    args: argparse.Namespace
    options: Options
    records: int = 0
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def each(self) -> Iterator[Record]:
        """Every record of every input; what fails is noted, so that one run names all failing inputs."""
        for item in find_inputs(self.args.inputs):
            try:
                yield from self._of(item)
            except ExtractError as error:
                self.failures.append(error.named(item.shown))
            except Exception as error:  # noqa: BLE001 (the last net: a fault of ours is told as one, never shown as a traceback)
                self.failures.append(f"{item.shown}: {_fault(error)}")

    def _of(self, item: Input) -> Iterator[Record]:
        for found in self._records(item):
            record = _reviewed(found, self.args.apply_review) if self.args.apply_review else found
            if self.args.validate:
                _validate(record)
            self.records += 1
            self.findings.update((finding.severity, finding.code) for finding in record.findings)
            yield record

    def _records(self, item: Input) -> Iterator[Record]:
        """The records of an input; where records are handed on, of our own JSON too."""
        if not (self.args.target or self.args.apply_review):
            return extract(item.read(), item.name, self.options)
        from extractor.handover import records_of  # noqa: PLC0415

        return records_of(item.read(), item.name, self.options)

    def summary(self) -> str:
        """One line: how many records, how many findings of each severity, and which."""
        of = {severity: sum(n for (level, _), n in self.findings.items() if level == severity) for severity in SEVERITIES}
        counts = ", ".join(_plural(n, SEVERITIES[severity]) for severity, n in of.items() if n)
        codes = ", ".join(f"{code} {n}" for (_, code), n in sorted(self.findings.items(), key=lambda item: item[0][1]))
        return f"{_plural(self.records, 'record')}; " + (f"{counts} ({codes})" if counts else "no findings")


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _validate(record: Record) -> None:
    from extractor.write.schemas import find_fault  # noqa: PLC0415

    fault = find_fault(to_json(record))
    if fault:
        raise ExtractError(fault)


def _reviewed(record: Record, place: str) -> Record:
    from extractor.write.review.merging import apply_review, parse_review  # noqa: PLC0415 (only --apply-review needs it)

    try:
        return apply_review(record, parse_review(Path(place).read_bytes()))
    except (OSError, ValueError) as error:
        raise ExtractError(f"{place}: {error}") from error


def _fault(error: Exception) -> str:
    """A sentence for what should not happen, with the place that a report needs."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"a fault of this tool ({type(error).__name__}{place}): please report it with the document"


class _Failed(Exception):
    """Some input failed: nothing is to be written."""


def _write(run: _Run) -> None:
    from extractor.write.files import open_whole, write_records  # noqa: PLC0415 (--help and --version need no output)

    with open_whole(run.args.output) as stream:
        if run.args.target:
            _write_target(run, stream)
        elif run.args.output.endswith(PAGE):
            _write_page(run, stream)
        else:
            write_records(run.each(), stream)
        if run.failures:
            raise _Failed


def _write_target(run: _Run, stream: IO[bytes]) -> None:
    """The records in another tool's format; what it cannot hold goes to a file beside the output, and is told."""
    from extractor.handover import Export  # noqa: PLC0415

    done = Export(run.args.target, run.args.lang)
    try:
        done.write(run.each(), stream)
    except ExtractError as error:
        run.failures.append(str(error))
    if not done.left_out or run.failures:
        return
    where = "name a file with -o to have them listed"
    if run.args.output != "-":
        place = Path(f"{run.args.output}.left-out.json")
        place.write_bytes(to_json(done.left_out, indent=2) + b"\n")
        where = f"listed in {place}"
    _tell(f"{run.args.target} has no place for {_plural(sum(map(len, done.left_out.values())), 'value')}: {where}")


def _write_page(run: _Run, stream: IO[bytes]) -> None:
    """The review page of one document."""
    from extractor.handover import page_of, review_of  # noqa: PLC0415

    items = list(find_inputs(run.args.inputs))
    if len(items) != 1:
        run.failures.append(f"a review page shows one document; {len(items)} were named")
        return
    try:
        records, text = review_of(items[0].read(), items[0].name, run.options)
    except ExtractError as error:
        run.failures.append(error.named(items[0].shown))
        return
    run.records = len(records)
    run.findings.update((finding.severity, finding.code) for record in records for finding in record.findings)
    stream.write(page_of(records, text))


def _options(args: argparse.Namespace) -> Options:
    return Options(
        source=args.source,
        contacts=not args.no_contacts,
        provenance=not args.no_provenance,
        concepts=args.concepts,
        skip_scanned=args.skip_scanned,
    )


def _fill(args: argparse.Namespace) -> int:
    """Fills a dataset; 1 where anything went to quarantine, or where it holds fewer records than expected."""
    from extractor import bulk  # noqa: PLC0415 (only datasets need it, and its libraries are an extra)
    from extractor.distributed import find_engine  # noqa: PLC0415

    plan = bulk.Plan(_options(args), lines=is_lines(args.output), limit=args.limit)
    try:
        bulk.check_libraries(args.output)
        job = bulk.Job(plan, args.workers, find_engine(args.engine), args.quiet, args.compare)
        account = bulk.run(args.inputs, args.output, job)
    except (bulk.DatasetInUse, bulk.DatasetDamaged, bulk.WorkersFail) as error:
        _tell(str(error))
        return 1
    except OSError as error:
        _tell(_unwritable(args.output, error))
        return 1
    except ImportError as error:
        _tell(f"a dataset needs {error.name}: pip install 'trial-extractor[{'ray' if error.name == 'ray' else 'bulk'}]'")
        return 2
    for address, reason in account.reasons:
        _tell(f"{address}: {reason}")
    if not args.quiet:
        _tell(account.line())
    if account.totals.records < args.expect:
        _tell(f"{args.expect:,} records were expected: {args.expect - account.totals.records:,} are missing")
    return int(account.quarantined > 0 or account.totals.records < args.expect)


def _run(args: argparse.Namespace) -> int:
    run = _Run(args, _options(args))
    try:
        _write(run)
    except _Failed:
        for failure in run.failures:
            _tell(failure)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains when it closes the stream
        return 1
    except OSError as error:
        _tell(_unwritable(args.output, error))
        return 1
    if not args.quiet:
        _tell(run.summary())
    return int(args.strict and any(severity == "error" for severity, _ in run.findings))


def _unwritable(output: str, error: OSError) -> str:
    return f"{output}: the output cannot be written ({(error.strerror or str(error)).lower()}): choose another place with -o"


def _tell(sentence: str) -> None:
    print(f"{PROGRAM}: {sentence}", file=sys.stderr)  # noqa: T201 (the one place that speaks to people)


def _sources() -> str:
    width = max(map(len, FORMATS))
    return "".join(f"{name:{width}}  {' '.join(sorted(formats))}\n" for name, formats in FORMATS.items())


def _print_facts(args: argparse.Namespace) -> bool:
    """Answers --schema and --list-sources; whether one of them was asked."""
    if args.schema:
        from extractor.write.schemas import schema_json  # noqa: PLC0415

        sys.stdout.buffer.write(schema_json())
    elif args.list_sources:
        sys.stdout.write(_sources())
    return bool(args.schema or args.list_sources)


def _check_usage(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Ends with exit code 2 where the arguments make no sense together."""
    if not args.inputs:
        parser.error("no input: name a file, or - for standard input")
    if args.inputs.count(STDIN) > 1:
        parser.error("standard input can be read only once")
    _check_tables(parser, args)
    if args.output == "-":
        return
    if args.apply_review and not Path(args.apply_review).is_file():
        parser.error(f"there is no review {args.apply_review}")
    if args.target and (is_dataset(args.output) or args.output.endswith(PAGE)) and not args.output.endswith(".jsonl"):
        parser.error("--to writes one file: give -o the name of a file")
    if is_dataset(args.output) and not args.target:
        _check_dataset(parser, args)
    if any(Path(place).is_file() and Path(args.output).exists() and Path(place).samefile(args.output) for place in args.inputs):
        parser.error(f"{args.output} is an input: writing there would destroy it")


def _check_tables(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Ends with exit code 2 where tables of changes are asked for and the output holds none."""
    if args.compare and (is_lines(args.output) or not is_dataset(args.output)):
        parser.error("--compare makes tables of a dataset: give -o a folder/ or a .duckdb; extract compare compares documents")


def _check_dataset(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Ends with exit code 2 where a dataset would spoil other files, or read itself."""
    folder = folder_of(args.output)
    if args.workers < 0 or args.limit <= 0:
        parser.error("--workers and --limit must be positive numbers")
    if args.validate or args.strict:
        parser.error("--validate and --strict are for single documents: query the table of findings of a dataset")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / LOCK).exists():
        parser.error(f"{folder} is a folder with other files: name a new one for -o")
    if any(Path(place).resolve() in (folder.resolve(), *folder.resolve().parents) for place in args.inputs if Path(place).is_dir()):
        parser.error(f"{folder} lies in a folder that is to be read: name another one for -o")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command with `arguments` (default: those of the process); the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["screen"]:
        from extractor.screen.command import run_screen  # noqa: PLC0415 (a consumer of records, not part of reading them)

        return run_screen(given[1:])
    if given[:1] == ["compare"]:
        from extractor.compare.command import run_compare  # noqa: PLC0415 (the same)

        return run_compare(given[1:])
    parser = _parser()
    args = parser.parse_args(given)
    if _print_facts(args):
        return 0
    _check_usage(parser, args)
    try:
        return _fill(args) if is_dataset(args.output) and not (args.target or args.apply_review) else _run(args)
    except KeyboardInterrupt:
        _tell("stopped: " + ("the same command goes on from here" if is_dataset(args.output) else "nothing is written"))
        return 130
