"""PDF decoded in a process that can be ended: pdfium and optical character recognition have no limits of their own.

A form that calls itself keeps pdfium busy without end; 2 kB can print a hundred thousand characters. Text has a budget of computing
time by its pages, pictures of text a larger one, and `seconds` takes the place of both.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from extractor.document import Document
from extractor.errors import NoTextLayer
from extractor.limits import Allow, run_apart

START = 2.5  # seconds of computing for what is not a matter of pages; a label of 20 pages takes 1 in all
PAGE = 0.5  # seconds for a page of text; 0.05 is usual
PICTURE = 240.0  # seconds for a page to be recognised, on all cores together; 30 to 60 are usual
ENGINE = "rapidocr_onnxruntime"


def decode(data: bytes, name: str, *, skip_scanned: bool = False, seconds: float = 0.0) -> Document:
    """The document as `decode.pdf.decode` gives it; `seconds` (0: as many as its pages need) is what each of its two ways may compute.

    Raises what that raises, and InputTooLarge where the time is over.
    """
    from extractor.decode import pdf  # noqa: PLC0415 (loaded here, so that the next process need not)

    recognised = find_spec(ENGINE) is not None

    def read_text(allow: Allow) -> Document:
        _allow(allow, pdf, data, seconds, recognising=False)
        return _bare(pdf.decode(data, name, skip_scanned=skip_scanned and not recognised, ocr=False))

    def recognise(allow: Allow) -> Document:
        _allow(allow, pdf, data, seconds, recognising=True)
        return _bare(pdf.decode(data, name, skip_scanned=skip_scanned))

    try:
        document = run_apart(read_text)
        unread = bool(document.layout.unread)
    except NoTextLayer:
        if not recognised:
            raise
        unread = True
    if unread and recognised:
        document = run_apart(recognise)
    document.data = data
    return document


def _allow(allow: Allow, pdf: Any, data: bytes, seconds: float, *, recognising: bool) -> None:
    """Sets the limit: for opening the file first, then for all of its pages."""
    allow(seconds or START, _too_long("opening it", seconds or START))
    pages = pdf.count_pages(data)
    limit = seconds or START + (PICTURE if recognising else PAGE) * pages
    doing = "recognising the text of its pictures" if recognising else f"reading its {pages} page{'' if pages == 1 else 's'}"
    allow(limit, _too_long(doing, limit))


def _too_long(doing: str, seconds: float) -> str:
    return f"{doing} takes more than {seconds:g} seconds of computing: allow more with --limit-seconds, or print it to a new PDF"


def _bare(document: Document) -> Document:
    """The document without its bytes, which need not travel."""
    document.data = b""
    return document
