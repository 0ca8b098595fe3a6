"""Values that a person marks: each a leaf that names its place in the record."""

from __future__ import annotations

from typing import Any

from extractor.write.pages import escape

Json = dict[str, Any]
LANGUAGES = {"zh": "zh-Hans", "en": "en"}  # language of the record → BCP 47 tag of the page


def leaf(value: Any, pointer: str, language: str = "") -> str:
    """One value; what is no text says so, so that a correction keeps its type."""
    kind = "boolean" if isinstance(value, bool) else "number" if isinstance(value, int | float) else ""
    words = str(value).lower() if isinstance(value, bool) else str(value)
    attributes = f' lang="{LANGUAGES[language]}"' if language else ""
    attributes += f' data-type="{kind}"' if kind else ""
    return f'<div class="leaf" tabindex="0" data-pointer="{escape(pointer)}"{attributes}><span class="value">{escape(words)}</span></div>'


def is_text(value: Any) -> bool:
    """Whether a value is a language map."""
    return isinstance(value, dict) and bool(value) and all(key in LANGUAGES for key in value)


def text(value: Json, pointer: str) -> str:
    """A language map: both languages side by side."""
    sides = "".join(leaf(value[language], f"{pointer}/{language}", language) for language in LANGUAGES if language in value)
    return f'<div class="both">{sides}</div>' if len(value) > 1 else sides


def words(name: str) -> str:
    """The name of a field as people read it."""
    return name.replace("_", " ")
