"""Tables of two labels cell by cell: tables are paired by number and caption, columns by their headers, rows by their first cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from msgspec import UNSET

from extractor.compare.couple import Couple, Difference, Spot
from extractor.compare.fields import compare_whole
from extractor.compare.lists.items import plain
from extractor.compare.lists.matching import Matching, match_alike, match_keys
from extractor.compare.wording.words import Relation, judge_words, printed_words, traits
from extractor.model import LabelTable

ALIKE_TABLES = 0.5  # least likeness of the cells of two tables whose captions differ
ALIKE_ROWS = 0.5  # and of two rows whose first cells differ


class KeyedGrid(NamedTuple):
    """A table's rows in columns: what stands above each column, and each row with the group that it stands in."""

    columns: list[str]
    rows: list[list[str]]
    groups: list[str]


class PlacedGrid(NamedTuple):
    """A table of one side: where it stands, and its rows in columns."""

    spot: Spot
    grid: KeyedGrid


def compare_tables(couple: Couple, old: Spot, new: Spot, name: str) -> Iterator[Difference]:
    """What differs between the tables of two labels."""
    before, after = old.items(), new.items()
    one, two = [spot.value for spot in before], [spot.value for spot in after]
    keys = [_numbered_caption, _caption, lambda table: None if table.number is UNSET else table.number]
    found = match_keys(one, two, keys)
    match_alike(found, [_traits(table) for table in one], [_traits(table) for table in two], ALIKE_TABLES)
    for i, j in found.pairs:
        couple.partners[one[i].id] = two[j].id
        yield from _compare_table(couple, before[i], after[j], name)
    yield from (Difference(name, "REMOVED", (before[i],), (), title_of(one[i])) for i in found.removed)
    yield from (Difference(name, "ADDED", (), (after[j],), title_of(two[j])) for j in found.added)


def _caption(table: LabelTable) -> tuple[str, ...] | None:
    return None if table.caption is UNSET else printed_words(plain(table.caption))


def _numbered_caption(table: LabelTable) -> tuple[object, ...] | None:
    return None if table.caption is UNSET else (table.number, _caption(table))


def _traits(table: LabelTable) -> Counter[str]:
    total: Counter[str] = Counter()
    for row in (*(table.header or ()), *(table.rows or ())):
        for cell in row:
            total.update(traits(cell))
    return total


def title_of(table: LabelTable) -> str:
    """A table's number and caption."""
    return " ".join(filter(None, ("" if table.number is UNSET else table.number, plain(table.caption))))


def _compare_table(couple: Couple, old: Spot, new: Spot, name: str) -> Iterator[Difference]:
    if old.value == new.value:
        return
    title = title_of(new.value)
    for field in ("caption", "notes"):
        yield from (found._replace(item=title) for found in _compare_texts(couple, old.at(field), new.at(field), f"{name}/{field}"))
    one, two = _read_grid(old.value), _read_grid(new.value)
    columns = match_keys(one.columns, two.columns, [_words, lambda column: _words(column)[-1:] or None])
    if len(columns.removed) == len(columns.added):
        columns.pairs += zip(columns.removed, columns.added, strict=True)
        columns.removed, columns.added = [], []
    for kind, place, spot, grid in (
        *(("REMOVED", at, old, one) for at in columns.removed),
        *(("ADDED", at, new, two) for at in columns.added),
    ):
        column = Spot(f"{spot.pointer}/header", grid.columns[place])
        yield Difference(f"{name}/columns", kind, *_one_side(kind, column), item=f"{title} · {grid.columns[place]}")  # type: ignore[arg-type]
    yield from _compare_rows(PlacedGrid(old, one), PlacedGrid(new, two), sorted(columns.pairs), name, title)


def _one_side(kind: str, spot: Spot) -> tuple[tuple[Spot, ...], tuple[Spot, ...]]:
    return ((spot,), ()) if kind == "REMOVED" else ((), (spot,))


def _compare_texts(couple: Couple, old: Spot, new: Spot, name: str) -> Iterator[Difference]:
    """Captions, and notes as one text each."""
    if old.value == new.value:
        return
    if isinstance(old.value, list) or isinstance(new.value, list):
        words = [[_words(plain(note)) for note in spot.value or ()] for spot in (old, new)]
        if Counter(words[0]) != Counter(words[1]):
            yield Difference(name, "CHANGED", (old,) if old else (), (new,) if new else ())
        return
    yield from compare_whole(couple, old, new, name)


def _words(text: str) -> tuple[str, ...]:
    return printed_words(text)


def _read_grid(table: LabelTable) -> KeyedGrid:
    """The rows with their columns and groups."""
    header, rows = _present(table.header), _present(table.rows)
    width = max((len(row) for row in (*header, *rows)), default=0)
    return KeyedGrid(
        [" · ".join(dict.fromkeys(filter(None, (_cell(row, at) for row in header)))) for at in range(width)], rows, _groups(rows)
    )


def _present(rows: Any) -> list[list[str]]:
    return [] if rows is UNSET else rows


def _groups(rows: list[list[str]]) -> list[str]:
    """The group of every row: a row of which only the first cell has words names that of those below."""
    groups: list[str] = []
    for row in rows:
        alone = any(row[:1]) and not any(row[1:])
        groups.append(row[0] if alone else groups[-1] if groups else "")
    return groups


def _row_key(grid: KeyedGrid, at: int, *, grouped: bool) -> object:
    row = grid.rows[at]
    first = _words(row[0]) if row else ()
    return ((_words(grid.groups[at]) if grouped else ()), first) if first else None


def _compare_rows(old: PlacedGrid, new: PlacedGrid, columns: Sequence[tuple[int, int]], name: str, title: str) -> Iterator[Difference]:
    found = _match_rows(old.grid, new.grid)
    for i, j in found.pairs:
        for p, q in columns:
            one, two = _cell(old.grid.rows[i], p), _cell(new.grid.rows[j], q)
            verdict = judge_words(one, two)
            if verdict is Relation.SAME:
                continue
            item = " · ".join(filter(None, (title, new.grid.rows[j][0], new.grid.columns[q])))
            tags = frozenset({"wording"} if verdict is Relation.WORDING else ())
            spots = Spot(f"{old.spot.pointer}/rows/{i}/{p}", one), Spot(f"{new.spot.pointer}/rows/{j}/{q}", two)
            yield Difference(f"{name}/cells", "CHANGED", (spots[0],), (spots[1],), item, tags)
    for i in found.removed:
        yield Difference(f"{name}/rows", "REMOVED", (_row(*old, i),), (), f"{title} · {old.grid.rows[i][0]}")
    for j in found.added:
        yield Difference(f"{name}/rows", "ADDED", (), (_row(*new, j),), f"{title} · {new.grid.rows[j][0]}")


def _row(table: Spot, grid: KeyedGrid, at: int) -> Spot:
    return Spot(f"{table.pointer}/rows/{at}", grid.rows[at])


def _match_rows(old: KeyedGrid, new: KeyedGrid) -> Matching:
    places = list(range(len(old.rows))), list(range(len(new.rows)))
    tagged = [(old, at) for at in places[0]], [(new, at) for at in places[1]]
    keys = [
        lambda row: ("all", *map(_words, row[0].rows[row[1]])),
        lambda row: _row_key(*row, grouped=True),
        lambda row: _row_key(*row, grouped=False),
    ]
    found = match_keys(*tagged, keys)
    one, two = ([traits(" ".join(row)) for row in grid.rows] for grid in (old, new))
    match_alike(found, one, two, ALIKE_ROWS)
    return found


def _cell(row: list[str], at: int) -> str:
    return row[at] if at < len(row) else ""
