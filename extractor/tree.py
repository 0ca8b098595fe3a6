"""What JSON, XML and CSV decode to: one tree of pairs whose leaves all stand, in order, in one text.

A tree is made of dicts, lists, `Element`s and leaves (strings, numbers, booleans). A leaf keeps no place of its own: who walks
the tree in document order counts leaves and looks the text and its start up in `Tree`. None and "" are no leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.entities import html5
from itertools import accumulate
from typing import Any

from extractor.errors import InputTooLarge
from extractor.patterns import lazy_pattern
from extractor.text import clean_escapes, clean_long_blanks

SHORT = 512  # characters of a leaf in which no run of white space is long enough to matter
MAX_DEPTH = 60  # containers inside each other; real documents stay below 20
MAX_WRAPPERS = 6  # containers that may stand round a record
# Elements of HTML that authors and registries type inside plain values.
TAGS = "br|p|div|span|li|ul|ol|b|i|u|em|strong|sup|sub|font|a|h[1-6]|table|tbody|tr|td|th"

_entity = lazy_pattern(r"&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([A-Za-z][A-Za-z0-9]{1,30};))(?:;|(?<=;))")
_line_end = lazy_pattern(r"\r\n?")
_break = lazy_pattern(r"\n?<(?:br\s?/?|/(?:p|div|li|tr|h[1-6]))>\n?", re.IGNORECASE)
_tag = lazy_pattern(rf"</?(?:{TAGS})(?:\s[^<>]{{0,200}})?/?>", re.IGNORECASE)


class Element(list[tuple[str, Any]]):
    """An XML element or a table row: (name, value) pairs in document order; "@name" is an attribute, "#" its own text."""


class Sealed(str):
    """A part of the document kept as printed, because no field takes any of it."""

    __slots__ = ()


@dataclass(slots=True)
class Tree:
    """A decoded document: its root, and every leaf's text with its start in `Document.text`, in document order."""

    root: Any
    leaves: list[str]
    starts: list[int]

    @classmethod
    def of(cls, root: Any, *, tidy: bool = False) -> tuple[str, Tree]:
        """(text, tree) of a decoded root; `tidy` also takes padding off every leaf.

        Raises InputTooLarge where containers nest deeper than `MAX_DEPTH`.
        """
        leaves: list[str] = []
        _gather((root,), leaves, 0)
        leaves = [
            clean_markup(leaf) if "&" in leaf or "<" in leaf or "\\" in leaf or "\r" in leaf or "\x00" in leaf else leaf for leaf in leaves
        ]
        leaves = [clean_long_blanks(leaf) if len(leaf) > SHORT else leaf for leaf in leaves]
        if tidy:
            leaves = list(map(clean_padding, leaves))
        text = "\n".join(leaves)
        starts = list(accumulate((len(leaf) + 1 for leaf in leaves), initial=0))
        return text, cls(root, leaves, starts)


def _gather(values: Iterable[Any], leaves: list[str], depth: int) -> None:
    """Appends the text of every leaf below `values` to `leaves`, in document order."""
    if depth > MAX_DEPTH:
        raise InputTooLarge(f"its parts nest deeper than {MAX_DEPTH} levels: this is no trial record")
    for value in values:
        kind = type(value)
        if kind is str:
            if value:
                leaves.append(value)
        elif kind is dict:
            _gather(value.values(), leaves, depth + 1)
        elif kind is list:
            _gather(value, leaves, depth + 1)
        elif kind is Element:
            _gather([item for _, item in value], leaves, depth + 1)
        elif value is not None:
            leaves.append(_printed(value))


def _printed(value: Any) -> str:
    return value if isinstance(value, str) else str(value).lower()


def count_leaves(value: Any) -> int:
    """How many leaves stand in and below a value of a tree.

    >>> count_leaves({"a": [1, True, None], "b": {"c": "x", "d": ""}})
    3
    """
    kind = type(value)
    if kind is dict:
        return sum(map(count_leaves, value.values()))
    if kind is list:
        return sum(map(count_leaves, value))
    if kind is Element:
        return sum(count_leaves(item) for _, item in value)
    return 0 if value is None or value == "" else 1


def find_keys(root: Any) -> frozenset[str]:
    """The keys of all objects of a JSON tree in which a record may stand.

    >>> sorted(find_keys([{"a": {"b": 1}}, {"c": ["d"]}]))
    ['a', 'b', 'c']
    """
    keys: set[str] = set()
    level = [root]
    for _ in range(MAX_WRAPPERS + 1):
        below: list[Any] = []
        for value in level:
            if type(value) is dict:
                keys.update(value)
                below += value.values()
            elif type(value) is list:
                below += value
        level = below
    return frozenset(keys)


def clean_markup(text: str) -> str:
    r"""Plain text of a value: character references decoded, typed `<br>` as line feeds, other tags and escapes gone.

    >>> clean_markup("age&#32;&gt; 18<br>ECOG <b>0-1</b>&#xD;&lt5 R&D <18 years")
    'age > 18\nECOG 0-1\n&lt5 R&D <18 years'
    """
    if type(text) is Sealed:
        return text
    text = _line_end.sub("\n", text.replace("\x00", "")) if "\r" in text or "\x00" in text else text
    if "&" in text:
        text = _entity.sub(_reference, text)
        text = _entity.sub(_reference, text) if "&" in text else text
        text = _line_end.sub("\n", text) if "\r" in text else text
    if "<" in text and ">" in text:
        text = _tag.sub("", _break.sub("\n", text))
    return clean_escapes(text)


def clean_padding(text: str) -> str:
    r"""No blank lines at the start, no blanks at the end; a single line loses its indentation too.

    >>> clean_padding("\n      - one\n      - two\n  "), clean_padding("\n  2014-06 \n")
    ('      - one\n      - two', '2014-06')
    """
    bare = text.strip()
    if "\n" not in bare:
        return bare
    before = len(text) - len(text.lstrip())
    return text[text.rfind("\n", 0, before) + 1 :].rstrip()


def _reference(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return html5.get(name, match.group())
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return match.group() if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000 else chr(code)
