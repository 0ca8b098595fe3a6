"""Study designs that a register prints as one string: "Allocation: Randomized, Masking: Open Label, …", or word by word.

Origin: ClinicalTrials.gov's XML and pages to 2016, its archive, and the exports of the WHO, whose registers have keys of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Key of a printed design → field below design/. Keys whose values have no field are kept in design/text with their key.
KEYS: dict[str, str] = {
    "allocation": "allocation",
    "randomization": "allocation",
    "randomisation": "allocation",
    "intervention model": "intervention_model",
    "interventional model": "intervention_model",
    "interventional study model": "intervention_model",
    "assignment": "intervention_model",
    "primary purpose": "primary_purpose",
    "purpose": "primary_purpose",
    "masking": "masking",
    "blinding": "masking",
    "observational model": "observational_model",
    "observational study model": "observational_model",
    "time perspective": "time_perspective",
    "timing": "time_perspective",
    "endpoint classification": "text",
    "control": "text",
    "placebo": "text",
    "duration": "text",
    "selection": "text",
    "group": "text",
    "type": "text",
    "type of endpoint": "text",
    "statistical analysis": "text",
    "other design features": "text",
    "phase": "text",
    "study design purpose": "primary_purpose",
}
# Single words of the archive's "design" and "Study design" (the registration system's own vocabulary, 1999 to 2014).
WORDS: tuple[tuple[str, str], ...] = (
    ("allocation", r"(?:non-?)?randomi[sz]ed(?: controlled trial)?"),
    ("masking", r"open(?: label)?|(?:single|double|triple|quadruple)[- ](?:blind|mask(?:ed)?)\b.*|masking not used"),
    ("intervention_model", r"(?:single group|parallel|cross-?over|factorial|sequential)(?: assignment)?"),
    (
        "primary_purpose",
        r"treatment|prevention|diagnos(?:is|tic)|supportive care|screening|health services research|basic science|ect|device feasibility",
    ),
    (
        "observational_model",
        r"cohort|case[- ](?:control|only|crossover)|ecologic or community(?: studies)?|family[- ]based|defined population|natural history",
    ),
    ("time_perspective", r"prospective|retrospective|cross[- ]sectional|longitudinal|retrospective/prospective"),
)

_words = tuple((field, re.compile(pattern, re.IGNORECASE)) for field, pattern in WORDS)
_keys = "|".join(sorted(map(re.escape, KEYS), key=len, reverse=True))
_part = re.compile(rf"(?:^|[.,;|\n])[\s.,;|]*(?P<key>{_keys})\s*:\s*", re.IGNORECASE)


def design_field(word: str) -> str:
    """The field of one word of a design, "design/text" where it says something that no other field takes.

    >>> design_field("Double Blind (Subject, Investigator)"), design_field("Safety/Efficacy Study")
    ('design/masking', 'design/text')
    """
    words = " ".join(word.split())
    return "design/" + next((field for field, pattern in _words if pattern.fullmatch(words)), "text")


def split_design(text: str) -> Iterator[tuple[str, int, int]]:
    """(field, start, end) of every value in a design of keys and values; what has no known key is design/text.

    >>> line = "Allocation: Randomized, Endpoint Classification: Safety Study, Masking: Double Blind (Subject, Caregiver)"
    >>> [(field, line[a:b]) for field, a, b in split_design(line)][::2]
    [('design/allocation', 'Randomized'), ('design/masking', 'Double Blind (Subject, Caregiver)')]
    >>> list(split_design("single arm study"))
    [('design/text', 0, 16)]
    """
    matches = list(_part.finditer(text))
    if not matches or matches[0].start() > 0:
        yield "design/text", *_bare(text, 0, matches[0].start() if matches else len(text))
    for match, end in zip(matches, [*(later.start() for later in matches[1:]), len(text)], strict=False):
        field = KEYS[match["key"].lower()]
        yield f"design/{field}", *_bare(text, match.start("key") if field == "text" else match.end(), end)


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip(" \n\t.,;|"))
