"""Zip archives as a stream of members: the directory is walked entry by entry, so that a million members cost no memory.

The standard library reads a whole directory into objects first. Names are only shown, never used as paths; entries that
lead out of the archive, share their bytes with others, or are encrypted are refused.

Layout: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 (records) and 4.5.3 (zip64).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from extractor.containers.streams import CHUNK, DAMAGED, Inflater, Read
from extractor.errors import UnreadableInput

_TAIL = 65_557  # the end record and its longest comment
_ENTRY = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_FULL, _MANY = 0xFFFFFFFF, 0xFFFF  # what stands in a field whose value stands in a larger one elsewhere
_BROKEN = "the zip archive is damaged or cut off: fetch or pack it again"

_MORE = "more data stands before the archive or behind it, which its directory does not name, so members may be missing: unpack it first"


class Member(NamedTuple):
    """One file of an archive: its name as shown, where its header stands, its sizes; `refusal` says why it is not read."""

    name: str
    offset: int
    packed: int
    size: int
    method: int
    crc: int
    refusal: str = ""


class _Directory(NamedTuple):
    """Where an archive's directory stands, how many entries it has, and what stands before the archive and behind it, in bytes."""

    start: int
    size: int
    entries: int
    before: int = 0
    behind: int = 0


def each_member(file: BinaryIO) -> Iterator[Member]:
    """Every file of the archive, in the directory's order.

    Raises UnreadableInput where the directory is damaged; behind the last member also where there is more data than it names.
    """
    directory = _directory(file)
    furthest = count = 0
    for member in _each_entry(file, directory):
        count += 1
        if member.name.endswith("/") and not member.size:
            continue
        overlaps = member.offset < furthest and member.packed > 0
        furthest = max(furthest, member.offset + member.packed)
        yield member._replace(refusal="it shares its bytes with another member, as a bomb does") if overlaps else member
    if count & _MANY != directory.entries & _MANY:  # writers without zip64 count up to 65,535 and on from 0
        raise UnreadableInput(
            f"its directory names {count} members and says that there are {directory.entries}: fetch or pack the archive again"
        )
    if directory.before or directory.behind:
        raise UnreadableInput(_MORE)


def _each_entry(file: BinaryIO, directory: _Directory) -> Iterator[Member]:
    """The entries of the directory, read a piece at a time."""
    position, ends = directory.start, directory.start + directory.size
    while position < ends:
        file.seek(position)
        block = file.read(min(CHUNK, ends - position))
        used = 0
        for member, length in _entries(block, directory.before):
            used += length
            yield member
        if not used:
            raise UnreadableInput(_BROKEN)
        position += used


def _directory(file: BinaryIO) -> _Directory:
    length = file.seek(0, 2)
    base = max(0, length - _TAIL)
    file.seek(base)
    tail = file.read(_TAIL)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise UnreadableInput(_BROKEN)
    _, disk, _, _, entries, size, start, comment = _END.unpack_from(tail, at)
    if disk not in (0, _MANY):
        raise UnreadableInput("it is one part of an archive in several parts: join them first")
    found = _Directory(start, size, entries)
    end = base + at
    if _FULL in (size, start) and at >= _LOCATOR.size and tail[at - _LOCATOR.size :].startswith(b"PK\6\7"):
        end, found = _directory64(file, _LOCATOR.unpack_from(tail, at - _LOCATOR.size)[2])
    before = end - found.size - found.start
    if before < 0:
        raise UnreadableInput(_BROKEN)
    return found._replace(start=found.start + before, before=before, behind=len(tail[at + _END.size + comment :].strip(b"\0")))


def _directory64(file: BinaryIO, position: int) -> tuple[int, _Directory]:
    """The position of the end record, and what it says."""
    file.seek(position)
    record = file.read(_END64.size)
    if len(record) < _END64.size or not record.startswith(b"PK\6\6"):
        raise UnreadableInput(_BROKEN)
    *_, entries, size, start = _END64.unpack(record)
    return position, _Directory(start, size, entries)


def _entries(block: bytes, shift: int) -> Iterator[tuple[Member, int]]:
    """The directory's entries that stand whole in `block`, each with its length."""
    at = 0
    while at + _ENTRY.size <= len(block):
        fields = _ENTRY.unpack_from(block, at)
        name_length, extra_length, comment_length = fields[10:13]
        if fields[0] != b"PK\1\2":
            raise UnreadableInput(_BROKEN)
        length = _ENTRY.size + name_length + extra_length + comment_length
        if at + length > len(block):
            return
        names = block[at + _ENTRY.size : at + _ENTRY.size + name_length]
        extra = block[at + _ENTRY.size + name_length : at + length - comment_length]
        yield _member(fields, names, extra, shift), length
        at += length


def _member(fields: tuple[int, ...], raw: bytes, extra: bytes, shift: int) -> Member:
    flags, method, crc, packed, size, offset = fields[3], fields[4], fields[7], fields[8], fields[9], fields[16]
    size, packed, offset = _sizes64(extra, size, packed, offset)
    name = _name(raw, utf8=bool(flags & 0x800))
    return Member(name, offset + shift, packed, size, method, crc, _refusal(name, flags, method))


def _sizes64(extra: bytes, *values: int) -> tuple[int, int, int]:
    """Sizes and offset, those that are too large for the entry taken from its zip64 field."""
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<HH", extra, at)
        if tag == 1:
            field = iter(struct.unpack_from(f"<{min(length, len(extra) - at - 4) // 8}Q", extra, at + 4))
            values = tuple(next(field, value) if value == _FULL else value for value in values)
        at += 4 + length
    return values[0], values[1], values[2]


def _name(raw: bytes, *, utf8: bool) -> str:
    """A member's name: UTF-8, else what Chinese systems write, else the code page of the format."""
    for encoding in ("utf-8", *(() if utf8 else ("gb18030",))):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def _refusal(name: str, flags: int, method: int) -> str:
    if leads_out(name):
        return "its path leads out of the archive: it is refused"
    if flags & 1:
        return "it is encrypted: unpack the archive with its password first"
    return "" if method in (0, 8) else f"it is packed by method {method}, which is not read: pack the archive again with deflate"


def leads_out(name: str) -> bool:
    """Whether a member's name points out of its archive.

    >>> leads_out("pages/a.html"), leads_out("../a.html"), leads_out("C:/a"), leads_out("/etc/a")
    (False, True, True, True)
    """
    parts = name.replace("\\", "/").split("/")
    return parts[0] == "" or ".." in parts or parts[0].endswith(":") or "\0" in name


def open_member(file: BinaryIO, member: Member) -> Read:
    """Reads a member's bytes, sized and summed as the directory says.

    Raises UnreadableInput for a member that is refused or damaged, InputTooLarge for a bomb.
    """
    if member.refusal:
        raise UnreadableInput(member.refusal)
    file.seek(member.offset)
    header = file.read(30)
    if len(header) < 30 or not header.startswith(b"PK\3\4"):
        raise UnreadableInput(_BROKEN)
    name_length, extra_length = struct.unpack_from("<HH", header, 26)
    raw = _section(file, member.offset + 30 + name_length + extra_length, member.packed)
    return _checked(raw if member.method == 0 else Inflater(raw, -15).read, member)


def _section(file: BinaryIO, start: int, length: int) -> Read:
    """Reads `length` bytes from `start`, wherever others move the file's position meanwhile."""
    position, end = start, start + length

    def read(size: int) -> bytes:
        nonlocal position
        file.seek(position)
        data = file.read(min(size, end - position))
        position += len(data)
        return data

    return read


def _checked(read: Callable[[int], bytes], member: Member) -> Read:
    length = crc = 0

    def check(size: int) -> bytes:
        nonlocal length, crc
        data = read(size)
        length += len(data)
        crc = zlib.crc32(data, crc)
        if length > member.size or (not data and (length, crc) != (member.size, member.crc)):
            raise UnreadableInput(DAMAGED)
        return data

    return check
