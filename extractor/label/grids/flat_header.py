"""The header of a table that a text copy flattened: its cells in one or two rows."""

from __future__ import annotations

from extractor.label.grids.cells import split_cells
from extractor.label.text.lines import PrintedLine
from extractor.label.text.passages import EMPTY, Passage, join_lines
from extractor.patterns import lazy_pattern

_continues = lazy_pattern(r"[（(\[［]|[Nn]\s*[=＝]")
_unfinished = tuple("+＋、和与及/-~")
_header_mark = lazy_pattern(
    r"^[（(]?\s*[Nn]\s*[=＝]\s*\d[\d,]*\s*[)）]?$|[（(]\s*[%％]\s*[)）]\s*$|[（(]?[Nn]\s*[=＝]\s*\d[\d,]*\s*[)）]\s*$|例数$|发生率$|[^\d\s][%％]$"
)
_size_end = lazy_pattern(r"[Nn]\s*[=＝]\s*\d[\d,]*\s*[)）]?$")


def header_end(lines: list[PrintedLine], first_row: int) -> int:
    """How many of the lines above the first row of values are header: up to the last with a header's marks, at least one."""
    marked = [i for i in range(first_row) if _header_mark.search(lines[i].text)]
    return (marked[-1] if marked else 0) + 1


def count_sizes(lines: list[PrintedLine]) -> int:
    """How many arms the lines of a header give a size for."""
    return sum(_size_end.search(line.text) is not None for line in lines)


def header_cells(lines: list[PrintedLine]) -> list[Passage]:
    """The cells of header lines: wrapped parts, brackets and sizes go to the cell they belong to."""
    if interleaved := _interleaved(lines):
        return interleaved
    chunks: list[list[Passage]] = []
    wrapped = False
    for line in lines:
        for n, part in enumerate(split_cells(line.passage)):
            goes_on = (wrapped and n == 0) or (chunks and _belongs(chunks[-1][-1].text, part.text))
            (chunks[-1].append(part) if goes_on else chunks.append([part]))
        wrapped = not line.closed
    return [join_lines(chunk) for chunk in chunks]


def _belongs(before: str, part: str) -> bool:
    return _continues.match(part) is not None or before.endswith(_unfinished)


def _interleaved(lines: list[PrintedLine]) -> list[Passage]:
    """Cells cut by a page break: first parts on one line, then the rest of each, closed by its size."""
    first = split_cells(lines[0].passage)
    rests: list[list[Passage]] = [[]]
    for line in lines[1:]:
        rests[-1].append(line.passage)
        if _size_end.search(line.text):
            rests.append([])
    done = [rest for rest in rests if rest]
    if len(first) < 3 or len(done) != len(first) - 1 or any(_size_end.search(c.text) for c in first):
        return []
    return [first[0], *(join_lines([head, *rest]) for head, rest in zip(first[1:], done, strict=True))]


def header_rows(cells: list[Passage], columns: int) -> list[list[Passage]]:
    """Header cells as rows of `columns` cells; an arm over several columns is repeated. [] where they do not fit.

    One row where there are as many cells as columns. Two where the last cells are the same few words for each arm.
    """
    if len(cells) == columns:
        return [cells]
    if len(cells) == columns - 1 and not _size_end.search(cells[0].text):
        return [[EMPTY, *cells]]
    leaves, above = cells[1 - columns :], cells[: 1 - columns]
    arms = _arm_count(leaves)
    if arms < 2 or len(above) <= arms:
        return []
    stub, width = join_lines(above[:-arms]), (columns - 1) // arms
    return [[stub, *(arm for arm in above[-arms:] for _ in range(width))], [EMPTY, *leaves]]


def _arm_count(leaves: list[Passage]) -> int:
    """How many times the same run of cells stands in a row."""
    texts = [leaf.text.replace(" ", "") for leaf in leaves]
    for width in range(1, len(texts) // 2 + 1):
        if len(texts) % width == 0 and texts == texts[:width] * (len(texts) // width):
            return len(texts) // width
    return 0
