"""Records handed to others: in a target's format, as a review page, or with the marks of a review merged in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec

from extractor.document import Document, Format
from extractor.errors import ExtractError
from extractor.languages import to_model
from extractor.limits import Allow, run_apart
from extractor.model import Record
from extractor.pipeline import Options, extract, extract_with_document
from extractor.write.exports import WrongKind, export
from extractor.write.exports.files import write_folder, write_values

if TYPE_CHECKING:
    from extractor.write.review.view import DocumentView

PAGE = ".html"
DRAWING = 3.0  # seconds of computing for a page; 0.1 is usual
HEAD = 400  # bytes in which a file of ours names its schema version: it is the first key


@cache
def _own() -> msgspec.json.Decoder[Record]:
    """The decoder of our own records; it takes long to make, and documents need none."""
    return msgspec.json.Decoder(Record)


def find_own(data: bytes) -> list[Record] | None:
    """The records of a file that this tool wrote (one record, an array, or JSON Lines), None where the bytes are something else."""
    head = data[:HEAD].lstrip()
    if not head.startswith((b"{", b"[")) or b'"schema_version"' not in head:
        return None
    try:
        return [read_record(item) for item in (msgspec.json.decode(data, type=list[msgspec.Raw]) if head.startswith(b"[") else [data])]
    except msgspec.MsgspecError:
        return _read_lines(data)


def read_record(line: bytes) -> Record:
    """The record whose JSON this is.

    Raises msgspec.ValidationError where it is none.
    """
    try:
        return _own().decode(line)
    except msgspec.ValidationError:  # texts in other languages than Chinese and English
        return to_model(msgspec.json.decode(line), Record)


def _read_lines(data: bytes) -> list[Record]:
    try:
        return [read_record(line) for line in data.splitlines() if line.strip()]
    except msgspec.MsgspecError as error:
        raise ExtractError(f"this looks like our own JSON, but it is not valid: {error}") from error


def records_of(data: bytes, name: str, options: Options) -> Iterator[Record]:
    """The records of a document, or of a file that this tool wrote."""
    own = find_own(data)
    if own is None:
        yield from extract(data, name, options)
    elif options.contacts:
        yield from own
    else:
        from extractor.privacy import redact_record  # noqa: PLC0415 (only --no-contacts needs the room)

        yield from map(redact_record, own)


def records_with_text(data: bytes, name: str, options: Options) -> Iterator[tuple[Record, str]]:
    """The records of a document with its text as it may be shown: persons are covered where `options` say so. "" for a file of our own, which holds no text."""
    if find_own(data) is None:
        for record, document in extract_with_document(data, name, options):
            yield record, document.text
    else:
        yield from ((record, "") for record in records_of(data, name, options))


def review_of(data: bytes, name: str, options: Options) -> tuple[list[Record], DocumentView]:
    """The records of a document and the document as a page may show it.

    Raises ExtractError where the bytes are our own JSON: the page needs the document itself.
    """
    from extractor.write.review.view import shown, view_of  # noqa: PLC0415 (only review pages show documents)

    if find_own(data) is not None:
        raise ExtractError("a review page needs the document, not its record: name the document")
    found = list(extract_with_document(data, name, options))
    records, document = [record for record, _ in found], found[0][1]
    view = view_of(document, _pictures(document, options.seconds) if options.contacts else ())
    if not options.contacts:
        view = _without_persons(view)
    return records, shown(view, [record.to_dict() for record in records], contacts=options.contacts)


def _without_persons(view: DocumentView) -> DocumentView:
    """The view with persons covered in its keys too: a column or a key can be named after one."""
    from extractor.privacy.covering import cover, find_persons  # noqa: PLC0415 (only --no-contacts needs the room)

    return replace(view, lines=tuple(line._replace(key=cover(line.key, find_persons(line.key))) for line in view.lines))


def _pictures(document: Document, seconds: float) -> Iterable[bytes]:
    """The pages of a PDF, drawn in a process that can be ended.

    Raises InputTooLarge where that takes too long.
    """
    if document.format is not Format.PDF:
        return ()
    from extractor.decode.pdf.pictures import draw_pages  # noqa: PLC0415 (only a PDF needs pdfium)

    limit = seconds or DRAWING * (1 + document.pages)

    def draw(allow: Allow) -> list[bytes]:
        allow(limit, f"drawing its pages takes more than {limit:g} seconds of computing: allow more with --limit-seconds")
        return list(draw_pages(document.data))

    return run_apart(draw)


def page_of(records: list[Record], view: DocumentView) -> bytes:
    """The review page."""
    from extractor.write.review import review_page  # noqa: PLC0415

    return review_page([record.to_dict() for record in records], view).encode()


@dataclass(slots=True)
class Export:
    """Records on their way to one target.

    `left_out` gathers what it could not hold, by record; `skipped` counts the records of kinds that it does not hold, by kind.
    """

    target: str
    language: str = "en"
    left_out: dict[str, list[str]] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    exported: int = 0

    def values(self, records: Iterable[Record]) -> Iterator[tuple[str, Any]]:
        """The id of each record that the target holds, with the record in the target's form."""
        for record in records:
            try:
                value, left_out = export(record.to_dict(), self.target, self.language)
            except WrongKind:
                self.skipped[record.kind] += 1
                continue
            if left_out:
                self.left_out[record.id] = left_out
            self.exported += 1
            yield record.id, value

    def write(self, records: Iterable[Record], stream: IO[bytes], ending: str = "") -> None:
        """All records in one file; `ending` decides between an array (".json") and lines where the target leaves the choice."""
        write_values((value for _, value in self.values(records)), self.target, stream, ending)

    def write_folder(self, records: Iterable[Record], folder: Path) -> None:
        """A file a record in a new folder.

        Raises OSError.
        """
        write_folder(self.values(records), self.target, folder)
