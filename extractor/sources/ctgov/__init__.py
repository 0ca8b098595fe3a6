"""ClinicalTrials.gov: one source in many forms; this module tells them apart, a module each holds their tables."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.document import Document, Draft, Format

NAME = "ctgov"
PAGES = (Format.HTML, Format.TEXT, Format.PDF)


def recognises(document: Document) -> bool:
    """Whether the document is a ClinicalTrials.gov record, by its keys, its root element or its labels."""
    if document.format in PAGES:
        from extractor.sources.ctgov import pages  # noqa: PLC0415 (structured records need none of its tables)

        return pages.recognises(document)
    from extractor.sources.ctgov import structured  # noqa: PLC0415 (pages need none of its tables)

    return structured.recognises(document)


def read(document: Document) -> Iterator[Draft]:
    """One draft a study, in the order of the file."""
    if document.format in PAGES:
        from extractor.sources.ctgov import pages  # noqa: PLC0415

        yield from pages.read(document)
        return
    from extractor.sources.ctgov import structured  # noqa: PLC0415

    yield from structured.read(document)
