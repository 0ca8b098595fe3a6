"""`extract compare`: documents or records in, what changed or disagrees out."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extractor.compare.changes import History
from extractor.compare.report import NEEDS_TEXTS, WRITERS
from extractor.compare.report.telling import counted, counts_of
from extractor.compare.versions import compare_files, compare_registers, compare_versions, group_versions
from extractor.errors import ExtractError
from extractor.handover import records_with_text
from extractor.inputs import STDIN, Input, find_inputs
from extractor.model import Record
from extractor.pipeline import Options
from extractor.sources import FORMATS
from extractor.text import clean_controls
from extractor.write.files import open_whole

DESCRIPTION = "Say what changed between versions of a trial or label, or where the registers of a trial disagree."
EXAMPLES = """\
OLD and NEW are two documents of any form, or two records that extract wrote; files of many records are compared trial by trial.
A single place (a folder, a pattern, an archive, an @list) holds all versions of one or many trials: each is compared with the
one before, in the order of their dates; forms of one version are compared with one another.

examples:
  extract compare may.html june.html                 two versions, as JSON to the terminal
  extract compare pages/ -o changes.html             every version of every trial in a folder, as a page
  extract compare old.pdf new.pdf -o changes.md      two revisions of a drug label
  extract compare registers/ --across -o across.csv  the same trial in several registers, each pair once

exit code: 0 done, whether or not anything differs; 1 a document could not be read (nothing is written); 2 wrong usage
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "extract compare",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("old", metavar="OLD", help="the older document, or the place that holds all of them")
    add("new", metavar="NEW", nargs="?", help="the newer document")
    add("-o", "--output", metavar="OUTPUT", default="-", help=f"file to write: {', '.join(WRITERS)} (default: JSON on standard output)")
    add("--across", action="store_true", help="compare the registers of each trial, not its versions")
    add("--from", dest="source", metavar="SOURCE", default="", choices=FORMATS, help="read as this source")
    add("--no-contacts", action="store_true", help="leave out persons: names, telephones, addresses")
    add("-q", "--quiet", action="store_true", help="no summary on standard error")
    return parser


@dataclass(slots=True)
class _Reading:
    """What was read: records, texts of documents by their SHA-256 where a page shows them, and what failed."""

    options: Options
    with_texts: bool
    texts: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def records(self, place: str) -> Iterator[Record]:
        """Every record of every document of a place; what fails is noted, so that one run names all of it."""
        for item in find_inputs([place]):
            try:
                yield from self._of(item)
            except ExtractError as error:
                self.failures.append(error.named(item.shown))

    def _of(self, item: Input) -> Iterator[Record]:
        data = item.read()
        for record, text in records_with_text(data, item.name, self.options):
            if self.with_texts and text:
                self.texts.setdefault(record.source.sha256, text)
            yield record


def run_compare(arguments: Sequence[str]) -> int:
    """Runs the command; 0 done, 1 a document failed (nothing is written), 2 wrong usage."""
    parser = _parser()
    args = parser.parse_args(arguments)
    ending = ".json" if args.output == "-" else Path(args.output).suffix.lower()
    if ending not in WRITERS:
        parser.error(f"-o takes a name that ends in {', '.join(WRITERS)}")
    if args.across and args.new:
        parser.error("--across takes one place with the documents of all registers")
    if args.new == args.old == STDIN:
        parser.error("standard input can be read only once")
    return _run(args, ending)


def _run(args: argparse.Namespace, ending: str) -> int:
    reading = _Reading(Options(source=args.source, contacts=not args.no_contacts), ending in NEEDS_TEXTS)
    try:
        histories = _told(args, reading)
        if reading.failures:
            return _fail(*reading.failures)
        if not histories:
            return _fail(_nothing(args))
        with open_whole(args.output) as stream:
            stream.write(WRITERS[ending](histories, reading.texts).encode())
    except ExtractError as error:
        return _fail(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains when it closes the stream
        return 1
    except OSError as error:
        return _fail(
            f"{args.output}: the output cannot be written ({(error.strerror or str(error)).lower()}): choose another place with -o"
        )
    if not args.quiet:
        _tell(_summary(histories))
    return 0


def _told(args: argparse.Namespace, reading: _Reading) -> list[History]:
    """The histories of what the arguments name.

    Raises ExtractError.
    """
    try:
        return _histories(args, reading)
    except RecursionError as error:
        raise ExtractError(f"{args.old}: a record nests too deep to be compared: was it made by extract?") from error


def _histories(args: argparse.Namespace, reading: _Reading) -> list[History]:
    if args.new is not None:
        return compare_files(list(reading.records(args.old)), list(reading.records(args.new)))
    records = list(reading.records(args.old))
    if args.across:
        return compare_registers(records)
    return [compare_versions(group) for group in group_versions(records) if len(group) > 1]


def _nothing(args: argparse.Namespace) -> str:
    if args.across:
        return f"{args.old}: no trial stands in two registers here (they are linked by registered numbers only)"
    return f"{args.old}: no trial or label has two versions here: name two documents to compare them whatever their numbers"


def _summary(histories: Sequence[History]) -> str:
    """One line: how many versions of how many trials, and the changes by severity."""
    versions = sum(len(history.versions) for history in histories)
    counts: Counter[str] = counts_of(*(comparison for history in histories for comparison in history.comparisons))
    kinds = {history.kind for history in histories}
    word = "label" if kinds == {"label"} else "trial"
    return f"{versions} versions of {len(histories)} {word}{'' if len(histories) == 1 else 's'}; {counted(counts)}"


def _fail(*sentences: str) -> int:
    for sentence in sentences:
        _tell(sentence)
    return 1


def _tell(sentence: str) -> None:
    print(f"extract: {clean_controls(sentence)}", file=sys.stderr)  # noqa: T201 (a command speaks to people)
