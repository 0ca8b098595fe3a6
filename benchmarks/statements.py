"""Count how many criteria with a comparator have a constraint, and how many are complete.

usage: python benchmarks/statements.py FOLDER

A comparator stands before its number (≥ 18, at least 18) or behind it (18 or older); "within" is none. The same documents give the same counts.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import extractor
from extractor.criteria.constraints.lexer import tokenise
from extractor.model import Criterion, Record

COMPARATORS = frozenset({"cmp", "suffix"})


def main() -> None:
    """Prints the counts of a folder's documents; those that cannot be read are left out and counted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    counts: Counter[str] = Counter()
    for path in sorted(path for path in parser.parse_args().folder.rglob("*") if path.is_file()):
        try:
            records = list(extractor.extract(path))
        except extractor.ExtractError:
            counts["documents not read"] += 1
            continue
        counts["documents"] += 1
        for record in records:
            counts["records"] += 1
            for criterion in _criteria(record):
                counts.update(_told(criterion))
    for name, count in counts.items():
        print(f"{count:7} {name}")


def _criteria(record: Record) -> Iterator[Criterion]:
    """All criteria of a trial, children too."""
    found = record.trial.eligibility if record.trial else None
    waiting = [*(found.inclusion or ()), *(found.exclusion or ())] if found else []
    while waiting:
        criterion = waiting.pop()
        waiting += criterion.children or []
        yield criterion


def _told(criterion: Criterion) -> Iterator[str]:
    """The counts that a criterion adds to."""
    yield "criteria"
    if criterion.complete:
        yield "complete"
    words = criterion.text.en or criterion.text.zh or ""
    if any(not COMPARATORS.isdisjoint(token.meanings) for token in tokenise(words)):
        yield "with a comparator"
        yield from ["with a comparator and a constraint"] * bool(criterion.constraints)
        yield from ["with a comparator and complete"] * bool(criterion.complete)


if __name__ == "__main__":
    main()
