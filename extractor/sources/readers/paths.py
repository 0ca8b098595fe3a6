"""Applies tables "key → field" to the trees of JSON, XML and CSV documents, in one walk in document order.

A table is a dict in the shape of the source. Its values say where a leaf goes:

    "conditions/+/name"            a target in the notation of `fields`, relative to the innermost group; items count from 1
    {...}                          a table for what stands below the key; "#" is the text of an XML element
    each("arms/+ type=X", {...})   every item below the key opens one item of a list, whose codes are set
    in_language(function, {...})   a table for an object that says itself in which language its texts are
    function                       called with (reading, prefix, leaf): what no table can say
    Branch(function)               called with (reading, object, prefix, label): reads all leaves of an object

A key that no table names is kept as unmapped, one entry a key path, whole subtrees as they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from extractor.document import Document, Draft, Entry, Found, Span
from extractor.sources.readers.fields import FURNITURE, NEXT, UNMAPPED, is_kept, parse_target
from extractor.sources.readers.reading import Leaf, TreeReading, new
from extractor.tree import MAX_WRAPPERS, Element, count_leaves

Handler = Callable[["TreeReading", str, Leaf], None]


class Each(NamedTuple):
    """A table for the items of one list of the record."""

    target: str
    table: Mapping[str, Any]


def each(target: str, table: Mapping[str, Any]) -> Each:
    """Every item below the key is one item of the record's list that `target` names: `each("arms/+ type=OTHER", {...})`."""
    return Each(target, table)


class Localised(NamedTuple):
    """A table for objects whose texts are in one language."""

    find: Callable[[Any], str]
    table: Mapping[str, Any]


def in_language(find: Callable[[Any], str], table: Mapping[str, Any]) -> Localised:
    """Objects below the key have their texts in the language (BCP 47) that `find` reads from them; "" where they do not say."""
    return Localised(find, table)


class ObjectReader(NamedTuple):
    """A function for the objects below a key: it moves the cursor behind their leaves; `label` is the key's path."""

    read: Callable[[TreeReading, Any, str, str], None]


def joined(path: str) -> Handler:
    """A row for one of several keys that make one value: what follows on the same field is joined to it."""

    def handler(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
        entries, place = reading.entries, prefix + path
        spans = entries.pop().found.spans if entries and entries[-1].path == place else ()
        reading.add_joined(place, (*(reading.at(span) for span in spans), leaf))

    return handler


def aside(name: str) -> Handler:
    """A row whose leaf is looked up later, as `reading.cells[name]`."""

    def keep(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
        del prefix
        reading.cells[name] = leaf

    return keep


def text(path: str) -> dict[str, str]:
    """The rows of an XML element whose text stands in it or in a `<textblock>` inside."""
    return {"#": path, "textblock": path}


class KeyRule:
    """What happens to the value of one key. `label` is the key's path in the source."""

    __slots__ = ("label",)

    def __init__(self, label: str) -> None:
        self.label = label

    def take(self, reading: TreeReading, value: Any, prefix: str) -> None:
        """Reads a value of any kind: the items of a list one by one."""
        kind = type(value)
        if kind is list:
            for item in value:
                self.take(reading, item, prefix)
        elif kind is dict or kind is Element:
            self.branch(reading, value, prefix)
        elif value is not None and value != "":
            self.at_leaf(reading, prefix)

    def branch(self, reading: TreeReading, value: Any, prefix: str) -> None:
        """Reads an object or element: kept as unmapped where no table says more."""
        del prefix
        reading.keep(self.label, reading.skip(value))

    def at_leaf(self, reading: TreeReading, prefix: str) -> None:
        """Reads the leaf at the cursor: kept as unmapped where no table says more."""
        del prefix
        reading.keep(self.label, reading.leaf())


class _Furniture(KeyRule):
    __slots__ = ()

    def branch(self, reading: TreeReading, value: Any, prefix: str) -> None:
        """Notes it as furniture."""
        del prefix
        reading.furnish(reading.skip(value))

    def at_leaf(self, reading: TreeReading, prefix: str) -> None:
        """Notes it as furniture."""
        del prefix
        reading.furnish(reading.leaf())


class _Field(KeyRule):
    """A leaf that is one value of a field."""

    __slots__ = ("path",)

    def __init__(self, label: str, path: str) -> None:
        super().__init__(label)
        self.path = path

    def at_leaf(self, reading: TreeReading, prefix: str) -> None:
        """Keeps it for the field."""
        reading.add(prefix + self.path, reading.leaf())


class _Item(KeyRule):
    """A leaf that opens the next item of a list ("+"), or has codes beside it."""

    __slots__ = ("codes", "counted", "name", "tail")

    def __init__(self, label: str, target: str) -> None:
        super().__init__(label)
        path, item, self.codes = parse_target(target)
        self.counted = item.endswith(NEXT)
        self.name = item.removesuffix("/" + NEXT)
        self.tail = path.removeprefix(item).lstrip("/")

    def at_leaf(self, reading: TreeReading, prefix: str) -> None:
        """Keeps it for the item, with its codes."""
        place = reading.next(prefix + self.name) if self.counted else prefix + self.name
        reading.add(f"{place}/{self.tail}" if self.tail else place, reading.leaf())
        for field, code in self.codes:
            reading.draft.codes[f"{place}/{field}"] = code


class _Call(KeyRule):
    """A leaf that a function reads."""

    __slots__ = ("handler",)

    def __init__(self, label: str, handler: Handler) -> None:
        super().__init__(label)
        self.handler = handler

    def at_leaf(self, reading: TreeReading, prefix: str) -> None:
        """Hands it to the function."""
        self.handler(reading, prefix, reading.leaf())


class _Branch(KeyRule):
    """An object that a function reads."""

    __slots__ = ("read",)

    def __init__(self, label: str, read: Callable[[TreeReading, Any, str, str], None]) -> None:
        super().__init__(label)
        self.read = read

    def branch(self, reading: TreeReading, value: Any, prefix: str) -> None:
        """Hands it to the function."""
        self.read(reading, value, prefix, self.label)


class ReadyTable(KeyRule):
    """A table made ready."""

    __slots__ = ("table",)

    def __init__(self, table: Mapping[str, Any], label: str = "") -> None:
        super().__init__(label)
        self.table = {key: _rule(spec, f"{label}.{key}" if label else key) for key, spec in table.items()}

    def branch(self, reading: TreeReading, value: Any, prefix: str) -> None:
        """Reads every key by its row."""
        find, leaves, starts, keep, said = self.table.get, reading.leaves, reading.starts, reading.entries.append, reading.language
        for key, item in value.items() if type(value) is dict else value:
            rule = find(key) or self._unknown(key)
            if type(item) is not str:
                rule.take(reading, item, prefix)
            elif type(rule) is _Field and item:  # as `rule.at_leaf`, without its calls: most leaves of a record pass here
                at = reading.cursor
                words, start, reading.cursor = leaves[at], starts[at], at + 1
                found = new(Found, (words, (new(Span, (start, start + len(words), 0, None)),)))
                keep(new(Entry, (prefix + rule.path, said or ("en" if words.isascii() else ""), found)))
            elif item:
                rule.at_leaf(reading, prefix)

    def _unknown(self, key: str) -> KeyRule:
        return KeyRule(f"{self.label}.{key}" if self.label else key)

    def at_leaf(self, reading: TreeReading, prefix: str) -> None:
        """Reads the element's own text by the row "#"."""
        rule = self.table.get("#")
        if rule is None:
            super().at_leaf(reading, prefix)
        else:
            rule.at_leaf(reading, prefix)


class _Group(ReadyTable):
    """A table for the items of one list of the record."""

    __slots__ = ("codes", "name")

    def __init__(self, spec: Each, label: str) -> None:
        super().__init__(spec.table, label)
        _, item, self.codes = parse_target(spec.target)
        self.name = item.removesuffix("/" + NEXT)

    def branch(self, reading: TreeReading, value: Any, prefix: str) -> None:
        """Opens the next item of the list."""
        super().branch(reading, value, self._open(reading, prefix))

    def at_leaf(self, reading: TreeReading, prefix: str) -> None:
        """Opens the next item of the list with one value."""
        super().at_leaf(reading, self._open(reading, prefix))

    def _open(self, reading: TreeReading, prefix: str) -> str:
        place = reading.next(prefix + self.name) + "/"
        for field, code in self.codes:
            reading.draft.codes[place + field] = code
        return place


class _Localised(ReadyTable):
    """A table for an object whose texts are in one language."""

    __slots__ = ("find",)

    def __init__(self, spec: Localised, label: str) -> None:
        super().__init__(spec.table, label)
        self.find = spec.find

    def branch(self, reading: TreeReading, value: Any, prefix: str) -> None:
        """Reads every key by its row, in the object's language."""
        before, reading.language = reading.language, self.find(value) or reading.language
        super().branch(reading, value, prefix)
        reading.language = before


def _rule(spec: Any, label: str) -> KeyRule:
    """The rule that one value of a table stands for."""
    if isinstance(spec, str):
        return _leaf_rule(spec, label)
    if isinstance(spec, Each):
        return _Group(spec, label)
    if isinstance(spec, Localised):
        return _Localised(spec, label)
    if isinstance(spec, ObjectReader):
        return _Branch(label, spec.read)
    return ReadyTable(spec, label) if isinstance(spec, Mapping) else _Call(label, spec)


def _leaf_rule(spec: str, label: str) -> KeyRule:
    if spec == FURNITURE:
        return _Furniture(label)
    if is_kept(spec):
        return KeyRule(spec.removeprefix(UNMAPPED) or label)
    target = parse_target(spec)
    return _Item(label, spec) if target.codes or target.item.endswith(NEXT) else _Field(label, spec)


Predicate = Callable[[str, Any], bool]


def find_records(key: str, value: Any, is_record: Predicate, before: int = 0, depth: int = 0) -> Generator[tuple[Any, int], None, int]:
    """(record, number of leaves before it since the last one) for every record at or below `value`, in document order.

    `is_record` is asked with the key (an item's is its list's) and the value. Returns the number of leaves after the last record.
    """
    if is_record(key, value):
        yield value, before
        return 0
    children = _children(key, value) if depth < MAX_WRAPPERS else None
    if children is None:
        return before + count_leaves(value)
    for name, item in children:
        before = yield from find_records(name, item, is_record, before, depth + 1)
    return before


def _children(key: str, value: Any) -> Iterable[tuple[str, Any]] | None:
    if isinstance(value, dict):
        return value.items()
    if isinstance(value, Element):
        return value
    return ((key, item) for item in value) if isinstance(value, list) else None


def holds_record(root: Any, is_record: Predicate) -> bool:
    """Whether `find_records` finds one; for objects and elements that hold parts, without counting leaves."""
    stack: list[tuple[str, Any, int]] = [("", root, 0)]
    while stack:
        key, value, depth = stack.pop()
        if is_record(key, value):
            return True
        children = _children(key, value) if depth < MAX_WRAPPERS else None
        stack.extend((name, item, depth + 1) for name, item in children or () if isinstance(item, (dict, list)))
    return False


def read_records(
    document: Document,
    source: str,
    is_record: Predicate,
    section: Callable[[Any], ReadyTable],
    finish: Callable[[TreeReading], None] | None = None,
) -> Iterator[Draft]:
    """A draft for every record of the document; what stands between records is furniture of the one that follows.

    `finish` reads what was set aside, when the whole record has been walked.
    """
    cursor = 0
    for record, skipped in find_records("", document.tree.root, is_record):
        reading = TreeReading(document, source, cursor)
        reading.pass_over(skipped)
        section(record).take(reading, record, "")
        cursor = reading.cursor
        if finish:
            finish(reading)
        yield reading.finished()
