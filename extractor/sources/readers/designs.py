"""Study designs that a register prints as one string: "Allocation: Randomized, Masking: Open Label, …", or word by word.

Origin: ClinicalTrials.gov's XML and pages to 2016, its archive, and the exports of the WHO, whose registers have keys of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.patterns import lazy_pattern

# Key of a printed design → field below design/. Keys whose values have no field are kept in design/text with their key.
KEYS: dict[str, str] = {
    "allocation": "allocation",
    "randomization": "allocation",
    "randomisation": "allocation",
    "randomized": "allocation",
    "randomised": "allocation",
    "randomization description": "randomization",
    "randomisation description": "randomization",
    "blinding description": "text",
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
    (
        "masking",
        r"open(?: label)?|open ?\(masking not used\)|(?:single|double|triple|quadruple)[- ](?:blind|mask(?:ed)?)\b.*|masking not used",
    ),
    ("intervention_model", r"(?:single(?: group| arm)?|parallel|cross-?over|factorial|sequential)(?: (?:assignment|study))?"),
    (
        "primary_purpose",
        r"(?:treatment|prevention|diagnos(?:is|tic)|supportive care|screening|health services research|basic science|ect)(?: purpose)?",
    ),
    (
        "observational_model",
        r"cohort|case[- ](?:control|only|crossover)|ecologic or community(?: studies)?|family[- ]based|defined population|natural history",
    ),
    ("time_perspective", r"prospective|retrospective|cross[- ]sectional|longitudinal|retrospective/prospective"),
)

_words = tuple((field, lazy_pattern(pattern, re.IGNORECASE)) for field, pattern in WORDS)
_keys = "|".join(sorted(map(re.escape, KEYS), key=len, reverse=True))
_piece = lazy_pattern(r"[^,]+")
_part = lazy_pattern(rf"(?:^|[.,;|\n])[\s.,;|]*(?P<key>{_keys})\s*:\s*", re.IGNORECASE)


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
        yield from _split_words(text, matches[0].start() if matches else len(text))
    for match, end in zip(matches, [*(later.start() for later in matches[1:]), len(text)], strict=False):
        field = KEYS[match["key"].lower()]
        yield f"design/{field}", *_bare(text, match.start("key") if field == "text" else match.end(), end)


def _split_words(text: str, end: int) -> Iterator[tuple[str, int, int]]:
    """Words between commas, where at least two of them have fields of their own; else the whole as it stands."""
    pieces = [_bare(text, *match.span()) for match in _piece.finditer(text, 0, end)]
    fields = [design_field(text[start:stop]) for start, stop in pieces]
    if sum(field != "design/text" for field in fields) < 2:
        yield "design/text", *_bare(text, 0, end)
        return
    yield from ((field, *place) for field, place in zip(fields, pieces, strict=True))


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip(" \n\t.,;|"))
