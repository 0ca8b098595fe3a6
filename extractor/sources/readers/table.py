"""Tables of labels and values: what a source's module holds, made ready for looking up."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from extractor.text import fold_label

LONGEST_LABEL = 24  # printed lines of a narrow cell


@dataclass(frozen=True, slots=True)
class Row:
    """A label in up to two languages and the field that takes its value.

    `to` is a target in the notation of `fields`; "+" is the item that the group has open. `split` cuts the value: each named
    group of the pattern goes to the field of that name in `parts`, or, when the name is "zh" or "en", to `to` in that language.
    `opening` accepts any label that begins with the words. `lines` limits the value to so many blocks, the rest is read on
    without a label.
    """

    zh: str
    en: str
    to: str
    split: re.Pattern[str] | None = None
    parts: tuple[tuple[str, str], ...] = ()
    opening: bool = False
    lines: int = 0


@dataclass(frozen=True, slots=True)
class RepeatGroup:
    """A heading under which labelled items repeat; a label seen twice begins the next item.

    `item` is the target of an item with the codes of each: "sponsors/+ role=SECONDARY".
    """

    zh: str
    en: str
    rows: tuple[Row, ...]
    item: str = ""
    start: int = 0


Table = tuple[Row | RepeatGroup, ...]
Hit = tuple[Row | RepeatGroup, str, int]


@dataclass(slots=True)
class Labels:
    """A table made ready: folded label → row, by group; `furniture` are patterns of lines that are no content.

    `closed` are folded labels that count only with a colon behind them: everyday words.
    """

    table: Table
    furniture: re.Pattern[str] | None = None
    run_in: bool = True
    closed: frozenset[str] = frozenset()
    scopes: dict[int, dict[str, tuple[Row | RepeatGroup, str]]] = field(default_factory=dict)
    openings: dict[str, list[tuple[str, Row | RepeatGroup, str]]] = field(default_factory=dict)
    sorted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.scopes[0] = {}
        for row in self.table:
            self._index(row, 0)
            for child in row.rows if isinstance(row, RepeatGroup) else ():
                self._index(child, id(row))
        self.sorted = sorted({name for scope in self.scopes.values() for name in scope})

    def _index(self, row: Row | RepeatGroup, scope: int) -> None:
        for words, language in ((row.zh, "zh"), (row.en, "en")):
            for word in filter(None, words.split("|")):
                self.scopes.setdefault(scope, {})[fold_label(word)] = (row, language)
                if isinstance(row, Row) and row.opening:
                    opening = fold_label(word)
                    self.openings.setdefault(opening[:2], []).append((opening, row, language))

    def find_whole(self, folded: str, scope: int) -> Hit | None:
        """(row, language, scope) of a folded label: the open group is asked first, then the page."""
        if scope and (hit := self.scopes[scope].get(folded)):
            return *hit, scope
        hit = self.scopes[0].get(folded)
        return (*hit, 0) if hit else None

    def find(self, folded: str, scope: int) -> Hit | None:
        """The same, labels that are known by their beginning included."""
        return self.find_whole(folded, scope) or self.find_opening(folded)

    def find_opening(self, folded: str) -> Hit | None:
        """The label of the page whose words the folded text only begins with."""
        for opening, row, language in self.openings.get(folded[:2], ()):
            if folded.startswith(opening):
                return row, language, 0
        return None

    def knows(self, folded: str) -> bool:
        """Whether the words are a label of the page or of any group."""
        return any(folded in scope for scope in self.scopes.values())

    def begins(self, folded: str) -> bool:
        """Whether a longer label begins with these folded characters."""
        at = bisect_right(self.sorted, folded)
        return at < len(self.sorted) and self.sorted[at].startswith(folded)
