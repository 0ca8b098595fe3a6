"""What all targets need of a record's words: one language of a text, statements with their stems, what was used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from extractor.model import LANGUAGE

Json = dict[str, Any]
NOTES = "NOTE"
_language = re.compile(LANGUAGE)


class Statement(NamedTuple):
    """A leaf of the criteria with its stems in front: it can stand alone."""

    id: str
    side: str
    text: str
    combine: str
    node: Json


def words(text: Any, language: str = "en") -> str:
    """One language of a text, else the first that it has, "" where there is none.

    >>> words({"zh": "血小板", "en": "platelets"}), words({"de": "Blutplättchen"}), words(None)
    ('platelets', 'Blutplättchen', '')
    """
    if not isinstance(text, dict):
        return ""
    return str(text.get(language) or next((value for key, value in text.items() if _language.match(key)), ""))


def code(coded: Any) -> str:
    """The code of a coded value, "" where there is none or the words matched no row."""
    found = coded.get("code", "") if isinstance(coded, dict) else ""
    return str(found)


def part(tree: Json, pointer: str) -> Any:
    """The value at "a/b/c" of nested objects, None where a step is missing."""
    node: Any = tree
    for name in pointer.split("/"):
        node = node.get(name) if isinstance(node, dict) else None
    return node


def statements(record: Json, side: str, language: str = "en") -> Iterator[Statement]:
    """Every leaf statement of one list, in order; notes are left to the reader of the full text."""
    for item in part(record, f"trial/eligibility/{side}") or ():
        yield from _leaves(item, side, "", "", language)


def _leaves(item: Json, side: str, stem: str, combine: str, language: str) -> Iterator[Statement]:
    if item.get("role") == NOTES:
        return
    text = words(item["text"], language)
    whole = f"{stem} {text}".strip() if stem else text
    children = [child for child in item.get("children", ()) if child.get("role") != NOTES]
    for child in children:
        yield from _leaves(child, side, whole.rstrip(":：") + ":", item.get("combine", combine), language)
    if not children:
        yield Statement(item["id"], side, " ".join(whole.split()), combine, item)


def whole_statements(record: Json, side: str, language: str = "en") -> Iterator[Statement]:
    """Every top-level criterion with all its children's words joined: no leaf without its group."""
    for item in part(record, f"trial/eligibility/{side}") or ():
        if item.get("role") != NOTES:
            yield Statement(item["id"], side, " ".join(joined(item, language).split()), item.get("combine", ""), item)


def joined(item: Json, language: str) -> str:
    """A criterion and its children in one line: "stem: (a) one; (b) two"."""
    text = words(item["text"], language)
    below = [f"({mark_of(child, at)}) {joined(child, language)}" for at, child in enumerate(item.get("children", ()), 1)]
    return f"{text.rstrip(':：')}: {'; '.join(below)}" if below else text


def mark_of(item: Json, at: int) -> str:
    """The source's own number of a child, else its position as a letter or number."""
    return str(item.get("number") or (chr(96 + at) if at <= 26 else at))


def primary_number(record: Json, scheme: str) -> str:
    """The first identifier of a scheme, "" where there is none."""
    return next((str(i["value"]) for i in part(record, "trial/identifiers") or () if i["scheme"] == scheme), "")


def age_words(age: Json | None) -> str:
    """A structured age limit as ClinicalTrials.gov prints it.

    >>> age_words({"value": 18, "unit": "YEAR"}), age_words({"value": 1, "unit": "MONTH"}), age_words(None)
    ('18 Years', '1 Month', '')
    """
    return f"{age['value']} {age['unit'].title()}{'' if age['value'] == 1 else 's'}" if age else ""


def filled(tree: Any) -> Any:
    """The tree without empty texts, lists and objects; zero and false stay.

    >>> filled({"a": "", "b": [], "c": {"d": None}, "e": 0})
    {'e': 0}
    """
    if isinstance(tree, dict):
        return {key: done for key, value in tree.items() if (done := filled(value)) not in (None, "", [], {})}
    if isinstance(tree, list):
        return [done for value in tree if (done := filled(value)) not in (None, "", [], {})]
    return tree
