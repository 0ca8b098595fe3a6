"""Persons taken out: the document is blacked out first and then read, so that nothing of them can reach any output.

document = redact(document, drafts)      # what a first reading found of persons, and what looks like one, is covered with "█"
draft = without_persons(draft)           # of the second reading: fields of persons, and values that are covered whole, are left out

`redact_record` does the same to a record that was read before. docs/privacy.md says what is found and what is not.
"""

from __future__ import annotations

from extractor.privacy.documents import redact, without_persons
from extractor.privacy.records import redact_record

__all__ = ["redact", "redact_record", "without_persons"]
