"""A folder of review pages of many documents: `-o review/`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from extractor.errors import ExtractError
from extractor.handover import review_of
from extractor.inputs import Input
from extractor.limits import each_within
from extractor.pipeline import Options
from extractor.write import to_json
from extractor.write.dataset_names import LOCK
from extractor.write.files import open_whole
from extractor.write.review import Neighbours
from extractor.write.review.folder import INDEX, RECORDS, IndexEntry, entry_of, index_page, is_index, page_name, part_of, record_page
from extractor.write.review.view import DocumentView

Json = dict[str, Any]
LIMIT = 60.0  # seconds for one document
TOO_LONG = "its page takes more than {:g} seconds of computing: allow more with --limit-seconds, or split it"


class NoReviewFolder(ValueError):
    """The folder holds other files."""


@dataclass(slots=True)
class Done:
    """What came of a run: how many records have a page, and what failed."""

    records: int = 0
    failures: list[str] = field(default_factory=list)


class Waiting(NamedTuple):
    """A record whose page waits for the name of the next."""

    name: str
    record: Json
    view: DocumentView


def write_reviews(inputs: Iterable[Input], output: str, options: Options) -> Done:
    """Writes a page a record and an index, each whole; what cannot be read is told and has no page.

    Raises NoReviewFolder where the folder holds other files, OSError where it cannot be written.
    """
    folder = Path(output)
    if folder.is_dir() and any(folder.iterdir()) and not is_index(_read(folder / INDEX)):
        raise NoReviewFolder(f"{folder} is a folder with other files: name a new one for -o")
    (folder / RECORDS).mkdir(parents=True, exist_ok=True)
    done = Done()
    entries = list(_write_pages(_records(inputs, options, done), folder))
    done.records = len(entries)
    _write(folder / INDEX, index_page(entries))
    _remove_others(folder, entries)
    _link_from_dataset(folder.parent)
    return done


def _read(place: Path) -> bytes:
    return place.read_bytes() if place.is_file() else b""


def _write(place: Path, page: str) -> None:
    with open_whole(str(place)) as stream:
        stream.write(page.encode())


def _records(inputs: Iterable[Input], options: Options, done: Done) -> Iterator[tuple[Json, DocumentView]]:
    """Every record with the document, or the part of it, that it stands in."""
    seconds = options.seconds or LIMIT
    for item in inputs:
        try:
            coming = (review_of(one.read(), one.name, options) for one in [item])
            found, view = next(each_within(coming, seconds, TOO_LONG.format(seconds)))
        except ExtractError as error:
            done.failures.append(error.named(item.shown))
            continue
        records: list[Json] = [json.loads(to_json(record)) for record in found]
        for record in records:
            yield part_of(record, view) if len(records) > 1 else (record, view)


def _write_pages(records: Iterable[tuple[Json, DocumentView]], folder: Path) -> Iterator[IndexEntry]:
    """Writes each page once the name of the next is known."""
    taken: set[str] = set()
    before, waiting = "", None
    for record, view in records:
        name = page_name(record, taken)
        if waiting is not None:
            yield _write_page(waiting, (before, name), folder)
            before = waiting.name
        waiting = Waiting(name, record, view)
    if waiting is not None:
        yield _write_page(waiting, (before, ""), folder)


def _write_page(page: Waiting, around: Neighbours, folder: Path) -> IndexEntry:
    content = record_page(page.record, page.view, around)
    _write(folder / RECORDS / page.name, content)
    return entry_of(page.record, page.name, content)


def _link_from_dataset(folder: Path) -> None:
    """Draws the page of pictures of a dataset anew where the review pages stand in its folder, so that its titles lead to them."""
    if not ((folder / LOCK).is_file() and (folder / INDEX).is_file()):
        return
    try:
        from extractor.bulk.summary import summary_page  # noqa: PLC0415 (needs DuckDB, and only review pages of a dataset need it)

        page = summary_page(folder)
    except ImportError:
        return  # the next run of the dataset draws it
    with open_whole(str(folder / INDEX)) as stream:
        stream.write(page)


def _remove_others(folder: Path, entries: list[IndexEntry]) -> None:
    """Takes away pages of an earlier run that the index does not name any more."""
    kept = {folder / entry.page for entry in entries}
    for place in (folder / RECORDS).glob("*.html"):
        if place not in kept:
            place.unlink()
