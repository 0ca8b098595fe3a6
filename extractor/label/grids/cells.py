"""Cells of a table row that a text copy flattened: where values begin, where one cell ends and the next begins."""

from __future__ import annotations

import itertools
from typing import NamedTuple

from extractor.label.text.passages import Passage, is_cjk
from extractor.patterns import lazy_pattern

_NUMBER = r"[<>≤≥＜＞~±]?\s?[-+−–]?\d[\d,]*(?:\.\d+)?"
_WORD = r"NR|NC|NE|NA|ND|N/A|未达到|不适用|-{1,4}|—{1,2}|–{1,2}|/"
_END = r"[-−]?[\d.]+\s?[%％]?"
_INTERVAL = rf"(?:{_END}|NR|NC|NE)\s?(?:[~～,，;；–—-]|至|to)\s?(?:{_END}|NR|NC|NE)"
_LETTERS = r"a?b?c?d?e?f?g?h?i?j?k?"
_SIGNS = "*†‡§#¶\u1d2c-\u1d6a\u1d9c-\u1dbf\u2070-\u2079\u207f\u02b0-\u02b8\u02e1-\u02e3"
_ESTIMATE = rf"(?:{_NUMBER}\s?[%％]?|{_WORD})(?:{_LETTERS})[{_SIGNS}]{{0,4}}"
_SHARE = rf"(?:\s?[（(]\s?[<>≤≥]?{_END}[)）])?"
_CI = rf"[\[［（(]\s?{_INTERVAL}\s?[\]］)）]"
_VALUE = rf"(?:{_ESTIMATE}{_SHARE}(?:\s?{_CI})?|{_CI})"
_value = lazy_pattern(rf"{_VALUE}(?=\s|$)")
_ci_only = lazy_pattern(rf"{_CI}(?=\s|$)")
_has_ci = lazy_pattern(rf"{_CI}\s*$")
_size = lazy_pattern(r"[Nn]\s*[=＝]\s*$")
_quantity = lazy_pattern(
    r"[<>≤≥~]?\d[\d.,]*(?:\s?[~–-]\s?[\d.,]+)?\s*(?:[A-Za-zµμ%％℃/·²³]+(?:/\S+)?|[小天周月年分秒次片粒袋支瓶例岁]\S{0,2}(?:/\S+)?)$"
)
_unit_end = lazy_pattern(r"(?:[A-Za-zµμ%％℃]|小时|分钟|[天周月年次片粒袋支瓶例岁])$")
_head_end = lazy_pattern(r"[^\d\s][%％]$|[Nn]\s?[=＝]\s?\d[\d,]*\s?[)）]$")
_number = lazy_pattern(r"[<>≤≥~]?\d[\d.,~–-]*$")
_LONGEST = 400  # characters of a line that are tried as cells: rows are shorter, and the work grows with the square


class ValueRow(NamedTuple):
    """A line as label and values."""

    label: Passage
    values: list[Passage]


def split_values(line: Passage) -> ValueRow:
    """The longest run of values at the end of a line, and the label before it.

    >>> from extractor.label.text.passages import passage_at
    >>> row = split_values(passage_at("COVID-19e 22 0.8 17f 1.7", 0, 24))
    >>> row.label.text, [v.text for v in row.values]
    ('COVID-19e', ['22', '0.8', '17f', '1.7'])
    """
    text = line.text
    if len(text) > _LONGEST:
        return ValueRow(line, [])
    for start in (0, *(i + 1 for i, c in enumerate(text) if c == " ")):
        if _size.search(text[:start]):
            continue
        if edges := _values(text, start):
            return ValueRow(line.cut(0, start), [line.cut(a, b) for a, b in edges])
    return ValueRow(line, [])


def _values(text: str, start: int) -> list[tuple[int, int]]:
    """The runs of values that fill a text from `start` to its end, or none."""
    edges = []
    while start < len(text):
        match = _value.match(text, start)
        if match is None:
            return []
        edges.append(match.span())
        start = match.end()
        while start < len(text) and text[start].isspace():
            start += 1
    return edges


def is_interval(text: str) -> bool:
    """Whether a value is nothing but a bracketed range."""
    return _ci_only.fullmatch(text) is not None


def is_single_value(text: str) -> bool:
    """Whether a text is one value and nothing else.

    >>> is_single_value("12 (5.6)"), is_single_value("12 13"), is_single_value("50mg")
    (True, False, False)
    """
    return _value.fullmatch(text) is not None


def has_interval(text: str) -> bool:
    """Whether a value ends with a bracketed range."""
    return _has_ci.search(text) is not None


def _bracketed(text: str) -> bytearray:
    """1 for every character inside a bracket that is closed again."""
    inside, opened = bytearray(len(text)), []
    for i, c in enumerate(text):
        if c in "（([［【":
            opened.append(i)
        elif c in "）)]］】" and opened:
            start = opened.pop()
            inside[start : i + 1] = b"\1" * (i + 1 - start)
    return inside


def open_brackets(text: str) -> int:
    """How many brackets a text leaves open.

    >>> open_brackets("第 2 个周期（28 天为一个周")
    1
    """
    depth = 0
    for c in text:
        depth = max(0, depth + (c in "（([［【") - (c in "）)]］】"))
    return depth


def _is_edge(before: str, after: str) -> bool:
    """Whether a blank between these words must part two cells: nothing that belongs together is written with one."""
    if is_cjk(before[-1]) and is_cjk(after[0]):
        return True
    if after.startswith("--") or before.endswith(("--", "(%)", "（%）", "（％）", "(％)")) or _head_end.search(before):
        return True
    numbered = after[0].isdigit()
    return numbered and ((_unit_end.search(before) is not None and any(c.isdigit() for c in before)) or _number.match(before) is not None)


def _is_quantity_edge(before: str, cell: str) -> bool:
    """Whether a cell that is nothing but a quantity begins behind Chinese words."""
    return is_cjk(before[-1]) and before[-1] not in "第约为每（" and _quantity.match(cell) is not None


def split_cells(line: Passage) -> list[Passage]:
    """The cells of a row of words, as far as its blanks tell.

    >>> from extractor.label.text.passages import passage_at
    >>> [c.text for c in split_cells(passage_at("第 1 次输注 250 ml 25 ml/小时 60 分钟", 0, 30))]
    ['第 1 次输注', '250 ml', '25 ml/小时', '60 分钟']
    """
    text = line.text[:_LONGEST].rstrip()
    inside = _bracketed(text)
    blanks = [i for i, c in enumerate(text) if c == " " and not inside[i]]
    edges = [0]
    for i in blanks:
        if edges[-1] < i and _is_edge(text[edges[-1] : i], text[i + 1 :]):
            edges.append(i + 1)
    edges.append(len(line.text))
    cells = [line.cut(a, b) for a, b in itertools.pairwise(edges)]
    return [part for cell in cells for part in _split_quantity(cell)]


def _split_quantity(cell: Passage) -> list[Passage]:
    for i, c in enumerate(cell.text):
        if c == " " and _is_quantity_edge(cell.text[:i], cell.text[i + 1 :]):
            return [cell.cut(0, i), cell.cut(i)]
    return [cell]
