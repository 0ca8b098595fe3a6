"""Records with their persons covered: the last net behind the blacked-out document, and all there is for records that were read before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import UNSET

from extractor.languages import to_model
from extractor.model import Record
from extractor.privacy.covering import cover, find_persons
from extractor.privacy.names import Name, find_known, find_names, is_person
from extractor.privacy.numbers import is_number_alone
from extractor.privacy.words import is_label, is_personal

REACHES = frozenset({"phone", "fax", "postcode"})  # fields of companies on labels
OWN = frozenset({"sha256", "schema_version", "file", "provenance"})  # parts of a record that are no text of its document


def redact_record(record: Record) -> Record:
    """A record without contacts and numbers of telephones, and with every person that is left covered in its texts."""
    names = list(dict.fromkeys(_names_in(record)))
    tree = msgspec.to_builtins(record)
    tree["unmapped"] = [item for item in tree.get("unmapped", ()) if not _speaks_of_persons(item["label"])]
    tree["findings"] = [
        item
        for item in tree.get("findings", ())
        if not (_is_gone(item["path"]) or _speaks_of_persons(item["path"].removeprefix("/source/")))
    ]
    if "provenance" in tree:
        tree["provenance"] = {pointer: places for pointer, places in tree["provenance"].items() if not _is_gone(pointer)}
    return to_model({name: value if name in OWN else _redacted(value, names) for name, value in tree.items()}, Record)


def _speaks_of_persons(label: str) -> bool:
    return is_label(label) or is_personal(label)


def _is_gone(pointer: str) -> bool:
    return "/contacts/" in pointer or pointer.rpartition("/")[2] in REACHES


def _names_in(record: Record) -> Iterator[Name]:
    """The persons whom a record names: its contacts, and sponsors that are persons."""
    trials = [record.trial] if record.trial is not UNSET else []
    if record.label is not UNSET:
        trials += record.label.trials or []
    for trial in trials:
        named = [contact.name for contact in trial.contacts or ()]
        named += [sponsor.name for sponsor in trial.sponsors or () if any(map(is_person, _words(sponsor.name)))]
        for name in named:
            for words in _words(name):
                yield from find_names(words, stated=True)


def _words(text: Any) -> list[str]:
    return [] if text is UNSET else [words for words in (text.zh, text.en) if words is not UNSET]


def _redacted(value: Any, names: list[Name]) -> Any:
    """A part of a record with persons left out or covered."""
    if isinstance(value, dict):
        return {
            name: item if name in OWN else _redacted(item, names)
            for name, item in value.items()
            if name not in REACHES and name != "contacts"
        }
    if isinstance(value, list):
        return [_redacted(item, names) for item in value]
    return _covered(value, names) if isinstance(value, str) and not is_number_alone(value) else value


def _covered(text: str, names: list[Name]) -> str:
    covered = cover(text, find_persons(text))
    return cover(covered, find_known(covered, names))
