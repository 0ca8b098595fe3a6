"""Matches as JSON Lines: one object a patient and trial."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO, Any

from extractor.write import to_json

Json = dict[str, Any]
TEXTS = frozenset({"text", "title"})


def write(rows: Iterable[Json], stream: IO[bytes], languages: Sequence[str]) -> None:
    """One line a match, its texts in the languages asked for."""
    stream.writelines(to_json(in_languages(row, languages)) + b"\n" for row in rows)


def in_languages(value: Any, languages: Sequence[str]) -> Any:
    """A match with its texts in some languages only; a text that has none of them stays as it is.

    >>> in_languages({"text": {"zh": "哮喘", "en": "Asthma"}, "title": {"zh": "试验"}}, ("en",))
    {'text': {'en': 'Asthma'}, 'title': {'zh': '试验'}}
    """
    if isinstance(value, list):
        return [in_languages(item, languages) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _chosen(item, languages) if key in TEXTS else in_languages(item, languages) for key, item in value.items()}


def _chosen(text: Any, languages: Sequence[str]) -> Any:
    if not isinstance(text, dict):
        return text
    return {language: text[language] for language in languages if language in text} or text
