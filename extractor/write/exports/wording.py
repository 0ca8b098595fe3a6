"""What all targets need of a record's words: one language of a text, statements with their stems, what was used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from extractor.model import LANGUAGE
from extractor.patterns import lazy_pattern

Json = dict[str, Any]
NOTES = "NOTE"
_language = lazy_pattern(LANGUAGE)
SIDES = ("inclusion", "exclusion")


class ReadableCriterion(NamedTuple):
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


def statements(record: Json, side: str, language: str = "en") -> Iterator[ReadableCriterion]:
    """Every leaf statement of one list, in order; notes are left to the reader of the full text."""
    for item in part(record, f"trial/eligibility/{side}") or ():
        yield from _leaves(item, side, "", "", language)


def _leaves(item: Json, side: str, stem: str, combine: str, language: str) -> Iterator[ReadableCriterion]:
    if item.get("role") == NOTES:
        return
    text = words(item["text"], language)
    whole = f"{stem} {text}".strip() if stem else text
    children = [child for child in item.get("children", ()) if child.get("role") != NOTES]
    for child in children:
        yield from _leaves(child, side, whole.rstrip(":：") + ":", item.get("combine", combine), language)
    if not children:
        yield ReadableCriterion(item["id"], side, " ".join(whole.split()), combine, item)


def leaf_pointers(record: Json, side: str) -> Iterator[tuple[str, Json]]:
    """Every leaf of one list with its pointer, notes too."""
    stack = [(f"/trial/eligibility/{side}/{at}", item) for at, item in enumerate(part(record, f"trial/eligibility/{side}") or ())][::-1]
    while stack:
        pointer, item = stack.pop()
        children = item.get("children", ())
        if all(child.get("role") == NOTES for child in children):
            yield pointer, item
        stack += [(f"{pointer}/children/{at}", child) for at, child in enumerate(children)][::-1]


def note_pointers(record: Json) -> list[str]:
    """The pointers of the notes between the criteria, which lists of whole statements leave out."""
    items = [(side, at, item) for side in SIDES for at, item in enumerate(part(record, f"trial/eligibility/{side}") or ())]
    return [f"/trial/eligibility/{side}/{at}" for side, at, item in items if item.get("role") == NOTES]


def whole_statements(record: Json, side: str, language: str = "en") -> Iterator[ReadableCriterion]:
    """Every top-level criterion with all its children's words joined: no leaf without its group."""
    return (statement for _, statement in numbered_statements(record, side, language))


def numbered_statements(record: Json, side: str, language: str = "en") -> Iterator[tuple[str, ReadableCriterion]]:
    """The same with the pointer of each criterion."""
    for at, item in enumerate(part(record, f"trial/eligibility/{side}") or ()):
        if item.get("role") != NOTES:
            text = " ".join(joined(item, language).split())
            yield f"/trial/eligibility/{side}/{at}", ReadableCriterion(item["id"], side, text, item.get("combine", ""), item)


def joined(item: Json, language: str) -> str:
    """A criterion and its children in one line: "stem: (a) one; (b) two"."""
    text = words(item["text"], language)
    below = [f"({mark_of(child, at)}) {joined(child, language)}" for at, child in enumerate(item.get("children", ()), 1)]
    return f"{text.rstrip(':：')}: {'; '.join(below)}" if below else text


def mark_of(item: Json, at: int) -> str:
    """The source's own number of a child, else its position as a letter or number."""
    return str(item.get("number") or (chr(96 + at) if at <= 26 else at))


def left_out_of(record: Json, *held: str) -> list[str]:
    """The pointers of what a trial has beside the fields that a target holds ("eligibility", "design/phases arms/label"), in order.

    A field of a list is held of each of its items; what only counts or refers inside the record is no loss.

    >>> trial = {"titles": {"public": {"en": "A"}, "acronym": {"en": "B"}}, "arms": [{"id": "arm-1", "label": {"en": "C"}, "size": 3}]}
    >>> left_out_of({"trial": trial}, "titles/public arms/label")
    ['/trial/titles/acronym', '/trial/arms/0/size']
    """
    names = set(" ".join(held).split())
    above = {path.rpartition("/")[0] for path in names if "/" in path}
    kind = "trial" if "trial" in record else "label"
    return list(_left_out(record[kind], "", f"/{kind}", names, above))


INTERNAL = {
    "id",
    "inferred",
    "primary",
    "horizon_days",
    "country_code",
}  # of the record, not of the trial, or derived from what stands beside them


def _left_out(tree: Any, path: str, pointer: str, held: set[str], above: set[str]) -> Iterator[str]:
    if isinstance(tree, list):
        for at, item in enumerate(tree):
            yield from _left_out(item, path, f"{pointer}/{at}", held, above)
        return
    for name, value in tree.items():
        own = f"{path}/{name}" if path else name
        if own in held or name in INTERNAL:
            continue
        if own in above and isinstance(value, dict | list):
            yield from _left_out(value, own, f"{pointer}/{name}", held, above)
        else:
            yield f"{pointer}/{name}"


def primary_number(record: Json, scheme: str) -> str:
    """The first identifier of a scheme, "" where there is none."""
    return next((str(i["value"]) for i in part(record, "trial/identifiers") or () if i["scheme"] == scheme), "")


def registry_number(record: Json, scheme: str) -> str:
    """The trial's own number where a registry of this scheme gave it out; a number that is only named beside it is not its key.

    >>> numbers = [{"value": "ChiCTR2699000001", "scheme": "CHICTR", "primary": True}, {"value": "NCT09990001", "scheme": "NCT"}]
    >>> registry_number({"trial": {"identifiers": numbers}}, "NCT")
    ''
    """
    found = part(record, "trial/identifiers") or ()
    return next((str(i["value"]) for i in found if i["scheme"] == scheme and i.get("primary")), "")


def other_pointers(record: Json) -> list[str]:
    """The pointers of the numbers of the trial but its own."""
    return [f"/trial/identifiers/{at}" for at, item in enumerate(part(record, "trial/identifiers") or ()) if not item.get("primary")]


def other_numbers(record: Json) -> list[str]:
    """Every number of the trial but its own."""
    return [str(i["value"]) for i in part(record, "trial/identifiers") or () if not i.get("primary")]


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
