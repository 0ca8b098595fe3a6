"""Train the English model: python -m extractor.concepts.training.train [GOLD.jsonl] [--held-out PART] [--output FOLDER]. Needs spaCy.

Without --held-out all trials are used: that is how the shipped model is made. With it one part of the trials is kept
out, and the scores on it are printed. Settings stand in config.cfg beside this file; seeds are fixed, so the same
data, settings and versions of spaCy, thinc and numpy give the same model.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from spacy.language import Language
from thinc.api import Adam, Config, fix_random_seed

from extractor.concepts.features import Columns, hide_words
from extractor.concepts.labels import Scores
from extractor.concepts.tagger import Network, build_network
from extractor.concepts.training.corpus import Case, Line, is_held_out, read_cases, training_lines
from extractor.concepts.training.measure import measure
from extractor.concepts.training.variants import other_names
from extractor.concepts.words import blank_pipeline
from extractor.version import VERSION

DATA = {"name": "Chia", "citation": "Kury et al. 2020, Scientific Data 7:281", "license": "CC BY 4.0"}
META = {"name": "concepts", "version": VERSION, "spacy_version": ">=3.7.0,<4.0.0", "license": "MIT", "description": "docs/concepts.md"}
_SHARED_SETTINGS = ("width", "spelling_width", "rows", "dropout")
_GRADIENT_SCALE = 0.25  # of the gradient of a line of mean length: keeps most batches under the clipping of 1.0


class Settings(NamedTuple):
    """config.cfg, read."""

    tagger: dict[str, Any]
    training: dict[str, Any]
    members: list[dict[str, Any]]

    @property
    def networks(self) -> list[dict[str, Any]]:
        """What each member's network is built from."""
        return [{**{key: self.tagger[key] for key in _SHARED_SETTINGS}, "depth": member["depth"]} for member in self.members]


def read_settings(text: str) -> Settings:
    """Settings out of the text of a config file."""
    config = Config().from_str(text)
    return Settings(config["tagger"], config["training"], list(config["members"].values()))


def new_pipeline(settings: Settings) -> Language:
    """The pipeline, untrained."""
    nlp = blank_pipeline()
    nlp.add_pipe("concept_tagger", name="ner", config={"members": settings.networks, "outside_bias": settings.tagger["outside_bias"]})
    return nlp


def train_pipeline(nlp: Language, cases: Sequence[Case], settings: Settings) -> None:
    """Train every member of the pipeline's vote on these cases; ValueError if they hold no line."""
    lines = list(training_lines(nlp, cases))
    if not lines:
        raise ValueError("no annotated line to learn from")
    tagger: Any = nlp.get_pipe("ner")
    for number, (member, network) in enumerate(zip(settings.members, settings.networks, strict=True)):
        sys.stderr.write(f"member {number}: {member}\n")
        tagger.networks[number] = _train_network(network, lines, {**settings.training, **member})


def _train_network(network_settings: dict[str, Any], lines: list[Line], training: dict[str, Any]) -> Network:
    fix_random_seed(training["seed"])
    network = build_network(network_settings)
    optimizer = Adam(training["learn_rate"], L2=training["weight_decay"], L2_is_weight_decay=True, grad_clip=1.0, use_averages=True)
    draws = np.random.RandomState(training["seed"])
    steps = training["epochs"] * sum(len(line.tags) for line in lines) / training["batch_words"]
    batches = (batch for _ in range(training["epochs"]) for batch in _batches(lines, training["batch_words"]))
    for step, batch in enumerate(batches, start=1):
        optimizer.learn_rate = _learn_rate(training, step, step / steps)
        varied = [_vary(line, training["replaced_share"], draws) for line in batch]
        hidden = [hide_words(line.columns, training["hidden_share"], draws) for line in varied]
        _update(network, hidden, [line.tags for line in varied])
        network.finish_update(optimizer)
    _keep_averages(network, optimizer)
    return network


def _batches(lines: list[Line], words: int) -> Iterator[list[Line]]:
    order = random.sample(lines, len(lines))
    batch: list[Line] = []
    for line in order:
        batch.append(line)
        if sum(len(kept.tags) for kept in batch) >= words:
            yield batch
            batch = []
    if batch:
        yield batch


def _vary(line: Line, share: float, draws: np.random.RandomState) -> Line:
    return other_names(line, draws) if draws.random_sample() < share else line


def _learn_rate(training: dict[str, Any], step: int, done: float) -> float:
    """Rises over the first batches, then falls in a line to a twentieth."""
    rate: float = training["learn_rate"] * min(1.0, step / training["warm_up_batches"]) * max(0.05, 1.0 - done)
    return rate


def _update(network: Network, columns: list[Columns], tags: list[list[int]]) -> None:
    chances, backward = network.begin_update(columns)
    scale = _GRADIENT_SCALE * len(tags) / sum(map(len, tags))
    backward([_gradient(of_line, right) * np.float32(scale) for of_line, right in zip(chances, tags, strict=True)])


def _gradient(chances: Scores, right: list[int]) -> Scores:
    gradient = chances.copy()
    gradient[np.arange(len(right)), right] -= 1
    return gradient


def _keep_averages(network: Network, optimizer: Any) -> None:
    for node in network.walk():
        for name in node.param_names:
            node.set_param(name, optimizer.averages[node.id, name])


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m extractor.concepts.training.train", description="Train the English model for concept mentions."
    )
    parser.add_argument(
        "gold", type=Path, nargs="?", default=Path("../shared/gold/chia.jsonl"), help="annotated texts, one JSON object a line"
    )
    parser.add_argument("--held-out", type=int, metavar="PART", help="keep this part of the trials out and print the scores on it")
    parser.add_argument("--output", type=Path, help="folder that takes the model")
    parser.add_argument("--config", type=Path, help="settings, if not those of the package")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> None:
    """Train, then measure or write: see the module."""
    args = _parse(arguments)
    shipped = files("extractor.concepts.training").joinpath("config.cfg")
    settings = read_settings((args.config or shipped).read_text(encoding="utf-8"))
    cases = read_cases(args.gold)
    kept_out = [args.held_out is not None and is_held_out(case, args.held_out, settings.training["parts"]) for case in cases]
    held_out = [case for case, out in zip(cases, kept_out, strict=True) if out]
    nlp = new_pipeline(settings)
    train_pipeline(nlp, [case for case, out in zip(cases, kept_out, strict=True) if not out], settings)
    for row in measure(nlp, held_out) if held_out else ():
        sys.stdout.write(f"{row}\n")
    if args.output:
        nlp.meta.update(META)
        nlp.meta["data"] = {**DATA, "sha256": hashlib.sha256(args.gold.read_bytes()).hexdigest(), "held_out": args.held_out}
        nlp.to_disk(args.output, exclude=["tokenizer", "vocab"])


if __name__ == "__main__":
    main(sys.argv[1:])
