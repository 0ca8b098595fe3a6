"""What the layer finds: one mention of a condition, a drug or a procedure."""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import UNSET, UnsetType

from extractor.model import Model, Window

Kind = Literal["CONDITION", "MEDICATION", "PROCEDURE"]
KINDS: tuple[Kind, ...] = ("CONDITION", "MEDICATION", "PROCEDURE")


class Mention(Model, frozen=True, kw_only=True):
    """Words of a text that name a concept.

    `start` and `end` count characters of the text, half open; `text` is what stands there. `negated` says that the text
    does not ask for it: the words around deny it ("no history of …") or carve it out ("other than …"); `exception`
    that they carve it out. `window` is the stretch of time that governs it.
    """

    kind: Kind
    start: int
    end: int
    text: str
    negated: bool = False
    exception: bool = False
    window: Window | UnsetType = UNSET


class Region(NamedTuple):
    """Characters `start` to `end` (half open) of a text, taken for a mention of `kind`."""

    start: int
    end: int
    kind: Kind
