"""EU Clinical Trials Register (clinicaltrialsregister.eu, 2004 to 2023): protocol pages, text exports, and the JSON that ctrdata makes.

Each country that takes part has a copy of the record, with its own texts, numbers and dates, under the same EudraCT number.
"""

from __future__ import annotations

from collections.abc import Iterator

from extractor.document import Document, Draft, Format
from extractor.sources.readers.paths import holds_record

NAME = "euctr"
PROOF = 8  # numbered sections of the form that a page must show


def recognises(document: Document) -> bool:
    """Whether a page or text shows the form's numbered sections, or a JSON file has its keys."""
    if document.format is Format.JSON:
        from extractor.sources.euctr import data  # noqa: PLC0415 (pages do not need it)

        return holds_record(document.tree.root, data.is_record)
    from extractor.sources.euctr import pages  # noqa: PLC0415 (JSON of other sources does not need it)

    return "EudraCT" in document.text and pages.count_sections(document) >= PROOF


def read(document: Document) -> Iterator[Draft]:
    """One draft a record, in the order of the file."""
    if document.format is Format.JSON:
        from extractor.sources.euctr import data  # noqa: PLC0415

        yield from data.read_data(document, NAME)
    else:
        from extractor.sources.euctr import pages  # noqa: PLC0415

        yield from pages.read_pages(document, NAME)
