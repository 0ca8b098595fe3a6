"""What no page of a registry has, and what would keep the tree builder of HTML busy with the square of its length."""

from __future__ import annotations

import re

from extractor.errors import InputTooLarge
from extractor.patterns import lazy_pattern

MAX_DEPTH = 3000  # elements inside elements; the tree builder takes time with the square of it
MANY_TAGS = 10_000  # pages with fewer cannot nest deep enough to matter
MAX_ATTRIBUTES = 2000  # of one tag, each of which the tree builder compares with all before
SMALL = 1 << 16  # characters of a page that cannot hold enough attributes to matter
LONG = 4 * MAX_ATTRIBUTES  # characters of a tag with too many of them, at least
# Elements that never hold others, or that the next of their kind ends: they add no depth.
FLAT = frozenset(
    "area base br col dd dt embed hr img input li link meta option p param source tbody td tfoot th thead tr track wbr".split()
)

_tag = lazy_pattern(r"<(/?)([A-Za-z][A-Za-z0-9]*+)")
_attribute = r"""=?[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^\s>]*+))?+|="""
_attributes = lazy_pattern(_attribute)
# A tag can go on behind ">" only from within a quoted value: from its equals sign to its end. It is looked at, not consumed,
# since what opens a value may itself stand in quotation marks of the other kind.
_value_with_end = lazy_pattern(r"""=(?=\s*+(?:"([^">]*+>[^"]*+)|'([^'>]*+>[^']*+)))""")
# Comments and elements of mere text are passed over: what looks like tags there is none.
_whole_tag = lazy_pattern(
    rf"<!--(?s:.)*?(?:-->|\Z)|<(?P<raw>script|style|textarea|title)\b(?s:.)*?(?:</(?P=raw)|\Z)"
    rf"|<[a-z][^\s/>]*+(?P<attributes>(?:[\s/]++|{_attribute})*+)",
    re.IGNORECASE,
)


def check_tags(source: str) -> None:
    """Raises InputTooLarge for elements that nest deeper than any layout does, or that have more attributes."""
    if source.count("<") >= MANY_TAGS:
        _check_depth(source)
    if len(source) > SMALL and _may_be_long(source):
        _check_attributes(source)


def _check_depth(source: str) -> None:
    depth = 0
    for match in _tag.finditer(source):
        if match[2].lower() not in FLAT:
            depth = max(depth - 1, 0) if match[1] else depth + 1
            if depth > MAX_DEPTH:
                raise InputTooLarge(f"its elements are nested deeper than {MAX_DEPTH} levels: this is no page of a registry")


def _may_be_long(source: str) -> bool:
    """Whether so many characters stand between two ends of tags that a tag between them could have too many attributes."""
    source = _without_quoted_ends(source)
    end = -1
    while len(source) - end > LONG:
        end = source.rfind(">", end + 1, end + LONG + 2)
        if end < 0:
            return True
    return False


def _without_quoted_ends(source: str) -> str:
    """The source with a blank for every ">" within a quoted value, and for more: what only looks like a value may hold some too."""
    parts: list[str] = []
    at = 0
    for match in _value_with_end.finditer(source):
        end = match.end(match.lastindex or 0)
        if end > at:
            start = max(at, match.start())
            parts += (source[at:start], source[start:end].replace(">", " "))
            at = end
    return "".join([*parts, source[at:]]) if parts else source


def _check_attributes(source: str) -> None:
    for match in _whole_tag.finditer(source):
        text = match["attributes"]
        if text and len(text) > LONG and sum(1 for _ in _attributes.finditer(text)) > MAX_ATTRIBUTES:
            raise InputTooLarge(f"an element of it has more than {MAX_ATTRIBUTES:,} attributes: this is no page of a registry")
