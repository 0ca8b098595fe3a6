"""JSON: one value a line, or the elements of a list, which may be wrapped as registries do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from extractor.containers.streams import Stream
from extractor.detect import MAX_BYTES
from extractor.errors import InputTooLarge, UnreadableInput

LONGEST_KEY = 64  # bytes in which a wrapper's key may be cut by the end of what is held
CUT_OFF = "the list breaks off without its end, so records may be missing: download it again"
FIRST_LINE = 1 << 22  # bytes looked at for the end of a first line

# The lists that registries wrap records in: ClinicalTrials.gov's API and the one before it.
_wrapper = re.compile(rb'"(?:studies|FullStudies|StudyFields)"\s*:\s*\[')
_blank = re.compile(rb"[\s,]*")
_string = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_flat = rb'[^"{}\[\]]*+(?:' + _string + rb'[^"{}\[\]]*+)*+'
_nested = _flat + rb"(?:[{\[]" + _flat + rb"[}\]]" + _flat + rb")*+"
_skip = re.compile(_flat + rb"(?:[{\[]" + _nested + rb"[}\]]" + _flat + rb")*+", re.DOTALL)
_plain = re.compile(
    rb"(?:" + _string + rb"|[^\",\]])++(?=[,\]])", re.DOTALL
)  # an element that is no container, up to a comma or the list's end
_list = re.compile(rb"[\s,]*(?:\xef\xbb\xbf\s*)?\[")
_opening = frozenset(b"{[")
_QUOTE, _END = b'"]'


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
    return _Scan(chunks).each(_list)


def _each_wrapped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    return _Scan(chunks).each_wrapped()


class _Scan:
    """Walks over the elements of lists; only brackets outside strings are looked at."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._buffer = b""
        self._start = 0  # of the element in hand, in the buffer
        self._at = 0  # how far it has been walked
        self._depth = 0

    def each(self, opening: re.Pattern[bytes]) -> Iterator[bytes]:
        """The elements of the list that comes next, and of those that follow it at once; other data behind them comes out as it is.

        Raises UnreadableInput where a list breaks off between two elements.
        """
        while match := self._match(opening):
            self._start = match.end()
            yield from self._elements()
        while self._more():
            pass
        if rest := self._buffer[self._start :].strip():
            yield rest

    def each_wrapped(self) -> Iterator[bytes]:
        """The elements of every list that a wrapper's key names; what stands between the lists is no record.

        Raises UnreadableInput where a list breaks off between two elements.
        """
        while self._find_wrapper():
            yield from self._elements()

    def _match(self, opening: re.Pattern[bytes]) -> re.Match[bytes] | None:
        while True:
            match = opening.match(self._buffer, self._start)
            if match or _blank.fullmatch(self._buffer, self._start) is None or not self._more():
                return match

    def _find_wrapper(self) -> bool:
        while True:
            match = _wrapper.search(self._buffer, self._start)
            if match:
                self._start = match.end()
                return True
            self._start = max(self._start, len(self._buffer) - LONGEST_KEY)
            if not self._more():
                return False

    def _more(self) -> bool:
        """Reads on, as much again as is held, so that a long element is not walked too often."""
        held = self._buffer[self._start :]
        parts, size, wanted = [held], 0, len(held)
        for chunk in self._chunks:
            parts.append(chunk)
            size += len(chunk)
            if size >= wanted:
                break
        self._at -= self._start
        self._buffer, self._start = b"".join(parts), 0
        _checked(len(self._buffer) // 2)
        return size > 0

    def _elements(self) -> Iterator[bytes]:
        """The elements up to the end of the list; what is left of a list that breaks off inside one comes last."""
        while self._begins():
            while (end := self._walk()) < 0:
                if not self._more():
                    rest, self._start = self._buffer[self._start :].strip(), len(self._buffer)
                    yield rest
                    return
            yield self._buffer[self._start : end]
            self._start = end

    def _begins(self) -> bool:
        """Goes on to the next element; false, and behind the end, where the list ends."""
        while True:
            self._start = _blank.match(self._buffer, self._start).end()  # type: ignore[union-attr] # it matches always
            if self._start < len(self._buffer):
                break
            if not self._more():
                raise UnreadableInput(CUT_OFF)
        ended = self._buffer[self._start] == _END
        self._start += ended
        self._at, self._depth = self._start, 0
        return not ended

    def _walk(self) -> int:
        """Where the element ends, or -1 where the buffer ends first."""
        if self._at == self._start and self._buffer[self._start] not in _opening:
            match = _plain.match(self._buffer, self._start)
            return match.end() if match else -1
        buffer, at, depth = self._buffer, self._at, self._depth
        while True:
            if depth:
                at = _skip.match(buffer, at).end()  # type: ignore[union-attr]
            if at >= len(buffer) or buffer[at] == _QUOTE:
                break
            depth += 1 if buffer[at] in _opening else -1
            at += 1
            if depth == 0:
                return at
        self._at, self._depth = at, depth
        return -1
