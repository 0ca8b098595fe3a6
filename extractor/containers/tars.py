"""Tar archives, bare or packed, read once from front to back: files only, links and devices are refused.

The standard library's reader takes a damaged header for the end of the archive; here an archive ends with its mark (a block of
zeros) and in no other way. Layout: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Header Block"; GNU tar's long names.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from typing import NamedTuple

from extractor.containers.streams import DAMAGED, Read, Stream
from extractor.containers.zips import leads_out
from extractor.errors import UnreadableInput

BLOCK = tarfile.BLOCKSIZE
LONGEST_EXTRA = 1 << 20  # bytes of a header that only holds names; a path has 4 kB at most
FILES = frozenset({tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE})
LONG_NAME, LONG_LINK = tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK
WITHOUT_CONTENT = frozenset({tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE})
PAX = frozenset({tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE})
NO_FILE = "it is a link, a device or a sparse file: it is refused"
LEADS_OUT = "its path leads out of the archive: it is refused"
CUT_OFF = "the archive breaks off before its end mark, so members may be missing: fetch or pack it again"
MORE = "more data follows the end of the archive, which is not read: unpack it first"


class TarMember(NamedTuple):
    """One entry of a tar archive; `read` is None where it is refused, and `refusal` says why."""

    name: str
    size: int
    read: Read | None
    refusal: str = ""


class _Header(NamedTuple):
    """A block before the content of an entry; `maps` says that further blocks tell of a sparse file's holes."""

    type: bytes
    name: str
    size: int
    maps: bool


class _Names(NamedTuple):
    """What the headers before an entry say of it, in place of its own: its name, its size (-1: nothing), whether it is sparse."""

    name: str = ""
    size: int = -1
    sparse: bool = False


def is_tar(head: bytes) -> bool:
    """Whether the first 512 bytes are a tar header."""
    return head[257:262] == b"ustar"


def each_member(stream: Stream) -> Iterator[TarMember]:
    """Every entry but folders, in order; an entry's `read` works until the next is asked for.

    Raises UnreadableInput where the archive is damaged, breaks off, or does not end where it says.
    """
    said, for_all = _Names(), _Names()
    while (entry := _next_header(stream)) is not None:
        if entry.type == LONG_NAME:
            said = said._replace(name=_text(_take(stream, entry)).rstrip("\0"))
        elif entry.type in PAX:
            said = _pax(_take(stream, entry), said)
        elif entry.type == tarfile.XGLTYPE:
            said = for_all = _pax(_take(stream, entry), for_all)
        elif entry.type == LONG_LINK:
            _take(stream, entry)
        else:
            yield from _entry(stream, entry, said)
            said = for_all


def _next_header(stream: Stream) -> _Header | None:
    """The next header; None at the end mark."""
    block = _read(stream, BLOCK)
    if not block:
        raise UnreadableInput(CUT_OFF)
    if not block.strip(b"\0"):
        if any(data.strip(b"\0") for data in stream.chunks()):
            raise UnreadableInput(MORE)
        return None
    try:
        entry = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        raise UnreadableInput(DAMAGED) from None
    if entry.size < 0:
        raise UnreadableInput(DAMAGED)
    return _Header(entry.type, entry.name, entry.size, entry.type == tarfile.GNUTYPE_SPARSE and block[482] > 0)


def _entry(stream: Stream, entry: _Header, said: _Names) -> Iterator[TarMember]:
    """An entry as a member, none for a folder; what nobody has read of it is passed over."""
    name, size = said.name or entry.name, said.size if said.size >= 0 else entry.size
    _pass_over_maps(stream, entry)
    content = _Content(stream, size if entry.type not in WITHOUT_CONTENT else 0)
    if entry.type != tarfile.DIRTYPE and not name.endswith("/"):
        refusal = NO_FILE if entry.type not in FILES or said.sparse else LEADS_OUT if leads_out(name) else ""
        yield TarMember(name, 0 if refusal else size, None if refusal else content.read, refusal)
    content.finish()


def _pass_over_maps(stream: Stream, entry: _Header) -> None:
    """Goes over further blocks that tell of a sparse file's holes: byte 504 of each says whether another follows."""
    more = entry.maps
    while more and (block := _read(stream, BLOCK)):
        more = len(block) == BLOCK and block[504] > 0


class _Content:
    """The bytes of an entry, padded to whole blocks."""

    def __init__(self, stream: Stream, size: int) -> None:
        self._stream = stream
        self._left = size
        self._padding = -size % BLOCK

    def read(self, size: int) -> bytes:
        """Some bytes, at most `size`; none at the end.

        Raises UnreadableInput where the archive breaks off.
        """
        data = self._stream.read(min(size, self._left)) if self._left else b""
        if self._left and not data:
            raise UnreadableInput(DAMAGED)
        self._left -= len(data)
        return data

    def finish(self) -> None:
        """Goes on to the next header."""
        while self.read(1 << 16):
            pass
        if len(_read(self._stream, self._padding)) < self._padding:
            raise UnreadableInput(CUT_OFF)


def _take(stream: Stream, entry: _Header) -> bytes:
    """What a header that only speaks of the next holds."""
    if entry.size > LONGEST_EXTRA:
        raise UnreadableInput(DAMAGED)
    length = entry.size + -entry.size % BLOCK
    data = _read(stream, length)
    if len(data) < length:
        raise UnreadableInput(CUT_OFF)
    return data[: entry.size]


def _read(stream: Stream, size: int) -> bytes:
    """Exactly `size` bytes, fewer at the end."""
    parts: list[bytes] = []
    while size and (data := stream.read(size)):
        parts.append(data)
        size -= len(data)
    return b"".join(parts)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _pax(data: bytes, said: _Names) -> _Names:
    """What the records of a pax header, each "length keyword=value" and a line feed, add to what is said of the next entry."""
    at = 0
    while at < len(data):
        length, blank, _ = data[at : at + 20].partition(b" ")
        end = at + int(length) if blank and length.isdigit() else 0
        if not at + len(length) + 2 < end <= len(data):
            raise UnreadableInput(DAMAGED)
        keyword, _, value = data[at + len(length) + 1 : end - 1].partition(b"=")
        said = _said(said, _text(keyword), _text(value))
        at = end
    return said


def _said(said: _Names, keyword: str, value: str) -> _Names:
    if keyword == "path":
        return said._replace(name=value)
    if keyword == "size":
        if not (value.isascii() and value.isdigit()) or len(value) > 18:  # more than any disk holds
            raise UnreadableInput(DAMAGED)
        return said._replace(size=int(value))
    return said._replace(sparse=True) if keyword.startswith("GNU.sparse.") else said
