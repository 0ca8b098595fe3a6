"""Marks that a person made on review pages, merged into the records that they are about; corrections put in place."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET

from extractor.languages import to_model
from extractor.model import Mark, Record

FORMATS = ("extract-review-2", "extract-review-1")  # the second has no corrections
MOST_NAMED = 3  # records that a refusal names


class _Reviewed(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    sha256: str
    version: str
    marks: list[Mark]
    file: str = ""


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
    if review.format not in FORMATS:
        raise ValueError(f"this review has the format {review.format!r}; {FORMATS[0]!r} is read")
    return review


def apply_review(record: Record, review: _Review) -> Record:
    """The record with the marks about it in `review`, one a path, later ones in place of earlier ones, and its corrections made.

    Raises ValueError where the review is of other documents, or was made of another reading of this one.
    """
    found = [item for item in review.records if item.id == record.id and item.sha256 == record.source.sha256]
    if not found:
        raise ValueError(_other(record, review))
    marks = [mark for item in found for mark in item.marks]
    tree: Any = msgspec.to_builtins(record)
    for mark in marks:
        _apply(tree, mark)
    try:
        corrected = to_model(tree, Record)
    except msgspec.ValidationError as error:
        raise ValueError(f"a correction does not fit the record of {record.id}: {error}") from error
    kept = {mark.path: mark for mark in (*(record.review or ()), *marks)}
    return msgspec.structs.replace(corrected, review=list(kept.values()) or UNSET)


def _other(record: Record, review: _Review) -> str:
    """A sentence that names what the review is of, and what it is not of."""
    names = [f"{item.id} ({item.file})" if item.file else item.id for item in review.records]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    same = next((item for item in review.records if item.id == record.id), None)
    why = ": its document had other bytes" if same else ""
    return f"the review is of {', '.join(names[:MOST_NAMED]) or 'no document'}{more}, not of {record.id} ({record.source.file}){why}"


def _apply(tree: Any, mark: Mark) -> None:
    """Puts a correction in its place; a mark without one only needs its place to exist."""
    holder, key = _find(tree, mark.path)
    if mark.correction is UNSET:
        return
    present = holder[key]
    if mark.was is UNSET or present not in (mark.was, mark.correction):
        raise ValueError(
            f"the review corrects {mark.path} from {mark.was!r}, but the record has {present!r}: it was made from another reading"
        )
    holder[key] = mark.correction


def _find(tree: Any, pointer: str) -> tuple[Any, Any]:
    """The container and key of a place.

    Raises ValueError where the record has no such place.
    """
    holder, key, value = None, None, tree
    for part in pointer.strip("/").split("/"):
        holder, key = value, int(part) if isinstance(value, list) and part.isdecimal() and len(part) <= len(str(len(value))) else part
        if not _holds(holder, key):
            raise ValueError(f"the review marks {pointer}, which the record does not have: was it made from another version?")
        value = holder[key]
    return holder, key


def _holds(holder: Any, key: Any) -> bool:
    if isinstance(holder, list):
        return isinstance(key, int) and key < len(holder)
    return isinstance(holder, dict) and key in holder
