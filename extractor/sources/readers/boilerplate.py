"""Lines of a source's pages that are no content, from `tables/boilerplate.tsv`."""

from __future__ import annotations

from extractor.tables import read_table


def boilerplate_of(source: str) -> str:
    """The alternatives of a source's boilerplate, joined for a pattern that must match a whole line.

    >>> boilerplate_of("ctgov_classic").count("|Glossary|")
    1
    """
    return "|".join(line for name, line in read_table("extractor.sources", "boilerplate") if name == source)
