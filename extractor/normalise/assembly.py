"""Puts values at their paths and finishes them into one tree, closing the holes of lists and keeping provenance in step."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from msgspec import Struct

from extractor.document import Span

Places = dict[str, tuple[Span, ...]]
# A node without this part says nothing and is left out. "*" stands for a list position or a name.
REQUIRED = {
    "dates/*": "value",
    "identifiers/*": "value",
    "links/*": "url",
    "enrollment": "count",
    "arms/*": "label",
    "outcomes/*": "measure",
    "biospecimens/*": "name",
    "results/*/*": "value",
    "contacts/*": "role",
    "sponsors/*": "role",
}
# Parts that a list item may not consist of alone: what the layout or the form sets by itself.
ACCESSORY = frozenset({"role", "primary", "scheme", "level", "type", "class", "country_code"})


class PlacedValue(Struct, frozen=True, gc=False):
    """A normalised value and where its parts stand: pointer below the value ("/zh", "") → spans."""

    value: Any
    places: Places


class Finished(NamedTuple):
    """The tree below /trial with provenance by pointer from there.

    `positions` says where each list item of the draft came to stand; `dropped` holds the words of nodes that were
    left out for want of a required part: (path, words, spans).
    """

    tree: dict[str, Any]
    provenance: Places
    positions: dict[str, int]
    dropped: list[tuple[str, str, tuple[Span, ...]]]


class Assembly:
    """Values by path, until `finish`."""

    def __init__(self) -> None:
        self.root: dict[str, Any] = {}

    def put(self, path: str, value: PlacedValue) -> None:
        """Sets a value, unless the place is taken: the first words on a page win."""
        *parents, last = path.split("/")
        node = self.root
        for part in parents:
            following = node.setdefault(part, {})
            if type(following) is not dict:
                return
            node = following
        node.setdefault(last, value)

    def get(self, path: str) -> Any:
        """The raw value at a path, None where there is none."""
        node: Any = self.root
        for part in path.split("/"):
            node = node.get(part) if isinstance(node, dict) else None
        return node.value if isinstance(node, PlacedValue) else None

    def finish(self) -> Finished:
        """The plain tree: lists closed up, empty nodes dropped."""
        found = Finished({}, {}, {}, [])
        tree = _finish(self.root, "", "", found)
        return found._replace(tree=tree or {})


def _finish(node: Any, path: str, pointer: str, found: Finished) -> Any:
    if type(node) is PlacedValue:
        for below, spans in node.places.items():
            found.provenance[pointer + below] = spans
        return node.value
    if node and next(iter(node))[0].isdigit() and all(key[0].isdigit() for key in node):
        return _finish_list(node, path, pointer, found)
    tree: dict[str, Any] = {}
    for key, child in node.items():
        below = f"{pointer}/{key}"
        if type(child) is PlacedValue:  # as the call below does, for most parts of a record
            tree[key] = child.value
            for part, spans in child.places.items():
                found.provenance[below + part] = spans
        elif (done := _finish(child, f"{path}/{key}", below, found)) is not None:
            tree[key] = done
    if _says_something(tree, path):
        return tree
    _drop(tree, path, pointer, found)
    return None


def _drop(tree: dict[str, Any], path: str, pointer: str, found: Finished) -> None:
    """Takes a node's words out of the provenance and keeps them aside."""
    for stale in [p for p in found.provenance if p.startswith(pointer + "/")]:
        below = stale[len(pointer) + 1 :]
        words: Any = tree
        for step in below.split("/"):
            words = words.get(step) if isinstance(words, dict) else None
        found.dropped.append((f"{path}/{below}".lstrip("/"), str(words or ""), found.provenance.pop(stale)))


def _finish_list(node: dict[str, Any], path: str, pointer: str, found: Finished) -> list[Any] | None:
    items: list[Any] = []
    for key in sorted(node, key=float):
        item_pointer = f"{pointer}/{len(items)}"
        done = _finish(node[key], f"{path}/{key}", item_pointer, found)
        if done is not None:
            found.positions[f"{path}/{key}".lstrip("/")] = len(items)
            items.append(done)
    return items or None


def _says_something(tree: dict[str, Any], path: str) -> bool:
    required, in_list = _demands(path)
    if required and required not in tree:
        return False
    return bool(tree) and not (in_list and ACCESSORY.issuperset(tree))


@lru_cache(maxsize=8192)
def _demands(path: str) -> tuple[str, bool]:
    """The part that a node at a path must have, "" for any, and whether it is an item of a list."""
    parts = path.strip("/").split("/")
    pattern = "/".join([parts[0], *("*" for _ in parts[1:])])
    return REQUIRED.get(pattern, ""), parts[-1][:1].isdigit()
