"""Plain text to a document: one block a line that prints something, or a cell of a line that has tabs."""

from __future__ import annotations

import re

from extractor.decode.charset import clean_entities, clean_line_ends, decode_bytes
from extractor.document import Block, Document, Format, Span

_cell = re.compile(r"[^\n\t]*[^\s]")


def decode(data: bytes, name: str) -> Document:
    """A text copy: blocks keep their indentation, so that nested lists can be read."""
    text = clean_entities(clean_line_ends(decode_bytes(data)))
    blocks = [Block(m.group(), Span(m.start(), m.end())) for m in _cell.finditer(text)]
    return Document(Format.TEXT, name, data, text, blocks)
