"""Which conditions, drugs and procedures a criterion speaks of: an optional layer over the criteria, off by default.

    from extractor.concepts import find_concepts
    find_concepts("No major surgery within 4 weeks")     # [{kind, start, end, text, negated, window}]

English needs spaCy (`pip install 'spacy<4'`); it is imported, and the model loaded, at the first
English text. docs/concepts.md is the model card.
"""

from __future__ import annotations

from extractor.concepts.attach import add_concepts
from extractor.concepts.find import find_concepts
from extractor.concepts.mention import Mention

__all__ = ["Mention", "add_concepts", "find_concepts"]
