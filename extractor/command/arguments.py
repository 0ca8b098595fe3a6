"""The options of `extract`, and what makes no sense together: wrong usage ends with exit code 2 before anything is read."""

from __future__ import annotations

import argparse
from pathlib import Path

from extractor.command import PROGRAM, install_hint
from extractor.command.completion import SHELLS
from extractor.findings import SEVERITIES
from extractor.inputs import STDIN
from extractor.inputs.places import WEB
from extractor.sources import FORMATS
from extractor.version import VERSION
from extractor.write.dataset_names import LINES, LOCK, folder_of, is_dataset
from extractor.write.exports import FOLDER, TARGETS
from extractor.write.outputs import DATASET, PAGE, RECORDS, REVIEWS, STDOUT, TABLE, WORKBOOK, Output, endings, explain_ending, find_output

DESCRIPTION = "Turn clinical-trial registry pages and exports, and Chinese drug labels, into structured JSON records."
EXAMPLES = """\
INPUT is a file, a folder, a quoted pattern, an @list, a .gz, .zst, .zip or .tar archive, or - for standard input.
The ending of OUTPUT says what is written; extract --list-formats lists them. A folder/, .jsonl[.gz|.zst], .duckdb or .sqlite is a
dataset: what fails goes to quarantine, and the same command again does only what is new.

examples:
  extract page.html                           one page to the terminal
  extract page.html -o page.json              to a file, written whole or not at all
  extract pages/ exports.zip -o all.jsonl     many documents, one record a line
  extract dump.zip -o trials/                 a registry's dump to tables in Parquet; run again to go on
  extract @files.txt -o trials.duckdb         the same as one DuckDB file
  extract pages/ -o pages.xlsx                a workbook, a sheet a table
  extract pages/ -o c.csv --table criteria    one table for a spreadsheet
  curl -s URL | extract - --no-contacts       from a pipe, without personal data
  extract copied.txt --from chictr -q         say which source it is; no summary
  extract page.html -o review.html            a page on which a person checks the record
  extract pages/ -o review/                   the same for many: an index, a page a record
  extract page.html --to fhir-r5              in another tool's format (also from our own JSON)
{verbs}
exit code: 0 done; 1 a document could not be read (the others are written); 2 wrong usage
"""
ENGINES = ("local", "ray")
LONGEST = 1_000_000  # seconds; a timer takes no more


def make_parser(verbs: dict[str, str]) -> argparse.ArgumentParser:
    """The parser of `extract`; `verbs` are its other commands with an example of each, for the help."""
    told = "".join(f"  {example:43} see {PROGRAM} {verb} --help\n" for verb, example in verbs.items())
    parser = argparse.ArgumentParser(
        PROGRAM,
        usage=f"{PROGRAM} INPUT ... [-o OUTPUT] [OPTION ...]",  # the whole list of options would hide the sentence that says what is wrong
        description=DESCRIPTION,
        epilog=EXAMPLES.format(verbs=told),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("inputs", metavar="INPUT", nargs="*", help="documents to read (- for standard input)")
    _add_reading(parser.add_argument_group("reading"))
    _add_writing(parser.add_argument_group("writing"))
    _add_datasets(parser.add_argument_group("datasets"))
    _add_facts(parser.add_argument_group("facts"))
    return parser


def _add_reading(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--from", dest="source", metavar="SOURCE", default="", choices=FORMATS, help=f"read as this source: {', '.join(FORMATS)}")
    add("--no-contacts", action="store_true", help="leave out persons: names, telephones, addresses")
    add("--no-provenance", action="store_true", help="leave out where each value stands in the document")
    add("--findings", choices=SEVERITIES, default=SEVERITIES[0], help="the least severe findings to keep (default: info, which is all)")
    add("--concepts", action="store_true", help="also mark conditions, drugs and procedures in criteria (extra [concepts])")
    add("--skip-scanned", action="store_true", help="read a PDF's other pages when some are pictures of text")
    add("--apply-review", metavar="REVIEW", default="", help="merge the marks that the review page exported into the record")
    add(
        "--limit-seconds",
        "--limit",
        dest="limit",
        metavar="SECONDS",
        type=float,
        help="time for one document (default: 60; a PDF by its pages)",
    )


def _add_writing(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("-o", "--output", metavar="OUTPUT", default=STDOUT, help=f"what to write: a folder/, or a name in {endings()}")
    add("--table", metavar="NAME", action="append", default=[], help="with .csv, .parquet, .xlsx: the table to write (docs/tables.md)")
    add("--to", dest="target", metavar="TARGET", default="", choices=TARGETS, help=f"another tool's format: {', '.join(TARGETS)}")
    add("--lang", choices=("en", "zh"), default="en", help="with --to: the language to prefer (default: en)")
    add("--validate", action="store_true", help="check every record against the schema")
    add("--strict", action="store_true", help="exit with 1 when a record has a finding of level error")
    add("-q", "--quiet", action="store_true", help="no summary of findings on standard error")
    add("-v", "--verbose", action="store_true", help="tell every finding on standard error")


def _add_datasets(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--workers", metavar="N", type=int, default=0, help="processes that fill a dataset (default: one a core)")
    add("--expect", metavar="N", type=int, default=0, help="fail when a dataset ends up with fewer records")
    add("--compare", action="store_true", help="also fill the tables versions and changes: what differs between versions and registers")
    add("--engine", choices=ENGINES, default="local", help="what runs the workers: this machine, or a Ray cluster (extra [ray])")


def _add_facts(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--schema", action="store_true", help="print the record's JSON Schema and stop")
    add("--list-sources", action="store_true", help="print the sources and their formats and stop")
    add("--list-formats", action="store_true", help="print what -o and --to can write and stop")
    add("--completion", choices=SHELLS, help="print the completion script of a shell and stop")
    add("-V", "--version", action="version", version=f"{PROGRAM} {VERSION}")


def check_usage(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Ends with exit code 2 where the arguments make no sense together; settles the target that an ending stands for."""
    _check_inputs(parser, args)
    _check_numbers(parser, args)
    if args.apply_review and not Path(args.apply_review).is_file():
        parser.error(f"there is no review {args.apply_review}")
    output = find_output(args.output)
    if output and output.way in TARGETS:
        args.target = args.target or output.way
    if args.target:
        _check_target(parser, args)
    elif output is None:
        parser.error(f"{args.output}: the name does not say what to write: {explain_ending(args.output)}")
    else:
        _check_output(parser, args, output)
    if any(_is_same_file(place, args.output) for place in args.inputs):
        parser.error(f"{args.output} is an input: writing there would destroy it")


def _is_same_file(one: str, other: str) -> bool:
    return Path(one).is_file() and Path(other).exists() and Path(one).samefile(other)


def _check_inputs(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    if not args.inputs:
        parser.error("no input: name a file, or - for standard input")
    if not all(place.strip() for place in args.inputs):
        parser.error("an input has an empty name: is a variable of the shell unset?")
    if args.inputs.count(STDIN) > 1:
        parser.error("standard input can be read only once")
    web = next((place for place in args.inputs if place.lower().startswith(WEB)), "")
    if web:
        parser.error(f"{web}: nothing is fetched: save the page and name the file, or pipe it: curl -s URL | {PROGRAM} -")


def _check_numbers(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Ends with exit code 2 where a number makes no sense."""
    if args.workers < 0:
        parser.error("--workers must be a positive number")
    if args.limit is not None and not 0 < args.limit < LONGEST:
        parser.error(f"--limit-seconds must be a positive number below {LONGEST:,}")


def _check_target(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """A target is written to standard output, or to a name that ends as the target's files do."""
    output, allowed = find_output(args.output), TARGETS[args.target].endings
    if args.compare:
        parser.error("--compare makes tables of a dataset, without --to")
    if output and output.way == REVIEWS:
        parser.error("a folder of review pages is made of documents, without --to")
    if output and output.ending == STDOUT:
        return
    if FOLDER in allowed and output and output.ending == FOLDER:
        _check_new_folder(parser, Path(args.output))
    elif not args.output.lower().endswith(tuple(ending for ending in allowed if ending != FOLDER)):
        parser.error(f"{args.output}: --to {args.target} writes {' or '.join(allowed)}: give -o such a name")


def _check_new_folder(parser: argparse.ArgumentParser, folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()):
        parser.error(f"{folder} is a folder with other files: name a new one for -o")


def _check_output(parser: argparse.ArgumentParser, args: argparse.Namespace, output: Output) -> None:
    """Libraries that are there, a table where one is needed, a dataset that spoils nothing."""
    if missing := output.missing():
        parser.error(f"{output.ending} needs {' and '.join(missing)}: {install_hint(missing)}")
    if args.compare and (output.way != DATASET or output.ending.startswith(LINES)):
        parser.error("--compare makes tables of a dataset: give -o a folder/, a .duckdb or a .sqlite; extract compare compares documents")
    if output.way in (TABLE, WORKBOOK):
        _check_tables(parser, args, output)
    elif args.table:
        parser.error(f"--table goes with .csv, .parquet and .xlsx; {args.output} takes all")
    if is_dataset(args.output) and not args.apply_review:
        _check_dataset(parser, args)
    elif output.way not in (RECORDS, PAGE) and args.apply_review and output.ending != LINES:
        parser.error("--apply-review writes records: give -o the name of a .json or .jsonl file")


def _check_tables(parser: argparse.ArgumentParser, args: argparse.Namespace, output: Output) -> None:
    from extractor.write.dataset.columns import table_names  # noqa: PLC0415

    names = table_names()
    unknown = next((name for name in args.table if name not in names), "")
    if unknown:
        parser.error(f"there is no table {unknown}: choose one of {', '.join(names)}")
    if output.way == TABLE and len(args.table) != 1:
        parser.error(
            f"{args.output} holds one table: name it with --table ({', '.join(names)}), or write all to .xlsx, .duckdb or .sqlite;"
            " --to csv writes one flat row a trial"
        )


def _check_dataset(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Ends with exit code 2 where a dataset would spoil other files, or read itself."""
    folder = folder_of(args.output)
    if args.validate or args.strict:
        parser.error("--validate and --strict are for single documents: query the table of findings of a dataset")
    if not (folder / LOCK).exists():
        _check_new_folder(parser, folder)
    above = (folder.resolve(), *folder.resolve().parents)
    if any(Path(place).is_dir() and Path(place).resolve() in above for place in args.inputs):
        parser.error(f"{folder} lies in a folder that is to be read: name another one for -o")
