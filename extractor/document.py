"""What a document is between the rooms: text with blocks that know where they stand, and the draft read from it.

`Document.text` is the one text that every span points into; `decode` makes it, nothing later changes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

Extent = tuple[int, int]
"""A stretch of a text: the offset of its first character, and the one behind its last."""


class Format(StrEnum):
    """A matter of bytes: how a document is coded."""

    HTML = "html"
    TEXT = "text"
    PDF = "pdf"
    JSON = "json"
    XML = "xml"
    CSV = "csv"
    XLSX = "xlsx"


class Span(NamedTuple):
    """A run of characters of `Document.text`: half open, with the page (from 1) of a PDF, and its box there.

    `box` is (left, top, right, bottom) in points from the top left corner of the page.
    """

    start: int
    end: int
    page: int = 0
    box: tuple[float, float, float, float] | None = None


class Found(NamedTuple):
    """A raw string of the document and where it stands.

    `text` equals the pieces that `spans` name, joined by line feeds. It is never cleaned here.
    """

    text: str
    spans: tuple[Span, ...]


class Block(NamedTuple):
    """One printed line, paragraph or cell, in reading order.

    `cell` numbers the innermost table cell (0: outside tables); `label` says that the layout itself marks the
    block as a label; `hint` is what else the layout says: element names, and CSS classes and ids on pages that have those which sources ask for.
    `table` and `row` number the innermost table and its row. `link` is the target of a link in the block.
    """

    text: str
    span: Span
    cell: int = 0
    label: bool = False
    hint: str = ""
    table: int = 0
    row: int = 0
    link: str = ""


@dataclass(slots=True)
class Document:
    """A decoded document: one text, its blocks in reading order, or the tree of a structured format.

    `tree` is what JSON, XML or CSV decode to (see the decoders); `pages` counts the pages of a PDF;
    `offset` is where this record's text starts in the text of a file that holds many records;
    `layout` is what only one room needs (the positioned characters of a PDF).
    """

    format: Format
    name: str
    data: bytes
    text: str
    blocks: list[Block] = field(default_factory=list)
    tree: Any = None
    pages: int = 0
    offset: int = 0
    layout: Any = None


class Entry(NamedTuple):
    """One raw value on its way to a field.

    `path` is the field in the record below /trial or /label, its parts joined by "/", list positions as numbers:
    "arms/0/label". `language` is a BCP 47 key, or "" where the text itself must say.
    """

    path: str
    language: str
    found: Found


class Item(NamedTuple):
    """A criterion as a register keeps it, apart from the others: its number, and its text by language."""

    number: Found
    texts: dict[str, Found]


class Unmapped(NamedTuple):
    """A labelled value that no field takes: kept in the record as it stands."""

    label: str
    found: Found


class Doubt(NamedTuple):
    """A finding in the making: `path` as in `Entry`, or a JSON Pointer when it starts with "/"."""

    code: str
    path: str
    message: str
    quote: str = ""


@dataclass(slots=True)
class Draft:
    """One record as read: raw strings with their places, nothing cleaned, nothing coded.

    `furniture` holds the spans that are listed as page furniture and the labels themselves; with the spans of
    `entries` and `unmapped` it accounts for the whole text. `codes` holds what the layout itself says and no words
    do: field path → code ("sponsors/0/role" → "LEAD"), with "~" before a code that is inferred. `meta` holds facts about the page: version, version_date,
    mirror_of, id. `wrapped` says that line ends inside values are wraps of print, not line breaks of the author.
    `extent` is the part of the document's text that this record takes up, in a file that holds many.
    """

    source: str
    kind: str = "trial"
    entries: list[Entry] = field(default_factory=list)
    unmapped: list[Unmapped] = field(default_factory=list)
    furniture: list[Span] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    labels_seen: int = 0
    labels_mapped: int = 0
    meta: dict[str, str] = field(default_factory=dict)
    wrapped: bool = False
    extent: Extent | None = None

    def add(self, path: str, text: str, *spans: Span, language: str = "") -> None:
        """Keep `text`, which stands at `spans`, for the field `path`."""
        self.entries.append(Entry(path, language, Found(text, spans)))
