"""Reads pages of labels and values: HTML, copied text and PDF print of one page share one table of labels.

A table is a tuple of `Row` and `Group`. The reader goes through the blocks once: a block whose folded text is a label
opens its field, what follows up to the next label is its value. A label followed by a label is an empty field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from extractor.caches import SHORT
from extractor.document import Block, Document, Draft, Format, Found, Span, Unmapped
from extractor.layout import Box
from extractor.patterns import lazy_pattern
from extractor.sources.readers.fields import FURNITURE, NEXT, UNMAPPED, parse_target
from extractor.sources.readers.table import LONGEST_LABEL, Hit, Labels, RepeatGroup, Row
from extractor.text import fold_label, has_ideograph

COLONS = 6  # a long label may hold some itself: "共享原始数据的方式（说明：…）："
_colon = lazy_pattern("[:：]")
_line = lazy_pattern(r"[^\n]*[^\s]")


@dataclass(slots=True)
class _Open:
    """The field whose value is being gathered."""

    row: Row
    path: str
    languages: list[str]
    label: Span
    blocks: list[Block] = field(default_factory=list)


class LabelReading:
    """One pass over a document's blocks; `draft` fills as it goes."""

    def __init__(self, document: Document, labels: Labels, source: str) -> None:
        self.document = document
        self.labels = labels
        self.draft = Draft(source)
        self.open: _Open | None = None
        self.group: RepeatGroup | None = None
        self.item = -1
        self.fresh = True
        self.runs_in = False
        self.seen: set[tuple[int, str]] = set()
        self.counts: dict[int, int] = {}

    def read(self, blocks: Iterable[Block]) -> Draft:
        """The draft of all blocks in order."""
        pending = list(blocks)
        self.runs_in = self.labels.run_in and runs_in(self.document, self.labels)
        if self.document.format is Format.PDF:
            from extractor.sources.readers.prints import prepare_print  # noqa: PLC0415 (only prints need it)

            pending = prepare_print(pending, self.labels)
        at = 0
        while at < len(pending):
            at += self._take(pending, at)
        self._close()
        return self.draft

    def _take(self, blocks: list[Block], at: int) -> int:
        block = blocks[at]
        if self.labels.furniture and self.labels.furniture.fullmatch(block.text.strip()):
            self.draft.furniture.append(block.span)
            return 1
        scope = id(self.group) if self.group else 0
        found = self._find_label(blocks, at, scope)
        if found is None:
            self._value(block, scope)
            return 1
        size, hit = found
        self._label(*hit, Span(block.span.start, blocks[at + size - 1].span.end, block.span.page))
        return size

    def _find_label(self, blocks: list[Block], at: int, scope: int) -> tuple[int, Hit] | None:
        """How many blocks a label takes, and which it is: the longest whole label, else the first that begins like one."""
        labels, whole, opening = self.labels, None, None
        for size, folded in self._candidates(blocks, at):
            exact = labels.find_whole(folded, scope)
            if exact:
                if folded not in labels.closed or blocks[at + size - 1].text.rstrip().endswith((":", "：")):
                    whole = size, exact
            elif opening is None and (hit := labels.find_opening(folded)):
                opening = size, hit
        if opening and not whole and self._run_in(blocks[at], scope, partly=False):
            return None
        return whole or opening

    def _candidates(self, blocks: list[Block], at: int) -> list[tuple[int, str]]:
        """Folded text of one block, then of several while they begin a label: labels wrap in narrow cells."""
        folded = fold_label(blocks[at].text)
        candidates = [(1, folded)]
        while len(candidates) < min(LONGEST_LABEL, len(blocks) - at) and self.labels.begins(folded):
            folded += fold_label(blocks[at + len(candidates)].text)
            candidates.append((len(candidates) + 1, folded))
        return candidates

    def _label(self, row: Row | RepeatGroup, language: str, scope: int, span: Span) -> None:
        self.draft.furniture.append(span)
        self.draft.labels_seen += 1
        self.draft.labels_mapped += 1
        if isinstance(row, RepeatGroup):
            self._close()
            if self.group is not row:
                self.group, self.item, self.fresh = row, self.counts.get(id(row), row.start) - 1, True
            return
        if not scope:
            self.group = None
        elif self.fresh or (id(row), language) in self.seen:
            self._next_item()
        self.seen.add((id(row), language))
        path = self._target(row.to)
        if self.open and self.open.row is row and self.open.path == path and not self.open.blocks:
            self.open.languages.append(language)
            return
        self._close()
        self.open = _Open(row, path, [language], span)

    def _next_item(self) -> None:
        self._close()
        if self.group is None:
            return
        self.item += 1
        self.fresh = False
        self.counts[id(self.group)] = self.item + 1
        self.seen = set()
        if self.group.item:
            self._target(self.group.item)

    def _target(self, target: str) -> str:
        """The path of a target in the open item, whose codes are set."""
        path, item, codes = parse_target(target)
        if not codes:
            return path.replace(NEXT, str(self.item)) if NEXT in path else path
        place = item.replace(NEXT, str(self.item))
        for name, code in codes:
            self.draft.codes[f"{place}/{name}"] = code.replace(NEXT, str(self.item))
        return path.replace(NEXT, str(self.item))

    def _value(self, block: Block, scope: int) -> None:
        run_in = self._run_in(block, scope)
        while run_in:
            (row, language, number), cut = run_in
            start = block.span.start
            self._label(row, language, number, Span(start, start + cut, block.span.page))
            block = self._rest(block, cut)
            if not block.text:
                return
            again = self._run_in(block, scope)
            run_in = again if again and again[0][0] is row and again[0][1] != language else None
        if self.open is None or (self.open.row.lines and len(self.open.blocks) >= self.open.row.lines):
            self._close()
            self.draft.furniture.append(block.span)
        else:
            self.open.blocks.append(block)

    def _run_in(self, block: Block, scope: int, *, partly: bool = True) -> tuple[Hit, int] | None:
        """A label with its value on one line ("注册号：ChiCTR…"), in formats whose layout marks no cells.

        With `partly` also a label that only begins with known words.
        """
        if not self.labels.run_in or self.document.format is Format.HTML:
            return None
        for colon in islice(_colon.finditer(block.text), COLONS):
            folded = fold_label(block.text[: colon.start()])
            hit = self.labels.find_whole(folded, scope)
            if hit:
                return (hit, colon.end()) if self.runs_in or folded not in self.labels.closed else None
        first = _colon.search(block.text) if partly else None
        begun = self.labels.find(fold_label(block.text[: first.start()]), scope) if first else None
        return (begun, first.end()) if begun and first else None

    @staticmethod
    def _rest(block: Block, cut: int) -> Block:
        text = block.text[cut:]
        cut += len(text) - len(text.lstrip())
        return block._replace(text=block.text[cut:], span=block.span._replace(start=block.span.start + cut))

    def _close(self) -> None:
        """Hands the gathered value to its field."""
        current, self.open = self.open, None
        if current is None or not current.blocks:
            return
        found = self.slice(current.blocks)
        if current.row.split and self._split(current, found):
            return
        if current.row.to == FURNITURE:
            self.draft.furniture.extend(found.spans)
        elif current.row.to == UNMAPPED:
            self.draft.labels_mapped -= len(current.languages)
            self.draft.unmapped.append(Unmapped(self._words(current), found))
        else:
            for language, piece in self._by_language(current, found):
                self.draft.add(current.path, piece.text, *piece.spans, language=language)

    def _words(self, current: _Open) -> str:
        start, end = current.label.start, current.label.end
        return " ".join(self.document.text[start:end].split()).rstrip(":：")

    def slice(self, blocks: list[Block]) -> Found:
        """The blocks as one found text: one span a page, line feeds, blank lines and indentation as they stand."""
        spans: list[Span] = []
        if len(blocks) == 1:
            span = blocks[0].span
            return Found(self.document.text[span.start : span.end], (span,))
        for block in blocks:
            last = spans[-1] if spans else None
            between = self.document.text[last.end : block.span.start] if last else "x"
            if last and last.page == block.span.page and not between.strip():
                spans[-1] = last._replace(end=block.span.end, box=_union(last.box, block.span.box))
            else:
                spans.append(block.span)
        return Found("\n".join(self.document.text[s.start : s.end] for s in spans), tuple(spans))

    def _split(self, current: _Open, found: Found) -> bool:
        """Cuts the value by the row's pattern; what no named group holds is furniture of the layout."""
        pattern, base = current.row.split, found.spans[0]
        targets = dict(current.row.parts)
        taken = False
        for match in pattern.finditer(found.text) if pattern and len(found.spans) == 1 else ():
            for name, text in match.groupdict().items():
                if not text:
                    continue
                span = base._replace(start=base.start + match.start(name), end=base.start + match.end(name))
                self.draft.add(self._target(targets.get(name, current.row.to)), text, span, language=name if name in ("zh", "en") else "")
                taken = True
        if taken:
            self.draft.furniture.append(base)
        return taken

    def _by_language(self, current: _Open, found: Found) -> Iterator[tuple[str, Found]]:
        """A value under one label takes its language; under both, lines go by their script if both scripts occur."""
        if len(set(current.languages)) == 1:
            yield current.languages[0], found
            return
        lines = [line for block in current.blocks for line in _lines(block)]
        zh = [b for b in lines if has_ideograph(b.text)]
        en = [b for b in lines if not has_ideograph(b.text)]
        if zh and en and lines == zh + en:
            yield "zh", self.slice(zh)
            yield "en", self.slice(en)
        else:
            yield "", found


def _lines(block: Block) -> Iterator[Block]:
    """The printed lines of a block: a cell of a PDF is one block."""
    for match in _line.finditer(block.text):
        start, end = (block.span.start + at for at in match.span())
        yield block._replace(text=match.group(), span=block.span._replace(start=start, end=end))


def _union(one: Box | None, two: Box | None) -> Box | None:
    if one is None or two is None:
        return None
    return (min(one[0], two[0]), min(one[1], two[1]), max(one[2], two[2]), max(one[3], two[3]))


def count_labels(document: Document, labels: Labels, limit: int = 400) -> int:
    """How many different labels of the page's own scope stand among the first blocks: the evidence for a source."""
    words = labels.scopes[0]
    blocks = document.blocks[:limit]
    bare = {folded for folded in (fold_label(b.text) for b in blocks if len(b.text) <= SHORT) if folded in words}
    return len(bare) if document.format is not Format.TEXT else len(bare | _leading(blocks, labels))


def _leading(blocks: list[Block], labels: Labels) -> set[str]:
    """The page's labels that stand before a colon, with more on their line."""
    cuts = (_colon_cut(b.text) for b in blocks)
    heads = (fold_label(head) for head, colon, rest in cuts if colon and rest.strip() and len(head) <= SHORT)
    return {folded for folded in heads if folded in labels.scopes[0]}


def _colon_cut(text: str) -> tuple[str, str, str]:
    colon = _colon.search(text)
    return (text[: colon.start()], colon.group(), text[colon.end() :]) if colon else (text, "", "")


def runs_in(document: Document, labels: Labels, limit: int = 400) -> bool:
    """Whether a text prints labels and values on one line: then everyday words before a colon are labels too."""
    if document.format is not Format.TEXT:
        return document.format is Format.PDF
    blocks = document.blocks[:limit]
    bare = {folded for folded in (fold_label(b.text) for b in blocks if len(b.text) <= SHORT) if folded in labels.scopes[0]}
    return len(_leading(blocks, labels)) > len(bare)
