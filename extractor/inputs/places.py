"""The files that places name: paths, folders, patterns, @lists, and addresses of object stores ("s3://bucket/folder")."""

from __future__ import annotations

import fnmatch
import glob
import os
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, NamedTuple, cast

from extractor.patterns import lazy_pattern
from extractor.split.joined import HEAD, LEAST, MAIN, is_table

STDIN = "-"
WEB = ("http://", "https://", "ftp://")  # addresses that are never fetched

_number = lazy_pattern(r"#(?=\d+$)")


class File(NamedTuple):
    """A file by its path or address, with its size in bytes; `refusal` says what is wrong with a place.

    `tables` are the paths of all files of one database; `path` is the one that has a row a record, `size` that of all.
    """

    path: str
    size: int
    refusal: str = ""
    tables: tuple[str, ...] = ()


def each_file(places: Iterable[str]) -> Iterator[File]:
    """Every file once, in the order of the places; a folder's files by name, hidden ones left out."""
    earlier = _Covered()
    for place in _listed(places):
        for file in _each_in(place):
            if not earlier.holds(file.path):
                yield file
        earlier.add(place)


class _Covered:
    """Which files the places so far have named, without keeping the files."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: list[str] = []
        self._patterns: list[str] = []

    def add(self, place: str) -> None:
        """Keeps a place that has been walked."""
        if os.path.isdir(place):  # noqa: PTH112 (a place can be an address, which Path would spoil)
            self._folders.append(os.path.join(place, ""))  # noqa: PTH118
        elif glob.has_magic(place):
            self._patterns.append(place)
        else:
            self._files.add(place)

    def holds(self, path: str) -> bool:
        """Whether an earlier place has named the file."""
        in_folder = any(path.startswith(folder) for folder in self._folders)
        return in_folder or path in self._files or any(fnmatch.fnmatchcase(path, pattern) for pattern in self._patterns)


def _listed(places: Iterable[str]) -> Iterator[str]:
    """The places, those in "@file" lists too, one a line, in their normal form."""
    for place in places:
        if place.startswith("@") and not os.path.exists(place):  # noqa: PTH110
            yield from _lines(place)
        else:
            yield place if "://" in place or place == STDIN else os.path.normpath(place)


def _lines(place: str) -> Iterator[str]:
    try:
        with open(place[1:], encoding="utf-8") as lines:  # noqa: PTH123
            for line in lines:
                if line.strip():
                    yield os.path.normpath(line.strip()) if "://" not in line else line.strip()
    except OSError:
        yield place


def _each_in(place: str) -> Iterator[File]:
    if place == STDIN:
        yield File(STDIN, 0)
    elif "://" in place:
        yield from _stored(place)
    elif os.path.isdir(place):  # noqa: PTH112
        yield from _in_folder(place)
    elif glob.has_magic(place) and not os.path.exists(place):  # noqa: PTH110
        yield from _matching(place)
    else:
        yield _file(place)


def _file(path: str) -> File:
    try:
        return File(path, os.stat(path).st_size)  # noqa: PTH116
    except (OSError, ValueError):
        return File(path, 0, "there is no such file: check the path")


def _in_folder(folder: str) -> Iterator[File]:
    files = _walk(folder)
    first = next(files, None)
    yield first or File(folder, 0, "there is no file in this folder")
    yield from files


def _walk(folder: str) -> Iterator[File]:
    """The files of a folder and its subfolders by name; links to folders are not followed."""
    try:
        with os.scandir(folder) as entries:
            names = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries if not entry.name.startswith("."))
    except OSError as error:
        yield File(folder, 0, f"the folder cannot be read ({(error.strerror or '').lower()})")
        return
    tables = _tables(folder, [name for name, is_folder in names if not is_folder])
    if tables:
        main = os.path.join(folder, f"{MAIN}.txt")  # noqa: PTH118
        yield File(main, sum(os.stat(path).st_size for path in tables), tables=tables)  # noqa: PTH116
    for name, is_folder in names:
        path = os.path.join(folder, name)  # noqa: PTH118
        if path in tables:
            continue
        if is_folder:
            yield from _walk(path)
        elif os.path.isfile(path):  # noqa: PTH113
            yield _file(path)
        elif not os.path.isdir(path):  # noqa: PTH112
            yield File(path, 0, "it is no regular file")


def _tables(folder: str, names: list[str]) -> tuple[str, ...]:
    """The paths of a database's tables among a folder's files: that of its studies, and every other whose rows name studies."""
    if f"{MAIN}.txt" not in names:
        return ()
    paths = [os.path.join(folder, name) for name in names if name.endswith(".txt")]  # noqa: PTH118
    found = tuple(path for path in paths if os.path.isfile(path) and is_table(_head(path)))  # noqa: PTH113
    return found if len(found) >= LEAST and os.path.join(folder, f"{MAIN}.txt") in found else ()  # noqa: PTH118


def _head(path: str) -> bytes:
    """A file's first bytes; none where it cannot be read, which is told when its turn comes."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read(HEAD)
    except OSError:
        return b""


def _matching(pattern: str) -> Iterator[File]:
    found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 (Path.glob takes no absolute pattern)
    if not found:
        yield File(pattern, 0, "no file matches this pattern: check the path, or quote it so that the shell leaves it alone")
    for path in found:
        yield from _each_in(path)


def open_file(path: str) -> BinaryIO:
    """A file on disk or in an object store, opened for reading from any position.

    Raises OSError.
    """
    if "://" not in path:
        return open(path, "rb")  # noqa: PTH123
    system, inner = _system(path)
    return cast("BinaryIO", system.open_input_file(inner))


def stamp_of(path: str) -> int:
    """When a file on disk was changed last, in nanoseconds; 0 in an object store, where files are not changed."""
    return 0 if "://" in path else os.stat(path).st_mtime_ns  # noqa: PTH116


def _stored(address: str) -> Iterator[File]:
    """The files under an object store's address; what is none comes out with its refusal."""
    if address.lower().startswith(WEB):
        yield File(address, 0, "nothing is fetched: save the page and name the file")
        return
    try:
        yield from _each_stored(address)
    except ModuleNotFoundError:
        yield File(address, 0, "an address of an object store needs pyarrow: pip install pyarrow")
    except (OSError, ValueError) as error:
        yield File(address, 0, f"the address cannot be read ({str(error).partition(chr(10))[0]}): check it")


def _each_stored(address: str) -> Iterator[File]:
    from pyarrow import fs  # noqa: PLC0415 (an extra)

    system, inner = _system(address)
    info = system.get_file_info(inner)
    root = address[: len(address) - len(inner)] if address.endswith(inner) else address.partition("://")[0] + "://"
    if info.type is fs.FileType.NotFound:
        yield File(address, 0, "there is no such file: check the address")
    elif info.type is fs.FileType.File:
        yield File(address, info.size)
    else:
        found = system.get_file_info(fs.FileSelector(inner, recursive=True))
        files = sorted((item.path, item.size) for item in found if item.is_file)
        yield from (File(root + path, size) for path, size in files)


def _system(address: str) -> tuple[Any, str]:
    from pyarrow import fs  # noqa: PLC0415 (an extra)

    system, inner = fs.FileSystem.from_uri(address)
    return system, inner


def printable(name: str) -> str:
    """A file's name as it can stand in JSON and in an address: bytes that are no UTF-8 become question marks.

    A name that ends as the address of a record does is told apart from one.

    >>> printable("trials.json#2"), printable("room #2/a.json")
    ('trials.json%232', 'room #2/a.json')
    """
    return _number.sub("%23", name.encode("utf-8", "replace").decode("utf-8"))
