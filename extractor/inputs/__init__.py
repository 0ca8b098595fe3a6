"""Where bytes come from: files, folders, patterns, lists, archives, packed and many-record files, standard input.

`each_unit` names everything there is to read, in an order that depends on the places alone; `read_unit` reads one unit, on
any machine that sees the file. Small files are read by whoever works on them; long ones are cut into records on the way.
Members of archives are unpacked in memory, never to disk: a name is only ever shown.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from io import BytesIO
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

from extractor.containers import zips
from extractor.containers.streams import Stream, size_unpacked, unpack
from extractor.containers.zips import Member, open_member
from extractor.detect import MAX_BYTES
from extractor.errors import ExtractError, InputTooLarge, UnreadableInput
from extractor.inputs.places import File, each_file, open_file, printable, stamp_of
from extractor.patterns import lazy_pattern
from extractor.split import find_split, split_data
from extractor.split.joined import HEAD, LEAST, MAIN, MAX_TABLES, Table, is_table, join_tables

STDIN = "-"
SMALL = 1 << 18  # bytes up to which a file is cut into records by whoever reads it
SMALL_PACKED = 1 << 12  # the same for packed members of archives, which may hold sixty times as much
MAX_NESTING = 3  # archives inside archives
FEW = 500  # members up to which an archive may be a database with a file a table; an AACT download has about 50

_archive = lazy_pattern(r"\.(?:zip|tar|tgz|tar\.gz|tar\.zst)$", re.IGNORECASE)
_packed = lazy_pattern(r"\.(?:gz|zst)$", re.IGNORECASE)
_single = lazy_pattern(r"\.(?:html?|pdf|xlsx)$", re.IGNORECASE)  # documents that are never cut
_many = lazy_pattern(r"\.(?:json|jsonl|ndjson|xml|txt|csv|tsv)$", re.IGNORECASE)  # those that may hold many records


class InputPlace(NamedTuple):
    """Where a unit's bytes stand: a file, or a member of a zip file."""

    path: str
    member: Member | None = None


class InputUnit(NamedTuple):
    """Something to read: an address that no other unit has, a name that tells the format, and its bytes or their place.

    `size` is in bytes, as far as known before reading; `weight` is what it takes up of its file on disk; `refusal` says why
    it cannot be read. `whole` units are one record and are not cut any more.
    """

    address: str
    name: str
    size: int
    weight: int
    place: InputPlace | None = None
    data: bytes | None = None
    refusal: str = ""
    whole: bool = False


class InputDocument(NamedTuple):
    """One document of a unit: its own address and its bytes; `refusal` says why there are none."""

    address: str
    name: str
    data: bytes
    refusal: str = ""


class Input(NamedTuple):
    """One document to be read: its name for the record ("" for standard input), for messages, and what reads it.

    `read` raises UnreadableInput with a sentence that says what to do.
    """

    name: str
    shown: str
    read: Callable[[], bytes]


def find_inputs(places: Iterable[str]) -> Iterator[Input]:
    """Every document that the places name, in order: a folder's files by name, an archive's members as they stand in it.

    A place that does not exist gives an input whose `read` says so. Files of many records stay whole.
    """
    for unit in each_unit(places, cut=False):
        shown = "standard input" if unit.address == STDIN else unit.address
        yield Input(file_of(unit.address), shown, partial(_read_whole, unit))


def _read_whole(unit: InputUnit) -> bytes:
    if unit.refusal:
        raise UnreadableInput(unit.refusal)
    return _load(unit)


def file_of(address: str) -> str:
    """The address without the folders of its file and the suffix of its packing: what a record calls its source.

    >>> file_of("dumps/may.zip!x/NCT1.json#3"), file_of("pages/a.html.gz"), file_of("-")
    ('may.zip!x/NCT1.json#3', 'a.html', '')
    """
    head, mark, rest = address.partition("!")
    return "" if address == STDIN else _packed.sub("", re.split(r"[/\\]", head)[-1] + mark + rest)


def each_unit(places: Iterable[str], *, cut: bool = True) -> Iterator[InputUnit]:
    """Everything that the places name, in order. What cannot be opened comes out with its refusal; nothing is left out.

    `cut` says that long files of many records are cut here, as they are read.
    """
    for file in each_file(places):
        try:
            yield from _in_file(file, cut=cut)
        except ExtractError as error:
            yield _refused(printable(file.path), str(error), file.size)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", "") or str(error)
            yield _refused(printable(file.path), f"the file cannot be read ({reason.lower()}): check its permissions", file.size)


def _refused(address: str, refusal: str, weight: int = 0) -> InputUnit:
    return InputUnit(address, "", 0, weight, refusal=refusal)


def _in_file(file: File, *, cut: bool) -> Iterator[InputUnit]:
    if file.refusal:
        yield _refused(printable(file.path), file.refusal)
    elif file.tables:
        yield from _in_tables(file)
    elif file.path == STDIN:
        yield from _in_stream(Stream(sys.stdin.buffer.read), _Source(STDIN, "", cut=cut))
    elif _single.search(file.path) or (file.size <= SMALL and _many.search(file.path)):
        yield _whole_file(file)
    else:
        with open_file(file.path) as stream:
            yield from _in_open_file(stream, file, cut=cut)


def _in_tables(file: File) -> Iterator[InputUnit]:
    """The studies of a folder's tables."""
    addresses = {_table_of(path): printable(path) for path in file.tables}
    yield from _joined(addresses, file.size, _each_table(file.tables))


def _each_table(paths: Sequence[str]) -> Iterator[Table]:
    for path in paths:
        with open_file(path) as opened:
            yield Table(_table_of(path), Stream(opened.read))


def _table_of(name: str) -> str:
    return re.split(r"[/\\\\]", name)[-1].removesuffix(".txt")


def _joined(addresses: dict[str, str], size: int, tables: Iterable[Table]) -> Iterator[InputUnit]:
    """A unit for every study of tables that are joined, and one for every fault; `addresses` are those of the tables by their names."""
    main = addresses[MAIN]
    if size > MAX_TABLES:
        yield _refused(main, f"{size >> 30} GB of tables are over the limit of {MAX_TABLES >> 30} GB: name fewer of them", size)
        return
    for table, number, data in join_tables(tables):
        if isinstance(data, ExtractError):
            yield _refused(addresses[table], str(data))
        else:
            yield InputUnit(f"{main}#{number}", f"{MAIN}.json", len(data), size if number == 1 else 0, data=data, whole=True)


def _whole_file(file: File) -> InputUnit:
    return InputUnit(printable(file.path), file_of(printable(file.path)), file.size, file.size, InputPlace(file.path))


def _in_open_file(opened: BinaryIO, file: File, *, cut: bool) -> Iterator[InputUnit]:
    source = _Source(printable(file.path), file_of(printable(file.path)), InputPlace(file.path), file.size, cut=cut)
    head = opened.read(512)
    opened.seek(0)
    if head.startswith((b"PK\3\4", b"PK\5\6")) and not _is_office(head):
        yield from _in_zip(opened, source)
    elif _packed.search(file.path) and not _archive.search(file.path) and 0 <= (size := size_unpacked(opened)) <= SMALL:
        yield source.whole()._replace(size=size)
    else:
        yield from _in_stream(Stream(opened.read), source)


def _is_office(head: bytes) -> bool:
    """Whether the first member of a zip archive is that of a workbook or another office document."""
    return head[30:].startswith((b"[Content_Types].xml", b"_rels/", b"xl/", b"word/", b"mimetype"))


class _Source(NamedTuple):
    """What units of one file or member have in common; `place` is None where its bytes cannot be read a second time."""

    address: str
    name: str
    place: InputPlace | None = None
    weight: int = 0
    depth: int = 0
    cut: bool = True

    def whole(self) -> InputUnit:
        """The unit of the whole file or member."""
        size = self.place.member.size if self.place and self.place.member else self.weight
        return InputUnit(self.address, self.name, size, self.weight, self.place)

    def inside(self, name: str, place: InputPlace | None, weight: int) -> _Source:
        """The source of a member."""
        address = f"{self.address}!{printable(name)}"
        return _Source(address, name.rpartition("/")[2], place, weight, self.depth + 1, self.cut)


def _in_stream(packed: Stream, source: _Source) -> Iterator[InputUnit]:
    """What a stream holds: an archive, many records, or one document."""
    from extractor.containers import tars  # noqa: PLC0415 (most inputs are plain files)

    stream = unpack(packed)
    name = _packed.sub("", source.name)
    head = stream.peek(512)
    if source.depth > MAX_NESTING:
        yield _refused(source.address, f"archives are nested deeper than {MAX_NESTING} levels", source.weight)
    elif tars.is_tar(head):
        yield from _in_tar(stream, source, packed)
    elif head.startswith(b"PK\3\4") and not _is_office(head):
        yield from _in_zip(BytesIO(stream.read_all(MAX_BYTES)), source._replace(place=None))
    else:
        yield from _in_records(stream, source._replace(name=name), packed)


def _in_records(stream: Stream, source: _Source, packed: Stream) -> Iterator[InputUnit]:
    split = find_split(stream, source.name) if source.cut else None
    if split is None:
        yield source.whole() if source.place else _carried(source, stream.read_all(MAX_BYTES), source.weight)
        return
    pieces = _with_fault(split(stream.chunks()))
    first, second = next(pieces, b""), next(pieces, b"")
    if source.place and (not second or isinstance(second, ExtractError)):
        yield source.whole()
        return
    yield from _numbered(chain((first, second) if second else (first,), pieces), source, packed)


def _with_fault(pieces: Iterator[bytes]) -> Iterator[bytes | ExtractError]:
    """The pieces; a fault that ends them comes last."""
    try:
        yield from pieces
    except ExtractError as error:
        yield error


def _numbered(pieces: Iterator[bytes | ExtractError], source: _Source, packed: Stream) -> Iterator[InputUnit]:
    """A unit for every record; a fault in mid-stream is the last of them."""
    before = 0
    for number, data in enumerate(pieces, 1):
        address = f"{source.address}#{number}"
        if isinstance(data, ExtractError):
            yield _refused(address, f"from here on: {data}", max(0, source.weight - before))
            return
        weight, before = packed.taken - before, packed.taken
        yield _carried(source._replace(address=address), data, weight)


def _carried(source: _Source, data: bytes, weight: int) -> InputUnit:
    return InputUnit(source.address, source.name, len(data), weight, data=data, whole=True)


def _in_zip(file: BinaryIO, source: _Source) -> Iterator[InputUnit]:
    tables = _tables_in(file)
    if tables:
        addresses = {_table_of(member.name): f"{source.address}!{printable(member.name)}" for member in tables}
        streams = (Table(_table_of(member.name), Stream(open_member(file, member))) for member in tables)
        yield from _joined(addresses, sum(member.size for member in tables), streams)
    joined = {member.name for member in tables}
    count = len(tables)
    for member in zips.each_member(file):
        if is_litter(member.name) or member.name in joined:
            continue
        count += 1
        place = source.place and InputPlace(source.place.path, member)
        inner = source.inside(member.name, place, member.packed)
        try:
            yield from _in_member(file, member, inner)
        except ExtractError as error:
            yield _refused(inner.address, str(error), member.packed)
    if not count:
        yield _refused(source.address, "the zip archive holds no file", source.weight)


def _tables_in(file: BinaryIO) -> list[Member]:
    """The members that are tables of one database; none where there is no table of studies among them.

    Raises UnreadableInput for a table that cannot be opened.
    """
    try:
        members = list(islice(zips.each_member(file), FEW))
    except ExtractError:
        return []  # what is wrong is told when the members are read
    main = next((member for member in members if _table_of(member.name) == MAIN and member.name.endswith(".txt")), None)
    if main is None or main.refusal or len(members) == FEW or not _holds_table(file, main):
        return []
    beside = [member for member in members if member.name == f"{main.name.removesuffix(f'{MAIN}.txt')}{_table_of(member.name)}.txt"]
    found = [member for member in beside if _holds_table(file, member)]
    return found if len(found) >= LEAST else []


def _holds_table(file: BinaryIO, member: Member) -> bool:
    return is_table(Stream(open_member(file, member)).peek(HEAD))


def _in_member(file: BinaryIO, member: Member, source: _Source) -> Iterator[InputUnit]:
    if member.refusal:
        yield _refused(source.address, member.refusal, member.packed)
    elif source.place and _is_for_workers(member):
        yield source.whole()
    else:
        yield from _in_stream(Stream(open_member(file, member)), source)


def _is_for_workers(member: Member) -> bool:
    """Whether a member is left to whoever reads it: one document, or a file of records that is small enough."""
    if _archive.search(member.name):
        return False
    return bool(_single.search(member.name)) or member.size <= (SMALL_PACKED if _packed.search(member.name) else SMALL)


def _in_tar(stream: Stream, source: _Source, packed: Stream) -> Iterator[InputUnit]:
    from extractor.containers import tars  # noqa: PLC0415 (most inputs are plain files)

    count = before = 0
    for member in tars.each_member(stream):
        if is_litter(member.name):
            continue
        count += 1
        weight, before = packed.taken - before, packed.taken
        inner = source.inside(member.name, None, weight)
        if member.read is None:
            yield _refused(inner.address, member.refusal, weight)
            continue
        try:
            yield from _in_stream(Stream(member.read), inner)
        except ExtractError as error:
            yield _refused(inner.address, str(error), weight)
    if not count:
        yield _refused(source.address, "the tar archive holds no file", source.weight)


def is_litter(name: str) -> bool:
    """Whether a member is what desktops leave in archives, never a document.

    >>> is_litter("__MACOSX/._a.html"), is_litter("a/.DS_Store"), is_litter("a/b.html")
    (True, True, False)
    """
    last = name.rpartition("/")[2]
    return name.startswith("__MACOSX/") or last.startswith("._") or last in (".DS_Store", "Thumbs.db", "desktop.ini")


def read_unit(unit: InputUnit) -> Iterator[InputDocument]:
    """The documents of a unit, at least one; what cannot be read comes out with its refusal."""
    if unit.refusal:
        yield InputDocument(unit.address, unit.name, b"", unit.refusal)
        return
    try:
        data = _load(unit)
    except ExtractError as error:
        yield InputDocument(unit.address, unit.name, b"", str(error))
        return
    name = _packed.sub("", unit.name)
    pieces = _with_fault(iter((data,)) if unit.whole else split_data(data, name))
    first, second = next(pieces, b""), next(pieces, b"")
    if not second and isinstance(first, bytes):
        yield InputDocument(unit.address, name, first)
        return
    for number, piece in enumerate(chain((first, second), pieces), 1):
        address = f"{unit.address}#{number}"
        yield (
            InputDocument(address, name, b"", f"from here on: {piece}")
            if isinstance(piece, ExtractError)
            else InputDocument(address, name, piece)
        )


def _load(unit: InputUnit) -> bytes:
    """The bytes of a unit, unpacked.

    Raises UnreadableInput.
    """
    if unit.data is not None or unit.place is None:
        return unit.data or b""
    if unit.size > MAX_BYTES:
        raise InputTooLarge(f"{unit.size >> 20} MB is over the limit of {MAX_BYTES >> 20} MB for one document: split it into records first")
    try:
        return _load_place(*unit.place)
    except FileNotFoundError:
        raise UnreadableInput("there is no such file: check the path") from None
    except OSError as error:
        raise UnreadableInput(f"the file cannot be read ({(error.strerror or str(error)).lower()}): check its permissions") from None


def _load_place(path: str, member: Member | None) -> bytes:
    if member is not None:
        return unpack(Stream(open_member(_kept_open(path, stamp_of(path)), member))).read_all(MAX_BYTES)
    with open_file(path) as file:
        return unpack(Stream(file.read)).read_all(MAX_BYTES)


@lru_cache(maxsize=4)
def _kept_open(path: str, _: int) -> BinaryIO:
    """An archive that many members are read from, one after another; a changed one is opened again."""
    return open_file(path)


__all__ = [
    "MAX_BYTES",
    "STDIN",
    "Input",
    "InputDocument",
    "InputPlace",
    "InputTooLarge",
    "InputUnit",
    "each_unit",
    "file_of",
    "find_inputs",
    "read_unit",
]
