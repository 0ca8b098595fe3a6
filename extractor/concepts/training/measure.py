"""Scores of the English model on annotated texts: what python -m extractor.concepts.training.train --held-out prints. Needs spaCy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from spacy.language import Language

from extractor.concepts.english import find_regions
from extractor.concepts.mention import KINDS, Region
from extractor.concepts.training.corpus import Case
from extractor.document import Extent


def measure(nlp: Language, cases: list[Case]) -> Iterator[str]:
    """One line a kind and one over all: strict (same place and kind) and relaxed (same kind, overlapping) precision, recall and F1."""
    found = find_regions([case["text"] for case in cases], nlp)
    total: Counter[str] = Counter()
    for kind in KINDS:
        counts = sum((_compare(kind, case, regions) for case, regions in zip(cases, found, strict=True)), Counter())
        total += counts
        yield _row(kind, counts)
    yield _row("all", total)


def _compare(kind: str, case: Case, regions: Iterable[Region]) -> Counter[str]:
    gold = [(entity["start"], entity["end"]) for entity in case["entities"] if entity["kind"] == kind]
    got = [(region.start, region.end) for region in regions if region.kind == kind]
    return Counter(
        gold=len(gold),
        got=len(got),
        right=sum(place in gold for place in got),
        near_got=sum(any(_overlap(place, other) for other in gold) for place in got),
        near_gold=sum(any(_overlap(place, other) for other in got) for place in gold),
    )


def _overlap(one: Extent, other: Extent) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _row(name: str, counts: Counter[str]) -> str:
    strict = _rates(counts["right"], counts["right"], counts)
    relaxed = _rates(counts["near_got"], counts["near_gold"], counts)
    return (
        f"{name:10s} gold {counts['gold']:5d}  strict P {strict[0]:.4f} R {strict[1]:.4f} F1 {strict[2]:.4f}  relaxed F1 {relaxed[2]:.4f}"
    )


def _rates(right_got: int, right_gold: int, counts: Counter[str]) -> tuple[float, float, float]:
    precision = right_got / max(1, counts["got"])
    recall = right_gold / max(1, counts["gold"])
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)
