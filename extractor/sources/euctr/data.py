"""Records of the EU register as ctrdata stores them: its text export as JSON, keys made of number and label ("e3_principal_…_fr")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractor.document import Block, Document, Draft, Span
from extractor.patterns import lazy_pattern
from extractor.sources.euctr.form import KNOWN, Answer, fold_section, section_of
from extractor.sources.euctr.pages import LANGUAGES
from extractor.sources.euctr.record import Form
from extractor.sources.readers.paths import find_records
from extractor.sources.readers.reading import Leaf, TreeReading

CODES = frozenset(LANGUAGES.values())
# Keys of ctrdata's own, and counters of its lists.
BOILERPLATE = frozenset("ctrname record_last_import _b1_sponsor _dimp _id".split())

LISTS = lazy_pattern(r"dimp|[a-h]\d+_.*")

_key = lazy_pattern(r"(?P<number>[a-h]\d+(?:_(?:and|to)_[a-h]\d+)?|[np](?=_)|x\d+)_?(?P<label>.*)")


def is_record(key: str, value: Any) -> bool:
    """Whether a value is a record: an object with the keys of the form's first and third parts."""
    del key
    return isinstance(value, dict) and "a2_eudract_number" in value and any(name.startswith(("e3_", "e11_", "x5_")) for name in value)


def read_data(document: Document, source: str) -> Iterator[Draft]:
    """One draft a record."""
    cursor = 0
    for record, skipped in find_records("", document.tree.root, is_record):
        walk = TreeReading(document, source, cursor)
        walk.pass_over(skipped)
        form = Form(document, source)
        form.sheet.draft.furniture += walk.draft.furniture
        for label, leaf in _leaves(walk.located(record)):
            _give(form, label, leaf)
        draft = form.finished()
        draft.extent = walk.finished().extent
        cursor = walk.cursor
        yield draft


def _leaves(record: dict[str, Any]) -> Iterator[tuple[str, Leaf]]:
    """(key, leaf) of every part of the form, whichever list it stands in; results and what else is no part of it keep their top key."""
    pending: list[tuple[str, Any]] = [(key, value) for key, value in reversed(record.items())]
    while pending:
        label, node = pending.pop()
        if isinstance(node, Leaf):
            yield label, node
        elif isinstance(node, dict):
            form = label in BOILERPLATE or LISTS.fullmatch(label)
            inside = [(key if form else label, item) for key, item in node.items()]
            pending += reversed(inside)
        elif node:
            pending += [(label, item) for item in reversed(node)]


def _give(form: Form, label: str, leaf: Leaf) -> None:
    block = Block(leaf.text, Span(leaf.start, leaf.start + len(leaf.text)))
    if label in BOILERPLATE:
        form.sheet.drop([block])
        return
    section, language = _section(label)
    form.answer(Answer(section, label, language), [], [block])


def _section(key: str) -> tuple[str, str]:
    """The section of a key and the language that it ends in.

    >>> _section("e3_principal_inclusion_criteria_fr"), _section("p_end_of_trial_status"), _section("b31_and_b32_status_of_the_sponsor")
    (('E.3', 'fr'), ('P. End of Trial Status', ''), ('B.3.1 and B.3.2', ''))
    """
    bare, _, end = key.rpartition("_")
    language = end if end in CODES else ""
    match = _key.fullmatch(bare if language else key)
    if match is None:
        return key, ""
    number = KNOWN.get(fold_section(match["number"]), "")
    label = match["label"].replace("_", " ")
    dotted = number or match["number"][0].upper() + "."
    if match["number"][0] == "x":
        return section_of("", label), language
    return section_of("E.1.2" if match["number"] == "e12" else dotted, label), language
