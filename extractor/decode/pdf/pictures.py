"""Pages of a PDF as small pictures for people: grey PNG files of sixteen shades, which hold text well in few bytes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

WIDTH = 900  # pixels of a page: small print can be read, and a page takes 20 to 80 kB
TALLEST = 4  # times as high as wide; what is taller is a scroll, and is drawn narrower
MOST_PAGES = 120  # pages drawn; the text form has all of them
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HIGH = bytes(value & 0xF0 for value in range(256))  # the shade of an even pixel in its half byte
_LOW = bytes(value >> 4 for value in range(256))  # and of an odd one


def draw_pages(data: bytes) -> Iterator[bytes]:
    """A PNG of each page, the first `MOST_PAGES`; none where the file cannot be opened."""
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return
    try:
        for number in range(min(len(pdf), MOST_PAGES)):
            yield _draw(pdf[number])
    finally:
        pdf.close()


def _draw(page: Any) -> bytes:
    width, height = page.get_size()
    scale = min(WIDTH / max(width, 1), WIDTH * TALLEST / max(height, 1))
    bitmap = page.render(scale=scale, may_draw_forms=False, force_bitmap_format=pdfium.FPDFBitmap_Gray)
    rows = bytes(bitmap.buffer)
    return encode_png(rows, bitmap.width, bitmap.height, bitmap.stride)


def encode_png(grey: bytes, width: int, height: int, stride: int) -> bytes:
    r"""A picture of one byte a pixel, rows of `stride` bytes, as a PNG of sixteen shades.

    >>> encode_png(bytes([0, 255, 0, 255]), 2, 2, 2)[:8] == b"\x89PNG\r\n\x1a\n"
    True
    """
    lines = [b"\0" + _packed(grey[at * stride : at * stride + width]) for at in range(height)]
    head = struct.pack(">IIBBBBB", width, height, 4, 0, 0, 0, 0)
    body = zlib.compress(b"".join(lines), 6)
    return _SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _packed(row: bytes) -> bytes:
    """Two pixels a byte."""
    even, odd = row[0::2].translate(_HIGH), row[1::2].translate(_LOW).ljust((len(row) + 1) // 2, b"\0")
    return (int.from_bytes(even, "big") | int.from_bytes(odd, "big")).to_bytes(len(even), "big")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
