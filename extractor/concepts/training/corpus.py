"""Annotated eligibility texts as training lines. Needs spaCy.

A file holds one JSON object a line: {"id": "NCT…_inc", "text", "entities": [{"kind", "start", "end"}, …]}, spans in
characters, half open. Chia (Kury et al. 2020, CC BY 4.0) in this form is what the shipped model learned from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from extractor.concepts.features import Columns, token_columns
from extractor.concepts.labels import OTHER_KINDS, Run, tag_runs
from extractor.concepts.mention import KINDS
from extractor.concepts.passages import split_lines

Case = dict[str, Any]


class Line(NamedTuple):
    """One training line: its tokens and what is marked; a row of features and a tag (a position in labels.TRAINED_TAGS) a token."""

    words: list[str]
    runs: list[Run]
    columns: Columns
    tags: list[int]


def make_line(words: list[str], runs: list[Run]) -> Line:
    """The line of these tokens with these runs, which do not overlap and are in order."""
    return Line(words, runs, token_columns(words), tag_runs(len(words), runs))


def read_cases(path: Path) -> list[Case]:
    """The cases of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def is_held_out(case: Case, part: int, parts: int) -> bool:
    """Whether the case's trial belongs to part `part` of `parts`: by the hash of the trial's number, so that its texts stay together."""
    trial = str(case["id"]).split("_")[0]
    return int(hashlib.sha256(trial.encode()).hexdigest(), 16) % parts == part


def training_lines(nlp: Language, cases: Iterable[Case]) -> Iterator[Line]:
    """The lines of all cases, tokenised, with their tags."""
    for case in cases:
        for start, text in split_lines(case["text"]):
            doc = nlp.make_doc(text)
            yield make_line([token.text for token in doc], _without_overlaps(_runs(doc, start, case["entities"])))


def _runs(doc: Doc, offset: int, entities: Iterable[Case]) -> Iterator[Run]:
    end = offset + len(doc.text)
    for entity in entities:
        if entity["kind"] in (*KINDS, *OTHER_KINDS) and offset <= entity["start"] < entity["end"] <= end:
            span = doc.char_span(entity["start"] - offset, entity["end"] - offset, alignment_mode="expand")
            if span is not None:
                yield span.start, span.end, entity["kind"]


def _without_overlaps(runs: Iterable[Run]) -> list[Run]:
    """The three kinds before the others, longer runs before shorter ones; what overlaps a run already taken goes."""
    taken: set[int] = set()
    kept = []
    for run in sorted(runs, key=lambda run: (run[2] not in KINDS, run[0] - run[1], run[0])):
        places = range(run[0], run[1])
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(run)
    return sorted(kept)
