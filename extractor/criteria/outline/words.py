"""An item's words: its text made clean, and where the words stand in the text that is read."""

from __future__ import annotations

from extractor.criteria.outline.nodes import Node, Range
from extractor.patterns import lazy_pattern
from extractor.text import clean_escapes, clean_letter_spacing, clean_paragraphs, has_ideograph

_odd = lazy_pattern("[\x00-\x08\x0b-\x1f\u0080-\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2e80-\uffef]")
TRAILING = ";；,，:：、 \n\t"


def clean_words(raw: str) -> str:
    r"""An item's text: wraps joined, escapes decoded, no separator at the end.

    >>> clean_words("age \\> 18\n  years;")
    'age > 18 years'
    """
    return clean_block(raw).rstrip(TRAILING)


def clean_block(raw: str) -> str:
    r"""A block as printed: wraps joined, escapes decoded.

    >>> clean_block("1\\. age\n  over 18;")
    '1. age over 18;'
    """
    if raw.isascii() or not _odd.search(raw):
        if "\n" not in raw:
            return clean_escapes(" ".join(raw.split()) if "  " in raw or "\t" in raw else raw.strip())
        if "-\n" not in raw and "\n\n" not in raw.replace(" ", ""):
            return clean_escapes(" ".join(raw.split()))
    raw = clean_paragraphs(raw)
    if has_ideograph(raw):
        raw = clean_letter_spacing(raw)
    return clean_escapes(raw).strip()


def words_of(text: str, node: Node) -> str:
    """The clean text of a node, made once."""
    if not node.text:
        node.text = clean_words("\n".join([text[start:end] for start, end in node.ranges]))
    return node.text


def ranges_of(text: str, node: Node) -> list[Range]:
    """Where a node's words stand; of several pieces the last one ends before its separator, so that they join to the words."""
    *others, (start, end) = node.ranges
    kept = len(text[start:end].rstrip(TRAILING)) if others else end - start
    return [*others, (start, start + kept)] if kept else others


def language_of(text: str) -> str:
    """The language of a text: zh where a Chinese character stands in it, else en."""
    return "zh" if has_ideograph(text) else "en"
