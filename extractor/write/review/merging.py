"""Marks that a person made on the review page, merged into the record that they are about."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET

from extractor.model import Mark, Record
from extractor.text import count_in

FORMAT = "extract-review-1"


class _Reviewed(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    sha256: str
    version: str
    marks: list[Mark]


class _Review(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    records: list[_Reviewed]


def parse_review(data: bytes) -> _Review:
    """The marks of one exported review.

    Raises ValueError where the bytes are no review, with what is wrong.
    """
    try:
        review = msgspec.json.decode(data, type=_Review)
    except msgspec.MsgspecError as error:
        raise ValueError(f"this is no review that the page exported: {error}") from error
    if review.format != FORMAT:
        raise ValueError(f"this review has the format {review.format!r}; {FORMAT!r} is read")
    return review


def apply_review(record: Record, review: _Review) -> Record:
    """The record with the marks about it in `review`, one a path, later ones in place of earlier ones; the rest stays.

    Raises ValueError where a mark names a value that the record does not have.
    """
    found = next((item for item in review.records if item.id == record.id and item.sha256 == record.source.sha256), None)
    if found is None:
        return record
    tree: Any = msgspec.to_builtins(record)
    for mark in found.marks:
        if not _has(tree, mark.path):
            raise ValueError(f"the review marks {mark.path}, which the record does not have: was it made from another version?")
    kept = {mark.path: mark for mark in (*(record.review or ()), *found.marks)}
    return msgspec.structs.replace(record, review=list(kept.values()) or UNSET)


def _has(tree: Any, pointer: str) -> bool:
    for part in pointer.strip("/").split("/"):
        if isinstance(tree, list):
            at = count_in(part, len(tree))
            if at >= len(tree):
                return False
            tree = tree[at]
        elif isinstance(tree, dict) and part in tree:
            tree = tree[part]
        else:
            return False
    return True
