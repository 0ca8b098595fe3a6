"""Conditions of WHO ICTRP exports: free text, names and codes in one cell, in an order of each register's own.

Germany prints codes one a line and then their names in the same order, Iran a name and then its code, India numbered conditions
with a code before each name. A code goes to a name only where one of these orders is clear; else it stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from extractor.patterns import lazy_pattern
from extractor.sources.readers.provider import LISTED
from extractor.sources.readers.reading import NONE, Leaf, TreeReading
from extractor.sources.readers.rows import furnish_between, pieces

_CODE = r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4}|\d{1,2})?"
_separator = lazy_pattern(rf"\s*\n\s*|{LISTED}")
_code = lazy_pattern(_CODE)
_code_and_name = lazy_pattern(rf"(?P<code>{_CODE})\s+-\s+(?P<name>\S.*)", re.DOTALL)
_codes = lazy_pattern(rf"{_CODE}(?:\s*,\s*{_CODE})+")
_numbered = lazy_pattern(r"Health Condition \d+:\s*")
_indian = lazy_pattern(rf"(?P<code>{_CODE}|null)\s*-\s*(?P<name>.*)", re.DOTALL)


class Part(NamedTuple):
    """A part of a cell: a name, a code or both, and whether it begins a line."""

    name: Leaf
    code: Leaf
    opens: bool = False


def read_conditions(reading: TreeReading, prefix: str, leaf: Leaf) -> None:
    """Conditions with their codes; what registers print of dictionaries and of areas is kept aside."""
    del prefix
    if "MedDRA version" in leaf.text:
        end = leaf.text.find("\n") if "\n" in leaf.text else leaf.text.find("MedDRA version")
        reading.add(reading.next("conditions") + "/name", leaf.part(0, end))
        reading.keep("condition", leaf.part(end, len(leaf.text)))
        return
    if _numbered.match(leaf.text):
        found = [_split_indian(part) for part in pieces(leaf, _numbered)]
    else:
        found = list(_pair(list(_split(reading, leaf))))
    _add(reading, found)
    furnish_between(reading, leaf, [piece for part in found for piece in (part.name, part.code) if piece.text])


def _split(reading: TreeReading, leaf: Leaf) -> Iterator[Part]:
    at = leaf.start
    opens = True
    for piece in pieces(leaf, _separator):
        part = piece.part(0, len(piece.text.rstrip("; ")))
        opens = opens or "\n" in leaf.text[at - leaf.start : part.start - leaf.start]
        at = part.start
        both = _code_and_name.fullmatch(part.text)
        if part.text.startswith(("Therapeutic area:", "[generalization ")):
            reading.keep("condition", part)
            continue
        if both:
            yield Part(part.part(*both.span("name")), part.part(*both.span("code")))
        elif _codes.fullmatch(part.text):
            yield from (Part(NONE, part.part(*match.span()), opens) for match in _code.finditer(part.text))
        elif _code.fullmatch(part.text):
            yield Part(NONE, part, opens)
        elif part.text:
            yield Part(part, NONE)
        opens = False


def _split_indian(part: Leaf) -> Part:
    match = _indian.fullmatch(part.text)
    if not match:
        return Part(part, NONE)
    code = part.part(*match.span("code"))
    return Part(part.part(*match.span("name")), NONE if code.text == "null" else code)


def _pair(parts: list[Part]) -> Iterator[Part]:
    """Codes with their names: a run of codes that opens lines with as many names behind it, or one code behind a name."""
    at = 0
    while at < len(parts):
        codes = _run(parts, at, named=False)
        names = _run(parts, at + len(codes), named=True)
        following = [] if codes else _run(parts, at + len(names), named=False)
        if _is_listed(codes, names):
            yield from (Part(name.name, code.code) for name, code in zip(names, codes, strict=True))
            at += len(codes) + len(names)
            parts[at : at + 1] = [part._replace(opens=True) for part in parts[at : at + 1]]
        elif codes:
            yield from codes
            at += len(codes)
        elif len(following) == 1 and not _is_listed(following, _run(parts, at + len(names) + 1, named=True)):
            yield from names[:-1]
            yield Part(names[-1].name if names else NONE, following[0].code)
            at += len(names) + 1
        else:
            yield from names or parts[at : at + 1]
            at += len(names) or 1


def _is_listed(codes: list[Part], names: list[Part]) -> bool:
    """Whether codes open lines and as many names follow them."""
    return bool(codes) and codes[0].opens and len(codes) == len(names)


def _run(parts: list[Part], at: int, *, named: bool) -> list[Part]:
    """The parts from a position on that are names only, or codes only."""
    end = at
    while end < len(parts) and bool(parts[end].name.text) == named and bool(parts[end].code.text) != named:
        end += 1
    return parts[at:end]


def _add(reading: TreeReading, found: list[Part]) -> None:
    """Each condition once: a name that stands again takes the code that it brings."""
    places: dict[str, tuple[str, str]] = {"not applicable": ("-", "")}
    for name, code, _ in found:
        words = name.text.strip("; .").lower() or code.text
        place, known = places.get(words, ("", ""))
        if place and code.text in ("", known):
            reading.furnish(name if name.text else code)
            continue
        if known or place in ("", "-"):
            place = reading.next("conditions")
            reading.add(f"{place}/name", name)
        else:
            reading.furnish(name)
        places[words] = (place, code.text)
        if code.text:
            reading.add(f"{place}/code", code)
            reading.draft.codes[f"{place}/code/system"] = "ICD-10"
