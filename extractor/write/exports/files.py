"""Exported values to files: one value or many in a file as its target wants them, or a file a record in a folder."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import IO, Any

from extractor.patterns import lazy_pattern
from extractor.write.exports import FOLDER, TARGETS
from extractor.write.files import permission_mask, write_many

BOM = "\ufeff"  # without it Excel takes a CSV file for one of the system's own character set, and Chinese for noise
NAME = 120  # characters of a file's name that an id may take, of the 255 bytes that file systems have
_unsafe = lazy_pattern(r"[^\w.-]+", re.ASCII)


def write_values(values: Iterable[Any], target: str, stream: IO[bytes], ending: str = "") -> None:
    """Every value of a target in one file; `ending` decides between an array (".json") and lines."""
    write = JOINED.get(TARGETS[target].several)
    if write:
        stream.writelines(text.encode() for text in write(str(value) for value in values))
    else:
        write_many(values, stream, array=ending == ".json")


def _elements(texts: Iterator[str]) -> Iterator[str]:
    """XML documents as one, in the root of the first."""
    end = ""
    for at, text in enumerate(texts):
        head, _, rest = text.partition("<trials>")
        inner, end, _ = rest.rpartition("</trials>")
        yield f"{head}<trials>{inner}" if not at else inner
    yield f"{end}\n" if end else ""


def _rows(texts: Iterator[str]) -> Iterator[str]:
    """Rows under the header of the first."""
    for at, text in enumerate(texts):
        yield text.partition("\r\n")[2] if at else text


def _texts(texts: Iterator[str]) -> Iterator[str]:
    """Texts, an empty line between them."""
    for at, text in enumerate(texts):
        yield f"\n{text}" if at else text


JOINED: dict[str, Callable[[Iterator[str]], Iterator[str]]] = {"elements": _elements, "rows": _rows, "texts": _texts}


def write_folder(values: Iterable[tuple[str, Any]], target: str, folder: Path) -> int:
    """A file a record, named by its id, in a new folder that appears whole or not at all; how many there are.

    Records that share an id are told apart by "-2", "-3". Raises OSError.
    """
    ending = next(kind for kind in TARGETS[target].endings if kind != FOLDER)
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    taken: set[str] = set()
    try:
        for identity, value in values:
            with (temporary / f"{_free_name(file_name(identity), taken)}{ending}").open("wb") as stream:
                write_values([value], target, stream, ending)
        if taken:
            temporary.chmod(0o777 & ~permission_mask())
            if folder.is_dir():
                folder.rmdir()  # it is empty: the command has looked
            temporary.replace(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return len(taken)


def _free_name(name: str, taken: set[str]) -> str:
    """The name, with a number behind it where it is taken, also where a file system knows no capitals."""
    free = next(found for number in count(1) if (found := f"{name}-{number}" if number > 1 else name).casefold() not in taken)
    taken.add(free.casefold())
    return free


def file_name(identity: str) -> str:
    """An id as the name of a file on any system: letters, digits, dots, hyphens.

    >>> file_name("ChiCTR2699000001"), file_name("sha256:0f"), file_name("../国药准字S1")
    ('ChiCTR2699000001', 'sha256-0f', 'S1')
    """
    return _unsafe.sub("-", identity).lstrip(".-")[:NAME] or "record"
