"""English mentions: the trained pipeline over the lines of texts. Needs spaCy; loaded once a process, at the first text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import as_file, files

import spacy
from spacy.language import Language

import extractor.concepts.tagger  # noqa: F401  (registers the component)
from extractor.concepts.mention import KINDS, Region
from extractor.concepts.passages import split_lines
from extractor.concepts.words import make_tokenizer

_BATCH = 128  # lines of criteria that the model reads at once: bounds the memory that a call holds


@cache
def shipped_pipeline() -> Language:
    """The model that comes with the package."""
    with as_file(files("extractor.concepts").joinpath("model")) as folder:
        nlp = spacy.load(folder, exclude=["tokenizer", "vocab"])
    nlp.tokenizer = make_tokenizer(nlp)
    return nlp


def find_regions(texts: Sequence[str], nlp: Language | None = None) -> list[list[Region]]:
    """The mentions of each text, in order; all lines of all texts go through the pipeline together."""
    pieces = [(number, start, line) for number, text in enumerate(texts) for start, line in split_lines(text)]
    found: list[list[Region]] = [[] for _ in texts]
    docs = (nlp or shipped_pipeline()).pipe((_storable(line) for _, _, line in pieces), batch_size=_BATCH)
    for (number, start, _), doc in zip(pieces, docs, strict=True):
        found[number].extend(_regions(start, ((span.start_char, span.end_char, span.label_) for span in doc.ents)))
    return found


def _storable(line: str) -> str:
    """The line with a question mark for each lone surrogate, which spaCy cannot hold."""
    return line.encode("utf-8", "replace").decode("utf-8")


def _regions(offset: int, spans: Iterable[tuple[int, int, str]]) -> Iterable[Region]:
    return (Region(offset + start, offset + end, kind) for start, end, label in spans for kind in KINDS if kind == label)
