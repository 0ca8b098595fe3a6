"""Print lists whose trees are known in further broken ways, and count the trees that are read back.

usage: python benchmarks/reprint_outline.py LISTS.jsonl [...] [--show WAY] [--write FOLDER]

Each line of a file: {"id", "expect": {"inclusion": [Criterion], "exclusion": [Criterion]}}, as `../shared/eval/reprint.py` makes them and
`fit_outline.py` reads them. The ways here are those that file does not print: a bullet typed too far left, numbers on lines of their own,
signs mixed, doubled or lost, children without signs, wrapped lines, numbers with other marks or left out, lists in one paragraph. The tree is known by
construction. The same input gives the same output. `--write` keeps the printed lists, so that `fit_outline.py` can read them.
"""

from __future__ import annotations

import argparse
import json
import random
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from extractor.criteria.outline import read_outline
from extractor.criteria.outline.nodes import Node
from extractor.criteria.outline.words import words_of
from extractor.text import clean_escapes, has_ideograph

SIDES = ("inclusion", "exclusion")
SIGNS = ("-", "*", "•", "–")
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
WIDTH = 72  # columns of a wrapped line


class Item(NamedTuple):
    """An item of a list: its words, its place among its sisters from 1 on, its depth, the items below it."""

    words: str
    place: int
    depth: int
    children: tuple[Item, ...]


Printed = list[str]
"""The lines of a printed list."""
Way = Callable[[tuple[Item, ...], random.Random], Printed]
"""A way to print a list; no lines where it does not fit."""


def main() -> None:
    """Print every list in every way, read it back, and count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--show", default="", help="a way whose misread lists are shown")
    parser.add_argument("--write", type=Path, help="a folder for the printed lists")
    options = parser.parse_args()
    lists = [case for file in options.files for case in _read(file)]
    for name, way in WAYS.items():
        cases = list(_print(lists, name, way))
        wrong = [case for case in cases if _tree(case["text"]) != case["tree"]]
        print(f"{name:16} {len(cases) - len(wrong):4} of {len(cases):4}")
        if options.write:
            lines = [json.dumps({"text": case["text"], "expect": case["expect"]}, ensure_ascii=False) for case in cases]
            (options.write / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
        for case in wrong if options.show == name else ():
            print(f"--- {case['id']}\n{case['text']}\n", *_tree(case["text"]), sep="\n")


def _read(file: Path) -> Iterator[dict[str, Any]]:
    """The trees of a file, each once."""
    known = set()
    for line in file.read_text("utf-8").splitlines():
        case = json.loads(line)
        trees = {side: _items(case["expect"].get(side, []), 0) for side in SIDES}
        if trees["inclusion"] and trees["exclusion"] and "$" not in line and str(trees) not in known:
            known.add(str(trees))
            yield {"id": case["id"], "expect": case["expect"], "trees": trees}


def _items(criteria: list[dict[str, Any]], depth: int) -> tuple[Item, ...]:
    return tuple(
        Item(" ".join(criterion["text"].split()), place, depth, _items(criterion.get("children", []), depth + 1))
        for place, criterion in enumerate(criteria, 1)
    )


def _print(lists: list[dict[str, Any]], name: str, way: Way) -> Iterator[dict[str, Any]]:
    """The lists that a way can print, under their headings."""
    for case in lists:
        rnd = random.Random(f"{case['id']} {name}")  # noqa: S311 (the same output each time is what is asked for)
        printed = [way(case["trees"][side], rnd) for side in SIDES]
        if all(printed):
            chinese = has_ideograph(str(case["trees"]))
            titles = ("纳入标准：", "排除标准：") if chinese else ("Inclusion Criteria:", "Exclusion Criteria:")
            blocks = ["\n".join(lines) for lines in printed]
            glue = (" ", " ") if name == "one_paragraph" else ("\n", "\n\n")
            text = glue[1].join(f"{title}{glue[0]}{block}" for title, block in zip(titles, blocks, strict=True))
            tree = sorted(place for side in SIDES for place in _places(side, case["trees"][side], ""))
            yield {**case, "text": text, "tree": tree}


def _places(side: str, items: tuple[Item, ...], parent: str) -> Iterator[tuple[str, str, str]]:
    for item in items:
        words = _folded(item.words)
        yield side, parent, words
        yield from _places(side, item.children, words)


def _tree(text: str) -> list[tuple[str, str, str]]:
    """What is read of a text: side, words of the parent, words."""
    outline = read_outline(text)

    def walk(side: str, nodes: list[Node], parent: str) -> Iterator[tuple[str, str, str]]:
        for node in nodes:
            words = _folded(words_of(text, node))
            yield side, parent, words
            yield from walk(side, node.children, words)

    return sorted(place for side in SIDES for place in walk(side, outline.side(side), ""))


def _folded(words: str) -> str:
    return "".join(filter(str.isalnum, clean_escapes(words))).casefold()


# ---------------------------------------------------------------- ways of printing


def _flat(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _flat(item.children)


def _counted(item: Item) -> str:
    return (f"{item.place}.", f"{'abcdefghijklmnopqrstuvwxyz'[(item.place - 1) % 26]}.", f"{ROMAN[(item.place - 1) % 10]}.")[
        min(item.depth, 2)
    ]


def _nested(items: tuple[Item, ...]) -> bool:
    return any(item.children for item in items)


def _one_bullet_left(items: tuple[Item, ...], rnd: random.Random) -> Printed:
    if _nested(items) or len(items) < 5:
        return []
    left = rnd.randrange(1, len(items))
    return [f"{'' if n == left else '  '}- {item.words.rstrip('.')}." for n, item in enumerate(items)]


def _numbers_alone(items: tuple[Item, ...], _: random.Random) -> Printed:
    return [] if _nested(items) or len(items) < 2 else [line for item in items for line in (f"{item.place}.", item.words)]


def _blank_between(items: tuple[Item, ...], _: random.Random) -> Printed:
    return [line for item in _flat(items) for line in (f"{'    ' * item.depth}{_counted(item)} {item.words}", "")]


def _mixed_signs(items: tuple[Item, ...], rnd: random.Random) -> Printed:
    return [f"{'  ' * item.depth}{rnd.choice(SIGNS)} {item.words}" for item in _flat(items)]


def _double_signs(items: tuple[Item, ...], _: random.Random) -> Printed:
    return [f"{'  ' * item.depth}- • {item.words}" for item in _flat(items)]


def _number_and_bullet(items: tuple[Item, ...], _: random.Random) -> Printed:
    return [] if _nested(items) else [f"{item.place}. - {item.words}" for item in items]


def _children_unsigned(items: tuple[Item, ...], _: random.Random) -> Printed:
    """Children on lines of their own without a sign, one level deep, below numbers."""
    if not _nested(items) or any(child.children for item in items for child in item.children):
        return []
    return [f"{item.place}. {item.words}" if not item.depth else item.words for item in _flat(items)]


def _unsigned(items: tuple[Item, ...], _: random.Random) -> Printed:
    """No sign at all: a paragraph an item."""
    if _nested(items) or any(item.words[-1] in ":：" or len(item.words) < 20 for item in items):
        return []
    return [line for item in items for line in (item.words.rstrip(".") + ".", "")]


def _wrapped(items: tuple[Item, ...], _: random.Random) -> Printed:
    if any(has_ideograph(item.words) for item in items):
        return []
    return [
        line
        for item in _flat(items)
        for line in textwrap.wrap(
            f"{_counted(item)} {item.words}",
            WIDTH,
            initial_indent="   " * item.depth,
            subsequent_indent="   " * item.depth,
            break_on_hyphens=False,
        )
    ]


def _capitals(items: tuple[Item, ...], _: random.Random) -> Printed:
    """A., 1., a. at column 0."""
    signs = ("A", "1", "a")
    return [f"{chr(ord(signs[min(item.depth, 2)]) + item.place - 1)}. {item.words}" for item in _flat(items)] if len(items) < 10 else []


def _tabs(items: tuple[Item, ...], _: random.Random) -> Printed:
    lines = []
    for item in _flat(items):
        tabs = "\t" * item.depth
        lines.append(f"{tabs}{_counted(item)}\t{item.words}")
    return lines


def _brackets(items: tuple[Item, ...], _: random.Random) -> Printed:
    """(1), (a), (i) at column 0."""
    return [f"({_counted(item).rstrip('.')}) {item.words}" for item in _flat(items)]


def _numbers_bare(items: tuple[Item, ...], _: random.Random) -> Printed:
    if _nested(items) or len(items) < 3 or not all(item.words[0].isupper() or has_ideograph(item.words[:1]) for item in items):
        return []
    return [f"{item.place} {item.words}" for item in items]


def _one_paragraph(items: tuple[Item, ...], _: random.Random) -> Printed:
    """Numbers with brackets and semicolons, the headings in the same paragraph."""
    if _nested(items) or len(items) < 2:
        return []
    return [" ".join(f"{item.place}) {item.words.rstrip('.;；。')};" for item in items)]


def _bullets_in_line(items: tuple[Item, ...], _: random.Random) -> Printed:
    if _nested(items) or len(items) < 2:
        return []
    return [" ".join(f"• {item.words}" for item in items)]


def _children_dashed(items: tuple[Item, ...], _: random.Random) -> Printed:
    """Children as dashes behind their stem, in its line."""
    if not _nested(items) or any(child.children for item in items for child in item.children):
        return []
    return [f"{item.place}. {item.words}" + "".join(f" - {child.words}" for child in item.children) for item in items]


def _deep_numbers(items: tuple[Item, ...], _: random.Random) -> Printed:
    """2.1.1, 2.1.2 as the chapters of a protocol, the headings above them without a number."""
    if _nested(items) or len(items) < 2:
        return []
    return [f"3.1.{item.place} {item.words[0].upper()}{item.words[1:]}" for item in items]


def _ends_only(items: tuple[Item, ...], _: random.Random) -> Printed:
    """No sign, a line an item, every line ended by a semicolon."""
    if _nested(items) or len(items) < 2:
        return []
    return [f"{item.words.rstrip('.;；。')};" for item in items]


def _signed(items: tuple[Item, ...], sign: str) -> Printed:
    """One sign before every item, two columns a level."""
    return [f"{'  ' * item.depth}{sign} {item.words}" for item in _flat(items)]


def _question_marks(items: tuple[Item, ...], _: random.Random) -> Printed:
    """What a lost character set makes of bullets."""
    return _signed(items, "?")


def _letters_o(items: tuple[Item, ...], _: random.Random) -> Printed:
    return _signed(items, "o")


def _plus_signs(items: tuple[Item, ...], _: random.Random) -> Printed:
    return _signed(items, "+")


def _arrows(items: tuple[Item, ...], _: random.Random) -> Printed:
    return _signed(items, "→")


def _numbers_dashed(items: tuple[Item, ...], _: random.Random) -> Printed:
    """1- and 2-."""
    return [] if _nested(items) or len(items) < 2 else [f"{item.place}- {item.words}" for item in items]


def _numbers_colon(items: tuple[Item, ...], _: random.Random) -> Printed:
    return [] if _nested(items) or len(items) < 2 else [f"{item.place}: {item.words}" for item in items]


def _numbers_apart(items: tuple[Item, ...], _: random.Random) -> Printed:
    """1 ) and 2 )."""
    return [] if _nested(items) or len(items) < 2 else [f"{item.place} ) {item.words}" for item in items]


def _romans(items: tuple[Item, ...], _: random.Random) -> Printed:
    """I., II., III. above a), b)."""
    if len(items) > len(ROMAN):
        return []
    return [
        f"{ROMAN[item.place - 1].upper()}. {item.words}" if not item.depth else f"{_counted(item).rstrip('.')}) {item.words}"
        for item in _flat(items)
    ]


def _number_missing(items: tuple[Item, ...], rnd: random.Random) -> Printed:
    """One number of a count is left out."""
    if _nested(items) or len(items) < 4:
        return []
    gap = rnd.randrange(2, len(items))
    return [f"{item.place + (item.place >= gap)}. {item.words}" for item in items]


def _number_missing_in_line(items: tuple[Item, ...], rnd: random.Random) -> Printed:
    """The same in one paragraph."""
    return [" ".join(line.rstrip(".;；。") + ";" for line in _number_missing(items, rnd))] if not _nested(items) and len(items) > 3 else []


def _number_twice(items: tuple[Item, ...], rnd: random.Random) -> Printed:
    if _nested(items) or len(items) < 4:
        return []
    twice = rnd.randrange(2, len(items))
    return [f"{item.place - (item.place > twice)}. {item.words}" for item in items]


def _colon_lost(items: tuple[Item, ...], _: random.Random) -> Printed:
    """Lead-ins without their colon, their lists indented."""
    if not _nested(items):
        return []
    return [f"{'   ' * item.depth}{_counted(item)} {item.words.rstrip(':：')}" for item in _flat(items)]


def _ends_comma(items: tuple[Item, ...], _: random.Random) -> Printed:
    """No sign, a line an item, every line ended by a comma."""
    return [] if _nested(items) or len(items) < 3 else [f"{item.words.rstrip('.;；。，,')}," for item in items]


WAYS: dict[str, Way] = {
    "one_bullet_left": _one_bullet_left,
    "numbers_alone": _numbers_alone,
    "blank_between": _blank_between,
    "mixed_signs": _mixed_signs,
    "double_signs": _double_signs,
    "number_bullet": _number_and_bullet,
    "children_unsigned": _children_unsigned,
    "unsigned": _unsigned,
    "wrapped": _wrapped,
    "capitals": _capitals,
    "tabs": _tabs,
    "brackets": _brackets,
    "numbers_bare": _numbers_bare,
    "one_paragraph": _one_paragraph,
    "bullets_in_line": _bullets_in_line,
    "children_dashed": _children_dashed,
    "deep_numbers": _deep_numbers,
    "ends_only": _ends_only,
    "question_marks": _question_marks,
    "letters_o": _letters_o,
    "plus_signs": _plus_signs,
    "arrows": _arrows,
    "numbers_dashed": _numbers_dashed,
    "numbers_colon": _numbers_colon,
    "numbers_apart": _numbers_apart,
    "romans": _romans,
    "number_missing": _number_missing,
    "missing_in_line": _number_missing_in_line,
    "number_twice": _number_twice,
    "colon_lost": _colon_lost,
    "ends_comma": _ends_comma,
}


if __name__ == "__main__":
    main()
