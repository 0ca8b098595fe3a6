"""Words that all reports share: titles, counts, names of fields and kinds, and the pieces in which two texts differ."""

from __future__ import annotations

from collections import Counter
from typing import Any

from msgspec import UNSET

from extractor.compare.changes import Change, Comparison, History, Version
from extractor.compare.weighing import SEVERITIES
from extractor.compare.wording.marking import MarkedText, mark

HEADINGS = {"REGISTRATION": "Questions of prospective registration", "MATERIAL": "Material", "EDITORIAL": "Editorial"}
BASES = {"VERSIONS": "versions", "FORMS": "forms of one version", "REGISTERS": "registers"}
LANGUAGES = ("zh", "en")


def title_of(history: History) -> str:
    """The trial's number with what was compared: "NCT01234567: 5 versions"."""
    documents = len(history.versions)
    if any(comparison.basis == "REGISTERS" for comparison in history.comparisons):
        return f"{history.id}: {documents} registers"
    versions = documents - sum(comparison.basis == "FORMS" for comparison in history.comparisons)
    told = f"{history.id}: {versions} version{'' if versions == 1 else 's'}"
    return told if versions == documents else f"{told} in {documents} documents"


def counts_of(*comparisons: Comparison) -> Counter[str]:
    """How many changes of each severity."""
    return Counter(change.severity for comparison in comparisons for change in comparison.changes)


def counted(counts: Counter[str]) -> str:
    """Counts in words: "2 questions of prospective registration, 5 material, 1 editorial"."""
    names = {"REGISTRATION": "of prospective registration", "MATERIAL": "material", "EDITORIAL": "editorial"}
    told = [f"{counts[severity]} {names[severity]}" for severity in SEVERITIES if counts[severity]]
    return ", ".join(told) if told else "no change"


def name_of(version: Version) -> str:
    """A version's date, or its file where it has none; a register's name before it where several are compared."""
    return str(version.file if version.date is UNSET else version.date[:10])


def heading_of(history: History, comparison: Comparison) -> str:
    """What a comparison is between: "2012-12-19 → 2013-01-11", "ctgov and chictr"."""
    old, new = history.versions[comparison.old], history.versions[comparison.new]
    if comparison.basis == "REGISTERS":
        return f"{old.source} ({old.id}) and {new.source} ({new.id})"
    if comparison.basis == "FORMS":
        return f"{name_of(old)}: {old.format} and {new.format}"
    return f"{name_of(old)} → {name_of(new)}"


def field_words(field: str) -> str:
    """A field's path as words.

    >>> field_words("eligibility/minimum_age")
    'eligibility › minimum age'
    """
    return field.replace("/", " › ").replace("_", " ")


def said(change: Change) -> str:
    """What is seen, without the values that the message repeats."""
    return change.message.split(": ", 1)[0]


def item_of(change: Change) -> str:
    """What the change is about, where its values do not say so themselves."""
    texts = [evidence.text for evidence in (change.old, change.new) if evidence is not UNSET]
    return "" if change.item is UNSET or change.item in texts or any(text.endswith(f" / {change.item}") for text in texts) else change.item


def pieces_of(change: Change) -> tuple[list[list[MarkedText]], list[list[MarkedText]]]:
    """The lines of both sides in pieces, with what differs marked; a side that is absent has none."""
    old, new = _lines(change.old), _lines(change.new)
    if change.kind == "ONLY":
        return [[MarkedText(line, changed=False)] for line in old], [[MarkedText(line, changed=False)] for line in new]
    if not old or not new or not (_is_text(change.old) and _is_text(change.new)):
        return [[MarkedText(line, changed=True)] for line in old], [[MarkedText(line, changed=True)] for line in new]
    if len(old) != len(new):
        old, new = ["\n".join(old)], ["\n".join(new)]
    pairs = [mark(one, two) for one, two in zip(old, new, strict=True)]
    return [one for one, _ in pairs], [two for _, two in pairs]


def _is_text(evidence: Any) -> bool:
    """Whether the value is in the document's own words: a language map, a string, several of them, or a criterion."""
    values = evidence.value if isinstance(evidence.value, list) else [evidence.value]
    return all(
        isinstance(value, str) or (isinstance(value, dict) and (set(value) <= set(LANGUAGES) or "role" in value)) for value in values
    )


def _lines(evidence: Any) -> list[str]:
    """A text's languages one below the other; any other value as one line."""
    if evidence is UNSET:
        return []
    value = evidence.value
    if isinstance(value, dict) and value and set(value) <= set(LANGUAGES):
        return [value[language] for language in LANGUAGES if language in value]
    return [evidence.text.replace(" ‖ ", "\n")]
