"""What the command `extract` does between its arguments and its exit code: read, write, fill a dataset, tell facts."""

from __future__ import annotations

import sys

from extractor.text import clean_controls

PROGRAM = "extract"
LIMIT = 60.0  # seconds for one document


def tell(sentence: str) -> None:
    """Says one sentence to the person at the terminal."""
    print(f"{PROGRAM}: {clean_controls(sentence)}", file=sys.stderr)  # noqa: T201 (the one place that speaks to people)


def plural(count: int, word: str) -> str:
    """A count with its word.

    >>> plural(1, "record"), plural(2000, "input")
    ('1 record', '2,000 inputs')
    """
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def unwritable(output: str, error: OSError) -> str:
    """A sentence for an output that the system refuses."""
    return f"{output}: the output cannot be written ({(error.strerror or str(error)).lower()}): choose another place with -o"


def install_hint(libraries: list[str]) -> str:
    """How to get libraries that are missing: by their own names, since the project is installed from a checkout.

    >>> install_hint(["duckdb", "pyarrow"])
    'pip install duckdb pyarrow'
    """
    return f"pip install {' '.join(libraries)}"
