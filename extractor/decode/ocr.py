"""Optical character recognition of pages that hold no text: rapidocr-onnxruntime, an extra that may be missing."""

from __future__ import annotations

from functools import cache
from typing import Any

import pypdfium2

from extractor.decode.pdf_pages import PageText


@cache
def find_engine() -> Any:
    """The recognition engine, or None where the extra `ocr` is not installed."""
    try:
        from rapidocr_onnxruntime import RapidOCR  # noqa: PLC0415
    except ImportError:
        return None
    return RapidOCR()


def recognise(engine: Any, pdf: pypdfium2.PdfDocument, number: int) -> tuple[PageText, float]:
    """The lines of a page read from its picture, and how sure the engine was on the whole."""
    raise NotImplementedError
