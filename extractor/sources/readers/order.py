"""Reads pages whose labels come in a known order: saved pages, copied text and prints of one registry's design.

Free text repeats labels ("Inclusion criteria" inside a description), so a line is a label only where it fits: of all lines
that could be labels, the longest run in the order of the table is taken.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from extractor.document import Block, Document, Draft, Span
from extractor.patterns import lazy_pattern
from extractor.sources.readers.fields import FURNITURE, UNMAPPED
from extractor.sources.readers.sheet import Sheet
from extractor.text import fold_label

LONGEST = 120  # characters of a printed label
JOINED = 4  # blocks that a wrapped label may take
MENU = 4  # titles of sections in a row from which on they are a menu

_list_mark = lazy_pattern(r"\A\s*(?:[*•]|\d+\.)\s+")
_colon = lazy_pattern("[:：]")
_bullet = lazy_pattern(r"\A\s*[*•]\s+")

VALUE, BLOCK, LINE, MATCH = "value", "block", "line", "match"  # what makes one item of a list


class PagePart(NamedTuple):
    """A part of a page: the blocks of its label, the blocks of its value."""

    heading: list[Block]
    blocks: list[Block]


Reader = Callable[[Sheet, PagePart], None]


@dataclass(frozen=True, slots=True)
class PageField:
    """A label of a page and what becomes of its value.

    `words` holds the label's spellings with "|" between; `opening` is a pattern for labels that no words can list. `to` and the
    targets in `parts` are in the notation of `fields`; `by` says what makes one item.
    `split` cuts a value: each named group goes to the field of that name in `parts`; named groups of `opening` do the same.
    `repeats` allows the label to be printed again; of two equal labels the first that has a value counts, or the later one
    when `late`. `alone` labels have their line to themselves; an `anchor` is found first, whatever stands around it.
    `read` takes the sheet and the part, and does what no table can say.
    """

    words: str = ""
    to: str = FURNITURE
    by: str = VALUE
    split: re.Pattern[str] | None = None
    parts: tuple[tuple[str, str], ...] = ()
    opening: re.Pattern[str] | None = None
    repeats: bool = False
    late: bool = False
    alone: bool = False
    anchor: bool = False
    read: Reader | None = None

    @property
    def takes_value(self) -> bool:
        """Whether an empty label of this field may be a mere mention: titles of sections and labels that repeat may be empty."""
        return not self.repeats and (self.to != FURNITURE or self.read is not None)


class Hit(NamedTuple):
    """A line that is, or could be, a label: number of its first block, how many it takes, characters of the last, its place.

    `bare` says that another such line follows at once: an empty field, or a line of a page's menu.
    """

    at: int
    size: int
    cut: int
    rank: int
    field: PageField
    bare: bool = False


@dataclass(slots=True)
class Order:
    """A page's fields in their order; a tuple of fields shares one place. `furniture` matches lines that are no content."""

    fields: tuple[PageField | tuple[PageField, ...], ...]
    furniture: re.Pattern[str] | None = None
    words: dict[str, list[tuple[int, PageField]]] = field(default_factory=dict)
    openings: list[tuple[int, PageField]] = field(default_factory=list)
    sorted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for rank, several in enumerate(self.fields):
            for row in several if isinstance(several, tuple) else (several,):
                for words in filter(None, row.words.split("|")):
                    self.words.setdefault(fold_label(words), []).append((rank, row))
                if row.opening:
                    self.openings.append((rank, row))
        self.sorted = sorted(self.words)

    def find_labels(self, blocks: list[Block]) -> list[Hit]:
        """The blocks that are labels: the longest run in the page's order."""
        options = [list(self._options(blocks, at)) for at in range(len(blocks))]
        hits = [hit._replace(bare=_is_bare(hit, blocks, options)) for several in options for hit in several]
        valued = {hit.field for hit in hits if not hit.bare}
        hits = [hit for hit in hits if not (hit.bare and hit.field in valued and hit.field.takes_value)]
        fixed = _longest([hit for hit in hits if hit.field.anchor])
        return _longest([hit for hit in hits if all(_agrees(hit, anchor) for anchor in fixed)])

    def is_title(self, block: Block) -> bool:
        """Whether a block is the title of a section that has no value of its own."""
        if len(block.text) > LONGEST:
            return False
        rows = self.words.get(fold_label(_bullet.sub("", block.text, count=1)), ())
        return bool(rows) and all(row.to == FURNITURE and row.read is None for _, row in rows)

    def _options(self, blocks: list[Block], at: int) -> Iterator[Hit]:
        bullet = _bullet.match(blocks[at].text)
        skipped = bullet.end() if bullet else 0
        text = blocks[at].text[skipped:]
        for rank, row in self.openings:
            match = row.opening.match(text) if row.opening else None
            if match:
                yield Hit(at, 1, match.end() + skipped, rank, row)
        folded = fold_label(text) if len(text) <= LONGEST else ""
        if folded in self.words:
            yield from (Hit(at, 1, len(text) + skipped, rank, row) for rank, row in self.words[folded])
            return
        yield from self._run_in(text, at, skipped)
        yield from self._wrapped(blocks, at, folded)

    def _run_in(self, text: str, at: int, skipped: int) -> Iterator[Hit]:
        colon = _colon.search(text, 0, LONGEST)
        if colon:
            folded = fold_label(text[: colon.start()])
            rows = self.words.get(folded, ())
            yield from (Hit(at, 1, colon.end() + skipped, rank, row) for rank, row in rows if not row.alone)

    def _wrapped(self, blocks: list[Block], at: int, folded: str) -> Iterator[Hit]:
        for size in range(2, JOINED + 1):
            if not folded or at + size > len(blocks) or not self._begins(folded):
                return
            folded += fold_label(blocks[at + size - 1].text[:LONGEST])
            yield from (Hit(at, size, len(blocks[at + size - 1].text), rank, row) for rank, row in self.words.get(folded, ()))

    def _begins(self, folded: str) -> bool:
        at = bisect_left(self.sorted, folded)
        return at < len(self.sorted) and self.sorted[at].startswith(folded)


def _is_bare(hit: Hit, blocks: list[Block], options: list[list[Hit]]) -> bool:
    after = hit.at + hit.size
    return hit.cut == len(blocks[after - 1].text) and after < len(blocks) and bool(options[after])


def _agrees(hit: Hit, anchor: Hit) -> bool:
    """Whether a line stands on the side of an anchor where its label belongs."""
    if hit.rank == anchor.rank:
        return hit.at == anchor.at
    return (hit.at < anchor.at) == (hit.rank < anchor.rank) and hit.at != anchor.at


def _longest(hits: list[Hit]) -> list[Hit]:
    run = _Run()
    for hit in sorted(hits, key=lambda hit: (hit.at, -hit.rank)):
        run.offer(hit)
    return run.hits()


class _Run:
    """The longest run of hits in rising order so far (patience sorting); a field that repeats may follow itself."""

    def __init__(self) -> None:
        self.offered: list[Hit] = []
        self.before: list[int] = []
        self.ranks: list[int] = []
        self.ends: list[int] = []

    def offer(self, hit: Hit) -> None:
        """Takes the next hit in: it ends the longest run that its rank can follow."""
        place = (bisect_right if hit.field.repeats else bisect_left)(self.ranks, hit.rank)
        if place < len(self.ranks) and self.ranks[place] == hit.rank and not hit.field.late:
            return
        self.offered.append(hit)
        self.before.append(self.ends[place - 1] if place else -1)
        self.ranks[place : place + 1] = [hit.rank]
        self.ends[place : place + 1] = [len(self.offered) - 1]

    def hits(self) -> list[Hit]:
        """The longest run, in order."""
        found: list[Hit] = []
        at = self.ends[-1] if self.ends else -1
        while at >= 0:
            found.append(self.offered[at])
            at = self.before[at]
        return found[::-1]


def read_page(document: Document, order: Order, source: str, language: str = "") -> tuple[Sheet, list[Block]]:
    """The sheet of a page, filled, and the blocks that stand before its first label."""
    sheet = Sheet(document, Draft(source), language)
    blocks = _without_furniture(sheet, order)
    hits = order.find_labels(blocks)
    ends = [*(hit.at for hit in hits[1:]), len(blocks)]
    for hit, end in zip(hits, ends, strict=False):
        _enter(sheet, hit, blocks, end)
    return sheet, blocks[: hits[0].at] if hits else blocks


def _without_furniture(sheet: Sheet, order: Order) -> list[Block]:
    """The blocks that may be content; marks of list items are furniture wherever they stand."""
    kept: list[Block] = []
    for block in sheet.document.blocks:
        if bullet := _bullet.match(block.text):
            sheet.drop([block._replace(span=_head(block.span, bullet.end()))])
        if order.furniture and order.furniture.fullmatch(_list_mark.sub("", block.text, count=1).strip()):
            sheet.drop([block])
        else:
            kept.append(block)
    return _without_menus(sheet, order, kept)


def _without_menus(sheet: Sheet, order: Order, blocks: list[Block]) -> list[Block]:
    """The blocks without runs of section titles one after the other: menus of the page."""
    kept: list[Block] = []
    run: list[Block] = []
    for block in [*blocks, None]:
        if block and order.is_title(block):
            run.append(block)
            continue
        if len(run) >= MENU:
            sheet.drop(run)
        else:
            kept += run
        run = []
        kept += [block] if block else []
    return kept


def _enter(sheet: Sheet, hit: Hit, blocks: list[Block], end: int) -> None:
    """Gives a label's value to its field; what stands behind the label's table belongs to no label."""
    first, last = blocks[hit.at], blocks[hit.at + hit.size - 1]
    heading = [*blocks[hit.at : hit.at + hit.size - 1], last._replace(text=last.text[: hit.cut], span=_head(last.span, hit.cut))]
    sheet.begin(heading, mapped=hit.field.to != UNMAPPED or hit.field.split is not None)
    _enter_marks(sheet, hit, first)
    value = [rest for rest in [sheet.rest(last, hit.cut)] if rest]
    value += blocks[hit.at + hit.size : end]
    inside = next((n for n, block in enumerate(value) if first.table and not block.table), len(value))
    if hit.field.read is None:
        inside = min(inside, next((n for n, block in enumerate(value) if block.label), inside))
    _apply(sheet, hit.field, heading, value[:inside])
    sheet.keep_unlabelled(value[inside:])


def _head(span: Span, cut: int) -> Span:
    return span._replace(end=min(span.end, span.start + cut))


def _enter_marks(sheet: Sheet, hit: Hit, block: Block) -> None:
    bullet = _bullet.match(block.text)
    match = hit.field.opening.match(block.text[bullet.end() if bullet else 0 :]) if hit.field.opening else None
    if match is None:
        return
    targets, skipped = dict(hit.field.parts), bullet.end() if bullet else 0
    for name, words in match.groupdict().items():
        if words and name in targets:
            sheet.cut(targets[name], block, match.start(name) + skipped, match.end(name) + skipped)


def _apply(sheet: Sheet, row: PageField, heading: list[Block], value: list[Block]) -> None:
    if row.read:
        row.read(sheet, PagePart(heading, value))
    elif row.to == FURNITURE and not row.split:
        sheet.drop(value)
    elif not value:
        sheet.miss(heading)
    elif row.to == UNMAPPED and not row.split:
        sheet.keep(sheet.words(heading), value)
    else:
        for piece in _pieces(value, row.by):
            _enter_piece(sheet, row, heading, piece)


def _pieces(value: list[Block], by: str) -> Iterator[list[Block]]:
    """The blocks of each item."""
    if by == BLOCK:
        for block in value:
            bullet = _bullet.match(block.text)
            yield [Sheet.part(block, bullet.end(), len(block.text)) or block] if bullet else [block]
    elif by == LINE:
        yield from ([line] for block in value for line in split_block(block))
    else:
        yield value


def split_block(block: Block) -> list[Block]:
    r"""The printed lines of a block as blocks of their own, without bullets.

    >>> [line.span[:2] for line in split_block(Block("a\n * b", Span(5, 11)))]
    [(5, 6), (10, 11)]
    """
    lines: list[Block] = []
    for match in re.finditer(r"[^\s][^\n]*", block.text):
        bullet = _bullet.match(match.group())
        text = match.group()[bullet.end() if bullet else 0 :].rstrip()
        start = block.span.start + match.start() + (bullet.end() if bullet else 0)
        if text:
            lines.append(block._replace(text=text, span=block.span._replace(start=start, end=start + len(text))))
    return lines


def _enter_piece(sheet: Sheet, row: PageField, heading: list[Block], piece: list[Block]) -> None:
    if row.split is None:
        sheet.add(sheet.place(row.to, {}), piece)
        return
    number: dict[str, str] = {}
    taken = False
    for block in sheet.merged(piece):
        for match in row.split.finditer(block.text):
            number = {} if row.by == MATCH else number
            taken |= _enter_match(sheet, row, number, block, match)
    if taken:
        sheet.drop(piece)
    elif row.to in (FURNITURE, UNMAPPED):
        sheet.keep(sheet.words(heading), piece)
    else:
        sheet.add(sheet.place(row.to, {}), piece)


def _enter_match(sheet: Sheet, row: PageField, number: dict[str, str], block: Block, match: re.Match[str]) -> bool:
    targets = dict(row.parts)
    taken = False
    for name, words in match.groupdict().items():
        if words and words.strip():
            sheet.cut(sheet.place(targets.get(name, row.to), number), block, *match.span(name))
            taken = True
    return taken
