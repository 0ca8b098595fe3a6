"""The spaCy component of the English model: a few small networks that vote on the tags of each line. Needs spaCy."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span
from thinc.api import (
    Dropout,
    HashEmbed,
    Maxout,
    Model,
    Softmax,
    chain,
    clone,
    concatenate,
    expand_window,
    residual,
    with_array,
)

from extractor.concepts.features import SPELLING_COLUMNS, TERM_COLUMNS, Columns, token_columns
from extractor.concepts.labels import TRAINED_TAGS, Scores, best_tags, read_runs, used_scores

Network = Model[list[Columns], list[Scores]]
Embedding = Model[Any, Any]
_TERM_ROWS, _TERM_WIDTH = 64, 8  # values of a term column are few and small, so a short, narrow embedding holds them


def build_tok2vec(settings: dict[str, Any]) -> Network:
    """Hash embeddings of a token's columns, mixed, then `depth` windows of three tokens each, residual.

    `settings`: width, depth, rows (one number a spelling column), spelling_width, dropout.
    """
    width, dropout = settings["width"], settings["dropout"]
    spelling: list[Embedding] = [
        HashEmbed(settings["spelling_width"], rows, column=n, seed=n + 1) for n, rows in enumerate(settings["rows"][:SPELLING_COLUMNS])
    ]
    terms: list[Embedding] = [
        HashEmbed(_TERM_WIDTH, _TERM_ROWS, column=SPELLING_COLUMNS + n, seed=SPELLING_COLUMNS + n + 1) for n in range(TERM_COLUMNS)
    ]
    joined = len(spelling) * settings["spelling_width"] + len(terms) * _TERM_WIDTH
    mix: Model[Any, Any] = chain(
        concatenate(*spelling, *terms), Dropout(dropout), Maxout(width, joined, nP=3, normalize=True, dropout=dropout)
    )
    window = residual(chain(expand_window(1), Maxout(width, width * 3, nP=3, normalize=True, dropout=dropout)))
    return chain(with_array(mix), with_array(clone(window, settings["depth"]), pad=settings["depth"]))


def build_network(settings: dict[str, Any]) -> Network:
    """`build_tok2vec` with a softmax over TRAINED_TAGS on top."""
    network: Network = chain(build_tok2vec(settings), with_array(Softmax(len(TRAINED_TAGS), settings["width"])))
    return network.initialize()


def _parameters(network: Network) -> Iterator[tuple[Model[Any, Any], str]]:
    for node in network.walk():
        yield from ((node, name) for name in node.param_names)


def pack_network(network: Network) -> bytes:
    """All parameters as one run of 16-bit floats, deflated."""
    parts = [np.asarray(node.get_param(name), dtype=np.float16).ravel() for node, name in _parameters(network)]
    return zlib.compress(np.concatenate(parts).tobytes(), 9)


def unpack_network(network: Network, data: bytes) -> None:
    """Put the parameters that `pack_network` made into a network of the same settings."""
    numbers = np.frombuffer(zlib.decompress(data), dtype=np.float16).astype(np.float32)
    at = 0
    for node, name in _parameters(network):
        old: Any = node.get_param(name)
        part: Any = numbers[at : at + old.size].reshape(old.shape)
        node.set_param(name, part)
        at += old.size


class ConceptTagger:
    """Marks conditions, drugs and procedures as `doc.ents`.

    The networks' log probabilities are averaged, `outside_bias` is added to that of no mention, and the best legal
    sequence of tags is taken.
    """

    def __init__(self, members: Sequence[dict[str, Any]], outside_bias: float) -> None:
        self.networks = [build_network(settings) for settings in members]
        self.outside_bias = outside_bias

    def __call__(self, doc: Doc) -> Doc:
        """Mark one document."""
        return next(iter(self.pipe([doc], batch_size=1)))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Mark documents, `batch_size` at a time, in their order."""
        stream = iter(stream)
        while batch := list(islice(stream, batch_size)):
            filled = [doc for doc in batch if len(doc)]
            for doc, scores in zip(filled, self.scores([token_columns([token.text for token in doc]) for doc in filled]), strict=True):
                doc.ents = tuple(Span(doc, start, end, label=kind) for start, end, kind in read_runs(best_tags(scores)))
            yield from batch

    def scores(self, columns: list[Columns]) -> list[Scores]:
        """One array a line: a row a token, a logarithm for each of USED_TAGS."""
        if not columns:
            return []
        votes = [[used_scores(chances) for chances in network.predict(columns)] for network in self.networks]
        means: list[Scores] = [np.mean(np.stack(of_line), axis=0) for of_line in zip(*votes, strict=True)]
        for scores in means:
            scores[:, 0] += self.outside_bias
        return means

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write one file a network into the folder `path`."""
        del exclude
        Path(path).mkdir(parents=True, exist_ok=True)
        for number, network in enumerate(self.networks):
            Path(path, f"network-{number}.bin").write_bytes(pack_network(network))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> ConceptTagger:
        """Read them back."""
        del exclude
        for number, network in enumerate(self.networks):
            unpack_network(network, Path(path, f"network-{number}.bin").read_bytes())
        return self


@Language.factory("concept_tagger", assigns=["doc.ents"], default_config={"members": [], "outside_bias": 0.0})
def make_concept_tagger(nlp: Language, name: str, members: list[dict[str, Any]], outside_bias: float) -> ConceptTagger:
    """The way for spaCy to build the component out of a pipeline's config."""
    del nlp, name
    return ConceptTagger(members, outside_bias)
