"""Where bytes come from: files, folders, patterns, members of archives, standard input. Nothing is read before it is asked for.

Archives are unpacked in memory, one member at a time and never beyond the limit for one document, so that neither a
bomb nor a member's name can do harm: a name is only ever shown.
"""

from __future__ import annotations

import glob
import gzip
import os
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

from extractor.detect import MAX_BYTES
from extractor.errors import InputTooLarge, UnreadableInput

STDIN = "-"
MAX_MEMBERS = 1_000_000


class Stream(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes."""
        ...


class Input(NamedTuple):
    """One document to be read: its name for the record ("" for standard input), for messages, and what reads it.

    `read` raises UnreadableInput with a sentence that says what to do.
    """

    name: str
    shown: str
    read: Callable[[], bytes]


def find_inputs(places: Iterable[str]) -> Iterator[Input]:
    """Every document that the places name, in order: a folder's files by name, an archive's members as they stand in it.

    A place that does not exist gives an input whose `read` says so.
    """
    for place in places:
        if place == STDIN:
            yield Input("", "standard input", _read_stdin)
        elif Path(place).is_dir():
            yield from _in_folder(Path(place))
        elif glob.has_magic(place) and not Path(place).exists():
            yield from _matching(place)
        else:
            yield from _in_file(Path(place))


def _in_folder(folder: Path) -> Iterator[Input]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path.relative_to(folder)))
    if not files:
        yield _failing(str(folder), "there is no file in this folder")
    for file in files:
        yield from _in_file(file)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _matching(pattern: str) -> Iterator[Input]:
    found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 (Path.glob takes no absolute pattern)
    if not found:
        yield _failing(pattern, "no file matches this pattern: check the path, or quote it so that the shell leaves it alone")
    yield from find_inputs(found)


def _in_file(path: Path) -> Iterator[Input]:
    suffix = path.suffix.lower()
    if suffix == ".zip" and path.is_file():
        yield from _in_zip(path)
    elif suffix == ".gz":
        yield Input(_printable(path.stem), _printable(str(path)), partial(_read_gzip, path))
    else:
        yield Input(_printable(path.name), _printable(str(path)), partial(_read_file, path))


def _in_zip(path: Path) -> Iterator[Input]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        yield _failing(str(path), "the zip archive is damaged: fetch or pack it again")
        return
    if not members or len(members) > MAX_MEMBERS:
        yield _failing(str(path), "the zip archive holds no file" if not members else f"it holds over {MAX_MEMBERS} files")
        return
    for member in members:
        inside = "/".join(part for part in member.filename.replace("\\", "/").split("/") if part not in ("", ".", ".."))
        yield Input(_printable(f"{path.name}!{inside}"), _printable(f"{path}!{inside}"), partial(_read_member, path, member))


def _printable(name: str) -> str:
    """A file's name as it can stand in JSON: bytes that are no UTF-8 become question marks."""
    return name.encode("utf-8", "replace").decode("utf-8")


def _failing(place: str, sentence: str) -> Input:
    def refuse() -> bytes:
        raise UnreadableInput(sentence)

    return Input(_printable(place), _printable(place), refuse)


def _read_stdin() -> bytes:
    return _read_limited(sys.stdin.buffer)


def _read_file(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _too_large(f"{size >> 20} MB is")
        with path.open("rb") as stream:
            return _read_limited(stream)
    except FileNotFoundError:
        raise UnreadableInput("there is no such file: check the path") from None
    except (OSError, ValueError) as error:
        raise UnreadableInput(f"the file cannot be read ({_reason(error)}): check its permissions") from None


def _read_gzip(path: Path) -> bytes:
    if not path.is_file():
        return _read_file(path)
    try:
        with gzip.open(path) as stream:
            return _read_limited(stream)
    except (OSError, EOFError, zlib.error):
        raise UnreadableInput("the gzip data is damaged or cut off: fetch or pack it again") from None


def _read_member(path: Path, member: zipfile.ZipInfo) -> bytes:
    if member.flag_bits & 1:
        raise UnreadableInput("the member is encrypted: unpack the archive with its password first")
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
            return _read_limited(stream)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, zlib.error):
        raise UnreadableInput("the member is damaged: fetch or pack the archive again") from None


def _read_limited(stream: Stream) -> bytes:
    """All of a stream, unless it goes on past the limit for one document."""
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _too_large("it is")
    return data


def _too_large(subject: str) -> InputTooLarge:
    return InputTooLarge(f"{subject} over the limit of {MAX_BYTES >> 20} MB for one document: split it into records first")


def _reason(error: Exception) -> str:
    return os.strerror(error.errno).lower() if isinstance(error, OSError) and error.errno else str(error)
