"""Bytes of one format to a document: one module a format, loaded when a document needs it."""

from __future__ import annotations

from importlib import import_module

from extractor.document import Document, Format

MODULES = {
    Format.HTML: "html",
    Format.TEXT: "plain",
    Format.PDF: "pdf",
    Format.JSON: "json",
    Format.XML: "xml",
    Format.CSV: "csv",
    Format.XLSX: "xlsx",
}


def decode(data: bytes, kind: Format, name: str = "", *, skip_scanned: bool = False, seconds: float = 0.0) -> Document:
    """The document in `data`. Of a PDF, pages that are pictures can be left out, and `seconds` limits the computing (0: by its pages).

    Raises UnreadableInput where the bytes are damaged or pass a limit.
    """
    document: Document
    if kind is Format.PDF:
        from extractor.decode import confined  # noqa: PLC0415

        document = confined.decode(data, name, skip_scanned=skip_scanned, seconds=seconds)
    else:
        document = import_module(f"extractor.decode.{MODULES[kind]}").decode(data, name)
    return document
