"""A draft while it is being filled from blocks: every call says where some blocks, or a part of one, belong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from extractor.document import Block, Document, Draft, Found, Span, Unmapped
from extractor.sources.readers.fields import NEXT, UNMAPPED, is_kept, parse_target
from extractor.text import fold_label, printed_pieces

LONG = 200  # characters of a value from which on a digest takes less room


@dataclass(slots=True)
class Sheet:
    """A document, the draft that is read from it, and how far each list of the draft has been counted.

    `language` is given to every entry; `missing` gathers the labels that have no value.
    """

    document: Document
    draft: Draft
    language: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    entered: set[tuple[str, str]] = field(default_factory=set)
    items: dict[tuple[str, str], int] = field(default_factory=dict)
    left: dict[str, list[Span]] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """The next free position of the list `name`."""
        self.counts[name] = self.counts.get(name, -1) + 1
        return self.counts[name]

    def item(self, name: str, words: str) -> tuple[int, bool]:
        """The position of the item that these words name in the list `name`, and whether it is new."""
        key = name, fold_label(words)
        fresh = key not in self.items
        if fresh:
            self.items[key] = self.number(name)
        return self.items[key], fresh

    def place(self, target: str, numbers: dict[str, str]) -> str:
        """The path of a target, its codes set; "+" is the position in `numbers`, or the next, which is noted there."""
        if is_kept(target):
            return target
        path, item, codes = parse_target(target)
        name = item.removesuffix("/" + NEXT)
        place = item
        if name != item:
            if name not in numbers:
                numbers[name] = str(self.number(name))
            place = f"{name}/{numbers[name]}"
        self.draft.codes.update({f"{place}/{field}": code for field, code in codes})
        return place + path.removeprefix(item)

    def begin(self, heading: list[Block], *, mapped: bool = True) -> None:
        """Counts a label."""
        self.draft.labels_seen += 1
        self.draft.labels_mapped += mapped
        self.drop(heading)

    def add(self, path: str, blocks: list[Block], language: str | None = None) -> None:
        """Keeps the blocks as one value; the same words at the same place again are furniture. "?Label" keeps them unmapped."""
        if is_kept(path):
            self.keep(path.removeprefix(UNMAPPED), blocks)
        if not blocks or is_kept(path):
            return
        found = self.slice(blocks)
        key = path, _folded(found.text)
        if key in self.entered:
            self.draft.furniture.extend(found.spans)
            return
        self.entered.add(key)
        self.draft.add(path, found.text, *found.spans, language=self.language if language is None else language)

    def take_back(self, path: str) -> list[Found]:
        """Takes the values of a field out of the draft, since better ones follow; where they stand becomes furniture."""
        taken = [entry.found for entry in self.draft.entries if entry.path == path]
        self.draft.entries = [entry for entry in self.draft.entries if entry.path != path]
        self.draft.furniture.extend(span for found in taken for span in found.spans)
        self.entered = {key for key in self.entered if key[0] != path}
        return taken

    def cut(self, path: str, block: Block, start: int, end: int, language: str | None = None) -> None:
        """Keeps a part of a block, its blanks at both ends left out."""
        self.add(path, [piece] if (piece := self.part(block, start, end)) else [], language)

    @staticmethod
    def part(block: Block, start: int, end: int) -> Block | None:
        """The characters from `start` to `end` of a block, without blanks at both ends; None where nothing is left."""
        text = block.text[start:end]
        start += len(text) - len(text.lstrip())
        text = text.strip()
        at = block.span.start + start
        return block._replace(text=text, span=block.span._replace(start=at, end=at + len(text))) if text else None

    def rest(self, block: Block, cut: int) -> Block | None:
        """What a block prints behind its first `cut` characters."""
        return self.part(block, cut, len(block.text))

    def drop(self, blocks: Iterable[Block]) -> None:
        """Lists blocks as furniture of the page."""
        self.draft.furniture.extend(block.span for block in blocks)

    def keep(self, label: str, blocks: list[Block]) -> None:
        """Keeps blocks that no field takes, under their label; what has one label is one entry."""
        if blocks:
            self.left.setdefault(label, []).extend(self.slice(blocks).spans)

    def finished(self) -> Draft:
        """The draft, with what is left unmapped."""
        for label, spans in self.left.items():
            words = "\n".join(self.document.text[span.start : span.end] for span in spans)
            self.draft.unmapped.append(Unmapped(label, Found(words, tuple(spans))))
        self.left = {}
        return self.draft

    def keep_unlabelled(self, blocks: list[Block]) -> None:
        """Keeps blocks that follow a value: under the label that the layout marks, or under none."""
        start = 0
        for at in [*(n for n, block in enumerate(blocks) if block.label), len(blocks)]:
            chunk, start = blocks[start:at], at
            if chunk and chunk[0].label:
                self.begin(chunk[:1], mapped=False)
                self.keep(self.words(chunk[:1]), chunk[1:])
            else:
                self.keep("", chunk)

    def miss(self, heading: list[Block]) -> None:
        """Notes a label that has no value."""
        self.missing.append(self.words(heading))

    @staticmethod
    def words(heading: list[Block]) -> str:
        """A label as printed, on one line, without its colon."""
        return " ".join(" ".join(block.text.split()) for block in heading).rstrip(":： ")

    def slice(self, blocks: list[Block]) -> Found:
        """The blocks as one found text: one span as long as nothing but white space stands between them."""
        spans: list[Span] = []
        for block in blocks:
            last = spans[-1] if spans else None
            joins = last is not None and last.page == block.span.page and last.end <= block.span.start
            if last is not None and joins and not self.document.text[last.end : block.span.start].strip():
                spans[-1] = last._replace(end=block.span.end, box=None)
            else:
                spans.append(block.span)
        return Found("\n".join(self.document.text[s.start : s.end] for s in spans), tuple(spans))

    def merged(self, blocks: list[Block]) -> list[Block]:
        """The blocks of a value joined where they touch, so that a pattern sees them whole."""
        found = self.slice(blocks)
        texts = [self.document.text[span.start : span.end] for span in found.spans]
        return [blocks[0]._replace(text=text, span=span) for text, span in zip(texts, found.spans, strict=True)]


def _folded(text: str) -> str:
    """The words of a value without blanks and case; a long one by its digest, so that the whole text is not held once more."""
    if len(text) <= LONG:
        return "".join(text.split()).casefold()
    digest = hashlib.sha256()
    for piece in printed_pieces(text):
        digest.update(piece.casefold().encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def folded_lines(document: Document, limit: int = 4000) -> set[str]:
    """Every short printed line of a page, folded as labels are: the evidence for a source.

    >>> from extractor.document import Format
    >>> sorted(folded_lines(Document(Format.TEXT, "", b"", "A b:", [Block("A b:", Span(0, 4))])))
    ['ab']
    """
    return {fold_label(block.text) for block in document.blocks[:limit] if len(block.text) <= 80}
