"""Output that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from extractor.write import to_json

STDOUT = "-"
IN_MEMORY = 32 * 1024 * 1024  # bytes of output that wait in memory before a temporary file takes them


@contextmanager
def open_whole(target: str) -> Iterator[IO[bytes]]:
    """A stream whose content reaches `target` ("-": standard output) when the block ends well, and never otherwise.

    A file is written beside its place and renamed, so that a reader sees the old content or the new. Raises OSError.
    """
    if target == STDOUT:
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as waiting:
            yield waiting
            waiting.seek(0)
            shutil.copyfileobj(waiting, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        return
    place = Path(target).resolve()
    if place.exists() and not place.is_file():  # a device or a pipe cannot be renamed over
        with place.open("wb") as stream:
            yield stream
        return
    with _beside(place) as stream:
        yield stream


@contextmanager
def _beside(place: Path) -> Iterator[IO[bytes]]:
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(_mode(place))
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _mode(place: Path) -> int:
    """The permissions that the file has, or that a new file would have: a temporary file is private."""
    if place.exists():
        return place.stat().st_mode & 0o777
    return 0o666 & ~permission_mask()


def permission_mask() -> int:
    """What the user takes from the permissions of new files and folders."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_many(values: Iterable[Any], stream: IO[bytes], *, array: bool = False) -> None:
    """One value is indented for people; several are an array of JSON, or JSON Lines; none leave the stream empty."""
    coming = iter(values)
    held = list(islice(coming, 2))
    if len(held) == 1:
        stream.write(to_json(held[0], indent=2) + b"\n")
        return
    for at, value in enumerate(chain(held, coming)):
        stream.write((b",\n" if at else b"[\n") + to_json(value) if array else to_json(value) + b"\n")
    if array and held:
        stream.write(b"\n]\n")
