"""Output that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO

from extractor.model import Record
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
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def write_records(records: Iterable[Record], stream: IO[bytes]) -> None:
    """One record is indented for people, several are JSON Lines, none leave the stream empty."""
    coming = iter(records)
    held = [record for record in (next(coming, None), next(coming, None)) if record is not None]
    if len(held) == 1:
        stream.write(to_json(held[0], indent=2) + b"\n")
        return
    for record in chain(held, coming):
        stream.write(to_json(record) + b"\n")
