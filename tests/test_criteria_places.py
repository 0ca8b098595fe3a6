"""No character is lost, none is invented: every one of a text is in one criterion or covered, whatever the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.criteria import PlacedCriteria, parse_criteria, structure_whole
from extractor.criteria.places import Places
from extractor.document import Found, Span
from extractor.model import Criterion
from extractor.text import INVISIBLE

TRIALS = Path(__file__).parents[2] / "shared" / "gold" / "en_trees.jsonl"
SIGNS = [
    "- ",
    "* ",
    "• ",
    "1. ",
    "2) ",
    "(3) ",
    "①",
    "② ",
    "a. ",
    "b) ",
    "ii. ",
    "一、",
    "1.1 ",
    "\\- ",
    "-- ",
    "4.0) ",
    "1.2.3 ",
    "-35). ",
    "E. coli",
    "B. ",
]
WORDS = [
    "kite",
    "String of 2.5 m",
    "and",
    "or",
    "the following:",
    "Inclusion Criteria:",
    "Exclusion Criteria",
    "Part 1:",
    "Note:",
    "风筝",
    "排除标准：",
    "以下任一项：",
    "≥ 3 × ULN",
    "\\>",
    "&gt;",
    "(",
    ")",
    ";",
    ".",
    ":",
]
LINES = st.lists(st.sampled_from([*SIGNS, *WORDS, " ", "\n", "\n\n", "\n  ", "\n    ", "\t"]), max_size=60).map(
    lambda parts: " ".join(parts).replace("\n ", "\n")
)


def squeezed(text: str) -> str:
    return re.sub(rf"[\s{INVISIBLE}\x00]+", "", text)


def decoded(text: str) -> str:
    """The words of a part of a document: entities of any depth as the signs they stand for."""
    return Places(Found(text, ())).text


def leaves(criteria: list[Criterion], pointer: str) -> Iterator[tuple[str, str]]:
    for n, criterion in enumerate(criteria):
        for language, text in msgspec.structs.asdict(criterion.text).items():
            if text is not msgspec.UNSET:
                yield f"{pointer}/{n}/text/{language}", text
        yield from leaves(criterion.children or [], f"{pointer}/{n}/children")


def structured(text: str) -> PlacedCriteria:
    """The text read from two places of a document: cut at its first empty line."""
    head, _, tail = text.partition("\n")
    return (
        structure_whole(Found(text, (Span(7, 7 + len(head)), Span(9 + len(head), 9 + len(head) + len(tail)))))
        if "\n" in text
        else structure_whole(Found(text, (Span(7, 7 + len(text)),)))
    )


def document(text: str) -> str:
    head, line, tail = text.partition("\n")
    return f"HEADER:{head}##{tail}" if line else f"HEADER:{text}"


def check(text: str) -> None:
    done, whole = structured(text), document(text)
    if "\n" in text:
        whole = whole.replace("##", "\n\n", 1)
    reached = bytearray(len(whole))
    for side in ("inclusion", "exclusion"):
        for pointer, words in leaves(getattr(done, side), f"/{side}"):
            spans = done.provenance[pointer]
            joined = squeezed(decoded("".join(whole[span.start : span.end] for span in spans)))
            assert joined.rstrip(";；,，:：、") == squeezed(words).rstrip(";；,，:：、"), pointer
            for span in spans:
                reached[span.start : span.end] = b"\1" * (span.end - span.start)
    for span in (*done.covered, *(span for found in done.unmapped for span in found.spans)):
        reached[span.start : span.end] = b"\1" * (span.end - span.start)
    lost = [c for n, c in enumerate(whole[7:], 7) if not reached[n] and not c.isspace() and c not in INVISIBLE + "\x00\\"]
    assert lost == []


@settings(max_examples=250, deadline=None)
@given(LINES)
def test_every_character_has_a_place(text):
    check(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120))
def test_no_text_is_too_strange(text):
    check(text)


@settings(max_examples=60, deadline=None)
@given(LINES)
def test_reading_twice_gives_the_same(text):
    assert msgspec.json.encode(parse_criteria(text)) == msgspec.json.encode(parse_criteria(text))


@pytest.mark.skipif(not TRIALS.exists(), reason="the shared evaluation texts are not beside the project")
def test_every_character_of_real_texts_has_a_place():
    for line in TRIALS.read_text("utf8").splitlines():
        check(json.loads(line)["text"])


def test_long_texts_are_read_in_one_pass():
    for part in ("1) kite ", "- kite\n", "(", "Exclusion Criteria: ", "a. ", "①", "1、风筝", "\\"):
        parse_criteria(part * 4000)


def test_depth_is_bounded():
    deep = "\n".join(f"{' ' * (2 * level)}* kite {level}:" for level in range(400))
    criteria, depth = parse_criteria(deep).inclusion, 0
    while criteria:
        criteria, depth = criteria[-1].children or [], depth + 1
    assert depth < 30
