"""Tar archives, bare or packed, read once from front to back: files only, links and devices are refused."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from extractor.containers.streams import DAMAGED, Read, Stream
from extractor.containers.zips import leads_out
from extractor.errors import UnreadableInput


class TarMember(NamedTuple):
    """One entry of a tar archive; `read` is None where it is refused, and `refusal` says why."""

    name: str
    size: int
    read: Read | None
    refusal: str = ""


class _File:
    """What the tar reader asks of a stream."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes, fewer at the end."""
        parts: list[bytes] = []
        while size and (data := self._stream.read(size)):
            parts.append(data)
            size -= len(data)
        return b"".join(parts)


def is_tar(head: bytes) -> bool:
    """Whether the first 512 bytes are a tar header."""
    return head[257:262] == b"ustar"


def each_member(stream: Stream) -> Iterator[TarMember]:
    """Every entry but folders, in order; an entry's `read` works until the next is asked for.

    Raises UnreadableInput where the archive is damaged.
    """
    try:
        with tarfile.open(fileobj=_File(stream), mode="r|") as archive:  # type: ignore[call-overload]
            for entry in archive:
                archive.members = []  # the reader keeps every entry, a million of them
                if not entry.isdir():
                    yield _member(archive, entry)
    except (tarfile.TarError, EOFError, ValueError):
        raise UnreadableInput(DAMAGED) from None


def _member(archive: Any, entry: tarfile.TarInfo) -> TarMember:
    if leads_out(entry.name):
        return TarMember(entry.name, 0, None, "its path leads out of the archive: it is refused")
    content = archive.extractfile(entry) if entry.isreg() and not entry.issparse() else None
    if content is None:
        return TarMember(entry.name, 0, None, "it is a link, a device or a sparse file: it is refused")

    def read(size: int) -> bytes:
        try:
            return bytes(content.read(size))
        except (tarfile.TarError, EOFError):
            raise UnreadableInput(DAMAGED) from None

    return TarMember(entry.name, entry.size, read)
