"""A fictional registry dump of any size: all forms mixed, made from the samples by giving each copy a number of its own.

    python benchmarks/bulk_dump.py FOLDER 100000

The share `BROKEN` of the documents is broken on purpose, each in a way of its form; `write_dump` says exactly how many.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Self

import zstandard

from extractor.split import split_data

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
BROKEN = 0.01


class Dump(NamedTuple):
    """How many documents a dump holds, and how many of them are broken."""

    documents: int
    broken: int


class Form(NamedTuple):
    """A kind of document: its share in a thousand, the sample, its number, what numbers look like, how it breaks."""

    share: int
    sample: str
    number: str
    pattern: str
    broken: Callable[[bytes], bytes]


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _unnamed(data: bytes) -> bytes:
    """An XML record whose elements do not match."""
    return data.replace(b"</TrialID>", b"</TrialNo>", 1)


def _challenge(_: bytes) -> bytes:
    return b"<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"


def _empty(_: bytes) -> bytes:
    return b" \n"


FORMS: dict[str, Form] = {
    "zip": Form(300, "ctgov/migraine_api.json", "NCT09900001", "NCT{:08d}", _cut),
    "jsonl": Form(200, "ctgov/eczema_full.json", "NCT09900020", "NCT{:08d}", _cut),
    "tar": Form(100, "ctgov/sepsis_public.xml", "NCT09900030", "NCT{:08d}", _cut),
    "xml": Form(180, "ictrp/search_2020.xml", "ChiCTR2099000001", "ChiCTR{:010d}", _unnamed),
    "csv": Form(180, "ictrp/search.csv", "IRCT20990101000001N1", "IRCT{:014d}N1", lambda row: row[:9] + b"\n"),
    "chictr": Form(10, "chictr/colitis_saved.html", "ChiCTR2699000001", "ChiCTR{:010d}", _challenge),
    "veeva": Form(10, "veeva/psoriasis_saved.html", "NCT09990011", "NCT{:08d}", _challenge),
    "label": Form(20, "nmpa/granules_tcm.txt", "Z20093456", "Z{:08d}", _empty),
}  # fmt: skip


def write_dump(folder: Path, count: int, seed: int = 7) -> Dump:
    """Writes `count` documents below `folder`."""
    dice = random.Random(seed)  # noqa: S311 (a test's dice)
    names = dice.choices(list(FORMS), [form.share for form in FORMS.values()], k=count)
    broken = set(dice.sample(range(count), int(count * BROKEN)))
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        sinks = {name: stack.enter_context(_Sink(folder, name)) for name in FORMS}
        for number, name in enumerate(names):
            sinks[name].add(number, broken=number in broken)
    return Dump(count, len(broken))


class _Sink:
    """Where the documents of one form go: a file of many, an archive, or a folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self._form, self._folder, self._name = FORMS[name], folder, name
        self._template = _template(name)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._put = OPENERS.get(self._name, _open_folder)(self._stack, self._folder, self._form)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, number: int, *, broken: bool) -> None:
        """Writes one copy of the sample with its own number."""
        own = self._form.pattern.format(10_000_000 + number)
        data = self._template.replace(self._form.number.encode(), own.encode())
        self._put(own, self._form.broken(data) if broken else data)


def _template(name: str) -> bytes:
    data = (SAMPLES / FORMS[name].sample).read_bytes()
    if name == "jsonl":
        return json.dumps(json.loads(data), ensure_ascii=False).encode()
    if name == "xml":
        return data[data.index(b"<Trial>") : data.index(b"</Trial>") + len(b"</Trial>")]
    if name == "csv":
        return next(row for row in _rows(data) if FORMS[name].number.encode() in row)
    return data


def _rows(data: bytes) -> Iterator[bytes]:
    head = _header(data)
    return (piece.removeprefix(head) for piece in split_data(data, "search.csv"))


def _header(data: bytes) -> bytes:
    return data[: data.index(b"\n") + 1]


Put = Callable[[str, bytes], object]


def _open_zip(stack: ExitStack, folder: Path, _: Form) -> Put:
    archive = stack.enter_context(zipfile.ZipFile(folder / "api.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1))
    return lambda own, data: archive.writestr(f"{own[:7]}xxxx/{own}.json", data)


def _open_jsonl(stack: ExitStack, folder: Path, _: Form) -> Put:
    file = stack.enter_context(gzip.open(folder / "studies.jsonl.gz", "wb", 1))  # noqa: SIM115 (the stack closes it)
    return lambda _, data: file.write(data + b"\n")


def _open_tar(stack: ExitStack, folder: Path, _: Form) -> Put:
    archive = stack.enter_context(tarfile.open(folder / "public.tar.gz", "w:gz", compresslevel=1))  # noqa: SIM115 (the stack closes it)

    def put(own: str, data: bytes) -> None:
        member = tarfile.TarInfo(f"xml/{own}.xml")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))

    return put


def _open_xml(stack: ExitStack, folder: Path, _: Form) -> Put:
    file = stack.enter_context((folder / "ictrp.xml").open("wb"))
    file.write(b"<?xml version='1.0' encoding='UTF-8' ?><Trials_downloaded_from_ICTRP>\n")
    stack.callback(file.write, b"</Trials_downloaded_from_ICTRP>\n")
    return lambda _, data: file.write(data + b"\n")


def _open_csv(stack: ExitStack, folder: Path, form: Form) -> Put:
    file = stack.enter_context((folder / "ictrp.csv.zst").open("wb"))
    packed = stack.enter_context(zstandard.ZstdCompressor(1).stream_writer(file, closefd=False))
    packed.write(_header((SAMPLES / form.sample).read_bytes()))
    return lambda _, data: packed.write(data)


def _open_folder(_: ExitStack, folder: Path, form: Form) -> Put:
    suffix = Path(form.sample).suffix

    def put(own: str, data: bytes) -> None:
        file = folder / "pages" / own[-3:] / f"{own}{suffix}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    return put


OPENERS: dict[str, Callable[[ExitStack, Path, Form], Put]] = {
    "zip": _open_zip,
    "jsonl": _open_jsonl,
    "tar": _open_tar,
    "xml": _open_xml,
    "csv": _open_csv,
}


def places_of(folder: Path) -> list[str]:
    """A dump's places, in a fixed order."""
    return [str(place) for place in sorted(folder.iterdir())]


def main(arguments: Iterable[str]) -> None:
    """Writes the dump that the command line asks for."""
    folder, count = arguments
    print(write_dump(Path(folder), int(count)))


if __name__ == "__main__":
    main(sys.argv[1:])
