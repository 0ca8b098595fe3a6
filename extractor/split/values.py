"""JSON: one value a line, or the elements of a list, which may be wrapped as registries do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from extractor.containers.streams import Stream
from extractor.detect import MAX_BYTES
from extractor.errors import InputTooLarge

FIRST_LINE = 1 << 22  # bytes looked at for the end of a first line

# The lists that registries wrap records in: ClinicalTrials.gov's API and the one before it.
_wrapper = re.compile(rb'"(?:studies|FullStudies|StudyFields)"\s*:\s*\[')
_blank = re.compile(rb"[\s,]*")
_string = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_flat = rb'[^"{}\[\]]*+(?:' + _string + rb'[^"{}\[\]]*+)*+'
_nested = _flat + rb"(?:[{\[]" + _flat + rb"[}\]]" + _flat + rb")*+"
_skip = re.compile(_flat + rb"(?:[{\[]" + _nested + rb"[}\]]" + _flat + rb")*+", re.DOTALL)
_opening = frozenset(b"{[")
_closing = frozenset(b"}]")


def find_split(head: bytes, stream: Stream) -> Callable[[Iterable[bytes]], Iterator[bytes]] | None:
    """How a JSON document is cut; None for a single object."""
    if head.startswith(b"["):
        return _each_element
    if _wrapper.search(head[:4096]):
        return _each_wrapped
    return each_line if _is_lines(head, stream) else None


def _is_lines(head: bytes, stream: Stream) -> bool:
    """Whether the first line ends an object and the second begins one."""
    if b"\n" not in head:
        head = stream.peek(FIRST_LINE).lstrip()
    first, _, rest = head.partition(b"\n")
    return first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")


def each_line(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Every line that is not blank.

    Raises InputTooLarge for a line over the limit of a document.
    """
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        *lines, last = chunk.split(b"\n")
        for line in lines:
            whole = b"".join((*parts, line)).strip()
            parts, size = [], 0
            if whole:
                yield whole
        parts.append(last)
        size = _checked(size + len(last))
    if whole := b"".join(parts).strip():
        yield whole


def _checked(size: int) -> int:
    if size > MAX_BYTES:
        raise InputTooLarge(f"one of its records is over the limit of {MAX_BYTES >> 20} MB")
    return size


def _each_element(chunks: Iterable[bytes]) -> Iterator[bytes]:
    return _Scan(chunks, re.compile(rb"\s*(?:\xef\xbb\xbf\s*)?\[")).each()


def _each_wrapped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    return _Scan(chunks, _wrapper).each()


class _Scan:
    """Walks over the elements of a list; only brackets outside strings are looked at."""

    def __init__(self, chunks: Iterable[bytes], start: re.Pattern[bytes]) -> None:
        self._chunks = iter(chunks)
        self._start = start
        self._buffer = b""
        self._at = 0  # how far the element that starts the buffer has been walked
        self._depth = 0

    def each(self) -> Iterator[bytes]:
        """Every element as it stands; what is left of a list that breaks off comes last."""
        match = None
        while match is None and self._more():
            match = self._start.search(self._buffer)
        self._buffer = self._buffer[match.end() :] if match else b""
        while (element := self._next()) is not None:
            yield element

    def _more(self) -> bool:
        """Reads on, as much again as is held, so that a long element is not walked too often."""
        parts, size, wanted = [self._buffer], 0, len(self._buffer)
        for chunk in self._chunks:
            parts.append(chunk)
            size += len(chunk)
            if size >= wanted:
                break
        self._buffer = b"".join(parts)
        _checked(len(self._buffer) // 2)
        return size > 0

    def _next(self) -> bytes | None:
        start = self._begin()
        if start < 0:
            return None
        while True:
            end = self._walk()
            if end >= 0:
                element, self._buffer, self._at = self._buffer[:end], self._buffer[end:], 0
                return element
            if not self._more():
                rest, self._buffer = self._buffer.strip(), b""
                return rest or None

    def _begin(self) -> int:
        """Drops what stands before the next element; -1 at the end of the list."""
        while True:
            at = _blank.match(self._buffer).end()  # type: ignore[union-attr] # it matches always
            if at < len(self._buffer) or not self._more():
                break
        self._buffer = self._buffer[at:]
        return -1 if not self._buffer or self._buffer.startswith(b"]") else 0

    def _walk(self) -> int:
        """Where the element ends, or -1 where the buffer ends first."""
        if self._at == 0 and self._buffer[0] not in _opening:
            return self._walk_plain()
        buffer, at, depth = self._buffer, self._at, self._depth if self._at else 0
        while True:
            if depth:
                at = _skip.match(buffer, at).end()  # type: ignore[union-attr]
            if at >= len(buffer) or buffer[at] == 0x22:
                break
            depth += 1 if buffer[at] in _opening else -1
            at += 1
            if depth == 0:
                return at
        self._at, self._depth = at, depth
        return -1

    def _walk_plain(self) -> int:
        """The end of an element that is no container: a comma or the list's own end."""
        match = re.compile(rb"(?:" + _string + rb"|[^\",\]])++(?=[,\]])", re.DOTALL).match(self._buffer)
        return match.end() if match else -1
