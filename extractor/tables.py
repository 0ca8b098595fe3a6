"""Tables of knowledge that are shipped beside the code: one row a meaning.

A table is UTF-8, columns divided by tabs. Comment lines (`#`) come first and say where the rows come from; then a header; then rows.
"""

from __future__ import annotations

from functools import cache
from pkgutil import get_data  # importlib.resources loads thirty modules more


@cache
def read_table(package: str, name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `<package>/tables/<name>.tsv`, each as long as the header; comment lines and the header are left out.

    >>> read_table("extractor.criteria.constraints", "molar_masses")[0]
    ('calcium', '40.08')
    """
    data = get_data(package, f"tables/{name}.tsv") or b""
    lines = [line for line in data.decode().splitlines() if line and not line.startswith("#")]
    width = lines[0].count("\t") + 1
    return tuple(tuple((line.split("\t") + [""] * width)[:width]) for line in lines[1:])


def read_alternatives(package: str, name: str, kind: str) -> str:
    """The alternatives of a kind, joined for a pattern, from a table whose columns are kind and alternative.

    >>> read_alternatives("extractor.label.fields", "phrases", "includes").count("|") > 2
    True
    """
    return "|".join(words for row, words in read_table(package, name) if row == kind)
