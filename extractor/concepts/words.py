"""How the English pipeline cuts text into tokens. Needs spaCy."""

from __future__ import annotations

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

# Criteria glue words with signs that spaCy keeps inside a token: "allergy/hypersensitivity", "CABG(bypass)", "≥3months".
_INFIXES = (r"[/()\[\]<>=≤≥+,;:\-–—&*~%]", r"(?<=\d)(?=[A-Za-z])")
_EDGES = r"[-/+<>=≤≥~*]"
_FULL_STOP = r"(?:(?<=[a-z\d)])|(?<=^[A-Z]))\."  # "hepatitis B." ends a sentence more often than it shortens a name


def make_tokenizer(nlp: Language) -> Tokenizer:
    """The English tokenizer of spaCy, which here also cuts at slashes, brackets, comparators and hyphens, and knows no web addresses."""
    defaults = nlp.Defaults
    return Tokenizer(
        nlp.vocab,
        rules=defaults.tokenizer_exceptions,
        prefix_search=compile_prefix_regex([*(defaults.prefixes or ()), _EDGES]).search,
        suffix_search=compile_suffix_regex([*(defaults.suffixes or ()), _EDGES, _FULL_STOP]).search,
        infix_finditer=compile_infix_regex([*(defaults.infixes or ()), *_INFIXES]).finditer,
    )


def blank_pipeline() -> Language:
    """An English pipeline with that tokenizer and no component."""
    nlp = spacy.blank("en")
    nlp.tokenizer = make_tokenizer(nlp)
    return nlp
