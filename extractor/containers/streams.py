"""Streams of bytes with a look ahead, and gzip and zstd unpacked as they are read, never beyond a limit (`limits.Bomb`)."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from extractor.detect import MAX_BYTES
from extractor.errors import InputTooLarge, UnreadableInput
from extractor.limits import FREE, Bomb

CHUNK = 1 << 18  # bytes read at a time
SLICE = 1 << 11  # bytes of zstd data unpacked at a time: a block of 128 KiB can come of four
OVERHEAD = 1 << 10  # bytes by which data that cannot be packed may grow, a name in its head included
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"  # first bytes
DAMAGED = "the packed data is damaged or cut off: fetch or pack it again"

Read = Callable[[int], bytes]


class Stream:
    """Bytes that are read once, in order, with a look at what comes next. `taken` counts what was read so far."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._ahead = b""
        self.taken = 0

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, or all that are left, without taking them."""
        parts, length = [self._ahead], len(self._ahead)
        while length < size:
            part = self._read(max(CHUNK, size - length))
            if not part:
                break
            parts.append(part)
            length += len(part)
        self._ahead = b"".join(parts) if len(parts) > 1 else self._ahead
        return self._ahead[:size]

    def read(self, size: int = CHUNK) -> bytes:
        """Some bytes, at most `size`; none at the end."""
        data = self._ahead[:size] if self._ahead else self._read(size)
        self._ahead = self._ahead[size:]
        self.taken += len(data)
        return data

    def put_back(self, data: bytes) -> None:
        """Says that `data` comes next again."""
        self._ahead = data + self._ahead
        self.taken -= len(data)

    def chunks(self) -> Iterator[bytes]:
        """All that is left, in pieces."""
        while data := self.read():
            yield data

    def read_all(self, limit: int = MAX_BYTES) -> bytes:
        """All that is left.

        Raises InputTooLarge past `limit` bytes.
        """
        data = self.peek(limit + 1)
        if len(data) > limit:
            raise InputTooLarge(f"it is over the limit of {limit >> 20} MB for one document: split it into records first")
        self._ahead, self.taken = b"", self.taken + len(data)
        return data


class Inflater:
    """Unpacks deflate data as it is read: `bits` is -15 for bare deflate (zip), 31 for gzip with all its members."""

    def __init__(self, read: Read, bits: int, free: int = FREE) -> None:
        self._read, self._bits = read, bits
        self._guard = Bomb(free)
        self._machine = zlib.decompressobj(bits)
        self._left = b""
        self._ended = False

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, none at the end.

        Raises UnreadableInput for damaged data, InputTooLarge for a bomb.
        """
        while not self._ended:
            packed = self._left or self._take()
            try:
                data = self._machine.decompress(packed, size)
            except zlib.error:
                raise UnreadableInput(DAMAGED) from None
            self._left = self._machine.unconsumed_tail
            if self._machine.eof:
                self._close()
            if data:
                return self._guard.check(data)
        return b""

    def _take(self) -> bytes:
        packed = self._read(CHUNK)
        self._guard.packed += len(packed)
        if not packed:
            raise UnreadableInput(DAMAGED)
        return packed

    def _close(self) -> None:
        """After one deflate stream: gzip data may go on with another, or with padding of zeros."""
        rest = self._machine.unused_data
        if self._bits > 0:
            while not rest.strip(b"\0") and (rest := self._read(CHUNK)):
                self._guard.packed += len(rest)
        self._left = rest.lstrip(b"\0")
        self._ended = self._bits < 0 or not self._left
        self._machine = zlib.decompressobj(self._bits)


def open_gzip(read: Read) -> Read:
    """Reads what gzip data holds."""
    return Inflater(read, 31).read


def open_zstd(read: Read) -> Read:
    """Reads what zstd data holds.

    Raises UnreadableInput where the library is not installed.
    """
    try:
        import zstandard  # noqa: PLC0415 (an extra)
    except ImportError:
        raise UnreadableInput("zstd data needs zstandard: pip install zstandard") from None
    return Unfreezer(read, zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj, zstandard.ZstdError).read


class Unfreezer:
    """Unpacks zstd data, all its frames, as it is read. The library's own reader takes data that is cut off for complete."""

    def __init__(self, read: Read, machine: Callable[[], Any], fault: type[Exception]) -> None:
        self._source = Stream(read)
        self._open, self._fault = machine, fault
        self._machine: Any = None  # of the frame that is open
        self._guard = Bomb(FREE)
        self._ready = b""

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, none at the end.

        Raises UnreadableInput for damaged data, InputTooLarge for a bomb.
        """
        while not self._ready:
            packed = self._source.read(SLICE)
            if not packed:
                if self._machine is not None:
                    raise UnreadableInput(DAMAGED)
                return b""
            self._feed(packed)
        data, self._ready = self._ready[:size], self._ready[size:]
        return data

    def _feed(self, packed: bytes) -> None:
        self._machine = self._machine or self._open()
        try:
            self._ready = self._guard.check(self._machine.decompress(packed))
        except self._fault:
            raise UnreadableInput(DAMAGED) from None
        self._guard.packed += len(packed)
        if self._machine.eof:
            self._source.put_back(bytes(self._machine.unused_data))
            self._machine = None


def size_unpacked(file: BinaryIO) -> int:
    """The bytes that a packed file of one member says it holds; -1 where it does not say. The file is left at its start.

    gzip says so in its last four bytes (RFC 1952), zstd at the head of a frame (RFC 8878): each speaks of one member or frame, so a file
    that is larger than what it says must have more of them.
    """
    length = file.seek(0, 2)
    file.seek(0)
    head = file.read(18)
    size = -1
    if head.startswith(GZIP) and length > len(head):
        file.seek(-4, 2)
        size = int.from_bytes(file.read(4), "little")
    elif head.startswith(ZSTD):
        size = _frame_size(head)
    file.seek(0)
    return size if length <= size + OVERHEAD else -1


def _frame_size(head: bytes) -> int:
    try:
        import zstandard  # noqa: PLC0415 (an extra)
    except ImportError:
        return -1
    try:
        return int(zstandard.frame_content_size(head))
    except zstandard.ZstdError:
        return -1


# First bytes of packed data, and what unpacks them.
PACKINGS: tuple[tuple[bytes, Callable[[Read], Read]], ...] = ((GZIP, open_gzip), (ZSTD, open_zstd))


def unpack(stream: Stream) -> Stream:
    """The stream itself, or what it holds where it is gzip or zstd data."""
    head = stream.peek(4)
    opener = next((opener for prefix, opener in PACKINGS if head.startswith(prefix)), None)
    return Stream(opener(stream.read)) if opener else stream
