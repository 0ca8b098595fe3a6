"""HTML to a document: the visible text in order, one block a line of layout, list marks and table cells kept.

The tree is selectolax's (lexbor, the HTML5 tree builder). What a browser never shows is left out, with one exception:
a hidden `<textarea>` is kept, since ChiCTR pages hold criteria there until their script has run. The value of a read-only
input is what a reader sees, and is text. A cell that only numbers its row is set apart from the next by a tab.
"""

from __future__ import annotations

from typing import Any

from selectolax.lexbor import LexborHTMLParser

from extractor.decode.charset import clean_line_ends, decode_bytes
from extractor.decode.tags import check_tags
from extractor.document import Block, Document, Format, Span
from extractor.patterns import lazy_pattern
from extractor.text import CJK, clean_long_blanks

HIDDEN = frozenset("script style noscript template head select svg math iframe object canvas video audio -comment !doctype".split())
BREAKING = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6"
    " header hr li main nav ol option p pre section summary table tbody td textarea tfoot th thead title tr ul".split()
)
LABELS = frozenset({"th", "dt"})
RAW = frozenset({"pre", "textarea"})
SIMPLE = BREAKING - RAW - frozenset("td th table tr ul ol li".split())  # they break lines, and that is all
MARKS = ("header1", "cell")  # what sources look for in the classes and ids of elements; those of other pages are not read
MAX_LIST_DEPTH = 40  # lists within lists; deeper markers are no longer indented, so that hostile nesting cannot swell the text
BLANKS = " \t\r\n\f"
PALE = " *\n\u00a0"  # a block of nothing else prints nothing

# A line feed right between a Chinese character and the next sign is the author's: registries print such lines unchanged.
_author_feed = lazy_pattern(f"(?<=[{CJK}])\r?\n(?=[^ \t\r\n\f])")
# An id changes what the hint of a label begins with.
_ASKED = ",".join([*(f'[{name}*="{mark}"]' for name in ("class", "id") for mark in MARKS), *(f"{name}[id]" for name in sorted(LABELS))])
_blanks = lazy_pattern("[ \t\r\n\f]+")
_row_number = lazy_pattern(r"\d{1,3}")


def decode(data: bytes, name: str) -> Document:
    """The page as text and blocks. Line breaks of the layout are line feeds; list items carry "* " or "1. ".

    Raises InputTooLarge for a page whose elements nest deeper, or have more attributes, than those of any layout.
    """
    source = decode_bytes(data, html=True).replace("\x00", "")
    check_tags(source)
    tree = LexborHTMLParser(source)
    page = _Page(marked=tree.css_first(_ASKED) is not None)
    if tree.root is not None:
        _walk(tree.root, page)
    page.flush()
    return Document(Format.HTML, name, data, "".join(page.parts), page.blocks)


def _walk(root: Any, page: _Page) -> None:
    """Visits every node in document order without recursion: hostile pages nest without end."""
    above: list[tuple[Any, str]] = []
    node = root.first_child
    while True:
        while node is not None:
            text = node.text_content
            if text is None:
                tag = node.tag
                child = node.first_child if page.enter(tag, node) else None
                if child is not None:
                    above.append((node, tag))
                    node = child
                    continue
                if tag in BREAKING:
                    page.leave(tag)
            elif page.line or not text.isspace():
                page.print(text)
            node = node.next
        if not above:
            return
        node, tag = above.pop()
        if tag in BREAKING:
            page.leave(tag)
        node = node.next


class _Page:
    """Gathers text and blocks while the tree is walked."""

    def __init__(self, *, marked: bool) -> None:
        self.marked = marked  # whether hints need the classes and ids of elements
        self.parts: list[str] = []
        self.length = 0
        self.blocks: list[Block] = []
        self.line: list[str] = []
        self.cells = [0]
        self.tables = [(0, 0)]
        self.counts = [0, 0, 0]  # cells, tables, rows so far
        self.lists: list[int] = []
        self.mark = ""  # of the list item whose text is still to come
        self.hints: list[tuple[str, Any]] = []  # open elements that break lines
        self.cell_hints: list[tuple[str, Any]] = []  # open cells
        self.raw = 0
        self.link = ""

    def enter(self, tag: str, node: Any) -> bool:
        """Takes in what an element says of itself; whether its children are to be visited."""
        if tag in BREAKING:
            if self.line:
                self.flush()
            self.hints.append((tag, node))
            if tag not in SIMPLE:
                self._open(tag)
        elif tag in HIDDEN:
            return False
        elif tag == "br":
            self.line.append("\n")
        elif tag == "a":
            self.link = node.attributes.get("href") or ""
        elif tag == "input" and "readonly" in (attributes := node.attributes):
            self.print(f" {attributes.get('value') or ''} ")
        return True

    def leave(self, tag: str) -> None:
        """Closes an element that breaks lines."""
        if self.line:
            self.flush()
        self.hints.pop()
        if tag in SIMPLE:
            return
        self.raw -= tag in RAW
        if tag in ("td", "th"):
            self.cells.pop()
            self.cell_hints.pop()
        elif tag == "table":
            self.tables.pop()
        elif tag in ("ul", "ol"):
            self.lists.pop()
        elif tag == "li":
            self.mark = ""

    def _open(self, tag: str) -> None:
        self.raw += tag in RAW
        if tag in ("td", "th"):
            self.counts[0] += 1
            self.cells.append(self.counts[0])
            self.cell_hints.append(self.hints[-1])
        elif tag == "table":
            self.counts[1] += 1
            self.tables.append((self.counts[1], 0))
        elif tag == "tr":
            self.counts[2] += 1
            self.tables[-1] = (self.tables[-1][0], self.counts[2])
        elif tag in ("ul", "ol"):
            self.lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._mark()

    def _mark(self) -> None:
        depth = min(len(self.lists), MAX_LIST_DEPTH) - 1
        if depth >= 0 and self.lists[-1] >= 0:
            self.lists[-1] += 1
            self.mark = "  " * depth + f"{self.lists[-1]}. "
        else:
            self.mark = "  " * max(depth, 0) + "* "

    def print(self, text: str) -> None:
        """Adds text to the present line: a run of blanks is one, and none at the start; elements of raw text keep theirs."""
        if self.raw:
            self.line.append(clean_long_blanks(clean_line_ends(text)))
            return
        words = text.strip(BLANKS)
        if "  " in words or not words.isprintable():  # the latter also where any other blank stands
            words = _even(text).strip(" ")
        if text[-1] in BLANKS and words:
            words += " "
        if text[0] in BLANKS and self.line and not self.line[-1].endswith((" ", "\n")):
            words = " " + words
        if words:
            self.line.append(words)

    def flush(self) -> None:
        """Ends the present block; one that prints nothing is given up."""
        if not self.line:
            return
        text = "".join(self.line).strip("\n").rstrip()
        self.line.clear()
        if text[:1] in PALE and not text.strip(PALE) and not (text and self.raw):
            return
        text, self.mark = self.mark + text, ""
        hint = self._describe()
        end = self.length + len(text)
        table, row = self.tables[-1]
        cell = self.cells[-1]
        if row and self.blocks and len(self.blocks[-1].text) <= 3:
            self._part_from_row_number(row, cell)
        self.blocks.append(Block(text, Span(self.length, end), cell, _is_label(hint), hint, table, row, self.link))
        self.link = ""
        self.parts += (text, "\n")
        self.length = end + 1

    def _part_from_row_number(self, row: int, cell: int) -> None:
        """Sets a tab behind the number in the first cell of a row, where a browser's copy has one too."""
        before = [(block.row, block.cell) for block in self.blocks[-2:]]
        if row and before and before[-1] == (row, cell - 1) and before[0][0] != row and _row_number.fullmatch(self.blocks[-1].text):
            self.parts[-1] = "\t"

    def _describe(self) -> str:
        """What the layout says of the present block: its element, and the cell around it."""
        if not self.hints:
            return ""
        element = self.hints[-1]
        around = self.cell_hints[-1] if self.cell_hints else element
        own = _hint(*element) if self.marked else element[0]
        if around is element:
            return own
        return f"{own} {_hint(*around) if self.marked else around[0]}"


def _even(text: str) -> str:
    """Each run of blanks as one, but for a line feed of the author."""
    if "\n" in text and not text.isascii():
        return _blanks.sub(" ", _author_feed.sub("\v", text)).replace("\v", "\n")
    return _blanks.sub(" ", text)


def _hint(tag: str, node: Any) -> str:
    attributes = node.attributes
    if not attributes:
        return tag
    names = attributes.get("class")
    if names:
        tag = ".".join([tag, *names.split()])
    mark = attributes.get("id")
    return f"{tag}#{mark}" if mark else tag


def _is_label(hint: str) -> bool:
    return hint[:2] in LABELS and hint.partition(".")[0] in LABELS
