"""XML: the records inside one root, each handed on inside that root with all that stands before the first record.

Bytes are searched, never parsed: a record that is broken inside does not touch its neighbours. The encodings in use
(UTF-8, Latin-1, GB 18030) keep "<" for itself; UTF-16 does not, and is read whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from extractor.detect import MAX_BYTES
from extractor.errors import InputTooLarge, UnreadableInput

# Elements that hold one record each, as children of a root: WHO's exports and provider files, ChiCTR's, ClinicalTrials.gov's, ISRCTN's.
RECORDS = b"fullTrial|Trial|trial|Triall|clinical_study|study|Study"

CUT_OFF = "its root breaks off without its end, so records may be missing: download it again"

_prologue = re.compile(rb"(?:\s|<\?[^>]*\?>|<!--(?s:.*?)-->|<!DOCTYPE[^<>\[\]]*>)*+")
_first = re.compile(rb"<(?P<root>[A-Za-z_][\w.-]*)(?:\s[^<>]*)?>(?s:.{0,8192}?)<(?P<record>" + RECORDS + rb")(?=[\s>])")
_ignored = re.compile(rb"<\?[^<>]*+(?<=\?)>|<!--(?s:.*?)(?:-->|\Z)|<!\[CDATA\[\s*\]\]>|\s+")


def find_split(head: bytes) -> Callable[[Iterable[bytes]], Iterator[bytes]] | None:
    """What cuts a document whose root holds records; None where the root is a record itself, or holds none."""
    prologue = _prologue.match(head)
    match = _first.match(head, prologue.end() if prologue else 0)
    if match is None or re.fullmatch(RECORDS, match["root"]):
        return None
    return partial(_each_record, match["root"], match["record"])


def _each_record(root: bytes, record: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Every record with the root's start before and its end after it.

    Raises UnreadableInput where the root breaks off between two records.
    """
    source = _Source(chunks, record)
    end = b"</" + root + b">"
    before, after = source.until_start(), b"\n" + end + b"\n"
    while True:
        body = source.until_end()
        if body:
            yield before + body + after
        if not source.found:
            return
        gap = source.until_start()
        rest = _ignored.sub(b"", gap)
        if rest and rest != end:
            yield before + gap.strip().removesuffix(end) + after
        if not source.found:
            if not rest:
                raise UnreadableInput(CUT_OFF)
            return


class _Source:
    """The stream, cut at the starts and ends of records."""

    def __init__(self, chunks: Iterable[bytes], record: bytes) -> None:
        self._chunks = iter(chunks)
        self._buffer = b""
        self._at = 0  # where what was not taken yet begins
        self._start = re.compile(b"<" + record + rb"(?=[\s>])")
        self._end = re.compile(b"</" + record + rb"\s*>|<" + record + rb"(?=[\s>])")
        self._tail = len(record) + 8  # bytes in which a mark may be cut by the end of the buffer
        self.found = True

    def until_start(self) -> bytes:
        """All before the next record; all that is left, and `found` false, where there is none."""
        match = self._search(self._start, 0)
        return self._take(match.start() if match else len(self._buffer))

    def until_end(self) -> bytes:
        """The record that comes next, with its end; one without an end stops before the next."""
        match = self._search(self._end, 1)
        if match is None:
            return self._take(len(self._buffer))
        return self._take(match.end() if match.group().startswith(b"</") else match.start())

    def _search(self, mark: re.Pattern[bytes], ahead: int) -> re.Match[bytes] | None:
        """The next mark that is not cut; the search goes on where it ended, however often more is read."""
        at = ahead
        while True:
            match = mark.search(self._buffer, self._at + at)
            if match and match.end() < len(self._buffer):
                return match
            at = max(at, len(self._buffer) - self._at - self._tail)
            if not self._more():
                self.found = match is not None
                return match

    def _more(self) -> bool:
        """Reads on, as much again as is held, so that a long record is not copied too often."""
        held = self._buffer[self._at :]
        parts, size = [held], 0
        for chunk in self._chunks:
            parts.append(chunk)
            size += len(chunk)
            if size >= len(held):
                break
        self._buffer, self._at = b"".join(parts), 0
        if len(held) > MAX_BYTES:
            raise InputTooLarge(f"one of its records is over the limit of {MAX_BYTES >> 20} MB")
        return size > 0

    def _take(self, end: int) -> bytes:
        data = self._buffer[self._at : end]
        self._at = end
        return data
