"""BeautifulSoup reads the same pages: the same visible text, cell by cell, as our decoder."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Comment, Doctype, NavigableString, Tag
from documents import documents, shown, squeeze
from hypothesis import given
from hypothesis import strategies as st

import extractor.sources
from extractor.decode.html import HIDDEN, MARKS, decode
from extractor.document import Block

PAGES = [document for document in documents() if document.suffix in (".html", ".htm")]
NUMBER = re.compile(r"^\d+\. ")


def oracle(data: bytes) -> BeautifulSoup:
    """The page as BeautifulSoup over lxml's tree has it, without what a browser never shows."""
    soup = BeautifulSoup(data, "lxml", from_encoding="utf-8")
    for hidden in soup(lambda tag: tag.name in HIDDEN):
        hidden.decompose()
    for remark in soup(string=lambda text: isinstance(text, Comment | Doctype)):
        remark.extract()
    fill_inputs(soup)
    return soup


def own_text(cell: Tag) -> str:
    """A cell's text without that of the tables inside it."""
    strings = [text for text in cell.find_all(string=True) if isinstance(text, NavigableString) and text.find_parent(["td", "th"]) is cell]
    return squeeze("".join(strings))


def printed(block: Block) -> str:
    """A block's text without the list mark that the decoder adds."""
    text = block.text.strip().removeprefix("* ")
    return squeeze(NUMBER.sub("", text) if block.hint.startswith("li") else text)


def fill_inputs(soup: BeautifulSoup) -> None:
    """The value of a read-only input is what a reader sees."""
    for field in soup("input", readonly=True):
        field.replace_with(field.get("value", ""))


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_same_visible_text(page: Path) -> None:
    data = page.read_bytes()
    have = "".join(map(printed, decode(data, page.name).blocks))
    assert have == squeeze(oracle(data).get_text())


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_same_cells(page: Path) -> None:
    data = page.read_bytes()
    document = decode(data, page.name)
    cells: dict[int, str] = defaultdict(str)
    for block in document.blocks:
        if block.cell:
            cells[block.cell] += printed(block)
    want = sorted(filter(None, map(own_text, oracle(data)(["td", "th"]))))
    assert sorted(cells.values()) == want


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_blocks_are_slices_of_the_text_in_order(page: Path) -> None:
    document = decode(page.read_bytes(), page.name)
    end = 0
    for block in document.blocks:
        assert block.span.start >= end
        assert document.text[block.span.start : block.span.end] == block.text
        end = block.span.end


def lines(markup: str) -> list[str]:
    return [block.text for block in decode(markup.encode(), "page.html").blocks]


@pytest.mark.parametrize(
    ("markup", "want"),
    [
        ("<p>a  b\n c</p>", ["a b c"]),
        ("one<br>two", ["one\ntwo"]),
        ("<p>x<script>var a = '<p>no</p>';</script>y</p>", ["xy"]),
        ("<style>p {}</style><template><p>no</p></template><!-- no --><p>yes</p>", ["yes"]),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", ["* a", "* b", "  * c"]),
        ("<ol><li>a<li>b</ol>", ["1. a", "2. b"]),
        ("<textarea style='display:none'>1.a\n2.b</textarea>", ["1.a\n2.b"]),
        ("<pre>a\n  b</pre>", ["a\n  b"]),
        ("<td>no table</td>", ["no table"]),
        ("<p>&ge; 18 &lt;b&gt; &#8804;</p>", ["≥ 18 <b> ≤"]),
        ("<p>a</p></p><p>b", ["a", "b"]),
        ("", []),
    ],
)
def test_layout(markup: str, want: list[str]) -> None:
    assert lines(markup) == want


def test_cells_rows_and_tables_are_numbered() -> None:
    document = decode(b"<table><tr><td>a<td>b<tr><td>c<table><tr><td>d</table>e</table>", "page.html")
    places = {block.text: (block.table, block.row, block.cell) for block in document.blocks}
    assert places["a"][:2] == places["b"][:2]
    assert places["a"][2] != places["b"][2]
    assert places["c"][1] != places["a"][1]
    assert places["d"][0] != places["c"][0]
    assert places["c"][2] == places["e"][2]


TAGS = st.sampled_from(
    ["p", "div", "table", "tr", "td", "th", "ul", "ol", "li", "b", "br", "span", "textarea", "script", "a", "option", "h1", "x"]
)
MARKUP = st.lists(st.builds("<{}>".format, TAGS) | st.builds("</{}>".format, TAGS) | st.text(max_size=8), max_size=60).map("".join)


@given(MARKUP)
def test_any_markup_gives_slices(markup: str) -> None:
    document = decode(markup.encode("utf-8", "ignore"), "page.html")
    for block in document.blocks:
        assert document.text[block.span.start : block.span.end] == block.text


def test_hints_hold_what_sources_ask_for() -> None:
    asked = re.compile(r"""["'](\w+)["'] (?:not )?in \w+\.hint\b""")
    sources = Path(extractor.sources.__file__).parent.rglob("*.py")
    words = {word for source in sources for word in asked.findall(source.read_text())}
    assert words == set(MARKS)


@pytest.mark.parametrize("mark", MARKS)
def test_classes_and_ids_stand_in_hints_only_where_a_source_can_ask(mark: str) -> None:
    page = '<table><tr><td class="wide"><p class="{}">x</p></td></tr></table>'
    assert [block.hint for block in decode(page.format("plain").encode(), "x.html").blocks] == ["p td"]
    assert [block.hint for block in decode(page.format(mark).encode(), "x.html").blocks] == [f"p.{mark} td.wide"]
