"""Delimited tables: every row under the header, quoted line feeds respected, rows of the wrong width kept apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from extractor.decode.charset import decode_bytes
from extractor.decode.csv import DELIMITERS, LONGEST_NAME
from extractor.detect import detect
from extractor.document import Format
from extractor.errors import ExtractError, UnreadableInput
from extractor.patterns import lazy_pattern

LONGEST_ROW = 1 << 24  # bytes
TRIES = 200  # lines after a broken row at which a whole one is looked for

CUT_OFF = "its last row breaks off, so rows may be missing: export it again"

_value = lazy_pattern(r"https?://|^\d[\d./:-]*$|^(?:NCT\d{8}|ChiCTR)")
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
        self._at = 0  # where the next row begins
        self._ended = False
        self._delimiter = delimiter
        self.width = 0

    def next_row(self) -> bytes:
        """The next row with its line end; none at the end. A row of the wrong width reaches up to the next whole one.

        Raises UnreadableInput for a last row that breaks off.
        """
        end = self._row_end(0)
        cells = self._cells(0, end)
        self.width = self.width or cells
        if cells != self.width and self._part(0, end).strip():
            if self._is_cut(end, cells):
                raise UnreadableInput(CUT_OFF)
            end = self._whole_row(end)
        row = self._part(0, end)
        self._at += len(row)
        return row

    def _is_cut(self, end: int, cells: int) -> bool:
        """Whether a row is the last of all, has no line end, and lacks cells."""
        return self._ended and self._at + end == len(self._buffer) and cells < self.width and b"\n" not in self._part(0, end)

    def _part(self, start: int, end: int) -> bytes:
        return self._buffer[self._at + start : self._at + end]

    def _cells(self, start: int, end: int) -> int:
        return _quoted.sub(b"", self._part(start, end)).count(self._delimiter) + 1

    def _row_end(self, start: int) -> int:
        """Where the row that starts there ends; the end of the stream where nothing ends it."""
        while True:
            match = _row.match(self._buffer, self._at + start)
            if match:
                return match.end() - self._at
            if self._ended or len(self._buffer) - self._at - start > LONGEST_ROW:
                return len(self._buffer) - self._at
            self._more()

    def _more(self) -> None:
        """Reads on, as much again as is held."""
        held = self._buffer[self._at :]
        parts, size = [held], 0
        for chunk in self._chunks:
            parts.append(chunk)
            size += len(chunk)
            if size >= len(held):
                break
        self._buffer, self._at = b"".join(parts), 0
        self._ended = size == 0

    def _whole_row(self, limit: int) -> int:
        """Where the next row of the right width starts, at most `TRIES` lines on."""
        at = 0
        for _ in range(TRIES):
            at = self._buffer.find(b"\n", self._at + at, self._at + limit) + 1 - self._at
            if at <= 0:
                return limit
            end = self._row_end(at)
            if self._cells(at, end) == self.width:
                return at
        return at
