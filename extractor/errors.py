"""Every error that the package raises on purpose.

    ExtractError                 no record can be trusted; the message names the file and what to do
    ├── UnreadableInput          the bytes are no document: empty, damaged, encrypted
    │   ├── InputTooLarge        over the size, depth, page or time limit
    │   └── NoTextLayer          a scan: its pages hold no text, and OCR is not installed
    ├── UnknownSource            readable, but no layout that is known
    │   └── NotARecord           a known site's page that holds no record (challenge page, search form, stub)
    └── AmbiguousSource          two sources claim the document

Messages are one sentence or two, without the file's name: `ExtractError.named` puts it in front.
"""

from __future__ import annotations


class ExtractError(Exception):
    """No record can be trusted. `str(error)` is one clear sentence for a person."""

    def named(self, name: str) -> str:
        """The message with the document's name in front: "page.html: the file is empty"."""
        return f"{name}: {self}" if name else str(self)


class UnreadableInput(ExtractError):
    """The bytes cannot be read as a document."""


class InputTooLarge(UnreadableInput):
    """A limit on size, depth, pages or time was passed."""


class NoTextLayer(UnreadableInput):
    """The document is a picture of text and needs optical character recognition."""


class UnknownSource(ExtractError):
    """The document was read, but no source recognises its layout."""


class NotARecord(UnknownSource):
    """The page comes from a known site but holds no record."""


class AmbiguousSource(ExtractError):
    """More than one source claims the document."""
