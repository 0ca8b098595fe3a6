"""One record of a structured document while it is read: the walk's place among the leaves, and the draft that fills."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from extractor.document import Document, Draft, Entry, Found, Span, Unmapped
from extractor.sources.readers.fields import NEXT, parse_target
from extractor.tree import Element, Tree, count_leaves

new = tuple.__new__  # makes a named tuple from its fields in half the time of its own constructor


class Leaf(NamedTuple):
    """The text of one leaf and where it starts in the document."""

    text: str
    start: int

    def part(self, start: int, end: int) -> Leaf:
        """The characters from `start` to `end` without blanks at both ends, as a leaf of its own."""
        piece = self.text[start:end]
        return Leaf(piece.strip(), self.start + start + len(piece) - len(piece.lstrip()))


NONE = Leaf("", 0)


class TreeReading:
    """One record being read: the walk's place among the leaves, and the draft that fills.

    `language` is that of the texts being read, "" where each text must say itself; `lists` holds the places of items that several
    languages share. `cells` holds the leaves of a flat record by column, `labels` the printed names of its columns.
    """

    def __init__(self, document: Document, source: str, cursor: int = 0) -> None:
        tree: Tree = document.tree
        self.document = document
        self.leaves = tree.leaves
        self.starts = tree.starts
        self.first = self.cursor = cursor
        self.draft = Draft(source)
        self.entries = self.draft.entries
        self.language = ""
        self.counts: dict[str, int] = {}
        self.left: dict[str, list[Span]] = {}
        self.lists: dict[str, list[str]] = {}
        self.cells: dict[str, Leaf] = {}
        self.labels: dict[str, str] = {}

    def leaf(self) -> Leaf:
        """The leaf at the cursor, which moves on."""
        at = self.cursor
        self.cursor = at + 1
        return new(Leaf, (self.leaves[at], self.starts[at]))

    def add(self, path: str, leaf: Leaf) -> None:
        """Keeps a leaf, or a part of one, for a field."""
        words, start = leaf
        if words:
            found = new(Found, (words, (new(Span, (start, start + len(words), 0, None)),)))
            self.entries.append(new(Entry, (path, self.language or ("en" if words.isascii() else ""), found)))

    def at(self, span: Span) -> Leaf:
        """What stands at a span."""
        return Leaf(self.document.text[span.start : span.end], span.start)

    def add_joined(self, path: str, leaves: Iterable[Leaf]) -> None:
        """Keeps several pieces as one value of a field."""
        kept = [leaf for leaf in leaves if leaf.text]
        if kept:
            spans = tuple(Span(leaf.start, leaf.start + len(leaf.text)) for leaf in kept)
            words = "\n".join(leaf.text for leaf in kept)
            self.entries.append(Entry(path, self.language or ("en" if words.isascii() else ""), Found(words, spans)))

    def next(self, name: str) -> str:
        """The path of the next item of a list: "arms/1"."""
        number = self.counts.get(name, 0) + 1
        self.counts[name] = number
        return f"{name}/{number}"

    def open(self, target: str) -> str:
        """The path of the item of a target, the next one where it says "+", with its codes set."""
        _, item, codes = parse_target(target)
        place = self.next(item.removesuffix("/" + NEXT)) if item.endswith(NEXT) else item
        self.draft.codes.update({f"{place}/{field}": code for field, code in codes})
        return place

    def keep(self, label: str, leaf: Leaf) -> None:
        """Keeps a leaf as unmapped; what has one label is one entry."""
        words, start = leaf
        if words:
            self.left.setdefault(label, []).append(new(Span, (start, start + len(words), 0, None)))

    def furnish(self, leaf: Leaf) -> None:
        """Notes a leaf as known and of no use."""
        words, start = leaf
        self.draft.furniture.append(new(Span, (start, start + len(words), 0, None)))

    def pass_over(self, count: int) -> None:
        """Notes so many leaves as furniture."""
        if count:
            self.furnish(self._run(count))

    def located(self, value: Any) -> Any:
        """The same tree with leaves in place of values, for a function to pick from; the cursor moves behind it."""
        if type(value) is dict:
            return {key: self.located(item) for key, item in value.items()}
        if type(value) is Element:
            return Element((key, self.located(item)) for key, item in value)
        if type(value) is list:
            return [self.located(item) for item in value]
        return None if value is None or value == "" else self.leaf()

    def skip(self, value: Any) -> Leaf:
        """Everything below a value of the tree, as it stands in the document."""
        return self._run(count_leaves(value))

    def _run(self, count: int) -> Leaf:
        first = self.cursor
        self.cursor += count
        if first == self.cursor:
            return Leaf("", 0)
        start, last = self.starts[first], self.cursor - 1
        return new(Leaf, (self.document.text[start : self.starts[last] + len(self.leaves[last])], start))

    def finished(self) -> Draft:
        """The draft, with its unmapped values and its counts of labels."""
        whole, draft = self.document.text, self.draft
        for label, spans in self.left.items():
            words = "\n".join(whole[span.start : span.end] for span in spans)
            draft.unmapped.append(Unmapped(self.labels.get(label, label), Found(words, tuple(spans))))
        draft.extent = self._extent()
        draft.labels_mapped = len(draft.entries) + len(draft.furniture)
        draft.labels_seen = draft.labels_mapped + len(draft.unmapped)
        return draft

    def _extent(self) -> tuple[int, int]:
        last = self.cursor - 1
        return (self.starts[self.first], self.starts[last] + len(self.leaves[last])) if last >= self.first else (0, 0)


class Parts:
    """An object of the document whose leaves a function takes one by one; what it leaves is kept as unmapped."""

    def __init__(self, reading: TreeReading, value: Any, label: str) -> None:
        """Moves the cursor behind the object; `label` is its key's path."""
        self.reading = reading
        self.label = label
        self.found = reading.located(value)
        self.taken: set[int] = set()

    def get(self, path: str) -> Leaf:
        """The leaf at a path of keys and positions ("contacts.0.email"), NONE where there is none. It counts as taken."""
        node = self._at(path)
        if not isinstance(node, Leaf):
            return NONE
        self.taken.add(node.start)
        return node

    def _at(self, path: str) -> Any:
        node = self.found
        for key in path.split("."):
            if isinstance(node, list) and not isinstance(node, Element):
                node = node[int(key)] if key.isdigit() and int(key) < len(node) else None
            else:
                node = dict(node).get(key) if isinstance(node, dict | Element) else None
        return node

    def furnish(self, *paths: str) -> None:
        """Notes leaves as known and of no use."""
        for path in paths:
            self.reading.furnish(self.get(path))

    def keep(self, path: str, label: str) -> None:
        """Keeps what is left of a part as unmapped under one label, boilerplate left out by the caller."""
        for _, leaf in self._left(path, self._at(path)):
            self.taken.add(leaf.start)
            self.reading.keep(label, leaf)

    def drop(self, path: str) -> None:
        """Notes what is left of a part as known and of no use."""
        for _, leaf in self._left(path, self._at(path)):
            self.taken.add(leaf.start)
            self.reading.furnish(leaf)

    def close(self, boilerplate: frozenset[str] = frozenset()) -> None:
        """Keeps what was not taken, by key path; leaves under keys of `boilerplate` are of no use wherever they stand."""
        for label, leaf in self._left(self.label, self.found):
            if label.rpartition(".")[2] in boilerplate:
                self.reading.furnish(leaf)
            else:
                self.reading.keep(label, leaf)

    def _left(self, label: str, node: Any) -> Iterator[tuple[str, Leaf]]:
        """(key path, leaf) of what was not taken, in document order."""
        pending: list[tuple[str, Any]] = [(label, node)]
        while pending:
            label, node = pending.pop()
            if isinstance(node, Leaf):
                if node.start not in self.taken:
                    yield label, node
            elif isinstance(node, Element | dict):
                pairs = list(node if isinstance(node, Element) else node.items())
                pending += [(f"{label}.{key}", item) for key, item in reversed(pairs)]
            elif node:
                pending += [(label, item) for item in reversed(node)]
