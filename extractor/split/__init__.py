"""A file of many records to documents of one record each, as a stream: JSON Lines, JSON lists, XML, tables.

What comes out is what the extractor reads on its own: an element of a JSON list as it stands, an XML record inside its
root, a row under its header. Nothing between the records is lost in silence: what is no whole record comes out as it is, to
be refused by name later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from extractor.containers.streams import Stream
from extractor.errors import ExtractError
from extractor.patterns import lazy_pattern
from extractor.split import elements, rows, values

HEAD = 1 << 16
Split = Callable[[Iterable[bytes]], Iterator[bytes]]
_lines = lazy_pattern(r"\.(?:jsonl|ndjson)(?:\.|$)", re.IGNORECASE)


def find_split(stream: Stream, name: str) -> Split | None:
    """What cuts the stream into records, by its name and its first bytes; None for a document to be read whole."""
    head = stream.peek(HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    if _lines.search(name):
        return values.each_line
    if head.startswith((b"{", b"[")):
        return values.find_split(head, stream)
    if head.startswith(b"<"):
        return elements.find_split(head)
    return rows.find_split(head, name)


def split_data(data: bytes, name: str) -> Iterator[bytes]:
    r"""The records of a document that is in memory; the document itself where it holds no more than one.

    Raises UnreadableInput behind the last whole record of a document that breaks off.

    >>> list(split_data(b'{"a": 1}\n{"a": 2}\n', "x.jsonl"))
    [b'{"a": 1}', b'{"a": 2}']
    """
    stream = Stream(_reader(data))
    split = find_split(stream, name)
    pieces = split(stream.chunks()) if split else iter(())
    try:
        first, second = next(pieces, b""), next(pieces, b"")
    except ExtractError:  # the whole document is told to be cut off by whoever reads it
        first = second = b""
    if second:
        yield from (first, second)
        yield from pieces
    else:
        yield data


def _reader(data: bytes) -> Callable[[int], bytes]:
    at = 0

    def read(size: int) -> bytes:
        nonlocal at
        at += size
        return data[at - size : at]

    return read
