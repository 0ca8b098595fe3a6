"""What the command tells of itself without reading anything: sources, formats, the schema, completion for a shell."""

from __future__ import annotations

import argparse
import sys

from extractor.command.completion import completion
from extractor.sources import FORMATS
from extractor.write.exports import TARGETS
from extractor.write.outputs import outputs


def print_facts(parser: argparse.ArgumentParser, args: argparse.Namespace, verbs: list[str]) -> bool:
    """Answers --schema, --list-sources, --list-formats and --completion; whether one of them was asked."""
    if args.schema:
        from extractor.write.schemas import schema_json  # noqa: PLC0415

        sys.stdout.buffer.write(schema_json())
    elif args.list_sources:
        sys.stdout.write(_sources())
    elif args.list_formats:
        sys.stdout.write(_formats())
    elif args.completion:
        sys.stdout.write(completion(parser, args.completion, verbs))
    return bool(args.schema or args.list_sources or args.list_formats or args.completion)


def _sources() -> str:
    width = max(map(len, FORMATS))
    return "".join(f"{name:{width}}  {' '.join(sorted(formats))}\n" for name, formats in FORMATS.items())


def _formats() -> str:
    """Both registries: what -o writes by its ending, and what --to writes."""
    kinds = [(kind.ending, kind.what, kind.reader, f"needs {', '.join(kind.needs)}" if kind.needs else "") for kind in outputs()]
    targets = [(f"--to {name}", target.what, target.reader, " ".join(target.endings)) for name, target in TARGETS.items()]
    return f"{_table('-o NAME, by the ending of NAME', kinds)}\n{_table('in the format of another tool', targets)}"


def _table(title: str, rows: list[tuple[str, str, str, str]]) -> str:
    width = max(len(row[0]) for row in rows)
    lines = (f"  {name:{width}}  {what} (for {reader}){f' [{more}]' if more else ''}" for name, what, reader, more in rows)
    return "\n".join([f"{title}:", *lines]) + "\n"
