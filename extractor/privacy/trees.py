"""Where persons stand in the trees of JSON, XML and tables: below which keys, also in parts that were kept as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from extractor.patterns import lazy_pattern
from extractor.privacy.numbers import Stretch
from extractor.privacy.words import is_neutral, names_persons
from extractor.tree import Element, Sealed, Tree

_json = lazy_pattern(
    r'"(?P<string>[^"\\]*+(?:\\.[^"\\]*+)*+)"(?P<colon>\s*:)?|(?P<open>[{\[])|(?P<close>[}\]])|(?P<plain>[^\s",:{}\[\]]++)', re.DOTALL
)
_xml = lazy_pattern(r"</(?P<end>[A-Za-z_][\w:.-]*+)\s*>|<(?P<start>[A-Za-z_][\w:.-]*+)[^<>]*?(?P<empty>/?)>|(?P<text>[^<>]++)")


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


class _Nest:
    """The containers that are open at a place, and whether one of them speaks of persons."""

    def __init__(self) -> None:
        self._outside: list[bool] = []  # of every open container: whether persons stand around it
        self._below = False

    def open(self, key: str) -> None:
        """A container with its key begins."""
        self._outside.append(self._below)
        self._below = self._below or names_persons(key)

    def close(self) -> None:
        """A container ends."""
        self._below = self._outside.pop() if self._outside else False

    def holds_person(self, key: str) -> bool:
        """Whether a value with this key is about a person."""
        return (self._below or names_persons(key)) and not is_neutral(key)


def _in_json(text: str) -> Iterator[Stretch]:
    nest, key = _Nest(), ""
    for match in _json.finditer(text):
        if match["open"]:
            nest.open(key)
            key = ""
        elif match["close"]:
            nest.close()
        elif match["colon"]:
            key = match["string"]
        elif nest.holds_person(key):
            yield match.span("plain" if match["string"] is None else "string")


def _in_xml(text: str) -> Iterator[Stretch]:
    nest, tag = _Nest(), ""
    for match in _xml.finditer(text):
        if match["empty"]:
            continue
        if match["start"]:
            tag = match["start"]
            nest.open(tag)
        elif match["end"]:
            nest.close()
        elif nest.holds_person(tag) and not match["text"].isspace():
            yield match.span("text")
