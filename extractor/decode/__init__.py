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


def decode(data: bytes, kind: Format, name: str = "", **options: bool) -> Document:
    """The document in `data`. `options` go to the decoder that knows them (`skip_scanned`, for PDF only).

    Raises UnreadableInput where the bytes are damaged or pass a limit.
    """
    module = import_module(f"extractor.decode.{MODULES[kind]}")
    document: Document = module.decode(data, name, **options) if kind is Format.PDF else module.decode(data, name)
    return document
