"""Plain text to a document: one block a line that prints something, or a cell of a line that has tabs."""

from __future__ import annotations

import re

from extractor.decode.charset import clean_entities, clean_line_ends, decode_bytes
from extractor.document import Block, Document, Format, Span
from extractor.patterns import lazy_pattern
from extractor.text import clean_long_blanks

_cell = lazy_pattern(r"[^\n\t]+")
# Tables of Markdown: rows between pipes, a ruler below the first. Cells become cells as those of a copied page, offsets stay.
_ruler = lazy_pattern(r"^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)*\|?[ \t]*$", re.MULTILINE)
_row = lazy_pattern(r"^[ \t]*\|[^\n]*\|[ \t]*$", re.MULTILINE)
_edge = lazy_pattern(r"(?<!\\)[ \t]*\|[ \t]*")


def decode(data: bytes, name: str) -> Document:
    """A text copy: blocks keep their indentation, so that nested lists can be read."""
    text = _open_tables(clean_long_blanks(clean_entities(clean_line_ends(decode_bytes(data)))))
    cells = ((match.start(), match.group().rstrip()) for match in _cell.finditer(text))
    blocks = [Block(cell, Span(start, start + len(cell))) for start, cell in cells if cell]
    return Document(Format.TEXT, name, data, text, blocks)


def _open_tables(text: str) -> str:
    """The text with tabs between the cells of Markdown tables, and no rulers; every character keeps its place."""
    if "|" not in text or not any("|" in ruler.group() for ruler in _ruler.finditer(text)):
        return text
    bare = _ruler.sub(lambda ruler: " " * len(ruler.group()), text)
    return _row.sub(lambda row: _edge.sub(lambda edge: "\t" * len(edge.group()), row.group()), bare)
