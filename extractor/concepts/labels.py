"""The labels of the English tagger and the best sequence of them. Needs numpy, which spaCy brings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from extractor.concepts.mention import KINDS

# Kinds that Chia marks too: the model learns them to tell them apart, and they count as outside when it is used.
OTHER_KINDS = ("MEASUREMENT", "VALUE", "TEMPORAL", "OBSERVATION", "PERSON", "NEGATION", "DEVICE")
PLACES = "BILU"  # begin, inside, last, unit
OUTSIDE = "O"

Scores = npt.NDArray[np.float32]
Run = tuple[int, int, str]  # first token, token after the last, kind
_NEVER = -1e9  # added to the log score of a forbidden step: far below what any line adds up to, and no infinity to subtract


def tags_of(kinds: Iterable[str]) -> tuple[str, ...]:
    """The tags of these kinds, "O" first."""
    return (OUTSIDE, *(f"{place}-{kind}" for kind in kinds for place in PLACES))


TRAINED_TAGS = tags_of((*KINDS, *OTHER_KINDS))
USED_TAGS = TRAINED_TAGS[: 1 + len(PLACES) * len(KINDS)]


def tag_runs(length: int, runs: Iterable[Run]) -> list[int]:
    """Positions in TRAINED_TAGS for a line of `length` tokens with these runs, which do not overlap."""
    tags = [OUTSIDE] * length
    for start, end, kind in runs:
        tags[start:end] = [f"I-{kind}"] * (end - start)
        tags[start], tags[end - 1] = f"B-{kind}", f"L-{kind}"
        if end - start == 1:
            tags[start] = f"U-{kind}"
    return [TRAINED_TAGS.index(tag) for tag in tags]


def read_runs(tags: Sequence[str]) -> list[Run]:
    """The runs that a legal sequence of tags names.

    >>> read_runs(["O", "B-CONDITION", "L-CONDITION", "U-PROCEDURE"])
    [(1, 3, 'CONDITION'), (3, 4, 'PROCEDURE')]
    """
    runs, start = [], 0
    for at, tag in enumerate(tags):
        if tag[0] in "BU":
            start = at
        if tag[0] in "LU":
            runs.append((start, at + 1, tag[2:]))
    return runs


def _follows(before: str, after: str) -> bool:
    if before[0] in "BI":
        return after[0] in "IL" and before[2:] == after[2:]
    return after[0] in "OBU"


_steps: Scores = np.array([[0 if _follows(a, b) else _NEVER for b in USED_TAGS] for a in USED_TAGS], dtype=np.float32)
_first: Scores = np.array([0 if tag[0] in "OBU" else _NEVER for tag in USED_TAGS], dtype=np.float32)
_last: Scores = np.array([0 if tag[0] in "OLU" else _NEVER for tag in USED_TAGS], dtype=np.float32)


def best_tags(scores: Scores) -> list[str]:
    """The legal sequence of USED_TAGS with the highest sum of scores (Viterbi); `scores` has one row a token."""
    total = _first + scores[0]
    back = []
    for row in scores[1:]:
        paths = total[:, None] + _steps
        best = paths.argmax(axis=0)
        back.append(best)
        total = paths.max(axis=0) + row
    at = int((total + _last).argmax())
    path = [at]
    for best in reversed(back):
        at = int(best[at])
        path.append(at)
    return [USED_TAGS[at] for at in reversed(path)]


def used_scores(chances: Scores) -> Scores:
    """Logarithms for USED_TAGS out of probabilities for TRAINED_TAGS: the other kinds are added to outside."""
    kept = chances[:, : len(USED_TAGS)].copy()
    kept[:, 0] += chances[:, len(USED_TAGS) :].sum(axis=1)
    logs: Scores = np.log(kept + 1e-9)
    return logs
