"""Delimited tables: every row under the header, quoted line feeds respected, rows of the wrong width kept apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from extractor.decode.charset import decode_bytes
from extractor.decode.csv import DELIMITERS, LONGEST_NAME
from extractor.detect import detect
from extractor.document import Format
from extractor.errors import ExtractError

LONGEST_ROW = 1 << 24  # bytes
TRIES = 200  # lines after a broken row at which a whole one is looked for

_value = re.compile(r"https?://|^\d[\d./:-]*$|^(?:NCT\d{8}|ChiCTR)")
_quoted = re.compile(rb'"[^"]*+(?:""[^"]*+)*+"')
_row = re.compile(rb'[^"\n]*+(?:"[^"]*+(?:""[^"]*+)*+"[^"\n]*+)*+\n')


def find_split(head: bytes, name: str) -> Callable[[Iterable[bytes]], Iterator[bytes]] | None:
    """What cuts a table of comma- or otherwise delimited cells; None for other text and for UTF-16."""
    try:
        if head.startswith((b"\xff\xfe", b"\xfe\xff", b"PK", b"%PDF")) or detect(head, name) is not Format.CSV:
            return None
    except ExtractError:
        return None
    first = _row.match(head)
    if first is None:
        return None
    bare = _quoted.sub(b"", first.group())
    delimiter = max(DELIMITERS.encode(), key=bare.count)
    return partial(_each_row, bytes((delimiter,)), first.group() if _is_header(first.group(), delimiter) else b"")


def _is_header(row: bytes, delimiter: int) -> bool:
    """Whether a first row names columns: short names, none of them a value."""
    names = [cell.strip().strip('"') for cell in decode_bytes(row).strip().split(chr(delimiter))]
    return all(len(name) <= LONGEST_NAME and not _value.search(name) for name in names) and sum(map(bool, names)) >= len(names) - 1


def _each_row(delimiter: bytes, header: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Every row, the header before it."""
    table = _Table(chunks, delimiter)
    if header:
        table.width = len(_quoted.sub(b"", header).split(delimiter))
        table.next_row()
    while row := table.next_row():
        if row.strip():
            yield header + row


class _Table:
    """The stream, cut into rows. `width` is the number of cells that a whole row has, 0 until known."""

    def __init__(self, chunks: Iterable[bytes], delimiter: bytes) -> None:
        self._chunks = iter(chunks)
        self._buffer = b""
        self._ended = False
        self._delimiter = delimiter
        self.width = 0

    def next_row(self) -> bytes:
        """The next row with its line end; none at the end. A row of the wrong width reaches up to the next whole one."""
        end = self._row_end(0)
        if self.width == 0:
            self.width = self._cells(0, end)
        if self._cells(0, end) != self.width and self._buffer[:end].strip():
            end = self._whole_row(end)
        row, self._buffer = self._buffer[:end], self._buffer[end:]
        return row

    def _cells(self, start: int, end: int) -> int:
        return _quoted.sub(b"", self._buffer[start:end]).count(self._delimiter) + 1

    def _row_end(self, start: int) -> int:
        """Where the row that starts there ends; the end of the stream where nothing ends it."""
        while True:
            match = _row.match(self._buffer, start)
            if match:
                return match.end()
            if self._ended or len(self._buffer) - start > LONGEST_ROW:
                return len(self._buffer)
            self._more()

    def _more(self) -> None:
        """Reads on, as much again as is held."""
        parts, size = [self._buffer], 0
        for chunk in self._chunks:
            parts.append(chunk)
            size += len(chunk)
            if size >= len(self._buffer):
                break
        self._buffer = b"".join(parts)
        self._ended = size == 0

    def _whole_row(self, limit: int) -> int:
        """Where the next row of the right width starts, at most `TRIES` lines on."""
        at = 0
        for _ in range(TRIES):
            at = self._buffer.find(b"\n", at, limit) + 1
            if at == 0:
                return limit
            end = self._row_end(at)
            if self._cells(at, end) == self.width:
                return at
        return at
