"""Records handed to others: in a target's format, as a review page, or with the marks of a review merged in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import msgspec

from extractor.errors import ExtractError
from extractor.model import Record
from extractor.pipeline import Options, extract, extract_with_text
from extractor.write import to_json
from extractor.write.exports import export

PAGE = ".html"
_own = msgspec.json.Decoder(Record)


def find_own(data: bytes) -> list[Record] | None:
    """The records of a file that this tool wrote (one record, or JSON Lines), None where the bytes are something else."""
    head = data[:400].lstrip()
    if not head.startswith(b"{") or b'"schema_version"' not in head:
        return None
    try:
        return [_own.decode(data)]
    except msgspec.MsgspecError:
        return _read_lines(data)


def _read_lines(data: bytes) -> list[Record]:
    try:
        return [_own.decode(line) for line in data.splitlines() if line.strip()]
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


def review_of(data: bytes, name: str, options: Options) -> tuple[list[Record], str]:
    """The records of a document and the text that their provenance points into.

    Raises ExtractError where the bytes are our own JSON: the page needs the document itself.
    """
    if find_own(data) is not None:
        raise ExtractError("a review page needs the document, not its record: name the document")
    found = list(extract_with_text(data, name, options))
    return [record for record, _ in found], found[0][1]


def page_of(records: list[Record], text: str) -> bytes:
    """The review page."""
    from extractor.write.review import review_page  # noqa: PLC0415

    return review_page([json.loads(to_json(record)) for record in records], text).encode()


@dataclass(slots=True)
class Export:
    """Records on their way to one target; `left_out` gathers what it could not hold, by record."""

    target: str
    language: str = "en"
    left_out: dict[str, list[str]] = field(default_factory=dict)

    def values(self, records: Iterable[Record]) -> Iterator[Any]:
        """Each record in the target's form.

        Raises ExtractError for a record that the target cannot hold at all.
        """
        for record in records:
            try:
                value, left_out = export(json.loads(to_json(record)), self.target, self.language)
            except ValueError as error:
                raise ExtractError(f"{record.id}: {error}") from error
            if left_out:
                self.left_out[record.id] = left_out
            yield value

    def write(self, records: Iterable[Record], stream: IO[bytes]) -> None:
        """One value is indented for people, several are JSON Lines; rows of CSV share one header; XML goes a document each line."""
        values = list(self.values(records))
        texts = [value for value in values if isinstance(value, str)]
        if texts:
            stream.write(_joined(texts, self.target).encode())
        elif len(values) == 1:
            stream.write(to_json(values[0], indent=2) + b"\n")
        else:
            stream.writelines(to_json(value) + b"\n" for value in values)


def _joined(texts: list[str], target: str) -> str:
    if target == "csv":
        return texts[0] + "".join(text.partition("\r\n")[2] for text in texts[1:])
    return "\n".join(texts) + "\n"
