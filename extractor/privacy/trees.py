"""Where persons stand in the trees of JSON, XML and tables: below which keys, also in parts that were kept as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from extractor.privacy.numbers import Stretch
from extractor.privacy.words import is_neutral, names_persons
from extractor.tree import Element, Sealed, Tree

_json = re.compile(
    r'"(?P<string>[^"\\]*+(?:\\.[^"\\]*+)*+)"(?P<colon>\s*:)?|(?P<open>[{\[])|(?P<close>[}\]])|(?P<plain>[^\s",:{}\[\]]++)', re.DOTALL
)
_xml = re.compile(r"</(?P<end>[A-Za-z_][\w:.-]*+)\s*>|<(?P<start>[A-Za-z_][\w:.-]*+)[^<>]*?(?P<empty>/?)>|(?P<text>[^<>]++)")


def find_personal_leaves(tree: Tree) -> Iterator[Stretch]:
    """The leaves below keys that speak of persons: where they stand in the document's text."""
    walk = _Walk(tree)
    walk.take(tree.root, "", below=False)
    yield from walk.found


class _Walk:
    """Goes through a tree in document order, counting leaves."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._at = 0
        self.found: list[Stretch] = []

    def take(self, value: Any, key: str, *, below: bool) -> None:
        """A value with its key; `below`: a key above it speaks of persons."""
        kind = type(value)
        if kind is dict:
            for name, item in value.items():
                self.take(item, name, below=below or names_persons(name))
        elif kind is Element:
            for name, item in value:
                self.take(item, key if name == "#" else name, below=below or names_persons(name))
        elif kind is list:
            for item in value:
                self.take(item, key, below=below)
        elif value is not None and value != "":
            self._leaf(value, key, below=below)

    def _leaf(self, value: Any, key: str, *, below: bool) -> None:
        words, start = self._tree.leaves[self._at], self._tree.starts[self._at]
        self._at += 1
        if isinstance(value, Sealed):
            self.found += [(start + a, start + b) for a, b in find_in_sealed(words)]
        elif below and not is_neutral(key):
            self.found.append((start, start + len(words)))


def find_in_sealed(text: str) -> list[Stretch]:
    """The values below keys of persons in JSON or XML that is kept as printed.

    >>> sealed = '{"pointOfContact":{"title":"Ada Quill"},"x":"y"}'
    >>> [sealed[a:b] for a, b in find_in_sealed(sealed)]
    ['Ada Quill']
    """
    return list(_in_xml(text) if text.startswith("<") else _in_json(text))


def _in_json(text: str) -> Iterator[Stretch]:
    open_keys: list[bool] = []  # of every container that is open: whether persons stand in it
    key, below = "", False
    for match in _json.finditer(text):
        if match["open"]:
            open_keys.append(below)
            below = below or names_persons(key)
            key = ""
        elif match["close"]:
            below = open_keys.pop() if open_keys else False
        elif match["colon"]:
            key = match["string"]
        elif (below or names_persons(key)) and not is_neutral(key):
            yield match.span("string") if match["string"] is not None else match.span()


def _in_xml(text: str) -> Iterator[Stretch]:
    open_tags: list[bool] = []
    tag, below = "", False
    for match in _xml.finditer(text):
        if match["start"] and not match["empty"]:
            open_tags.append(below)
            tag = match["start"]
            below = below or names_persons(tag)
        elif match["end"]:
            below = open_tags.pop() if open_tags else False
        elif match["text"] and below and not is_neutral(tag) and not match["text"].isspace():
            yield match.span("text")
