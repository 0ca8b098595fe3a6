"""Plain text to a document: one block a line that prints something, or a cell of a line that has tabs."""

from __future__ import annotations

import re

from extractor.decode.charset import clean_entities, clean_line_ends, decode_bytes
from extractor.document import Block, Document, Format, Span
from extractor.text import clean_long_blanks

_cell = re.compile(r"[^\n\t]+")


def decode(data: bytes, name: str) -> Document:
    """A text copy: blocks keep their indentation, so that nested lists can be read."""
    text = clean_long_blanks(clean_entities(clean_line_ends(decode_bytes(data))))
    cells = ((match.start(), match.group().rstrip()) for match in _cell.finditer(text))
    blocks = [Block(cell, Span(start, start + len(cell))) for start, cell in cells if cell]
    return Document(Format.TEXT, name, data, text, blocks)
