"""The command `extract`: arguments to one call to an exit code. 0: done, 1: a document failed, 2: wrong usage."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple

from extractor.command import tell
from extractor.command.arguments import check_usage, make_parser
from extractor.command.facts import print_facts
from extractor.write.dataset.names import is_dataset

STOPPED = 130  # the exit code of a command that Ctrl-C ended, by the shells' custom


class Verb(NamedTuple):
    """Another command: where its function stands that takes arguments and returns an exit code, and an example for the help."""

    module: str
    function: str
    example: str


VERBS: dict[str, Verb] = {
    "screen": Verb("extractor.screen.command", "run_screen", "extract screen patients.jsonl trials.jsonl"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command with `arguments` (default: those of the process); the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] and given[0] in VERBS:
        verb = VERBS[given[0]]
        code: int = getattr(import_module(verb.module), verb.function)(given[1:])
        return code
    return _extract(given)


def _extract(given: list[str]) -> int:
    parser = make_parser({name: verb.example for name, verb in VERBS.items()})
    args = parser.parse_args(given)
    if print_facts(parser, args, list(VERBS)):
        return 0
    check_usage(parser, args)
    dataset = is_dataset(args.output) and not (args.target or args.apply_review)
    try:
        if dataset:
            from extractor.command.filling import fill_dataset  # noqa: PLC0415 (only datasets need it)

            return fill_dataset(args)
        from extractor.command.writing import write_one  # noqa: PLC0415 (facts and datasets do not need it)

        return write_one(args)
    except KeyboardInterrupt:
        tell("stopped: " + ("the same command goes on from here" if dataset else "nothing is written"))
        return STOPPED
