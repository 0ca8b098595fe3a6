"""PDF to a document: text in reading order with a box for every line, tables cell by cell, running lines left out.

Text comes through pypdfium2's character API, page by page. Pages without text go through optical character recognition
where that is installed (`pip install rapidocr-onnxruntime`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from extractor.decode.pdf.assembly import assemble
from extractor.decode.pdf.characters import read_page
from extractor.decode.pdf.ocr import find_engine, recognise
from extractor.decode.pdf.page_reader import Before, read_lines
from extractor.decode.pdf.pages import PageText
from extractor.document import Document, Format
from extractor.errors import InputTooLarge, NoTextLayer, UnreadableInput
from extractor.layout import PageLayout

MOST_PAGES = 3000  # of one file, far above the longest protocols and labels
MOST_OBJECTS = 200_000  # on a page; maps and plots reach some ten thousand
MOST_CHARACTERS = 50_000  # on a page; the densest of real ones have 10,000
_FEWEST_CHARACTERS = 50  # on a page; a scan may carry a stamp, a page number or a running head as text
_LARGE = 0.3  # of a page's area: a scan fills the page, a logo or a structural formula does not
_GARBLED_SHARE = 0.3  # of a page's characters without a name in their font: the rest makes no sentences any more


def decode(data: bytes, name: str, *, skip_scanned: bool = False, ocr: bool = True) -> Document:
    """The text of a PDF with its layout (`layout.PageLayout`).

    `skip_scanned` leaves pages without text out; `ocr` false never recognises them. Raises UnreadableInput where the file is
    damaged, encrypted or empty, InputTooLarge over 3,000 pages or the limits of a page, NoTextLayer where pages hold no text and
    recognition is not there. Time is limited by whoever runs this in a process of its own (`decode.confined`).
    """
    pdf = _open(data)
    try:
        pages = list(_pages(pdf))
        layout = PageLayout()
        missing = _missing(pdf, pages, layout)
        engine = find_engine() if ocr and missing else None
        if engine is None:
            _check(layout, len(pages), missing, skip=skip_scanned)
        else:
            _recognise(engine, pdf, pages, layout, missing)
        return assemble(Document(Format.PDF, name, data, "", pages=len(pages), layout=layout), pages)
    finally:
        pdf.close()


def _open(data: bytes) -> pypdfium2.PdfDocument:
    if not data.strip():
        raise UnreadableInput("the file is empty")
    try:
        pdf = pypdfium2.PdfDocument(data)
        count = len(pdf)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableInput("the PDF is encrypted: save a copy without a password") from error
        raise UnreadableInput("the PDF is damaged and cannot be opened: open it in a viewer and print it to a new PDF") from error
    if count == 0:
        raise UnreadableInput("the PDF has no pages")
    if count > MOST_PAGES:
        raise InputTooLarge(f"the PDF has {count} pages, more than {MOST_PAGES}: split it")
    return pdf


def count_pages(data: bytes) -> int:
    """How many pages a PDF has.

    Raises UnreadableInput as `decode` does.
    """
    pdf = _open(data)
    try:
        return len(pdf)
    finally:
        pdf.close()


def _check_size(count: int, most: int, what: str) -> None:
    if count > most:
        raise InputTooLarge(f"it has {count:,} {what}, more than the {most:,} that are read: print it to a new PDF")


def _pages(pdf: pypdfium2.PdfDocument) -> Iterator[PageText]:
    """The lines of each page; characters are dropped page by page."""
    before = Before()
    for number in range(len(pdf)):
        try:
            page = pdf[number]
        except pypdfium2.PdfiumError as error:
            raise UnreadableInput(f"page {number + 1} of the PDF is damaged: print the file to a new PDF") from error
        try:
            _check_size(pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS, f"objects on page {number + 1}")
            printed = read_page(page)
            _check_size(len(printed.glyphs), MOST_CHARACTERS, f"characters on page {number + 1}")
            text, before = read_lines(printed, before)
            yield text
        finally:
            page.close()


def _missing(pdf: pypdfium2.PdfDocument, pages: list[PageText], layout: PageLayout) -> list[int]:
    """The pages that print something but hold no text that can be read: pictures, or fonts that do not name their characters."""
    counts = [sum(len(line.text) for line in page.lines) for page in pages]
    garbled = [page.unnamed > _GARBLED_SHARE * (count + page.unnamed) for page, count in zip(pages, counts, strict=True)]
    missing = [n for n, count in enumerate(counts) if garbled[n] or (count < _FEWEST_CHARACTERS and _is_picture(pdf, n, count))]
    if not missing and not any(counts):
        raise UnreadableInput("the PDF is empty: no page holds text or a picture")
    layout.garbled = [n + 1 for n in missing if garbled[n]]
    return missing


def _is_picture(pdf: pypdfium2.PdfDocument, number: int, characters: int) -> bool:
    """Whether a page with hardly any text is a scan: a large image, or without text anything at all."""
    page = pdf[number]
    try:
        if not characters:
            return next(iter(page.get_objects(max_depth=2)), None) is not None
        area = page.get_width() * page.get_height()
        boxes = (item.get_bounds() for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
        return any((right - left) * (top - bottom) > _LARGE * area for left, bottom, right, top in boxes)
    finally:
        page.close()


def _recognise(engine: Any, pdf: pypdfium2.PdfDocument, pages: list[PageText], layout: PageLayout, missing: list[int]) -> None:
    """Reads the pages without text from their pictures; at a terminal, says which page is in hand: each takes seconds."""
    for count, number in enumerate(missing, 1):
        if sys.stderr is not None and sys.stderr.isatty():
            sys.stderr.write(f"\rrecognising page {number + 1} ({count} of {len(missing)})" + "\n" * (count == len(missing)))
            sys.stderr.flush()
        pages[number], layout.confidence[number + 1] = recognise(engine, pdf, number)


def _check(layout: PageLayout, pages: int, missing: list[int], *, skip: bool) -> None:
    """Notes the pages that stay unread; an error where that is more than a garbled page among good ones."""
    layout.unread = [n + 1 for n in missing]
    pictures = [n for n in layout.unread if n not in layout.garbled]
    if missing and (len(missing) == pages or (pictures and not skip)):
        raise NoTextLayer(_no_text(layout))


def _no_text(layout: PageLayout) -> str:
    """Which pages cannot be read, why, and what to do."""
    pages = ", ".join(map(str, layout.unread[:20])) + (", …" if len(layout.unread) > 20 else "")
    one = len(layout.unread) == 1
    what = f"page{'' if one else 's'} {pages} {'has' if one else 'have'} no text but a picture of it"
    if layout.garbled:
        what = f"the fonts of page{'' if one else 's'} {pages} do not name their characters"
    return (
        f"{what}: install optical character recognition with pip install rapidocr-onnxruntime, or leave such pages out with --skip-scanned"
    )
