"""Whether a patient's value is the measurement that a criterion means, where one name stands for several."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from extractor.normalise.folding import fold
from extractor.screen.patient.chart import folded
from extractor.screen.patient.names import HERE
from extractor.tables import read_table

EVERY = "*"
SAME = "="
OWN = {"urine": "urin|尿", "uacr": "urin|尿", "upcr": "urin|尿"}  # a variable that is measured in urine whatever it is called


@cache
def _qualifiers() -> dict[str, tuple[str, ...]]:
    """Variable → the groups of words that tell its measurements apart."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, words in read_table(HERE, "qualifiers"):
        found[name].append(words)
    return {name: tuple(words) for name, words in found.items()}


def is_same_measurement(name: str, text: str, given: str) -> bool:
    """Whether `given`, what the patient's file calls a value, is what a criterion calls `text`; both are spellings of the variable `name`.

    >>> is_same_measurement("body_weight", "Birth weight", "weight"), is_same_measurement("qtc", "QTcF", "QTcB")
    (False, False)
    >>> is_same_measurement("platelets", "Platelet count", "PLT"), is_same_measurement("interval", "disease-free interval", "Disease free interval")
    (True, True)
    """
    own = next((words for start, words in OWN.items() if name.startswith(start)), "")
    groups = [words for words in (*_qualifiers()[EVERY], *_qualifiers().get(name, ())) if words != own]
    if SAME in groups:
        return folded(given) in folded(text)
    return all(_holds(text, words) == _holds(given, words) for words in groups)


def _holds(text: str, words: str) -> bool:
    lower = fold(text)
    return any(word in lower for word in words.split("|"))
