"""The command `extract`: arguments to one call to an exit code. 0: done, 1: a document failed, 2: wrong usage."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple

from extractor.command import tell
from extractor.command.arguments import check_usage, make_parser
from extractor.command.facts import print_facts
from extractor.write.outputs import DATASET, REVIEWS, find_output

STOPPED = 130  # the exit code of a command that Ctrl-C ended, by the shells' custom


class Verb(NamedTuple):
    """Another command: where its function stands that takes arguments and returns an exit code, and an example for the help."""

    module: str
    function: str
    example: str


VERBS: dict[str, Verb] = {
    "screen": Verb("extractor.screen.command", "run_screen", "extract screen patients.jsonl trials.jsonl"),
    "compare": Verb("extractor.compare.command", "run_compare", "extract compare pages/ -o changes.html"),
}

ONE_FILE = ("extractor.command.writing", "write_one")
RUNS = {
    DATASET: ("extractor.command.filling", "fill_dataset"),
    REVIEWS: ("extractor.command.reviewing", "write_review_folder"),
}  # by the way of an output; all others write one file


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command with `arguments` (default: those of the process); the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] and given[0] in VERBS:
        verb = VERBS[given[0]]
        return _call(verb.module, verb.function, given[1:])
    return _extract(given)


def _extract(given: list[str]) -> int:
    parser = make_parser({name: verb.example for name, verb in VERBS.items()})
    args = parser.parse_args(given)
    if print_facts(parser, args, list(VERBS)):
        return 0
    check_usage(parser, args)
    found = None if args.target or args.apply_review else find_output(args.output)
    way = found.way if found else ""
    try:
        return _call(*RUNS.get(way, ONE_FILE), args)
    except KeyboardInterrupt:
        tell("stopped: " + ("the same command goes on from here" if way == DATASET else "nothing is written"))
        return STOPPED


def _call(module: str, function: str, argument: Any) -> int:
    """Runs a function by its name: no command imports what another needs."""
    code: int = getattr(import_module(module), function)(argument)
    return code
