"""Documents with their persons covered: what a first reading found of them, what keys and labels say, what words look like one."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

from extractor.document import Block, Document, Draft, Entry, Span
from extractor.patterns import lazy_pattern
from extractor.privacy.covering import cover, find_persons, is_hidden
from extractor.privacy.names import Name, find_known, find_names, is_office, is_person
from extractor.privacy.numbers import Stretch, is_number_alone
from extractor.privacy.trees import find_personal_leaves
from extractor.privacy.words import is_label, is_personal
from extractor.tree import Element, Tree

CONTACTS = "contacts/"
NAMED = lazy_pattern(r"contacts/[^/]+/name|sponsors/[^/]+/name")  # fields that can hold a person's name
OF_OFFICE = lazy_pattern(r"sponsors/[^/]+/name|.+/affiliation")
OF_PERSONS = frozenset({"indiv", "individual"})  # classes of sponsors, as ClinicalTrials.gov has them
OF_OFFICES = frozenset({"industry", "nih", "fed", "other_gov", "network", "u.s. fed"})
NUMBERED = (
    "identifiers/",
    "dates/",
    "registration/",
    "references/pmid",
    "ethics/approval_number",
)  # fields whose values may look like telephone numbers
LABEL_AND_VALUE = 2  # cells of a row that holds one label and its value

_labelled = lazy_pattern(r"^[ \t*•·-]{0,8}(?P<label>[^:：\n]{1,60}?)[ \t]?[:：][ \t]*(?P<value>[^\n]+)", re.MULTILINE)


class _Extent(NamedTuple):
    """The part of a text that one record takes up, and the organisations that it names, in small letters."""

    start: int
    end: int
    offices: frozenset[str]

    def names_an_office(self, name: Name) -> bool:
        """Whether a contact's name is that of an organisation in the record, or begins it."""
        words = " ".join(name.words).casefold()
        return any(office == words or office.startswith(f"{words} ") for office in self.offices)


class _Finds:
    """What is known of the persons in a document: where they stand, and their names with a place at which each was found."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.stretches: list[Stretch] = []
        self.kept: list[Stretch] = []  # values that only look like numbers of telephones
        self.names: list[tuple[int, Name]] = []
        self.records: list[_Extent] = []

    def add(self, start: int, end: int, *, named: bool = True) -> None:
        """A stretch that speaks of persons; `named`: with their names."""
        self.stretches.append((start, end))
        if named:
            self.names += [(start, name) for name in find_names(self.text[start:end])]

    def add_draft(self, draft: Draft) -> None:
        """What a first reading found: contacts, sponsors that are persons, values whose label speaks of persons."""
        classes = {path.rpartition("/")[0]: found.text.casefold() for path, _, found in draft.entries if path.endswith("/class")}
        self.records.append(_Extent(*(draft.extent or (0, len(self.text))), frozenset(_offices(draft, classes))))
        for entry in draft.entries:
            self._add_entry(entry, classes)
        for label, (words, spans) in draft.unmapped:
            if is_label(label) or is_personal(label):
                self._add_spans(spans, words)

    def _add_entry(self, entry: Entry, classes: Mapping[str, str]) -> None:
        path, _, (words, spans) = entry
        names = words if NAMED.fullmatch(path) else ""
        single = names and classes.get(path.removesuffix("/name")) in OF_PERSONS
        if any((single, path.startswith(CONTACTS), is_person(names))):
            self._add_spans(spans, names, stated=True)
        elif path.startswith(NUMBERED) and is_number_alone(words):
            self.kept += [(span.start, span.end) for span in spans]

    def _add_spans(self, spans: Iterable[Span], names: str, *, stated: bool = False) -> None:
        for span in spans:
            self.add(span.start, span.end, named=False)
            self.names += [(span.start, name) for name in find_names(names, stated=stated)]

    def add_looks(self) -> None:
        """What looks like a person, wherever it stands."""
        self.kept.sort()
        for start, end in find_persons(self.text):
            at = bisect_right(self.kept, (start, len(self.text))) - 1
            if at < 0 or end > self.kept[at][1]:
                self.add(start, end)

    def known_again(self) -> Iterator[Stretch]:
        """Where known persons stand again in the record that names them."""
        covered = cover(self.text, self.stretches)
        self.names.sort()
        places = [at for at, _ in self.names]
        for record in self.records:
            start, end, _ = record
            near = dict.fromkeys(name for _, name in self.names[bisect_left(places, start) : bisect_right(places, end)])
            names = [name for name in near if not record.names_an_office(name)]
            yield from ((start + a, start + b) for a, b in find_known(covered[start:end], names))


def _offices(draft: Draft, classes: Mapping[str, str]) -> Iterator[str]:
    """The organisations that a record names: sponsors whose class or name says so, and what persons work for."""
    for path, _, found in draft.entries:
        if OF_OFFICE.fullmatch(path) and (is_office(found.text) or classes.get(path.removesuffix("/name")) in OF_OFFICES):
            yield " ".join(found.text.split()).casefold()


def redact(document: Document, drafts: Iterable[Draft]) -> Document:
    """The document with every person covered, character by character, so that places stay what they are.

    `drafts` is what a first reading of it found.
    """
    finds = _Finds(document.text)
    for draft in drafts:
        finds.add_draft(draft)
    if isinstance(document.tree, Tree):
        for start, end in find_personal_leaves(document.tree):
            finds.add(start, end)
    else:
        for start, end in _find_labelled(document):
            finds.add(start, end)
    finds.add_looks()
    return _covered(document, cover(document.text, [*finds.stretches, *finds.known_again()]))


def _find_labelled(document: Document) -> Iterator[Stretch]:
    """The values behind labels of persons: on the label's line, in the next cell of its row, or in the next line."""
    for match in _labelled.finditer(document.text):
        if is_label(match["label"]):
            yield match.span("value")
    cells = Counter(block.row for block in {(block.row, block.cell): block for block in document.blocks}.values())
    for block, following in pairwise(document.blocks):
        if not is_label(block.text) or _looks_like_label(following.text):
            continue
        if _ends_as_label(block.text) or (_are_beside(block, following) and cells[block.row] <= LABEL_AND_VALUE):
            yield following.span.start, following.span.end


def _looks_like_label(text: str) -> bool:
    return is_label(text) or _ends_as_label(text)


def _are_beside(block: Block, following: Block) -> bool:
    """Whether two blocks stand in two cells of one row."""
    return 0 < block.row == following.row and block.cell != following.cell


def _ends_as_label(text: str) -> bool:
    return text.rstrip().endswith((":", "："))


def _covered(document: Document, text: str) -> Document:
    """The document with another text of the same length, in its blocks and its tree too."""
    if len(text) != len(document.text):
        raise AssertionError("a covered text is as long as it was")
    tree = document.tree
    return replace(
        document,
        text=text,
        blocks=[_covered_block(block, document.text, text) for block in document.blocks],
        tree=_covered_tree(tree, text) if isinstance(tree, Tree) else tree,
    )


def _covered_block(block: Block, before: str, after: str) -> Block:
    start, end = block.span.start, block.span.end
    words = after[start:end] if before[start:end] == block.text else cover(block.text, find_persons(block.text))
    link = "" if block.link and find_persons(block.link.replace("%40", "@")) else block.link
    return block if words == block.text and link == block.link else block._replace(text=words, link=link)


def _covered_tree(tree: Tree, text: str) -> Tree:
    leaves = [text[start : start + len(leaf)] for leaf, start in zip(tree.leaves, tree.starts, strict=False)]
    return Tree(_with_leaves(tree.root, iter(zip(tree.leaves, leaves, strict=True))), leaves, tree.starts)


def _with_leaves(value: Any, leaves: Iterator[tuple[str, str]]) -> Any:
    """A tree's value with covered leaves in place of its own; those that nothing was covered in stay as they are."""
    kind = type(value)
    if kind is dict:
        return {name: _with_leaves(item, leaves) for name, item in value.items()}
    if kind is Element:
        return Element((name, _with_leaves(item, leaves)) for name, item in value)
    if kind is list:
        return [_with_leaves(item, leaves) for item in value]
    if value is None or value == "":
        return value
    before, after = next(leaves)
    return value if before == after else kind(after) if isinstance(value, str) else after


def without_persons(draft: Draft) -> Draft:
    """A draft of a covered document without fields of persons, and without values that are covered whole."""
    draft.entries = [entry for entry in draft.entries if not _is_gone(entry)]
    draft.codes = {path: code for path, code in draft.codes.items() if not path.startswith(CONTACTS)}
    draft.unmapped = [
        item for item in draft.unmapped if not (is_hidden(item.found.text) or is_label(item.label) or is_personal(item.label))
    ]
    draft.doubts = [doubt for doubt in draft.doubts if not doubt.path.startswith(CONTACTS)]
    return draft


def _is_gone(entry: Entry) -> bool:
    return entry.path.startswith(CONTACTS) or is_hidden(entry.found.text)
